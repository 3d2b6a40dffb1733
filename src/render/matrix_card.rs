//! Many hosts side by side as a card: a row for each check, a mark in it for each host. The marks stand first in a line and
//! are all of one width, so that the columns stand below each other on a phone as well; each has a shape of its own.

use super::card::{Card, File};
use super::line::{mark, tally};
use super::markdown::plain;
use super::report_card::colour;
use super::table::row;
use crate::domain::grade::Grade;
use crate::domain::matrix::{Cell, Column, Matrix, Stage};
use crate::domain::message::{Language, Localised, Message};
use crate::domain::report::ReportedCheck;
use crate::text::{say, word};

/// The heads of the columns, which are as wide as a mark; a phone shows no more of them in a line.
const HEADS: [&str; 10] = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟"];
/// What one field holds, and all of them together beside the hosts' own lines, in characters.
const FIELD: usize = 1024;
const ALL_FIELDS: usize = 3400;
/// The characters of a host's name in its line.
const NAME: usize = 40;

/// The colour of runs that have not come to their end.
const RUNNING: u32 = 0x5B_64_70;

/// What stands where a check has not come in, and where a host has no such check.
const WAITING: &str = "▫️";
const NOTHING: &str = "➖";

/// The card. Where there are more hosts than a line holds, those that a person must look at stand in it; and whatever is not
/// shown stands in the file.
pub fn card(matrix: &Matrix, footer: String, language: Language) -> Card {
    let shown: Vec<usize> = if matrix.columns.len() <= HEADS.len() {
        (0..matrix.columns.len()).collect()
    } else {
        let mut worst: Vec<_> = matrix.worst_first().into_iter().take(HEADS.len()).collect();
        worst.sort_unstable();
        worst
    };
    let columns: Vec<&Column> = shown.iter().filter_map(|place| matrix.columns.get(*place)).collect();
    let rest: Vec<&Column> = matrix
        .columns
        .iter()
        .enumerate()
        .filter(|(place, _)| !shown.contains(place))
        .map(|(_, column)| column)
        .collect();
    let rows = matrix.rows();
    let (fields, whole) = fields(&rows, &columns, language);
    let mut lines: Vec<_> =
        HEADS.iter().zip(&columns).map(|(head, column)| host_line(head, column, language)).collect();
    lines.extend((!rest.is_empty()).then(|| rest_line(&rest, language)));
    if !matrix.is_over() {
        lines.insert(0, progress(matrix, language));
    }
    let partial = !whole || !rest.is_empty();
    lines.extend((partial && matrix.is_over()).then(|| word("matrix-in-file", language)));
    let file = (partial && matrix.is_over())
        .then(|| File { name: format!("{}.md", matrix.command), content: markdown(matrix, language).into_bytes() });
    Card {
        title: heading(matrix, language),
        description: lines.join("\n"),
        colour: if matrix.is_over() { colour(matrix.grade()) } else { RUNNING },
        fields,
        footer,
        file,
        ..Card::default()
    }
}

/// `일일 체크 · 호스트 3개`.
fn heading(matrix: &Matrix, language: Language) -> String {
    let hosts = Message::new("matrix-hosts").with("count", matrix.columns.len().to_string());
    let heading = Message::new("report-heading").with("title", matrix.title.get(language)).with("host", hosts);
    say(&heading, language)
}

fn progress(matrix: &Matrix, language: Language) -> String {
    let over = matrix.columns.iter().filter(|column| column.is_over()).count();
    let message =
        Message::new("run-progress").with("done", over.to_string()).with("total", matrix.columns.len().to_string());
    say(&message, language)
}

/// `1️⃣ ❌ **웹 1** · 이상 1 · 정상 11 · #41`.
fn host_line(head: &str, column: &Column, language: Language) -> String {
    let name = plain(&super::card::cut(column.report.host_title.get(language), NAME));
    let (sign, told) = match &column.stage {
        Stage::Running(came_in) => {
            let progress = Message::new("run-progress")
                .with("done", came_in.len().to_string())
                .with("total", column.report.checks().count().to_string());
            (WAITING, say(&progress, language))
        }
        Stage::CutOff => (mark(Grade::Unknown), word("matrix-cut-off", language)),
        Stage::Kept | Stage::NotKept(_) => (mark(column.grade()), tally(&column.report.tally(), language)),
    };
    let mut line = format!("{head} {sign} **{name}** · {told}");
    if let Some(run) = column.run {
        line.push_str(&format!(" · {run}"));
    }
    if let Stage::NotKept(why) = &column.stage {
        let warning = Message::new("run-not-kept").with("why", why.clone());
        line.push_str(&format!("\n⚠️ {}", plain(&say(&warning, language))));
    }
    line
}

