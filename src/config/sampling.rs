//! Reads what `bot.toml` says of sampling.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::SamplingConfig;
use super::parse::{id, secret};
use crate::dial::Reach;
use crate::document::{Located, Table, did_you_mean};
use crate::domain::condition::Condition;
use crate::domain::message::Message;
use crate::domain::quantity::{Dimension, Quantity};
use crate::domain::rota::Rota;
use crate::domain::vital::{Thresholds, Vital};

/// How often where nothing is said.
const EVERY: Duration = Duration::from_secs(60);

/// Written for what is sampled and never alerted of.
const NEVER: &str = "never";

/// More often than this is no light sampling.
const LEAST: Duration = Duration::from_secs(1);

/// `[sampling]`.
pub(super) fn sampling(
    table: &Table<'_>,
    roles: &BTreeMap<String, u64>,
    rotas: &BTreeMap<String, Rota>,
    folder: &Path,
) -> Option<SamplingConfig> {
    let every = table.text("every").map_or(Some(EVERY), |text| every(table, &text));
    let channel = table.text("channel").map(|text| id(table, &text));
    let ping = table.texts("ping").into_iter().filter_map(|name| role(table, roles, &name)).collect();
    let on_duty = table.text("on_duty").filter(|name| is_rota(table, rotas, name)).map(|name| name.value);
    let webhook = table.table("webhook").map(|section| secret(&section, folder));
    let watchdog = table.table("watchdog").map(|section| secret(&section, folder));
    let thresholds = table.table("bad").map_or_else(Thresholds::shipped, |section| thresholds(&section));
    Some(SamplingConfig {
        reach: Reach::default(),
        every: every?,
        channel: match channel {
            Some(channel) => Some(channel?),
            None => None,
        },
        ping,
        on_duty,
        webhook: match webhook {
            Some(webhook) => Some(webhook?),
            None => None,
        },
        watchdog: match watchdog {
            Some(watchdog) => Some(watchdog?),
            None => None,
        },
        thresholds,
    })
}

fn every(table: &Table<'_>, text: &Located<String>) -> Option<Duration> {
    let span = Quantity::parse(&text.value).ok().filter(|quantity| quantity.dimension == Dimension::Time);
    let span = span.and_then(|quantity| Duration::try_from_secs_f64(quantity.value).ok()).filter(|span| *span >= LEAST);
    if span.is_none() {
        let message = Message::new("config-sampling-every").with("text", text.value.as_str());
        table.problem(text.span.clone(), message);
    }
    span
}

/// The id of the role that `name` names.
pub(super) fn role(table: &Table<'_>, roles: &BTreeMap<String, u64>, name: &Located<String>) -> Option<u64> {
    let role = roles.get(&name.value).copied();
    if role.is_none() {
        table.problem_with_hint(
            name.span.clone(),
            Message::new("config-unknown-role").with("name", name.value.as_str()),
            did_you_mean(&name.value, roles.keys().map(String::as_str)),
        );
    }
    role
}

fn is_rota(table: &Table<'_>, rotas: &BTreeMap<String, Rota>, name: &Located<String>) -> bool {
    let known = rotas.contains_key(&name.value);
    if !known {
        table.problem_with_hint(
            name.span.clone(),
            Message::new("config-unknown-rota").with("name", name.value.as_str()),
            did_you_mean(&name.value, rotas.keys().map(String::as_str)),
        );
    }
    known
}

/// The shipped thresholds, with those that the file writes in their place.
fn thresholds(table: &Table<'_>) -> Thresholds {
    let mut thresholds = Thresholds::shipped();
    for name in table.names() {
        let Some(vital) = Vital::named(&name.value) else {
            let known = Vital::ALL.map(Vital::name);
            table.problem_with_hint(
                name.span,
                Message::new("config-unknown-vital").with("name", name.value.as_str()),
                did_you_mean(&name.value, known)
                    .or_else(|| Some(Message::new("config-known-vitals").with("names", known.join(", ")))),
            );
            continue;
        };
        let Some(text) = table.text_of(&name.value) else { continue };
        if text.value == NEVER {
            thresholds.0.remove(&vital);
            continue;
        }
        let read = Condition::parse(&text.value).and_then(|condition| {
            condition.check_dimension(Some(vital.dimension()))?;
            Ok(condition)
        });
        match read {
            Ok(condition) if condition.against().is_none() => {
                thresholds.0.insert(vital, condition);
            }
            _ => {
                let example = vital.shipped_threshold().unwrap_or(">= 1 GB");
                let message = Message::new("config-bad-threshold").with("text", text.value.as_str());
                table.problem(text.span, message.with("example", example));
            }
        }
    }
    thresholds
}
