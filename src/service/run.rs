//! Runs a command against a host, and keeps what it found. Whoever asks for a run that goes on already shares it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;
use tokio::sync::watch;
use tracing::{Instrument, Span, field};

use super::{Parts, Service, Unknown};
use crate::act;
use crate::domain::command::Checklist;
use crate::domain::difference::Difference;
use crate::domain::evidence::Looked;
use crate::domain::history::History;
use crate::domain::message::{Explain, Message};
use crate::domain::period::Every;
use crate::domain::probe::Probe;
use crate::domain::report::{Report, ReportBuilder};
use crate::domain::run::{MessagePlace, NewRun, Origin, RunId};
use crate::domain::waiver::{self, Waiver};
use crate::host::Host;
use crate::probe::{self, World};
use crate::runner::{self, Plan, run_deadline};
use crate::store::StoreError;

/// How long after its own deadline a run that nobody ended counts as interrupted: time to write it down.
const GRACE: TimeDelta = TimeDelta::seconds(60);

/// How often somebody sampled where nothing is said of it now.
const SAMPLING: Duration = Duration::from_secs(60);

/// How far a run is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Its number, as soon as it has one.
    pub run: Option<RunId>,
    /// The report as it stands.
    pub report: Arc<Report>,
    /// The ids of the checks that came in.
    pub came_in: Arc<BTreeSet<String>>,
    /// How it ended; none while it goes on.
    pub end: Option<End>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub enum End {
    /// Its report is kept.
    Kept,
    /// Its report is here, but could not be kept, for this reason.
    NotKept(Message),
    /// The bot itself failed.
    Crashed,
}

/// A run that goes on, as one of those who wait for it sees it.
#[derive(Clone, Debug)]
pub struct Ongoing {
    /// How far it is.
    pub progress: watch::Receiver<Progress>,
    key: Key,
}

/// The command and the host: what makes two runs the same.
type Key = (String, String);

/// The runs that go on, and the channels in which each is shown.
#[derive(Debug, Default)]
pub(super) struct Runs(Mutex<BTreeMap<Key, Current>>);

#[derive(Debug)]
struct Current {
    progress: watch::Receiver<Progress>,
    shown: BTreeMap<u64, Option<MessagePlace>>,
}

impl Current {
    /// Whether it is that very run: the next one of the same command and host has the same key.
    fn is(&self, ongoing: &Ongoing) -> bool {
        self.progress.same_channel(&ongoing.progress)
    }
}

/// Takes a run away from those that go on, however it ends: a crash must not make everybody join a dead one.
struct Leaving {
    service: Service,
    key: Key,
    sender: watch::Sender<Progress>,
    end: End,
}

impl Leaving {
    /// It came to its end in order.
    fn with(mut self, end: End) {
        self.end = end;
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        // Whoever asks from here on begins a run of their own.
        self.service.0.runs.lock().remove(&self.key);
        let end = std::mem::replace(&mut self.end, End::Crashed);
        self.sender.send_modify(|progress| progress.end = Some(end));
    }
}

/// Whether a channel shows a run already.
pub(super) enum Claim {
    /// It did not; whoever claimed it shows it.
    Mine,
    /// It does; where, as far as that is known.
    Taken(Option<MessagePlace>),
}

impl Runs {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Current>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims `channel` as the one place in it where the run is shown.
    pub(super) fn claim(&self, ongoing: &Ongoing, channel: u64) -> Claim {
        match self.lock().get_mut(&ongoing.key).filter(|current| current.is(ongoing)) {
            Some(current) => match current.shown.get(&channel) {
                Some(place) => Claim::Taken(*place),
                None => {
                    current.shown.insert(channel, None);
                    Claim::Mine
                }
            },
            // It has just ended: what it found is shown like any other.
            None => Claim::Mine,
        }
    }

    /// Notes where the claimed channel shows the run.
    pub(super) fn shown(&self, ongoing: &Ongoing, place: MessagePlace) {
        if let Some(current) = self.lock().get_mut(&ongoing.key).filter(|current| current.is(ongoing)) {
            current.shown.insert(place.channel, Some(place));
        }
    }

