//! How long looking back takes on five years of history: `cargo bench --bench history`. It needs no box.
//!
//! 2,000 runs of 50 checks and 500 numbers each are kept first, most of them signed, which takes a minute or two; then every
//! command is asked in the practice Discord. Then a year as shipped is kept, with all that belongs to it, and its size is
//! told. Prints figures and asserts none. `HISTORY_RUNS` (2000) makes it shorter.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use signoff::commands::{self, Commands};
use signoff::domain::calendar::Calendar;
use signoff::domain::command::Checklist;
use signoff::domain::evidence::{Measurement, Status};
use signoff::domain::grade::Grade;
use signoff::domain::message::Localised;
use signoff::domain::period::{Every, Period};
use signoff::domain::quantity::Quantity;
use signoff::domain::report::{Report, ReportBuilder, ReportedEvidence};
use signoff::domain::retention::Retention;
use signoff::domain::run::{NewRun, Origin, RunId};
use signoff::domain::signoff::Case;
use signoff::domain::signoff::draft::{Attested, Draft};
use signoff::domain::vital::Vital;
use signoff::domain::words::Who;
use signoff::store::Store;
use signoff_sandbox::{PracticeDiscord, RateLimits, Seat};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

#[macro_use]
#[path = "support/tell.rs"]
mod tell;
#[path = "support/process.rs"]
mod process;

use process::Process;
use tell::{Failed, spread};

const TIMES: usize = 15;
const CHECKS: usize = 50;
const NUMBERS: usize = 10;
const SEOUL: chrono_tz::Tz = chrono_tz::Asia::Seoul;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let runs: u32 = std::env::var("HISTORY_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(2000);
    let folder = TempDir::new()?;
    let discord = PracticeDiscord::builder().rate_limits(RateLimits::none()).start().await?;
    let commands = deployment(folder.path(), &discord)?;
    let checklist = commands.checklists.get("daily").ok_or("no checklist")?;
    fill(&folder.path().join("signoff.db"), checklist, runs).await?;
    let bot = Process::start(folder.path(), &discord)?;
    discord.wait_for_command("history").await?;
    let seat = discord.as_user("지민").in_channel("운영");
    for (command, options) in [
        ("history", &[("checklist", "daily")][..]),
        ("history", &[("checklist", "daily"), ("period", "2024-02")]),
        ("trend", &[("check", "daily/check-0/number"), ("days", "90")]),
        ("trend", &[("check", "daily/memory/used"), ("days", "7")]),
        ("trend", &[("check", "daily/memory/used"), ("days", "90")]),
        ("report", &[]),
        ("report", &[("period", "2024-02")]),
        ("help", &[]),
        ("daily", &[]),
    ] {
        ask(&seat, command, options).await?;
    }
    drop(bot);
    year().await
}

/// A checklist of fifty checks, some of which ask the past.
fn deployment(folder: &Path, discord: &PracticeDiscord) -> Result<Commands, Failed> {
    discord.write_ca(folder.join("ca.pem"))?;
    std::fs::create_dir(folder.join("commands"))?;
    let mut daily = String::from(
        "kind = \"checklist\"\ntitle = { ko = \"일일 체크\", en = \"Daily\" }\n\
         description = { ko = \"점검\", en = \"Check\" }\nsigned = \"day\"\n",
    );
    for number in 0..CHECKS {
        if number % 10 == 0 {
            write!(
                daily,
                "[[section]]\nid = \"s{number}\"\ntitle = {{ ko = \"구역 {number}\", en = \"Section {number}\" }}\n"
            )?;
        }
        let rule = if number % 10 == 0 { "> 1.5 x usual" } else { ">= 80" };
        write!(
            daily,
            "[[section.check]]\nid = \"check-{number}\"\ntitle = {{ ko = \"항목 {number}\", en = \"Check {number}\" }}\n\
             probe = {{ kind = \"shell\", command = \"echo 12\" }}\nrules = [{{ measure = \"number\", warn = \"{rule}\" }}]\n"
        )?;
    }
    // What is sampled between the runs is drawn from its samples.
    daily.push_str(
        "[[section.check]]\nid = \"memory\"\ntitle = { ko = \"메모리\", en = \"Memory\" }\nprobe = { kind = \"memory\" }\n\
         rules = [{ measure = \"used\", fail = \">= 85 %\" }]\n",
    );
    std::fs::write(folder.join("commands/daily.toml"), daily)?;
    std::fs::write(
        folder.join("bot.toml"),
        format!(
            "[discord]\nguild = \"1000000000000000001\"\ntoken = {{ env = \"DISCORD_TOKEN\" }}\nconnect_to = \"{}\"\n\
             ca_file = \"ca.pem\"\n[roles]\noperations = \"1000000000000000011\"\n\
             [hosts.here]\ntitle = {{ ko = \"여기\", en = \"Here\" }}\ntransport = \"local\"\n",
            discord.addr()
        ),
    )?;
    commands::load(&folder.join("commands")).map_err(|problems| problems.to_string().into())
}

