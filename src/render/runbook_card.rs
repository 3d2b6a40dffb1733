//! A runbook as a card, and the whole of it as Markdown when it is over.

use chrono_tz::Tz;

use super::card::{Card, cut};
use super::gate_card::state_name;
use super::line::mark as mark_of;
use super::markdown::plain;
use crate::domain::approval::RequestId;
use crate::domain::exercise::Exercise;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::quantity::Quantity;
use crate::domain::runbook::{
    Does, Event, Happening, KeptRunbook, Moment, NotWell, Runbook, Severity, Standing, drill_passed,
};
use crate::text::{say, word};

/// The colours of the edge: open and critical, open and high, over.
const COLOURS: [u32; 3] = [0x00D8_3C3E, 0x00F0_B232, 0x0023_A55A];

/// How many of the latest happenings the card shows.
const LATEST: usize = 8;

/// The runbook as it stands at `now`.
pub fn card(
    runbook: &Runbook,
    kept: &KeptRunbook,
    host: &Localised,
    now: chrono::DateTime<chrono::Utc>,
    language: Language,
) -> Card {
    let mut lines = vec![
        say(
            &Message::new("runbook-symptom")
                .with("severity", severity(runbook.severity, language))
                .with("symptom", runbook.symptom.clone()),
            language,
        ),
        opened(kept, now, language),
    ];
    if let Some(within) = runbook.within {
        let took = Quantity::duration(kept.took(now));
        // Discord counts down by itself: the message need not be changed for that.
        let until = kept.opened_at().map_or(0, |at| at.timestamp()).saturating_add_unsigned(within.as_secs());
        let watch = match kept.closed() {
            None => Message::new("runbook-watch").with("until", format!("<t:{until}:R>")),
            Some(_) => Message::new("runbook-watched"),
        };
        lines.push(say(&watch.with("took", took).with("within", Quantity::duration(within)), language));
    }
    if let Some(Happening::Opened { note }) = kept.happened.first().map(|first| &first.what)
        && !note.trim().is_empty()
    {
        lines.push(format!("> {}", plain(note)));
    }
    lines.push(String::new());
    for step in &runbook.steps {
        let last = kept.last_of(&step.id);
        let standing = kept.standing(step);
        let when = last.map(|last| format!(" · <t:{}:t> {}", last.at.timestamp(), plain(&last.by.1)));
        let title = step.title.get(language);
        lines.push(format!("{} {title} {}{}", mark(standing), step_mark(&step.does), when.unwrap_or_default()));
        if let (Does::Hand { how } | Does::HostKey { how }, Standing::Open) = (&step.does, standing) {
            lines.push(format!("   ↳ {}", how.get(language)));
        }
    }
    let timeline = kept.timeline();
    let latest = timeline.get(timeline.len().saturating_sub(LATEST)..).unwrap_or_default();
    let latest: Vec<_> = latest.iter().map(|moment| line(moment, runbook, kept, language)).collect();
    let colour = match (kept.closed(), runbook.severity) {
        (Some(_), _) => COLOURS[2],
        (None, Severity::Critical) => COLOURS[0],
        (None, Severity::High) => COLOURS[1],
    };
    let title = Message::new("runbook-title")
        .with("number", kept.id.to_string())
        .with("title", runbook.title.clone())
        .with("host", host.clone());
    Card {
        title: say(&title, language),
        description: lines.join("\n"),
        colour,
        fields: vec![(word("runbook-timeline", language), latest.join("\n"))],
        footer: word("runbook-footer", language),
        ..Card::default()
    }
}

/// Who does a step of this kind; the card's last line says what each mark means.
pub const fn step_mark(does: &Does) -> &'static str {
    match does {
        Does::Look { .. } => "🔎",
        Does::Act { .. } => "🔐",
        Does::Hand { .. } => "✋",
        Does::HostKey { .. } => "🔑",
    }
}

const fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "▫️",
        Standing::Waits => "⏳",
        Standing::Runs => "▶️",
        Standing::Bad => "⚠️",
        Standing::Done => "✅",
    }
}

/// The host key that a machine shows: how it is held against the console, and who said that it is right.
pub fn key(address: &str, fingerprint: &str, how: &Localised, approved_by: Option<&str>, language: Language) -> Card {
    let mut lines = vec![format!("`{}`", plain(address)), format!("`{fingerprint}`")];
    lines.push(match approved_by {
        None => say(&Message::new("runbook-key-compare").with("how", how.clone()), language),
        Some(name) => say(&Message::new("runbook-key-by").with("name", plain(name)), language),
    });
    Card {
        title: word("runbook-key-title", language),
        description: lines.join("\n"),
        colour: if approved_by.is_some() { COLOURS[2] } else { COLOURS[1] },
        ..Card::default()
    }
}

