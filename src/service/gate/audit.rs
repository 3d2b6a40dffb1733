//! The audit record as people see it: whether it is whole, and what changed in the files that say who may do what.

use std::collections::BTreeMap;

use super::super::{Chat, ChatError, Service, View};
use super::GateView;
use crate::domain::audit::{Actor, Break, Broken, Deed, Entry, Head};
use crate::domain::digest::Digest;
use crate::domain::message::{Explain, Message};
use crate::store::{StoreError, Verdict};

/// Under what the digests of the files are noted.
const NOTE: &str = "configuration";

/// A sentence that says how the record is broken.
pub fn broken(broken: Broken) -> Message {
    let how = match broken.how {
        Break::Changed => "changed",
        Break::Unlinked => "unlinked",
        Break::Missing => "missing",
    };
    Message::new("audit-broken").with("row", broken.seq.to_string()).with("how", how)
}

/// A sentence that says that it is whole, and how far.
pub fn whole(head: Head) -> Message {
    Message::new("audit-whole").with("rows", head.seq.to_string()).with("hash", head.hash.short())
}

impl Service {
    /// Answers `/audit verify`: follows the whole record. `hash` is one that a report showed: it must be in it.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_verify(&self, hash: Option<&str>, chat: &impl Chat) -> Result<(), ChatError> {
        // Whoever may run anything here may ask whether the record is whole.
        if let Err(refusal) = self.may_run(chat.person(), "audit") {
            return chat.whisper(&View::Told(refusal.message(), refusal.hint())).await;
        }
        let view = match self.verified(hash).await {
            Ok(lines) => View::Gate(GateView::Told { title: Message::new("audit-title"), lines }),
            Err(error) => View::Told(error.message(), error.hint()),
        };
        chat.whisper(&view).await
    }

    async fn verified(&self, hash: Option<&str>) -> Result<Vec<Message>, StoreError> {
        let mut lines = vec![match self.0.store.verify_audit().await? {
            Verdict::Whole(head) => whole(head),
            Verdict::Broken(at) => broken(at),
        }];
        if let Some(hash) = hash {
            let hash: String = hash.trim().chars().filter(char::is_ascii_hexdigit).collect();
            let found = if hash.len() < 8 { None } else { self.0.store.audit_row_of(&hash).await? };
            lines.push(match found {
                Some(row) => Message::new("audit-hash-found").with("hash", hash).with("row", row.to_string()),
                None => Message::new("audit-hash-missing").with("hash", hash),
            });
        }
        Ok(lines)
    }

    /// Writes down which of the files that say who may do what are not what they were when the bot last started.
    ///
    /// # Errors
    /// [`StoreError`] when that could not be kept.
    pub async fn note_configuration(&self, files: &BTreeMap<String, Digest>) -> Result<(), StoreError> {
        let store = &self.0.store;
        let before: BTreeMap<String, String> =
            store.note(NOTE).await?.and_then(|note| serde_json::from_str(&note).ok()).unwrap_or_default();
        let now: BTreeMap<String, String> =
            files.iter().map(|(name, digest)| (name.clone(), digest.to_string())).collect();
        if before == now {
            return Ok(());
        }
        let mut entry = Entry::new(self.0.clock.now(), Actor::Signoff, Deed::Configuration, "configuration");
        for (name, digest) in &now {
            match before.get(name) {
                Some(same) if same == digest => {}
                Some(_) => entry = entry.with(name, format!("changed {digest}")),
                None => entry = entry.with(name, format!("new {digest}")),
            }
        }
        for name in before.keys().filter(|name| !now.contains_key(*name)) {
            entry = entry.with(name, "gone");
        }
        store.audit(&entry).await?;
        // A map of texts is always JSON.
        store.set_note(NOTE, &serde_json::to_string(&now).unwrap_or_default()).await
    }
}
