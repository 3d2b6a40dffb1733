//! The alarms that CloudWatch should have (row O4): there, as configured, and heard by somebody.

use super::{answer, aws, count};
use crate::aws::MetricAlarm;
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::{Alarm, Alarms};
use crate::probe::{Watch, World};

pub(in crate::probe) async fn look(probe: &Alarms, world: &World, watch: &Watch) -> Looked {
    let what = "aws cloudwatch describe-alarms".to_owned();
    let aws = aws(&what, world)?;
    let alarms = answer(&what, watch, aws.alarms()).await?;
    Ok(seen(what, probe, &alarms))
}

fn seen(what: String, probe: &Alarms, alarms: &[MetricAlarm]) -> Evidence {
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let of = |wanted: &Alarm| {
        alarms
            .iter()
            .filter(|alarm| alarm.metric == wanted.metric && alarm.namespace == wanted.namespace)
            .collect::<Vec<_>>()
    };
    let (mut absent, mut changed, mut silent, mut ringing) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for wanted in &probe.wanted {
        let found = of(wanted);
        let as_wanted: Vec<_> =
            found.iter().filter(|alarm| (alarm.threshold - wanted.threshold).abs() < f64::EPSILON).collect();
        if found.is_empty() {
            absent.push(wanted.metric.clone());
        } else if as_wanted.is_empty() {
            let others: Vec<_> = found.iter().map(|alarm| alarm.threshold.to_string()).collect();
            changed.push(format!("{} {} ≠ {}", wanted.metric, others.join(", "), wanted.threshold));
        } else if !as_wanted.iter().any(|alarm| alarm.acts) {
            silent.push(wanted.metric.clone());
        }
        ringing.extend(found.iter().filter(|alarm| alarm.state == "ALARM").map(|alarm| alarm.name.clone()));
    }
    let counted = |measure: &'static str, key: &'static str, names: Vec<String>| {
        let says = Message::new(key).with("count", names.len().to_string()).with("names", names.join(", "));
        let none = names.is_empty();
        let measurement = Measurement::quantity(measure, count(names.len())).shown_by(names);
        if none { measurement } else { measurement.saying(says) }
    };
    evidence.measurements = vec![
        counted("absent", "probe-alarms-absent", absent),
        counted("changed", "probe-alarms-changed", changed),
        counted("silent", "probe-alarms-silent", silent),
        counted("ringing", "probe-alarms-ringing", ringing),
    ];
    let line =
        |alarm: &MetricAlarm| format!("{:<18} {} {} >= {}", alarm.state, alarm.name, alarm.metric, alarm.threshold);
    evidence.output = alarms.iter().map(line).collect::<Vec<_>>().join("\n");
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(metric: &str, threshold: f64, acts: bool, state: &str) -> MetricAlarm {
        let (metric, namespace) = (metric.to_owned(), "N".to_owned());
        MetricAlarm {
            name: format!("{metric}-high"),
            metric,
            namespace,
            threshold,
            acts,
            state: state.to_owned(),
            tells: vec![],
        }
    }

    #[test]
    fn missing_different_silent_and_ringing_are_told_apart() {
        let wanted = ["cpu", "memory", "disk", "5xx"].map(|metric| Alarm {
            metric: metric.to_owned(),
            namespace: "N".to_owned(),
            threshold: 80.0,
        });
        let alarms =
            [alarm("cpu", 80.0, true, "ALARM"), alarm("memory", 95.0, true, "OK"), alarm("disk", 80.0, false, "OK")];
        let evidence = seen(String::new(), &Alarms { wanted: wanted.to_vec() }, &alarms);
        let lines = |measure| evidence.of(measure).next().unwrap().lines.clone();
        assert_eq!(lines("absent"), ["5xx"]);
        assert_eq!(lines("changed"), ["memory 95 ≠ 80"]);
        assert_eq!(lines("silent"), ["disk"]);
        assert_eq!(lines("ringing"), ["cpu-high"]);
    }
}
