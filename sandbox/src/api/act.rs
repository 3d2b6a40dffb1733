//! What a person does: write, run a command, complete an option, press, choose, submit. All of it walks the way that tests
//! walk, with the same checks.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::problem::Problem;
use super::{As, Desk, Outcome, Reply};
use crate::chat::message::Message;
use crate::chat::modal::Modal;
use crate::chat::person::{Person, Seat};
use crate::chat::sent::Sent;
use crate::id::Id;
use crate::world::feed::Change;
use crate::world::interaction::{Answer, FIRST_ANSWER};

/// Rounds the deadline up, so that the bot's last moment is over for certain.
const GRACE: Duration = Duration::from_millis(60);
/// How long choices are waited for; later they are of no use to somebody who types.
const CHOICES: Duration = Duration::from_secs(3);

/// A body, or a refusal that says what is wrong with it.
pub(super) fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(Problem::bad_body)
}

fn seat(desk: &Desk, who: &As, channel: &str) -> Result<Seat, Problem> {
    let person = Person { core: desk.core.clone(), name: who.id(&desk.core)?.to_string() };
    Ok(person.in_channel(channel))
}

/// Where a message stands, and the person in front of it.
fn before(desk: &Desk, who: &As, id: Id) -> Result<(Seat, Message), Problem> {
    let message = Message::find(&desk.core, id).ok_or_else(|| Problem::unknown("message", &id.to_string()))?;
    let seat = seat(desk, who, &message.channel_id().to_string())?;
    Ok((seat, message))
}

/// Tells the interaction's id, and sees to it that whoever watches is told when the bot's three seconds are over.
fn sent(desk: &Desk, sent: &Sent) -> Reply {
    let (core, id) = (desk.core.clone(), sent.id());
    tokio::spawn(async move {
        tokio::time::sleep(FIRST_ANSWER.to_std().unwrap_or_default() + GRACE).await;
        core.change(|world| {
            if world.interactions.get(&id).is_some_and(|interaction| interaction.answer.is_none()) {
                world.feed.note(Change::Interaction(id));
            }
        });
    });
    Reply(json!({"interaction": id}))
}

#[derive(Debug, Deserialize)]
struct Words {
    content: String,
}

pub(super) async fn say(
    State(desk): State<Desk>,
    Path(channel): Path<String>,
    Query(who): Query<As>,
    bytes: Bytes,
) -> Outcome {
    let words: Words = body(&bytes)?;
    let message = seat(&desk, &who, &channel)?.say(&words.content).await?;
    Ok(Reply(json!({"message": message.id()})))
}

/// A command as typed. The options are an object, or a list of pairs where their order matters: the last one is then the one
/// being typed.
#[derive(Debug, Deserialize)]
struct Typed {
    command: String,
    #[serde(default)]
    options: Value,
}

impl Typed {
    fn pairs(&self) -> Result<Vec<(String, String)>, Problem> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match &self.options {
            Value::Null => Ok(vec![]),
            Value::Object(options) => Ok(options.iter().map(|(name, value)| (name.clone(), text(value))).collect()),
            Value::Array(pairs) => {
                let pair = |pair: &Value| match (&pair[0], &pair[1]) {
                    (Value::String(name), value) => Ok((name.clone(), text(value))),
                    _ => Err(Problem::bad_body("an option is a pair of its name and its value")),
                };
                pairs.iter().map(pair).collect()
            }
            _ => Err(Problem::bad_body("options are an object, or a list of pairs")),
        }
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

pub(super) async fn command(
    State(desk): State<Desk>,
    Path(channel): Path<String>,
    Query(who): Query<As>,
    bytes: Bytes,
) -> Outcome {
    let typed: Typed = body(&bytes)?;
    let pairs = typed.pairs()?;
    let asked = seat(&desk, &who, &channel)?.slash(&typed.command, &borrowed(&pairs)).await?;
    Ok(sent(&desk, &asked))
}

pub(super) async fn complete(
    State(desk): State<Desk>,
    Path(channel): Path<String>,
    Query(who): Query<As>,
    bytes: Bytes,
) -> Outcome {
    let typed: Typed = body(&bytes)?;
    let pairs = typed.pairs()?;
    let seat = seat(&desk, &who, &channel)?.patient(CHOICES);
    let choices = seat.autocomplete(&typed.command, &borrowed(&pairs)).await?;
    let choices = choices.iter().map(|choice| json!({"name": choice.name, "value": choice.value}));
    Ok(Reply(json!({"choices": choices.collect::<Value>()})))
}

#[derive(Debug, Deserialize)]
struct Press {
    custom_id: String,
}

pub(super) async fn press(
    State(desk): State<Desk>,
    Path(id): Path<Id>,
    Query(who): Query<As>,
    bytes: Bytes,
) -> Outcome {
    let press: Press = body(&bytes)?;
    let (seat, message) = before(&desk, &who, id)?;
    Ok(sent(&desk, &seat.click(&message, &press.custom_id).await?))
}

#[derive(Debug, Deserialize)]
struct Choose {
    custom_id: String,
    values: Vec<String>,
}

pub(super) async fn choose(
    State(desk): State<Desk>,
    Path(id): Path<Id>,
    Query(who): Query<As>,
    bytes: Bytes,
) -> Outcome {
    let choose: Choose = body(&bytes)?;
    let (seat, message) = before(&desk, &who, id)?;
    let values: Vec<&str> = choose.values.iter().map(String::as_str).collect();
    Ok(sent(&desk, &seat.select(&message, &choose.custom_id, &values).await?))
}

#[derive(Debug, Deserialize)]
struct Submission {
    values: Map<String, Value>,
}

/// Submits the modal that an interaction opened.
pub(super) async fn submit(
    State(desk): State<Desk>,
    Path(id): Path<Id>,
    Query(who): Query<As>,
    bytes: Bytes,
) -> Outcome {
    let submission: Submission = body(&bytes)?;
    let viewer = who.id(&desk.core)?;
    let modal = desk.core.look(|world| {
        let interaction = world.interactions.get(&id).filter(|interaction| interaction.user == viewer)?;
        let Some(Answer::Modal(form)) = &interaction.answer else { return None };
        let (message, channel) = (interaction.message, interaction.channel);
        Some(Modal { form: form.clone(), trigger: id, message, channel })
    });
    let modal = modal.ok_or_else(|| Problem::unknown("modal of interaction", &id.to_string()))?;
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs: Vec<(String, String)> =
        submission.values.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let seat = seat(&desk, &who, &modal.channel.to_string())?;
    Ok(sent(&desk, &seat.submit_modal(&modal, &borrowed(&pairs)).await?))
}
