//! What a statement is made of: every program that it may start, and whatever else it may do.

use brush_parser::ast::{
    AndOr, AssignmentName, AssignmentValue, Command, CommandPrefixOrSuffixItem, CompoundCommand, CompoundList,
    CompoundListItem, IoFileRedirectKind, IoFileRedirectTarget, IoRedirect, SeparatorOperator, SimpleCommand,
};
use brush_parser::word::{Parameter, ParameterExpr, WordPiece, WordPieceWithSource};

use super::parse::{items, pieces};
use super::{Statement, Word};

impl Statement {
    /// Reads `text`, which is to be one statement: what it may do is told of these characters, and only they are run.
    pub(super) fn read(text: &str) -> Self {
        let mut statement = Self { text: text.to_owned(), ..Self::default() };
        match items(text) {
            Ok(items) => items.iter().for_each(|item| statement.item(item)),
            Err(why) => statement.unreadable(&why),
        }
        let shape = &statement.shape;
        let nothing = statement.programs.is_empty() && shape.loops.is_empty() && shape.writes.is_none();
        statement.shape.assigns = nothing && shape.unreadable.is_none();
        statement
    }

    fn unreadable(&mut self, why: &str) {
        self.shape.unreadable.get_or_insert_with(|| why.to_owned());
    }

    fn writes(&mut self, what: impl FnOnce() -> String) {
        self.shape.writes.get_or_insert_with(what);
    }

