//! How long ago a restore test or a drill last passed: the bot's own record of it.

use crate::domain::evidence::{Evidence, Instead, Looked, Measurement};
use crate::domain::message::Message;
use crate::domain::probe::Rehearsed;
use crate::domain::quantity::Quantity;
use crate::probe::{World, could_not};

pub(in crate::probe) async fn look(probe: &Rehearsed, world: &World) -> Looked {
    let what = format!("signoff record {}", probe.of.name());
    let host = &world.host.config().name;
    let exercises = world.store.exercises(host, probe.of).await.map_err(|error| could_not(what.clone(), error))?;
    let mut evidence = Evidence { what, ..Evidence::default() };
    let day = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&world.zone).format("%Y-%m-%d").to_string();
    evidence.output = exercises
        .iter()
        .map(|one| {
            let how = if one.passed { "passed" } else { "failed" };
            format!("{} {how} in {} ({})", day(one.ended_at), Quantity::duration(one.took), one.told_by)
        })
        .collect::<Vec<_>>()
        .join("\n");
    if let Some(latest) = exercises.first().filter(|latest| !latest.passed) {
        evidence.notes.push(Message::new("probe-rehearsed-failed").with("day", day(latest.ended_at)));
    }
    let Some(passed) = exercises.iter().find(|one| one.passed) else {
        evidence.instead = Some(Instead::NoAnswer(Message::new("probe-rehearsed-never").with("kind", probe.of.name())));
        return Ok(evidence);
    };
    let age = Quantity::seconds((world.now - passed.ended_at).as_seconds_f64().max(0.0));
    let says = Message::new("probe-rehearsed-age").with("age", age).with("day", day(passed.ended_at));
    evidence.measurements = vec![
        Measurement::quantity("age", age).saying(says.with("by", passed.told_by.as_str())),
        Measurement::quantity("took", Quantity::duration(passed.took)),
    ];
    Ok(evidence)
}
