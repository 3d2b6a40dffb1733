//! How long it takes from a click on Approve to the first line of the act on its host: `cargo bench --bench gate`. It needs
//! an OpenSSH server on this machine, which it starts itself on loopback.
//!
//! Asked with an empty database and with 10,000 requests in it. Prints figures and asserts none. `GATE_TIMES` (15) and
//! `GATE_REQUESTS` (10000) make it shorter.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use signoff_sandbox::{Message, PracticeDiscord, RateLimits, Seat};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;

#[macro_use]
#[path = "support/tell.rs"]
mod tell;
#[path = "support/process.rs"]
mod process;
#[allow(
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a helper of tests fails by panicking"
)]
#[path = "../tests/support/sshd.rs"]
mod sshd;

use process::Process;
use sshd::Sshd;
use tell::{Failed, spread};

const DAILY: &str = include_str!("../tests/data/small.toml");
const RESTART: &str = include_str!("../tests/data/restart.toml");

/// The first line of the act says when it began.
const ACT: &str = "#!/bin/sh\ndate +%s%N >>FOLDER/begun\necho restarted\n";

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let Some(server) = Sshd::start(&[]) else { return Ok(()) };
    let folder = TempDir::new()?;
    let discord = PracticeDiscord::builder().rate_limits(RateLimits::none()).start().await?;
    deployment(folder.path(), &discord, &server)?;
    let (times, requests) = (number("GATE_TIMES", 15), number("GATE_REQUESTS", 10_000));

    let bot = Process::start(folder.path(), &discord)?;
    discord.wait_for_command("restart").await?;
    // The first one pays for the connection.
    approve(&discord, folder.path()).await?;
    measure("click to first line, empty database", times, &discord, folder.path()).await?;
    drop(bot);

    fill(folder.path(), requests).await?;
    let bot = Process::start(folder.path(), &discord)?;
    discord.wait_for_command("restart").await?;
    approve(&discord, folder.path()).await?;
    measure(&format!("click to first line, {requests} requests"), times, &discord, folder.path()).await?;
    drop(bot);
    Ok(())
}

fn deployment(folder: &Path, discord: &PracticeDiscord, server: &Sshd) -> Result<(), Failed> {
    discord.write_ca(folder.join("ca.pem"))?;
    std::fs::create_dir(folder.join("commands"))?;
    let here = |text: &str| text.replace("FOLDER", &folder.display().to_string());
    std::fs::write(folder.join("commands/daily.toml"), here(DAILY))?;
    std::fs::write(folder.join("commands/restart.toml"), here(RESTART))?;
    std::fs::write(folder.join("calm"), "12\n")?;
    std::fs::write(folder.join("act"), here(ACT))?;
    std::fs::set_permissions(folder.join("act"), std::fs::Permissions::from_mode(0o755))?;
    std::fs::write(
        folder.join("bot.toml"),
        format!(
            "[discord]\nguild = \"1000000000000000001\"\ntoken = {{ env = \"DISCORD_TOKEN\" }}\nconnect_to = \"{}\"\n\
             ca_file = \"ca.pem\"\n[roles]\noperations = \"1000000000000000011\"\ndevops = \"1000000000000000012\"\n\
             [hosts.here]\ntransport = \"ssh\"\naddress = \"127.0.0.1:{}\"\nuser = \"{}\"\nkey = {{ file = \"{}\" }}\n\
             host_key = \"{}\"\n",
            discord.addr(),
            server.port(),
            sshd::user(),
            server.key().display(),
            server.fingerprint("host_ed25519"),
        ),
    )?;
    Ok(())
}

/// As many requests as years of a team's make: copies of the first one, which came to its end.
async fn fill(folder: &Path, requests: usize) -> Result<(), Failed> {
    let started = Instant::now();
    let mut db = SqliteConnectOptions::new().filename(folder.join("signoff.db")).connect().await?;
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info('request') WHERE name <> 'id'")
        .fetch_all(&mut db)
        .await?;
    let copied: Vec<String> = columns.iter().map(|name| format!("request.{name}")).collect();
    let (columns, copied) = (columns.join(", "), copied.join(", "));
    let copies = format!(
        "INSERT INTO request ({columns}) SELECT {copied} FROM request, json_each((
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {requests})
             SELECT json_group_array(i) FROM n)) WHERE request.id = 1;
         INSERT INTO decision (request, kind, person, name, at)
             SELECT id, 'approve', 1000000000000000202, '현우', asked_at FROM request
             WHERE id NOT IN (SELECT request FROM decision);"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(copies)).execute(&mut db).await?;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM request").fetch_one(&mut db).await?;
    tell!("{count} requests in the database after {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

async fn measure(what: &str, times: usize, discord: &PracticeDiscord, folder: &Path) -> Result<(), Failed> {
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        took.push(approve(discord, folder).await?);
    }
    spread(what, &mut took);
    Ok(())
}

/// One request, asked for and approved. Gives how long the host waited for it after the click.
async fn approve(discord: &PracticeDiscord, folder: &Path) -> Result<Duration, Failed> {
    let seat = |who: &str| discord.as_user(who).in_channel("운영").patient(Duration::from_secs(60));
    let (asks, approves) = (seat("지민"), seat("현우"));
    let before = asks.messages()?.len();
    let modal = asks.slash("restart", &[("service", "serverpod")]).await?.modal().await?;
    asks.submit_modal(&modal, &[("사유", "느립니다")]).await?.wait_for(|m| m.text().contains("올렸습니다")).await?;
    let card = newest(&asks, before).await?;
    let clicked = SystemTime::now();
    approves.click(&card, "승인").await?;
    asks.wait_for(|m| m.id() == card.id() && m.text().contains("✅ 검증됨")).await?;
    let begun = std::fs::read_to_string(folder.join("begun"))?;
    let begun: u64 = begun.lines().last().ok_or("it never began")?.trim().parse()?;
    let begun = UNIX_EPOCH + Duration::from_nanos(begun);
    Ok(begun.duration_since(clicked)?)
}

async fn newest(seat: &Seat, before: usize) -> Result<Message, Failed> {
    let known: Vec<_> = seat.messages()?.iter().take(before).map(Message::id).collect();
    let is_new = |m: &Message| {
        m.text().contains("위험도 ") && m.buttons().iter().any(|b| b == "승인") && !known.contains(&m.id())
    };
    Ok(seat.wait_for(is_new).await?)
}