fn severity(severity: Severity, language: Language) -> String {
    match severity {
        Severity::Critical => word("runbook-critical", language),
        Severity::High => word("runbook-high", language),
    }
}

fn opened(kept: &KeptRunbook, now: chrono::DateTime<chrono::Utc>, language: Language) -> String {
    let lead = kept.lead().map_or_else(String::new, |(id, _)| format!("<@{id}>"));
    let since = kept.opened_at().map_or(0, |at| at.timestamp());
    let message = match kept.closed() {
        None => Message::new("runbook-open").with("since", format!("<t:{since}:R>")),
        Some((true, _)) => Message::new("runbook-solved").with("took", Quantity::duration(kept.took(now))),
        Some((false, _)) => Message::new("runbook-given-up").with("took", Quantity::duration(kept.took(now))),
    };
    say(&message.with("lead", lead), language)
}

/// What a line of the timeline tells, and who did it.
fn told(moment: &Moment<'_>, runbook: &Runbook, kept: &KeptRunbook, language: Language) -> (String, String) {
    let of = |id: RequestId, what: String| {
        let message = Message::new("runbook-request").with("request", id.0.to_string()).with("what", what);
        say(&message, language)
    };
    let signoff = || "signoff".to_owned();
    match &moment.event {
        Event::Happened(one) => (one.by.1.clone(), what(&one.what, runbook, kept, language)),
        Event::Said(id, said) => {
            let word = Message::new("gate-word").with("word", said.word.name());
            (said.name.clone(), of(*id, say(&word, language)))
        }
        Event::Begun(id) => (signoff(), of(*id, word("runbook-begun", language))),
        Event::Ended(id, state) => (signoff(), of(*id, state_name(*state, language))),
    }
}

/// What happened, in a line.
fn what(happening: &Happening, runbook: &Runbook, kept: &KeptRunbook, language: Language) -> String {
    let not_well = |check: &NotWell| format!("{} {}", mark_of(check.grade), check.title.get(language));
    let step = |id: &str| runbook.step(id).map_or_else(|| id.to_owned(), |step| step.title.get(language).to_owned());
    let message = match happening {
        Happening::Opened { .. } => Message::new("runbook-did-open"),
        Happening::Led => Message::new("runbook-did-lead"),
        Happening::Looked { step: id, well, bad } if bad.is_empty() => {
            Message::new("runbook-did-look").with("step", step(id)).with("well", well.to_string())
        }
        Happening::Looked { step: id, well, bad } => Message::new("runbook-did-look-bad")
            .with("step", step(id))
            .with("well", well.to_string())
            .with("bad", bad.iter().map(not_well).collect::<Vec<_>>().join(", ")),
        Happening::Asked { step: id, request } => {
            let asked = kept.acts.get(&RequestId(*request)).map(|kept| &kept.asked);
            let title = || asked.map_or_else(String::new, |asked| asked.title.get(language).to_owned());
            Message::new("runbook-did-ask")
                .with("step", id.as_deref().map_or_else(title, step))
                .with("request", request.to_string())
                .with("reason", asked.map_or_else(String::new, |asked| plain(&asked.reason)))
        }
        Happening::Shown { step: id, address, fingerprint } => Message::new("runbook-did-show")
            .with("step", step(id))
            .with("address", address.as_str())
            .with("fingerprint", fingerprint.as_str()),
        Happening::Trusted { step: id, fingerprint, .. } => {
            Message::new("runbook-did-trust").with("step", step(id)).with("fingerprint", fingerprint.as_str())
        }
        Happening::Done { step: id } => Message::new("runbook-did-do").with("step", step(id)),
        Happening::Noted { note } => Message::new("runbook-did-note").with("note", plain(note)),
        Happening::Closed { solved: true, .. } => Message::new("runbook-did-solve"),
        Happening::Closed { solved: false, .. } => Message::new("runbook-did-give-up"),
    };
    say(&message, language)
}

fn line(moment: &Moment<'_>, runbook: &Runbook, kept: &KeptRunbook, language: Language) -> String {
    let (who, told) = told(moment, runbook, kept, language);
    // Eight of them, and the signs between, fit into a field.
    cut(&format!("<t:{}:T> {} · {told}", moment.at.timestamp(), plain(&who)), 125)
}

