//! Signing: two taps where all is well, a walk where it is not; withdrawn with a reason, opened again by a worse run.

use crate::signing::{CHANNEL, bot, bot_that_asks, filled, opened, pressed, report, says, sign, with_config};

#[tokio::test]
async fn where_all_is_well_it_is_two_taps() {
    let bot = bot().await;
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    assert_eq!(report.buttons(), ["자세히", "다시 점검", "서명"]);
    assert!(report.text().contains("서명 전"), "{}", report.text());
    let walk = opened(&jimin, &report, "서명").await;
    assert!(walk.text().contains("모두 정상입니다"), "{}", walk.text());
    let done = pressed(&jimin, &walk, "서명하기").await;
    for part in ["서명했습니다", "서명: 지민", "결과 해시"] {
        assert!(done.text().contains(part), "{part} is missing in:\n{}", done.text());
    }
    let shown = says(&bot, &report, "서명: 지민").await;
    assert_eq!(shown.buttons(), ["자세히", "다시 점검", "서명 보기"]);
    assert!(shown.pings().is_nobody());
    bot.finish().await;
}

#[tokio::test]
async fn the_walk_asks_for_each_thing_and_signs_nothing_before() {
    let bot = bot_that_asks().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    assert!(
        walk.text().contains("**잔잔함**") && walk.text().contains("이슈, 유예, 메모 중 하나가 필요합니다"),
        "{}",
        walk.text()
    );
    assert_eq!(walk.buttons(), ["이슈로 등록", "유예", "메모 남기기", "✏️ 메모"]);
    // A forged press of what is not there signs nothing either.
    let early = jimin.forge_click(&walk, "sign:sign:1", |_| {}).await.unwrap();
    let walk = crate::signing::answered(&early, &walk).await;
    assert!(walk.text().contains("아직 2개 항목이 남아 있어"), "{}", walk.text());

    let walk = filled(&jimin, &walk, "메모 남기기", &[("text", "배포 중이라 지켜봅니다")]).await;
    assert!(walk.text().contains("📝 배포 중이라 지켜봅니다"), "{}", walk.text());
    // The next open thing is asked by itself: what only a person can see.
    assert_eq!(walk.buttons(), ["예", "아니요", "해당 없음", "✏️ 메모"]);
    let walk = pressed(&jimin, &walk, "아니요").await;
    assert!(!walk.buttons().contains(&"서명하기".to_owned()), "what is not so needs a word: {:?}", walk.buttons());
    let walk = pressed(&jimin, &walk, "예").await;
    assert!(walk.buttons().contains(&"서명하기".to_owned()), "{:?}", walk.buttons());
    let walk = filled(&jimin, &walk, "✏️ 메모", &[("메모", "오전 배포, password=hunter2 확인")]).await;
    let done = pressed(&jimin, &walk, "서명하기").await;
    for part in ["서명했습니다", "📝 배포 중이라 지켜봅니다", "직접 본 것", "예", "오전 배포"]
    {
        assert!(done.text().contains(part), "{part} is missing in:\n{}", done.text());
    }
    assert!(!done.text().contains("hunter2"), "a secret is no memo:\n{}", done.text());

    // Alex reads what was signed in English.
    says(&bot, &report, "서명: 지민").await;
    let seen = opened(&bot.seat("Alex"), &report, "서명 보기").await;
    for part in ["Sign off", "signed by 지민", "Calm", "Seen", "Yes", "Memo"] {
        assert!(seen.text().contains(part), "{part} is missing in:\n{}", seen.text());
    }
    bot.finish().await;
}

#[tokio::test]
async fn the_walk_in_english() {
    let bot = bot_that_asks().await;
    bot.write("calm", "75\n");
    let alex = bot.seat("Alex");
    let report = report(&alex).await;
    let walk = opened(&alex, &report, "서명").await;
    assert!(walk.text().contains("needs a finding, a waiver or a note"), "{}", walk.text());
    assert_eq!(walk.buttons(), ["File a finding", "Waive", "Leave a note", "✏️ Memo"]);
    let walk = filled(&alex, &walk, "Leave a note", &[("Note on this check", "deploying")]).await;
    let walk = pressed(&alex, &walk, "Not applicable").await;
    let done = pressed(&alex, &walk, "Sign off").await;
    assert!(done.text().contains("Signed off."), "{}", done.text());
    says(&bot, &report, "서명: Alex").await;
    bot.finish().await;
}

