//! A person at their screen.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::channel::{too_late, visible};
use super::error::ChatError;
use super::message::Message;
use super::modal::Modal;
use super::options::{Typed, command_data, is_called};
use super::resolve::Resolved;
use super::sent::Sent;
use super::text::label;
use crate::core::Core;
use crate::id::Id;
use crate::payload::{Component, kind};
use crate::permissions::Permissions;
use crate::world::World;
use crate::world::draft::Draft;
use crate::world::interaction::{Act, Choice};
use crate::world::interactions::Deed;
use crate::world::messages::Manner;

/// Longest message that people without a paid plan may write, in characters.
const LONGEST_MESSAGE: usize = 2000;

/// A person; from [`PracticeDiscord::as_user`](crate::PracticeDiscord::as_user).
#[derive(Clone, Debug)]
pub struct Person {
    pub(crate) core: Arc<Core>,
    pub(crate) name: String,
}

impl Person {
    /// The person with a channel or thread open, by name or id.
    #[must_use]
    pub fn in_channel(&self, name: impl Into<String>) -> Seat {
        Seat {
            core: Arc::clone(&self.core),
            person: self.name.clone(),
            place: Some(name.into()),
            patience: self.core.patience,
        }
    }

    /// The person in their direct messages with the bot.
    #[must_use]
    pub fn in_direct_messages(&self) -> Seat {
        Seat { core: Arc::clone(&self.core), person: self.name.clone(), place: None, patience: self.core.patience }
    }
}

/// A person with a channel open: types, presses, reads.
#[derive(Clone, Debug)]
pub struct Seat {
    core: Arc<Core>,
    person: String,
    /// `None`: direct messages with the bot.
    place: Option<String>,
    patience: Duration,
}

/// Who and where, as ids.
#[derive(Clone, Copy)]
struct Spot {
    user: Id,
    channel: Id,
}

