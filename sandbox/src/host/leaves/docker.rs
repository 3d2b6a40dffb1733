//! `docker`.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use super::machine::short;
use super::{Answer, Call, Input, compose, database, template};
use crate::host::core::Host;
use crate::host::docker::json::{image_json, inspect};
use crate::host::model::container::{Container, ago};
use crate::host::model::{Image, Model};

pub(super) async fn answer(host: &Arc<Host>, call: &Call, input: &mut Input<'_>) -> std::io::Result<Answer> {
    let words = call.words();
    let now = host.clock.now();
    Ok(match words.as_slice() {
        ["compose", rest @ ..] => compose::answer(host, call, rest),
        ["ps", ..] | ["container", "ls", ..] => ps(host, call),
        ["logs", ..] => logs(host, call),
        ["inspect", ..] | ["container", "inspect", ..] => inspected(host, call),
        ["images", ..] | ["image", "ls", ..] => images(host, call),
        ["network" | "volume" | "builder", "ls" | "inspect", ..] => Answer::default(),
        ["container" | "network", "rm", ..] => Answer::fails(1, "Error response from daemon: it is used\n"),
        ["image", "inspect", ..] => inspected_images(host, call),
        ["image", "prune", ..] => pruned(host, call.has(&["-a", "--all", "-af", "-fa"])),
        ["system", "prune", ..] => pruned(host, call.has(&["-a", "--all", "-af", "-fa"])),
        ["system", "df", ..] => system_df(host),
        ["builder" | "container" | "volume" | "network", "prune", ..] => Answer::says("Total reclaimed space: 0B\n"),
        ["rmi", names @ ..] | ["image", "rm", names @ ..] => remove_images(host, names),
        ["tag", from, to] => tag(host, from, to),
        ["stats", ..] => stats(host),
        ["info", ..] => {
            Answer::says("Server Version: 25.0.8\nStorage Driver: overlay2\nDocker Root Dir: /var/lib/docker\n")
        }
        ["version", ..] | ["--version"] => Answer::says("Docker version 25.0.8, build 0bab007\n"),
        [act @ ("start" | "stop" | "restart" | "kill" | "pause" | "unpause"), rest @ ..] => {
            let names: Vec<&str> =
                rest.iter().copied().filter(|word| !word.starts_with('-') && word.parse::<u32>().is_err()).collect();
            on_each(host, act, &names, now)
        }
        ["exec", ..] => exec(host, call, input).await?,
        ["run", ..] => Answer::fails(125, "docker: the practice host has no way to the registry\n"),
        _ => Answer::fails(1, format!("docker: the practice host does not know `docker {}`\n", words.join(" "))),
    })
}

pub(crate) fn with_tag(name: &str) -> String {
    if name.rsplit('/').next().unwrap_or(name).contains(':') { name.to_owned() } else { format!("{name}:latest") }
}

fn chosen<'a>(model: &'a Model, call: &Call) -> Vec<&'a Container> {
    let all = call.has(&["-a", "--all", "-aq", "-qa"]);
    let filters = call.options(&["--filter", "-f"]);
    let fits = |container: &Container| {
        filters.iter().all(|filter| match filter.split_once('=') {
            Some(("label", label)) => match label.split_once('=') {
                Some(("com.docker.compose.project", project)) => project == "gear_freak",
                Some(("com.docker.compose.service", service)) => service == container.service,
                Some(("com.docker.compose.oneoff", once)) => once.eq_ignore_ascii_case("false"),
                _ => false,
            },
            Some(("name", name)) => container.name.contains(name),
            Some(("status", status)) => container.status() == status,
            Some(("health", health)) => health == if container.is_up() { "healthy" } else { "unhealthy" },
            _ => false,
        })
    };
    let there = model.containers.iter().filter(|one| one.exists());
    there.filter(|one| (all || one.is_up() || one.status() == "restarting") && fits(one)).collect()
}

