//! The copies of the backups in S3: one for each of the days that must have one, as large as the file on the host.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

use super::{answer, aws, count};
use crate::aws::Object;
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::S3Backups;
use crate::domain::quantity::Quantity;
use crate::probe::backup::files::offset;
use crate::probe::backup::week::{stamp, wanted};
use crate::probe::script::{mark, part};
use crate::probe::text::quoted;
use crate::probe::{Watch, World, could_not};

/// The most lines of the listing that are shown.
const SHOWN: usize = 12;

pub(in crate::probe) async fn look(probe: &S3Backups, world: &World, watch: &Watch) -> Looked {
    let what = format!("aws s3 ls s3://{}/{}", probe.bucket, probe.prefix);
    let aws = aws(&what, world)?;
    let script = script(probe);
    let (objects, local) =
        tokio::join!(answer(&what, watch, aws.objects(&probe.bucket, &probe.prefix)), world.run(&script, watch));
    let mut objects = objects?;
    // Which days there must be one of is a matter of the host's zone.
    let local = local.map_err(|why| could_not(what.clone(), why))?;
    let text = &local.stdout.text;
    let unread =
        || could_not(what.clone(), Message::new("probe-backups-unread").with("folder", probe.local.folder.as_str()));
    let offset = offset(part(text, "zone")).ok_or_else(unread)?;
    let files: Option<BTreeMap<String, f64>> = (part(text, "folder") == "yes").then(|| {
        let lines = part(text, "files").lines();
        lines
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(size, name)| Some((name.to_owned(), size.parse().ok()?)))
            .collect()
    });
    // What else lies in the bucket is none of this check's business.
    objects.retain(|object| stamp(&probe.local, name(probe, object), offset).is_some());
    let copies = judge(probe, &objects, files.as_ref(), world.now, offset);
    Ok(seen(what, probe, &copies, &objects, world))
}

fn script(probe: &S3Backups) -> String {
    let folder = quoted(&probe.local.folder);
    [
        mark("zone"),
        "date +%z".to_owned(),
        mark("folder"),
        format!("[ -r {folder} ] && [ -x {folder} ] && echo yes"),
        mark("files"),
        format!("find {folder} -mindepth 1 -maxdepth 1 -type f -printf '%s %f\\n' 2>/dev/null"),
        "true".to_owned(),
    ]
    .join("\n")
}

/// The name of an object below the prefix.
fn name<'a>(probe: &S3Backups, object: &'a Object) -> &'a str {
    object.key.strip_prefix(&probe.prefix).unwrap_or(&object.key)
}

/// What was found.
#[derive(Debug, Default, PartialEq)]
struct Copies {
    /// The days of which there is none.
    missing: Vec<NaiveDate>,
    /// Those that are not as large as their original; none where the originals cannot be seen.
    differs: Option<Vec<String>>,
    /// Those that should be gone.
    stale: Vec<String>,
    /// When the newest was put there.
    newest: Option<DateTime<Utc>>,
    /// How many there are.
    count: usize,
}

fn judge(
    probe: &S3Backups,
    objects: &[Object],
    files: Option<&BTreeMap<String, f64>>,
    now: DateTime<Utc>,
    offset: FixedOffset,
) -> Copies {
    let mut copies = Copies { differs: files.map(|_| Vec::new()), ..Copies::default() };
    let mut covered: BTreeSet<NaiveDate> = BTreeSet::new();
    let keep = TimeDelta::from_std(probe.keep).unwrap_or(TimeDelta::MAX);
    for object in objects {
        let name = name(probe, object);
        let Some(stamp) = stamp(&probe.local, name, offset) else { continue };
        copies.count += 1;
        copies.newest = copies.newest.max(object.modified);
        // A day more: the bucket's own rule deletes at the end of the day.
        if now - object.modified.unwrap_or(stamp) > keep + TimeDelta::days(1) {
            copies.stale.push(name.to_owned());
        }
        let original = files.and_then(|files| files.get(name));
        #[expect(clippy::float_cmp, reason = "both are whole numbers of bytes")]
        let differs = original.is_some_and(|size| *size != object.size);
        if let (true, Some(list)) = (differs, &mut copies.differs) {
            list.push(name.to_owned());
        }
        // An empty copy helps nobody.
        if object.size > 0.0 {
            covered.insert(stamp.with_timezone(&offset).date_naive());
        }
    }
    copies.missing = wanted(&probe.local, now, offset).difference(&covered).copied().collect();
    copies
}

