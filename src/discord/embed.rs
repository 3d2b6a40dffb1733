//! A view as Discord shows it: cards become embeds, buttons and selects. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serenity::all::{
    ActionRowComponent, ButtonKind, ButtonStyle, Colour, CreateActionRow, CreateAllowedMentions, CreateAttachment,
    CreateButton, CreateEmbed, CreateEmbedFooter, CreateInputText, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage, CreateMessage, CreateModal, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption, EditAttachments, EditInteractionResponse, EditMessage, InputTextStyle, Mentionable,
    MessageFlags, Nonce, ReactionType, RoleId, UserId,
};

use super::custom_id::{CustomId, MUTES};
use super::{finding, gate, past, runbook, sign};
use crate::domain::alert::KeptAlert;
use crate::domain::audit::Head;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::quantity::Quantity;
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::run::{MessagePlace, NewRun, RunId};
use crate::domain::silence::Silence;
use crate::render::card::{Button, Card, Choice, Choosable, Choosing, FormCard, Input, Style};
use crate::render::line::{mark, values};
use crate::render::{alert_card, details, finding_card, gate_card, report_card, sign_card};
use crate::service::{Beside, Form, Ping, RemedyButton, Spot, View};
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

/// What is asked, as a form.
pub(super) fn form(form: &Form, language: Language) -> FormCard {
    match form {
        Form::Gate(form) => gate::form(form, language),
        Form::Sign(form) => sign::form(form, language),
        Form::Finding(form) => finding::form(form, language),
        Form::Runbook(form) => runbook::form(form, language),
    }
}

/// A view as a card, within all limits.
pub(super) fn card(view: &View, place: Place, language: Language) -> Card {
    let card = match view {
        View::Running { report, came_in } => {
            report_card::running(report, &|check| came_in.contains(&check.id), language)
        }
        View::Finished { run, report, asked_by, not_kept, beside } => {
            let card = finished(*run, report, *asked_by, not_kept.as_ref(), language);
            with_record(card, *run, beside, language)
        }
        View::Interrupted { run, begun } => interrupted(*run, begun, language),
        View::Details { run, report } => {
            Card { choices: vec![choice(*run, report, language)], ..details::of_report(report, place.zone, language) }
        }
        View::Check { run, report, check, remedies } => match report.check(check) {
            Some(check) => check_of(*run, check, remedies, language),
            None => told(&Message::new("details-no-such-check"), None, language),
        },
        View::Alert { alert, host_title, runbook, now } => alert_of(alert, host_title, *runbook, *now, language),
        View::Runbook(view) => runbook::card(view, place.zone, language),
        View::Gate(view) => gate::card(view, place.guild, language),
        View::Matrix { matrix, head } => super::matrix::card(matrix, head.as_ref(), language),
        View::Past(view) => past::card(view, language),
        View::Sign(view) => sign::card(view, language),
        View::Finding(view) => finding::card(view, language),
        View::Mine(mine) => sign::mine(mine, place.guild, language),
        View::Duty(view) => super::duty::card(view, place, language),
        View::ShownAlready(shown) => told(&shown_already(*shown, place.guild), None, language),
        View::Reloaded(reloaded) => super::own::card(reloaded, language),
        View::In(language, message) => told(message, None, *language),
        View::Told(message, hint) => told(message, hint.as_ref(), language),
    };
    card.within_limits()
}

/// A report that came to its end, with its buttons.
pub(super) fn finished(
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
        let button = |id: CustomId, label, style| Button {
            id: id.to_string(),
            label: word(label, language),
            style,
            ..Button::default()
        };
        let looked_at = if report.grade().needs_attention() { Style::Primary } else { Style::Secondary };
        card.buttons = vec![
            button(CustomId::Details(run), "button-details", looked_at),
            button(CustomId::Again(run), "button-again", Style::Secondary),
        ];
    }
    card
}

