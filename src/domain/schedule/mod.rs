//! When a checklist is due. Pure: the holidays and the time are arguments.
//!
//! - A schedule names days and one time of the day by a cron expression, in its own zone.
//! - On a holiday or weekend it runs all the same, is left out, or moves to the next working day, as it says.
//! - It is due at most once a day: an occurrence is told from every other by its checklist, its host and its local day.
//! - What a clock change does to the time is said in [`wall`].
//! - What was due while nobody could post is posted late within a stated window, and else recorded as missed.

pub mod cron;
pub mod holidays;
pub mod wall;

use std::iter;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use cron::Cron;
use holidays::Holidays;

/// What happens on a day on which nobody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOff {
    /// It is due all the same.
    Run,
    /// It is not due on a holiday of the file; weekends are the expression's own business.
    Skip,
    /// It is due on the next working day.
    Move,
}

impl DayOff {
    /// All, as files write them.
    pub const ALL: [(&'static str, Self); 3] = [("run", Self::Run), ("skip", Self::Skip), ("move", Self::Move)];

    /// As files write it.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, day_off)| *day_off == self).map_or("", |(name, _)| name)
    }
}

/// When a checklist is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The days, and the time of the day.
    pub cron: Cron,
    /// The zone whose clocks show that time.
    pub zone: Tz,
    /// What happens on a day off.
    pub day_off: DayOff,
}

/// One time at which a checklist is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The local day on which it is due.
    pub day: NaiveDate,
    /// The day that the expression named: an earlier one where a day off was in the way. The week or month that is
    /// looked back on is the one of this day.
    pub named: NaiveDate,
}

/// How far back a day may lie that a day off moved.
const LONGEST_MOVE: TimeDelta = TimeDelta::days(61);

/// How far ahead the next time is looked for: a 29th of February may be eight years away, and be skipped once.
const FARTHEST: TimeDelta = TimeDelta::days(366 * 17);

impl Schedule {
    /// Every time at which it is due after `after` and up to `until`, that one included, in order.
    pub fn between(&self, after: DateTime<Utc>, until: DateTime<Utc>, holidays: &Holidays) -> Vec<Due> {
        let end = wall::wall(self.zone, until).date();
        let mut found: Vec<Due> = self.from(after, holidays).take_while(|due| due.named <= end).collect();
        found.retain(|due| due.at > after && due.at <= until);
        found
    }

    /// The first time after `after`.
    pub fn next(&self, after: DateTime<Utc>, holidays: &Holidays) -> Option<Due> {
        let farthest = after.checked_add_signed(FARTHEST)?;
        self.from(after, holidays).take_while(|due| due.at <= farthest).find(|due| due.at > after)
    }

    /// Every time from some while before `after` on. Of several named days that fall on one day the last one is due: where
    /// a holiday moves to a Monday that is due itself, it is Monday's check.
    fn from(&self, after: DateTime<Utc>, holidays: &Holidays) -> impl Iterator<Item = Due> {
        let first = wall::wall(self.zone, after).date() - LONGEST_MOVE;
        let day_of = move |named: NaiveDate| match self.day_off {
            DayOff::Run => Some((named, named)),
            DayOff::Skip => (!holidays.days.contains_key(&named)).then_some((named, named)),
            DayOff::Move => Some((named, holidays.working_day_from(named))),
        };
        let mut days = self.cron.days_from(first).filter_map(day_of).peekable();
        iter::from_fn(move || {
            let (mut named, day) = days.next()?;
            while let Some((later, _)) = days.next_if(|(_, other)| *other == day) {
                named = later;
            }
            Some(Due { at: wall::moment(self.zone, day.and_time(self.cron.time())), day, named })
        })
    }
}

/// What is done about a time at which a checklist was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// It is posted, and nothing need be said of the time.
    OnTime,
    /// It is posted late, and says when it was due.
    Late,
    /// It is too late to be of use: it is recorded as missed, and told.
    Missed,
}

impl Timeliness {
    /// So long after the time it still counts as kept: the bot was not asleep, it only looked first.
    pub const PUNCTUAL: TimeDelta = TimeDelta::minutes(3);

    /// What is done at `now` about what was due at `due` and may be posted for as long as `window` afterwards.
    pub fn of(due: DateTime<Utc>, now: DateTime<Utc>, window: Duration) -> Self {
        let late = now - due;
        if late <= Self::PUNCTUAL {
            Self::OnTime
        } else if late.to_std().is_ok_and(|late| late <= window) {
            Self::Late
        } else {
            Self::Missed
        }
    }
}

#[cfg(test)]
mod tests;
