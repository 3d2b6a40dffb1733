//! Snowflakes: Discord's ids, which carry the moment they were made.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Discord's epoch, the first second of 2015, in milliseconds of Unix time.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// A snowflake. JSON carries it as a string.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u64);

impl Id {
    /// An id of a given number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.to_string()
    }
}

impl FromStr for Id {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    /// Discord itself takes a string or a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text.parse().map_err(D::Error::custom),
            serde_json::Value::Number(number) => {
                number.as_u64().map(Self).ok_or_else(|| D::Error::custom("not a snowflake"))
            }
            _ => Err(D::Error::custom("not a snowflake")),
        }
    }
}

/// Makes ids that always rise, as Discord's do.
#[derive(Debug, Default)]
pub(crate) struct IdMaker {
    last: u64,
}

impl IdMaker {
    pub(crate) fn next(&mut self, now: DateTime<Utc>) -> Id {
        let since_epoch = u64::try_from(now.timestamp_millis() - EPOCH_MS).unwrap_or(0);
        self.last = (since_epoch << 22).max(self.last + 1);
        Id(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_within_one_millisecond_and_carry_their_moment() {
        let now: DateTime<Utc> = "2026-11-02T00:00:00Z".parse().unwrap();
        let mut ids = IdMaker::default();
        let (first, second) = (ids.next(now), ids.next(now));
        assert!(second > first);
        let carried = i64::try_from(first.get() >> 22).unwrap() + EPOCH_MS;
        assert_eq!(carried, now.timestamp_millis());
    }

    #[test]
    fn json_is_a_string_and_numbers_are_taken() {
        assert_eq!(serde_json::to_string(&Id::new(7)).unwrap(), "\"7\"");
        assert_eq!(serde_json::from_str::<Id>("7").unwrap(), Id::new(7));
        assert_eq!(serde_json::from_str::<Id>("\"7\"").unwrap(), Id::new(7));
        assert!(serde_json::from_str::<Id>("\"seven\"").is_err());
    }
}
