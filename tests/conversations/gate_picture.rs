//! The picture to keep in mind: one line is red, the disk. Somebody taps it, sees which folder grew and since when, taps the
//! remedy, writes why; somebody else approves; the message turns green with before and after.

use std::os::unix::fs::PermissionsExt;

use signoff_sandbox::Message;

use crate::bot::is_report;
use crate::gated::{Gated, is_card};

const DAILY: &str = r#"
kind        = "checklist"
name_ko     = "일일체크"
title       = { ko = "일일 체크", en = "Daily check" }
description = { ko = "시험용 점검", en = "A check for tests" }

[[section]]
id    = "resources"
title = { ko = "리소스", en = "Resources" }

  [[section.check]]
  id     = "calm"
  title  = { ko = "잔잔함", en = "Calm" }
  probe  = { kind = "shell", command = "cat FOLDER/calm" }
  rules  = [{ measure = "number", fail = ">= 80" }]

  [[section.check]]
  id     = "disk"
  title  = { ko = "디스크", en = "Disk" }
  probe  = { kind = "disk", paths = ["/data"], folders = ["FOLDER/backups", "FOLDER/empty", "FOLDER/nowhere"] }
  rules  = [{ measure = "used", fail = ">= 80 %" }]
  remedy = [
    { ko = "로그를 봅니다.", en = "Read the log." },
    { ko = "7일이 지난 백업을 삭제합니다.", en = "Delete backups older than 7 days.", action = "delete-backups" },
    { ko = "redis를 재시작합니다.", en = "Restart redis.", action = "restart", with = { service = "redis" } },
    { ko = "하나를 골라 재시작합니다.", en = "Choose one and restart it.", action = "restart" },
  ]
"#;

const DELETE: &str = r#"
kind        = "action"
title       = { ko = "오래된 백업 삭제", en = "Delete old backups" }
description = { ko = "7일 넘은 백업을 삭제합니다", en = "Delete backups older than 7 days" }
risk        = "high"
interrupts  = { ko = "멈추는 것은 없습니다.", en = "Nothing is interrupted." }
ask         = ["operations"]
approve     = ["devops"]
proves      = { checklist = "daily", checks = ["disk"] }

[[step]]
kind            = "delete_backups"
backups         = { script = "FOLDER/backup.sh", folder = "FOLDER/backups", name = "postgres_%Y%m%d_%H%M%S.sql.gz" }
older_than_days = 7
"#;

/// The host's `df`: a disk of 30 MB that holds the backups.
const DF: &str = r#"#!/bin/sh
used=$(($(du -skx -- FOLDER/backups | cut -f1) * 1024)) size=30000000
echo '1B-blocks Used Avail Use% Inodes IUsed Type Filesystem Mounted on'
echo "$size $used $((size - used)) $((used * 100 / size))% 1000 10 ext4 /dev/box /data"
"#;

