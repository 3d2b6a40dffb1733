//! A request as a card: what exactly would run and where, what it interrupts, what the host looks like, who asked and why,
//! who agreed, how long it lives; and then how it goes and how it ended.

use chrono::{DateTime, Utc};

use super::card::{Card, cut};
use super::line::{grade_name, mark};
use super::markdown::{code_block, plain};
use crate::domain::action::{Outcome, Progress};
use crate::domain::approval::{KeptRequest, Needed, State, Word};
use crate::domain::grade::Grade;
use crate::domain::message::{Arg, Language, Localised, Message};
use crate::text::{say, word};

/// What one field of an embed holds, in characters; and less of it, where several stand together.
const FIELD: usize = 1000;
const HALF: usize = 600;
/// The most that is told of what would be taken away before the rest is only counted.
const MOST_GOES: usize = 15;

/// A request, and what is known of it besides the record.
#[derive(Clone, Debug)]
pub struct ShownRequest {
    /// The record.
    pub kept: KeptRequest,
    /// How far the act is, while it runs.
    pub progress: Option<Progress>,
    /// Why an approved act has not begun.
    pub waits: Option<Message>,
    /// What to do about a failure.
    pub after_failure: Vec<Localised>,
    /// Whether somebody may go ahead alone with it.
    pub alone: bool,
    /// What time it is.
    pub now: DateTime<Utc>,
}

/// The mark of a state. Each has a shape of its own: nothing is said by colour alone.
pub const fn state_mark(state: State) -> &'static str {
    match state {
        State::Requested => "⏳",
        State::Approved => "☑️",
        State::Denied => "⛔",
        State::Expired => "⌛",
        State::Cancelled => "↩️",
        State::Superseded => "🔁",
        State::Void => "🚫",
        State::Running => "▶️",
        State::Verified => "✅",
        State::Failed => "❌",
        State::Interrupted => "🆘",
    }
}

/// The colour of its edge; each another.
pub const fn state_colour(state: State) -> u32 {
    match state {
        State::Requested => 0xE0_A0_30,
        State::Approved => 0x3B_82_C4,
        State::Denied => 0x9B_2C_2C,
        State::Expired => 0x8B_93_9C,
        State::Cancelled => 0x6B_72_7B,
        State::Superseded => 0x4F_5B_66,
        State::Void => 0x8A_63_D2,
        State::Running => 0x2D_B5_C9,
        State::Verified => 0x3B_A5_5D,
        State::Failed => 0xD8_3B_3B,
        State::Interrupted => 0xC0_2F_9B,
    }
}

/// What a state is called.
pub fn state_name(state: State, language: Language) -> String {
    say(&Message::new("gate-state").with("state", state.name()), language)
}

/// The request as it stands.
pub fn card(shown: &ShownRequest, language: Language) -> Card {
    let kept = &shown.kept;
    let state = kept.request.state();
    let mut fields = vec![(word("gate-runs", language), code_block(&kept.asked.outlook.commands.join("\n"), HALF))];
    if !state.is_over() {
        fields.push((word("gate-interrupts", language), plain(kept.asked.interrupts.get(language))));
        let now = kept.asked.outlook.now.iter().map(|message| line(message, language));
        fields.push((word("gate-now", language), bullets(now)));
        fields.push((word("gate-goes", language), goes(&kept.asked.outlook.goes, language)));
    }
    fields.push((word("gate-said", language), said(kept, language)));
    if let Some(progress) = shown.progress.as_ref().filter(|_| state == State::Running) {
        fields.push(running(progress, language));
    }
    if let Some(outcome) = &kept.outcome {
        fields.extend(ended(outcome, language));
    }
    if matches!(state, State::Failed | State::Interrupted) {
        let then = shown.after_failure.iter().map(|text| plain(text.get(language)));
        fields.push((word("gate-after-failure", language), bullets(then)));
    }
    fields.extend(review(kept, language));
    fields.extend(looked(kept, language));
    Card {
        title: title(kept, language),
        description: description(shown, language),
        colour: state_colour(state),
        fields,
        footer: footer(kept, language),
        ..Card::default()
    }
}

/// `⏳ 승인 대기 · 재시작 serverpod · Gear Freak 운영 서버`.
fn title(kept: &KeptRequest, language: Language) -> String {
    let state = kept.request.state();
    let chosen: Vec<_> = kept.asked.arguments.values().map(String::as_str).collect();
    let act = [kept.asked.title.get(language), &chosen.join(" ")].join(" ");
    [
        format!("{} {}", state_mark(state), state_name(state, language)),
        act.trim_end().to_owned(),
        kept.asked.host_title.get(language).to_owned(),
    ]
    .join(" · ")
}

