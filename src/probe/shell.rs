//! One command line on the host: its exit status, its output, and the first number in it.

use super::text::{OUTPUT_LENGTH, fit};
use super::{Watch, World, could_not};
use crate::domain::evidence::{CouldNotLook, Evidence, Looked, Measurement, Status};
use crate::domain::mask::Masker;
use crate::domain::message::Message;
use crate::domain::probe::Shell;
use crate::domain::quantity::{Dimension, Quantity};
use crate::host::Output;

pub(super) async fn look(shell: &Shell, world: &World, watch: &Watch) -> Looked {
    match world.run(&shell.command, watch).await {
        Ok(output) => seen(shell, &output, &world.masker),
        Err(reason) => Err(could_not(&shell.command, reason)),
    }
}

fn seen(shell: &Shell, output: &Output, masker: &Masker) -> Looked {
    let shown = fit(&both(output), masker, OUTPUT_LENGTH);
    let mut evidence =
        Evidence { what: shell.command.clone(), status: output.status.clone(), output: shown, ..Evidence::default() };
    if let Some(signal) = killed_by(output.status.as_ref()) {
        // It did not come to its end: what was printed may be half of it.
        let reason = Message::new("probe-shell-signal").with("signal", signal);
        return Err(CouldNotLook { output: evidence.output, ..could_not(&shell.command, reason) });
    }
    match &output.status {
        // The shell's own words for a command that it may not run, or does not find: nothing was looked at.
        Some(Status::Exit(status @ (126 | 127))) => {
            let reason = Message::new("probe-shell-not-run").with("status", status.to_string());
            return Err(CouldNotLook { output: evidence.output, ..could_not(&shell.command, reason) });
        }
        Some(Status::Exit(status)) => {
            evidence.measurements.push(Measurement::quantity("exit", Quantity::count(f64::from(*status))));
        }
        // The connection went away before the end.
        _ => {
            let mut failed = could_not(&shell.command, Message::new("probe-shell-no-end"));
            failed.output = evidence.output;
            return Err(failed);
        }
    }
    let text = output.stdout.text.trim();
    // Judged whole, and cut when it is kept.
    if output.stdout.dropped == 0 {
        evidence.measurements.push(Measurement::text("output", fit(text, masker, usize::MAX)));
    } else {
        evidence.unread.push(("output".to_owned(), dropped_note(output.stdout.dropped)));
    }
    match first_number(text, shell.number) {
        Some(number) => evidence.measurements.push(Measurement::quantity("number", number)),
        None => evidence.unread.push(("number".to_owned(), Message::new("probe-shell-no-number"))),
    }
    let dropped = output.stdout.dropped + output.stderr.dropped;
    if dropped > 0 {
        evidence.notes.push(dropped_note(dropped));
    }
    Ok(evidence)
}

/// The signal that ended a command: as the system tells it, or as a shell does that waited for it, with 128 and the signal's
/// number. A pipe that nobody reads any more (13) is how `| head` ends what stands before it.
fn killed_by(status: Option<&Status>) -> Option<&str> {
    match status? {
        Status::Signal(signal) => Some(signal.as_str()),
        Status::Exit(130) => Some("INT"),
        Status::Exit(131) => Some("QUIT"),
        Status::Exit(132) => Some("ILL"),
        Status::Exit(134) => Some("ABRT"),
        Status::Exit(135) => Some("BUS"),
        Status::Exit(136) => Some("FPE"),
        Status::Exit(137) => Some("KILL"),
        Status::Exit(139) => Some("SEGV"),
        Status::Exit(143) => Some("TERM"),
        _ => None,
    }
}

/// Some of the output was dropped.
#[expect(clippy::cast_precision_loss, reason = "shown to people, in kB or more")]
pub(super) fn dropped_note(bytes: u64) -> Message {
    Message::new("probe-output-dropped").with("size", Quantity::bytes(bytes as f64))
}

/// What was printed: the output, then the errors.
fn both(output: &Output) -> String {
    let texts = [output.stdout.text.trim_end(), output.stderr.text.trim_end()];
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The first number of `text`, in `dimension`: in its base unit, unless a unit of it follows (`512 MB`).
fn first_number(text: &str, dimension: Dimension) -> Option<Quantity> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let negative = text[..start].ends_with('-') && !text[..start - 1].ends_with(|c: char| c.is_alphanumeric());
    let rest = &text[start..];
    let (value, length) = number(rest)?;
    let value = if negative { -value } else { value };
    let unit = rest[length..].trim_start_matches(' ');
    let unit = &unit[..unit.find(|c: char| !(c.is_ascii_alphabetic() || c == '%')).unwrap_or(unit.len())];
    Quantity::parse(&format!("{value} {unit}"))
        .ok()
        .filter(|quantity| quantity.dimension == dimension && !unit.is_empty())
        .or(Some(Quantity { value, dimension }))
}

