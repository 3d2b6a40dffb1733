//! nginx's access logs over a fixed window: who asked, how often, and what was answered. Counted on the host by one pass
//! over the files that reach into the window, the rotated and compressed ones too.

use chrono::TimeDelta;

use super::{count, field, fields};
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::AccessLog;
use crate::domain::quantity::Quantity;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, clip, percent, quoted};
use crate::probe::{Watch, World, could_not, sudo};

/// How many addresses are told, the most frequent first.
const TOP: usize = 20;

/// From which share of all requests on an address is one of those that matter, in per cent.
const HEAVY: f64 = 10.0;

pub(in crate::probe) async fn look(probe: &AccessLog, world: &World, watch: &Watch) -> Looked {
    let what = format!("sudo gzip -cdf {} | awk '{{print $1}}' | sort | uniq -c", probe.paths.join(" "));
    let since = world.now - TimeDelta::from_std(probe.since).unwrap_or_default();
    let output = match world.run(&script(probe, since.timestamp()), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let rights = "/usr/bin/find /var/log/nginx *, /usr/bin/gzip -cdf /var/log/nginx/*";
    if let Some(why) = sudo::refusal(&output.stderr.text, world, rights) {
        return Err(could_not(what, why));
    }
    let text = part(&output.stdout.text, "counted");
    let (Some(total), Some(files)) = (field(text, "total"), field(text, "files")) else {
        let mut failed = could_not(what, Message::new("probe-access-unreadable"));
        failed.output = clip(output.stderr.text.trim(), OUTPUT_LENGTH).into_owned();
        return Err(failed);
    };
    if files < 1.0 {
        let reason = Message::new("probe-access-no-files").with("paths", probe.paths.join(" "));
        return Err(could_not(what, reason));
    }
    Ok(seen(what, probe, text, total))
}

/// Times are compared as text, `YYYYMMDDhhmmss` in the host's own zone, as nginx writes them. Lines that are no requests
/// are counted apart; the bot's own requests are left out.
fn script(probe: &AccessLog, since: i64) -> String {
    let program = r#"
BEGIN { split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names, " "); for (i in names) month[names[i]] = sprintf("%02d", i) }
{ at = index($0, "["); when = substr($0, at + 1, 20)
  if (!at || when !~ /^[0-9][0-9]\/[A-Z][a-z][a-z]\/[0-9]+:[0-9][0-9]:[0-9][0-9]:[0-9][0-9]$/ || !match($0, /" [0-9][0-9][0-9] ([0-9]+|-)( |$)/)) { malformed++; next }
  day = substr(when, 8, 4) month[substr(when, 4, 3)] substr(when, 1, 2)
  stamp = day substr(when, 13, 2) substr(when, 16, 2) substr(when, 19, 2)
  if (stamp < since) next
  if ($0 ~ /"signoff\/[^"]*"[^"]*$/) { own++; next }
  answer = substr($0, RSTART + 2, RLENGTH - 2); split(answer, part, " ")
  total++; address = $1; days[day]++; sent += part[2]
  if (part[1] == 429) limited++
  if (part[1] >= 500) failed++
  if (address in by) by[address]++
  else if (known < 200000) { known++; by[address] = 1 }
  else others++
  bucket = substr(stamp, 1, 10) int(substr(stamp, 11, 2) / 5)
  if (bucket != last) { split("", here); now = 0; last = bucket }
  if (!(address in here)) { here[address] = 1; now++; if (now > peak) { peak = now; peaked = stamp } }
}
END { printf "total %.0f\nmalformed %.0f\nown %.0f\nlimited %.0f\nfailed %.0f\nsent %.0f\nknown %.0f\nothers %.0f\npeak %.0f\npeaked %s\n", total, malformed, own, limited, failed, sent, known, others, peak, peaked
  for (day in days) printf "day %s %.0f\n", day, days[day]
  for (address in by) if (by[address] * 200 >= total || known <= 40) printf "top %s %.0f\n", address, by[address] }
"#;
    let find = |path: &String| {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        // What was last written before the window holds nothing of it.
        format!(
            "sudo -n find {} -maxdepth 1 -type f -name {} -newermt @{since} -printf '%T@ %p\\n'",
            quoted(folder),
            quoted(name)
        )
    };
    let finds: Vec<_> = probe.paths.iter().map(find).collect();
    [
        "export LC_ALL=C".to_owned(),
        format!("since=$(date -d @{since} +%Y%m%d%H%M%S)"),
        // The oldest first: the five minutes of the most visitors are found in passing.
        format!("files=$({{ {}; }} | sort -n | cut -d' ' -f2-)", finds.join("; ")),
        mark("counted"),
        "echo files $(printf '%s\\n' \"$files\" | grep -c .)".to_owned(),
        "for file in $files; do sudo -n gzip -cdf \"$file\"; done |".to_owned(),
        format!("nice awk -v since=\"$since\" '{}'", program.replace('\'', "'\\''")),
        "true".to_owned(),
    ]
    .join("\n")
}

