//! Signing in Discord: what its buttons, selects and forms bring back, and how its views look.

use std::collections::BTreeMap;
use std::fmt;

use super::finding::write_button;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::domain::mine::{Mine, ToSign};
use crate::domain::report::ReportedCheck;
use crate::domain::run::RunId;
use crate::domain::signoff::SignOffId;
use crate::domain::signoff::draft::{Attested, Memo, Need, asks};
use crate::domain::waiver::{Waived, WaiverId};
use crate::render::card::{Button, Card, Choice, Choosable, Choosing, FormCard, Input, Style};
use crate::render::line::{mark, values};
use crate::render::mine_card;
use crate::render::sign_card::{self, Shown, attested_name, finding_name, memo_name};
use crate::service::{SignForm, SignStep, SignView, Spot, Walk};
use crate::text::{say, word};

/// The inputs of the forms.
const TEXT: &str = "text";
const UNTIL: &str = "until";
/// The most characters of a waiver's end: `2026-12-01 09:00`, and room to err.
const UNTIL_LENGTH: u16 = 40;

/// What was used, or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SignId {
    /// Begins, goes on, or looks.
    Open(RunId),
    /// The choice of what to sign.
    Pick,
    /// The choice of a check.
    Item(RunId),
    /// What a person saw.
    Attest(Attested, RunId, String),
    /// The finding that is open says it.
    Link(RunId, String),
    /// A note: the button, and the form.
    Note(RunId, String),
    /// A waiver: the button, and the form.
    Waive(RunId, String),
    /// The texts of the template: the button, and the form.
    Memo(RunId),
    /// Signs.
    Sign(RunId),
    /// Takes a sign-off back: the button, and the form.
    Withdraw(SignOffId),
    /// Ends a waiver: the button, and the form.
    EndWaiver(WaiverId),
}

impl fmt::Display for SignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(run) => write!(f, "sign:open:{}", run.0),
            Self::Pick => f.write_str("sign:pick:0"),
            Self::Item(run) => write!(f, "sign:item:{}", run.0),
            Self::Attest(seen, run, check) => write!(f, "sign:{}:{}:{check}", seen.name(), run.0),
            Self::Link(run, check) => write!(f, "sign:link:{}:{check}", run.0),
            Self::Note(run, check) => write!(f, "sign:note:{}:{check}", run.0),
            Self::Waive(run, check) => write!(f, "sign:waive:{}:{check}", run.0),
            Self::Memo(run) => write!(f, "sign:memo:{}", run.0),
            Self::Sign(run) => write!(f, "sign:sign:{}", run.0),
            Self::Withdraw(sign_off) => write!(f, "sign:withdraw:{}", sign_off.0),
            Self::EndWaiver(waiver) => write!(f, "sign:end:{}", waiver.0),
        }
    }
}

impl SignId {
    /// Reads what came back; none where it is not of signing, or was never made.
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        let (what, number, check) = match parts.as_slice() {
            ["sign", what, number] => (*what, number.parse().ok()?, None),
            ["sign", what, number, check] if !check.is_empty() => {
                (*what, number.parse().ok()?, Some((*check).to_owned()))
            }
            _ => return None,
        };
        let run = RunId(number);
        match (what, check) {
            ("open", None) => Some(Self::Open(run)),
            ("pick", None) => Some(Self::Pick),
            ("item", None) => Some(Self::Item(run)),
            ("memo", None) => Some(Self::Memo(run)),
            ("sign", None) => Some(Self::Sign(run)),
            ("withdraw", None) => Some(Self::Withdraw(SignOffId(number))),
            ("end", None) => Some(Self::EndWaiver(WaiverId(number))),
            ("link", Some(check)) => Some(Self::Link(run, check)),
            ("note", Some(check)) => Some(Self::Note(run, check)),
            ("waive", Some(check)) => Some(Self::Waive(run, check)),
            (seen, Some(check)) => Some(Self::Attest(Attested::named(seen)?, run, check)),
            _ => None,
        }
    }
}

/// What was meant by a button or select.
pub(super) fn of_component(id: &str, chosen: Option<&str>) -> Option<SignStep> {
    Some(match SignId::read(id)? {
        SignId::Open(run) => SignStep::Open(run),
        SignId::Pick => SignStep::Open(RunId(chosen?.parse().ok()?)),
        SignId::Item(run) => SignStep::Item(run, chosen?.to_owned()),
        SignId::Attest(seen, run, check) => SignStep::Attest(run, check, seen),
        SignId::Link(run, check) => SignStep::Link(run, check),
        SignId::Note(run, check) => SignStep::Note(run, check),
        SignId::Waive(run, check) => SignStep::Waive(run, check),
        SignId::Memo(run) => SignStep::Memo(run),
        SignId::Sign(run) => SignStep::Sign(run),
        SignId::Withdraw(sign_off) => SignStep::Withdraw(sign_off),
        SignId::EndWaiver(waiver) => SignStep::EndWaiver(waiver),
    })
}

