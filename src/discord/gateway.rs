//! The gateway: events come in, each is answered by a use case.

use std::sync::Arc;
use std::time::Duration;

use serenity::all::{
    Client, CommandInteraction, Context, EventHandler, GatewayIntents, GuildId, Http, Interaction, Ready, ShardManager,
};
use serenity::async_trait;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, sleep, timeout};

use super::connect::ConnectError;
use super::conversation::{Channels, Conversation};
use super::duty::DutyCommand;
use super::embed::{self, Place};
use super::hosts::{self, HOST, Meant};
use super::intent::{self, Intent};
use super::matrix::MatrixIntent;
use super::register;
use super::{gate, own, past};
use crate::config::DiscordConfig;
use crate::domain::message::Message;
use crate::domain::run::MessagePlace;
use crate::service::{Chat, ChatError, Service, View};

/// How often Discord is asked for its gateway before the bot gives up, and the pause in between.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(2);
/// How often the messages are looked for that have not heard of the end of their run.
const RETELL: Duration = Duration::from_secs(60);

/// How often it is looked whether Discord has answered a heartbeat.
const PRESENT: Duration = Duration::from_secs(5);

/// The bot's seat in Discord.
pub struct Gateway {
    client: Client,
    url: String,
    service: Service,
    guild: u64,
}

struct Handler {
    service: Service,
    guild: GuildId,
}

impl Gateway {
    /// Asks Discord who the bot is and where its gateway is.
    ///
    /// # Errors
    /// [`ConnectError`] when the token is wrong or Discord does not answer.
    pub async fn open(http: Http, config: &DiscordConfig, service: Service) -> Result<Self, ConnectError> {
        let application = ask(|| http.get_current_application_info()).await?;
        http.set_application_id(application.id);
        let url = ask(|| http.get_gateway()).await?.url;
        config.reach.allows_url(&url)?;
        let handler = Handler { service: service.clone(), guild: GuildId::new(config.guild) };
        // Slash commands and clicks come without any intent.
        let building = serenity::client::ClientBuilder::new_with_http(http, GatewayIntents::empty());
        let client = building
            .application_id(application.id)
            .event_handler(handler)
            .await
            .map_err(|error| ConnectError::Gateway(error.to_string()))?;
        Ok(Self { client, url, service, guild: config.guild })
    }

    /// Serves until `stop` comes, or the gateway closes the connection for good.
    ///
    /// # Errors
    /// [`ConnectError::GatewayMoved`] or [`ConnectError::Gateway`].
    pub async fn serve(mut self, stop: impl Future<Output = ()>) -> Result<(), ConnectError> {
        // serenity asks for the gateway once more, and falls back to the public one when it gets no answer: with another
        // server configured, the token would go to the wrong place.
        let found = self.client.ws_url.lock().await.clone();
        if found != self.url {
            return Err(ConnectError::GatewayMoved { expected: self.url, found });
        }
        let shards = Arc::clone(&self.client.shard_manager);
        let channels = Channels {
            http: Arc::clone(&self.client.http),
            shown: Place { guild: self.guild, zone: self.service.config().timezone },
            language: self.service.config().language,
            service: self.service.clone(),
        };
        let gated = Arc::new(channels.clone());
        // Before anything is posted, it is known how long nothing was.
        channels.listen().await;
        // Each has a loop of its own: an alert waits for nothing that is slow.
        let ends = async {
            loop {
                sleep(RETELL).await;
                channels.listen().await;
                self.service.tell_ends(&channels).await;
                self.service.tell_findings(&channels).await;
            }
        };
        let alerts = async {
            loop {
                self.service.tell_alerts(&channels).await;
                let _: Result<(), Elapsed> = timeout(RETELL, self.service.alerted()).await;
            }
        };
        let alerts_by_hook = async {
            loop {
                self.service.send_alerts().await;
                let _: Result<(), Elapsed> = timeout(RETELL, self.service.alerted_by_hook()).await;
            }
        };
        let tracker = async {
            loop {
                self.service.send_findings().await;
                let _: Result<(), Elapsed> = timeout(RETELL, self.service.filed()).await;
            }
        };
        tokio::select! {
            ended = self.client.start() => ended.map_err(|error| ConnectError::Gateway(error.to_string())),
            () = ends => Ok(()),
            () = alerts => Ok(()),
            () = alerts_by_hook => Ok(()),
            () = tracker => Ok(()),
            () = present(&shards, &self.service) => Ok(()),
            () = self.service.keep_gate(&gated) => Ok(()),
            () = self.service.keep_duty(&channels) => Ok(()),
            () = stop => {
                shards.shutdown_all().await;
                Ok(())
            }
        }
    }
}

