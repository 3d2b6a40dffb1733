//! Looking back, as Discord has it: `/trend`, `/history`, `/report`, and `/help`.

use serenity::all::{AutocompleteChoice, CommandOptionType, CreateCommand, CreateCommandOption};

use super::asked::{Asked, Typing};
use super::hosts::{self, Meant};
use super::register;
use crate::commands::Commands;
use crate::config::Config;
use crate::domain::help::{Asked as HelpAsked, Help};
use crate::domain::message::{Language, Localised, Message};
use crate::domain::period::Period;
use crate::domain::trend::SPANS;
use crate::render::card::{Button, Card, File, Style, cut};
use crate::render::trend_card::{self, About};
use crate::render::{help_card, history_card, record_card};
use crate::service::{Chat, ChatError, PastView, Person, RecordAsked, Service, TrendAsked, TrendOf};
use crate::text::{say, word};

/// The most choices that Discord shows to somebody who types, and the characters of one: its API documentation,
/// "Autocomplete" and "Option Choice Structure".
const MOST_OFFERED: usize = 25;
const CHOICE: usize = 100;

/// The longest custom id.
const LONGEST_ID: usize = 100;

/// What somebody wants to look back on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PastIntent {
    /// How a measure went.
    Trend(TrendAsked),
    /// A month of a checklist at a glance.
    History(RecordAsked),
    /// The record of a month.
    Report(RecordAsked),
    /// What can be asked.
    Help,
}

/// The slash commands.
pub(super) fn commands(commands: &Commands, config: &Config) -> Vec<CreateCommand> {
    let check = option(CommandOptionType::String, "check", "option-check").required(true).set_autocomplete(true);
    let days = SPANS.iter().fold(option(CommandOptionType::Integer, "days", "option-days"), |option, days| {
        let label = |language| say(&Message::new("button-days").with("days", days.to_string()), language);
        let number = i32::try_from(*days).unwrap_or(i32::MAX);
        option.add_int_choice_localized(label(Language::En), number, [("ko", label(Language::Ko))])
    });
    let trend = command("trend", "command-trend-name", "command-trend").add_option(check).add_option(days);
    let period = || option(CommandOptionType::String, "period", "option-period");
    let signed = commands.checklists.values().filter(|checklist| checklist.signed.is_some()).take(MOST_OFFERED);
    let checklist = signed.fold(
        option(CommandOptionType::String, "checklist", "option-past-checklist").required(true),
        |option, checklist| {
            option.add_string_choice_localized(&checklist.title.en, &checklist.id, [("ko", &checklist.title.ko)])
        },
    );
    let history = command("history", "command-history-name", "command-history").add_option(checklist);
    let report = command("report", "command-report-name", "command-report");
    vec![
        hosts::with(trend, config, Meant::One),
        hosts::with(history.add_option(period()), config, Meant::Several),
        hosts::with(report.add_option(period()), config, Meant::Several),
        command("help", "command-help-name", "command-help"),
    ]
}

fn command(name: &str, name_ko: &'static str, description: &'static str) -> CreateCommand {
    CreateCommand::new(name)
        .name_localized("ko", word(name_ko, Language::Ko))
        .description(word(description, Language::En))
        .description_localized("ko", word(description, Language::Ko))
}

fn option(kind: CommandOptionType, name: &str, description: &'static str) -> CreateCommandOption {
    CreateCommandOption::new(kind, name, word(description, Language::En))
        .description_localized("ko", word(description, Language::Ko))
}

/// Whether the command `name` looks back on as many hosts as somebody likes.
pub(super) fn looks_at_several(name: &str) -> bool {
    matches!(name, "history" | "report")
}

/// What a slash command asks; none: it is none of these.
pub(super) fn of_command(asked: &Asked) -> Option<PastIntent> {
    let host = asked.text("host").map(str::to_owned);
    match asked.command.as_str() {
        "trend" => Some(PastIntent::Trend(TrendAsked {
            what: asked.text("check").unwrap_or_default().to_owned(),
            days: asked.number("days").and_then(|days| u32::try_from(days).ok()),
            host,
        })),
        "history" => Some(PastIntent::History(RecordAsked {
            checklist: asked.text("checklist").map(str::to_owned),
            period: asked.text("period").map(str::to_owned),
            host,
        })),
        "report" => {
            let period = asked.text("period").map(str::to_owned);
            Some(PastIntent::Report(RecordAsked { checklist: None, period, host }))
        }
        "help" => Some(PastIntent::Help),
        _ => None,
    }
}

/// What a button asks; none: it is none of these. Nothing in it is trusted: who pressed it is asked anew.
pub(super) fn of_component(id: &str) -> Option<PastIntent> {
    let parts: Vec<_> = id.strip_prefix("past:")?.split(':').collect();
    match parts.as_slice() {
        ["trend", days, host, what] => Some(PastIntent::Trend(TrendAsked {
            what: (*what).to_owned(),
            days: Some(days.parse().ok()?),
            host: Some((*host).to_owned()),
        })),
        // A tag has a colon of its own.
        ["history", period, host @ .., checklist] if !host.is_empty() => Some(PastIntent::History(RecordAsked {
            checklist: Some((*checklist).to_owned()),
            period: Some((*period).to_owned()),
            host: Some(host.join(":")),
        })),
        _ => None,
    }
}

