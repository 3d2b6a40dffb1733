//! Looking back: trends, a month at a glance, the team's forms filled in; and what can be asked at all.

mod trend;

use std::sync::Arc;

pub use trend::{TrendAsked, TrendOf};

use crate::domain::message::Localised;
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
}
