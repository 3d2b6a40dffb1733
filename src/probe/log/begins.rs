//! Where a container's log begins, if that is later than was asked for.

use bollard::Docker;
use bollard::models::{ContainerInspectResponse, ContainerSummary, HostConfigLogConfig};
use bollard::query_parameters::{InspectContainerOptions, LogsOptions};
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use tokio::time::timeout_at;

use super::{Read, seconds};
use crate::probe::Watch;

/// How much later than asked a log may begin before it is said: two clocks are never quite alike.
const SLACK: TimeDelta = TimeDelta::seconds(5);

/// How long after it was made a container may be silent, and its log be whole all the same.
const YOUNG: TimeDelta = TimeDelta::minutes(1);

/// What a line takes in a file of the engine's besides its text and the time that is asked for with it, in bytes: about.
const OVERHEAD: u64 = 50;

/// Where a log begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    /// As early as was asked for, or nobody could say.
    InTime,
    /// Later: nothing older is there.
    Later {
        /// When its container was made, where that is later too.
        created: Option<DateTime<Utc>>,
        /// How many bytes the engine keeps before it lets go of what is old; none where it lets go of nothing.
        keeps: Option<u64>,
    },
}

impl Begins {
    /// Asks the engine. It costs nothing: it is asked beside the log itself.
    pub(super) async fn of(docker: &Docker, container: &ContainerSummary, since: DateTime<Utc>, watch: &Watch) -> Self {
        let id = container.id.as_deref().unwrap_or_default();
        let Some(made) = container.created.and_then(|created| DateTime::from_timestamp(created, 0)) else {
            return Self::InTime;
        };
        let created = Some(made).filter(|made| *made > since + SLACK);
        if created.is_none() {
            let options = LogsOptions { stdout: true, stderr: true, until: seconds(since), ..LogsOptions::default() };
            let mut older = std::pin::pin!(docker.logs(id, Some(options)));
            // None: rotated away, or nothing had been written yet.
            if !matches!(timeout_at(watch.end(), older.next()).await, Ok(None)) {
                return Self::InTime;
            }
        }
        let asked = docker.inspect_container(id, None::<InspectContainerOptions>);
        let inspected = timeout_at(watch.end(), asked).await;
        let keeps = inspected.ok().and_then(Result::ok).and_then(|container| keeps(&container));
        Self::Later { created, keeps }
    }

    /// Whether what is older was there, and the engine has let go of it: as much is left as it keeps at least. A log that is
    /// merely young is all there.
    pub(super) fn is_rotated(self, read: &Read<'_>) -> bool {
        let Self::Later { created, keeps: Some(keeps) } = self else { return false };
        let left = read.bytes + OVERHEAD * read.entries;
        // What begins with its container is all there.
        let begins_later = match (created, read.first) {
            (Some(created), Some(first)) => first > created + YOUNG,
            (None, first) => first.is_some(),
            (Some(_), None) => false,
        };
        // Half of it: what is written for a line is not known to the byte.
        begins_later && left >= keeps / 2
    }
}

/// How many bytes are left at least when the engine has let go of the oldest file: all files but the one that is written.
fn keeps(container: &ContainerInspectResponse) -> Option<u64> {
    let HostConfigLogConfig { typ, config } = container.host_config.as_ref()?.log_config.as_ref()?;
    let config = config.clone().unwrap_or_default();
    // The driver `local` rotates by itself.
    let (size, files) = if typ.as_deref() == Some("local") { (Some("20m"), 5) } else { (None, 1) };
    let size = bytes(config.get("max-size").map(String::as_str).or(size)?)?;
    let files = config.get("max-file").and_then(|files| files.parse().ok()).unwrap_or(files);
    Some(size.saturating_mul(files.max(1) - 1))
}

/// `10k`, `100m`, `1g`; without a unit, bytes. None for what is no limit.
fn bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].trim_end_matches(['b', 'i']) {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    digits.trim().parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use bollard::models::HostConfig;

    use super::*;

    fn logging(driver: &str, options: &[(&str, &str)]) -> Option<u64> {
        let config: HashMap<_, _> =
            options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let log_config = HostConfigLogConfig { typ: Some(driver.to_owned()), config: Some(config) };
        let host_config = HostConfig { log_config: Some(log_config), ..HostConfig::default() };
        keeps(&ContainerInspectResponse { host_config: Some(host_config), ..ContainerInspectResponse::default() })
    }

    #[test]
    fn the_engine_keeps_all_files_but_the_one_that_it_writes() {
        assert_eq!(logging("json-file", &[]), None, "nothing is let go of");
        assert_eq!(logging("json-file", &[("max-size", "10k")]), Some(0), "one file is begun anew");
        assert_eq!(logging("json-file", &[("max-size", "100m"), ("max-file", "3")]), Some(200 << 20));
        assert_eq!(logging("local", &[]), Some(80 << 20));
        assert_eq!(logging("json-file", &[("max-size", "-1")]), None);
    }
}
