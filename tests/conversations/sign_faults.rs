//! Signing at its worst: messages that are gone, tokens that ended, restarts, a kill between writing and telling, and a
//! database that is busy, full, or may not be written. Nothing is lost, and nothing is half-written.

use std::time::Duration;

use signoff_sandbox::Fault;

use crate::signing::{answered, bot, filled, opened, pressed, report, restart, says, sign, sql};

#[tokio::test]
async fn a_form_that_is_sent_after_its_message_was_deleted_is_kept_all_the_same() {
    let bot = bot().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let modal = jimin.click(&walk, "메모 남기기").await.unwrap().modal().await.unwrap();
    bot.discord.delete_message(&walk).unwrap();
    let sent = jimin.submit_modal(&modal, &[("text", "지켜봅니다")]).await.unwrap();
    sent.first_answer().await.unwrap();
    // It is there wherever it is opened again.
    let walk = opened(&jimin, &report, "서명").await;
    assert!(walk.text().contains("📝 지켜봅니다"), "{}", walk.text());
    // The report itself is deleted while somebody signs: what they sign is the result, not the message.
    bot.discord.delete_message(&report).unwrap();
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("서명했습니다"), "{}", done.text());
    bot.finish_with(&["a message still says that its run goes on"]).await;
}

#[tokio::test]
async fn a_form_that_is_sent_after_a_restart_or_after_the_token_ended_goes_on() {
    let mut bot = bot().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let modal = jimin.click(&walk, "메모 남기기").await.unwrap().modal().await.unwrap();
    restart(&mut bot).await;
    // Tokens of an interaction live for fifteen minutes.
    bot.discord.clock().advance(Duration::from_secs(20 * 60));
    let sent = jimin.submit_modal(&modal, &[("text", "지켜봅니다")]).await.unwrap();
    let walk = answered(&sent, &walk).await;
    assert!(walk.text().contains("📝 지켜봅니다"), "{}", walk.text());

    // Taken up from another device: the same draft, in another message.
    let other = opened(&jimin, &report, "서명").await;
    assert!(other.text().contains("📝 지켜봅니다"), "{}", other.text());
    let other = filled(&jimin, &other, "✏️ 메모", &[("메모", "전화기에서")]).await;
    let done = pressed(&jimin, &other, "서명하기").await;
    assert!(done.text().contains("전화기에서"), "{}", done.text());
    // The first device is behind, and is told.
    let behind = pressed(&jimin, &walk, "서명하기").await;
    assert!(behind.text().contains("이미 서명했습니다"), "{}", behind.text());
    bot.finish().await;
}

#[tokio::test]
async fn killed_between_the_signature_and_the_report_it_says_so_when_it_is_back() {
    let mut bot = bot().await;
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    bot.discord.faults().always("PATCH /channels/*/messages/*", Fault::Status(500));
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("서명했습니다"), "{}", done.text());
    assert!(report.reload().text().contains("서명 전"), "{}", report.reload().text());
    bot.kill();
    bot.discord.faults().clear();
    bot.start();
    says(&bot, &report, "서명: 지민").await;
    bot.finish().await;
}

#[tokio::test]
async fn killed_before_the_answer_it_is_signed_or_not_and_nothing_in_between() {
    let mut bot = bot().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let modal = jimin.click(&walk, "메모 남기기").await.unwrap().modal().await.unwrap();
    let mut moments = [0_u64, 3, 7, 12, 20, 35].into_iter();
    loop {
        let sent = jimin.submit_modal(&modal, &[("text", "지켜봅니다")]).await.unwrap();
        let Some(moment) = moments.next() else {
            sent.first_answer().await.unwrap();
            break;
        };
        tokio::time::sleep(Duration::from_millis(moment)).await;
        sent.expect_no_answer();
        restart(&mut bot).await;
    }
    let walk = opened(&jimin, &report, "서명").await;
    assert!(walk.text().contains("📝 지켜봅니다"), "{}", walk.text());
    for moment in [0_u64, 4, 9, 15, 25] {
        let sent = jimin.forge_click(&report, "sign:sign:1", |_| {}).await.unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        sent.expect_no_answer();
        restart(&mut bot).await;
    }
    let last = jimin.forge_click(&report, "sign:sign:1", |_| {}).await.unwrap();
    last.first_answer().await.unwrap();
    says(&bot, &report, "서명: 지민").await;
    assert!(report.reload().text().contains("일일 체크 · 여기"), "what all see is not replaced by what one signs");
    let seen = opened(&jimin, &report, "서명 보기").await;
    assert!(seen.text().contains("📝 지켜봅니다"), "{}", seen.text());
    bot.finish().await;
}

#[tokio::test]
async fn while_somebody_else_holds_the_database_it_says_so_and_nothing_is_kept() {
    use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    let bot = bot().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let mut db = SqliteConnectOptions::new().filename(bot.path("signoff.db")).connect().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut db).await.unwrap();
    let modal = jimin.click(&walk, "메모 남기기").await.unwrap().modal().await.unwrap();
    let told = jimin.submit_modal(&modal, &[("text", "지켜봅니다")]).await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("데이터베이스가 바빠"), "{}", told.text());
    sqlx::raw_sql("ROLLBACK").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let walk = opened(&jimin, &report, "서명").await;
    assert!(!walk.text().contains("지켜봅니다"), "what was said not to be kept is not:\n{}", walk.text());
    let walk = filled(&jimin, &walk, "메모 남기기", &[("text", "지켜봅니다")]).await;
    pressed(&jimin, &walk, "서명하기").await;
    says(&bot, &report, "서명: 지민").await;
    bot.finish().await;
}

#[tokio::test]
async fn what_the_database_does_not_take_is_told_and_not_half_kept() {
    let bot = bot().await;
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    // A trigger stands for a file that cannot be written in the midst of a change: the last of its rows is refused.
    sql(&bot, "CREATE TRIGGER broken BEFORE UPDATE ON run_place BEGIN SELECT raise(ABORT, 'broken'); END;").await;
    let told = jimin.click(&walk, "서명하기").await.unwrap().message().await.unwrap();
    assert!(told.is_ephemeral() && told.text().contains("데이터베이스 오류"), "{}", told.text());
    sql(&bot, "DROP TRIGGER broken;").await;
    assert!(report.reload().text().contains("서명 전"), "{}", report.reload().text());
    sign(&bot, &jimin, &report, "지민").await;
    bot.finish().await;
}
