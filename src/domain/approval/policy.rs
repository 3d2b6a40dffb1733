//! Whose word each risk takes.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Needed;
use crate::domain::action::Risk;

/// What one risk takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// How many others must approve; 0: the requester confirms.
    pub approvals: u32,
    /// The same inside of an open runbook: with more, nobody could act at night.
    pub in_runbook: u32,
    /// Whether the requester must type in the target.
    pub typed: bool,
}

/// What each risk takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Of [`Risk::Low`].
    pub low: Tier,
    /// Of [`Risk::High`].
    pub high: Tier,
    /// Of [`Risk::Critical`].
    pub critical: Tier,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            low: Tier { approvals: 0, in_runbook: 0, typed: false },
            high: Tier { approvals: 1, in_runbook: 1, typed: false },
            critical: Tier { approvals: 2, in_runbook: 1, typed: true },
        }
    }
}

impl Policy {
    /// How long whoever goes ahead alone waits, where the deployment does not say.
    pub const BREAK_GLASS_WAIT: Duration = Duration::from_secs(180);

    /// What `risk` takes.
    pub const fn tier(&self, risk: Risk) -> Tier {
        match risk {
            Risk::Low => self.low,
            Risk::High => self.high,
            Risk::Critical => self.critical,
        }
    }

    /// Whose word an act of `risk` takes.
    pub const fn needed(&self, risk: Risk, in_runbook: bool) -> Needed {
        let tier = self.tier(risk);
        match if in_runbook { tier.in_runbook } else { tier.approvals } {
            0 => Needed::Confirmation,
            count => Needed::Approvals(count),
        }
    }

    /// Whose word it takes when nobody else is awake: one's own, after `wait`.
    pub fn break_glass(now: DateTime<Utc>, wait: Duration) -> Needed {
        Needed::BreakGlass { from: now + wait }
    }
}
