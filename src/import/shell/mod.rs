//! The command lines of a code block, by a parser of the shell's language.

mod parse;
mod take;

/// One statement of a code block: a pipeline, a loop, a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Statement {
    /// Its first line in the document, from 1.
    pub(super) line: usize,
    /// As it is written.
    pub(super) text: String,
    /// The comment directly above it.
    pub(super) comment: Option<String>,
    /// What the block says it prints.
    pub(super) expected: Vec<String>,
    /// Every program that it starts, with its words; those inside of a word not.
    pub(super) programs: Vec<Vec<Word>>,
    /// The pieces that decide what it may do.
    pub(super) shape: Shape,
}

/// What a statement is made of, besides its programs.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// It could not be read: why.
    pub(super) unreadable: Option<String>,
    /// A file that it writes, or another thing that no reading statement has.
    pub(super) writes: Option<String>,
    /// The words of its loops.
    pub(super) loops: Vec<String>,
    /// It is nothing but an assignment.
    pub(super) assigns: bool,
}

/// One word of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Without its quotes; what is only known when it runs stands as it is written.
    pub(super) text: String,
    /// It holds a variable, which nobody sets on the host.
    pub(super) variable: bool,
    /// It may become several words, or begins with what it finds: `{a,b}`, `*`.
    pub(super) expands: bool,
    /// It begins with what a command prints.
    pub(super) open: bool,
}

/// A comment that stands between statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    /// Its line in the document, from 1.
    pub(super) line: usize,
    /// Its text, without `#`.
    pub(super) text: String,
}

/// Reads a code block whose first line of content is `line`. `expects` says whether a comment tells of an output.
pub(super) fn statements(block: &str, line: usize, expects: impl Fn(&str) -> bool) -> (Vec<Statement>, Vec<Remark>) {
    let mut found: Vec<Statement> = Vec::new();
    let mut remarks = Vec::new();
    let mut at = 0;
    loop {
        let (start, groups) = skip(block, at, line);
        let ends = start >= block.len();
        let last = groups.len().saturating_sub(1);
        let mut comment = None;
        for (index, group) in groups.into_iter().enumerate() {
            let expected = group.remarks.first().is_some_and(|remark| expects(&remark.text));
            match found.last_mut() {
                Some(statement) if expected => {
                    statement.expected.extend(group.remarks.into_iter().map(|remark| remark.text));
                }
                _ if index == last && group.touches && !ends => {
                    comment = group.remarks.last().map(|remark| remark.text.clone());
                }
                _ => remarks.extend(group.remarks),
            }
        }
        if ends {
            return (found, remarks);
        }
        let rest = block.get(start..).unwrap_or_default();
        let line_of = |at: usize| line + block.get(..start + at).unwrap_or_default().matches('\n').count();
        let (length, read) = match parse::first(rest) {
            Ok(first) => {
                let read = first.statements.iter().map(|range| Statement {
                    line: line_of(range.start),
                    comment: comment.take(),
                    ..Statement::read(rest.get(range.clone()).unwrap_or_default())
                });
                (first.length, read.collect::<Vec<_>>())
            }
            // Nobody can tell where it ends: it goes on to the end of the block.
            Err(why) => {
                let mut statement = Statement { line: line_of(0), comment, ..Statement::default() };
                rest.trim_end_matches(['\n', ' ']).clone_into(&mut statement.text);
                statement.shape.unreadable = Some(why);
                (rest.len(), vec![statement])
            }
        };
        found.extend(read);
        at = start + length.max(1);
    }
}

/// Comments that stand together.
struct Group {
    remarks: Vec<Remark>,
    /// A statement follows on the next line.
    touches: bool,
}

/// Passes over blank lines and comments from `at` on.
fn skip(block: &str, mut at: usize, line: usize) -> (usize, Vec<Group>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut open = false;
    while let Some(rest) = block.get(at..).filter(|rest| !rest.is_empty()) {
        let current = rest.lines().next().unwrap_or_default();
        let trimmed = current.trim_start_matches([' ', '\t', ';']);
        if let Some(comment) = trimmed.strip_prefix('#') {
            let remark = Remark { line: line + block[..at].matches('\n').count(), text: comment.trim().to_owned() };
            match groups.last_mut().filter(|_| open) {
                Some(group) => group.remarks.push(remark),
                None => groups.push(Group { remarks: vec![remark], touches: true }),
            }
            open = true;
        } else if trimmed.is_empty() {
            if let Some(group) = groups.last_mut().filter(|_| current.len() < rest.len() && at_line_start(block, at)) {
                group.touches = false;
            }
            open = false;
        } else {
            return (at + current.len() - trimmed.len(), groups);
        }
        at += current.len() + 1;
    }
    (block.len(), groups)
}

