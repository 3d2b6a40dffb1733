//! What an act would act on, as it is now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What an act would act on, by name: the id of a container, the digest of an image, the hash of a file, the list of what
/// would be cleared away. Never its health: a container that keeps crashing would void every approval of its restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity(pub BTreeMap<String, String>);

impl Identity {
    /// Adds that `what` is `this` one.
    #[must_use]
    pub fn with(mut self, what: impl Into<String>, this: impl Into<String>) -> Self {
        self.0.insert(what.into(), this.into());
        self
    }

    /// What is another one in `now`, came in addition, or is gone: names, in order.
    pub fn differs_from<'a>(&'a self, now: &'a Self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self
            .0
            .keys()
            .chain(now.0.keys())
            .map(String::as_str)
            .filter(|name| self.0.get(*name) != now.0.get(*name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named_once() {
        let before = Identity::default().with("container serverpod", "1a").with("image serverpod", "9f");
        let after = Identity::default().with("container serverpod", "2b").with("file dump", "77");
        assert_eq!(before.differs_from(&after), ["container serverpod", "file dump", "image serverpod"]);
        assert!(before.differs_from(&before).is_empty());
    }
}
