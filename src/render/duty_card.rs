//! What is due and whose turn it is, as cards.

use chrono::{DateTime, NaiveDate, Utc};

use super::card::Card;
use super::report_card::colour;
use crate::domain::duty::{Occurrence, OccurrenceState};
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::rota::{OnDuty, Span, Why};
use crate::text::{say, word};

/// The most lines of the digest; what is older than those is counted.
const LINES: usize = 20;

/// What a reminder says above the result: who, since when, and how it stands.
pub fn reminder(occurrence: &Occurrence, late: bool, language: Language) -> String {
    let mut lines = Vec::new();
    if occurrence.done_at.is_some() {
        lines.push(word("duty-is-done", language));
    }
    if occurrence.people.is_empty() {
        lines.push(word("duty-card-nobody", language));
    } else {
        lines.push(say(&Message::new("duty-card-who").with("who", mentions(&occurrence.people)), language));
    }
    let due = Message::new(if late { "duty-card-late" } else { "duty-card-due" })
        .with("due", moment(occurrence.due.at))
        .with("day", occurrence.due.named.to_string());
    lines.push(say(&due, language));
    if occurrence.due.named != occurrence.due.day {
        let moved = Message::new("duty-card-moved").with("day", occurrence.due.named.to_string());
        lines.push(say(&moved, language));
    }
    lines.join("\n")
}

/// A reminder without a result.
pub fn bare_reminder(occurrence: &Occurrence, title: &Localised, late: bool, language: Language) -> Card {
    Card {
        title: say(&Message::new("duty-card-title").with("title", title.get(language)), language),
        description: reminder(occurrence, late, language),
        colour: colour(if occurrence.done_at.is_some() { Grade::Pass } else { Grade::Manual }),
        ..Card::default()
    }
}

/// That nobody has signed yet; `guild` makes the link to the reminder.
pub fn nudge(occurrence: &Occurrence, title: &Localised, says: &Message, guild: u64, language: Language) -> Card {
    let mut description = say(says, language);
    if let Some(place) = occurrence.place {
        let link = format!("https://discord.com/channels/{guild}/{}/{}", place.channel, place.message);
        description.push('\n');
        description.push_str(&say(&Message::new("duty-card-link").with("link", link), language));
    }
    Card {
        title: say(&Message::new("duty-card-overdue").with("title", title.get(language)), language),
        description,
        colour: colour(Grade::Warn),
        ..Card::default()
    }
}

/// What was not posted in time.
pub fn missed(says: &Message, language: Language) -> Card {
    Card {
        title: word("duty-card-missed", language),
        description: say(says, language),
        colour: colour(Grade::Warn),
        ..Card::default()
    }
}

/// What nobody has signed, the oldest first.
pub fn digest(lines: &[(&Occurrence, &Localised)], language: Language) -> Card {
    let line = |(occurrence, title): &(&Occurrence, &Localised)| {
        let key = if occurrence.state == OccurrenceState::Posted { "duty-digest-line" } else { "duty-digest-missed" };
        let line = Message::new(key)
            .with("title", title.get(language))
            .with("due", moment(occurrence.due.at))
            .with("who", mentions(&occurrence.people));
        say(&line, language)
    };
    let older = lines.len().saturating_sub(LINES);
    let mut shown = Vec::new();
    if older > 0 {
        shown.push(say(&Message::new("duty-digest-older").with("count", older.to_string()), language));
    }
    shown.extend(lines.iter().skip(older).map(line));
    if shown.is_empty() {
        shown.push(word("duty-digest-none", language));
    }
    let title = Message::new("duty-digest").with("count", lines.len().to_string());
    let grade = if lines.is_empty() { Grade::Pass } else { Grade::Warn };
    Card { title: say(&title, language), description: shown.join("\n"), colour: colour(grade), ..Card::default() }
}

