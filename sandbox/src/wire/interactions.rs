//! The event of an interaction, and the answer to its callback.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::interaction::Interaction;
use crate::world::people::Channel;
use crate::world::posting::flag;

/// What a person without boosts may upload, in bytes.
const ATTACHMENT_LIMIT: u64 = 10 * 1024 * 1024;

impl World {
    pub(crate) fn interaction_json(&self, interaction: &Interaction, data: &Value) -> Value {
        let channel = self.channels.get(&interaction.channel);
        let guild = channel.and_then(|channel| self.guild_of(channel));
        let app_permissions = channel.map(|channel| self.permissions_in(self.bot, channel)).unwrap_or_default();
        let mut json = json!({
            "id": interaction.id,
            "application_id": self.bot,
            "type": interaction.act.number(),
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": interaction.channel,
            "channel": channel.map(|channel| self.partial_channel_json(channel, interaction)),
            "app_permissions": app_permissions.0.to_string(),
            "locale": self.users.get(&interaction.user).map_or("en-US", |user| user.locale.as_str()),
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": guild.map_or_else(|| "0".to_owned(), |id| id.to_string())},
            "context": if guild.is_some() { 0 } else { 1 },
            "attachment_size_limit": ATTACHMENT_LIMIT,
        });
        if let Some(guild) = guild {
            json["guild_id"] = json!(guild);
            json["guild"] = json!({"id": guild, "locale": self.guild.locale, "features": []});
            json["guild_locale"] = json!(self.guild.locale);
            json["member"] = self.acting_member_json(interaction, channel);
        } else {
            json["user"] = self.user_json(interaction.user);
        }
        if let Some(posting) = interaction.message.and_then(|id| self.postings.get(&id)) {
            json["message"] = self.message_json(posting);
        }
        json
    }

    /// The member with what they may do in the channel.
    fn acting_member_json(&self, interaction: &Interaction, channel: Option<&Channel>) -> Value {
        let mut member = self.member_json(interaction.user);
        if !member.is_object() {
            // Somebody who left a moment ago: their client still shows the button.
            member = json!({"user": self.user_json(interaction.user), "roles": [], "nick": null, "avatar": null,
                "joined_at": null, "premium_since": null, "deaf": false, "mute": false, "flags": 0, "pending": false});
        }
        let granted = channel.map(|channel| self.permissions_in(interaction.user, channel)).unwrap_or_default();
        member["permissions"] = json!(granted.0.to_string());
        member
    }

    fn partial_channel_json(&self, channel: &Channel, interaction: &Interaction) -> Value {
        let mut json = self.channel_json(channel);
        json["permissions"] = json!(self.permissions_in(interaction.user, channel).0.to_string());
        json
    }

    /// What a callback answers with `with_response=true`.
    pub(crate) fn callback_json(&self, interaction: &Interaction) -> Value {
        let posting = interaction.original.and_then(|id| self.postings.get(&id));
        let mut json = json!({
            "interaction": {"id": interaction.id, "type": interaction.act.number()},
            "resource": {"type": interaction.answer_kind},
        });
        if let Some(posting) = posting {
            json["interaction"]["response_message_id"] = json!(posting.id);
            json["interaction"]["response_message_loading"] = json!(posting.is_loading());
            json["interaction"]["response_message_ephemeral"] = json!(posting.flags & flag::EPHEMERAL != 0);
            json["resource"]["message"] = self.message_json(posting);
        }
        json
    }
}
