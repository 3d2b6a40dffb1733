//! A slash command as it was typed: its name, its sub-commands, its options.

use std::collections::BTreeMap;

use serenity::all::{CommandData, CommandDataOption, CommandDataOptionValue};

/// A slash command as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Its name.
    pub(super) command: String,
    /// The sub-command, where it has some.
    pub(super) sub_command: Option<String>,
    options: BTreeMap<String, Given>,
}

/// What was given for an option.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    Text(String),
    Number(i64),
    Flag(bool),
    /// A user, a role, a channel.
    Id(u64),
}

/// An option that somebody is typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typing {
    /// Its name.
    pub(super) option: String,
    /// What stands there so far.
    pub(super) so_far: String,
}

impl Asked {
    /// Reads what Discord sent.
    pub(super) fn of(data: &CommandData) -> Self {
        let mut asked = Self { command: data.name.clone(), ..Self::default() };
        asked.take(&data.options);
        asked
    }

    fn take(&mut self, options: &[CommandDataOption]) {
        for option in options {
            let given = match &option.value {
                CommandDataOptionValue::SubCommand(inner) | CommandDataOptionValue::SubCommandGroup(inner) => {
                    self.sub_command = Some(option.name.clone());
                    self.take(inner);
                    continue;
                }
                CommandDataOptionValue::String(text) => Given::Text(text.clone()),
                CommandDataOptionValue::Autocomplete { value, .. } => Given::Text(value.clone()),
                CommandDataOptionValue::Integer(number) => Given::Number(*number),
                CommandDataOptionValue::Boolean(flag) => Given::Flag(*flag),
                CommandDataOptionValue::User(id) => Given::Id(id.get()),
                CommandDataOptionValue::Role(id) => Given::Id(id.get()),
                CommandDataOptionValue::Channel(id) => Given::Id(id.get()),
                CommandDataOptionValue::Mentionable(id) => Given::Id(id.get()),
                _ => continue,
            };
            self.options.insert(option.name.clone(), given);
        }
    }

    /// Every text that was given, by option.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.iter().filter_map(|(name, given)| match given {
            Given::Text(text) => Some((name.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// The text given for `option`.
    pub(super) fn text(&self, option: &str) -> Option<&str> {
        match self.options.get(option) {
            Some(Given::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The whole number given for `option`.
    pub(super) fn number(&self, option: &str) -> Option<i64> {
        match self.options.get(option) {
            Some(Given::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether `option` was given as true.
    pub(super) fn flag(&self, option: &str) -> bool {
        matches!(self.options.get(option), Some(Given::Flag(true)))
    }

    /// The id of the person, role or channel given for `option`.
    pub(super) fn id(&self, option: &str) -> Option<u64> {
        match self.options.get(option) {
            Some(Given::Id(id)) => Some(*id),
            _ => None,
        }
    }
}
