//! Conditions that ask the past: `rises`, `changed`, `new`, `> 1.5 x usual`, `grows > 2 x usual`.
//!
//! With too little of it they say so, and are neither met nor missed: what cannot be compared is not fine.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ConditionError, QuantityError};
use crate::domain::evidence::Value;
use crate::domain::history::{History, Series};
use crate::domain::probe::is_counter;
use crate::domain::quantity::Quantity;

/// What is asked of the past.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    /// More than at the look before.
    Rises,
    /// Another value than at the look before.
    Changed,
    /// Of a subject that no look before saw.
    New,
    /// So many times what is usual.
    Usual {
        /// What is held against the usual: the value, or what it grew by.
        of: Of,
        /// Whether more than that is meant, or less.
        above: bool,
        /// How many times.
        factor: f64,
    },
}

/// What is held against the usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The value itself.
    Value,
    /// What it grew by since the look before.
    Growth,
}

/// What "usual" means in a rule: the median of one value for each `every`, over the last `over`.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    /// How far back.
    pub over: TimeDelta,
    /// How far apart the values are: of several in one such span, the latest counts.
    pub every: TimeDelta,
    /// The fewest values that make a comparison.
    pub least: usize,
    /// The floor against noise: the least that the value must be off the usual (or have grown), in the base unit of the
    /// measure.
    pub margin: f64,
}

impl Default for Usual {
    /// One value a week, of the last four weeks.
    fn default() -> Self {
        Self { over: TimeDelta::days(28), every: TimeDelta::days(7), least: 4, margin: 0.0 }
    }
}

/// The past of one measurement, as a condition may ask it.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// What earlier looks of the same check found.
    pub history: &'a History,
    /// The measure.
    pub measure: &'a str,
    /// Of what, where there are several.
    pub subject: Option<&'a str>,
    /// What "usual" means.
    pub usual: &'a Usual,
    /// When the value was measured.
    pub now: DateTime<Utc>,
}

/// What a condition says of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is met, as compared with the past, where it asks that.
    Met,
    /// It is met; `before` is what the past has to say.
    MetSince {
        /// What it was, or what is usual.
        before: Value,
    },
    /// It is not met.
    NotMet,
    /// The past is too short to tell.
    TooLittle {
        /// How many earlier values there are.
        have: usize,
        /// How many there must be.
        need: usize,
    },
}

impl Against {
    /// Reads what is written, where it asks the past; none: it does not.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, ConditionError> {
        match text {
            "rises" => return Ok(Some(Self::Rises)),
            "changed" => return Ok(Some(Self::Changed)),
            "new" => return Ok(Some(Self::New)),
            _ => {}
        }
        let Some(rest) = text.strip_suffix("usual").map(str::trim_end).and_then(|rest| rest.strip_suffix('x')) else {
            return Ok(None);
        };
        let (of, rest) = match rest.strip_prefix("grows ") {
            Some(rest) => (Of::Growth, rest.trim_start()),
            None => (Of::Value, rest),
        };
        let (above, number) = match (rest.strip_prefix('>'), rest.strip_prefix('<')) {
            (Some(number), _) => (true, number.trim()),
            (_, Some(number)) => (false, number.trim()),
            (None, None) => return Err(ConditionError::NoOperator(text.to_owned())),
        };
        let factor: f64 =
            number.parse().map_err(|_| ConditionError::Quantity(QuantityError::NotANumber(number.to_owned())))?;
        // Nothing is less than a part of nothing, and what is above a part of the usual is above it always.
        let possible = factor.is_finite() && if above { factor >= 1.0 } else { factor > 0.0 && factor <= 1.0 };
        if !possible || (of == Of::Growth && !above) {
            return Err(ConditionError::Impossible(text.to_owned()));
        }
        Ok(Some(Self::Usual { of, above, factor }))
    }

    /// Whether only a number can be asked this.
    pub(super) const fn needs_number(&self) -> bool {
        matches!(self, Self::Rises | Self::Usual { .. })
    }

    /// Whether it compares with what is usual, as a rule's `usual` describes that.
    pub const fn asks_usual(&self) -> bool {
        matches!(self, Self::Usual { .. })
    }

    /// How it is written where what is wanted is shown.
    pub(super) fn wanted(&self) -> String {
        match self {
            Self::Rises | Self::Changed | Self::New => String::new(),
            Self::Usual { of: Of::Value, above: true, factor } => format!("≤ {factor} x"),
            Self::Usual { of: Of::Value, above: false, factor } => format!("≥ {factor} x"),
            Self::Usual { of: Of::Growth, factor, .. } => format!("+ ≤ {factor} x"),
        }
    }

    pub(super) fn ask(&self, value: &Value, past: &Past<'_>) -> Answer {
        let series = past.history.series(past.measure, past.subject);
        match self {
            Self::New if !past.history.measured(past.measure) => Answer::TooLittle { have: 0, need: 1 },
            Self::New => {
                if series.is_none() {
                    Answer::Met
                } else {
                    Answer::NotMet
                }
            }
            Self::Rises | Self::Changed => match series.and_then(Series::latest) {
                None => Answer::TooLittle { have: 0, need: 1 },
                Some(before) => {
                    let before = since_set_back(past.measure, value, before);
                    if self.differs(value, &before) { Answer::MetSince { before } } else { Answer::NotMet }
                }
            },
            Self::Usual { of, above, factor } => {
                let Value::Quantity(quantity) = value else { return Answer::NotMet };
                let values = series.map(|series| series.spread(past.usual, past.now)).unwrap_or_default();
                let compared = match of {
                    Of::Value => Compared::values(quantity.value, &values),
                    Of::Growth => Compared::growth(quantity.value, past.now, &values),
                };
                compared.answer(*above, *factor, past.usual, quantity.dimension)
            }
        }
    }

    fn differs(&self, value: &Value, before: &Value) -> bool {
        match (self, value, before) {
            (Self::Rises, Value::Quantity(now), Value::Quantity(before)) => now.value > before.value,
            (Self::Rises, ..) => false,
            (_, Value::Quantity(now), Value::Quantity(before)) => (now.value - before.value).abs() > f64::EPSILON,
            // Of a long text only the beginning is kept.
            _ => value.kept() != *before,
        }
    }
}

