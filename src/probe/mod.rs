//! Probes: the only code that looks at the world. A probe gives evidence; it never grades.
//!
//! A failure to look is [`CouldNotLook`] with its reason. Evidence that the thing looked at gave no answer at all
//! (a refused connection, a broken certificate) is evidence.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::time::{Instant, timeout_at};

use crate::aws::Aws;
use crate::domain::evidence::{CouldNotLook, Evidence, Instead, Looked};
use crate::domain::mask::Masker;
use crate::domain::message::{Explain, Message};
use crate::domain::probe::Probe;
use crate::domain::quantity::Quantity;
use crate::host::{Host, HostError, Output};
use crate::store::Store;

mod backup;
pub(crate) mod cloud;
mod container;
mod cpu;
mod disk;
mod docker;
mod hardening;
pub mod http;
mod log;
mod logs;
mod memory;
mod postgres;
pub mod rights;
mod samples;
mod script;
mod shell;
mod sudo;
mod system;
mod text;
mod tls;
pub mod vitals;

#[cfg(test)]
mod engine_tests;

pub use http::HttpProber;

/// What probes look at, and what they need for it. Cheap to clone.
#[derive(Clone)]
pub struct World {
    /// The host.
    pub host: Host,
    /// What makes requests to sites.
    pub http: HttpProber,
    /// Who asks Amazon, where the deployment says how.
    pub aws: Option<Aws>,
    /// What people approved or rehearsed, and the answers that cost something.
    pub store: Store,
    /// What keeps secrets out of the evidence.
    pub masker: Masker,
    /// What time it is.
    pub now: DateTime<Utc>,
    /// The zone in which times are shown.
    pub zone: Tz,
    /// How often the bot samples.
    pub every: Duration,
}

/// Looks at what `probe` asks for. It comes back within `deadline`, with what could be seen by then.
///
/// # Errors
/// [`CouldNotLook`] when nothing could be seen: never a sign that something is wrong with what was looked at.
pub async fn look(probe: &Probe, world: &World, deadline: Duration) -> Looked {
    let watch = Watch::start(deadline);
    let looked = match probe {
        Probe::Http(http) => http::look(http, world, &watch).await,
        Probe::Shell(shell) => shell::look(shell, world, &watch).await,
        Probe::Container(container) => container::look(container, world, &watch).await,
        Probe::ContainerLog(log) => log::look(log, world, &watch).await,
        Probe::Cpu(cpu) => cpu::look(cpu, world, &watch).await,
        Probe::Memory => memory::look(world, &watch).await,
        Probe::Disk(disk) => disk::look(disk, world, &watch).await,
        Probe::Certificate(certificate) => tls::certificate::look(certificate, world, &watch).await,
        Probe::Tls(sites) => tls::scan::look(sites, world, &watch).await,
        Probe::RateLimit(limit) => tls::rate_limit::look(limit, world, &watch).await,
        Probe::Settings(settings) => hardening::settings::look(settings, world, &watch).await,
        Probe::Files(files) => hardening::files::look(files, world, &watch).await,
        Probe::Fail2ban(jail) => hardening::fail2ban::look(jail, world, &watch).await,
        Probe::Timer(timer) => hardening::timer::look(timer, world, &watch).await,
        Probe::Updates(updates) => system::updates::look(updates, world, &watch).await,
        Probe::Benchmark(benchmark) => system::benchmark::look(benchmark, world, &watch).await,
        Probe::Images(images) => system::images::look(images, world, &watch).await,
        Probe::Trivy(trivy) => system::trivy::look(trivy, world, &watch).await,
        Probe::LogErrors(log) => logs::errors::look(log, world, &watch).await,
        Probe::AccessLog(log) => logs::access::look(log, world, &watch).await,
        Probe::Logins(logins) => logs::logins::look(logins, world, &watch).await,
        Probe::LogSecrets(secrets) => logs::secrets::look(secrets, world, &watch).await,
        Probe::Backups(backups) => backup::files::look(backups, world, &watch).await,
        Probe::Schedule(schedule) => backup::schedule::look(schedule, world, &watch).await,
        Probe::DatabaseSize(database) => postgres::size::look(database, world, &watch).await,
        Probe::Statements(database) => postgres::statements::look(database, world, &watch).await,
        Probe::Explain(explain) => postgres::explain::look(explain, world, &watch).await,
        Probe::Rehearsed(rehearsed) => backup::rehearsed::look(rehearsed, world).await,
        Probe::S3Backups(copies) => cloud::s3::look(copies, world, &watch).await,
        Probe::SecurityGroup(group) => cloud::group::look(group, world, &watch).await,
        Probe::SecurityGroupDrift => cloud::drift::look(world, &watch).await,
        Probe::Cost(cost) => cloud::cost::look(cost, world, &watch).await,
        Probe::Alarms(alarms) => cloud::alarms::look(alarms, world, &watch).await,
        Probe::Samples(samples) => samples::look(samples, world).await,
        Probe::Manual(manual) => Ok(Evidence {
            instead: Some(Instead::AsksPerson(Message::new("probe-manual").with("ask", manual.ask.clone()))),
            ..Evidence::default()
        }),
    };
    let elapsed = watch.elapsed();
    let looked = match looked {
        Ok(evidence) => Ok(Evidence { elapsed, ..evidence }),
        Err(could_not) => Err(CouldNotLook { elapsed, ..could_not }),
    };
    world.masker.mask_looked(looked)
}

impl World {
    /// Runs a read-only command line on the host. The host counts its deadline from when the command begins; here the
    /// whole look has one.
    ///
    /// # Errors
    /// Why it could not be run, or did not end in time.
    async fn run(&self, command: &str, watch: &Watch) -> Result<Output, Why> {
        match timeout_at(watch.end(), self.host.look(command, watch.left())).await {
            Ok(output) => output.map_err(Why::from),
            Err(_) => Err(Message::new("probe-host-too-late").with("after", Quantity::duration(watch.limit)).into()),
        }
    }
}

/// How long a look has taken, and how long it may take.
#[derive(Clone, Copy, Debug)]
struct Watch {
    started: Instant,
    limit: Duration,
}

impl Watch {
    /// Starts for a look that must have come back within `deadline`: a little is kept for coming back.
    fn start(deadline: Duration) -> Self {
        let kept = (deadline / 10).min(Duration::from_millis(250));
        Self { started: Instant::now(), limit: deadline.saturating_sub(kept) }
    }

    /// When it must be over.
    fn end(&self) -> Instant {
        self.started + self.limit
    }

    /// How long is left.
    fn left(&self) -> Duration {
        self.limit.saturating_sub(self.elapsed())
    }

    /// How long it has taken so far.
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Why something could not be looked at, and what to do about it.
#[derive(Clone, Debug)]
struct Why {
    reason: Message,
    hint: Option<Message>,
}

impl From<Message> for Why {
    fn from(reason: Message) -> Self {
        Self { reason, hint: None }
    }
}

impl From<HostError> for Why {
    fn from(error: HostError) -> Self {
        Self { reason: error.message(), hint: error.hint() }
    }
}

/// `what` could not be done, and why.
fn could_not(what: impl Into<String>, why: impl Into<Why>) -> CouldNotLook {
    let Why { reason, hint } = why.into();
    CouldNotLook { what: what.into(), reason, hint, output: String::new(), elapsed: Duration::ZERO }
}
