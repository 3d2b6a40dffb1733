//! The audit record as people see it: whether it is whole, and what changed in the files that say who may do what.

use std::collections::BTreeMap;

use super::super::{Chat, ChatError, Service, View};
use super::GateView;
use crate::domain::audit::{Actor, Break, Broken, Deed, Entry, Head};
use crate::domain::digest::Digest;
use crate::domain::message::{Explain, Message};
use crate::service::show::soon_alone;
use crate::store::{How, Signed, StoreError, Verdict};

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

/// A sentence that says whether every sign-off signs what is kept, and which one is the first that does not.
pub fn signed(signed: &Signed) -> Message {
    let altered = match signed {
        Signed::Whole(count) => return Message::new("signed-whole").with("count", count.to_string()),
        Signed::Altered(altered) => altered,
    };
    let how = match altered.how {
        How::Changed => "changed",
        How::Missing => "missing",
        How::Unrecorded => "unrecorded",
        How::Cleared => "cleared",
    };
    let message = Message::new("signed-altered")
        .with("how", how)
        .with("run", altered.run.to_string())
        .with("person", altered.by.as_str())
        .with("sign_off", altered.id.0.to_string());
    match &altered.case {
        Some(case) => message
            .with("command", case.command.as_str())
            .with("host", case.host.as_str())
            .with("period", case.period.message()),
        None => message.with("command", "-").with("host", "-").with("period", "-"),
    }
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
        // Years of results are hashed anew: that may take longer than Discord waits.
        let work = async {
            let lines = self.verified(hash).await.map_err(|error| View::Told(error.message(), error.hint()))?;
            Ok(View::Gate(GateView::Told { title: Message::new("audit-title"), lines }))
        };
        soon_alone(work, chat).await
    }

    async fn verified(&self, hash: Option<&str>) -> Result<Vec<Message>, StoreError> {
        let mut lines = vec![match self.0.store.verify_audit().await? {
            Verdict::Whole(head) => whole(head),
            Verdict::Broken(at) => broken(at),
        }];
        lines.push(signed(&self.0.store.verify_sign_offs().await?));
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
        // A map of texts is always JSON.
        store.set_recorded_note(NOTE, &serde_json::to_string(&now).unwrap_or_default(), &entry).await
    }
}