    fn list(&mut self, list: &CompoundList) {
        list.0.iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, CompoundListItem(list, separator): &CompoundListItem) {
        if matches!(separator, SeparatorOperator::Async) {
            self.writes(|| "&".to_owned());
        }
        let rest = list.additional.iter().map(|next| match next {
            AndOr::And(pipeline) | AndOr::Or(pipeline) => pipeline,
        });
        for command in std::iter::once(&list.first).chain(rest).flat_map(|pipeline| &pipeline.seq) {
            self.command(command);
        }
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Simple(simple) => self.simple(simple),
            Command::Compound(compound, redirects) => {
                redirects.iter().flat_map(|list| &list.0).for_each(|redirect| self.redirect(redirect));
                self.compound(compound);
            }
            // Its name could be that of a program, and what it does is only known when it is called.
            Command::Function(function) => self.writes(|| format!("{}()", function.fname.value)),
            // What it compares is worked out as arithmetic, which may run a command.
            Command::ExtendedTest(..) => self.unreadable("[["),
        }
    }

    fn simple(&mut self, simple: &SimpleCommand) {
        for part in simple.prefix.iter().flat_map(|prefix| &prefix.0) {
            match part {
                CommandPrefixOrSuffixItem::AssignmentWord(assignment, word) => {
                    let plain = match (&assignment.name, &assignment.value) {
                        (AssignmentName::VariableName(name), AssignmentValue::Scalar(value)) => Some((name, value)),
                        _ => None,
                    };
                    let Some((name, value)) = plain else {
                        self.writes(|| word.value.clone());
                        continue;
                    };
                    let value = self.word(&value.value);
                    if simple.word_or_name.is_some() && !matches!(name.as_str(), "LC_ALL" | "LANG" | "TZ") {
                        self.writes(|| format!("{name}={}", value.text));
                    }
                }
                part => self.part(part, &mut Vec::new()),
            }
        }
        let mut words: Vec<Word> = simple.word_or_name.iter().map(|word| self.word(&word.value)).collect();
        for part in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
            self.part(part, &mut words);
        }
        if !words.is_empty() {
            self.programs.push(words);
        }
    }

    fn part(&mut self, part: &CommandPrefixOrSuffixItem, words: &mut Vec<Word>) {
        match part {
            CommandPrefixOrSuffixItem::IoRedirect(redirect) => self.redirect(redirect),
            CommandPrefixOrSuffixItem::Word(word) => words.push(self.word(&word.value)),
            // Behind a program it is a word like any other: `docker run -e A=b`.
            CommandPrefixOrSuffixItem::AssignmentWord(assignment, word) => {
                if matches!(assignment.value, AssignmentValue::Array(_)) {
                    self.writes(|| word.value.clone());
                }
                words.push(self.word(&word.value));
            }
            CommandPrefixOrSuffixItem::ProcessSubstitution(..) => self.unreadable("<(…)"),
        }
    }

    fn compound(&mut self, compound: &CompoundCommand) {
        match compound {
            CompoundCommand::BraceGroup(group) => self.list(&group.list),
            CompoundCommand::Subshell(subshell) => self.list(&subshell.list),
            CompoundCommand::ForClause(clause) => {
                for word in clause.values.iter().flatten() {
                    let word = self.word(&word.value);
                    self.shape.loops.push(word.text);
                }
                self.list(&clause.body.list);
            }
            CompoundCommand::CaseClause(clause) => {
                let _ = self.word(&clause.value.value);
                for case in &clause.cases {
                    for pattern in &case.patterns {
                        let _ = self.word(&pattern.value);
                    }
                    case.cmd.iter().for_each(|list| self.list(list));
                }
            }
            CompoundCommand::IfClause(clause) => {
                self.list(&clause.condition);
                self.list(&clause.then);
                for clause in clause.elses.iter().flatten() {
                    clause.condition.iter().for_each(|list| self.list(list));
                    self.list(&clause.body);
                }
            }
            CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
                // It may never end.
                self.writes(|| "while".to_owned());
                self.list(&clause.0);
                self.list(&clause.1.list);
            }
            CompoundCommand::Arithmetic(_) | CompoundCommand::ArithmeticForClause(_) => self.unreadable("((…))"),
            CompoundCommand::Coprocess(_) => self.unreadable("coproc"),
        }
    }

    fn redirect(&mut self, redirect: &IoRedirect) {
        match redirect {
            IoRedirect::File(_, kind, IoFileRedirectTarget::Filename(file)) => {
                let file = self.word(&file.value).text;
                if !matches!(kind, IoFileRedirectKind::Read) && file != "/dev/null" {
                    self.writes(|| format!("> {file}"));
                }
            }
            IoRedirect::File(_, _, IoFileRedirectTarget::Duplicate(to)) => {
                let to = self.word(&to.value).text;
                if to.parse::<u8>().is_err() {
                    self.writes(|| format!(">& {to}"));
                }
            }
            IoRedirect::File(_, _, IoFileRedirectTarget::Fd(_)) => {}
            IoRedirect::File(_, _, IoFileRedirectTarget::ProcessSubstitution(..)) => self.unreadable("<(…)"),
            // No check needs one, and where it ends is told by a word that may be written in many ways.
            IoRedirect::HereDocument(..) => self.writes(|| "<<".to_owned()),
            IoRedirect::HereString(..) => self.writes(|| "<<<".to_owned()),
            IoRedirect::OutputAndError(file, _) => self.writes(|| format!("&> {}", file.value)),
        }
    }

    /// A word; the commands inside of it count among the statement's own.
    fn word(&mut self, word: &str) -> Word {
        let mut made = Word::default();
        match pieces(word) {
            Ok(pieces) => self.pieces(word, &pieces, false, &mut made),
            Err(why) => self.unreadable(&why),
        }
        made
    }

    fn pieces(&mut self, word: &str, pieces: &[WordPieceWithSource], quoted: bool, made: &mut Word) {
        for (index, piece) in pieces.iter().enumerate() {
            let written = word.get(piece.start_index..piece.end_index).unwrap_or(word);
            match &piece.piece {
                // A dollar sign before something that was not understood.
                WordPiece::Text(text) if text == "$" && index + 1 < pieces.len() => {
                    made.variable = true;
                    made.text.push_str(text);
                }
                WordPiece::Text(text) if quoted => made.text.push_str(&text.replace("\\\n", "")),
                WordPiece::Text(text) => {
                    // The parser found the word's end by other rules than its pieces: where they do not agree, nobody
                    // knows what the shell would run.
                    if text.contains([' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')', '`', '\'', '"']) {
                        self.unreadable(word);
                    }
                    // `{}` is find's and xargs's own, and stays as it is.
                    made.expands |= text.contains('{') && text != "{}";
                    made.expands |= made.text.is_empty() && text.starts_with(['*', '?', '[']);
                    made.text.push_str(text);
                }
                WordPiece::SingleQuotedText(text) => made.text.push_str(text),
                WordPiece::EscapeSequence(text) => {
                    made.text.push_str(text.strip_prefix('\\').unwrap_or(text).trim_end_matches('\n'));
                }
                WordPiece::DoubleQuotedSequence(inner) => self.pieces(word, inner, true, made),
                WordPiece::ParameterExpansion(ParameterExpr::Parameter { parameter, indirect: false })
                    if is_plain(parameter) =>
                {
                    made.variable = true;
                    made.text.push_str(written);
                }
                WordPiece::CommandSubstitution(commands) => self.substitution(commands, made),
                WordPiece::BackquotedCommandSubstitution(commands) if !commands.contains(['\\', '`']) => {
                    self.substitution(commands, made);
                }
                // `sh` reads them in another way than bash, or their value may run a command of its own.
                WordPiece::ParameterExpansion(_)
                | WordPiece::ArithmeticExpression(_)
                | WordPiece::BackquotedCommandSubstitution(_)
                | WordPiece::AnsiCQuotedText(_)
                | WordPiece::GettextDoubleQuotedSequence(_)
                | WordPiece::TildeExpansion(_) => {
                    made.variable = true;
                    made.text.push_str("${…}");
                    self.writes(|| "${…}".to_owned());
                }
            }
        }
    }

    fn substitution(&mut self, commands: &str, made: &mut Word) {
        made.open |= made.text.is_empty();
        made.text.push_str("$(…)");
        // They run before the program that gets what they print: whatever they may do counts first.
        match items(commands) {
            Ok(items) => items.iter().for_each(|item| self.item(item)),
            Err(why) => self.unreadable(&why),
        }
    }
}

/// `$x`, `$1`, `$?`: the place of an array's element may run a command.
const fn is_plain(parameter: &Parameter) -> bool {
    matches!(parameter, Parameter::Named(_) | Parameter::Positional(_) | Parameter::Special(_))
}
