//! What an action does, step by step. A step is one thing that is carried out as a whole on the host, with its own look
//! before and its own proof after; it is data, and `act` knows how.

mod places;

use std::time::Duration;

use serde::Serialize;

use super::{Arguments, Inventory};
pub use places::{Alarm, Backups, Database, Name, NameError};

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A program with its arguments.
    Run(Run),
    /// docker-compose: services are restarted, brought up, or all taken down and brought up again.
    Compose(Compose),
    /// The host is started anew.
    Reboot,
    /// A service goes back to the image that was last seen healthy.
    Rollback(Rollback),
    /// A backup is made, and proved whole.
    Backup(Backups),
    /// A backup takes the place of the live database (row B4).
    Restore(Restore),
    /// The newest backup is restored into a database that is then thrown away (row W5).
    RestoreTest(RestoreTest),
    /// Certificates are renewed and nginx reads them.
    Renew(Renew),
    /// Old backups are deleted; the newest three that are whole never are.
    DeleteBackups(DeleteBackups),
    /// What no container of the deployment needs is taken away from the engine.
    Prune(Prune),
    /// The journal is cut to what is younger.
    VacuumJournal {
        /// What stays.
        keep: Duration,
    },
    /// Old logs are compressed, and older ones deleted.
    ArchiveLogs(ArchiveLogs),
    /// The packages of the system are updated.
    Update,
    /// An alarm is put into CloudWatch.
    PutAlarm(PutAlarm),
    /// The security group, as it is now, becomes the baseline.
    ApproveBaseline,
}

/// A program with its arguments, each one word whatever is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The program and its arguments.
    pub argv: Vec<Word>,
    /// Whether it needs root.
    pub sudo: bool,
    /// How long it may take.
    pub timeout: Duration,
}

/// What docker-compose is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ComposeAct {
    /// `restart`
    Restart,
    /// `up -d`
    Up,
    /// `down`, then `up -d`
    DownUp,
}

/// A call of docker-compose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compose {
    /// What it is to do.
    pub act: ComposeAct,
    /// The folder of the compose file.
    pub folder: String,
    /// The service; none: all of them.
    pub service: Option<Word>,
}

/// Going back to an image that was healthy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rollback {
    /// The folder of the compose file.
    pub folder: String,
    /// The service.
    pub service: Word,
}

/// Putting a backup in the place of the live database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restore {
    /// The database.
    pub database: Database,
    /// Where the backups are, and what makes the safety backup.
    pub backups: Backups,
    /// The backup, by file name.
    pub file: Word,
    /// The folder of the compose file.
    pub folder: String,
    /// The service that uses the database, and stands still while the names are swapped.
    pub service: String,
}

/// Restoring into a database that is thrown away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestoreTest {
    /// The live database, which is left alone.
    pub database: Database,
    /// Where the backups are.
    pub backups: Backups,
}

/// How far a renewal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Renewal {
    /// A rehearsal: nothing is issued.
    DryRun,
    /// What is due is renewed; a rehearsal comes first.
    Plain,
    /// What is due is renewed; where nothing was, everything is renewed by force.
    Forced,
}

/// A renewal of certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Renew {
    /// How far it goes.
    pub how: Renewal,
}

/// Deleting old backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeleteBackups {
    /// Where they are.
    pub backups: Backups,
    /// From how many full days of age on, as `find -mtime +7` counts.
    pub older_than_days: u32,
}

/// Clearing away what is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prune {
    /// Besides images, also stopped containers, networks and the cache of builds.
    pub system: bool,
    /// The folder of the compose file, whose images stay.
    pub folder: String,
    /// Images that stay, by name.
    pub keep: Vec<String>,
}

/// Compressing and deleting logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArchiveLogs {
    /// The folder.
    pub folder: String,
    /// From how many full days of age on a `.log` is compressed.
    pub compress_after_days: u32,
    /// From how many full days of age on a `.gz` is deleted.
    pub delete_after_days: u32,
}

/// Putting an alarm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PutAlarm {
    /// Which of them.
    pub alarm: Word,
    /// Those that can be put.
    pub alarms: Vec<Alarm>,
}

/// One word of a command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// As it stands in the file.
    Literal(String),
    /// The value that was chosen for the parameter of this id.
    Argument(String),
}

impl Word {
    /// What it is with `arguments`; none where the parameter has no value.
    pub fn value<'a>(&'a self, arguments: &'a Arguments) -> Option<&'a str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Argument(id) => arguments.get(id),
        }
    }
}

