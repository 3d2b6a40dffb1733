//! One service of the compose project: in which state its container is, how it is, and what happened to it.

use bollard::Docker;
use bollard::models::{ContainerInspectResponse, HealthcheckResult};
use bollard::query_parameters::InspectContainerOptions;
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use tokio::time::timeout_at;

use super::docker::{containers, engine, explain, is_gone, list_command, missing, name, too_late};
use super::text::{LINE_LENGTH, OUTPUT_LENGTH, clip, fit};
use super::{Watch, Why, World, could_not};
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::log_line::plain;
use crate::domain::mask::Masker;
use crate::domain::message::{Arg, Message};
use crate::domain::probe::Container;
use crate::domain::quantity::Quantity;

pub(super) async fn look(probe: &Container, world: &World, watch: &Watch) -> Looked {
    let project = &world.host.config().compose_project;
    let what = list_command(project, &probe.service);
    match engine(world, watch).await {
        Ok(docker) => look_at(&docker, what, probe, world, watch).await,
        Err(reason) => Err(could_not(what, reason)),
    }
}

/// Looks by one list and one inspection: the list alone has neither exit codes nor restarts.
pub(super) async fn look_at(docker: &Docker, what: String, probe: &Container, world: &World, watch: &Watch) -> Looked {
    let project = &world.host.config().compose_project;
    let failed = |why: Why| could_not(&what, why);
    let found = containers(docker, project, Some(&probe.service), watch).await.map_err(failed)?;
    let inspect = async |name: String| {
        let question = docker.inspect_container(&name, None::<InspectContainerOptions>);
        match timeout_at(watch.end(), question).await {
            Ok(Ok(inspected)) => Ok(Some(Inspected::of(name, &inspected))),
            // It went away since it was listed.
            Ok(Err(error)) if is_gone(&error) => Ok(None),
            Ok(Err(error)) => Err(explain(error)),
            Err(_) => Err(too_late(watch).into()),
        }
    };
    let inspected = try_join_all(found.iter().map(|container| inspect(name(container)))).await.map_err(failed)?;
    let inspected: Vec<Inspected> = inspected.into_iter().flatten().collect();
    if inspected.is_empty() {
        return Ok(Evidence { what, ..no_container(missing(project, &probe.service)) });
    }
    Ok(seen(&inspected, world.now, &world.masker))
}

/// What `docker inspect` says of a container, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq)]
struct Inspected {
    name: String,
    image: String,
    digest: String,
    state: String,
    health: String,
    failures: i64,
    last_checks: Vec<HealthcheckResult>,
    restarts: i64,
    exit_code: i64,
    oom_killed: bool,
    error: String,
    started: Option<DateTime<Utc>>,
    finished: Option<DateTime<Utc>>,
}

impl Inspected {
    fn of(name: String, inspected: &ContainerInspectResponse) -> Self {
        let state = inspected.state.clone().unwrap_or_default();
        let health = state.health.unwrap_or_default();
        let status = health.status.map(|status| status.to_string()).filter(|status| !status.is_empty());
        let image = inspected.config.as_ref().and_then(|config| config.image.clone());
        Self {
            name,
            image: image.unwrap_or_default(),
            digest: inspected.image.clone().unwrap_or_default(),
            state: state.status.map_or_else(String::new, |status| status.to_string()),
            health: status.unwrap_or_else(|| "none".to_owned()),
            failures: health.failing_streak.unwrap_or_default(),
            last_checks: health.log.unwrap_or_default(),
            restarts: inspected.restart_count.unwrap_or_default(),
            exit_code: state.exit_code.unwrap_or_default(),
            oom_killed: state.oom_killed.unwrap_or_default(),
            error: state.error.unwrap_or_default(),
            started: state.started_at.as_deref().and_then(time),
            finished: state.finished_at.as_deref().and_then(time),
        }
    }

    /// Its processes are there: a paused container's are, but they stand still.
    fn is_up(&self) -> bool {
        matches!(self.state.as_str(), "running" | "paused")
    }

