//! Reads `bot.toml` and the command files, and holds them against each other: what one names the other must have.

use std::collections::BTreeSet;
use std::path::Path;

use crate::commands::{self, Commands};
use crate::config::{self, Config, HostRule, checklist_of};
use crate::document::{Document, Place, Problem, Problems, did_you_mean, explain};
use crate::domain::command::Check;
use crate::domain::help::RELOAD;
use crate::domain::message::{Explain, Message};
use crate::domain::refined::Instead;
use crate::probe::HttpProber;

/// Reads the configuration and the commands it names. The problems of both are told together.
pub(super) fn load(path: &Path) -> Result<(Config, Commands), Problems> {
    let config = match config::load(path) {
        Ok(config) => config,
        Err(mut problems) => {
            // Of another folder than the one that is meant nothing is told.
            let commands = config::commands_folder(path).map(|folder| commands::load(&folder));
            if let Some(Err(mut more)) = commands {
                problems.0.append(&mut more.0);
            }
            return Err(problems);
        }
    };
    let commands = commands::load(&config.commands)?;
    let mut problems = unknown_in_may_run(path, &config, &commands);
    problems.0.append(&mut unknown_in_may_sign(path, &config, &commands).0);
    problems.0.append(&mut unknown_in_schedules(path, &config, &commands).0);
    problems.0.append(&mut unknown_in_actions(&config, &commands).0);
    problems.0.append(&mut wrong_rules_of_hosts(&config, &commands).0);
    if problems.is_empty() { Ok((config, commands)) } else { Err(problems) }
}

/// The files that the configuration at `path` names and that cannot be used. Who only runs does without them, as far as that
/// goes.
pub(super) fn unusable(path: &Path, config: &Config) -> Problems {
    let Err(error) = HttpProber::new(&config.http) else { return Problems::default() };
    let find = |document: &Document| document.place_of_value(&["http", "ca_file"]);
    problem_at(path, find, error.message(), error.hint()).into()
}

/// What is wrong with the file at `path`, where `find` says that it stands. The file is read once more for it: only when it is
/// held against others it turns out to be wrong, and hardly ever.
fn problem_at(
    path: &Path,
    find: impl Fn(&Document) -> Option<Place>,
    message: Message,
    hint: Option<Message>,
) -> Problem {
    match Document::open(path).ok().and_then(|document| find(&document)) {
        Some(place) => place.problem(message, hint),
        None => Problem { hint, ..Problem::of_file(path, message) },
    }
}

/// The commands of `[may_run]` that are none: a wrong name there would leave the right one open to every role.
fn unknown_in_may_run(path: &Path, config: &Config, commands: &Commands) -> Problems {
    let names = || commands.names().chain([RELOAD]);
    let unknown = config.may_run.keys().filter(|name| !names().any(|known| known == *name));
    let problem = |name: &String| {
        let message = Message::new("config-may-run-unknown").with("name", name.as_str());
        let find = |document: &Document| document.place_of_key(&["may_run", name]);
        problem_at(path, find, message, did_you_mean(name, names()))
    };
    Problems(unknown.map(problem).collect())
}

/// The checklists of `[may_sign]` that are none, or that nobody signs.
fn unknown_in_may_sign(path: &Path, config: &Config, commands: &Commands) -> Problems {
    let signed = |name: &str| commands.checklists.get(name).is_some_and(|checklist| checklist.signed.is_some());
    let known = || commands.checklists.keys().map(String::as_str).filter(|name| signed(name));
    let problem = |name: &String| {
        let message = Message::new("config-may-sign-unknown").with("name", name.as_str());
        let find = |document: &Document| document.place_of_key(&["may_sign", name]);
        problem_at(path, find, message, did_you_mean(name, known()))
    };
    Problems(config.may_sign.keys().filter(|name| !signed(name)).map(problem).collect())
}

/// The checklists of `[schedule]` and `[rota]` that are none: nobody would ever be reminded of the right ones.
fn unknown_in_schedules(path: &Path, config: &Config, commands: &Commands) -> Problems {
    let scheduled = config.planned().filter(|(.., schedule)| schedule.title.is_none());
    let scheduled: BTreeSet<_> = scheduled.map(|(name, ..)| ("schedule", name)).collect();
    let titled = |name: &str| config.planned().any(|(known, _, schedule)| known == name && schedule.title.is_some());
    let rotas = config.rotas.keys().map(|name| checklist_of(name).0).filter(|name| !titled(name));
    let rotas = rotas.map(|name| ("rota", name)).collect::<BTreeSet<_>>();
    let problem = |(section, name): (&'static str, &str)| {
        let message = Message::new("config-schedule-unknown").with("section", section).with("name", name);
        let hint = did_you_mean(name, commands.checklists.keys().map(String::as_str))
            .or_else(|| Some(Message::new("config-schedule-unknown-hint")));
        let of_host = |document: &Document, host: &String| document.place_of_key(&["hosts", host, section, name]);
        let find = |document: &Document| {
            let of_all = document.place_of_key(&[section, name]);
            of_all.or_else(|| config.hosts.keys().find_map(|host| of_host(document, host)))
        };
        problem_at(path, find, message, hint)
    };
    let named = scheduled.into_iter().chain(rotas);
    Problems(named.filter(|(_, name)| !commands.checklists.contains_key(*name)).map(problem).collect())
}

