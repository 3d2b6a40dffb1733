//! Runbooks: what is done in an emergency, step by step, who led, and what happened when. A runbook is opened on a host,
//! gathers happenings, and is closed; nothing of it is ever changed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::action::Given;
use super::approval::RequestId;
use super::message::Localised;
use super::run::MessagePlace;
use super::vital::Vital;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The service, or an important part of it, does not work.
    High,
    /// Nobody can use the service.
    Critical,
}

impl Severity {
    /// All of them, the lesser first.
    pub const ALL: [Self; 2] = [Self::High, Self::Critical];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// A runbook, as its file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Runbook {
    /// The file's stem: `emergency-service-down`.
    pub id: String,
    /// Its name as a slash command in Korean, where it has one of its own.
    pub name_ko: Option<String>,
    /// What it is called.
    pub title: Localised,
    /// What Discord says of it.
    pub description: Localised,
    /// How bad what it is for is.
    pub severity: Severity,
    /// How people notice.
    pub symptom: Localised,
    /// The names of the roles that may open and lead it.
    pub open: Vec<String>,
    /// What the sampler watches that begins an alert which this runbook fits.
    pub fits: Vec<Vital>,
    /// A drill: in how much time it must be done. None: an emergency, which takes what it takes.
    pub within: Option<Duration>,
    /// What is done, in order. None needs to wait for the one before: who leads decides.
    pub steps: Vec<RunbookStep>,
}

/// One step of a runbook.
#[derive(Clone, Debug, PartialEq)]
pub struct RunbookStep {
    /// Names it in its runbook.
    pub id: String,
    /// What it is called.
    pub title: Localised,
    /// What is done.
    pub does: Does,
}

/// What a step of a runbook does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// Checks are run.
    Look {
        /// The checklist.
        checklist: String,
        /// The checks of it; none named: all.
        checks: Vec<String>,
    },
    /// An action is asked for, behind the same gate as everywhere.
    Act {
        /// The action.
        action: String,
        /// What is chosen already; the rest is asked.
        with: Given,
    },
    /// A person does it by hand, and says when it is done.
    Hand {
        /// What.
        how: Localised,
    },
}

/// Something that happened in an open runbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// It was opened, with what was seen.
    Opened {
        /// What the one who opened it says.
        note: String,
    },
    /// Somebody else leads from here on.
    Led,
    /// Checks of a step were run.
    Looked {
        /// The step.
        step: String,
        /// How many were well.
        well: usize,
        /// What was not, a line each.
        bad: Vec<String>,
    },
    /// An act of a step was asked for.
    Asked {
        /// The step.
        step: String,
        /// The request.
        request: i64,
    },
    /// A step was done by hand.
    Done {
        /// The step.
        step: String,
    },
    /// A note.
    Noted {
        /// What it says.
        note: String,
    },
    /// It was closed.
    Closed {
        /// Whether what it was opened for is over.
        solved: bool,
        /// What is to be said at the end.
        note: String,
    },
}

/// A happening, by whom and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// What.
    pub what: Happening,
    /// Who, by id, and what they were called then.
    pub by: (u64, String),
    /// When.
    pub at: DateTime<Utc>,
}

/// An open or closed runbook, as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRunbook {
    /// Its number.
    pub id: i64,
    /// The runbook.
    pub runbook: String,
    /// The host.
    pub host: String,
    /// The message that shows it; none: it could not be posted.
    pub place: Option<MessagePlace>,
    /// The thread it is led in; none: it could not be opened.
    pub thread: Option<u64>,
    /// What happened, in order. The first is that it was opened.
    pub happened: Vec<Happened>,
}

/// Why something cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// It is closed.
    #[error("the runbook is closed")]
    Closed,
    /// There is no such step, or it is of another kind.
    #[error("there is no such step")]
    NoStep,
    /// A drill is over when every step is done, or it is given up.
    #[error("not every step is done")]
    Unfinished,
}

