//! One conversation: an interaction's first answer, its changes, and the changes of earlier messages.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serenity::all::{
    AutocompleteChoice, Builder, ChannelId, ChannelType, CreateAutocompleteResponse, CreateInteractionResponse,
    CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateThread, GuildId, Http, InteractionId,
    MessageId, MessagePagination, UserId,
};
use serenity::http::HttpError;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::embed::{self, Place};
use crate::domain::message::Language;
use crate::domain::message::Message;
use crate::domain::run::MessagePlace;
use crate::domain::silence::Silence;
use crate::service::{Board, Chat, ChatError, Form, Member, Person, Ping, Posted, Service, View};

/// Discord waits three seconds for the first answer; what comes later is lost.
const FIRST_ANSWER: Duration = Duration::from_millis(2800);
/// How long one try of it may take: a connection that died in silence must not eat up all of them.
const FIRST_ANSWER_TRY: Duration = Duration::from_millis(1200);
/// How long a change is tried for. It stands above serenity's limiter, which waits for as long as Discord says.
const CHANGE: Duration = Duration::from_secs(60);
/// The pauses between tries, the last one again and again.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(3)];
/// Discord's codes: a first answer was given already; there is no such member, no such user; a thread is there already.
const ALREADY_ANSWERED: isize = 40060;
const UNKNOWN_MEMBER: isize = 10007;
const UNKNOWN_USER: isize = 10013;
const THREAD_IS_THERE: isize = 160_004;
/// How long Discord may take to say that it is there.
const LISTEN: Duration = Duration::from_secs(10);
/// How long one reading of what was posted is tried for: whoever finds nothing out tries again later.
const READ: Duration = Duration::from_secs(9);
/// The most messages that one request gives, and the most of these that are asked for to find one again.
const PAGE: u8 = 100;
const PAGES: usize = 20;
/// How far the clocks of Discord and of this machine may be apart.
const SKEW: TimeDelta = TimeDelta::minutes(5);
/// How long a thread stays open without a word: a day.
const THREAD_SLEEPS: u16 = 1440;

/// What somebody opened by a command or a click.
pub(super) struct Conversation {
    pub(super) http: Arc<Http>,
    pub(super) shown: Place,
    /// The language of what everybody sees.
    pub(super) language: Language,
    pub(super) person: Person,
    pub(super) id: InteractionId,
    pub(super) token: String,
    pub(super) opened: Instant,
    /// The message whose button was pressed.
    pub(super) pressed: Option<MessagePlace>,
    /// Only this person sees the message that is changed: the one pressed, and later the answer.
    pub(super) for_one: AtomicBool,
}

impl Conversation {
    /// The language of who sees it.
    const fn language(&self, for_one: bool) -> Language {
        if for_one { self.person.language } else { self.language }
    }

    async fn answer(&self, view: &View, for_one: bool) -> Result<(), ChatError> {
        self.for_one.store(for_one, Ordering::Relaxed);
        let message = embed::answer(embed::card(view, self.shown, self.language(for_one)), for_one);
        self.respond(CreateInteractionResponse::Message(message)).await
    }

    /// Offers what could be meant by what was typed so far.
    pub(super) async fn offer(&self, choices: Vec<AutocompleteChoice>) -> Result<(), ChatError> {
        let offered = CreateAutocompleteResponse::new().set_choices(choices);
        self.respond(CreateInteractionResponse::Autocomplete(offered)).await
    }

    async fn respond(&self, response: CreateInteractionResponse) -> Result<(), ChatError> {
        persist(self.opened + FIRST_ANSWER, || async {
            let answering = response.clone().execute(&self.http, (self.id, self.token.as_str()));
            match timeout(FIRST_ANSWER_TRY, answering).await {
                // The try before this one got through; only Discord's word of it was lost.
                Ok(Err(error)) if code(&error) == Some(ALREADY_ANSWERED) => Ok(()),
                Ok(answered) => answered,
                Err(_) => Err(serenity::Error::Io(std::io::ErrorKind::TimedOut.into())),
            }
        })
        .await
    }
}

