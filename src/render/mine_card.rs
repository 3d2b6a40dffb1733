//! What is somebody's, as a card.

use super::card::Card;
use super::finding_card;
use super::markdown::plain;
use super::report_card::colour;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::mine::{Mine, ToDecide, ToSign};
use crate::domain::run::MessagePlace;
use crate::text::{say, word};

/// The card.
pub fn card(mine: &Mine, guild: u64, language: Language) -> Card {
    let Mine { to_sign, findings, to_decide, today } = mine;
    let nothing = |lines: Vec<String>, key| if lines.is_empty() { word(key, language) } else { lines.join("\n") };
    let due: Vec<String> = to_sign.iter().map(|due| due_line(due, language)).collect();
    let open: Vec<String> = findings.iter().map(|finding| finding_card::line(finding, *today, language)).collect();
    let decide: Vec<String> = to_decide.iter().map(|request| decide_line(request, guild, language)).collect();
    Card {
        title: word("mine-title", language),
        colour: colour(if due.is_empty() && open.is_empty() && decide.is_empty() {
            Grade::Pass
        } else {
            Grade::Manual
        }),
        fields: vec![
            (word("mine-to-sign", language), nothing(due, "mine-nothing-to-sign")),
            (word("mine-findings", language), nothing(open, "findings-none")),
            (word("mine-to-decide", language), nothing(decide, "mine-nothing-to-sign")),
        ],
        ..Card::default()
    }
}

fn decide_line(request: &ToDecide, guild: u64, language: Language) -> String {
    let what: Vec<&str> =
        [request.title.get(language)].into_iter().chain(request.chosen.iter().map(String::as_str)).collect();
    let heading = Message::new("report-heading")
        .with("title", plain(&what.join(" ")))
        .with("host", plain(request.host_title.get(language)));
    let line = Message::new("mine-request")
        .with("request", request.request.to_string())
        .with("what", heading)
        .with("person", plain(&request.requester))
        .with("at", format!("<t:{}:R>", request.expires_at.timestamp()));
    let line = say(&line, language);
    match request.place {
        Some(MessagePlace { channel, message }) => {
            format!("{line} https://discord.com/channels/{guild}/{channel}/{message}")
        }
        None => line,
    }
}

fn due_line(due: &ToSign, language: Language) -> String {
    let heading = Message::new("report-heading")
        .with("title", plain(due.title.get(language)))
        .with("host", plain(due.host_title.get(language)));
    let state = match due {
        ToSign { run: None, .. } => Message::new("mine-not-run"),
        ToSign { again: true, .. } => Message::new("mine-again"),
        ToSign { begun: true, .. } => Message::new("mine-begun"),
        ToSign { run: Some(run), .. } => Message::new("mine-run").with("run", run.to_string()),
    };
    format!("{} · {} · {}", say(&heading, language), say(&due.period.message(), language), say(&state, language))
}
