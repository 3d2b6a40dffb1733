//! Nothing of the practice world reaches the machine it runs on, and the bot in it reaches nothing else.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::world::{CHECKLISTS, World, report};

/// Lines that would destroy a real machine, each run as it stands.
const DESTRUCTIVE: &[&str] = &[
    "docker system prune -a -f; docker image prune -a -f",
    "find /opt/gear_freak/backups -name '*.sql.gz' -mtime +0 -delete",
    "sudo find /var/log/nginx -name '*.log' -exec gzip {} \\;",
    "cd /opt/gear_freak && docker-compose down",
    "sudo journalctl --vacuum-time=1s",
    "sudo yum update -y",
    "sudo mount -o remount,rw /usr; sudo rm -rf /usr/local /usr/bin/sh",
    "sudo umount -a -l",
    "sudo sh -c 'echo b >/dev/proc/sysrq-trigger'; sudo sh -c 'echo c >/proc/sysrq-trigger'",
    "sudo sh -c 'cat /dev/zero | head -c 4096 >/dev/vda; cat /dev/zero | head -c 4096 >/dev/sda'",
    "sudo mknod /tmp/disk b 254 0 && sudo dd if=/dev/zero of=/tmp/disk count=1",
    "sudo chroot /dev/proc/1/root sh -c 'rm -rf CANARY'",
    "sudo rm -rf CANARY",
    "sudo rm -rf ../../../../../../../CANARY",
    "sudo rm -rf /tmp /var/tmp /opt /home /srv /root /etc /boot 2>/dev/null",
    "sudo find / -xdev -type f -name 'canary*' -delete",
    "sudo kill -9 -1",
    "sudo rm -rf --no-preserve-root / 2>/dev/null",
    "sudo reboot",
];

/// A file and a process of the real machine.
struct Canary {
    folders: Vec<PathBuf>,
    process: Child,
    _temporary: TempDir,
}

impl Canary {
    fn new() -> Self {
        let temporary = TempDir::new().unwrap();
        let mut folders = vec![temporary.path().join("opt/gear_freak/backups")];
        // The real path as well, where there is nothing yet and it may be made.
        let real = PathBuf::from("/opt/gear_freak");
        if !real.exists() && std::fs::create_dir(&real).is_ok() {
            folders.push(real);
        }
        for folder in &folders {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("canary.sql.gz"), "alive").unwrap();
        }
        let process = Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().unwrap();
        Self { folders, process, _temporary: temporary }
    }

    fn lives(&mut self, after: &str) {
        for folder in &self.folders {
            let text = std::fs::read_to_string(folder.join("canary.sql.gz")).unwrap_or_default();
            assert_eq!(text, "alive", "{} is gone after: {after}", folder.display());
        }
        assert!(self.process.try_wait().unwrap().is_none(), "a process of the machine ended after: {after}");
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(real) = self.folders.get(1) {
            let _ = std::fs::remove_dir_all(real);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_touches_the_machine() {
    let Some(world) = World::calm().await else { return };
    let mut canary = Canary::new();
    world.grades(&CHECKLISTS).await;
    canary.lives("every shipped check");
    let program = std::fs::metadata(env!("CARGO_BIN_EXE_signoff")).unwrap().len();
    for line in DESTRUCTIVE {
        let place = canary.folders[0].display().to_string();
        let line = line.replace("CANARY", &place);
        let host = signoff::host::Host::new(world.practice.config.hosts["gear-freak"].clone());
        // How it ends is its own business; some of them end the connection.
        let _ = host.look(&line, std::time::Duration::from_secs(15)).await;
        canary.lives(&line);
        assert_eq!(std::fs::metadata(env!("CARGO_BIN_EXE_signoff")).unwrap().len(), program, "{line}");
        assert!(std::path::Path::new("/usr/bin/env").exists(), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_has_no_way_out() {
    let Some(world) = World::calm().await else { return };
    let home = world.says("ls -A /; ls -A /home; cat /etc/hostname").await;
    assert!(home.contains("ec2-user") && home.contains("gear-freak"), "{home}");
    let interfaces =
        world.says("ls /dev/proc/self/net/dev >/dev/null && tail -n +3 /dev/proc/self/net/dev | cut -d: -f1").await;
    assert_eq!(interfaces.trim(), "lo", "no network but its own");
    let ours = world.says("ls -d /dev/proc/[0-9]* | wc -l").await.trim().parse::<u32>().unwrap();
    assert!(ours < 40, "it sees {ours} processes");
    let secret = world.says("cat /dev/proc/1/environ | tr '\\0' '\\n'").await;
    assert!(!secret.contains("CARGO"), "{secret}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_in_it_reaches_nothing_else() {
    let Some(world) = World::calm().await else { return };
    let ssh = world.practice.host.ssh().to_string();
    let sites = world.practice.host.sites().to_string();
    let cloud = world.practice.host.cloud().to_string();
    for (command, check, from, to) in [
        ("daily", "daily/memory", ssh.as_str(), "192.0.2.1:22"),
        ("daily", "daily/api", sites.as_str(), "192.0.2.1:443"),
        ("security", "security/protocols", sites.as_str(), "192.0.2.1:443"),
        ("monthly", "monthly/cost", cloud.as_str(), "192.0.2.1:80"),
        ("backup", "backup/copies", cloud.as_str(), "192.0.2.1:80"),
        // A name is not even looked up.
        ("monthly", "monthly/cost", cloud.as_str(), "example.com"),
    ] {
        let folder = TempDir::new().unwrap();
        let config = world.fresh_config(folder.path(), |text| text.replace(from, to));
        let grades = report(command, "gear-freak", &config).await;
        let (grade, reason) = &grades[check];
        assert_eq!(grade, "unknown", "{check} to {to}: {reason}");
        assert!(reason.contains("is not connected to"), "{check} to {to}: {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn here_can_be_looked_at_and_not_acted_on() {
    let Some(world) = World::calm().await else { return };
    let here = &world.practice.config.hosts["here"];
    assert!(here.act.is_none(), "it has no second door");
    let grades = world.look("daily", "here").await;
    assert_ne!(grades["daily/memory"].0, "unknown", "{:?}", grades["daily/memory"]);
    // Whether a container runs on this machine is no matter of the test.
    let (cpu, reason) = &grades["daily/cpu"];
    assert!(cpu != "unknown" || reason == "no container is running", "{cpu}: {reason}");
}
