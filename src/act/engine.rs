//! What the engine keeps: which images a service had when it was healthy, going back to one, and clearing away the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::compose::{container_now, short};
use super::facts::{self, Fact};
use super::{Stage, Unfit, scripts};
use crate::domain::action::step::{Prune, Rollback};
use crate::domain::action::{Arguments, Identity, Outlook};
use crate::domain::message::Message;
use crate::domain::quantity::Quantity;

/// Prefixes of what may go, in an identity: the kind and an id.
const KINDS: [&str; 3] = ["container", "network", "image"];

/// Records which image each service runs, and whether it is healthy with it.
///
/// # Errors
/// [`Unfit`] when the host cannot be asked or nothing can be kept.
pub async fn record_images(stage: &Stage) -> Result<(), Unfit> {
    let config = stage.host.config();
    let text = facts::look(scripts::LOOK_CONTAINERS, &[&config.compose_project, "", ""], stage).await?;
    for fact in facts::facts(&text).filter(|fact| fact.word == "container") {
        let healthy = fact.get("state") == "running" && matches!(fact.get("health"), "healthy" | "");
        let (service, image, reference) = (fact.get("service"), fact.get("image"), fact.get("ref"));
        stage.store.saw_image(&config.name, service, image, reference, healthy, stage.now).await?;
    }
    Ok(())
}

/// The image that `service` goes back to: the last one that was healthy, is not the one it runs, and is still there.
async fn target(
    service: &str,
    current: &str,
    folder: &str,
    stage: &Stage,
) -> Result<(String, chrono::DateTime<chrono::Utc>), Unfit> {
    let config = stage.host.config();
    let here: BTreeSet<String> = {
        let text = facts::look(scripts::LOOK_ENGINE, &[&config.compose_project, folder], stage).await?;
        facts::facts(&text).filter(|fact| fact.word == "here").map(|fact| fact.get("id").to_owned()).collect()
    };
    let known = stage.store.healthy_images(&config.name, service).await?;
    let found = known.into_iter().find(|(image, _)| image != current && here.contains(image));
    found.ok_or_else(|| Unfit {
        reason: Message::new("unfit-no-image").with("service", service),
        hint: Some(Message::new("unfit-no-image-hint")),
    })
}

pub(super) async fn outlook_rollback(step: &Rollback, arguments: &Arguments, stage: &Stage) -> Result<Outlook, Unfit> {
    let project = &stage.host.config().compose_project;
    let service = step.service.value(arguments).ok_or_else(|| Unfit::from(Message::new("unfit-no-value")))?;
    let text = facts::look(scripts::LOOK_CONTAINERS, &[project, service, ""], stage).await?;
    let container = facts::facts(&text).find(|fact| fact.word == "container");
    let container =
        container.ok_or_else(|| Unfit::from(Message::new("unfit-no-container").with("service", service)))?;
    let (image, seen) = target(service, container.get("image"), &step.folder, stage).await?;
    let identity = Identity::default()
        .with(format!("container {}", container.get("name").trim_start_matches('/')), container.get("id"))
        .with("image now", container.get("image"))
        .with("image before", &image);
    let now = vec![
        container_now(&container),
        Message::new("act-now-rollback")
            .with("from", short(container.get("image")))
            .with("to", short(&image))
            .with("seen", seen),
    ];
    let commands = vec![
        format!("docker tag {} {}", short(&image), container.get("ref")),
        format!("cd {} && docker-compose up -d --no-deps {service}", step.folder),
    ];
    Ok(Outlook { commands, now, goes: Vec::new(), identity })
}

pub(super) fn words_rollback(
    step: &Rollback,
    arguments: &Arguments,
    identity: &Identity,
    stage: &Stage,
) -> Result<Vec<String>, Unfit> {
    let missing = || Unfit::from(Message::new("unfit-no-value"));
    let service = step.service.value(arguments).ok_or_else(missing)?;
    let image = |name: &str| identity.0.get(name).map(String::as_str).ok_or_else(missing);
    let project = &stage.host.config().compose_project;
    Ok([project, &step.folder, service, image("image now")?, image("image before")?].map(str::to_owned).to_vec())
}

/// Something that nobody uses.
#[derive(Clone, Debug, PartialEq)]
struct Unused {
    kind: &'static str,
    id: String,
    names: String,
    size: f64,
}

