//! The scripts, each with what they share in front of it.

/// A script of `scripts/` behind the shared part, and further ones between them.
macro_rules! script {
    ($($name:literal),+) => {
        concat!(include_str!("scripts/common.sh"), $("\n", include_str!(concat!("scripts/", $name, ".sh"))),+)
    };
}

pub(super) const RUN: &str = include_str!("scripts/run.sh");
pub(super) const COMPOSE: &str = script!("compose");
pub(super) const REBOOT: &str = script!("reboot");
pub(super) const ROLLBACK: &str = script!("rollback");
pub(super) const BACKUP: &str = script!("backup");
pub(super) const RESTORE: &str = script!("database", "restore");
pub(super) const RESTORE_TEST: &str = script!("database", "restore_test");
pub(super) const DELETE_BACKUPS: &str = script!("delete_backups");
pub(super) const PRUNE: &str = script!("prune");
pub(super) const VACUUM: &str = script!("vacuum");
pub(super) const ARCHIVE: &str = script!("archive");
pub(super) const UPDATE: &str = script!("update");
pub(super) const RENEW: &str = script!("renew");

pub(super) const LOOK_CONTAINERS: &str = script!("look_containers");
pub(super) const LOOK_SERVICES: &str = script!("look_services");
pub(super) const LOOK_BACKUPS: &str = script!("look_backups");
pub(super) const LOOK_FILE: &str = script!("look_file");
pub(super) const LOOK_ENGINE: &str = script!("look_engine");
pub(super) const LOOK_CERTIFICATES: &str = script!("look_certificates");
pub(super) const LOOK_LOGS: &str = script!("look_logs");
pub(super) const LOOK_JOURNAL: &str = script!("look_journal");
pub(super) const LOOK_UPDATES: &str = script!("look_updates");
pub(super) const LOOK_BOOT: &str = script!("look_boot");
