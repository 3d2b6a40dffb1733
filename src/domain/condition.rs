//! Conditions: `>= 80 %`, `not in 200..399`, `!= running`, `!~ ^OK `, `rises`. Parsed once, when a command is loaded;
//! a condition that cannot be understood is an error there, never a silent zero later.

use std::fmt;

use regex::Regex;

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
    Rises,
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
pub const OPERATORS: &str = ">=  >  <=  <  ==  !=  in  not in  ~  !~  rises";

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
            // A pattern reads any value as text; a number of any kind may rise.
            Test::Pattern { .. } => return Ok(()),
            Test::Rises => {
                return measure
                    .map(|_| ())
                    .ok_or(ConditionError::WrongDimension { measure, condition: Some(Dimension::Count) });
            }
        };
        if condition != measure {
            return Err(ConditionError::WrongDimension { measure, condition });
        }
        self.check_possible()
    }

    /// A share lies in 0..100 %, and nothing that is measured is below nothing.
    fn check_possible(&self) -> Result<(), ConditionError> {
        let Test::Compare(comparison, bound) = &self.test else { return Ok(()) };
        let top = if bound.dimension == Dimension::Percent { 100.0 } else { f64::INFINITY };
        let idle = match comparison {
            Comparison::AtLeast => bound.value <= 0.0 || bound.value > top,
            Comparison::Above => bound.value < 0.0 || bound.value >= top,
            Comparison::AtMost => bound.value < 0.0 || bound.value >= top,
            Comparison::Below => bound.value <= 0.0 || bound.value > top,
            Comparison::Equal | Comparison::NotEqual => bound.value < 0.0 || bound.value > top,
        };
        if idle { Err(ConditionError::Impossible(self.written.clone())) } else { Ok(()) }
    }

    /// Whether `value` meets the condition; `before` is what the same measure was in the run before, where there was one.
    pub fn holds(&self, value: &Value, before: Option<f64>) -> bool {
        match (&self.test, value) {
            (Test::Compare(comparison, bound), Value::Quantity(quantity)) => {
                comparison.holds(quantity.value, bound.value)
            }
            (Test::Range { inside, low, high }, Value::Quantity(quantity)) => {
                *inside == (low.value..=high.value).contains(&quantity.value)
            }
            (Test::OneOf { inside, words }, value) => *inside == words.contains(&value.to_string()),
            (Test::Pattern { matches, regex }, value) => *matches == regex.is_match(&value.to_string()),
            (Test::Rises, Value::Quantity(quantity)) => before.is_some_and(|before| quantity.value > before),
            // `check_dimension` lets neither a text be compared nor ranged, nor rise.
            (Test::Compare(..) | Test::Range { .. } | Test::Rises, Value::Text(_)) => false,
        }
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

    /// Whether the condition compares with the run before.
    pub fn needs_history(&self) -> bool {
        matches!(self.test, Test::Rises)
    }

    /// What is good, as the checklist writes it: a failure `>= 80 %` wants `< 80 %`, a failure `!= running` wants `running`.
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
            Test::Rises => "+0".to_owned(),
        }
    }
}

