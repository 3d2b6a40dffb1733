//! Trials of Amazon: each right that a check or an action needs is used once, where that changes nothing, and the least policy is told where one is missing.

use serde_json::{Value, json};

use super::trial::Trial;
use crate::aws::{Aws, AwsError};
use crate::clock::Clock;
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::action::Step;
use crate::domain::message::Message;
use crate::domain::probe::Probe;

pub(super) async fn trials(config: &Config, commands: &Commands) -> Vec<Trial> {
    let probes: Vec<_> = commands
        .checklists
        .values()
        .flat_map(crate::domain::command::Checklist::checks)
        .map(|check| &check.probe)
        .collect();
    let steps: Vec<_> = commands.actions.values().flat_map(|action| &action.steps).collect();
    let asks = |kind: &str| probes.iter().any(|probe| probe.kind() == kind);
    let acts = |kind: &str| steps.iter().any(|step| step.kind() == kind);
    let any = ["s3_backups", "security_group", "security_group_drift", "aws_cost", "aws_alarms"].into_iter().any(asks)
        || ["put_alarm", "approve_baseline"].into_iter().any(acts);
    let Some(aws) = &config.aws else {
        let what = Message::new("doctor-aws");
        return if any { vec![Trial::wrong(what, Message::new("doctor-aws-none"), Vec::new())] } else { Vec::new() };
    };
    let policy = || format!("{:#}", policy(&probes, &steps));
    let aws = match Aws::new(aws.clone(), Clock::system()) {
        Ok(aws) => aws,
        Err(error) => return vec![Trial::failed(Message::new("doctor-aws"), &error)],
    };
    let tried = |action: &'static str, result: Result<(), AwsError>| {
        let what = Message::new("doctor-aws-action").with("action", action);
        match result {
            Ok(()) => Trial::fine(what),
            Err(error @ AwsError::Denied { .. }) => Trial::failed(what, &error).mended_by([policy()]),
            Err(error) => Trial::failed(what, &error),
        }
    };
    let mut trials = Vec::new();
    let mut buckets = std::collections::BTreeSet::new();
    for probe in &probes {
        if let Probe::S3Backups(copies) = probe
            && buckets.insert(&copies.bucket)
        {
            trials.push(tried("s3:ListBucket", aws.objects(&copies.bucket, &copies.prefix).await.map(drop)));
        }
    }
    if asks("security_group") || asks("security_group_drift") || acts("approve_baseline") {
        let groups: Vec<_> = config.hosts.values().filter_map(|host| host.instance.security_group.as_ref()).collect();
        if groups.is_empty() {
            let what = Message::new("doctor-aws-action").with("action", "ec2:DescribeSecurityGroups");
            trials.push(Trial::wrong(what, Message::new("doctor-aws-no-group"), Vec::new()));
        }
        for group in groups {
            trials.push(tried("ec2:DescribeSecurityGroups", aws.security_group(group).await.map(drop)));
        }
    }
    if asks("aws_alarms") || acts("put_alarm") {
        trials.push(tried("cloudwatch:DescribeAlarms", aws.alarms().await.map(drop)));
    }
    if acts("put_alarm") {
        let what = Message::new("doctor-aws-action").with("action", "cloudwatch:PutMetricAlarm");
        trials.push(Trial::not_tried(what, Message::new("doctor-aws-changes")));
    }
    if asks("cpu") {
        for instance in config.hosts.values().filter_map(|host| host.instance.id.as_ref()) {
            let credits = aws.cpu_credits(instance, Clock::system().now()).await;
            trials.push(tried("cloudwatch:GetMetricStatistics", credits.map(drop)));
        }
    }
    if asks("aws_cost") {
        let what = Message::new("doctor-aws-action").with("action", "ce:GetCostAndUsage");
        trials.push(Trial::not_tried(what, Message::new("doctor-aws-costs")));
    }
    trials
}

/// The least that the checks and the actions need, as a policy of IAM.
fn policy(probes: &[&Probe], steps: &[&Step]) -> Value {
    let mut buckets: Vec<String> = Vec::new();
    let mut actions: Vec<&str> = Vec::new();
    for probe in probes {
        match probe {
            Probe::S3Backups(copies) => buckets.push(format!("arn:aws:s3:::{}", copies.bucket)),
            Probe::SecurityGroup(_) | Probe::SecurityGroupDrift => actions.push("ec2:DescribeSecurityGroups"),
            Probe::Cost(_) => actions.push("ce:GetCostAndUsage"),
            Probe::Alarms(_) => actions.push("cloudwatch:DescribeAlarms"),
            // The credits of a t3 are read where the host has an instance.
            Probe::Cpu(_) => actions.push("cloudwatch:GetMetricStatistics"),
            _ => {}
        }
    }
    for step in steps {
        match step {
            Step::PutAlarm(_) => actions.extend(["cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"]),
            Step::ApproveBaseline => actions.push("ec2:DescribeSecurityGroups"),
            _ => {}
        }
    }
    actions.sort_unstable();
    actions.dedup();
    buckets.sort();
    buckets.dedup();
    let mut statements = vec![json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })];
    if !buckets.is_empty() {
        statements.push(json!({ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": buckets }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}
