//! What is counted of a log, line by line, in constant memory. Pure.

use std::collections::{BTreeMap, HashMap, VecDeque};

use regex::Regex;

use super::lines::LINE_BYTES;
use crate::domain::evidence::Measurement;
use crate::domain::log_line::{Severity, normalise, severity};
use crate::domain::mask::Masker;
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;
use crate::probe::text::{LINE_LENGTH, fit};

/// How many of the last lines show a measure.
const SAMPLES: usize = 20;

/// How many of the last lines show one pattern of an error.
const SAMPLES_OF_PATTERN: usize = 3;

/// How many patterns of errors are told apart at a time.
const PATTERNS: usize = 500;

/// How many patterns are shown.
const SHOWN_PATTERNS: usize = 5;

/// Counts of one log.
pub(super) struct Tally<'a> {
    masker: &'a Masker,
    lines: u64,
    cut: u64,
    critical: Samples,
    errors: Samples,
    own: Vec<(&'a str, &'a Regex, Samples)>,
    /// Errors and worse, by what stays of them when numbers, ids and times are left out.
    repeated: HashMap<String, Samples>,
    /// How many patterns had to be forgotten.
    forgotten: u64,
}

/// How many lines there were, and the last of them.
#[derive(Clone, Debug, Default)]
struct Samples {
    count: u64,
    last: VecDeque<String>,
}

impl Samples {
    fn add(&mut self, line: &str, most: usize) {
        self.count += 1;
        if self.last.len() == most {
            self.last.pop_front();
        }
        self.last.push_back(line.to_owned());
    }

    fn join(&mut self, other: Self, most: usize) {
        self.count += other.count;
        self.last.extend(other.last);
        self.last.drain(..self.last.len().saturating_sub(most));
    }
}

impl<'a> Tally<'a> {
    pub(super) fn new(patterns: &'a BTreeMap<String, Regex>, masker: &'a Masker) -> Self {
        let own = patterns.iter().map(|(name, regex)| (name.as_str(), regex, Samples::default()));
        Self {
            masker,
            lines: 0,
            cut: 0,
            critical: Samples::default(),
            errors: Samples::default(),
            own: own.collect(),
            repeated: HashMap::new(),
            forgotten: 0,
        }
    }

    /// How many lines there were.
    pub(super) const fn lines(&self) -> u64 {
        self.lines
    }

    /// Counts a line; `cut`: it went on.
    pub(super) fn line(&mut self, line: &[u8], cut: bool) {
        self.lines += 1;
        self.cut += u64::from(cut);
        let line = String::from_utf8_lossy(line);
        let severity = severity(&line);
        let own: Vec<usize> = self
            .own
            .iter()
            .enumerate()
            .filter(|(_, (_, regex, _))| regex.is_match(&line))
            .map(|(index, _)| index)
            .collect();
        if severity == Severity::Other && own.is_empty() {
            return;
        }
        let shown = fit(line.trim_end(), self.masker, LINE_LENGTH);
        for index in own {
            self.own[index].2.add(&shown, SAMPLES);
        }
        match severity {
            Severity::Critical => self.critical.add(&shown, SAMPLES),
            Severity::Error => self.errors.add(&shown, SAMPLES),
            Severity::Other => return,
        }
        let pattern = normalise(&self.masker.mask(&line));
        self.repeated.entry(pattern).or_default().add(&shown, SAMPLES_OF_PATTERN);
        if self.repeated.len() > PATTERNS {
            self.forget();
        }
    }

    /// Makes room: the rarest patterns go, since only the most frequent is asked for.
    fn forget(&mut self) {
        let mut counts: Vec<u64> = self.repeated.values().map(|samples| samples.count).collect();
        counts.sort_unstable();
        let rare = counts.get(PATTERNS / 2).copied().unwrap_or(1);
        let before = self.repeated.len();
        self.repeated.retain(|_, samples| samples.count > rare);
        self.forgotten += u64::try_from(before - self.repeated.len()).unwrap_or(u64::MAX);
    }

