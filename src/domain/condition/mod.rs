//! Conditions: `>= 80 %`, `not in 200..399`, `!= running`, `!~ ^OK `, and those that ask the past: `rises`,
//! `> 1.5 x usual`. Parsed once, when a command is loaded; a condition that cannot be understood is an error there, never
//! a silent zero later.

use std::fmt;

use regex::Regex;

pub mod past;

use past::{Against, Answer, Past};

use super::evidence::Value;
use super::quantity::{Dimension, Quantity, QuantityError};

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Comparison {
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::AtLeast => left >= right,
            Self::Above => left > right,
            Self::AtMost => left <= right,
            Self::Below => left < right,
            Self::Equal => (left - right).abs() < f64::EPSILON,
            Self::NotEqual => (left - right).abs() >= f64::EPSILON,
        }
    }
}

/// What a condition asks of a value.
#[derive(Clone, Debug)]
enum Test {
    Compare(Comparison, Quantity),
    Range { inside: bool, low: Quantity, high: Quantity },
    OneOf { inside: bool, words: Vec<String> },
    Pattern { matches: bool, regex: Regex },
    Past(Against),
}

/// A number at which a condition's answer changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The number, in base units.
    pub at: f64,
    /// Whether what is above it meets the condition, or what is below.
    pub met_above: bool,
}

/// A parsed condition, which remembers how it was written.
#[derive(Clone, Debug)]
pub struct Condition {
    written: String,
    test: Test,
}

/// Why a text is not a condition, or cannot be asked of a measure.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConditionError {
    /// It begins with no known operator.
    #[error("`{0}` begins with no operator")]
    NoOperator(String),
    /// Its number or unit cannot be read.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// Its regular expression cannot be compiled.
    #[error("not a regular expression: {0}")]
    Pattern(String),
    /// It compares a text with an order (`>= running`).
    #[error("`{0}` is not a number, and a text has no order")]
    TextHasNoOrder(String),
    /// There is nothing behind its operator.
    #[error("nothing stands behind the operator")]
    NoBound,
    /// The two ends of the range count different things.
    #[error("the ends of {0} count different things")]
    MixedRange(String),
    /// The range ends before it begins.
    #[error("the range {0} ends before it begins")]
    EmptyRange(String),
    /// The measure counts something else.
    #[error("the measure is in {measure:?}, the condition in {condition:?}")]
    WrongDimension {
        /// What the measure counts; none for a text.
        measure: Option<Dimension>,
        /// What the condition counts; none for a text.
        condition: Option<Dimension>,
    },
    /// The measure is never that word.
    #[error("`{word}` is not one of {known:?}")]
    UnknownWord {
        /// The word.
        word: String,
        /// Those that it can be.
        known: &'static [&'static str],
    },
    /// No measured value could ever meet it, or miss it (`>= 120 %`).
    #[error("`{0}` can never change its answer")]
    Impossible(String),
}

/// The operators in the order in which they are tried: a longer one before the one it begins with.
const COMPARISONS: &[(&str, Comparison)] = &[
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];

/// Every way a condition may begin, for a hint.
pub const OPERATORS: &str =
    ">=  >  <=  <  ==  !=  in  not in  ~  !~  rises  changed  new  > 1.5 x usual  grows > 2 x usual";