/// Five years: as many runs, evenly apart, the last one yesterday.
async fn fill(path: &Path, checklist: &Checklist, runs: u32) -> Result<(), Failed> {
    let started = Instant::now();
    let store = Store::open(path).await?;
    let apart = TimeDelta::days(1826) / i32::try_from(runs)?;
    let begins = Utc::now() - TimeDelta::days(1826);
    for number in 0..runs {
        let at = begins + apart * i32::try_from(number)?;
        let (run, report) = keep(&store, checklist, number, at).await?;
        let case =
            Case { command: "daily".to_owned(), host: "here".to_owned(), period: Period::at(Every::Day, at, SEOUL) };
        if let Ok(statement) = Draft::default().complete(run, &report) {
            let who = Who { id: 7, name: "지민".to_owned() };
            store.sign(&case, &Calendar::plain(SEOUL), &statement, &who, at + TimeDelta::minutes(10)).await?;
        }
    }
    samples(path, "here").await?;
    let megabytes = megabytes(path)?;
    tell!(
        "kept {runs} runs, {} checks, {} numbers in {:.0} s: {megabytes:.0} MB",
        CHECKS * runs as usize,
        CHECKS * NUMBERS * runs as usize,
        started.elapsed().as_secs_f64()
    );
    store.close().await;
    Ok(())
}

/// A run of ten numbers and some hundred characters a check.
async fn keep(store: &Store, checklist: &Checklist, number: u32, at: DateTime<Utc>) -> Result<(RunId, Report), Failed> {
    let host = Localised { ko: "여기".to_owned(), en: "Here".to_owned() };
    let mut report = ReportBuilder::new(checklist, "here", &host, at).finish();
    report.finished_at = at + TimeDelta::milliseconds(400);
    for check in report.sections.iter_mut().flat_map(|section| &mut section.checks) {
        let value = f64::from(number % 60) + 10.0;
        check.grade = Grade::Pass;
        check.reasons = Vec::new();
        check.shown = vec![Measurement::quantity("number", Quantity::count(value))];
        check.measurements = check.shown.clone();
        for subject in 1..NUMBERS {
            let one = Measurement::quantity("number", Quantity::count(value)).of(format!("part-{subject}"));
            check.measurements.push(one);
        }
        check.evidence = ReportedEvidence {
            what: "echo 12".to_owned(),
            status: Some(Status::Exit(0)),
            output: "12 ".repeat(40),
            ..ReportedEvidence::default()
        };
    }
    let run = NewRun {
        command: checklist.id.clone(),
        title: checklist.title.clone(),
        host: "here".to_owned(),
        host_title: host,
        origin: Origin::Terminal { user: "jimin".to_owned() },
        started_at: at,
        deadline_at: at + TimeDelta::minutes(1),
    };
    let id = store.begin_run(&run).await?;
    store.finish_run(id, &report).await?;
    Ok((id, report))
}

/// The size of a database with its log.
fn megabytes(path: &Path) -> Result<f64, Failed> {
    let size = |path: &Path| path.metadata().map_or(0, |data| data.len());
    #[allow(clippy::cast_precision_loss)]
    let megabytes = (size(path) + size(&path.with_extension("db-wal"))) as f64 / 1e6;
    Ok(megabytes)
}

