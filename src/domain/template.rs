//! The team's own forms for signing off (rows T1-T3), and what fills them in. An item is crossed only when every check
//! behind it passes, by what was measured or by what a person saw and signed; everything else is written out in words.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::command::Checklist;
use super::finding::Finding;
use super::grade::Grade;
use super::message::{Localised, Message};
use super::period::{Every, Period};
use super::report::{Report, ReportedCheck};
use super::run::RunId;
use super::signoff::SignOff;
use super::signoff::draft::{Attested, Memo, Said, Stated};
use super::words::Who;

/// A form, as a command file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What stands above it.
    pub title: Localised,
    /// Its items.
    pub items: Vec<Item>,
}

/// One line of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub title: Localised,
    /// The checks that must pass for it.
    pub checks: Vec<String>,
}

/// What is known of one day, week or month of a checklist.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Which one.
    pub period: Period,
    /// The result that was signed, or else the latest; none where it was not looked at.
    pub result: Option<(RunId, &'a Report)>,
    /// The latest sign-off, whether it holds or not.
    pub signed: Option<&'a SignOff>,
    /// Those whose turn it was.
    pub assigned: &'a [Who],
    /// The findings that were filed in it.
    pub filed: &'a [&'a Finding],
    /// When it was due, and until when a sign-off is in time; none where nobody said.
    pub due: Option<Due>,
    /// What time it is.
    pub now: DateTime<Utc>,
    /// On which clocks.
    pub zone: Tz,
}

/// When something had to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// From when on.
    pub at: DateTime<Utc>,
    /// Until when it is in time.
    pub in_time: DateTime<Utc>,
}

/// How it is with one day, week or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormState {
    /// It is signed.
    Signed,
    /// It is signed, later than it should have been.
    Late,
    /// It is not signed, and there is still time.
    Open,
    /// It was signed, and is not any more.
    OpenAgain,
    /// Nobody signed it, and it is over.
    Missed,
    /// It is still to come.
    ToCome,
}

/// A form that is filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// What stands above it.
    pub title: Localised,
    /// Of which day, week or month.
    pub period: Period,
    /// How it is with it.
    pub state: FormState,
    /// Who signed, or else whose turn it was.
    pub people: Vec<String>,
    /// Whose turn it was, where somebody else signed.
    pub instead_of: Vec<String>,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// The run whose result it shows.
    pub run: Option<RunId>,
    /// The worst grade of the result; none where there is none.
    pub worst: Option<Grade>,
    /// Its items.
    pub items: Vec<FilledItem>,
    /// Its free texts, in the order of the form; empty where nothing was written.
    pub memos: Vec<(Memo, String)>,
    /// The findings that were filed in it, for a form that has a place for them.
    pub filed: Vec<Finding>,
}

/// The forms of one checklist on one host.
#[derive(Clone, Debug, PartialEq)]
pub struct Forms {
    /// The command.
    pub command: String,
    /// What the checklist is called.
    pub title: Localised,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// What it is called.
    pub host_title: Localised,
    /// The forms, the earliest first.
    pub forms: Vec<Form>,
    /// The findings that were filed, open or closed in their time, the oldest first.
    pub findings: Vec<Finding>,
}

/// An item that is filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct FilledItem {
    /// What it says.
    pub title: Localised,
    /// Whether every check behind it passes.
    pub done: bool,
    /// What is to be said of those that do not.
    pub words: Vec<Message>,
}

impl FormState {
    /// Each, the best first.
    pub const ALL: [Self; 6] = [Self::Signed, Self::Late, Self::Open, Self::OpenAgain, Self::Missed, Self::ToCome];

    /// Its name in JSON and CSV.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Late => "late",
            Self::Open => "open",
            Self::OpenAgain => "open-again",
            Self::Missed => "missed",
            Self::ToCome => "to-come",
        }
    }
}

impl Template {
    /// The form of a checklist whose file has none: an item for each of its sections.
    pub fn of_sections(checklist: &Checklist) -> Self {
        let items = checklist.sections.iter().map(|section| Item {
            title: section.title.clone(),
            checks: section.checks.iter().map(|check| check.id.clone()).collect(),
        });
        Self { title: checklist.title.clone(), items: items.collect() }
    }

    /// The form with what is `known`.
    pub fn fill(&self, known: &Known<'_>) -> Form {
        let state = known.state();
        let holds = known.signed.filter(|_| matches!(state, FormState::Signed | FormState::Late));
        let names = |people: &[Who]| people.iter().map(|who| who.name.clone()).collect::<Vec<_>>();
        let signer = holds.map(|signed| &signed.signature.by);
        let people = signer.map_or_else(|| names(known.assigned), |who| vec![who.name.clone()]);
        // People are renamed; their ids stay.
        let another = signer.is_some_and(|signer| known.assigned.iter().all(|who| who.id != signer.id));
        let memo = |memo: &Memo| {
            let written = holds.and_then(|signed| signed.memos.get(memo));
            (*memo, written.map(ToString::to_string).unwrap_or_default())
        };
        Form {
            title: self.title.clone(),
            period: known.period,
            state,
            people,
            instead_of: if another { names(known.assigned) } else { Vec::new() },
            signed_at: holds.map(|signed| signed.signature.at),
            run: known.result.map(|(run, _)| run),
            worst: known.result.map(|(_, report)| report.grade()),
            items: self.items.iter().map(|item| item.fill(known, holds)).collect(),
            memos: Memo::of(known.period.every()).iter().map(memo).collect(),
            filed: known.filed.iter().copied().filter(|_| has_findings(known.period.every())).cloned().collect(),
        }
    }
}

