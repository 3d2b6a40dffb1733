//! What a measure of a host was in its past, whichever check looked.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Store;
use super::convert::{Reader, millis};
use super::error::StoreError;

/// The past of each subject, in order of time.
pub(super) const SIZES: &str = "SELECT series.id, subject, at, value
     FROM series CROSS JOIN measurement ON measurement.series = series.id AND at >= ?3
     WHERE host = ?1 AND measure = ?2 AND subject IS NOT NULL AND unit = 'B' ORDER BY at";

impl Store {
    /// The bytes that `measure` had on `host` since `since`, by subject, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or a row of it.
    pub async fn sizes(
        &self,
        host: &str,
        measure: &str,
        since: DateTime<Utc>,
    ) -> Result<BTreeMap<String, Vec<(DateTime<Utc>, f64)>>, StoreError> {
        self.named(async {
            let rows: Vec<(i64, String, i64, f64)> = sqlx::query_as(SIZES)
                .bind(host)
                .bind(measure)
                .bind(millis(since))
                .fetch_all(&mut *self.view().await?)
                .await?;
            let mut sizes: BTreeMap<String, Vec<_>> = BTreeMap::new();
            for (series, subject, at, value) in rows {
                let at = Reader::new("measurement of series", series).time("at", at)?;
                sizes.entry(subject).or_default().push((at, value));
            }
            Ok(sizes)
        })
        .await
    }
}
