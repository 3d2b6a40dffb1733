//! Files of the host: their mode, owner, size and age. What is in them is never read.

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Files;
use crate::domain::quantity::Quantity;
use crate::probe::text::{OUTPUT_LENGTH, clip, quoted};
use crate::probe::{Watch, World, could_not, sudo};

/// The most files that are measured one by one.
const MOST: usize = 500;

pub(in crate::probe) async fn look(probe: &Files, world: &World, watch: &Watch) -> Looked {
    let what = format!("stat -L -- {}", probe.paths.join(" "));
    let output = match world.run(&script(probe), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    if let Some(why) = sudo::refusal(&output.stderr.text, world, "/usr/bin/find") {
        return Err(could_not(what, why));
    }
    let found: Vec<_> = output.stdout.text.lines().filter_map(File::read).collect();
    let complaints: Vec<_> = output.stderr.text.lines().filter(|line| !is_of_nothing(line)).collect();
    if found.is_empty() && !complaints.is_empty() {
        let reason = Message::new("probe-files-unreadable").with("cause", complaints.join("; "));
        return Err(could_not(what, reason));
    }
    Ok(seen(what, &found, world.now.timestamp(), output.status))
}

/// `find` says so of a folder that is not there; whatever else says it could not look.
fn is_of_nothing(line: &str) -> bool {
    line.starts_with("find: ") && line.contains("No such file")
}

/// `find` resolves the last part of each path by itself, as root: a folder that only root may list hides nothing.
fn script(probe: &Files) -> String {
    let skip: String = probe.skip.iter().map(|name| format!(" ! -name {}", quoted(name))).collect();
    let find = |path: &String| {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let folder = if folder.is_empty() { "/" } else { folder };
        // Links are followed: what they lead to is what is read.
        format!(
            "sudo -n find -L {} -mindepth 1 -maxdepth 1 -type f -name {}{skip} -printf '%m %U:%u %s %T@ %p\\n'",
            quoted(folder),
            quoted(name)
        )
    };
    let lines = probe.paths.iter().map(find);
    ["export LC_ALL=C".to_owned()].into_iter().chain(lines).chain(["true".to_owned()]).collect::<Vec<_>>().join("\n")
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
struct File {
    mode: String,
    owner: String,
    size: f64,
    changed: i64,
    path: String,
}

impl File {
    /// Reads `600 1000:ec2-user 123 1795392000.123 /path`.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.splitn(5, ' ');
        let mode = words.next()?.to_owned();
        let owner = words.next()?.split_once(':')?.1.to_owned();
        let size = words.next()?.parse().ok()?;
        let changed = words.next()?.split('.').next()?.parse().ok()?;
        Some(Self { mode, owner, size, changed, path: words.next()?.to_owned() })
    }
}

fn seen(what: String, files: &[File], now: i64, status: Option<Status>) -> Evidence {
    let mut evidence = Evidence { what, status, ..Evidence::default() };
    let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
    evidence.measurements.push(Measurement::quantity("count", Quantity::count(f64::from(count))));
    let total: f64 = files.iter().map(|file| file.size).sum();
    evidence.measurements.push(Measurement::quantity("total", Quantity::bytes(total)));
    // The oldest first: where there are too many, the young ones are passed over.
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|file| file.changed);
    if files.len() > MOST {
        evidence.notes.push(Message::new("probe-files-many").with("most", MOST.to_string()));
    }
    for file in files.iter().take(MOST) {
        let age = Quantity::seconds(f64::from(i32::try_from((now - file.changed).max(0)).unwrap_or(i32::MAX)));
        let of = |measurement: Measurement| measurement.of(file.path.as_str());
        evidence.measurements.extend([
            of(Measurement::text("mode", file.mode.as_str())),
            of(Measurement::text("owner", file.owner.as_str())),
            of(Measurement::quantity("size", Quantity::bytes(file.size))),
            of(Measurement::quantity("age", age)),
        ]);
    }
    let line = |file: &&File| {
        let age = Quantity::seconds(f64::from(i32::try_from((now - file.changed).max(0)).unwrap_or(i32::MAX)));
        format!("{:>4} {} {} {age} {}", file.mode, file.owner, Quantity::bytes(file.size), file.path)
    };
    let shown = files.iter().map(line).collect::<Vec<_>>().join("\n");
    evidence.output = clip(&shown, OUTPUT_LENGTH).into_owned();
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_with_blanks_in_its_name() {
        let file = File::read("644 1000:ec2-user 12 1795392000.5 /opt/gear freak/.env").unwrap();
        assert_eq!(
            (file.mode.as_str(), file.owner.as_str(), file.path.as_str()),
            ("644", "ec2-user", "/opt/gear freak/.env")
        );
        for wrong in ["", "644", "644 1000 12 1 /x", "644 1000:a twelve 1 /x"] {
            assert_eq!(File::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_script_takes_patterns_as_words() {
        let probe = Files { paths: vec!["/var/log/nginx/*.log*".to_owned()], skip: vec!["*.gz".to_owned()] };
        assert!(
            script(&probe).contains(
                "find -L /var/log/nginx -mindepth 1 -maxdepth 1 -type f -name '*.log*' ! -name '*.gz' -printf"
            )
        );
    }

    #[test]
    fn each_file_is_measured_and_all_together() {
        let read = |line| File::read(line).unwrap();
        let files = [read("600 0:root 100 1000.0 /new"), read("644 0:root 50 500.0 /old")];
        let evidence = seen(String::new(), &files, 1500, None);
        let of = |measure: &str| evidence.of(measure).map(|one| one.value.to_string()).collect::<Vec<_>>();
        assert_eq!(of("count"), ["2"]);
        assert_eq!(of("total"), ["150 B"]);
        assert_eq!(of("mode"), ["644", "600"]);
        assert_eq!(evidence.of("age").next().unwrap().value.to_string(), "17 min");
    }
}