/// Notes, over and over, whenever Discord has answered another heartbeat: then people's clicks come through. Never comes to an
/// end. The stage of a shard alone says less: it stays `Connected` for as long as nothing comes.
async fn present(shards: &ShardManager, service: &Service) {
    let mut last = None;
    loop {
        let answered = shards.runners.lock().await.values().find_map(|runner| runner.latency);
        // Measured to the nanosecond: each answer takes another time.
        if answered.is_some() && answered != last {
            service.is_in_discord();
        }
        last = answered;
        sleep(PRESENT).await;
    }
}

/// Asks until there is an answer, or none is to be expected.
async fn ask<T, F>(request: impl Fn() -> F) -> Result<T, ConnectError>
where
    F: Future<Output = Result<T, serenity::Error>>,
{
    let mut last = ConnectError::NoAnswer(String::new());
    for _ in 0..TRIES {
        match request().await {
            Ok(answer) => return Ok(answer),
            Err(serenity::Error::Http(error)) if error.status_code().is_some_and(|status| status.as_u16() == 401) => {
                return Err(ConnectError::WrongToken);
            }
            Err(error) => last = ConnectError::NoAnswer(error.to_string()),
        }
        tracing::warn!(error = %last, "trying again");
        sleep(PAUSE).await;
    }
    Err(last)
}

impl Handler {
    /// Offers what could be meant by what somebody is typing into an option.
    async fn offer(&self, context: &Context, command: &CommandInteraction, opened: Instant) {
        let Some((asked, typing)) = intent::of_autocomplete(command, self.guild) else { return };
        let room = intent::room(command.channel_id, command.channel.as_ref());
        let person = intent::person(&command.user, command.member.as_deref(), &command.locale, room);
        let person = self.service.in_own_language(person).await;
        let chat = Conversation {
            http: Arc::clone(&context.http),
            shown: Place { guild: self.guild.get(), zone: self.service.config().timezone },
            language: self.service.config().language,
            person,
            id: command.id,
            token: command.token.clone(),
            opened,
            pressed: None,
            for_one: true.into(),
        };
        let offered = match past::offer(&self.service, &asked, &typing, &chat.person) {
            Some(offered) => offered,
            None if typing.option == HOST => {
                let several = self.service.commands().checklists.contains_key(&asked.command)
                    || past::looks_at_several(&asked.command);
                let meant = if several { Meant::Several } else { Meant::One };
                hosts::offer(self.service.config(), meant, &typing, chat.person.language)
            }
            None => gate::offer(&self.service, &asked, &typing, &chat.person).await,
        };
        if let Err(error) = chat.offer(offered).await {
            tracing::warn!(%error, "nothing could be offered to somebody who types");
        }
    }

    async fn answer_duty_command(
        &self,
        command: DutyCommand,
        chat: &Conversation,
        board: &Channels,
    ) -> Result<(), ChatError> {
        let service = &self.service;
        match command {
            DutyCommand::Rota { checklist, host } => {
                service.answer_rota(checklist.as_deref(), host.as_deref(), chat).await
            }
            DutyCommand::Assign { checklist, person, days } => {
                service.answer_assign(&checklist, person, &days, chat, board).await
            }
            DutyCommand::Swap { checklist, with, mine, theirs } => {
                service.answer_swap(&checklist, with, mine.as_deref(), theirs.as_deref(), chat, board).await
            }
            DutyCommand::Away { person, days, back } => service.answer_away(person, &days, back, chat).await,
        }
    }

    fn channels(&self, http: &Arc<Http>) -> Channels {
        let config = self.service.config();
        Channels {
            http: Arc::clone(http),
            shown: Place { guild: self.guild.get(), zone: config.timezone },
            language: config.language,
            service: self.service.clone(),
        }
    }
}

