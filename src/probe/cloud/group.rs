//! Whom the host's security group lets in (row S6). Port 22 from anywhere is always wrong; the rest is measured against the
//! ports that are for everybody and the address of the administrators.

use super::{answer, aws, count, named};
use crate::aws::{Direction, Rule};
use crate::domain::evidence::{Evidence, Instead, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::SecurityGroup;
use crate::probe::{Watch, World};

const SSH: u16 = 22;

pub(in crate::probe) async fn look(probe: &SecurityGroup, world: &World, watch: &Watch) -> Looked {
    let host = &world.host.config().instance;
    let what = command(host.security_group.as_deref());
    let aws = aws(&what, world)?;
    let group = named(&what, host.security_group.as_ref(), "security_group")?;
    let rules = answer(&what, watch, aws.security_group(group)).await?;
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    evidence.output = rules.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let anywhere: Vec<_> = rules.iter().filter(|rule| rule.is_for_anybody() && rule.lets_in(SSH)).collect();
    let Some(admin) = &host.admin_cidr else {
        if anywhere.is_empty() {
            evidence.instead = Some(Instead::AsksPerson(Message::new("probe-group-no-admin")));
            return Ok(evidence);
        }
        evidence.unread.push(("open".to_owned(), Message::new("probe-group-no-admin")));
        evidence.measurements.push(counted("ssh_anywhere", "probe-group-ssh", &anywhere));
        return Ok(evidence);
    };
    let open: Vec<_> = rules.iter().filter(|rule| is_needless(rule, &probe.public, admin)).collect();
    let inward = rules.iter().filter(|rule| rule.direction == Direction::In).count();
    evidence.measurements.extend([
        counted("ssh_anywhere", "probe-group-ssh", &anywhere),
        counted("open", "probe-group-open", &open),
        Measurement::quantity("rules", count(inward)),
    ]);
    Ok(evidence)
}

/// What a person would run to see the rules.
pub(super) fn command(group: Option<&str>) -> String {
    format!("aws ec2 describe-security-groups --group-ids {}", group.unwrap_or("?"))
}

fn counted(measure: &'static str, key: &'static str, rules: &[&Rule]) -> Measurement {
    let lines: Vec<String> = rules.iter().map(ToString::to_string).collect();
    let says = Message::new(key).with("count", lines.len().to_string()).with("rules", lines.join(", "));
    let measurement = Measurement::quantity(measure, count(rules.len())).shown_by(lines);
    if rules.is_empty() { measurement } else { measurement.saying(says) }
}

/// Whether a rule lets in where neither the public ports nor the administrators' address call for it.
fn is_needless(rule: &Rule, public: &[u16], admin: &str) -> bool {
    if rule.direction == Direction::Out || rule.source == admin {
        return false;
    }
    let of_public =
        rule.protocol == "tcp" && rule.from == rule.to && public.iter().any(|port| i32::from(*port) == rule.from);
    !of_public
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(protocol: &str, from: i32, to: i32, source: &str) -> Rule {
        Rule { direction: Direction::In, protocol: protocol.to_owned(), from, to, source: source.to_owned() }
    }

    #[test]
    fn what_nobody_called_for_is_needless() {
        let admin = "203.0.113.0/24";
        let needless = |rule: &Rule| is_needless(rule, &[80, 443], admin);
        assert!(!needless(&rule("tcp", 443, 443, "0.0.0.0/0")));
        assert!(!needless(&rule("tcp", 22, 22, admin)));
        for rule in [
            rule("tcp", 22, 22, "0.0.0.0/0"),
            rule("tcp", 22, 22, "198.51.100.7/32"),
            rule("tcp", 5432, 5432, "0.0.0.0/0"),
            rule("tcp", 80, 8080, "0.0.0.0/0"),
            rule("udp", 443, 443, "0.0.0.0/0"),
            rule("all", -1, -1, "10.0.0.0/8"),
        ] {
            assert!(needless(&rule), "{rule}");
        }
        assert!(!needless(&Rule { direction: Direction::Out, ..rule("all", -1, -1, "0.0.0.0/0") }));
    }
}
