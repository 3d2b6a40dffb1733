//! What a command looked like when it ran, kept once for all runs that share it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnection;

use super::convert::{Reader, json};
use super::error::Fault;
use crate::domain::message::Localised;
use crate::domain::report::{Report, ReportedCheck, ReportedSection};

/// The sections of a report, without anything that the run found.
#[derive(Serialize, Deserialize)]
pub(super) struct Outline {
    pub(super) sections: Vec<OutlinedSection>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct OutlinedSection {
    pub(super) id: String,
    pub(super) title: Localised,
    pub(super) checks: Vec<OutlinedCheck>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct OutlinedCheck {
    pub(super) id: String,
    pub(super) row: Option<String>,
    pub(super) title: Localised,
    pub(super) remedies: Vec<Localised>,
}

impl From<&Report> for Outline {
    fn from(report: &Report) -> Self {
        Self { sections: report.sections.iter().map(OutlinedSection::from).collect() }
    }
}

impl From<&ReportedSection> for OutlinedSection {
    fn from(section: &ReportedSection) -> Self {
        Self {
            id: section.id.clone(),
            title: section.title.clone(),
            checks: section.checks.iter().map(OutlinedCheck::from).collect(),
        }
    }
}

impl From<&ReportedCheck> for OutlinedCheck {
    fn from(check: &ReportedCheck) -> Self {
        Self {
            id: check.id.clone(),
            row: check.row.clone(),
            title: check.title.clone(),
            remedies: check.remedies.clone(),
        }
    }
}

impl Outline {
    /// Keeps it, unless the same is kept already, and gives back its number.
    pub(super) async fn keep(&self, db: &mut SqliteConnection) -> Result<i64, Fault> {
        let body = json(self)?;
        let hash = Sha256::digest(&body);
        sqlx::query("INSERT INTO outline (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING")
            .bind(&hash[..])
            .bind(&body)
            .execute(&mut *db)
            .await?;
        Ok(sqlx::query_scalar("SELECT id FROM outline WHERE hash = ?").bind(&hash[..]).fetch_one(db).await?)
    }

    /// The outline numbered `number`.
    pub(super) async fn read(db: &mut SqliteConnection, number: i64) -> Result<Self, Fault> {
        let body: String = sqlx::query_scalar("SELECT body FROM outline WHERE id = ?")
            .bind(number)
            .fetch_one(db)
            .await
            .map_err(|error| Fault::reading("outline", number, error))?;
        Reader::new("outline", number).json("body", &body)
    }
}
