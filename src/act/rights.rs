//! What each step needs root for: the commands that a sudoers file must allow to whoever acts, and to whoever looks at what it
//! would do. They stand in `scripts/` behind `sudo -n`.

use crate::domain::action::Step;
use crate::domain::action::step::{Renewal, Run, Word};
use crate::domain::sudo::Right;

/// A right of whoever acts, or looks at an act.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needed {
    /// The right.
    pub right: Right,
    /// Whether the step does without on a host that has no such program: each system has its own package manager.
    pub where_installed: bool,
}

/// The rights that `step` needs; none for most.
pub fn rights(step: &Step) -> Vec<Needed> {
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
        Step::Update => where_installed(needs(&[
            ("dnf", "-y upgrade"),
            ("dnf", "-y --releasever=latest upgrade"),
            ("needs-restarting", "-r"),
            ("apt-get", "update"),
            ("apt-get", "-y dist-upgrade"),
        ])),
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

/// The rights that looking at what `step` would do needs, at the door of whoever looks; none for most.
pub fn looks(step: &Step) -> Vec<Needed> {
    match step {
        Step::Renew(_) => {
            needs(&[("certbot", "certificates"), ("find", "/etc/letsencrypt/archive -name cert*.pem -mtime -7")])
        }
        Step::VacuumJournal { .. } => needs(&[("du", "-scB1 /var/log/journal /run/log/journal")]),
        Step::ArchiveLogs(logs) => {
            let find = |name: &str| {
                let folder = &logs.folder;
                format!("{folder} -mindepth 1 -maxdepth 1 -type f -name {name} -mtime +* -printf *")
            };
            needs(&[
                ("test", format!("-d {}", logs.folder).as_str()),
                ("find", find("*.log").as_str()),
                ("find", find("*.gz").as_str()),
            ])
        }
        Step::Update => {
            where_installed(needs(&[("dnf", "-q check-update"), ("dnf", "-q --releasever=latest check-update")]))
        }
        Step::Run(_)
        | Step::Reboot
        | Step::Compose(_)
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

fn needs(all: &[(&str, &str)]) -> Vec<Needed> {
    let needed = |(program, arguments): &(&str, &str)| Needed {
        right: Right::new(*program, *arguments),
        where_installed: false,
    };
    all.iter().map(needed).collect()
}

fn where_installed(all: Vec<Needed>) -> Vec<Needed> {
    all.into_iter().map(|needed| Needed { where_installed: true, ..needed }).collect()
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

    use regex::Regex;

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

    /// What a script runs by `sudo -n`, each as a pattern of the rights that let it: what is only known when it runs may be
    /// anything.
    fn run_by_sudo(script: &str) -> Vec<Regex> {
        let command = Regex::new(r#"^(?:'[^']*'|"[^"]*"|[^'"|&;)<>])*"#).unwrap();
        let piece = Regex::new(r#"'([^']*)'|"([^"]*)"|\$\w+ ?|[^'"$]"#).unwrap();
        let lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
        let starts = lines.flat_map(|line| line.split("sudo -n ").skip(1));
        let told = starts.map(|rest| {
            let told = command.find(rest).unwrap().as_str();
            // What stands before `>/dev/null`.
            let told = told.strip_suffix(" 2").unwrap_or(told).trim();
            told.trim_start_matches("DEBIAN_FRONTEND=noninteractive ")
        });
        // These are tried first and done without, or only ask.
        let told = told.filter(|told| !["systemd-run ", "-l ", "true"].iter().any(|start| told.starts_with(start)));
        let pattern = |told: &str| {
            let text = piece.captures_iter(told).map(|found| match (found.get(1).or(found.get(2)), &found[0]) {
                (Some(quoted), _) if found.get(1).is_some() || !quoted.as_str().contains('$') => {
                    regex::escape(quoted.as_str())
                }
                (Some(_), _) => ".*".to_owned(),
                (None, variable) if variable.starts_with('$') => ".*".to_owned(),
                (None, letter) => regex::escape(letter),
            });
            Regex::new(&format!("^{}$", text.collect::<String>())).unwrap()
        };
        told.filter(|told| *told != "reboot").map(pattern).collect()
    }

    /// Whatever a script runs by sudo is asked for, word for word as far as the script has them, and nothing besides.
    #[test]
    fn what_a_script_runs_by_sudo_is_what_is_asked_for() {
        use crate::domain::action::step::{ArchiveLogs, Renew};
        let archive =
            Step::ArchiveLogs(ArchiveLogs { folder: "/l".to_owned(), compress_after_days: 1, delete_after_days: 2 });
        let renew = [Renewal::DryRun, Renewal::Plain, Renewal::Forced].map(|how| Step::Renew(Renew { how }));
        let vacuum = [Step::VacuumJournal { keep: Duration::from_secs(9) }];
        let (archive, update, reboot) = ([archive], [Step::Update], [Step::Reboot]);
        let acts = [
            (&reboot[..], include_str!("scripts/reboot.sh")),
            (&renew, include_str!("scripts/renew.sh")),
            (&update, include_str!("scripts/update.sh")),
            (&vacuum, include_str!("scripts/vacuum.sh")),
            (&archive, include_str!("scripts/archive.sh")),
        ];
        let outlooks = [
            (&renew[..], include_str!("scripts/look_certificates.sh")),
            (&update, include_str!("scripts/look_updates.sh")),
            (&vacuum, include_str!("scripts/look_journal.sh")),
            (&archive, include_str!("scripts/look_logs.sh")),
        ];
        let acts = acts.map(|(steps, script)| (steps.iter().flat_map(rights).collect::<Vec<_>>(), script));
        let outlooks = outlooks.map(|(steps, script)| (steps.iter().flat_map(looks).collect::<Vec<_>>(), script));
        for (needed, script) in acts.into_iter().chain(outlooks) {
            let told: Vec<_> = needed.iter().map(|needed| needed.right.to_string()).collect();
            let run = run_by_sudo(script);
            assert!(!run.is_empty(), "{script}");
            for pattern in &run {
                assert!(told.iter().any(|right| pattern.is_match(right)), "{pattern} is not asked for: {told:?}");
            }
            for right in &told {
                assert!(run.iter().any(|pattern| pattern.is_match(right)), "no script runs {right}: {run:?}");
            }
        }
    }
}
