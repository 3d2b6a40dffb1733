//! Several people, what each of them sees, and what may be changed about them.

use serde_json::json;

use super::chromium::Browser;
use super::double::World;
use super::talk::command;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn an_ephemeral_answer_is_its_persons_only() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let (jimin, hyunwoo) = (world.tab(&browser, "지민").await, world.tab(&browser, "현우").await);
    command(&jimin, "me").await;
    jimin.shows(".message.private", "오늘 할 일").await;
    jimin.shows(".only-you", "나만 볼 수 있습니다").await;
    // Something that everybody sees comes after it: by then the other page has had its chance.
    world.post(&json!({"content": "모두에게"})).await;
    hyunwoo.shows(".message .text", "모두에게").await;
    assert!(!hyunwoo.text("document.body.textContent").await.contains("오늘 할 일"));
    let fetched = "fetch('/sandbox/api/channels/운영/messages?as=현우').then((answer) => answer.text())";
    assert!(!hyunwoo.text(fetched).await.contains("오늘 할 일"));
    jimin.reload().await;
    jimin.shows(".message.private", "오늘 할 일").await;
    jimin.click(".only-you .as-link", "메시지 닫기").await;
    jimin.wait("!document.querySelector('.message.private')").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn two_people_talk_and_press_at_once() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let (jimin, hyunwoo) = (world.tab(&browser, "지민").await, world.tab(&browser, "현우").await);
    world.post(&super::double::report(false)).await;
    tokio::join!(jimin.click(".button", "자세히"), hyunwoo.click(".button", "자세히"));
    for tab in [&jimin, &hyunwoo] {
        tab.shows(".message.private", "어느 항목을 볼까요?").await;
        assert_eq!(tab.eval("document.querySelectorAll('.message.private').length").await, 1);
    }
    hyunwoo.eval("document.querySelector('#composer textarea').focus()").await;
    hyunwoo.write("<@1000000000000000201> 확인했습니다").await;
    hyunwoo.key("Enter").await;
    jimin.shows(".message.names-you .mention.mine", "@지민").await;
    jimin.shows(".message .name", "현우").await;
    hyunwoo.shows(".message .text", "확인했습니다").await;
    hyunwoo.wait("!document.querySelector('.message.names-you')").await;
    assert_eq!(hyunwoo.eval("document.querySelector('#composer textarea').value").await, "");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn one_becomes_somebody_else_and_roles_are_switched() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    tab.click(".me", "지민").await;
    tab.click(".person:nth-child(2) .chip", "infrastructure").await;
    tab.wait("document.querySelector('.person:nth-child(2) .chip:nth-child(3).on')").await;
    tab.shows("#me small", "infrastructure").await;
    tab.click(".person .be", "Alex").await;
    tab.shows("#me b", "Alex").await;
    tab.eval("document.querySelector('#composer textarea').focus()").await;
    tab.write("hello").await;
    tab.key("Enter").await;
    tab.shows(".message .name", "Alex").await;
    assert_eq!(world.discord.channel("운영").last_message().unwrap().author(), "Alex");
    world.discord.remove_member("Alex").unwrap();
    tab.shows(".nothing", "서버를 나갔습니다").await;
    tab.wait("document.querySelector('#composer textarea').disabled").await;
    world.discord.add_member("Alex", &["infrastructure"], "en-US").unwrap();
    tab.shows(".message .text", "hello").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn the_hosts_panel_breaks_and_mends_for_everybody() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let (jimin, hyunwoo) = (world.tab(&browser, "지민").await, world.tab(&browser, "현우").await);
    hyunwoo.shows(".figure.good", "redis").await;
    jimin.click(".fault", "redis 중지").await;
    for tab in [&jimin, &hyunwoo] {
        tab.shows(".figure.bad", "exited (137)").await;
        tab.shows(".chip.on", "새벽 장애").await;
    }
    assert!(world.host.broken.load(std::sync::atomic::Ordering::SeqCst));
    hyunwoo.click(".chip", "평온").await;
    jimin
        .wait("!document.querySelector('.figure.bad') && !document.querySelector('#fault-redis-stopped').checked")
        .await;
    jimin.click(".fault", "디스크 가득 참").await;
    jimin.shows(".toast", "더 이상 없습니다").await;
    jimin.wait("!document.querySelector('#fault-disk-full').checked").await;

    let before = jimin.text("document.querySelector('.hands').textContent").await;
    jimin.click(".clock .chip", "+1시간").await;
    jimin.wait(&format!("document.querySelector('.hands').textContent !== '{before}'")).await;
    hyunwoo.wait(&format!("document.querySelector('.hands').textContent !== '{before}'")).await;
    jimin.click(".clock .chip", "09:00").await;
    jimin.shows(".hands", "08:59").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn threads_files_and_pictures_are_there() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    let id = world.post(&json!({"content": "장애 대응을 시작합니다"})).await;
    let thread =
        world.client.post(&format!("{}/{id}/threads", super::support::TEAM), &json!({"name": "redis 중단"})).await;
    world.client.post(&format!("/channels/{}/messages", thread.id()), &json!({"content": "로그를 봅니다"})).await;
    tab.shows(".thread-badge", "redis 중단").await;
    tab.click(".threads .channel", "redis 중단").await;
    tab.shows(".message .text", "로그를 봅니다").await;
    tab.click("#channels .channel", "운영").await;

    let png = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD,
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    )
    .unwrap();
    let file = |bytes: Vec<u8>, name: &'static str, kind: &str| {
        reqwest::multipart::Part::bytes(bytes).file_name(name).mime_str(kind).unwrap()
    };
    let body =
        json!({"content": "추이", "embeds": [{"title": "디스크 추이", "image": {"url": "attachment://trend.png"}}]});
    let form = reqwest::multipart::Form::new()
        .part("files[0]", file(png, "trend.png", "image/png"))
        .part("files[1]", file(b"<script>window.hit=1</script>".to_vec(), "report.html", "text/html"))
        .text("payload_json", body.to_string());
    let sent = world.client.request(reqwest::Method::POST, super::support::TEAM).multipart(form).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    tab.wait("document.querySelector('.embed-image')?.naturalWidth === 1").await;
    tab.shows(".file", "report.html").await;
    let page = "fetch(document.querySelector('.file a').href).then((a) => [a.headers.get('content-type'), a.headers.get('content-disposition')].join())";
    assert_eq!(tab.text(page).await, "application/octet-stream,attachment; filename=\"report.html\"");
    tab.click(".picture", "").await;
    tab.wait("document.querySelector('.lightbox[open]')").await;
    assert_eq!(tab.complaints(), [""; 0]);
}
