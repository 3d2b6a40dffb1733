//! The walk of a first visit.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::chromium::{Browser, Tab};

/// `signoff sandbox`, with the link that it printed.
struct Practice {
    _process: Child,
    link: String,
    began: Instant,
}

impl Practice {
    async fn start(more: &[&str]) -> Self {
        let began = Instant::now();
        let mut process = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["sandbox", "--port", "0"])
            .args(more)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let link = loop {
            let next = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await.unwrap();
            let line = next.unwrap().expect("it ended without a link");
            if let Some(start) = line.find("http://127.0.0.1:") {
                break line[start..].trim().to_owned();
            }
        };
        // What it says further must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { _process: process, link, began }
    }

    async fn open(&self, browser: &Browser) -> Tab {
        let tab = browser.open(&self.link).await;
        tab.wait("document.body.classList.contains('ready')").await;
        tab.eval("localStorage.setItem('language', 'ko')").await;
        tab.reload().await;
        tab
    }
}

async fn command(tab: &Tab, name: &str) {
    tab.eval("document.querySelector('#composer textarea').focus()").await;
    tab.write("/").await;
    tab.wait("document.querySelector('#composer .menu-item')").await;
    tab.write(name).await;
    tab.shows("#composer .menu-item[aria-selected=true]", &format!("/{name}")).await;
    tab.key("Enter").await;
    tab.wait("!document.querySelector('.command-form').hidden").await;
    tab.key("Enter").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: tests/run installs it"]
async fn a_newcomer_runs_daily_breaks_redis_and_sees_it() {
    let (practice, browser) = (Practice::start(&[]).await, Browser::start().await);
    let tab = practice.open(&browser).await;
    let usable = practice.began.elapsed();
    // The figure for users is that of a release build, measured there.
    assert!(
        cfg!(debug_assertions) || usable < Duration::from_secs(4),
        "usable after {usable:?}, the browser's own start in it"
    );

    command(&tab, "일일체크").await;
    tab.shows(".embed-title", "일일 체크 · Gear Freak 운영 서버").await;
    tab.shows(".button", "다시 점검").await;
    assert!(!tab.text("document.querySelector('.embed').textContent").await.contains("❌"), "all is well at first");
    tab.click(".fault", "redis").await;
    tab.shows(".figure.bad", "redis").await;
    tab.click(".button", "다시 점검").await;
    tab.shows(".embed", "❌").await;
    tab.click(".button", "자세히").await;
    tab.shows(".message.private", "나만 볼 수 있습니다").await;
    assert_eq!(tab.complaints(), [""; 0]);
}
