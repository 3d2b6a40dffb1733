//! Whose turn it is. Pure: the file's rota is the base, what people changed by command lies above it, and nothing is ever
//! overwritten.
//!
//! - The order goes round by day, week (from Monday) or month; two people may share a turn.
//! - A turn is handed over at an hour: before it, the day still belongs to yesterday's turn.
//! - A cover names who takes given days instead. The latest one counts.
//! - Who is away is passed over: whoever shares the turn has it alone, else the next in the order steps in. A cover that was
//!   made after they said they would be away counts all the same: somebody asked them.

mod change;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

pub use change::{Change, ChangeId, Kept, Span};

use super::schedule::wall;

/// How long a turn is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A day.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Turn {
    /// All, as files write them.
    pub const ALL: [(&'static str, Self); 3] = [("day", Self::Day), ("week", Self::Week), ("month", Self::Month)];

    /// The number of the turn in which `day` lies, counted from somewhere.
    fn number(self, day: NaiveDate) -> i64 {
        let days = i64::from(day.num_days_from_ce());
        match self {
            Self::Day => days,
            // The first day of the calendar, which is day 1, is a Monday.
            Self::Week => (days - 1).div_euclid(7),
            Self::Month => i64::from(day.year()) * 12 + i64::from(day.month0()),
        }
    }

    /// The first day of the turn in which `day` lies.
    pub fn first_day(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// The last day of the turn in which `day` lies.
    pub fn last_day(self, day: NaiveDate) -> NaiveDate {
        let first = self.first_day(day);
        match self {
            Self::Day => day,
            Self::Week => first + Days::new(6),
            Self::Month => (first + Days::new(31)).with_day(1).and_then(|day| day.pred_opt()).unwrap_or(day),
        }
    }
}

/// The rota of a checklist, as the file states it. People are named by their Discord ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rota {
    /// The turns, each with those who share it.
    pub order: Vec<Vec<u64>>,
    /// How long each is.
    pub turn: Turn,
    /// When it is handed over.
    pub handover: NaiveTime,
    /// A day on which the first of the order has the turn.
    pub starts: NaiveDate,
    /// Whose clocks show the handover.
    pub zone: Tz,
}

/// How somebody came to be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is their turn.
    Turn,
    /// Somebody arranged it by command.
    Arranged(ChangeId),
    /// They step in: these, whose turn it is, are away.
    StepsIn(Vec<u64>),
}

/// Who is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDuty {
    /// The people; nobody where all are away.
    pub people: Vec<u64>,
    /// How they came to be on.
    pub why: Why,
}

impl Rota {
    /// The day whose turn it is at `at`: until the handover it is still yesterday's.
    pub fn day_at(&self, at: DateTime<Utc>) -> NaiveDate {
        let wall = wall::wall(self.zone, at);
        if wall.time() < self.handover { wall.date() - Days::new(1) } else { wall.date() }
    }

    /// Who is on at `at`, of `checklist`, by all that was changed until now.
    pub fn at(&self, checklist: &str, changes: &[Kept], at: DateTime<Utc>) -> OnDuty {
        self.on(checklist, changes, self.day_at(at), &BTreeSet::new())
    }

    /// Who is on in the turn of `day`. Those of `gone` count as away: they have left the server.
    pub fn on(&self, checklist: &str, changes: &[Kept], day: NaiveDate, gone: &BTreeSet<u64>) -> OnDuty {
        let away = |person: u64, since: usize| {
            let said = changes.iter().skip(since).any(|kept| kept.change.keeps_away(person, day));
            said || gone.contains(&person)
        };
        let there = |people: &[u64], since: usize| -> Vec<u64> {
            people.iter().copied().filter(|person| !away(*person, since)).collect()
        };
        for (index, kept) in changes.iter().enumerate().rev() {
            let Some(people) = kept.change.covers(checklist, day) else { continue };
            let people = there(people, index);
            if !people.is_empty() {
                return OnDuty { people, why: Why::Arranged(kept.id) };
            }
        }
        let Ok(length) = i64::try_from(self.order.len()) else { return OnDuty::nobody() };
        if length == 0 {
            return OnDuty::nobody();
        }
        let first = (self.turn.number(day) - self.turn.number(self.starts)).rem_euclid(length);
        let first = usize::try_from(first).unwrap_or(0);
        let mut missing = Vec::new();
        for step in 0..self.order.len() {
            let Some(sharing) = self.order.get((first + step) % self.order.len()) else { continue };
            let people = there(sharing, 0);
            if !people.is_empty() {
                return OnDuty { people, why: if step == 0 { Why::Turn } else { Why::StepsIn(missing) } };
            }
            if step == 0 {
                missing.clone_from(sharing);
            }
        }
        OnDuty::nobody()
    }

    /// Everybody who ever has a turn, in their order.
    pub fn people(&self) -> Vec<u64> {
        let mut seen = BTreeSet::new();
        self.order.iter().flatten().copied().filter(|person| seen.insert(*person)).collect()
    }

    /// Who steps in where nobody is named as the deputy: the next in the order who is there and not on anyway.
    pub fn next_after(&self, on: &[u64], checklist: &str, changes: &[Kept], day: NaiveDate) -> Option<u64> {
        let gone: BTreeSet<u64> = on.iter().copied().collect();
        self.on(checklist, &change::without_covers(changes), day, &gone).people.first().copied()
    }

    /// The days from `from` to `to`, each run of days with the same people as one.
    pub fn spans(&self, checklist: &str, changes: &[Kept], from: NaiveDate, to: NaiveDate) -> Vec<(Span, OnDuty)> {
        let mut found: Vec<(Span, OnDuty)> = Vec::new();
        for day in from.iter_days().take_while(|day| *day <= to) {
            let on = self.on(checklist, changes, day, &BTreeSet::new());
            // A new turn is a line of its own, even where the same person has it again.
            let goes_on = self.turn.first_day(day) != day;
            match found.last_mut() {
                Some((span, before)) if *before == on && goes_on => span.to = day,
                _ => found.push((Span { from: day, to: day }, on)),
            }
        }
        found
    }
}

impl OnDuty {
    const fn nobody() -> Self {
        Self { people: Vec::new(), why: Why::Turn }
    }
}

#[cfg(test)]
mod tests;