fn ps(host: &Host, call: &Call) -> Answer {
    let now = host.clock.now();
    host.look(|model| {
        let chosen = chosen(model, call);
        let length = if call.has(&["--no-trunc"]) { 64 } else { 12 };
        let short_id = |one: &Container| one.id.chars().take(length).collect::<String>();
        if call.has(&["-q", "--quiet", "-aq", "-qa"]) {
            return Answer::says(chosen.iter().map(|one| short_id(one) + "\n").collect::<String>());
        }
        if let Some(format) = call.option(&["--format"]) {
            let line = |one: &&Container| {
                let line = format
                    .replace("{{.ID}}", &short_id(one))
                    .replace("{{.Names}}", &one.name)
                    .replace("{{.Image}}", &one.image)
                    .replace("{{.State}}", one.status())
                    .replace("{{.Status}}", &one.says(now));
                line.replace("\\t", "\t") + "\n"
            };
            return Answer::says(chosen.iter().map(line).collect::<String>());
        }
        let mut out =
            format!("{:<14} {:<36} {:<14} {:<34} {}\n", "CONTAINER ID", "IMAGE", "CREATED", "STATUS", "NAMES");
        for one in chosen {
            let created = format!("{} ago", ago(now - one.created));
            out.push_str(&format!(
                "{:<14} {:<36} {created:<14} {:<34} {}\n",
                short_id(one),
                one.image,
                one.says(now),
                one.name
            ));
        }
        Answer::says(out)
    })
}

/// A moment as `--since` takes it: RFC 3339, a span back from now, seconds since 1970.
pub(super) fn since(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    if let Ok(seconds) = text.trim_start_matches('@').parse::<i64>() {
        return DateTime::from_timestamp(seconds, 0);
    }
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number.parse().ok()?;
    Some(
        now - match unit {
            "s" => Duration::seconds(number),
            "m" => Duration::minutes(number),
            "h" => Duration::hours(number),
            "d" => Duration::days(number),
            _ => return None,
        },
    )
}

fn logs(host: &Host, call: &Call) -> Answer {
    let now = host.clock.now();
    let words = call.words();
    let takes_value = |word: &str| matches!(word, "--since" | "--tail" | "--until" | "-n");
    let name = words.iter().enumerate().skip(1).find(|(index, word)| {
        !word.starts_with('-')
            && !index.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| takes_value(before))
    });
    let Some((_, name)) = name else { return Answer::fails(1, "\"docker logs\" requires exactly 1 argument.\n") };
    let from = call.option(&["--since"]).map_or(Some(DateTime::UNIX_EPOCH), |text| since(text, now));
    let Some(from) = from else { return Answer::fails(1, "invalid value for \"since\"\n") };
    let service = host.look(|model| model.container(name).map(|one| one.service.clone()));
    let Some(service) = service else {
        return Answer::fails(1, format!("Error response from daemon: No such container: {name}\n"));
    };
    Answer { code: 0, ..lines(host, &[service.as_str()], from, call, false) }
}

/// The logs of some services, as `docker logs` and `docker-compose logs` print them.
pub(super) fn lines(host: &Host, services: &[&str], from: DateTime<Utc>, call: &Call, named: bool) -> Answer {
    let now = host.clock.now();
    let tail = call.option(&["--tail", "-n"]).and_then(|number| number.parse::<usize>().ok());
    let stamps = call.has(&["--timestamps", "-t"]);
    let mut answer = Answer::default();
    for service in services {
        let mut lines = host.look(|model| model.container_log(service, from, now));
        if let Some(tail) = tail {
            lines.drain(..lines.len().saturating_sub(tail));
        }
        for line in lines {
            let stamp =
                if stamps { line.at.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true) + " " } else { String::new() };
            let name = if named { format!("gear_freak_{service} | ") } else { String::new() };
            let text = format!("{name}{stamp}{}\n", line.text);
            if line.to_error && !named { answer.err.push_str(&text) } else { answer.out.extend(text.into_bytes()) }
        }
    }
    answer
}

fn inspected(host: &Host, call: &Call) -> Answer {
    let now = host.clock.now();
    let words = call.words();
    let format = call.option(&["-f", "--format"]);
    let skipped = ["inspect", "container", "-f", "--format"];
    let names =
        words.iter().filter(|word| !skipped.contains(word) && Some(**word) != format && !word.starts_with("--"));
    let mut answer = Answer::default();
    let mut whole = Vec::new();
    for name in names {
        let json = host.look(|model| model.container(name).map(|one| inspect(one, now)));
        match (json, format) {
            (None, _) => {
                answer.err.push_str(&format!("Error: No such object: {name}\n"));
                answer.code = 1;
            }
            (Some(json), Some(format)) => answer.out.extend((template::fill(format, &json) + "\n").into_bytes()),
            (Some(json), None) => whole.push(json),
        }
    }
    if format.is_none() {
        answer.out = format!("{:#}\n", serde_json::Value::from(whole)).into_bytes();
    }
    answer
}

