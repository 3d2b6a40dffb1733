//! Looking back: `/trend`, `/history`, `/report` and `signoff export`; and `/help`.

use crate::bot::{Bot, SMALL, is_report};
use crate::signing::sql;

/// Runs `/daily` once for each of these values.
async fn daily(bot: &Bot, values: &[&str]) {
    for value in values {
        bot.write("calm", value);
        bot.seat("지민").slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    }
}

#[tokio::test]
async fn a_trend_is_a_picture_with_its_numbers_in_words() {
    let bot = Bot::small().await;
    daily(&bot, &["12", "40", "75"]).await;
    let asked = bot.seat("지민").slash("trend", &[("check", "daily/calm/number")]).await.unwrap();
    let trend = asked.message().await.unwrap();
    let text = trend.text();
    for part in [
        "잔잔함 · 값 · 여기",
        "최근 30일 · 3회 측정",
        "지금 **75**",
        "최소 12 · 평균 42.33 · 최대 75",
        "⚠️ 주의",
        "기준(< 70) 밖입니다",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(trend.pings().is_nobody() && !trend.is_ephemeral());
    let files = trend.files();
    assert_eq!(files.len(), 1);
    assert!(files[0].bytes.starts_with(b"\x89PNG\r\n"), "{} is no picture", files[0].name);
    let json = trend.json();
    assert!(json["embeds"][0]["image"]["url"].as_str().is_some_and(|url| url.contains(&files[0].name)), "{json}");
    let alt = json["attachments"][0]["description"].as_str().unwrap_or_default();
    assert!(alt.contains("지금 75, 최소 12, 평균 42.33, 최대 75"), "who cannot see it hears: {alt}");

    // The span that is shown can be read, the others pressed: by whoever may run the checklist.
    assert_eq!(trend.buttons(), ["7일", "90일"]);
    let pressed = bot.seat("지민").click(&trend, "7일").await.unwrap();
    let week = pressed.wait_for(|message| message.text().contains("최근 7일 · 3회 측정")).await.unwrap();
    assert_eq!(week.id(), trend.id(), "the message is changed, and no further one posted");
    assert_eq!((week.files().len(), week.buttons()), (1, vec!["30일".to_owned(), "90일".to_owned()]));
    let refused = bot.seat("손님").click(&week, "90일").await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral() && refused.text().contains("권한이 없습니다"), "{}", refused.text());
    bot.finish().await;
}

/// A checklist that looks at memory, which is sampled between the runs as well.
const MEMORY: &str = r#"
kind        = "checklist"
title       = { ko = "일일 체크", en = "Daily check" }
description = { ko = "시험용 점검", en = "A check for tests" }

[[section]]
id    = "all"
title = { ko = "전체", en = "All" }

  [[section.check]]
  id     = "memory"
  title  = { ko = "메모리", en = "Memory" }
  probe  = { kind = "memory" }
  rules  = [{ measure = "used", fail = ">= 85 %" }]
"#;

#[tokio::test]
async fn what_is_sampled_is_drawn_from_its_samples_with_gaps_as_gaps() {
    let bot = Bot::prepare_at("2026-11-27T03:00:00Z", &[("daily", MEMORY)], "").await.started().await;
    // Nobody has run it yet. A minute a sample for ten days, but for five hours on the 25th.
    sql(
        &bot,
        "INSERT INTO vital (id, host, name, subject) VALUES (1, 'here', 'memory', '');
         WITH RECURSIVE minute (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM minute WHERE n < 14399)
         INSERT INTO sample SELECT 1, unixepoch('2026-11-17 03:01:00') * 1000 + n * 60000, 40 + n % 10 + (n = 14399) * 11
         FROM minute WHERE n NOT BETWEEN 11519 AND 11818;
         INSERT INTO sample_hour SELECT 1, at / 3600000 * 3600000, count(*), sum(value), min(value), max(value)
         FROM sample GROUP BY at / 3600000;",
    )
    .await;
    let seat = bot.seat("지민");
    let ask = async |days: &str| {
        let asked = seat.slash("trend", &[("check", "daily/memory/used"), ("days", days)]).await.unwrap();
        asked.message().await.unwrap()
    };
    let week = ask("7").await;
    for part in [
        "최근 7일 · 표본 9781개 (선은 10분 평균",
        "지금 **60.0 %**",
        "최소 40.0 % · 평균 44.5 % · 최대 60.0 %",
        "기준(< 85 %) 안입니다",
        "측정하지 않은 구간 1개",
    ] {
        assert!(week.text().contains(part), "{part} is missing in:\n{}", week.text());
    }
    assert_eq!(week.files().len(), 1);
    let month = ask("30").await;
    // Twenty days before anybody watched, and the five hours.
    for part in ["최근 30일 · 표본 14100개 (선은 1시간 평균", "측정하지 않은 구간 2개"] {
        assert!(month.text().contains(part), "{part} is missing in:\n{}", month.text());
    }
    bot.finish().await;
}

