//! Failed logins by SSH, by where they came from, out of the journal. A key-only sshd writes no "Failed password"; one try
//! writes several lines, which have one process; and equal lines may come as "message repeated N times".

use chrono::TimeDelta;

use super::{count, field, fields};
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Logins;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, clip};
use crate::probe::{Watch, World, could_not, sudo};

/// How many addresses are told.
const TOP: usize = 20;

const WHAT: &str = "sudo -n journalctl -t sshd -t sshd-session";

pub(in crate::probe) async fn look(probe: &Logins, world: &World, watch: &Watch) -> Looked {
    let since = world.now - TimeDelta::from_std(probe.since).unwrap_or_default();
    let output = match world.run(&script(since.timestamp()), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(WHAT, why)),
    };
    let stderr = &output.stderr.text;
    if let Some(why) = sudo::refusal(stderr, world, "/usr/bin/journalctl *") {
        return Err(could_not(WHAT, why));
    }
    let text = part(&output.stdout.text, "counted");
    let Some(lines) = field(text, "lines") else {
        let mut failed = could_not(WHAT, Message::new("probe-logins-unreadable"));
        failed.output = clip(stderr.trim(), OUTPUT_LENGTH).into_owned();
        return Err(failed);
    };
    // The bot's own login is among them: a journal without a single line of sshd is another's, or was cleared away.
    if lines < 1.0 {
        return Err(could_not(WHAT, Message::new("probe-logins-silent")));
    }
    Ok(seen(text))
}

/// A message's identifier is asked for, not the unit, whose name differs by distribution and gives nothing where it is
/// wrong.
fn script(since: i64) -> String {
    let program = r#"
{ lines++; text = $0; times = 1; pid = ""
  if (match(text, /sshd(-session)?\[[0-9]+\]/)) { pid = substr(text, RSTART, RLENGTH) }
  if (match(text, /message repeated [0-9]+ times/)) { split(substr(text, RSTART, RLENGTH), words, " "); times = words[3] }
  if (text !~ /Failed |[Ii]nvalid user|authentication failure|\[preauth\]|maximum authentication attempts/) next
  address = ""
  n = split(text, word, " ")
  for (i = 1; i < n; i++) {
    if (word[i] == "from" || (word[i] == "user" && word[i + 2] ~ /^[0-9a-fA-F.:]+$/ && word[i + 3] == "port")) {
      address = (word[i] == "from") ? word[i + 1] : word[i + 2]
    }
    if (word[i] == "by" && word[i + 1] ~ /^[0-9a-fA-F]*[.:][0-9a-fA-F.:]+$/) address = word[i + 1]
  }
  if (address !~ /^[0-9a-fA-F]*[.:][0-9a-fA-F.:]*$/) next
  # One try is one process, whatever number of lines it writes.
  if (pid != "" && times == 1 && (pid in told)) next
  told[pid] = 1
  tries[address] += times; total += times }
END { printf "lines %.0f\nfailures %.0f\n", lines, total
  for (address in tries) printf "top %s %.0f\n", address, tries[address] | "sort -k3,3nr | head -n 200" }
"#;
    [
        "export LC_ALL=C".to_owned(),
        mark("counted"),
        format!(
            "sudo -n journalctl -t sshd -t sshd-session --since @{since} -o short-iso --no-pager -q | awk '{}'",
            program.replace('\'', "'\\''")
        ),
        "true".to_owned(),
    ]
    .join("\n")
}

