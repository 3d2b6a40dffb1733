//! What a button or a select brings back when it is used. Nothing in it is trusted: who used it is asked anew.

use std::fmt;
use std::str::FromStr;

use crate::domain::alert::AlertId;
use crate::domain::run::RunId;

/// For how many hours an alert may be muted.
pub(super) const MUTES: [u32; 2] = [1, 8];

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CustomId {
    /// "Details" below a report.
    Details(RunId),
    /// "Run again" below a report.
    Again(RunId),
    /// The choice of one check in the details.
    Check(RunId),
    /// "Mute" below an alert, for so many hours.
    Mute(AlertId, u32),
}

impl fmt::Display for CustomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Details(run) => write!(f, "details:{}", run.0),
            Self::Again(run) => write!(f, "again:{}", run.0),
            Self::Check(run) => write!(f, "check:{}", run.0),
            Self::Mute(alert, hours) => write!(f, "mute-{hours}:{}", alert.0),
        }
    }
}

/// A custom id that this program never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotOurs;

impl FromStr for CustomId {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let (what, run) = text.split_once(':').ok_or(NotOurs)?;
        let run = run.parse().map(RunId).map_err(|_| NotOurs)?;
        if let Some(hours) = what.strip_prefix("mute-") {
            let hours = hours.parse().ok().filter(|hours| MUTES.contains(hours)).ok_or(NotOurs)?;
            return Ok(Self::Mute(AlertId(run.0), hours));
        }
        match what {
            "details" => Ok(Self::Details(run)),
            "again" => Ok(Self::Again(run)),
            "check" => Ok(Self::Check(run)),
            _ => Err(NotOurs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let ids = [
            CustomId::Details(RunId(1)),
            CustomId::Again(RunId(i64::MAX)),
            CustomId::Check(RunId(7)),
            CustomId::Mute(AlertId(3), 8),
        ];
        for id in ids {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert!(id.to_string().len() <= 100);
        }
    }

    #[test]
    fn what_was_forged_is_nothing() {
        for forged in [
            "",
            "details",
            "details:",
            "details:x",
            "details:1:2",
            "drop:1",
            "mute-99:1",
            "mute-:1",
            "again:99999999999999999999",
        ] {
            assert_eq!(forged.parse::<CustomId>(), Err(NotOurs), "{forged}");
        }
    }
}
