//! Which hosts somebody means: one, all of them, or those of a tag.

use std::fmt;

/// The word for all hosts; no host can be called so.
pub const ALL: &str = "all";
/// What stands before a tag; no host's name can begin so.
pub const TAG: &str = "tag:";

/// Which hosts somebody means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The host of this name.
    One(String),
    /// Every host.
    All,
    /// Every host that has this tag.
    Tagged(String),
}

impl Target {
    /// What somebody wrote or chose: `gear-freak`, `all`, `tag:web`. Whether there is such a host is not asked here.
    pub fn of(written: &str) -> Self {
        let written = written.trim();
        match written.strip_prefix(TAG) {
            Some(tag) => Self::Tagged(tag.to_owned()),
            None if written == ALL => Self::All,
            None => Self::One(written.to_owned()),
        }
    }
}

impl fmt::Display for Target {
    /// As it is read back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(name) => f.write_str(name),
            Self::All => f.write_str(ALL),
            Self::Tagged(tag) => write!(f, "{TAG}{tag}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for target in [Target::One("gear-freak".to_owned()), Target::All, Target::Tagged("web".to_owned())] {
            assert_eq!(Target::of(&target.to_string()), target);
        }
        assert_eq!(Target::of(" all "), Target::All);
        assert_eq!(Target::of("allegro"), Target::One("allegro".to_owned()));
        assert_eq!(Target::of("tag:"), Target::Tagged(String::new()));
    }
}
