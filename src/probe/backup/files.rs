//! The backups in a folder of the host: unpacked there, to their end. `gzip -t` alone passes a failed `pg_dump | gzip` of
//! 20 bytes and a dump that was cut off and packed anew: only the dump's own last words tell.

use chrono::{DateTime, FixedOffset};

use super::week::{self, File, Week};
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Backups;
use crate::domain::quantity::Quantity;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, clip, quoted};
use crate::probe::{Watch, World, could_not};

/// What a complete dump says in its last lines; newer versions add a line after it.
const LAST_WORDS: &str = "PostgreSQL database dump complete";

pub(in crate::probe) async fn look(probe: &Backups, world: &World, watch: &Watch) -> Looked {
    let what = format!("ls -l {}", quoted(&probe.folder));
    let output = match world.run(&script(probe), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let text = &output.stdout.text;
    let stderr = output.stderr.text.trim();
    let failed = |reason| {
        let mut failed = could_not(what.clone(), reason);
        failed.output = clip(stderr, OUTPUT_LENGTH).into_owned();
        failed
    };
    if part(text, "folder") != "yes" {
        return Err(failed(Message::new("probe-backups-no-folder").with("folder", probe.folder.as_str())));
    }
    let (Some(offset), true) = (offset(part(text, "zone")), text.contains("==signoff end")) else {
        return Err(failed(Message::new("probe-backups-unread").with("folder", probe.folder.as_str())));
    };
    let files: Vec<_> = part(text, "files").lines().filter_map(read).collect();
    let week = week::judge(probe, &files, world.now, offset);
    Ok(seen(what, probe, &week, &files, world))
}

/// Only the last days are unpacked, the machine's other work coming first.
fn script(probe: &Backups) -> String {
    let folder = quoted(&probe.folder);
    let recent = probe.days + 2;
    format!(
        "export LC_ALL=C
{folder_mark}
[ -d {folder} ] && [ -r {folder} ] && [ -x {folder} ] && echo yes
{zone_mark}
date +%z
{files_mark}
find {folder} -mindepth 1 -maxdepth 1 -type f \\( -mtime -{recent} -printf 'new' -o -printf 'old' \\) -printf ' %s %T@ %f\\n' |
while read -r age size changed name; do
  file={folder}/$name; whole=old; content=
  if [ $age = new ]; then
    if [ ! -r \"$file\" ]; then whole=unreadable
    else
      last=$({{ nice gzip -cd \"$file\" 2>/dev/null; echo \"status $?\"; }} | tail -n 11)
      whole=no
      case $last in *'{LAST_WORDS}'*'status 0') whole=yes ;; esac
      content=$(nice sha256sum <\"$file\")
    fi
  fi
  content=${{content%%  *}}
  echo \"$size $changed $whole ${{content:--}} $name\"
done
{end_mark}",
        folder_mark = mark("folder"),
        zone_mark = mark("zone"),
        files_mark = mark("files"),
        end_mark = mark("end"),
    )
}

/// `+0900`.
pub(in crate::probe) fn offset(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = text.trim().split_at_checked(1)?;
    let (hours, minutes) = digits.split_at_checked(2)?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    FixedOffset::east_opt(if sign == "-" { -seconds } else { seconds })
}

/// `123456 1795392000.5 yes 0123456789abcdef postgres_20261122_030001.sql.gz`.
fn read(line: &str) -> Option<File> {
    let mut words = line.splitn(5, ' ');
    let size = words.next()?.parse().ok()?;
    let changed = words.next()?.split('.').next()?.parse().ok()?;
    let whole = match words.next()? {
        "yes" => Some(true),
        "old" => None,
        _ => Some(false),
    };
    let content = words.next()?.trim_start_matches('-').to_owned();
    let changed = DateTime::from_timestamp(changed, 0)?;
    Some(File { name: words.next()?.to_owned(), size, changed, whole, content })
}

fn seen(what: String, probe: &Backups, week: &Week, files: &[File], world: &World) -> Evidence {
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let count = |number: usize| Quantity::count(f64::from(u32::try_from(number).unwrap_or(u32::MAX)));
    let days: Vec<String> = week.missing.iter().map(ToString::to_string).collect();
    let mut counted = |measure: &'static str, key: &'static str, names: &[String]| {
        let measurement = Measurement::quantity(measure, count(names.len())).shown_by(names.to_vec());
        let says = Message::new(key).with("count", names.len().to_string()).with("names", names.join(", "));
        evidence.measurements.push(if names.is_empty() { measurement } else { measurement.saying(says) });
    };
    counted("missing", "probe-backups-missing", &days);
    counted("broken", "probe-backups-broken", &week.broken);
    counted("odd", "probe-backups-odd", &week.odd);
    counted("copied", "probe-backups-copied", &week.copied);
    counted("misdated", "probe-backups-misdated", &week.misdated);
    counted("stale", "probe-backups-stale", &week.stale);
    evidence.measurements.push(Measurement::quantity("count", count(week.count)));
    match &week.newest {
        Some((file, stamp)) => {
            let age = Quantity::seconds((world.now - *stamp).as_seconds_f64().max(0.0));
            let says = Message::new("probe-backups-newest")
                .with("name", file.name.as_str())
                .with("age", age)
                .with("size", Quantity::bytes(file.size));
            evidence.measurements.push(Measurement::quantity("newest", age).saying(says));
            evidence.measurements.push(Measurement::quantity("size", Quantity::bytes(file.size)));
        }
        // That none is there is missing days, which is told above.
        None => {
            let none = Message::new("probe-backups-none").with("folder", probe.folder.as_str());
            evidence.unread.extend(["newest", "size"].map(|measure| (measure.to_owned(), none.clone())));
        }
    }
    if week.foreign > 0 {
        let foreign = Message::new("probe-backups-foreign").with("count", week.foreign.to_string());
        evidence.notes.push(foreign.with("name", probe.name.as_str()));
    }
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by(|one, other| other.name.cmp(&one.name));
    let line = |file: &&File| {
        let whole = match file.whole {
            Some(true) => "whole",
            Some(false) => "BROKEN",
            None => "-",
        };
        let changed = file.changed.with_timezone(&world.zone).format("%m-%d %H:%M");
        format!("{:>9} {changed} {whole:<6} {}", Quantity::bytes(file.size).to_string(), file.name)
    };
    evidence.output = clip(&files.iter().take(40).map(line).collect::<Vec<_>>().join("\n"), OUTPUT_LENGTH).into_owned();
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_zones_are_read() {
        let file = read("123 1795392000.5 yes 0123456789abcdef postgres 1.sql.gz").unwrap();
        assert_eq!((file.size, file.whole, file.name.as_str()), (123.0, Some(true), "postgres 1.sql.gz"));
        assert_eq!(read("20 1795392000.5 old - a").map(|file| (file.whole, file.content)), Some((None, String::new())));
        assert_eq!(read("garbage"), None);
        assert_eq!(offset("+0900").map(|offset| offset.local_minus_utc()), Some(32_400));
        assert_eq!(offset("-0330").map(|offset| offset.local_minus_utc()), Some(-12_600));
        assert_eq!(offset(""), None);
    }
}
