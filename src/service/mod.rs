//! The use cases, one file each: who may ask for what, and the order of things.

mod approve;
mod authorize;
mod chat;
mod details;
mod duty;
mod finding;
mod gate;
mod health;
mod language;
mod matrix;
mod mine;
mod past;
mod recover;
mod reload;
mod retain;
mod run;
mod runbook;
mod show;
mod sign;
mod silence;
mod watch;
mod watchdog;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{Mutex, Notify};
use tokio_util::task::TaskTracker;

pub use approve::BaselineError;
pub use authorize::{Refusal, Right};
pub use chat::{Board, Chat, ChatError, Form, Member, Person, Ping, Posted, Room, View};
pub use duty::{Days, DigestLine, DutyView, Found, Press, RotaOf};
pub use finding::{FindingForm, FindingStep, FindingView, Spot, Writing};
pub use gate::{
    GateForm, GateId, GateView, LONGEST_REASON, Reason, RemedyButton, audit_broken, audit_signed, audit_whole,
};
pub use health::Health;
pub use past::{NoRecord, PastView, RecordAsked, TrendAsked, TrendOf};
pub use reload::{FileChange, ReloadAsked, Reloaded};
pub use run::{Ongoing, Progress};
pub use runbook::{RunbookAsked, RunbookBoard, RunbookForm, RunbookView};
pub use sign::{Beside, SignForm, SignStep, SignView, Walk};

use crate::aws::Aws;
use crate::clock::Clock;
use crate::commands::Commands;
use crate::config::{Config, HostConfig};
use crate::document::nearest;
use crate::domain::command::{Check, Checklist};
use crate::domain::mask::Masker;
use crate::domain::message::{Explain, Message};
use crate::host::Host;
use crate::probe::HttpProber;
use crate::store::Store;
use crate::webhook::Webhook;

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Parts>);

struct Parts {
    config: Config,
    commands: Commands,
    hosts: BTreeMap<String, Host>,
    http: HttpProber,
    aws: Option<Aws>,
    store: Store,
    clock: Clock,
    masker: Masker,
    webhook: Option<Webhook>,
    tracker: Option<Webhook>,
    runs: run::Runs,
    reloads: reload::Reloads,
    gate: gate::Gate,
    silences: silence::Silences,
    presence: health::Presence,
    sampled: watchdog::Sampled,
    /// Held by whoever tells something in the log channel.
    logging: Mutex<()>,
    books: runbook::Books,
    /// Comes when an alert has something to be told.
    alerts: Notify,
    /// Comes when the webhook has something to hear of an alert.
    hooked: Notify,
    /// Comes when the issue tracker has something to hear.
    filed: Notify,
    /// Held by whoever tells the issue tracker something.
    sending: Mutex<()>,
    tasks: TaskTracker,
}

/// What a service reaches besides its hosts.
#[derive(Clone)]
pub struct Outside {
    /// The sites.
    pub http: HttpProber,
    /// Amazon, where the deployment says how.
    pub aws: Option<Aws>,
    /// The URL that hears of alerts, where there is one.
    pub webhook: Option<Webhook>,
    /// The issue tracker that hears of findings, where there is one.
    pub tracker: Option<Webhook>,
}

