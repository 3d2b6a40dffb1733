//! What must not be lost: by a reload, by a cut, by too much text, by a thousand messages.

use std::time::{Duration, Instant};

use serde_json::json;

use super::chromium::Browser;
use super::double::World;
use super::support::TEAM;
use super::talk::command;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_reload_in_the_middle_of_things_loses_nothing() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    command(&tab, "daily").await;
    tab.reload().await;
    tab.shows(".embed-title", "일일 체크").await;

    tab.click(".button", "서명").await;
    tab.wait("document.querySelector('.modal textarea')").await;
    tab.write("반쯤 쓴 메모").await;
    tab.reload().await;
    tab.wait("document.querySelector('.modal textarea')?.value === '반쯤 쓴 메모'").await;
    tab.click(".modal .button", "제출").await;
    tab.shows(".message .text", "반쯤 쓴 메모").await;

    tab.eval("document.querySelector('#composer textarea').focus()").await;
    tab.write("아직 보내지 않은 글").await;
    tab.reload().await;
    assert_eq!(tab.eval("document.querySelector('#composer textarea').value").await, "아직 보내지 않은 글");
    assert_eq!(tab.eval("location.search").await, "", "the key does not stay in the address");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_cut_connection_is_taken_up_where_it_ended() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    let first = world.post(&json!({"content": "하나"})).await;
    tab.shows(".message .text", "하나").await;
    // While nothing can be heard, a message comes, one changes, and one goes.
    tab.eval("window.Real = WebSocket; window.WebSocket = class extends Real { constructor(url) { super(url.toString().replace('/live', '/nowhere')); } }").await;
    world.page.cut();
    tab.wait("!document.getElementById('notice').hidden").await;
    tab.shows("#notice", "연결이 끊겼습니다").await;
    let gone = world.post(&json!({"content": "지워질 글"})).await;
    world.client.patch(&format!("{TEAM}/{first}"), &json!({"content": "하나, 고침"})).await;
    world.post(&json!({"content": "둘"})).await;
    world.client.delete(&format!("{TEAM}/{gone}")).await;
    assert!(!tab.text("document.body.textContent").await.contains("하나, 고침"));
    tab.eval("window.WebSocket = Real").await;
    tab.wait("document.getElementById('notice').hidden").await;
    tab.shows(".message .text", "하나, 고침").await;
    tab.shows(".message .text", "둘").await;
    assert_eq!(tab.eval("document.querySelectorAll('.message').length").await, 2);
    for _ in 0..5 {
        world.page.cut();
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    world.post(&json!({"content": "셋"})).await;
    tab.shows(".message .text", "셋").await;
    assert_eq!(tab.eval("document.querySelectorAll('.message').length").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_hundred_thousand_characters_are_refused_and_stay() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    tab.eval("document.querySelector('#composer textarea').focus()").await;
    tab.write(&"가".repeat(100_000)).await;
    tab.shows(".left.over", "-98000").await;
    tab.key("Enter").await;
    tab.shows(".composer-trouble", "2000자까지 보낼 수 있습니다. 지금 100000자입니다").await;
    assert_eq!(tab.eval("document.querySelector('#composer textarea').value.length").await, 100_000);
    assert!(world.discord.channel("운영").messages().is_empty());
    tab.eval("(() => { const box = document.querySelector('#composer textarea'); box.value = '짧게'; box.dispatchEvent(new Event('input')); })()").await;
    tab.key("Enter").await;
    tab.shows(".message .text", "짧게").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_thousand_messages_stay_smooth() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    let watch = "window.longest = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration); }).observe({ entryTypes: ['longtask'] })";
    tab.eval(watch).await;
    for number in 1..=1000 {
        let body = if number % 10 == 0 {
            super::double::report(number % 20 == 0)
        } else {
            json!({"content": format!("글 {number} **굵게** `코드`")})
        };
        world.post(&body).await;
    }
    world.post(&json!({"content": "마지막 글"})).await;
    tab.shows(".message .text", "마지막 글").await;
    tab.wait("(() => { const box = document.getElementById('scroller'); return box.scrollHeight - box.scrollTop - box.clientHeight < 2; })()").await;
    let longest = tab.eval("longest").await.as_f64().unwrap();
    assert!(longest < 600.0, "the page stood still for {longest} ms");
    let kept = tab.eval("document.querySelectorAll('.message').length").await.as_u64().unwrap();
    assert!((50..=310).contains(&kept), "{kept} messages are kept in the page");

    // Up to the very first.
    let began = Instant::now();
    while !tab
        .eval("[...document.querySelectorAll('.message .text')].some((node) => node.textContent.startsWith('글 1 '))")
        .await
        .as_bool()
        .unwrap()
    {
        tab.eval("document.getElementById('scroller').scrollTop = 0").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(began.elapsed() < Duration::from_secs(20), "the first message was never reached");
    }
    tab.shows(".beginning", "#운영의 시작입니다").await;
    let order = "[...document.querySelectorAll('.message')].map((node) => node.dataset.id).every((id, at, all) => !at || BigInt(id) > BigInt(all[at - 1]))";
    assert_eq!(tab.eval(order).await, true);
    assert_eq!(tab.eval("new Set([...document.querySelectorAll('.message')].map((node) => node.id)).size").await, 1001);
    // Whoever reads above is not torn away by what comes below.
    let place = tab
        .eval(
            "(() => { const box = document.getElementById('scroller'); box.scrollTop = 900; return box.scrollTop; })()",
        )
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.post(&json!({"content": "밑에 온 글"})).await;
    tab.shows(".message .text", "밑에 온 글").await;
    let after = tab.eval("document.getElementById('scroller').scrollTop").await;
    assert!((place.as_f64().unwrap() - after.as_f64().unwrap()).abs() < 600.0, "{place} {after}");
    tab.click("#newer", "새 메시지").await;
    tab.wait("document.getElementById('newer').hidden").await;
    assert_eq!(tab.complaints(), [""; 0]);
}