async fn gated() -> Gated {
    let gated = Gated::besides(&[("daily", DAILY), ("delete-backups", DELETE)]).await;
    let df = DF.replace("FOLDER", &gated.bot.folder.path().display().to_string());
    gated.bot.write("bin/df", df);
    std::fs::set_permissions(gated.bot.path("bin/df"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir(gated.bot.path("empty")).unwrap();
    for day in 1..=3 {
        gated.backup(&format!("2026100{day}"), 3 - day, 1);
    }
    gated
}

/// `/daily` of `who`, to its end.
async fn daily(gated: &Gated, who: &str) -> Message {
    gated.bot.seat(who).slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap()
}

/// What lies behind the disk in the report of `run`.
async fn behind_disk(gated: &Gated, who: &str, report: &Message, run: u32) -> Message {
    let seat = gated.bot.seat(who);
    let details = seat.click(report, "자세히").await.unwrap();
    let details = details.message().await.unwrap();
    seat.select(&details, &format!("check:{run}"), &["disk"]).await.unwrap().message().await.unwrap()
}

#[tokio::test]
async fn the_red_disk_is_tapped_explained_asked_for_approved_and_green() {
    let gated = gated().await;
    let calm = daily(&gated, "지민").await;
    assert!(calm.text().contains("✅ 정상 2"), "{}", calm.text());
    let first = behind_disk(&gated, "지민", &calm, 1).await;
    assert!(first.text().contains("비교할 이전 기록이 없습니다"), "{}", first.text());
    assert!(!first.buttons().iter().any(|button| button.starts_with('▶')), "what is well needs no remedy");

    for day in 1..=8 {
        gated.backup(&format!("2026090{day}"), 20, 3);
    }
    let red = daily(&gated, "지민").await;
    assert!(red.text().contains("❌ **디스크**"), "{}", red.text());
    let details = behind_disk(&gated, "지민", &red, 2).await;
    let text = details.text();
    assert!(details.is_ephemeral(), "{text}");
    // Which folder, by how much, since when; what did not grow, and what nobody can read.
    let folder = gated.bot.path("backups").display().to_string();
    let grew = text.lines().find(|line| line.contains("늘었습니다")).expect("a folder that grew");
    assert!(grew.contains("backups") && grew.contains("24.") && grew.contains("MB"), "{grew} of {folder}");
    assert!(text.contains("그대로입니다") && text.contains("확인하지 못했습니다"), "{text}");
    let remedies: Vec<_> = details.buttons().into_iter().filter(|button| button.starts_with('▶')).collect();
    assert_eq!(remedies, ["▶ 오래된 백업 삭제", "▶ 재시작 redis", "▶ 재시작"], "those that name an action");

    let jimin = gated.bot.seat("지민");
    let modal = jimin.click(&details, "▶ 오래된 백업 삭제").await.unwrap().modal().await.unwrap();
    let told = jimin.submit_modal(&modal, &[("사유", "디스크가 80 %를 넘었습니다")]).await.unwrap();
    told.wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
    let card = jimin.wait_for(is_card).await.unwrap();
    assert!(card.text().contains("디스크가 80 %를") && card.text().contains("postgres_20260901"), "{}", card.text());
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let green = gated.until(&card, "✅ 검증됨").await;
    let proof = green.text();
    let proof = proof.lines().find(|line| line.contains("디스크: ")).expect("before and after");
    assert!(proof.contains("❌ 이상 ") && proof.contains(" → ✅ 정상 ") && proof.matches('%').count() == 2, "{proof}");
    assert_eq!(green.embeds()[0].color, Some(0x3B_A5_5D));
    assert_eq!(gated.files("backups").len(), 3);
    let next = daily(&gated, "지민").await;
    assert!(next.text().contains("해결 1: 디스크"), "{}", next.text());
    gated.bot.finish().await;
}

#[tokio::test]
async fn a_remedy_is_the_same_gate_and_what_was_forged_of_it_is_nothing() {
    let gated = gated().await;
    let well = daily(&gated, "지민").await;
    for day in 1..=8 {
        gated.backup(&format!("2026090{day}"), 20, 3);
    }
    let red = daily(&gated, "지민").await;
    let details = behind_disk(&gated, "지민", &red, 2).await;

    // The act is proved by its own check, and the check whose remedy it is stands beside it.
    let jimin = gated.bot.seat("지민");
    let modal = jimin.click(&details, "▶ 재시작 redis").await.unwrap().modal().await.unwrap();
    let told = jimin.submit_modal(&modal, &[("사유", "느립니다")]).await.unwrap();
    told.wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
    let card = jimin.wait_for(is_card).await.unwrap();
    assert!(card.text().contains("재시작 redis"), "{}", card.text());
    assert!(gated.clicks("지민", &card, "승인").await.contains("자신의 요청은"));
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    let done = gated.until(&card, "✅ 검증됨").await.text();
    assert!(done.contains("잔잔함: ✅ 정상 12 → ✅ 정상 12") && done.contains("디스크: ❌ 이상"), "{done}");
    assert_eq!(gated.acts(), ["redis"]);

    // Who may not ask for it by its command may not by the button either; who sees no report sees no remedy.
    let of_alex = gated.bot.seat("Alex").forge_click(&details, "gate:remedy:2:1:1", |_| {}).await.unwrap();
    assert!(of_alex.message().await.unwrap().text().contains("may not"), "{}", gated.bot.log());
    // A check that is well, a remedy without an action, and what there is not.
    for forged in
        ["gate:remedy:1:1:1", "gate:remedy:2:0:0", "gate:remedy:2:1:0", "gate:remedy:2:1:9", "gate:remedy:2:9:1"]
    {
        let told = jimin.forge_click(&well, forged, |_| {}).await.unwrap().message().await.unwrap();
        assert!(told.text().contains("더 이상 사용할 수 없는"), "{forged}: {}", told.text());
    }
    let told = jimin.forge_click(&well, "gate:remedy:99:1:1", |_| {}).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral());

    // What a remedy leaves open is asked with the reason, and held against what there is.
    let open = async |service: &str| {
        let modal = jimin.click(&details, "▶ 재시작").await.unwrap().modal().await.unwrap();
        jimin.submit_modal(&modal, &[("서비스", service), ("사유", "느립니다")]).await.unwrap()
    };
    let told = open("nginx; reboot").await.message().await.unwrap();
    assert!(told.text().contains("nginx; reboot"), "{}", told.text());
    open("serverpod").await.wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
    let card = jimin.wait_for(|m| is_card(m) && m.text().contains("재시작 serverpod")).await.unwrap();
    gated.bot.seat("현우").click(&card, "승인").await.unwrap();
    gated.until(&card, "✅ 검증됨").await;
    assert_eq!(gated.acts(), ["redis", "serverpod"]);

    // The file says something else by now: what somebody would press is not what they read.
    gated.bot.write_command("daily", &DAILY.replace("7일이 지난", "3일이 지난"));
    let gated = gated.restarted().await;
    let dead = gated.bot.seat("지민").forge_click(&red, "gate:remedy:2:1:1", |_| {}).await.unwrap();
    assert!(dead.message().await.unwrap().text().contains("더 이상 사용할 수 없는"));
    gated.bot.finish().await;
}
