//! What would happen, what happens, and how it ended.

use serde::{Deserialize, Serialize};

use super::Identity;
use crate::domain::grade::Grade;
use crate::domain::message::{Localised, Message};

/// What an act would do, seen just before: people decide by it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// What exactly would run on the host, line by line.
    pub commands: Vec<String>,
    /// What the host looks like now, as far as it matters.
    pub now: Vec<Message>,
    /// What would be taken away, with sizes.
    pub goes: Vec<String>,
    /// What it would act on.
    pub identity: Identity,
}

/// How far an act is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The step that runs, from 1.
    pub step: usize,
    /// How many there are.
    pub steps: usize,
    /// The end of what it printed, masked.
    pub output: String,
}

/// How an act ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which way.
    pub ended: Ended,
    /// What is to be said of it, in order.
    pub says: Vec<Message>,
    /// The end of what it printed, masked.
    pub output: String,
    /// The checks that show whether it worked.
    pub proofs: Vec<Proven>,
}

/// The ways in which an act ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It was done, and the checks show that it worked.
    Verified,
    /// It was tried and failed, or the checks show that it did not work.
    Failed,
    /// It was begun, and nobody knows how it ended.
    Interrupted,
}

/// A check that proves an act, as it was before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenBefore")]
pub struct Before {
    /// Its grade.
    pub grade: Grade,
    /// Its value, as it is shown.
    pub value: String,
}

/// What stands in the record: requests of the first versions hold the grade alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenBefore {
    Grade(Grade),
    Whole { grade: Grade, value: String },
}

impl From<WrittenBefore> for Before {
    fn from(written: WrittenBefore) -> Self {
        match written {
            WrittenBefore::Grade(grade) => Self { grade, value: String::new() },
            WrittenBefore::Whole { grade, value } => Self { grade, value },
        }
    }
}

/// One check, before and after the act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proven {
    /// What it is called.
    pub title: Localised,
    /// Its grade before.
    pub before: Grade,
    /// Its value before, as it is shown; empty where nobody saw it.
    #[serde(default)]
    pub value_before: String,
    /// Its grade after.
    pub after: Grade,
    /// Its value after, as it is shown.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_is_read_with_and_without_its_value() {
        let read = |text: &str| serde_json::from_str::<Before>(text).unwrap();
        assert_eq!(read("\"fail\""), Before { grade: Grade::Fail, value: String::new() });
        let whole = Before { grade: Grade::Fail, value: "85.2 %".to_owned() };
        assert_eq!(read(&serde_json::to_string(&whole).unwrap()), whole);
    }
}
