//! What a person wrote, and who did.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text that a person wrote: never blank, never longer than what a modal takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Words(String);

/// Why a text is none that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// There is nothing in it.
    #[error("is blank")]
    Blank,
    /// It has so many characters.
    #[error("has {0} characters")]
    TooLong(usize),
}

impl Words {
    /// The most characters: as many as one input of a modal takes.
    pub const MOST: usize = 4000;

    /// `text` without the blanks around it.
    ///
    /// # Errors
    /// [`WordsError`] when nothing is left of it, or too much.
    pub fn new(text: &str) -> Result<Self, WordsError> {
        let text = text.trim();
        // A zero-width space looks like nothing, and is nothing.
        if text
            .chars()
            .all(|c| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        {
            return Err(WordsError::Blank);
        }
        match text.chars().count() {
            length if length > Self::MOST => Err(WordsError::TooLong(length)),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Words {
    type Error = WordsError;

    fn try_from(text: String) -> Result<Self, WordsError> {
        Self::new(&text)
    }
}

impl From<Words> for String {
    fn from(words: Words) -> Self {
        words.0
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person as the record knows them: their id, and what they were called then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Who {
    /// Their id in Discord.
    pub id: u64,
    /// What they were called.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_no_words() {
        for blank in ["", " \n\t ", "\u{200b}", "\u{feff} \u{200d}"] {
            assert_eq!(Words::new(blank), Err(WordsError::Blank), "{blank:?}");
        }
        assert_eq!(Words::new(" 확인했습니다 \n").unwrap().as_str(), "확인했습니다");
        assert_eq!(Words::new(&"가".repeat(4001)), Err(WordsError::TooLong(4001)));
        assert!(serde_json::from_str::<Words>("\" \"").is_err(), "nor is it read back as some");
    }
}
