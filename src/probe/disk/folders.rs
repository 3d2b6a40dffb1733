//! Which folder takes the room: the size of some folders, and since when each grows, by what earlier looks found.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::super::script::{mark, part};
use super::super::text::{LINE_LENGTH, clip, quoted};
use super::super::{Watch, Why, World};
use crate::domain::evidence::{Evidence, Measurement};
use crate::domain::growth::growth;
use crate::domain::mask::Masker;
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;

/// What is measured of each folder.
pub(super) const MEASURE: &str = "folder";

/// How far back growth is looked for.
const BACK: TimeDelta = TimeDelta::days(28);

/// How long one folder may be counted: what has a million files is told as not known.
const SECONDS: u32 = 6;

/// Less than this is no growth: in bytes, and as a share of what the folder is.
const NOISE: (f64, f64) = (10e6, 0.02);

/// The sizes as they were told, by folder, and what they were earlier.
pub(super) struct Folders {
    told: BTreeMap<String, Result<f64, String>>,
    earlier: BTreeMap<String, Vec<(DateTime<Utc>, f64)>>,
}

/// What a person would run.
pub(super) fn command(folders: &[String]) -> String {
    let folders: Vec<_> = folders.iter().map(|folder| quoted(folder)).collect();
    format!("sudo du -skx -- {}", folders.join(" "))
}

/// Each by itself, so that one that takes too long, or may not be read, costs the others nothing.
fn script(folders: &[String]) -> String {
    let look = |folder: &String| {
        let path = quoted(folder);
        let du = format!("timeout {SECONDS} du -skx -- {path}");
        let as_root = format!("timeout {SECONDS} sudo -n du -skx -- {path} 2>&1");
        [mark(&name(folder)), format!("if size=$({du} 2>/dev/null); then echo \"$size\"; else {as_root}; fi")]
    };
    let lines = folders.iter().flat_map(look);
    std::iter::once("export LC_ALL=C".to_owned()).chain(lines).chain(["true".to_owned()]).collect::<Vec<_>>().join("\n")
}

/// What a folder's part is called.
fn name(folder: &str) -> String {
    format!("size:{folder}")
}

/// Looks at the `folders`.
///
/// # Errors
/// Why that could not be done at all.
pub(super) async fn look(folders: &[String], world: &World, watch: &Watch) -> Result<Folders, Why> {
    let host = &world.host.config().name;
    let script = script(folders);
    let (output, earlier) = tokio::join!(world.run(&script, watch), world.store.sizes(host, MEASURE, world.now - BACK));
    let earlier = earlier.unwrap_or_else(|error| {
        tracing::warn!(%error, "what the folders were cannot be read");
        BTreeMap::new()
    });
    let output = output?.stdout.text;
    let told = folders.iter().map(|folder| (folder.clone(), read(part(&output, &name(folder)))));
    Ok(Folders { told: told.collect(), earlier })
}

/// `5242880<tab>/var/log`, in KiB; or what was said instead.
fn read(answer: &str) -> Result<f64, String> {
    let row = answer.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let size = row.split_whitespace().next().and_then(|size| size.parse::<u32>().ok());
    size.map(|size| f64::from(size) * 1024.0).ok_or_else(|| row.to_owned())
}

impl Folders {
    /// Adds what was found to `evidence`: what grew most first.
    pub(super) fn add_to(self, evidence: &mut Evidence, zone: Tz, masker: &Masker) {
        let mut notes = Vec::new();
        for (folder, told) in self.told {
            let with = |key: &'static str| Message::new(key).with("folder", folder.as_str());
            let size = match told {
                Ok(size) => size,
                Err(said) => {
                    let said = clip(&masker.mask(&said), LINE_LENGTH).into_owned();
                    let said = if said.is_empty() { "-".to_owned() } else { said };
                    let failure = with("probe-disk-folder-unread").with("said", said);
                    evidence.unread.push((MEASURE.to_owned(), failure.clone()));
                    notes.push((Reverse(0), failure));
                    continue;
                }
            };
            evidence.measurements.push(Measurement::quantity(MEASURE, Quantity::bytes(size)).of(&folder));
            let earlier = self.earlier.get(&folder).map(Vec::as_slice).unwrap_or_default();
            let grown = growth(earlier, size, NOISE.0.max(size * NOISE.1));
            let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
            let with = |key: &'static str| with(key).with("size", Quantity::bytes(size));
            let (by, says) = match (grown, earlier.first()) {
                (Some(grown), _) => {
                    let says = with("probe-disk-folder-grew").with("by", Quantity::bytes(grown.by));
                    (grown.by, says.with("since", day(grown.since)))
                }
                (None, Some((first, _))) => (0.0, with("probe-disk-folder-steady").with("since", day(*first))),
                (None, None) => (0.0, with("probe-disk-folder-first")),
            };
            #[expect(clippy::cast_possible_truncation, reason = "bytes to sort by")]
            notes.push((Reverse(by as i64), says));
        }
        notes.sort_by_key(|(by, _)| *by);
        evidence.notes.extend(notes.into_iter().map(|(_, says)| says));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(folder: &str, told: Result<f64, &str>) -> (String, Result<f64, String>) {
        (folder.to_owned(), told.map_err(str::to_owned))
    }

    #[test]
    fn what_grew_stands_first_and_what_is_not_known_is_said() {
        let at = |day: i64| DateTime::from_timestamp(1_795_392_000 + day * 86_400, 0).unwrap();
        let folders = Folders {
            told: [
                told("/a", Ok(3e9)),
                told("/b", Ok(5.1e9)),
                told("/c", Ok(1e9)),
                told("/d", Err("sudo: a password is required")),
            ]
            .into(),
            earlier: [
                ("/a".to_owned(), vec![(at(-9), 2.99e9), (at(-1), 3e9)]),
                ("/b".to_owned(), vec![(at(-9), 1.8e9), (at(-3), 1.9e9), (at(-1), 4e9)]),
            ]
            .into(),
        };
        let mut evidence = Evidence::default();
        folders.add_to(&mut evidence, chrono_tz::Asia::Seoul, &Masker::default());
        let keys: Vec<_> = evidence.notes.iter().map(|note| &*note.key).collect();
        let wanted = ["grew", "steady", "first", "unread"].map(|word| format!("probe-disk-folder-{word}"));
        assert_eq!(keys, wanted);
        assert_eq!(evidence.notes[0].args["folder"], "/b".into());
        assert_eq!(evidence.notes[0].args["by"], Quantity::bytes(3.2e9).into());
        assert!(
            evidence.notes[0].args["since"]
                == at(-3).with_timezone(&chrono_tz::Asia::Seoul).format("%Y-%m-%d %H:%M").to_string().into()
        );
        assert_eq!((evidence.of(MEASURE).count(), evidence.unread.len()), (3, 1));
    }

    #[test]
    fn sizes_are_read_and_refusals_told() {
        assert_eq!(read("5242880\t/var/log\n"), Ok(5_242_880.0 * 1024.0));
        assert_eq!(read("sudo: a password is required\n"), Err("sudo: a password is required".to_owned()));
        assert_eq!(read(""), Err(String::new()));
        assert!(script(&["/two words".to_owned()]).contains("'/two words'"));
    }
}