impl Seat {
    /// Waits this long, in real time, instead of as long as the builder said.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    fn spot(&self) -> Result<Spot, ChatError> {
        let user = self.core.look(|world| {
            world.find_user(&self.person).ok_or_else(|| ChatError::NoSuchPerson {
                wanted: self.person.clone(),
                there: world.users.keys().map(|id| world.name_of(*id)).collect::<Vec<_>>().join(", "),
            })
        })?;
        let channel = match &self.place {
            None => self.core.change(|world| world.direct_channel(user)).map_err(|refusal| refused(&refusal.body))?,
            Some(name) => self.core.look(|world| {
                world.find_channel(name).ok_or_else(|| ChatError::NoSuchChannel {
                    wanted: name.clone(),
                    there: world.channels.values().map(|channel| channel.name.as_str()).collect::<Vec<_>>().join(", "),
                })
            })?,
        };
        Ok(Spot { user, channel })
    }

    /// Who and where, if they see the place.
    fn open(&self) -> Result<Spot, ChatError> {
        let spot = self.spot()?;
        self.core.look(|world| self.needs(world, spot, Permissions::VIEW_CHANNEL, "they do not see it"))?;
        Ok(spot)
    }

    fn needs(&self, world: &World, spot: Spot, permission: Permissions, why: &str) -> Result<(), ChatError> {
        let Some(channel) = world.channels.get(&spot.channel) else { return Ok(()) };
        if world.permissions_in(spot.user, channel).has(permission) {
            return Ok(());
        }
        Err(ChatError::Forbidden { who: self.person.clone(), channel: channel.name.clone(), why: why.to_owned() })
    }

    /// Writes a message.
    ///
    /// # Errors
    /// The person may not write there, or the text is empty or too long.
    pub async fn say(&self, text: &str) -> Result<Message, ChatError> {
        let spot = self.open()?;
        self.core.look(|world| self.needs(world, spot, Permissions::SEND_MESSAGES, "they may not write there"))?;
        let has = text.trim().chars().count();
        if has > LONGEST_MESSAGE {
            return Err(ChatError::TooLong { has, most: LONGEST_MESSAGE });
        }
        let id = self.core.change(|world| {
            world.wake_thread(spot.channel)?;
            world.post(Manner::plain(spot.user, spot.channel), Draft::text(text.trim()))
        });
        let id = id.map_err(|refusal| refused(&refusal.body))?;
        Message::find(&self.core, id).ok_or_else(|| ChatError::Refused("the message is gone".to_owned()))
    }

    /// Sends a slash command: its name (with subcommands after blanks, in the person's language or the plain one), and the
    /// options as typed. Names of people, roles and channels become what they name.
    ///
    /// # Errors
    /// The command is not registered or hidden from this person, or an option is not as the command wants it.
    pub async fn slash(&self, command: &str, options: &[(&str, &str)]) -> Result<Sent, ChatError> {
        self.send_command(command, options, Act::Command)
    }

    /// Types into the last of these options and waits for what is offered.
    ///
    /// # Errors
    /// As for [`slash`](Self::slash); or the option does not complete; or no choices came.
    pub async fn autocomplete(&self, command: &str, options: &[(&str, &str)]) -> Result<Vec<Choice>, ChatError> {
        self.send_command(command, options, Act::Autocomplete)?.choices().await
    }

    fn send_command(&self, typed: &str, pairs: &[(&str, &str)], act: Act) -> Result<Sent, ChatError> {
        let spot = self.open()?;
        let may = Permissions::USE_APPLICATION_COMMANDS;
        self.core.look(|world| self.needs(world, spot, may, "they may not use commands there"))?;
        let mut words = typed.trim_start_matches('/').split_whitespace();
        let name = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        let (spec_name, data) = self.core.look(|world| {
            let locale = world.users.get(&spot.user).map(|user| user.locale.clone()).unwrap_or_default();
            let granted = world.channel(spot.channel).map(|c| world.permissions_in(spot.user, c)).unwrap_or_default();
            let shown = || world.commands.slash().filter(|command| command.is_shown_to(granted));
            let command = shown().find(|command| is_called(&command.spec, name, &locale));
            let command = command.ok_or_else(|| ChatError::NoSuchCommand {
                who: self.person.clone(),
                wanted: name.to_owned(),
                there: shown().map(|command| format!("/{}", command.name())).collect::<Vec<_>>().join(", "),
            })?;
            let typed = Typed { pairs, last_is_open: act == Act::Autocomplete, asker: spot.user, locale: &locale };
            let data = command_data(world, command.id, &command.spec, &rest, &typed, command.guild);
            let data = data.map_err(|problem| ChatError::BadOption { command: name.to_owned(), problem })?;
            Ok((command.name().to_owned(), data))
        })?;
        let words = std::iter::once(spec_name.as_str()).chain(rest.iter().copied()).collect::<Vec<_>>().join(" ");
        Ok(self.send(
            Deed {
                act,
                words: format!("/{words}"),
                user: spot.user,
                channel: spot.channel,
                message: None,
                command: Some(words),
                trigger: None,
                data,
            },
            |_| {},
        ))
    }

    fn send(&self, deed: Deed, forge: impl FnOnce(&mut Value)) -> Sent {
        let id = self.core.change(|world| world.open_interaction(deed, forge));
        Sent { core: Arc::clone(&self.core), id, patience: self.patience }
    }

    /// Presses a button, named by its label or its `custom_id`. The message is looked at as it is now.
    ///
    /// # Errors
    /// The person does not see the message, or there is no such button, or it is greyed out.
    pub async fn click(&self, message: &Message, button: &str) -> Result<Sent, ChatError> {
        let (spot, now) = self.before(message)?;
        let found = find_component(&now, button, |kind| kind == kind::BUTTON)?;
        if found.custom_id.is_none() {
            return Err(unusable(button, "it is a link and tells the bot nothing", &now));
        }
        let data = json!({"custom_id": found.custom_id, "component_type": found.kind, "id": found.id});
        Ok(self.send(component_deed(spot, &now, format!("[{}]", label(&found)), data), |_| {}))
    }

    /// Chooses from a select, named by its `custom_id` or placeholder; the choices by value or label, in a select of people,
    /// roles or channels by name.
    ///
    /// # Errors
    /// The person does not see the message, there is no such select, a choice is not offered, or they are too few or many.
    pub async fn select(&self, message: &Message, select: &str, choices: &[&str]) -> Result<Sent, ChatError> {
        let (spot, now) = self.before(message)?;
        let found = find_component(&now, select, kind::is_select)?;
        let (least, most) = (found.min_values.unwrap_or(1), found.max_values.unwrap_or(1));
        if !(least..=most).contains(&choices.len()) {
            return Err(unusable(select, &format!("it takes {least} to {most} choices"), &now));
        }
        let mut resolved = Resolved::default();
        let values = self.core.look(|world| {
            let mut value = |choice: &&str| chosen(world, &found, choice, spot.user, &mut resolved);
            choices.iter().map(&mut value).collect::<Result<Vec<String>, String>>()
        });
        let values = values.map_err(|why| unusable(select, &why, &now))?;
        let mut data =
            json!({"custom_id": found.custom_id, "component_type": found.kind, "id": found.id, "values": values});
        resolved.add_to(&mut data);
        Ok(self.send(component_deed(spot, &now, format!("<{select}: {}>", choices.join(", ")), data), |_| {}))
    }

    /// A press that Discord's own client would not send: any `custom_id`, also of a button that is gone or never was; and
    /// `forge` may bend the event before it goes out (another guild, another channel). For tests of attacks and races.
    ///
    /// # Errors
    /// The person or channel does not exist.
    pub async fn forge_click(
        &self,
        message: &Message,
        custom_id: &str,
        forge: impl FnOnce(&mut Value),
    ) -> Result<Sent, ChatError> {
        let spot = self.spot()?;
        let data = json!({"custom_id": custom_id, "component_type": kind::BUTTON, "id": 2});
        Ok(self.send(component_deed(spot, message, format!("[forged {custom_id}]"), data), forge))
    }

    /// Fills a modal in and submits it. Inputs are named by label or `custom_id`; those not named keep what stood in them.
    ///
    /// # Errors
    /// An input does not exist, a required one is empty, or a text is too short or long.
    pub async fn submit_modal(&self, modal: &Modal, values: &[(&str, &str)]) -> Result<Sent, ChatError> {
        let spot = self.open()?;
        let bad = |problem: String| ChatError::BadSubmission { title: modal.form.title.clone(), problem };
        let inputs = modal.form.inputs();
        let names = |label: &str, input: &Component, wanted: &str| {
            label == wanted || input.custom_id.as_deref() == Some(wanted)
        };
        if let Some((wanted, _)) =
            values.iter().find(|(wanted, _)| !inputs.iter().any(|(label, input)| names(label, input, wanted)))
        {
            return Err(bad(format!("there is no input {wanted}; there are: {}", modal.labels().join(", "))));
        }
        let mut filled = vec![];
        for (label, input) in &inputs {
            let typed = values.iter().find(|(wanted, _)| names(label, input, wanted)).map(|(_, text)| *text);
            let text = typed.or(input.value.as_deref()).unwrap_or_default();
            fits_input(input, text).map_err(|why| bad(format!("{label}: {why}")))?;
            filled.push(json!({"type": input.kind, "id": input.id, "custom_id": input.custom_id, "value": text}));
        }
        let components = modal.form.components.iter().zip(filled).map(|(outer, input)| match outer.kind {
            kind::LABEL => json!({"type": outer.kind, "id": outer.id, "component": input}),
            _ => json!({"type": outer.kind, "id": outer.id, "components": [input]}),
        });
        let data = json!({"custom_id": modal.form.custom_id, "components": components.collect::<Value>()});
        let deed = Deed {
            act: Act::Modal,
            words: format!("the modal \"{}\"", modal.form.title),
            user: spot.user,
            channel: modal.channel,
            message: modal.message,
            command: None,
            trigger: Some(modal.trigger),
            data,
        };
        Ok(self.send(deed, |_| {}))
    }

    /// What this person sees in the channel, oldest first.
    ///
    /// # Errors
    /// The person or channel does not exist, or they do not see it.
    pub fn messages(&self) -> Result<Vec<Message>, ChatError> {
        let spot = self.open()?;
        Ok(visible(&self.core, spot.channel, Some(spot.user)))
    }

    /// Waits until this person sees a message that fits.
    ///
    /// # Errors
    /// Patience ended; the error shows the whole channel.
    pub async fn wait_for(&self, fits: impl Fn(&Message) -> bool) -> Result<Message, ChatError> {
        let spot = self.open()?;
        let look = || visible(&self.core, spot.channel, Some(spot.user)).into_iter().find(|message| fits(message));
        let found = self.core.wait(self.patience, look).await;
        found.ok_or_else(|| too_late(&self.core, self.patience, Some(spot.channel), "a message that fits"))
    }

    /// The message as it is now, if this person sees it.
    fn before(&self, message: &Message) -> Result<(Spot, Message), ChatError> {
        let spot = self.open()?;
        let now = message.reload();
        let seen = self
            .core
            .look(|world| world.postings.get(&now.id()).is_some_and(|posting| world.visible_to(spot.user, posting)));
        if seen { Ok((spot, now)) } else { Err(ChatError::NotVisible { who: self.person.clone(), text: now.text() }) }
    }
}

