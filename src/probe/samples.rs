//! What the bot itself sampled over the last weeks (rows O1 to O3): only what was really watched counts, and gaps are shown
//! as gaps.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::{World, could_not};
use crate::domain::evidence::{CouldNotLook, Evidence, Instead, Looked, Measurement};
use crate::domain::message::Message;
use crate::domain::probe::Samples;
use crate::domain::quantity::Quantity;
use crate::domain::vital::Vital;
use crate::domain::watched::{Gap, Hour, Summary, gaps};

/// The most gaps and days that are shown.
const SHOWN: usize = 14;

pub(super) async fn look(probe: &Samples, world: &World) -> Looked {
    let what = format!("samples, {}", Quantity::duration(probe.over));
    let over = TimeDelta::from_std(probe.over).unwrap_or(TimeDelta::MAX);
    let since = world.now - over;
    let hours = hours(&what, world, since).await?;
    let mut evidence = Evidence { what, ..Evidence::default() };
    // How long the bot has watched: by what it always samples.
    let watched = hours.get(&Vital::Host).and_then(|of| of.values().next()).map(Vec::as_slice).unwrap_or_default();
    let time = Summary::of(watched).map_or(0.0, |summary| summary.count * world.every.as_secs_f64());
    if time < probe.least.as_secs_f64() {
        let few = Message::new("probe-samples-few")
            .with("have", Quantity::seconds(time))
            .with("least", Quantity::duration(probe.least));
        evidence.instead = Some(Instead::DoesNotApply(few));
        return Ok(evidence);
    }
    let first = watched.first().map_or(since, |hour| hour.begins.max(since));
    let gaps = gaps(watched, first, world.now, TimeDelta::from_std(world.every).unwrap_or(TimeDelta::minutes(1)));
    measure(&mut evidence, &hours);
    let whole = (world.now - first).as_seconds_f64().max(1.0);
    let share = Measurement::quantity("watched", Quantity::percent((time / whole * 100.0).min(100.0)));
    evidence.measurements.push(share.shown_by(gaps.iter().map(|gap| shown(gap, world)).collect()));
    if !gaps.is_empty() {
        let missed: f64 = gaps.iter().map(|(from, to)| (*to - *from).as_seconds_f64()).sum();
        let note = Message::new("probe-samples-gaps").with("count", gaps.len().to_string());
        evidence.notes.push(note.with("missed", Quantity::seconds(missed)));
    }
    evidence.output = [days(&hours, world), gap_list(&gaps, world)].join("\n").trim().to_owned();
    Ok(evidence)
}

/// The hours of every vital, by subject.
type Hours = BTreeMap<Vital, BTreeMap<String, Vec<Hour>>>;

async fn hours(what: &str, world: &World, since: DateTime<Utc>) -> Result<Hours, CouldNotLook> {
    let mut hours = Hours::new();
    for vital in Vital::ALL {
        let of = world.store.hours(&world.host.config().name, vital, since).await;
        hours.insert(vital, of.map_err(|error| could_not(what, error))?);
    }
    Ok(hours)
}

fn measure(evidence: &mut Evidence, hours: &Hours) {
    let none = BTreeMap::new();
    let of = |vital| hours.get(&vital).unwrap_or(&none).iter();
    let mut add = |measure: &'static str, vital: Vital, value: &dyn Fn(&Summary) -> Quantity| {
        let mut any = false;
        for (subject, hours) in of(vital) {
            let Some(summary) = Summary::of(hours) else { continue };
            let measurement = Measurement::quantity(measure, value(&summary));
            any = true;
            evidence.measurements.push(if subject.is_empty() { measurement } else { measurement.of(subject) });
        }
        if !any {
            evidence.unread.push((measure.to_owned(), Message::new("probe-samples-none").with("of", vital.name())));
        }
    };
    add("uptime", Vital::Site, &|summary| Quantity::percent(summary.mean() * 100.0));
    add("response", Vital::Response, &|summary| Quantity::seconds(summary.mean()));
    add("cpu_mean", Vital::Cpu, &|summary| Quantity::percent(summary.mean()));
    add("cpu_max", Vital::Cpu, &|summary| Quantity::percent(summary.most));
    add("memory_mean", Vital::Memory, &|summary| Quantity::percent(summary.mean()));
    add("memory_max", Vital::Memory, &|summary| Quantity::percent(summary.most));
    add("disk_max", Vital::Disk, &|summary| Quantity::percent(summary.most));
    add("connections", Vital::Connections, &|summary| Quantity::count(summary.most));
    add("received", Vital::Received, &|summary| Quantity::bytes(summary.sum));
    add("sent", Vital::Sent, &|summary| Quantity::bytes(summary.sum));
}

/// A line for each of the last days: `11-23 up 100.0 %, 31 ms, cpu 12/45 %, memory 61/70 %`.
fn days(hours: &Hours, world: &World) -> String {
    let mut days: BTreeMap<NaiveDate, BTreeMap<Vital, Vec<Hour>>> = BTreeMap::new();
    for vital in [Vital::Site, Vital::Response, Vital::Cpu, Vital::Memory] {
        for hour in hours.get(&vital).into_iter().flat_map(BTreeMap::values).flatten() {
            let day = hour.begins.with_timezone(&world.zone).date_naive();
            days.entry(day).or_default().entry(vital).or_default().push(*hour);
        }
    }
    let line = |(day, of): (&NaiveDate, &BTreeMap<Vital, Vec<Hour>>)| {
        let summary = |vital| of.get(&vital).and_then(|hours| Summary::of(hours));
        let pair = |vital| {
            summary(vital).map(|summary| format!("{} {:.0}/{:.0} %", vital.name(), summary.mean(), summary.most))
        };
        let parts = [
            summary(Vital::Site).map(|summary| format!("up {:.2} %", summary.mean() * 100.0)),
            summary(Vital::Response).map(|summary| Quantity::seconds(summary.mean()).to_string()),
            pair(Vital::Cpu),
            pair(Vital::Memory),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{:02}-{:02} {}", day.month(), day.day(), parts.join(", "))
    };
    days.iter().rev().take(SHOWN).map(line).collect::<Vec<_>>().join("\n")
}

fn gap_list(gaps: &[Gap], world: &World) -> String {
    gaps.iter().rev().take(SHOWN).map(|gap| shown(gap, world)).collect::<Vec<_>>().join("\n")
}

/// `gap 11-23 03:00 - 05:00`.
fn shown((from, to): &Gap, world: &World) -> String {
    let time = |at: &DateTime<Utc>| at.with_timezone(&world.zone).format("%m-%d %H:%M").to_string();
    format!("gap {} - {}", time(from), time(to))
}
