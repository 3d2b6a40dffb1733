//! What is done at Amazon, and what a person calls right there.

use super::follow::{End, Heard};
use super::{Stage, Unfit};
use crate::aws::{Aws, AwsError, MetricAlarm};
use crate::domain::action::step::{Alarm, PutAlarm};
use crate::domain::action::{Arguments, Identity, Outlook};
use crate::domain::approval::Approved;
use crate::domain::audit::Actor;
use crate::domain::digest::Digest;
use crate::domain::message::Message;
use crate::domain::words::Who;
use crate::store::Baseline;

/// Of what a baseline of the security group is, in the record.
const GROUP: &str = "security-group";

fn aws(stage: &Stage) -> Result<&Aws, Unfit> {
    stage.aws.as_ref().ok_or_else(|| Unfit {
        reason: Message::new("aws-host-without").with("key", "[aws]"),
        hint: Some(Message::new("aws-not-configured-hint")),
    })
}

/// The alarms of `step` that Amazon does not have as they should be.
pub(super) async fn missing(step: &PutAlarm, stage: &Stage) -> Result<Vec<String>, Unfit> {
    let there = aws(stage)?.alarms().await?;
    let is_there = |alarm: &&Alarm| {
        there.iter().any(|one| one.name == alarm.name && (one.threshold - alarm.threshold).abs() < f64::EPSILON)
    };
    Ok(step.alarms.iter().filter(|alarm| !is_there(alarm)).map(|alarm| alarm.name.clone()).collect())
}

fn chosen<'a>(step: &'a PutAlarm, arguments: &Arguments) -> Result<&'a Alarm, Unfit> {
    let name = step.alarm.value(arguments).ok_or_else(|| Unfit::from(Message::new("unfit-no-value")))?;
    let found = step.alarms.iter().find(|alarm| alarm.name == name);
    found.ok_or_else(|| Message::new("unfit-no-alarm").with("name", name).into())
}

/// Who hears of `alarm`: whom the step names; else whom the alarm told that it replaces, or the others of the step.
fn tells(step: &PutAlarm, alarm: &Alarm, there: &[MetricAlarm]) -> Vec<String> {
    let of = |name: &str| there.iter().find(|one| one.name == name).filter(|one| !one.tells.is_empty());
    let others = || step.alarms.iter().find_map(|other| of(&other.name));
    let kept = || of(&alarm.name).or_else(others).map(|one| one.tells.clone()).unwrap_or_default();
    alarm.tells.clone().map_or_else(kept, |topic| vec![topic])
}

fn instance<'a>(alarm: &Alarm, stage: &'a Stage) -> Result<Option<&'a str>, Unfit> {
    if !alarm.of_instance {
        return Ok(None);
    }
    let id = stage.host.config().instance.id.as_deref();
    id.map(Some).ok_or_else(|| Unfit {
        reason: Message::new("aws-host-without").with("key", "instance"),
        hint: Some(Message::new("aws-not-configured-hint")),
    })
}

pub(super) async fn outlook_alarm(step: &PutAlarm, arguments: &Arguments, stage: &Stage) -> Result<Outlook, Unfit> {
    let alarm = chosen(step, arguments)?;
    instance(alarm, stage)?;
    let there = aws(stage)?.alarms().await?;
    let old = there.iter().find(|one| one.name == alarm.name);
    let now = match old {
        Some(old) => Message::new("act-now-alarm")
            .with("name", alarm.name.as_str())
            .with("threshold", old.threshold.to_string())
            .with("wanted", alarm.threshold.to_string()),
        None => Message::new("act-now-no-alarm").with("name", alarm.name.as_str()),
    };
    let tells = tells(step, alarm, &there);
    let mut command = format!(
        "aws cloudwatch put-metric-alarm --alarm-name {} --metric-name {} --namespace {} --statistic {} --period {} \
         --evaluation-periods {} --threshold {} --comparison-operator GreaterThanOrEqualToThreshold",
        alarm.name,
        alarm.metric,
        alarm.namespace,
        alarm.statistic,
        alarm.period_seconds,
        alarm.periods,
        alarm.threshold
    );
    if !tells.is_empty() {
        command.push_str(&format!(" --alarm-actions {}", tells.join(" ")));
    }
    let before = old.map_or_else(|| "-".to_owned(), |old| old.threshold.to_string());
    let identity = Identity::default().with(format!("alarm {}", alarm.name), before).with("told", tells.join(" "));
    Ok(Outlook { commands: vec![command], now: vec![now], goes: Vec::new(), identity })
}

