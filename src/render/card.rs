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
/// The rows of buttons and selects below a message, and the buttons in one.
const ROWS: usize = 5;
const BUTTONS: usize = 5;
/// A form's title, its inputs, an input's label and text. Source: the same documentation, "Modal" and "Text Input".
const FORM_TITLE: usize = 45;
const INPUTS: usize = 5;
const INPUT_LABEL: usize = 45;
const INPUT: u16 = 4000;

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
    /// Buttons, five in a row. With the choices they take at most five rows.
    pub buttons: Vec<Button>,
    /// Choices, one in a row, below the buttons.
    pub choices: Vec<Choice>,
    /// A file that comes with it: what is too long to be shown, or a picture.
    pub file: Option<File>,
    /// What a reader hears who cannot see the picture.
    pub alt: String,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// One of several.
    #[default]
    Secondary,
    /// The one that most people want.
    Primary,
    /// It says yes.
    Success,
    /// It says no, or does what cannot be undone.
    Danger,
}

/// A button.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Button {
    /// What comes back when it is pressed.
    pub id: String,
    /// What stands on it.
    pub label: String,
    /// How it looks.
    pub style: Style,
    /// It is there to be read, and cannot be pressed.
    pub dead: bool,
}

/// One out of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What comes back when something is chosen.
    pub id: String,
    /// What stands there before.
    pub placeholder: String,
    /// What can be chosen.
    pub of: Choosing,
}

/// What a choice is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choosing {
    /// One of these.
    Options(Vec<Choosable>),
    /// Somebody of the guild; what comes back is their id.
    Person,
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
    /// Its mark; empty for none.
    pub emoji: &'static str,
}

/// What somebody is asked to fill in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCard {
    /// What comes back when it is sent.
    pub id: String,
    /// The heading.
    pub title: String,
    /// At most five texts.
    pub inputs: Vec<Input>,
}

/// One text to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// By what name it comes back.
    pub id: String,
    /// What is asked.
    pub label: String,
    /// An example, shown while it is empty.
    pub placeholder: String,
    /// What stands there already.
    pub value: String,
    /// It may have several lines.
    pub long: bool,
    /// It may not be left empty.
    pub required: bool,
    /// The most characters it takes; Discord's own limit where this is 0 or beyond it.
    pub most: u16,
}

impl FormCard {
    /// The same form within Discord's limits.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        self.title = cut(&self.title, FORM_TITLE);
        self.inputs.truncate(INPUTS);
        for input in &mut self.inputs {
            input.label = cut(&input.label, INPUT_LABEL);
            input.placeholder = cut(&input.placeholder, OPTION_TEXT);
            input.most = if input.most == 0 { INPUT } else { input.most.min(INPUT) };
            input.value = cut(&input.value, usize::from(input.most));
        }
        self
    }
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
        for choice in &mut self.choices {
            choice.placeholder = cut(&choice.placeholder, OPTION_TEXT);
            if let Choosing::Options(options) = &mut choice.of {
                options.truncate(OPTIONS);
                for option in options {
                    option.label = cut(&option.label, OPTION_TEXT);
                    option.description = cut(&option.description, OPTION_TEXT);
                }
            }
        }
        self.choices.retain(|choice| !matches!(&choice.of, Choosing::Options(options) if options.is_empty()));
        self.choices.truncate(ROWS);
        self.buttons.truncate((ROWS - self.choices.len()) * BUTTONS);
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
