//! A trend as a card: the numbers of the picture, in words.

use chrono::{DateTime, Utc};

use super::card::{Card, cut};
use super::line::{grade_name, mark};
use super::markdown::plain;
use super::report_card::colour;
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Localised, Message};
use crate::domain::quantity::Quantity;
use crate::domain::trend::{Line, Summary, Trend};
use crate::text::{say, word};

/// The gaps that are told one by one.
const GAPS: usize = 3;

/// An image's description in Discord, in characters: Discord's API documentation, "Attachment Structure".
const ALT: usize = 1024;

/// What the trend is of.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// What the check is called.
    pub check: &'a Localised,
    /// What the host is called.
    pub host: &'a Localised,
    /// How many days it covers.
    pub days: u32,
}

/// The trend in words.
pub fn card(trend: &Trend, about: About<'_>, language: Language) -> Card {
    let count: usize = summaries(trend).map(|(_, summary)| summary.count).sum();
    let span = match trend.step {
        Some(step) => Message::new("trend-span-sampled").with("step", Quantity::seconds(step.as_seconds_f64())),
        None => Message::new("trend-span"),
    };
    let span = span.with("days", about.days.to_string()).with("count", count.to_string());
    let mut lines = vec![say(&span, language)];
    let mut worst = Grade::Pass;
    for (line, summary) in summaries(trend) {
        lines.push(String::new());
        if let Some(subject) = &line.subject {
            lines.push(say(&Message::new("trend-of").with("subject", plain(subject)), language));
        }
        lines.extend(of_line(trend, &summary, language));
        worst = summary.beyond.map_or(worst, |(grade, _)| grade.min(worst));
    }
    lines.push(String::new());
    lines.extend(besides(trend, language));
    Card {
        title: heading(trend, about, language),
        description: lines.join("\n").trim_end().to_owned(),
        colour: colour(worst),
        ..Card::default()
    }
}

/// What a reader hears who cannot see the picture.
pub fn alt(trend: &Trend, about: About<'_>, language: Language) -> String {
    let line = |(line, summary): (&Line, Summary)| {
        let value = |value| trend.quantity(value);
        let told = Message::new("trend-alt-line")
            .with("subject", line.subject.clone().unwrap_or_default())
            .with("last", value(summary.last.1))
            .with("least", value(summary.least.1))
            .with("mean", value(summary.mean))
            .with("most", value(summary.most.1));
        say(&told, language).trim().to_owned()
    };
    let lines: Vec<_> = summaries(trend).map(line).collect();
    let alt = Message::new("trend-alt")
        .with("heading", heading(trend, about, language))
        .with("days", about.days.to_string())
        .with("lines", lines.join(" "));
    cut(&say(&alt, language), ALT)
}

/// `디스크 · 사용률 · Gear Freak 운영 서버`.
fn heading(trend: &Trend, about: About<'_>, language: Language) -> String {
    let heading = Message::new("trend-heading")
        .with("check", about.check.clone())
        .with("measure", Message::new("measure").with("name", trend.measure.as_str()))
        .with("host", about.host.clone());
    say(&heading, language)
}

fn summaries(trend: &Trend) -> impl Iterator<Item = (&Line, Summary)> {
    trend.lines.iter().filter_map(|line| Some((line, trend.summary(line)?)))
}

fn of_line(trend: &Trend, summary: &Summary, language: Language) -> Vec<String> {
    let now = Message::new("trend-now").with("last", trend.quantity(summary.last.1)).with("at", moment(summary.last.0));
    let spread = Message::new("trend-spread")
        .with("least", trend.quantity(summary.least.1))
        .with("mean", trend.quantity(summary.mean))
        .with("most", trend.quantity(summary.most.1))
        .with("at", moment(summary.most.0));
    let mut lines = vec![say(&now, language), say(&spread, language)];
    match summary.beyond {
        Some((grade, since)) => {
            let beyond = Message::new("trend-beyond")
                .with("grade", grade_name(grade, language))
                .with("since", moment(since))
                .with("wanted", wanted(trend, Some(grade)));
            lines.push(format!("{} {}", mark(grade), say(&beyond, language)));
        }
        None if wanted(trend, None).is_empty() => {}
        None => {
            let within = Message::new("trend-within").with("wanted", wanted(trend, None));
            lines.push(format!("{} {}", mark(Grade::Pass), say(&within, language)));
        }
    }
    lines
}