impl KeptRunbook {
    /// When it was opened.
    pub fn opened_at(&self) -> Option<DateTime<Utc>> {
        self.happened.first().map(|first| first.at)
    }

    /// How it was closed: whether what it was for is over, and when.
    pub fn closed(&self) -> Option<(bool, DateTime<Utc>)> {
        self.happened.iter().rev().find_map(|happened| match happened.what {
            Happening::Closed { solved, .. } => Some((solved, happened.at)),
            _ => None,
        })
    }

    /// Who leads: whoever said so last, and the one who opened it until then.
    pub fn lead(&self) -> Option<&(u64, String)> {
        let leads = |happened: &&Happened| matches!(happened.what, Happening::Opened { .. } | Happening::Led);
        self.happened.iter().rev().find(leads).map(|happened| &happened.by)
    }

    /// The last thing that happened to a step.
    pub fn last_of(&self, step: &str) -> Option<&Happened> {
        let of_step = |happened: &&Happened| match &happened.what {
            Happening::Looked { step: of, .. } | Happening::Asked { step: of, .. } | Happening::Done { step: of } => {
                of == step
            }
            _ => false,
        };
        self.happened.iter().rev().find(of_step)
    }

    /// The requests that were made in it, in order.
    pub fn requests(&self) -> impl Iterator<Item = RequestId> {
        self.happened.iter().filter_map(|happened| match happened.what {
            Happening::Asked { request, .. } => Some(RequestId(request)),
            _ => None,
        })
    }

    /// How long it took, or has taken by `now`.
    pub fn took(&self, now: DateTime<Utc>) -> Duration {
        let end = self.closed().map_or(now, |(_, at)| at);
        let opened = self.opened_at().unwrap_or(end);
        (end - opened).to_std().unwrap_or_default()
    }
}

/// Whether `what` may happen to `kept`, which was opened by `runbook`.
///
/// # Errors
/// [`NotNow`].
pub fn may_happen(runbook: &Runbook, kept: &KeptRunbook, what: &Happening) -> Result<(), NotNow> {
    if kept.closed().is_some() {
        return Err(NotNow::Closed);
    }
    let does = |step: &str| runbook.steps.iter().find(|one| one.id == step).map(|one| &one.does);
    match what {
        Happening::Looked { step, .. } if !matches!(does(step), Some(Does::Look { .. })) => Err(NotNow::NoStep),
        Happening::Asked { step, .. } if !matches!(does(step), Some(Does::Act { .. })) => Err(NotNow::NoStep),
        Happening::Done { step } if !matches!(does(step), Some(Does::Hand { .. })) => Err(NotNow::NoStep),
        // A drill that left something out proves nothing.
        Happening::Closed { solved: true, .. }
            if runbook.within.is_some() && runbook.steps.iter().any(|step| kept.last_of(&step.id).is_none()) =>
        {
            Err(NotNow::Unfinished)
        }
        _ => Ok(()),
    }
}

