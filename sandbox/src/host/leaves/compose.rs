//! `docker-compose`, and `docker compose`.

use super::{Answer, Call, docker};
use crate::host::core::Host;
use crate::host::model::container::{Container, State};

pub(super) fn answer(host: &Host, call: &Call, words: &[&str]) -> Answer {
    let now = host.clock.now();
    // Options before the command: where the project is.
    let mut words = words;
    while let Some((option, rest)) = words.split_first().filter(|(option, _)| option.starts_with('-')) {
        let takes_value = matches!(
            *option,
            "-f" | "--file" | "-p" | "--project-name" | "--project-directory" | "--ansi" | "--profile" | "--env-file"
        );
        words = if takes_value { rest.get(1..).unwrap_or_default() } else { rest };
    }
    let Some((command, rest)) = words.split_first() else { return Answer::fails(1, "docker-compose: no command\n") };
    let known: Vec<String> = host.look(|model| model.containers.iter().map(|one| one.service.clone()).collect());
    let mut services: Vec<&str> = Vec::new();
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        if matches!(*word, "--since" | "--tail" | "-t" | "--timeout" | "-n" | "--until" | "--format" | "--filter") {
            rest.next();
        } else if !word.starts_with('-') {
            match known.iter().find(|name| name == word) {
                Some(name) => services.push(name),
                None => return Answer::fails(1, format!("ERROR: No such service: {word}\n")),
            }
        }
    }
    let all = services.is_empty();
    let services: Vec<&str> = if all { known.iter().map(String::as_str).collect() } else { services };
    let told = |verb: &str, done: &str| -> String {
        services.iter().map(|service| format!("{verb} gear_freak_{service} ... {done}\n")).collect()
    };
    let act = |act: &str| {
        for service in &services {
            docker::act_on(host, act, service, now);
        }
    };
    match *command {
        "ps" => ps(host, call, &services),
        "logs" => {
            let from = call.option(&["--since"]).and_then(|text| docker::since(text, now)).unwrap_or_default();
            docker::lines(host, &services, from, call, true)
        }
        "restart" => {
            act("restart");
            Answer { err: told("Restarting", "done"), ..Answer::default() }
        }
        "stop" => {
            act("stop");
            Answer { err: told("Stopping", "done"), ..Answer::default() }
        }
        "start" => {
            act("start");
            Answer { err: told("Starting", "done"), ..Answer::default() }
        }
        "up" => {
            host.change(|model| services.iter().for_each(|service| model.bring_up(service, now)));
            Answer { err: told("Starting", "done"), ..Answer::default() }
        }
        "down" => {
            host.change(|model| {
                for container in &mut model.containers {
                    container.finished = Some(now);
                    container.state = State::Removed;
                }
                for service in &services {
                    model.acted_on(service, now);
                }
            });
            Answer { err: told("Removing", "done"), ..Answer::default() }
        }
        "pull" => Answer::fails(1, "ERROR: the practice host has no way to the registry\n"),
        "config" if call.has(&["--services"]) => Answer::says(known.join("\n") + "\n"),
        "config" => Answer::says(include_str!("../files/docker-compose.yml")),
        "version" | "--version" => Answer::says("Docker Compose version v2.29.7\n"),
        other => Answer::fails(1, format!("docker-compose: the practice host does not know `{other}`\n")),
    }
}

fn ps(host: &Host, call: &Call, services: &[&str]) -> Answer {
    let now = host.clock.now();
    host.look(|model| {
        let chosen: Vec<&Container> =
            model.containers.iter().filter(|one| one.exists() && services.contains(&one.service.as_str())).collect();
        if call.has(&["-q", "--quiet"]) {
            return Answer::says(chosen.iter().map(|one| format!("{}\n", one.id)).collect::<String>());
        }
        let mut out = format!("{:<24} {:<32} {:<34} PORTS\n", "NAME", "COMMAND", "STATUS");
        for one in chosen {
            out.push_str(&format!("{:<24} {:<32} {:<34}\n", one.name, one.command, one.says(now)));
        }
        Answer::says(out)
    })
}
