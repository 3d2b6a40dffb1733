//! Messages and their files.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::world::World;
use crate::world::answers::origin_of;
use crate::world::posting::{Attachment, Origin, Posting, Reaction, flag, posting_kind};

impl World {
    /// A message as REST gives it to whoever reads it. Discord gives the nonce back only as long as the message is new.
    pub(crate) fn message_json(&self, posting: &Posting) -> Value {
        let mut json = json!({
            "id": posting.id,
            "type": posting.kind,
            "channel_id": posting.channel,
            "author": self.user_json(posting.author),
            "content": posting.face.content,
            "timestamp": stamp(posting.created),
            "edited_timestamp": posting.edited.map(stamp),
            "tts": posting.tts,
            "mention_everyone": posting.mentions.everyone,
            "mentions": posting.mentions.users.iter().map(|id| self.user_json(*id)).collect::<Value>(),
            "mention_roles": posting.mentions.roles,
            "attachments": posting.face.attachments.iter().map(attachment_json).collect::<Value>(),
            "embeds": if posting.flags & flag::SUPPRESS_EMBEDS == 0 { json!(posting.face.embeds) } else { json!([]) },
            "components": posting.face.components,
            "pinned": false,
            "flags": posting.flags,
        });
        if !posting.reactions.is_empty() {
            json["reactions"] = posting.reactions.iter().map(|reaction| self.reaction_json(reaction)).collect();
        }
        if let Some(origin) = &posting.origin {
            json["application_id"] = json!(self.bot);
            json["webhook_id"] = json!(self.bot);
            json["interaction_metadata"] = self.origin_json(origin);
        }
        if let Some(thread) = self.channels.get(&posting.id) {
            json["thread"] = self.channel_json(thread);
        }
        self.add_reference(posting, &mut json);
        json
    }

    /// A message as it is given back to whoever has just posted it.
    pub(crate) fn new_message_json(&self, posting: &Posting) -> Value {
        let mut json = self.message_json(posting);
        if let Some(nonce) = &posting.nonce {
            json["nonce"] = nonce.clone();
        }
        json
    }

    /// A message as the gateway's events tell of it.
    pub(crate) fn message_event_json(&self, posting: &Posting) -> Value {
        let mut json = self.new_message_json(posting);
        let guild = self.channels.get(&posting.channel).and_then(|channel| self.guild_of(channel));
        if let Some(guild) = guild {
            json["guild_id"] = json!(guild);
            json["member"] = self.bare_member_json(posting.author);
        }
        json
    }

    fn add_reference(&self, posting: &Posting, json: &mut Value) {
        let Some(target) = posting.reference else { return };
        let channel = self.postings.get(&target).map_or(posting.channel, |found| found.channel);
        json["message_reference"] =
            json!({"type": 0, "channel_id": channel, "message_id": target, "guild_id": self.guild.id});
        if matches!(posting.kind, posting_kind::REPLY | posting_kind::THREAD_STARTER) {
            // One level only: what the answered message itself answers is not repeated.
            json["referenced_message"] = match self.posting(target) {
                Ok(found) if found.only_for.is_none() => {
                    let mut plain = found.clone();
                    plain.reference = None;
                    self.message_json(&plain)
                }
                _ => Value::Null,
            };
        }
    }

    fn origin_json(&self, origin: &Origin) -> Value {
        let mut json = json!({
            "id": origin.interaction,
            "type": origin.kind,
            "user": self.user_json(origin.user),
            "authorizing_integration_owners": {"0": self.guild.id},
        });
        if let Some(command) = &origin.command {
            json["name"] = json!(command);
        }
        if let Some(message) = origin.source_message {
            json["interacted_message_id"] = json!(message);
        }
        if let Some(trigger) = origin.trigger.and_then(|id| self.interactions.get(&id)) {
            json["triggering_interaction_metadata"] = self.origin_json(&origin_of(trigger));
        }
        json
    }

    fn reaction_json(&self, reaction: &Reaction) -> Value {
        json!({
            "emoji": {"id": null, "name": reaction.emoji},
            "count": reaction.users.len(),
            "count_details": {"burst": 0, "normal": reaction.users.len()},
            "burst_colors": [],
            "me": reaction.users.contains(&self.bot),
            "me_burst": false,
        })
    }
}

pub(crate) fn attachment_json(file: &Attachment) -> Value {
    let mut json = json!({
        "id": file.id,
        "filename": file.name,
        "size": file.bytes.len(),
        "url": file.url,
        "proxy_url": file.url,
    });
    for (key, value) in [("content_type", &file.content_type), ("description", &file.description)] {
        if let Some(text) = value {
            json[key] = json!(text);
        }
    }
    json
}