/// The roles that actions and runbooks name and `[roles]` does not: nobody could ever ask for the action, or approve it, or
/// open the runbook.
fn unknown_in_actions(config: &Config, commands: &Commands) -> Problems {
    let actions = commands.actions.values().flat_map(|action| {
        let names: BTreeSet<&String> = action.ask.iter().chain(&action.approve).collect();
        names.into_iter().map(move |name| (&action.id, name))
    });
    let runbooks = commands.runbooks.values().flat_map(|runbook| {
        let names: BTreeSet<&String> = runbook.open.iter().collect();
        names.into_iter().map(move |name| (&runbook.id, name))
    });
    let named = actions.chain(runbooks);
    let problem = |(id, name): (&String, &String)| {
        let message = Message::new("action-unknown-role").with("action", id.as_str()).with("name", name.as_str());
        let find = |document: &Document| {
            ["ask", "approve", "open"].into_iter().find_map(|key| document.place_of_word(key, name))
        };
        let path = config.commands.join(format!("{id}.toml"));
        problem_at(&path, find, message, did_you_mean(name, config.roles.keys().map(String::as_str)))
    };
    Problems(named.filter(|(_, name)| !config.roles.contains_key(*name)).map(problem).collect())
}

/// The thresholds of single hosts that no check could be held to: there is no such check, or it has no such measure, or
/// the measure counts something else.
fn wrong_rules_of_hosts(config: &Config, commands: &Commands) -> Problems {
    let rules = config.hosts.values().flat_map(|host| &host.own.rules);
    Problems(rules.flat_map(|rule| wrong_rule(rule, commands)).collect())
}

fn wrong_rule(rule: &HostRule, commands: &Commands) -> Vec<Problem> {
    let refined = &rule.refined;
    let Some(checklist) = commands.checklists.get(&refined.checklist) else {
        let message = Message::new("commands-unknown").with("name", refined.checklist.as_str());
        let near = did_you_mean(&refined.checklist, commands.checklists.keys().map(String::as_str));
        return vec![rule.checklist_at.clone().problem(message, near)];
    };
    let Some(check) = checklist.checks().find(|check| check.id == refined.check) else {
        let message = Message::new("action-unknown-check")
            .with("checklist", refined.checklist.as_str())
            .with("name", refined.check.as_str());
        let near = did_you_mean(&refined.check, checklist.checks().map(|check| check.id.as_str()));
        return vec![rule.check_at.clone().problem(message, near)];
    };
    let of = check.rules.iter().filter(|known| refined.is_of(&checklist.id, check, known));
    let held: Vec<_> = of.map(|known| refined.refine(known)).collect();
    if held.is_empty() {
        let known: BTreeSet<_> = check.rules.iter().map(|rule| rule.measure.as_str()).collect();
        let message = Message::new("config-host-rule-measure")
            .with("check", refined.check.as_str())
            .with("measure", refined.measure.as_str());
        let names = known.iter().copied().collect::<Vec<_>>().join(", ");
        let hint = did_you_mean(&refined.measure, known)
            .or_else(|| Some(Message::new("commands-known-measures").with("names", names)));
        return vec![rule.measure_at.clone().problem(message, hint)];
    }
    let mut problems = wrong_conditions(rule, check);
    let shadowed = held.iter().find_map(|held| match (&held.warn, &held.fail) {
        (Some(warn), Some(fail)) if warn.is_shadowed_by(fail) => Some((warn.to_string(), fail.to_string())),
        _ => None,
    });
    if let (Some((warn, fail)), true) = (shadowed, problems.is_empty()) {
        let message = Message::new("commands-shadowed").with("warn", warn).with("fail", fail);
        problems.push(rule.measure_at.clone().problem(message, None));
    }
    problems
}

/// The conditions that cannot be asked of the measure.
fn wrong_conditions(rule: &HostRule, check: &Check) -> Vec<Problem> {
    let measures = check.probe.measures();
    let Some(measure) = measures.iter().find(|measure| measure.name == rule.refined.measure) else { return Vec::new() };
    let conditions = [&rule.refined.warn, &rule.refined.fail].into_iter().zip(&rule.conditions_at);
    let wrong = conditions.filter_map(|(instead, at)| {
        let Instead::Other(condition) = instead else { return None };
        let dimension = condition.check_dimension(measure.dimension);
        let error = dimension.and_then(|()| condition.check_words(measure.words)).err()?;
        let (message, hint) = explain(&condition.to_string(), &error, Some(measure));
        Some(at.clone().problem(message, hint))
    });
    wrong.collect()
}