#[tokio::test]
async fn nobody_signs_who_may_not() {
    let bot = with_config("[may_sign]\ndaily = [\"assignee\", \"devops\"]").await;
    let report = report(&bot.seat("지민")).await;
    for (who, hint) in [("손님", "권한이 없습니다"), ("지민", "서명할 수 있는 사람: devops")] {
        let told = opened(&bot.seat(who), &report, "서명").await;
        assert!(told.text().contains("서명할 권한이 없습니다") && told.text().contains(hint), "{}", told.text());
    }
    // Nor by a press that was never offered, nor in another's message.
    for forged in ["sign:sign:1", "sign:note:1:calm", "sign:yes:1:calm", "sign:open:1"] {
        let told = bot.seat("지민").forge_click(&report, forged, |_| {}).await.unwrap().message().await.unwrap();
        assert!(told.is_ephemeral() && told.text().contains("서명할 권한이 없습니다"), "{forged}: {}", told.text());
    }
    bot.until_refused("손님", &["sign"]).await;
    bot.until_refused("지민", &["sign"; 5]).await;
    sign(&bot, &bot.seat("현우"), &report, "현우").await;
    bot.finish().await;
}

#[tokio::test]
async fn whoever_is_on_duty_may_sign_and_the_others_hear_who_that_is() {
    let rota = "[may_sign]\ndaily = [\"assignee\"]\n[people.jimin]\nid = \"1000000000000000201\"\nname = \"지민\"\n\
                [rota.daily]\norder = [\"jimin\"]\nturn = \"day\"";
    let bot = with_config(rota).await;
    let report = report(&bot.seat("현우")).await;
    let told = opened(&bot.seat("현우"), &report, "서명").await;
    assert!(told.text().contains("서명할 수 있는 사람: @지민"), "{}", told.text());
    sign(&bot, &bot.seat("지민"), &report, "지민").await;
    bot.finish().await;
}

#[tokio::test]
async fn of_two_who_sign_at_once_one_does_and_the_other_hears_who() {
    let bot = bot().await;
    let (jimin, hyunwoo) = (bot.seat("지민"), bot.seat("현우"));
    let report = report(&jimin).await;
    let (one, other) = (opened(&jimin, &report, "서명").await, opened(&hyunwoo, &report, "서명").await);
    let (one, other) = tokio::join!(pressed(&jimin, &one, "서명하기"), pressed(&hyunwoo, &other, "서명하기"));
    let (one, other) = (one.text(), other.text());
    let first =
        if one.contains("**서명했습니다.**") { ("지민", &one, &other) } else { ("현우", &other, &one) };
    let (name, done, told) = first;
    assert!(done.contains(&format!("서명: {name}")), "{done}");
    assert!(told.contains(&format!("{name} 님이")) && told.contains("이미 서명했습니다"), "{told}");
    assert!(!told.contains("**서명했습니다.**"), "{told}");
    says(&bot, &report, &format!("서명: {name}")).await;
    bot.finish().await;
}

#[tokio::test]
async fn a_worse_run_opens_it_again_and_both_messages_say_so() {
    let bot = bot().await;
    let jimin = bot.seat("지민");
    let first = report(&jimin).await;
    sign(&bot, &jimin, &first, "지민").await;
    // Just as good: it stays signed, and the new message says by which.
    let same = report(&jimin).await;
    assert!(same.text().contains("#1 점검으로 서명됨: 지민"), "{}", same.text());
    bot.write("calm", "90\n");
    let worse = report(&jimin).await;
    assert!(worse.text().contains("#3 점검 결과가 나빠져 서명이 다시 열렸습니다: 잔잔함"), "{}", worse.text());
    assert!(worse.buttons().contains(&"서명".to_owned()), "{:?}", worse.buttons());
    // The one that says "signed" is told within a minute at the latest.
    let fits = |found: &signoff_sandbox::Message| found.id() == first.id() && found.text().contains("다시 열렸습니다");
    let patient = std::time::Duration::from_secs(75);
    bot.seat("지민").patient(patient).wait_for(fits).await.unwrap();
    // An older message leads to the newest result.
    let walk = opened(&jimin, &first, "서명").await;
    assert!(walk.text().contains("다시 점검한 결과(#3)"), "{}", walk.text());
    bot.finish().await;
}

