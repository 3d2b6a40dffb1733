//! Killed in an act of several steps: each of them is told by itself, and none is begun after the kill.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::gated::{Gated, RESTART};

/// Three steps, of which each notes that it began and waits for as long as its own file is there.
async fn three_steps() -> Gated {
    let (head, _) = RESTART.split_once("[[step]]").expect("its steps");
    let steps: String =
        ["one", "two", "three"].map(|name| format!("[[step]]\nrun = [\"FOLDER/step\", \"{name}\"]\n")).concat();
    let gated = Gated::with(&format!("{head}{steps}"), "").await;
    let folder = gated.bot.folder.path().display().to_string();
    let step = format!(
        "#!/bin/sh\necho \"$1\" >>{folder}/acts\nwhile [ -e {folder}/hold-$1 ]; do sleep 0.05; done\n[ ! -e {folder}/broken-$1 ]\n"
    );
    gated.bot.write("step", step);
    std::fs::set_permissions(gated.bot.path("step"), std::fs::Permissions::from_mode(0o755)).unwrap();
    gated
}

async fn approved_until(gated: &Gated, acts: &[&str]) -> signoff_sandbox::Message {
    let card = gated.asked().await;
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while gated.acts() != acts {
        assert!(Instant::now() < patience, "{:?}, not {acts:?}", gated.acts());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    card
}

#[tokio::test]
async fn killed_in_each_step_what_was_done_and_what_never_began_is_told_of_each() {
    let steps = ["one", "two", "three"];
    for (index, held) in steps.iter().enumerate() {
        let mut gated = three_steps().await;
        gated.bot.write(&format!("hold-{held}"), "");
        let begun = &steps[..=index];
        let card = approved_until(&gated, begun).await;
        gated.bot.kill();
        gated.bot.start();
        gated.bot.ready().await;
        let told = gated.until(&card, "🆘 중단됨").await.text();
        for number in 1..=3 {
            let says = match number - 1 {
                earlier if earlier < index => "서버에서 끝까지 실행됐습니다",
                same if same == index => "서버에서 아직 실행 중입니다",
                _ => "서버에서 시작된 적이 없습니다",
            };
            assert!(told.contains(&format!("{number}/3단계: {says}")), "killed in {held}: {told}");
        }
        // The step that ran comes to its end on the host, and nobody begins the next one.
        std::fs::remove_file(gated.bot.path(&format!("hold-{held}"))).unwrap();
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!(gated.acts(), begun);
        assert_eq!(gated.state().await.as_deref(), Some("interrupted"));
        assert_eq!(gated.audit_command(&["verify"]).1, 0);
        gated.bot.finish_killed().await;
    }
}

#[tokio::test]
async fn a_step_that_fails_is_the_last() {
    let gated = three_steps().await;
    gated.bot.write("broken-two", "");
    let card = approved_until(&gated, &["one", "two"]).await;
    gated.until(&card, "❌ 실패").await;
    assert_eq!(gated.acts(), ["one", "two"]);
    gated.bot.finish().await;
}
