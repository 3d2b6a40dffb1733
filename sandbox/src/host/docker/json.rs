//! What the engine's interface says of containers and images, in its own shapes (API 1.44).

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::host::files::meters::log_path;
use crate::host::model::container::Container;
use crate::host::model::machine::MEMORY;
use crate::host::model::{Image, Model};

fn stamp(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Nanos, true))
}

fn labels(container: &Container) -> Value {
    json!({
        "com.docker.compose.project": "gear_freak",
        "com.docker.compose.service": container.service,
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.container-number": "1",
        "com.docker.compose.project.working_dir": "/opt/gear_freak",
    })
}

/// One line of the list.
pub(crate) fn summary(container: &Container, now: DateTime<Utc>) -> Value {
    json!({
        "Id": container.id,
        "Names": [format!("/{}", container.name)],
        "Image": container.image,
        "ImageID": container.image_id,
        "Command": container.command,
        "Created": container.created.timestamp(),
        "Ports": [],
        "Labels": labels(container),
        "State": container.status(),
        "Status": container.says(now),
        "HostConfig": {"NetworkMode": "gear_freak_default"},
        "NetworkSettings": {"Networks": {}},
        "Mounts": [],
    })
}

/// Everything of one container.
pub(crate) fn inspect(container: &Container, now: DateTime<Utc>) -> Value {
    let health = container.health(now);
    let failing = health == "unhealthy";
    let check = json!({
        "Start": stamp(Some(now)),
        "End": stamp(Some(now)),
        "ExitCode": i32::from(failing),
        "Output": if failing { "curl: (7) Failed to connect to 127.0.0.1 port 8080: Connection refused" } else { "" },
    });
    json!({
        "Id": container.id,
        "Created": stamp(Some(container.created)),
        "Path": container.command,
        "Args": [],
        "State": {
            "Status": container.status(),
            "Running": container.is_up() || container.status() == "restarting",
            "Paused": container.status() == "paused",
            "Restarting": container.status() == "restarting",
            "OOMKilled": false,
            "Dead": false,
            "Pid": if container.is_up() { container.pid } else { 0 },
            "ExitCode": container.exit_code(),
            "Error": "",
            "StartedAt": stamp(container.started(now)),
            "FinishedAt": stamp(container.finished),
            "Health": {"Status": health, "FailingStreak": i32::from(failing), "Log": [check]},
        },
        "Image": container.image_id,
        "LogPath": format!("/{}", log_path(&container.id)),
        "Name": format!("/{}", container.name),
        "RestartCount": container.restarts(now),
        "Driver": "overlay2",
        "Platform": "linux",
        "Mounts": [],
        "Config": {"Hostname": container.id.get(..12), "Image": container.image, "Labels": labels(container), "Env": []},
        "HostConfig": {"RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0}, "Memory": 268_435_456},
        "NetworkSettings": {"Networks": {}},
    })
}

/// An image.
pub(crate) fn image_json(model: &Model, image: &Image) -> Value {
    let users = model.containers.iter().filter(|one| one.exists() && image.id == one.image_id).count();
    json!({
        "Id": image.id,
        "ParentId": "",
        "RepoTags": image.tag.iter().collect::<Vec<_>>(),
        "RepoDigests": [],
        "Created": image.created.timestamp(),
        "Size": image.size,
        "SharedSize": 0,
        "Labels": {},
        "Containers": users,
    })
}

/// One sample of what a container takes.
pub(crate) fn stats(model: &Model, container: &Container) -> Value {
    let used = model.machine.counters.containers.get(&container.id).copied().unwrap_or_default();
    let all = model.machine.counters.user + model.machine.counters.system + model.machine.counters.idle;
    let share = model.load_of(&container.service);
    let cpu = |back: f64| {
        json!({
            "cpu_usage": {"total_usage": nanoseconds(used - back * share * 2.0), "usage_in_usermode": 0, "usage_in_kernelmode": 0},
            "system_cpu_usage": nanoseconds(all - back * 2.0),
            "online_cpus": 2,
        })
    };
    json!({
        "id": container.id,
        "name": format!("/{}", container.name),
        "cpu_stats": cpu(0.0),
        "precpu_stats": cpu(1.0),
        "memory_stats": {"usage": model.memory_of(&container.service), "limit": MEMORY, "stats": {"inactive_file": 0}},
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a processor, never below none")]
fn nanoseconds(seconds: f64) -> u64 {
    (seconds.max(0.0) * 1e9) as u64
}
