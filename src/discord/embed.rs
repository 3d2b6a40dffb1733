//! A view as Discord shows it: cards become embeds, buttons and selects. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serenity::all::{
    ButtonStyle, Colour, CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateButton, CreateEmbed,
    CreateEmbedFooter, CreateInteractionResponseMessage, CreateMessage, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption, EditAttachments, EditInteractionResponse, EditMessage, Nonce, ReactionType, RoleId,
};

use super::custom_id::{CustomId, MUTES};
use crate::domain::alert::KeptAlert;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::quantity::Quantity;
use crate::domain::report::Report;
use crate::domain::run::{MessagePlace, NewRun, RunId};
use crate::render::card::{Button, Card, Choice, Choosable};
use crate::render::line::{mark, values};
use crate::render::{alert_card, details, report_card};
use crate::service::View;
use crate::text::{say, word};

/// The colour of a message that only tells something.
const TOLD: u32 = 0x5B_64_70;

/// Where a view is shown, as far as that changes what is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The guild.
    pub(super) guild: u64,
    /// The zone of the deployment.
    pub(super) zone: Tz,
}

/// A view as a card, within all limits.
pub(super) fn card(view: &View, place: Place, language: Language) -> Card {
    let card = match view {
        View::Running { report, came_in } => {
            report_card::running(report, &|check| came_in.contains(&check.id), language)
        }
        View::Finished { run, report, asked_by, not_kept } => {
            finished(*run, report, *asked_by, not_kept.as_ref(), language)
        }
        View::Interrupted { run, begun } => interrupted(*run, begun, language),
        View::Details { run, report } => {
            Card { choice: Some(choice(*run, report, language)), ..details::of_report(report, place.zone, language) }
        }
        View::Check { report, check } => match report.check(check) {
            Some(check) => details::of_check(check, language),
            None => told(&Message::new("details-no-such-check"), None, language),
        },
        View::Alert { alert, host_title, now } => alert_of(alert, host_title, *now, language),
        View::ShownAlready(shown) => told(&shown_already(*shown, place.guild), None, language),
        View::Told(message, hint) => told(message, hint.as_ref(), language),
    };
    card.within_limits()
}

fn finished(
    run: Option<RunId>,
    report: &Report,
    asked_by: Option<u64>,
    not_kept: Option<&Message>,
    language: Language,
) -> Card {
    let took = Message::new("report-took").with("elapsed", Quantity::duration(report.elapsed()));
    let mut footer: Vec<_> = run.iter().map(ToString::to_string).collect();
    footer.push(say(&took, language));
    let mut card = report_card::finished(report, footer.join(" · "), language);
    if let Some(person) = asked_by {
        card.description.push_str(&format!(" · <@{person}>"));
    }
    if let Some(why) = not_kept {
        let warning = Message::new("run-not-kept").with("why", why.clone());
        card.description.push_str(&format!("\n⚠️ {}", say(&warning, language)));
    }
    if let Some(run) = run {
        let button =
            |id: CustomId, label, primary| Button { id: id.to_string(), label: word(label, language), primary };
        card.buttons = vec![
            button(CustomId::Details(run), "button-details", report.grade().needs_attention()),
            button(CustomId::Again(run), "button-again", false),
        ];
    }
    card
}

fn alert_of(alert: &KeptAlert, host: &Localised, now: DateTime<Utc>, language: Language) -> Card {
    let mut card = alert_card::card(alert, host, now, language);
    if alert.ended_at.is_none() {
        let button = |hours: u32| Button {
            id: CustomId::Mute(alert.id, hours).to_string(),
            label: say(&Message::new("button-mute").with("hours", hours.to_string()), language),
            primary: false,
        };
        card.buttons = MUTES.into_iter().map(button).collect();
    }
    card
}

fn interrupted(run: RunId, begun: &NewRun, language: Language) -> Card {
    let heading = Message::new("report-heading")
        .with("title", begun.title.get(language))
        .with("host", begun.host_title.get(language));
    Card {
        title: say(&heading, language),
        description: word("run-interrupted", language),
        colour: TOLD,
        footer: run.to_string(),
        buttons: vec![Button {
            id: CustomId::Again(run).to_string(),
            label: word("button-again", language),
            primary: true,
        }],
        ..Card::default()
    }
}

