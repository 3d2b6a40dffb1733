//! From an approved request to the witness that lets a host act. The way is one: [`claim`] judges, the record is changed
//! from approved to running in exactly one row, and [`Claim::won`] gives the witness to whoever changed it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Binding, Event, Illegal, Request, RequestId, next};
use crate::domain::action::Arguments;
use crate::domain::digest::Digest;

/// How things are at the moment of the act: people and hosts were asked anew.
#[derive(Clone, Debug)]
pub struct Present {
    /// What would be done now, with what the host has now.
    pub binding: Binding,
    /// Whether the requester is still there and may still ask.
    pub requester_may: bool,
    /// Of those who agreed, who is still there and may still approve.
    pub approvers: BTreeSet<u64>,
}

/// Why an approved request is not begun.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing follows.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// What it was bound to is another by now.
    #[error("what was approved is not what would be done")]
    Changed,
    /// The requester left, or may not ask any more.
    #[error("the requester may not ask any more")]
    Requester,
    /// One who agreed left, or may not approve any more.
    #[error("{0} may not approve any more")]
    Approver(u64),
    /// Somebody else began it.
    #[error("somebody else began it")]
    Taken,
}

impl Refused {
    /// Whether the request is void by that, for good.
    pub const fn voids(&self) -> bool {
        matches!(self, Self::Changed | Self::Requester | Self::Approver(_))
    }
}

/// An approved request that may be begun, once the record says that it is.
#[derive(Debug)]
pub struct Claim {
    id: RequestId,
    binding: Binding,
    digest: Digest,
}

/// The right to act once, on one host, in one way. Nothing else makes one, it cannot be copied, and a host lets nobody act
/// without.
#[derive(Debug)]
pub struct Approved {
    id: RequestId,
    binding: Binding,
    digest: Digest,
}

/// Whether `request`, which is `id` in the record, may be begun as things are.
///
/// # Errors
/// [`Refused`]; where it [voids](Refused::voids), the request is to be [invalidated](Event::Invalidate).
pub fn claim(id: RequestId, request: &Request, present: Present, now: DateTime<Utc>) -> Result<Claim, Refused> {
    next(request, Event::Begin, now)?;
    let terms = request.terms();
    let digest = present.binding.digest(terms.needed);
    if digest != terms.binding {
        return Err(Refused::Changed);
    }
    if !present.requester_may {
        return Err(Refused::Requester);
    }
    // A row could say "approved" of itself: those who agreed are counted again.
    let others: BTreeSet<u64> = request.approvals().iter().copied().filter(|by| *by != terms.requester).collect();
    if others.len() < usize::try_from(terms.needed.approvals()).unwrap_or(usize::MAX) {
        return Err(Illegal::NotAgreed.into());
    }
    if let Some(gone) = others.difference(&present.approvers).next() {
        return Err(Refused::Approver(*gone));
    }
    Ok(Claim { id, binding: present.binding, digest })
}

impl Claim {
    /// The request.
    pub const fn id(&self) -> RequestId {
        self.id
    }

    /// The hash of what it is bound to.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The witness, for whoever changed exactly one row from approved to running.
    ///
    /// # Errors
    /// [`Refused::Taken`]: somebody else did.
    pub fn won(self, changed_rows: u64) -> Result<Approved, Refused> {
        if changed_rows != 1 {
            return Err(Refused::Taken);
        }
        let Self { id, binding, digest } = self;
        Ok(Approved { id, binding, digest })
    }
}

impl Approved {
    /// The request.
    pub const fn id(&self) -> RequestId {
        self.id
    }

    /// The host that it is for, by its name in `bot.toml`.
    pub fn host(&self) -> &str {
        &self.binding.host
    }

    /// The action.
    pub fn action(&self) -> &str {
        &self.binding.action
    }

    /// The version of the action's definition.
    pub const fn version(&self) -> Digest {
        self.binding.version
    }

    /// What was chosen.
    pub const fn arguments(&self) -> &Arguments {
        &self.binding.arguments
    }

    /// What all of it is bound to, and what it would act on.
    pub const fn binding(&self) -> &Binding {
        &self.binding
    }

    /// The hash of it.
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}
