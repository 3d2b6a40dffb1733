//! The world as one person sees it, as JSON for the page.

use serde_json::{Value, json};

use crate::clock::stamp;
use crate::id::Id;
use crate::permissions::Permissions;
use crate::world::World;
use crate::world::interaction::{Answer, Interaction};
use crate::world::people::{Channel, channel_kind};
use crate::world::posting::Posting;

/// Where the bot's files are for Discord's clients, and where the page finds the same.
const CDN: &str = "https://discord.com/attachments/";
const FILES: &str = "/sandbox/api/files/";

impl World {
    /// Who there is: members, former members that still have messages, and the bot.
    pub(super) fn people_view(&self) -> Value {
        let person = |user: &crate::world::people::User| {
            let member = self.members.get(&user.id);
            json!({
                "id": user.id,
                "name": self.name_of(user.id),
                "username": user.username,
                "locale": user.locale,
                "bot": user.bot,
                "owner": user.id == self.guild.owner,
                "member": member.is_some(),
                "roles": member.map(|member| member.roles.clone()).unwrap_or_default(),
            })
        };
        self.users.values().map(person).collect()
    }

    /// The roles but `@everyone`.
    pub(super) fn roles_view(&self) -> Value {
        let roles = self.roles.values().filter(|role| role.id != self.guild.id);
        roles.map(|role| json!({"id": role.id, "name": role.name, "managed": role.managed})).collect()
    }

    /// Whether a person is shown a channel or thread.
    pub(super) fn sees(&self, viewer: Id, channel: &Channel) -> bool {
        let private = channel.kind == channel_kind::PRIVATE_THREAD;
        let inside = || channel.thread.as_ref().is_some_and(|thread| thread.members.contains(&viewer));
        let granted = self.permissions_in(viewer, channel);
        granted.has(Permissions::VIEW_CHANNEL) && (!private || inside() || granted.has(Permissions::MANAGE_THREADS))
    }

    /// A channel as the page lists it.
    pub(super) fn channel_view(&self, viewer: Id, channel: &Channel) -> Value {
        let granted = self.permissions_in(viewer, channel);
        let speak =
            if channel.is_thread() { Permissions::SEND_MESSAGES_IN_THREADS } else { Permissions::SEND_MESSAGES };
        json!({
            "id": channel.id,
            "kind": if channel.is_dm() { "direct" } else if channel.is_thread() { "thread" } else { "text" },
            "name": if channel.is_dm() { self.name_of(self.bot) } else { channel.name.clone() },
            "topic": channel.topic,
            "parent": channel.parent,
            "position": channel.position,
            "archived": channel.thread.as_ref().is_some_and(|thread| thread.archived),
            "locked": channel.thread.as_ref().is_some_and(|thread| thread.locked),
            "may_write": granted.has(speak),
            "messages": self.public_postings(channel.id).len(),
        })
    }

    /// The channels and threads that a person is shown, in their order.
    pub(super) fn channels_view(&self, viewer: Id) -> Value {
        let mut seen: Vec<&Channel> = self.channels.values().filter(|channel| self.sees(viewer, channel)).collect();
        seen.sort_by_key(|channel| (channel.position, channel.id));
        seen.into_iter().map(|channel| self.channel_view(viewer, channel)).collect()
    }

    /// A message as Discord's clients get it, and what a person's own client makes of it.
    pub(super) fn message_view(&self, viewer: Id, posting: &Posting) -> Value {
        let mut json = self.message_json(posting);
        let roles = self.members.get(&viewer).map(|member| member.roles.as_slice()).unwrap_or_default();
        let pinged = &posting.pinged;
        let named = pinged.users.contains(&viewer) || roles.iter().any(|role| pinged.roles.contains(role));
        json["author"]["name"] = json!(self.name_of(posting.author));
        json["only_you"] = json!(posting.only_for == Some(viewer));
        json["names_you"] = json!(named || pinged.everyone);
        if let Some(origin) = &posting.origin {
            json["interaction_metadata"]["user"]["name"] = json!(self.name_of(origin.user));
        }
        if let Some(author) = json.pointer_mut("/referenced_message/author").filter(|author| author.is_object()) {
            let id = posting.reference.and_then(|id| self.postings.get(&id)).map(|found| found.author);
            author["name"] = json!(id.map(|id| self.name_of(id)));
        }
        readdress(&mut json);
        json
    }

    /// What a person did, and what became of it.
    pub(super) fn interaction_view(&self, interaction: &Interaction) -> Value {
        let state = match &interaction.answer {
            Some(_) => "answered",
            None if interaction.too_late_for_first_answer(self.now()) => "failed",
            None => "waiting",
        };
        let mut json = json!({
            "id": interaction.id,
            "words": interaction.words,
            "channel": interaction.channel,
            "message": interaction.message,
            "state": state,
            "answered_after_ms": interaction.answered_after.map(|after| after.as_millis()),
            "followups": interaction.followups,
        });
        match &interaction.answer {
            Some(Answer::Message(id) | Answer::Update(id)) => {
                json["answer"] = json!({"kind": "message", "message": id});
            }
            Some(Answer::SeenOnly) => json["answer"] = json!({"kind": "seen"}),
            Some(Answer::Modal(form)) => json["answer"] = json!({"kind": "modal", "modal": form}),
            Some(Answer::Choices(choices)) => {
                let list = choices.iter().map(|choice| json!({"name": choice.name, "value": choice.value}));
                json["answer"] = json!({"kind": "choices", "choices": list.collect::<Value>()});
            }
            Some(Answer::Pong) | None => {}
        }
        json
    }

    /// The bot, and whether it is there.
    pub(super) fn bot_view(&self) -> Value {
        json!({"id": self.bot, "name": self.name_of(self.bot), "online": self.hub.connected() > 0})
    }

    pub(super) fn clock_view(&self) -> Value {
        json!(stamp(self.now()))
    }
}

/// The page may load pictures from nowhere else: the bot's files are its own server's.
fn readdress(json: &mut Value) {
    match json {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix(CDN) {
                *text = format!("{FILES}{rest}");
            }
        }
        Value::Array(list) => list.iter_mut().for_each(readdress),
        Value::Object(object) => {
            // Texts stay as they were written; only addresses are addresses.
            let places = object.iter_mut().filter(|(key, _)| {
                matches!(
                    key.as_str(),
                    "url"
                        | "proxy_url"
                        | "icon_url"
                        | "attachments"
                        | "embeds"
                        | "image"
                        | "thumbnail"
                        | "author"
                        | "footer"
                        | "referenced_message"
                )
            });
            places.for_each(|(_, value)| readdress(value));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_the_own_servers_and_texts_stay() {
        let mut message = json!({
            "content": "https://discord.com/attachments/1/2/x.png",
            "attachments": [{"url": "https://discord.com/attachments/1/2/x.png"}],
            "embeds": [{"image": {"url": "https://discord.com/attachments/1/2/x.png"}, "url": "https://example.org"}],
        });
        readdress(&mut message);
        assert_eq!(message["content"], "https://discord.com/attachments/1/2/x.png");
        assert_eq!(message["attachments"][0]["url"], "/sandbox/api/files/1/2/x.png");
        assert_eq!(message["embeds"][0]["image"]["url"], "/sandbox/api/files/1/2/x.png");
        assert_eq!(message["embeds"][0]["url"], "https://example.org");
    }
}