impl Condition {
    /// Reads a condition as it is written in a command file.
    ///
    /// # Errors
    /// [`ConditionError`], which says what of it cannot be understood.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let text = text.trim();
        Ok(Self { written: text.to_owned(), test: Test::parse(text)? })
    }

    /// Whether a measure that counts `measure` (none: a text) can be asked this.
    ///
    /// # Errors
    /// [`ConditionError::WrongDimension`] or [`ConditionError::Impossible`].
    pub fn check_dimension(&self, measure: Option<Dimension>) -> Result<(), ConditionError> {
        let condition = match &self.test {
            Test::Compare(_, bound) => Some(bound.dimension),
            Test::Range { low, .. } => Some(low.dimension),
            Test::OneOf { .. } => None,
            // A pattern reads any value as text.
            Test::Pattern { .. } => return Ok(()),
            Test::Past(against) if against.needs_number() => {
                return measure
                    .map(|_| ())
                    .ok_or(ConditionError::WrongDimension { measure, condition: Some(Dimension::Count) });
            }
            Test::Past(_) => return Ok(()),
        };
        if condition != measure {
            return Err(ConditionError::WrongDimension { measure, condition });
        }
        self.check_possible()
    }

    /// Whether every word that it names is one of `known`; where none are known, any will do.
    ///
    /// # Errors
    /// [`ConditionError::UnknownWord`], of the first that is not.
    pub fn check_words(&self, known: &'static [&'static str]) -> Result<(), ConditionError> {
        let Test::OneOf { words, .. } = &self.test else { return Ok(()) };
        match words.iter().find(|word| !known.is_empty() && !known.contains(&word.as_str())) {
            Some(word) => Err(ConditionError::UnknownWord { word: word.clone(), known }),
            None => Ok(()),
        }
    }

    /// A share lies in 0..100 %, and nothing that is measured is below nothing.
    fn check_possible(&self) -> Result<(), ConditionError> {
        let top = |dimension| if dimension == Dimension::Percent { 100.0 } else { f64::INFINITY };
        let idle = match &self.test {
            Test::Compare(comparison, bound) => {
                let top = top(bound.dimension);
                match comparison {
                    Comparison::AtLeast => bound.value <= 0.0 || bound.value > top,
                    Comparison::Above => bound.value < 0.0 || bound.value >= top,
                    Comparison::AtMost => bound.value < 0.0 || bound.value >= top,
                    Comparison::Below => bound.value <= 0.0 || bound.value > top,
                    Comparison::Equal | Comparison::NotEqual => bound.value < 0.0 || bound.value > top,
                }
            }
            // Whether it asks for what is in the range or outside of it: all that there can be is on one side.
            Test::Range { low, high, .. } => {
                let top = top(low.dimension);
                high.value < 0.0 || low.value > top || (low.value <= 0.0 && high.value >= top)
            }
            Test::OneOf { .. } | Test::Pattern { .. } | Test::Past(_) => false,
        };
        if idle { Err(ConditionError::Impossible(self.written.clone())) } else { Ok(()) }
    }

    /// Whether `value` meets the condition, as far as the `past` can tell.
    pub fn ask(&self, value: &Value, past: &Past<'_>) -> Answer {
        let met = match (&self.test, value) {
            (Test::Past(against), value) => return against.ask(value, past),
            (Test::Compare(comparison, bound), Value::Quantity(quantity)) => {
                comparison.holds(quantity.value, bound.value)
            }
            (Test::Range { inside, low, high }, Value::Quantity(quantity)) => {
                *inside == (low.value..=high.value).contains(&quantity.value)
            }
            (Test::OneOf { inside, words }, value) => *inside == words.contains(&value.to_string()),
            (Test::Pattern { matches, regex }, value) => *matches == regex.is_match(&value.to_string()),
            // `check_dimension` lets no text be compared or ranged.
            (Test::Compare(..) | Test::Range { .. }, Value::Text(_)) => false,
        };
        if met { Answer::Met } else { Answer::NotMet }
    }

    /// Whether everything that meets `self` meets `other` as well, where that can be told from the two bounds: then a
    /// warning `self` beside a failure `other` could never be given.
    pub fn is_shadowed_by(&self, other: &Self) -> bool {
        let (Test::Compare(mine, bound), Test::Compare(theirs, limit)) = (&self.test, &other.test) else {
            return false;
        };
        let upward = |comparison: &Comparison| matches!(comparison, Comparison::AtLeast | Comparison::Above);
        let downward = |comparison: &Comparison| matches!(comparison, Comparison::AtMost | Comparison::Below);
        if upward(mine) && upward(theirs) {
            return bound.value > limit.value
                || (bound.value == limit.value && (mine == theirs || *theirs == Comparison::AtLeast));
        }
        if downward(mine) && downward(theirs) {
            return bound.value < limit.value
                || (bound.value == limit.value && (mine == theirs || *theirs == Comparison::AtMost));
        }
        false
    }

    /// What the condition asks of the past, where it asks that.
    pub const fn against(&self) -> Option<&Against> {
        match &self.test {
            Test::Past(against) => Some(against),
            _ => None,
        }
    }

    /// The numbers at which its answer changes, and on which side of each it is met; none where it compares no number.
    pub fn edges(&self) -> Vec<Edge> {
        let above = |at: f64| Edge { at, met_above: true };
        let below = |at: f64| Edge { at, met_above: false };
        match &self.test {
            Test::Compare(Comparison::AtLeast | Comparison::Above, bound) => vec![above(bound.value)],
            Test::Compare(Comparison::AtMost | Comparison::Below, bound) => vec![below(bound.value)],
            Test::Range { inside: false, low, high } => vec![below(low.value), above(high.value)],
            Test::Range { inside: true, low, high } => vec![above(low.value), below(high.value)],
            Test::Compare(Comparison::Equal | Comparison::NotEqual, _)
            | Test::OneOf { .. }
            | Test::Pattern { .. }
            | Test::Past(_) => Vec::new(),
        }
    }

    /// Whether less is worse: of several values the smallest is the one to see.
    pub const fn fears_less(&self) -> bool {
        matches!(
            self.test,
            Test::Compare(Comparison::Below | Comparison::AtMost, _) | Test::Past(Against::Usual { above: false, .. })
        )
    }

    /// What is good, as the checklist writes it: a failure `>= 80 %` wants `< 80 %`, a failure `!= running` wants `running`.
    /// Empty where there is no such value: what must not change, rise or be new.
    pub fn wanted(&self) -> String {
        let operand = |operator: &str| self.written.trim_start_matches(operator).trim();
        match &self.test {
            Test::Compare(comparison, _) => match comparison {
                Comparison::AtLeast => format!("< {}", operand(">=")),
                Comparison::Above => format!("≤ {}", operand(">")),
                Comparison::AtMost => format!("> {}", operand("<=")),
                Comparison::Below => format!("≥ {}", operand("<")),
                Comparison::Equal => format!("≠ {}", operand("==")),
                Comparison::NotEqual => operand("!=").to_owned(),
            },
            Test::Range { inside: false, .. } => operand("not in ").to_owned(),
            Test::OneOf { inside: false, words } => words.join(", "),
            Test::OneOf { inside: true, words } => format!("≠ {}", words.join(", ")),
            Test::Pattern { matches: false, .. } => operand("!").to_owned(),
            Test::Pattern { matches: true, .. } => format!("!{}", self.written),
            Test::Range { inside: true, .. } => format!("≠ {}", operand("in ")),
            Test::Past(against) => against.wanted(),
        }
    }
}

