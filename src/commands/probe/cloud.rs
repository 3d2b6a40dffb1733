//! Reads what is asked of Amazon, and of what is rehearsed.

use std::time::Duration;

use super::{backup, duration};
use crate::document::{Table, did_you_mean};
use crate::domain::exercise::ExerciseKind;
use crate::domain::message::Message;
use crate::domain::probe::{Alarm, Alarms, Cost, Rehearsed, S3Backups, SecurityGroup};
use crate::domain::quantity::{Dimension, Quantity};

/// How long a copy stays in S3.
const KEEP: Duration = Duration::from_secs(30 * 86_400);

pub(super) fn rehearsed(table: &Table<'_>) -> Option<Rehearsed> {
    let of = table.required_text("of")?;
    let kind = ExerciseKind::named(&of.value);
    if kind.is_none() {
        let message = Message::new("commands-unknown-exercise").with("name", of.value.as_str());
        let hint = did_you_mean(&of.value, ExerciseKind::ALL.into_iter().map(ExerciseKind::name));
        table.problem_with_hint(of.span, message, hint);
    }
    Some(Rehearsed { of: kind? })
}

pub(super) fn s3_backups(table: &Table<'_>) -> Option<S3Backups> {
    let bucket = table.required_text("bucket");
    let prefix = table.text("prefix").map_or_else(String::new, |prefix| prefix.value);
    let keep = if table.has("keep") { duration(table, "keep").unwrap_or(KEEP) } else { KEEP };
    let local = backup::names(table);
    Some(S3Backups { bucket: bucket?.value, prefix, local: local?, keep })
}

pub(super) fn security_group(table: &Table<'_>) -> SecurityGroup {
    let ports = table.texts("public").into_iter().filter_map(|port| match port.value.parse() {
        Ok(number) => Some(number),
        Err(_) => {
            table.problem(port.span, Message::new("commands-not-a-port").with("text", port.value));
            None
        }
    });
    SecurityGroup { public: ports.collect() }
}

pub(super) fn cost(table: &Table<'_>) -> Option<Cost> {
    let rise = table.text("rise").map_or_else(
        || Some((1.5, 1.0)),
        |text| {
            let read = rise(&text.value);
            if read.is_none() {
                table.problem(text.span.clone(), Message::new("commands-cost-rise").with("text", text.value.as_str()));
            }
            read
        },
    );
    let (factor, margin) = rise?;
    Some(Cost { factor, margin })
}

/// `1.5 x and $1`.
fn rise(text: &str) -> Option<(f64, f64)> {
    let (factor, margin) = text.split_once(" x and ")?;
    let margin = Quantity::parse(margin).ok().filter(|margin| margin.dimension == Dimension::Dollars)?;
    Some((factor.trim().parse().ok().filter(|factor| *factor > 0.0)?, margin.value))
}

pub(super) fn alarms(table: &Table<'_>) -> Option<Alarms> {
    let wanted: Vec<_> = table.tables("alarm").iter().map(alarm).collect();
    if wanted.is_empty() {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "alarm"));
    }
    wanted.into_iter().collect::<Option<Vec<_>>>().filter(|wanted| !wanted.is_empty()).map(|wanted| Alarms { wanted })
}

fn alarm(table: &Table<'_>) -> Option<Alarm> {
    let (namespace, metric) = (table.required_text("namespace"), table.required_text("metric"));
    let threshold = table.integer("threshold");
    if threshold.is_none() && !table.has("threshold") {
        table.problem(table.span(), Message::new("file-missing-key").with("key", "threshold"));
    }
    #[expect(clippy::cast_precision_loss, reason = "a threshold that a person wrote")]
    let threshold = threshold?.value as f64;
    Some(Alarm { metric: metric?.value, namespace: namespace?.value, threshold })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_a_factor_and_a_margin() {
        assert_eq!(rise("1.5 x and $1"), Some((1.5, 1.0)));
        for wrong in ["1.5", "1.5 x and 1", "x and $1", "-1 x and $1"] {
            assert_eq!(rise(wrong), None, "{wrong}");
        }
    }
}