impl Chat for Conversation {
    fn person(&self) -> &Person {
        &self.person
    }

    fn pressed(&self) -> Option<MessagePlace> {
        self.pressed
    }

    fn pressed_alone(&self) -> bool {
        self.pressed.is_some() && self.for_one.load(Ordering::Relaxed)
    }

    async fn post(&self, view: &View) -> Result<(), ChatError> {
        self.answer(view, false).await
    }

    async fn whisper(&self, view: &View) -> Result<(), ChatError> {
        self.answer(view, true).await
    }

    async fn replace(&self, view: &View) -> Result<(), ChatError> {
        let for_one = self.for_one.load(Ordering::Relaxed);
        let message = embed::answer(embed::card(view, self.shown, self.language(for_one)), for_one);
        self.respond(CreateInteractionResponse::UpdateMessage(message)).await
    }

    async fn ask(&self, form: &Form) -> Result<(), ChatError> {
        let modal = embed::modal(embed::form(form, self.person.language));
        self.respond(CreateInteractionResponse::Modal(modal)).await
    }

    async fn hold(&self, for_one: bool) -> Result<(), ChatError> {
        if self.pressed.is_some() && !for_one {
            return self.respond(CreateInteractionResponse::Acknowledge).await;
        }
        self.for_one.store(for_one, Ordering::Relaxed);
        let held = CreateInteractionResponseMessage::new().ephemeral(for_one);
        self.respond(CreateInteractionResponse::Defer(held)).await
    }

    async fn whisper_more(&self, view: &View) -> Result<(), ChatError> {
        let card = embed::card(view, self.shown, self.person.language);
        let message: CreateInteractionResponseFollowup = embed::follow_up(card);
        persist(Instant::now() + CHANGE, || async {
            message.clone().execute(&self.http, (None, self.token.as_str())).await.map(drop)
        })
        .await
    }

    async fn update(&self, view: &View) -> Result<(), ChatError> {
        let for_one = self.for_one.load(Ordering::Relaxed);
        let message = embed::change(embed::card(view, self.shown, self.language(for_one)));
        persist(Instant::now() + CHANGE, || async {
            message.clone().execute(&self.http, self.token.as_str()).await.map(drop)
        })
        .await
    }

    async fn place(&self) -> Result<MessagePlace, ChatError> {
        let message =
            persist(Instant::now() + CHANGE, || self.http.get_original_interaction_response(&self.token)).await?;
        Ok(MessagePlace { channel: message.channel_id.get(), message: message.id.get() })
    }
}

/// A silence that is about to be told. Where it is not, for whatever reason, the next post tells of it.
struct GivenBack<'a>(Option<(&'a Service, Silence)>);

impl<'a> GivenBack<'a> {
    fn of(service: &'a Service) -> Self {
        Self(service.take_silence().map(|silence| (service, silence)))
    }

    fn told(mut self) {
        if let Some((service, silence)) = self.0.take() {
            service.silence_told(silence);
        }
    }
}

impl Drop for GivenBack<'_> {
    fn drop(&mut self) {
        if let Some((service, silence)) = self.0.take() {
            service.give_back(silence);
        }
    }
}

/// The messages of the guild, as the bot itself can change them.
#[derive(Clone)]
pub(super) struct Channels {
    pub(super) http: Arc<Http>,
    pub(super) shown: Place,
    pub(super) language: Language,
    /// Who knows how long nothing was said.
    pub(super) service: Service,
}

impl Channels {
    /// Finds out whether Discord can be reached, and notes it.
    pub(super) async fn listen(&self) {
        match timeout(LISTEN, self.http.get_gateway()).await {
            Ok(Ok(_)) => self.service.heard().await,
            Ok(Err(error)) => tracing::warn!(error = explain(&error).what, "Discord cannot be reached"),
            Err(_) => tracing::warn!("Discord does not answer"),
        }
    }
}

