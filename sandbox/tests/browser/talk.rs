//! What people do all day: commands, buttons, selects, modals.

use std::time::Duration;

use serde_json::json;

use super::chromium::{Browser, Tab};
use super::double::World;

/// Types a slash command by keyboard and chooses it from the list.
pub(crate) async fn choose_command(tab: &Tab, name: &str) {
    tab.eval("document.querySelector('#composer textarea').focus()").await;
    tab.write("/").await;
    tab.wait("document.querySelector('#composer .menu-item')").await;
    tab.write(name).await;
    tab.shows("#composer .menu-item[aria-selected=true]", &format!("/{name}")).await;
    tab.key("Enter").await;
    tab.wait("!document.querySelector('.command-form').hidden").await;
}

pub(crate) async fn command(tab: &Tab, name: &str) {
    choose_command(tab, name).await;
    tab.key("Enter").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_slash_command_shows_its_report() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    choose_command(&tab, "daily").await;
    let measure = "window.began = 0; window.took = 0; addEventListener('keydown', () => { began = performance.now(); }, true); \
        new MutationObserver(() => { if (!took && document.querySelector('.message:not(.note) .thinking')) took = performance.now() - began; }) \
        .observe(document.getElementById('messages'), { childList: true, subtree: true })";
    tab.eval(measure).await;
    tab.key("Enter").await;
    tab.shows(".embed-title", "일일 체크 · Gear Freak 운영 서버").await;
    let took = tab.eval("took").await.as_f64().unwrap();
    assert!(took > 0.0 && took < 150.0, "the first answer was on the page after {took} ms");
    tab.shows(".context", "님이 /daily 사용").await;
    tab.shows(".embed-value", "종료 코드 137").await;
    assert_eq!(
        tab.eval("document.querySelectorAll('.message.note').length").await,
        0,
        "no trace of the sending is left"
    );
    assert_eq!(
        tab.eval("getComputedStyle(document.querySelector('.embed'), '::before').backgroundColor").await,
        "rgb(218, 54, 51)"
    );
    assert_eq!(tab.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn options_are_offered_completed_and_asked_for() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    choose_command(&tab, "daily").await;
    tab.click(".option-add", "서버").await;
    tab.write("stag").await;
    tab.shows(".menu-item", "staging").await;
    tab.wait("document.querySelectorAll('.menu-item').length === 1").await;
    tab.key("Enter").await;
    tab.key("Enter").await;
    tab.shows(".embed-title", "일일 체크").await;

    choose_command(&tab, "assign").await;
    tab.shows(".menu-item", "손님").await;
    tab.write("현우").await;
    tab.key("Enter").await;
    tab.key("Enter").await;
    tab.wait("document.querySelectorAll('.option input')[1].value === '일일 체크'").await;
    tab.key("Enter").await;
    tab.shows(".message .mention", "@현우").await;

    choose_command(&tab, "assign").await;
    tab.write("아무도 아님").await;
    tab.click(".send", "").await;
    tab.shows(".composer-trouble", "담당자: 목록에서 골라 주십시오").await;
    tab.key("Escape").await;
    tab.wait("document.querySelector('.command-form').hidden").await;

    command(&tab, "rota set").await;
    tab.shows(".message .text", "rota set").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_button_changes_its_message_and_one_without_answer_says_so() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    world.post(&super::double::report(false)).await;
    tab.click(".button", "다시 점검").await;
    tab.shows(".embed-description", "정상 12").await;
    tab.shows(".edited", "수정됨").await;

    tab.click(".button", "무응답").await;
    tab.wait(
        "document.querySelector('.button.danger.loading') && document.querySelector('.button.primary').ariaDisabled",
    )
    .await;
    tab.shows(".trouble", "상호작용에 실패했습니다").await;
    tab.wait("!document.querySelector('.button.danger').ariaDisabled").await;
    tab.click(".button", "다시 점검").await;
    tab.wait("!document.querySelector('.components .trouble')").await;

    command(&tab, "silent").await;
    tab.shows(".message.note .trouble", "봇이 응답하지 않았습니다").await;
    tab.click(".message.note .as-link", "메시지 닫기").await;
    tab.wait("!document.querySelector('.message.note')").await;
    assert_eq!(tab.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_modal_takes_korean_text_and_asks_for_what_is_missing() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    world.post(&super::double::report(false)).await;
    tab.click(".button", "서명").await;
    tab.shows(".modal h2", "일일 체크 서명").await;
    tab.click(".modal .button", "제출").await;
    tab.shows(".field-trouble", "필수").await;
    tab.write("새벽에 redis가 멈춰 다시 시작했습니다.").await;
    tab.key("Enter").await;
    tab.write("원인: 메모리 부족 ✍️").await;
    tab.shows(".modal .count", "/1000").await;
    tab.click(".modal .button", "제출").await;
    tab.wait("!document.querySelector('.modal')").await;
    tab.shows(".message .text", "새벽에 redis가 멈춰 다시 시작했습니다.\n원인: 메모리 부족 ✍️").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn selects_offer_things_people_and_roles_by_keyboard() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    world.post(&super::double::report(false)).await;
    tab.click(".button", "자세히").await;
    tab.click(".select", "담당자").await;
    tab.shows(".picker .menu-item", "Alex").await;
    tab.write("devops").await;
    tab.wait("document.querySelectorAll('.picker .menu-item').length === 1").await;
    tab.key("Escape").await;
    tab.wait("!document.querySelector('.picker')").await;
    tab.click(".select", "역할").await;
    tab.shows(".picker .menu-item", "@infrastructure").await;
    tab.key("Escape").await;
    tab.click(".select", "항목").await;
    tab.key("ArrowDown").await;
    tab.key("Enter").await;
    tab.shows(".message .text", r#"고른 항목: ["disk"]"#).await;
    let picked = world.discord.channel("운영").messages_for("지민");
    assert!(picked.iter().any(|message| message.text().contains(r#"["disk"]"#)));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn enter_within_a_composition_sends_nothing() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    let composed = json!({"text": "한그", "selectionStart": 2, "selectionEnd": 2});
    tab.call("Input.imeSetComposition", composed).await;
    tab.eval("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))").await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(world.discord.channel("운영").messages().is_empty());
    tab.write("한글").await;
    tab.key("Enter").await;
    tab.shows(".message .text", "한글").await;
    assert_eq!(world.discord.channel("운영").messages().len(), 1);
}
