//! What the buttons and forms of the gate bring back. By the request in it the bot knows the message of one again that was
//! posted before a kill.

use std::fmt;
use std::str::FromStr;

use crate::domain::approval::{RequestId, Word};
use crate::domain::run::RunId;

/// What every id of the gate begins with.
const PREFIX: &str = "gate:";

/// What a button or a form of the gate brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateId {
    /// A word to a request.
    Say(Word, RequestId),
    /// "Begin" below an approved request that had to wait.
    Begin(RequestId),
    /// "Go ahead alone".
    Alone(RequestId),
    /// "Review" below what was done alone.
    Review(RequestId),
    /// "Looked at" below an act that was interrupted.
    Release(RequestId),
    /// The form of that.
    Released(RequestId),
    /// A remedy below a check: of which run, the number of the check in its report, the number of the remedy in the check.
    Remedy(RunId, usize, usize),
    /// The button that only says how it stands.
    Over(RequestId),
    /// The form that asks why, by the number of its draft.
    Reason(u64),
    /// The form of a review.
    Reviewed(RequestId),
}

impl fmt::Display for GateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Say(word, id) => write!(f, "{PREFIX}{}:{}", word.name(), id.0),
            Self::Begin(id) => write!(f, "{PREFIX}begin:{}", id.0),
            Self::Alone(id) => write!(f, "{PREFIX}alone:{}", id.0),
            Self::Review(id) => write!(f, "{PREFIX}review:{}", id.0),
            Self::Release(id) => write!(f, "{PREFIX}release:{}", id.0),
            Self::Released(id) => write!(f, "{PREFIX}released:{}", id.0),
            Self::Remedy(run, check, remedy) => write!(f, "{PREFIX}remedy:{}:{check}:{remedy}", run.0),
            Self::Over(id) => write!(f, "{PREFIX}over:{}", id.0),
            Self::Reason(draft) => write!(f, "{PREFIX}reason:{draft}"),
            Self::Reviewed(id) => write!(f, "{PREFIX}reviewed:{}", id.0),
        }
    }
}

impl FromStr for GateId {
    type Err = NotOfGate;

    fn from_str(text: &str) -> Result<Self, NotOfGate> {
        let (what, number) = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':')).ok_or(NotOfGate)?;
        let id = || number.parse().map(RequestId).map_err(|_| NotOfGate);
        let read = match what {
            "begin" => Self::Begin(id()?),
            "alone" => Self::Alone(id()?),
            "review" => Self::Review(id()?),
            "release" => Self::Release(id()?),
            "released" => Self::Released(id()?),
            "over" => Self::Over(id()?),
            "reviewed" => Self::Reviewed(id()?),
            "remedy" => {
                let mut numbers = number.split(':');
                let mut next = || numbers.next().ok_or(NotOfGate);
                let run = RunId(next()?.parse().map_err(|_| NotOfGate)?);
                let mut place = || next()?.parse().map_err(|_| NotOfGate);
                Self::Remedy(run, place()?, place()?)
            }
            "reason" => Self::Reason(number.parse().map_err(|_| NotOfGate)?),
            other => Self::Say(Word::from_name(other).ok_or(NotOfGate)?, id()?),
        };
        // One way to write each: `+1` and `01` are not ours.
        if read.to_string() == text { Ok(read) } else { Err(NotOfGate) }
    }
}

/// A custom id that the gate never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOfGate;

impl GateId {
    /// The request that its message shows; none for forms and for what stands below other messages.
    const fn request(self) -> Option<RequestId> {
        match self {
            Self::Say(_, id)
            | Self::Begin(id)
            | Self::Alone(id)
            | Self::Review(id)
            | Self::Release(id)
            | Self::Over(id) => Some(id),
            Self::Released(_) | Self::Remedy(..) | Self::Reason(_) | Self::Reviewed(_) => None,
        }
    }

    /// Whether one of a message's `ids` says that the message shows `request`.
    pub(super) fn marks(ids: &[String], request: RequestId) -> bool {
        ids.iter().any(|id| id.parse::<Self>().is_ok_and(|id| id.request() == Some(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let id = RequestId(i64::MAX);
        let mut ids: Vec<_> = Word::ALL.into_iter().map(|word| GateId::Say(word, id)).collect();
        ids.extend([GateId::Begin(id), GateId::Alone(id), GateId::Review(id), GateId::Over(id), GateId::Reviewed(id)]);
        ids.extend([GateId::Release(id), GateId::Released(id), GateId::Reason(u64::MAX)]);
        ids.push(GateId::Remedy(RunId(i64::MAX), usize::MAX, 0));
        for id in ids {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert!(id.to_string().len() <= 100);
        }
    }

    #[test]
    fn what_was_forged_is_nothing() {
        for forged in [
            "gate:",
            "gate:approve",
            "gate:approve:",
            "gate:approve:x",
            "gate:approve:1:2",
            "gate:approve:+1",
            "gate:approve:01",
            "gate:approve: 1",
            "gate:APPROVE:1",
            "gate:run:1",
            "approve:1",
            "gate:approve:99999999999999999999",
            "gate:reason:-1",
            "gate:remedy:1",
            "gate:remedy:1:2",
            "gate:remedy:1:2:3:4",
            "gate:remedy:1:-2:3",
            "gate:remedy:1:02:3",
        ] {
            assert_eq!(forged.parse::<GateId>(), Err(NotOfGate), "{forged}");
        }
    }
}