#[tokio::test]
async fn whoever_types_is_offered_what_they_may_look_at() {
    let bot = Bot::small().await;
    let offered = bot.seat("지민").autocomplete("trend", &[("check", "잔잔")]).await.unwrap();
    let offered: Vec<_> = offered.iter().map(|choice| (choice.name.as_str(), choice.value.as_str().unwrap())).collect();
    assert_eq!(offered[0], ("잔잔함 · 값 (일일 체크)", "daily/calm/number"));
    assert!(offered.iter().all(|(name, _)| name.contains("잔잔함")), "{offered:?}");
    assert!(bot.seat("손님").autocomplete("trend", &[("check", "")]).await.unwrap().is_empty());

    let seat = bot.seat("지민");
    let ask = async |what: &str| seat.slash("trend", &[("check", what)]).await.unwrap().message().await.unwrap();
    let nothing = ask("calm").await;
    assert!(
        nothing.is_ephemeral() && nothing.text().contains("측정한 값이 없습니다: 잔잔함 · 값"),
        "{}",
        nothing.text()
    );
    let unknown = ask("clam").await;
    assert!(unknown.is_ephemeral() && unknown.text().contains("혹시 calm?"), "{}", unknown.text());
    let refused = bot.seat("손님").slash("trend", &[("check", "calm")]).await.unwrap().message().await.unwrap();
    assert!(refused.text().contains("/일일체크 명령을 실행할 권한이 없습니다"), "{}", refused.text());
    bot.finish().await;
}

/// The small checklist, signed once a day, with a form of its own.
fn signed() -> String {
    let form = "[template]\ntitle = { ko = \"일일 체크\", en = \"Daily\" }\n\
                [[template.item]]\ntitle = { ko = \"모두 잔잔함\", en = \"All calm\" }\nchecks = [\"calm\", \"patience\"]\n\n\
                [[section]]\nid    = \"first\"";
    SMALL.replacen("description", "signed = \"day\"\ndescription", 1).replacen(
        "[[section]]\nid    = \"first\"",
        form,
        1,
    )
}

#[tokio::test]
async fn a_month_at_a_glance_says_in_words_what_its_marks_say() {
    let bot = Bot::prepare_at("2026-11-27T03:00:00Z", &[("daily", &signed())], "").await.started().await;
    let seat = bot.seat("지민");
    let ask = async |options: &[(&str, &str)]| seat.slash("history", options).await.unwrap().message().await.unwrap();
    let nothing = ask(&[("checklist", "daily")]).await;
    assert!(nothing.text().contains("이 달에는 기록이 없습니다"), "{}", nothing.text());

    daily(&bot, &["75"]).await;
    let month = ask(&[("checklist", "daily")]).await;
    let text = month.text();
    for part in ["일일 체크 · 여기 ·", "서명 전 1", "📝 서명 전", "정상이 아니었던 날", "주의"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert_eq!(month.buttons().len(), 1, "there is a month before this one, and none after it");
    let before = seat.click(&month, &month.buttons()[0]).await.unwrap().message().await.unwrap();
    assert_eq!(before.id(), month.id(), "the message is changed");
    assert!(before.text().contains("이 달에는 기록이 없습니다"), "{}", before.text());
    assert_eq!(before.buttons().len(), 2);

    let wrong = ask(&[("checklist", "daily"), ("period", "지난달")]).await;
    assert!(wrong.is_ephemeral() && wrong.text().contains("2026-11, 2026-W48"), "{}", wrong.text());
    let refused = bot.seat("손님").slash("history", &[("checklist", "daily")]).await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral() && refused.text().contains("권한이 없습니다"), "{}", refused.text());
    bot.finish().await;
}

