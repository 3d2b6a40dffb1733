//! A card: what one message shows, free of any chat system, and never beyond the limits of Discord's embeds.

/// A title's limit, in characters. Source of all limits: Discord's API documentation, "Embed Limits".
const TITLE: usize = 256;
const DESCRIPTION: usize = 4096;
const FIELDS: usize = 25;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1024;
const FOOTER: usize = 2048;
/// All texts of all embeds of a message together.
const TOTAL: usize = 6000;
/// A button's label, in characters.
const LABEL: usize = 80;
/// The options of one select, and an option's label and description in characters.
const OPTIONS: usize = 25;
const OPTION_TEXT: usize = 100;

/// What one message shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The heading.
    pub title: String,
    /// What stands below it.
    pub description: String,
    /// The colour of its edge, `0xRRGGBB`.
    pub colour: u32,
    /// Headings with their texts.
    pub fields: Vec<(String, String)>,
    /// The small print.
    pub footer: String,
    /// Buttons, in one row.
    pub buttons: Vec<Button>,
    /// A choice, below the buttons.
    pub choice: Option<Choice>,
    /// What is too long to be shown: a file that comes with it.
    pub file: Option<File>,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What comes back when it is pressed.
    pub id: String,
    /// What stands on it.
    pub label: String,
    /// Whether it is the one that most people want.
    pub primary: bool,
}

/// One out of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What comes back when something is chosen.
    pub id: String,
    /// What stands there before.
    pub placeholder: String,
    /// What can be chosen.
    pub options: Vec<Choosable>,
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    /// What comes back.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// More of it, in small.
    pub description: String,
    /// Its mark.
    pub emoji: &'static str,
}

/// A file that comes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Card {
    /// The same card within all limits: texts are cut with `…`, empty fields left out, and where all together are still
    /// too many, the last fields give way first.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        self.title = cut(&self.title, TITLE);
        self.description = cut(&self.description, DESCRIPTION);
        self.footer = cut(&self.footer, FOOTER);
        self.fields.retain(|(name, value)| !name.trim().is_empty() && !value.trim().is_empty());
        self.fields.truncate(FIELDS);
        for (name, value) in &mut self.fields {
            *name = cut(name, FIELD_NAME);
            *value = cut_lines(value, FIELD_VALUE);
        }
        let mut left = TOTAL.saturating_sub(length(&self.title) + length(&self.footer));
        self.description = cut(&self.description, left);
        left -= length(&self.description);
        self.fields.retain_mut(|(name, value)| {
            let Some(room) = left.checked_sub(length(name) + 1) else { return false };
            *value = cut_lines(value, room);
            left = room + 1 - length(value);
            !value.is_empty()
        });
        for button in &mut self.buttons {
            button.label = cut(&button.label, LABEL);
        }
        if let Some(choice) = &mut self.choice {
            choice.options.truncate(OPTIONS);
            for option in &mut choice.options {
                option.label = cut(&option.label, OPTION_TEXT);
                option.description = cut(&option.description, OPTION_TEXT);
            }
        }
        self.choice = self.choice.filter(|choice| !choice.options.is_empty());
        self
    }

    /// The characters that count against [`TOTAL`].
    #[cfg(test)]
    fn total(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(name, value)| length(name) + length(value)).sum();
        length(&self.title) + length(&self.description) + length(&self.footer) + fields
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The first `most` characters, the last of which is `…` where there were more.
pub fn cut(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    if most > 0 {
        kept.push('…');
    }
    kept
}

/// As many whole lines as `most` characters hold, then `…`: no line is broken, so that no mark is left open.
fn cut_lines(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for line in text.lines() {
        // Room for the line, its end, and the sign that there was more.
        if used + length(line) + 2 > most {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
        used += length(line) + 1;
    }
    if kept.is_empty() {
        return cut(text.lines().next().unwrap_or_default(), most);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words, line ends and Hangul, up to `most` characters: cheaper to make than any character at all.
    fn text(most: usize) -> impl Strategy<Value = String> {
        (0..=most, prop::sample::select(vec!["가나다 라마\n", "a b\n\nc", "점검\n", "x", " "]))
            .prop_map(|(length, piece)| piece.chars().cycle().take(length).collect())
    }

    proptest! {
        #[test]
        fn no_card_goes_beyond_the_limits(
            title in text(600),
            description in text(6000),
            footer in text(3000),
            fields in prop::collection::vec((text(300), text(1500)), 0..30),
        ) {
            let card = Card { title, description, footer, fields, ..Card::default() }.within_limits();
            prop_assert!(length(&card.title) <= TITLE);
            prop_assert!(length(&card.description) <= DESCRIPTION);
            prop_assert!(card.fields.len() <= FIELDS);
            prop_assert!(card.total() <= TOTAL, "{} in all", card.total());
            for (name, value) in &card.fields {
                prop_assert!((1..=FIELD_NAME).contains(&length(name)) && (1..=FIELD_VALUE).contains(&length(value)));
            }
        }
    }

    #[test]
    fn lines_are_cut_whole() {
        assert_eq!(cut_lines("one\ntwo\nthree", 9), "one\ntwo\n…");
        assert_eq!(cut_lines("one\ntwo", 7), "one\ntwo");
        assert_eq!(cut_lines("a very long line", 6), "a ver…");
    }
}
