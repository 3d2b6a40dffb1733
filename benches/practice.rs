//! How fast the practice world is there, and what it takes: `cargo bench --bench practice`.
//!
//! Prints figures and asserts none: a machine is as fast as it is.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

type Failed = Box<dyn std::error::Error>;

/// How often the world is started.
const TIMES: usize = 5;

/// How often a command is asked for.
const ASKED: usize = 10;

/// Prints one line of figures; a benchmark has no other purpose.
macro_rules! tell {
    ($($arg:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout().lock(), $($arg)*);
    }};
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let http = reqwest::Client::new();
    let mut usable = Vec::new();
    let mut answers = Vec::new();
    let mut memory: f64 = 0.0;
    for turn in 0..TIMES {
        let begun = Instant::now();
        let mut child = start()?;
        let link = link(&mut child).await?;
        http.get(&link).send().await?.error_for_status()?;
        usable.push(begun.elapsed());
        if turn + 1 == TIMES {
            for _ in 0..ASKED {
                answers.push(daily(&http, &link).await?);
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            memory = resident(&child)?;
        }
    }
    told("from the command to a usable page", &mut usable);
    told("a slash command's first answer on the page", &mut answers);
    tell!("{:<44} {memory:>8.1} MB", "resident memory of the whole world");
    Ok(())
}

fn start() -> Result<Child, Failed> {
    Ok(Command::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["sandbox", "--port", "0", "--config", concat!(env!("CARGO_MANIFEST_DIR"), "/bot.toml")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?)
}

async fn link(child: &mut Child) -> Result<String, Failed> {
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(at) = line.find("http://127.0.0.1:") {
            return Ok(line.get(at..).unwrap_or_default().to_owned());
        }
    }
    Err("it ended without a link".into())
}

/// Sends `/daily` as a member of the team, as the page does; gives the time to the first answer.
async fn daily(http: &reqwest::Client, link: &str) -> Result<Duration, Failed> {
    let (base, key) = link.split_once("/?key=").ok_or("a link without a key")?;
    let begun = Instant::now();
    let answer = http
        .post(format!("{base}/api/channels/운영/commands?as=지민"))
        .bearer_auth(key)
        .header("content-type", "application/json")
        .body(r#"{"command": "daily"}"#)
        .send()
        .await?
        .error_for_status()?;
    let asked: serde_json::Value = serde_json::from_str(&answer.text().await?)?;
    let id = asked["interaction"].as_str().ok_or("no interaction")?;
    let answer = http.get(format!("{base}/api/interactions/{id}?as=지민&wait=3000")).bearer_auth(key).send().await?;
    let answer: serde_json::Value = serde_json::from_str(&answer.text().await?)?;
    if answer["state"] == "answered" { Ok(begun.elapsed()) } else { Err(format!("not answered: {answer}").into()) }
}

fn resident(child: &Child) -> Result<f64, Failed> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().ok_or("it has ended")?))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no such line")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes * 1024.0 / 1e6)
}

fn told(what: &str, times: &mut [Duration]) {
    times.sort();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
    tell!(
        "{what:<44} {:>8.0} ms  ({:.0} to {:.0})",
        ms(times.get(times.len() / 2)),
        ms(times.first()),
        ms(times.last())
    );
}