impl Step {
    /// Every kind, as it is named in a command file.
    pub const KINDS: &'static [&'static str] = &[
        "run",
        "compose_restart",
        "compose_up",
        "compose_down_up",
        "reboot",
        "rollback",
        "backup",
        "restore",
        "restore_test",
        "renew",
        "delete_backups",
        "prune_images",
        "prune_system",
        "vacuum_journal",
        "archive_logs",
        "update",
        "put_alarm",
        "approve_baseline",
    ];

    /// Whether users may notice that it is done: something stops for a while, or nobody knows what it does.
    pub const fn interrupts(&self) -> bool {
        match self {
            Self::Run(_) | Self::Compose(_) | Self::Reboot | Self::Rollback(_) | Self::Restore(_) | Self::Update => {
                true
            }
            Self::Backup(_)
            | Self::RestoreTest(_)
            | Self::Renew(_)
            | Self::DeleteBackups(_)
            | Self::Prune(_)
            | Self::VacuumJournal { .. }
            | Self::ArchiveLogs(_)
            | Self::PutAlarm(_)
            | Self::ApproveBaseline => false,
        }
    }

    /// Its kind, as it is named in a command file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Run(_) => "run",
            Self::Compose(Compose { act: ComposeAct::Restart, .. }) => "compose_restart",
            Self::Compose(Compose { act: ComposeAct::Up, .. }) => "compose_up",
            Self::Compose(Compose { act: ComposeAct::DownUp, .. }) => "compose_down_up",
            Self::Reboot => "reboot",
            Self::Rollback(_) => "rollback",
            Self::Backup(_) => "backup",
            Self::Restore(_) => "restore",
            Self::RestoreTest(_) => "restore_test",
            Self::Renew(_) => "renew",
            Self::DeleteBackups(_) => "delete_backups",
            Self::Prune(Prune { system: false, .. }) => "prune_images",
            Self::Prune(Prune { system: true, .. }) => "prune_system",
            Self::VacuumJournal { .. } => "vacuum_journal",
            Self::ArchiveLogs(_) => "archive_logs",
            Self::Update => "update",
            Self::PutAlarm(_) => "put_alarm",
            Self::ApproveBaseline => "approve_baseline",
        }
    }

    /// The parameters that it takes.
    pub fn takes(&self) -> impl Iterator<Item = &str> {
        let words: Vec<&Word> = match self {
            Self::Run(run) => run.argv.iter().collect(),
            Self::Compose(compose) => compose.service.iter().collect(),
            Self::Rollback(rollback) => vec![&rollback.service],
            Self::Restore(restore) => vec![&restore.file],
            Self::PutAlarm(put) => vec![&put.alarm],
            _ => Vec::new(),
        };
        words.into_iter().filter_map(|word| match word {
            Word::Argument(id) => Some(id.as_str()),
            Word::Literal(_) => None,
        })
    }

    /// The backups that it deals with.
    pub const fn backups(&self) -> Option<&Backups> {
        match self {
            Self::Backup(backups) => Some(backups),
            Self::Restore(restore) => Some(&restore.backups),
            Self::RestoreTest(test) => Some(&test.backups),
            Self::DeleteBackups(delete) => Some(&delete.backups),
            _ => None,
        }
    }

    /// The folder of the compose file that it deals with.
    pub fn compose_folder(&self) -> Option<&str> {
        match self {
            Self::Compose(Compose { folder, .. })
            | Self::Rollback(Rollback { folder, .. })
            | Self::Restore(Restore { folder, .. })
            | Self::Prune(Prune { folder, .. }) => Some(folder),
            _ => None,
        }
    }

    /// Whether the host can be asked for `inventory` with what this step knows.
    pub fn knows(&self, inventory: Inventory) -> bool {
        match inventory {
            Inventory::Backups => self.backups().is_some(),
            Inventory::Services => self.compose_folder().is_some(),
            Inventory::Alarms => matches!(self, Self::PutAlarm(_)),
            Inventory::Containers | Inventory::Images | Inventory::Certificates => true,
        }
    }

    /// How long it may take on the host at most.
    pub const fn limit(&self) -> Duration {
        const MINUTE: u64 = 60;
        match self {
            Self::Run(run) => run.timeout,
            Self::Compose(_) | Self::Rollback(_) => Duration::from_secs(5 * MINUTE),
            Self::Reboot => Duration::from_secs(MINUTE),
            Self::Renew(_) | Self::VacuumJournal { .. } | Self::ArchiveLogs(_) => Duration::from_secs(10 * MINUTE),
            Self::DeleteBackups(_) | Self::Prune(_) | Self::Backup(_) => Duration::from_secs(20 * MINUTE),
            Self::RestoreTest(_) | Self::Update => Duration::from_secs(60 * MINUTE),
            Self::Restore(_) => Duration::from_secs(120 * MINUTE),
            Self::PutAlarm(_) | Self::ApproveBaseline => Duration::from_secs(30),
        }
    }
}