/// What was written in a form.
pub(super) fn of_form(id: &str, texts: &BTreeMap<String, String>) -> Option<SignStep> {
    let text = |name: &str| texts.get(name).cloned().unwrap_or_default();
    Some(match SignId::read(id)? {
        SignId::Note(run, check) => SignStep::Noted(run, check, text(TEXT)),
        SignId::Waive(run, check) => SignStep::Waived { run, check, reason: text(TEXT), until: text(UNTIL) },
        SignId::Memo(run) => {
            let memos = texts.iter().filter_map(|(name, text)| Some((Memo::named(name)?, text.clone())));
            SignStep::Memos(run, memos.collect())
        }
        SignId::Withdraw(sign_off) => SignStep::Withdrawn(sign_off, text(TEXT)),
        SignId::EndWaiver(waiver) => SignStep::WaiverEnded(waiver, text(TEXT)),
        _ => return None,
    })
}

/// The button below a report: to sign it, or to look at who did.
pub(super) fn button_below(run: RunId, signed: bool, language: Language) -> Button {
    let (label, style) = if signed { ("button-signed", Style::Secondary) } else { ("button-sign", Style::Success) };
    button(SignId::Open(run), word(label, language), style)
}

/// The buttons below what lies behind a check: to take it on, or to end that.
pub(super) fn buttons_of(run: RunId, check: &ReportedCheck, language: Language) -> Vec<Button> {
    let waive = SignId::Waive(run, check.id.clone());
    let waive = check.grade.needs_attention().then(|| button(waive, word("button-waive", language), Style::Secondary));
    let ends =
        |waived: &Waived| button(SignId::EndWaiver(waived.waiver), word("button-waiver-end", language), Style::Danger);
    waive.into_iter().chain(check.waived.as_ref().map(ends)).collect()
}

/// A view of signing.
pub(super) fn card(view: &SignView, language: Language) -> Card {
    match view {
        SignView::Walk(walk) => walk_card(walk, language),
        SignView::Signed { sign_off, title, host_title, note } => {
            let mut card = sign_card::signed(sign_off, (title, host_title), note.as_ref(), language);
            if sign_off.ended.is_none() {
                let id = SignId::Withdraw(sign_off.signature.id);
                card.buttons.push(button(id, word("button-withdraw", language), Style::Danger));
            }
            card
        }
        SignView::WaiverEnds { waiver, title, host_title, over } => {
            sign_card::waiver_ends(waiver, (title, host_title), *over, language)
        }
    }
}

fn walk_card(walk: &Walk, language: Language) -> Card {
    let Walk { run, report, case, draft, item, findings, note } = walk;
    let item = item.as_ref().and_then(|item| report.check(item)).filter(|check| asks(check));
    let shown = Shown { run: *run, report, case, draft, item, note: note.as_ref() };
    let mut card = sign_card::walk(&shown, language);
    let asked: Vec<_> = report.checks().filter(|check| asks(check)).collect();
    if let Some(check) = item {
        let id = || check.id.clone();
        let need = draft.need(check);
        if check.grade == Grade::Manual {
            let seen = |seen: Attested| {
                let style =
                    if draft.attested.get(&check.id) == Some(&seen) { Style::Primary } else { Style::Secondary };
                button(SignId::Attest(seen, *run, id()), attested_name(seen, language), style)
            };
            card.buttons.extend(Attested::ALL.map(seen));
        }
        if check.grade != Grade::Manual || need == Some(Need::Word) {
            if let Some(finding) = findings.get(&check.id) {
                let label = Message::new("button-link").with("finding", finding_name(*finding, language));
                card.buttons.push(button(SignId::Link(*run, id()), say(&label, language), Style::Primary));
            } else {
                let spot = Spot { run: *run, check: id(), signing: true };
                card.buttons.push(write_button(&spot, Style::Primary, language));
            }
            if check.grade.needs_attention() {
                let waive = SignId::Waive(*run, id());
                card.buttons.push(button(waive, word("button-waive", language), Style::Secondary));
            }
            card.buttons.push(button(SignId::Note(*run, id()), word("button-note", language), Style::Secondary));
        }
    }
    if draft.open(report).is_empty() {
        card.buttons.push(button(SignId::Sign(*run), word("button-sign-now", language), Style::Success));
    }
    card.buttons.push(button(SignId::Memo(*run), memo_button(walk, language), Style::Secondary));
    if asked.len() > 1 || (asked.len() == 1 && item.is_none()) {
        let option = |check: &&ReportedCheck| Choosable {
            value: check.id.clone(),
            label: check.title.get(language).to_owned(),
            description: values(check, language),
            emoji: if draft.need(check).is_some() { mark(check.grade) } else { "☑️" },
        };
        // What is open comes first: of more than a select can hold, what was said already is left out.
        let mut options: Vec<_> = asked.iter().collect();
        options.sort_by_key(|check| draft.need(check).is_none());
        card.choices.push(Choice {
            id: SignId::Item(*run).to_string(),
            placeholder: word("sign-placeholder", language),
            of: Choosing::Options(options.into_iter().map(option).collect()),
        });
    }
    card
}

