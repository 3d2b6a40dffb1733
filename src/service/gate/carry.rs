//! Carrying out: everything is looked at anew (the definition, the host, the people), the record is claimed, and only then
//! something is done. What was begun is never begun again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::super::{Board, ChatError, Right, Service};
use super::Carrying;
use super::decide::Happened;
use super::hands::Cannot;
use tracing::Instrument;

use crate::domain::action::{Action, Ended, Outcome};
use crate::domain::approval::{
    Approved, Binding, Event, Illegal, KeptRequest, Present, Refused, RequestId, State, claim,
};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::message::{Explain, Message};
use crate::host::Host;
use crate::store::Claimed;

/// The least time between two changes of the message of an act that runs; see [`super::super::show`].
const BETWEEN_UPDATES: Duration = Duration::from_millis(1500);
/// How often the end of an act is tried to be kept: a full disk must not turn what was done into something unknown.
const KEEP_TRIES: u32 = 20;

/// Why an approved act is not begun now.
enum NotNow {
    /// It waits, and may be tried again.
    Waits(Message),
    /// It is void for good.
    Void(Message),
    /// Its time is over.
    Late,
    /// Somebody else is at it.
    Taken,
}

impl From<Cannot> for NotNow {
    fn from((message, _): Cannot) -> Self {
        Self::Waits(message)
    }
}

impl Service {
    /// Carries out an approved request in the background.
    pub(super) fn carry_on<B: Board>(&self, id: RequestId, board: &Arc<B>) {
        let (service, board) = (self.clone(), Arc::clone(board));
        tokio::spawn(async move { service.carry(id, &*board).await });
    }

    async fn carry(&self, id: RequestId, board: &impl Board) {
        let Some(_carrying) = Carrying::of(id) else { return };
        let kept = match self.0.store.request(id).await {
            Ok(Some(kept)) => kept,
            Ok(None) => return,
            Err(error) => return tracing::error!(%error, %id, "an approved request cannot be read"),
        };
        match self.begin_act(kept.clone(), board).await {
            Ok((approved, action, host)) => {
                let span = tracing::info_span!("act", request = %id, action = action.id, host = host.config().name);
                self.act(id, &approved, action, host, board).instrument(span).await;
            }
            Err(NotNow::Waits(why)) => {
                tracing::warn!(%id, why = %why.key, "an approved act waits");
                self.tell_why(id, Some(why), board).await;
            }
            Err(NotNow::Void(why)) => self.end_waiting(kept, Event::Invalidate, Some(why), board).await,
            Err(NotNow::Late) => self.end_waiting(kept, Event::Expire, None, board).await,
            Err(NotNow::Taken) => self.tell_request(id, board).await,
        }
    }

    /// Ends a request that nothing was begun of, and says so below it.
    pub(super) async fn end_waiting(&self, kept: KeptRequest, event: Event, why: Option<Message>, board: &impl Board) {
        match self.happens(kept, event, None, why, Actor::Signoff).await {
            Happened::Yes(kept) | Happened::No(kept, _) => self.tell_request(kept.id, board).await,
            Happened::Unkept((message, _)) => tracing::error!(why = %message.key, "a request could not be ended"),
        }
    }

    /// Everything as it is at this moment, and the claim.
    async fn begin_act(&self, kept: KeptRequest, board: &impl Board) -> Result<(Approved, &Action, &Host), NotNow> {
        let id = kept.id;
        let asked = &kept.asked;
        let gone = |(message, _): Cannot| NotNow::Void(message);
        let action = self.action(&asked.action).map_err(gone)?;
        let host = self.host(Some(&asked.host)).map_err(|unknown| NotNow::Void(unknown.message()))?;
        if action.version() != asked.version {
            return Err(NotNow::Void(Message::new("gate-void-definition")));
        }
        if self.is_of_closed_runbook(&kept).await.map_err(|error| NotNow::Waits(error.message()))? {
            return Err(NotNow::Void(Message::new("gate-void-runbook")));
        }
        // An act that nobody saw end may have left the host half-way: somebody looks first.
        let locks = self.0.store.locks_on(&asked.host).await.map_err(|error| NotNow::Waits(error.message()))?;
        if let Some(lock) = locks.first() {
            return Err(NotNow::Waits(Message::new("gate-waits-lock").with("id", lock.request.to_string())));
        }
        let (people, ahead) =
            tokio::join!(self.people(&kept, action, board), self.look_ahead(host, action, &asked.arguments));
        let (requester_may, approvers) = people.map_err(|error| {
            tracing::warn!(%error, %id, "who asked and approved could not be looked up");
            NotNow::Waits(Message::new("gate-waits-people"))
        })?;
        let (arguments, outlook) = ahead?;
        let differs: Vec<String> =
            asked.outlook.identity.differs_from(&outlook.identity).into_iter().map(str::to_owned).collect();
        let present = Present {
            binding: Binding::of(&asked.host, action, arguments, outlook.identity),
            requester_may,
            approvers,
        };
        let now = self.0.clock.now();
        let claim =
            claim(id, &kept.request, present, now).map_err(|refused| self.not_now(&refused, &kept, &differs))?;
        let entry = Entry::new(now, Actor::Discord(asked.terms.requester), Deed::Act, format!("request:{}", id.0))
            .with("action", asked.action.as_str())
            .with("host", asked.host.as_str())
            .with("binding", claim.digest().to_string());
        match self.0.store.claim_request(claim, &entry).await {
            Ok(Claimed::Won(approved)) => Ok((approved, action, host)),
            Ok(Claimed::Taken) => Err(NotNow::Taken),
            Ok(Claimed::Busy(other)) => {
                Err(NotNow::Waits(Message::new("gate-waits-host").with("id", other.to_string())))
            }
            Err(error) => Err(NotNow::Waits(error.message())),
        }
    }

