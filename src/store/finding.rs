//! Findings: filed once for a check of a run, then changed step by step; no step is ever changed itself.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::sqlite::SqliteConnection;

use super::audit::{append, by_person};
use super::convert::{Reader, column, id, json, millis};
use super::error::{Fault, StoreError};
use super::{Store, draft};
use crate::domain::audit::Deed;
use crate::domain::finding::{
    self, Change, Finding, FindingId, Illegal, NewFinding, Source, Stand, Step, Urgency, pings,
};
use crate::domain::grade::Grade;
use crate::domain::run::{MessagePlace, RunId};
use crate::domain::signoff::draft::Said;
use crate::domain::words::{Who, Words};

/// What came of filing.
#[derive(Clone, Debug, PartialEq)]
pub enum Filing {
    /// It is filed.
    Filed(Finding),
    /// This check of this run is filed already.
    Already(Finding),
}

/// Which findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingsOf {
    /// Those of this command.
    pub command: Option<String>,
    /// Those of this host.
    pub host: Option<String>,
    /// Those that this person sees to.
    pub owner: Option<u64>,
    /// Closed ones as well.
    pub closed: bool,
}

#[derive(sqlx::FromRow)]
struct FindingRow {
    id: i64,
    run: i64,
    command: String,
    host: String,
    check_id: String,
    title: String,
    grade: String,
    message: String,
    channel: i64,
    ping_channel: Option<i64>,
    ping_message: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct StepRow {
    finding: i64,
    seq: i64,
    kind: String,
    at: i64,
    person: i64,
    name: String,
    text: Option<String>,
    urgency: String,
    owner: i64,
    owner_name: String,
    due: Option<String>,
    closed: Option<String>,
}

const FINDINGS: &str = "SELECT finding.*, told.channel AS ping_channel, told.message AS ping_message FROM finding
     LEFT JOIN finding_ping AS told ON told.finding = finding.id AND told.seq =
         (SELECT max(seq) FROM finding_ping WHERE finding_ping.finding = finding.id AND message IS NOT NULL)
     JOIN finding_step AS last ON last.finding = finding.id AND last.seq =
         (SELECT max(seq) FROM finding_step WHERE finding_step.finding = finding.id)";

impl Store {
    /// Files `finding`, unless this check of this run is filed already, and notes it in the draft of who files it. With
    /// `hook` the issue tracker is to hear of it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; then nothing of it was.
    pub async fn file_finding(&self, new: &NewFinding, hook: bool) -> Result<Filing, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let source = &new.source;
            let filed: Option<i64> = sqlx::query_scalar(
                "INSERT INTO finding (run, command, host, check_id, title, grade, message, channel)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, check_id) DO NOTHING RETURNING id",
            )
            .bind(source.run.0)
            .bind(&source.command)
            .bind(&source.host)
            .bind(&source.check)
            .bind(json(&source.title)?)
            .bind(source.grade.name())
            .bind(new.message.as_str())
            .bind(column(new.channel))
            .fetch_optional(&mut *db)
            .await?;
            let id = match filed {
                Some(id) => id,
                None => {
                    sqlx::query_scalar("SELECT id FROM finding WHERE run = ? AND check_id = ?")
                        .bind(source.run.0)
                        .bind(&source.check)
                        .fetch_one(&mut *db)
                        .await?
                }
            };
            if filed.is_some() {
                let step = Added { id, seq: 0, kind: "filed", text: None, by: &new.by, at: new.at, stand: &new.stand };
                step.keep(&mut db, hook).await?;
                if new.stand.urgency == Urgency::High {
                    owe_ping(&mut db, id, 0, &new.stand).await?;
                }
            }
            draft::changed(&mut db, source.run, new.by.id, new.at, |draft| {
                draft.said.insert(source.check.clone(), Said::Finding(FindingId(id)));
                draft.forms.remove(&source.check);
            })
            .await?;
            let finding = read_one(&mut db, FindingId(id)).await?;
            let finding = finding.ok_or_else(|| Fault::unreadable("finding", id, "it is missing"))?;
            if filed.is_some() {
                let entry = by_person(&new.by, new.at, Deed::Finding, format!("finding:{id}"));
                append(&mut db, &entry.with("kind", "filed").with("check", source.check.as_str())).await?;
            }
            db.commit().await?;
            Ok(if filed.is_some() { Filing::Filed(finding) } else { Filing::Already(finding) })
        })
        .await
    }

    /// Takes one step: `change`, applied to how the finding stands at that moment. None where there is no such finding.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept; [`Illegal`], within, when the step is none.
    pub async fn step_finding(
        &self,
        finding: FindingId,
        change: &Change,
        by: &Who,
        at: DateTime<Utc>,
        hook: bool,
    ) -> Result<Option<Result<Finding, Illegal>>, StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let Some(before) = read_one(&mut db, finding).await? else { return Ok(None) };
            let stand = match finding::next(&before.stand, change) {
                Ok(stand) => stand,
                Err(illegal) => return Ok(Some(Err(illegal))),
            };
            let seq = i64::try_from(before.steps.len()).unwrap_or(i64::MAX).saturating_add(1);
            let text = match change {
                Change::Said(words) | Change::Closed(words) | Change::Reopened(words) => Some(words),
                Change::Urgency(_) | Change::Owner(_) | Change::Due(_) => None,
            };
            Added { id: finding.0, seq, kind: change.name(), text, by, at, stand: &stand }.keep(&mut db, hook).await?;
            if pings(&before.stand, &stand) {
                owe_ping(&mut db, finding.0, seq, &stand).await?;
            }
            let after = read_one(&mut db, finding).await?;
            let entry = by_person(by, at, Deed::Finding, format!("finding:{}", finding.0));
            append(&mut db, &entry.with("kind", change.name())).await?;
            db.commit().await?;
            Ok(after.map(Ok))
        })
        .await
    }

    /// One finding with all its steps.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn finding(&self, finding: FindingId) -> Result<Option<Finding>, StoreError> {
        self.named(async { read_one(&mut *self.view().await?, finding).await }).await
    }

    /// The findings that fit: open ones first, the most urgent first, then by due day; closed ones after them, the latest
    /// first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn findings(&self, of: &FindingsOf) -> Result<Vec<Finding>, StoreError> {
        self.named(async {
            let query = format!(
                "{FINDINGS} WHERE (?1 IS NULL OR finding.command = ?1) AND (?2 IS NULL OR finding.host = ?2)
                 AND (?3 IS NULL OR last.owner = ?3) AND (?4 OR last.closed IS NULL)"
            );
            let query = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(&of.command)
                .bind(&of.host)
                .bind(of.owner.map(column))
                .bind(of.closed);
            let mut db = self.view().await?;
            let rows: Vec<FindingRow> = query.fetch_all(&mut *db).await?;
            let mut found = whole(&mut db, rows).await?;
            found.sort_by_key(|finding| {
                let Stand { urgency, due, closed, .. } = &finding.stand;
                let lately = closed.is_some().then_some(-finding.id.0);
                (closed.is_some(), lately, *urgency, due.is_none(), *due, finding.id)
            });
            Ok(found)
        })
        .await
    }

    /// The findings of `command` on `host` that were filed or closed from `from` to `to`, or open at some time in between,
    /// the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of these.
    pub async fn findings_between(
        &self,
        command: &str,
        host: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Finding>, StoreError> {
        let of =
            FindingsOf { command: Some(command.to_owned()), host: Some(host.to_owned()), owner: None, closed: true };
        let mut found = self.findings(&of).await?;
        found.retain(|finding| {
            let last = finding.steps.iter().rev().find(|step| matches!(step.change, Change::Closed(_)));
            let over = finding.stand.closed.is_some() && last.is_some_and(|step| step.at < from);
            finding.filed.at < to && !over
        });
        found.sort_by_key(|finding| finding.id);
        Ok(found)
    }
}

