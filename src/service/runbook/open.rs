//! Opening: a command, or the button of an alert. Two who see the same emergency open one runbook.

use super::super::show::told;
use super::super::{Board, Chat, ChatError, Service, View};
use super::{Busy, NOTE, RunbookView, entry};
use crate::domain::alert::{AlertId, KeptAlert};
use crate::domain::message::Message;
use crate::domain::run::MessagePlace;
use crate::domain::runbook::{Happened, Happening, Runbook};
use crate::domain::vital::Vital;
use crate::render::alert_card;
use crate::store::Opened;

impl Service {
    pub(super) async fn open_runbook(
        &self,
        name: &str,
        host: Option<&str>,
        note: String,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let Some(runbook) = self.0.commands.runbooks.get(name) else {
            return chat.whisper(&View::Told(Message::new("commands-unknown").with("name", name), None)).await;
        };
        let person = chat.person();
        if let Err(refused) = self.may_lead(person, runbook) {
            return chat.whisper(&View::Told(refused, None)).await;
        }
        let host = match self.host_to_act(host) {
            Ok(host) => host.config().name.clone(),
            Err(unknown) => return chat.whisper(&told(&unknown)).await,
        };
        let note: String = self.0.masker.mask(&note).chars().take(NOTE).collect();
        let by = (person.id, person.name.clone());
        let happened = Happened { what: Happening::Opened { note }, by, at: self.0.clock.now() };
        let entry = |id: i64| entry(id, &happened).with("runbook", name).with("host", host.as_str());
        // Whoever comes in between finds it open, and leaves showing it to this one.
        let opening = Busy::with(&self.0.books.opening, (name.to_owned(), host.clone()));
        let id = match self.0.store.open_runbook((name, &host), person.channel, &happened, entry).await {
            Ok(Opened::New(id)) => id,
            Ok(Opened::Already(id)) => {
                drop(opening);
                let thread = self.0.store.runbook(id).await.ok().flatten().and_then(|kept| kept.thread);
                chat.whisper(&View::Runbook(RunbookView::Already(id, thread))).await?;
                // It may be one whose message never came to be, or is gone.
                self.show_board(id, board).await;
                return Ok(());
            }
            Err(error) => return chat.whisper(&told(&error)).await,
        };
        tracing::warn!(person = person.id, runbook = name, host, id, "a runbook is opened");
        let place = match self.post_first(id, chat).await {
            Ok(place) => place,
            Err(error) => {
                tracing::error!(%error, id, "a runbook could not be shown in answer to who opened it");
                drop(opening);
                self.show_board(id, board).await;
                return Err(error);
            }
        };
        self.begin_thread(id, runbook, place, board).await;
        Ok(())
    }

    async fn post_first(&self, id: i64, chat: &impl Chat) -> Result<MessagePlace, ChatError> {
        let Some(shown) = self.runbook_board(id).await else {
            let what = format!("the runbook {id} cannot be read");
            let says = Message::new("chat-failed").with("cause", what.as_str());
            return Err(ChatError { what, says, permanent: true });
        };
        chat.post(&View::Runbook(RunbookView::Board(shown))).await?;
        chat.place().await
    }

    /// Opens what an alert offers, on the host that it is about.
    pub(super) async fn open_offered(
        &self,
        alert: AlertId,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let kept = match self.0.store.alert(alert).await {
            Ok(kept) => kept,
            Err(error) => return chat.whisper(&told(&error)).await,
        };
        let offered = kept.and_then(|kept| {
            let runbook = self.runbook_for(kept.series.vital)?.id.clone();
            let title = self.0.config.hosts.get(&kept.host)?.title.clone();
            Some((runbook, alert_card::title(&kept, &title, self.0.config.language), kept.host))
        });
        match offered {
            Some((runbook, note, host)) => self.open_runbook(&runbook, Some(&host), note, chat, board).await,
            None => chat.whisper(&View::Told(Message::new("button-dead"), None)).await,
        }
    }

    /// Whether `alert` offers the runbook that fits it: once per outage. Where it is open on that host already, or another
    /// alert of that host which goes on offers it, there is nothing to offer.
    pub(in crate::service) async fn offers_runbook(&self, alert: &KeptAlert) -> bool {
        let Some(fitting) = self.runbook_for(alert.series.vital) else { return false };
        let open = self.0.store.open_runbooks().await.unwrap_or_default();
        if open.iter().any(|kept| kept.runbook == fitting.id && kept.host == alert.host) {
            return false;
        }
        let alerts = self.0.store.open_alerts(&alert.host).await.unwrap_or_default();
        let earlier = |other: &KeptAlert| {
            other.id.0 < alert.id.0 && other.place.is_some() && fitting.fits.contains(&other.series.vital)
        };
        !alerts.iter().any(earlier)
    }

    /// The runbook that fits an alert of `vital`, where one does.
    fn runbook_for(&self, vital: Vital) -> Option<&Runbook> {
        self.0.commands.runbooks.values().find(|runbook| runbook.fits.contains(&vital))
    }
}
