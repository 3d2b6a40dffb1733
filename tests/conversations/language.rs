//! `/language`: each is answered in the language that they chose, whatever their Discord speaks; what everybody sees stays in
//! the team's.

use crate::bot::{Bot, is_report};

#[tokio::test]
async fn answers_for_one_are_in_the_language_they_chose_and_posts_in_the_teams() {
    let mut bot = Bot::small().await;
    let jimin = bot.seat("지민");
    let help = jimin.slash("help", &[]).await.unwrap().message().await.unwrap();
    assert!(help.text().contains("무엇을 할 수 있습니까"), "Discord in Korean: {}", help.text());

    let told = jimin.slash("language", &[("language", "en")]).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("in English from now on"), "{}", told.text());
    let help = jimin.slash("help", &[]).await.unwrap().message().await.unwrap();
    assert!(!help.text().contains("무엇을"), "{}", help.text());
    let report = jimin.slash("daily", &[]).await.unwrap().wait_for(is_report).await.unwrap();
    assert!(report.text().contains("정상 2"), "a post stays in the team's language: {}", report.text());
    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(details.text().contains("All is well"), "{}", details.text());
    // Somebody else is not meant by it.
    let others = bot.seat("현우").click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(others.text().contains("모두 정상입니다"), "{}", others.text());

    // It is kept, and can be taken back.
    assert_eq!(bot.stop().await, 0);
    bot.start();
    bot.ready().await;
    let jimin = bot.seat("지민");
    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(details.text().contains("All is well"), "{}", details.text());
    let told = jimin.slash("language", &[("language", "discord")]).await.unwrap().message().await.unwrap();
    assert!(told.text().contains("Discord에서 고른 언어로"), "{}", told.text());
    let details = jimin.click(&report, "자세히").await.unwrap().message().await.unwrap();
    assert!(details.text().contains("모두 정상입니다"), "{}", details.text());
    bot.finish().await;
}

#[tokio::test]
async fn each_language_is_offered_in_its_own_words() {
    let bot = Bot::small().await;
    let language = bot.discord.wait_for_command("language").await.unwrap();
    let choices: Vec<_> = language.json["options"][0]["choices"].as_array().unwrap().iter().collect();
    let names: Vec<_> = choices.iter().map(|choice| choice["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["한국어", "English", "as my Discord"]);
    assert_eq!(choices[2]["name_localizations"]["ko"], "Discord 언어를 따름");
    // What was forged is as good as no choice.
    let told = bot.seat("지민").slash("language", &[("language", "en")]).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral());
    bot.finish().await;
}
