//! signoff runs an operations checklist against a production host, grades it, and keeps the record.
//!
//! It is one engine with three faces: Discord (`signoff run`), the terminal (`signoff check daily`) and the practice world
//! (`signoff sandbox`): the same bot, talking to a Discord and a host that live in the same process. A **command**, a TOML
//! file in `commands/`, says what to look at and what is good (a checklist), what may be done about it (an action), or how an
//! emergency is led (a runbook). The engine turns it into **evidence**, **grades**, a **report**, a **record**.
//!
//! # The walk
//! A click travels one way, and reading the rooms in this order repeats the trip:
//!
//! | room | does |
//! |---|---|
//! | [`discord`]`::intent` | what the person asked: an interaction becomes an intent (pure) |
//! | [`service`] | may they? which command? the order of things; it speaks to people through [`service::Chat`], a trait that it owns |
//! | [`runner`] | the checklist's probes side by side, each under a deadline; equal ones look once |
//! | [`probe`] over [`host`] | the only code that looks at the world; gives [evidence](domain::evidence), never grades |
//! | [`domain::grade`] | evidence against rules becomes a grade (pure) |
//! | [`domain::report`] | grades become a report (pure) |
//! | [`store`] | rows; SQL lives nowhere else |
//! | [`render`] | a report becomes a card, a text, JSON, Markdown (pure) |
//! | [`discord`] | cards become embeds; the only room that talks to Discord |
//!
//! # The rooms
//! In layers: a room imports only from rooms above it in this list, and rooms of one line not from each other.
//!
//! 1. [`domain`]: no async, no IO, no clock, no library that has one.
//! 2. [`cli`]: clap types only. [`dial`]: how far the bot may reach. [`document`]: TOML files that people write, read so
//!    that every problem is told at once.
//! 3. [`clock`], [`commands`] (loads `commands/`), [`config`] (loads `bot.toml`), [`schema`] (the keys of both, for
//!    editors and for the reference), [`text`] (puts messages into words)
//! 4. [`aws`] (S3 by its own client, four requests signed by hand), [`host`] (one connection each), [`import`] (command files
//!    out of a checklist in Markdown), [`render`], [`store`], [`webhook`]
//! 5. [`probe`], [`act`] (the steps of actions, each a job on the host)
//! 6. [`runner`]
//! 7. [`service`]: the use cases, one file each
//! 8. [`discord`]
//! 9. [`app`]: builds it all from the configuration
//!
//! Beside them: `commands/` (a file is a slash command), `locales/` (every word a person reads), `migrations/` (each says
//! why), `sandbox/` (the practice Discord and the practice host, a
//! crate that depends on nothing of the bot), `tests/` and `tests/box/` (a real
//! host in a container), `link/` (what the linker puts aside, and the script that finds it).
//!
//! # What must never be (each is a test, most in `tests/tidy.rs`)
//! - The domain names nothing of the world; time is an argument. Outside of it the time is asked of [`clock::Clock`] only.
//! - SQL stands in `store` (the host's own database is asked in `probe/postgres` and `act/scripts`), serenity in `discord`, russh in `host`,
//!   Amazon's libraries in `aws`, and nowhere else.
//! - Nothing changes a host without the witness [`domain::approval::Approved`], which only the gate makes, and which is good
//!   once: [`host::job`] is the only door. What a script is given comes as words of its own, never as a part of a script.
//! - Nobody's approval counts for another act than the one they saw: it is bound to the hash of host, action, its definition,
//!   its values and what it acts on ([`domain::approval::Binding`]), and one row of the record is changed before anything is.
//! - The one approval of an emergency is enough in the thread of an open runbook, for its own host, and until it is closed.
//! - A host key that `bot.toml` does not name is trusted only where a person approved the very fingerprint that was shown.
//! - What was written into the audit record is not changed: rows are chained by hashes ([`domain::audit`]), and the last one
//!   stands below each report in Discord.
//! - Nothing that was begun is begun again by itself: what nobody saw end is interrupted, and somebody looks by hand.
//! - Nothing that could not look is graded pass: it is `unknown`, with its reason, and costs the other checks nothing.
//! - Who may do what is asked in one place, beside [`service::Service::may_run`], by role id, whichever way somebody came.
//! - Nothing bad is signed with nothing said of it: only [`domain::signoff::draft::Draft::complete`] makes what can be signed.
//!   A sign-off, a step of a finding, a waiver are rows that are never changed: the next row says what is true from then on.
//! - No text for people in the code: a message is a key and its arguments, and is put into words when it is shown. Reasons
//!   are stored that way, so that history reads in either language.
//! - No secret in a file, a log line, a row or a post: secrets are named where they are to be found, and what comes back
//!   from a host is masked before anything else sees it.
//! - Nothing posted pings: `allowed_mentions` is empty, and foreign text cannot leave its place in a message.
//! - There is one way to Discord. Another server is reached by resolving discord.com to it and trusting only its
//!   certificate authority; serenity's `proxy` is never used, since its limiter passes it over in silence.
//! - No `unwrap`, `expect` or `panic!` outside of tests, and no unsafe code.
//!
//! # Decisions
//! - **A run belongs to nobody.** Whoever asks for a command and host that are being checked shares the run; it goes on
//!   when they leave. In one channel it is shown in one message.
//! - **A message that does not say yet how its run ended is kept as such**, and told when the bot is back, whether the bot
//!   died or Discord did.
//! - **What is due is a row before it is posted**, told apart by checklist, host and local day; whoever posts it claims it by
//!   a conditional change, and whoever finds a claim left behind reads the channel first. A bot holds a lock beside its
//!   database, so that a claim is never another bot's. The rules of time are in [`domain::schedule`].
//! - **The rota of the file is never changed**: what people arrange lies above it, in [`domain::rota`], and only grows.
//! - **A condition is written as what is wrong** (`fail = ">= 80 %"`) and shown as what is wanted (`< 80 %`), as the
//!   team's checklist does.
//! - **A sign-off is bound to the hash of what was found**, evidence included. A worse run of the same day, week or month opens it
//!   again within the change that keeps that run.
//! - **A waiver covers what was taken on, and nothing worse**: a warning that becomes a failure shows.
//! - **The program is laid out by what runs**: most of a bot's resident memory is its own code, mapped in large pieces. What a bot that
//!   runs checklists does not enter is linked apart (`link/aside.ld`, measured by `link/survey`), and sentences are parsed when they
//!   are said.
//! - **A connection refused is evidence**, not a failure to look: the site is down for its users as well. A name that does
//!   not resolve is a failure to look.

pub mod cli;
pub mod domain;

pub mod dial;
pub mod document;

pub mod clock;
pub mod commands;
pub mod config;
pub mod schema;
pub mod text;

pub mod aws;
pub mod host;
pub mod import;
pub mod render;
pub mod store;
pub mod webhook;

pub mod act;
pub mod probe;

pub mod runner;

pub mod service;

pub mod discord;

pub mod app;