#[async_trait]
impl EventHandler for Handler {
    /// Comes at every new session, not only at the first: everything here may happen again.
    async fn ready(&self, context: Context, ready: Ready) {
        tracing::info!(name = ready.user.name, "in Discord");
        let wanted = register::wanted(&self.service);
        match ask(|| register::register(&context.http, self.guild, &wanted)).await {
            Ok(true) => tracing::info!("the slash commands are registered anew"),
            Ok(false) => tracing::debug!("the slash commands are registered already"),
            Err(error) => tracing::error!(%error, "the slash commands could not be registered"),
        }
        let channels = self.channels(&context.http);
        self.service.tell_ends(&channels).await;
        self.service.tell_of_alerts_again();
        self.service.tell_findings(&channels).await;
        self.service.tell_runbooks(&channels).await;
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let opened = Instant::now();
        let (intent, person, id, token, pressed) = match &interaction {
            Interaction::Command(command) => {
                let room = intent::room(command.channel_id, command.channel.as_ref());
                let person = intent::person(&command.user, command.member.as_deref(), &command.locale, room);
                (
                    intent::of_command(command, self.guild, self.service.commands()),
                    person,
                    command.id,
                    command.token.clone(),
                    None,
                )
            }
            Interaction::Component(component) => {
                let room = intent::room(component.channel_id, component.channel.as_ref());
                let person = intent::person(&component.user, component.member.as_ref(), &component.locale, room);
                let intent = intent::of_component(component, self.guild);
                (intent, person, component.id, component.token.clone(), Some(&*component.message))
            }
            Interaction::Modal(modal) => {
                let room = intent::room(modal.channel_id, modal.channel.as_ref());
                let person = intent::person(&modal.user, modal.member.as_ref(), &modal.locale, room);
                (intent::of_modal(modal, self.guild), person, modal.id, modal.token.clone(), modal.message.as_deref())
            }
            Interaction::Autocomplete(command) => {
                self.offer(&context, command, opened).await;
                return;
            }
            other => {
                tracing::warn!(kind = ?other.kind(), "an interaction that nothing here asks for");
                return;
            }
        };
        let person = self.service.in_own_language(person).await;
        let chat = Conversation {
            http: Arc::clone(&context.http),
            shown: Place { guild: self.guild.get(), zone: self.service.config().timezone },
            language: self.service.config().language,
            person,
            id,
            token,
            opened,
            pressed: pressed
                .map(|message| MessagePlace { channel: message.channel_id.get(), message: message.id.get() }),
            for_one: pressed.is_some_and(embed::is_for_one).into(),
        };
        let answering = async {
            match intent {
                Intent::Run { command, host } => self.service.answer_run(&command, host.as_deref(), &chat).await,
                Intent::Again(run) => self.service.answer_again(run, &chat).await,
                Intent::Details { run, check } => self.service.answer_details(run, check.as_deref(), &chat).await,
                Intent::Mute { alert, hours } => {
                    let board = self.channels(&context.http);
                    self.service.answer_mute(alert, hours, &chat, &board).await
                }
                Intent::Gate(asked) => {
                    let board = Arc::new(self.channels(&context.http));
                    gate::answer(&self.service, asked, &chat, &board).await
                }
                Intent::Runbook(asked) => {
                    let board = self.channels(&context.http);
                    self.service.answer_runbook(asked, &chat, &board).await
                }
                Intent::Matrix(MatrixIntent::Again { command, target }) => {
                    self.service.answer_run(&command, Some(&target), &chat).await
                }
                Intent::Matrix(MatrixIntent::One(run)) => self.service.answer_one_of(run, &chat).await,
                Intent::Own(asked) => own::answer(&self.service, asked, &chat).await,
                Intent::Past(asked) => past::answer(&self.service, asked, &chat).await,
                Intent::Sign(step) => self.service.answer_sign(step, &chat, &self.channels(&context.http)).await,
                Intent::Finding(step) => self.service.answer_finding(step, &chat, &self.channels(&context.http)).await,
                Intent::Mine => self.service.answer_mine(&chat).await,
                Intent::Duty(press, chosen) => {
                    let board = self.channels(&context.http);
                    self.service.answer_duty(press, chosen, &chat, &board).await
                }
                Intent::DutyCommand(command) => {
                    self.answer_duty_command(command, &chat, &self.channels(&context.http)).await
                }
                Intent::Dead => chat.whisper(&View::Told(Message::new("button-dead"), None)).await,
                Intent::Elsewhere => chat.whisper(&View::Told(Message::new("refused-elsewhere"), None)).await,
            }
        };
        // Asked to stop, the bot stays until what was begun is shown.
        let answered = self.service.track(answering).await;
        if let Err(error) = answered {
            tracing::error!(%error, "an interaction could not be answered");
        }
    }
}
