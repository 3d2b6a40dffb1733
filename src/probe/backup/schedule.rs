//! The line of cron that makes the backups, and what it needs to work: its daemon, its script, its log.

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Schedule;
use crate::domain::quantity::Quantity;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, fit, quoted};
use crate::probe::{Watch, World, could_not};

pub(in crate::probe) async fn look(probe: &Schedule, world: &World, watch: &Watch) -> Looked {
    let what = format!("crontab -l | grep {}", quoted(&probe.command));
    let output = match world.run(&script(probe), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let text = &output.stdout.text;
    if part(text, "end") != "yes" {
        return Err(could_not(what, Message::new("probe-schedule-unread")));
    }
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let found = lines(part(text, "crontabs"), &probe.command);
    let planned = |line: &&String| when(line).as_deref() == Some(probe.at.as_str());
    let state = if found.iter().any(|line| planned(&line)) {
        Measurement::text("line", "present")
    } else if let Some(other) = found.first() {
        let says = Message::new("probe-schedule-other").with("at", probe.at.as_str()).with("line", other.as_str());
        Measurement::text("line", "other").saying(says)
    } else {
        Measurement::text("line", "missing")
            .saying(Message::new("probe-schedule-missing").with("command", probe.command.as_str()))
    };
    evidence.measurements.push(state.shown_by(found.clone()));
    let word = |name| part(text, name).lines().next().unwrap_or("unknown").to_owned();
    let mut stated = |measure: &'static str, good: &str, key: &'static str, of: &str| {
        let value = word(measure);
        let measurement = Measurement::text(measure, value.as_str());
        let says = Message::new(key).with("of", of).with("state", value.as_str());
        evidence.measurements.push(if value == good { measurement } else { measurement.saying(says) });
    };
    stated("daemon", "active", "probe-schedule-daemon", "cron");
    stated("script", "executable", "probe-schedule-script", &probe.command);
    stated("log", "writable", "probe-schedule-log", &probe.log);
    match part(text, "last").parse::<f64>() {
        Ok(age) => evidence.measurements.push(Measurement::quantity("last", Quantity::seconds(age.max(0.0)))),
        Err(_) => evidence
            .unread
            .push(("last".to_owned(), Message::new("probe-schedule-never").with("log", probe.log.as_str()))),
    }
    match part(text, "keep").parse::<f64>() {
        Ok(days) => evidence.measurements.push(Measurement::quantity("keep", Quantity::seconds(days * 86_400.0))),
        Err(_) => evidence.unread.push(("keep".to_owned(), Message::new("probe-schedule-no-keep"))),
    }
    let tail = fit(part(text, "tail"), &world.masker, OUTPUT_LENGTH / 2);
    evidence.output = [found.join("\n"), tail].join("\n").trim().to_owned();
    Ok(evidence)
}

fn script(probe: &Schedule) -> String {
    let (command, log) = (quoted(&probe.command), quoted(&probe.log));
    format!(
        "export LC_ALL=C
{crontabs}
crontab -l 2>/dev/null; sudo -n crontab -l 2>/dev/null; cat /etc/crontab /etc/cron.d/* 2>/dev/null
{daemon}
{{ systemctl is-active --quiet cron || systemctl is-active --quiet crond || pgrep -x 'cron|crond' >/dev/null; }} && echo active || echo inactive
{script}
if [ ! -e {command} ]; then echo missing; elif [ -x {command} ]; then echo executable; else echo not-executable; fi
{log_mark}
if [ -e {log} ]; then [ -w {log} ] && echo writable || echo not-writable; else [ -w \"$(dirname {log})\" ] && echo writable || echo missing; fi
{last}
[ -e {log} ] && echo $(($(date +%s) - $(stat -c %Y {log})))
{keep}
sed -n 's/.*-mtime +\\([0-9][0-9]*\\).*/\\1/p' {command} 2>/dev/null | head -n 1
{tail}
tail -n 5 {log} 2>/dev/null
{end}
echo yes",
        crontabs = mark("crontabs"),
        daemon = mark("daemon"),
        script = mark("script"),
        log_mark = mark("log"),
        last = mark("last"),
        keep = mark("keep"),
        tail = mark("tail"),
        end = mark("end"),
    )
}

/// The lines of all crontabs that start `command`, comments left out.
fn lines(crontabs: &str, command: &str) -> Vec<String> {
    let lines = crontabs.lines().map(str::trim).filter(|line| !line.starts_with('#') && line.contains(command));
    lines.map(str::to_owned).collect()
}

/// When a line comes: its first five words, or its `@daily`.
fn when(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    Some(match first {
        "@daily" | "@midnight" => "0 0 * * *".to_owned(),
        "@hourly" => "0 * * * *".to_owned(),
        "@weekly" => "0 0 * * 0".to_owned(),
        _ => std::iter::once(first).chain(words.take(4)).collect::<Vec<_>>().join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_commented_out_is_none() {
        let crontabs = "# 0 3 * * * /opt/b.sh\n0  3 * * * /opt/b.sh >> /log 2>&1\n@daily /opt/c.sh";
        let found = lines(crontabs, "/opt/b.sh");
        assert_eq!(found, ["0  3 * * * /opt/b.sh >> /log 2>&1"]);
        assert_eq!(when(&found[0]).as_deref(), Some("0 3 * * *"));
        assert_eq!(when("@daily /opt/c.sh").as_deref(), Some("0 0 * * *"));
    }
}