/// The card of a result with what the record says beside it: who signed, which findings are open.
pub(super) fn with_record(mut card: Card, run: Option<RunId>, beside: &Beside, language: Language) -> Card {
    if let Some(standing) = &beside.standing {
        card.description.push('\n');
        card.description.push_str(&sign_card::standing(standing, run, language));
        if let Some(run) = run {
            let signed = standing.signature().is_some();
            card.buttons.push(sign::button_below(run, signed, language));
        }
    }
    card.fields.extend(finding_card::beside(&beside.findings, beside.today, language));
    card.fields.extend(gate_card::unreviewed(&beside.unreviewed, language));
    if let Some(head) = beside.head {
        card.footer = [card.footer, say(&witness(head), language)].join(" · ");
    }
    card
}

/// The end of the audit record, as it stands below what is posted.
pub(super) fn witness(head: Head) -> Message {
    Message::new("audit-head").with("row", head.seq.to_string()).with("hash", head.hash.short())
}

/// What lies behind one check's grade, with the buttons that ask for its remedies, file it or take it on where something is
/// wrong.
fn check_of(run: RunId, check: &ReportedCheck, remedies: &[RemedyButton], language: Language) -> Card {
    let mut card = details::of_check(check, language);
    card.buttons.extend(remedies.iter().map(|remedy| gate::remedy_button(remedy, language)));
    if check.grade.needs_attention() {
        let spot = Spot { run, check: check.id.clone(), signing: false };
        card.buttons.push(finding::write_button(&spot, Style::Primary, language));
    }
    card.buttons.extend(sign::buttons_of(run, check, language));
    card
}

