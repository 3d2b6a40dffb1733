//! Grading: evidence against rules. Pure, and the only place where a grade is made of evidence.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::command::{Check, Rule};
use super::condition::Condition;
use super::condition::past::{Against, Answer, Of, Past};
use super::evidence::{Evidence, Instead, Looked, Measurement, Value};
use super::history::History;
use super::message::Message;
use super::quantity::Quantity;

/// What came of a check, in the order in which a person must look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Something is wrong.
    Fail,
    /// Nobody could look; never counts as pass.
    Unknown,
    /// Something will be wrong.
    Warn,
    /// A person must say.
    Manual,
    /// A person took it on, with an end.
    Waived,
    /// It does not apply, with the reason.
    Skipped,
    /// All is well.
    Pass,
}

impl Grade {
    /// Every grade, the worst first.
    pub const ALL: [Self; 7] =
        [Self::Fail, Self::Unknown, Self::Warn, Self::Manual, Self::Waived, Self::Skipped, Self::Pass];

    /// Its name in JSON, in the database, and in a key of `locales/`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Warn => "warn",
            Self::Manual => "manual",
            Self::Waived => "waived",
            Self::Skipped => "skipped",
            Self::Pass => "pass",
        }
    }

    /// The grade of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.name() == name)
    }

    /// Whether a person has something to look at.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Fail | Self::Unknown | Self::Warn)
    }

    /// Whether something is wrong with what was looked at, so that its remedies apply: of what nobody saw, nobody knows.
    pub const fn wants_remedy(self) -> bool {
        matches!(self, Self::Fail | Self::Warn)
    }

    /// How bad a problem is; 0: none. What nobody could look at is worse than a warning: it may hide anything.
    pub const fn badness(self) -> u8 {
        match self {
            Self::Fail => 3,
            Self::Unknown => 2,
            Self::Warn => 1,
            Self::Manual | Self::Waived | Self::Skipped | Self::Pass => 0,
        }
    }

    /// The grade of several together: the worst of them; of none, `unknown`, since nothing was looked at.
    pub fn worst(grades: impl IntoIterator<Item = Self>) -> Self {
        grades.into_iter().min().unwrap_or(Self::Unknown)
    }

    /// The exit status of monitoring plugins: 0 pass, 1 warn, 2 fail, 3 unknown. What a person must say, took on, or what
    /// does not apply is no fault of the host.
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Pass | Self::Skipped | Self::Waived | Self::Manual => 0,
            Self::Warn => 1,
            Self::Fail => 2,
            Self::Unknown => 3,
        }
    }
}

/// The grade of one check, with why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The grade.
    pub grade: Grade,
    /// Why it is not pass, worst first; empty when it is.
    pub reasons: Vec<Message>,
    /// The values beside the title: of each shown measure the worst subject.
    pub shown: Vec<Measurement>,
    /// What was wanted where it was missed, or else what is wanted of the first shown measure: `< 80 %`.
    pub threshold: Option<String>,
    /// The lines of output that show what was met, or else of the shown measures.
    pub lines: Vec<String>,
}

/// Grades what a look brought back at `now`; `history` is what the looks before found.
pub fn grade(check: &Check, looked: &Looked, history: &History, now: DateTime<Utc>) -> Verdict {
    let evidence = match looked {
        Ok(evidence) => evidence,
        Err(could_not) => return unseen(check, Grade::Unknown, could_not.reason.clone()),
    };
    if let Some(instead) = &evidence.instead {
        let (grade, reason) = match instead {
            Instead::NoAnswer(reason) => (Grade::Fail, reason),
            Instead::DoesNotApply(reason) => (Grade::Skipped, reason),
            Instead::AsksPerson(what) => (Grade::Manual, what),
        };
        return unseen(check, grade, reason.clone());
    }
    let mut findings: Vec<Finding> = check.rules.iter().flat_map(|rule| apply(rule, evidence, history, now)).collect();
    if findings.is_empty() {
        findings = nothing_measured(check, evidence);
    }
    // Stable: of two equally bad findings the earlier rule speaks first.
    findings.sort_by_key(|finding| finding.grade);
    let mut reasons: Vec<Message> = Vec::new();
    for reason in findings.iter().filter_map(|finding| finding.reason.as_ref()) {
        // Two rules may be met by one fact, which is told once.
        if !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    Verdict {
        grade: Grade::worst(findings.iter().map(|finding| finding.grade)),
        reasons,
        shown: shown(check, evidence, &findings),
        threshold: findings
            .iter()
            .find(|finding| finding.grade != Grade::Pass)
            .and_then(|finding| finding.threshold.clone())
            .or_else(|| first_threshold(check)),
        lines: lines(check, evidence, &findings),
    }
}

/// What one rule found of one subject.
struct Finding<'a> {
    grade: Grade,
    reason: Option<Message>,
    threshold: Option<String>,
    measurement: Option<&'a Measurement>,
}

