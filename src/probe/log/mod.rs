//! The end of a container's log: streamed and counted, never kept whole. It is bounded in lines and bytes, from the
//! newest backwards, and by the deadline; whatever was not read is said.

use std::collections::BTreeMap;

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::models::ContainerSummary;
use bollard::query_parameters::LogsOptions;
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use regex::Regex;
use tokio::time::timeout_at;

use super::docker::{containers, engine, explain, list_command, missing, name, too_late};
use super::text::{OUTPUT_LENGTH, fit};
use super::{Watch, World, could_not};
use crate::domain::evidence::{Evidence, Looked, Status};
use crate::domain::message::Message;
use crate::domain::probe::ContainerLog;
use crate::domain::quantity::Quantity;

mod begins;
mod lines;
mod tally;

use begins::Begins;
use lines::{Lines, take_time};
use tally::Tally;

/// The most entries that are asked for, the newest first. An engine finds them from the end of its files, however long
/// those are; `since` alone would make it read them from the beginning.
const MOST_ENTRIES: u64 = 50_000;

/// The most bytes that are read.
const MOST_BYTES: u64 = 32 << 20;

/// How a frame begins by which the engine says that it cannot go on: no output of the container has this number.
const ENGINE_SAYS: [u8; 4] = [3, 0, 0, 0];

pub(super) async fn look(probe: &ContainerLog, world: &World, watch: &Watch) -> Looked {
    let project = &world.host.config().compose_project;
    let what = list_command(project, &probe.service);
    match engine(world, watch).await {
        Ok(docker) => look_at(&docker, what, probe, world, watch).await,
        Err(reason) => Err(could_not(what, reason)),
    }
}

pub(super) async fn look_at(
    docker: &Docker,
    what: String,
    probe: &ContainerLog,
    world: &World,
    watch: &Watch,
) -> Looked {
    let project = &world.host.config().compose_project;
    let found = containers(docker, project, Some(&probe.service), watch).await;
    let found = found.map_err(|reason| could_not(&what, reason))?;
    if found.is_empty() {
        return Err(could_not(what, missing(project, &probe.service)));
    }
    let what = command(probe, &found);
    let since = world.now - TimeDelta::from_std(probe.since).unwrap_or(TimeDelta::MAX);
    let mut tally = Tally::new(&probe.patterns, &world.masker);
    let mut notes = Vec::new();
    let mut incomplete = None;
    for container in &found {
        let reader = Reader { docker, id: container.id.as_deref().unwrap_or_default(), since, watch };
        let (read, begins) =
            tokio::join!(reader.newest(&probe.patterns, world), Begins::of(docker, container, since, watch));
        if read.entries == 0
            && let End::Broken(reason) = read.end
        {
            return Err(could_not(what, reason));
        }
        notes.extend(read.incomplete(world.now));
        let rotated = begins.is_rotated(&read);
        let later = begins_later(begins, &read, rotated, world.now, probe);
        incomplete = incomplete.or_else(|| read.incomplete(world.now));
        incomplete = incomplete.or_else(|| later.clone().filter(|_| rotated));
        incomplete = incomplete.or_else(|| read.tally.cut_lines());
        notes.extend(later);
        tally.join(read.tally);
    }
    let measurements = tally.measurements();
    // What was counted is the least that there is: whoever judges it must know that it is not all.
    let unread = incomplete.map_or_else(Vec::new, |reason| {
        measurements.iter().map(|measurement| (measurement.measure.clone(), reason.clone())).collect()
    });
    notes.extend(tally.notes());
    Ok(Evidence {
        what,
        status: Some(Status::Answered),
        output: fit(&tally.summary(), &world.masker, OUTPUT_LENGTH),
        measurements,
        unread,
        notes,
        ..Evidence::default()
    })
}

/// What a person would run.
fn command(probe: &ContainerLog, found: &[ContainerSummary]) -> String {
    let seconds = probe.since.as_secs();
    let since = if seconds.is_multiple_of(60) { format!("{}m", seconds / 60) } else { format!("{seconds}s") };
    let commands = found.iter().map(|container| format!("docker logs --since {since} {}", name(container)));
    commands.collect::<Vec<_>>().join("; ")
}

/// The log begins later than was asked.
fn begins_later(
    begins: Begins,
    read: &Read<'_>,
    rotated: bool,
    now: DateTime<Utc>,
    probe: &ContainerLog,
) -> Option<Message> {
    let Begins::Later { created, .. } = begins else { return None };
    let Some(first) = created.filter(|_| !rotated).or(read.first) else {
        return Some(Message::new("probe-log-empty"));
    };
    let key = if rotated { "probe-log-rotated" } else { "probe-log-begins-later" };
    let told = Message::new(key).with("ago", Quantity::seconds(ago(first, now)));
    Some(told.with("asked", Quantity::duration(probe.since)))
}

/// How long `time` is ago in seconds; the host's clock may be ahead of the bot's.
fn ago(time: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    (now - time).to_std().unwrap_or_default().as_secs_f64()
}