/// Whether an image is called so, by a name or by its id.
fn is_image(image: &Image, called: &str) -> bool {
    let id = called.trim_start_matches("sha256:");
    image.tag.as_deref() == Some(with_tag(called).as_str())
        || (id.len() >= 6 && image.id.trim_start_matches("sha256:").starts_with(id))
}

/// Gives an image one more name; whichever had it loses it.
fn tag(host: &Host, from: &str, to: &str) -> Answer {
    host.change(|model| {
        let Some(image) = model.images.iter().find(|image| is_image(image, from)).cloned() else {
            return Answer::fails(1, format!("Error response from daemon: No such image: {from}\n"));
        };
        let name = with_tag(to);
        for other in model.images.iter_mut().filter(|other| other.tag.as_deref() == Some(&name)) {
            other.tag = None;
        }
        // The same layers under one more name take no more room.
        model.images.push(Image { tag: Some(name), size: 0, ..image });
        Answer::default()
    })
}

fn inspected_images(host: &Host, call: &Call) -> Answer {
    let format = call.option(&["-f", "--format"]);
    let words = call.words();
    let names = words.iter().skip(2).filter(|word| !word.starts_with('-') && Some(**word) != format);
    let mut answer = Answer::default();
    let mut whole = Vec::new();
    for name in names {
        let json = host.look(|model| {
            model.images.iter().find(|image| is_image(image, name)).map(|image| image_json(model, image))
        });
        match (json, format) {
            (None, _) => {
                answer.err.push_str(&format!("Error: No such image: {name}\n"));
                answer.code = 1;
            }
            (Some(json), Some(format)) => answer.out.extend((template::fill(format, &json) + "\n").into_bytes()),
            (Some(json), None) => whole.push(json),
        }
    }
    if format.is_none() {
        answer.out = format!("{:#}\n", serde_json::Value::from(whole)).into_bytes();
    }
    answer
}

fn images(host: &Host, call: &Call) -> Answer {
    if call.has(&["-q", "--quiet", "-aq", "-qa"]) {
        let whole = call.has(&["--no-trunc"]);
        return host.look(|model| {
            let id = |image: &Image| {
                if whole { image.id.clone() } else { image.id.trim_start_matches("sha256:").chars().take(12).collect() }
            };
            Answer::says(model.images.iter().map(|image| id(image) + "\n").collect::<String>())
        });
    }
    let now = host.clock.now();
    let dangling = call.option(&["-f", "--filter"]) == Some("dangling=true");
    host.look(|model| {
        let mut out = format!("{:<32} {:<10} {:<14} {:<14} SIZE\n", "REPOSITORY", "TAG", "IMAGE ID", "CREATED");
        for image in model.images.iter().filter(|image| !dangling || image.tag.is_none()) {
            let (name, tag) = image.tag.as_deref().and_then(|tag| tag.rsplit_once(':')).unwrap_or(("<none>", "<none>"));
            let id: String = image.id.trim_start_matches("sha256:").chars().take(12).collect();
            out.push_str(&format!(
                "{name:<32} {tag:<10} {id:<14} {:<14} {}B\n",
                ago(now - image.created) + " ago",
                short(image.size)
            ));
        }
        Answer::says(out)
    })
}

fn pruned(host: &Host, all: bool) -> Answer {
    let gone = host.change(|model| model.prune(all));
    let total: u64 = gone.iter().map(|image| image.size).sum();
    let lines: String = gone.iter().map(|image| format!("deleted: {}\n", image.id)).collect();
    Answer::says(format!("Deleted Images:\n{lines}\nTotal reclaimed space: {}B\n", short(total)))
}

fn system_df(host: &Host) -> Answer {
    host.look(|model| {
        let size: u64 = model.images.iter().map(|image| image.size).sum();
        let unused: u64 = model.unused_images().map(|image| image.size).sum();
        let count = model.images.len();
        Answer::says(format!("TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE\nImages          {count:<9} 3         {}B     {}B\nContainers      3         3         1.2MB     0B\n", short(size), short(unused)))
    })
}

