//! docker-compose: restart, up, down and up.

use super::facts::{self, Fact};
use super::{Stage, Unfit, scripts};
use crate::domain::action::step::{Compose, ComposeAct};
use crate::domain::action::{Arguments, Identity, Outlook};
use crate::domain::message::Message;

/// A short form of an id, as Docker's own lists show it.
pub(super) fn short(id: &str) -> &str {
    let id = id.trim_start_matches("sha256:");
    id.get(..12).unwrap_or(id)
}

/// A container as people are told of it.
pub(super) fn container_now(fact: &Fact<'_>) -> Message {
    let state = match (fact.get("state"), fact.get("health")) {
        (state, "") => state.to_owned(),
        (state, health) => format!("{state} · {health}"),
    };
    Message::new("act-now-container")
        .with("name", fact.get("name").trim_start_matches('/'))
        .with("state", state)
        .with("since", facts::moment(fact.get("started")))
        .with("restarts", fact.get("restarts"))
}

/// What looking at the containers of the project found: an identity for each, and how they are.
pub(super) async fn containers(service: &str, folder: &str, stage: &Stage) -> Result<Outlook, Unfit> {
    let project = &stage.host.config().compose_project;
    let text = facts::look(scripts::LOOK_CONTAINERS, &[project, service, folder], stage).await?;
    let mut outlook = Outlook::default();
    for fact in facts::facts(&text) {
        match fact.word {
            "container" => {
                let name = fact.get("name").trim_start_matches('/');
                outlook.identity = outlook.identity.with(format!("container {name}"), fact.get("id"));
                outlook.now.push(container_now(&fact));
            }
            "file" => outlook.identity = outlook.identity.with(fact.get("name"), fact.get("sum")),
            _ => {}
        }
    }
    Ok(outlook)
}

/// # Errors
/// [`Unfit`]: there is nothing to restart.
pub(super) async fn outlook(step: &Compose, arguments: &Arguments, stage: &Stage) -> Result<Outlook, Unfit> {
    let service = service(step, arguments)?;
    let mut outlook = containers(service, &step.folder, stage).await?;
    if outlook.now.is_empty() && step.act == ComposeAct::Restart {
        return Err(Unfit {
            reason: Message::new("unfit-no-container").with("service", if service.is_empty() { "*" } else { service }),
            hint: Some(Message::new("unfit-no-container-hint")),
        });
    }
    // What comes up is what the file says; a container that keeps failing is another one each time.
    if step.act == ComposeAct::Up {
        outlook.identity =
            Identity(outlook.identity.0.into_iter().filter(|(name, _)| !name.starts_with("container ")).collect());
    }
    let folder = &step.folder;
    let verbs: &[&str] = match step.act {
        ComposeAct::Restart => &["restart"],
        ComposeAct::Up => &["up -d"],
        ComposeAct::DownUp => &["down", "up -d"],
    };
    outlook.commands = verbs
        .iter()
        .map(|verb| format!("cd {folder} && docker-compose {verb} {service}").trim_end().to_owned())
        .collect();
    Ok(outlook)
}

fn service<'a>(step: &'a Compose, arguments: &'a Arguments) -> Result<&'a str, Unfit> {
    match &step.service {
        None => Ok(""),
        Some(word) => word.value(arguments).ok_or_else(|| Message::new("unfit-no-value").into()),
    }
}

/// The words of the script.
pub(super) fn words(step: &Compose, arguments: &Arguments, stage: &Stage) -> Result<Vec<String>, Unfit> {
    let act = match step.act {
        ComposeAct::Restart => "restart",
        ComposeAct::Up => "up",
        ComposeAct::DownUp => "down_up",
    };
    let words = [&stage.host.config().compose_project, &step.folder, act, service(step, arguments)?];
    Ok(words.map(str::to_owned).to_vec())
}
