//! Where the statements of a code block begin and end, by a parser of the shell's language.

use std::ops::Range;

use brush_parser::ast::{CompoundListItem, SourceLocation};
use brush_parser::word::{WordPieceWithSource, parse};
use brush_parser::{ParserOptions, Token, parse_tokens, uncached_tokenize_str};

/// Nobody writes a statement of more lines or bytes by hand, nor one that is nested more deeply: the parser tries every way
/// to read one, and each bracket doubles the ways.
const MOST_LINES: usize = 100;
const LONGEST: usize = 8_000;
const DEEPEST: usize = 6;
const MOST_CLAUSES: usize = 40;

/// The statements at the beginning of a block.
pub(super) struct First {
    /// How much of the block they are, with what separates them from the rest.
    pub(super) length: usize,
    /// Each of them.
    pub(super) statements: Vec<Range<usize>>,
}

/// The statements on the first line of `rest`, with the lines that they go on over: as many as the shell would read before
/// it runs anything.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn first(rest: &str) -> Result<First, String> {
    let mut why = String::new();
    let mut length = 0;
    for line in rest.split_inclusive('\n').take(MOST_LINES) {
        length += line.len();
        let text = rest.get(..length).unwrap_or(rest);
        if is_extravagant(text) {
            return Err(why);
        }
        // Without the line that it says follows it, a statement would be another one.
        let goes_on = line.trim_end_matches('\n').chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
        if goes_on && length < rest.len() {
            continue;
        }
        match split(text) {
            Ok(statements) => return Ok(First { length, statements }),
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// What `text` runs, one after the other.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn items(text: &str) -> Result<Vec<CompoundListItem>, String> {
    if is_extravagant(text) {
        return Err(text.chars().take(20).collect());
    }
    let program = parse_tokens(&tokens(text)?, &options()).map_err(|error| error.to_string())?;
    Ok(program.complete_commands.into_iter().flat_map(|list| list.0).collect())
}

/// The pieces of a word, and of how many bytes the word is.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn pieces(word: &str) -> Result<Vec<WordPieceWithSource>, String> {
    // Read as bash reads it: what only bash expands is known by its name then, and not taken for text.
    parse(word, &ParserOptions { sh_mode: false, ..options() }).map_err(|error| error.to_string())
}

/// What is imported is run by `sh -c`: it is read as `sh` reads it, and what bash adds to that is not read at all.
fn options() -> ParserOptions {
    ParserOptions {
        sh_mode: true,
        enable_extended_globbing: false,
        tilde_expansion_at_word_start: false,
        tilde_expansion_after_colon: false,
        ..ParserOptions::default()
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    uncached_tokenize_str(text, &options().tokenizer_options()).map_err(|error| error.to_string())
}

/// The places of the statements of `text`.
fn split(text: &str) -> Result<Vec<Range<usize>>, String> {
    let all = items(text)?;
    let tokens = tokens(text)?;
    // The parser counts characters.
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |character: usize| bytes.get(character).copied().unwrap_or(text.len());
    let separates =
        |token: &Token, signs: &[&str]| matches!(token, Token::Operator(sign, _) if signs.contains(&sign.as_str()));
    let mut starts = vec![0];
    for item in all.iter().skip(1) {
        // What begins with a redirection has no place of its own: then all of it is one statement, and judged as one.
        let Some(place) = item.location() else { return Ok(vec![trimmed(text, 0..text.len())]) };
        let mut at = tokens.partition_point(|token| token.location().start.index < place.start.index);
        while at > 0 && tokens.get(at - 1).is_some_and(|before| !separates(before, &[";", "&", "\n"])) {
            at -= 1;
        }
        starts.push(at);
    }
    let ends = starts.iter().copied().skip(1).chain([tokens.len()]);
    let ranges = starts.iter().zip(ends).map(|(start, end)| {
        let own = tokens.get(*start..end).unwrap_or_default();
        let last = own.iter().rev().find(|token| !separates(token, &[";", "\n"]));
        let place = |token: Option<&Token>| token.map(|token| token.location().clone());
        match (place(own.first()), place(last)) {
            (Some(first), Some(last)) => trimmed(text, byte(first.start.index)..byte(last.end.index)),
            _ => 0..0,
        }
    });
    Ok(ranges.filter(|range| !range.is_empty()).collect())
}

/// Without the blanks and the continued line that a place may begin with.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let own = text.get(range.clone()).unwrap_or_default();
    let mut kept = own;
    while let Some(rest) = kept.strip_prefix("\\\n").or_else(|| kept.strip_prefix([' ', '\t', '\n'])) {
        kept = rest;
    }
    let end = range.end - (own.len() - own.trim_end_matches([' ', '\t', '\n']).len());
    (range.start + own.len() - kept.len()).min(end)..end
}

