//! What is asked of Amazon.

use std::time::Duration;

use super::Backups;

/// The copies of the backups in S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Backups {
    /// The bucket.
    pub bucket: String,
    /// What their keys begin with: `backups/`.
    pub prefix: String,
    /// The backups that they are copies of, on the host.
    pub local: Backups,
    /// How long a copy stays.
    pub keep: Duration,
}

/// Whom the host's security group lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// The ports that are for everybody.
    pub public: Vec<u16>,
}

/// What the account cost, by service.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// More than so many times last month's is a rise.
    pub factor: f64,
    /// And at least so many dollars more.
    pub margin: f64,
}

/// The alarms of CloudWatch that there should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarms {
    /// Each of them.
    pub wanted: Vec<Alarm>,
}

/// One alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// The metric: `CPUUtilization`.
    pub metric: String,
    /// Its namespace: `AWS/EC2`.
    pub namespace: String,
    /// From which value on it rings.
    pub threshold: f64,
}
