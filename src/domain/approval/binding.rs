//! What an approval is for: this act, on this host, with these values, on these very things.

use super::Needed;
use crate::domain::action::{Action, Arguments, Identity};
use crate::domain::digest::Digest;

/// What an approval is bound to. When any of it is another by the time of the act, the approval is void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The host, by its name in `bot.toml`.
    pub host: String,
    /// The action.
    pub action: String,
    /// The version of its definition.
    pub version: Digest,
    /// What was chosen.
    pub arguments: Arguments,
    /// What it would act on.
    pub identity: Identity,
}

impl Binding {
    /// `action` with `arguments` on `host`, which has `identity` for it now.
    pub fn of(host: &str, action: &Action, arguments: Arguments, identity: Identity) -> Self {
        Self { host: host.to_owned(), action: action.id.clone(), version: action.version(), arguments, identity }
    }

    /// The hash of all of it, and of whose word it takes: a rule that became stricter voids what was approved by the old.
    pub fn digest(&self, needed: Needed) -> Digest {
        let word = match needed {
            Needed::Confirmation => "confirmation".to_owned(),
            Needed::Approvals(count) => format!("approvals {count}"),
            Needed::BreakGlass { .. } => "break-glass".to_owned(),
        };
        let count = |map: &std::collections::BTreeMap<String, String>| map.len().to_string();
        let (arguments, identity) = (self.arguments.all(), &self.identity.0);
        let counts = [count(arguments), count(identity)];
        let pairs = arguments.iter().chain(identity).flat_map(|(name, value)| [name.as_str(), value.as_str()]);
        let head = [self.host.as_str(), &self.action, &word, &counts[0], &counts[1]];
        Digest::of_fields(
            head.into_iter().chain(pairs).map(str::as_bytes).chain(std::iter::once(self.version.0.as_slice())),
        )
    }
}