/// The number that `text` begins with, and how long it is: `1234`, `1,234.5`.
fn number(text: &str) -> Option<(f64, usize)> {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    // A comma belongs to the number only where it sets off thousands.
    while end <= 3 * 8 && text[end..].starts_with(',') && digits(end + 1) == 3 {
        end += 4;
    }
    if text[end..].starts_with('.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    // `1e3`, `2.5E-7`.
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    Some((text[..end].replace(',', "").parse().ok()?, end))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::host::Captured;

    #[test]
    fn the_first_number_is_found() {
        for (text, dimension, expected) in [
            ("12", Dimension::Count, Some(12.0)),
            ("active: 3 of 5", Dimension::Count, Some(3.0)),
            ("load -0.5", Dimension::Count, Some(-0.5)),
            ("2026-11-22", Dimension::Count, Some(2026.0)),
            ("1,234,567 rows", Dimension::Count, Some(1_234_567.0)),
            ("1,2,3", Dimension::Count, Some(1.0)),
            ("512\t/var/log", Dimension::Bytes, Some(512.0)),
            ("512 MB", Dimension::Bytes, Some(512e6)),
            ("1.5 h", Dimension::Time, Some(5400.0)),
            ("1.5 h", Dimension::Count, Some(1.5)),
            ("83%", Dimension::Percent, Some(83.0)),
            ("5.", Dimension::Count, Some(5.0)),
            ("none", Dimension::Count, None),
            ("", Dimension::Count, None),
        ] {
            let found = first_number(text, dimension).map(|quantity| quantity.value);
            assert_eq!(found, expected, "{text}");
        }
    }

    fn ran(status: Option<Status>, stdout: &str, stderr: &str) -> Looked {
        let captured = |text: &str| Captured { text: text.to_owned(), dropped: 0 };
        let output =
            Output { status, stdout: captured(stdout), stderr: captured(stderr), elapsed: Duration::from_millis(3) };
        let shell = Shell { command: "true".to_owned(), number: Dimension::Count };
        seen(&shell, &output, &Masker::default())
    }

    #[test]
    fn a_command_that_fails_is_evidence() {
        let evidence = ran(Some(Status::Exit(2)), "3 left\n", "warning\n").unwrap();
        assert_eq!(evidence.output, "3 left\nwarning");
        assert_eq!(
            evidence.measurements,
            [
                Measurement::quantity("exit", Quantity::count(2.0)),
                Measurement::text("output", "3 left"),
                Measurement::quantity("number", Quantity::count(3.0)),
            ]
        );
    }

    #[test]
    fn what_is_not_there_is_unread() {
        let evidence = ran(Some(Status::Exit(0)), "nothing", "").unwrap();
        let unread: Vec<_> = evidence.unread.iter().map(|(measure, _)| measure.as_str()).collect();
        assert_eq!(unread, ["number"]);
        let killed = ran(Some(Status::Signal("KILL".to_owned())), "3 of 5", "").unwrap_err();
        assert_eq!((killed.reason.key.as_ref(), killed.output.as_str()), ("probe-shell-signal", "3 of 5"));
        // As bash tells of what it waited for.
        assert_eq!(ran(Some(Status::Exit(137)), "3 of 5", "").unwrap_err(), killed);
        assert!(ran(Some(Status::Exit(141)), "3 of 5", "").is_ok());
    }

    #[test]
    fn a_long_output_is_judged_to_its_end_and_one_that_was_cut_is_not() {
        let long = format!("{}the end", "line\n".repeat(2000));
        let evidence = ran(Some(Status::Exit(0)), &long, "").unwrap();
        let output = evidence.of("output").next().unwrap();
        assert!(output.value.to_string().ends_with("the end"));
        assert!(evidence.output.chars().count() <= OUTPUT_LENGTH + 1);
        assert!(output.kept().value.to_string().chars().count() <= OUTPUT_LENGTH + 1);

        let shell = Shell { command: "true".to_owned(), number: Dimension::Count };
        let stdout = Captured { text: long, dropped: 9 };
        let cut =
            Output { status: Some(Status::Exit(0)), stdout, stderr: Captured::default(), elapsed: Duration::ZERO };
        let evidence = seen(&shell, &cut, &Masker::default()).unwrap();
        assert_eq!(evidence.of("output").count(), 0);
        assert!(evidence.unread.iter().any(|(measure, _)| measure == "output"));
    }

    #[test]
    fn a_command_that_is_not_there_was_no_look() {
        for status in [126, 127] {
            let output = Output {
                status: Some(Status::Exit(status)),
                stdout: Captured::default(),
                stderr: Captured { text: "sh: 1: psql: not found".to_owned(), dropped: 0 },
                elapsed: Duration::ZERO,
            };
            let shell = Shell { command: "psql".to_owned(), number: Dimension::Count };
            let could_not = seen(&shell, &output, &Masker::new(Vec::<String>::new())).unwrap_err();
            assert_eq!(could_not.reason.key, "probe-shell-not-run");
            assert!(could_not.output.contains("not found"));
        }
    }

    #[test]
    fn an_exponent_belongs_to_the_number() {
        for (text, expected) in [("1e3", 1000.0), ("2.5E-1 s", 0.25), ("7 eggs", 7.0), ("7eggs", 7.0)] {
            let found = first_number(text, Dimension::Count).map(|quantity| quantity.value);
            assert_eq!(found, Some(expected), "{text}");
        }
    }

    #[test]
    fn a_command_without_an_end_was_not_looked_at() {
        let failed = ran(None, "half", "").unwrap_err();
        assert_eq!((failed.output.as_str(), failed.reason), ("half", Message::new("probe-shell-no-end")));
    }
}