impl Test {
    fn parse(text: &str) -> Result<Self, ConditionError> {
        if let Some(against) = Against::parse(text)? {
            return Ok(Self::Past(against));
        }
        for (prefix, inside) in [("not in ", false), ("in ", true)] {
            if let Some(rest) = text.strip_prefix(prefix) {
                return Self::parse_members(rest.trim(), inside);
            }
        }
        for (prefix, matches) in [("!~", false), ("~", true)] {
            if let Some(pattern) = text.strip_prefix(prefix) {
                // One blank sets the operator off; any further one belongs to the pattern.
                let pattern = pattern.strip_prefix(' ').unwrap_or(pattern);
                let regex = Regex::new(pattern).map_err(|error| ConditionError::Pattern(error.to_string()))?;
                return Ok(Self::Pattern { matches, regex });
            }
        }
        let Some((comparison, bound)) = COMPARISONS
            .iter()
            .find_map(|(operator, comparison)| Some((*comparison, text.strip_prefix(operator)?.trim())))
        else {
            return Err(ConditionError::NoOperator(text.to_owned()));
        };
        match Quantity::parse(bound) {
            Ok(quantity) => Ok(Self::Compare(comparison, quantity)),
            Err(QuantityError::NotANumber(word)) => match comparison {
                Comparison::Equal => Ok(Self::OneOf { inside: true, words: vec![bound.to_owned()] }),
                Comparison::NotEqual => Ok(Self::OneOf { inside: false, words: vec![bound.to_owned()] }),
                _ => Err(no_number(text, bound, word)),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// `200..399` or `healthy, starting`.
    fn parse_members(text: &str, inside: bool) -> Result<Self, ConditionError> {
        let Some((low, high)) = text.split_once("..") else {
            return Ok(Self::OneOf { inside, words: text.split(',').map(|word| word.trim().to_owned()).collect() });
        };
        let (low, high) = (Quantity::parse(low)?, Quantity::parse(high)?);
        if low.dimension != high.dimension {
            return Err(ConditionError::MixedRange(text.to_owned()));
        }
        if low.value > high.value {
            return Err(ConditionError::EmptyRange(text.to_owned()));
        }
        Ok(Self::Range { inside, low, high })
    }
}

/// Why `bound`, which stands in `text` behind an operator that asks for more or less, is no number. `word` is what could not be
/// read.
fn no_number(text: &str, bound: &str, word: String) -> ConditionError {
    match bound.chars().next() {
        None => ConditionError::NoBound,
        // `<>` and `>==` are no operators, though they begin with one.
        Some('<' | '>' | '=' | '!') => ConditionError::NoOperator(text.to_owned()),
        Some(first) if first.is_numeric() || matches!(first, '.' | '-' | '+' | '$') => {
            QuantityError::NotANumber(word).into()
        }
        Some(_) => ConditionError::TextHasNoOrder(word),
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl PartialEq for Condition {
    /// Two conditions are the same when they are written the same.
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

#[cfg(test)]
mod tests;
