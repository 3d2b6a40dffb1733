//! Lines out of the pieces in which a log comes. Constant memory: the end of a very long line is skipped. Pure.

use chrono::{DateTime, Utc};

/// The most bytes of a line that are looked at: more than any line that a person reads, or a program writes in good order.
pub(super) const LINE_BYTES: usize = 256 << 10;

/// Puts pieces together to lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    kept: Vec<u8>,
    skipped: bool,
}

impl Lines {
    /// Whether the next piece begins a line.
    pub(super) const fn is_at_start(&self) -> bool {
        self.kept.is_empty() && !self.skipped
    }

    /// Takes a piece, and gives `line` every line that ends in it, with whether it was cut.
    pub(super) fn push(&mut self, piece: &[u8], mut line: impl FnMut(&[u8], bool)) {
        let mut rest = piece;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (last, next) = (&rest[..end], &rest[end + 1..]);
            if self.is_at_start() && last.len() <= LINE_BYTES {
                line(last, false);
            } else {
                self.keep(last);
                line(&self.kept, self.skipped);
                self.kept.clear();
                self.skipped = false;
            }
            rest = next;
        }
        self.keep(rest);
    }

    /// The last line, where it had no end.
    pub(super) fn finish(self, mut line: impl FnMut(&[u8], bool)) {
        if !self.is_at_start() {
            line(&self.kept, self.skipped);
        }
    }

    fn keep(&mut self, piece: &[u8]) {
        let room = LINE_BYTES.saturating_sub(self.kept.len());
        self.kept.extend_from_slice(&piece[..piece.len().min(room)]);
        self.skipped |= piece.len() > room;
    }
}

/// The time that the engine put before an entry, and the entry.
pub(super) fn take_time(entry: &[u8]) -> (Option<DateTime<Utc>>, &[u8]) {
    // `2026-11-22T09:00:00.123456789Z `, or with a zone.
    let Some(blank) = entry.iter().take(40).position(|byte| *byte == b' ') else { return (None, entry) };
    let time = std::str::from_utf8(&entry[..blank]).ok().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    match time {
        Some(time) => (Some(time.to_utc()), &entry[blank + 1..]),
        None => (None, entry),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines_of(pieces: &[&[u8]]) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        let mut lines = Lines::default();
        let mut take = |line: &[u8], cut: bool| found.push((String::from_utf8_lossy(line).into_owned(), cut));
        for piece in pieces {
            lines.push(piece, &mut take);
        }
        lines.finish(&mut take);
        found
    }

    #[test]
    fn lines_come_out_of_pieces() {
        let whole = |text: &str| (text.to_owned(), false);
        assert_eq!(lines_of(&[b"one\ntw", b"o\n\nthree"]), [whole("one"), whole("two"), whole(""), whole("three")]);
        assert_eq!(lines_of(&[b"", b"\n"]), [whole("")]);
        assert_eq!(lines_of(&[]), []);
        assert_eq!(lines_of(&[b"\xff\xfe\n"]), [whole("\u{fffd}\u{fffd}")]);
    }

    #[test]
    fn a_line_of_ten_megabytes_takes_no_more_than_its_beginning() {
        let piece = vec![b'x'; 16 << 10];
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for _ in 0..640 {
            lines.push(&piece, |_, _| unreachable!());
            assert!(lines.kept.capacity() <= 2 * LINE_BYTES);
        }
        lines.push(b"\nnext\n", |line, cut| found.push((line.len(), cut)));
        assert_eq!(found, [(LINE_BYTES, true), (4, false)]);
    }

    #[test]
    fn the_time_of_an_entry_is_taken_off() {
        let (time, rest) = take_time(b"2026-11-22T09:00:00.123456789Z [ERROR] x\n");
        assert_eq!(time.unwrap().timestamp_subsec_millis(), 123);
        assert_eq!(rest, b"[ERROR] x\n");
        for entry in [&b"no time here\n"[..], b"", b"2026-11-22T09:00:00Z", b"\xff\xfe x", b" 2026-11-22T09:00:00Z x"] {
            assert_eq!(take_time(entry), (None, entry));
        }
    }

    proptest! {
        #[test]
        fn pieces_make_the_same_lines_wherever_they_are_split(text in "[a\n]{0,60}", cuts in prop::collection::vec(0usize..60, 0..6)) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &text.as_bytes()[cut[0]..cut[1]]).collect();
            let expected: Vec<(String, bool)> = text.lines().map(|line| (line.to_owned(), false)).collect();
            prop_assert_eq!(lines_of(&pieces), expected);
        }
    }
}