fn at_line_start(block: &str, at: usize) -> bool {
    at == 0 || block.as_bytes().get(at - 1) == Some(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &str) -> Vec<Statement> {
        statements(block, 10, |comment| comment.starts_with("expected")).0
    }

    #[test]
    fn a_block_is_its_statements_with_their_comments_and_lines() {
        let found = read("# first\nls -l \\\n  /tmp\n\n# expected:\n# total 0\n\n# 둘째\ndf -h; free -h\n");
        let told: Vec<_> = found.iter().map(|one| (one.line, one.text.as_str(), one.comment.as_deref())).collect();
        assert_eq!(told, [(11, "ls -l \\\n  /tmp", Some("first")), (18, "df -h", Some("둘째")), (18, "free -h", None)]);
        assert_eq!(found[0].expected, ["expected:", "total 0"]);
        assert_eq!(
            found[0].programs[0].iter().map(|word| word.text.as_str()).collect::<Vec<_>>(),
            ["ls", "-l", "/tmp"]
        );
    }

    #[test]
    fn a_comment_apart_is_no_title_and_a_hash_in_quotes_no_comment() {
        let (found, remarks) = statements("# apart\n\necho 'a\n# not a comment\nb'\n", 1, |_| false);
        assert_eq!((found.len(), found[0].comment.as_deref()), (1, None));
        assert_eq!(remarks, [Remark { line: 1, text: "apart".into() }]);
        assert!(found[0].text.contains("# not a comment"));
    }

    #[test]
    fn what_it_writes_is_seen_wherever_it_stands() {
        for (block, writes) in [
            ("echo x > /etc/passwd", "> /etc/passwd"),
            ("for i in 1 2; do echo x >> f; done", "> f"),
            ("ls &", "&"),
            ("PATH=/tmp ls", "PATH=/tmp"),
            ("while true; do ls; done", "while"),
            ("ls() { rm -rf /; }", "ls()"),
            ("ls >& out", ">& out"),
            ("cat <<E\nx\nE", "<<"),
            ("ls ${x:-$(rm y)}", "${…}"),
            ("ls $((x[$(rm y)]))", "${…}"),
            ("ls $'a'", "${…}"),
        ] {
            assert_eq!(read(block)[0].shape.writes.as_deref(), Some(writes), "{block}");
        }
        assert_eq!(read("ls 2>/dev/null 2>&1 < in")[0].shape.writes, None);
    }

    #[test]
    fn commands_inside_of_words_count() {
        let names = |block: &str| read(block)[0].programs.iter().map(|words| words[0].text.clone()).collect::<Vec<_>>();
        assert_eq!(names("ls $(rm -rf /)"), ["rm", "ls"]);
        assert_eq!(names("ls \"a `reboot` b\""), ["reboot", "ls"]);
    }

    #[test]
    fn where_two_ways_to_read_it_differ_it_is_not_read() {
        // A quote behind an escaped dollar sign begins no text of bash's own kind, whose end is another one.
        for block in ["echo \\$'a\\'; rm x; echo 'b'", "echo \"${x;rm y}\" z"] {
            let found = read(block);
            let told = found.iter().any(|one| {
                one.shape.unreadable.is_some()
                    || one.programs.iter().flatten().any(|word| word.variable || word.text == "rm")
            });
            assert!(told, "{found:?}");
        }
    }

    #[test]
    fn a_word_is_what_the_program_gets() {
        let words = |block: &str| read(block)[0].programs[0].iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        assert_eq!(words(r#"grep -iE "(a|b)" 'c d' e\ f ~/x"#), ["grep", "-iE", "(a|b)", "c d", "e f", "~/x"]);
        assert_eq!(words("docker run -e A=b -v /x:/y i:t"), ["docker", "run", "-e", "A=b", "-v", "/x:/y", "i:t"]);
        assert_eq!(
            words("psql -c \"SELECT COUNT(*) FROM \\\"user\\\";\""),
            ["psql", "-c", "SELECT COUNT(*) FROM \"user\";"]
        );
        assert_eq!(words("awk '{print $1}' \"$x\""), ["awk", "{print $1}", "$x"]);
        let marks = |word: &str| {
            let found = read(&format!("ls {word}"));
            let word = found[0].programs.last().unwrap()[1].clone();
            (word.variable, word.expands, word.open)
        };
        assert_eq!(marks("'$x'"), (false, false, false));
        assert_eq!(marks("\"$x\""), (true, false, false));
        assert_eq!(marks("a{b,c}"), (false, true, false));
        assert_eq!(marks("*.log"), (false, true, false));
        assert_eq!(marks("\"*\""), (false, false, false));
        assert_eq!(marks("$(pwd)/x"), (false, false, true));
        assert_eq!(marks("x$"), (false, false, false));
    }

    #[test]
    fn what_no_shell_reads_is_said_to_be_unreadable_and_nothing_is_lost() {
        let found = read("ls\ndiff <(a) <(b)\nrm x\n");
        assert_eq!(found.len(), 2);
        assert!(found[1].shape.unreadable.is_some());
        assert!(found[1].text.contains("rm x"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(block in "([-a-z0-9 '\"$(){}<>|&;#\\\\\n`*~+!\\[\\]=가]|if |do |case |<<E|99999999999){0,60}") {
            let _ = read(&block);
        }
    }
}
