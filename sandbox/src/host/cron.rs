//! What comes by the clock of the host: at three in the morning of its own zone the backup, by its own script; and the reboot
//! that somebody asked for.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use super::core::Host;
use super::files::backups;
use super::room::Room;

/// What the line of the crontab runs.
const LINE: &str = "/opt/gear_freak/backup.sh >> /var/log/backup.log 2>&1";

/// Looks at the clock until the task is dropped.
pub(crate) async fn run(host: Arc<Host>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = host.clock.now();
        let due = backups::last_due(now);
        if !host.look(|model| due > model.backed_up && model.is_up(now)) {
            continue;
        }
        host.change(|model| model.backed_up = due);
        let Some(room) = host.room() else { continue };
        let _running = host.run();
        let ended = match room.command(LINE).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(mut child) => child.wait().await,
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            tracing::warn!(%error, "the practice host's backup could not be started");
        }
        backups::date_new(&host);
    }
}

/// Starts the machine anew when its time has come: every process of it ends.
pub(crate) async fn reboots(host: Arc<Host>, program: PathBuf) {
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = host.clock.now();
        if host.look(|model| model.machine.reboots_at.is_some_and(|at| now >= at)) {
            host.change(|model| model.reboot(now));
            host.set_room(None);
        }
        if host.room().is_none() && host.look(|model| model.is_up(now)) {
            match Room::open(&host.root, &program).await {
                Ok(room) => host.set_room(Some(Arc::new(room))),
                Err(why) => tracing::warn!(%why, "the practice host did not come back"),
            }
            // Whoever watches the panel sees it.
            host.change(|_| ());
        }
    }
}