/// Whether a drill passed: it was solved, and within its time. None for what is no drill or is still open.
pub fn drill_passed(runbook: &Runbook, kept: &KeptRunbook) -> Option<bool> {
    let (within, (solved, at)) = (runbook.within?, kept.closed()?);
    Some(solved && kept.took(at) < within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    fn runbook(within: Option<Duration>) -> Runbook {
        let text = |text: &str| Localised { ko: text.to_owned(), en: text.to_owned() };
        let step = |id: &str, does| RunbookStep { id: id.to_owned(), title: text(id), does };
        Runbook {
            id: "emergency-service-down".to_owned(),
            name_ko: None,
            title: text("Service down"),
            description: text("Service down"),
            severity: Severity::Critical,
            symptom: text("no answer"),
            open: vec!["operations".to_owned()],
            fits: Vec::new(),
            within,
            steps: vec![
                step("status", Does::Look { checklist: "daily".to_owned(), checks: Vec::new() }),
                step("restart", Does::Act { action: "restart-all".to_owned(), with: Given::new() }),
                step("address", Does::Hand { how: text("switch") }),
            ],
        }
    }

    fn kept(happenings: &[(Happening, u64, i64)]) -> KeptRunbook {
        let happened = |(what, by, minute): &(Happening, u64, i64)| Happened {
            what: what.clone(),
            by: (*by, format!("p{by}")),
            at: at(*minute),
        };
        KeptRunbook {
            id: 1,
            runbook: "emergency-service-down".to_owned(),
            host: "here".to_owned(),
            thread: None,
            place: None,
            happened: happenings.iter().map(happened).collect(),
        }
    }

    fn opened() -> (Happening, u64, i64) {
        (Happening::Opened { note: "502".to_owned() }, 1, 0)
    }

    fn looked() -> Happening {
        Happening::Looked { step: "status".to_owned(), well: 3, bad: vec!["api".to_owned()] }
    }

    fn asked() -> Happening {
        Happening::Asked { step: "restart".to_owned(), request: 12 }
    }

    fn done() -> Happening {
        Happening::Done { step: "address".to_owned() }
    }

    fn closed(solved: bool) -> Happening {
        Happening::Closed { solved, note: String::new() }
    }

    #[test]
    fn whoever_said_so_last_leads_and_what_is_closed_stays_closed() {
        let mut open = kept(&[opened()]);
        assert_eq!(open.lead().map(|lead| lead.0), Some(1));
        open.happened.push(Happened { what: Happening::Led, by: (2, "p2".to_owned()), at: at(1) });
        assert_eq!(open.lead().map(|lead| lead.0), Some(2));
        assert_eq!(open.took(at(5)), Duration::from_secs(300));
        let over = kept(&[opened(), (looked(), 1, 2), (asked(), 1, 3), (closed(true), 1, 9)]);
        assert_eq!(over.took(at(99)), Duration::from_secs(540));
        assert_eq!(over.requests().collect::<Vec<_>>(), [RequestId(12)]);
        for what in [looked(), asked(), done(), closed(true), Happening::Led] {
            assert_eq!(may_happen(&runbook(None), &over, &what), Err(NotNow::Closed), "{what:?}");
        }
    }

    #[test]
    fn a_step_does_what_it_is_for() {
        let open = kept(&[opened()]);
        for (what, fine) in [
            (looked(), true),
            (asked(), true),
            (done(), true),
            (Happening::Done { step: "restart".to_owned() }, false),
            (Happening::Looked { step: "nope".to_owned(), well: 0, bad: Vec::new() }, false),
            (Happening::Asked { step: "status".to_owned(), request: 1 }, false),
        ] {
            assert_eq!(may_happen(&runbook(None), &open, &what).is_ok(), fine, "{what:?}");
        }
    }

    #[test]
    fn a_drill_is_passed_with_every_step_and_in_its_time() {
        let hour = Some(Duration::from_secs(3600));
        let half = kept(&[opened(), (looked(), 1, 2)]);
        assert_eq!(may_happen(&runbook(hour), &half, &closed(true)), Err(NotNow::Unfinished));
        assert_eq!(may_happen(&runbook(hour), &half, &closed(false)), Ok(()));
        assert_eq!(may_happen(&runbook(None), &half, &closed(true)), Ok(()));
        let whole = |minutes, solved| {
            kept(&[opened(), (looked(), 1, 2), (asked(), 1, 3), (done(), 1, 4), (closed(solved), 1, minutes)])
        };
        assert_eq!(drill_passed(&runbook(hour), &whole(40, true)), Some(true));
        assert_eq!(drill_passed(&runbook(hour), &whole(60, true)), Some(false), "less than an hour");
        assert_eq!(drill_passed(&runbook(hour), &whole(40, false)), Some(false));
        assert_eq!(drill_passed(&runbook(hour), &half), None);
        assert_eq!(drill_passed(&runbook(None), &whole(40, true)), None);
    }
}
