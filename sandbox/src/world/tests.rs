//! Rules of the world that need no wire.

use std::time::Duration;

use serde_json::{Value, json};

use super::World;
use super::draft::Draft;
use super::messages::Manner;
use super::posting::Mentions;
use crate::api_error::Place;
use crate::builder::Builder;
use crate::id::Id;
use crate::permissions::Permissions;

const TEAM: Id = Id::new(1_000_000_000_000_000_101);
const JIMIN: Id = Id::new(1_000_000_000_000_000_201);
const HYUNWOO: Id = Id::new(1_000_000_000_000_000_202);
const OPERATIONS: Id = Id::new(1_000_000_000_000_000_011);
const BOT_ROLE: Id = Id::new(1_000_000_000_000_000_019);

fn world() -> World {
    Builder::default().world().unwrap()
}

fn draft(body: &Value) -> Draft {
    Draft::parse(body, &[], &Place::default()).unwrap()
}

/// Whom the bot's message notifies.
fn pinged(world: &mut World, body: &Value) -> Mentions {
    let id = world.post_as_bot(TEAM, draft(body)).unwrap();
    world.posting(id).unwrap().pinged.clone()
}

fn people(users: &[Id], roles: &[Id], everyone: bool) -> Mentions {
    Mentions { users: users.iter().copied().collect(), roles: roles.iter().copied().collect(), everyone }
}

#[test]
fn whom_a_message_notifies() {
    let all = format!("<@{JIMIN}> <@!{HYUNWOO}> <@&{OPERATIONS}> @everyone <@5> <#{TEAM}>");
    for (name, allowed, wanted) in [
        ("without allowed_mentions everything notifies", None, people(&[JIMIN, HYUNWOO], &[OPERATIONS], true)),
        ("an empty one lets nothing through", Some(json!({})), people(&[], &[], false)),
        ("nor does an empty parse", Some(json!({"parse": []})), people(&[], &[], false)),
        ("users only", Some(json!({"parse": ["users"]})), people(&[JIMIN, HYUNWOO], &[], false)),
        ("one user", Some(json!({"parse": [], "users": [JIMIN]})), people(&[JIMIN], &[], false)),
        ("one role", Some(json!({"roles": [OPERATIONS]})), people(&[], &[OPERATIONS], false)),
        ("everyone", Some(json!({"parse": ["everyone"]})), people(&[], &[], true)),
    ] {
        let mut body = json!({"content": all});
        if let Some(allowed) = allowed {
            body["allowed_mentions"] = allowed;
        }
        assert_eq!(pinged(&mut world(), &body), wanted, "{name}");
    }
}

#[test]
fn embeds_edits_and_ephemeral_messages_notify_nobody() {
    let mut world = world();
    let named = format!("<@{JIMIN}> @everyone");
    assert_eq!(pinged(&mut world, &json!({"embeds": [{"description": named}]})), Mentions::default());
    let id = world.post_as_bot(TEAM, draft(&json!({"content": "x"}))).unwrap();
    world.edit(id, draft(&json!({"content": named}))).unwrap();
    let posting = world.posting(id).unwrap();
    assert_eq!(posting.pinged, Mentions::default());
    assert!(posting.mentions.everyone, "the message still shows the mention");
    let mut manner = Manner::plain(world.bot, TEAM);
    manner.only_for = Some(HYUNWOO);
    let id = world.post(manner, draft(&json!({"content": named}))).unwrap();
    assert_eq!(world.posting(id).unwrap().pinged, Mentions::default());
}

#[test]
fn everyone_and_closed_roles_need_the_right_to_mention_them() {
    let mut world = world();
    let body = json!({"content": format!("@here <@&{OPERATIONS}> <@&{BOT_ROLE}>")});
    assert_eq!(pinged(&mut world, &body), people(&[], &[OPERATIONS, BOT_ROLE], true));
    if let Some(role) = world.roles.get_mut(&BOT_ROLE) {
        role.permissions = role.permissions.without(Permissions::MENTION_EVERYONE);
    }
    assert_eq!(pinged(&mut world, &body), people(&[], &[OPERATIONS], false));
}

#[test]
fn a_reply_notifies_its_author_unless_told_otherwise() {
    let mut world = world();
    let asked = world.post(Manner::plain(JIMIN, TEAM), Draft::text("?")).unwrap();
    let reply = json!({"content": "!", "message_reference": {"message_id": asked}});
    assert_eq!(pinged(&mut world, &reply), people(&[JIMIN], &[], false));
    let mut quiet = reply.clone();
    quiet["allowed_mentions"] = json!({"parse": []});
    assert_eq!(pinged(&mut world, &quiet), Mentions::default());
}

#[test]
fn an_enforced_nonce_is_of_one_channel_and_lasts_minutes() {
    let mut world = world();
    let log = Id::new(TEAM.get() + 1);
    let body = json!({"content": "09:00", "nonce": "n", "enforce_nonce": true});
    let first = world.post_as_bot(TEAM, draft(&body)).unwrap();
    assert_eq!(world.post_as_bot(TEAM, draft(&body)).unwrap(), first);
    assert_ne!(world.post_as_bot(log, draft(&body)).unwrap(), first);
    let unforced = json!({"content": "09:00", "nonce": "n"});
    assert_ne!(world.post_as_bot(TEAM, draft(&unforced)).unwrap(), first);
    world.clock.advance(Duration::from_secs(301));
    assert_ne!(world.post_as_bot(TEAM, draft(&body)).unwrap(), first);
}

#[test]
fn permissions_add_up_as_discord_says() {
    let mut world = world();
    let team = |world: &World, who| world.permissions_in(who, world.channels.get(&TEAM).unwrap());
    assert_eq!(team(&world, JIMIN), Permissions::EVERYBODY);
    assert_eq!(team(&world, world.guild.owner), Permissions::ALL);
    let rule = |of, is_role, allow, deny| crate::permissions::Overwrite { of, is_role, allow, deny };
    let (none, view) = (Permissions::NONE, Permissions::VIEW_CHANNEL);
    let everyone = world.guild.id;
    world.channels.get_mut(&TEAM).unwrap().overwrites =
        vec![rule(everyone, true, none, view), rule(OPERATIONS, true, view, none)];
    assert!(team(&world, JIMIN).has(view), "her role lets her in again");
    assert!(!team(&world, HYUNWOO).has(view));
    world.channels.get_mut(&TEAM).unwrap().overwrites.push(rule(JIMIN, false, none, view));
    assert!(!team(&world, JIMIN).has(view), "a rule for one person comes last");
    assert_eq!(team(&world, Id::new(5)), none);
}
