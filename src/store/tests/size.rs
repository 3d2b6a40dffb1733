//! What a run weighs on disk, and how long keeping it takes.

use std::time::Instant;

use super::sample::{asking, daily, nine, report};
use super::{Fresh, one};

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
