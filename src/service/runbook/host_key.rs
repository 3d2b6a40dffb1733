//! A new machine takes the place of the old one, and shows another host key: the bot asks it for the key, a person holds that
//! against the machine's console and presses a button. What is approved is the fingerprint that was shown, and no other.

use std::time::Duration;

use super::super::{Board, Chat, ChatError, Form, Service, View};
use super::{RunbookBoard, RunbookForm, RunbookView};
use crate::config::Transport;
use crate::domain::message::{Explain, Message};
use crate::domain::runbook::{Does, Happening, RunbookStep};
use crate::host::{self, HostError};

/// How long a machine may take to show its key where the host's own patience is not known.
const PATIENCE: Duration = Duration::from_secs(10);
/// The port of SSH.
const PORT: u16 = 22;
/// The longest name of a machine: RFC 1035, 2.3.4.
const LONGEST_NAME: usize = 253;

impl Service {
    /// Asks where the new machine is.
    pub(super) async fn ask_address(
        &self,
        shown: &RunbookBoard,
        step: &RunbookStep,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        let usual = match self.host(Some(&shown.kept.host)).map(|host| &host.config().transport) {
            Ok(Transport::Ssh(ssh)) => format!("{}:{}", ssh.host, ssh.port),
            Ok(Transport::Local) | Err(_) => String::new(),
        };
        let form = RunbookForm::Address { id: shown.kept.id, step: step.id.clone(), title: step.title.clone(), usual };
        chat.ask(&Form::Runbook(form)).await
    }

    /// Has the machine at `address` show its key, and shows that to everybody.
    pub(super) async fn see_key(
        &self,
        id: i64,
        step: &str,
        address: &str,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let shown = match self.led(id, chat).await {
            Ok(shown) => shown,
            Err(view) => return chat.whisper(&view).await,
        };
        let how = match shown.runbook.step(step).map(|step| &step.does) {
            Some(Does::HostKey { how }) if shown.kept.closed().is_none() => how.clone(),
            _ => return chat.whisper(&View::Told(Message::new("button-dead"), None)).await,
        };
        let Some((name, port)) = parse(address) else {
            let told = Message::new("runbook-bad-address").with("address", address);
            return chat.whisper(&View::Told(told, None)).await;
        };
        chat.whisper(&View::Told(Message::new("runbook-key-looking"), None)).await?;
        let fingerprint = match self.key_at(&shown.kept.host, &name, port).await {
            Ok(fingerprint) => fingerprint,
            Err(error) => return chat.update(&View::Told(error.message(), error.hint())).await,
        };
        let address = format!("{name}:{port}");
        let what =
            Happening::Shown { step: step.to_owned(), address: address.clone(), fingerprint: fingerprint.clone() };
        let shown_as = match self.happens_in(id, what, chat.person()).await {
            Ok(place) => place,
            Err(view) => return chat.update(&view).await,
        };
        let view = RunbookView::Key { id, shown: shown_as, address, fingerprint, how, approved_by: None };
        let nonce = format!("book-{id}-key-{shown_as}");
        if let Err(error) = self.post_in(&shown, &View::Runbook(view.clone()), &nonce, board).await {
            tracing::error!(%error, id, "a host key could not be shown");
            return chat.update(&View::Runbook(view)).await;
        }
        self.show_board(id, board).await;
        chat.update(&View::Told(Message::new("runbook-key-shown"), None)).await
    }

