//! What a terminal can show, and what its user wants of that.

use std::ffi::OsString;
use std::io::IsTerminal;

/// Whether what is written to `stream` may have colours: it is a terminal, not a dumb one, and nobody asked for none by
/// `NO_COLOR`. Source: <https://no-color.org>.
pub fn colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && wants_colours(&environment)
}

/// Whether a line of `stream` can be drawn over: it is a terminal, and not a dumb one.
pub(super) fn redraws(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && !is_dumb(&environment)
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn wants_colours(variable: &dyn Fn(&str) -> Option<OsString>) -> bool {
    // An empty one counts as none, as the convention has it.
    !is_dumb(variable) && variable("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn is_dumb(variable: &dyn Fn(&str) -> Option<OsString>) -> bool {
    variable("TERM").is_some_and(|term| term == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dumb_terminal_and_whoever_asks_for_none_get_no_colours() {
        let cases: [(&[(&str, &str)], bool); 6] = [
            (&[], true),
            (&[("TERM", "xterm-256color")], true),
            (&[("TERM", "xterm"), ("NO_COLOR", "")], true),
            (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
            (&[("NO_COLOR", "0")], false),
            (&[("TERM", "dumb")], false),
        ];
        for (variables, expected) in cases {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
            assert_eq!(wants_colours(&variable), expected, "{variables:?}");
            assert_eq!(is_dumb(&variable), variables.contains(&("TERM", "dumb")), "{variables:?}");
        }
    }
}
