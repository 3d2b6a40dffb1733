//! Requests as they change.

use sqlx::sqlite::SqliteConnection;

use super::super::Store;
use super::super::audit::append;
use super::super::convert::{column, finite_message, json, millis};
use super::super::error::{Fault, StoreError};
use super::read::columns;
use crate::domain::action::Outcome;
use crate::domain::approval::{Approved, Claim, Decision, NewRequest, Request, RequestId, State};
use crate::domain::audit::Entry;
use crate::domain::message::Message;
use crate::domain::run::MessagePlace;

/// What became of a claim.
#[derive(Debug)]
pub enum Claimed {
    /// It is the one: it may act.
    Won(Approved),
    /// Somebody else was faster, or the request is not approved any more.
    Taken,
    /// Another act runs on that host.
    Busy(RequestId),
}

impl Store {
    /// Keeps a request, and numbers it. Its audit row is what `entry` makes of the number.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn make_request(
        &self,
        asked: &NewRequest,
        entry: impl FnOnce(RequestId) -> Entry + Send,
    ) -> Result<RequestId, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let id = insert(&mut db, asked).await?;
            append(&mut db, &entry(id)).await?;
            db.commit().await?;
            Ok(id)
        })
        .await
    }

    /// Brings a request from `before` to `after`, with what somebody said. Gives back whether it did: where the record says
    /// something else than `before` by now, nothing is changed.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn change_request(
        &self,
        id: RequestId,
        (before, after): (&Request, &Request),
        said: Option<&Decision>,
        why: Option<&Message>,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let ended = after.state().is_over().then(|| millis(entry.at));
            let changed = sqlx::query(
                "UPDATE request SET state = ?3, told = 0, ended_at = max(?4, asked_at), why = ?5
                 WHERE id = ?1 AND state = ?2
                   AND (SELECT count(*) FROM decision WHERE request = ?1 AND kind = 'approve') = ?6",
            )
            .bind(id.0)
            .bind(before.state().name())
            .bind(after.state().name())
            .bind(ended)
            .bind(why.map(|why| json(&finite_message(why))).transpose()?)
            .bind(i64::try_from(before.approvals().len()).unwrap_or(i64::MAX))
            .execute(&mut *db)
            .await?
            .rows_affected();
            if changed != 1 {
                return Ok(false);
            }
            if let Some(said) = said {
                say(&mut db, id, said).await?;
            }
            append(&mut db, entry).await?;
            db.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Brings an approved request to running: the last thing before the first side effect. Whoever changes the one row
    /// gets the witness.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; nothing is begun then.
    pub async fn claim_request(&self, claim: Claim, entry: &Entry) -> Result<Claimed, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let id = claim.id();
            // Whoever stands in the way on that host.
            let busy: Option<i64> = sqlx::query_scalar(
                "SELECT other.id FROM request AS other JOIN request ON request.host = other.host
                 WHERE request.id = ? AND other.state = 'running' AND other.id <> request.id",
            )
            .bind(id.0)
            .fetch_optional(&mut *db)
            .await?;
            if let Some(other) = busy {
                return Ok(Claimed::Busy(RequestId(other)));
            }
            let changed = sqlx::query(
                "UPDATE request SET state = 'running', begun_at = ?2, told = 0
                 WHERE id = ?1 AND state = 'approved' AND expires_at > ?2 AND binding = ?3",
            )
            .bind(id.0)
            .bind(millis(entry.at))
            .bind(claim.digest().0.as_slice())
            .execute(&mut *db)
            .await?
            .rows_affected();
            let Ok(approved) = claim.won(changed) else { return Ok(Claimed::Taken) };
            append(&mut db, entry).await?;
            // The witness leaves only when the record stands: an act that nobody wrote down must not begin.
            db.commit().await?;
            Ok(Claimed::Won(approved))
        })
        .await
    }

    /// Keeps how an act ended. Gives back whether it was running until now.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn end_request(
        &self,
        id: RequestId,
        state: State,
        outcome: &Outcome,
        entry: &Entry,
        review: bool,
    ) -> Result<bool, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let mut outcome = outcome.clone();
            outcome.says = outcome.says.iter().map(finite_message).collect();
            let changed = sqlx::query(
                "UPDATE request SET state = ?2, ended_at = max(?3, begun_at), outcome = ?4, told = 0
                 WHERE id = ?1 AND state = 'running'",
            )
            .bind(id.0)
            .bind(state.name())
            .bind(millis(entry.at))
            .bind(json(&outcome)?)
            .execute(&mut *db)
            .await?
            .rows_affected();
            if changed != 1 {
                return Ok(false);
            }
            if review {
                sqlx::query("INSERT INTO review (request) VALUES (?) ON CONFLICT DO NOTHING")
                    .bind(id.0)
                    .execute(&mut *db)
                    .await?;
            }
            append(&mut db, entry).await?;
            db.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Keeps where a request is shown.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn request_shown_in(&self, id: RequestId, place: MessagePlace) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("UPDATE request SET message = ? WHERE id = ?")
                .bind(column(place.message))
                .bind(id.0)
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// Keeps that the message shows the request in `state`: where it moved on meanwhile, that still has to be told.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn request_told(&self, id: RequestId, shown: &Request) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query(
                "UPDATE request SET told = 1 WHERE id = ?1 AND state = ?2
                   AND (SELECT count(*) FROM decision WHERE request = ?1 AND kind = 'approve') = ?3",
            )
            .bind(id.0)
            .bind(shown.state().name())
            .bind(i64::try_from(shown.approvals().len()).unwrap_or(i64::MAX))
            .execute(&mut *db)
            .await?;
            Ok(db.commit().await?)
        })
        .await
    }
}

async fn insert(db: &mut SqliteConnection, asked: &NewRequest) -> Result<RequestId, Fault> {
    let (needed, approvals, not_before) = columns(asked.terms.needed);
    let mut outlook = asked.outlook.clone();
    outlook.now = outlook.now.iter().map(finite_message).collect();
    let id = sqlx::query_scalar(
        "INSERT INTO request (action, title, risk, host, host_title, arguments, interrupts, outlook, before, remedy_of, version,
                              binding, needed, approvals, not_before, runbook, requester, requester_name, reason, asked_at,
                              expires_at, channel, parent)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(&asked.action)
    .bind(json(&asked.title)?)
    .bind(asked.risk.name())
    .bind(&asked.host)
    .bind(json(&asked.host_title)?)
    .bind(json(&asked.arguments)?)
    .bind(json(&asked.interrupts)?)
    .bind(json(&outlook)?)
    .bind(json(&asked.before)?)
    .bind(asked.remedy_of.as_ref().map(json).transpose()?)
    .bind(asked.version.0.as_slice())
    .bind(asked.terms.binding.0.as_slice())
    .bind(needed)
    .bind(approvals)
    .bind(not_before)
    .bind(asked.runbook)
    .bind(column(asked.terms.requester))
    .bind(&asked.requester_name)
    .bind(&asked.reason)
    .bind(millis(asked.terms.asked_at))
    .bind(millis(asked.terms.expires_at))
    .bind(column(asked.channel))
    .bind(asked.parent.map(column))
    .fetch_one(db)
    .await?;
    Ok(RequestId(id))
}

async fn say(db: &mut SqliteConnection, request: RequestId, said: &Decision) -> Result<(), Fault> {
    sqlx::query("INSERT INTO decision (request, kind, person, name, reason, at) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(request.0)
        .bind(said.word.name())
        .bind(column(said.by))
        .bind(&said.name)
        .bind(&said.reason)
        .bind(millis(said.at))
        .execute(db)
        .await?;
    Ok(())
}