#[tokio::test]
async fn a_sign_off_is_withdrawn_with_a_reason_and_signed_again() {
    let bot = bot().await;
    let (jimin, hyunwoo) = (bot.seat("지민"), bot.seat("현우"));
    let report = report(&jimin).await;
    sign(&bot, &jimin, &report, "지민").await;
    let refused = opened(&bot.seat("손님"), &report, "서명 보기").await;
    assert!(refused.text().contains("권한이 없습니다"), "{}", refused.text());
    let shown = opened(&hyunwoo, &report, "서명 보기").await;
    let modal = hyunwoo.click(&shown, "서명 철회").await.unwrap().modal().await.unwrap();
    assert_eq!(modal.labels(), ["철회 사유"]);
    let sent = hyunwoo.submit_modal(&modal, &[("철회 사유", "로그를 잘못 봤습니다")]).await.unwrap();
    let taken = crate::signing::answered(&sent, &shown).await;
    assert!(
        taken.text().contains("서명 철회: 현우") && taken.text().contains("로그를 잘못 봤습니다"),
        "{}",
        taken.text()
    );
    let shown = says(&bot, &report, "서명 철회: 현우").await;
    assert!(shown.buttons().contains(&"서명".to_owned()), "{:?}", shown.buttons());
    // The same form once more takes nothing back that is not there.
    let told = hyunwoo.submit_modal(&modal, &[("철회 사유", "또")]).await.unwrap().message().await.unwrap();
    assert!(told.text().contains("이미 철회된"), "{}", told.text());
    sign(&bot, &hyunwoo, &report, "현우").await;
    assert_eq!(bot.discord.channel(CHANNEL).messages().len(), 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn what_was_said_before_a_withdrawal_or_a_worse_run_need_not_be_said_again() {
    let bot = bot_that_asks().await;
    bot.write("calm", "75\n");
    let jimin = bot.seat("지민");
    let first = report(&jimin).await;
    let walk = opened(&jimin, &first, "서명").await;
    let walk = filled(&jimin, &walk, "메모 남기기", &[("text", "배포 중입니다")]).await;
    let walk = pressed(&jimin, &walk, "예").await;
    let walk = filled(&jimin, &walk, "✏️ 메모", &[("메모", "오전 배포")]).await;
    pressed(&jimin, &walk, "서명하기").await;
    says(&bot, &first, "서명: 지민").await;
    let shown = opened(&jimin, &first, "서명 보기").await;
    filled(&jimin, &shown, "서명 철회", &[("철회 사유", "로그를 더 봅니다")]).await;
    let again = says(&bot, &first, "서명 철회: 지민").await;
    let walk = opened(&jimin, &again, "서명").await;
    for part in ["배포 중입니다", "오전 배포"] {
        assert!(walk.text().contains(part), "{part} is lost:\n{}", walk.text());
    }
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("서명했습니다"), "{}", done.text());

    // A worse run opens it again. Its own message goes on with what still holds: not with a word on what is worse now.
    bot.write("calm", "90\n");
    let worse = report(&jimin).await;
    assert!(worse.text().contains("서명이 다시 열렸습니다"), "{}", worse.text());
    let walk = opened(&jimin, &worse, "서명").await;
    assert!(walk.text().contains("오전 배포") && !walk.text().contains("배포 중입니다"), "{}", walk.text());
    assert!(!walk.buttons().contains(&"서명하기".to_owned()), "{:?}", walk.buttons());
    // What one said is not another's.
    let others = opened(&bot.seat("현우"), &worse, "서명").await;
    assert!(!others.text().contains("오전 배포"), "{}", others.text());
    bot.finish().await;
}

#[tokio::test]
async fn what_is_waived_shows_as_waived_and_its_end_is_announced() {
    let mut bot = bot().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let first = report(&jimin).await;
    let walk = opened(&jimin, &first, "서명").await;
    let bad = [("유예 사유", "부품을 기다립니다"), ("until", "언젠가")];
    let walk = filled(&jimin, &walk, "유예", &bad).await;
    assert!(walk.text().contains("“언젠가”") && walk.text().contains("2026-12-01 09:00처럼"), "{}", walk.text());
    let walk = filled(&jimin, &walk, "유예", &[("유예 사유", "부품을 기다립니다")]).await;
    assert!(walk.text().contains("⏳ 유예"), "{}", walk.text());
    let done = pressed(&jimin, &walk, "서명하기").await;
    assert!(done.text().contains("서명했습니다"), "{}", done.text());
    says(&bot, &first, "서명: 지민").await;

    let next = report(&jimin).await;
    for part in ["⏳ 유예 1", "유예: 부품을 기다립니다", "측정 판정은 이상"] {
        assert!(next.text().contains(part), "{part} is missing in:\n{}", next.text());
    }
    assert!(!next.text().contains("이상 1") && !next.text().contains("정상 2"), "{}", next.text());
    assert!(next.text().contains("#1 점검으로 서명됨"), "no worse than what was signed:\n{}", next.text());

    // It is ended before its time, with a reason, where it is seen.
    let hyunwoo = bot.seat("현우");
    let details = opened(&hyunwoo, &next, "자세히").await;
    let check = hyunwoo.select(&details, "check:2", &["calm"]).await.unwrap().message().await.unwrap();
    let ended = filled(&hyunwoo, &check, "유예 끝내기", &[("끝내는 사유", "부품이 왔습니다")]).await;
    assert!(ended.text().contains("잔잔함의 유예를 끝냈습니다"), "{}", ended.text());
    let measured = report(&jimin).await;
    assert!(measured.text().contains("❌ 이상 1"), "{}", measured.text());
    // And made again, from there as well.
    let details = opened(&jimin, &measured, "자세히").await;
    let check = jimin.select(&details, "check:3", &["calm"]).await.unwrap().message().await.unwrap();
    filled(&jimin, &check, "유예", &[("유예 사유", "부품을 기다립니다")]).await;
    let next = report(&jimin).await;
    assert!(next.text().contains("⏳ 유예 1"), "{}", next.text());

    // Two hours before its end, and the bot was away when it should have said so.
    bot.kill();
    crate::signing::sql(
        &bot,
        "DROP TRIGGER waiver_stays; UPDATE waiver SET begins = begins - 86400000 * 6,
             until = (SELECT unixepoch() * 1000 + 7200000);",
    )
    .await;
    bot.start();
    bot.ready().await;
    let is_end = |found: &signoff_sandbox::Message| found.text().contains("유예 종료 예정");
    let told = bot.discord.channel(CHANNEL).wait_for(is_end).await.unwrap();
    assert_eq!(told.pings().users, ["지민"]);
    assert!(told.text().contains("부품을 기다립니다"), "{}", told.text());
    // Once.
    bot.kill();
    bot.start();
    bot.ready().await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let ends = bot.discord.channel(CHANNEL).messages().into_iter().filter(is_end).count();
    assert_eq!(ends, 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

#[tokio::test]
async fn me_shows_what_is_mine_and_leads_there() {
    let bot = bot().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let mine = jimin.slash("me", &[]).await.unwrap().message().await.unwrap();
    assert!(mine.is_ephemeral() && mine.text().contains("아직 점검하지 않음"), "{}", mine.text());
    let report = report(&jimin).await;
    let mine = jimin.slash("내할일", &[]).await.unwrap().message().await.unwrap();
    assert!(mine.text().contains("#1 서명 전"), "{}", mine.text());
    let walk = jimin.select(&mine, "서명할 것 고르기", &["일일 체크"]).await.unwrap().message().await.unwrap();
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    let walk = pressed(&jimin, &form, "등록").await;
    assert!(walk.text().contains("F1 이슈를 등록했습니다"), "{}", walk.text());
    let mine = jimin.slash("me", &[]).await.unwrap().message().await.unwrap();
    assert!(mine.text().contains("서명하던 중") && mine.text().contains("F1"), "{}", mine.text());
    pressed(&jimin, &walk, "서명하기").await;
    says(&bot, &report, "서명: 지민").await;
    let mine = jimin.slash("me", &[]).await.unwrap().message().await.unwrap();
    assert!(mine.text().contains("서명할 것\n없습니다."), "{}", mine.text());
    // A guest has nothing, and is told so.
    let nothing = bot.seat("손님").slash("me", &[]).await.unwrap().message().await.unwrap();
    assert!(!nothing.text().contains("일일 체크"), "{}", nothing.text());
    bot.finish().await;
}