fn refused(body: &Value) -> ChatError {
    ChatError::Refused(body.to_string())
}

fn unusable(wanted: &str, why: &str, message: &Message) -> ChatError {
    ChatError::Unusable { wanted: wanted.to_owned(), why: why.to_owned(), text: message.text() }
}

fn component_deed(spot: Spot, message: &Message, words: String, data: Value) -> Deed {
    Deed {
        act: Act::Component,
        words,
        user: spot.user,
        channel: message.channel_id(),
        message: Some(message.id()),
        command: None,
        trigger: None,
        data,
    }
}

/// By label, `custom_id` or placeholder; else by a part of the label that only one of them has.
fn find_component(message: &Message, wanted: &str, kinds: impl Fn(u8) -> bool) -> Result<Component, ChatError> {
    let all: Vec<&Component> =
        message.components().iter().flat_map(Component::walk).filter(|component| kinds(component.kind)).collect();
    let named = |component: &&&Component| {
        label(component) == wanted
            || component.custom_id.as_deref() == Some(wanted)
            || component.placeholder.as_deref() == Some(wanted)
    };
    let partly: Vec<&&Component> = all.iter().filter(|component| label(component).contains(wanted)).collect();
    let only = if let [only] = partly.as_slice() { Some(*only) } else { None };
    let found = all.iter().find(named).or(only).copied();
    match found {
        Some(component) if component.is_disabled() => Err(unusable(wanted, "it is disabled", message)),
        Some(component) => Ok(component.clone()),
        None => Err(ChatError::NoSuchComponent {
            wanted: wanted.to_owned(),
            there: all
                .iter()
                .map(|c| format!("[{}] ({})", label(c), c.custom_id.as_deref().unwrap_or("link")))
                .collect::<Vec<_>>()
                .join(", "),
            text: message.text(),
        }),
    }
}

