//! Whatever stands in names, log lines, embeds and files: it is shown, and nothing of it runs.

use serde_json::json;

use super::chromium::Browser;
use super::double::{ATTACK, World};
use super::talk::command;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn hostile_text_is_shown_and_runs_nothing() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    command(&tab, "hostile").await;
    tab.shows(".embed-title", ATTACK).await;
    for place in [
        ".text",
        ".embed-description",
        ".embed-name",
        ".embed-value",
        ".embed-footer",
        ".embed-author",
        ".button",
        "pre code",
    ] {
        tab.shows(place, ATTACK).await;
    }
    let log_line =
        format!("```\n2026-11-26 ERROR {ATTACK} ]]> --> &lt;b&gt; \u{202e}gnp.exe\u{0} </textarea></script>\n```");
    world.post(&json!({"content": log_line})).await;
    tab.shows("pre code", "</textarea></script>").await;
    // Links lead to the web or nowhere.
    let schemes = "[...document.querySelectorAll('#messages a[href]')].every((link) => ['http:', 'https:'].includes(new URL(link.href).protocol))";
    assert_eq!(tab.eval(schemes).await, true);
    tab.click(".button", ATTACK).await;
    assert_eq!(
        tab.eval("document.querySelectorAll('#messages img, #messages script, #messages iframe').length").await,
        0
    );
    assert_eq!(tab.eval("String(window.hit)").await, "undefined");
    assert_eq!(tab.complaints(), [""; 0], "not even the policy had to step in");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn hostile_names_run_nothing() {
    let (world, browser) = (World::start().await, Browser::start().await);
    world.discord.rename_member("현우", ATTACK).unwrap();
    world.discord.add_role(ATTACK);
    world.discord.give_role("지민", ATTACK).unwrap();
    let id = world.post(&json!({"content": "스레드"})).await;
    world.client.post(&format!("{}/{id}/threads", super::support::TEAM), &json!({"name": ATTACK})).await;
    let tab = world.tab(&browser, "지민").await;
    world.discord.as_user("현우").in_channel("운영").say("저를 부르셨나요? <@&1000000000000000011>").await.unwrap();
    for place in [".message .name", "#me small", ".threads .channel", ".thread-badge"] {
        tab.shows(place, ATTACK).await;
    }
    tab.click(".me", "지민").await;
    tab.shows(".person .be", ATTACK).await;
    tab.shows(".person .chip", ATTACK).await;
    tab.key("Escape").await;
    tab.click(".threads .channel", ATTACK).await;
    tab.shows("#top h1", ATTACK).await;
    assert_eq!(tab.eval("String(window.hit)").await, "undefined");
    assert_eq!(tab.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn the_page_asks_nothing_of_anybody_else_and_its_policy_holds() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    command(&tab, "hostile").await;
    tab.shows(".foreign-picture", "불러오지 않았습니다").await;
    let own = world.page.addr().to_string();
    let foreign: Vec<String> = tab.asked().into_iter().filter(|url| !url.contains(&own)).collect();
    assert_eq!(foreign, [""; 0]);
    for script in [
        "document.body.appendChild(Object.assign(document.createElement('script'), { textContent: 'window.hit = 1' }))",
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')",
        "document.body.setAttribute('onclick', 'window.hit = 1'), document.body.click()",
        "fetch('http://127.0.0.1:9/').catch(() => null)",
        "import('data:text/javascript,window.hit=1').catch(() => null)",
    ] {
        tab.eval(&format!("(async () => {{ try {{ await ({script}); }} catch {{}} return null; }})()")).await;
    }
    assert_eq!(tab.eval("String(window.hit)").await, "undefined");
    assert!(!tab.complaints().is_empty(), "the policy said no");
}