/// How the hosts are that have no column of their own.
fn rest_line(rest: &[&Column], language: Language) -> String {
    let count = |grade| rest.iter().filter(|column| column.is_over() && column.grade() == grade).count();
    let mut counts: Vec<_> =
        Grade::ALL.into_iter().map(|grade| (grade, count(grade))).filter(|(_, count)| *count > 0).collect();
    counts.dedup();
    let message =
        Message::new("matrix-rest").with("count", rest.len().to_string()).with("tally", tally(&counts, language));
    say(&message, language)
}

/// The rows, section by section, and whether every one of them is there. Where they do not fit, first the rows give way in
/// which every host is well, then the titles are cut, and at last the rows at the end.
fn fields(
    rows: &[(&Localised, Vec<&ReportedCheck>)],
    columns: &[&Column],
    language: Language,
) -> (Vec<(String, String)>, bool) {
    let heads: String = HEADS.iter().take(columns.len()).copied().collect();
    let build = |only_bad: bool| -> Vec<(String, String)> {
        let mut left_out = 0;
        let mut fields: Vec<_> = rows
            .iter()
            .filter_map(|(title, checks)| {
                let (shown, well): (Vec<&&ReportedCheck>, Vec<_>) =
                    checks.iter().partition(|check| !only_bad || !all_well(check, columns));
                left_out += well.len();
                let lines: Vec<_> = shown.iter().map(|check| line(check, columns, language)).collect();
                (!lines.is_empty()).then(|| (title.get(language).to_owned(), lines.join("\n")))
            })
            .collect();
        if left_out > 0 {
            let well = Message::new("matrix-well").with("count", left_out.to_string());
            fields.push((word("matrix-rest-of-rows", language), say(&well, language)));
        }
        fields
    };
    let fits = |fields: &[(String, String)]| {
        let length = |text: &str| text.chars().count();
        let all: usize = fields.iter().map(|(name, value)| length(name) + length(value)).sum();
        all <= ALL_FIELDS
            && fields.iter().all(|(_, value)| length(value) + length(&heads) < FIELD)
            && fields.len() <= 25
    };
    let whole = build(false);
    let (mut fields, shown) = if fits(&whole) { (whole, true) } else { (build(true), false) };
    // The heads stand once, above the first row.
    if let Some((_, first)) = fields.first_mut() {
        *first = format!("{heads}\n{first}");
    }
    (within(fields), shown)
}

/// As many fields as there is room for; the card cuts a single one that is too long at a line's end.
fn within(fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut left = ALL_FIELDS;
    fields
        .into_iter()
        .take_while(|(name, value)| {
            let length = name.chars().count() + value.chars().count().min(FIELD);
            let fits = left > 0;
            left = left.saturating_sub(length);
            fits
        })
        .collect()
}

fn all_well(check: &ReportedCheck, columns: &[&Column]) -> bool {
    columns
        .iter()
        .all(|column| matches!(column.cell(&check.id), Cell::Nothing | Cell::Graded(Grade::Pass | Grade::Skipped)))
}

/// `✅❌✅ 디스크`.
fn line(check: &ReportedCheck, columns: &[&Column], language: Language) -> String {
    let marks: String = columns.iter().map(|column| sign(column.cell(&check.id))).collect();
    let title = plain(&super::card::cut(check.title.get(language), NAME));
    let bad =
        columns.iter().any(|column| matches!(column.cell(&check.id), Cell::Graded(grade) if grade.needs_attention()));
    if bad { format!("{marks} **{title}**") } else { format!("{marks} {title}") }
}

const fn sign(cell: Cell) -> &'static str {
    match cell {
        Cell::Graded(grade) => mark(grade),
        Cell::Waiting => WAITING,
        Cell::Nothing => NOTHING,
    }
}

