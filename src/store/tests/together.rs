//! The bot and `signoff check` on one file at the same time.

use std::time::Instant;

use futures::future::join_all;

use super::sample::{as_kept, asking, daily, nine, place, report};
use super::{Fresh, assert_sound, child, one};
use crate::store::{Store, StoreError};

/// A whole run, with the reading that goes with it.
async fn run(store: Store, day: u32) -> Result<(), StoreError> {
    let begun = daily(nine(day));
    store.past(&asking("used"), &begun.host, nine(day)).await?;
    let run = store.begin_run(&begun).await?;
    store.show_in(run, place(day.into())).await?;
    let report = report(&begun, day);
    assert!(store.finish_run(run, &report).await?);
    let kept = store.kept_run(run).await?.unwrap();
    assert_eq!(as_kept(&kept.report.unwrap()), as_kept(&report));
    store.told(run, place(day.into())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_runs_at_once_in_three_processes_lose_nothing() {
    let fresh = Fresh::new().await;
    let started = Instant::now();
    let others: Vec<_> = (0..2).map(|_| child::command("25", &fresh.path()).spawn().unwrap()).collect();
    // A second set of connections, which the first knows nothing of.
    let second = Store::open(&fresh.path()).await.unwrap();
    let stores = [fresh.store.clone(), second.clone()];
    let runs = (0..200).map(|day| tokio::spawn(run(stores[day as usize % 2].clone(), day)));
    for outcome in join_all(runs).await {
        outcome.unwrap().unwrap();
    }
    for other in others {
        let output = other.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    assert_eq!(one::<i64>(&fresh.store, "SELECT count(*) FROM run WHERE state = 'finished'").await, 250);
    assert_eq!(one::<i64>(&fresh.store, "SELECT count(*) FROM run_check").await, 250 * 12);
    assert_eq!(one::<i64>(&fresh.store, "SELECT count(*) FROM series").await, 27);
    assert_sound(&fresh.store).await;
    println!("250 runs by three processes in {:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_open_a_new_file_at_once() {
    let folder = tempfile::TempDir::new().unwrap();
    // It is a matter of moments: several times, so that they meet in several ways.
    for round in 0..10 {
        let path = folder.path().join(format!("new-{round}")).join("signoff.db");
        let opened = (0..8).map(|_| {
            let path = path.clone();
            tokio::spawn(async move { Store::open(&path).await })
        });
        for store in join_all(opened).await {
            assert_eq!(store.unwrap().unwrap().note("none").await.unwrap(), None);
        }
    }
}
