//! The processors: what the host takes of them, and what each container does, from two readings of the kernel's own
//! counters. `docker stats` takes two seconds for the same; the engine's API waits for its own collector.

use std::collections::BTreeMap;
use std::time::Duration;

use bollard::Docker;
use bollard::models::{ContainerSummary, ContainerSummaryStateEnum};
use bollard::query_parameters::StatsOptions;
use futures::StreamExt;
use futures::future::join_all;
use tokio::time::{timeout, timeout_at};

use super::docker::{containers, engine, explain, name, too_late};
use super::text::{OUTPUT_LENGTH, fit};
use super::{Watch, Why, World, could_not};
use crate::domain::evidence::{Evidence, Looked, Measurement};
use crate::domain::message::{Explain, Message};
use crate::domain::probe::Cpu;
use crate::domain::quantity::Quantity;

pub(super) mod reading;

use reading::{Shares, script, shares};

/// What a person would run.
const WHAT: &str =
    "cat /proc/loadavg; for i in 1 2; do head -n 1 /proc/stat; sleep 0.25; done; docker stats --no-stream";

/// How many processes are shown.
const PROCESSES: usize = 6;

pub(super) async fn look(probe: &Cpu, world: &World, watch: &Watch) -> Looked {
    let script = script(probe.over);
    // The names come while the host counts.
    let (output, listed, credits) = tokio::join!(world.run(&script, watch), listed(world, watch), credits(world));
    let output = output.map_err(|reason| could_not(WHAT, reason))?;
    let shares = shares(&output.stdout.text, probe.over).map_err(|reason| {
        let mut failed = could_not(WHAT, reason);
        let text = [output.stdout.text.trim(), output.stderr.text.trim()].join("\n");
        failed.output = fit(&text, &world.masker, OUTPUT_LENGTH);
        failed
    })?;
    let taken = match listed {
        Ok((docker, listed)) => of_containers(&docker, &listed, &shares, watch).await,
        Err(why) => Taken { shares: Vec::new(), unread: vec![why.reason] },
    };
    let mut evidence = seen(&shares, &taken, credits);
    evidence.status.clone_from(&output.status);
    evidence.output = fit(&shown(&shares, &taken), &world.masker, OUTPUT_LENGTH);
    Ok(evidence)
}

/// How long CloudWatch may take: the report does not wait for it any longer.
const CREDITS: Duration = Duration::from_secs(3);

/// What is left of the credits of a burstable instance: only CloudWatch knows.
async fn credits(world: &World) -> Result<f64, Message> {
    let (Some(aws), Some(instance)) = (&world.aws, &world.host.config().instance.id) else {
        return Err(Message::new("probe-cpu-credits"));
    };
    match timeout(CREDITS, aws.cpu_credits(instance, world.now)).await {
        Ok(Ok(Some(credits))) => Ok(credits),
        Ok(Ok(None)) => Err(Message::new("probe-cpu-no-credits")),
        Ok(Err(error)) => Err(error.message()),
        Err(_) => Err(Message::new("aws-too-late").with("after", Quantity::duration(CREDITS))),
    }
}

/// The engine, and the project's containers.
async fn listed(world: &World, watch: &Watch) -> Result<(Docker, Vec<ContainerSummary>), Why> {
    let docker = engine(world, watch).await?;
    let listed = containers(&docker, &world.host.config().compose_project, None, watch).await?;
    Ok((docker, listed))
}

/// What the containers take of all cores, in per cent, and why some are missing.
struct Taken {
    shares: Vec<(String, f64)>,
    unread: Vec<Message>,
}

/// By the counters where they are; a container whose counters lie elsewhere (a cgroup parent of its own) is asked of the
/// engine, which takes up to two seconds.
async fn of_containers(docker: &Docker, listed: &[ContainerSummary], shares: &Shares, watch: &Watch) -> Taken {
    let mut taken = Taken { shares: Vec::new(), unread: Vec::new() };
    let mut to_ask = Vec::new();
    for container in listed.iter().filter(|container| is_up(container)) {
        let id = container.id.as_deref().unwrap_or_default();
        match shares.containers.get(id) {
            Some(share) => taken.shares.push((name(container), *share)),
            None => to_ask.push(container),
        }
    }
    let ask = async |container: &ContainerSummary| {
        let id = container.id.as_deref().unwrap_or_default();
        (name(container), by_engine(docker, id, watch).await)
    };
    for (name, share) in join_all(to_ask.into_iter().map(ask)).await {
        match share {
            Ok(share) => taken.shares.push((name, share)),
            Err(reason) => {
                let reason = Message::new("probe-cpu-no-container").with("name", name).with("reason", reason);
                taken.unread.push(reason);
            }
        }
    }
    taken.shares.sort_by(|one, other| other.1.total_cmp(&one.1));
    if taken.shares.is_empty() && taken.unread.is_empty() {
        taken.unread.push(Message::new("probe-cpu-no-containers"));
    }
    taken
}

