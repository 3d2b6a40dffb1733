//! Masking: known secrets, and what looks like one, never reach a person, a log or a database.

mod patterns;

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Range;

use super::evidence::{CouldNotLook, Evidence, Instead, Looked, Measurement, Value};
use super::message::{Arg, Message};

/// What stands in a secret's place. Of one length, since the length of a secret says something of it.
pub const MASK: &str = "•••";

/// A secret of fewer characters is not masked: it would be found in ordinary words.
const SHORTEST: usize = 4;

/// A line of a secret of several lines is a secret by itself from this length on.
const SHORTEST_LINE: usize = 8;

/// Masks the secrets it knows, and what looks like one.
#[derive(Clone, Default)]
pub struct Masker {
    /// Every form in which a known secret may be met, the longest first.
    forms: Vec<String>,
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Masker({} forms)", self.forms.len())
    }
}

impl Masker {
    /// Knows `secrets`, also URL-encoded and as a JSON string; those of fewer than 4 characters are left alone.
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut forms: Vec<String> = secrets.into_iter().flat_map(|secret| forms(secret.as_ref())).collect();
        forms.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        forms.dedup();
        Self { forms }
    }

    /// `text` with every secret in it masked. Secrets that overlap or touch are masked as one.
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut spans = self.known(text);
        spans.extend(patterns::suspected(text));
        if spans.is_empty() {
            return Cow::Borrowed(text);
        }
        spans.sort_by_key(|span| span.start);
        let mut masked = String::with_capacity(text.len());
        let mut done = 0;
        for span in spans {
            if span.start > done || masked.is_empty() {
                masked.push_str(&text[done..span.start]);
                masked.push_str(MASK);
            }
            done = done.max(span.end);
        }
        masked.push_str(&text[done..]);
        Cow::Owned(masked)
    }

    /// Where known secrets stand, those that overlap included.
    fn known(&self, text: &str) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        for form in &self.forms {
            let step = form.chars().next().map_or(1, char::len_utf8);
            let mut from = 0;
            while let Some(at) = text.get(from..).and_then(|rest| rest.find(form.as_str())) {
                spans.push(from + at..from + at + form.len());
                from += at + step;
            }
        }
        spans
    }

    fn mask_owned(&self, text: String) -> String {
        match self.mask(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }

    /// Everything in `looked` that a person may get to read, masked.
    ///
    /// # Errors
    /// None of its own: a failure to look stays one.
    pub fn mask_looked(&self, looked: Looked) -> Looked {
        match looked {
            Ok(evidence) => Ok(self.mask_evidence(evidence)),
            Err(could_not) => Err(CouldNotLook {
                what: self.mask_owned(could_not.what),
                reason: self.mask_message(could_not.reason),
                hint: could_not.hint.map(|hint| self.mask_message(hint)),
                output: self.mask_owned(could_not.output),
                elapsed: could_not.elapsed,
            }),
        }
    }

    fn mask_evidence(&self, evidence: Evidence) -> Evidence {
        Evidence {
            what: self.mask_owned(evidence.what),
            status: evidence.status,
            output: self.mask_owned(evidence.output),
            elapsed: evidence.elapsed,
            measurements: evidence.measurements.into_iter().map(|one| self.mask_measurement(one)).collect(),
            unread: evidence.unread.into_iter().map(|(measure, why)| (measure, self.mask_message(why))).collect(),
            instead: evidence.instead.map(|instead| self.mask_instead(instead)),
            notes: evidence.notes.into_iter().map(|note| self.mask_message(note)).collect(),
        }
    }

    fn mask_measurement(&self, measurement: Measurement) -> Measurement {
        Measurement {
            measure: measurement.measure,
            subject: measurement.subject.map(|subject| self.mask_owned(subject)),
            value: match measurement.value {
                Value::Text(text) => Value::Text(self.mask_owned(text)),
                number @ Value::Quantity(_) => number,
            },
            says: measurement.says.map(|says| self.mask_message(says)),
            lines: measurement.lines.into_iter().map(|line| self.mask_owned(line)).collect(),
        }
    }

    fn mask_instead(&self, instead: Instead) -> Instead {
        match instead {
            Instead::NoAnswer(reason) => Instead::NoAnswer(self.mask_message(reason)),
            Instead::DoesNotApply(reason) => Instead::DoesNotApply(self.mask_message(reason)),
            Instead::AsksPerson(what) => Instead::AsksPerson(self.mask_message(what)),
        }
    }

    /// The same sentence with every secret in its places masked.
    pub fn mask_message(&self, message: Message) -> Message {
        let mask_arg = |arg| match arg {
            Arg::Text(text) => Arg::Text(self.mask_owned(text)),
            Arg::Message(message) => Arg::Message(self.mask_message(message)),
            // Neither a number nor a moment is a secret, and the team's own files hold none.
            arg @ (Arg::Quantity(_) | Arg::Localised(_) | Arg::Time(_)) => arg,
        };
        Message { key: message.key, args: message.args.into_iter().map(|(name, arg)| (name, mask_arg(arg))).collect() }
    }
}

