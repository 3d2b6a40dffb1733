//! What the container probes share: the containers of the compose project, and what can go wrong on the way to them.

use std::collections::HashMap;
use std::future::Future;
use std::io::ErrorKind;

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::ContainerSummary;
use bollard::query_parameters::ListContainersOptions;
use tokio::time::timeout_at;

use super::text::clip;
use super::{Watch, World};
use crate::domain::message::{Explain, Message};
use crate::domain::quantity::Quantity;
use crate::host::HostError;

/// Labels that docker-compose gives its containers.
const PROJECT: &str = "com.docker.compose.project";
const SERVICE: &str = "com.docker.compose.service";
const ONE_OFF: &str = "com.docker.compose.oneoff";

/// The most characters of an engine's own words.
const CAUSE_LENGTH: usize = 200;

/// The engine, and the containers of the host's compose project (of `service`, where one is named), the stopped ones
/// included, by name. `docker-compose run` makes containers too; they are no service.
///
/// # Errors
/// Why the engine could not be asked.
pub(super) async fn containers(
    world: &World,
    watch: &Watch,
    service: Option<&str>,
) -> Result<(Docker, Vec<ContainerSummary>), Message> {
    let docker = within(watch, world.host.docker()).await?.map_err(|error| error.message())?;
    let project = &world.host.config().compose_project;
    let labels = std::iter::once(format!("{PROJECT}={project}")).chain(service.map(|name| format!("{SERVICE}={name}")));
    let filters = HashMap::from([("label".to_owned(), labels.collect())]);
    let options = ListContainersOptions { all: true, filters: Some(filters), ..ListContainersOptions::default() };
    let mut found = asked(watch, docker.list_containers(Some(options))).await?;
    found.retain(|container| label(container, ONE_OFF).is_none_or(|one_off| !one_off.eq_ignore_ascii_case("true")));
    found.sort_by_key(name);
    Ok((docker, found))
}

/// What a container is called.
pub(super) fn name(container: &ContainerSummary) -> String {
    let names = container.names.as_deref().unwrap_or_default();
    let id = container.id.as_deref().unwrap_or_default();
    names.first().map_or_else(|| id.chars().take(12).collect(), |name| name.trim_start_matches('/').to_owned())
}

fn label<'a>(container: &'a ContainerSummary, label: &str) -> Option<&'a str> {
    container.labels.as_ref()?.get(label).map(String::as_str)
}

/// What `service` would be found by on the host.
pub(super) fn list_command(project: &str, service: &str) -> String {
    format!("docker ps -a --filter label={PROJECT}={project} --filter label={SERVICE}={service}")
}

/// There is no container of `service`.
pub(super) fn missing(project: &str, service: &str) -> Message {
    Message::new("probe-container-missing").with("service", service).with("project", project)
}

/// The answer of the engine, where it comes in time.
///
/// # Errors
/// Why there is none.
pub(super) async fn asked<T>(watch: &Watch, question: impl Future<Output = Result<T, Error>>) -> Result<T, Message> {
    within(watch, question).await?.map_err(|error| explain(&error))
}

async fn within<T>(watch: &Watch, future: impl Future<Output = T>) -> Result<T, Message> {
    timeout_at(watch.end(), future).await.map_err(|_| too_late(watch))
}

/// The engine did not answer in time.
pub(super) fn too_late(watch: &Watch) -> Message {
    Message::new("probe-docker-too-late").with("after", Quantity::duration(watch.limit))
}

/// Why the engine could not be asked, in words: the host's own where its connection is the cause.
pub(super) fn explain(error: &Error) -> Message {
    if let Error::DockerResponseServerError { status_code, message } = error {
        let said = clip(message.trim(), CAUSE_LENGTH).into_owned();
        return Message::new("probe-docker-refused").with("status", status_code.to_string()).with("said", said);
    }
    // These two show their cause's words as their own, and hide the cause itself from `source`.
    let mut cause: Option<&(dyn std::error::Error + 'static)> = match error {
        Error::IOError { err } => Some(err),
        Error::HyperResponseError { err } => Some(err),
        other => Some(other),
    };
    let mut last = error.to_string();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<HostError>() {
            return error.message();
        }
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            // An IO error hides what it wraps from `source`.
            if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<HostError>()) {
                return error.message();
            }
            match error.kind() {
                ErrorKind::PermissionDenied => return Message::new("probe-docker-forbidden"),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused => return Message::new("probe-docker-not-running"),
                _ => {}
            }
        }
        last = error.to_string();
        cause = error.source();
    }
    if matches!(error, Error::RequestTimeoutError) {
        return Message::new("probe-docker-silent");
    }
    Message::new("probe-docker-failed").with("cause", clip(&last, CAUSE_LENGTH).into_owned())
}

/// Whether the engine says that there is no such container.
pub(super) const fn is_gone(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_cause_is_told_from_wherever_it_hides() {
        let io = |kind: ErrorKind| Error::from(std::io::Error::from(kind));
        let host = HostError::TimedOut(Duration::from_secs(3));
        for (error, key) in [
            (io(ErrorKind::PermissionDenied), "probe-docker-forbidden"),
            (io(ErrorKind::NotFound), "probe-docker-not-running"),
            (io(ErrorKind::ConnectionRefused), "probe-docker-not-running"),
            (io(ErrorKind::BrokenPipe), "probe-docker-failed"),
            (Error::from(std::io::Error::other(host)), "host-timed-out"),
            (Error::RequestTimeoutError, "probe-docker-silent"),
            (
                Error::DockerResponseServerError { status_code: 500, message: "no space".to_owned() },
                "probe-docker-refused",
            ),
        ] {
            assert_eq!(explain(&error).key, key, "{error}");
        }
    }

    #[test]
    fn a_container_has_a_name() {
        let named = ContainerSummary { names: Some(vec!["/gear_freak_redis".to_owned()]), ..Default::default() };
        let nameless = ContainerSummary { id: Some("0123456789abcdef".to_owned()), ..Default::default() };
        assert_eq!((name(&named).as_str(), name(&nameless).as_str()), ("gear_freak_redis", "0123456789ab"));
    }
}