/// How it ended, in one line, with the comparison a drill asks for.
pub fn ending(runbook: &Runbook, kept: &KeptRunbook, before: Option<&Exercise>, language: Language) -> String {
    let took = kept.closed().map(|(_, at)| kept.took(at)).unwrap_or_default();
    let mut lines = vec![match (drill_passed(runbook, kept), kept.closed()) {
        (Some(passed), _) => {
            let key = if passed { Message::new("runbook-drill-passed") } else { Message::new("runbook-drill-failed") };
            let within = Quantity::duration(runbook.within.unwrap_or_default());
            say(&key.with("took", Quantity::duration(took)).with("within", within), language)
        }
        (None, Some((true, _))) => {
            say(&Message::new("runbook-over-solved").with("took", Quantity::duration(took)), language)
        }
        (None, _) => say(&Message::new("runbook-over-given-up").with("took", Quantity::duration(took)), language),
    }];
    if let Some(before) = before {
        let than = Message::new("runbook-drill-before")
            .with("took", Quantity::duration(before.took))
            .with("at", format!("<t:{}:d>", before.ended_at.timestamp()));
        lines.push(say(&than, language));
    }
    lines.join("\n")
}

/// The whole of it, to be kept elsewhere: times in the deployment's zone.
pub fn markdown(runbook: &Runbook, kept: &KeptRunbook, host: &Localised, zone: Tz, language: Language) -> String {
    let mut text = format!("# #{} {} · {}\n\n", kept.id, runbook.title.get(language), host.get(language));
    let symptom = Message::new("runbook-symptom")
        .with("severity", severity(runbook.severity, language))
        .with("symptom", runbook.symptom.clone());
    text.push_str(&format!("- {}\n", say(&symptom, language)));
    text.push_str(&format!("- {}\n\n", ending(runbook, kept, None, language)));
    text.push_str(&format!("| {} | | |\n|---|---|---|\n", word("runbook-time", language)));
    for moment in kept.timeline() {
        let at = moment.at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z");
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let (who, told) = told(&moment, runbook, kept, language);
        text.push_str(&format!("| {at} | {} | {} |\n", cell(&who), cell(&told)));
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::runbook::{Happened, RunbookStep};

    #[test]
    fn a_closed_runbook_reads_as_a_timeline() {
        let text = |text: &str| Localised { ko: text.to_owned(), en: text.to_owned() };
        let at = |minute: i64| DateTime::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap();
        let runbook = Runbook {
            id: "drill".to_owned(),
            title: text("Drill"),
            description: text("Drill"),
            severity: Severity::High,
            symptom: text("lost"),
            open: Vec::new(),
            fits: Vec::new(),
            within: Some(std::time::Duration::from_secs(3600)),
            steps: vec![RunbookStep {
                id: "key".to_owned(),
                title: text("Key"),
                does: Does::Hand { how: text("see it") },
            }],
        };
        let happened = |what, minute| Happened { what, by: (7, "지|민".to_owned()), at: at(minute) };
        let mut kept = KeptRunbook {
            id: 3,
            runbook: "drill".to_owned(),
            host: "here".to_owned(),
            channel: 8,
            thread: None,
            place: None,
            acts: std::collections::BTreeMap::new(),
            happened: vec![happened(Happening::Opened { note: "@everyone".to_owned() }, 0)],
        };
        let open = card(&runbook, &kept, &text("Here"), at(5), Language::En);
        assert!(open.description.contains("▫️ Key ✋") && open.description.contains("see it"), "{}", open.description);
        assert!(open.description.contains(&format!("<t:{}:R>", at(60).timestamp())), "{}", open.description);
        kept.happened.push(happened(Happening::Done { step: "key".to_owned() }, 20));
        kept.happened.push(happened(Happening::Closed { solved: true, note: String::new() }, 40));
        let whole = markdown(&runbook, &kept, &text("Here"), chrono_tz::Asia::Seoul, Language::En);
        assert!(whole.contains("40 min") && whole.contains("지\\|민") && whole.contains("Key"), "{whole}");
        let before = Exercise {
            kind: crate::domain::exercise::ExerciseKind::Drill,
            passed: true,
            ended_at: at(-60_000),
            took: std::time::Duration::from_secs(3000),
            told_by: String::new(),
        };
        assert!(ending(&runbook, &kept, Some(&before), Language::En).contains("50 min"));
    }
}
