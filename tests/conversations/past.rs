//! Looking back: `/trend`.

use crate::bot::{Bot, is_report};

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
    let week = bot.seat("지민").click(&trend, "7일").await.unwrap().message().await.unwrap();
    assert_eq!(week.id(), trend.id(), "the message is changed, and no further one posted");
    assert!(week.text().contains("최근 7일 · 3회 측정"), "{}", week.text());
    assert_eq!((week.files().len(), week.buttons()), (1, vec!["30일".to_owned(), "90일".to_owned()]));
    let refused = bot.seat("손님").click(&week, "90일").await.unwrap().message().await.unwrap();
    assert!(refused.is_ephemeral() && refused.text().contains("권한이 없습니다"), "{}", refused.text());
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
    assert!(refused.text().contains("/daily 명령을 실행할 권한이 없습니다"), "{}", refused.text());
    bot.finish().await;
}
