//! An alert as a card: what is wrong, since when, and what to do about it.

use super::card::Card;
use super::report_card::colour;
use crate::domain::alert::{IN_A_ROW, KeptAlert};
use crate::domain::condition::Condition;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::quantity::Quantity;
use crate::text::{self, say};

/// The alert as it stands; `now` decides whether it is muted.
pub fn card(alert: &KeptAlert, host: &Localised, now: chrono::DateTime<chrono::Utc>, language: Language) -> Card {
    let mut lines = Vec::new();
    match alert.ended_at {
        Some(ended) => {
            let span = Quantity::seconds((ended - alert.begun_at).as_seconds_f64());
            let over = Message::new("alert-span")
                .with("from", format!("<t:{}:f>", alert.begun_at.timestamp()))
                .with("to", format!("<t:{}:t>", ended.timestamp()));
            lines.push(say(&over.with("span", span), language));
        }
        None => {
            let since = Message::new("alert-since")
                .with("time", format!("<t:{}:t>", alert.begun_at.timestamp()))
                .with("times", IN_A_ROW.to_string());
            lines.push(say(&since, language));
        }
    }
    if let Some(values) = values(alert, language) {
        let wanted = Condition::parse(&alert.threshold).map_or_else(|_| alert.threshold.clone(), |one| one.wanted());
        let told = Message::new("alert-values").with("values", values).with("wanted", wanted);
        lines.push(say(&told, language));
    }
    if alert.ended_at.is_none() {
        lines.push(format!("💡 {}", say(&of(alert, "alert-do"), language)));
        if let Some(until) = alert.muted_until.filter(|until| *until > now) {
            let muted = Message::new("alert-muted").with("until", format!("<t:{}:f>", until.timestamp()));
            lines.push(say(&muted, language));
        }
    }
    Card {
        title: title(alert, host, language),
        footer: alert.id.mark(),
        description: lines.join("\n"),
        colour: colour(if alert.ended_at.is_some() { Grade::Pass } else { Grade::Fail }),
        ..Card::default()
    }
}

/// `🚨 API 응답 없음 · Gear Freak 운영 서버`.
pub fn title(alert: &KeptAlert, host: &Localised, language: Language) -> String {
    let key = if alert.ended_at.is_some() { "alert-over" } else { "alert-open" };
    say(&Message::new(key).with("what", of(alert, "alert-what")).with("host", host.get(language)), language)
}

fn of(alert: &KeptAlert, key: &'static str) -> Message {
    Message::new(key).with("vital", alert.series.vital.name()).with("subject", alert.series.subject.as_str())
}

/// The bad values; nothing of what is only there or not.
fn values(alert: &KeptAlert, language: Language) -> Option<String> {
    use crate::domain::vital::Vital;
    if matches!(alert.series.vital, Vital::Host | Vital::Site) {
        return None;
    }
    let values = alert.seen.iter().map(|value| text::quantity(alert.series.vital.quantity(*value), language));
    Some(values.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::alert::{AlertId, Owed};
    use crate::domain::vital::{Series, Vital};

    fn alert(vital: Vital, subject: &str) -> KeptAlert {
        KeptAlert {
            id: AlertId(1),
            host: "gear-freak".to_owned(),
            series: Series { vital, subject: subject.to_owned() },
            begun_at: DateTime::from_timestamp(1_795_392_000, 0).unwrap(),
            seen: vec![90.0, 91.0, 92.5],
            threshold: ">= 80 %".to_owned(),
            ended_at: None,
            place: None,
            muted_until: None,
            owed: Owed::default(),
        }
    }

    #[test]
    fn an_alert_says_what_since_when_and_what_to_do() {
        let host = Localised { ko: "운영 서버".to_owned(), en: "production".to_owned() };
        let now = DateTime::from_timestamp(1_795_392_100, 0).unwrap();
        let mut alert = alert(Vital::Disk, "/");
        let shown = card(&alert, &host, now, Language::En);
        assert_eq!(shown.title, "🚨 High use of disk / · production");
        let since = "since <t:1795392000:t>, 3 times in a row";
        assert!(shown.description.starts_with(&format!("{since}\n90.0 %, 91.0 %, 92.5 % (threshold < 80 %)\n💡 ")));
        alert.ended_at = DateTime::from_timestamp(1_795_393_800, 0);
        let over = card(&alert, &host, now, Language::Ko);
        assert_eq!(over.title, "✅ 회복 · 디스크 / 사용률 높음 · 운영 서버");
        assert!(over.description.contains("30분") && !over.description.contains("💡"), "{}", over.description);
    }

    #[test]
    fn every_vital_has_its_words() {
        for vital in Vital::ALL {
            for language in Language::ALL {
                let shown = card(&alert(vital, ""), &Localised::default(), DateTime::UNIX_EPOCH, language);
                let text = [shown.title, shown.description].join("\n");
                assert!(!text.contains("alert-") && !text.contains("other"), "{text}");
            }
        }
    }
}