/// The name of an image as the engine lists it: `redis` is `redis:latest`, `redis:7@sha256:…` is `redis@sha256:…`, and what
/// lies at Docker's own has no registry before it.
fn as_listed(name: &str) -> String {
    let short = name.strip_prefix("docker.io/").unwrap_or(name);
    let short = short.strip_prefix("library/").unwrap_or(short);
    // A colon before the last slash is a port's.
    let tag = |name: &str| name.rfind(':').filter(|at| !name[*at..].contains('/'));
    match short.split_once('@') {
        Some((name, digest)) => format!("{}@{digest}", tag(name).map_or(name, |at| &name[..at])),
        None if tag(short).is_some() => short.to_owned(),
        None => format!("{short}:latest"),
    }
}

/// What nobody uses: no container of the project goes, running or not, nor an image that the project has a container of or
/// its compose file names, nor one of `keep`, by id or name.
fn unused(text: &str, step: &Prune, project: &str, keep: &BTreeSet<String>) -> Vec<Unused> {
    let all: Vec<Fact<'_>> = facts::facts(text).collect();
    let of = |word: &'static str| all.iter().filter(move |fact| fact.word == word);
    let ours = |fact: &&Fact<'_>| fact.get("project") == project;
    let stopped = |fact: &&Fact<'_>| matches!(fact.get("state"), "exited" | "dead" | "created");
    let gone: BTreeSet<_> =
        of("container").filter(|fact| step.system && !ours(fact) && stopped(fact)).map(|fact| fact.get("id")).collect();
    let used: BTreeSet<_> =
        of("container").filter(|fact| !gone.contains(fact.get("id"))).map(|fact| fact.get("image")).collect();
    let networks: BTreeSet<_> =
        of("uses").filter(|fact| !gone.contains(fact.get("container"))).map(|fact| fact.get("name")).collect();
    let wanted: BTreeSet<_> = of("wanted").map(|fact| as_listed(fact.get("name"))).collect();
    let stays = |fact: &&Fact<'_>| {
        let named = |name: &str| wanted.contains(name) || keep.contains(name) || name.starts_with("signoff/");
        used.contains(fact.get("id"))
            || keep.contains(fact.get("id"))
            || fact.get("names").split(',').chain(fact.get("digests").split(',')).any(named)
    };
    let mut found: Vec<Unused> = Vec::new();
    let mut add = |kind: &'static str, fact: &Fact<'_>, names: &str, size: f64| {
        found.push(Unused { kind, id: fact.get("id").to_owned(), names: names.to_owned(), size });
    };
    for fact in of("container").filter(|fact| gone.contains(fact.get("id"))) {
        add("container", fact, fact.get("name").trim_start_matches('/'), 0.0);
    }
    for fact in of("network").filter(|fact| step.system && !ours(fact) && !networks.contains(fact.get("name"))) {
        add("network", fact, fact.get("name"), 0.0);
    }
    for fact in of("image").filter(|fact| !stays(fact)) {
        let names = Some(fact.get("names")).filter(|names| !names.is_empty()).unwrap_or("<none>");
        add("image", fact, names, fact.bytes("size"));
    }
    found
}

pub(super) async fn outlook_prune(step: &Prune, stage: &Stage) -> Result<Outlook, Unfit> {
    let config = stage.host.config();
    let text = facts::look(scripts::LOOK_ENGINE, &[&config.compose_project, &step.folder], stage).await?;
    let mut keep: BTreeSet<String> = step.keep.iter().cloned().collect();
    // The image that each service would go back to.
    for (_, images) in stage.store.rollback_images(&config.name).await? {
        keep.extend(images);
    }
    let found = unused(&text, step, &config.compose_project, &keep);
    if found.is_empty() && !step.system {
        return Err(Message::new("unfit-nothing-to-prune").into());
    }
    let mut identity = Identity::default();
    for one in &found {
        identity = identity.with(format!("{} {}", one.kind, one.id), &one.names);
    }
    let free = facts::facts(&text).find(|fact| fact.word == "disk").map_or(0.0, |fact| fact.bytes("free"));
    let sum = found.iter().fold(0.0, |sum, one| sum + one.size);
    let now = vec![
        Message::new("act-now-prune")
            .with("count", found.len().to_string())
            .with("size", Quantity::bytes(sum))
            .with("free", Quantity::bytes(free)),
    ];
    let listed = |one: &Unused| {
        let size = if one.kind == "image" { Quantity::bytes(one.size).to_string() } else { String::new() };
        format!("{size:>9} {} {} {}", one.kind, short(&one.id), one.names)
    };
    let mut commands: Vec<String> = Vec::new();
    let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &found {
        *by_kind.entry(one.kind).or_default() += 1;
    }
    commands.extend(by_kind.iter().map(|(kind, count)| format!("docker {kind} rm … ({count})")));
    if step.system {
        commands.push("docker builder prune -f".to_owned());
    }
    Ok(Outlook { commands, now, goes: found.iter().map(listed).collect(), identity })
}

