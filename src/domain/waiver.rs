//! A waiver: a person takes a bad check on, with a reason and an end. While it runs the check shows as `waived`, never as
//! pass, and what was measured is kept beside it.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::day;
use super::grade::Grade;
use super::message::{Explain, Localised, Message};
use super::report::{Report, ReportedCheck};
use super::schedule::wall;
use super::words::{Who, Words};

/// The number of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WaiverId(pub i64);

/// How long before its end a waiver is spoken of.
pub const NOTICE: TimeDelta = TimeDelta::days(1);

/// How long after its end that is still told, where the bot was away when it should have been announced.
pub const LATE: TimeDelta = TimeDelta::days(7);

/// The longest that anything may be waived. What shall never be looked at again is taken out of its file.
pub const LONGEST: TimeDelta = TimeDelta::days(366);

/// What a waiver is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The command.
    pub command: String,
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// The check.
    pub check: String,
}

/// A waiver that is about to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWaiver {
    /// What it is about.
    pub scope: Scope,
    /// What the check is called.
    pub title: Localised,
    /// The grade that was taken on: nothing worse is waived.
    pub covers: Grade,
    /// Why.
    pub reason: Words,
    /// Who takes it on.
    pub by: Who,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when: from this moment on it waives nothing.
    pub until: DateTime<Utc>,
    /// The channel that hears of its end; none where nobody can say.
    pub channel: Option<u64>,
}

/// A waiver as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// Its number.
    pub id: WaiverId,
    /// As it was made.
    pub made: NewWaiver,
    /// That somebody ended it before its time.
    pub ended: Option<Ended>,
}

/// A waiver's early end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// By whom.
    pub by: Who,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Words,
}

/// What a report keeps of the waiver that a check runs under.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waived {
    /// The waiver.
    pub waiver: WaiverId,
    /// What the check was graded, waiver or not.
    pub measured: Grade,
    /// Why it was taken on.
    pub reason: Words,
    /// By whom.
    pub by: Who,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl Waiver {
    /// What stands below its announcement: by this the bot knows it again.
    pub fn mark(&self) -> String {
        format!("W{}", self.id.0)
    }

    /// When it is over.
    pub fn over_at(&self) -> DateTime<Utc> {
        self.ended.as_ref().map_or(self.made.until, |ended| ended.at.min(self.made.until))
    }

    /// Whether it runs at `now`.
    pub fn runs_at(&self, now: DateTime<Utc>) -> bool {
        self.made.from <= now && now < self.over_at()
    }

    /// Whether its end has to be announced at `now`: it is a day off or less, or came while the bot was away, and nobody
    /// ended it. Of one that was made for less than that nobody needs to be reminded.
    pub fn is_to_be_announced(&self, now: DateTime<Utc>) -> bool {
        self.ended.is_none()
            && self.made.until - self.made.from > NOTICE
            && (self.made.until - NOTICE..self.made.until + LATE).contains(&now)
    }

    fn is_of(&self, report: &Report, check: &ReportedCheck) -> bool {
        let Scope { command, host, check: id } = &self.made.scope;
        *command == report.command && *host == report.host && *id == check.id
    }
}

/// Grades the checks of `report` that a waiver runs for at `now` as waived, and keeps what they were graded. A check that
/// is worse than what was taken on, that a person must look at, that does not apply or that is well stays as it is. `zone`
/// is that of the deployment, in which the end is told.
pub fn apply(report: &mut Report, waivers: &[Waiver], now: DateTime<Utc>, zone: Tz) {
    let of = |report: &Report, check: &ReportedCheck| {
        let fits = |waiver: &&Waiver| {
            waiver.runs_at(now) && waiver.is_of(report, check) && check.grade.badness() <= waiver.made.covers.badness()
        };
        // Of several, the one that runs longest.
        waivers.iter().filter(fits).max_by_key(|waiver| waiver.over_at()).cloned()
    };
    let found: Vec<Option<Waiver>> =
        report.checks().map(|check| if check.grade.needs_attention() { of(report, check) } else { None }).collect();
    let checks = report.sections.iter_mut().flat_map(|section| &mut section.checks);
    for (check, waiver) in checks.zip(found) {
        let Some(Waiver { id, made, .. }) = waiver else { continue };
        let why = Message::new("waiver-runs")
            .with("person", made.by.name.as_str())
            .with("reason", made.reason.as_str())
            .with("until", made.until.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z").to_string())
            .with("grade", check.grade.name());
        check.reasons.insert(0, why);
        check.waived =
            Some(Waived { waiver: id, measured: check.grade, reason: made.reason, by: made.by, until: made.until });
        check.grade = Grade::Waived;
    }
}

/// Why a text is no end of a waiver.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndError {
    /// It is no day, or no day with an hour.
    #[error("`{0}` is no day and hour")]
    NotATime(String),
    /// It lies behind.
    #[error("{0} is over")]
    Over(String),
    /// It lies too far ahead.
    #[error("{0} is more than a year ahead")]
    TooFar(String),
}

/// The end that somebody wrote, on the clocks of `zone`: `2026-12-01 09:00`, `2026-12-01 9`, `12/01 09:00`, or a day alone,
/// which then ends when its last hour has passed.
///
/// # Errors
/// [`EndError`] when it is no time, has passed, or is too far ahead.
pub fn parse_end(text: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, EndError> {
    let not_a_time = || EndError::NotATime(text.trim().chars().take(40).collect());
    let mut parts = text.split_whitespace();
    let (date, hour, more) = (parts.next(), parts.next(), parts.next());
    let today = now.with_timezone(&zone).date_naive();
    let day = day::parse(date.unwrap_or_default(), today).ok_or_else(not_a_time)?;
    let local = match (hour, more) {
        (None, _) => day.succ_opt().map(|next| next.and_time(NaiveTime::MIN)),
        (Some(hour), None) => parse_hour(hour).map(|hour| day.and_time(hour)),
        (Some(_), Some(_)) => None,
    };
    let local: NaiveDateTime = local.ok_or_else(not_a_time)?;
    let end = wall::moment(zone, local);
    let shown = || local.format("%Y-%m-%d %H:%M").to_string();
    match end - now {
        left if left <= TimeDelta::zero() => Err(EndError::Over(shown())),
        left if left > LONGEST => Err(EndError::TooFar(shown())),
        _ => Ok(end),
    }
}

fn parse_hour(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

impl Explain for EndError {
    fn message(&self) -> Message {
        match self {
            Self::NotATime(text) => Message::new("waiver-end-not-a-time").with("text", text.as_str()),
            Self::Over(at) => Message::new("waiver-end-over").with("at", at.as_str()),
            Self::TooFar(at) => Message::new("waiver-end-too-far").with("at", at.as_str()),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(Message::new("waiver-end-hint"))
    }
}

#[cfg(test)]
mod tests;
