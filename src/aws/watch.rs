//! CloudWatch: the alarms that there are, and one metric.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use roxmltree::{Document, Node};

use super::request::{Ask, Service};
use super::{Aws, AwsError};
use crate::domain::action::step::Alarm;
use crate::domain::approval::Approved;

/// An alarm as CloudWatch has it.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricAlarm {
    /// Its name.
    pub name: String,
    /// Its metric.
    pub metric: String,
    /// The metric's namespace.
    pub namespace: String,
    /// From which value on it rings.
    pub threshold: f64,
    /// Whether it does anything when it rings.
    pub acts: bool,
    /// `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    pub state: String,
    /// Who hears of it, as Amazon names them.
    pub tells: Vec<String>,
}

/// The most pages of alarms that are read.
const MOST_PAGES: usize = 20;

impl Aws {
    /// Every alarm on a metric.
    ///
    /// # Errors
    /// [`AwsError`].
    pub async fn alarms(&self) -> Result<Vec<MetricAlarm>, AwsError> {
        let service = Service { name: "monitoring", region: None, action: "cloudwatch:DescribeAlarms" };
        let mut alarms = Vec::new();
        let mut token = String::new();
        for _ in 0..MOST_PAGES {
            let mut form = vec![("Action", "DescribeAlarms"), ("Version", "2010-08-01"), ("MaxRecords", "100")];
            if !token.is_empty() {
                form.push(("NextToken", &token));
            }
            let xml = self.ask(&service, Ask::Query(&form)).await?;
            let (found, next) = read_alarms(&xml)?;
            alarms.extend(found);
            match next {
                Some(next) => token = next,
                None => break,
            }
        }
        Ok(alarms)
    }

    /// Puts `alarm`: a new one, or the one of its name as it should be. `instance` is whose metric it is, `tells` who hears of
    /// it: Amazon replaces an alarm whole, and one that is put without them tells nobody any more.
    ///
    /// # Errors
    /// [`AwsError`]. After [`AwsError::Unreachable`] it may have been put all the same; putting it again changes nothing.
    pub async fn put_alarm(
        &self,
        _: &Approved,
        alarm: &Alarm,
        instance: Option<&str>,
        tells: &[String],
    ) -> Result<(), AwsError> {
        let service = Service { name: "monitoring", region: None, action: "cloudwatch:PutMetricAlarm" };
        let (threshold, period) = (alarm.threshold.to_string(), alarm.period_seconds.to_string());
        let periods = alarm.periods.to_string();
        let mut form = vec![
            ("Action", "PutMetricAlarm"),
            ("Version", "2010-08-01"),
            ("AlarmName", alarm.name.as_str()),
            ("MetricName", &alarm.metric),
            ("Namespace", &alarm.namespace),
            ("Statistic", &alarm.statistic),
            ("Period", &period),
            ("EvaluationPeriods", &periods),
            ("Threshold", &threshold),
            ("ComparisonOperator", "GreaterThanOrEqualToThreshold"),
        ];
        if let Some(instance) = instance {
            form.extend([("Dimensions.member.1.Name", "InstanceId"), ("Dimensions.member.1.Value", instance)]);
        }
        let names: Vec<_> = (1..=tells.len()).map(|nth| format!("AlarmActions.member.{nth}")).collect();
        form.extend(names.iter().map(String::as_str).zip(tells.iter().map(String::as_str)));
        self.ask(&service, Ask::Query(&form)).await.map(|_| ())
    }

    /// The latest mean of the CPU credits that an instance has left, where it has any.
    ///
    /// # Errors
    /// [`AwsError`].
    pub async fn cpu_credits(&self, instance: &str, now: DateTime<Utc>) -> Result<Option<f64>, AwsError> {
        let service = Service { name: "monitoring", region: None, action: "cloudwatch:GetMetricStatistics" };
        let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (start, end) = (time(now - TimeDelta::minutes(30)), time(now));
        let form = [
            ("Action", "GetMetricStatistics"),
            ("Version", "2010-08-01"),
            ("Namespace", "AWS/EC2"),
            ("MetricName", "CPUCreditBalance"),
            ("Dimensions.member.1.Name", "InstanceId"),
            ("Dimensions.member.1.Value", instance),
            ("StartTime", start.as_str()),
            ("EndTime", end.as_str()),
            ("Period", "300"),
            ("Statistics.member.1", "Average"),
        ];
        read_latest(&self.ask(&service, Ask::Query(&form)).await?)
    }
}

fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|child| child.has_tag_name(name))?.text().map(str::trim)
}

fn read_alarms(xml: &str) -> Result<(Vec<MetricAlarm>, Option<String>), AwsError> {
    let document = Document::parse(xml).map_err(|error| AwsError::Garbled(error.to_string()))?;
    let list = document.descendants().find(|node| node.has_tag_name("MetricAlarms"));
    let list = list.ok_or_else(|| AwsError::Garbled("no MetricAlarms".to_owned()))?;
    let alarms = list.children().filter(|node| node.has_tag_name("member")).filter_map(|node| {
        let actions = node.children().find(|child| child.has_tag_name("AlarmActions"));
        let actions = actions.into_iter().flat_map(|actions| actions.children());
        let actions = actions.filter(|child| child.has_tag_name("member")).filter_map(|child| child.text());
        let tells: Vec<_> = actions.map(|action| action.trim().to_owned()).collect();
        Some(MetricAlarm {
            name: text(node, "AlarmName")?.to_owned(),
            metric: text(node, "MetricName")?.to_owned(),
            namespace: text(node, "Namespace").unwrap_or_default().to_owned(),
            threshold: text(node, "Threshold")?.parse().ok()?,
            acts: !tells.is_empty() && text(node, "ActionsEnabled") != Some("false"),
            state: text(node, "StateValue").unwrap_or_default().to_owned(),
            tells,
        })
    });
    let next = document.descendants().find(|node| node.has_tag_name("NextToken"));
    let next = next.and_then(|node| node.text()).map(|token| token.trim().to_owned());
    Ok((alarms.collect(), next.filter(|token| !token.is_empty())))
}

fn read_latest(xml: &str) -> Result<Option<f64>, AwsError> {
    let document = Document::parse(xml).map_err(|error| AwsError::Garbled(error.to_string()))?;
    let list = document.descendants().find(|node| node.has_tag_name("Datapoints"));
    let list = list.ok_or_else(|| AwsError::Garbled("no Datapoints".to_owned()))?;
    let points = list.children().filter(|node| node.has_tag_name("member"));
    let points =
        points.filter_map(|node| Some((text(node, "Timestamp")?, text(node, "Average")?.parse::<f64>().ok()?)));
    Ok(points.max_by(|one, other| one.0.cmp(other.0)).map(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alarms_are_read_with_whether_they_act() {
        let xml = "<R><MetricAlarms><member><AlarmName>cpu</AlarmName><MetricName>CPUUtilization</MetricName>
            <Namespace>AWS/EC2</Namespace><Threshold>80.0</Threshold><ActionsEnabled>true</ActionsEnabled>
            <AlarmActions><member>arn:x</member></AlarmActions><StateValue>OK</StateValue></member>
            <member><AlarmName>disk</AlarmName><MetricName>d</MetricName><Threshold>80</Threshold><AlarmActions/></member>
            </MetricAlarms><NextToken>n</NextToken></R>";
        let (alarms, next) = read_alarms(xml).unwrap();
        assert_eq!((alarms.len(), alarms[0].acts, alarms[1].acts, next.as_deref()), (2, true, false, Some("n")));
        assert!(read_alarms("<R/>").is_err());
    }

    #[test]
    fn of_several_points_the_latest_counts() {
        let xml = "<R><Datapoints><member><Timestamp>2026-11-23T00:05:00Z</Timestamp><Average>120.5</Average></member>
            <member><Timestamp>2026-11-23T00:00:00Z</Timestamp><Average>130</Average></member></Datapoints></R>";
        assert_eq!(read_latest(xml).unwrap(), Some(120.5));
        assert_eq!(read_latest("<R><Datapoints/></R>").unwrap(), None);
    }
}
