//! What a run weighs on disk, and how long keeping it takes.

use std::time::Instant;

use super::sample::{daily, nine, report};
use super::{Fresh, one};

/// The most that a day's run may weigh. At 24 runs a day it would be 53 MB a year, of the 60 that there are.
const MOST: u64 = 6_000;

#[tokio::test]
async fn five_years_of_daily_runs_stay_small() {
    const RUNS: u32 = 2_000;
    let fresh = Fresh::new().await;
    let empty =
        one::<i64>(&fresh.store, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").await;
    // How long it takes to wait for a disk is not the question here.
    fresh.sql("PRAGMA synchronous = OFF").await;
    let started = Instant::now();
    for day in 0..RUNS {
        let begun = daily(nine(day));
        let run = fresh.store.begin_run(&begun).await.unwrap();
        assert!(fresh.store.finish_run(run, &report(&begun, day)).await.unwrap());
    }
    let each = started.elapsed() / RUNS;
    let started = Instant::now();
    let previous = fresh.store.previous("daily", "gear-freak").await.unwrap();
    let looking_back = started.elapsed();
    assert_eq!(previous.len(), 12);
    let full = one::<i64>(&fresh.store, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").await;
    let bytes = u64::try_from(full - empty).unwrap() / u64::from(RUNS);
    println!(
        "a run of 12 checks and 27 numbers: {bytes} bytes, {} MB a year of one a day, {each:?} to keep; \
         {looking_back:?} for the run before",
        bytes * 365 / 1_000_000
    );
    for (what, sql) in [
        ("evidence", "SELECT coalesce(sum(length(what) + length(output)), 0) FROM evidence"),
        ("checks", "SELECT count(*) FROM run_check"),
        ("numbers", "SELECT count(*) FROM measurement"),
    ] {
        println!("{what}: {}", one::<i64>(&fresh.store, sql).await);
    }
    assert!(bytes <= MOST * 2, "{bytes} bytes");
}
