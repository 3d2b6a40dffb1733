//! What the account cost, by month and service. Each question costs a cent: whoever asks keeps the answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::request::{Ask, Service};
use super::{Aws, AwsError};

/// The cost of some months, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// The months.
    pub months: Vec<Month>,
}

/// The cost of one month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// Its first day: `2026-11-01`.
    pub begins: String,
    /// Dollars by service.
    pub services: BTreeMap<String, f64>,
}

impl Month {
    /// All of it, in dollars.
    pub fn total(&self) -> f64 {
        self.services.values().sum()
    }
}

/// The most pages that are asked for: each costs a cent.
const MOST_PAGES: usize = 5;

impl Aws {
    /// The cost from the day `start` until the day `end`, which is no part of it, by month and service.
    ///
    /// # Errors
    /// [`AwsError`].
    pub async fn costs(&self, start: &str, end: &str) -> Result<Costs, AwsError> {
        // Cost Explorer lives in one region only, whatever the account's own.
        let service = Service { name: "ce", region: Some("us-east-1"), action: "ce:GetCostAndUsage" };
        let mut costs = Costs { months: Vec::new() };
        let mut page: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut body = json!({
                "TimePeriod": { "Start": start, "End": end },
                "Granularity": "MONTHLY",
                "Metrics": ["UnblendedCost"],
                "GroupBy": [{ "Type": "DIMENSION", "Key": "SERVICE" }],
            });
            if let (Some(token), Some(object)) = (&page, body.as_object_mut()) {
                object.insert("NextPageToken".to_owned(), json!(token));
            }
            let ask = Ask::Json("AWSInsightsIndexService.GetCostAndUsage", body.to_string());
            let answer = self.ask(&service, ask).await?;
            let answer: Json = serde_json::from_str(&answer).map_err(|error| AwsError::Garbled(error.to_string()))?;
            take(&mut costs, &answer)?;
            page = answer.get("NextPageToken").and_then(Json::as_str).map(str::to_owned);
            if page.is_none() {
                break;
            }
        }
        costs.months.sort_by(|one, other| one.begins.cmp(&other.begins));
        Ok(costs)
    }
}

/// Adds the months of one page. Amounts come as texts.
fn take(costs: &mut Costs, answer: &Json) -> Result<(), AwsError> {
    let garbled = |what: &str| AwsError::Garbled(format!("no {what}"));
    let months = answer.get("ResultsByTime").and_then(Json::as_array).ok_or_else(|| garbled("ResultsByTime"))?;
    for month in months {
        let begins = month.pointer("/TimePeriod/Start").and_then(Json::as_str).ok_or_else(|| garbled("Start"))?;
        let place = costs.months.iter().position(|known| known.begins == begins);
        let place = place.unwrap_or_else(|| {
            costs.months.push(Month { begins: begins.to_owned(), services: BTreeMap::new() });
            costs.months.len() - 1
        });
        for group in month.get("Groups").and_then(Json::as_array).into_iter().flatten() {
            let name = group.pointer("/Keys/0").and_then(Json::as_str).ok_or_else(|| garbled("Keys"))?;
            let amount = group.pointer("/Metrics/UnblendedCost/Amount").and_then(Json::as_str);
            let amount: f64 = amount.and_then(|amount| amount.parse().ok()).ok_or_else(|| garbled("Amount"))?;
            if let Some(month) = costs.months.get_mut(place) {
                *month.services.entry(name.to_owned()).or_default() += amount;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_texts_and_pages_add_up() {
        let page = |name: &str, amount: &str| {
            json!({ "ResultsByTime": [{ "TimePeriod": { "Start": "2026-10-01", "End": "2026-11-01" },
                "Groups": [{ "Keys": [name], "Metrics": { "UnblendedCost": { "Amount": amount, "Unit": "USD" } } }] }] })
        };
        let mut costs = Costs { months: Vec::new() };
        take(&mut costs, &page("Amazon EC2", "8.5")).unwrap();
        take(&mut costs, &page("Amazon S3", "0.25")).unwrap();
        assert_eq!((costs.months.len(), costs.months[0].total()), (1, 8.75));
        assert!(take(&mut costs, &page("Amazon S3", "a lot")).is_err());
        assert!(take(&mut costs, &json!({})).is_err());
    }
}
