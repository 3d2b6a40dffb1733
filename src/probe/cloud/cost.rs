//! What the account cost (row M5). Amazon takes a cent for each answer: a day costs one.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};

use super::{answer, aws, count};
use crate::aws::{Costs, Month};
use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Cost;
use crate::domain::quantity::{Dimension, Quantity};
use crate::probe::{Watch, World, could_not};

/// For so many days of a month the month before is the one to judge: it is what the check of the 1st is about, and Amazon
/// takes days to close it.
const STILL_LAST_MONTH: TimeDelta = TimeDelta::days(5);

/// What is less is no service that anybody uses, in dollars.
const NOTHING: f64 = 0.005;

pub(in crate::probe) async fn look(probe: &Cost, world: &World, watch: &Watch) -> Looked {
    let today = world.now.date_naive();
    let judged = judged(world.now);
    // The end is no part of what is asked for.
    let (start, end) = (judged - Months::new(1), today + TimeDelta::days(1));
    let what = format!(
        "aws ce get-cost-and-usage --time-period Start={start},End={end} --granularity MONTHLY --group-by SERVICE"
    );
    let aws = aws(&what, world)?;
    let question = format!("cost {start} {end}");
    let kept = world.store.bill(today, &question).await.map_err(|error| could_not(what.clone(), error))?;
    let (costs, from_kept) = match kept.and_then(|kept| serde_json::from_str::<Costs>(&kept).ok()) {
        Some(costs) => (costs, true),
        None => {
            let costs = answer(&what, watch, aws.costs(&start.to_string(), &end.to_string())).await?;
            if let Ok(text) = serde_json::to_string(&costs)
                && let Err(error) = world.store.keep_bill(today, &question, &text).await
            {
                tracing::warn!(%error, "the bill could not be kept: it will be asked for again");
            }
            (costs, false)
        }
    };
    let month = |first: NaiveDate| costs.months.iter().find(|month| month.begins == first.to_string());
    let (Some(now), before) = (month(judged), month(start)) else {
        return Err(could_not(what, Message::new("probe-cost-none").with("month", judged.format("%Y-%m").to_string())));
    };
    let mut evidence = seen(what, probe, now, before, judged);
    if from_kept {
        evidence.notes.push(Message::new("probe-cost-kept"));
    }
    Ok(evidence)
}

/// The first day of the month that is judged.
fn judged(now: DateTime<Utc>) -> NaiveDate {
    let day = (now - STILL_LAST_MONTH).date_naive();
    day.with_day(1).unwrap_or(day)
}

fn dollars(value: f64) -> Quantity {
    Quantity { value, dimension: Dimension::Dollars }
}

fn seen(what: String, probe: &Cost, now: &Month, before: Option<&Month>, judged: NaiveDate) -> Evidence {
    let mut evidence = Evidence { what, status: Some(Status::Answered), ..Evidence::default() };
    let month = judged.format("%Y-%m").to_string();
    let says = match before {
        Some(before) => Message::new("probe-cost-total-before").with("before", dollars(before.total())),
        None => Message::new("probe-cost-total"),
    };
    let total = Measurement::quantity("month", dollars(now.total()));
    evidence.measurements.push(total.saying(says.with("total", dollars(now.total())).with("month", month)));
    let mut services: Vec<_> = now.services.iter().filter(|(_, cost)| **cost >= NOTHING).collect();
    services.sort_by(|one, other| other.1.total_cmp(one.1));
    let earlier = |name: &str| before.and_then(|before| before.services.get(name)).copied().unwrap_or(0.0);
    let service = |(name, cost): &(&String, &f64)| Measurement::quantity("service", dollars(**cost)).of(name.as_str());
    evidence.measurements.extend(services.iter().map(service));
    match before {
        Some(_) => {
            let rises =
                |name: &str, cost: f64| cost > probe.factor * earlier(name) && cost - earlier(name) >= probe.margin;
            let rising: Vec<String> = services
                .iter()
                .filter(|(name, cost)| rises(name, **cost))
                .map(|(name, cost)| format!("{name} {} → {}", dollars(earlier(name)), dollars(**cost)))
                .collect();
            let measurement = Measurement::quantity("rising", count(rising.len())).shown_by(rising.clone());
            let says = Message::new("probe-cost-rising").with("services", rising.join(", "));
            evidence.measurements.push(if rising.is_empty() { measurement } else { measurement.saying(says) });
        }
        None => evidence.unread.push(("rising".to_owned(), Message::new("probe-cost-no-before"))),
    }
    let line = |(name, cost): &(&String, &f64)| {
        format!("{:>9} ({:>9}) {name}", dollars(**cost).to_string(), dollars(earlier(name)).to_string())
    };
    evidence.output = services.iter().map(line).collect::<Vec<_>>().join("\n");
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(begins: &str, services: &[(&str, f64)]) -> Month {
        Month {
            begins: begins.to_owned(),
            services: services.iter().map(|(name, cost)| ((*name).to_owned(), *cost)).collect(),
        }
    }

    #[test]
    fn on_the_first_the_month_before_is_judged() {
        let of = |text: &str| judged(DateTime::parse_from_rfc3339(text).unwrap().to_utc()).to_string();
        assert_eq!(of("2026-12-01T01:00:00Z"), "2026-11-01");
        assert_eq!(of("2026-12-20T01:00:00Z"), "2026-12-01");
        assert_eq!(of("2027-01-01T01:00:00Z"), "2026-12-01");
    }

    #[test]
    fn a_service_rises_by_the_factor_and_by_the_margin() {
        let probe = Cost { factor: 1.5, margin: 1.0 };
        let before = month("2026-10-01", &[("EC2", 8.0), ("S3", 0.1), ("Tax", 1.0)]);
        let now = month("2026-11-01", &[("EC2", 13.0), ("S3", 0.4), ("Tax", 1.4), ("RDS", 3.0), ("Free", 0.0)]);
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let evidence = seen(String::new(), &probe, &now, Some(&before), first);
        let rising = evidence.of("rising").next().unwrap();
        assert_eq!(rising.lines, ["EC2 $8.00 → $13.00", "RDS $0.00 → $3.00"]);
        assert_eq!(evidence.of("service").count(), 4);
        assert_eq!(evidence.of("month").next().unwrap().value.to_string(), "$17.80");
        // Without a month before, nothing is known of a rise.
        let alone = seen(String::new(), &probe, &now, None, first);
        assert_eq!((alone.of("rising").count(), alone.unread.len()), (0, 1));
    }
}