/// Whether the team's form for so long a time has a place for findings.
fn has_findings(every: Every) -> bool {
    Memo::of(every).contains(&Memo::Findings)
}

impl Known<'_> {
    /// How it stands.
    pub fn state(&self) -> FormState {
        let ends = self.period.ends(self.zone);
        // What a day off moved may be due after its period has ended, and is not missed as it comes.
        let missed = self.due.is_some_and(|due| self.now >= ends.max(due.in_time));
        match self.signed {
            Some(SignOff { ended: Some(_), .. }) if !missed => FormState::OpenAgain,
            Some(signed @ SignOff { ended: None, .. }) => {
                let in_time = self.due.map_or(ends, |due| due.in_time);
                if signed.signature.at > in_time { FormState::Late } else { FormState::Signed }
            }
            // Of what nobody was to do, nothing is missed.
            _ if missed => FormState::Missed,
            _ if self.now < self.due.map_or_else(|| self.period.begins(self.zone), |due| due.at) => FormState::ToCome,
            _ => FormState::Open,
        }
    }

    /// Whether there is anything to be said: somebody was to look, looked or signed.
    pub const fn is_something(&self) -> bool {
        self.due.is_some() || self.result.is_some() || self.signed.is_some()
    }

    fn stated(&self, check: &str) -> Option<&Stated> {
        self.signed?.checks.iter().find(|stated| stated.check == check)
    }
}

impl Item {
    fn fill(&self, known: &Known<'_>, holds: Option<&SignOff>) -> FilledItem {
        let Some((_, report)) = known.result else {
            let nothing = Message::new("sheet-not-looked");
            return FilledItem { title: self.title.clone(), done: false, words: vec![nothing] };
        };
        let words: Vec<Message> = self
            .checks
            .iter()
            .filter_map(|id| match report.check(id) {
                None => Some(Message::new("sheet-no-such-check").with("check", id.as_str())),
                Some(check) => {
                    let stated = holds.and_then(|_| known.stated(id));
                    (!passes(check, stated)).then(|| in_words(check, stated, known))
                }
            })
            .collect();
        FilledItem { title: self.title.clone(), done: words.is_empty(), words }
    }
}

/// Whether `check` is well: measured so, or seen so by the person who signed.
fn passes(check: &ReportedCheck, stated: Option<&Stated>) -> bool {
    match check.grade {
        Grade::Pass => true,
        Grade::Manual => stated.and_then(|stated| stated.attested) == Some(Attested::Yes),
        Grade::Fail | Grade::Unknown | Grade::Warn | Grade::Waived | Grade::Skipped => false,
    }
}

/// What is to be said of a check that does not pass: how it was graded and why, and what was said of it.
fn in_words(check: &ReportedCheck, stated: Option<&Stated>, known: &Known<'_>) -> Message {
    let what = match (check.grade, &check.waived, stated.and_then(|stated| stated.attested)) {
        (Grade::Waived, Some(waived), _) => Message::new("sheet-waived")
            .with("reason", waived.reason.to_string())
            .with("until", moment(waived.until, known.zone)),
        (Grade::Manual, _, Some(Attested::No)) => Message::new("sheet-seen-wrong"),
        (Grade::Manual, _, Some(Attested::NotApplicable)) => Message::new("sheet-seen-not-applicable"),
        (Grade::Manual, ..) => Message::new("sheet-not-seen"),
        (grade, ..) => {
            let name = grade_message(grade);
            match check.reasons.first() {
                Some(reason) => Message::new("sheet-graded").with("grade", name).with("reason", reason.clone()),
                None => name,
            }
        }
    };
    let said = match stated.and_then(|stated| stated.said.as_ref()) {
        Some(Said::Finding(id)) => Some(Message::new("sheet-finding").with("finding", id.to_string())),
        Some(Said::Note(note)) => Some(Message::new("sheet-note").with("note", note.to_string())),
        // It was taken on when this was signed; from the next result on it is graded so.
        Some(Said::Waiver(_)) => Some(grade_message(Grade::Waived)),
        None => None,
    };
    let words = Message::new("sheet-check").with("check", check.title.clone());
    match said {
        Some(said) => words.with("what", Message::new("sheet-and").with("one", what).with("other", said)),
        None => words.with("what", what),
    }
}

fn grade_message(grade: Grade) -> Message {
    Message::new(match grade {
        Grade::Fail => "grade-fail",
        Grade::Unknown => "grade-unknown",
        Grade::Warn => "grade-warn",
        Grade::Manual => "grade-manual",
        Grade::Waived => "grade-waived",
        Grade::Skipped => "grade-skipped",
        Grade::Pass => "grade-pass",
    })
}

/// `2026-11-30 18:00 KST`.
fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z").to_string()
}
