//! The life of a request: made, decided on, claimed, ended, shown. Each change names the state that it comes from and must
//! change exactly one row; what it did goes into the audit record in the same transaction.

mod change;
mod read;
mod review;
#[cfg(test)]
mod tests;

pub use change::Claimed;
pub use read::Running;

pub(super) use read::one;
