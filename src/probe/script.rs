//! Scripts that look at several things in one go: their output comes in parts, each under a mark of its own.

/// What a mark begins with; no file of `/proc` and no tool used here prints such a line.
const MARK: &str = "==signoff ";

/// The line of a script that begins the part `name`.
pub(super) fn mark(name: &str) -> String {
    format!("printf '\\n{MARK}%s\\n' {}", super::text::quoted(name))
}

/// The part `name` of `output`, without the blank lines around it; empty where there is none.
pub(super) fn part<'a>(output: &'a str, name: &str) -> &'a str {
    parts(output).find(|(part, _)| *part == name).map_or("", |(_, text)| text)
}

/// Every part of `output` with its name, in order.
pub(super) fn parts(output: &str) -> impl Iterator<Item = (&str, &str)> {
    output.split(MARK).skip(1).map(|part| {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        (name.trim(), text.trim_matches('\n'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_their_name() {
        let output = "noise\n\n==signoff one\nfirst\nsecond\n\n==signoff two\n\n==signoff cut";
        assert_eq!(part(output, "one"), "first\nsecond");
        assert_eq!(part(output, "two"), "");
        assert_eq!(part(output, "cut"), "");
        assert_eq!(part(output, "three"), "");
        assert_eq!(part("", "one"), "");
    }
}