/// The words of the script: exactly what was approved, containers first and images last.
pub(super) fn words_prune(step: &Prune, identity: &Identity, stage: &Stage) -> Vec<String> {
    let project = stage.host.config().compose_project.clone();
    let mut words = vec![project, if step.system { "yes" } else { "no" }.to_owned()];
    for kind in KINDS {
        for (name, names) in &identity.0 {
            if let Some(id) = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix(' ')) {
                words.extend([kind.to_owned(), id.to_owned(), names.clone()]);
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINE: &str = "::image\tid=sha256:a\tsize=100\tnames=app:latest
::image\tid=sha256:b\tsize=200\tnames=app:1,app:old
::image\tid=sha256:c\tsize=300\tnames=
::image\tid=sha256:d\tsize=400\tnames=postgres:15
::image\tid=sha256:e\tsize=500\tnames=other:1
::image\tid=sha256:f\tsize=600\tnames=signoff/replaced:serverpod-1
::container\tid=1\tname=/app\timage=sha256:a\tstate=exited\tproject=gear_freak
::container\tid=2\tname=/job\timage=sha256:e\tstate=exited\tproject=
::container\tid=3\tname=/busy\timage=sha256:c\tstate=running\tproject=
::network\tid=n1\tname=gear_freak_default\tproject=gear_freak
::network\tid=n2\tname=left\tproject=
::network\tid=n3\tname=used\tproject=
::uses\tcontainer=3\tname=used
::uses\tcontainer=2\tname=left
::wanted\tname=postgres:15
::end";

    fn goes(system: bool, keep: &[&str]) -> Vec<String> {
        let step = Prune { system, folder: String::new(), keep: Vec::new() };
        let keep = keep.iter().map(|name| (*name).to_owned()).collect();
        unused(ENGINE, &step, "gear_freak", &keep).into_iter().map(|one| format!("{} {}", one.kind, one.id)).collect()
    }

    #[test]
    fn the_project_keeps_its_containers_and_images_running_or_not() {
        assert_eq!(goes(false, &[]), ["image sha256:b"], "an image of any container stays, and one the file names");
        assert_eq!(goes(true, &[]), ["container 2", "network n2", "image sha256:b", "image sha256:e"]);
    }

    #[test]
    fn what_the_compose_file_names_stays_however_it_names_it() {
        for (written, listed) in [
            ("redis", "redis:latest"),
            ("redis:7", "redis:7"),
            ("docker.io/library/redis:7", "redis:7"),
            ("redis:7@sha256:1", "redis@sha256:1"),
            ("redis@sha256:1", "redis@sha256:1"),
            ("registry:5000/app", "registry:5000/app:latest"),
            ("registry:5000/app:2@sha256:1", "registry:5000/app@sha256:1"),
        ] {
            assert_eq!(as_listed(written), listed);
        }
        let step = Prune { system: false, folder: String::new(), keep: Vec::new() };
        let unused_beside = |wanted: &str| {
            let engine = format!(
                "::image\tid=sha256:a\tsize=1\tnames=app:latest\tdigests=\n\
                 ::image\tid=sha256:b\tsize=1\tnames=\tdigests=redis@sha256:1\n::wanted\tname={wanted}\n::end"
            );
            let found = unused(&engine, &step, "gear_freak", &BTreeSet::new());
            found.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(unused_beside("app"), ["sha256:b"]);
        assert_eq!(unused_beside("redis:7@sha256:1"), ["sha256:a"]);
    }

    #[test]
    fn the_image_to_go_back_to_stays_by_id_or_name() {
        assert_eq!(goes(false, &["sha256:b"]), Vec::<String>::new());
        assert_eq!(goes(false, &["app:old"]), Vec::<String>::new());
    }
}
