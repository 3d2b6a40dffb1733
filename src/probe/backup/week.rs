//! A week of backups: which days have one, which are whole, which are like their neighbours. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use crate::domain::condition::past::median;
use crate::domain::probe::Backups;

/// How long after its hour a backup may still be under way.
const UNDER_WAY: TimeDelta = TimeDelta::hours(2);

/// How far a file's own time may lie from the one in its name.
const APART: TimeDelta = TimeDelta::hours(6);

/// A backup, as the host sees it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct File {
    pub(super) name: String,
    /// In bytes.
    pub(super) size: f64,
    pub(super) changed: DateTime<Utc>,
    /// Whether it unpacks to its end, and says there that the dump is complete; none: it is too old to be unpacked.
    pub(super) whole: Option<bool>,
    /// What it holds, so that two of one content are found.
    pub(super) content: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Week {
    /// The days that should have a backup and have none.
    pub(super) missing: Vec<NaiveDate>,
    /// Those that are empty, cut off, or no complete dump.
    pub(super) broken: Vec<String>,
    /// Those whose size is far off the median.
    pub(super) odd: Vec<String>,
    /// Those that hold exactly what another day's holds.
    pub(super) copied: Vec<String>,
    /// Those whose own time is not the one in their name.
    pub(super) misdated: Vec<String>,
    /// Those that should be gone.
    pub(super) stale: Vec<String>,
    /// The newest, with the time in its name.
    pub(super) newest: Option<(File, DateTime<Utc>)>,
    /// How many files are not called as a backup is.
    pub(super) foreign: usize,
    /// How many are.
    pub(super) count: usize,
}

/// Judges `files` at `now`, on a host whose clock is `offset` from UTC.
pub(super) fn judge(probe: &Backups, files: &[File], now: DateTime<Utc>, offset: FixedOffset) -> Week {
    let mut week = Week::default();
    let mut named: Vec<(&File, DateTime<Utc>)> = Vec::new();
    for file in files {
        match stamp(probe, &file.name, offset) {
            Some(stamp) => named.push((file, stamp)),
            None => week.foreign += 1,
        }
    }
    named.sort_by_key(|(_, stamp)| *stamp);
    week.count = named.len();
    let day = |stamp: DateTime<Utc>| stamp.with_timezone(&offset).date_naive();
    let wanted: BTreeSet<NaiveDate> = wanted(probe, now, offset);
    let recent: Vec<_> = named.iter().filter(|(_, stamp)| wanted.contains(&day(*stamp))).collect();
    let broken = |file: &File| file.size <= 0.0 || file.whole != Some(true);
    week.broken = recent.iter().filter(|(file, _)| broken(file)).map(|(file, _)| file.name.clone()).collect();
    // A day is covered by a backup that is whole: a broken one of that day helps nobody.
    let covered: BTreeSet<_> = recent.iter().filter(|(file, _)| !broken(file)).map(|(_, stamp)| day(*stamp)).collect();
    week.missing = wanted.difference(&covered).copied().collect();
    let sizes: Vec<f64> = recent.iter().filter(|(file, _)| !broken(file)).map(|(file, _)| file.size).collect();
    let usual = median(&sizes);
    let (least, most) = (f64::from(probe.sizes.0) / 100.0 * usual, f64::from(probe.sizes.1) / 100.0 * usual);
    week.odd = recent
        .iter()
        .filter(|(file, _)| !broken(file) && !(least..=most).contains(&file.size))
        .map(|(file, _)| file.name.clone())
        .collect();
    let mut contents: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, _) in recent.iter().filter(|(file, _)| !file.content.is_empty()) {
        if let Some(first) = contents.insert(&file.content, &file.name) {
            week.copied.push(format!("{} = {first}", file.name));
        }
    }
    let apart = |file: &File, stamp: DateTime<Utc>| (file.changed - stamp).abs() > APART;
    week.misdated =
        recent.iter().filter(|(file, stamp)| apart(file, *stamp)).map(|(file, _)| file.name.clone()).collect();
    // What was not old enough when the script ran last goes the next time.
    let ran = last_due(probe, now, offset).and_local_timezone(offset).single().map_or(now, |ran| ran.to_utc());
    let keep = TimeDelta::from_std(probe.keep).unwrap_or(TimeDelta::MAX);
    let old = |file: &File| ran - file.changed > keep;
    week.stale = named.iter().filter(|(file, _)| old(file)).map(|(file, _)| file.name.clone()).collect();
    week.newest = named.last().map(|(file, stamp)| ((*file).clone(), *stamp));
    week
}