    fn not_now(&self, refused: &Refused, kept: &KeptRequest, differs: &[String]) -> NotNow {
        let name = |id: u64| {
            let said = kept.decisions.iter().find(|said| said.by == id);
            said.map_or_else(|| format!("<@{id}>"), |said| said.name.clone())
        };
        tracing::warn!(id = %kept.id, %refused, "an approved act is not begun");
        match refused {
            Refused::Changed if differs.is_empty() => NotNow::Void(Message::new("gate-void-rule")),
            Refused::Changed => NotNow::Void(Message::new("gate-void-changed").with("what", differs.join(", "))),
            Refused::Requester => {
                NotNow::Void(Message::new("gate-void-requester").with("name", kept.asked.requester_name.as_str()))
            }
            Refused::Approver(id) => NotNow::Void(Message::new("gate-void-approver").with("name", name(*id))),
            Refused::Illegal(Illegal::Late) => NotNow::Late,
            Refused::Illegal(Illegal::Begun | Illegal::Over(_)) | Refused::Taken => NotNow::Taken,
            Refused::Illegal(_) => NotNow::Waits(Message::new("gate-not-now")),
        }
    }

    /// Who asked and who agreed, fetched anew: whether the one may still ask, and which of the others may still approve.
    async fn people(
        &self,
        kept: &KeptRequest,
        action: &Action,
        board: &impl Board,
    ) -> Result<(bool, BTreeSet<u64>), ChatError> {
        let terms = &kept.asked.terms;
        let requester = async {
            let Some(member) = board.member(terms.requester).await? else { return Ok(false) };
            let asks = self.may_act(Right::Ask, action, &member.roles).is_ok();
            let alone = !terms.needed.is_alone() || self.may_act(Right::GoAlone, action, &member.roles).is_ok();
            Ok::<_, ChatError>(asks && alone)
        };
        let approvers = kept.request.approvals().iter().map(|by| async move {
            let member = board.member(*by).await?;
            let may = member.is_some_and(|member| self.may_act(Right::Approve, action, &member.roles).is_ok());
            Ok::<_, ChatError>(may.then_some(*by))
        });
        let (requester, approvers) = tokio::join!(requester, futures::future::try_join_all(approvers));
        Ok((requester?, approvers?.into_iter().flatten().collect()))
    }

    /// Does it, shows how far it is, proves it, and keeps how it ended.
    async fn act(&self, id: RequestId, approved: &Approved, action: &Action, host: &Host, board: &impl Board) {
        let kept = match self.0.store.request(id).await {
            Ok(Some(kept)) => kept,
            // It is claimed: what cannot be read now is found again by its number when the bot is back.
            Ok(None) => return,
            Err(error) => return tracing::error!(%error, %id, "a claimed request cannot be read; look by hand"),
        };
        tracing::info!("an act begins");
        let (sender, receiver) = watch::channel(None);
        let acting = async {
            let mut outcome = self.perform(host, action, approved, &kept, &sender).await;
            self.prove(host, action.proves.as_ref(), &kept.asked, &mut outcome).await;
            outcome
        };
        let shown = async {
            self.show_runbook_of(&kept, board).await;
            self.show_progress(&kept, receiver, board).await;
        };
        let outcome = tokio::select! {
            outcome = acting => outcome,
            () = shown => return,
        };
        self.end_act(&kept, &outcome, board).await;
    }

    /// Shows how far an act is, for as long as it runs; it never ends by itself.
    async fn show_progress(
        &self,
        kept: &KeptRequest,
        mut progress: watch::Receiver<Option<crate::domain::action::Progress>>,
        board: &impl Board,
    ) {
        loop {
            if let Some(place) = kept.place {
                let now = progress.borrow_and_update().clone();
                if let Err(error) = board.edit(place, &self.view(kept.clone(), now, None)).await {
                    tracing::warn!(%error, id = %kept.id, "the progress of an act could not be shown");
                }
            }
            sleep(BETWEEN_UPDATES).await;
            if progress.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Keeps how an act ended, and tells it.
    pub(super) async fn end_act(&self, kept: &KeptRequest, outcome: &Outcome, board: &impl Board) {
        let id = kept.id;
        let state = match outcome.ended {
            Ended::Verified => State::Verified,
            Ended::Failed => State::Failed,
            Ended::Interrupted => State::Interrupted,
        };
        let review = kept.asked.terms.needed.is_alone();
        let mut pause = Duration::from_millis(200);
        for _ in 0..KEEP_TRIES {
            let proofs: Vec<_> =
                outcome.proofs.iter().map(|proof| format!("{}:{}", proof.title.en, proof.after.name())).collect();
            let entry = Entry::new(self.0.clock.now(), Actor::Signoff, Deed::Result, format!("request:{}", id.0))
                .with("action", kept.asked.action.as_str())
                .with("state", state.name())
                .with("proofs", proofs.join(" "));
            match self.0.store.end_request(id, state, outcome, &entry, review).await {
                Ok(true) => {
                    tracing::info!(%id, state = state.name(), "an act ended");
                    break;
                }
                Ok(false) => {
                    tracing::warn!(%id, state = state.name(), "an act ended that the record does not say runs");
                    break;
                }
                Err(error) => tracing::error!(%error, %id, state = state.name(), "the end of an act could not be kept"),
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(30));
        }
        self.tell_request(id, board).await;
    }
}
