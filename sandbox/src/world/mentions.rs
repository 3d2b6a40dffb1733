//! Whom a text names, and whom it notifies.

use std::ops::Range;

use super::World;
use super::people::Channel;
use super::posting::Mentions;
use crate::id::Id;
use crate::payload::AllowedMentions;
use crate::permissions::Permissions;

/// How a text names a user; the second form is of old.
const USER: &[&str] = &["<@!", "<@"];
const ROLE: &[&str] = &["<@&"];
const CHANNEL: &[&str] = &["<#"];

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
        let users = named(content, USER).map(|(_, id)| id);
        let roles = named(content, ROLE).map(|(_, id)| id);
        Mentions {
            users: users.filter(|id| self.users.contains_key(id) && may_name_user(*id)).chain(replied).collect(),
            roles: roles.filter(|id| self.roles.contains_key(id) && may_name_role(*id)).collect(),
            everyone: parses("everyone") && (content.contains("@everyone") || content.contains("@here")),
        }
    }

    /// Of those named, the ones that a message of this author in this channel really notifies.
    pub(crate) fn notified(&self, author: Id, channel: &Channel, named: &Mentions) -> Mentions {
        let may_all = self.permissions_in(author, channel).has(Permissions::MENTION_EVERYONE);
        let open = |id: &&Id| may_all || self.roles.get(id).is_some_and(|role| role.mentionable);
        Mentions {
            users: named.users.iter().filter(|id| **id != author && self.members.contains_key(id)).copied().collect(),
            roles: named.roles.iter().filter(open).copied().collect(),
            everyone: named.everyone && may_all,
        }
    }

    /// A text as people read it: ids become names.
    pub(crate) fn readable(&self, text: &str) -> String {
        let user = |id: Id| self.users.get(&id).map(|_| format!("@{}", self.name_of(id)));
        let role = |id: Id| self.roles.get(&id).map(|role| format!("@{}", role.name));
        let channel = |id: Id| self.channels.get(&id).map(|channel| format!("#{}", channel.name));
        let text = replace(text, USER, user);
        let text = replace(&text, ROLE, role);
        replace(&text, CHANNEL, channel)
    }
}

/// Where a text names something by id, and which.
fn named<'a>(text: &'a str, openers: &'static [&'static str]) -> impl Iterator<Item = (Range<usize>, Id)> + 'a {
    text.match_indices('<').filter_map(move |(start, _)| {
        let opener = openers.iter().find(|opener| text[start..].starts_with(**opener))?;
        let digits = start + opener.len();
        let end = digits + text[digits..].find('>')?;
        let id = text.get(digits..end).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some((start..end + 1, id.parse().ok()?))
    })
}

fn replace(text: &str, openers: &'static [&'static str], name: impl Fn(Id) -> Option<String>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for (place, id) in named(text, openers) {
        let Some(name) = name(id) else { continue };
        replaced.push_str(&text[done..place.start]);
        replaced.push_str(&name);
        done = place.end;
    }
    replaced.push_str(&text[done..]);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_among_other_signs() {
        let found = |text: &str, openers| named(text, openers).map(|(_, id)| id.get()).collect::<Vec<_>>();
        let text = "a <@1> <@!2><@&3> <#4> <@x> <@> < <@5 <@6>";
        assert_eq!(found(text, USER), [1, 2, 6]);
        assert_eq!((found(text, ROLE), found(text, CHANNEL)), (vec![3], vec![4]));
        let shown = replace(text, USER, |id| (id.get() != 2).then(|| format!("@{id}!")));
        assert_eq!(shown, "a @1! <@!2><@&3> <#4> <@x> <@> < <@5 @6!");
    }
}
