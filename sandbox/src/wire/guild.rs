//! The guild, its roles and channels.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::permissions::Overwrite;
use crate::world::World;
use crate::world::people::{Channel, Role};

/// What a guild may have and this one has not.
const UNSET: [&str; 16] = [
    "icon",
    "icon_hash",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "widget_channel_id",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
    "vanity_url_code",
    "max_presences",
    "incidents_data",
];

impl World {
    /// The guild as REST gives it.
    pub(crate) fn guild_json(&self) -> Value {
        let system_channel = self.channels.values().find(|channel| !channel.is_dm() && !channel.is_thread());
        let mut json = json!({
            "id": self.guild.id,
            "name": self.guild.name,
            "features": [],
            "owner_id": self.guild.owner,
            "region": "south-korea",
            "afk_timeout": 300,
            "system_channel_id": system_channel.map(|channel| channel.id),
            "system_channel_flags": 0,
            "widget_enabled": false,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 2,
            "mfa_level": 0,
            "nsfw": false,
            "nsfw_level": 0,
            "roles": self.roles_json(),
            "emojis": [],
            "stickers": [],
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": false,
            "preferred_locale": self.guild.locale,
            "max_members": 25_000_000,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
        });
        for unset in UNSET {
            json[unset] = Value::Null;
        }
        json
    }

    /// GUILD_CREATE: the guild with all that is in it.
    pub(crate) fn guild_create_json(&self) -> Value {
        let mut guild = self.guild_json();
        let visible = |channel: &&Channel| !channel.is_dm();
        let channels = self.channels.values().filter(visible);
        let (threads, channels): (Vec<_>, Vec<_>) = channels.partition(|channel| channel.is_thread());
        guild["joined_at"] = json!(stamp(self.guild.founded));
        guild["large"] = json!(false);
        guild["unavailable"] = json!(false);
        guild["member_count"] = json!(self.members.len());
        guild["members"] = self.members.keys().map(|id| self.member_json(*id)).collect();
        guild["channels"] = channels.into_iter().map(|channel| self.channel_json(channel)).collect();
        guild["threads"] = threads.into_iter().map(|thread| self.channel_json(thread)).collect();
        for empty in ["voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"] {
            guild[empty] = json!([]);
        }
        guild
    }

    pub(crate) fn roles_json(&self) -> Value {
        self.roles.values().map(|role| self.role_json(role)).collect()
    }

    pub(crate) fn role_json(&self, role: &Role) -> Value {
        let mut json = json!({
            "id": role.id,
            "name": role.name,
            "description": null,
            "permissions": role.permissions.0.to_string(),
            "position": role.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
            "hoist": false,
            "managed": role.managed,
            "mentionable": role.mentionable,
            "icon": null,
            "unicode_emoji": null,
            "flags": 0,
        });
        if role.managed {
            json["tags"] = json!({"bot_id": self.bot});
        }
        json
    }

    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        let last = channel.messages.iter().rev().find(|id| {
            self.postings.get(id).is_some_and(|posting| posting.deleted.is_none() && posting.only_for.is_none())
        });
        if let Some(person) = channel.recipient {
            return json!({
                "id": channel.id,
                "type": channel.kind,
                "last_message_id": last,
                "flags": 0,
                "recipients": [self.user_json(person)],
            });
        }
        let mut json = json!({
            "id": channel.id,
            "type": channel.kind,
            "guild_id": self.guild.id,
            "name": channel.name,
            "parent_id": channel.parent,
            "last_message_id": last,
            "last_pin_timestamp": null,
            "rate_limit_per_user": 0,
            "flags": 0,
        });
        let Some(thread) = &channel.thread else {
            json["topic"] = json!(channel.topic);
            json["position"] = json!(channel.position);
            json["nsfw"] = json!(false);
            json["permission_overwrites"] = channel.overwrites.iter().map(overwrite_json).collect();
            return json;
        };
        json["owner_id"] = json!(thread.owner);
        json["message_count"] = json!(channel.messages.len());
        json["total_message_sent"] = json!(channel.messages.len());
        json["member_count"] = json!(thread.members.len());
        json["thread_metadata"] = json!({
            "archived": thread.archived,
            "archive_timestamp": stamp(thread.archive_changed),
            "auto_archive_duration": thread.auto_archive_minutes,
            "locked": thread.locked,
            "create_timestamp": stamp(thread.created),
        });
        json
    }
}

fn overwrite_json(rule: &Overwrite) -> Value {
    json!({
        "id": rule.of,
        "type": u8::from(!rule.is_role),
        "allow": rule.allow.0.to_string(),
        "deny": rule.deny.0.to_string(),
    })
}