/// The time in a backup's name.
pub(in crate::probe) fn stamp(probe: &Backups, name: &str, offset: FixedOffset) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(name, &probe.name).ok()?;
    Some(local.and_local_timezone(offset).single()?.to_utc())
}

/// The days of which there should be a backup by now.
pub(in crate::probe) fn wanted(probe: &Backups, now: DateTime<Utc>, offset: FixedOffset) -> BTreeSet<NaiveDate> {
    let last = last_due(probe, now, offset).date();
    (0..u64::from(probe.days)).map(|ago| last - Days::new(ago)).collect()
}

/// When the last backup was due that is not under way any more, by the host's clock.
fn last_due(probe: &Backups, now: DateTime<Utc>, offset: FixedOffset) -> NaiveDateTime {
    let local = (now - UNDER_WAY).with_timezone(&offset).naive_local();
    let today = local.date().and_time(probe.at);
    if local >= today { today } else { today - Days::new(1) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::NaiveTime;

    use super::*;

    fn probe() -> Backups {
        Backups {
            folder: "/b".to_owned(),
            name: "postgres_%Y%m%d_%H%M%S.sql.gz".to_owned(),
            at: NaiveTime::from_hms_opt(3, 0, 0).unwrap(),
            days: 7,
            keep: Duration::from_secs(8 * 86_400),
            sizes: (50, 200),
        }
    }

    fn utc(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    /// A host in UTC; its backup of day `day` of November.
    fn file(day: u32) -> File {
        File {
            name: format!("postgres_202611{day:02}_030001.sql.gz"),
            size: 1000.0 + f64::from(day),
            changed: utc(&format!("2026-11-{day:02}T03:00:05Z")),
            whole: Some(true),
            content: day.to_string(),
        }
    }

    fn judged(files: &[File]) -> Week {
        judge(&probe(), files, utc("2026-11-23T00:30:00Z"), FixedOffset::east_opt(0).unwrap())
    }

    fn week() -> Vec<File> {
        (16..=22).map(file).collect()
    }

    #[test]
    fn a_good_week_has_one_for_each_day() {
        let found = judged(&week());
        let newest = found.newest.clone().unwrap();
        assert_eq!(found, Week { newest: Some(newest.clone()), count: 7, ..Week::default() });
        assert_eq!(newest.1, utc("2026-11-22T03:00:01Z"));
    }

    #[test]
    fn at_nine_in_seoul_the_backup_of_this_utc_day_is_not_due_yet() {
        // 03:00 in Seoul is 18:00 UTC of the day before: there, today's is due.
        let seoul = FixedOffset::east_opt(9 * 3600).unwrap();
        let days = wanted(&probe(), utc("2026-11-23T00:30:00Z"), seoul);
        assert_eq!(days.last().unwrap().to_string(), "2026-11-23");
        let at_four = wanted(&probe(), utc("2026-11-22T19:00:00Z"), seoul);
        assert_eq!(at_four.last().unwrap().to_string(), "2026-11-22", "it may still be under way");
    }

    #[test]
    fn each_fault_is_named() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut files = week();
        files.remove(2);
        assert_eq!(judged(&files).missing, [day("2026-11-18")]);

        let mut files = week();
        files[6].whole = Some(false);
        let found = judged(&files);
        assert_eq!((found.broken.len(), found.missing), (1, vec![day("2026-11-22")]));

        let mut files = week();
        files[6].size = 400.0;
        assert_eq!(judged(&files).odd, ["postgres_20261122_030001.sql.gz"]);

        // Yesterday's under today's name.
        let mut files = week();
        files[6] = File { name: files[6].name.clone(), ..files[5].clone() };
        let found = judged(&files);
        assert_eq!(found.copied, ["postgres_20261122_030001.sql.gz = postgres_20261121_030001.sql.gz"]);
        assert_eq!(found.misdated, ["postgres_20261122_030001.sql.gz"]);

        let mut files = week();
        files.insert(0, file(13));
        files.push(File { name: "notes.txt".to_owned(), ..file(22) });
        let found = judged(&files);
        assert_eq!((found.stale, found.foreign), (vec!["postgres_20261113_030001.sql.gz".to_owned()], 1));

        // It was some seconds short of eight days when the script ran this morning.
        let mut files = week();
        files.insert(
            0,
            File {
                name: "postgres_20261114_030001.sql.gz".to_owned(),
                changed: utc("2026-11-14T03:00:09Z"),
                ..file(15)
            },
        );
        assert_eq!(judged(&files).stale, [""; 0]);

        let nothing = judged(&[]);
        assert_eq!((nothing.missing.len(), nothing.newest), (7, None));
    }
}
