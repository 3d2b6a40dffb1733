//! Text without what only a terminal understands.

use std::borrow::Cow;

/// `text` without the escape sequences of terminals, without control characters (but tabs and line ends) and without the
/// characters that turn the direction of writing.
pub fn plain(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && c != '\t' && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => match rest.peek() {
                Some('[') => {
                    rest.next();
                    skip_control_sequence(&mut rest);
                }
                Some(']' | 'P' | 'X' | '^' | '_') => skip_string(&mut rest),
                // Two or three characters: `ESC c`, `ESC ( B`.
                Some(' '..='/') => {
                    rest.next();
                    rest.next();
                }
                Some('0'..='~') => {
                    rest.next();
                }
                _ => {}
            },
            '\u{9b}' => skip_control_sequence(&mut rest),
            c if hidden(c) => {}
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// After `ESC [`: parameters, then one final character.
fn skip_control_sequence(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while rest.next_if(|c| matches!(c, ' '..='?')).is_some() {}
    rest.next_if(|c| matches!(c, '@'..='~'));
}

/// After `ESC ]` and the like: all up to BEL or `ESC \`, or up to the end of the line where it never ends.
fn skip_string(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(c) = rest.next_if(|c| *c != '\n') {
        if c == '\u{7}' || (c == '\u{1b}' && rest.next_if_eq(&'\\').is_some()) {
            return;
        }
    }
}
