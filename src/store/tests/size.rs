//! What a run weighs on disk, and how long keeping it takes.

use std::time::Instant;

use super::sample::{asking, daily, nine, report};
use super::{Fresh, one};
use crate::domain::calendar::Calendar;
use crate::domain::period::{Every, Period};
use crate::domain::signoff::Case;
use crate::domain::signoff::draft::{Draft, Said};
use crate::domain::words::{Who, Words};

/// The most that a day's run with 8 kB of evidence may weigh, in bytes: ten of them a day are 58 MB a year, of the 60 that
/// there are.
const MOST: u64 = 16_000;

#[tokio::test]
async fn daily_runs_stay_small() {
    // 2,000 of them weigh the same each, and take 20 s to keep without optimisation.
    const RUNS: u32 = 200;
    let fresh = Fresh::new().await;
    let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let empty = one::<i64>(&fresh.store, size).await;
    let started = Instant::now();
    for day in 0..RUNS {
        let begun = daily(nine(day));
        let run = fresh.store.begin_run(&begun).await.unwrap();
        assert!(fresh.store.finish_run(run, &report(&begun, day)).await.unwrap());
    }
    let keeping = started.elapsed() / RUNS;
    let started = Instant::now();
    assert_eq!(fresh.store.past(&asking("used"), "gear-freak", nine(RUNS)).await.unwrap().len(), 12);
    let looking_back = started.elapsed();
    let bytes = u64::try_from(one::<i64>(&fresh.store, size).await - empty).unwrap() / u64::from(RUNS);
    let text = one::<i64>(&fresh.store, "SELECT sum(length(what) + length(output)) FROM evidence WHERE run = 1").await;
    println!(
        "a run of 12 checks, 27 numbers, {text} bytes of evidence weighs {bytes} bytes: one a day is {:.1} MB a year; \
         {keeping:?} to keep, {looking_back:?} to find its numbers again",
        f64::from(u32::try_from(bytes * 365).unwrap()) / 1e6
    );
    assert!(bytes <= MOST, "{bytes} bytes");
}

/// The most that the database may grow by in a year as shipped, in bytes.
const MOST_A_YEAR: u64 = 60_000_000;

#[tokio::test]
async fn a_year_as_shipped_stays_small() {
    // A fifth of a year of runs and sign-offs; samples as they stand once minutes go after two weeks and hours after
    // thirteen months: ten series of a host with two disks.
    const PART: u32 = 5;
    let fresh = Fresh::new().await;
    let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let empty = one::<i64>(&fresh.store, size).await;
    for day in 0..365 / PART {
        // Each day one by the schedule and one that somebody asked for; what is weekly or monthly weighs as much as a
        // third one.
        for minute in [0, 90, 180] {
            let begun = daily(nine(day) + chrono::TimeDelta::minutes(minute));
            let run = fresh.store.begin_run(&begun).await.unwrap();
            let report = report(&begun, day);
            assert!(fresh.store.finish_run(run, &report).await.unwrap());
            if minute == 180 {
                let mut draft = Draft::default();
                for (check, _) in draft.clone().open(&report) {
                    let note = Words::new("금요일에 정리합니다. 그때까지 지켜봅니다.").unwrap();
                    draft.said.insert(check.id.clone(), Said::Note(note));
                }
                let statement = draft.complete(run, &report).unwrap();
                let period = Period::at(Every::Day, begun.started_at, chrono_tz::Asia::Seoul);
                let case = Case { command: "daily".to_owned(), host: "gear-freak".to_owned(), period };
                let who = Who { id: 7, name: "지민".to_owned() };
                let signed = fresh
                    .store
                    .sign(&case, &Calendar::plain(chrono_tz::Asia::Seoul), &statement, &who, report.finished_at)
                    .await;
                assert!(signed.is_ok(), "{signed:?}");
            }
        }
    }
    let runs = one::<i64>(&fresh.store, size).await - empty;
    fresh
        .sql(
            "WITH RECURSIVE ten (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM ten WHERE n < 10)
             INSERT INTO vital (id, host, name, subject) SELECT n, 'gear-freak', 'vital-' || n, '' FROM ten",
        )
        .await;
    fresh
        .sql(
            "WITH RECURSIVE minute (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM minute WHERE n < 14 * 1440)
             INSERT INTO sample SELECT vital.id, 1795392000000 + n * 60000, 40.123 + n * 0.37 FROM vital, minute",
        )
        .await;
    fresh
        .sql(
            "WITH RECURSIVE hour (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM hour WHERE n < 396 * 24)
             INSERT INTO sample_hour SELECT vital.id, 1795392000000 + n * 3600000, 60, 2400.5 + n, 12.3 + n, 88.8 + n
             FROM vital, hour",
        )
        .await;
    let samples = one::<i64>(&fresh.store, size).await - empty - runs;
    let year = u64::try_from(runs).unwrap() * u64::from(PART) + u64::try_from(samples).unwrap();
    println!(
        "a year is {:.1} MB, {:.1} MB of it samples, which grow no further",
        mega(year),
        mega(samples.unsigned_abs())
    );
    assert!(year <= MOST_A_YEAR, "{year} bytes");
}

#[allow(clippy::cast_precision_loss)]
fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
