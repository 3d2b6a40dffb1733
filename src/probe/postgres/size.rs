//! How large the database is, and its ten largest tables.

use serde::Deserialize;

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::probe::Database;
use crate::domain::quantity::Quantity;
use crate::probe::{Watch, World};

const SQL: &str = "SELECT json_build_object(
  'size', pg_database_size(current_database()),
  'tables', (SELECT coalesce(json_agg(t), '[]') FROM (
    SELECT c.oid::regclass::text AS name, pg_total_relation_size(c.oid) AS size
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY 2 DESC LIMIT 10) t));";

#[derive(Deserialize)]
struct Answer {
    size: f64,
    tables: Vec<Table>,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    size: f64,
}

pub(in crate::probe) async fn look(database: &Database, world: &World, watch: &Watch) -> Looked {
    let (what, answer): (_, Answer) = super::ask(database, SQL, world, watch).await?;
    let line = |table: &Table| format!("{:>9} {}", Quantity::bytes(table.size).to_string(), table.name);
    let mut measurements = vec![Measurement::quantity("size", Quantity::bytes(answer.size))];
    measurements.extend(answer.tables.iter().map(|table| {
        let size = Measurement::quantity("table", Quantity::bytes(table.size));
        size.of(table.name.as_str()).shown_by(vec![line(table)])
    }));
    if answer.tables.is_empty() {
        measurements.push(Measurement::quantity("table", Quantity::bytes(0.0)));
    }
    Ok(Evidence {
        what,
        status: Some(Status::Answered),
        output: answer.tables.iter().map(line).collect::<Vec<_>>().join("\n"),
        measurements,
        ..Evidence::default()
    })
}