fn remove_images(host: &Host, names: &[&str]) -> Answer {
    let mut answer = Answer::default();
    for name in names.iter().filter(|name| !name.starts_with('-')) {
        let done = host.change(|model| {
            let found = model.images.iter().position(|image| {
                image.tag.as_deref() == Some(with_tag(name).as_str())
                    || image.id.trim_start_matches("sha256:").starts_with(name)
                    || image.id == *name
            });
            let image = found.and_then(|at| model.images.get(at)).filter(|image| !model.is_used(image)).cloned();
            model.images.retain(|one| Some(one) != image.as_ref());
            model.mend_disk();
            image
        });
        match done {
            Some(image) => answer.out.extend(format!("Deleted: {}\n", image.id).into_bytes()),
            None => {
                answer.err.push_str(&format!(
                    "Error response from daemon: conflict: unable to remove {name}: it is used, or is not there\n"
                ));
                answer.code = 1;
            }
        }
    }
    answer
}

fn stats(host: &Host) -> Answer {
    host.look(|model| {
        let mut out = String::from("CONTAINER ID   NAME                   CPU %     MEM USAGE / LIMIT\n");
        for one in model.containers.iter().filter(|one| one.is_up()) {
            let id: String = one.id.chars().take(12).collect();
            out.push_str(&format!(
                "{id:<14} {:<22} {:.2}%     {}iB / 952MiB\n",
                one.name,
                model.load_of(&one.service) * 200.0,
                short(model.memory_of(&one.service))
            ));
        }
        Answer::says(out)
    })
}

/// Starts, stops or restarts containers, and tells of each.
pub(super) fn on_each(host: &Host, act: &str, names: &[&str], now: DateTime<Utc>) -> Answer {
    let mut answer = Answer::default();
    for name in names {
        if act_on(host, act, name, now) {
            answer.out.extend(format!("{name}\n").into_bytes());
        } else {
            answer.err.push_str(&format!("Error response from daemon: No such container: {name}\n"));
            answer.code = 1;
        }
    }
    answer
}

/// Does `act` to the container `name`; whether there is one.
pub(crate) fn act_on(host: &Host, act: &str, name: &str, now: DateTime<Utc>) -> bool {
    host.change(|model| {
        let Some(container) = model.container_mut(name).filter(|one| one.exists()) else { return false };
        match act {
            "start" => container.start(now),
            "stop" => container.stop(now, 0),
            "kill" => container.stop(now, 137),
            "pause" => {
                if let crate::host::model::container::State::Running { since } = container.state {
                    container.state = crate::host::model::container::State::Paused { since };
                }
            }
            "unpause" => container.start(now),
            _ => container.restart(now),
        }
        let service = container.service.clone();
        model.acted_on(&service, now);
        true
    })
}

async fn exec(host: &Host, call: &Call, input: &mut Input<'_>) -> std::io::Result<Answer> {
    let words = call.words();
    let mut rest = words.iter().skip(1).peekable();
    while let Some(option) = rest.next_if(|word| word.starts_with('-')) {
        if matches!(*option, "-e" | "--env" | "-u" | "--user" | "-w" | "--workdir") {
            rest.next();
        }
    }
    let Some(name) = rest.next() else {
        return Ok(Answer::fails(1, "\"docker exec\" requires at least 2 arguments.\n"));
    };
    let found = host.look(|model| model.container(name).map(|one| (one.service.clone(), one.is_up(), one.id.clone())));
    match found {
        None => Ok(Answer::fails(1, format!("Error response from daemon: No such container: {name}\n"))),
        Some((_, false, id)) => {
            Ok(Answer::fails(1, format!("Error response from daemon: container {id} is not running\n")))
        }
        Some((service, true, _)) => {
            let program: Vec<&str> = rest.copied().collect();
            let needs_answer = matches!(
                program.first().copied(),
                Some("psql" | "pg_dump" | "createdb" | "dropdb" | "pg_isready" | "redis-cli")
            );
            if needs_answer && !host.look(|model| model.answers(&service, host.clock.now())) {
                return Ok(Answer::fails(
                    2,
                    "psql: error: connection to server on socket failed: FATAL:  the database system is starting up\n",
                ));
            }
            database::exec(host, &service, &program, input).await
        }
    }
}