    /// Gives a claim back: the channel does not show the run after all.
    pub(super) fn release(&self, ongoing: &Ongoing, channel: u64) {
        if let Some(current) = self.lock().get_mut(&ongoing.key).filter(|current| current.is(ongoing)) {
            current.shown.remove(&channel);
        }
    }
}

impl Progress {
    /// Why what the run found could not be kept, where it could not.
    pub const fn not_kept(&self) -> Option<&Message> {
        match &self.end {
            Some(End::NotKept(why)) => Some(why),
            _ => None,
        }
    }
}

impl Ongoing {
    /// Waits for the end of the run.
    pub async fn end(&mut self) -> Progress {
        // The sender goes away only after it has told of the end.
        let _ = self.progress.wait_for(|progress| progress.end.is_some()).await;
        self.progress.borrow().clone()
    }
}

impl Service {
    /// Begins a run of `command` against `host` (none: the first one), or joins the one that goes on.
    ///
    /// # Errors
    /// [`Unknown`] when there is no such command or host.
    pub fn run(&self, command: &str, host: Option<&str>, origin: Origin) -> Result<Ongoing, Unknown> {
        let checklist = self.command(command)?;
        let host = self.host(host)?;
        let key = (checklist.id.clone(), host.config().name.clone());
        let mut runs = self.0.runs.lock();
        if let Some(current) = runs.get(&key) {
            return Ok(Ongoing { progress: current.progress.clone(), key });
        }
        let now = self.0.clock.now();
        let empty = ReportBuilder::new(checklist, &host.config().name, &host.config().title, now).finish();
        let progress = Progress { run: None, report: Arc::new(empty), came_in: Arc::default(), end: None };
        let (sender, receiver) = watch::channel(progress);
        runs.insert(key.clone(), Current { progress: receiver.clone(), shown: BTreeMap::new() });
        drop(runs);
        let (checklist, host) = (self.on(checklist, host.config()).into_owned(), host.clone());
        let leaving = Leaving { service: self.clone(), key: key.clone(), sender, end: End::Crashed };
        let span = tracing::info_span!("run", command = checklist.id, host = host.config().name, run = field::Empty);
        let running = async move {
            let end = leaving.service.carry_out(&checklist, &host, origin, &leaving.sender).await;
            leaving.with(end);
        };
        self.0.tasks.spawn(running.instrument(span));
        Ok(Ongoing { progress: receiver, key })
    }

