//! What follows from what. Everything that is not written here is an error.

use chrono::{DateTime, Utc};

use super::{Needed, Request, RequestId, State};

/// What happens to a request. Whether somebody holds the right was asked before; who they are is judged here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody who may approve agrees.
    Approve {
        /// Who, by id.
        by: u64,
    },
    /// The requester confirms an act of low risk, or goes ahead alone.
    Confirm {
        /// Who, by id.
        by: u64,
    },
    /// Somebody who may approve says no.
    Deny {
        /// Who, by id.
        by: u64,
    },
    /// The requester takes it back.
    Cancel {
        /// Who, by id.
        by: u64,
    },
    /// Its time is over.
    Expire,
    /// The same was asked for again.
    Supersede {
        /// By which request.
        by: RequestId,
    },
    /// What it was bound to is another by now.
    Invalidate,
    /// It is begun; only [`claim`](super::claim) says so.
    Begin,
    /// It was done, and worked.
    Verify,
    /// It failed.
    Fail,
    /// Whoever did it is gone.
    Interrupt,
}

/// Why something does not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// The request has come to its end.
    #[error("the request is over: {}", .0.name())]
    Over(State),
    /// It was begun.
    #[error("the act was begun")]
    Begun,
    /// It was not begun.
    #[error("the act was not begun")]
    NotBegun,
    /// Its time is over.
    #[error("the time of the request is over")]
    Late,
    /// Its time is not over yet.
    #[error("the time of the request is not over yet")]
    NotLate,
    /// Nobody approves, confirms for others, or denies what they asked for themselves.
    #[error("the requester cannot decide on their own request")]
    OwnRequest,
    /// Only the requester does this.
    #[error("only the requester can do this")]
    NotRequester,
    /// They agreed already.
    #[error("this person agreed already")]
    Twice,
    /// Everybody agreed already.
    #[error("everybody agreed already")]
    Agreed,
    /// Not everybody agreed yet.
    #[error("not everybody agreed yet")]
    NotAgreed,
    /// It takes the word of others.
    #[error("this takes the approval of others")]
    NeedsOthers,
    /// It takes only the requester's word.
    #[error("this takes no approval")]
    NeedsNobody,
    /// The waiting time of a break-glass is not over.
    #[error("the waiting time ends at {0}")]
    TooEarly(DateTime<Utc>),
}

/// The request after `event` at `now`.
///
/// # Errors
/// [`Illegal`], when nothing follows; the request stays as it is.
pub fn next(request: &Request, event: Event, now: DateTime<Utc>) -> Result<Request, Illegal> {
    match request.state {
        State::Requested | State::Approved => waiting(request, event, now),
        State::Running => running(request, event),
        over => Err(Illegal::Over(over)),
    }
}

fn to(request: &Request, state: State) -> Result<Request, Illegal> {
    Ok(Request { state, ..request.clone() })
}

fn waiting(request: &Request, event: Event, now: DateTime<Utc>) -> Result<Request, Illegal> {
    let terms = &request.terms;
    let late = now >= terms.expires_at;
    match event {
        // The end of its time and another request end it at any time; whoever finds its things changed does as well.
        Event::Expire => {
            if late {
                to(request, State::Expired)
            } else {
                Err(Illegal::NotLate)
            }
        }
        Event::Supersede { .. } => to(request, State::Superseded),
        Event::Invalidate => to(request, State::Void),
        Event::Verify | Event::Fail | Event::Interrupt => Err(Illegal::NotBegun),
        _ if late => Err(Illegal::Late),
        Event::Approve { by } => approve(request, by),
        Event::Confirm { by } => confirm(request, by, now),
        Event::Deny { by } if by == terms.requester => Err(Illegal::OwnRequest),
        Event::Deny { .. } => to(request, State::Denied),
        Event::Cancel { by } if by != terms.requester => Err(Illegal::NotRequester),
        Event::Cancel { .. } => to(request, State::Cancelled),
        Event::Begin if request.state == State::Approved => to(request, State::Running),
        Event::Begin => Err(Illegal::NotAgreed),
    }
}

fn approve(request: &Request, by: u64) -> Result<Request, Illegal> {
    let Needed::Approvals(needed) = request.terms.needed else { return Err(Illegal::NeedsNobody) };
    if by == request.terms.requester {
        return Err(Illegal::OwnRequest);
    }
    if request.approvals.contains(&by) {
        return Err(Illegal::Twice);
    }
    if request.state == State::Approved {
        return Err(Illegal::Agreed);
    }
    let mut after = request.clone();
    after.approvals.push(by);
    if after.approvals.len() >= usize::try_from(needed.max(1)).unwrap_or(usize::MAX) {
        after.state = State::Approved;
    }
    Ok(after)
}

fn confirm(request: &Request, by: u64, now: DateTime<Utc>) -> Result<Request, Illegal> {
    let from = match request.terms.needed {
        Needed::Approvals(_) => return Err(Illegal::NeedsOthers),
        Needed::Confirmation => request.terms.asked_at,
        Needed::BreakGlass { from } => from,
    };
    if by != request.terms.requester {
        return Err(Illegal::NotRequester);
    }
    if request.state == State::Approved {
        return Err(Illegal::Agreed);
    }
    if now < from {
        return Err(Illegal::TooEarly(from));
    }
    to(request, State::Approved)
}

fn running(request: &Request, event: Event) -> Result<Request, Illegal> {
    match event {
        Event::Verify => to(request, State::Verified),
        Event::Fail => to(request, State::Failed),
        Event::Interrupt => to(request, State::Interrupted),
        _ => Err(Illegal::Begun),
    }
}
