//! The audit record: who did what, in a chain of hashes. Each row's hash covers the row and the hash before it, so that
//! nothing in the past can be changed, left out or put in between without every hash after it being another; and the last
//! one, which stands in each day's report, bears witness outside of the database.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::digest::Digest;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person in Discord, by id. Names change; they stand in the details where they help.
    Discord(u64),
    /// A person at a terminal, by login name.
    Terminal(String),
    /// signoff itself: the end of a time, a crash that was found.
    Signoff,
}

impl Actor {
    /// As it is written in the record.
    pub fn written(&self) -> String {
        match self {
            Self::Discord(id) => format!("discord:{id}"),
            Self::Terminal(login) => format!("terminal:{login}"),
            Self::Signoff => "signoff".to_owned(),
        }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// An act was asked for.
    Request,
    /// Somebody said yes or no to it, took it back, or its time was over.
    Decision,
    /// Somebody was refused.
    Refusal,
    /// An act was begun.
    Act,
    /// An act ended.
    Result,
    /// A checklist was signed, or a signature withdrawn.
    SignOff,
    /// A problem was taken on for a time, or given up again.
    Waiver,
    /// A finding was filed, or closed.
    Finding,
    /// Duty was given, taken or handed over.
    Duty,
    /// A runbook was opened, led on or closed.
    Runbook,
    /// Nobody is to hear of an alert for a time.
    Mute,
    /// What was done alone was reviewed by somebody else.
    Review,
    /// A baseline was approved, an exercise recorded.
    Baseline,
    /// `bot.toml`, a command file or the one of holidays is another than before.
    Configuration,
    /// The record was taken out, or a form of what was signed.
    Export,
}

impl Deed {
    /// As it is written in the record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Decision => "decision",
            Self::Refusal => "refusal",
            Self::Act => "act",
            Self::Result => "result",
            Self::SignOff => "sign-off",
            Self::Waiver => "waiver",
            Self::Finding => "finding",
            Self::Duty => "duty",
            Self::Runbook => "runbook",
            Self::Mute => "mute",
            Self::Review => "review",
            Self::Baseline => "baseline",
            Self::Configuration => "configuration",
            Self::Export => "export",
        }
    }
}

/// What is about to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub deed: Deed,
    /// About what: `request:12`, `run:128`, `command:restart`.
    pub subject: String,
    /// The rest, by name. Nothing secret: it is masked before it comes here.
    pub details: BTreeMap<String, String>,
}

impl Entry {
    /// `actor` did `deed` to `subject` at `at`.
    pub fn new(at: DateTime<Utc>, actor: Actor, deed: Deed, subject: impl Into<String>) -> Self {
        Self { at, actor, deed, subject: subject.into(), details: BTreeMap::new() }
    }

    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.details.insert(name.into(), value.into());
        self
    }
}

/// A row as it stands in the record, nothing read into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1.
    pub seq: i64,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// What.
    pub deed: String,
    /// About what.
    pub subject: String,
    /// The rest, as JSON.
    pub details: String,
    /// The hash of the row before; of the first, nothing's.
    pub prev: Vec<u8>,
    /// Its own hash.
    pub hash: Vec<u8>,
}

impl Row {
    /// What its hash must be.
    pub fn digest(&self) -> Digest {
        Digest::of_fields([
            self.prev.as_slice(),
            &self.seq.to_be_bytes(),
            &self.at.to_be_bytes(),
            self.actor.as_bytes(),
            self.deed.as_bytes(),
            self.subject.as_bytes(),
            self.details.as_bytes(),
        ])
    }
}

/// What stands before the first row.
pub const NOTHING: Digest = Digest([0; 32]);

/// The end of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last row's number; 0 where there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: Digest,
}

/// How the chain is broken at a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The row is not what was written.
    Changed,
    /// The row before it is not the one that was there when it was written.
    Unlinked,
    /// A row is not there.
    Missing,
}

/// The first row at which the chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number.
    pub seq: i64,
    /// How.
    pub how: Break,
}

/// A chain that is followed row by row.
#[derive(Clone, Copy, Debug)]
pub struct Chain(Head);

impl Default for Chain {
    fn default() -> Self {
        Self(Head { seq: 0, hash: NOTHING })
    }
}