fn description(shown: &ShownRequest, language: Language) -> String {
    let kept = &shown.kept;
    let terms = &kept.asked.terms;
    let asked = Message::new("gate-asked")
        .with("who", format!("<@{}>", terms.requester))
        .with("time", format!("<t:{}:R>", terms.asked_at.timestamp()));
    let reason = Message::new("gate-reason").with("reason", kept.asked.reason.as_str());
    let mut lines = vec![say(&asked, language), line(&reason, language)];
    let until = format!("<t:{}:R>", terms.expires_at.timestamp());
    match (kept.request.state(), terms.needed) {
        (State::Requested, Needed::Confirmation) => {
            lines.push(say(&Message::new("gate-confirm").with("until", until), language));
        }
        (State::Requested, Needed::Approvals(needed)) => {
            let have = Message::new("gate-approvals")
                .with("have", kept.request.approvals().len().to_string())
                .with("needed", needed.to_string())
                .with("until", until);
            lines.push(say(&have, language));
        }
        (State::Requested, Needed::BreakGlass { from }) => {
            let key = if shown.now < from { "gate-alone-waits" } else { "gate-alone-ready" };
            let from = format!("<t:{}:R>", from.timestamp());
            lines.push(say(&Message::new(key).with("from", from).with("until", until), language));
        }
        (State::Approved, _) => {
            lines.push(say(&Message::new("gate-approved").with("until", until), language));
        }
        (State::Interrupted, _) => lines.push(word("gate-interrupted", language)),
        _ => {}
    }
    if let Some(begun) = kept.begun_at {
        let times = Message::new(if kept.ended_at.is_some() { "gate-took" } else { "gate-begun" })
            .with("begun", format!("<t:{}:T>", begun.timestamp()))
            .with("ended", kept.ended_at.map(|at| format!("<t:{}:T>", at.timestamp())).unwrap_or_default());
        lines.push(say(&times, language));
    }
    let further = shown.waits.iter().chain(kept.why.iter()).map(|message| format!("⚠️ {}", line(message, language)));
    lines.extend(further);
    lines.join("\n")
}