    /// Why its state is not running.
    fn state_says(&self, now: DateTime<Utc>) -> Option<Message> {
        let about = |key| Message::new(key).with("name", self.name.as_str());
        let code = self.exit_code.to_string();
        let ended = |key| about(key).with("code", code.as_str()).with("ago", span(self.finished, now));
        match self.state.as_str() {
            "running" => None,
            "exited" if self.oom_killed => Some(ended("probe-container-oom")),
            "exited" => Some(ended("probe-container-exited")),
            "restarting" => {
                let restarts = self.restarts.to_string();
                Some(about("probe-container-restarting").with("restarts", restarts).with("code", code))
            }
            "paused" => Some(about("probe-container-paused")),
            "created" => Some(about("probe-container-created")),
            state => Some(about("probe-container-state").with("state", state)),
        }
    }

    /// Why it is not healthy, where its health check says so.
    fn health_says(&self, masker: &Masker) -> Option<Message> {
        let about = |key| Message::new(key).with("name", self.name.as_str());
        match self.health.as_str() {
            "unhealthy" => {
                let last = self.last_checks.last().map(|check| said(check, masker)).unwrap_or_default();
                let key =
                    if last.is_empty() { "probe-container-unhealthy" } else { "probe-container-unhealthy-saying" };
                Some(about(key).with("failures", self.failures.to_string()).with("said", last))
            }
            "none" => Some(about("probe-container-no-health")),
            _ => None,
        }
    }

    fn measurements(&self, now: DateTime<Utc>, masker: &Masker) -> Vec<Measurement> {
        let state = self.state_says(now);
        // The health of a container that does not run is what it last was; that it does not says more.
        let health = state.clone().or_else(|| self.health_says(masker));
        let uptime = self.started.filter(|_| self.is_up()).map_or(0.0, |started| seconds(started, now));
        vec![
            Measurement { says: state.clone(), ..Measurement::text("state", &self.state) },
            Measurement { says: health, ..Measurement::text("health", &self.health) },
            Measurement::quantity("restarts", count(self.restarts)),
            Measurement { says: state.clone(), ..Measurement::quantity("exit_code", count(self.exit_code)) },
            Measurement {
                says: state.filter(|_| !self.is_up()),
                ..Measurement::quantity("uptime", Quantity::seconds(uptime))
            },
        ]
    }

    /// The lines of `docker inspect` that matter.
    fn summary(&self, masker: &Masker) -> String {
        let at = |time: Option<DateTime<Utc>>| {
            time.map_or_else(|| "-".to_owned(), |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        };
        let mut lines = vec![
            format!("Name: {}", self.name),
            format!("Image: {} ({})", self.image, self.digest),
            format!("State: {} (ExitCode {}, OOMKilled {})", self.state, self.exit_code, self.oom_killed),
            format!("Health: {} (FailingStreak {})", self.health, self.failures),
            format!("RestartCount: {}", self.restarts),
            format!("StartedAt: {}", at(self.started)),
            format!("FinishedAt: {}", at(self.finished)),
        ];
        if !self.error.is_empty() {
            lines.push(format!("Error: {}", clip(&masker.mask(&self.error), LINE_LENGTH)));
        }
        // The last two checks, the newest first: whether it has just changed.
        for check in self.last_checks.iter().rev().take(2) {
            let code = check.exit_code.map_or_else(|| "?".to_owned(), |code| code.to_string());
            let said = said(check, masker);
            let colon = if said.is_empty() { "" } else { ": " };
            lines.push(format!("Health check exit {code}{colon}{said}"));
        }
        lines.join("\n")
    }
}

/// What a health check printed, in one line.
fn said(check: &HealthcheckResult, masker: &Masker) -> String {
    let output = check.output.as_deref().unwrap_or_default();
    let masked = masker.mask(&plain(output)).split_whitespace().collect::<Vec<_>>().join(" ");
    clip(&masked, LINE_LENGTH).into_owned()
}

/// A time as the engine writes it; `0001-01-01T00:00:00Z` is its word for never.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    (time.timestamp() > 0).then_some(time)
}

/// How long `from` is ago. The host's clock may be ahead of the bot's: never less than nothing.
fn seconds(from: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    (now - from).to_std().unwrap_or_default().as_secs_f64()
}

