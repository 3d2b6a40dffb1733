//! Whom a text names, and whom it notifies.

use std::sync::LazyLock;

use regex::Regex;

use super::World;
use super::people::Channel;
use super::posting::Mentions;
use crate::id::Id;
use crate::payload::AllowedMentions;
use crate::permissions::Permissions;

static USER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<@!?(\d{1,20})>").ok());
static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<@&(\d{1,20})>").ok());

impl World {
    /// Whom a content names after `allowed_mentions`; embeds never count. Without `allowed_mentions` everything counts.
    ///
    /// Code spans are not exempt here: what a person could break out of by writing a backtick is no protection, and a test
    /// should see that.
    pub(crate) fn mentions(
        &self,
        content: &str,
        allowed: Option<&AllowedMentions>,
        replied_to: Option<Id>,
    ) -> Mentions {
        let parses = |kind: &str| {
            allowed.is_none_or(|a| a.parse.as_ref().is_some_and(|kinds| kinds.iter().any(|given| given == kind)))
        };
        let listed = |list: fn(&AllowedMentions) -> Option<&Vec<Id>>, id: Id| {
            allowed.and_then(list).is_some_and(|ids| ids.contains(&id))
        };
        let may_name_user = |id: Id| parses("users") || listed(|a| a.users.as_ref(), id);
        let may_name_role = |id: Id| parses("roles") || listed(|a| a.roles.as_ref(), id);
        let replied = replied_to.filter(|_| allowed.is_none_or(|a| a.replied_user == Some(true)));
        Mentions {
            users: found(&USER, content)
                .filter(|id| self.users.contains_key(id) && may_name_user(*id))
                .chain(replied)
                .collect(),
            roles: found(&ROLE, content).filter(|id| self.roles.contains_key(id) && may_name_role(*id)).collect(),
            everyone: parses("everyone") && (content.contains("@everyone") || content.contains("@here")),
        }
    }

    /// Of those named, the ones that a message of this author in this channel really notifies.
    pub(crate) fn notified(&self, author: Id, channel: &Channel, named: &Mentions) -> Mentions {
        let may_all = self.permissions_in(author, channel).has(Permissions::MENTION_EVERYONE);
        Mentions {
            users: named.users.iter().filter(|id| **id != author && self.members.contains_key(id)).copied().collect(),
            roles: named
                .roles
                .iter()
                .filter(|id| may_all || self.roles.get(id).is_some_and(|role| role.mentionable))
                .copied()
                .collect(),
            everyone: named.everyone && may_all,
        }
    }

    /// A text as people read it: ids become names.
    pub(crate) fn readable(&self, text: &str) -> String {
        let with_roles = replace(&ROLE, text, |id| self.roles.get(&id).map(|role| format!("@{}", role.name)));
        replace(&USER, &with_roles, |id| self.users.get(&id).map(|_| format!("@{}", self.name_of(id))))
    }
}

fn found(pattern: &'static LazyLock<Option<Regex>>, text: &str) -> impl Iterator<Item = Id> {
    let ids =
        pattern.as_ref().map(|p| p.captures_iter(text).filter_map(|hit| hit[1].parse().ok()).collect::<Vec<Id>>());
    ids.unwrap_or_default().into_iter()
}

fn replace(pattern: &LazyLock<Option<Regex>>, text: &str, name: impl Fn(Id) -> Option<String>) -> String {
    let Some(pattern) = pattern.as_ref() else { return text.to_owned() };
    let named = |hit: &regex::Captures<'_>| hit[1].parse().ok().and_then(&name).unwrap_or_else(|| hit[0].to_owned());
    pattern.replace_all(text, named).into_owned()
}