/// What a counter was before: nothing, where it stands lower than it did. It was set back meanwhile, and what it says now
/// came since: `docker restart` sets the restarts of a container back, a reboot the kernel's counts.
fn since_set_back(measure: &str, now: &Value, before: Value) -> Value {
    match (now, before) {
        (Value::Quantity(now), Value::Quantity(before)) if is_counter(measure) && now.value < before.value => {
            Value::Quantity(Quantity { value: 0.0, ..before })
        }
        (_, before) => before,
    }
}

/// A number beside those that it is compared with.
struct Compared {
    now: f64,
    usual: Vec<f64>,
}

impl Compared {
    fn values(now: f64, earlier: &[(DateTime<Utc>, f64)]) -> Self {
        Self { now, usual: earlier.iter().map(|(_, value)| *value).collect() }
    }

    /// What was gained a day, now and before. Where something was cleared away nothing was gained, and nothing is usual.
    fn growth(now: f64, at: DateTime<Utc>, earlier: &[(DateTime<Utc>, f64)]) -> Self {
        let rate = |(from, before): (DateTime<Utc>, f64), (to, after): (DateTime<Utc>, f64)| {
            (after - before) / days(to - from).max(f64::EPSILON)
        };
        let usual = earlier.windows(2).filter_map(|pair| match pair {
            [one, other] => Some(rate(*one, *other)).filter(|rate| *rate >= 0.0),
            _ => None,
        });
        let usual = usual.collect();
        let (now, span) = earlier.last().map_or((0.0, 1.0), |last| (rate(*last, (at, now)), days(at - last.0)));
        // Told as what was gained since the look before, in its whole span.
        Self { now: now * span, usual: scaled(usual, span) }
    }

    fn answer(&self, above: bool, factor: f64, rule: &Usual, dimension: crate::domain::quantity::Dimension) -> Answer {
        if self.usual.len() < rule.least {
            return Answer::TooLittle { have: self.usual.len(), need: rule.least };
        }
        let usual = median(&self.usual);
        let off = if above { self.now - usual } else { usual - self.now };
        let beyond = if above { self.now > factor * usual } else { self.now < factor * usual };
        if beyond && off >= rule.margin {
            Answer::MetSince { before: Value::Quantity(Quantity { value: usual, dimension }) }
        } else {
            Answer::NotMet
        }
    }
}

fn scaled(values: Vec<f64>, by: f64) -> Vec<f64> {
    values.into_iter().map(|value| value * by).collect()
}

fn days(span: TimeDelta) -> f64 {
    span.as_seconds_f64() / 86_400.0
}

/// The middle value; of an even number the mean of the two in the middle; of none, zero.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle.wrapping_sub(1)), sorted.get(middle)) {
        (Some(low), Some(high)) if sorted.len().is_multiple_of(2) => f64::midpoint(*low, *high),
        (_, Some(middle)) => *middle,
        _ => 0.0,
    }
}
