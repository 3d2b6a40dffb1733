//! How a measure went over the last days: its lines with their gaps, what its thresholds say of it, and the few numbers
//! that tell it in words. What is sampled between the runs is told by its samples, see [`sampled`].

use chrono::{DateTime, TimeDelta, Utc};

use super::command::{Check, Rule};
use super::condition::past::{Answer, Past, Usual};
use super::condition::{Condition, Edge};
use super::evidence::Value;
use super::grade::Grade;
use super::history::History;
use super::quantity::{Dimension, Quantity};

pub mod sampled;

/// The most subjects that one picture shows: more lines than these nobody can follow.
pub const MOST_LINES: usize = 4;

/// How many days may be asked for.
pub const SPANS: [u32; 3] = [7, 30, 90];

/// The span where none is asked for.
pub const USUAL_SPAN: u32 = 30;

/// A number, and when it was measured.
pub type Point = (DateTime<Utc>, f64);

/// One measure of one check over a span of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The measure: `used`.
    pub measure: String,
    /// What it counts.
    pub dimension: Dimension,
    /// Where the span begins.
    pub from: DateTime<Utc>,
    /// Where it ends.
    pub to: DateTime<Utc>,
    /// A line for each subject, the worst first: at most [`MOST_LINES`].
    pub lines: Vec<Line>,
    /// How many subjects are left out.
    pub left_out: usize,
    /// From where on it is bad: failures before warnings.
    pub limits: Vec<Limit>,
    /// How long each point stands for, where the points are samples put together; none: each was measured by a run.
    pub step: Option<TimeDelta>,
}

/// One subject of the measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// A mount, a container; none where there is but one.
    pub subject: Option<String>,
    /// What was measured, the oldest first.
    pub points: Vec<Point>,
    /// What each point stands for, in the same order; empty where each is one value.
    pub spreads: Vec<Spread>,
}

/// Several samples that became one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// How many there are.
    pub count: u32,
    /// The least of them.
    pub least: f64,
    /// Their mean.
    pub mean: f64,
    /// The most of them.
    pub most: f64,
}

/// A threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What it makes of a value that meets it.
    pub grade: Grade,
    /// The condition, as the command file has it.
    pub condition: Condition,
}

/// What a line says in numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many values there are.
    pub count: usize,
    /// The least of them, and when.
    pub least: Point,
    /// Their mean.
    pub mean: f64,
    /// The most of them, and when.
    pub most: Point,
    /// The latest of them.
    pub last: Point,
    /// Whether the latest is bad: how bad, and since when every value has been at least that.
    pub beyond: Option<(Grade, DateTime<Utc>)>,
}

impl Trend {
    /// The trend of `measure` of `check` from `lines`. None where nothing was measured.
    pub fn of(
        check: &Check,
        measure: &str,
        dimension: Dimension,
        span: (DateTime<Utc>, DateTime<Utc>),
        lines: Vec<Line>,
        step: Option<TimeDelta>,
    ) -> Option<Self> {
        let limits = limits(check, measure);
        let mut lines: Vec<_> = lines.into_iter().filter(|line| !line.points.is_empty()).collect();
        let sign = if limits.iter().any(|limit| limit.condition.fears_less()) { -1.0 } else { 1.0 };
        let last = |line: &Line| line.points.last().map_or(0.0, |(_, value)| sign * value);
        // Stable: equal ones stay in the order of their names.
        lines.sort_by(|one, other| last(other).total_cmp(&last(one)));
        let left_out = lines.len().saturating_sub(MOST_LINES);
        lines.truncate(MOST_LINES);
        let (from, to) = span;
        let measure = measure.to_owned();
        (!lines.is_empty()).then_some(Self { measure, dimension, from, to, lines, left_out, limits, step })
    }

    /// `value` of the measure.
    pub const fn quantity(&self, value: f64) -> Quantity {
        Quantity { value, dimension: self.dimension }
    }

    /// How bad `value` is; none where it is not.
    pub fn judge(&self, value: f64) -> Option<Grade> {
        let met = |limit: &&Limit| meets(&limit.condition, self.quantity(value));
        self.limits.iter().filter(met).map(|limit| limit.grade).min()
    }

    /// The distance of two values from which on nobody knows what was in between. Runs are a day apart, or a week, or
    /// whatever is usual here; half as much again is a run that was left out, or a step without any sample.
    pub fn gap(&self) -> TimeDelta {
        const LEAST: TimeDelta = TimeDelta::days(1);
        if let Some(step) = self.step {
            return step + step / 2;
        }
        let mut apart: Vec<TimeDelta> = self.lines.iter().flat_map(|line| distances(&line.points)).collect();
        // What lies closer than a day is a day on which somebody looked more often, not what is usual.
        apart.retain(|distance| *distance >= LEAST / 2);
        apart.sort();
        let usual = apart.get(apart.len() / 2).copied().unwrap_or(LEAST).max(LEAST);
        usual + usual / 2
    }