fn is_up(container: &ContainerSummary) -> bool {
    matches!(container.state, Some(ContainerSummaryStateEnum::RUNNING | ContainerSummaryStateEnum::PAUSED))
}

/// The share of all cores by the engine's own two readings.
#[expect(clippy::cast_precision_loss, reason = "a share of two differences")]
pub(super) async fn by_engine(docker: &Docker, id: &str, watch: &Watch) -> Result<f64, Message> {
    let options = StatsOptions { stream: false, one_shot: false };
    let mut stream = docker.stats(id, Some(options));
    let stats = match timeout_at(watch.end(), stream.next()).await {
        Ok(Some(Ok(stats))) => stats,
        Ok(Some(Err(error))) => return Err(explain(error).reason),
        Ok(None) => return Err(Message::new("probe-cpu-no-counters")),
        Err(_) => return Err(too_late(watch)),
    };
    let counters = |stats: Option<bollard::models::ContainerCpuStats>| {
        let stats = stats?;
        Some((stats.cpu_usage?.total_usage?, stats.system_cpu_usage.filter(|system| *system > 0)?))
    };
    let share = counters(stats.precpu_stats).zip(counters(stats.cpu_stats)).and_then(|(before, after)| {
        let (own, all) = (after.0.checked_sub(before.0)?, after.1.checked_sub(before.1)?);
        (all > 0).then(|| own as f64 / all as f64 * 100.0)
    });
    share.ok_or_else(|| Message::new("probe-cpu-no-counters"))
}

fn seen(shares: &Shares, taken: &Taken, credits: Result<f64, Message>) -> Evidence {
    let measure = |name: &str, share| Measurement::quantity(name, Quantity::percent(share));
    let mut measurements = vec![measure("host", shares.busy), measure("steal", shares.steal)];
    measurements.extend(taken.shares.iter().map(|(name, share)| measure("container", *share).of(name)));
    let mut unread: Vec<_> = taken.unread.iter().map(|reason| ("container".to_owned(), reason.clone())).collect();
    match credits {
        Ok(credits) => measurements.push(Measurement::quantity("credits", Quantity::count(credits))),
        Err(why) => unread.push(("credits".to_owned(), why)),
    }
    Evidence { what: WHAT.to_owned(), measurements, unread, ..Evidence::default() }
}

/// What a person wants to know first: who takes it.
fn shown(shares: &Shares, taken: &Taken) -> String {
    let percent = |share: f64| Quantity::percent(share).to_string();
    let mut lines = vec![format!(
        "cores {}, load {}, busy {}, steal {}",
        shares.cores,
        shares.load,
        percent(shares.busy),
        percent(shares.steal)
    )];
    lines.extend(taken.shares.iter().map(|(name, share)| format!("{:>7} {name}", percent(*share))));
    let processes = shares.processes.iter().take(PROCESSES);
    lines.extend(processes.map(|(pid, name, share)| format!("{:>7} {name}[{pid}]", percent(*share))));
    lines.join("\n")
}

/// What a container's own file counts, by its id.
type Counters = BTreeMap<String, Duration>;

#[cfg(test)]
mod tests {
    use super::*;

    fn shares() -> Shares {
        Shares {
            cores: 2,
            load: "0.10 0.20 0.30".to_owned(),
            busy: 12.5,
            steal: 1.0,
            containers: BTreeMap::new(),
            processes: vec![(7, "dart".to_owned(), 11.0)],
        }
    }

    #[test]
    fn each_container_is_its_own_subject() {
        let taken = Taken { shares: vec![("redis".to_owned(), 40.0), ("db".to_owned(), 2.0)], unread: Vec::new() };
        let evidence = seen(&shares(), &taken, Err(Message::new("probe-cpu-credits")));
        let subjects: Vec<_> = evidence.of("container").filter_map(|one| one.subject.as_deref()).collect();
        assert_eq!(subjects, ["redis", "db"]);
        assert_eq!(
            shown(&shares(), &taken),
            "cores 2, load 0.10 0.20 0.30, busy 12.5 %, steal 1.0 %\n 40.0 % redis\n  2.0 % db\n 11.0 % dart[7]"
        );
    }

    #[test]
    fn an_engine_that_cannot_be_reached_costs_only_the_containers() {
        let taken = Taken { shares: Vec::new(), unread: vec![Message::new("probe-docker-forbidden")] };
        let evidence = seen(&shares(), &taken, Err(Message::new("probe-cpu-credits")));
        assert_eq!(evidence.of("host").count(), 1);
        let unread: Vec<_> =
            evidence.unread.iter().map(|(measure, why)| (measure.as_str(), why.key.as_ref())).collect();
        assert_eq!(unread, [("container", "probe-docker-forbidden"), ("credits", "probe-cpu-credits")]);
    }
}
