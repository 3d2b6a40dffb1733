//! Command lines: how a command is handed to a host's shell so that it ends on the host as well, whoever goes away.

use std::time::Duration;

use crate::domain::evidence::Status;

/// How long a command that ignores the end of its time is left alive on the host before it is killed.
pub(super) const KILL_AFTER: Duration = Duration::from_secs(1);

/// How much longer than the host itself the bot waits: for the kill above, and for the answer to travel.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// What the line before the output of a command begins with; the number of the process that `timeout` is ends it.
/// Whatever comes before it was said by the login shell's own start-up files, and is no part of the output.
pub(super) const MARKER: &str = "--signoff-output-begins:";

/// `command` as arguments of `timeout`, for a machine where no shell stands between.
pub(super) fn arguments(command: &str, deadline: Duration) -> [String; 6] {
    ["-k", &seconds(KILL_AFTER), &seconds(deadline), "sh", "-c", command].map(str::to_owned)
}

/// `command` as one line for the login shell of a host, which may be any shell that knows `exec` and single quotes: csh ends a
/// quotation where a line ends and reads `!` within it, fish reads backslashes, so that none of these stands in the line. It
/// ends after `deadline`, marks where its output begins, and speaks no language but C's.
pub(super) fn line(command: &str, deadline: Duration) -> String {
    // The command is read only after the marker, so that a syntax error in it cannot keep the marker from being printed.
    let begins = format!("export LC_ALL=C; echo {MARKER}$PPID; echo {MARKER}$PPID >&2");
    let script = format!("{begins}; eval \"shift; $(printf %b \"$1\")\"");
    let (kill_after, deadline, command) = (seconds(KILL_AFTER), seconds(deadline), escaped(command));
    format!("exec timeout -k {kill_after} {deadline} sh -c '{script}' sh '{command}'")
}

/// `text` as `printf %b` reads it, without anything in it that some shell does not leave alone between single quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str(r"\0012"),
            '!' => escaped.push_str(r"\0041"),
            '\'' => escaped.push_str(r"\0047"),
            '\\' => escaped.push_str(r"\0134"),
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// `script`, which finds `words` as `$1`, `$2`, …: whatever is in them stays a word.
pub(super) fn with_words(script: &'static str, words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| quote(word)).collect();
    format!("set -- {}\n{script}", words.join(" "))
}

/// `text` as one word of a POSIX shell, whatever is in it.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Whether `timeout` ended the command: it was asked for at least `deadline` ago, and ended as `timeout` ends. A command
/// may give 124 itself, and may be killed by somebody else, but then not at that moment.
pub(super) fn timed_out(status: Option<&Status>, since_asked: Duration, deadline: Duration) -> bool {
    let like_timeout = match status {
        Some(Status::Exit(code)) => matches!(code, 124 | 137),
        // `timeout` kills its whole group, itself among it.
        Some(Status::Signal(name)) => name == "KILL",
        _ => false,
    };
    like_timeout && since_asked >= deadline
}

/// Seconds as `timeout` reads them. A whole number is written as one, since BusyBox knows no other; nothing is never
/// written, since that would mean for ever.
fn seconds(span: Duration) -> String {
    let millis = span.max(Duration::from_millis(1)).as_micros().div_ceil(1000);
    match millis % 1000 {
        0 => (millis / 1000).to_string(),
        rest => format!("{}.{rest:03}", millis / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_written_as_timeout_reads_it() {
        for (span, expected) in [
            (Duration::from_secs(5), "5"),
            (Duration::from_millis(2500), "2.500"),
            (Duration::from_millis(7), "0.007"),
            (Duration::from_micros(1500), "0.002"),
            (Duration::ZERO, "0.001"),
        ] {
            assert_eq!(seconds(span), expected);
        }
    }

    #[test]
    fn any_text_is_one_word() {
        assert_eq!(quote("it's $HOME\n`x`"), "'it'\\''s $HOME\n`x`'");
        assert_eq!(quote(""), "''");
    }

    /// What a command may hold, and what it prints.
    const COMMANDS: [(&str, &str); 8] = [
        ("echo a\necho 'b  c'", "a\nb  c\n"),
        ("# a comment\necho $# $0", "0 sh\n"),
        (
            "set -- 'it'\\''s $HOME' 'x!y \\\\ `z` \"q\" %s 반'\nprintf '<%s>' \"$@\"",
            "<it's $HOME><x!y \\\\ `z` \"q\" %s 반>",
        ),
        ("printf 'a\\tb\\n' | awk '!/x/ {print $2}'", "b\n"),
        ("cat <<EOF\nhere $((1+1))\nEOF\n", "here 2\n"),
        ("printf x\n3 2>/dev/null; printf %s '\\0101'", "x\\0101"),
        ("(", ""),
        ("", ""),
    ];

    #[test]
    fn a_line_holds_nothing_that_shells_read_each_in_their_own_way() {
        for (command, _) in COMMANDS {
            let line = line(command, Duration::from_secs(5));
            assert!(!line.contains(['\n', '!']), "{line}");
            assert_eq!(line.matches('\'').count(), 4, "{line}");
            assert_eq!(line.matches('\\').count(), line.matches("\\0").count(), "{line}");
        }
    }

    #[test]
    fn a_line_runs_its_command_in_whichever_shell() {
        for shell in ["sh", "bash", "tcsh", "csh", "fish", "zsh"] {
            for (command, expected) in COMMANDS {
                let line = line(command, Duration::from_secs(5));
                // Of the shells only `sh` is on every machine.
                let Ok(output) = std::process::Command::new(shell).args(["-c", &line]).output() else {
                    assert_ne!(shell, "sh");
                    continue;
                };
                let printed = String::from_utf8(output.stdout).unwrap();
                let (marker, rest) = printed.split_once('\n').unwrap();
                assert!(marker.starts_with(MARKER), "{shell}: {printed}");
                assert_eq!(rest, expected, "{shell}: {command}");
            }
        }
    }

    #[test]
    fn what_a_word_holds_is_never_read_as_a_script() {
        let attack = "a'; touch /tmp/x; echo `id` $(id) \n..";
        let line = with_words("printf '%s' \"$1\"", &[attack, ""]);
        assert_eq!(line, format!("set -- {} ''\nprintf '%s' \"$1\"", quote(attack)));
    }

    #[test]
    fn only_the_end_that_timeout_makes_counts_as_out_of_time() {
        let deadline = Duration::from_secs(1);
        let (early, late) = (Duration::from_millis(900), Duration::from_millis(1001));
        assert!(timed_out(Some(&Status::Exit(124)), late, deadline));
        assert!(timed_out(Some(&Status::Exit(137)), late, deadline));
        assert!(timed_out(Some(&Status::Signal("KILL".into())), late, deadline));
        assert!(!timed_out(Some(&Status::Exit(124)), early, deadline));
        assert!(!timed_out(Some(&Status::Signal("KILL".into())), early, deadline));
        assert!(!timed_out(Some(&Status::Exit(0)), late, deadline));
        assert!(!timed_out(None, late, deadline));
    }
}