fn alert_of(alert: &KeptAlert, host: &Localised, runbook: bool, now: DateTime<Utc>, language: Language) -> Card {
    let mut card = alert_card::card(alert, host, now, language);
    if alert.ended_at.is_none() {
        let button = |hours: u32| Button {
            id: CustomId::Mute(alert.id, hours).to_string(),
            label: say(&Message::new("button-mute").with("hours", hours.to_string()), language),
            ..Button::default()
        };
        let runbook = runbook.then(|| runbook::offer(alert.id, language));
        card.buttons = runbook.into_iter().chain(MUTES.into_iter().map(button)).collect();
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
            style: Style::Primary,
            ..Button::default()
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
        of: Choosing::Options(options.collect()),
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

/// What is only told.
pub(super) fn told(message: &Message, hint: Option<&Message>, language: Language) -> Card {
    let mut description = say(message, language);
    if let Some(hint) = hint {
        description.push_str("\n💡 ");
        description.push_str(&say(hint, language));
    }
    Card { description, colour: TOLD, ..Card::default() }
}

/// A message that nobody asked for. What pings stands in its text: mentions inside an embed notify nobody.
pub(super) fn post(card: Card, ping: &Ping, nonce: &str) -> CreateMessage {
    let roles = ping.roles.iter().map(|role| RoleId::new(*role));
    let people = ping.people.iter().map(|person| UserId::new(*person));
    let mentions = people.clone().map(|person| person.mention()).chain(roles.clone().map(|role| role.mention()));
    let mentions: Vec<_> = mentions.map(|mention| mention.to_string()).collect();
    let mut message = CreateMessage::new()
        .allowed_mentions(CreateAllowedMentions::new().roles(roles).users(people))
        .nonce(Nonce::String(nonce.to_owned()))
        .enforce_nonce(true)
        .components(rows(&card));
    if !mentions.is_empty() {
        message = message.content(mentions.join(" "));
    }
    if ping.quiet {
        message = message.flags(MessageFlags::SUPPRESS_NOTIFICATIONS);
    }
    if let Some(file) = attachment(&card) {
        message = message.add_file(file);
    }
    message.embed(embed(card))
}

/// A card that says above all else how long nobody was told anything.
pub(super) fn after_silence(mut card: Card, silence: &Silence, language: Language) -> Card {
    let stamp = |at: DateTime<Utc>| format!("<t:{}:f>", at.timestamp());
    let told = Message::new("silent-since").with("from", stamp(silence.from)).with("to", stamp(silence.to));
    card.description = format!("🔇 {}\n{}", say(&told, language), card.description);
    card.within_limits()
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

/// More after the first answer, for the person alone.
pub(super) fn follow_up(card: Card) -> CreateInteractionResponseFollowup {
    let mut message = CreateInteractionResponseFollowup::new()
        .allowed_mentions(CreateAllowedMentions::new())
        .ephemeral(true)
        .components(rows(&card));
    if let Some(file) = attachment(&card) {
        message = message.add_file(file);
    }
    message.embed(embed(card))
}

/// Whether only one person sees the message.
pub(super) fn is_for_one(message: &serenity::all::Message) -> bool {
    message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}

/// What the buttons and selects of a message bring back.
pub(super) fn ids(message: &serenity::all::Message) -> Vec<String> {
    let components = message.components.iter().flat_map(|row| &row.components);
    let ids = components.filter_map(|component| match component {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } => Some(custom_id.clone()),
            _ => None,
        },
        ActionRowComponent::SelectMenu(menu) => menu.custom_id.clone(),
        _ => None,
    });
    ids.collect()
}

/// What stands at the foot of a message.
pub(super) fn foot(message: &serenity::all::Message) -> String {
    let foot = message.embeds.first().and_then(|embed| embed.footer.as_ref());
    foot.map(|foot| foot.text.clone()).unwrap_or_default()
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
    let mut message = EditMessage::new().allowed_mentions(CreateAllowedMentions::new()).components(rows(&card));
    if let Some(file) = attachment(&card) {
        message = message.attachments(EditAttachments::new().add(file));
    }
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
    // A picture is shown in its place; any other file stands below as one to be opened.
    if let Some(file) = card.file.filter(|file| file.name.ends_with(".png")) {
        embed = embed.attachment(file.name);
    }
    embed
}

fn attachment(card: &Card) -> Option<CreateAttachment> {
    let file = card.file.as_ref()?;
    let attachment = CreateAttachment::bytes(file.content.clone(), file.name.clone());
    Some(if card.alt.is_empty() { attachment } else { attachment.description(&card.alt) })
}

fn rows(card: &Card) -> Vec<CreateActionRow> {
    let buttons = card.buttons.chunks(5).map(|row| CreateActionRow::Buttons(row.iter().map(button).collect()));
    buttons.chain(card.choices.iter().map(|choice| CreateActionRow::SelectMenu(select(choice)))).collect()
}

fn button(button: &Button) -> CreateButton {
    let style = match button.style {
        Style::Secondary => ButtonStyle::Secondary,
        Style::Primary => ButtonStyle::Primary,
        Style::Success => ButtonStyle::Success,
        Style::Danger => ButtonStyle::Danger,
    };
    CreateButton::new(&button.id).label(&button.label).style(style).disabled(button.dead)
}

fn select(choice: &Choice) -> CreateSelectMenu {
    let option = |option: &Choosable| {
        let mut shown = CreateSelectMenuOption::new(&option.label, &option.value);
        if !option.emoji.is_empty() {
            shown = shown.emoji(ReactionType::Unicode(option.emoji.to_owned()));
        }
        if option.description.is_empty() { shown } else { shown.description(&option.description) }
    };
    let kind = match &choice.of {
        Choosing::Options(options) => CreateSelectMenuKind::String { options: options.iter().map(option).collect() },
        Choosing::Person => CreateSelectMenuKind::User { default_users: None },
    };
    CreateSelectMenu::new(&choice.id, kind).placeholder(&choice.placeholder)
}

/// A form as a modal, within all limits.
pub(super) fn modal(form: FormCard) -> CreateModal {
    let form = form.within_limits();
    let rows = form.inputs.iter().map(|field| CreateActionRow::InputText(input(field))).collect();
    CreateModal::new(form.id, form.title).components(rows)
}

fn input(input: &Input) -> CreateInputText {
    let style = if input.long { InputTextStyle::Paragraph } else { InputTextStyle::Short };
    let mut shown =
        CreateInputText::new(style, &input.label, &input.id).required(input.required).max_length(input.most);
    // Discord refuses empty texts.
    if !input.placeholder.is_empty() {
        shown = shown.placeholder(&input.placeholder);
    }
    if !input.value.is_empty() {
        shown = shown.value(&input.value);
    }
    shown
}
