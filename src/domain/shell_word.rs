//! Words of a command line.

use std::borrow::Cow;

/// `word` as `sh` reads it as one word.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(safe) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word() {
        for (word, expected) in
            [("/var/lib", "/var/lib"), ("", "''"), ("a b", "'a b'"), ("it's $(x)", r"'it'\''s $(x)'")]
        {
            assert_eq!(quoted(word), expected);
        }
    }
}
