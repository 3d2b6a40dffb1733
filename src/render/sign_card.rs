//! Signing as cards: the walk, what was signed, and the line below a report that says who signed.

use chrono::{DateTime, Utc};

use super::card::{Card, cut};
use super::line::{mark, values};
use super::markdown::plain;
use super::report_card::colour;
use crate::domain::finding::FindingId;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::run::RunId;
use crate::domain::signoff::draft::{Attested, Draft, Memo, Need, Said, asks};
use crate::domain::signoff::{Case, Entry, SignOff, Signature, Standing, Worse};
use crate::domain::waiver::Waiver;
use crate::text::{say, word};

/// The most characters of a free text in one line.
const IN_LINE: usize = 120;
/// The most characters of a free text in a field.
const IN_FIELD: usize = 900;

/// What a person sees of the walk.
pub struct Shown<'a> {
    /// The run.
    pub run: RunId,
    /// Its result.
    pub report: &'a Report,
    /// What is signed.
    pub case: &'a Case,
    /// What was said so far.
    pub draft: &'a Draft,
    /// The check that is spoken of now.
    pub item: Option<&'a ReportedCheck>,
    /// What is to be said above it.
    pub note: Option<&'a Message>,
}

/// The walk: what is open, what was said, what is asked now.
pub fn walk(shown: &Shown<'_>, language: Language) -> Card {
    let Shown { run, report, case, draft, item, note } = *shown;
    let mut lines: Vec<String> = note.iter().map(|note| format!("**{}**", say(note, language))).collect();
    lines.push(format!("{} · {run}", say(&case.period.message(), language)));
    let asked: Vec<_> = report.checks().filter(|check| asks(check)).collect();
    if asked.is_empty() {
        lines.push(word("sign-nothing-open", language));
    }
    lines.extend(asked.iter().map(|check| item_line(check, draft, language)));
    let mut fields = Vec::new();
    for memo in Memo::of(case.period.every()) {
        if let Some(text) = draft.memos.get(memo) {
            fields.push((memo_name(*memo, language), plain_lines(text.as_str())));
        }
    }
    if let Some(check) = item {
        fields.push(question(check, draft, language));
    }
    Card {
        title: heading(&report.title, &report.host_title, language),
        description: lines.join("\n"),
        colour: colour(report.grade()),
        fields,
        footer: word("sign-kept", language),
        ..Card::default()
    }
}

/// `❌ **Disk** 85 % → finding F3`.
fn item_line(check: &ReportedCheck, draft: &Draft, language: Language) -> String {
    let title = plain(check.title.get(language));
    let shown = plain(&values(check, language));
    let answers = answers(draft.attested.get(&check.id).copied(), draft.said.get(&check.id), language);
    let answer = match draft.need(check) {
        Some(Need::Attestation) => word("sign-need-attestation", language),
        Some(Need::Word) if answers.is_empty() => word("sign-need-word", language),
        Some(Need::Word) => format!("{answers} · {}", word("sign-need-word", language)),
        None => answers,
    };
    let bold = if draft.need(check).is_some() { "**" } else { "" };
    format!("{} {bold}{title}{bold}  {shown} → {answer}", mark(check.grade))
}

/// What was said of a check, in one line.
fn answers(attested: Option<Attested>, said: Option<&Said>, language: Language) -> String {
    let mut parts = Vec::new();
    parts.extend(attested.map(|attested| attested_name(attested, language)));
    parts.extend(said.map(|said| match said {
        Said::Finding(finding) => finding_name(*finding, language),
        Said::Waiver(_) => format!("⏳ {}", word("grade-waived", language)),
        Said::Note(note) => format!("📝 {}", plain(&cut(note.as_str(), IN_LINE))),
    }));
    parts.join(" · ")
}

/// What is asked of the check that is spoken of now: its name, why it is bad, and what may be done.
fn question(check: &ReportedCheck, draft: &Draft, language: Language) -> (String, String) {
    let mut lines: Vec<String> = check.reasons.iter().take(3).map(|reason| plain(&say(reason, language))).collect();
    let key = match (check.grade, draft.need(check)) {
        (Grade::Manual, Some(Need::Attestation)) => "sign-ask-attestation",
        (Grade::Manual, Some(Need::Word)) => "sign-ask-word-no",
        (_, Some(_)) => "sign-ask-word",
        (_, None) => "sign-ask-change",
    };
    lines.push(word(key, language));
    (format!("{} {}", mark(check.grade), check.title.get(language)), lines.join("\n"))
}

