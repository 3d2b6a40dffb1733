//! A PostgreSQL database, asked through `psql` in its own container: nothing that changes it is possible in the session.

pub(super) mod explain;
pub(super) mod size;
pub(super) mod statements;

use serde::de::DeserializeOwned;

use super::docker::names_of;
use super::text::{OUTPUT_LENGTH, fit, quoted};
use super::{Watch, World, could_not};
use crate::domain::evidence::CouldNotLook;
use crate::domain::message::Message;
use crate::domain::probe::Database;

/// How long one statement may take in the database, in milliseconds.
const STATEMENT_TIMEOUT: u32 = 8000;

/// What `psql` says where it asks for something that is not there.
pub(super) const NO_RELATION: &str = "does not exist";

/// Asks `sql`, which gives one row of one column of JSON. Gives back what a person would have run, and the answer.
///
/// # Errors
/// Why it could not be asked, with what PostgreSQL said.
pub(super) async fn ask<T: DeserializeOwned>(
    database: &Database,
    sql: &str,
    world: &World,
    watch: &Watch,
) -> Result<(String, T), CouldNotLook> {
    let what = command(database, &database.service);
    let containers = names_of(&database.service, world, watch).await.map_err(|why| could_not(what, why))?;
    let container = containers.first().map_or("", String::as_str);
    let what = command(database, container);
    let output = world.run(&script(database, container, sql), watch).await;
    let output = output.map_err(|why| could_not(what.clone(), why))?;
    if let Ok(answer) = serde_json::from_str(output.stdout.text.trim()) {
        return Ok((what, answer));
    }
    let said = output.stderr.text.trim();
    let cause = said.lines().find(|line| line.contains("FATAL") || line.contains("rror"));
    let cause = fit(cause.or(said.lines().last()).unwrap_or_default(), &world.masker, 200);
    let mut failed = could_not(what, Message::new("probe-postgres-refused").with("cause", cause));
    failed.output = fit(said, &world.masker, OUTPUT_LENGTH);
    Err(failed)
}

/// What a person would run.
fn command(database: &Database, container: &str) -> String {
    format!("docker exec {container} psql -U {} -d {}", quoted(&database.user), quoted(&database.name))
}

fn script(database: &Database, container: &str, sql: &str) -> String {
    let options = format!("-c default_transaction_read_only=on -c statement_timeout={STATEMENT_TIMEOUT}");
    format!(
        "LC_ALL=C docker exec -i -e PGOPTIONS={} -e PGCONNECT_TIMEOUT=5 {} \
psql -q -X -A -t -v ON_ERROR_STOP=1 -U {} -d {} <<'SQL'\n{sql}\nSQL",
        quoted(&options),
        quoted(container),
        quoted(&database.user),
        quoted(&database.name)
    )
}
