//! The same request several times, one after the other: how long the site takes, without the luck of a single try.

use std::time::Duration;

use tokio::time::sleep;

use crate::domain::condition::past::median;
use crate::domain::evidence::{Evidence, Instead, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Benchmark;
use crate::domain::quantity::Quantity;
use crate::probe::{Watch, World, could_not, http};

/// How long one request may take.
const EACH: Duration = Duration::from_secs(5);

/// With less time left there is no use in asking.
const LEAST: Duration = Duration::from_millis(100);

pub(in crate::probe) async fn look(probe: &Benchmark, world: &World, watch: &Watch) -> Looked {
    let what = format!("curl -so /dev/null -w '%{{time_total}}' {} # {} x", probe.url, probe.times);
    let mut times = Vec::new();
    let mut failures = Vec::new();
    for turn in 0..probe.times {
        if turn > 0 {
            sleep(probe.pause).await;
        }
        // A site that lets one wait for so long lets all of them wait: what cannot be asked in time has failed as well.
        if watch.left() < LEAST {
            let late = Message::new("probe-benchmark-late").with("turn", turn.to_string());
            failures.resize(usize::try_from(probe.times).unwrap_or(usize::MAX) - times.len(), late);
            break;
        }
        let one = Watch::start(watch.left().min(EACH));
        match http::time(&probe.url, &world.http, &one).await {
            Ok(time) => times.push(time),
            Err(fault) if fault.is_ours() => return Err(could_not(what, fault.message(world.now))),
            Err(fault) => failures.push(fault.message(world.now)),
        }
    }
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    if let (true, Some(failure)) = (times.is_empty(), failures.first()) {
        evidence.instead = Some(Instead::NoAnswer(failure.clone()));
        return Ok(evidence);
    }
    let seconds: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let mean = seconds.iter().sum::<f64>() / count(seconds.len()).max(1.0);
    let longest = seconds.iter().copied().fold(0.0, f64::max);
    let time = |name: &str, value| Measurement::quantity(name, Quantity::seconds(value));
    evidence.measurements = vec![
        time("mean", mean).saying(
            Message::new("probe-benchmark-mean")
                .with("mean", Quantity::seconds(mean))
                .with("times", seconds.len().to_string())
                .with("max", Quantity::seconds(longest)),
        ),
        time("median", median(&seconds)),
        time("max", longest),
        Measurement::quantity("failures", Quantity::count(count(failures.len()))),
    ];
    evidence.output = times.iter().map(|time| format!("{:.3} s", time.as_secs_f64())).collect::<Vec<_>>().join("\n");
    evidence.notes.extend(failures.into_iter().take(1));
    Ok(evidence)
}
