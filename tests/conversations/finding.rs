//! Findings: filed from a bad check in two clicks, pinged, changed, closed; and what the issue tracker hears.

use signoff_sandbox::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::bot::Bot;
use crate::signing::{CHANNEL, bot, filled, opened, pressed, report, restart, sql, with_config};

const LOG: &str = "error: cannot connect to postgres://app:verysecret@db:5432\n";

/// The details of the steady check of `report`, which shows an error of a log.
async fn details(bot: &Bot, who: &str, report: &Message) -> Message {
    let seat = bot.seat(who);
    let details = opened(&seat, report, "자세히").await;
    seat.select(&details, "check:1", &["steady"]).await.unwrap().message().await.unwrap()
}

fn is_ping(message: &Message) -> bool {
    message.text().contains("F1") && message.buttons().iter().any(|button| button == "이슈 열기")
}

#[tokio::test]
async fn two_clicks_file_what_was_found_without_its_secrets_and_ping_who_sees_to_it() {
    let bot = bot().await;
    bot.write("steady", LOG);
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let check = details(&bot, "지민", &report).await;
    let form = pressed(&jimin, &check, "이슈로 등록").await;
    for part in ["cannot connect to postgres", "긴급도 높음", "담당 지민"] {
        assert!(form.text().contains(part), "{part} is missing in:\n{}", form.text());
    }
    let filed = pressed(&jimin, &form, "등록").await;
    assert!(filed.text().contains("F1 이슈를 등록했습니다"), "{}", filed.text());
    let posted = bot.discord.channel(CHANNEL).wait_for(is_ping).await.unwrap();
    assert_eq!((posted.pings().users, posted.pings().roles), (vec!["지민".to_owned()], vec![]));
    for message in [&form, &filed, &posted] {
        assert!(!message.text().contains("verysecret"), "{}", message.text());
    }
    // It stands in the next report, and stays there until it is closed.
    let next = crate::signing::report(&jimin).await;
    assert!(next.text().contains("발견 이슈 (열림 1)") && next.text().contains("**F1** 한결같음"), "{}", next.text());
    // Somebody else who files the same is told who did.
    let check = details(&bot, "현우", &report).await;
    let hyunwoo = bot.seat("현우");
    let form = pressed(&hyunwoo, &check, "이슈로 등록").await;
    let again = pressed(&hyunwoo, &form, "등록").await;
    assert!(again.text().contains("지민 님이 이미 등록한 이슈입니다: F1"), "{}", again.text());
    assert_eq!(bot.discord.channel(CHANNEL).messages().iter().filter(|found| is_ping(found)).count(), 1);
    bot.finish().await;
}

