//! Upkeep of the host: a program, certificates, the journal, logs, updates.

use std::time::Duration;

use super::facts::{self, Fact};
use super::{Stage, Unfit, scripts};
use crate::domain::action::step::{ArchiveLogs, Renew, Renewal, Run};
use crate::domain::action::{Arguments, Identity, Outlook};
use crate::domain::digest::Digest;
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;

/// How many lines of a list a card gets to see.
const MOST_LISTED: usize = 60;

/// What counts the certificates of a week.
const COUNT: &str = "find /etc/letsencrypt/archive -name cert*.pem -mtime -7";

/// How many certificates of one name are issued in a week at most.
const A_WEEK: u32 = 5;

fn argv(run: &Run, arguments: &Arguments) -> Result<Vec<String>, Unfit> {
    let sudo = run.sudo.then_some(["sudo", "-n"]).into_iter().flatten().map(|word| Some(word.to_owned()));
    let words = run.argv.iter().map(|word| word.value(arguments).map(str::to_owned));
    sudo.chain(words).collect::<Option<_>>().ok_or_else(|| Message::new("unfit-no-value").into())
}

pub(super) fn outlook_run(run: &Run, arguments: &Arguments) -> Result<Outlook, Unfit> {
    Ok(Outlook { commands: vec![argv(run, arguments)?.join(" ")], ..Outlook::default() })
}

pub(super) fn words_run(run: &Run, arguments: &Arguments) -> Result<Vec<String>, Unfit> {
    argv(run, arguments)
}

pub(super) async fn outlook_renew(step: Renew, stage: &Stage) -> Result<Outlook, Unfit> {
    let text = facts::look(scripts::LOOK_CERTIFICATES, &[], stage).await?;
    let all: Vec<_> = facts::facts(&text).collect();
    let mut outlook = Outlook::default();
    for fact in all.iter().filter(|fact| fact.word == "certificate") {
        outlook.identity = outlook.identity.with(format!("certificate {}", fact.get("name")), fact.get("serial"));
        let now = Message::new("act-now-certificate").with("name", fact.get("name"));
        outlook.now.push(now.with("expires", fact.get("expires")));
    }
    if outlook.now.is_empty() {
        return Err(Message::new("unfit-no-certificates").into());
    }
    let issued = all.iter().find(|fact| fact.word == "issued").map(|fact| fact.get("count"));
    match issued {
        Some(issued) if step.how == Renewal::Forced && issued.parse::<u32>().unwrap_or(A_WEEK) >= A_WEEK => {
            return Err(facts::with_hint(Message::new("unfit-five-a-week").with("count", issued)));
        }
        Some(issued) if step.how != Renewal::DryRun => {
            outlook.now.push(Message::new("act-issued").with("count", issued));
        }
        // Whoever forces one must know how many there were.
        None if step.how == Renewal::Forced => {
            return Err(facts::with_hint(Message::new("unfit-sudo-refused").with("what", COUNT)));
        }
        _ => {}
    }
    let commands: &[&str] = match step.how {
        Renewal::DryRun => &["sudo certbot renew --dry-run"],
        Renewal::Plain => {
            &["sudo certbot renew --dry-run", "sudo certbot renew", "sudo nginx -t", "sudo systemctl reload nginx"]
        }
        Renewal::Forced => &[
            "sudo certbot renew",
            "sudo certbot renew --force-renewal",
            "sudo nginx -t",
            "sudo systemctl reload nginx",
        ],
    };
    outlook.commands = commands.iter().map(|command| (*command).to_owned()).collect();
    Ok(outlook)
}

pub(super) fn words_renew(step: Renew) -> Vec<String> {
    let how = match step.how {
        Renewal::DryRun => "dry_run",
        Renewal::Plain => "plain",
        Renewal::Forced => "forced",
    };
    vec![how.to_owned()]
}

pub(super) async fn outlook_vacuum(keep: Duration, stage: &Stage) -> Result<Outlook, Unfit> {
    let text = facts::look(scripts::LOOK_JOURNAL, &[], stage).await?;
    let size = facts::facts(&text).find(|fact| fact.word == "journal").map_or(0.0, |fact| fact.bytes("size"));
    let now = vec![Message::new("act-now-journal").with("size", Quantity::bytes(size))];
    let commands = vec![format!("sudo journalctl --vacuum-time={}s", keep.as_secs())];
    Ok(Outlook { commands, now, ..Outlook::default() })
}