impl Test {
    fn parse(text: &str) -> Result<Self, ConditionError> {
        if text == "rises" {
            return Ok(Self::Rises);
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
                _ => Err(ConditionError::TextHasNoOrder(word)),
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
            return Err(ConditionError::WrongDimension {
                measure: Some(low.dimension),
                condition: Some(high.dimension),
            });
        }
        if low.value > high.value {
            return Err(ConditionError::EmptyRange(text.to_owned()));
        }
        Ok(Self::Range { inside, low, high })
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
mod tests {
    use super::*;

    fn holds(condition: &str, value: &Value, before: Option<f64>) -> bool {
        Condition::parse(condition).unwrap().holds(value, before)
    }

    #[test]
    fn conditions_hold_at_and_around_their_bounds() {
        let percent = |value| Value::Quantity(Quantity::percent(value));
        let count = |value| Value::Quantity(Quantity::count(value));
        let text = |text: &str| Value::Text(text.to_owned());
        for (condition, value, expected) in [
            (">= 80 %", percent(80.0), true),
            (">= 80 %", percent(79.9), false),
            ("> 80 %", percent(80.0), false),
            ("< 80 %", percent(79.9), true),
            ("<= 80 %", percent(80.0), true),
            ("!= 200", count(200.0), false),
            ("== 200", count(200.0), true),
            ("not in 200..399", count(302.0), false),
            ("not in 200..399", count(400.0), true),
            ("in 200..399", count(200.0), true),
            ("!= running", text("exited"), true),
            ("not in healthy, starting", text("starting"), false),
            ("!~ ^OK ", text("OK 2026-11-22"), false),
            ("!~ ^OK ", text("Bad Gateway"), true),
            ("~ (?i)error", text("an Error"), true),
        ] {
            assert_eq!(holds(condition, &value, None), expected, "{value} {condition}");
        }
    }

    #[test]
    fn rising_needs_something_to_rise_from() {
        let three = Value::Quantity(Quantity::count(3.0));
        assert!(holds("rises", &three, Some(2.0)));
        assert!(!holds("rises", &three, Some(3.0)));
        assert!(!holds("rises", &three, None));
    }

    #[test]
    fn what_cannot_be_understood_is_an_error() {
        let error = |text: &str| Condition::parse(text).unwrap_err();
        assert_eq!(error("80 %"), ConditionError::NoOperator("80 %".into()));
        assert_eq!(error(">= running"), ConditionError::TextHasNoOrder("running".into()));
        assert_eq!(error(">= 80 procent"), ConditionError::Quantity(QuantityError::UnknownUnit("procent".into())));
        assert_eq!(error("in 5..1"), ConditionError::EmptyRange("5..1".into()));
        assert!(matches!(error("~ ("), ConditionError::Pattern(_)));
    }

    #[test]
    fn a_threshold_must_be_able_to_change_its_answer() {
        let check = |text: &str, dimension| Condition::parse(text).unwrap().check_dimension(dimension);
        assert_eq!(check(">= 80 %", Some(Dimension::Percent)), Ok(()));
        assert!(matches!(check(">= 120 %", Some(Dimension::Percent)), Err(ConditionError::Impossible(_))));
        assert!(matches!(check(">= 0 %", Some(Dimension::Percent)), Err(ConditionError::Impossible(_))));
        assert!(matches!(check("< 0 ms", Some(Dimension::Time)), Err(ConditionError::Impossible(_))));
        assert!(matches!(check(">= 80 %", Some(Dimension::Bytes)), Err(ConditionError::WrongDimension { .. })));
        assert!(matches!(check("rises", None), Err(ConditionError::WrongDimension { .. })));
    }

    #[test]
    fn what_is_wanted_is_the_opposite_of_what_fails() {
        for (fail, wanted) in [
            (">= 80 %", "< 80 %"),
            ("> 100 ms", "≤ 100 ms"),
            ("< 30 d", "≥ 30 d"),
            ("!= 200", "200"),
            ("!= running", "running"),
            ("not in 200..399", "200..399"),
            ("not in healthy, starting", "healthy, starting"),
            ("== starting", "≠ starting"),
            ("!~ ^OK ", "~ ^OK"),
        ] {
            assert_eq!(Condition::parse(fail).unwrap().wanted(), wanted);
        }
    }

    #[test]
    fn a_warning_behind_the_failure_is_seen() {
        let shadowed =
            |warn: &str, fail: &str| Condition::parse(warn).unwrap().is_shadowed_by(&Condition::parse(fail).unwrap());
        assert!(shadowed(">= 90 %", ">= 80 %"));
        assert!(shadowed(">= 80 %", ">= 80 %"));
        assert!(!shadowed(">= 70 %", ">= 80 %"));
        assert!(shadowed("< 10 d", "< 30 d"));
        assert!(!shadowed("< 30 d", "< 10 d"));
    }
}