#[tokio::test]
async fn it_is_rewritten_handed_over_updated_and_closed_with_what_was_done() {
    let bot = bot().await;
    bot.write("calm", "75\n");
    let jimin = bot.seat("지민");
    let first = report(&jimin).await;
    let walk = opened(&jimin, &first, "서명").await;
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    assert!(form.text().contains("긴급도 보통"), "{}", form.text());
    let form = filled(&jimin, &form, "내용 고치기", &[("내용", "점심마다 값이 오릅니다")]).await;
    jimin.select(&form, "긴급도 바꾸기", &["높음"]).await.unwrap().first_answer().await.unwrap();
    jimin.select(&form, "담당자 바꾸기", &["현우"]).await.unwrap().first_answer().await.unwrap();
    jimin.select(&form, "기한 바꾸기", &["내일"]).await.unwrap().first_answer().await.unwrap();
    let form = form.reload();
    for part in ["점심마다 값이 오릅니다", "긴급도 높음", "담당 현우"] {
        assert!(form.text().contains(part), "{part} is missing in:\n{}", form.text());
    }
    let walk = pressed(&jimin, &form, "등록").await;
    assert!(walk.text().contains("발견 이슈 F1"), "the walk goes on, and it was said:\n{}", walk.text());
    pressed(&jimin, &walk, "서명하기").await;
    let posted = bot.discord.channel(CHANNEL).wait_for(is_ping).await.unwrap();
    assert_eq!(posted.pings().users, ["현우"]);

    let hyunwoo = bot.seat("현우");
    let list = hyunwoo.slash("findings", &[]).await.unwrap().message().await.unwrap();
    assert!(list.is_ephemeral() && list.text().contains("**F1** 잔잔함"), "{}", list.text());
    hyunwoo.select(&list, "이슈 고르기", &["F1 잔잔함"]).await.unwrap().first_answer().await.unwrap();
    let one = list.reload();
    hyunwoo.select(&one, "긴급도 바꾸기", &["보통"]).await.unwrap().first_answer().await.unwrap();
    let one = filled(&hyunwoo, &one, "경과 남기기", &[("경과", "배치를 밤으로 옮기는 중")]).await;
    let one = filled(&hyunwoo, &one, "닫기", &[("조치한 내용", "배치를 03시로 옮겼습니다")]).await;
    for part in ["닫힘", "배치를 03시로 옮겼습니다", "긴급도 → 보통", "배치를 밤으로 옮기는 중"]
    {
        assert!(one.text().contains(part), "{part} is missing in:\n{}", one.text());
    }
    assert_eq!(one.buttons(), ["다시 열기", "경과 남기기", "목록"]);
    let fits = |found: &Message| found.id() == posted.id() && found.text().contains("닫힘");
    bot.discord.channel(CHANNEL).wait_for(fits).await.unwrap();
    let next = report(&jimin).await;
    assert!(!next.text().contains("F1"), "{}", next.text());

    // Alex reads the closed one in English, and opens it again.
    let alex = bot.seat("Alex");
    let list = alex.slash("findings", &[("all", "true")]).await.unwrap().message().await.unwrap();
    alex.select(&list, "Choose a finding", &["F1 Calm"]).await.unwrap().first_answer().await.unwrap();
    let one = filled(&alex, &list.reload(), "Open again", &[("Why it is open again", "it is back")]).await;
    assert!(one.text().contains("opened again: it is back") && one.text().contains("owner 현우"), "{}", one.text());
    // A guest sees none of them.
    let nothing = bot.seat("손님").slash("findings", &[]).await.unwrap().message().await.unwrap();
    assert!(nothing.text().contains("없습니다."), "{}", nothing.text());
    let refused = bot.seat("손님").forge_click(&posted, "find:open:1", |_| {}).await.unwrap().message().await.unwrap();
    assert!(refused.text().contains("권한이 없습니다"), "{}", refused.text());
    bot.finish().await;
}

#[tokio::test]
async fn a_finding_that_is_open_already_covers_the_check_in_the_next_report() {
    let bot = bot().await;
    bot.write("calm", "75\n");
    let jimin = bot.seat("지민");
    let first = report(&jimin).await;
    let walk = opened(&jimin, &first, "서명").await;
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    pressed(&jimin, &form, "등록").await;
    let next = report(&jimin).await;
    // The draft of the first result went along, with what still holds of it.
    let walk = opened(&jimin, &first, "서명").await;
    assert!(
        walk.text().contains("다시 점검한 결과(#2)") && walk.buttons().contains(&"서명하기".to_owned()),
        "{}",
        walk.text()
    );
    // Somebody who begins at the new one takes the open finding with one tap.
    let hyunwoo = bot.seat("현우");
    let walk = opened(&hyunwoo, &next, "서명").await;
    let walk = pressed(&hyunwoo, &walk, "처리 중: 발견 이슈 F1").await;
    let done = pressed(&hyunwoo, &walk, "서명하기").await;
    assert!(done.text().contains("서명했습니다") && done.text().contains("발견 이슈 F1"), "{}", done.text());
    bot.finish().await;
}