/// What could be meant by what somebody types; none: it is no option of these commands.
pub(super) fn offer(
    service: &Service,
    asked: &Asked,
    typing: &Typing,
    person: &Person,
) -> Option<Vec<AutocompleteChoice>> {
    match (asked.command.as_str(), typing.option.as_str()) {
        ("trend", "check") => {
            let found = service.measures_like(&typing.so_far, person).into_iter();
            let fit = found.filter(|(_, key)| key.chars().count() <= CHOICE);
            Some(fit.take(MOST_OFFERED).map(|(label, key)| AutocompleteChoice::new(cut(&label, CHOICE), key)).collect())
        }
        _ => None,
    }
}

pub(super) async fn answer(service: &Service, intent: PastIntent, chat: &impl Chat) -> Result<(), ChatError> {
    match intent {
        PastIntent::Trend(asked) => service.answer_trend(&asked, chat).await,
        PastIntent::History(asked) => service.answer_history(&asked, chat).await,
        PastIntent::Report(asked) => service.answer_report(&asked, chat).await,
        PastIntent::Help => service.answer_help(help(service), chat).await,
    }
}

/// Every slash command, as it is registered.
fn help(service: &Service) -> Help {
    let commands = service.commands();
    let asked = |command: CreateCommand| {
        let json = serde_json::to_value(command).ok()?;
        let text = |key: &str, language: &str| {
            let own = json.get(key)?.as_str()?;
            let localised = json.get(format!("{key}_localizations")).and_then(|all| all.get(language)?.as_str());
            Some(localised.unwrap_or(own).to_owned())
        };
        let both = |key| Some(Localised { ko: text(key, "ko")?, en: text(key, "en")? });
        let name = both("name")?;
        let looks = commands.checklists.contains_key(&name.en);
        Some(HelpAsked { name, does: both("description")?, looks })
    };
    Help(register::wanted(service).into_iter().filter_map(asked).collect())
}

/// A view as a card.
pub(super) fn card(view: &PastView, language: Language) -> Card {
    match view {
        PastView::Trend { of, trend, check, host, picture } => {
            let about = About { check, host, days: of.days };
            let mut card = trend_card::card(trend, about, language);
            card.buttons = SPANS.into_iter().filter_map(|days| span_button(of, days, language)).collect();
            if !picture.is_empty() {
                let name = format!("{}-{}-{}-{}d.png", of.command, of.check, of.measure, of.days);
                card.file = Some(File { name, content: picture.to_vec() });
                card.alt = trend_card::alt(trend, about, language);
            }
            card
        }
        PastView::History { lists, of, month, now, zone } => {
            let mut card = history_card::card(lists, *month, *zone, language);
            let before = month.previous();
            let after = Some(month.next()).filter(|after| after <= now);
            let months = [Some(before), after].into_iter().flatten();
            card.buttons = months.filter_map(|month| month_button(of, month, language)).collect();
            card
        }
        PastView::Report { forms, left_out, period, zone } => {
            record_card::card(forms, left_out, *period, *zone, language)
        }
        PastView::Help(help) => help_card::card(help, language),
    }
}

/// The button to another month.
fn month_button((checklist, host): &(String, String), month: Period, language: Language) -> Option<Button> {
    let id = format!("past:history:{}:{host}:{checklist}", record_card::name_of(month));
    let label = say(&month.message(), language);
    (id.chars().count() <= LONGEST_ID).then(|| Button { id, label, ..Button::default() })
}

/// The button to another span; the one that is shown is there to be read. None where the names are too long for an id.
fn span_button(of: &TrendOf, days: u32, language: Language) -> Option<Button> {
    let id = format!("past:trend:{days}:{}:{}/{}/{}", of.host, of.command, of.check, of.measure);
    let shown = days == of.days;
    (id.chars().count() <= LONGEST_ID).then(|| Button {
        id,
        label: say(&Message::new("button-days").with("days", days.to_string()), language),
        style: if shown { Style::Primary } else { Style::Secondary },
        dead: shown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_asks_for_what_it_was_made_of() {
        let of = TrendOf {
            command: "daily".to_owned(),
            check: "disk".to_owned(),
            measure: "used".to_owned(),
            host: "gear-freak".to_owned(),
            days: 30,
        };
        let buttons: Vec<_> = SPANS.iter().filter_map(|days| span_button(&of, *days, Language::Ko)).collect();
        assert_eq!(buttons.iter().map(|button| button.dead).collect::<Vec<_>>(), [false, true, false]);
        let asked =
            TrendAsked { what: "daily/disk/used".to_owned(), days: Some(7), host: Some("gear-freak".to_owned()) };
        assert_eq!(of_component(&buttons[0].id), Some(PastIntent::Trend(asked)));
        let long = TrendOf { check: "x".repeat(64), host: "y".repeat(40), ..of };
        assert_eq!(span_button(&long, 7, Language::Ko), None);
    }

    #[test]
    fn a_month_is_asked_for_on_the_same_hosts() {
        let month = Period::parse("2026-11").unwrap();
        for host in ["gear-freak", "all", "tag:web"] {
            let button = month_button(&("daily".to_owned(), host.to_owned()), month, Language::Ko).unwrap();
            let asked = RecordAsked {
                checklist: Some("daily".to_owned()),
                period: Some("2026-11".to_owned()),
                host: Some(host.to_owned()),
            };
            assert_eq!(of_component(&button.id), Some(PastIntent::History(asked)), "{host}");
        }
    }

    #[test]
    fn what_was_forged_is_nothing() {
        for forged in [
            "",
            "past:history:2026-11:daily",
            "past:",
            "past:trend",
            "past:trend:x:h:w",
            "past:trend:-7:h:w",
            "details:1",
            "past:drop:1",
        ] {
            assert_eq!(of_component(forged), None, "{forged}");
        }
    }
}
