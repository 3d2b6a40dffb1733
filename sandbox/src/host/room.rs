//! Where the commands of the practice host are run: a mount namespace whose root is the practice folder, with the machine's
//! programs in it read-only, no network, and process numbers of its own. Nothing in it can see the machine's files.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

/// What the first process does.
const SETUP: &str = include_str!("room.sh");

/// What makes the namespaces, in the order in which it is tried. Where an ordinary user may make none, a distribution may
/// still let bubblewrap.
const MAKERS: [&[&str]; 2] = [
    &["unshare", "--user", "--map-root-user", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"],
    &[
        "bwrap",
        "--unshare-user",
        "--uid",
        "0",
        "--gid",
        "0",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--cap-add",
        "ALL",
        "--die-with-parent",
        "--dev-bind",
        "/",
        "/",
    ],
];

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What every command sees of an environment. The host's zone is Seoul's, whether the machine knows zones or not.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("HOME", "/home/ec2-user"),
    ("LANG", "C.UTF-8"),
    ("LOGNAME", "ec2-user"),
    ("PATH", "/practice/bin:/usr/local/bin:/usr/bin:/bin"),
    ("SHELL", "/bin/sh"),
    ("TZ", "KST-9"),
    ("USER", "ec2-user"),
];

/// Why commands cannot be run on this machine.
#[derive(Clone, Debug, thiserror::Error)]
#[error("this machine allows no namespaces to an ordinary user: {0}")]
pub struct NoRoom(String);

/// A namespace that is there. It ends when this is dropped, or when this process ends, however it does.
#[derive(Debug)]
pub(crate) struct Room {
    /// The number of its first process on the machine.
    number: u32,
    _first: Child,
    /// Its input: its end is the room's end.
    _breath: Option<ChildStdin>,
}

impl Room {
    /// Makes the namespace whose root is `root`; `program` answers in it for the programs of the model.
    pub(crate) async fn open(root: &Path, program: &Path) -> Result<Self, NoRoom> {
        let mut causes = Vec::new();
        for maker in MAKERS {
            match Self::open_by(maker, root, program).await {
                Ok(room) => return Ok(room),
                Err(NoRoom(cause)) => causes.push(cause),
            }
        }
        Err(NoRoom(causes.join("; ")))
    }

    async fn open_by(maker: &[&str], root: &Path, program: &Path) -> Result<Self, NoRoom> {
        let (name, arguments) = maker.split_first().unwrap_or((&"", &[]));
        let failed = |cause: String| NoRoom(format!("{name}: {cause}"));
        let mut first = Command::new(name)
            .args(arguments)
            .args(["sh", "-c", SETUP, "room"])
            .args([root, program])
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let breath = first.stdin.take();
        let said = first.stdout.take().ok_or_else(|| failed("no output".to_owned()))?;
        let mut lines = BufReader::new(said).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let number = match line {
            Ok(Ok(Some(line))) => line.strip_prefix("ready ").and_then(|number| number.trim().parse().ok()),
            Ok(_) => None,
            Err(_) => return Err(failed("it took too long".to_owned())),
        };
        let Some(number) = number else {
            let mut cause = String::new();
            if let Some(errors) = first.stderr.take()
                && let Ok(Ok(Some(line))) =
                    tokio::time::timeout(PATIENCE, BufReader::new(errors).lines().next_line()).await
            {
                cause = line;
            }
            return Err(failed(cause));
        };
        Ok(Self { number, _first: first, _breath: breath })
    }

    /// The number of its first process on the machine.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }

    /// `line` as a process in the room, by `/bin/sh`; not started yet. Its streams are pipes, and it ends when its handle is
    /// dropped.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &self.number.to_string(), "--user", "--mount", "--pid", "--net", "--ipc", "--uts"])
            // `--wd` would be a folder of the machine: the namespace's own root is where it begins without.
            .args(["--preserve-credentials", "/bin/sh", "-c", "cd /home/ec2-user; exec /bin/sh -c \"$1\"", "sh", line])
            .env_clear()
            .envs(ENVIRONMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        command
    }
}

/// Where the program is that answers for the model's: this one, unless a test names another.
pub(crate) fn own_program() -> std::io::Result<PathBuf> {
    std::env::current_exe()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing of the machine's files is seen in it, by whichever program it was made.
    #[tokio::test]
    async fn each_maker_makes_a_room_of_its_own() {
        let mut made = 0;
        for maker in MAKERS {
            let root = tempfile::tempdir().unwrap();
            for folder in ["practice", "dev", "proc", "etc", "home/ec2-user"] {
                std::fs::create_dir_all(root.path().join(folder)).unwrap();
            }
            std::fs::write(root.path().join("etc/whose"), "practice").unwrap();
            let room = match Room::open_by(maker, root.path(), Path::new("/bin/true")).await {
                Ok(room) => room,
                Err(why) => {
                    eprintln!("left out: {why}");
                    continue;
                }
            };
            let said = room.command("cat /etc/whose; ls -d /etc/passwd; id -u").output().await.unwrap();
            assert_eq!(String::from_utf8_lossy(&said.stdout), "practice0\n", "{maker:?}");
            made += 1;
        }
        assert!(made > 0, "no maker works here");
    }
}
