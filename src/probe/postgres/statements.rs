//! How long the queries of the database take, as pg_stat_statements counts them.

use serde::Deserialize;

use crate::domain::evidence::{Evidence, Instead, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Database;
use crate::domain::quantity::Quantity;
use crate::probe::text::{LINE_LENGTH, fit};
use crate::probe::{Watch, World};

/// Of this database alone: the view holds those of all. Columns as of PostgreSQL 13.
const SQL: &str = "SELECT json_build_object(
  'calls', sum(calls), 'total', sum(total_exec_time),
  'slowest', (SELECT coalesce(json_agg(s), '[]') FROM (
    SELECT s.mean_exec_time AS mean, s.calls, regexp_replace(s.query, '\\s+', ' ', 'g') AS query
    FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE d.datname = current_database() ORDER BY 1 DESC LIMIT 5) s))
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database();";

#[derive(Deserialize)]
struct Answer {
    calls: Option<f64>,
    total: Option<f64>,
    slowest: Vec<Slow>,
}

/// A query, its literals replaced by the extension; times in milliseconds.
#[derive(Deserialize)]
struct Slow {
    mean: f64,
    calls: f64,
    query: String,
}

pub(in crate::probe) async fn look(database: &Database, world: &World, watch: &Watch) -> Looked {
    let (what, answer): (_, Answer) = match super::ask(database, SQL, world, watch).await {
        Ok(answered) => answered,
        Err(failed) if is_missing(&failed.output) => {
            return Ok(Evidence {
                what: failed.what,
                status: Some(Status::Answered),
                instead: Some(Instead::DoesNotApply(Message::new("probe-postgres-no-statements"))),
                ..Evidence::default()
            });
        }
        Err(failed) => return Err(failed),
    };
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let milliseconds = |value: f64| Quantity::seconds(value / 1000.0);
    let calls = answer.calls.unwrap_or(0.0);
    let mean = if calls > 0.0 { answer.total.unwrap_or(0.0) / calls } else { 0.0 };
    let says =
        Message::new("probe-postgres-mean").with("mean", milliseconds(mean)).with("calls", Quantity::count(calls));
    evidence.measurements.push(Measurement::quantity("mean", milliseconds(mean)).saying(says));
    evidence.measurements.push(Measurement::quantity("calls", Quantity::count(calls)));
    let line = |slow: &Slow| {
        let query = fit(&slow.query, &world.masker, LINE_LENGTH);
        format!("{:>7} × {:<6} {query}", milliseconds(slow.mean).to_string(), slow.calls)
    };
    let lines: Vec<_> = answer.slowest.iter().map(line).collect();
    if let Some(slowest) = answer.slowest.first() {
        let measured = Measurement::quantity("slowest", milliseconds(slowest.mean));
        evidence.measurements.push(measured.shown_by(lines.clone()));
    }
    evidence.output = lines.join("\n");
    Ok(evidence)
}

/// Either the extension was not created in this database, or its library was not loaded at start.
fn is_missing(said: &str) -> bool {
    said.contains("pg_stat_statements") && (said.contains(super::NO_RELATION) || said.contains("must be loaded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_missing_in_two_ways() {
        assert!(is_missing("ERROR:  relation \"pg_stat_statements\" does not exist"));
        assert!(is_missing("ERROR:  pg_stat_statements must be loaded via shared_preload_libraries"));
        assert!(!is_missing("FATAL:  database \"gear\" does not exist"));
    }
}
