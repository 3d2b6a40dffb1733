//! The command lines of a code block, by a parser of the shell's language.

use conch_parser::ast::{
    Command, ComplexWord, CompoundCommandKind, ListableCommand, Parameter, ParameterSubstitution, PipeableCommand,
    Redirect, RedirectOrCmdWord, RedirectOrEnvVar, SimpleWord, TopLevelCommand, TopLevelWord, Word as AstWord,
};
use conch_parser::lexer::Lexer;
use conch_parser::parse::DefaultParser;

/// A piece of a word, as the parser has it.
type Piece = SimpleWord<String, Parameter<String>, Box<Substitution>>;
type Substitution = ParameterSubstitution<
    Parameter<String>,
    TopLevelWord<String>,
    TopLevelCommand<String>,
    conch_parser::ast::Arithmetic<String>,
>;

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
        let mut parser = DefaultParser::new(Lexer::new(rest.chars()));
        let parsed = parser.complete_command();
        let mut length = parser.pos().byte.min(rest.len());
        let mut statement =
            Statement { line: line + block[..start].matches('\n').count(), comment, ..Statement::default() };
        match parsed {
            Ok(Some(command)) => statement.take(&command),
            Ok(None) => return (found, remarks),
            Err(error) => {
                statement.shape.unreadable = Some(error.to_string());
                length = rest.len();
            }
        }
        while !rest.is_char_boundary(length) {
            length += 1;
        }
        let length = length.max(1);
        rest.get(..length).unwrap_or(rest).trim_end_matches([';', '\n', ' ']).clone_into(&mut statement.text);
        found.push(statement);
        at = start + length;
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

impl Statement {
    fn take(&mut self, command: &TopLevelCommand<String>) {
        let list = match &command.0 {
            Command::List(list) => list,
            Command::Job(list) => {
                self.shape.writes.get_or_insert_with(|| "&".to_owned());
                list
            }
        };
        let before = self.programs.len();
        let rest = list.rest.iter().map(|next| match next {
            conch_parser::ast::AndOr::And(next) | conch_parser::ast::AndOr::Or(next) => next,
        });
        for part in std::iter::once(&list.first).chain(rest) {
            match part {
                ListableCommand::Single(command) => self.take_pipeable(command),
                ListableCommand::Pipe(_, stages) => stages.iter().for_each(|stage| self.take_pipeable(stage)),
            }
        }
        if self.programs.len() == before && self.shape.loops.is_empty() && self.shape.writes.is_none() {
            self.shape.assigns = true;
        }
    }

    fn take_pipeable(
        &mut self,
        command: &conch_parser::ast::ShellPipeableCommand<String, TopLevelWord<String>, TopLevelCommand<String>>,
    ) {
        match command {
            PipeableCommand::Simple(simple) => {
                for part in &simple.redirects_or_env_vars {
                    match part {
                        RedirectOrEnvVar::Redirect(redirect) => self.take_redirect(redirect),
                        RedirectOrEnvVar::EnvVar(name, value) => {
                            let value = value.as_ref().map(|value| self.word(value)).unwrap_or_default();
                            let words = &simple.redirects_or_cmd_words;
                            if !words.is_empty() && !matches!(name.as_str(), "LC_ALL" | "LANG" | "TZ") {
                                self.shape.writes.get_or_insert_with(|| format!("{name}={}", value.text));
                            }
                        }
                    }
                }
                let mut words = Vec::new();
                for part in &simple.redirects_or_cmd_words {
                    match part {
                        RedirectOrCmdWord::Redirect(redirect) => self.take_redirect(redirect),
                        RedirectOrCmdWord::CmdWord(word) => words.push(self.word(word)),
                    }
                }
                if !words.is_empty() {
                    self.programs.push(words);
                }
            }
            PipeableCommand::Compound(compound) => {
                compound.io.iter().for_each(|redirect| self.take_redirect(redirect));
                match &compound.kind {
                    CompoundCommandKind::Brace(body) | CompoundCommandKind::Subshell(body) => {
                        body.iter().for_each(|command| self.take(command));
                    }
                    CompoundCommandKind::For { words, body, .. } => {
                        for word in words.iter().flatten() {
                            let word = self.word(word);
                            self.shape.loops.push(word.text);
                        }
                        body.iter().for_each(|command| self.take(command));
                    }
                    CompoundCommandKind::While(pair) | CompoundCommandKind::Until(pair) => {
                        // It may never end.
                        self.shape.writes.get_or_insert_with(|| "while".to_owned());
                        pair.guard.iter().chain(&pair.body).for_each(|command| self.take(command));
                    }
                    CompoundCommandKind::If { conditionals, else_branch } => {
                        let all = conditionals.iter().flat_map(|pair| pair.guard.iter().chain(&pair.body));
                        all.chain(else_branch.iter().flatten()).for_each(|command| self.take(command));
                    }
                    CompoundCommandKind::Case { word, arms } => {
                        let _ = self.word(word);
                        arms.iter().flat_map(|arm| &arm.body).for_each(|command| self.take(command));
                    }
                }
            }
            // Its name could be that of a program, and what it does is only known when it is called.
            PipeableCommand::FunctionDef(name, _) => {
                self.shape.writes.get_or_insert_with(|| format!("{name}()"));
            }
        }
    }