    /// Adds what was counted of another log with the same patterns.
    pub(super) fn join(&mut self, other: Tally<'a>) {
        self.lines += other.lines;
        self.cut += other.cut;
        self.forgotten += other.forgotten;
        self.critical.join(other.critical, SAMPLES);
        self.errors.join(other.errors, SAMPLES);
        for ((.., samples), (.., others)) in self.own.iter_mut().zip(other.own) {
            samples.join(others, SAMPLES);
        }
        for (pattern, samples) in other.repeated {
            self.repeated.entry(pattern).or_default().join(samples, SAMPLES_OF_PATTERN);
        }
    }

    /// The patterns of errors, the most frequent first.
    fn by_frequency(&self) -> Vec<(&String, &Samples)> {
        let mut patterns: Vec<_> = self.repeated.iter().collect();
        patterns.sort_by(|one, other| other.1.count.cmp(&one.1.count).then_with(|| one.0.cmp(other.0)));
        patterns
    }

    pub(super) fn measurements(&self) -> Vec<Measurement> {
        let measure = |name: &str, samples: &Samples| {
            Measurement::quantity(name, count(samples.count)).shown_by(samples.last.iter().cloned().collect())
        };
        let mut measurements = vec![measure("critical", &self.critical), measure("errors", &self.errors)];
        measurements.push(match self.by_frequency().first() {
            Some((pattern, samples)) => {
                let says = Message::new("probe-log-repeated")
                    .with("count", samples.count.to_string())
                    .with("pattern", pattern.as_str());
                measure("repeated", samples).saying(says)
            }
            None => Measurement::quantity("repeated", count(0)),
        });
        measurements.push(Measurement::quantity("lines", count(self.lines)));
        measurements.extend(self.own.iter().map(|(name, _, samples)| measure(name, samples)));
        measurements
    }

    /// What is not known since lines were too long: what stands in the rest of them.
    pub(super) fn cut_lines(&self) -> Option<Message> {
        let told = Message::new("probe-log-long-lines").with("count", self.cut.to_string());
        (self.cut > 0).then(|| told.with("size", count_bytes(LINE_BYTES)))
    }

    pub(super) fn notes(&self) -> Vec<Message> {
        let forgotten = Message::new("probe-log-many-patterns").with("count", self.forgotten.to_string());
        self.cut_lines().into_iter().chain((self.forgotten > 0).then_some(forgotten)).collect()
    }

    /// The counts, and the most frequent errors.
    pub(super) fn summary(&self) -> String {
        let mut lines =
            vec![format!("lines {}, critical {}, errors {}", self.lines, self.critical.count, self.errors.count)];
        lines.extend(self.own.iter().map(|(name, _, samples)| format!("{name} {}", samples.count)));
        let patterns = self.by_frequency();
        lines.extend(
            patterns.iter().take(SHOWN_PATTERNS).map(|(pattern, samples)| format!("{} × {pattern}", samples.count)),
        );
        lines.join("\n")
    }
}

#[expect(clippy::cast_precision_loss, reason = "lines are far fewer than 2^53")]
fn count(number: u64) -> Quantity {
    Quantity::count(number as f64)
}

