//! How the security group differs from what a person approved (row W17), rule by rule.

use super::group::command;
use super::{answer, aws, count, named};
use crate::aws::Rule;
use crate::domain::evidence::{Evidence, Instead, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::probe::{Watch, World, could_not};

/// What the baseline is kept under.
pub(crate) const SUBJECT: &str = "security-group";

pub(in crate::probe) async fn look(world: &World, watch: &Watch) -> Looked {
    let host = world.host.config();
    let what = command(host.instance.security_group.as_deref());
    let aws = aws(&what, world)?;
    let group = named(&what, host.instance.security_group.as_ref(), "security_group")?;
    let rules = answer(&what, watch, aws.security_group(group)).await?;
    let baseline = world.store.baseline(&host.name, SUBJECT).await.map_err(|error| could_not(what.clone(), error))?;
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let listed = || rules.iter().map(|rule| format!("  {rule}")).collect::<Vec<_>>().join("\n");
    let Some(baseline) = baseline else {
        evidence.instead = Some(Instead::DoesNotApply(Message::new("probe-drift-no-baseline")));
        evidence.output = listed();
        return Ok(evidence);
    };
    let approved: Vec<Rule> = serde_json::from_str(&baseline.content).map_err(|error| {
        could_not(evidence.what.clone(), Message::new("probe-drift-garbled").with("cause", error.to_string()))
    })?;
    let changes = changes(&approved, &rules);
    let measurement = Measurement::quantity("changes", count(changes.len())).shown_by(changes.clone());
    let day = baseline.approved_at.with_timezone(&world.zone).format("%Y-%m-%d").to_string();
    let message = |key| Message::new(key).with("by", baseline.approved_by.as_str()).with("day", day.as_str());
    let says = if changes.is_empty() {
        message("probe-drift-same").with("count", rules.len().to_string())
    } else {
        message("probe-drift-changes").with("count", changes.len().to_string()).with("rules", changes.join(", "))
    };
    evidence.measurements.push(measurement.saying(says));
    evidence.output = [changes.join("\n"), listed()].join("\n").trim_start_matches('\n').to_owned();
    Ok(evidence)
}

/// `+ in tcp 22 from 0.0.0.0/0`, `- in tcp 80 from 0.0.0.0/0`.
fn changes(approved: &[Rule], rules: &[Rule]) -> Vec<String> {
    let new = rules.iter().filter(|rule| !approved.contains(rule)).map(|rule| format!("+ {rule}"));
    let gone = approved.iter().filter(|rule| !rules.contains(rule)).map(|rule| format!("- {rule}"));
    new.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Direction;

    #[test]
    fn a_change_is_told_rule_by_rule() {
        let rule = |port, source: &str| Rule {
            direction: Direction::In,
            protocol: "tcp".to_owned(),
            from: port,
            to: port,
            source: source.to_owned(),
        };
        let (web, admin, all) = (rule(443, "0.0.0.0/0"), rule(22, "203.0.113.0/24"), rule(22, "0.0.0.0/0"));
        assert_eq!(changes(&[web.clone(), admin.clone()], &[admin.clone(), web.clone()]), Vec::<String>::new());
        assert_eq!(
            changes(&[web.clone(), admin], &[web, all]),
            ["+ in tcp 22 from 0.0.0.0/0", "- in tcp 22 from 203.0.113.0/24"]
        );
    }
}