impl Board for Channels {
    async fn post(&self, channel: u64, view: &View, ping: &Ping, nonce: &str) -> Result<MessagePlace, ChatError> {
        let card = embed::card(view, self.shown, self.language);
        let channel = ChannelId::new(channel);
        // Before anything is posted in this life, it is known when something was in the one before.
        if !self.service.was_heard() {
            self.listen().await;
        }
        let posted = persist(Instant::now() + CHANGE, || async {
            // The first post after an outage says how long there was none: a silence must not look like a quiet day. Each
            // try asks anew, since the one before may have been part of the outage.
            let silence = GivenBack::of(&self.service);
            let card = match silence.0.as_ref() {
                Some((_, silence)) => embed::after_silence(card.clone(), silence, self.language),
                None => card.clone(),
            };
            let posted = embed::post(card, ping, nonce).execute(&self.http, (channel, None)).await?;
            silence.told();
            Ok(posted)
        })
        .await?;
        Ok(MessagePlace { channel: posted.channel_id.get(), message: posted.id.get() })
    }

    async fn edit(&self, place: MessagePlace, view: &View) -> Result<(), ChatError> {
        let message = embed::edit(embed::card(view, self.shown, self.language));
        let (channel, id) = (ChannelId::new(place.channel), MessageId::new(place.message));
        persist(Instant::now() + CHANGE, || async {
            message.clone().execute(&self.http, (channel, id, None)).await.map(drop)
        })
        .await
    }

    async fn thread(&self, at: MessagePlace, name: &str) -> Result<u64, ChatError> {
        let (channel, message) = (ChannelId::new(at.channel), MessageId::new(at.message));
        let thread =
            CreateThread::new(name).kind(ChannelType::PublicThread).auto_archive_duration(THREAD_SLEEPS.into());
        let opened = persist(Instant::now() + CHANGE, || async {
            match self.http.create_thread_from_message(channel, message, &thread, None).await {
                // The try before this one got through. A thread has the id of the message that it hangs on.
                Err(error) if code(&error) == Some(THREAD_IS_THERE) => Ok(at.message),
                opened => opened.map(|thread| thread.id.get()),
            }
        });
        opened.await
    }

    async fn recent(&self, channel: u64, since: DateTime<Utc>) -> Result<Vec<Posted>, ChatError> {
        let me = persist(Instant::now() + READ, || self.http.get_current_user()).await?.id;
        let (mut messages, mut before) = (Vec::new(), None);
        for _ in 0..PAGES {
            let page = persist(Instant::now() + READ, || async {
                self.http.get_messages(ChannelId::new(channel), before, Some(PAGE)).await
            })
            .await?;
            let last = page.last().map(|message| (message.id, message.id.created_at().unix_timestamp()));
            let full = page.len() == usize::from(PAGE);
            messages.extend(page);
            match last.filter(|(_, at)| full && *at >= (since - SKEW).timestamp()) {
                Some((id, _)) => before = Some(MessagePagination::Before(id)),
                None => break,
            }
        }
        // An older message may show the same number: those of a database that was put back begin again where it was.
        let old = (since - SKEW).timestamp();
        let mine = messages
            .into_iter()
            .filter(|message| message.author.id == me && message.id.created_at().unix_timestamp() >= old);
        Ok(mine
            .map(|message| Posted {
                place: MessagePlace { channel, message: message.id.get() },
                ids: embed::ids(&message),
                foot: embed::foot(&message),
            })
            .collect())
    }

    async fn roles(&self) -> Result<BTreeSet<u64>, ChatError> {
        let guild = GuildId::new(self.shown.guild);
        let roles = persist(Instant::now() + CHANGE, || self.http.get_guild_roles(guild)).await?;
        Ok(roles.into_iter().map(|role| role.id.get()).collect())
    }

