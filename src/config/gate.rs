//! Reads `[gate]`: whose word each risk takes, what may be asked for in which channel, who may go ahead alone.

use std::collections::BTreeMap;
use std::time::Duration;

use super::parse::id;
use super::sampling::role;
use super::{BreakGlassConfig, GateConfig};
use crate::document::{Located, Table, did_you_mean};
use crate::domain::action::Risk;
use crate::domain::approval::{Policy, Tier};
use crate::domain::message::Message;
use crate::domain::quantity::{Dimension, Quantity};

/// More approvers than this are never awake together.
const MOST_APPROVALS: i64 = 5;
/// Who goes ahead alone must leave the others the time to wake up and stop it, and must not wait for the morning.
const WAITS: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(3600));

/// `[gate]`.
pub(super) fn gate(table: &Table<'_>, roles: &BTreeMap<String, u64>) -> GateConfig {
    let shipped = Policy::default();
    let tier = |key, shipped, least| table.table(key).map_or(shipped, |section| tier(&section, shipped, least));
    let policy = Policy {
        low: tier("low", shipped.low, 0),
        high: tier("high", shipped.high, 1),
        critical: tier("critical", shipped.critical, 1),
    };
    let channels = table.table("channels").map(|section| channels(&section)).unwrap_or_default();
    let break_glass = table.table("break_glass").and_then(|section| break_glass(&section, roles));
    GateConfig { policy, channels, break_glass }
}

fn tier(table: &Table<'_>, shipped: Tier, least: i64) -> Tier {
    let approvals = count(table, "approvals", least);
    let in_runbook = count(table, "in_runbook", least);
    let typed = table.flag("typed").map_or(shipped.typed, |typed| typed.value);
    let approvals = approvals.unwrap_or(shipped.approvals);
    Tier { approvals, in_runbook: in_runbook.unwrap_or(shipped.in_runbook.min(approvals)), typed }
}

fn count(table: &Table<'_>, key: &'static str, least: i64) -> Option<u32> {
    let written = table.integer(key)?;
    if !(least..=MOST_APPROVALS).contains(&written.value) {
        table.problem_with_hint(
            written.span,
            Message::new("config-gate-approvals")
                .with("least", least.to_string())
                .with("most", MOST_APPROVALS.to_string()),
            (least > 0).then(|| Message::new("config-gate-approvals-hint")),
        );
        return None;
    }
    u32::try_from(written.value).ok()
}

/// The riskiest act of each channel, by the channel's id.
fn channels(table: &Table<'_>) -> BTreeMap<u64, Risk> {
    let names = table.names();
    names
        .into_iter()
        .filter_map(|channel| {
            let risk = table.text_of(&channel.value).and_then(|name| risk(table, &name));
            Some((id(table, &channel)?, risk?))
        })
        .collect()
}

fn risk(table: &Table<'_>, name: &Located<String>) -> Option<Risk> {
    let risk = Risk::from_name(&name.value);
    if risk.is_none() {
        let names = || Risk::ALL.into_iter().map(Risk::name);
        table.problem_with_hint(
            name.span.clone(),
            Message::new("action-unknown-risk").with("name", name.value.as_str()),
            did_you_mean(&name.value, names())
                .or_else(|| Some(Message::new("action-known").with("names", names().collect::<Vec<_>>().join(", ")))),
        );
    }
    risk
}

fn break_glass(table: &Table<'_>, roles: &BTreeMap<String, u64>) -> Option<BreakGlassConfig> {
    let named = table.texts("roles");
    if named.is_empty() {
        let hint = Some(Message::new("action-roles-hint"));
        table.problem_with_hint(table.span(), Message::new("action-no-roles").with("key", "roles"), hint);
    }
    let named: Vec<_> =
        named.into_iter().filter(|name| role(table, roles, name).is_some()).map(|name| name.value).collect();
    let wait = table.text("wait").map_or(Some(Policy::BREAK_GLASS_WAIT), |text| wait(table, &text));
    Some(BreakGlassConfig { roles: named, wait: wait? })
}

fn wait(table: &Table<'_>, text: &Located<String>) -> Option<Duration> {
    let span = Quantity::parse(&text.value).ok().filter(|quantity| quantity.dimension == Dimension::Time);
    let span = span
        .and_then(|quantity| Duration::try_from_secs_f64(quantity.value).ok())
        .filter(|span| (WAITS.0..=WAITS.1).contains(span));
    if span.is_none() {
        table.problem(text.span.clone(), Message::new("config-gate-wait").with("text", text.value.as_str()));
    }
    span
}