/// Whose turn it is, of one checklist: a heading and its lines.
pub fn rota(
    title: &Localised,
    now: &OnDuty,
    next: Option<DateTime<Utc>>,
    spans: &[(Span, OnDuty)],
    language: Language,
) -> (String, String) {
    let mut lines = vec![say(&Message::new("duty-rota-now").with("who", on(now, language)), language)];
    if let Some(next) = next {
        lines.push(say(&Message::new("duty-rota-next").with("due", moment(next)), language));
    }
    let span = |(span, on_duty): &(Span, OnDuty)| {
        let days =
            if span.from == span.to { short(span.from) } else { format!("{} ~ {}", short(span.from), short(span.to)) };
        format!("`{days}` {}", on(on_duty, language))
    };
    lines.extend(spans.iter().map(span));
    (title.get(language).to_owned(), lines.join("\n"))
}

/// `12/24`, as the team's own templates write days.
fn short(day: NaiveDate) -> String {
    day.format("%m/%d").to_string()
}

fn on(on: &OnDuty, language: Language) -> String {
    if on.people.is_empty() {
        return word("duty-rota-nobody", language);
    }
    let who = mentions(&on.people);
    match &on.why {
        Why::Turn => who,
        Why::Arranged(_) => say(&Message::new("duty-rota-arranged").with("who", who), language),
        Why::StepsIn(instead) => {
            let message = Message::new("duty-rota-steps-in").with("who", who);
            say(&message.with("instead", mentions(instead)), language)
        }
    }
}

fn moment(at: DateTime<Utc>) -> String {
    format!("<t:{}:f>", at.timestamp())
}

/// People as Discord shows them; in an embed nobody hears of it.
fn mentions(people: &[u64]) -> String {
    people.iter().map(|person| format!("<@{person}>")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::duty::OccurrenceId;
    use crate::domain::run::MessagePlace;
    use crate::domain::schedule::Due;

    fn occurrence(day: &str, named: &str) -> Occurrence {
        Occurrence {
            id: OccurrenceId(1),
            checklist: "weekly".to_owned(),
            host: "gear-freak".to_owned(),
            due: Due {
                at: format!("{day}T01:00:00Z").parse().unwrap(),
                day: day.parse().unwrap(),
                named: named.parse().unwrap(),
            },
            state: OccurrenceState::Posted,
            run: None,
            place: Some(MessagePlace { channel: 2, message: 3 }),
            posted_at: None,
            done_at: None,
            people: vec![7, 8],
        }
    }

    fn weekly() -> Localised {
        Localised { ko: "주간 체크".to_owned(), en: "Weekly check".to_owned() }
    }

    #[test]
    fn a_reminder_says_who_and_when_and_where_it_was_moved_from() {
        let text = reminder(&occurrence("2027-02-10", "2027-02-08"), true, Language::En);
        for part in ["<@7> <@8>", "<t:1802221200:f>", "2027-02-08", "late"] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        let nobody = Occurrence { people: Vec::new(), ..occurrence("2027-02-08", "2027-02-08") };
        let text = reminder(&nobody, false, Language::Ko);
        assert!(text.contains("담당자가 없습니다") && !text.contains("2027"), "{text}");
    }

    #[test]
    fn a_long_digest_counts_what_it_leaves_out() {
        let (one, title) = (occurrence("2027-02-08", "2027-02-08"), weekly());
        let lines: Vec<_> = (0..25).map(|_| (&one, &title)).collect();
        let card = digest(&lines, Language::Ko);
        assert!(card.title.contains("25") && card.description.contains('5'), "{card:?}");
        assert_eq!(card.description.lines().count(), LINES + 1);
        assert!(digest(&[], Language::Ko).description.contains("없습니다"));
    }

    #[test]
    fn a_rota_says_how_somebody_came_to_be_on() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let span = Span { from: day("2026-11-30"), to: day("2026-12-06") };
        let steps_in = OnDuty { people: vec![8], why: Why::StepsIn(vec![7]) };
        let nobody = OnDuty { people: Vec::new(), why: Why::Turn };
        let (name, text) = rota(&weekly(), &nobody, None, &[(span, steps_in)], Language::Ko);
        assert_eq!(name, "주간 체크");
        assert!(text.contains("`11/30 ~ 12/06` <@8>") && text.contains("<@7>"), "{text}");
    }
}
