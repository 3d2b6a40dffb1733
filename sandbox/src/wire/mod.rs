//! The world as JSON, in Discord's shapes.
//!
//! Clients want more fields than the documentation calls required, so every object carries all that real payloads carry.

mod guild;
mod interactions;
mod messages;

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::id::Id;
use crate::world::World;
use crate::world::commands::Command;

impl World {
    /// A user object; an id nobody has becomes Discord's placeholder for deleted accounts.
    pub(crate) fn user_json(&self, id: Id) -> Value {
        let user = self.users.get(&id);
        let name = user.map(|user| user.name.as_str());
        json!({
            "id": id,
            "username": user.map_or("deleted_user", |user| user.username.as_str()),
            "discriminator": "0",
            "global_name": name,
            "avatar": null,
            "bot": user.is_some_and(|user| user.bot),
            "system": false,
            "banner": null,
            "accent_color": null,
            "avatar_decoration_data": null,
            "collectibles": null,
            "primary_guild": null,
            "public_flags": 0,
            "flags": 0,
        })
    }

    /// The bot's own user, with what only it may know.
    pub(crate) fn me_json(&self) -> Value {
        let mut me = self.user_json(self.bot);
        me["mfa_enabled"] = json!(true);
        me["verified"] = json!(true);
        me["locale"] = json!("en-US");
        me["email"] = Value::Null;
        me["bio"] = json!("");
        me
    }

    /// A member without the user, as messages carry it.
    pub(crate) fn bare_member_json(&self, id: Id) -> Value {
        let Some(member) = self.members.get(&id) else { return Value::Null };
        json!({
            "roles": member.roles,
            "nick": member.nick,
            "avatar": null,
            "banner": null,
            "joined_at": stamp(member.joined),
            "premium_since": null,
            "deaf": false,
            "mute": false,
            "flags": 0,
            "pending": false,
            "communication_disabled_until": null,
            "avatar_decoration_data": null,
        })
    }

    /// A member with the user.
    pub(crate) fn member_json(&self, id: Id) -> Value {
        let mut member = self.bare_member_json(id);
        if member.is_object() {
            member["user"] = self.user_json(id);
        }
        member
    }

    /// A member as the gateway's events tell of it.
    pub(crate) fn member_event_json(&self, id: Id) -> Value {
        let mut member = self.member_json(id);
        if member.is_object() {
            member["guild_id"] = json!(self.guild.id);
        }
        member
    }

    /// The application, as it sees itself.
    pub(crate) fn application_json(&self) -> Value {
        let name = self.name_of(self.bot);
        json!({
            "id": self.bot,
            "name": name,
            "icon": null,
            "description": "",
            "summary": "",
            "type": null,
            "bot": self.user_json(self.bot),
            "bot_public": false,
            "bot_require_code_grant": false,
            "owner": self.user_json(self.guild.owner),
            "team": null,
            "verify_key": "00".repeat(32),
            "flags": 1 << 23,
            "rpc_origins": [],
            "tags": [],
            "redirect_uris": [],
            "interactions_endpoint_url": null,
            "role_connections_verification_url": null,
            "approximate_guild_count": 1,
            "approximate_user_install_count": 0,
            "integration_types_config": {"0": {}},
            "hook": true,
        })
    }

    /// A registered command. Without `with_localizations` the translations stay out of lists.
    pub(crate) fn command_json(&self, command: &Command, with_localizations: bool) -> Value {
        let mut json = command.spec.clone();
        json["id"] = json!(command.id);
        json["application_id"] = json!(self.bot);
        json["version"] = json!(command.version);
        if let Some(guild) = command.guild {
            json["guild_id"] = json!(guild);
        }
        if !with_localizations {
            strip_localizations(&mut json);
        }
        json
    }
}

fn strip_localizations(holder: &mut Value) {
    let Some(object) = holder.as_object_mut() else { return };
    object.remove("name_localizations");
    object.remove("description_localizations");
    for key in ["options", "choices"] {
        if let Some(Value::Array(children)) = object.get_mut(key) {
            children.iter_mut().for_each(strip_localizations);
        }
    }
}