#[tokio::test]
async fn the_report_of_a_month_is_the_teams_form_and_the_terminal_prints_the_same() {
    let bot = Bot::prepare_at("2026-11-27T03:00:00Z", &[("daily", &signed())], "").await.started().await;
    daily(&bot, &["12", "75"]).await;
    let report = bot.seat("지민").slash("report", &[]).await.unwrap().message().await.unwrap();
    assert!(report.text().contains("서명 전 1"), "{}", report.text());
    let file = &report.files()[0];
    assert!(file.name.starts_with("report-20") && file.name.ends_with(".md"), "{}", file.name);
    let form = file.text();
    for part in ["[ ] 모두 잔잔함\n    - 잔잔함: 주의, 값 75 (기준 < 70)", "담당자: (서명 전)", "메모:"]
    {
        assert!(form.contains(part), "{part} is missing in:\n{form}");
    }
    let export = |format: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["export", "daily", "--format", format, "--config"])
            .arg(bot.path("bot.toml"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(export("markdown").trim_end(), form.trim_end());
    let json: serde_json::Value = serde_json::from_str(&export("json")).unwrap();
    assert_eq!(json[0]["forms"][0]["state"], "open");
    assert!(export("csv").contains("item,모두 잔잔함,no,\"잔잔함: 주의, 값 75 (기준 < 70)\""), "{}", export("csv"));

    let refused = bot.seat("손님").slash("report", &[]).await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral() && refused.text().contains("권한이 없습니다"), "{}", refused.text());
    bot.finish().await;
}

#[tokio::test]
async fn a_report_says_which_checklists_are_left_out_for_want_of_a_role() {
    let bot = Bot::prepare(&[("daily", &signed())]).await;
    bot.write_command("weekly", &signed().replace("일일 체크", "주간 체크").replace("일일체크", "주간체크"));
    let config = std::fs::read_to_string(bot.path("bot.toml")).unwrap();
    bot.write("bot.toml", format!("{config}\n[may_run]\nweekly = [\"devops\"]\n"));
    let bot = bot.started().await;
    daily(&bot, &["12"]).await;
    let report = async |who: &str| bot.seat(who).slash("report", &[]).await.unwrap().message().await.unwrap();
    let says = "실행 권한이 없어 빠진 체크리스트: 주간 체크";
    let left_out = report("지민").await;
    assert!(left_out.text().contains(says), "{}", left_out.text());
    assert!(left_out.files()[0].text().contains(says), "the file is read without the message");
    bot.discord.give_role("지민", "devops").unwrap();
    let whole = report("지민").await;
    assert!(!whole.text().contains("빠진"), "{}", whole.text());
    bot.finish().await;
}

#[tokio::test]
async fn help_lists_what_there_is_by_what_one_wants() {
    let bot = Bot::small().await;
    let help = bot.seat("지민").slash("help", &[]).await.unwrap().message().await.unwrap();
    assert!(help.is_ephemeral());
    let text = help.text();
    for part in ["서버 상태를 보고 싶을 때", "/일일체크", "지난 일을 돌아볼 때", "/추세", "/기록", "/보고서"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let english = bot.seat("Alex").slash("help", &[]).await.unwrap().message().await.unwrap();
    assert!(english.text().contains("To look back") && english.text().contains("/trend"), "{}", english.text());
    assert!(!english.text().contains("/daily"), "Alex may not run it:\n{}", english.text());
    bot.finish().await;
}