/// Why nothing was begun.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// There is no such command.
    #[error("no command {name}")]
    Command {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No host has such a tag.
    #[error("no host has the tag {name}")]
    Tag {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// There are several hosts, and none was chosen for what changes one.
    #[error("no host was chosen")]
    Unchosen {
        /// What there is.
        known: Vec<String>,
    },
    /// There is no such host.
    #[error("no host {name}")]
    Host {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
}

impl Service {
    /// Wires the use cases to their parts.
    pub fn new(
        config: Config,
        commands: Commands,
        outside: Outside,
        store: Store,
        clock: Clock,
        masker: Masker,
    ) -> Self {
        let Outside { http, aws, webhook, tracker } = outside;
        let hosts = config.hosts.iter().map(|(name, host)| (name.clone(), Host::new(host.clone()))).collect();
        let (runs, tasks, alerts) = (run::Runs::default(), TaskTracker::new(), Notify::new());
        let gate = gate::Gate::new(clock.now());
        Self(Arc::new(Parts {
            config,
            commands,
            hosts,
            http,
            aws,
            store,
            clock,
            masker,
            webhook,
            tracker,
            runs,
            reloads: reload::Reloads::default(),
            silences: silence::Silences::default(),
            presence: health::Presence::new(),
            sampled: watchdog::Sampled::default(),
            logging: Mutex::default(),
            gate,
            books: runbook::Books::default(),
            alerts,
            hooked: Notify::new(),
            filed: Notify::new(),
            sending: Mutex::default(),
            tasks,
        }))
    }

    /// The deployment.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The commands.
    pub fn commands(&self) -> &Commands {
        &self.0.commands
    }

    /// Connects to every host, so that the first command finds its connection warm. A host that cannot be reached is
    /// told of when somebody looks at it.
    pub async fn warm_up(&self) {
        let connecting = self.0.hosts.values().map(|host| async {
            if let Err(error) = host.look("true", Check::DEADLINE).await {
                tracing::warn!(host = host.config().name, %error, "the host cannot be reached");
            }
        });
        futures::future::join_all(connecting).await;
    }

    /// Counts `answering` among what [`Service::finish`] waits for.
    pub fn track<F: Future>(&self, answering: F) -> impl Future<Output = F::Output> {
        self.0.tasks.track_future(answering)
    }

    /// Comes at the first moment in which nothing runs; what is asked for until then is begun as ever.
    pub async fn at_rest(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
        self.0.tasks.reopen();
    }

    /// Waits for what runs, so that it is kept and shown.
    pub async fn finish(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// The host that `name` names, or else the first.
    fn host(&self, name: Option<&str>) -> Result<&Host, Unknown> {
        let found = match name {
            Some(name) => self.0.hosts.get(name),
            None => self.0.hosts.values().next(),
        };
        found.ok_or_else(|| Unknown::Host {
            name: name.unwrap_or_default().to_owned(),
            known: self.0.hosts.keys().cloned().collect(),
        })
    }

    /// The host that `name` names, for what changes it: where there are several, nobody means the first by saying nothing.
    fn host_to_act(&self, name: Option<&str>) -> Result<&Host, Unknown> {
        if name.is_none() && self.0.hosts.len() > 1 {
            return Err(Unknown::Unchosen { known: self.0.hosts.keys().cloned().collect() });
        }
        self.host(name)
    }

    /// `checklist` as it holds on `host`, which may have thresholds of its own.
    fn on<'a>(&self, checklist: &'a Checklist, host: &HostConfig) -> Cow<'a, Checklist> {
        checklist.refined(&host.own.refined())
    }

    fn command(&self, name: &str) -> Result<&Checklist, Unknown> {
        command_named(&self.0.commands, name)
    }
}

/// The command `name`.
///
/// # Errors
/// [`Unknown`] when there is none.
pub fn command_named<'a>(commands: &'a Commands, name: &str) -> Result<&'a Checklist, Unknown> {
    let unknown = || Unknown::Command { name: name.to_owned(), known: commands.checklists.keys().cloned().collect() };
    commands.checklists.get(name).ok_or_else(unknown)
}

impl Explain for Unknown {
    fn message(&self) -> Message {
        match self {
            Self::Command { name, .. } => Message::new("commands-unknown").with("name", name.as_str()),
            Self::Host { name, .. } => Message::new("host-unknown").with("name", name.as_str()),
            Self::Tag { name, .. } => Message::new("host-unknown-tag").with("name", name.as_str()),
            Self::Unchosen { .. } => Message::new("host-unchosen"),
        }
    }

    fn hint(&self) -> Option<Message> {
        let (name, known) = match self {
            Self::Command { name, known } | Self::Host { name, known } | Self::Tag { name, known } => {
                (name.as_str(), known)
            }
            Self::Unchosen { known } => ("", known),
        };
        if known.is_empty() {
            return None;
        }
        Some(match (nearest(name, known.iter().map(String::as_str)), self) {
            (Some(word), Self::Command { .. } | Self::Host { .. } | Self::Tag { .. }) => {
                Message::new("file-did-you-mean").with("word", word)
            }
            (_, Self::Command { .. }) => Message::new("commands-known").with("names", known.join(", ")),
            (_, Self::Tag { .. }) => Message::new("host-known-tags").with("names", known.join(", ")),
            (_, Self::Host { .. } | Self::Unchosen { .. }) => {
                Message::new("host-known").with("names", known.join(", "))
            }
        })
    }
}
