//! Every shipped act, by slash command, modal and approvals, on the practice host: it ends verified, and what was broken is mended.

use std::process::Stdio;
use std::time::Duration;

use signoff_sandbox::{Message, Seat};
use tokio::process::{Child, Command};

use crate::world::World;

/// An act, as a team would come to it.
struct Case {
    /// Its slash command.
    action: &'static str,
    /// What is chosen; `NEWEST` is the newest backup.
    chosen: &'static [(&'static str, &'static str)],
    /// What is typed in where it must be: the host, or what was chosen.
    target: Option<&'static str>,
    /// How many others must approve; nobody: the requester confirms.
    approvals: usize,
    /// What is wrong before.
    faults: &'static [&'static str],
    /// What is done to the host before.
    before: &'static str,
    /// Whether it mends all of that.
    mends: bool,
}

/// Nothing chosen, nothing wrong before, one approval.
const PLAIN: Case = Case { action: "", chosen: &[], target: None, approvals: 1, faults: &[], before: "", mends: true };

const CRITICAL: Case = Case { target: Some("gear-freak"), approvals: 2, ..PLAIN };

const CASES: &[Case] = &[
    Case { action: "restart", chosen: &[("service", "serverpod")], ..PLAIN },
    Case { action: "restart-all", ..PLAIN },
    Case { action: "up", faults: &["stop-redis"], ..PLAIN },
    Case { action: "down-up", faults: &["crash-loop"], ..CRITICAL },
    Case { action: "backup-now", approvals: 0, faults: &["backup-lost"], mends: false, ..PLAIN },
    Case { action: "restore-test", approvals: 0, ..PLAIN },
    Case { action: "restore", chosen: &[("file", "NEWEST")], target: Some("NEWEST"), ..CRITICAL },
    Case {
        action: "delete-backups",
        before: "cd /opt/gear_freak/backups && touch -d '40 days ago' \"$(ls | head -n 1)\"",
        ..PLAIN
    },
    Case { action: "prune-images", faults: &["disk"], mends: false, ..PLAIN },
    Case { action: "prune-system", faults: &["disk"], before: "sudo journalctl --vacuum-time=7d", ..PLAIN },
    Case { action: "vacuum-journal", faults: &["disk"], before: "docker image prune -f", ..PLAIN },
    Case { action: "archive-logs", before: "touch -d '40 days ago' /var/log/nginx/*.log", ..PLAIN },
    Case { action: "renew-test", approvals: 0, ..PLAIN },
    Case { action: "renew", faults: &["certificate-near"], ..PLAIN },
    Case { action: "renew-force", faults: &["certificate-expired"], ..PLAIN },
    Case { action: "system-update", faults: &["updates"], mends: false, ..CRITICAL },
    Case { action: "put-alarm", chosen: &[("alarm", "gear-freak-high-cpu")], faults: &["alarm-lost"], ..PLAIN },
    Case { action: "approve-baseline", faults: &["open-port"], mends: false, ..PLAIN },
    // A deployment that ends as soon as it has started: the image before it does not.
    Case {
        action: "rollback",
        chosen: &[("service", "serverpod")],
        target: Some("serverpod"),
        faults: &["crash-loop"],
        ..CRITICAL
    },
    Case { action: "reboot", ..CRITICAL },
];

/// Who approves, in their order.
const APPROVERS: [&str; 2] = ["현우", "Alex"];

struct Team<'a> {
    world: &'a World,
    _bot: Child,
}

impl<'a> Team<'a> {
    async fn with_bot(world: &'a World) -> Self {
        let bot = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["run", "--config"])
            .arg(&world.practice.file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        world.practice.discord.wait_for_command("restart").await.unwrap();
        Self { world, _bot: bot }
    }

    fn seat(&self, who: &str) -> Seat {
        self.world.practice.discord.as_user(who).in_channel("운영").patient(Duration::from_secs(60))
    }

    /// Asks, approves, waits for the end; gives what the card says then, or what was said instead of one.
    async fn does(&self, case: &Case, newest: &str) -> Result<String, String> {
        let real = |text: &str| if text == "NEWEST" { newest.to_owned() } else { text.to_owned() };
        let seat = self.seat("지민");
        let chosen: Vec<_> = case.chosen.iter().map(|(name, value)| (*name, real(value))).collect();
        let mut options: Vec<_> = chosen.iter().map(|(name, value)| (*name, value.as_str())).collect();
        options.push(("host", "gear-freak"));
        let sent = seat.slash(case.action, &options).await.map_err(|error| error.to_string())?;
        let modal = sent.modal().await.map_err(|error| error.to_string())?;
        let target = case.target.map(real);
        let mut typed = vec![("사유", "연습입니다")];
        typed.extend(target.as_deref().map(|target| ("대상을 그대로 입력해 주세요", target)));
        let told = seat.submit_modal(&modal, &typed).await.map_err(|error| error.to_string())?;
        let told = told
            .wait_for(|m| !m.is_thinking() && !m.text().contains("준비하고 있습니다"))
            .await
            .map_err(|error| error.to_string())?;
        if !told.text().contains("올렸습니다") {
            return Err(told.text());
        }
        let waits = |m: &Message| m.buttons().iter().any(|button| button == "요청 취소");
        let card = seat.wait_for(waits).await.map_err(|error| error.to_string())?;
        if case.approvals == 0 {
            seat.click(&card, "실행").await.map_err(|error| error.to_string())?;
        }
        for who in APPROVERS.iter().take(case.approvals) {
            self.seat(who).click(&card, "승인").await.map_err(|error| error.to_string())?;
            let counted = |m: &Message| m.id() == card.id() && m.text() != card.text();
            seat.wait_for(counted).await.map_err(|error| error.to_string())?;
        }
        let ended = |m: &Message| {
            let ends = ["✅ 검증됨", "❌ 실패", "🚫 무효", "직접 확인 필요"];
            m.id() == card.id() && ends.iter().any(|end| m.text().contains(end))
        };
        let card = seat.patient(Duration::from_secs(120)).wait_for(ended).await.map_err(|error| error.to_string())?;
        Ok(card.text())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shipped_act_is_carried_out_and_proved() {
    let Some(world) = World::calm().await else { return };
    let shipped = signoff::commands::load(&world.practice.config.commands).unwrap();
    let tried: Vec<_> = CASES.iter().map(|case| case.action).collect();
    let missing: Vec<_> = shipped.actions.keys().filter(|id| !tried.contains(&id.as_str())).collect();
    assert!(missing.is_empty(), "shipped and not tried: {missing:?}");

    let team = Team::with_bot(&world).await;
    let mut wrong = Vec::new();
    for case in CASES {
        for fault in case.faults {
            world.set(fault, true);
        }
        world.run(case.before).await;
        let newest = world.says("ls -1 /opt/gear_freak/backups | tail -n 1").await;
        let begun = std::time::Instant::now();
        let done = team.does(case, newest.trim()).await;
        println!("/{}: {:.1} s", case.action, begun.elapsed().as_secs_f64());
        match done {
            Ok(said) if said.contains("✅ 검증됨") => {}
            Ok(said) | Err(said) => wrong.push(format!("/{}: {said}", case.action)),
        }
        let left = world.practice.host.broken();
        if case.mends && !left.is_empty() {
            wrong.push(format!("/{} leaves {left:?}", case.action));
        }
        for fault in case.faults {
            world.set(fault, false);
        }
        world.settle().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
