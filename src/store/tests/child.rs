//! A second process: this test program once more, told by its environment what to do.

use std::path::Path;
use std::process::{Command, Stdio};

use super::sample::{daily_in_terminal, nine, place, report};
use crate::store::Store;

const TASK: &str = "SIGNOFF_STORE_TEST_TASK";
const FILE: &str = "SIGNOFF_STORE_TEST_FILE";

/// This program again, as the one test below.
pub(super) fn command(task: &str, file: &Path) -> Command {
    // Not by its path: another user may have no way there.
    let mut command = Command::new("/proc/self/exe");
    command.args(["--exact", "store::tests::child::does_what_it_is_told", "--nocapture"]);
    command.env(TASK, task).env(FILE, file).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Not a test of its own: with nobody to tell it what to do it does nothing.
#[tokio::test]
async fn does_what_it_is_told() {
    let (Ok(task), Some(file)) = (std::env::var(TASK), std::env::var_os(FILE)) else { return };
    let opened = Store::open(Path::new(&file)).await;
    match (task.as_str(), opened) {
        ("open", opened) => println!("fault: {:?}", opened.map(|_| ()).map_err(|error| error.fault)),
        ("write", Ok(store)) => write(&store, u32::MAX).await,
        (count, Ok(store)) => write(&store, count.parse().unwrap()).await,
        (_, Err(error)) => panic!("{error}"),
    }
}

/// Keeps `count` runs, one after the other.
async fn write(store: &Store, count: u32) {
    println!("writing");
    for day in 0..count {
        let begun = daily_in_terminal(nine(day % 1000));
        let run = store.begin_run(&begun).await.unwrap();
        store.show_in(run, place(day.into())).await.unwrap();
        assert!(store.finish_run(run, &report(&begun, day % 1000)).await.unwrap());
    }
}
