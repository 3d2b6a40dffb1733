//! Known weaknesses of an image, by Trivy where the host has it, as a program or as an image that is there already. Nothing
//! is fetched for it: where there is neither, a person must look.

use crate::domain::evidence::{Evidence, Instead, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Trivy;
use crate::domain::quantity::Quantity;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, fit, quoted};
use crate::probe::{Watch, World, could_not};

/// The severities, and the measures of them.
const SEVERITIES: [(&str, &str); 4] =
    [("CRITICAL", "critical"), ("HIGH", "high"), ("MEDIUM", "medium"), ("LOW", "low")];

pub(in crate::probe) async fn look(probe: &Trivy, world: &World, watch: &Watch) -> Looked {
    let what = format!("trivy image --scanners vuln --format json {}", quoted(&probe.image));
    let output = match world.run(&script(&probe.image), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let text = &output.stdout.text;
    let mut evidence = Evidence { what: what.clone(), status: Some(Status::Answered), ..Evidence::default() };
    match part(text, "ended") {
        "none" => {
            let ask = Message::new("probe-trivy-none").with("image", probe.image.as_str());
            evidence.instead = Some(Instead::AsksPerson(ask));
            Ok(evidence)
        }
        "0" => {
            let counts = part(text, "severities");
            for (severity, measure) in SEVERITIES {
                evidence.measurements.push(Measurement::quantity(measure, Quantity::count(count(counts, severity))));
            }
            evidence.output = counts.to_owned();
            Ok(evidence)
        }
        _ => {
            let mut failed = could_not(what, Message::new("probe-trivy-failed"));
            failed.output = fit(&output.stderr.text, &world.masker, OUTPUT_LENGTH);
            Err(failed)
        }
    }
}

/// Its report may be megabytes long: counted on the host. Its memory is bounded, since the host has 1 GB.
fn script(image: &str) -> String {
    let image = quoted(image);
    let scan = "image --quiet --scanners vuln --format json";
    [
        "export LC_ALL=C PATH=\"$PATH:/usr/local/bin\" GOMEMLIMIT=350MiB".to_owned(),
        "report=$(mktemp) || exit 9".to_owned(),
        "trap 'rm -f \"$report\"' EXIT".to_owned(),
        "if command -v trivy >/dev/null; then".to_owned(),
        format!("nice trivy {scan} {image} >\"$report\"; ended=$?"),
        "elif docker image inspect aquasec/trivy >/dev/null 2>&1; then".to_owned(),
        format!(
            "docker run --rm --memory 400m -e GOMEMLIMIT -v /var/run/docker.sock:/var/run/docker.sock:ro \
             -v signoff-trivy:/root/.cache aquasec/trivy {scan} {image} >\"$report\"; ended=$?"
        ),
        "else ended=none; fi".to_owned(),
        mark("severities"),
        "grep -oE '\"Severity\": *\"[A-Z]+\"' \"$report\" | grep -oE '[A-Z]{2,}' | sort | uniq -c".to_owned(),
        mark("ended"),
        "echo $ended".to_owned(),
    ]
    .join("\n")
}

/// `      3 CRITICAL`; what is not named is none.
fn count(counts: &str, severity: &str) -> f64 {
    let line = counts.lines().map(str::trim).find_map(|line| line.strip_suffix(severity));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_are_counted_by_their_whole_name() {
        let counts = "      3 CRITICAL\n     12 HIGH\n      1 UNKNOWN";
        assert_eq!((count(counts, "CRITICAL"), count(counts, "HIGH"), count(counts, "LOW")), (3.0, 12.0, 0.0));
    }
}