    async fn member(&self, person: u64) -> Result<Option<Member>, ChatError> {
        let guild = GuildId::new(self.shown.guild);
        persist(Instant::now() + CHANGE, || async {
            match self.http.get_member(guild, UserId::new(person)).await {
                Err(error) if matches!(code(&error), Some(UNKNOWN_MEMBER | UNKNOWN_USER)) => Ok(None),
                found => found.map(|member| {
                    let roles = member.roles.iter().map(|role| role.get()).collect();
                    Some(Member { name: member.display_name().to_owned(), roles })
                }),
            }
        })
        .await
    }
}

/// Tries `request` until it gets through, is refused for good, or `deadline` comes.
async fn persist<T, F>(deadline: Instant, request: impl Fn() -> F) -> Result<T, ChatError>
where
    F: Future<Output = Result<T, serenity::Error>>,
{
    let mut last = passing("no answer in time", "chat-no-answer");
    for attempt in 0.. {
        match timeout_at(deadline, request()).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => last = explain(&error),
            Err(_) => return Err(last),
        }
        if last.permanent {
            break;
        }
        let pause = PAUSES.get(attempt).or(PAUSES.last()).copied().unwrap_or_default();
        if Instant::now() + pause >= deadline {
            break;
        }
        tracing::debug!(error = last.what, ?pause, "trying again");
        sleep(pause).await;
    }
    Err(last)
}

/// What Discord said, without the address: an interaction's token stands in it.
fn explain(error: &serenity::Error) -> ChatError {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => {
            let status = response.status_code.as_u16();
            let errors: Vec<_> =
                response.error.errors.iter().map(|error| format!("{}: {}", error.path, error.message)).collect();
            let what = format!("HTTP {status}, {} {}", response.error.code, response.error.message);
            ChatError {
                what: [what, errors.join("; ")].join(" ").trim_end().to_owned(),
                says: refusal(status, response.error.code, &response.error.message),
                permanent: (400..500).contains(&status) && status != 429,
            }
        }
        serenity::Error::Http(HttpError::Request(cause)) if !cause.is_timeout() => {
            passing("no connection", "chat-no-connection")
        }
        serenity::Error::Http(HttpError::Request(_)) | serenity::Error::Io(_) => {
            passing("no answer in time", "chat-no-answer")
        }
        other => {
            let says = Message::new("chat-failed").with("cause", other.to_string());
            ChatError { what: format!("serenity: {other}"), says, permanent: true }
        }
    }
}

/// What may pass by itself.
fn passing(what: &str, key: &'static str) -> ChatError {
    ChatError { what: what.to_owned(), says: Message::new(key), permanent: false }
}

/// What Discord's refusal means to people, where they can do something about it; else in its own words. The numbers stand in
/// Discord's documentation, "JSON Error Codes".
fn refusal(status: u16, code: isize, words: &str) -> Message {
    match code {
        10_003 => Message::new("chat-channel-gone"),
        10_008 => Message::new("chat-message-gone"),
        50_001 => Message::new("chat-no-access"),
        50_013 => Message::new("chat-no-right"),
        50_083 => Message::new("chat-thread-archived"),
        _ => Message::new("chat-refused").with("status", status.to_string()).with("says", format!("{code} {words}")),
    }
}

fn code(error: &serenity::Error) -> Option<isize> {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => Some(response.error.code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people can do something about is said in their language; the rest in Discord's own words.
    #[test]
    fn what_discord_refuses_is_said_so_that_somebody_can_mend_it() {
        for (code, key) in [
            (10_003, "chat-channel-gone"),
            (10_008, "chat-message-gone"),
            (50_001, "chat-no-access"),
            (50_013, "chat-no-right"),
            (50_083, "chat-thread-archived"),
            (50_035, "chat-refused"),
        ] {
            assert_eq!(refusal(403, code, "Missing Permissions").key, key, "{code}");
        }
    }
}