/// Reads the log of one container.
struct Reader<'a> {
    docker: &'a Docker,
    id: &'a str,
    since: DateTime<Utc>,
    watch: &'a Watch,
}

/// Why reading came to its end.
enum End {
    /// All of it was read.
    Whole,
    /// The newest entries were read; there are older ones.
    Newest,
    /// There was more than may be read.
    TooMuch,
    /// The deadline came.
    TooLate,
    /// The engine broke off.
    Broken(Message),
}

/// What was read.
struct Read<'a> {
    tally: Tally<'a>,
    entries: u64,
    bytes: u64,
    /// The times of the first and the last entry.
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    end: End,
}

impl Reader<'_> {
    /// The newest entries since then. Where they are too many bytes, a second try asks for half as many entries: the
    /// newest are worth more than the oldest.
    async fn newest<'a>(&self, patterns: &'a BTreeMap<String, Regex>, world: &'a World) -> Read<'a> {
        let tally = || Tally::new(patterns, &world.masker);
        let read = self.read(MOST_ENTRIES, tally()).await;
        if !matches!(read.end, End::TooMuch) {
            return read;
        }
        let fewer = (read.entries / 2).max(1);
        match self.read(fewer, tally()).await {
            again @ Read { end: End::Whole | End::Newest, .. } => Read { end: End::Newest, ..again },
            again => again,
        }
    }

    async fn read<'a>(&self, most: u64, tally: Tally<'a>) -> Read<'a> {
        let options = LogsOptions {
            stdout: true,
            stderr: true,
            since: seconds(self.since),
            timestamps: true,
            tail: most.to_string(),
            ..LogsOptions::default()
        };
        let mut stream = std::pin::pin!(self.docker.logs(self.id, Some(options)));
        let mut read = Read { tally, entries: 0, bytes: 0, first: None, last: None, end: End::Whole };
        let (mut out, mut err) = (Lines::default(), Lines::default());
        loop {
            let entry = match timeout_at(self.watch.end(), stream.next()).await {
                Ok(Some(Ok(entry))) => entry,
                Ok(Some(Err(error))) => {
                    read.end = End::Broken(explain(error).reason);
                    break;
                }
                Ok(None) => break,
                Err(_) => {
                    read.end = if read.entries == 0 { End::Broken(too_late(self.watch)) } else { End::TooLate };
                    break;
                }
            };
            let lines = if matches!(entry, LogOutput::StdErr { .. }) { &mut err } else { &mut out };
            // Each entry of a container without a terminal begins with its time; with one, each line does.
            let is_terminal = matches!(entry, LogOutput::Console { .. });
            let entry = entry.into_bytes();
            if is_terminal && let Some(says) = entry.strip_prefix(&ENGINE_SAYS) {
                read.end = End::Broken(engine_says(says));
                break;
            }
            read.bytes += u64::try_from(entry.len()).unwrap_or(u64::MAX);
            let (time, text) = if is_terminal && !lines.is_at_start() { (None, &entry[..]) } else { take_time(&entry) };
            read.first = read.first.or(time);
            read.last = time.or(read.last);
            read.entries += 1;
            lines.push(text, |line, cut| read.tally.line(line, cut));
            if read.bytes > MOST_BYTES {
                read.end = End::TooMuch;
                break;
            }
        }
        for lines in [out, err] {
            lines.finish(|line, cut| read.tally.line(line, cut));
        }
        if matches!(read.end, End::Whole) && read.entries >= most {
            read.end = End::Newest;
        }
        read
    }
}

/// Why the engine cannot go on: behind the length of what it says.
fn engine_says(frame: &[u8]) -> Message {
    let text = String::from_utf8_lossy(frame.get(4..).unwrap_or_default()).trim().to_owned();
    Message::new("host-docker-broken").with("cause", text)
}

/// Seconds since 1970, as the engine's interface counts.
fn seconds(time: DateTime<Utc>) -> i32 {
    i32::try_from(time.timestamp().max(1)).unwrap_or(i32::MAX)
}

impl Read<'_> {
    /// Why not every entry was read, if not: a log that was read in part was not looked at.
    fn incomplete(&self, now: DateTime<Utc>) -> Option<Message> {
        let until = Quantity::seconds(self.last.map_or(0.0, |last| ago(last, now)));
        match &self.end {
            End::Whole => None,
            End::Newest => Some(
                Message::new("probe-log-newest")
                    .with("lines", self.tally.lines().to_string())
                    .with("ago", Quantity::seconds(self.first.map_or(0.0, |first| ago(first, now)))),
            ),
            End::TooMuch => Some(Message::new("probe-log-too-much").with("ago", until)),
            End::TooLate => Some(Message::new("probe-log-too-late").with("ago", until)),
            End::Broken(reason) => {
                Some(Message::new("probe-log-broken").with("ago", until).with("reason", reason.clone()))
            }
        }
    }
}