#[expect(clippy::cast_precision_loss, reason = "a size of some KiB")]
fn count_bytes(bytes: usize) -> Quantity {
    Quantity::bytes(bytes as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally_of<'a>(patterns: &'a BTreeMap<String, Regex>, masker: &'a Masker, log: &str) -> Tally<'a> {
        let mut tally = Tally::new(patterns, masker);
        for line in log.lines() {
            tally.line(line.as_bytes(), false);
        }
        tally
    }

    fn number(tally: &Tally<'_>, measure: &str) -> String {
        let measurements = tally.measurements();
        measurements.iter().find(|one| one.measure == measure).unwrap().value.to_string()
    }

    const LOG: &str = "2026-11-22 09:00:00.1Z [LOG] INFO | session=1 | message=started with 0 errors
2026-11-22 09:00:01.1Z [LOG] ERROR | session=2 | message=order 12 lost, key hunter2
2026-11-22 09:00:02.1Z [LOG] ERROR | session=3 | message=order 13 lost, key hunter2
2026-11-22 09:00:03.1Z [LOG] ERROR | session=4 | message=order 14 lost, key hunter2
2026-11-22 09:00:04.1Z [LOG] FATAL | session=5 | message=connection to database refused
2026-11-22 09:00:05.1Z [LOG] INFO | session=6 | message=database answers again";

    #[test]
    fn lines_are_counted_by_level_and_by_pattern() {
        let patterns = BTreeMap::from([("database".to_owned(), Regex::new("database.*refused").unwrap())]);
        let masker = Masker::new(["hunter2"]);
        let tally = tally_of(&patterns, &masker, LOG);
        for (measure, expected) in
            [("lines", "6"), ("errors", "3"), ("critical", "1"), ("repeated", "3"), ("database", "1")]
        {
            assert_eq!(number(&tally, measure), expected, "{measure}");
        }
        let measurements = tally.measurements();
        let repeated = measurements.iter().find(|one| one.measure == "repeated").unwrap();
        let expected = Message::new("probe-log-repeated")
            .with("count", "3")
            .with("pattern", "[LOG] ERROR | session=<n> | message=order <n> lost, key •••");
        assert_eq!(repeated.says, Some(expected));
        assert_eq!(repeated.lines.len(), 3);
        assert!(!format!("{measurements:?}").contains("hunter2"));
        assert_eq!(tally.notes(), []);
    }

    #[test]
    fn an_empty_log_has_nothing() {
        let patterns = BTreeMap::new();
        let masker = Masker::default();
        let tally = tally_of(&patterns, &masker, "");
        assert_eq!(number(&tally, "repeated"), "0");
        assert_eq!(tally.summary(), "lines 0, critical 0, errors 0");
    }

    #[test]
    fn samples_are_the_last_and_bounded() {
        let patterns = BTreeMap::new();
        let masker = Masker::default();
        let log: String = (0..50).map(|number| format!("ERROR {number} {}\n", "x".repeat(1000))).collect();
        let tally = tally_of(&patterns, &masker, &log);
        let errors = &tally.measurements()[1];
        assert_eq!(errors.lines.len(), SAMPLES);
        assert!(errors.lines[19].starts_with("ERROR 49 x") && errors.lines[19].chars().count() == LINE_LENGTH + 1);
    }

    #[test]
    fn many_different_errors_take_no_more_memory_and_hide_no_frequent_one() {
        let patterns = BTreeMap::new();
        let masker = Masker::default();
        let word = |number: u32| -> String {
            number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
        };
        let log: String = (0..3000)
            .map(
                |number| {
                    if number % 10 == 0 { "ERROR again\n".to_owned() } else { format!("ERROR {}\n", word(number)) }
                },
            )
            .collect();
        let tally = tally_of(&patterns, &masker, &log);
        assert!(tally.repeated.len() <= PATTERNS);
        assert_eq!(number(&tally, "repeated"), "300");
        assert_eq!(tally.notes()[0].key, "probe-log-many-patterns");
    }

    #[test]
    fn what_is_not_utf_8_and_what_is_cut_is_counted() {
        let patterns = BTreeMap::new();
        let masker = Masker::default();
        let mut tally = Tally::new(&patterns, &masker);
        tally.line(b"\xff\xfe ERROR \xff", false);
        tally.line(&vec![b'x'; LINE_BYTES], true);
        assert_eq!((number(&tally, "errors").as_str(), number(&tally, "lines").as_str()), ("1", "2"));
        assert_eq!(tally.notes()[0].key, "probe-log-long-lines");
    }

    #[test]
    fn logs_of_several_containers_are_added() {
        let patterns = BTreeMap::from([("database".to_owned(), Regex::new("refused").unwrap())]);
        let masker = Masker::default();
        let mut tally = tally_of(&patterns, &masker, LOG);
        tally.join(tally_of(&patterns, &masker, LOG));
        for (measure, expected) in [("lines", "12"), ("errors", "6"), ("repeated", "6"), ("database", "2")] {
            assert_eq!(number(&tally, measure), expected, "{measure}");
        }
    }
}