/// The samples of a host with two disks as they stand for ever: two weeks of minutes, thirteen months of hours.
async fn samples(path: &Path, host: &str) -> Result<(), Failed> {
    let mut db = SqliteConnectOptions::new().filename(path).connect().await?;
    let fill = format!(
        "INSERT INTO vital (host, name, subject) VALUES
             {};
         CREATE TEMP TABLE minute AS WITH RECURSIVE minute (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM minute WHERE n < 20159)
             SELECT (unixepoch() / 60 - n) * 60000 AS at FROM minute;
         INSERT INTO sample SELECT vital.id, at, abs(random() % 10000) / 100.0 FROM vital, minute;
         WITH RECURSIVE hour (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM hour WHERE n < 396 * 24)
         INSERT INTO sample_hour SELECT vital.id, (unixepoch() / 3600 - n) * 3600000, 60, abs(random() % 600000) / 100.0, 0.25, 99.75
         FROM vital, hour;",
        Vital::ALL
            .iter()
            .flat_map(|vital| match vital {
                Vital::Disk => vec![(vital.name(), "/"), (vital.name(), "/var/lib/docker")],
                _ => vec![(vital.name(), "")],
            })
            .map(|(name, subject)| format!("('{host}', '{name}', '{subject}')"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(&mut db).await?;
    db.close().await?;
    Ok(())
}

/// A year as shipped: each checklist as often as its schedule says, the daily one twice more by somebody, all of it signed,
/// and what is sampled.
async fn year() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = signoff::config::load(&root.join("bot.toml")).map_err(|problems| problems.to_string())?;
    let commands = commands::load(&root.join("commands")).map_err(|problems| problems.to_string())?;
    let folder = TempDir::new()?;
    let path = folder.path().join("signoff.db");
    let store = Store::open(&path).await?;
    let now = Utc::now();
    let mut due: Vec<(DateTime<Utc>, &Checklist)> = Vec::new();
    for (name, scheduled) in &config.schedules {
        let Some(checklist) = commands.checklists.get(name) else { continue };
        let times = scheduled.schedule.between(now - TimeDelta::days(365), now, &config.holidays);
        let more: &[i64] = if name == "daily" { &[0, 3, 7] } else { &[0] };
        due.extend(
            times.iter().flat_map(|due| more.iter().map(move |hours| (due.at + TimeDelta::hours(*hours), checklist))),
        );
    }
    due.sort_by_key(|(at, _)| *at);
    for (number, (at, checklist)) in (0..).zip(&due) {
        let (run, report) = keep(&store, checklist, number, *at).await?;
        let Some(every) = checklist.signed else { continue };
        let period = Period::at(every, *at, SEOUL);
        let case = Case { command: checklist.id.clone(), host: "here".to_owned(), period };
        let mut draft = Draft::default();
        for check in report.checks() {
            draft.attested.insert(check.id.clone(), Attested::Yes);
        }
        if let Ok(statement) = draft.complete(run, &report) {
            let who = Who { id: 7, name: "지민".to_owned() };
            store.sign(&case, &Calendar::plain(SEOUL), &statement, &who, *at + TimeDelta::minutes(10)).await?;
        }
    }
    store.close().await;
    let before = megabytes(&path)?;
    samples(&path, "here").await?;
    let whole = megabytes(&path)?;
    tell!(
        "a year as shipped: {} runs, {before:.1} MB, and {:.1} MB of samples, which grow no further",
        due.len(),
        whole - before
    );
    tell!("  together, of 60 MB              {whole:>8.1} MB");
    let store = Store::open(&path).await?;
    let in_two_years = Retention::default().before(now + TimeDelta::days(730));
    let mut gone = (0, 0, 0);
    loop {
        let step = store.let_go(in_two_years).await?;
        gone = (gone.0 + step.evidence, gone.1 + step.runs, gone.2 + step.numbers);
        if !step.more {
            break;
        }
    }
    tell!("  two years later {} outputs, {} reports and {} numbers of it are let go of", gone.0, gone.1, gone.2);
    Ok(())
}

/// One command, to its first answer and to its last change.
async fn ask(seat: &Seat, command: &str, options: &[(&str, &str)]) -> Result<(), Failed> {
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let started = Instant::now();
        let asked = seat.slash(command, options).await?.patient(Duration::from_secs(30));
        first.push(asked.first_answer().await?.after);
        if command == "daily" {
            asked.wait_for(|message| message.buttons().iter().any(|button| button == "다시 점검")).await?;
        } else {
            asked.message().await?;
        }
        whole.push(started.elapsed());
    }
    let options: BTreeMap<_, _> = options.iter().copied().collect();
    let named: Vec<_> = options.values().copied().collect();
    spread(&format!("/{command} {}", named.join(" ")), &mut first);
    spread("  complete", &mut whole);
    Ok(())
}