/// How long `from` is ago.
fn span(from: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Arg {
    from.map_or_else(|| "?".into(), |from| Quantity::seconds(seconds(from, now)).into())
}

#[expect(clippy::cast_precision_loss, reason = "exit codes and restarts are far below 2^53")]
fn count(number: i64) -> Quantity {
    Quantity::count(number as f64)
}

/// Evidence of the containers of one service. Where there are several, each measurement names its own.
fn seen(inspected: &[Inspected], now: DateTime<Utc>, masker: &Masker) -> Evidence {
    let names: Vec<&str> = inspected.iter().map(|one| one.name.as_str()).collect();
    let measure = |one: &Inspected| {
        let subject = (inspected.len() > 1).then(|| one.name.clone());
        let own = one.measurements(now, masker);
        own.into_iter().map(move |measurement| Measurement { subject: subject.clone(), ..measurement })
    };
    let killed_inside = |one: &&Inspected| one.oom_killed && one.state == "running";
    let summaries: Vec<String> = inspected.iter().map(|one| one.summary(masker)).collect();
    Evidence {
        what: format!("docker inspect {}", names.join(" ")),
        status: Some(Status::Answered),
        output: fit(&summaries.join("\n\n"), masker, OUTPUT_LENGTH),
        measurements: inspected.iter().flat_map(measure).collect(),
        notes: inspected
            .iter()
            .filter(killed_inside)
            .map(|one| Message::new("probe-container-oom-inside").with("name", one.name.as_str()))
            .collect(),
        ..Evidence::default()
    }
}

/// Evidence that there is no container: its state is `missing`, and nothing else of it can be measured.
fn no_container(reason: Message) -> Evidence {
    let unread = ["health", "restarts", "exit_code", "uptime"].map(|measure| (measure.to_owned(), reason.clone()));
    Evidence {
        status: Some(Status::Answered),
        measurements: vec![Measurement::text("state", "missing").saying(reason)],
        unread: unread.into(),
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::evidence::Value;

    const NOW: &str = "2026-11-22T09:00:00Z";

    fn inspected(state: &serde_json::Value, restarts: u32) -> Inspected {
        let answer = json!({
            "Id": "0123", "Name": "/gear_freak_redis", "Image": "sha256:abcd", "RestartCount": restarts,
            "Config": { "Image": "redis:7" }, "State": state,
        });
        Inspected::of("gear_freak_redis".to_owned(), &serde_json::from_value(answer).unwrap())
    }

    fn look_at(state: &serde_json::Value) -> Evidence {
        seen(&[inspected(state, 4)], time(NOW).unwrap(), &Masker::new(["hunter2"]))
    }

    fn of<'a>(evidence: &'a Evidence, measure: &str) -> &'a Measurement {
        evidence.of(measure).next().unwrap()
    }

    fn says(evidence: &Evidence, measure: &str) -> String {
        let says = of(evidence, measure).says.as_ref();
        says.map_or_else(String::new, |says| serde_json::to_string(says).unwrap())
    }

    #[test]
    fn a_healthy_container_says_nothing() {
        let evidence = look_at(&json!({
            "Status": "running", "Running": true, "Paused": false, "ExitCode": 0, "OOMKilled": false, "Error": "",
            "StartedAt": "2026-11-22T07:59:59.123456789Z", "FinishedAt": "0001-01-01T00:00:00Z",
            "Health": { "Status": "healthy", "FailingStreak": 0, "Log": [
                { "Start": "2026-11-22T08:59:58Z", "End": "2026-11-22T08:59:58Z", "ExitCode": 0, "Output": "PONG\n" }
            ] },
        }));
        assert_eq!(evidence.what, "docker inspect gear_freak_redis");
        let values: Vec<String> = evidence.measurements.iter().map(|one| one.value.to_string()).collect();
        assert_eq!(values, ["running", "healthy", "4", "0", "1 h"]);
        assert!(evidence.measurements.iter().all(|one| one.says.is_none() && one.subject.is_none()));
        assert!(evidence.output.contains("Image: redis:7 (sha256:abcd)"), "{}", evidence.output);
        assert!(evidence.output.contains("Health check exit 0: PONG"), "{}", evidence.output);
        assert!(evidence.output.contains("FinishedAt: -"), "{}", evidence.output);
    }

    #[test]
    fn a_container_that_ended_tells_how_and_when() {
        let evidence = look_at(&json!({
            "Status": "exited", "ExitCode": 137, "OOMKilled": false,
            "StartedAt": "2026-11-22T07:00:00Z", "FinishedAt": "2026-11-22T08:55:00Z",
            "Health": { "Status": "unhealthy", "FailingStreak": 0, "Log": [] },
        }));
        let ago = Quantity::seconds(300.0);
        let expected = json!({ "key": "probe-container-exited", "args": {
            "name": { "text": "gear_freak_redis" }, "code": { "text": "137" }, "ago": { "quantity": ago } } });
        for measure in ["state", "health", "exit_code", "uptime"] {
            assert_eq!(serde_json::to_value(of(&evidence, measure).says.clone()).unwrap(), expected, "{measure}");
        }
        assert_eq!(of(&evidence, "uptime").value, Value::Quantity(Quantity::seconds(0.0)));
    }

    #[test]
    fn every_state_has_its_own_words() {
        for (state, key) in [
            (json!({ "Status": "exited", "ExitCode": 137, "OOMKilled": true }), "probe-container-oom"),
            (json!({ "Status": "restarting", "ExitCode": 1 }), "probe-container-restarting"),
            (json!({ "Status": "paused", "Running": true, "Paused": true }), "probe-container-paused"),
            (json!({ "Status": "created" }), "probe-container-created"),
            (json!({ "Status": "dead" }), "probe-container-state"),
            (json!({}), "probe-container-state"),
        ] {
            assert!(says(&look_at(&state), "state").contains(&format!("\"{key}\"")), "{state}");
        }
    }

    #[test]
    fn a_paused_container_has_failed_no_health_check() {
        let evidence = look_at(&json!({
            "Status": "paused", "Running": true, "Paused": true,
            "Health": { "Status": "unhealthy", "FailingStreak": 0, "Log": [] },
        }));
        assert!(says(&evidence, "health").contains("probe-container-paused"));
    }

    #[test]
    fn a_failing_health_check_is_quoted_without_its_secret() {
        let evidence = look_at(&json!({
            "Status": "running", "StartedAt": "2026-11-22T08:00:00Z",
            "Health": { "Status": "unhealthy", "FailingStreak": 7, "Log": [
                { "ExitCode": 0, "Output": "PONG" },
                { "ExitCode": 1, "Output": "\u{1b}[31mAUTH hunter2\n failed\u{1b}[0m" },
            ] },
        }));
        let said = says(&evidence, "health");
        assert!(said.contains("probe-container-unhealthy-saying") && said.contains("AUTH ••• failed"), "{said}");
        assert!(!format!("{evidence:?}").contains("hunter2"));
    }

    #[test]
    fn a_container_without_a_health_check_has_none() {
        let evidence = look_at(&json!({ "Status": "running", "StartedAt": "2026-11-22T08:00:00Z" }));
        assert_eq!(of(&evidence, "health").value, Value::Text("none".to_owned()));
        assert!(says(&evidence, "health").contains("probe-container-no-health"));
    }

    #[test]
    fn a_container_that_is_not_there_is_evidence() {
        let evidence = no_container(missing("gear_freak", "redis"));
        assert_eq!(of(&evidence, "state").value, Value::Text("missing".to_owned()));
        assert_eq!(evidence.unread.len(), 4);
    }

    #[test]
    fn several_containers_of_a_service_are_told_apart() {
        let one = inspected(&json!({ "Status": "running" }), 0);
        let other = Inspected { name: "gear_freak_redis_2".to_owned(), state: "paused".to_owned(), ..one.clone() };
        let evidence = seen(&[one, other], time(NOW).unwrap(), &Masker::default());
        let subjects: Vec<_> = evidence.of("state").map(|one| one.subject.clone().unwrap()).collect();
        assert_eq!(subjects, ["gear_freak_redis", "gear_freak_redis_2"]);
    }
}
