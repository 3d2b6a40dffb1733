//! What a look at the world brought back. Evidence is never a grade: `grade` makes that of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::message::Message;
use super::quantity::Quantity;

/// One measured value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number with its unit.
    Quantity(Quantity),
    /// A word or a text: a state, a body.
    Text(String),
}

/// The most characters of a text that are kept of it.
pub const KEPT_TEXT: usize = 4096;

impl Value {
    /// As it is kept and shown. A text is judged whole, and of a long one only the beginning is kept.
    #[must_use]
    pub fn kept(&self) -> Self {
        match self {
            Self::Text(text) => match text.char_indices().nth(KEPT_TEXT) {
                Some((end, _)) => Self::Text(format!("{}…", &text[..end])),
                None => self.clone(),
            },
            Self::Quantity(_) => self.clone(),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// One thing that was measured, of one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What was measured: one of the probe's measures.
    pub measure: String,
    /// Of what, where the probe looks at several: a mount, a container.
    pub subject: Option<String>,
    /// How much, or which.
    pub value: Value,
    /// The same in a sentence, where the bare value would say too little.
    pub says: Option<Message>,
    /// The lines of output that show it, masked; empty where the value says all.
    pub lines: Vec<String>,
}

impl Measurement {
    /// `measure` is `value`.
    pub fn new(measure: impl Into<String>, value: Value) -> Self {
        Self { measure: measure.into(), subject: None, value, says: None, lines: Vec::new() }
    }

    /// As it is kept and shown.
    #[must_use]
    pub fn kept(&self) -> Self {
        Self { value: self.value.kept(), ..self.clone() }
    }

    /// `measure` is the number `quantity`.
    pub fn quantity(measure: impl Into<String>, quantity: Quantity) -> Self {
        Self::new(measure, Value::Quantity(quantity))
    }

    /// `measure` is the text `text`.
    pub fn text(measure: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(measure, Value::Text(text.into()))
    }

    /// Of `subject`.
    #[must_use]
    pub fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Said as `message`.
    #[must_use]
    pub fn saying(mut self, message: Message) -> Self {
        self.says = Some(message);
        self
    }

    /// Shown by `lines`.
    #[must_use]
    pub fn shown_by(mut self, lines: Vec<String>) -> Self {
        self.lines = lines;
        self
    }
}

/// How what ran came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A program's exit status.
    Exit(u32),
    /// The signal that ended a program, by name: `KILL`.
    Signal(String),
    /// An HTTP status.
    Http(u16),
    /// Several requests to one interface, all answered.
    Answered,
}

/// What a look that worked may bring back in place of measurements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// The thing looked at gave no answer at all: a refused connection, a broken certificate. It fails.
    NoAnswer(Message),
    /// There is nothing of the kind on this host: an extension that is not installed. It is skipped, with this reason.
    DoesNotApply(Message),
    /// No machine can tell: a person must look and say. What to look at.
    AsksPerson(Message),
}

/// What a probe brought back when it could look.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What ran, as a person could run it: a command line, a URL, an API call.
    pub what: String,
    /// How it ended.
    pub status: Option<Status>,
    /// The output that matters, masked and bounded.
    pub output: String,
    /// How long it took.
    pub elapsed: Duration,
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// The measures that could not be read this time, and why. The others stand.
    pub unread: Vec<(String, Message)>,
    /// There is nothing to hold against the rules, and that itself says something.
    pub instead: Option<Instead>,
    /// What the reader should know besides: the log begins later than asked, lines were dropped.
    pub notes: Vec<Message>,
}

impl Evidence {
    /// The measurements of `measure`, of every subject.
    pub fn of<'a>(&'a self, measure: &str) -> impl Iterator<Item = &'a Measurement> {
        self.measurements.iter().filter(move |measurement| measurement.measure == measure)
    }
}

/// Why a probe could not look. Never counts as anything but `unknown`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CouldNotLook {
    /// What would have run.
    pub what: String,
    /// Why it could not.
    pub reason: Message,
    /// What to do about that, where something can be said.
    pub hint: Option<Message>,
    /// What was seen of it, masked and bounded.
    pub output: String,
    /// How long was tried.
    pub elapsed: Duration,
}

/// What came of a look.
pub type Looked = Result<Evidence, CouldNotLook>;