/// Whether reading `text` might take the parser longer than anybody waits, or more than it can count.
fn is_extravagant(text: &str) -> bool {
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in text.chars() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let opens = |word: &&str| matches!(*word, "if" | "while" | "until" | "for" | "case" | "elif" | "function");
    let clauses = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(opens).count();
    text.len() > LONGEST || deepest > DEEPEST || clauses > MOST_CLAUSES || has_uncountable(text)
}

/// A number of a file descriptor or of a folder on the stack that no machine has: the parser counts in 32 and 64 bits.
fn has_uncountable(text: &str) -> bool {
    let mut digits = 0;
    let mut home = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits += 1;
            if home && digits > 9 {
                return true;
            }
            continue;
        }
        if digits > 9 && matches!(c, '<' | '>') {
            return true;
        }
        home = c == '~' || (home && digits == 0 && matches!(c, '+' | '-'));
        digits = 0;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(block: &str) -> Vec<&str> {
        first(block).unwrap().statements.into_iter().map(|range| &block[range]).collect()
    }

    #[test]
    fn a_line_is_its_statements_as_they_are_written() {
        for (block, expected) in [
            ("df -h; free -h\nrm x\n", vec!["df -h", "free -h"]),
            ("ls -l \\\n  /tmp\nrm x\n", vec!["ls -l \\\n  /tmp"]),
            ("ls | # why\n  wc -l\n", vec!["ls | # why\n  wc -l"]),
            ("ls & 2>&1 rm x; ! df  # 끝\n", vec!["ls &", "2>&1 rm x", "! df"]),
            ("디스크 확인; \\\n ls\n", vec!["디스크 확인", "ls"]),
            ("ls; > f\n", vec!["ls; > f"]),
            ("for i in 1 2; do ls; df; done; w\n", vec!["for i in 1 2; do ls; df; done", "w"]),
            ("echo 'a\nb'\nls", vec!["echo 'a\nb'"]),
            ("\\rm x\n", vec!["\\rm x"]),
            ("find . -exec gzip {} \\;\nls\n", vec!["find . -exec gzip {} \\;"]),
            ("cat <<E\n$(rm x)\nE\nls", vec!["cat <<E\n$(rm x)\nE"]),
        ] {
            assert_eq!(of(block), expected, "{block}");
        }
    }

    #[test]
    fn what_would_take_the_parser_too_long_is_not_read() {
        for block in [
            "((((((((((ls))))))))))".to_owned(),
            "$(".repeat(200),
            "if ".repeat(3_000),
            format!("echo {}", "x".repeat(9_000)),
            "ls 99999999999>f".into(),
            "X=~99999999999999999999999".into(),
            "X=~+99999999999999999999999 ls".into(),
            format!("echo 'a\n{}", "b\n".repeat(500)),
        ] {
            assert!(first(&block).is_err(), "{block:.40}");
        }
    }

    #[test]
    fn the_deepest_that_is_read_is_read_soon() {
        let started = std::time::Instant::now();
        for (open, close) in
            [("$(", ")"), ("\"$(", ")\""), ("(", ")"), ("${x:-", "}"), ("$((", "))"), ("`", "`"), ("{ ", ";}")]
        {
            for filling in ["ls", "\"a'b\" $x \\$ `ls` {", ""] {
                let nested = format!("echo {}{filling}{}", open.repeat(6), close.repeat(6));
                if let Ok(first) = first(&nested) {
                    for range in first.statements {
                        let _ = pieces(&nested[range]);
                    }
                }
                let _ = first(&nested[5..]);
                let unclosed = format!("{}{filling}", open.repeat(6));
                let _ = (first(&unclosed), pieces(&unclosed));
            }
        }
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }
}
