//! Texts that a rule may compare with what they were: kept for as long as they stay the same.

use sqlx::sqlite::SqliteConnection;

use super::convert::millis;
use super::error::Fault;
use crate::domain::evidence::Value;
use crate::domain::report::Report;

/// Keeps the texts among the measurements of `report`.
pub(super) async fn keep(db: &mut SqliteConnection, report: &Report) -> Result<(), Fault> {
    let at = millis(report.finished_at);
    for check in report.checks() {
        for measurement in &check.measurements {
            let Value::Text(value) = &measurement.value else { continue };
            // The latest row is prolonged when it says the same; of two runs that end in another order than they began,
            // neither shortens what the other saw.
            let prolonged = sqlx::query(
                "UPDATE word SET until = max(until, ?7), since = min(since, ?7) WHERE value = ?6 AND id = (
                     SELECT id FROM word WHERE command = ?1 AND host = ?2 AND check_id = ?3 AND measure = ?4
                     AND (subject IS NULL) = (?5 IS NULL) AND ifnull(subject, '') = ifnull(?5, '')
                     ORDER BY until DESC, id DESC LIMIT 1)",
            )
            .bind(&report.command)
            .bind(&report.host)
            .bind(&check.id)
            .bind(&measurement.measure)
            .bind(&measurement.subject)
            .bind(value)
            .bind(at)
            .execute(&mut *db)
            .await?
            .rows_affected();
            if prolonged == 1 {
                continue;
            }
            sqlx::query(
                "INSERT INTO word (command, host, check_id, measure, subject, value, since, until)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            )
            .bind(&report.command)
            .bind(&report.host)
            .bind(&check.id)
            .bind(&measurement.measure)
            .bind(&measurement.subject)
            .bind(value)
            .bind(at)
            .execute(&mut *db)
            .await?;
        }
    }
    Ok(())
}
