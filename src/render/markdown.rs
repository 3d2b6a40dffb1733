//! Foreign text in Markdown: a log line can hold anything, and must stay a log line.

/// `text` as plain words of a Markdown line: nothing in it formats, links, mentions or breaks the line.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let visible = visible(text);
    let mut chars = visible.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '[' | ']' | '#' => {
                plain.push('\\');
                plain.push(c);
            }
            // A zero-width space parts the sign from the name, so that it is neither a mention, a time nor a link.
            '@' => plain.push_str("@\u{200b}"),
            '<' if chars.peek().is_some_and(|next| matches!(next, '@' | '#' | ':' | '/') || next.is_alphabetic()) => {
                plain.push_str("<\u{200b}");
            }
            // An address that is no link any more.
            ':' if chars.peek() == Some(&'/') => plain.push_str(":\u{200b}"),
            '\n' => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// The last lines of `text` in a fenced block of at most `most` characters. A fence inside of it is broken by zero-width
/// spaces.
pub fn code_block(text: &str, most: usize) -> String {
    const FENCES: usize = 8;
    let shown = visible(text).replace("```", "`\u{200b}`\u{200b}`");
    format!("```\n{}\n```", last_lines(&shown, most.saturating_sub(FENCES)))
}

/// The last whole lines that `most` characters hold: of a log, the end is what matters.
fn last_lines(text: &str, most: usize) -> String {
    let mut kept = Vec::new();
    let mut used = 0;
    for line in text.lines().rev() {
        used += line.chars().count() + 1;
        if used > most && !kept.is_empty() {
            break;
        }
        kept.push(super::card::cut(line, most));
        if used > most {
            break;
        }
    }
    kept.reverse();
    kept.join("\n")
}

/// `text` without what a terminal would obey: ANSI sequences and control characters other than line ends and tabs.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_sequence(&mut chars),
            '\n' | '\t' => shown.push(c),
            // Marks that turn the direction of writing can make a line read as another one.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => {}
            c => shown.push(c),
        }
    }
    shown
}

/// Skips the rest of an escape sequence: CSI up to its final byte, OSC up to its terminator, else one character.
fn skip_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => {
            for c in chars.by_ref() {
                if ('\u{40}'..='\u{7e}').contains(&c) {
                    break;
                }
            }
        }
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' || (c == '\u{1b}' && chars.next_if_eq(&'\\').is_some()) {
                    break;
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_stays_a_log_line() {
        assert_eq!(plain("@everyone **x** `y`\nz"), "@\u{200b}everyone \\*\\*x\\*\\* \\`y\\` z");
        assert_eq!(plain("<@123>"), "<\u{200b}@\u{200b}123\\>");
        assert_eq!(visible("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}end\r\u{202e}"), "red end");
        let block = code_block("a ``` b", 100);
        assert_eq!(block.matches("```").count(), 2);
    }

    proptest::proptest! {
        #[test]
        fn no_fence_gets_out_of_a_block(text in ".*") {
            proptest::prop_assert_eq!(code_block(&text, 40).matches("```").count(), 2);
            proptest::prop_assert!(code_block(&text, 40).chars().count() <= 40);
        }

        #[test]
        fn no_mention_gets_out_of_a_line(text in ".*") {
            let plain = plain(&text);
            proptest::prop_assert!(!plain.contains("@everyone") && !plain.contains("<@"));
        }
    }
}