    /// A person says that the key which was shown is the machine's. It is asked for once more: what is approved must be there.
    pub(super) async fn trust_key(
        &self,
        id: i64,
        place: usize,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let dead = || View::Told(Message::new("button-dead"), None);
        let shown = match self.led(id, chat).await {
            Ok(shown) => shown,
            Err(view) => return chat.whisper(&view).await,
        };
        let Some(Happening::Shown { step, address, fingerprint }) =
            shown.kept.happened.get(place).map(|happened| &happened.what)
        else {
            return chat.whisper(&dead()).await;
        };
        let (Some((name, port)), Some(Does::HostKey { how })) =
            (parse(address), shown.runbook.step(step).map(|step| &step.does))
        else {
            return chat.whisper(&dead()).await;
        };
        chat.whisper(&View::Told(Message::new("runbook-key-looking"), None)).await?;
        match self.key_at(&shown.kept.host, &name, port).await {
            Ok(now) if now == *fingerprint => {}
            Ok(now) => {
                tracing::warn!(id, address, fingerprint, now, "a machine shows another key than before");
                let changed = Message::new("runbook-key-changed").with("came", now);
                return chat.update(&View::Told(changed, None)).await;
            }
            Err(error) => return chat.update(&View::Told(error.message(), error.hint())).await,
        }
        let what =
            Happening::Trusted { step: step.clone(), address: address.clone(), fingerprint: fingerprint.clone() };
        let person = chat.person();
        if let Err(view) = self.happens_in(id, what, person).await {
            return chat.update(&view).await;
        }
        tracing::warn!(person = person.id, id, host = shown.kept.host, fingerprint, "a host key is approved");
        self.trust_approved_keys().await;
        let view = RunbookView::Key {
            id,
            shown: place,
            address: address.clone(),
            fingerprint: fingerprint.clone(),
            how: how.clone(),
            approved_by: Some(person.name.clone()),
        };
        if let Some(pressed) = chat.pressed()
            && let Err(error) = board.edit(pressed, &View::Runbook(view)).await
        {
            tracing::warn!(%error, id, "a key does not say that it is approved");
        }
        self.show_board(id, board).await;
        chat.update(&View::Told(Message::new("runbook-key-approved"), None)).await
    }

    /// The fingerprint of the key that the machine at `name` shows. The bot reaches no further than to its host.
    async fn key_at(&self, host: &str, name: &str, port: u16) -> Result<String, HostError> {
        let (reach, patience) = match self.host(Some(host)).map(|host| &host.config().transport) {
            Ok(Transport::Ssh(ssh)) => (ssh.reach, ssh.connect_timeout),
            Ok(Transport::Local) | Err(_) => (self.0.config.reach, PATIENCE),
        };
        host::shown_key(name, port, reach, patience).await
    }

    /// Lets every host prove itself by the keys that people approved, beside the one of `bot.toml`.
    pub async fn trust_approved_keys(&self) {
        let approved = match self.0.store.approved_keys().await {
            Ok(approved) => approved,
            Err(error) => return tracing::error!(%error, "the approved host keys cannot be read"),
        };
        for (name, host) in &self.0.hosts {
            let keys = approved.iter().filter(|key| key.host == *name);
            host.trust(keys.map(|key| key.fingerprint.clone()).collect()).await;
        }
    }
}

/// A name or an address, with a port where it is not SSH's own: `10.0.0.9`, `new.example.com:2222`, `[2001:db8::1]:22`.
fn parse(address: &str) -> Option<(String, u16)> {
    let address = address.trim();
    let (name, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, "")) => (name, None),
        Some((name, rest)) => (name, Some(rest.strip_prefix(':')?)),
        // More than one colon without brackets is an address of the sixth version, without a port.
        None if address.matches(':').count() > 1 => (address, None),
        None => address.split_once(':').map_or((address, None), |(name, port)| (name, Some(port))),
    };
    let port = port.map_or(Some(PORT), |port| port.parse().ok().filter(|port| *port != 0))?;
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let fine = (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(is_of_a_name) && !name.starts_with('-');
    fine.then(|| (name.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_name_and_a_port() {
        for (text, read) in [
            ("10.0.0.9", Some(("10.0.0.9", PORT))),
            (" new.example.com:2222 ", Some(("new.example.com", 2222))),
            ("[2001:db8::1]:2222", Some(("2001:db8::1", 2222))),
            ("[2001:db8::1]", Some(("2001:db8::1", PORT))),
            ("2001:db8::1", Some(("2001:db8::1", PORT))),
            ("", None),
            (":22", None),
            ("host:", None),
            ("host:0", None),
            ("host:65536", None),
            ("host:22x", None),
            ("-oProxyCommand=x", None),
            ("a b", None),
            ("a;b", None),
            ("$(a)", None),
            ("user@host", None),
            ("http://host", None),
            ("[::1", None),
            ("[::1]22", None),
        ] {
            let read = read.map(|(name, port)| (name.to_owned(), port));
            assert_eq!(parse(text), read, "{text:?}");
        }
        assert_eq!(parse(&"a".repeat(LONGEST_NAME + 1)), None);
    }
}
