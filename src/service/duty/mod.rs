//! Duty: what is due is posted in time, whoever is on hears of it, and nothing is posted twice.
//!
//! [`plan`] writes down what is due, [`work`] finds what is to be done about it, [`remind`] posts reminders, [`tell`] all that
//! is told unasked, [`press`] answers the buttons, [`rota`] and [`arrange`] the commands. **Only reminders are ever caught up, never an
//! act.**

mod arrange;
mod plan;
mod press;
mod remind;
mod rota;
mod standing;
mod tell;
mod view;
mod work;

use std::time::Duration;

pub use arrange::Days;
pub use press::Press;
pub(super) use remind::Seen;
pub use view::{DigestLine, DutyView, Found, RotaOf};

/// How often it is looked whether something is due: a clock may jump, and nobody says so.
const TICK: Duration = Duration::from_secs(1);

/// How long one try to post may take. It is tried again as long as it is of use.
const TRY: Duration = Duration::from_secs(10);

/// How long it may take to find a message again, page by page.
const LOOK: Duration = Duration::from_secs(60);
