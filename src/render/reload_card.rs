//! What came of reading the files anew, as a card: every problem with its file and line.

use super::card::{Card, File};
use super::markdown::{plain, visible};
use super::report_card::colour;
use crate::document::{Problem, Problems};
use crate::domain::grade::Grade;
use crate::domain::message::{Language, Message};
use crate::text::{say, word};

/// The characters that the problems may take in the message itself; where they take more, all of them are in a file.
const ROOM: usize = 3500;

/// The files were taken; `changes` says of each that is not as it was what became of it.
pub fn taken<'a>(changes: impl Iterator<Item = (&'a str, &'static str)>, language: Language) -> Card {
    let line = |(name, change): (&str, &'static str)| {
        let line = Message::new("reload-file").with("name", name).with("change", change);
        format!("• {}", plain(&say(&line, language)))
    };
    let lines: Vec<_> = changes.map(line).collect();
    Card {
        title: format!("✅ {}", word("reload-taken", language)),
        description: lines.join("\n"),
        colour: colour(Grade::Pass),
        footer: word("reload-after-runs", language),
        ..Card::default()
    }
}

/// The files are wrong.
pub fn wrong(problems: &Problems, language: Language) -> Card {
    let count = problems.0.len().to_string();
    let all = Message::new("reload-wrong").with("count", count.as_str());
    let lines: Vec<_> = problems.0.iter().map(|problem| shown(problem, language)).collect();
    let fits = lines.iter().map(|line| line.chars().count() + 1).scan(0, |used, length| {
        *used += length;
        (*used <= ROOM).then_some(())
    });
    let fit = fits.count();
    let mut description = lines.iter().take(fit).cloned().collect::<Vec<_>>().join("\n");
    let file = (fit < lines.len()).then(|| {
        description.push_str(&format!("\n{}", word("reload-more", language)));
        let all: Vec<_> = problems.0.iter().map(|problem| written(problem, language)).collect();
        File { name: "problems.txt".to_owned(), content: (all.join("\n") + "\n").into_bytes() }
    });
    Card {
        title: format!("❌ {}", say(&all, language)),
        description,
        colour: colour(Grade::Fail),
        footer: word("reload-old-stays", language),
        file,
        ..Card::default()
    }
}

/// `bot.toml:12:5`, or the file alone where it is about all of it.
fn place(problem: &Problem) -> String {
    match problem.line {
        0 => problem.path.display().to_string(),
        line => format!("{}:{line}:{}", problem.path.display(), problem.column),
    }
}

fn shown(problem: &Problem, language: Language) -> String {
    let hint = problem.hint.as_ref().map(|hint| format!("\n\u{2003}💡 {}", plain(&say(hint, language))));
    let place = place(problem).replace('`', "'");
    format!("`{place}` {}{}", plain(&say(&problem.message, language)), hint.unwrap_or_default())
}

fn written(problem: &Problem, language: Language) -> String {
    let hint = problem.hint.as_ref().map(|hint| format!("\n    {}", visible(&say(hint, language))));
    format!("{}: {}{}", place(problem), visible(&say(&problem.message, language)), hint.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(count: usize) -> Problems {
        let problem = |line| Problem {
            path: "bot.toml".into(),
            line,
            column: 3,
            message: Message::new("config-not-an-id").with("text", format!("{line}: **bold** `code` @everyone")),
            hint: Some(Message::new("file-did-you-mean").with("word", "local")),
        };
        Problems((1..=count).map(problem).collect())
    }

    #[test]
    fn every_problem_is_told_in_the_message_or_else_in_its_file() {
        let few = wrong(&problems(3), Language::Ko).within_limits();
        assert!(few.file.is_none());
        for line in 1..=3 {
            assert!(few.description.contains(&format!("`bot.toml:{line}:3`")), "{}", few.description);
        }
        let many = wrong(&problems(400), Language::En).within_limits();
        let file = String::from_utf8(many.file.unwrap().content).unwrap();
        assert!((1..=400).all(|line| file.contains(&format!("bot.toml:{line}:3: "))));
        assert!(many.title.contains("400"), "{}", many.title);
    }

    #[test]
    fn what_a_file_says_changes_nothing_about_the_message() {
        let card = wrong(&problems(1), Language::En);
        assert!(!card.description.contains("**bold**"), "{}", card.description);
    }
}
