//! Texts of the world, made fit for evidence: without terminal escapes, masked, bounded.

use std::borrow::Cow;

use crate::domain::evidence::KEPT_TEXT;
use crate::domain::log_line::plain;
use crate::domain::mask::Masker;
pub(super) use crate::domain::shell_word::quoted;

/// The most characters of output that evidence keeps.
pub(super) const OUTPUT_LENGTH: usize = KEPT_TEXT;

/// The most characters of one line that evidence keeps.
pub(super) const LINE_LENGTH: usize = 300;

/// `text` without escapes, masked, then cut to `length` characters: in this order, since half a secret is not recognised.
pub(super) fn fit(text: &str, masker: &Masker, length: usize) -> String {
    clip(&masker.mask(&plain(text)), length).into_owned()
}

/// The first `length` characters of `text`, with an ellipsis where there are more.
pub(super) fn clip(text: &str, length: usize) -> Cow<'_, str> {
    match text.char_indices().nth(length) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// `part` of `whole` in per cent; nothing of nothing is 0 %.
pub(super) fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_before_the_text_is_cut() {
        let masker = Masker::new(["hunter2hunter2"]);
        assert_eq!(fit("key hunter2hunter2", &masker, 5), "key •…");
        assert_eq!(fit("\u{1b}[31mkey\u{1b}[0m 한국어", &masker, 5), "key 한…");
    }
}