#[tokio::test]
async fn whoever_left_the_server_is_not_pinged_and_the_message_says_so() {
    let mut bot = bot().await;
    bot.write("calm", "85\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    // Killed between the row and the ping, and gone before the bot is back.
    bot.discord.faults().always("POST /channels/*/messages", signoff_sandbox::Fault::Status(500));
    let walk = pressed(&jimin, &form, "등록").await;
    assert!(walk.text().contains("F1 이슈를 등록했습니다"), "{}", walk.text());
    bot.kill();
    bot.discord.remove_member("지민").unwrap();
    bot.discord.faults().clear();
    bot.start();
    bot.ready().await;
    let posted = bot.discord.channel(CHANNEL).wait_for(is_ping).await.unwrap();
    assert!(posted.pings().is_nobody() && posted.text().contains("서버를 떠났습니다"), "{}", posted.text());
    // It is handed to somebody who is there; and to nobody who is not.
    let hyunwoo = bot.seat("현우");
    let one = opened(&hyunwoo, &posted, "이슈 열기").await;
    let sent = hyunwoo.select(&one, "담당자 바꾸기", &["현우"]).await.unwrap();
    sent.first_answer().await.unwrap();
    assert!(one.reload().text().contains("담당 현우"), "{}", one.reload().text());
    bot.finish_with(&["could not be pinged"]).await;
}

#[tokio::test]
async fn killed_after_the_ping_its_owner_is_not_pinged_again_when_the_nonce_is_forgotten() {
    let mut bot =
        Bot::prepare_at("2026-11-27T10:00:00+09:00", &[("daily", include_str!("../data/signed.toml"))], "").await;
    bot.write("calm", "85\n");
    bot.write("steady", "fine\n");
    bot.start();
    bot.ready().await;
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    bot.discord.faults().always("POST /channels/*/messages", signoff_sandbox::Fault::LoseAnswer);
    pressed(&jimin, &form, "등록").await;
    bot.discord.channel(CHANNEL).wait_for(is_ping).await.unwrap();
    bot.kill();
    bot.discord.faults().clear();
    bot.it_is("2026-11-27T15:00:00+09:00");
    bot.start();
    bot.ready().await;
    bot.until_logged_times("in Discord", 2).await;
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    let pings = bot.discord.channel(CHANNEL).messages().into_iter().filter(is_ping).count();
    assert_eq!(pings, 1, "{}", bot.discord.channel(CHANNEL).transcript());
    bot.finish().await;
}

/// An issue tracker that refuses as often as it is told to, and keeps what it was sent.
struct Tracker {
    address: String,
    heard: mpsc::UnboundedReceiver<(String, serde_json::Value)>,
}

impl Tracker {
    async fn new(mut refuses: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
                while let Ok(read) = stream.read(&mut buffer).await {
                    request.extend_from_slice(&buffer[..read]);
                    let text = String::from_utf8_lossy(&request);
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let head = head.to_lowercase();
                    let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                    let length = value("content-length: ").and_then(|length| length.parse().ok()).unwrap_or(0);
                    if read == 0 || body.len() >= length {
                        let key = value("idempotency-key: ").unwrap_or_default();
                        let _ = sender.send((key, serde_json::from_str(body).unwrap()));
                        break;
                    }
                }
                let status = if refuses > 0 { "503 Busy" } else { "201 Created" };
                refuses = refuses.saturating_sub(1);
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, heard }
    }
}

#[tokio::test]
async fn the_tracker_hears_of_each_step_until_it_accepts_and_then_no_more() {
    let mut tracker = Tracker::new(1).await;
    let mut bot = with_config("[findings]\nwebhook = { file = \"tracker\" }").await;
    bot.write("tracker", format!("http://{}/hooks/verysecret", tracker.address));
    bot.write("calm", "75\n");
    let jimin = bot.seat("지민");
    let report = report(&jimin).await;
    let walk = opened(&jimin, &report, "서명").await;
    let form = pressed(&jimin, &walk, "이슈로 등록").await;
    pressed(&jimin, &form, "등록").await;
    let (key, body) = tracker.heard.recv().await.unwrap();
    assert_eq!(
        (key.as_str(), body["event"].as_str(), body["urgency"].as_str()),
        ("finding-1-0", Some("filed"), Some("medium"))
    );
    bot.until_logged("the issue tracker did not accept").await;
    // It is asked again, also after a restart, with the same key.
    sql(&bot, "UPDATE finding_hook SET next_at = 0;").await;
    restart(&mut bot).await;
    let (again, body) = tracker.heard.recv().await.unwrap();
    assert_eq!((again, body["finding"].as_str()), (key, Some("F1")));
    bot.until_logged("the issue tracker accepted").await;
    restart(&mut bot).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(tracker.heard.try_recv().is_err(), "what was accepted is not told again");
    assert!(!bot.log().contains("verysecret"));
    bot.finish_with(&["the issue tracker did not accept"]).await;
}