    fn take_redirect(&mut self, redirect: &Redirect<TopLevelWord<String>>) {
        match redirect {
            Redirect::Write(_, to)
            | Redirect::Append(_, to)
            | Redirect::Clobber(_, to)
            | Redirect::ReadWrite(_, to) => {
                let to = self.word(to).text;
                if to != "/dev/null" {
                    self.shape.writes.get_or_insert_with(|| format!("> {to}"));
                }
            }
            Redirect::Read(_, from) | Redirect::Heredoc(_, from) => {
                let _ = self.word(from);
            }
            Redirect::DupRead(_, to) | Redirect::DupWrite(_, to) => {
                let to = self.word(to).text;
                if to.parse::<u8>().is_err() {
                    self.shape.writes.get_or_insert_with(|| format!(">& {to}"));
                }
            }
        }
    }

    /// A word; the commands inside of it count among the statement's own.
    fn word(&mut self, word: &TopLevelWord<String>) -> Word {
        let mut made = Word::default();
        let parts = match &word.0 {
            ComplexWord::Single(part) => std::slice::from_ref(part),
            ComplexWord::Concat(parts) => parts.as_slice(),
        };
        for part in parts {
            match part {
                AstWord::SingleQuoted(text) => made.text.push_str(text),
                AstWord::DoubleQuoted(pieces) => pieces.iter().for_each(|piece| self.piece(piece, true, &mut made)),
                AstWord::Simple(piece) => self.piece(piece, false, &mut made),
            }
        }
        made
    }

    fn piece(&mut self, piece: &Piece, quoted: bool, made: &mut Word) {
        match piece {
            SimpleWord::Literal(text) => {
                // `{}` is find's and xargs's own, and stays as it is.
                made.expands |= !quoted && text.contains('{') && text != "{}";
                made.text.push_str(text);
            }
            SimpleWord::Escaped(text) => made.text.push_str(text),
            SimpleWord::Star => {
                made.expands |= !quoted && made.text.is_empty();
                made.text.push('*');
            }
            SimpleWord::Question => {
                made.expands |= !quoted && made.text.is_empty();
                made.text.push('?');
            }
            SimpleWord::SquareOpen => {
                made.expands |= !quoted && made.text.is_empty();
                made.text.push('[');
            }
            SimpleWord::SquareClose => made.text.push(']'),
            SimpleWord::Tilde => made.text.push('~'),
            SimpleWord::Colon => made.text.push(':'),
            SimpleWord::Param(parameter) => {
                made.variable = true;
                made.text.push_str(&parameter.to_string());
            }
            SimpleWord::Subst(substitution) => match substitution.as_ref() {
                ParameterSubstitution::Command(commands) => {
                    made.open |= made.text.is_empty();
                    made.text.push_str("$(…)");
                    // They run before the program that gets what they print: whatever they may do counts first.
                    commands.iter().for_each(|command| self.take(command));
                }
                // Its value may run a command of its own.
                _ => {
                    made.variable = true;
                    made.text.push_str("${…}");
                    self.shape.writes.get_or_insert_with(|| "${…}".to_owned());
                }
            },
        }
    }
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
        ] {
            assert_eq!(read(block)[0].shape.writes.as_deref(), Some(writes), "{block}");
        }
        assert_eq!(read("ls 2>/dev/null 2>&1 < in")[0].shape.writes, None);
        // The old way to write both streams into a file is not known to the parser: it is not read at all.
        assert!(read("ls >& out")[0].shape.unreadable.is_some());
    }

    #[test]
    fn commands_inside_of_words_count() {
        let names = |block: &str| read(block)[0].programs.iter().map(|words| words[0].text.clone()).collect::<Vec<_>>();
        assert_eq!(names("ls $(rm -rf /)"), ["rm", "ls"]);
        assert_eq!(names("ls \"a `reboot` b\""), ["reboot", "ls"]);
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
        fn no_text_makes_it_panic(block in "[-a-z0-9 '\"$(){}<>|&;#\\\\\n`*\\[\\]=가]{0,60}") {
            let _ = read(&block);
        }
    }
}
