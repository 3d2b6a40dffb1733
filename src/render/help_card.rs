//! `/help`: what can be asked, by what one wants.

use super::card::Card;
use super::report_card::colour;
use crate::domain::grade::Grade;
use crate::domain::help::{Help, Wish};
use crate::domain::message::Language;
use crate::text::word;

/// The commands, in short.
pub fn card(help: &Help, language: Language) -> Card {
    let fields = Wish::ALL.into_iter().filter_map(|wish| {
        let lines =
            help.of(wish).map(|command| format!("`/{}` {}", command.name.get(language), command.does.get(language)));
        let lines: Vec<_> = lines.collect();
        (!lines.is_empty()).then(|| (word(heading(wish), language), lines.join("\n")))
    });
    Card {
        title: word("help-title", language),
        description: word("help-how", language),
        colour: colour(Grade::Manual),
        fields: fields.collect(),
        footer: word("help-more", language),
        ..Card::default()
    }
}

const fn heading(wish: Wish) -> &'static str {
    match wish {
        Wish::Look => "help-look",
        Wish::Sign => "help-sign",
        Wish::Turn => "help-turn",
        Wish::Past => "help-past",
        Wish::Act => "help-act",
        Wish::Other => "help-other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::help::Asked;
    use crate::domain::message::Localised;

    #[test]
    fn each_command_stands_once_below_what_one_wants() {
        let asked = |name: &str, ko: &str| Asked {
            name: Localised { ko: ko.to_owned(), en: name.to_owned() },
            does: Localised { ko: "함".to_owned(), en: "does".to_owned() },
            looks: name == "daily",
        };
        let help = Help(vec![
            asked("daily", "일일체크"),
            asked("trend", "추세"),
            asked("restart", "restart"),
            asked("me", "me"),
        ]);
        let card = card(&help, Language::Ko).within_limits();
        let headings: Vec<_> = card.fields.iter().map(|(heading, _)| heading.as_str()).collect();
        assert_eq!(headings.len(), 4, "{headings:?}");
        assert!(card.fields[0].1.contains("`/일일체크` 함"), "{:?}", card.fields);
        let all: String = card.fields.iter().map(|(_, lines)| lines.as_str()).collect();
        assert_eq!(all.matches("`/").count(), 4);
    }
}
