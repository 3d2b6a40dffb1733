//! What befalls people and roles: a practice world is its people's to change.

use axum::extract::{Path, State};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::act::body;
use super::problem::Problem;
use super::{Desk, Outcome, Reply};
use crate::builder::username;
use crate::id::Id;
use crate::permissions::Permissions;
use crate::world::World;
use crate::world::feed::Change;
use crate::world::people::{Role, User};

/// Longest name of a person (Discord's nicknames) and of a role.
const LONGEST_NAME: usize = 32;
const LONGEST_ROLE: usize = 100;

fn person(world: &World, who: &str) -> Result<Id, Problem> {
    world.find_user(who).ok_or_else(|| Problem::unknown("person", who))
}

fn role(world: &World, wanted: &str) -> Result<Id, Problem> {
    world.find_role(wanted).filter(|id| *id != world.guild.id).ok_or_else(|| Problem::unknown("role", wanted))
}

fn roles(world: &World, wanted: &[String]) -> Result<Vec<Id>, Problem> {
    wanted.iter().map(|name| role(world, name)).collect()
}

/// A name as people may have it.
fn good_name(name: &str, longest: usize) -> Result<String, Problem> {
    let name = name.trim();
    if (1..=longest).contains(&name.chars().count()) {
        return Ok(name.to_owned());
    }
    Err(Problem::bad_body(format!("a name has 1 to {longest} characters")))
}

#[derive(Debug, Deserialize)]
struct NewPerson {
    name: String,
    #[serde(default)]
    roles: Vec<String>,
    locale: Option<String>,
}

/// Somebody joins; or comes back, if they were here.
pub(super) async fn add_person(State(desk): State<Desk>, bytes: Bytes) -> Outcome {
    let new: NewPerson = body(&bytes)?;
    let name = good_name(&new.name, LONGEST_NAME)?;
    desk.core.change(|world| {
        let roles = roles(world, &new.roles)?;
        let known = world.find_user(&name);
        if known.is_some_and(|id| world.members.contains_key(&id)) {
            return Err(Problem::refused(format!("{name} is here already")));
        }
        let id = known.unwrap_or_else(|| world.next_id());
        let locale = new.locale.unwrap_or_else(|| world.guild.locale.clone());
        let user = User { id, username: username(&name, id.get()), name, bot: false, locale };
        world.users.entry(id).or_insert(user);
        world.join(id, roles);
        Ok(Reply(json!({"id": id})))
    })
}

#[derive(Debug, Deserialize)]
struct PersonChange {
    roles: Option<Vec<String>>,
    nick: Option<String>,
    locale: Option<String>,
}

pub(super) async fn change_person(State(desk): State<Desk>, Path(who): Path<String>, bytes: Bytes) -> Outcome {
    let change: PersonChange = body(&bytes)?;
    let nick = change.nick.map(|nick| good_name(&nick, LONGEST_NAME)).transpose()?;
    desk.core.change(|world| {
        let id = person(world, &who)?;
        let roles = change.roles.map(|wanted| roles(world, &wanted)).transpose()?;
        if let (Some(locale), Some(user)) = (change.locale, world.users.get_mut(&id)) {
            user.locale = locale;
            world.feed.note(Change::People);
        }
        if roles.is_some() || nick.is_some() {
            world.change_member(id, |member| {
                member.roles = roles.unwrap_or_else(|| member.roles.clone());
                member.nick = nick.or_else(|| member.nick.clone());
            })?;
        }
        Ok(Reply(json!({"id": id})))
    })
}

/// Somebody leaves the guild. Their messages stay.
pub(super) async fn remove_person(State(desk): State<Desk>, Path(who): Path<String>) -> Outcome {
    desk.core.change(|world| {
        let id = person(world, &who)?;
        if id == world.bot {
            return Err(Problem::refused("the bot stays"));
        }
        world.leave(id)?;
        Ok(Reply(json!({"id": id})))
    })
}

pub(super) async fn give_role(State(desk): State<Desk>, Path((who, wanted)): Path<(String, String)>) -> Outcome {
    switch_role(&desk, &who, &wanted, true)
}

pub(super) async fn take_role(State(desk): State<Desk>, Path((who, wanted)): Path<(String, String)>) -> Outcome {
    switch_role(&desk, &who, &wanted, false)
}

fn switch_role(desk: &Desk, who: &str, wanted: &str, on: bool) -> Outcome {
    desk.core.change(|world| {
        let (id, role) = (person(world, who)?, role(world, wanted)?);
        world.change_member(id, |member| {
            member.roles.retain(|had| *had != role);
            if on {
                member.roles.push(role);
            }
        })?;
        Ok(Reply(json!({"id": id})))
    })
}

#[derive(Debug, Deserialize)]
struct NewRole {
    name: String,
}

pub(super) async fn add_role(State(desk): State<Desk>, bytes: Bytes) -> Outcome {
    let new: NewRole = body(&bytes)?;
    let name = good_name(&new.name, LONGEST_ROLE)?;
    desk.core.change(|world| {
        let (id, position) = (world.next_id(), world.roles.len());
        let permissions = Permissions::NONE;
        world.add_role(Role { id, name, permissions, position, mentionable: true, managed: false });
        Ok(Reply(json!({"id": id})))
    })
}

pub(super) async fn delete_role(State(desk): State<Desk>, Path(wanted): Path<String>) -> Outcome {
    desk.core.change(|world| {
        let id = role(world, &wanted)?;
        world.delete_role(id)?;
        Ok(Reply(json!({"id": id})))
    })
}
