//! Reads what "usual" means in a rule: `usual = { over = "28 d", every = "7 d", least = 4, margin = "20" }`.

use std::time::Duration;

use chrono::TimeDelta;

use super::probe::duration;
use crate::document::{Located, Table, tell};
use crate::domain::condition::past::{Against, Usual};
use crate::domain::condition::{Condition, ConditionError};
use crate::domain::message::Message;
use crate::domain::probe::Measure;
use crate::domain::quantity::Quantity;

/// What is written, before it is known what the measure counts.
#[derive(Default)]
pub(super) struct Written {
    span: Option<std::ops::Range<usize>>,
    over: Option<Duration>,
    every: Option<Duration>,
    least: Option<Located<i64>>,
    margin: Option<Located<Quantity>>,
}

impl Written {
    /// Reads the key `usual` of a rule.
    pub(super) fn of(rule: &Table<'_>) -> Self {
        let Some(table) = rule.table("usual") else { return Self::default() };
        Self {
            span: Some(table.span()),
            over: duration(&table, "over"),
            every: duration(&table, "every"),
            least: table.integer("least"),
            margin: table.text("margin").and_then(|text| match Quantity::parse(&text.value) {
                Ok(quantity) => Some(text.map(|_| quantity)),
                Err(error) => {
                    tell(&table, &text, &ConditionError::Quantity(error), None);
                    None
                }
            }),
        }
    }

    /// What it means for `measure` under `conditions`. Tells of `rule` what cannot be.
    pub(super) fn usual(self, rule: &Table<'_>, measure: &Measure, conditions: &[&Condition]) -> Usual {
        let Some(span) = self.span else { return Usual::default() };
        let asked = conditions.iter().filter_map(|condition| condition.against()).any(Against::asks_usual);
        if !asked {
            rule.problem(span.clone(), Message::new("commands-usual-unasked"));
        }
        let written = Usual::default();
        let delta = |time: Option<Duration>, or| time.and_then(|time| TimeDelta::from_std(time).ok()).unwrap_or(or);
        let (over, every) = (delta(self.over, written.over), delta(self.every, written.every));
        let fits = usize::try_from(over.num_milliseconds() / every.num_milliseconds().max(1)).unwrap_or_default();
        let least =
            self.least.map_or(written.least.min(fits), |least| usize::try_from(least.value).unwrap_or_default());
        if least == 0 || least > fits {
            let message = Message::new("commands-usual-least").with("fits", fits.to_string());
            rule.problem(span, message);
        }
        let margin = match self.margin {
            Some(margin) if Some(margin.value.dimension) != measure.dimension => {
                let error = ConditionError::WrongDimension {
                    measure: measure.dimension,
                    condition: Some(margin.value.dimension),
                };
                tell(rule, &margin, &error, Some(measure));
                0.0
            }
            Some(margin) => margin.value.value,
            None => written.margin,
        };
        Usual { over, every, least, margin }
    }
}