    async fn carry_out(
        &self,
        checklist: &Checklist,
        host: &Host,
        origin: Origin,
        sender: &watch::Sender<Progress>,
    ) -> End {
        let Parts { store, clock, .. } = &*self.0;
        let config = host.config();
        if origin == Origin::Schedule {
            self.let_act_end(&config.name).await;
        }
        let begun = self.begin(checklist, host, origin).await;
        if let Ok(run) = begun {
            Span::current().record("run", run.0);
            sender.send_modify(|progress| progress.run = Some(run));
        }
        let before = store.latest_finished(&checklist.id, &config.name).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the run before cannot be read");
            None
        });
        let past = self.past(checklist, &config.name).await;
        let past = past.as_ref().map_err(Clone::clone);
        let plan = Plan { checklist, host: &config.name, host_title: &config.title, past };
        let look = |probe: Probe, deadline| self.look(probe, host.clone(), deadline);
        let mut report = runner::run(&plan, clock, look, |builder| {
            sender.send_modify(|progress| {
                progress.report = Arc::new(builder.report().clone());
                progress.came_in = Arc::new(builder.came_in().clone());
            });
        })
        .await;
        match store.waivers_running(&checklist.id, &config.name, report.finished_at).await {
            Ok(waivers) => waive(&mut report, &waivers, self.config().timezone),
            // What nobody can prove to be waived is shown as it was measured.
            Err(error) => tracing::error!(%error, "the waivers cannot be read"),
        }
        self.add_acts(&mut report).await;
        if checklist.signed == Some(Every::Day) {
            self.add_reviews(&mut report).await;
        }
        let before = before.and_then(|run| run.report);
        report.difference = before.map(|before| Difference::between(&before, &report));
        let kept = match begun {
            Ok(run) => match checklist.signed {
                Some(every) => store.finish_run_of(&self.case(&report, every), run, &report).await,
                None => store.finish_run(run, &report).await,
            },
            Err(error) => Err(error),
        };
        let tally: Vec<_> = report.tally().iter().map(|(grade, count)| format!("{count} {}", grade.name())).collect();
        tracing::info!(tally = tally.join(", "), "checked");
        if saw_containers(checklist, &report) {
            let stage = self.stage(host);
            // Nobody waits for it: it is there for a rollback that may come some day.
            self.0.tasks.spawn(async move {
                if let Err(unfit) = act::record_images(&stage).await {
                    tracing::debug!(why = %unfit.reason.key, "which images run could not be recorded");
                }
            });
        }
        sender.send_modify(|progress| progress.report = Arc::new(report));
        match kept {
            Ok(true) => End::Kept,
            Ok(false) => End::NotKept(Message::new("run-was-interrupted")),
            Err(error) => {
                tracing::error!(%error, "a run could not be kept");
                End::NotKept(error.message())
            }
        }
    }

    /// What the runs before found, for the rules that ask it, or why that cannot be known.
    pub(in crate::service) async fn past(
        &self,
        checklist: &Checklist,
        host: &str,
    ) -> Result<BTreeMap<String, History>, Message> {
        self.0.store.past(checklist, host, self.0.clock.now()).await.map_err(|error| {
            tracing::error!(%error, "the past cannot be read");
            error.message()
        })
    }

    async fn begin(&self, checklist: &Checklist, host: &Host, origin: Origin) -> Result<RunId, StoreError> {
        let started_at = self.0.clock.now();
        let deadline = TimeDelta::from_std(run_deadline(checklist)).unwrap_or(GRACE);
        let run = NewRun {
            command: checklist.id.clone(),
            title: checklist.title.clone(),
            host: host.config().name.clone(),
            host_title: host.config().title.clone(),
            origin,
            started_at,
            deadline_at: started_at + deadline + GRACE,
        };
        self.0.store.begin_run(&run).await
    }

    /// One look. What comes back is masked already.
    pub(super) fn look(
        &self,
        probe: Probe,
        host: Host,
        deadline: Duration,
    ) -> impl Future<Output = Looked> + Send + 'static {
        let Parts { config, http, aws, store, masker, clock, .. } = &*self.0;
        let world = World {
            host,
            http: http.clone(),
            aws: aws.clone(),
            store: store.clone(),
            masker: masker.clone(),
            now: clock.now(),
            zone: config.timezone,
            every: config.sampling.as_ref().map_or(SAMPLING, |sampling| sampling.every),
        };
        async move { probe::look(&probe, &world, deadline).await }
    }
}

/// Whether the run could look at the containers of the host. Where an engine did not answer it, none is asked once more.
fn saw_containers(checklist: &Checklist, report: &Report) -> bool {
    let mut containers = checklist.checks().filter(|check| matches!(check.probe, Probe::Container(_)));
    // Only what was looked at ended in some way.
    containers.any(|check| report.check(&check.id).is_some_and(|found| found.evidence.status.is_some()))
}