pub(super) async fn put_alarm(step: &PutAlarm, approved: &Approved, stage: &Stage, heard: &mut Heard) -> End {
    let putting = async {
        let alarm = chosen(step, approved.arguments())?;
        let tells = tells(step, alarm, &aws(stage)?.alarms().await?);
        aws(stage)?.put_alarm(approved, alarm, instance(alarm, stage)?, &tells).await?;
        // What Amazon has now is what counts.
        let there = aws(stage)?.alarms().await?;
        if !there.iter().any(|one| one.name == alarm.name && (one.threshold - alarm.threshold).abs() < f64::EPSILON) {
            return Err(Message::new("unfit-no-alarm").with("name", alarm.name.as_str()).into());
        }
        Ok(Message::new("act-alarm-put").with("name", alarm.name.as_str()))
    };
    end(putting.await, stage, heard)
}

/// A request whose answer did not come may have been heard: that is not known. Everything else failed.
fn end(done: Result<Message, Unfit>, stage: &Stage, heard: &mut Heard) -> End {
    match done {
        Ok(fact) => {
            heard.add(fact, stage);
            End::Done
        }
        Err(unfit) => End::Failed(unfit),
    }
}

async fn rules(stage: &Stage) -> Result<(String, Vec<String>), Unfit> {
    let group = stage.host.config().instance.security_group.as_ref().ok_or_else(|| Unfit {
        reason: Message::new("aws-host-without").with("key", "security_group"),
        hint: Some(Message::new("aws-not-configured-hint")),
    })?;
    let rules = aws(stage)?.security_group(group).await?;
    let content = serde_json::to_string(&rules).map_err(|error| AwsError::Garbled(error.to_string()))?;
    Ok((content, rules.iter().map(ToString::to_string).collect()))
}

pub(super) async fn outlook_baseline(stage: &Stage) -> Result<Outlook, Unfit> {
    let (content, rules) = rules(stage).await?;
    let before = stage.store.baseline(&stage.host.config().name, GROUP).await?;
    let now = match before {
        Some(before) => Message::new("act-now-baseline")
            .with("by", before.approved_by)
            .with("at", before.approved_at)
            .with("same", if before.content == content { "=" } else { "≠" }),
        None => Message::new("act-now-no-baseline"),
    };
    Ok(Outlook {
        commands: rules,
        now: vec![now],
        goes: Vec::new(),
        identity: Identity::default().with("rules", Digest::of(content.as_bytes()).to_string()),
    })
}

pub(super) async fn approve_baseline(approved: &Approved, by: &Who, stage: &Stage, heard: &mut Heard) -> End {
    let approving = async {
        let (content, rules) = rules(stage).await?;
        if approved.binding().identity.0.get("rules") != Some(&Digest::of(content.as_bytes()).to_string()) {
            return Err(Message::new("unfit-rules-changed").into());
        }
        let baseline = Baseline { content, approved_by: by.name.clone(), approved_at: stage.now };
        stage.store.approve_baseline(&stage.host.config().name, GROUP, &baseline, &Actor::Discord(by.id)).await?;
        Ok(Message::new("act-baseline-approved").with("count", rules.len().to_string()))
    };
    end(approving.await, stage, heard)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::action::step::Word;

    fn alarm(name: &str, tells: Option<&str>) -> Alarm {
        Alarm {
            name: name.to_owned(),
            metric: "CPUUtilization".to_owned(),
            namespace: "AWS/EC2".to_owned(),
            threshold: 80.0,
            statistic: "Average".to_owned(),
            period_seconds: 300,
            periods: 2,
            of_instance: false,
            tells: tells.map(str::to_owned),
        }
    }

    fn there(name: &str, tells: &[&str]) -> MetricAlarm {
        MetricAlarm {
            name: name.to_owned(),
            metric: "CPUUtilization".to_owned(),
            namespace: "AWS/EC2".to_owned(),
            threshold: 70.0,
            acts: !tells.is_empty(),
            state: "OK".to_owned(),
            tells: tells.iter().map(|topic| (*topic).to_owned()).collect(),
        }
    }

    #[test]
    fn an_alarm_that_is_put_again_tells_whom_it_told() {
        let step = |tells| PutAlarm {
            alarm: Word::Literal("cpu".to_owned()),
            alarms: vec![alarm("cpu", tells), alarm("disk", None)],
        };
        let told = |tells, at_amazon: &[MetricAlarm]| {
            let step = step(tells);
            super::tells(&step, &step.alarms[0], at_amazon)
        };
        let both = [there("cpu", &["a", "b"]), there("disk", &["c"]), there("other", &["d"])];
        assert_eq!(told(None, &both), ["a", "b"], "those of its own");
        assert_eq!(told(None, &both[1..]), ["c"], "those of the others that can be put");
        assert_eq!(told(None, &both[2..]), Vec::<String>::new(), "not those of somebody else's");
        assert_eq!(told(None, &[there("cpu", &[]), there("disk", &["c"])]), ["c"]);
        assert_eq!(told(Some("x"), &both), ["x"], "what the file says counts");
    }
}