/// What holds for all lines together.
fn besides(trend: &Trend, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    if trend.limits.iter().all(|limit| limit.edges().is_empty()) {
        lines.push(word("trend-no-limits", language));
    }
    let gaps = trend.gaps();
    if !gaps.is_empty() {
        // Of what is sampled, hours count.
        let style = if trend.step.is_some() { 'f' } else { 'd' };
        let day = |at: DateTime<Utc>| format!("<t:{}:{style}>", at.timestamp());
        let mut spans: Vec<_> =
            gaps.iter().take(GAPS).map(|(from, to)| format!("{} ~ {}", day(*from), day(*to))).collect();
        if gaps.len() > GAPS {
            spans.push("…".to_owned());
        }
        let told = Message::new("trend-gaps").with("count", gaps.len().to_string()).with("spans", spans.join(", "));
        lines.push(say(&told, language));
    }
    if trend.left_out > 0 {
        lines.push(say(&Message::new("trend-left-out").with("count", trend.left_out.to_string()), language));
    }
    lines
}

/// What is good by the thresholds of `grade`, or of the first that there are: `< 80 %`.
fn wanted(trend: &Trend, grade: Option<Grade>) -> String {
    let of = |grade: Grade| {
        let limits = trend.limits.iter().filter(|limit| limit.grade == grade);
        let wanted = limits.map(|limit| limit.condition.wanted()).filter(|wanted| !wanted.is_empty());
        wanted.collect::<Vec<_>>().join(", ")
    };
    match grade {
        Some(grade) => of(grade),
        // The warning is the nearer one.
        None => [Grade::Warn, Grade::Fail].map(of).into_iter().find(|wanted| !wanted.is_empty()).unwrap_or_default(),
    }
}

fn moment(at: DateTime<Utc>) -> String {
    format!("<t:{}:f>", at.timestamp())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::condition::Condition;
    use crate::domain::quantity::Dimension;
    use crate::domain::trend::Limit;

    fn both(ko: &str, en: &str) -> Localised {
        Localised { ko: ko.to_owned(), en: en.to_owned() }
    }

    fn trend(values: &[f64]) -> Trend {
        let start = DateTime::from_timestamp(1_793_491_200, 0).unwrap();
        let points = (0..).zip(values).map(|(day, value)| (start + TimeDelta::days(day), *value)).collect();
        let limit = |grade, text| Limit { grade, condition: Condition::parse(text).unwrap() };
        Trend {
            measure: "used".to_owned(),
            dimension: Dimension::Percent,
            from: start,
            to: start + TimeDelta::days(30),
            lines: vec![Line { subject: Some("/".to_owned()), points, ..Line::default() }],
            left_out: 2,
            limits: vec![limit(Grade::Fail, ">= 80 %"), limit(Grade::Warn, ">= 70 %")],
            step: None,
        }
    }

    #[test]
    fn everything_that_the_picture_shows_stands_in_words() {
        let (check, host) = (both("디스크", "Disk"), both("여기", "Here"));
        let about = About { check: &check, host: &host, days: 30 };
        let bad = trend(&[60.0, 71.0, 74.0]);
        let card = card(&bad, about, Language::Ko);
        assert_eq!(card.title, "디스크 · 사용률 · 여기");
        for part in [
            "최근 30일 · 3회 측정",
            "지금 **74.0 %** (<t:1793664000:f>)",
            "최소 60.0 % · 평균 68.3 % · 최대 74.0 %",
            "⚠️ 주의 · <t:1793577600:f>부터 계속 기준(< 70 %) 밖입니다",
            "측정하지 않은 구간 1개: <t:1793664000:d> ~ <t:1796083200:d>",
            "나머지 2개는 그림에서 뺐습니다",
        ] {
            assert!(card.description.contains(part), "{part} is missing in:\n{}", card.description);
        }
        assert_eq!(card.colour, colour(Grade::Warn));
        let alt = alt(&bad, about, Language::En);
        assert_eq!(
            alt,
            "Disk · used · Here, chart of the last 30 days. / now 74.0 %, least 60.0 %, mean 68.3 %, most 74.0 %."
        );
    }

    #[test]
    fn what_is_well_says_so_and_a_failure_names_its_own_threshold() {
        let (check, host) = (both("디스크", "Disk"), both("여기", "Here"));
        let about = About { check: &check, host: &host, days: 7 };
        let well = card(&trend(&[60.0, 61.0]), about, Language::Ko);
        assert!(well.description.contains("✅ 기준(< 70 %) 안입니다"), "{}", well.description);
        assert_eq!(well.colour, colour(Grade::Pass));
        let fails = card(&trend(&[90.0, 91.0]), about, Language::Ko);
        assert!(fails.description.contains("❌ 이상 ·"), "{}", fails.description);
        assert!(fails.description.contains("기준(< 80 %) 밖입니다"), "{}", fails.description);
    }
}
