//! Output, bounded while it comes in: a command that prints without end costs no more memory than one that does not.

use super::Captured;
use super::shell::MARKER;

/// How much of each of the two outputs of a command is kept, in bytes.
pub const OUTPUT_LIMIT: usize = 1 << 20;

/// One output of a command that is still running.
#[derive(Debug, Default)]
pub(super) struct Capture {
    kept: Vec<u8>,
    dropped: u64,
    /// Whether the marker is still to come.
    preamble: bool,
    /// Before this byte of what is kept no marker begins.
    searched: usize,
}

impl Capture {
    /// An output that is the command's from its first byte on.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// An output that is the command's after the marker; all of it, should the marker never come.
    pub(super) fn after_marker() -> Self {
        Self { preamble: true, ..Self::default() }
    }

    /// Takes what came; gives the rest of the marker's line when that is complete with it.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Option<String> {
        let room = OUTPUT_LIMIT.saturating_sub(self.kept.len()).min(bytes.len());
        let (keep, drop) = bytes.split_at(room);
        self.kept.extend_from_slice(keep);
        self.dropped += drop.len() as u64;
        if !self.preamble {
            return None;
        }
        // Each byte is searched once, however many packets a start-up file that never falls silent is cut into.
        let rest = self.kept.get(self.searched..).unwrap_or_default();
        let Some(at) = rest.windows(MARKER.len()).position(|window| window == MARKER.as_bytes()) else {
            // A marker may be cut in two: what came is its beginning.
            self.searched = (self.kept.len() + 1).saturating_sub(MARKER.len());
            return None;
        };
        self.searched += at;
        let from = self.searched + MARKER.len();
        let line = self.kept.get(from..)?;
        let line = line.get(..line.iter().position(|byte| *byte == b'\n')?)?;
        let (text, end) = (String::from_utf8_lossy(line).into_owned(), from + line.len() + 1);
        self.kept.drain(..end);
        self.preamble = false;
        Some(text)
    }

    /// The output as text.
    pub(super) fn finish(mut self) -> Captured {
        if self.dropped > 0 {
            let whole = whole_characters(&self.kept);
            self.dropped += (self.kept.len() - whole) as u64;
            self.kept.truncate(whole);
        }
        let text = match String::from_utf8(self.kept) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        Captured { text, dropped: self.dropped }
    }
}

/// How many of `bytes` there are without the last character, where that was cut in two.
fn whole_characters(bytes: &[u8]) -> usize {
    for (back, byte) in bytes.iter().rev().take(4).enumerate() {
        let length = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF7 => 4,
            _ => 1,
        };
        return if length > back + 1 { bytes.len() - back - 1 } else { bytes.len() };
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(mut capture: Capture, pieces: &[&[u8]]) -> Captured {
        for piece in pieces {
            capture.push(piece);
        }
        capture.finish()
    }

    #[test]
    fn what_the_login_shell_says_is_left_out() {
        let marker = format!("{MARKER}123\n");
        let marker = marker.as_bytes();
        for cut in [7, MARKER.len(), MARKER.len() + 2, marker.len()] {
            let (head, tail) = marker.split_at(cut);
            for pieces in [
                &[b"welcome\n".as_slice(), marker, b"42\n"][..],
                &[b"welcome\n", head, tail, b"42\n"],
                &[head, tail, b"4", b"2\n"],
            ] {
                assert_eq!(captured(Capture::after_marker(), pieces).text, "42\n", "{pieces:?}");
            }
            let mut capture = Capture::after_marker();
            let lines: Vec<_> = [head, tail, b"x"].into_iter().filter_map(|piece| capture.push(piece)).collect();
            assert_eq!(lines, ["123"]);
        }
        // The command itself may print it: only the first is the marker.
        let twice = captured(Capture::after_marker(), &[marker, b"a\n", marker]);
        assert_eq!(twice.text.as_bytes(), [b"a\n", marker].concat());
        let never = captured(Capture::after_marker(), &[b"bash: timeout: not found\n"]);
        assert_eq!(never.text, "bash: timeout: not found\n");
    }

    #[test]
    fn the_marker_is_searched_for_once_in_each_byte_and_found_however_it_is_cut() {
        let said = format!("{}{MARKER}77\n42\n", "--signoff noise\n".repeat(50));
        for size in [1, 5, MARKER.len() - 1, MARKER.len(), MARKER.len() + 1, 64, said.len()] {
            let mut capture = Capture::after_marker();
            let lines: Vec<_> = said.as_bytes().chunks(size).filter_map(|piece| capture.push(piece)).collect();
            assert_eq!(lines, ["77"], "{size}");
            assert_eq!(capture.finish().text, "42\n", "{size}");
        }
        let mut capture = Capture::after_marker();
        for packet in ["noise\n".repeat(1000), "more\n".repeat(1000)] {
            capture.push(packet.as_bytes());
            assert_eq!(capture.searched, capture.kept.len() - (MARKER.len() - 1));
        }
    }

    #[test]
    fn no_more_than_the_limit_is_kept() {
        let chunk = vec![b'x'; 300_000];
        let captured = captured(Capture::new(), &[&chunk, &chunk, &chunk, &chunk]);
        assert_eq!(captured.text.len(), OUTPUT_LIMIT);
        assert_eq!(captured.dropped, 1_200_000 - OUTPUT_LIMIT as u64);
    }

    #[test]
    fn a_character_that_the_limit_cuts_is_left_out() {
        let mut korean = "가".repeat(OUTPUT_LIMIT / 3 + 1).into_bytes();
        korean.push(b'!');
        let captured = captured(Capture::new(), &[&korean]);
        assert!(captured.text.chars().all(|c| c == '가'), "{:?}", captured.text.chars().last());
        assert_eq!(captured.text.len() as u64 + captured.dropped, korean.len() as u64);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(captured(Capture::new(), &[b"a\xff\xfeb"]).text, "a\u{fffd}\u{fffd}b");
        assert_eq!(captured(Capture::new(), &["반".as_bytes().split_at(1).0]).text, "\u{fffd}");
    }
}
