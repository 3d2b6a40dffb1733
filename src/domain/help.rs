//! What can be asked, by what one wants.

use super::message::Localised;

/// The command that reads the files anew: only whom `bot.toml` names for it may.
pub const RELOAD: &str = "reload";

/// The commands that are there without a file; no file may be called so.
pub const BUILT_IN: [&str; 17] = [
    "assign",
    "audit",
    "away",
    "can",
    "emergency",
    "findings",
    "help",
    "history",
    "language",
    "me",
    "note",
    "reload",
    "report",
    "rota",
    "swap",
    "trend",
    "why",
];

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To see how the host is.
    Look,
    /// To sign, to file what was found, to see what is theirs.
    Sign,
    /// To know or change whose turn it is.
    Turn,
    /// To look back.
    Past,
    /// To do something about it.
    Act,
    /// Something else.
    Other,
}

impl Wish {
    /// Each, in the order in which they are told.
    pub const ALL: [Self; 6] = [Self::Look, Self::Sign, Self::Turn, Self::Past, Self::Act, Self::Other];

    /// The commands of each, by their names; what a file of `commands/` checks is known without.
    const NAMES: [(Self, &'static [&'static str]); 4] = [
        (Self::Sign, &["me", "findings"]),
        (Self::Turn, &["rota", "assign", "swap", "away"]),
        (Self::Past, &["history", "trend", "report", "audit"]),
        (Self::Other, &["help", "language", RELOAD]),
    ];
}

/// A command that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its name, without the slash.
    pub name: Localised,
    /// What it does.
    pub does: Localised,
    /// Whether it is a checklist.
    pub looks: bool,
}

/// Every command that there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help(pub Vec<Asked>);

impl Help {
    /// The commands for `wish`. Whatever is not known otherwise is there to act.
    pub fn of(&self, wish: Wish) -> impl Iterator<Item = &Asked> {
        self.0.iter().filter(move |asked| asked.wish() == wish)
    }
}

impl Asked {
    fn wish(&self) -> Wish {
        let named = |(_, names): &&(Wish, &[&str])| names.contains(&self.name.en.as_str());
        match Wish::NAMES.iter().find(named) {
            _ if self.looks => Wish::Look,
            Some((wish, _)) => *wish,
            None => Wish::Act,
        }
    }
}