pub(super) async fn outlook_archive(step: &ArchiveLogs, stage: &Stage) -> Result<Outlook, Unfit> {
    let (compress, delete) = (step.compress_after_days.to_string(), step.delete_after_days.to_string());
    let text = facts::look(scripts::LOOK_LOGS, &[&step.folder, &compress, &delete], stage).await?;
    let all: Vec<_> = facts::facts(&text).filter(|fact| matches!(fact.word, "compress" | "delete")).collect();
    if all.is_empty() {
        return Err(Message::new("unfit-nothing-to-archive").with("folder", step.folder.as_str()).into());
    }
    let mut identity = Identity::default();
    for fact in &all {
        identity = identity.with(format!("{} {}", fact.word, fact.get("name")), fact.get("size"));
    }
    let of = |word: &str| all.iter().filter(|fact| fact.word == word).count();
    let now = vec![
        Message::new("act-now-archive")
            .with("compress", of("compress").to_string())
            .with("delete", of("delete").to_string()),
    ];
    let line = |fact: &Fact<'_>| {
        format!("{:>9} {} {}", Quantity::bytes(fact.bytes("size")).to_string(), fact.word, fact.get("name"))
    };
    let folder = &step.folder;
    let commands = [("compress", "gzip"), ("delete", "rm")].into_iter().filter(|(word, _)| of(word) > 0);
    let commands = commands.map(|(word, program)| format!("sudo {program} {folder}/… ({})", of(word))).collect();
    Ok(Outlook { commands, now, goes: shorten(all.iter().map(line).collect()), identity })
}

/// The words of the script: exactly what was approved, first what is compressed.
pub(super) fn words_archive(step: &ArchiveLogs, identity: &Identity) -> Vec<String> {
    let of =
        |prefix: &'static str| identity.0.keys().filter_map(move |name| name.strip_prefix(prefix)).map(str::to_owned);
    let mut words = vec![step.folder.clone(), "compress".to_owned()];
    words.extend(of("compress "));
    words.push("delete".to_owned());
    words.extend(of("delete "));
    words
}

pub(super) async fn outlook_update(stage: &Stage) -> Result<Outlook, Unfit> {
    let text = facts::look(scripts::LOOK_UPDATES, &[], stage).await?;
    let all: Vec<_> = facts::facts(&text).collect();
    let manager = all.iter().find(|fact| fact.word == "manager").map_or("", |fact| fact.get("name"));
    let mut list: Vec<_> = all
        .iter()
        .filter(|fact| fact.word == "update")
        .map(|fact| format!("{} {}", fact.get("name"), fact.get("version")))
        .collect();
    if list.is_empty() {
        return Err(Message::new("unfit-nothing-to-update").into());
    }
    list.sort();
    let identity = Identity::default().with("updates", Digest::of(list.join("\n").as_bytes()).to_string());
    let now = vec![Message::new("act-now-updates").with("count", list.len().to_string())];
    let commands = match manager {
        "apt-get" => vec!["sudo apt-get -y dist-upgrade".to_owned()],
        manager => vec![format!("sudo {manager} -y upgrade")],
    };
    Ok(Outlook { commands, now, goes: shorten(list), identity })
}

