//! A systemd timer: whether it is on, and when it comes next.

use chrono::DateTime;

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Timer;
use crate::domain::quantity::Quantity;
use crate::probe::text::{OUTPUT_LENGTH, clip, quoted};
use crate::probe::{Watch, World, could_not};

/// The properties that tell.
const PROPERTIES: &str = "LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime,LastTriggerUSec,Result";

pub(in crate::probe) async fn look(probe: &Timer, world: &World, watch: &Watch) -> Looked {
    let what = format!("systemctl show {} --property={PROPERTIES}", quoted(&probe.unit));
    // Times in UTC, so that the zone's name needs no guessing.
    let output = match world.run(&format!("LC_ALL=C TZ=UTC {what}"), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let text = &output.stdout.text;
    if output.status != Some(Status::Exit(0)) || property(text, "LoadState").is_none() {
        let mut failed = could_not(what, Message::new("probe-timer-no-systemd"));
        failed.output = clip(output.stderr.text.trim(), OUTPUT_LENGTH).into_owned();
        return Err(failed);
    }
    let mut evidence = Evidence {
        what,
        status: output.status.clone(),
        output: clip(text.trim(), OUTPUT_LENGTH).into_owned(),
        ..Evidence::default()
    };
    let state = match (property(text, "LoadState"), property(text, "ActiveState")) {
        (Some("not-found"), _) => "missing",
        (_, Some(state)) => state,
        (_, None) => "unknown",
    };
    let next = property(text, "NextElapseUSecRealtime").and_then(time);
    let measurement = Measurement::text("state", state);
    evidence.measurements.push(if state == "missing" {
        measurement.saying(Message::new("probe-timer-missing").with("unit", probe.unit.as_str()))
    } else {
        measurement
    });
    match next {
        Some(next) => {
            let until = Quantity::seconds((next - world.now).as_seconds_f64().max(0.0));
            let at = next.with_timezone(&world.zone).format("%Y-%m-%d %H:%M").to_string();
            let says = Message::new("probe-timer-next").with("at", at).with("in", until);
            evidence.measurements.push(Measurement::quantity("next", until).saying(says));
        }
        None => evidence.unread.push(("next".to_owned(), Message::new("probe-timer-no-next"))),
    }
    Ok(evidence)
}

fn property<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// `Tue 2026-11-24 03:00:00 UTC`.
fn time(text: &str) -> Option<DateTime<chrono::Utc>> {
    let (_, rest) = text.split_once(' ')?;
    let naive = chrono::NaiveDateTime::parse_from_str(rest.strip_suffix(" UTC")?, "%Y-%m-%d %H:%M:%S").ok()?;
    Some(naive.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_found_and_times_are_read() {
        let text =
            "LoadState=loaded\nActiveState=active\nNextElapseUSecRealtime=Tue 2026-11-24 03:00:00 UTC\nResult=\n";
        assert_eq!(property(text, "ActiveState"), Some("active"));
        assert_eq!(property(text, "Result"), None);
        assert_eq!(property(text, "State"), None);
        let next = time(property(text, "NextElapseUSecRealtime").unwrap()).unwrap();
        assert_eq!(next.to_rfc3339(), "2026-11-24T03:00:00+00:00");
        assert_eq!(time("n/a"), None);
    }
}