fn seen(what: String, probe: &S3Backups, copies: &Copies, objects: &[Object], world: &World) -> Evidence {
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let mut counted = |measure: &'static str, key: &'static str, names: &[String]| {
        let measurement = Measurement::quantity(measure, count(names.len())).shown_by(names.to_vec());
        let says = Message::new(key).with("count", names.len().to_string()).with("names", names.join(", "));
        evidence.measurements.push(if names.is_empty() { measurement } else { measurement.saying(says) });
    };
    let days: Vec<String> = copies.missing.iter().map(ToString::to_string).collect();
    counted("missing", "probe-s3-missing", &days);
    counted("stale", "probe-s3-stale", &copies.stale);
    match &copies.differs {
        Some(names) => counted("differs", "probe-s3-differs", names),
        None => {
            let why = Message::new("probe-backups-no-folder").with("folder", probe.local.folder.as_str());
            evidence.unread.push(("differs".to_owned(), why));
        }
    }
    evidence.measurements.push(Measurement::quantity("count", count(copies.count)));
    match copies.newest {
        Some(newest) => {
            let age = Quantity::seconds((world.now - newest).as_seconds_f64().max(0.0));
            let says = Message::new("probe-s3-newest").with("age", age).with("count", copies.count.to_string());
            evidence.measurements.push(Measurement::quantity("newest", age).saying(says));
        }
        None => {
            let none = Message::new("probe-s3-none").with("bucket", probe.bucket.as_str());
            evidence.unread.push(("newest".to_owned(), none.with("prefix", probe.prefix.as_str())));
        }
    }
    let mut objects: Vec<_> = objects.iter().collect();
    objects.sort_by_key(|object| std::cmp::Reverse(object.modified));
    let line = |object: &&Object| {
        let modified = object.modified.map(|at| at.with_timezone(&world.zone).format("%m-%d %H:%M").to_string());
        let size = Quantity::bytes(object.size).to_string();
        format!("{size:>9} {} {}", modified.unwrap_or_default(), object.key)
    };
    evidence.output = objects.iter().take(SHOWN).map(line).collect::<Vec<_>>().join("\n");
    evidence
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::NaiveTime;

    use super::*;
    use crate::domain::probe::Backups;

    fn probe() -> S3Backups {
        S3Backups {
            bucket: "b".to_owned(),
            prefix: "backups/".to_owned(),
            local: Backups {
                folder: "/b".to_owned(),
                name: "postgres_%Y%m%d_%H%M%S.sql.gz".to_owned(),
                at: NaiveTime::from_hms_opt(3, 0, 0).unwrap(),
                days: 2,
                keep: Duration::ZERO,
                sizes: (50, 200),
            },
            keep: Duration::from_secs(30 * 86_400),
        }
    }

    fn object(day: &str, size: f64) -> Object {
        let modified = format!("2026-{}-{}T03:00:09Z", &day[..2], &day[2..]);
        let modified = DateTime::parse_from_rfc3339(&modified).unwrap().to_utc();
        Object { key: format!("backups/postgres_2026{day}_030001.sql.gz"), size, modified: Some(modified) }
    }

    fn judged(objects: &[Object]) -> Copies {
        let files = [("1121", 10.0), ("1122", 11.0)];
        let files = files.map(|(day, size)| (format!("postgres_2026{day}_030001.sql.gz"), size)).into();
        let now = DateTime::parse_from_rfc3339("2026-11-23T00:30:00Z").unwrap().to_utc();
        judge(&probe(), objects, Some(&files), now, FixedOffset::east_opt(0).unwrap())
    }

    #[test]
    fn a_day_without_a_copy_another_size_and_an_old_copy_are_named() {
        let good = judged(&[object("1121", 10.0), object("1122", 11.0)]);
        assert_eq!((good.missing.len(), good.differs.as_deref(), good.stale.len()), (0, Some(&[][..]), 0));
        let bad = judged(&[object("1001", 5.0), object("1121", 10.0), object("1122", 7.0)]);
        assert_eq!(bad.differs.unwrap(), ["postgres_20261122_030001.sql.gz"]);
        assert_eq!(bad.stale, ["postgres_20261001_030001.sql.gz"]);
        let empty = judged(&[object("1121", 10.0), object("1122", 0.0)]);
        assert_eq!(empty.missing, ["2026-11-22".parse().unwrap()]);
        assert_eq!(judged(&[]).missing.len(), 2);
    }

    #[test]
    fn without_the_originals_only_the_sizes_are_unknown() {
        let now = DateTime::parse_from_rfc3339("2026-11-23T00:30:00Z").unwrap().to_utc();
        let copies = judge(&probe(), &[object("1122", 11.0)], None, now, FixedOffset::east_opt(0).unwrap());
        assert_eq!((copies.differs, copies.missing.len()), (None, 1));
    }
}
