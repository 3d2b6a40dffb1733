//! A PostgreSQL database, asked through `psql` in its own container: nothing that changes it is possible in the session.

pub(super) mod explain;
pub(super) mod size;
pub(super) mod statements;

use serde::de::DeserializeOwned;

use super::docker::{list_command, missing};
use super::script::{mark, part};
use super::text::{OUTPUT_LENGTH, fit, quoted};
use super::{Watch, World, could_not};
use crate::domain::evidence::CouldNotLook;
use crate::domain::message::Message;
use crate::domain::probe::Database;

/// How long one statement may take in the database, in milliseconds.
const STATEMENT_TIMEOUT: u32 = 8000;

/// What `psql` says where it asks for something that is not there.
pub(super) const NO_RELATION: &str = "does not exist";

/// Asks `sql`, which gives one row of one column of JSON.
///
/// # Errors
/// Why it could not be asked, with what PostgreSQL said.
pub(super) async fn ask<T: DeserializeOwned>(
    database: &Database,
    sql: &str,
    world: &World,
    watch: &Watch,
) -> Result<T, CouldNotLook> {
    let project = &world.host.config().compose_project;
    let what = command(database);
    let output = world.run(&script(database, project, sql), watch).await.map_err(|why| could_not(what.clone(), why))?;
    let text = &output.stdout.text;
    let said = output.stderr.text.trim();
    let failed = |reason: Message| {
        let mut failed = could_not(what.clone(), reason);
        failed.output = fit(said, &world.masker, OUTPUT_LENGTH);
        failed
    };
    if said.contains("permission denied") && said.contains("docker") {
        return Err(failed(Message::new("probe-logs-no-docker")));
    }
    if part(text, "container").is_empty() {
        return Err(failed(missing(project, &database.service)));
    }
    let answer = part(text, "answer");
    serde_json::from_str(answer).map_err(|_| {
        let cause = said.lines().find(|line| line.contains("FATAL") || line.contains("ERROR") || line.contains("rror"));
        let cause = fit(cause.or(said.lines().last()).unwrap_or_default(), &world.masker, 200);
        failed(Message::new("probe-postgres-refused").with("cause", cause))
    })
}

/// What a person would run.
fn command(database: &Database) -> String {
    format!("docker exec {} psql -U {} -d {}", database.service, quoted(&database.user), quoted(&database.name))
}

fn script(database: &Database, project: &str, sql: &str) -> String {
    let options = format!("-c default_transaction_read_only=on -c statement_timeout={STATEMENT_TIMEOUT}");
    [
        "export LC_ALL=C".to_owned(),
        mark("container"),
        // Running ones only: nobody answers in the others.
        format!("id=$({} | head -n 1); echo $id", list_command(project, &database.service).replace("ps -a", "ps -q")),
        mark("answer"),
        format!(
            "[ -n \"$id\" ] && docker exec -i -e PGOPTIONS={} -e PGCONNECT_TIMEOUT=5 $id psql -q -X -A -t -v ON_ERROR_STOP=1 -U {} -d {} <<'SQL'",
            quoted(&options),
            quoted(&database.user),
            quoted(&database.name)
        ),
        sql.to_owned(),
        "SQL".to_owned(),
        "true".to_owned(),
    ]
    .join("\n")
}
