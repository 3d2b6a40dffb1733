//! Grading: evidence against rules. Pure, and the only place where a grade is made of evidence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::command::{Check, Rule};
use super::condition::Condition;
use super::evidence::{Evidence, Instead, Looked, Measurement, Value};
use super::message::Message;

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

/// The numbers of the run before, by measure and subject: what `rises` compares with.
pub type Previous = BTreeMap<(String, Option<String>), f64>;

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

/// Grades what a look brought back.
pub fn grade(check: &Check, looked: &Looked, previous: &Previous) -> Verdict {
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
    let mut findings: Vec<Finding> = check.rules.iter().flat_map(|rule| apply(rule, evidence, previous)).collect();
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

fn apply<'a>(rule: &Rule, evidence: &'a Evidence, previous: &Previous) -> Vec<Finding<'a>> {
    let mut findings: Vec<_> =
        evidence.of(&rule.measure).map(|measurement| judge(rule, measurement, previous)).collect();
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

impl Finding<'_> {
    const fn unknown(reason: Message) -> Self {
        Self { grade: Grade::Unknown, reason: Some(reason), threshold: None, measurement: None }
    }
}

fn judge<'a>(rule: &Rule, measurement: &'a Measurement, previous: &Previous) -> Finding<'a> {
    let before = previous.get(&(measurement.measure.clone(), measurement.subject.clone())).copied();
    let met = [(Grade::Fail, &rule.fail), (Grade::Warn, &rule.warn)]
        .into_iter()
        .filter_map(|(grade, condition)| Some((grade, condition.as_ref()?)))
        .find(|(_, condition)| condition.holds(&measurement.value, before));
    let Some((grade, condition)) = met else {
        return Finding { grade: Grade::Pass, reason: None, threshold: None, measurement: Some(measurement) };
    };
    let reason = if condition.needs_history() {
        Message::new("reason-rose").with("before", before.map_or_else(String::new, |before| before.to_string()))
    } else {
        Message::new("reason-met").with("condition", condition.wanted())
    };
    let reason = reason.with("measure", measure_name(&rule.measure)).with("value", in_short(&measurement.value));
    let reason = match (&measurement.says, &measurement.subject) {
        (Some(says), _) => says.clone(),
        (None, Some(subject)) => Message::new("reason-of").with("subject", subject.as_str()).with("reason", reason),
        (None, None) => reason,
    };
    Finding { grade, reason: Some(reason), threshold: Some(condition.wanted()), measurement: Some(measurement) }
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
    rule.fail.as_ref().or(rule.warn.as_ref()).map(Condition::wanted)
}

