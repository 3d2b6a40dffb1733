//! How long what is kept is kept. Sign-offs, findings, waivers, approvals and the audit record are kept for ever, and with
//! them every report that they speak of.

use chrono::{DateTime, TimeDelta, Utc};

/// How long each kind is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// What ran and printed.
    pub evidence: TimeDelta,
    /// Reports: grades, reasons, values.
    pub runs: TimeDelta,
    /// Every number that was measured; of older ones the least, the most and the last of each day stay.
    pub numbers: TimeDelta,
}

impl Default for Retention {
    /// Thirteen months of what printed and of each number, so that a month meets the same month of last year; five years
    /// of reports.
    fn default() -> Self {
        Self { evidence: TimeDelta::days(396), runs: TimeDelta::days(1827), numbers: TimeDelta::days(396) }
    }
}

impl Retention {
    /// Rules look back up to three months, and a month's report is written in the month after.
    pub const LEAST: TimeDelta = TimeDelta::days(93);

    /// What is old at `now`.
    pub fn before(&self, now: DateTime<Utc>) -> Before {
        let before = |span: TimeDelta| now.checked_sub_signed(span).unwrap_or(DateTime::UNIX_EPOCH);
        Before { evidence: before(self.evidence), runs: before(self.runs), numbers: before(self.numbers) }
    }
}

/// From when on each kind is kept: what is older goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// What ran and printed.
    pub evidence: DateTime<Utc>,
    /// Reports.
    pub runs: DateTime<Utc>,
    /// Numbers.
    pub numbers: DateTime<Utc>,
}
