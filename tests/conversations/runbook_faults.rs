//! Emergencies in which more than the service breaks: people without the right, two at once, a bot that dies, messages and
//! threads that are gone.

use signoff_sandbox::Message;

use crate::bot::Bot;
use crate::runbook::{Led, RUNBOOK};

const WHY: (&str, &str) = ("사유", "API가 5분째 응답하지 않습니다");

#[tokio::test]
async fn who_has_no_right_opens_nothing_and_presses_in_vain() {
    let led = Led::new().await;
    let asked = led.bot.seat("손님").slash("emergency", &[("runbook", "emergency-service-down")]).await.unwrap();
    let refused = led.told(asked).await;
    assert!(refused.contains("operations, devops"), "{refused}");
    assert_eq!(led.sql("SELECT name FROM runbook").await, Vec::<String>::new());

    let board = led.opened().await;
    for button in ["제가 지휘합니다", "해결됨, 종료"] {
        let told = led.told(led.clicks("손님", &board, button).await).await;
        assert!(told.contains("operations"), "{told}");
    }
    for step in ["1. 상태 확인", "2. 재시작", "4. 고객 공지"] {
        let told = led.told(led.step("손님", &board, step).await).await;
        assert!(told.contains("operations"), "{step}: {told}");
    }
    let note = led.thread("손님", &board).slash("note", &[("note", "x")]).await.unwrap();
    assert!(led.told(note).await.contains("operations"));
    // A note elsewhere, a step that there is not, another's number.
    let elsewhere = led.bot.seat("지민").slash("note", &[("note", "x")]).await.unwrap();
    assert!(led.told(elsewhere).await.contains("스레드에서만"));
    for forged in ["book:lead:99", "book:lead:-1", "book:summary:1", "book:key:1:0", "book:offer:99"] {
        let told = led.bot.seat("지민").forge_click(&board, forged, |_| {}).await.unwrap();
        assert!(led.told(told).await.contains("더 이상"), "{forged}");
    }
    let refusals = led.sql("SELECT subject FROM audit WHERE deed = 'refusal'").await;
    assert_eq!(refusals.len(), 7, "{refusals:?}");
    assert!(refusals.iter().all(|subject| subject == "command:emergency-service-down"), "{refusals:?}");
    let deeds = led.sql("SELECT what FROM happening").await;
    assert_eq!(deeds.len(), 1, "{deeds:?}");
    led.bot.finish().await;
}

#[tokio::test]
async fn two_at_once_open_one_and_nothing_is_written_twice() {
    let led = Led::new().await;
    let options = [("runbook", "emergency-service-down")];
    let seats = ["지민", "현우", "Alex", "지민"].map(|who| led.bot.seat(who));
    let asked = futures::future::join_all(seats.iter().map(|seat| seat.slash("emergency", &options))).await;
    let mut boards = Vec::new();
    for asked in asked {
        let message = asked.unwrap().message().await.unwrap();
        if message.is_ephemeral() {
            assert!(message.text().contains("#1"), "{}", message.text());
        } else {
            boards.push(message);
        }
    }
    assert_eq!(boards.len(), 1, "{}", led.bot.discord.channel("운영").transcript());
    let board = &boards[0];
    led.until_threaded(board).await;
    let already = led.bot.seat("현우").slash("emergency", &options).await.unwrap();
    assert!(led.told(already).await.contains("##1 긴급: 서비스 다운"), "it says where");

    // The same step by hand, by four at once.
    let seats = ["지민", "현우", "Alex", "지민"].map(|who| led.bot.seat(who));
    let presses = seats.iter().map(|seat| seat.select(board, "실행할 단계를 고릅니다", &["4. 고객 공지"]));
    for press in futures::future::join_all(presses).await {
        press.unwrap().first_answer().await.unwrap();
    }
    assert_eq!(led.sql("SELECT what FROM happening WHERE what LIKE '%\"done\"%'").await.len(), 1);

    // A look goes on: the second is told so.
    led.bot.write("wait", "");
    led.step("지민", board, "5. 기다림").await.message().await.unwrap();
    let second = led.told(led.step("현우", board, "5. 기다림").await).await;
    assert!(second.contains("이미 점검하고"), "{second}");
    std::fs::remove_file(led.bot.path("wait")).unwrap();
    led.until(board, "✅ 5. 기다림").await;

    // Closed by two at once, it is closed once.
    let (one, two) = (led.bot.seat("지민"), led.bot.seat("현우"));
    let closes = [one.click(board, "해결됨, 종료"), two.click(board, "해결 안 됨, 종료")];
    for close in futures::future::join_all(closes).await {
        close.unwrap().first_answer().await.unwrap();
    }
    assert_eq!(led.sql("SELECT what FROM happening WHERE what LIKE '%\"closed\"%'").await.len(), 1);
    led.bot.finish().await;
}

