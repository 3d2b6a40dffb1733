//! What a check measures and the bot samples between the runs as well: it is told by its samples, a thousand for each run.

use chrono::TimeDelta;

use super::Line;
use crate::domain::command::Check;
use crate::domain::probe::Probe;
use crate::domain::vital::Vital;

/// How much is put together to one point: of a week ten minutes, of more an hour. A picture has some nine hundred columns.
pub const fn step(days: u32) -> TimeDelta {
    if days <= 7 { TimeDelta::minutes(10) } else { TimeDelta::hours(1) }
}

/// The vital that is what `measure` of `check` measures, where there is one. `site` is the one whose answers are sampled.
/// What is counted over a month, as of the samples themselves, is another thing than what holds at a moment.
pub fn vital(check: &Check, measure: &str, site: Option<&str>) -> Option<Vital> {
    let same = |url: &str| site.is_some_and(|site| site.trim_end_matches('/') == url.trim_end_matches('/'));
    match (&check.probe, measure) {
        (Probe::Cpu(_), "host") => Some(Vital::Cpu),
        (Probe::Memory, "used") => Some(Vital::Memory),
        // Other paths than the host's own are not sampled.
        (Probe::Disk(disk), "used") if disk.paths.is_empty() => Some(Vital::Disk),
        (Probe::Http(http), "time") if same(&http.url) => Some(Vital::Response),
        _ => None,
    }
}

/// Whether `samples` tell more than `runs` do: they go back as far, give or take the day between two runs.
pub fn tell_more(samples: &[Line], runs: &[Line]) -> bool {
    let first = |lines: &[Line]| lines.iter().filter_map(|line| Some(line.points.first()?.0)).min();
    match (first(samples), first(runs)) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(sampled), Some(run)) => sampled <= run + TimeDelta::days(1),
    }
}
