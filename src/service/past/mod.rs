//! Looking back: trends, a month at a glance, the team's forms filled in; and what can be asked at all.

mod record;
mod trend;

use std::sync::Arc;

use chrono_tz::Tz;

pub use record::{NoRecord, RecordAsked};
pub use trend::{TrendAsked, TrendOf};

use super::{Chat, ChatError, Service, View};
use crate::domain::help::Help;
use crate::domain::message::Localised;
use crate::domain::period::Period;
use crate::domain::template::Forms;
use crate::domain::trend::Trend;

/// What looking back shows.
#[derive(Clone, Debug)]
pub enum PastView {
    /// A measure over days.
    Trend {
        /// What was asked for, so that another span can be.
        of: TrendOf,
        /// The trend.
        trend: Arc<Trend>,
        /// What the check is called.
        check: Localised,
        /// What the host is called.
        host: Localised,
        /// The picture, as PNG; empty where it could not be painted.
        picture: Arc<Vec<u8>>,
    },
    /// A month of a checklist at a glance.
    History {
        /// Its forms on each host that was meant.
        lists: Arc<Vec<Forms>>,
        /// The checklist, and the host or hosts as they are asked for.
        of: (String, String),
        /// The month.
        month: Period,
        /// The month that it is now: there is none after it.
        now: Period,
        /// On which clocks.
        zone: Tz,
    },
    /// The record of a day, a week or a month: the forms of all checklists.
    Report {
        /// The forms of each.
        forms: Arc<Vec<Forms>>,
        /// What the checklists are called that are left out, since who asks may not run them.
        left_out: Vec<Localised>,
        /// Of when.
        period: Period,
        /// On which clocks.
        zone: Tz,
    },
    /// What can be asked.
    Help(Help),
}

impl Service {
    /// Answers with what can be asked: of the checklists, those that the person may run.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_help(&self, help: Help, chat: &impl Chat) -> Result<(), ChatError> {
        let mut help = help;
        help.0.retain(|asked| !asked.looks || self.lets(chat.person(), &asked.name.en));
        chat.whisper(&View::Past(PastView::Help(help))).await
    }
}
