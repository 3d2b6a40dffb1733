//! The weekly and the monthly sign-off (rows T2 and T3), each in either language: its own texts, kept step by step, gone on
//! with after a restart and from another device, and written into the team's form.

use signoff_sandbox::{Message, Seat};

use crate::bot::{Bot, is_report};
use crate::signing::{answered, filled, opened, pressed, restart};

/// A checklist with the team's own form: one item, one number.
fn checklist(every: &str, name_ko: &str, ko: &str, en: &str) -> String {
    format!(
        r#"
kind        = "checklist"
name_ko     = "{name_ko}"
title       = {{ ko = "{ko}", en = "{en}" }}
description = {{ ko = "시험용 점검", en = "A check for tests" }}
signed      = "{every}"

[template]
title = {{ ko = "{ko}", en = "{en}" }}

  [[template.item]]
  title  = {{ ko = "백업 정상", en = "Backups are fine" }}
  checks = ["calm"]

[[section]]
id    = "first"
title = {{ ko = "첫째", en = "First" }}

  [[section.check]]
  id     = "calm"
  title  = {{ ko = "잔잔함", en = "Calm" }}
  probe  = {{ kind = "shell", command = "cat FOLDER/calm" }}
  show   = ["number"]
  rules  = [{{ measure = "number", warn = ">= 70", fail = ">= 80" }}]
"#
    )
}

/// A Wednesday, in week 48.
const WEDNESDAY: &str = "2026-11-25T10:30:00+09:00";

async fn bot() -> Bot {
    let weekly = checklist("week", "주간체크", "주간 체크", "Weekly check");
    let monthly = checklist("month", "월간체크", "월간 체크", "Monthly check");
    let daily = checklist("day", "일일체크", "일일 체크", "Daily check");
    let bot = Bot::prepare_at(WEDNESDAY, &[("daily", &daily), ("weekly", &weekly), ("monthly", &monthly)], "").await;
    bot.write("calm", "12\n");
    bot.discord.give_role("Alex", "devops").unwrap();
    bot.started().await
}

async fn report(seat: &Seat, command: &str) -> Message {
    seat.slash(command, &[]).await.unwrap().wait_for(is_report).await.unwrap()
}

