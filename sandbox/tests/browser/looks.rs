//! On a phone, in the dark, in English, and by keyboard alone.

use super::chromium::Browser;
use super::double::World;
use super::talk::command;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn it_fits_a_phone() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    tab.size(375, 812, true).await;
    command(&tab, "daily").await;
    tab.shows(".embed-title", "일일 체크").await;
    let inside = "[...document.querySelectorAll('.message .body, .button, #composer, #top > *')].filter((node) => node.getClientRects().length) \
        .every((node) => { const box = node.getBoundingClientRect(); return box.left >= 0 && box.right <= 376; })";
    assert_eq!(tab.eval(inside).await, true, "something stands outside of the screen");
    assert_eq!(tab.eval("document.scrollingElement.scrollWidth <= 375").await, true);
    let size = "parseFloat(getComputedStyle(document.querySelector('#composer textarea')).fontSize)";
    assert!(tab.eval(size).await.as_f64().unwrap() >= 16.0, "a phone would zoom in");
    let tall = "[...document.querySelectorAll('.button')].every((node) => node.getBoundingClientRect().height >= 40)";
    assert_eq!(tab.eval(tall).await, true, "a button is too small for a thumb");
    tab.eval("document.querySelector('#top .only-narrow').click()").await;
    tab.wait("document.querySelector('#side').getBoundingClientRect().left === 0").await;
    tab.click("#channels .channel", "signoff-log").await;
    tab.wait("document.querySelector('#side').getBoundingClientRect().right <= 0").await;
    tab.eval("document.querySelector('#top button:last-child').click()").await;
    tab.wait("Math.round(document.querySelector('#panel').getBoundingClientRect().right) === 375").await;
    assert_eq!(tab.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn light_dark_and_both_languages() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    command(&tab, "me").await;
    tab.shows(".only-you", "나만 볼 수 있습니다").await;
    // By the difference of their lightness, as WCAG counts it, 4.5 at least.
    let contrast = "(() => { const light = (text) => { const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map((c) => c / 255).map((c) => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4); \
        return .2126 * r + .7152 * g + .0722 * b; }; const page = light(getComputedStyle(document.body).backgroundColor); \
        return Math.min(...['.name', '.only-you', '.text', '#top h1', '.head time'].map((place) => { const own = light(getComputedStyle(document.querySelector(place)).color); \
        return (Math.max(own, page) + .05) / (Math.min(own, page) + .05); })); })()";
    let mut grounds = vec![];
    for scheme in ["light", "dark"] {
        tab.prefer(scheme).await;
        grounds.push(tab.text("getComputedStyle(document.body).backgroundColor").await);
        let least = tab.eval(contrast).await.as_f64().unwrap();
        assert!(least >= 4.5, "{scheme}: a contrast of {least}");
    }
    assert_ne!(grounds[0], grounds[1]);
    tab.click("#top .plain-icon:nth-last-child(2)", "").await;
    tab.wait(&format!("getComputedStyle(document.body).backgroundColor === '{}'", grounds[0])).await;
    tab.reload().await;
    assert_eq!(tab.text("getComputedStyle(document.body).backgroundColor").await, grounds[0], "the choice stays");
    tab.click("#top .plain-icon", "EN").await;
    tab.shows(".only-you", "Only you can see this").await;
    tab.shows("#panel h2", "Gear Freak practice host").await;
    assert_eq!(tab.eval("document.documentElement.lang").await, "en");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn everything_is_reached_by_keyboard() {
    let (world, browser) = (World::start().await, Browser::start().await);
    let tab = world.tab(&browser, "지민").await;
    world.post(&super::double::report(false)).await;
    tab.shows(".button", "다시 점검").await;
    // Backwards from the message box lie the buttons of the newest message.
    tab.eval("document.querySelector('.button.primary').focus()").await;
    tab.key("Enter").await;
    tab.shows(".embed-description", "정상 12").await;
    assert_eq!(
        tab.text("document.activeElement.textContent").await,
        "다시 점검",
        "the focus stays on the redrawn button"
    );
    tab.eval("document.activeElement.blur()").await;
    tab.key("/").await;
    tab.wait("document.activeElement === document.querySelector('#composer textarea') && document.querySelector('#composer .menu-item')").await;
    tab.key("Escape").await;
    tab.wait("document.querySelector('#composer > .menu').hidden").await;
    let nameless = "[...document.querySelectorAll('button, input, textarea, select, a')].filter((node) => \
        !(node.textContent.trim() || node.title || node.ariaLabel || node.labels?.length)).map((node) => node.outerHTML)";
    assert_eq!(tab.eval(nameless).await, serde_json::json!([]), "something has no name for a screen reader");
}
