//! Many hosts side by side, as Discord has them: the card with its choice of a host, and the way back from it. Pure.

use super::custom_id::NotOurs;
use super::embed;
use crate::domain::audit::Head;
use crate::domain::matrix::{Column, Matrix};
use crate::domain::message::Language;
use crate::domain::run::RunId;
use crate::render::card::{Button, Card, Choice, Choosable, Choosing};
use crate::render::line::{mark, tally};
use crate::render::matrix_card;
use crate::text::{say, word};

/// What comes back from the choice of a host.
const CHOICE: &str = "matrix:host";
/// What stands before the command and the hosts in what the button brings back.
const AGAIN: &str = "matrix:again:";

/// What somebody wants of several hosts side by side. Nothing in it is trusted: who asks is asked anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MatrixIntent {
    /// The same once more.
    Again {
        /// The command.
        command: String,
        /// Which hosts.
        target: String,
    },
    /// One of the hosts.
    One(RunId),
}

/// What a button or a choice asks; none: it is neither of these.
pub(super) fn of_component(id: &str, chosen: Option<&str>) -> Option<MatrixIntent> {
    if id == CHOICE {
        let run = chosen?.parse().map(RunId).map_err(|_| NotOurs).ok()?;
        return Some(MatrixIntent::One(run));
    }
    let (command, target) = id.strip_prefix(AGAIN)?.split_once(':')?;
    Some(MatrixIntent::Again { command: command.to_owned(), target: target.to_owned() })
}

/// The card, with what can be done about it once every host is there.
pub(super) fn card(matrix: &Matrix, head: Option<&Head>, language: Language) -> Card {
    let footer = head.map(|head| say(&embed::witness(*head), language)).unwrap_or_default();
    let mut card = matrix_card::card(matrix, footer, language);
    if !matrix.is_over() {
        return card;
    }
    // The hosts that a person must look at come first: of more than a choice can hold, the well ones are left out.
    let columns = matrix.worst_first().into_iter().filter_map(|place| matrix.columns.get(place));
    let options: Vec<_> = columns.filter_map(|column| option(column, language)).collect();
    card.choices = vec![Choice {
        id: CHOICE.to_owned(),
        placeholder: word("matrix-choose", language),
        of: Choosing::Options(options),
    }];
    card.buttons = vec![Button {
        id: format!("{AGAIN}{}:{}", matrix.command, matrix.target),
        label: word("button-again", language),
        ..Button::default()
    }];
    card
}

fn option(column: &Column, language: Language) -> Option<Choosable> {
    Some(Choosable {
        value: column.run?.0.to_string(),
        label: column.report.host_title.get(language).to_owned(),
        description: tally(&column.report.tally(), language),
        emoji: mark(column.grade()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_what_was_forged_is_nothing() {
        let again = MatrixIntent::Again { command: "daily".to_owned(), target: "tag:web".to_owned() };
        assert_eq!(of_component("matrix:again:daily:tag:web", None), Some(again));
        assert_eq!(of_component("matrix:host", Some("7")), Some(MatrixIntent::One(RunId(7))));
        for (id, chosen) in
            [("matrix:host", None), ("matrix:host", Some("x")), ("matrix:again:daily", None), ("", None)]
        {
            assert_eq!(of_component(id, chosen), None, "{id}");
        }
    }
}
