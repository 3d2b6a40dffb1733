//! What Amazon knows of the host.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A rule of the security group that lets in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// The port.
    pub(crate) port: u16,
    /// From where.
    pub(crate) source: String,
    /// What somebody wrote beside it.
    pub(crate) description: String,
}

/// An alarm of CloudWatch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Alarm {
    /// Its name.
    pub(crate) name: String,
    /// The metric's namespace.
    pub(crate) namespace: String,
    /// The metric.
    pub(crate) metric: String,
    /// From where on it rings.
    pub(crate) threshold: f64,
    /// Whom it tells.
    pub(crate) actions: Vec<String>,
}

/// An object of the bucket; what is in it lies in the folder of objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Object {
    /// In bytes.
    pub(crate) size: u64,
    /// When it was put there.
    pub(crate) modified: DateTime<Utc>,
}

/// The account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Account {
    /// The rules that let in.
    pub(crate) rules: Vec<Rule>,
    /// The alarms.
    pub(crate) alarms: Vec<Alarm>,
    /// Dollars by service in a usual month.
    pub(crate) month: BTreeMap<String, f64>,
    /// What comes on top this month, in dollars by service.
    pub(crate) more: BTreeMap<String, f64>,
    /// What is left of the CPU credits.
    pub(crate) credits: f64,
    /// The objects of the backups' bucket, by key.
    pub(crate) objects: BTreeMap<String, Object>,
}

/// The bucket of the backups.
pub(crate) const BUCKET: &str = "gear-freak-private-storage-3059875";

/// The host's security group.
pub(crate) const GROUP: &str = "sg-0practice000000001";

/// The host itself.
pub(crate) const INSTANCE: &str = "i-0practice0000000001";

/// Where the administrators come from.
pub(crate) const ADMIN: &str = "203.0.113.0/24";

impl Account {
    /// As it should be.
    pub(crate) fn calm() -> Self {
        let rule = |port, source: &str, description: &str| Rule {
            port,
            source: source.to_owned(),
            description: description.to_owned(),
        };
        let alarm = |name: &str, namespace: &str, metric: &str, threshold| Alarm {
            name: format!("gear-freak-{name}"),
            namespace: namespace.to_owned(),
            metric: metric.to_owned(),
            threshold,
            actions: vec!["arn:aws:sns:ap-northeast-2:000000000000:operations".to_owned()],
        };
        let month = [
            ("Amazon Elastic Compute Cloud - Compute", 8.47),
            ("EC2 - Other", 1.92),
            ("Amazon Simple Storage Service", 0.31),
            ("Amazon Route 53", 0.51),
            ("AmazonCloudWatch", 0.4),
        ];
        Self {
            rules: vec![
                rule(80, "0.0.0.0/0", "HTTP"),
                rule(443, "0.0.0.0/0", "HTTPS"),
                rule(22, ADMIN, "SSH for administrators"),
            ],
            alarms: vec![
                alarm("high-cpu", "AWS/EC2", "CPUUtilization", 80.0),
                alarm("high-memory", "CWAgent", "mem_used_percent", 85.0),
                alarm("high-disk", "CWAgent", "disk_used_percent", 80.0),
                alarm("5xx", "GearFreak", "5xx", 10.0),
            ],
            month: month.into_iter().map(|(name, cost)| (name.to_owned(), cost)).collect(),
            more: BTreeMap::new(),
            credits: 144.0,
            objects: BTreeMap::new(),
        }
    }
}
