//! Acts on the box: a witness that is made by the gate's own transitions, and the steps that it lets run.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::Utc;
use signoff::act::{self, Stage};
use signoff::aws::Aws;
use signoff::clock::Clock;
use signoff::commands::{self, Commands};
use signoff::config::{self, Config};
use signoff::domain::action::{Action, Arguments, Given, Outcome, Outlook, Progress, Source};
use signoff::domain::approval::{Approved, Binding, Needed, Present, Request, RequestId, State, Terms, claim};
use signoff::domain::mask::Masker;
use signoff::domain::message::{Explain, Language};
use signoff::domain::words::Who;
use signoff::host;
use signoff::store::Store;
use signoff::text::say;

use crate::host::Host;

/// The box, and what acts on it.
pub(crate) struct Acting {
    pub(crate) host: Host,
    pub(crate) stage: Stage,
    pub(crate) commands: Commands,
}

/// Requests are numbered over all tests: a job's name on the host is good once.
static NEXT: AtomicI64 = AtomicI64::new(1);

impl Acting {
    pub(crate) async fn on(host: Host) -> Self {
        let folder = host.folder.path();
        let config: Config = config::load(&folder.join("bot.toml")).expect("the box's bot.toml");
        let commands = commands::load(&config.commands).expect("the shipped commands");
        let reached = host::Host::new(config.hosts.values().next().expect("a host").clone());
        let stage = Stage {
            host: reached,
            aws: config.aws.clone().map(|aws| Aws::new(aws, Clock::system()).expect("a client")),
            store: Store::open(&folder.join("acts.db")).await.expect("a database"),
            masker: Masker::new(["hunter2hunter2"]),
            now: Utc::now(),
            language: Language::En,
            zone: config.timezone,
        };
        Self { host, stage, commands }
    }

    pub(crate) async fn new() -> Self {
        Self::on(Host::healthy()).await
    }

    /// What a script of root prints on the host.
    pub(crate) fn sh(&self, script: &str) -> String {
        self.host.root(&["sh", "-c", script])
    }

    /// What a statement says in a database of the host.
    pub(crate) fn sql(&self, database: &str, sql: &str) -> String {
        let psql = ["docker", "exec", "gear_freak_postgres", "psql", "-X", "-A", "-t", "-U", "postgres", "-d"];
        self.host.root(&[&psql[..], &[database, "-c", sql]].concat())
    }

    /// The names of all databases.
    pub(crate) fn databases(&self) -> String {
        self.sql("postgres", "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database")
    }

    /// The name of the newest backup.
    pub(crate) fn newest_backup(&self) -> String {
        self.sh("ls /opt/gear_freak/backups | tail -1").trim().to_owned()
    }

    pub(crate) fn action(&self, id: &str) -> Action {
        self.commands.actions.get(id).unwrap_or_else(|| panic!("no action {id}")).clone()
    }

    /// What was chosen, checked against what the host has.
    pub(crate) async fn chosen(&self, action: &Action, given: &[(&str, &str)]) -> Result<Arguments, String> {
        let mut offered = Vec::new();
        for parameter in &action.parameters {
            let values = match &parameter.source {
                Source::Choices(choices) => choices.clone(),
                Source::From(inventory) => {
                    act::offered(*inventory, action, &self.stage).await.map_err(|unfit| said(&unfit))?
                }
            };
            offered.push((parameter.id.clone(), values));
        }
        let given: Given = given.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
        let of = |id: &str| offered.iter().find(|(name, _)| name == id).map_or(&[][..], |(_, values)| values);
        Arguments::check(action, &given, |parameter| of(&parameter.id)).map_err(|error| error.to_string())
    }

    /// What it would do, or why it must not.
    pub(crate) async fn outlook(&self, id: &str, given: &[(&str, &str)]) -> Result<Outlook, String> {
        let action = self.action(id);
        let arguments = self.chosen(&action, given).await?;
        act::outlook(&action, &arguments, &self.stage).await.map_err(|unfit| said(&unfit))
    }

    /// The witness for `action` as the host is now.
    pub(crate) async fn approved(&self, action: &Action, given: &[(&str, &str)]) -> Result<Approved, String> {
        let arguments = self.chosen(action, given).await?;
        let outlook = act::outlook(action, &arguments, &self.stage).await.map_err(|unfit| said(&unfit))?;
        let host = &self.stage.host.config().name;
        Ok(witness(Binding::of(host, action, arguments, outlook.identity)))
    }

    /// Carries out the shipped action `id`.
    pub(crate) async fn act(&self, id: &str, given: &[(&str, &str)]) -> Outcome {
        self.act_as(&self.action(id), given).await
    }

    pub(crate) async fn act_as(&self, action: &Action, given: &[(&str, &str)]) -> Outcome {
        let approved = self.approved(action, given).await.expect("it may be done");
        let claimed = Utc::now().timestamp_millis();
        let stage = Stage { now: Utc::now(), ..self.stage.clone() };
        act::perform(action, &approved, claimed, &by(), &stage, |_| {}).await
    }
}

/// Who asked.
pub(crate) fn by() -> Who {
    Who { id: 7, name: "지민".to_owned() }
}

/// A witness for exactly `binding`, by the gate's own transitions.
pub(crate) fn witness(binding: Binding) -> Approved {
    let (now, needed) = (Utc::now(), Needed::Approvals(1));
    let terms = Terms {
        requester: 1,
        needed,
        asked_at: now,
        expires_at: now + chrono::TimeDelta::minutes(15),
        binding: binding.digest(needed),
    };
    let request = Request::recorded(terms, State::Approved, vec![2]);
    let present = Present { binding, requester_may: true, approvers: [2].into() };
    let id = RequestId(NEXT.fetch_add(1, Ordering::Relaxed));
    claim(id, &request, present, now).expect("approved").won(1).expect("one row")
}

fn said(error: &impl Explain) -> String {
    let hint = error.hint().map(|hint| format!(" ({})", say(&hint, Language::En))).unwrap_or_default();
    format!("{}{hint}", say(&error.message(), Language::En))
}

/// Everything that an outcome says, in English, a line each.
pub(crate) fn text(outcome: &Outcome) -> String {
    let says: Vec<_> = outcome.says.iter().map(|message| say(message, Language::En)).collect();
    format!("{:?}\n{}\n---\n{}", outcome.ended, says.join("\n"), outcome.output)
}

/// Keeps every step of the way.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Mutex<Vec<Progress>>);

impl Heard {
    pub(crate) fn take(&self, progress: Progress) {
        self.0.lock().unwrap().push(progress);
    }
}