impl Chain {
    /// Follows the chain to `row`.
    ///
    /// # Errors
    /// [`Broken`], when it does not follow from those before.
    pub fn follow(&mut self, row: &Row) -> Result<(), Broken> {
        let expected = self.0.seq + 1;
        if row.seq != expected {
            return Err(Broken { seq: expected, how: Break::Missing });
        }
        let digest = row.digest();
        if row.hash.as_slice() != digest.0 {
            return Err(Broken { seq: row.seq, how: Break::Changed });
        }
        if row.prev.as_slice() != self.0.hash.0 {
            return Err(Broken { seq: row.seq, how: Break::Unlinked });
        }
        self.0 = Head { seq: row.seq, hash: digest };
        Ok(())
    }

    /// How far it was followed.
    pub const fn head(&self) -> Head {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chain(length: usize) -> Vec<Row> {
        let mut prev = NOTHING;
        (1..)
            .take(length)
            .map(|seq| {
                let mut row = Row {
                    seq,
                    at: 1_795_392_000_000 + seq,
                    actor: format!("discord:{seq}"),
                    deed: "request".to_owned(),
                    subject: format!("request:{seq}"),
                    details: r#"{"reason":"slow"}"#.to_owned(),
                    prev: prev.0.to_vec(),
                    hash: Vec::new(),
                };
                prev = row.digest();
                row.hash = prev.0.to_vec();
                row
            })
            .collect()
    }

    fn verify(rows: &[Row]) -> Result<Head, Broken> {
        let mut chain = Chain::default();
        rows.iter().try_for_each(|row| chain.follow(row))?;
        Ok(chain.head())
    }

    #[test]
    fn a_whole_chain_is_whole() {
        assert_eq!(verify(&[]), Ok(Head { seq: 0, hash: NOTHING }));
        let rows = chain(5);
        let head = verify(&rows).unwrap();
        assert_eq!((head.seq, head.hash.0.as_slice()), (5, rows[4].hash.as_slice()));
    }

    #[test]
    fn each_way_of_breaking_it_names_its_row() {
        let without = |index: usize| {
            let mut rows = chain(5);
            rows.remove(index);
            verify(&rows)
        };
        assert_eq!(without(0), Err(Broken { seq: 1, how: Break::Missing }));
        assert_eq!(without(2), Err(Broken { seq: 3, how: Break::Missing }));
        // One row, with its own hash mended: the one behind it does not follow.
        let mut rows = chain(5);
        rows[2].details = "{}".to_owned();
        assert_eq!(verify(&rows), Err(Broken { seq: 3, how: Break::Changed }));
        rows[2].hash = rows[2].digest().0.to_vec();
        assert_eq!(verify(&rows), Err(Broken { seq: 4, how: Break::Unlinked }));
        // Two rows changed places.
        let mut rows = chain(5);
        rows.swap(1, 2);
        assert_eq!(verify(&rows), Err(Broken { seq: 2, how: Break::Missing }));
    }

    proptest! {
        /// One bit, anywhere in one row.
        #[test]
        fn one_bit_is_enough(index in 0..5_usize, field in 0..8_u8, bit in 0..8_u32, at in any::<prop::sample::Index>()) {
            let mut rows = chain(5);
            let row = &mut rows[index];
            let flip = |text: &mut String| {
                let mut bytes = std::mem::take(text).into_bytes();
                let place = at.index(bytes.len());
                bytes[place] ^= 1 << (bit % 7);
                *text = String::from_utf8_lossy(&bytes).into_owned();
            };
            match field {
                0 => row.seq ^= 1 << bit,
                1 => row.at ^= 1 << bit,
                2 => flip(&mut row.actor),
                3 => flip(&mut row.deed),
                4 => flip(&mut row.subject),
                5 => flip(&mut row.details),
                6 => { let place = at.index(32); row.prev[place] ^= 1 << bit; }
                _ => { let place = at.index(32); row.hash[place] ^= 1 << bit; }
            }
            prop_assert!(verify(&rows).is_err());
            prop_assert!(verify(&rows).unwrap_err().seq <= i64::try_from(index).unwrap() + 1);
        }
    }
}
