//! How SQLite finds what is asked often: by an index, into the few rows that are wanted, whatever is kept besides.

use super::{Fresh, Store};
use crate::store::{duty, graded, past, retain, trend};

/// The steps of `sql`, as SQLite explains them.
async fn plan(store: &Store, sql: &str) -> Vec<String> {
    let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(explained).fetch_all(&store.readers).await.unwrap();
    rows.into_iter().map(|(.., step)| step).collect()
}

/// No step reads a whole table, or sorts what it found.
async fn assert_searches(store: &Store, what: &str, sql: &str) {
    let plan = plan(store, sql).await;
    let reads = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
    assert!(!plan.is_empty() && !plan.iter().any(reads), "{what}: {plan:#?}");
}

#[tokio::test]
async fn what_is_asked_often_is_found_without_reading_all() {
    let Fresh { store, folder: _folder } = Fresh::new().await;
    for (what, sql) in [
        ("the past of a check", past::NUMBERS),
        ("a trend", trend::MEASURED),
        ("a trend of hours", trend::BY_HOUR),
        ("the runs of a month", graded::FINISHED),
        ("what was due in a month", &format!("SELECT * FROM occurrence {}", duty::BETWEEN)),
        ("old outputs", &retain::old_evidence()),
        ("old reports", &retain::old_runs()),
    ] {
        assert_searches(&store, what, sql).await;
    }
}