/// What everybody said, in order.
fn said(kept: &KeptRequest, language: Language) -> String {
    let one = |decision: &crate::domain::approval::Decision| {
        let mark = match decision.word {
            Word::Approve | Word::Confirm => "👍",
            Word::Deny => "👎",
            Word::Cancel => "↩️",
        };
        let name = say(&Message::new("gate-word").with("word", decision.word.name()), language);
        format!("{mark} <@{}> {name} · <t:{}:T>", decision.by, decision.at.timestamp())
    };
    kept.decisions.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn goes(goes: &[String], language: Language) -> String {
    if goes.is_empty() {
        return String::new();
    }
    let mut lines: Vec<String> = goes.iter().take(MOST_GOES).map(|one| cut(one, 80)).collect();
    if goes.len() > MOST_GOES {
        let more = Message::new("gate-more").with("count", (goes.len() - MOST_GOES).to_string());
        lines.push(say(&more, language));
    }
    // The first ones must be seen: they are cut from below, unlike a log.
    let mut kept = String::new();
    for line in lines {
        if kept.chars().count() + line.chars().count() + 10 > FIELD {
            break;
        }
        kept.push_str(&line);
        kept.push('\n');
    }
    code_block(&kept, FIELD)
}

fn running(progress: &Progress, language: Language) -> (String, String) {
    let step =
        Message::new("gate-step").with("step", progress.step.to_string()).with("steps", progress.steps.to_string());
    let output = progress.output.trim();
    let shown = if output.is_empty() { "…".to_owned() } else { code_block(output, HALF) };
    (say(&step, language), shown)
}

fn ended(outcome: &Outcome, language: Language) -> Vec<(String, String)> {
    let mut fields =
        vec![(word("gate-result", language), bullets(outcome.says.iter().map(|message| line(message, language))))];
    let proofs = outcome.proofs.iter().map(|proven| {
        let title = plain(proven.title.get(language));
        let one = |(grade, value): (Grade, &str)| {
            format!("{} {} {}", mark(grade), grade_name(grade, language), plain(value)).trim_end().to_owned()
        };
        let sides = [(proven.before, proven.value_before.as_str()), (proven.after, proven.value.as_str())];
        format!("{title}: {}", sides.map(one).join(" → "))
    });
    fields.push((word("gate-proofs", language), proofs.collect::<Vec<_>>().join("\n")));
    let output = outcome.output.trim();
    if !output.is_empty() {
        fields.push((word("gate-output", language), code_block(output, HALF)));
    }
    fields
}

fn review(kept: &KeptRequest, language: Language) -> Option<(String, String)> {
    let text = match kept.review.as_ref()? {
        None => word("gate-review-owed", language),
        Some(review) => {
            let by = Message::new("gate-review-by")
                .with("who", format!("<@{}>", review.by.0))
                .with("note", review.note.as_str());
            line(&by, language)
        }
    };
    Some((word("gate-review", language), text))
}

/// What somebody found who looked by hand after an act was interrupted.
fn looked(kept: &KeptRequest, language: Language) -> Option<(String, String)> {
    let found = kept.held.as_ref()?.as_ref()?;
    let by = Message::new("gate-looked-by").with("who", format!("<@{}>", found.by.0)).with("note", found.note.as_str());
    Some((word("gate-looked", language), line(&by, language)))
}

/// What somebody did alone and nobody else has reviewed yet, as it stands below a report.
pub fn unreviewed(acts: &[KeptRequest], language: Language) -> Option<(String, String)> {
    if acts.is_empty() {
        return None;
    }
    let one = |kept: &KeptRequest| {
        let link = kept.place.map(|place| format!("<#{}>", place.channel)).unwrap_or_default();
        let act = kept.asked.title.get(language);
        format!("🔎 {} {act} · <@{}> {link}", kept.id, kept.asked.terms.requester)
    };
    let title = Message::new("gate-unreviewed").with("count", acts.len().to_string());
    Some((say(&title, language), acts.iter().map(one).collect::<Vec<_>>().join("\n")))
}

/// `#12 · 위험도 높음 · ab12cd34ef56`.
fn footer(kept: &KeptRequest, language: Language) -> String {
    let risk = say(&Message::new("gate-risk").with("risk", kept.asked.risk.name()), language);
    [kept.id.to_string(), risk, kept.asked.terms.binding.short()].join(" · ")
}

fn bullets(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<_> = lines.map(|line| format!("• {line}")).collect();
    cut(&lines.join("\n"), FIELD)
}

/// A sentence in which foreign text stays text: only what this program made itself mentions or tells a time.
pub fn line(message: &Message, language: Language) -> String {
    say(&safe(message), language)
}

fn safe(message: &Message) -> Message {
    let mut message = message.clone();
    for arg in message.args.values_mut() {
        match arg {
            Arg::Text(text) if !is_ours(text) => *text = plain(text),
            Arg::Message(inner) => *inner = safe(inner),
            Arg::Text(_) | Arg::Quantity(_) | Arg::Localised(_) | Arg::Time(_) => {}
        }
    }
    message
}

/// Mentions of people and channels, times, and the number of a request, with nothing else beside them.
fn is_ours(text: &str) -> bool {
    if text.strip_prefix('#').is_some_and(|number| number.parse::<u64>().is_ok()) {
        return true;
    }
    text.split(' ').all(|part| {
        let inner = part.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        inner.is_some_and(|inner| {
            let inner = inner.strip_prefix(['@', '#']).or_else(|| inner.strip_prefix("t:")).unwrap_or("x");
            inner.trim_end_matches(":R").trim_end_matches(":T").chars().all(|c| c.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_a_mark_and_a_colour_of_its_own() {
        let marks: std::collections::BTreeSet<_> = State::ALL.into_iter().map(state_mark).collect();
        let colours: std::collections::BTreeSet<_> = State::ALL.into_iter().map(state_colour).collect();
        let names: std::collections::BTreeSet<_> =
            State::ALL.into_iter().map(|state| state_name(state, Language::Ko)).collect();
        assert_eq!((marks.len(), colours.len(), names.len()), (11, 11, 11));
    }

    #[test]
    fn foreign_text_mentions_nobody_and_breaks_out_of_nothing() {
        for foreign in ["@everyone", "<@1> hi", "<@&1>", "**a**", "x\n# y", "<t:1:R>x"] {
            let shown = line(&Message::new("gate-reason").with("reason", foreign), Language::En);
            assert!(!shown.contains("@everyone") && !shown.contains("<@") && !shown.contains("**"), "{shown}");
            assert!(!shown.contains('\n'), "{shown}");
        }
        assert!(line(&Message::new("gate-reason").with("reason", "<@12> <#7>"), Language::En).contains("<@12> <#7>"));
        assert!(is_ours("<t:123:R>") && !is_ours("") && !is_ours("<@1;>"));
    }
}