/// All of it as a table: every host, every check.
pub fn markdown(matrix: &Matrix, language: Language) -> String {
    let mut lines = vec![format!("# {}", heading(matrix, language)), String::new()];
    let titles = matrix.columns.iter().map(|column| column.report.host_title.get(language).to_owned());
    lines.push(row([word("report-section", language), word("report-check", language)].into_iter().chain(titles)));
    lines.push("|---".repeat(matrix.columns.len() + 2) + "|");
    for (section, checks) in matrix.rows() {
        for check in checks {
            let cells = matrix.columns.iter().map(|column| {
                let value = column.report.check(&check.id).filter(|_| column.is_over());
                let value = value.map(|check| super::line::values(check, language)).unwrap_or_default();
                format!("{} {value}", sign(column.cell(&check.id))).trim_end().to_owned()
            });
            let head = [section.get(language).to_owned(), check.title.get(language).to_owned()];
            lines.push(row(head.into_iter().chain(cells)));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::domain::report::{Report, ReportedEvidence, ReportedSection};
    use crate::domain::run::RunId;
    use crate::domain::target::Target;

    fn both(text: String) -> Localised {
        Localised { ko: text.clone(), en: text }
    }

    fn check(id: usize, grade: Grade) -> ReportedCheck {
        ReportedCheck {
            id: format!("check-{id}"),
            row: None,
            title: both(format!("{id}번째 점검 항목의 긴 이름 **굵게** {}", "가".repeat(60))),
            grade,
            waived: None,
            reasons: Vec::new(),
            shown: Vec::new(),
            threshold: None,
            remedies: Vec::new(),
            evidence: ReportedEvidence::default(),
            measurements: Vec::new(),
        }
    }

    /// A matrix of so many hosts and checks; on each host the check of its number fails.
    fn matrix(hosts: usize, sections: usize, checks: usize, stage: &Stage) -> Matrix {
        let column = |host: usize| {
            let of = |section: usize| {
                let numbers = section * checks..(section + 1) * checks;
                let graded = |id| check(id, if id == host { Grade::Fail } else { Grade::Pass });
                ReportedSection {
                    id: format!("section-{section}"),
                    title: both(format!("{section}번째 묶음")),
                    checks: numbers.map(graded).collect(),
                }
            };
            let report = Report {
                command: "daily".to_owned(),
                title: both("일일 체크".to_owned()),
                host: format!("host-{host}"),
                host_title: both(format!("{host}번 호스트 {}", "나".repeat(80))),
                started_at: chrono::DateTime::UNIX_EPOCH,
                finished_at: chrono::DateTime::UNIX_EPOCH,
                sections: (0..sections).map(of).collect(),
                during: Vec::new(),
                difference: None,
            };
            Column { run: Some(RunId(1000)), report: Arc::new(report), stage: stage.clone() }
        };
        Matrix {
            command: "daily".to_owned(),
            title: both("일일 체크".to_owned()),
            target: Target::All,
            columns: (0..hosts).map(column).collect(),
        }
    }

    #[test]
    fn whatever_the_numbers_the_card_fits_as_it_is_and_the_file_has_the_rest() {
        for (hosts, sections, checks) in [(1, 1, 1), (2, 3, 4), (10, 12, 10), (10, 25, 40), (60, 25, 3), (200, 2, 100)]
        {
            let matrix = matrix(hosts, sections, checks, &Stage::Kept);
            let card = card(&matrix, "기록 #1".to_owned(), Language::Ko);
            let fitted = card.clone().within_limits();
            assert_eq!(fitted.title, card.title);
            assert_eq!(fitted.description, card.description, "{hosts} hosts");
            let shown = card.fields.iter().map(|(_, value)| value.lines().count()).sum::<usize>();
            let whole = hosts <= HEADS.len() && shown > sections * checks;
            assert_eq!(card.file.is_none(), whole, "{hosts} hosts, {sections} x {checks} checks");
            if let Some(file) = &card.file {
                let table = String::from_utf8(file.content.clone()).unwrap();
                assert_eq!(table.matches(mark(Grade::Fail)).count(), hosts.min(sections * checks));
                assert_eq!(table.lines().count(), sections * checks + 4);
            }
        }
    }

    #[test]
    fn of_many_hosts_the_bad_ones_have_the_columns() {
        let mut many = matrix(30, 1, 5, &Stage::Kept);
        // Only the first five hosts fail a check; they are put at the end.
        many.columns.reverse();
        let card = card(&many, String::new(), Language::Ko);
        let rows = &card.fields[0].1;
        assert_eq!(rows.matches(mark(Grade::Fail)).count(), 5, "{rows}");
        assert!(card.description.contains("그 밖의 호스트 20개"), "{}", card.description);
    }

    #[test]
    fn what_is_not_there_yet_is_no_pass_and_what_was_cut_off_neither() {
        let came_in: BTreeSet<String> = ["check-1".to_owned()].into();
        let running = matrix(2, 1, 3, &Stage::Running(Arc::new(came_in)));
        let card = card(&running, String::new(), Language::En);
        let lines: Vec<_> = card.fields[0].1.lines().collect();
        assert!(
            lines[1].starts_with("▫️▫️") && lines[2].starts_with("✅❌") && lines[3].starts_with("▫️▫️"),
            "{lines:?}"
        );
        let cut_off = matrix(2, 1, 1, &Stage::CutOff);
        assert_eq!(cut_off.grade(), Grade::Unknown);
        let card = super::card(&cut_off, String::new(), Language::En);
        assert!(card.fields[0].1.contains("❔❔"), "{:?}", card.fields);
    }
}