/// A step that is added.
struct Added<'a> {
    id: i64,
    seq: i64,
    kind: &'static str,
    text: Option<&'a Words>,
    by: &'a Who,
    at: DateTime<Utc>,
    stand: &'a Stand,
}

impl Added<'_> {
    async fn keep(&self, db: &mut SqliteConnection, hook: bool) -> Result<(), Fault> {
        sqlx::query(
            "INSERT INTO finding_step (finding, seq, kind, at, person, name, text, urgency, owner, owner_name, due, closed)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(self.id)
        .bind(self.seq)
        .bind(self.kind)
        .bind(millis(self.at))
        .bind(column(self.by.id))
        .bind(&self.by.name)
        .bind(self.text.map(Words::as_str))
        .bind(self.stand.urgency.name())
        .bind(column(self.stand.owner.id))
        .bind(&self.stand.owner.name)
        .bind(self.stand.due.map(|due| due.to_string()))
        .bind(self.stand.closed.as_ref().map(Words::as_str))
        .execute(&mut *db)
        .await?;
        if hook {
            sqlx::query("INSERT INTO finding_hook (finding, seq, next_at) VALUES (?, ?, ?)")
                .bind(self.id)
                .bind(self.seq)
                .bind(millis(self.at))
                .execute(db)
                .await?;
        }
        Ok(())
    }
}