fn choice(run: RunId, report: &Report, language: Language) -> Choice {
    // What needs a look comes first: of more than a select can hold, the well ones are left out.
    let mut checks: Vec<_> = report.checks().collect();
    checks.sort_by_key(|check| check.grade);
    let options = checks.into_iter().map(|check| Choosable {
        value: check.id.clone(),
        label: check.title.get(language).to_owned(),
        description: values(check, language),
        emoji: mark(check.grade),
    });
    Choice {
        id: CustomId::Check(run).to_string(),
        placeholder: word("details-placeholder", language),
        options: options.collect(),
    }
}

fn shown_already(place: Option<MessagePlace>, guild: u64) -> Message {
    match place {
        Some(MessagePlace { channel, message }) => {
            let link = format!("https://discord.com/channels/{guild}/{channel}/{message}");
            Message::new("run-shown-at").with("link", link)
        }
        None => Message::new("run-shown-already"),
    }
}

fn told(message: &Message, hint: Option<&Message>, language: Language) -> Card {
    let mut description = say(message, language);
    if let Some(hint) = hint {
        description.push_str("\n💡 ");
        description.push_str(&say(hint, language));
    }
    Card { description, colour: TOLD, ..Card::default() }
}

/// A message that nobody asked for. What pings stands in its text: mentions inside an embed notify nobody.
pub(super) fn post(card: Card, ping: &[u64], nonce: &str) -> CreateMessage {
    let roles: Vec<RoleId> = ping.iter().map(|role| RoleId::new(*role)).collect();
    let mut message = CreateMessage::new()
        .allowed_mentions(CreateAllowedMentions::new().roles(roles.clone()))
        .nonce(Nonce::String(nonce.to_owned()))
        .enforce_nonce(true)
        .components(rows(&card));
    if !roles.is_empty() {
        let mentions: Vec<String> = roles.iter().map(|role| format!("<@&{role}>")).collect();
        message = message.content(mentions.join(" "));
    }
    message.embed(embed(card))
}

/// The first answer to an interaction.
pub(super) fn answer(card: Card, for_one: bool) -> CreateInteractionResponseMessage {
    let mut message = CreateInteractionResponseMessage::new()
        .allowed_mentions(CreateAllowedMentions::new())
        .ephemeral(for_one)
        .components(rows(&card));
    if let Some(file) = attachment(&card) {
        message = message.add_file(file);
    }
    message.embed(embed(card))
}

/// A change of the first answer.
pub(super) fn change(card: Card) -> EditInteractionResponse {
    let mut message =
        EditInteractionResponse::new().allowed_mentions(CreateAllowedMentions::new()).components(rows(&card));
    if let Some(file) = attachment(&card) {
        message = message.attachments(EditAttachments::new().add(file));
    }
    message.embed(embed(card))
}

/// A change of an earlier message.
pub(super) fn edit(card: Card) -> EditMessage {
    let message = EditMessage::new().allowed_mentions(CreateAllowedMentions::new()).components(rows(&card));
    message.embed(embed(card))
}

fn embed(card: Card) -> CreateEmbed {
    let mut embed = CreateEmbed::new()
        .description(card.description)
        .colour(Colour::new(card.colour))
        .fields(card.fields.into_iter().map(|(name, value)| (name, value, false)));
    // Discord refuses empty texts, and the whole post with them.
    if !card.title.is_empty() {
        embed = embed.title(card.title);
    }
    if !card.footer.is_empty() {
        embed = embed.footer(CreateEmbedFooter::new(card.footer));
    }
    embed
}

fn attachment(card: &Card) -> Option<CreateAttachment> {
    card.file.as_ref().map(|file| CreateAttachment::bytes(file.content.clone(), file.name.clone()))
}

fn rows(card: &Card) -> Vec<CreateActionRow> {
    let mut rows = Vec::new();
    if !card.buttons.is_empty() {
        rows.push(CreateActionRow::Buttons(card.buttons.iter().map(button).collect()));
    }
    if let Some(choice) = &card.choice {
        rows.push(CreateActionRow::SelectMenu(select(choice)));
    }
    rows
}

fn button(button: &Button) -> CreateButton {
    let style = if button.primary { ButtonStyle::Primary } else { ButtonStyle::Secondary };
    CreateButton::new(&button.id).label(&button.label).style(style)
}

fn select(choice: &Choice) -> CreateSelectMenu {
    let options = choice.options.iter().map(|option| {
        let shown = CreateSelectMenuOption::new(&option.label, &option.value)
            .emoji(ReactionType::Unicode(option.emoji.to_owned()));
        if option.description.is_empty() { shown } else { shown.description(&option.description) }
    });
    let kind = CreateSelectMenuKind::String { options: options.collect() };
    CreateSelectMenu::new(&choice.id, kind).placeholder(&choice.placeholder)
}