/// Of each shown measure the measurement that a person must see: the one that was met, or else the largest.
fn shown(check: &Check, evidence: &Evidence, findings: &[Finding<'_>]) -> Vec<Measurement> {
    let met = |measure: &str| {
        findings
            .iter()
            .filter(|finding| finding.grade != Grade::Pass)
            .filter_map(|finding| finding.measurement)
            .find(|measurement| measurement.measure == measure)
    };
    let largest =
        |measure: &str| evidence.of(measure).max_by(|one, other| size(&one.value).total_cmp(&size(&other.value)));
    check.show.iter().filter_map(|measure| met(measure).or_else(|| largest(measure))).cloned().collect()
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
mod tests {
    use std::time::Duration;

    use super::super::condition::Condition;
    use super::super::evidence::CouldNotLook;
    use super::super::message::Localised;
    use super::super::probe::Probe;
    use super::super::quantity::Quantity;
    use super::*;

    fn rule(measure: &str, warn: &str, fail: &str) -> Rule {
        let condition = |text: &str| (!text.is_empty()).then(|| Condition::parse(text).unwrap());
        Rule { measure: measure.to_owned(), warn: condition(warn), fail: condition(fail), optional: false }
    }

    fn check(rules: Vec<Rule>) -> Check {
        let show = rules.iter().map(|rule| rule.measure.clone()).take(1).collect();
        let title = Localised::default();
        Check { id: "c".to_owned(), row: None, title, probe: Probe::Memory, rules, show, remedies: Vec::new() }
    }

    fn used(mount: &str, percent: f64) -> Measurement {
        Measurement::quantity("used", Quantity::percent(percent)).of(mount)
    }

    fn seen(measurements: Vec<Measurement>) -> Looked {
        Ok(Evidence { measurements, ..Evidence::default() })
    }

    #[test]
    fn the_worst_subject_decides_and_is_shown() {
        let disk = check(vec![rule("used", ">= 70 %", ">= 80 %")]);
        for (percents, expected, worst) in
            [([10.0, 20.0], Grade::Pass, 20.0), ([75.0, 20.0], Grade::Warn, 75.0), ([75.0, 80.0], Grade::Fail, 80.0)]
        {
            let looked = seen(vec![used("/", percents[0]), used("/data", percents[1])]);
            let verdict = grade(&disk, &looked, &Previous::new());
            assert_eq!(verdict.grade, expected, "{percents:?}");
            assert_eq!(verdict.shown[0].value, Value::Quantity(Quantity::percent(worst)));
            assert_eq!(verdict.reasons.is_empty(), expected == Grade::Pass);
        }
    }

    #[test]
    fn what_could_not_be_looked_at_is_unknown_and_never_pass() {
        let disk = check(vec![rule("used", "", ">= 80 %")]);
        let reason = Message::new("host-lost");
        let could_not = CouldNotLook {
            what: String::new(),
            reason: reason.clone(),
            hint: None,
            output: String::new(),
            elapsed: Duration::ZERO,
        };
        assert_eq!(grade(&disk, &Err(could_not), &Previous::new()).grade, Grade::Unknown);
        assert_eq!(grade(&disk, &seen(Vec::new()), &Previous::new()).grade, Grade::Unknown);
        // One of two disks was read, and is good.
        let half = Evidence {
            measurements: vec![used("/", 10.0)],
            unread: vec![("used".to_owned(), reason.clone())],
            ..Evidence::default()
        };
        let verdict = grade(&disk, &Ok(half.clone()), &Previous::new());
        assert_eq!((verdict.grade, verdict.reasons), (Grade::Unknown, vec![reason]));
        // And where it is bad, that comes first.
        let bad = Evidence { measurements: vec![used("/", 90.0)], ..half };
        assert_eq!(grade(&disk, &Ok(bad), &Previous::new()).grade, Grade::Fail);
    }

    #[test]
    fn what_a_host_may_not_have_is_passed_over_where_the_rule_says_so() {
        let steal = Rule { optional: true, ..rule("steal", ">= 10 %", "") };
        let cpu = check(vec![rule("used", "", ">= 80 %"), steal]);
        assert_eq!(grade(&cpu, &seen(vec![used("all", 5.0)]), &Previous::new()).grade, Grade::Pass);
    }

    #[test]
    fn a_thing_that_gives_no_answer_fails() {
        let site = check(vec![rule("status", "", "!= 200")]);
        let refused =
            Evidence { instead: Some(Instead::NoAnswer(Message::new("probe-http-refused"))), ..Evidence::default() };
        let verdict = grade(&site, &Ok(refused), &Previous::new());
        assert_eq!((verdict.grade, verdict.threshold), (Grade::Fail, Some("200".to_owned())));
    }

    #[test]
    fn a_number_rises_against_the_run_before_only() {
        let container = check(vec![rule("restarts", "rises", "")]);
        let looked = seen(vec![Measurement::quantity("restarts", Quantity::count(3.0))]);
        let before = |count: f64| Previous::from([(("restarts".to_owned(), None), count)]);
        assert_eq!(grade(&container, &looked, &Previous::new()).grade, Grade::Pass);
        assert_eq!(grade(&container, &looked, &before(3.0)).grade, Grade::Pass);
        assert_eq!(grade(&container, &looked, &before(2.0)).grade, Grade::Warn);
    }

    #[test]
    fn the_worst_of_none_is_unknown() {
        assert_eq!(Grade::worst([]), Grade::Unknown);
        assert_eq!(Grade::worst(Grade::ALL), Grade::Fail);
    }
}