    /// The times in which nothing was measured of any subject, from the beginning of the span to its end.
    pub fn gaps(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let gap = self.gap();
        let mut measured: Vec<DateTime<Utc>> =
            self.lines.iter().flat_map(|line| &line.points).map(|(at, _)| *at).collect();
        measured.sort();
        let ends: Vec<_> = [self.from].into_iter().chain(measured).chain([self.to]).collect();
        let gaps = ends.windows(2).filter_map(|pair| match pair {
            [from, to] if *to - *from > gap => Some((*from, *to)),
            _ => None,
        });
        gaps.collect()
    }

    /// What `line` says in numbers.
    pub fn summary(&self, line: &Line) -> Option<Summary> {
        let (mut first, last) = (line.spans(), line.points.last()?);
        let (at, one) = first.next()?;
        let (mut least, mut most) = ((at, one.least), (at, one.most));
        let (mut count, mut sum) = (u64::from(one.count), one.mean * f64::from(one.count));
        for (at, spread) in first {
            if spread.least < least.1 {
                least = (at, spread.least);
            }
            if spread.most > most.1 {
                most = (at, spread.most);
            }
            count += u64::from(spread.count);
            sum += spread.mean * f64::from(spread.count);
        }
        let mean = sum / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Some(Summary { count, least, mean, most, last: *last, beyond: self.beyond(line) })
    }

    fn beyond(&self, line: &Line) -> Option<(Grade, DateTime<Utc>)> {
        let grade = self.judge(line.points.last()?.1)?;
        // Grades are ordered, the worst first.
        let as_bad = |point: &&Point| self.judge(point.1).is_some_and(|found| found <= grade);
        let since = line.points.iter().rev().take_while(as_bad).last()?.0;
        Some((grade, since))
    }
}

impl Line {
    /// What each point stands for: for itself, where it is one value.
    pub fn spans(&self) -> impl Iterator<Item = (DateTime<Utc>, Spread)> {
        self.points.iter().enumerate().map(|(index, (at, value))| {
            let alone = Spread { count: 1, least: *value, mean: *value, most: *value };
            (*at, self.spreads.get(index).copied().unwrap_or(alone))
        })
    }

    /// The stretches between the gaps: neighbours in one of them lie less than `gap` apart.
    pub fn stretches(&self, gap: TimeDelta) -> impl Iterator<Item = &[Point]> {
        self.points.chunk_by(move |one, other| other.0 - one.0 <= gap)
    }
}

impl Limit {
    /// The lines that it draws.
    pub fn edges(&self) -> Vec<Edge> {
        self.condition.edges()
    }
}

/// The numeric measures of `check` in the order in which a person would ask for them: what is shown, then what is ruled.
pub fn measures(check: &Check) -> Vec<(String, Dimension)> {
    let known = check.probe.measures();
    let dimension =
        |name: &str| known.iter().find(|measure| measure.name == name).and_then(|measure| measure.dimension);
    let mut found: Vec<(String, Dimension)> = Vec::new();
    // A status is a number that means nothing as a height: it comes last.
    let names = check.show.iter().chain(check.rules.iter().map(|rule| &rule.measure));
    let all = names.cloned().chain(known.iter().map(|measure| measure.name.clone()));
    for name in all {
        if let Some(dimension) = dimension(&name).filter(|_| !found.iter().any(|(known, _)| *known == name)) {
            found.push((name, dimension));
        }
    }
    let is_code = |name: &str| matches!(name, "status" | "exit" | "exit_code");
    found.sort_by_key(|(name, _)| is_code(name));
    found
}

fn limits(check: &Check, measure: &str) -> Vec<Limit> {
    let of = |grade: Grade, pick: fn(&Rule) -> Option<&Condition>| {
        let rules = check.rules.iter().filter(|rule| rule.measure == measure);
        rules.filter_map(pick).map(move |condition| Limit { grade, condition: condition.clone() }).collect::<Vec<_>>()
    };
    let mut limits = of(Grade::Fail, |rule| rule.fail.as_ref());
    limits.extend(of(Grade::Warn, |rule| rule.warn.as_ref()));
    limits
}

/// Whether a value alone, without any past, meets `condition`.
fn meets(condition: &Condition, value: Quantity) -> bool {
    let (history, usual) = (History::default(), Usual::default());
    let past = Past { history: &history, measure: "", subject: None, usual: &usual, now: DateTime::UNIX_EPOCH };
    condition.against().is_none() && condition.ask(&Value::Quantity(value), &past) == Answer::Met
}

fn distances(points: &[Point]) -> impl Iterator<Item = TimeDelta> {
    points.windows(2).filter_map(|pair| match pair {
        [one, other] => Some(other.0 - one.0),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