fn seen(text: &str) -> Evidence {
    let mut tops: Vec<_> = fields(text, "top").collect();
    tops.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    let mut evidence = Evidence { what: WHAT.to_owned(), status: Some(Status::Answered), ..Evidence::default() };
    let total = field(text, "failures").unwrap_or(0.0);
    let says = Message::new("probe-logins-total").with("count", count(total));
    evidence.measurements.push(Measurement::quantity("failures", count(total)).saying(says));
    let line = |(address, number): &(&str, f64)| format!("{number:>6} {address}");
    for top in tops.iter().take(TOP) {
        let says = Message::new("probe-logins-from").with("address", top.0).with("count", count(top.1));
        let tries = Measurement::quantity("tries", count(top.1)).of(top.0).saying(says);
        evidence.measurements.push(tries.shown_by(vec![line(top)]));
    }
    if tops.is_empty() {
        evidence.measurements.push(Measurement::quantity("tries", count(0.0)));
    }
    evidence.output = clip(&tops.iter().take(TOP).map(line).collect::<Vec<_>>().join("\n"), OUTPUT_LENGTH).into_owned();
    evidence
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    use super::*;

    const JOURNAL: &str = "\
2026-11-22T03:00:00+0000 gear sshd[100]: Invalid user admin from 203.0.113.9 port 40001
2026-11-22T03:00:00+0000 gear sshd[100]: Failed password for invalid user admin from 203.0.113.9 port 40001 ssh2
2026-11-22T03:00:01+0000 gear sshd[100]: Connection closed by invalid user admin 203.0.113.9 port 40001 [preauth]
2026-11-22T03:00:02+0000 gear sshd[101]: Connection closed by authenticating user root 2001:db8::7 port 40002 [preauth]
2026-11-22T03:00:03+0000 gear sshd[102]: message repeated 5 times: [ Failed password for root from 203.0.113.9 port 40003 ssh2]
2026-11-22T03:00:04+0000 gear sshd-session[103]: Accepted publickey for ec2-user from 198.51.100.4 port 40004 ssh2
2026-11-22T03:00:05+0000 gear sshd[104]: Unable to negotiate with 203.0.113.10 port 4: no matching host key type found. [preauth]
2026-11-22T03:00:06+0000 gear sshd[105]: Connection reset by 203.0.113.11 port 5 [preauth]
";

    /// What the script of the probe says where the journal is this.
    fn counted(journal: &str) -> String {
        let folder = tempfile::TempDir::new().unwrap();
        let (file, sudo) = (folder.path().join("journal"), folder.path().join("sudo"));
        std::fs::write(&file, journal).unwrap();
        std::fs::write(&sudo, format!("#!/bin/sh\ncat '{}'\n", file.display())).unwrap();
        std::fs::set_permissions(&sudo, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let output = Command::new("sh").args(["-c", &script(0)]).env("PATH", path).output().unwrap();
        part(&String::from_utf8(output.stdout).unwrap(), "counted").to_owned()
    }

    /// The awk of this machine counts what a journal says.
    #[test]
    fn a_try_counts_once_and_repeated_ones_as_often_as_they_came() {
        let output = counted(JOURNAL);
        let evidence = seen(&output);
        let tries: Vec<_> =
            evidence.of("tries").map(|one| format!("{} {}", one.subject.as_deref().unwrap(), one.value)).collect();
        assert_eq!(tries, ["203.0.113.9 6", "2001:db8::7 1", "203.0.113.11 1"]);
        assert_eq!(evidence.of("failures").next().unwrap().value.to_string(), "8");
        assert_eq!(field(&output, "lines"), Some(8.0));
    }

    #[test]
    fn an_attack_from_very_many_addresses_is_counted_whole() {
        let line = |n: u32| {
            let (address, pid) = (format!("10.0.{}.{}", n / 200, n % 200), n + 100);
            format!("2026-11-22T03:00:00+0000 gear sshd[{pid}]: Connection reset by {address} port 5 [preauth]\n")
        };
        let worst = "2026-11-22T03:00:02+0000 gear sshd[9]: message repeated 60 times: [ Failed password for root from 203.0.113.9 port 4 ssh2]\n";
        let output = counted(&format!("{}{worst}", (0..900).map(line).collect::<String>()));
        let evidence = seen(&output);
        assert_eq!(field(&output, "lines"), Some(901.0));
        assert_eq!(evidence.of("failures").next().unwrap().value.to_string(), "960");
        let first = evidence.of("tries").next().unwrap();
        assert_eq!((first.subject.as_deref(), first.value.to_string().as_str()), (Some("203.0.113.9"), "60"));
        assert_eq!(fields(&output, "top").count(), 200);
    }
}
