//! Permission bits and how they add up in a channel.

use crate::id::Id;
use crate::world::World;
use crate::world::people::Channel;

/// A set of Discord's permission bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(pub u64);

impl Permissions {
    /// No permission at all.
    pub const NONE: Self = Self(0);
    /// May do everything, everywhere.
    pub const ADMINISTRATOR: Self = Self(1 << 3);
    /// May manage the channel list.
    pub const MANAGE_CHANNELS: Self = Self(1 << 4);
    /// May manage the guild.
    pub const MANAGE_GUILD: Self = Self(1 << 5);
    /// May react to messages.
    pub const ADD_REACTIONS: Self = Self(1 << 6);
    /// May see the channel.
    pub const VIEW_CHANNEL: Self = Self(1 << 10);
    /// May write in the channel.
    pub const SEND_MESSAGES: Self = Self(1 << 11);
    /// May delete the messages of others.
    pub const MANAGE_MESSAGES: Self = Self(1 << 13);
    /// May post embeds.
    pub const EMBED_LINKS: Self = Self(1 << 14);
    /// May post files.
    pub const ATTACH_FILES: Self = Self(1 << 15);
    /// May read what was written before.
    pub const READ_MESSAGE_HISTORY: Self = Self(1 << 16);
    /// May notify everyone and roles that are not mentionable.
    pub const MENTION_EVERYONE: Self = Self(1 << 17);
    /// May use slash commands.
    pub const USE_APPLICATION_COMMANDS: Self = Self(1 << 31);
    /// May archive, lock and delete threads.
    pub const MANAGE_THREADS: Self = Self(1 << 34);
    /// May open public threads.
    pub const CREATE_PUBLIC_THREADS: Self = Self(1 << 35);
    /// May open private threads.
    pub const CREATE_PRIVATE_THREADS: Self = Self(1 << 36);
    /// May write in threads.
    pub const SEND_MESSAGES_IN_THREADS: Self = Self(1 << 38);

    /// What an ordinary member may do.
    pub const EVERYBODY: Self = Self(
        Self::ADD_REACTIONS.0
            | Self::VIEW_CHANNEL.0
            | Self::SEND_MESSAGES.0
            | Self::EMBED_LINKS.0
            | Self::ATTACH_FILES.0
            | Self::READ_MESSAGE_HISTORY.0
            | Self::USE_APPLICATION_COMMANDS.0
            | Self::CREATE_PUBLIC_THREADS.0
            | Self::SEND_MESSAGES_IN_THREADS.0,
    );
    /// What the bot's own role adds by default.
    pub const BOT: Self = Self(
        Self::EVERYBODY.0
            | Self::MANAGE_MESSAGES.0
            | Self::MENTION_EVERYONE.0
            | Self::MANAGE_THREADS.0
            | Self::CREATE_PRIVATE_THREADS.0,
    );
    /// Every bit there is.
    pub const ALL: Self = Self((1 << 53) - 1);

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether every bit of the other set is here.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A rule of a channel for one role or one person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overwrite {
    pub(crate) of: Id,
    pub(crate) is_role: bool,
    pub(crate) allow: Permissions,
    pub(crate) deny: Permissions,
}

impl World {
    /// What a user may do in the guild, before the rules of any channel.
    pub(crate) fn guild_permissions(&self, user: Id) -> Permissions {
        if user == self.guild.owner {
            return Permissions::ALL;
        }
        let Some(member) = self.members.get(&user) else { return Permissions::NONE };
        let roles = member.roles.iter().chain(std::iter::once(&self.guild.id));
        let sum = roles
            .filter_map(|role| self.roles.get(role))
            .fold(Permissions::NONE, |sum, role| sum.and(role.permissions));
        if sum.has(Permissions::ADMINISTRATOR) { Permissions::ALL } else { sum }
    }

    /// What a user may do in a channel: the guild's permissions, then the channel's rules for everyone, for roles, for the
    /// person, in that order. A thread follows its parent.
    pub(crate) fn permissions_in(&self, user: Id, channel: &Channel) -> Permissions {
        if channel.is_dm() {
            let takes_part = channel.recipient == Some(user) || user == self.bot;
            return if takes_part { Permissions::EVERYBODY } else { Permissions::NONE };
        }
        let base = self.guild_permissions(user);
        if base == Permissions::ALL || !self.members.contains_key(&user) {
            return base;
        }
        let home = channel.parent.filter(|_| channel.is_thread()).and_then(|parent| self.channels.get(&parent));
        let rules = &home.unwrap_or(channel).overwrites;
        let roles = self.members.get(&user).map(|member| member.roles.clone()).unwrap_or_default();
        let everyone = |rule: &&Overwrite| rule.is_role && rule.of == self.guild.id;
        let by_role = |rule: &&Overwrite| rule.is_role && rule.of != self.guild.id && roles.contains(&rule.of);
        let personal = |rule: &&Overwrite| !rule.is_role && rule.of == user;
        let after_everyone = apply(base, rules.iter().filter(everyone));
        let after_roles = apply(after_everyone, rules.iter().filter(by_role));
        apply(after_roles, rules.iter().filter(personal))
    }
}

fn apply<'a>(base: Permissions, rules: impl Iterator<Item = &'a Overwrite>) -> Permissions {
    let (allow, deny) = rules.fold((Permissions::NONE, Permissions::NONE), |(allow, deny), rule| {
        (allow.and(rule.allow), deny.and(rule.deny))
    });
    base.without(deny).and(allow)
}
