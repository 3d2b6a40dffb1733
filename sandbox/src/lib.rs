//! The practice world of signoff: a Discord that lives on loopback, for tests and rehearsals.
//!
//! It is a stateful fake of Discord's REST API and gateway, version 10, that a real client logs in to: REST over TLS with an
//! authority of its own, the gateway as a plain websocket. It depends on nothing of the bot and has its own payload types, so
//! that the two cannot share one mistake. What it enforces are Discord's documented limits; where Discord's OpenAPI document is
//! at hand, every request body is judged by it as well.
//!
//! A test reads as a conversation:
//!
//! ```no_run
//! # async fn conversation() -> Result<(), Box<dyn std::error::Error>> {
//! use signoff_sandbox::PracticeDiscord;
//!
//! let discord = PracticeDiscord::start().await?;
//! // ... start the bot with discord.addr(), discord.ca_pem(), discord.token() ...
//! discord.wait_for_command("daily").await?;
//!
//! let jimin = discord.as_user("지민").in_channel("운영");
//! let asked = jimin.slash("daily", &[("host", "production")]).await?;
//! assert!(asked.first_answer().await?.after.as_millis() < 1000);
//!
//! let report = asked.wait_for(|message| message.text().contains("12/12")).await?;
//! assert!(report.pings().is_nobody());
//! let details = jimin.click(&report, "자세히").await?.message().await?;
//! assert!(details.is_ephemeral());
//!
//! discord.assert_clean().await;
//! # Ok(())
//! # }
//! ```
//!
//! # The rooms
//! `world` holds all state and every rule that changes it; `rest` and `gateway` are its faces to the bot, the types of this page
//! its face to tests, `api` and `page` its face to people in a browser. `limits` are Discord's figures, `wire` its JSON shapes, `judge` its
//! OpenAPI document. All times are the world's ([`Clock`]), so that a test can move them.

mod api;
mod api_error;
mod builder;
mod chat;
mod clock;
mod core;
mod discord;
mod faults;
mod gateway;
mod host;
mod id;
mod journal;
mod judge;
mod limiter;
mod limits;
mod page;
mod panel;
mod payload;
mod permissions;
mod rest;
mod server;
mod tls;
mod wire;
mod world;

pub use builder::{Builder, StartError};
pub use chat::channel::ChannelView;
pub use chat::error::ChatError;
pub use chat::message::{File, Message, Pings, Version};
pub use chat::modal::Modal;
pub use chat::person::{Person, Seat};
pub use chat::sent::{AnswerKind, FirstAnswer, Sent};
pub use clock::Clock;
pub use discord::{PracticeDiscord, RegisteredCommand, Unclean};
pub use faults::{Fault, Faults};
pub use host::{
    FAULTS, HostError, HostFault, HostOptions, NoRoom, PkiError, PracticeHost, SceneError, run_as_leaf, scenes,
};
pub use id::Id;
pub use journal::Request;
pub use judge::{OPENAPI_VARIABLE, Rule, Violation};
pub use limiter::{Rate, RateLimits};
pub use page::Page;
pub use panel::{Mood, Panel, PanelFault, PanelFigure, PanelRefusal, PanelScene, PanelView, Words};
pub use payload::{Component, Embed, EmbedAuthor, EmbedField, EmbedFooter, EmbedPicture, ModalForm, SelectOption};
pub use permissions::Permissions;
pub use world::interaction::{Act, Choice};