fn memo_button(walk: &Walk, language: Language) -> String {
    let names = Memo::of(walk.case.period.every()).iter().map(|memo| memo_name(*memo, language));
    say(&Message::new("button-memo").with("names", names.collect::<Vec<_>>().join(" · ")), language)
}

/// What somebody who signs is asked to write.
pub(super) fn form(form: &SignForm, language: Language) -> FormCard {
    let long = |id: &str, label: String, value: String, required: bool| Input {
        id: id.to_owned(),
        label,
        value,
        long: true,
        required,
        ..Input::default()
    };
    match form {
        SignForm::Note { run, check, title, text } => FormCard {
            id: SignId::Note(*run, check.clone()).to_string(),
            title: title.get(language).to_owned(),
            inputs: vec![long(TEXT, word("write-note", language), text.clone(), true)],
        },
        SignForm::Waiver { run, check, title, until, zone } => FormCard {
            id: SignId::Waive(*run, check.clone()).to_string(),
            title: say(&Message::new("write-waiver").with("title", title.clone()), language),
            inputs: vec![
                long(TEXT, word("write-waiver-reason", language), String::new(), true),
                Input {
                    id: UNTIL.to_owned(),
                    label: say(&Message::new("write-waiver-until").with("zone", zone.as_str()), language),
                    placeholder: until.clone(),
                    value: until.clone(),
                    required: true,
                    most: UNTIL_LENGTH,
                    ..Input::default()
                },
            ],
        },
        SignForm::WaiverEnd { waiver, title } => FormCard {
            id: SignId::EndWaiver(*waiver).to_string(),
            title: say(&Message::new("write-waiver-end").with("title", title.clone()), language),
            inputs: vec![long(TEXT, word("write-waiver-end-reason", language), String::new(), true)],
        },
        SignForm::Memos { run, every, texts } => FormCard {
            id: SignId::Memo(*run).to_string(),
            title: word("write-memos", language),
            inputs: Memo::of(*every)
                .iter()
                .map(|memo| {
                    let value = texts.get(memo).map(ToString::to_string).unwrap_or_default();
                    long(memo.name(), memo_name(*memo, language), value, false)
                })
                .collect(),
        },
        SignForm::Withdrawal { sign_off } => FormCard {
            id: SignId::Withdraw(*sign_off).to_string(),
            title: word("write-withdrawal", language),
            inputs: vec![long(TEXT, word("write-withdrawal-reason", language), String::new(), true)],
        },
    }
}

/// What is somebody's.
pub(super) fn mine(mine: &Mine, guild: u64, language: Language) -> Card {
    let mut card = mine_card::card(mine, guild, language);
    let option = |due: &ToSign| {
        let run = due.run?;
        Some(Choosable {
            value: run.0.to_string(),
            label: due.title.get(language).to_owned(),
            description: format!("{} · {}", due.host_title.get(language), say(&due.period.message(), language)),
            emoji: "✍️",
        })
    };
    card.choices = vec![
        Choice {
            id: SignId::Pick.to_string(),
            placeholder: word("mine-sign-placeholder", language),
            of: Choosing::Options(mine.to_sign.iter().filter_map(option).collect()),
        },
        super::finding::pick(&mine.findings, language),
    ];
    card
}

#[expect(clippy::needless_pass_by_value, reason = "each id is made for its button")]
fn button(id: SignId, label: String, style: Style) -> Button {
    Button { id: id.to_string(), label, style, ..Button::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_fits() {
        let (run, check) = (RunId(i64::MAX), "c".repeat(64));
        let mut ids = vec![
            SignId::Open(run),
            SignId::Pick,
            SignId::Item(run),
            SignId::Link(run, check.clone()),
            SignId::Note(run, check.clone()),
            SignId::Waive(run, check.clone()),
            SignId::Memo(run),
            SignId::Sign(run),
            SignId::Withdraw(SignOffId(i64::MAX)),
            SignId::EndWaiver(WaiverId(i64::MAX)),
        ];
        ids.extend(Attested::ALL.map(|seen| SignId::Attest(seen, RunId(9_999_999), check.clone())));
        for id in ids {
            assert_eq!(SignId::read(&id.to_string()), Some(id.clone()));
            assert!(id.to_string().len() <= 100, "{id}");
        }
    }

    #[test]
    fn what_was_forged_is_nothing() {
        for forged in [
            "",
            "sign",
            "sign:open",
            "sign:open:",
            "sign:open:x",
            "sign:open:1:a",
            "sign:note:1",
            "sign:note:1:",
            "sign:maybe:1:a",
            "note:1:a",
            "sign:sign:1:a:b",
            "sign:withdraw:99999999999999999999",
        ] {
            assert_eq!(SignId::read(forged), None, "{forged}");
        }
        assert_eq!(of_component("sign:pick:0", Some("x")), None);
        assert_eq!(of_component("sign:item:1", None), None);
        assert_eq!(of_form("sign:sign:1", &BTreeMap::new()), None, "no form signs");
    }
}
