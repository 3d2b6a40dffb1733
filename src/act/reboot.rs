//! Starting the host anew. It is done only when another boot answers and every service is there and healthy.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::facts;
use super::follow::{End, Heard};
use super::{Stage, Unfit, scripts};
use crate::domain::action::{Identity, Outlook};
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;

/// How long a host may take to be back with every service.
const BACK: Duration = Duration::from_secs(600);

/// How often it is looked for meanwhile.
const PAUSE: Duration = Duration::from_secs(2);

/// The name of the boot in an identity.
const BOOT: &str = "boot";

/// What the host says of its boot.
struct Boot {
    id: String,
    up: f64,
    containers: u32,
    waiting: Vec<String>,
}

async fn boot(stage: &Stage) -> Result<Boot, Unfit> {
    let text = facts::look(scripts::LOOK_BOOT, &[&stage.host.config().compose_project], stage).await?;
    let all: Vec<_> = facts::facts(&text).collect();
    let one = |word: &str| all.iter().find(|fact| fact.word == word);
    Ok(Boot {
        id: one("boot").map_or_else(String::new, |fact| fact.get("id").to_owned()),
        up: one("boot").and_then(|fact| fact.get("up").parse().ok()).unwrap_or_default(),
        containers: one("count").and_then(|fact| fact.get("count").parse().ok()).unwrap_or_default(),
        waiting: all
            .iter()
            .filter(|fact| fact.word == "waiting")
            .map(|fact| format!("{} {}", fact.get("what"), fact.get("state")).trim_end().to_owned())
            .collect(),
    })
}

pub(super) async fn outlook(stage: &Stage) -> Result<Outlook, Unfit> {
    let boot = boot(stage).await?;
    let mut now = vec![Message::new("act-now-boot").with("up", Quantity::seconds(boot.up))];
    if !boot.waiting.is_empty() {
        now.push(Message::new("act-now-waiting").with("names", boot.waiting.join(", ")));
    }
    Ok(Outlook {
        commands: vec!["sudo systemctl reboot".to_owned()],
        now,
        goes: Vec::new(),
        // How many containers there are belongs to it: as many must be back.
        identity: Identity::default().with(BOOT, boot.id).with("containers", boot.containers.to_string()),
    })
}

/// Waits for another boot than the approved one, and for every service on it.
pub(super) async fn wait(identity: &Identity, stage: &Stage, heard: &mut Heard) -> End {
    let (Some(before), Some(count)) = (identity.0.get(BOOT), identity.0.get("containers")) else {
        return End::Failed(Message::new("unfit-no-value").into());
    };
    let count: u32 = count.parse().unwrap_or_default();
    let begun = Instant::now();
    let (mut told_of_boot, mut last) = (false, Message::new("act-reboot-silent"));
    while begun.elapsed() < BACK {
        sleep(PAUSE).await;
        // The connection was to the machine that went: it may take long to say so by itself.
        stage.host.forget().await;
        match boot(stage).await {
            Ok(boot) if boot.id == *before => last = Message::new("act-reboot-same"),
            Ok(boot) => {
                if !told_of_boot {
                    told_of_boot = true;
                    let back = Quantity::duration(begun.elapsed());
                    heard.add(Message::new("act-reboot-back").with("after", back), stage);
                }
                if boot.waiting.is_empty() && boot.containers >= count {
                    let all = Message::new("act-reboot-healthy").with("count", boot.containers.to_string());
                    heard.add(all.with("after", Quantity::duration(begun.elapsed())), stage);
                    return End::Done;
                }
                last = Message::new("act-reboot-waiting").with("names", boot.waiting.join(", "));
            }
            Err(unfit) => last = Message::new("act-reboot-unread").with("cause", unfit.reason),
        }
    }
    let failed = Message::new("act-reboot-failed").with("after", Quantity::duration(BACK)).with("last", last);
    End::Failed(Unfit { reason: failed, hint: Some(Message::new("unfit-unhealthy-hint")) })
}