fn chosen(
    world: &World,
    select: &Component,
    choice: &str,
    asker: Id,
    resolved: &mut Resolved,
) -> Result<String, String> {
    let id = match select.kind {
        kind::STRING_SELECT => {
            let option = select.options.iter().find(|option| option.value == choice || option.label == choice);
            return option.map(|option| option.value.clone()).ok_or_else(|| {
                let there: Vec<&str> = select.options.iter().map(|option| option.label.as_str()).collect();
                format!("{choice} is not offered; there are: {}", there.join(", "))
            });
        }
        kind::USER_SELECT => resolved.user(world, choice),
        kind::ROLE_SELECT => resolved.role(world, choice),
        kind::CHANNEL_SELECT => resolved.channel(world, choice, asker),
        _ => resolved.user(world, choice).or_else(|| resolved.role(world, choice)),
    };
    id.map(|id| id.to_string()).ok_or_else(|| format!("there is no {choice}"))
}

fn fits_input(input: &Component, text: &str) -> Result<(), String> {
    let length = text.chars().count();
    let (least, most) = (input.min_length.unwrap_or(0), input.max_length.unwrap_or(4000));
    if input.required != Some(false) && length == 0 {
        return Err("it is required".to_owned());
    }
    if length > 0 && !(least..=most).contains(&length) {
        return Err(format!("must have {least} to {most} characters, has {length}"));
    }
    Ok(())
}