/// The forms in which a secret may be met.
fn forms(secret: &str) -> Vec<String> {
    let secret = secret.trim();
    let lines = secret.lines().map(str::trim).filter(|line| {
        line.len() < secret.len() && line.chars().count() >= SHORTEST_LINE && !line.starts_with("-----")
    });
    let whole = std::iter::once(secret).filter(|secret| secret.chars().count() >= SHORTEST);
    whole
        .chain(lines)
        .flat_map(|text| {
            let plus = url_encoded(text, true, true);
            [text.to_owned(), json_escaped(text), url_encoded(text, true, false), url_encoded(text, false, false), plus]
        })
        .collect()
}

/// Percent-encoded but for the unreserved characters of RFC 3986; with `plus`, a blank as in a form.
fn url_encoded(text: &str, upper: bool, plus: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        // Writing to a string never fails.
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.write_char(byte.into()),
            b' ' if plus => encoded.write_char('+'),
            _ if upper => write!(encoded, "%{byte:02X}"),
            _ => write!(encoded, "%{byte:02x}"),
        };
    }
    encoded
}

/// As it stands between the quotes of a JSON string.
fn json_escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_secrets_are_masked_in_every_form() {
        let masker =
            Masker::new(["hunter2!", "hunter2!-long one", "a\"b\\c", "abc", "", "first-half-line\nsecond-half-line"]);
        for (text, expected) in [
            ("the key is hunter2!.", "the key is •••."),
            ("hunter2!-long one", "•••"),
            ("hunter2!hunter2!", "•••"),
            ("x=hunter2%21&y", "x=•••&y"),
            ("hunter2%21-long%20one, hunter2%21-long+one", "•••, •••"),
            (r#"{"k":"a\"b\\c"}"#, r#"{"k":"•••"}"#),
            ("abc is too short to be one", "abc is too short to be one"),
            ("only second-half-line here", "only ••• here"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(masker.mask(text), expected, "{text}");
        }
    }

    #[test]
    fn overlapping_secrets_leave_nothing_between_them() {
        let masker = Masker::new(["abcdef", "defghi", "aaaa"]);
        assert_eq!(masker.mask("abcdefghi"), "•••");
        assert_eq!(masker.mask("aaaaaa"), "•••");
        assert_eq!(masker.mask("xabcdefy"), "x•••y");
    }

    #[test]
    fn every_text_of_a_look_is_masked() {
        let masker = Masker::new(["hunter2"]);
        let says =
            || Message::new("reason-of").with("a", "hunter2").with("b", Message::new("measure").with("c", "hunter2"));
        let evidence = Evidence {
            what: "hunter2".to_owned(),
            output: "hunter2".to_owned(),
            elapsed: Duration::ZERO,
            measurements: vec![
                Measurement::text("m", "hunter2").of("hunter2").saying(says()).shown_by(vec!["hunter2".to_owned()]),
            ],
            unread: vec![("m".to_owned(), says())],
            instead: Some(Instead::NoAnswer(says())),
            notes: vec![says()],
            ..Evidence::default()
        };
        let could_not = CouldNotLook {
            what: "hunter2".to_owned(),
            reason: says(),
            hint: Some(says()),
            output: "hunter2".to_owned(),
            elapsed: Duration::ZERO,
        };
        for looked in [Ok(evidence), Err(could_not)] {
            assert!(!format!("{:?}", masker.mask_looked(looked)).contains("hunter2"));
        }
    }

    #[test]
    fn a_masker_shows_its_secrets_to_nobody() {
        assert_eq!(format!("{:?}", Masker::new(["hunter2"])), "Masker(1 forms)");
    }

    proptest! {
        #[test]
        fn no_known_secret_survives(
            secrets in prop::collection::vec("[a-d%\"\\\\ =]{1,8}|[[:alnum:]가-나]{4,12}", 1..5),
            picks in prop::collection::vec((any::<prop::sample::Index>(), "[a-d= ]{0,4}"), 0..8),
        ) {
            let masker = Masker::new(&secrets);
            let text: String = picks.iter().map(|(pick, other)| format!("{}{other}", pick.get(&secrets))).collect();
            let masked = masker.mask(&text);
            for form in &masker.forms {
                prop_assert!(!masked.contains(form.as_str()), "{form:?} in {masked:?}");
            }
        }

        #[test]
        fn any_text_can_be_masked(text in "\\PC{0,200}") {
            let _ = Masker::new(["secret"]).mask(&text);
        }
    }
}