#[tokio::test]
async fn a_bot_that_dies_in_the_middle_goes_on_where_it_was() {
    let mut led = Led::new().await;
    let board = led.opened().await;
    let card = led.asks("지민", &board, "3. 재구축", &[("서비스", "serverpod"), WHY]).await;
    led.bot.kill();
    led.bot.start();
    // Discord may not have noticed yet that the first one is gone.
    led.bot.until_logged("are registered already").await;
    // The request waits by the same rule, and the timeline has what was before.
    led.thread("현우", &board).click(&card, "승인").await.unwrap();
    led.until(&board, "✅ 3. 재구축").await;
    assert_eq!(led.acts(), ["serverpod"]);

    // It dies under an act: the step says so, nothing is repeated, and the host is held until somebody looked.
    led.bot.write("hold", "");
    let card = led.asks("지민", &board, "2. 재시작", &[WHY]).await;
    led.thread("현우", &board).click(&card, "승인").await.unwrap();
    led.until(&board, "▶️ 2. 재시작").await;
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while led.acts().len() < 2 {
        assert!(std::time::Instant::now() < patience, "it never began");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    led.bot.kill();
    std::fs::remove_file(led.bot.path("hold")).unwrap();
    led.bot.start();
    led.bot.until_logged_times("are registered already", 2).await;
    let interrupted = led.until_in_thread(&board, "🆘 중단됨").await;
    led.until(&board, "⚠️ 2. 재시작").await;
    let again = led.asks("지민", &board, "2. 재시작", &[WHY]).await;
    led.thread("현우", &board).click(&again, "승인").await.unwrap();
    let waits = led.until_in_thread(&board, "서버를 확인한 사람이 없어").await;
    assert_eq!(waits.id(), again.id());

    // The lock is released with a reason by who may approve, and a person begins what waited.
    let seat = led.thread("현우", &board);
    let modal = seat.click(&interrupted, "확인했습니다").await.unwrap().modal().await.unwrap();
    let released = seat.submit_modal(&modal, &[("확인한 내용", "컨테이너가 정상입니다")]).await.unwrap();
    assert!(released.message().await.unwrap().text().contains("다시 조치를 실행할 수"));
    seat.click(&waits, "지금 실행").await.unwrap();
    led.until(&board, "✅ 2. 재시작").await;
    assert_eq!(led.acts().len(), 3);
    let closed = led.clicks("지민", &board, "해결됨, 종료").await.message().await.unwrap();
    let summary = String::from_utf8(closed.files()[0].bytes.clone()).unwrap();
    assert!(summary.contains("요청 #2: 중단됨") && summary.contains("요청 #3: 검증됨"), "{summary}");
    led.bot.finish().await;
}

#[tokio::test]
async fn a_runbook_whose_message_never_came_to_be_is_shown_when_the_bot_is_back() {
    let mut led = Led::new().await;
    led.bot.discord.faults().next(4, "POST /interactions/*/*/callback", signoff_sandbox::Fault::Status(500));
    let asked = led.bot.seat("지민").slash("emergency", &[("runbook", "emergency-service-down")]).await.unwrap();
    asked.expect_no_answer();
    led.bot.until_logged("could not be shown in answer").await;
    let board = led.bot.seat("현우").wait_for(|m| m.text().contains("#1 긴급")).await.unwrap();
    led.until_threaded(&board).await;
    led.step("현우", &board, "4. 고객 공지").await;
    led.until(&board, "✅ 4. 고객 공지").await;

    // The bot died between the record and the message.
    assert_eq!(led.bot.stop().await, 0);
    led.exec("UPDATE runbook SET message = NULL, thread = NULL, shown_in = NULL").await;
    led.bot.discord.delete_message(&board).unwrap();
    led.bot.start();
    led.bot.ready().await;
    let anew = |m: &Message| m.text().contains("#1 긴급") && m.id() != board.id();
    let anew = led.bot.seat("현우").wait_for(anew).await.unwrap();
    led.until_threaded(&anew).await;
    assert!(anew.text().contains("✅ 4. 고객 공지"), "{}", anew.text());
    led.bot.finish_with(&["could not be shown in answer", "an interaction could not be answered"]).await;
}

#[tokio::test]
async fn a_message_or_a_thread_that_is_gone_is_replaced() {
    let led = Led::new().await;
    let board = led.opened().await;
    // Its message: another stands in its thread.
    led.bot.discord.delete_message(&board).unwrap();
    led.thread("지민", &board).slash("note", &[("note", "메시지가 지워졌습니다")]).await.unwrap();
    let anew = led.until_in_thread(&board, "▫️ 1. 상태 확인").await;
    let seat = led.thread("현우", &board);
    seat.select(&anew, "실행할 단계를 고릅니다", &["4. 고객 공지"]).await.unwrap();
    led.until_in_thread(&board, "✅ 4. 고객 공지").await;

    // Its thread as well: it goes on in the channel, with a thread of its own, and an act stands there.
    led.bot.discord.delete_channel(&board.id().to_string()).unwrap();
    let already = led.bot.seat("지민").slash("emergency", &[("runbook", "emergency-service-down")]).await.unwrap();
    led.told(already).await;
    let third = led.bot.seat("지민").wait_for(|m| m.text().contains("✅ 4. 고객 공지")).await.unwrap();
    led.until_threaded(&third).await;
    let card = led.asks("지민", &third, "3. 재구축", &[("서비스", "serverpod"), WHY]).await;
    assert!(card.text().contains("승인 0/1"), "{}", card.text());

    // Only the thread: the next act opens another one at the same message, by the same rule.
    led.thread("지민", &third).click(&card, "요청 취소").await.unwrap();
    led.until(&third, "⚠️ 3. 재구축").await;
    led.bot.discord.delete_channel(&third.id().to_string()).unwrap();
    let card = led.asks("지민", &third, "3. 재구축", &[("서비스", "serverpod"), WHY]).await;
    led.thread("현우", &third).click(&card, "승인").await.unwrap();
    led.until(&third, "✅ 3. 재구축").await;
    assert_eq!(led.acts(), ["serverpod"]);
    led.bot.finish().await;
}

#[tokio::test]
async fn a_thread_allows_what_its_channel_does() {
    let led = Led::with("[gate.channels]\n\"1000000000000000101\" = \"critical\"\n").await;
    assert_eq!(led.bot.discord.channel_id("운영").unwrap().to_string(), "1000000000000000101");
    let board = led.opened().await;
    let card = led.asks("지민", &board, "3. 재구축", &[("서비스", "serverpod"), WHY]).await;
    let why = led.thread("현우", &board).slash("why", &[("request", "1")]).await.unwrap();
    assert!(why.message().await.unwrap().text().contains("지금 승인하거나"));
    led.thread("현우", &board).click(&card, "승인").await.unwrap();
    led.until(&board, "✅ 3. 재구축").await;

    // A command in the thread, and another channel, whose threads allow as little as it does.
    let seat = led.thread("지민", &board);
    seat.slash("restart", &[("service", "redis")]).await.unwrap().modal().await.unwrap();
    let elsewhere = led.bot.discord.as_user("지민").in_channel("signoff-log");
    let told = elsewhere.slash("restart", &[("service", "redis")]).await.unwrap();
    assert!(led.told(told).await.contains("이 채널에서 쓸 수 없습니다"));
    led.clicks("지민", &board, "해결됨, 종료").await.message().await.unwrap();
    let opened = elsewhere.slash("emergency", &[("runbook", "emergency-service-down")]).await.unwrap();
    let there = opened.message().await.unwrap();
    led.until_threaded(&there).await;
    let told = elsewhere.select(&there, "실행할 단계를 고릅니다", &["3. 재구축"]).await.unwrap();
    assert!(led.told(told).await.contains("이 채널에서 쓸 수 없습니다"));
    assert_eq!(led.acts(), ["serverpod"]);
    led.bot.finish().await;
}

#[tokio::test]
async fn a_runbook_is_of_one_host() {
    let other = "[hosts.there]\ntitle = { ko = \"저기\", en = \"There\" }\ntransport = \"local\"\n";
    let led = Led::with(other).await;
    let board = led.opened_with(&[("host", "here")]).await;
    let seat = led.thread("지민", &board);
    let modal = seat.slash("rebuild", &[("service", "redis"), ("host", "there")]).await.unwrap().modal().await.unwrap();
    let texts = [WHY, ("대상을 그대로 입력해 주세요", "redis")];
    seat.submit_modal(&modal, &texts).await.unwrap().wait_for(|m| m.text().contains("올렸습니다")).await.unwrap();
    let card = led.until_in_thread(&board, "위험도 ").await;
    assert!(card.text().contains("승인 0/2"), "another host's act takes two: {}", card.text());
    // On the other host the same runbook is another.
    let options = [("runbook", "emergency-service-down"), ("host", "there")];
    let opened = led.bot.seat("지민").slash("emergency", &options).await;
    let there = opened.unwrap().message().await.unwrap();
    assert!(there.text().contains("#2 긴급: 서비스 다운 · 저기"), "{}", there.text());
    led.bot.finish().await;
}

#[tokio::test]
async fn a_runbook_whose_file_leaves_too_much_open_or_names_what_is_not_there_is_told_with_its_line() {
    let bot = Bot::prepare(&[("daily", crate::bot::SMALL), ("restart", crate::gated::RESTART)]).await;
    bot.write_command("emergency-service-down", &RUNBOOK.replace("with   = { service", "with   = { servise"));
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["check", "daily", "--language", "en", "--config"])
        .arg(bot.path("bot.toml"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("servise") && told.contains("did you mean") && told.contains("rebuild"), "{told}");
}
