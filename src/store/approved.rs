//! What people approved, rehearsed, and what need not be asked twice a day.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::sqlite::SqliteConnection;

use super::Store;
use super::audit::append;
use super::convert::{Reader, millis};
use super::error::{Fault, StoreError};
use crate::domain::audit::{Actor, Deed, Entry};
use crate::domain::digest::Digest;
use crate::domain::exercise::{Exercise, ExerciseKind};

/// What a person called right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// What it was, as JSON.
    pub content: String,
    /// Who said so.
    pub approved_by: String,
    /// When.
    pub approved_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct BaselineRow {
    id: i64,
    content: String,
    approved_by: String,
    approved_at: i64,
}

#[derive(sqlx::FromRow)]
struct ExerciseRow {
    id: i64,
    passed: bool,
    ended_at: i64,
    took: i64,
    told_by: String,
}

impl ExerciseRow {
    fn exercise(self, kind: ExerciseKind) -> Result<Exercise, Fault> {
        Ok(Exercise {
            kind,
            passed: self.passed,
            ended_at: Reader::new("exercise", self.id).time("ended_at", self.ended_at)?,
            took: Duration::from_millis(u64::try_from(self.took).unwrap_or_default()),
            told_by: self.told_by,
        })
    }
}

impl Store {
    /// The latest approved baseline of `subject` on `host`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn baseline(&self, host: &str, subject: &str) -> Result<Option<Baseline>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let row: Option<BaselineRow> = sqlx::query_as(
                "SELECT id, content, approved_by, approved_at FROM baseline WHERE host = ? AND subject = ?
                 ORDER BY approved_at DESC, id DESC LIMIT 1",
            )
            .bind(host)
            .bind(subject)
            .fetch_optional(&mut *db)
            .await?;
            row.map(|row| {
                let approved_at = Reader::new("baseline", row.id).time("approved_at", row.approved_at)?;
                Ok(Baseline { content: row.content, approved_by: row.approved_by, approved_at })
            })
            .transpose()
        })
        .await
    }

    /// Keeps `baseline`, which `by` approved, as the one of `subject` on `host` from now on; those before it stay on record.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn approve_baseline(
        &self,
        host: &str,
        subject: &str,
        baseline: &Baseline,
        by: &Actor,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query(
                "INSERT INTO baseline (host, subject, content, approved_by, approved_at) VALUES (?, ?, ?, ?, ?)",
            )
            .bind(host)
            .bind(subject)
            .bind(&baseline.content)
            .bind(&baseline.approved_by)
            .bind(millis(baseline.approved_at))
            .execute(&mut *db)
            .await?;
            let entry = Entry::new(baseline.approved_at, by.clone(), Deed::Baseline, format!("baseline:{subject}"))
                .with("name", baseline.approved_by.as_str())
                .with("host", host)
                .with("content", Digest::of(baseline.content.as_bytes()).to_string());
            append(&mut db, &entry).await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// What was answered to `question` on `day`, where it was asked.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn bill(&self, day: NaiveDate, question: &str) -> Result<Option<String>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let query = sqlx::query_scalar("SELECT answer FROM bill WHERE day = ? AND question = ?");
            Ok(query.bind(day.to_string()).bind(question).fetch_optional(&mut *db).await?)
        })
        .await
    }

    /// Keeps what was answered to `question` on `day`; those of earlier days go.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn keep_bill(&self, day: NaiveDate, question: &str, answer: &str) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query("DELETE FROM bill WHERE day < ?").bind(day.to_string()).execute(&mut *db).await?;
            sqlx::query("INSERT OR REPLACE INTO bill (day, question, answer) VALUES (?, ?, ?)")
                .bind(day.to_string())
                .bind(question)
                .bind(answer)
                .execute(&mut *db)
                .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// The latest passed exercise of `kind` on `host`, and the latest of all where that is another.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn exercises(&self, host: &str, kind: ExerciseKind) -> Result<Vec<Exercise>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let rows: Vec<ExerciseRow> = sqlx::query_as(
                "SELECT id, passed, ended_at, took, told_by FROM exercise WHERE host = ?1 AND kind = ?2 AND id IN (
                     SELECT id FROM (SELECT id FROM exercise WHERE host = ?1 AND kind = ?2 AND passed
                                     ORDER BY ended_at DESC, id DESC LIMIT 1)
                     UNION SELECT id FROM (SELECT id FROM exercise WHERE host = ?1 AND kind = ?2
                                           ORDER BY ended_at DESC, id DESC LIMIT 1))
                 ORDER BY ended_at DESC, id DESC",
            )
            .bind(host)
            .bind(kind.name())
            .fetch_all(&mut *db)
            .await?;
            rows.into_iter().map(|row| row.exercise(kind)).collect::<Result<_, Fault>>()
        })
        .await
    }

    /// The latest exercise of `kind` on `host` that had ended before `moment`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn exercise_before(
        &self,
        host: &str,
        kind: ExerciseKind,
        moment: DateTime<Utc>,
    ) -> Result<Option<Exercise>, StoreError> {
        self.named(async {
            let row: Option<ExerciseRow> = sqlx::query_as(
                "SELECT id, passed, ended_at, took, told_by FROM exercise
                 WHERE host = ? AND kind = ? AND ended_at < ? ORDER BY ended_at DESC, id DESC LIMIT 1",
            )
            .bind(host)
            .bind(kind.name())
            .bind(millis(moment))
            .fetch_optional(&mut *self.view().await?)
            .await?;
            row.map(|row| row.exercise(kind)).transpose()
        })
        .await
    }

    /// Keeps how an exercise on `host` went, as `by` says.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn record_exercise(&self, host: &str, exercise: &Exercise, by: &Actor) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            keep_exercise(&mut db, host, exercise, by).await?;
            Ok(db.commit().await?)
        })
        .await
    }
}

