//! The second door: acts go to the host by a user and a key of their own, looks by theirs, over a real SSH server; and the
//! host is cut off before, during and after an act.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::bot::{Bot, SMALL};
use crate::gated::{Gated, RESTART};
use crate::sshd::{self, Sshd};

/// What each key is let in for: it notes by which door a command came, and may be shut.
const DOOR: &str = r#"#!/bin/sh
[ ! -e FOLDER/shut-$1 ] || exit 255
printf '%s\n----\n' "$SSH_ORIGINAL_COMMAND" >>FOLDER/by-$1
exec sh -c "$SSH_ORIGINAL_COMMAND"
"#;

/// A deployment whose host is reached by SSH, by one key for looking and another for acting. None where there is no sshd.
async fn gated() -> Option<(Gated, Sshd)> {
    let server = Sshd::start(&[])?;
    let bot = Bot::prepare(&[("daily", SMALL), ("restart", RESTART)]).await;
    let folder = bot.folder.path().display().to_string();
    bot.write("door", DOOR.replace("FOLDER", &folder));
    std::fs::set_permissions(bot.path("door"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let look = server.key();
    let act = server.make_key("act", "ed25519", "");
    let line = |key: &std::path::Path, door: &str| {
        let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
        format!("restrict,command=\"{folder}/door {door}\" {public}")
    };
    std::fs::write(server.file("authorized_keys"), [line(&look, "look"), line(&act, "act")].concat()).unwrap();
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    let user = sshd::user();
    let ssh = format!(
        "transport = \"ssh\"\naddress = \"127.0.0.1:{}\"\nuser = \"{user}\"\nkey = {{ file = \"{}\" }}\nhost_key = \"{}\"\n\
         [hosts.here.act]\nuser = \"{user}\"\nkey = {{ file = \"{}\" }}\n",
        server.port(),
        look.display(),
        server.fingerprint("host_ed25519"),
        act.display(),
    );
    bot.write("bot.toml", config.replace("transport = \"local\"", &ssh));
    Some((Gated::on(bot).await, server))
}

#[tokio::test]
async fn acts_come_by_their_own_door_and_looks_by_theirs() {
    let Some((gated, _server)) = gated().await else { return };
    let by = |door: &str| std::fs::read_to_string(gated.bot.path(&format!("by-{door}"))).unwrap_or_default();
    let card = gated.asked().await;
    assert_eq!(by("act"), "", "nothing is done at the second door before somebody approved");
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "✅ 검증됨").await;
    assert_eq!(gated.acts(), ["serverpod"]);
    assert!(by("act").contains("Begins a job") && by("act").contains("How far a job is"), "{}", by("act"));
    assert!(!by("look").contains("Begins a job"), "the door for looking begins nothing");
    assert!(by("look").contains("/calm") && !by("act").contains("/calm"), "checks look by the door for looking");

    // The second door is tried by the doctor, and what is wrong with it is told.
    let (told, status) = gated.signoff_here(&["doctor"]).await;
    assert!(status == 0 && told.contains("✅ here 조치용 접속"), "{told}");
    gated.bot.write("shut-act", "");
    let (told, status) = gated.signoff_here(&["doctor"]).await;
    assert!(status == 2 && told.contains("❌ here 조치용 접속"), "{told}");
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_door_that_is_shut_before_during_and_after_an_act() {
    let Some((gated, server)) = gated().await else { return };
    // Before: it was never begun, and says so.
    gated.bot.write("shut-act", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let failed = gated.until(&card, "❌ 실패").await;
    assert!(failed.text().contains("시작하지 못했습니다"), "{}", failed.text());
    assert_eq!(gated.acts(), Vec::<String>::new());
    std::fs::remove_file(gated.bot.path("shut-act")).unwrap();

    // During: every connection ends under it, more than once; it runs once, and its end is found.
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "restarting serverpod").await;
    for _ in 0..3 {
        server.cut();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    gated.until(&card, "✅ 검증됨").await;
    assert_eq!(gated.acts(), ["serverpod"]);

    // After: it is done, and nobody can look whether it worked. That is not fine.
    gated.bot.write("hold", "");
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "▶️ 실행 중").await;
    gated.bot.write("shut-look", "");
    std::fs::remove_file(gated.bot.path("hold")).unwrap();
    let patient = gated.bot.seat("지민").patient(Duration::from_secs(150));
    let unproven = patient.wait_for(|m| m.id() == card.id() && m.text().contains("❌ 실패")).await.unwrap();
    assert!(unproven.text().contains("정상이 아닙니다") && !unproven.text().contains("→ ✅"), "{}", unproven.text());
    assert_eq!(gated.acts(), ["serverpod", "serverpod"]);
    gated.bot.finish().await;
}