fn apply<'a>(rule: &Rule, evidence: &'a Evidence, history: &History, now: DateTime<Utc>) -> Vec<Finding<'a>> {
    let judge = |measurement| judge(rule, measurement, history, now);
    let mut findings: Vec<_> = evidence.of(&rule.measure).map(judge).collect();
    // Of several subjects, one that has only just come tells nothing against the others.
    if rule.optional || findings.iter().any(|finding| finding.grade != Grade::Skipped) {
        for finding in findings.iter_mut().filter(|finding| finding.grade == Grade::Skipped) {
            finding.grade = Grade::Pass;
            finding.reason = None;
        }
    }
    if rule.optional {
        return findings;
    }
    // What was read of a measure can be good, and what was not read of it still is not known.
    let unread = evidence.unread.iter().filter(|(measure, _)| *measure == rule.measure);
    findings.extend(unread.map(|(_, reason)| Finding::unknown(reason.clone())));
    if findings.is_empty() {
        let reason = Message::new("reason-not-measured").with("measure", measure_name(&rule.measure));
        findings.push(Finding::unknown(reason));
    }
    findings
}

/// Where every rule is optional and nothing of what they ask was measured: why that could not be read, or else just that. What
/// nobody saw is not pass, and is never unknown without a reason.
fn nothing_measured<'a>(check: &Check, evidence: &'a Evidence) -> Vec<Finding<'a>> {
    let asked = |measure: &str| check.rules.iter().any(|rule| rule.measure == measure);
    let unread = evidence.unread.iter().filter(|(measure, _)| asked(measure));
    let mut findings: Vec<_> = unread.map(|(_, reason)| Finding::unknown(reason.clone())).collect();
    if findings.is_empty() {
        findings.push(Finding::unknown(Message::new("reason-nothing-measured")));
    }
    findings
}

impl Finding<'_> {
    const fn unknown(reason: Message) -> Self {
        Self { grade: Grade::Unknown, reason: Some(reason), threshold: None, measurement: None }
    }
}

fn judge<'a>(rule: &Rule, measurement: &'a Measurement, history: &History, now: DateTime<Utc>) -> Finding<'a> {
    let past = Past {
        history,
        measure: &measurement.measure,
        subject: measurement.subject.as_deref(),
        usual: &rule.usual,
        now,
    };
    let mut too_little = None;
    for (grade, condition) in [(Grade::Fail, &rule.fail), (Grade::Warn, &rule.warn)] {
        let Some(condition) = condition else { continue };
        let reason = match condition.ask(&measurement.value, &past) {
            Answer::NotMet => continue,
            Answer::TooLittle { have, need } => {
                too_little = too_little.or_else(|| Some(short_past(rule, condition, have, need)));
                continue;
            }
            Answer::Met => met_reason(rule, measurement, condition, None),
            Answer::MetSince { before } => met_reason(rule, measurement, condition, Some(&before)),
        };
        let threshold = Some(condition.wanted()).filter(|wanted| !wanted.is_empty());
        return Finding { grade, reason: Some(reason), threshold, measurement: Some(measurement) };
    }
    let (grade, reason) = match too_little {
        Some(reason) => (Grade::Skipped, Some(reason)),
        None => (Grade::Pass, None),
    };
    Finding { grade, reason, threshold: None, measurement: Some(measurement) }
}

