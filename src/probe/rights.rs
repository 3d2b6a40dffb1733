//! What each probe needs root for: the commands that a sudoers file must allow to whoever looks.

use crate::domain::probe::{Manager, Probe};
use crate::domain::sudo::Right;

/// The rights that `probe` needs; none for most. Each is as narrow as what the probe runs: a `find` that may be given anything
/// may run anything.
pub fn rights(probe: &Probe) -> Vec<Right> {
    match probe {
        Probe::Logins(_) => {
            vec![Right::new("journalctl", "-t sshd -t sshd-session --since @* -o short-iso --no-pager -q")]
        }
        Probe::AccessLog(logs) => each(&logs.paths, |folder, name| {
            let find = format!("{folder} -maxdepth 1 -type f -name {name} -newermt @* -printf *");
            vec![Right::new("find", &find), Right::new("gzip", format!("-cdf {folder}/*"))]
        }),
        Probe::LogSecrets(logs) => each(&logs.paths, |folder, name| {
            let find = format!("-L {folder} -maxdepth 1 -type f -name {name}");
            vec![Right::new("find", &find), Right::new("gzip", format!("-cdf {folder}/*"))]
        }),
        Probe::Files(files) => each(&files.paths, |folder, name| {
            let skip: String = files.skip.iter().map(|name| format!(" ! -name {name}")).collect();
            vec![Right::new(
                "find",
                format!("-L {folder} -mindepth 1 -maxdepth 1 -type f -name {name}{skip} -printf *"),
            )]
        }),
        Probe::Certificate(certificate) => {
            let folder = &certificate.folder;
            let find = format!("-L {folder} -mindepth 2 -maxdepth 2 -name fullchain.pem");
            vec![Right::new("find", &find), Right::new("cat", format!("{folder}/*/fullchain.pem"))]
        }
        Probe::Fail2ban(jail) => {
            vec![Right::new("fail2ban-client", format!("get {} banip --with-time", jail.jail))]
        }
        Probe::Disk(disk) => disk.folders.iter().map(|folder| Right::new("du", format!("-skx -- {folder}"))).collect(),
        Probe::RateLimit(_) => vec![Right::new("nginx", "-T")],
        Probe::Updates(updates) => match updates.manager {
            Some(Manager::Apt) | None => Vec::new(),
            // Which of the two it is, the host decides: Amazon Linux 2023 is version-locked.
            Some(manager) => ["", "--releasever=latest "]
                .into_iter()
                .flat_map(|latest| [format!("{latest}check-update"), format!("-q {latest}updateinfo list --security")])
                .map(|arguments| Right::new(manager.name(), arguments))
                .collect(),
        },
        Probe::Shell(shell) => of_command(&shell.command),
        Probe::Settings(settings) => of_command(&settings.command),
        _ => Vec::new(),
    }
}

/// The rights for each path: its folder, and the name in it.
fn each(paths: &[String], rights: impl Fn(&str, &str) -> Vec<Right>) -> Vec<Right> {
    let parts = paths.iter().map(|path| path.rsplit_once('/').unwrap_or((".", path)));
    parts.flat_map(|(folder, name)| rights(if folder.is_empty() { "/" } else { folder }, name)).collect()
}

/// The programs that a command line starts by `sudo -n`.
fn of_command(command: &str) -> Vec<Right> {
    let starts = command.split("sudo -n ").skip(1);
    let right = |rest: &str| {
        let end = rest.find(['|', ';', '&', ')', '>']).unwrap_or(rest.len());
        let mut words = rest[..end].split_whitespace();
        let program = words.next()?;
        let plain = program.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'));
        let rest: Vec<&str> = words.collect();
        // Words that only the shell knows are told as anything.
        let fixed = rest.iter().all(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=".contains(c)));
        plain.then(|| Right::new(program, &if fixed { rest.join(" ") } else { "*".to_owned() }))
    };
    starts.filter_map(right).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_needs_what_it_starts_by_sudo() {
        assert_eq!(of_command("sudo -n sshd -T"), [Right::new("sshd", "-T")]);
        assert_eq!(
            of_command("log=$(docker inspect x) && sudo -n find \"${log%/*}\" -name \"*.log\" | awk '{ print }'"),
            [Right::new("find", "*")]
        );
        assert_eq!(
            of_command("sudo -n cat /a; sudo -n du -sb /b | wc -l"),
            [Right::new("cat", "/a"), Right::new("du", "-sb /b")]
        );
        assert_eq!(of_command("uptime"), []);
    }
}