/// Keeps how an exercise on `host` went, as `by` says, in a change that may hold more.
pub(super) async fn keep_exercise(
    db: &mut SqliteConnection,
    host: &str,
    exercise: &Exercise,
    by: &Actor,
) -> Result<(), Fault> {
    sqlx::query("INSERT INTO exercise (host, kind, passed, ended_at, took, told_by) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(host)
        .bind(exercise.kind.name())
        .bind(exercise.passed)
        .bind(millis(exercise.ended_at))
        .bind(i64::try_from(exercise.took.as_millis()).unwrap_or(i64::MAX))
        .bind(&exercise.told_by)
        .execute(&mut *db)
        .await?;
    let subject = format!("exercise:{}", exercise.kind.name());
    let entry = Entry::new(exercise.ended_at, by.clone(), Deed::Baseline, subject)
        .with("name", exercise.told_by.as_str())
        .with("host", host)
        .with("passed", exercise.passed.to_string());
    append(db, &entry).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[tokio::test]
    async fn the_latest_baseline_counts_and_the_one_before_stays() {
        let store = Store::forgetful().await.unwrap();
        let one = Baseline {
            content: "[]".to_owned(),
            approved_by: "지민".to_owned(),
            approved_at: at("2026-11-01T00:00:00Z"),
        };
        let two = Baseline { content: "[1]".to_owned(), approved_at: at("2026-11-02T00:00:00Z"), ..one.clone() };
        assert_eq!(store.baseline("here", "security-group").await.unwrap(), None);
        store.approve_baseline("here", "security-group", &one, &Actor::Discord(7)).await.unwrap();
        store.approve_baseline("here", "security-group", &two, &Actor::Terminal("jimin".to_owned())).await.unwrap();
        assert_eq!(store.baseline("here", "security-group").await.unwrap(), Some(two));
        assert_eq!(store.baseline("there", "security-group").await.unwrap(), None);
        assert_eq!(
            actors(&store).await,
            ["discord:7", "terminal:jimin"],
            "the record knows who, whatever they are called"
        );
    }

    async fn actors(store: &Store) -> Vec<String> {
        let mut actors = Vec::new();
        store
            .each_audit_row(|row| {
                actors.push(row.actor.clone());
                true
            })
            .await
            .unwrap();
        actors
    }

    #[tokio::test]
    async fn an_answer_is_good_for_its_day() {
        let store = Store::forgetful().await.unwrap();
        let (monday, tuesday): (NaiveDate, NaiveDate) = ("2026-11-23".parse().unwrap(), "2026-11-24".parse().unwrap());
        store.keep_bill(monday, "cost", "{}").await.unwrap();
        assert_eq!(store.bill(monday, "cost").await.unwrap().as_deref(), Some("{}"));
        assert_eq!(store.bill(tuesday, "cost").await.unwrap(), None);
        assert_eq!(store.bill(monday, "other").await.unwrap(), None);
        store.keep_bill(tuesday, "cost", "[]").await.unwrap();
        assert_eq!(store.bill(monday, "cost").await.unwrap(), None);
    }

    #[tokio::test]
    async fn the_latest_passed_exercise_is_found_behind_a_failed_one() {
        let store = Store::forgetful().await.unwrap();
        let exercise = |passed, ended_at| Exercise {
            kind: ExerciseKind::Drill,
            passed,
            ended_at: at(ended_at),
            took: Duration::from_secs(2400),
            told_by: "수현".to_owned(),
        };
        let (old, passed, failed) = (
            exercise(true, "2026-05-01T00:00:00Z"),
            exercise(true, "2026-08-01T00:00:00Z"),
            exercise(false, "2026-11-01T00:00:00Z"),
        );
        for exercise in [&passed, &failed, &old] {
            store.record_exercise("here", exercise, &Actor::Discord(9)).await.unwrap();
        }
        let latest = store.exercises("here", ExerciseKind::Drill).await.unwrap();
        assert_eq!(latest, [failed.clone(), passed.clone()]);
        assert_eq!(store.exercises("here", ExerciseKind::RestoreTest).await.unwrap(), []);
        let before = async |moment| store.exercise_before("here", ExerciseKind::Drill, moment).await.unwrap();
        assert_eq!(before(failed.ended_at).await, Some(passed.clone()));
        assert_eq!(before(passed.ended_at).await, Some(old.clone()));
        assert_eq!(before(old.ended_at).await, None);
        assert_eq!(actors(&store).await, ["discord:9"; 3]);
    }
}
