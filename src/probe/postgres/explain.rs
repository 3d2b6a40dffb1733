//! How long a query takes, by the database's own measure.

use serde_json::Value as Json;

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Explain;
use crate::domain::quantity::Quantity;
use crate::probe::text::{OUTPUT_LENGTH, fit};
use crate::probe::{Watch, World, could_not};

pub(in crate::probe) async fn look(probe: &Explain, world: &World, watch: &Watch) -> Looked {
    let query = probe.query.trim().trim_end_matches(';');
    let sql = format!("BEGIN READ ONLY;\nEXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query};\nROLLBACK;");
    let (asked, plan): (_, Json) = super::ask(&probe.database, &sql, world, watch).await?;
    let what = format!("{asked}: EXPLAIN ANALYZE {query}");
    let time = |name: &str| plan.pointer(&format!("/0/{name}")).and_then(Json::as_f64);
    let Some(execution) = time("Execution Time") else {
        return Err(could_not(what, Message::new("probe-postgres-no-plan")));
    };
    let planning = time("Planning Time").unwrap_or(0.0);
    let quantity = |milliseconds: f64| Quantity::seconds(milliseconds / 1000.0);
    let shown = plan.pointer("/0/Plan").map(outline).unwrap_or_default();
    Ok(Evidence {
        what,
        status: Some(Status::Answered),
        output: fit(&shown, &world.masker, OUTPUT_LENGTH),
        measurements: vec![
            Measurement::quantity("time", quantity(execution)),
            Measurement::quantity("planning", quantity(planning)),
        ],
        ..Evidence::default()
    })
}

/// The steps of a plan, each with its table or index and its rows.
fn outline(plan: &Json) -> String {
    fn step(plan: &Json, depth: usize, lines: &mut Vec<String>) {
        let text = |key: &str| plan.get(key).and_then(Json::as_str).unwrap_or_default();
        let number = |key: &str| plan.get(key).and_then(Json::as_f64).unwrap_or_default();
        let on = [text("Relation Name"), text("Index Name")].join(" ");
        let line = format!("{}{} {}", "  ".repeat(depth), text("Node Type"), on.trim());
        lines.push(format!(
            "{} · {} rows · {:.2} ms",
            line.trim_end(),
            number("Actual Rows"),
            number("Actual Total Time")
        ));
        for inner in plan.get("Plans").and_then(Json::as_array).into_iter().flatten() {
            step(inner, depth + 1, lines);
        }
    }
    let mut lines = Vec::new();
    step(plan, 0, &mut lines);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_told_step_by_step() {
        let plan = serde_json::json!({ "Node Type": "Limit", "Actual Rows": 20, "Actual Total Time": 0.5, "Plans": [
            { "Node Type": "Index Scan", "Relation Name": "product", "Index Name": "product_created_at", "Actual Rows": 20,
              "Actual Total Time": 0.4 } ] });
        assert_eq!(
            outline(&plan),
            "Limit · 20 rows · 0.50 ms\n  Index Scan product product_created_at · 20 rows · 0.40 ms"
        );
    }
}
