//! What the container probes share: the containers of the compose project, and what can go wrong on the way to them.

use std::collections::HashMap;
use std::future::Future;

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::{ContainerSummary, ContainerSummaryStateEnum};
use bollard::query_parameters::ListContainersOptions;
use tokio::time::timeout_at;

use super::{Watch, Why, World};
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;
use crate::host::docker_error;

/// Labels that docker-compose gives its containers.
const PROJECT: &str = "com.docker.compose.project";
const SERVICE: &str = "com.docker.compose.service";
const ONE_OFF: &str = "com.docker.compose.oneoff";

/// The host's engine.
///
/// # Errors
/// Why it cannot be reached.
pub(super) async fn engine(world: &World, watch: &Watch) -> Result<Docker, Why> {
    within(watch, world.host.docker()).await?.map_err(Why::from)
}

/// The containers of a compose project (of `service`, where one is named), the stopped ones included, by name.
/// `docker-compose run` makes containers too; they are no service.
///
/// # Errors
/// Why the engine could not be asked.
pub(super) async fn containers(
    docker: &Docker,
    project: &str,
    service: Option<&str>,
    watch: &Watch,
) -> Result<Vec<ContainerSummary>, Why> {
    let labels = std::iter::once(format!("{PROJECT}={project}")).chain(service.map(|name| format!("{SERVICE}={name}")));
    let filters = HashMap::from([("label".to_owned(), labels.collect())]);
    let options = ListContainersOptions { all: true, filters: Some(filters), ..ListContainersOptions::default() };
    let mut found = within(watch, docker.list_containers(Some(options))).await?.map_err(explain)?;
    found.retain(|container| label(container, ONE_OFF).is_none_or(|one_off| !one_off.eq_ignore_ascii_case("true")));
    found.sort_by_key(name);
    Ok(found)
}

/// The names of the containers of `service`, the running ones first. The engine is asked: `docker ps` in a script takes
/// several times as long.
///
/// # Errors
/// Why the engine could not be asked, or that there is no such container.
pub(super) async fn names_of(service: &str, world: &World, watch: &Watch) -> Result<Vec<String>, Why> {
    let project = &world.host.config().compose_project;
    let mut found = containers(&engine(world, watch).await?, project, Some(service), watch).await?;
    found.sort_by_key(|container| container.state != Some(ContainerSummaryStateEnum::RUNNING));
    if found.is_empty() { Err(missing(project, service).into()) } else { Ok(found.iter().map(name).collect()) }
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

async fn within<T>(watch: &Watch, future: impl Future<Output = T>) -> Result<T, Why> {
    timeout_at(watch.end(), future).await.map_err(|_| too_late(watch).into())
}

/// The engine did not answer in time.
pub(super) fn too_late(watch: &Watch) -> Message {
    Message::new("probe-docker-too-late").with("after", Quantity::duration(watch.limit))
}

/// Why the engine could not be asked.
pub(super) fn explain(error: Error) -> Why {
    docker_error(error).into()
}

/// Whether the engine says that there is no such container.
pub(super) const fn is_gone(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_has_a_name() {
        let named = ContainerSummary { names: Some(vec!["/gear_freak_redis".to_owned()]), ..Default::default() };
        let nameless = ContainerSummary { id: Some("0123456789abcdef".to_owned()), ..Default::default() };
        assert_eq!((name(&named).as_str(), name(&nameless).as_str()), ("gear_freak_redis", "0123456789ab"));
    }
}
