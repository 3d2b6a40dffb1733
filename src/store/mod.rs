//! What is kept: rows of SQLite, and nothing else names SQL.
//!
//! One file, used by the bot and by any number of `signoff check` at the same time. Every change is one transaction that
//! asks for the write lock first and waits for it, so that two writers queue and never find each other half-way; whoever
//! is killed leaves either all of a change or nothing of it. Times are kept to the millisecond.
//!
//! - [`Store::begin_run`], [`Store::show_in`], [`Store::finish_run`]: a run that goes well.
//! - [`Store::interrupt_run`], [`Store::interrupt_overdue`], [`Store::interrupt_all_of_discord`], [`Store::untold`],
//!   [`Store::told`]: one that does not, and the messages that must say so.
//! - [`Store::baseline`], [`Store::bill`], [`Store::exercises`]: what people approved or rehearsed, what costs to ask.
//! - [`Store::keep_sample`], [`Store::hours`], [`Store::untold_alerts`]: what is watched between the runs.
//! - [`Store::draft`], [`Store::sign`], [`Store::withdraw`], [`Store::sign_offs_between`]: who signed what.
//! - [`Store::file_finding`], [`Store::step_finding`], [`Store::findings`]; [`Store::make_waiver`],
//!   [`Store::waivers_running`]: what was wrong and left.
//! - [`Store::make_request`], [`Store::change_request`], [`Store::claim_request`], [`Store::end_request`]: an act behind the gate.
//! - [`Store::audit`], [`Store::verify_audit`], [`Store::verify_sign_offs`]: who did what, in a chain, and of what.
//! - [`Store::plan`], [`Store::claim_occurrence`], [`Store::notify`], [`Store::rota_changes`]: what is due and who is on.
//! - [`Store::open`], [`Store::open_to_serve`]: one bot a database.
//! - [`Store::language_of`]: how people want to be answered.
//! - [`Store::kept_run`], [`Store::latest_finished`], [`Store::past`], [`Store::graded`], [`Store::measured`]: looking back.
//! - [`Store::let_go`]: what is old goes.
//!
//! What is handed in is kept as it is: evidence is masked where it is made.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::Sqlite;
use sqlx::{SqlitePool, Transaction};

mod alert;
mod approved;
mod audit;
mod convert;
mod copy;
mod draft;
mod duty;
mod error;
mod finding;
mod finding_owed;
mod finish;
mod graded;
mod host_key;
mod image;
mod kept;
mod language;
mod lock;
mod message;
mod note;
mod number;
mod open;
mod outline;
mod past;
mod request;
mod retain;
mod run;
mod runbook;
mod sample;
mod seat;
mod signed;
mod signoff;
mod size;
#[cfg(test)]
mod tests;
mod trend;
mod verify;
mod waiver;
mod word;

pub use alert::AlertTold;
pub use approved::Baseline;
pub use audit::Verdict;
pub use duty::Planned;
pub use error::{Fault, StoreError};
pub use finding::{Filing, FindingsOf};
pub use finding_owed::{OwedHook, OwedPing};
pub use host_key::ApprovedKey;
pub use lock::HostLock;
pub use message::Untold;
pub use request::{Claimed, Running};
pub use retain::LetGo;
pub use run::Interrupted;
pub use runbook::Opened;
pub use seat::Seat;
pub use signoff::{Signing, Withdrawing};
pub use trend::Measured;
pub use verify::{Altered, How, Signed};

/// How long a change waits for other writers before it gives up. A run's end takes some 10 ms; a machine that is busy with
/// something else may stop a writer for seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The database. Cheap to clone; all clones share the same few connections.
#[derive(Clone, Debug)]
pub struct Store {
    path: Arc<Path>,
    /// One connection: changes of one process queue here, in order, and not at the file's lock, where who waits must poll.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Store {
    /// Gives the connections back and tidies up the write-ahead log. Without it nothing is lost: the next who opens the
    /// file does it.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A change: it has the write lock from its beginning, and all that it read stays true until its end.
    async fn change(&self) -> Result<Transaction<'static, Sqlite>, Fault> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        match self.writer.begin_with(BEGIN).await {
            // SQLite itself takes a change back for which the disk was too full. sqlx then finds nothing to take back, and
            // holds the connection to be in the midst of a change for ever. And where a file may not be written, SQLite opens
            // it to be read, and never writes by that connection, whatever becomes of the file: another one is made in either
            // one's place.
            Err(error) if error::is_spent(&error) => {
                self.writer.acquire().await?.close().await?;
                Ok(self.writer.begin_with(BEGIN).await?)
            }
            begun => Ok(begun?),
        }
    }

    /// A view that does not change while it is read, whatever is written meanwhile.
    async fn view(&self) -> Result<Transaction<'static, Sqlite>, Fault> {
        Ok(self.readers.begin().await?)
    }

    /// Says of a fault in which file it was.
    async fn named<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, StoreError> {
        work.await.map_err(|fault| StoreError { path: Arc::clone(&self.path), fault })
    }
}