fn shorten(mut list: Vec<String>) -> Vec<String> {
    if list.len() > MOST_LISTED {
        let more = list.len() - MOST_LISTED;
        list.truncate(MOST_LISTED);
        list.push(format!("… +{more}"));
    }
    list
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a look says where `sudo` is this.
    fn said(script: &str, words: &[&str], sudo: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("sudo");
        std::fs::write(&file, format!("#!/bin/sh\n{sudo}\n")).unwrap();
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let output = Command::new("sh").args(["-c", script, "sh"]).args(words).env("PATH", path).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[test]
    fn what_sudo_does_not_let_be_seen_is_not_small_or_empty() {
        let refuses = "echo sudo: a password is required >&2; exit 1";
        let journal = said(scripts::LOOK_JOURNAL, &[], refuses);
        assert!(journal.starts_with("!!sudo-refused\t") && !journal.contains("::end"), "{journal}");
        // The journal in memory is not there: du says so, and gives the sum.
        let sum = "printf '4096\\t/var/log/journal\\n4096\\ttotal\\n'; exit 1";
        assert_eq!(said(scripts::LOOK_JOURNAL, &[], sum), "::journal\tsize=4096\n::end\n");

        let folder = tempfile::TempDir::new().unwrap();
        let words = [folder.path().to_str().unwrap(), "1", "2"];
        assert_eq!(said(scripts::LOOK_LOGS, &words, "shift; exec \"$@\""), "::end\n");
        let no_find = format!("case \"$*\" in *find*) {refuses};; esac");
        let logs = said(scripts::LOOK_LOGS, &words, &no_find);
        assert!(logs.starts_with("!!no-folder\t") && !logs.contains("::end"), "{logs}");
    }

    /// Who may only list certificates may look at them.
    #[test]
    fn certificates_are_looked_at_by_whoever_may_run_just_that() {
        let with = |find: &str, certbot: &str| {
            let sudo = format!(
                "case \"$*\" in '-n -l certbot certificates') ;; '-n find '*) {find};; '-n certbot certificates') {certbot};;
                 *) exit 1;; esac"
            );
            said(scripts::LOOK_CERTIFICATES, &[], &sudo)
        };
        let one = "printf '  Certificate Name: a\\n    Serial Number: 4f\\n    Expiry Date: 2027-01-01 VALID\\n'";
        let certificate = "::certificate\tname=a\tserial=4f\texpires=2027-01-01\n";
        assert_eq!(with("true", one), format!("{certificate}::issued\tcount=0\n::end\n"));
        let two = "echo /etc/letsencrypt/archive/a/cert1.pem; echo /etc/letsencrypt/archive/a/cert2.pem";
        assert_eq!(with(two, one), format!("{certificate}::issued\tcount=2\n::end\n"));
        assert_eq!(with("exit 1", "true"), "!!no-certificates\n");
        // What may not be counted is not none.
        assert_eq!(with("exit 1", one), format!("{certificate}::end\n"));
    }

    #[test]
    fn whoever_forces_a_renewal_must_know_how_many_there_were() {
        let one = "printf '  Certificate Name: a\\n    Serial Number: 4f\\n'";
        let sudo = format!(
            "case \"$*\" in '-n -l certbot certificates') ;; '-n certbot certificates') {one};; *) exit 1;; esac"
        );
        let forced = said(scripts::RENEW, &["forced"], &sudo);
        assert!(forced.starts_with("!!sudo-refused\twhat=find "), "{forced}");
        let plain = said(scripts::RENEW, &["plain"], &sudo);
        assert!(plain.starts_with("::dry-run\n!!dry-run-failed"), "the rest is its own: {plain}");
        assert_eq!(said(scripts::RENEW, &["forced"], "exit 1"), "!!sudo-refused\twhat=certbot\n");
    }

    #[test]
    fn a_journal_that_may_not_be_measured_was_vacuumed_all_the_same() {
        let lets = |du: &str| said(scripts::VACUUM, &["9"], &format!("case \"$*\" in '-n du '*) {du};; esac"));
        assert_eq!(lets("exit 1"), "::vacuumed-unmeasured\n");
        assert_eq!(lets("printf '8192\\t/var/log/journal\\n'"), "::vacuumed\tsize=8192\n");
    }

    #[test]
    fn what_is_done_to_logs_is_what_was_approved_by_name() {
        let step = ArchiveLogs { folder: "/l".to_owned(), compress_after_days: 30, delete_after_days: 90 };
        let identity =
            Identity::default().with("delete b.gz", "1").with("compress a b.log", "2").with("compress c.log", "3");
        let words = words_archive(&step, &identity);
        assert_eq!(words, ["/l", "compress", "a b.log", "c.log", "delete", "b.gz"]);
    }

    #[test]
    fn a_program_is_a_row_of_words() {
        use crate::domain::action::Word;
        let run = Run {
            argv: vec![Word::Literal("systemctl".to_owned()), Word::Literal("reload it; rm -rf /".to_owned())],
            sudo: true,
            timeout: Duration::from_secs(1),
        };
        let words = words_run(&run, &Arguments::default()).unwrap();
        assert_eq!(words, ["sudo", "-n", "systemctl", "reload it; rm -rf /"]);
        let missing = Run { argv: vec![Word::Argument("x".to_owned())], ..run };
        assert!(words_run(&missing, &Arguments::default()).is_err());
    }
}
