//! What steps deal with: a database, a folder of backups, an alarm.

use serde::Serialize;

/// A database in a container of the deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Database {
    /// The compose service: `postgres`.
    pub service: String,
    /// Who asks it: `postgres`.
    pub user: Name,
    /// Its name: `gear_freak`.
    pub name: Name,
    /// The table whose rows are counted before and after: `user`.
    pub table: Name,
}

/// The backups of a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backups {
    /// What makes one: `/opt/gear_freak/backup.sh`.
    pub script: String,
    /// The folder they are in: `/opt/gear_freak/backups`.
    pub folder: String,
    /// How they are called, with the time in it: `postgres_%Y%m%d_%H%M%S.sql.gz`.
    pub name: String,
}

impl Backups {
    /// The pattern of the shell that finds them: each part of a time is as many digits as it is written with.
    pub fn pattern(&self) -> String {
        let mut pattern = String::new();
        let mut parts = self.name.split('%');
        pattern.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = if part.starts_with('Y') { 4 } else { 2 };
            pattern.push_str(&"[0-9]".repeat(digits));
            pattern.extend(part.chars().skip(1));
        }
        pattern
    }
}

/// A name in a database that needs no quotes: what a person could not mistake, and no statement can be made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Name(String);

/// It is no such name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name is a small letter or _, then small letters, digits or _, at most 40")]
pub struct NameError;

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Name {
    type Error = NameError;

    /// PostgreSQL cuts names at 63 bytes; what is put behind them here needs 20.
    fn try_from(text: &str) -> Result<Self, NameError> {
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        if begins && text.len() <= 40 && text.chars().all(fine) { Ok(Self(text.to_owned())) } else { Err(NameError) }
    }
}

/// An alarm of CloudWatch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alarm {
    /// Its name: `gear-freak-high-cpu`.
    pub name: String,
    /// What it watches: `CPUUtilization`.
    pub metric: String,
    /// The metric's namespace: `AWS/EC2`.
    pub namespace: String,
    /// From where on it rings.
    pub threshold: f64,
    /// What of a period is compared: `Average`, `Sum`, `Maximum`.
    pub statistic: String,
    /// How long a period is, in seconds: 10, 30, or a multiple of 60.
    pub period_seconds: u32,
    /// How many periods in a row.
    pub periods: u32,
    /// Whether the metric is of the host's own instance.
    pub of_instance: bool,
    /// Who is told: the name of a topic at Amazon; none: whoever was told before, or hears of the others that can be put.
    pub tells: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_what_the_name_makes() {
        let backups =
            Backups { script: String::new(), folder: String::new(), name: "postgres_%Y%m%d_%H%M%S.sql.gz".to_owned() };
        let (four, two) = ("[0-9]".repeat(4), "[0-9]".repeat(2));
        assert_eq!(backups.pattern(), format!("postgres_{four}{two}{two}_{two}{two}{two}.sql.gz"));
    }

    #[test]
    fn no_statement_can_be_made_of_a_name() {
        assert_eq!(Name::try_from("gear_freak").map(|name| name.0), Ok("gear_freak".to_owned()));
        for wrong in ["", "1a", "Gear", "a b", "a;b", "a\"b", "a'b", "a-b", "가", &"a".repeat(41)] {
            assert_eq!(Name::try_from(wrong), Err(NameError), "{wrong}");
        }
    }
}