/// Grades what somebody took on as waived, at the end of the run.
fn waive(report: &mut Report, waivers: &[Waiver], zone: Tz) {
    let now = report.finished_at;
    waiver::apply(report, waivers, now, zone);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::commands;
    use crate::config::{self, HttpConfig};
    use crate::document::Document;
    use crate::domain::evidence::{CouldNotLook, Evidence, Status};
    use crate::domain::mask::Masker;
    use crate::probe::HttpProber;
    use crate::service::Outside;
    use crate::store::Store;

    async fn service(folder: &std::path::Path) -> Service {
        let file = |name: &str, text: &str| Document::new(folder.join(name).as_path(), text.to_owned());
        let daily = include_str!("../../tests/data/small.toml").replace("FOLDER", &folder.display().to_string());
        let commands::Command::Checklist(daily) = commands::parse(file("daily.toml", &daily)).unwrap() else {
            panic!("it is a checklist");
        };
        let here = "[hosts.here]\ntitle = { ko = \"여기\", en = \"Here\" }\ntransport = \"local\"";
        Service::new(
            config::parse(&folder.join("bot.toml"), here.to_owned()).unwrap(),
            commands::Commands { checklists: [(daily.id.clone(), daily)].into(), ..commands::Commands::default() },
            Outside { http: HttpProber::new(&HttpConfig::default()).unwrap(), aws: None, webhook: None, tracker: None },
            Store::open(&folder.join("signoff.db")).await.unwrap(),
            Clock::system(),
            Masker::new([""]),
        )
    }

    const SERVICES: &str = r#"
        kind = "checklist"
        title = { ko = "둘", en = "Two" }
        description = { ko = "둘", en = "Two" }
        [[section]]
        id = "s"
        title = { ko = "가", en = "A" }
        [[section.check]]
        id = "redis"
        title = { ko = "가", en = "A" }
        probe = { kind = "container", service = "redis" }
        rules = [{ measure = "state", fail = "!= running" }]
        [[section.check]]
        id = "shell"
        title = { ko = "나", en = "B" }
        probe = { kind = "shell", command = "true" }
        rules = [{ measure = "exit", fail = "!= 0" }]
    "#;

    #[test]
    fn an_engine_that_did_not_answer_is_not_asked_for_its_images() {
        let file = Document::new(std::path::Path::new("services.toml"), SERVICES.to_owned());
        let commands::Command::Checklist(services) = commands::parse(file).unwrap() else {
            panic!("it is a checklist");
        };
        let answered = Evidence { status: Some(Status::Answered), ..Evidence::default() };
        let could_not = CouldNotLook {
            what: String::new(),
            reason: Message::new("reason-deadline"),
            hint: None,
            output: String::new(),
            elapsed: Duration::ZERO,
        };
        for (id, looked, expected) in
            [("redis", Ok(answered.clone()), true), ("redis", Err(could_not), false), ("shell", Ok(answered), false)]
        {
            let now = chrono::DateTime::UNIX_EPOCH;
            let mut report = ReportBuilder::new(&services, "here", &services.title, now);
            let check = services.checks().find(|check| check.id == id).unwrap();
            report.take(check, &looked, &History::default(), now);
            assert_eq!(saw_containers(&services, &report.finish()), expected, "{id} {looked:?}");
        }
    }

    #[tokio::test]
    async fn a_run_that_crashes_is_left_by_all_and_joined_by_nobody() {
        let folder = tempfile::TempDir::new().unwrap();
        let service = service(folder.path()).await;
        let origin = || Origin::Terminal { user: "jimin".to_owned() };
        // It waits, so that the crash comes first.
        std::fs::write(folder.path().join("wait"), "").unwrap();
        std::fs::write(folder.path().join("calm"), "12").unwrap();
        let mut first = service.run("daily", None, origin()).unwrap();
        let second = service.run("daily", None, origin()).unwrap();
        assert!(second.progress.same_channel(&first.progress), "two who ask together share one run");

        let sender = watch::channel(first.progress.borrow().clone()).0;
        let mut waiting = Ongoing { progress: sender.subscribe(), key: first.key.clone() };
        let leaving = Leaving { service: service.clone(), key: first.key.clone(), sender, end: End::Crashed };
        let crashed = tokio::spawn(async move {
            let _leaving = leaving;
            panic!("a fault in the bot");
        });
        assert!(crashed.await.is_err());
        assert!(matches!(waiting.end().await.end, Some(End::Crashed)));
        let next = service.run("daily", None, origin()).unwrap();
        assert!(!next.progress.same_channel(&first.progress), "nobody joins a dead run");

        std::fs::remove_file(folder.path().join("wait")).unwrap();
        assert!(matches!(first.end().await.end, Some(End::Kept)));
        service.finish().await;
    }
}