fn seen(what: String, probe: &AccessLog, text: &str, total: f64) -> Evidence {
    let number = |name| field(text, name).unwrap_or(0.0);
    let mut tops: Vec<_> = fields(text, "top").collect();
    tops.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    tops.truncate(TOP);
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let enough = total >= f64::from(probe.least);
    let share = |part: f64| Quantity::percent(if enough { percent(part, total) } else { 0.0 });
    let of_all = |measure: &'static str, key, part: f64| {
        let says = Message::new(key).with("share", Quantity::percent(percent(part, total)));
        let says = says.with("count", count(part)).with("total", count(total));
        Measurement::quantity(measure, share(part)).saying(says)
    };
    let days: Vec<_> = fields(text, "day").map(|(_, number)| number).collect();
    let length = f64::from(u32::try_from(days.len()).unwrap_or(u32::MAX)).max(1.0);
    evidence.measurements = vec![
        Measurement::quantity("requests", count(total)),
        Measurement::quantity("per_day", count((total / length).round())),
        of_all("limited", "probe-access-limited", number("limited")),
        of_all("failed", "probe-access-failed", number("failed")),
        Measurement::quantity("sent", Quantity::bytes(number("sent"))),
        Measurement::quantity("visitors", count(number("known"))),
        Measurement::quantity("peak", count(number("peak")))
            .saying(Message::new("probe-access-peak").with("count", count(number("peak")))),
    ];
    let line = |(address, number): &(&str, f64)| {
        format!("{number:>8} {:>6} {address}", Quantity::percent(percent(*number, total)).to_string())
    };
    for top in &tops {
        let (address, number) = *top;
        let measured =
            |measure: &'static str| Measurement::quantity(measure, share(number)).of(address).shown_by(vec![line(top)]);
        evidence.measurements.push(measured("share"));
        if enough && percent(number, total) >= HEAVY {
            evidence.measurements.push(measured("heavy"));
        }
    }
    if tops.is_empty() {
        evidence.measurements.push(Measurement::quantity("share", Quantity::percent(0.0)));
    }
    if !enough {
        let few = Message::new("probe-access-few").with("total", count(total));
        evidence.notes.push(few.with("least", probe.least.to_string()));
    }
    if number("malformed") > 0.0 {
        evidence.notes.push(Message::new("probe-access-malformed").with("count", count(number("malformed"))));
    }
    if number("others") > 0.0 {
        evidence.notes.push(Message::new("probe-access-others").with("count", count(number("others"))));
    }
    evidence.output = clip(&tops.iter().map(line).collect::<Vec<_>>().join("\n"), OUTPUT_LENGTH).into_owned();
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe() -> AccessLog {
        AccessLog {
            paths: vec!["/var/log/nginx/api.access.log*".to_owned()],
            since: std::time::Duration::from_secs(604_800),
            least: 100,
        }
    }

    fn value(evidence: &Evidence, measure: &str) -> String {
        evidence.of(measure).next().unwrap().value.to_string()
    }

    #[test]
    fn shares_are_of_all_requests_and_the_heavy_ones_are_told() {
        let text = "total 1000\nlimited 12\nfailed 1\nsent 5000000\nknown 3\npeak 2\nday 20261122 400\nday 20261123 600
top 203.0.113.9 350\ntop 10.0.0.1 640\ntop 10.0.0.2 10";
        let evidence = seen(String::new(), &probe(), text, 1000.0);
        assert_eq!(value(&evidence, "limited"), "1.2 %");
        assert_eq!(value(&evidence, "failed"), "0.1 %");
        assert_eq!(value(&evidence, "per_day"), "500");
        let shares: Vec<_> =
            evidence.of("share").map(|one| (one.subject.clone().unwrap(), one.value.to_string())).collect();
        assert_eq!(shares[0], ("10.0.0.1".to_owned(), "64.0 %".to_owned()));
        assert_eq!(evidence.of("heavy").count(), 2);
    }

    #[test]
    fn a_few_requests_at_night_are_no_attack() {
        let evidence = seen(String::new(), &probe(), "total 3\nlimited 3\ntop 203.0.113.9 3", 3.0);
        assert_eq!((value(&evidence, "share"), value(&evidence, "limited")), ("0.0 %".to_owned(), "0.0 %".to_owned()));
        assert_eq!(evidence.notes[0].key, "probe-access-few");
        let nobody = seen(String::new(), &probe(), "total 0", 0.0);
        assert_eq!(value(&nobody, "share"), "0.0 %");
    }
}