/// What was signed, by whom, when, and whether it still holds.
pub fn signed(
    sign_off: &SignOff,
    titles: (&Localised, &Localised),
    note: Option<&Message>,
    language: Language,
) -> Card {
    let Signature { run, hash, by, at, .. } = &sign_off.signature;
    let mut lines: Vec<String> = note.iter().map(|note| format!("**{}**", say(note, language))).collect();
    lines.push(format!("{} · {run}", say(&sign_off.case.period.message(), language)));
    lines.push(say(&by_whom("sign-signed-by", &by.name, *at), language));
    lines.extend(sign_off.ended.as_ref().map(|ended| say(&why_open_again(ended), language)));
    for stated in &sign_off.checks {
        let answers = answers(stated.attested, stated.said.as_ref(), language);
        lines.push(format!("{} {} → {answers}", mark(stated.grade), plain(stated.title.get(language))));
    }
    let texts = sign_off.memos.iter().map(|(memo, text)| (memo_name(*memo, language), plain_lines(text.as_str())));
    let hash = say(&Message::new("sign-hash").with("hash", hash.0.short()), language);
    Card {
        title: heading(titles.0, titles.1, language),
        description: lines.join("\n"),
        colour: colour(if sign_off.ended.is_none() { Grade::Pass } else { Grade::Warn }),
        fields: texts.collect(),
        footer: hash,
        ..Card::default()
    }
}

/// A waiver that ends within a day.
pub fn waiver_ends(waiver: &Waiver, titles: (&Localised, &Localised), over: bool, language: Language) -> Card {
    let made = &waiver.made;
    let (title, ends) =
        if over { ("waiver-is-over-title", "waiver-is-over") } else { ("waiver-ends-title", "waiver-ends") };
    let told = Message::new(ends)
        .with("check", plain(made.title.get(language)))
        .with("until", format!("<t:{}:f>", made.until.timestamp()));
    let reason = Message::new("waiver-reason")
        .with("reason", plain(&cut(made.reason.as_str(), IN_FIELD)))
        .with("person", plain(&made.by.name));
    Card {
        title: say(&Message::new(title).with("title", named(titles, language)), language),
        description: format!(
            "{}\n{}\n💡 {}",
            say(&told, language),
            say(&reason, language),
            word("waiver-ends-do", language)
        ),
        colour: colour(Grade::Waived),
        footer: waiver.mark(),
        ..Card::default()
    }
}

/// How the case of a result stands, in one line below it; nothing where the result has nothing to do with it.
pub fn standing(standing: &Standing, run: Option<RunId>, language: Language) -> String {
    let message = match standing {
        Standing::Open => Message::new("sign-open"),
        Standing::Signed(signature) if Some(signature.run) == run => {
            by_whom("sign-signed-by", &signature.by.name, signature.at)
        }
        Standing::Signed(signature) => {
            by_whom("sign-signed-other", &signature.by.name, signature.at).with("run", signature.run.to_string())
        }
        Standing::OpenAgain { was, why } => {
            let was = by_whom("sign-was-signed", &was.by.name, was.at).with("run", was.run.to_string());
            return format!("{}\n{}", say(&why_open_again(why), language), say(&was, language));
        }
    };
    say(&message, language)
}

fn why_open_again(why: &Entry) -> Message {
    match why {
        Entry::Withdrawn { by, at, reason } => {
            by_whom("sign-withdrawn-by", &by.name, *at).with("reason", plain(&cut(reason.as_str(), IN_LINE)))
        }
        Entry::Reopened { run, worse, .. } => {
            let (ko, en) = (titles_of(worse, Language::Ko), titles_of(worse, Language::En));
            Message::new("sign-reopened").with("run", run.to_string()).with("checks", Localised { ko, en })
        }
        Entry::Signed(signature) => by_whom("sign-signed-by", &signature.by.name, signature.at),
    }
}

fn titles_of(worse: &[Worse], language: Language) -> String {
    cut(&worse.iter().map(|worse| plain(worse.title.get(language))).collect::<Vec<_>>().join(", "), IN_LINE)
}

fn by_whom(key: &'static str, name: &str, at: DateTime<Utc>) -> Message {
    Message::new(key).with("person", plain(name)).with("at", format!("<t:{}:f>", at.timestamp()))
}

fn heading(title: &Localised, host_title: &Localised, language: Language) -> String {
    say(&Message::new("sign-title").with("title", named((title, host_title), language)), language)
}

fn named((title, host_title): (&Localised, &Localised), language: Language) -> Message {
    Message::new("report-heading").with("title", title.get(language)).with("host", host_title.get(language))
}

/// `finding F3`.
pub fn finding_name(finding: FindingId, language: Language) -> String {
    say(&Message::new("finding-name").with("finding", finding.to_string()), language)
}

/// What a free text of the templates is called.
pub fn memo_name(memo: Memo, language: Language) -> String {
    let key = match memo {
        Memo::Memo => "memo-memo",
        Memo::Findings => "memo-findings",
        Memo::Actions => "memo-actions",
        Memo::Improvements => "memo-improvements",
        Memo::Plan => "memo-plan",
    };
    word(key, language)
}

/// What a person saw, in a word.
pub fn attested_name(attested: Attested, language: Language) -> String {
    let key = match attested {
        Attested::Yes => "attested-yes",
        Attested::No => "attested-no",
        Attested::NotApplicable => "attested-not-applicable",
    };
    word(key, language)
}

/// A free text with its lines, within a field.
pub fn plain_lines(text: &str) -> String {
    cut(&text.lines().map(plain).collect::<Vec<_>>().join("\n"), IN_FIELD)
}