/// What the terminal prints for an archive.
fn export(bot: &Bot, checklist: &str, period: &str) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["export", checklist, "--period", period, "--format", "markdown", "--config"])
        .arg(bot.path("bot.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_week_is_signed_with_its_findings_and_actions() {
    let mut bot = bot().await;
    let jimin = bot.seat("지민");
    let report = report(&jimin, "weekly").await;
    let walk = opened(&jimin, &report, "서명").await;
    assert!(walk.text().contains("2026년 48주차 (11/23 ~ 11/29)"), "{}", walk.text());
    assert!(walk.buttons().contains(&"✏️ 발견 이슈 · 조치 사항".to_owned()), "{:?}", walk.buttons());
    let modal = jimin.click(&walk, "✏️ 발견 이슈 · 조치 사항").await.unwrap().modal().await.unwrap();
    assert_eq!(modal.labels(), ["발견 이슈", "조치 사항"]);
    let sent = jimin.submit_modal(&modal, &[("발견 이슈", "백업이 하루 늦었습니다")]).await.unwrap();
    let walk = answered(&sent, &walk).await;
    assert!(walk.text().contains("백업이 하루 늦었습니다"), "{}", walk.text());

    // A restart in between, and the other half from a telephone.
    restart(&mut bot).await;
    let telephone = opened(&jimin, &report, "서명").await;
    assert!(telephone.text().contains("백업이 하루 늦었습니다"), "{}", telephone.text());
    let modal = jimin.click(&telephone, "✏️ 발견 이슈 · 조치 사항").await.unwrap().modal().await.unwrap();
    assert_eq!(modal.value("발견 이슈"), "백업이 하루 늦었습니다", "it is there to be gone on with");
    let both = [("발견 이슈", "백업이 하루 늦었습니다"), ("조치 사항", "cron 시각을 옮겼습니다")];
    let sent = jimin.submit_modal(&modal, &both).await.unwrap();
    let telephone = answered(&sent, &telephone).await;
    let done = pressed(&jimin, &telephone, "서명하기").await;
    for part in ["**서명했습니다.**", "발견 이슈", "백업이 하루 늦었습니다", "조치 사항", "cron 시각을 옮겼습니다"]
    {
        assert!(done.text().contains(part), "{part} is missing in:\n{}", done.text());
    }
    let form = export(&bot, "weekly", "2026-W48");
    for part in [
        "11/23 ~ 11/29",
        "담당자: 지민",
        "[x] 백업 정상",
        "발견 이슈:",
        "백업이 하루 늦었습니다",
        "조치 사항:",
        "cron 시각을 옮겼습니다",
    ] {
        assert!(form.contains(part), "{part} is missing in:\n{form}");
    }
    // The week is signed, whichever day of it somebody looks on; the next one is not.
    bot.it_is("2026-11-29T23:50:00+09:00");
    let sunday = self::report(&jimin, "weekly").await;
    assert!(sunday.text().contains("#1 점검으로 서명됨: 지민"), "{}", sunday.text());
    bot.it_is("2026-11-30T00:10:00+09:00");
    let monday = self::report(&jimin, "weekly").await;
    assert!(monday.text().contains("서명 전"), "{}", monday.text());
    let walk = opened(&jimin, &monday, "서명").await;
    assert!(!walk.text().contains("백업이 하루 늦었습니다"), "another week begins empty:\n{}", walk.text());
    bot.finish().await;
}

#[tokio::test]
async fn a_month_is_signed_in_english_with_improvements_and_the_plan_for_the_next() {
    let mut bot = bot().await;
    bot.write("calm", "75\n");
    let alex = bot.seat("Alex");
    let report = report(&alex, "monthly").await;
    let walk = opened(&alex, &report, "서명").await;
    let button = "✏️ Improvements · Plan for next month";
    assert!(walk.buttons().contains(&button.to_owned()), "{:?}", walk.buttons());
    let walk = filled(&alex, &walk, "Leave a note", &[("Note on this check", "a new disk is ordered")]).await;
    restart(&mut bot).await;
    let modal = alex.click(&walk, button).await.unwrap().modal().await.unwrap();
    assert_eq!(modal.labels(), ["Improvements", "Plan for next month"]);
    let texts = [("Improvements", "backups are verified daily"), ("Plan for next month", "larger disk\nnew drill")];
    let sent = alex.submit_modal(&modal, &texts).await.unwrap();
    let walk = answered(&sent, &walk).await;
    for part in ["a new disk is ordered", "backups are verified daily", "new drill"] {
        assert!(walk.text().contains(part), "{part} is missing in:\n{}", walk.text());
    }
    // One that is emptied is none any more; what was said in it was Alex's alone.
    let hyunwoo = opened(&bot.seat("현우"), &report, "서명").await;
    assert!(!hyunwoo.text().contains("new drill"), "{}", hyunwoo.text());
    let walk = filled(&alex, &walk, button, &[("Improvements", " "), ("Plan for next month", "larger disk")]).await;
    assert!(!walk.text().contains("verified daily"), "{}", walk.text());
    let done = pressed(&alex, &walk, "Sign off").await;
    for part in ["Signed off.", "Plan for next month", "larger disk"] {
        assert!(done.text().contains(part), "{part} is missing in:\n{}", done.text());
    }
    // The form is the team's, in the team's language.
    let form = export(&bot, "monthly", "2026-11");
    for part in
        ["담당자: Alex", "[ ] 백업 정상", "“a new disk is ordered”", "개선 사항:", "다음 달 계획:", "larger disk"]
    {
        assert!(form.contains(part), "{part} is missing in:\n{form}");
    }
    bot.finish().await;
}

#[tokio::test]
async fn the_same_two_in_the_other_language() {
    let bot = bot().await;
    let (jimin, alex) = (bot.seat("지민"), bot.seat("Alex"));
    let weekly = report(&alex, "weekly").await;
    let walk = opened(&alex, &weekly, "서명").await;
    let modal = alex.click(&walk, "✏️ Findings · Actions").await.unwrap().modal().await.unwrap();
    assert_eq!(modal.labels(), ["Findings", "Actions"]);
    let sent = alex.submit_modal(&modal, &[("Findings", "none"), ("Actions", "none needed")]).await.unwrap();
    let walk = answered(&sent, &walk).await;
    assert!(pressed(&alex, &walk, "Sign off").await.text().contains("none needed"));

    let monthly = report(&jimin, "monthly").await;
    let walk = opened(&jimin, &monthly, "서명").await;
    assert!(walk.text().contains("2026년 11월"), "{}", walk.text());
    let texts = [("개선 사항", "백업을 매일 확인합니다"), ("다음 달 계획", "디스크를 늘립니다")];
    let walk = filled(&jimin, &walk, "✏️ 개선 사항 · 다음 달 계획", &texts).await;
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("디스크를 늘립니다"), "{}", done.text());
    let form = export(&bot, "monthly", "2026-11");
    assert!(form.contains("월: 2026년 11월") && form.contains("백업을 매일 확인합니다"), "{form}");
    bot.finish().await;
}