async fn owe_ping(db: &mut SqliteConnection, finding: i64, seq: i64, stand: &Stand) -> Result<(), Fault> {
    sqlx::query("INSERT INTO finding_ping (finding, seq, person) VALUES (?, ?, ?)")
        .bind(finding)
        .bind(seq)
        .bind(column(stand.owner.id))
        .execute(db)
        .await?;
    Ok(())
}

/// The finding `finding` as it is kept.
pub(super) async fn read_one(db: &mut SqliteConnection, finding: FindingId) -> Result<Option<Finding>, Fault> {
    let query = format!("{FINDINGS} WHERE finding.id = ?");
    let rows: Vec<FindingRow> = sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(finding.0).fetch_all(&mut *db).await?;
    Ok(whole(db, rows).await?.pop())
}

/// The findings of `rows`, each with its steps.
async fn whole(db: &mut SqliteConnection, rows: Vec<FindingRow>) -> Result<Vec<Finding>, Fault> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let query = "SELECT * FROM finding_step WHERE finding IN (SELECT value FROM json_each(?)) ORDER BY finding, seq";
    let steps: Vec<StepRow> = sqlx::query_as(query).bind(json(&ids)?).fetch_all(db).await?;
    let mut of: BTreeMap<i64, Vec<StepRow>> = BTreeMap::new();
    for step in steps {
        of.entry(step.finding).or_default().push(step);
    }
    rows.into_iter().map(|row| row.read(of.remove(&row.id).unwrap_or_default())).collect()
}

impl FindingRow {
    fn read(&self, steps: Vec<StepRow>) -> Result<Finding, Fault> {
        let reader = Reader::new("finding", self.id);
        let mut steps = steps.into_iter();
        let first = reader.given("its first step", steps.next())?;
        let stand = first.stand()?;
        let mut finding = Finding {
            id: FindingId(self.id),
            filed: NewFinding {
                source: Source {
                    run: RunId(self.run),
                    command: self.command.clone(),
                    host: self.host.clone(),
                    check: self.check_id.clone(),
                    title: reader.json("title", &self.title)?,
                    grade: reader.named("grade", &self.grade, Grade::from_name)?,
                },
                message: Words::new(&self.message).map_err(|error| reader.fault(format_args!("message {error}")))?,
                stand: stand.clone(),
                by: first.by(),
                at: reader.time("at", first.at)?,
                channel: id(self.channel),
            },
            steps: Vec::new(),
            stand,
            place: self
                .ping_channel
                .zip(self.ping_message)
                .map(|(channel, message)| MessagePlace { channel: id(channel), message: id(message) }),
        };
        for step in steps {
            finding.stand = step.stand()?;
            finding.steps.push(step.read(&finding.stand)?);
        }
        Ok(finding)
    }
}

impl StepRow {
    fn reader(&self) -> Reader {
        Reader::new("finding_step", format_args!("{} {}", self.finding, self.seq))
    }

    fn by(&self) -> Who {
        Who { id: id(self.person), name: self.name.clone() }
    }

    fn words(&self, text: Option<&str>) -> Result<Words, Fault> {
        let reader = self.reader();
        Words::new(reader.given("text", text)?).map_err(|error| reader.fault(format_args!("text {error}")))
    }

    fn stand(&self) -> Result<Stand, Fault> {
        let reader = self.reader();
        let day = |text: &String| text.parse::<NaiveDate>().map_err(|error| reader.fault(format_args!("due: {error}")));
        Ok(Stand {
            urgency: reader.named("urgency", &self.urgency, Urgency::named)?,
            owner: Who { id: id(self.owner), name: self.owner_name.clone() },
            due: self.due.as_ref().map(day).transpose()?,
            closed: self.closed.as_deref().map(|text| self.words(Some(text))).transpose()?,
        })
    }

    fn read(&self, after: &Stand) -> Result<Step, Fault> {
        let change = match self.kind.as_str() {
            "urgency" => Change::Urgency(after.urgency),
            "owner" => Change::Owner(after.owner.clone()),
            "due" => Change::Due(after.due),
            "said" => Change::Said(self.words(self.text.as_deref())?),
            "closed" => Change::Closed(self.words(self.text.as_deref())?),
            "reopened" => Change::Reopened(self.words(self.text.as_deref())?),
            other => return Err(self.reader().fault(format_args!("kind is `{other}`"))),
        };
        Ok(Step { change, by: self.by(), at: self.reader().time("at", self.at)? })
    }
}