/// Why a rule is met: what the probe says of its value, or else the value beside what is wanted, or beside what was.
fn met_reason(rule: &Rule, measurement: &Measurement, condition: &Condition, before: Option<&Value>) -> Message {
    let asks_past = condition.against();
    let reason = match asks_past {
        None => Message::new("reason-met").with("condition", condition.wanted()),
        Some(Against::New) => Message::new("reason-new"),
        Some(Against::Rises) => Message::new("reason-rose"),
        Some(Against::Changed) => Message::new("reason-changed"),
        Some(Against::Usual { of: Of::Growth, .. }) => Message::new("reason-grew"),
        Some(Against::Usual { above: true, .. }) => Message::new("reason-above-usual"),
        Some(Against::Usual { .. }) => Message::new("reason-below-usual"),
    };
    let reason = match before {
        Some(before) => reason.with("before", in_short(before)),
        None => reason,
    };
    let reason = reason.with("measure", measure_name(&rule.measure)).with("value", in_short(&measurement.value));
    match (&measurement.says, &measurement.subject) {
        // What a probe says of a value knows nothing of the past.
        (Some(says), _) if asks_past.is_none() => says.clone(),
        (_, Some(subject)) => Message::new("reason-of").with("subject", subject.as_str()).with("reason", reason),
        (_, None) => reason,
    }
}

/// Why a rule that asks the past could not be applied: `2 of 4 weeks`.
fn short_past(rule: &Rule, condition: &Condition, have: usize, need: usize) -> Message {
    let key = match (condition.against(), rule.usual.every.num_days()) {
        (Some(against), 7) if against.asks_usual() => "reason-too-few-weeks",
        (Some(against), 1) if against.asks_usual() => "reason-too-few-days",
        (Some(against), _) if against.asks_usual() => "reason-too-few-looks",
        _ => "reason-first-look",
    };
    let count = |count: usize| Quantity::count(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    Message::new(key).with("have", count(have)).with("need", count(need)).with("measure", measure_name(&rule.measure))
}

/// A number as it is, of a text the first characters of its first line.
fn in_short(value: &Value) -> String {
    const MOST: usize = 80;
    let text = value.to_string();
    let line = text.trim().lines().next().unwrap_or_default();
    let short: String = line.chars().take(MOST).collect();
    if short.len() < text.trim().len() { format!("{short}…") } else { short }
}

/// The name of a measure in the reader's language, or the measure itself where the team named it.
fn measure_name(measure: &str) -> Message {
    Message::new("measure").with("name", measure)
}

fn unseen(check: &Check, grade: Grade, reason: Message) -> Verdict {
    Verdict { grade, reasons: vec![reason], shown: Vec::new(), threshold: first_threshold(check), lines: Vec::new() }
}

fn first_threshold(check: &Check) -> Option<String> {
    let shown = check.show.first();
    let rule = check.rules.iter().find(|rule| Some(&rule.measure) == shown).or(check.rules.first())?;
    rule.fail.as_ref().or(rule.warn.as_ref()).map(Condition::wanted).filter(|wanted| !wanted.is_empty())
}

/// Of each shown measure the measurement that a person must see: the one that was met, or else the one nearest to it.
fn shown(check: &Check, evidence: &Evidence, findings: &[Finding<'_>]) -> Vec<Measurement> {
    let met = |measure: &str| {
        findings
            .iter()
            .filter(|finding| finding.grade != Grade::Pass)
            .filter_map(|finding| finding.measurement)
            .find(|measurement| measurement.measure == measure)
    };
    let fears_less = |measure: &str| {
        let rules = check.rules.iter().filter(|rule| rule.measure == measure);
        rules.flat_map(|rule| [&rule.fail, &rule.warn]).flatten().any(Condition::fears_less)
    };
    let worst = |measure: &str| {
        let sign = if fears_less(measure) { -1.0 } else { 1.0 };
        evidence.of(measure).max_by(|one, other| (sign * size(&one.value)).total_cmp(&(sign * size(&other.value))))
    };
    check.show.iter().filter_map(|measure| met(measure).or_else(|| worst(measure))).cloned().collect()
}

fn size(value: &Value) -> f64 {
    match value {
        Value::Quantity(quantity) => quantity.value,
        Value::Text(_) => 0.0,
    }
}

/// The lines that show the findings that were met, or else those of the shown measures.
fn lines(check: &Check, evidence: &Evidence, findings: &[Finding<'_>]) -> Vec<String> {
    let met: Vec<_> = findings
        .iter()
        .filter(|finding| finding.grade != Grade::Pass)
        .filter_map(|finding| finding.measurement)
        .flat_map(|measurement| measurement.lines.iter().cloned())
        .collect();
    if !met.is_empty() {
        return met;
    }
    evidence
        .measurements
        .iter()
        .filter(|measurement| check.show.contains(&measurement.measure))
        .flat_map(|measurement| measurement.lines.iter().cloned())
        .collect()
}

#[cfg(test)]
mod tests;
