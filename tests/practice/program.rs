//! `signoff sandbox` as a program: its link, and what is wrong with how it is asked.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::world::{asked, start};

fn sandbox(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command
        .arg("sandbox")
        .args(arguments)
        .args(["--config", concat!(env!("CARGO_MANIFEST_DIR"), "/bot.toml")])
        .env("LANG", "ko_KR.UTF-8")
        .env_remove("LC_ALL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Waits for the link that it prints.
async fn link(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(at) = line.find("http://127.0.0.1:") {
                return line[at..].to_owned();
            }
        }
        panic!("it ended without a link");
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.expect("a link in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_gives_a_link_to_a_page_that_answers() {
    let mut child = sandbox(&["--port", "0", "--scene", "disk-full"]).spawn().unwrap();
    let link = link(&mut child).await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = http.get(&link).send().await.unwrap();
    assert!(page.status().is_success() || page.status().is_redirection(), "{}", page.status());

    // The bot in it is the real one: /daily finds what the scene broke.
    let (base, key) = link.split_once("/?key=").unwrap();
    let ask = async |request: reqwest::RequestBuilder| -> Value {
        let answer = request.bearer_auth(key).header("content-type", "application/json").send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    };
    let asked =
        ask(http.post(format!("{base}/api/channels/운영/commands?as=지민")).body(r#"{"command": "daily"}"#)).await;
    assert!(asked["interaction"].is_string(), "{asked}");
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let messages = ask(http.get(format!("{base}/api/channels/운영/messages?as=지민"))).await.to_string();
        if messages.contains("다시 점검") {
            assert!(messages.contains("디스크") && messages.contains("❌ 이상 1"), "{messages}");
            break;
        }
        assert!(Instant::now() < patience, "no report: {messages}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    // The port is taken now, and that is told with what to do.
    let port = link.split(':').nth(2).unwrap().split('/').next().unwrap().to_owned();
    let second = sandbox(&["--port", &port]).output().await.unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(3));
    assert!(said.contains(&format!("{port}번 포트를 이미 쓰고 있습니다")) && said.contains("--port 0"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_scene_and_a_taken_folder_are_told_with_a_hint() {
    let wrong = sandbox(&["--port", "0", "--scene", "nowhere"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert_eq!(wrong.status.code(), Some(3));
    assert!(said.contains("nowhere") && said.contains("disk-full"), "{said}");

    let folder = TempDir::new().unwrap();
    let first = start(&asked(folder.path())).await;
    let second = sandbox(&["--port", "0", "--data", folder.path().to_str().unwrap()]).output().await.unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(3));
    assert!(said.contains("--data"), "{said}");
    drop(first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_folder_keeps_the_state() {
    let folder = TempDir::new().unwrap();
    let first = start(&asked(folder.path())).await;
    first.host.set_fault("memory", true).unwrap();
    // It is written down shortly after.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    drop(first);
    let again = start(&asked(folder.path())).await;
    assert_eq!(again.host.broken(), ["memory"]);
}
