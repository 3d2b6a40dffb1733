//! What may happen in an open runbook, and how a drill is judged.

use super::{Does, Happening, KeptRunbook, Runbook, Standing};

/// Why something cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// It is closed.
    #[error("the runbook is closed")]
    Closed,
    /// There is no such step, or it is of another kind.
    #[error("there is no such step")]
    NoStep,
    /// It was done already.
    #[error("it was done already")]
    Already,
    /// Another key was shown since, or none.
    #[error("another key was shown")]
    OtherKey,
    /// A drill is over when every step is done and well, or it is given up.
    #[error("not every step is done")]
    Unfinished,
}

/// Whether `what` may happen to `kept`, which was opened by `runbook`, by the person of id `by`.
///
/// # Errors
/// [`NotNow`].
pub fn may_happen(runbook: &Runbook, kept: &KeptRunbook, what: &Happening, by: u64) -> Result<(), NotNow> {
    if kept.closed().is_some() {
        return Err(NotNow::Closed);
    }
    let does = what.step().and_then(|step| runbook.step(step)).map(|step| &step.does);
    let last = what.step().and_then(|step| kept.last_of(step)).map(|last| &last.what);
    match (what, does) {
        (Happening::Opened { .. }, _) => Err(NotNow::Already),
        (Happening::Led, _) if kept.lead().is_some_and(|(lead, _)| *lead == by) => Err(NotNow::Already),
        (Happening::Led | Happening::Noted { .. } | Happening::Asked { step: None, .. }, _) => Ok(()),
        (Happening::Done { .. }, Some(Does::Hand { .. })) if last.is_some() => Err(NotNow::Already),
        (Happening::Trusted { address, fingerprint, .. }, Some(Does::HostKey { .. })) => match last {
            Some(Happening::Shown { address: at, fingerprint: key, .. }) if at == address && key == fingerprint => {
                Ok(())
            }
            Some(Happening::Trusted { .. }) => Err(NotNow::Already),
            _ => Err(NotNow::OtherKey),
        },
        (Happening::Looked { .. }, Some(Does::Look { .. }))
        | (Happening::Asked { .. }, Some(Does::Act { .. }))
        | (Happening::Done { .. }, Some(Does::Hand { .. }))
        | (Happening::Shown { .. }, Some(Does::HostKey { .. })) => Ok(()),
        // A drill that left something out proves nothing.
        (Happening::Closed { solved: true, .. }, _) if runbook.within.is_some() && !is_whole(runbook, kept) => {
            Err(NotNow::Unfinished)
        }
        (Happening::Closed { .. }, _) => Ok(()),
        _ => Err(NotNow::NoStep),
    }
}

fn is_whole(runbook: &Runbook, kept: &KeptRunbook) -> bool {
    runbook.steps.iter().all(|step| kept.standing(step) == Standing::Done)
}

/// Whether a drill passed: it was solved, and within its time. None for what is no drill or is still open.
pub fn drill_passed(runbook: &Runbook, kept: &KeptRunbook) -> Option<bool> {
    let (within, (solved, at)) = (runbook.within?, kept.closed()?);
    Some(solved && kept.took(at) < within)
}
