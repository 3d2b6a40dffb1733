//! What each step needs root for: the commands that a sudoers file must allow to whoever acts. They stand in `scripts/` behind
//! `sudo -n`.

use crate::domain::action::Step;
use crate::domain::action::step::{Renewal, Run, Word};
use crate::domain::sudo::Right;

/// A right of whoever acts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needed {
    /// The right.
    pub right: Right,
    /// Whether the step does without on a host that has no such program: each system has its own package manager.
    pub where_installed: bool,
}

/// The rights that `step` needs; none for most.
pub fn rights(step: &Step) -> Vec<Needed> {
    let needs = |all: &[(&str, &str)]| {
        let needed = |(program, arguments): &(&str, &str)| Needed {
            right: Right::new(*program, *arguments),
            where_installed: false,
        };
        all.iter().map(needed).collect::<Vec<_>>()
    };
    match step {
        Step::Run(run) => of_run(run).into_iter().map(|right| Needed { right, where_installed: false }).collect(),
        Step::Reboot => needs(&[("systemctl", "--version"), ("systemctl", "reboot")]),
        Step::Renew(renew) => {
            let mut all =
                needs(&[("certbot", "certificates"), ("find", "/etc/letsencrypt/archive -name cert*.pem -mtime -7")]);
            let rehearsal = ("certbot", "renew --non-interactive --no-random-sleep-on-renew --dry-run");
            let renewal = ("certbot", "renew --non-interactive --no-random-sleep-on-renew");
            let forced = ("certbot", "renew --non-interactive --no-random-sleep-on-renew --force-renewal");
            let reload = [("nginx", "-t"), ("systemctl", "reload nginx")];
            all.extend(match renew.how {
                Renewal::DryRun => needs(&[rehearsal]),
                Renewal::Plain => needs(&[&[rehearsal, renewal], &reload[..]].concat()),
                Renewal::Forced => needs(&[&[renewal, forced], &reload[..]].concat()),
            });
            all
        }
        Step::VacuumJournal { .. } => {
            needs(&[("journalctl", "--disk-usage"), ("journalctl", "--vacuum-time=*"), ("du", "-sB1 /var/log/journal")])
        }
        Step::ArchiveLogs(logs) => {
            let folder = &logs.folder;
            needs(&[
                ("test", format!("-f {folder}/*").as_str()),
                ("gzip", format!("-- {folder}/*").as_str()),
                ("rm", format!("-- {folder}/*").as_str()),
            ])
        }
        // Amazon Linux 2023 is asked for its latest release; which of the two it is, the host knows.
        Step::Update => needs(&[
            ("dnf", "-y upgrade"),
            ("dnf", "-y --releasever=latest upgrade"),
            ("needs-restarting", "-r"),
            ("apt-get", "update"),
            ("apt-get", "-y dist-upgrade"),
        ])
        .into_iter()
        .map(|needed| Needed { where_installed: true, ..needed })
        .collect(),
        Step::Compose(_)
        | Step::Rollback(_)
        | Step::Prune(_)
        | Step::Backup(_)
        | Step::Restore(_)
        | Step::RestoreTest(_)
        | Step::DeleteBackups(_)
        | Step::PutAlarm(_)
        | Step::ApproveBaseline => Vec::new(),
    }
}

fn of_run(run: &Run) -> Option<Right> {
    let mut words = run.argv.iter().map(|word| match word {
        Word::Literal(text) => text.as_str(),
        Word::Argument(_) => "*",
    });
    let program = words.next().filter(|_| run.sudo)?;
    Some(Right::new(program, words.collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_program_needs_what_it_is_given_and_a_star_for_what_is_chosen() {
        let word = |text: &str| Word::Literal(text.to_owned());
        let argv = vec![word("systemctl"), word("restart"), Word::Argument("unit".to_owned())];
        let run = |sudo| Step::Run(Run { argv: argv.clone(), sudo, timeout: Duration::from_secs(9) });
        let right = Right::new("systemctl", "restart *");
        assert_eq!(rights(&run(true)), [Needed { right, where_installed: false }]);
        assert_eq!(rights(&run(false)), []);
    }

    /// Whatever a script runs by sudo is asked for, word for word as far as the script has them.
    #[test]
    fn no_script_runs_by_sudo_what_is_not_asked_for() {
        let renew = |how| Step::Renew(crate::domain::action::step::Renew { how });
        let all = [Step::Reboot, Step::Update, Step::VacuumJournal { keep: Duration::from_secs(9) }];
        let all = all.into_iter().chain([Renewal::DryRun, Renewal::Plain, Renewal::Forced].map(renew));
        let mut programs: Vec<String> = all.flat_map(|step| rights(&step)).map(|needed| needed.right.program).collect();
        // Those of the archive stand behind its folder; `yum` is what `dnf` was called.
        programs.extend(["test", "gzip", "rm", "yum", "$manager"].map(str::to_owned));
        let scripts = [
            include_str!("scripts/reboot.sh"),
            include_str!("scripts/renew.sh"),
            include_str!("scripts/update.sh"),
            include_str!("scripts/vacuum.sh"),
            include_str!("scripts/archive.sh"),
        ];
        let mut found = 0;
        for rest in scripts.iter().flat_map(|script| script.split("sudo -n ").skip(1)) {
            let words = rest.split_whitespace().map(|word| word.trim_matches(['"', ')', ';']));
            let program = words.into_iter().find(|word| !word.starts_with('-') && !word.contains('=')).unwrap();
            // These two are tried first and done without.
            if !matches!(program, "systemd-run" | "reboot") {
                assert!(programs.iter().any(|known| known == program), "{program} in: {rest:.60}");
                found += 1;
            }
        }
        assert!(found > 15, "{found}");
    }
}
