//! Small things that the bot remembers about itself.

use super::Store;
use super::error::StoreError;

impl Store {
    /// What was noted under `key`, where something was.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn note(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            Ok(sqlx::query_scalar("SELECT value FROM note WHERE key = ?").bind(key).fetch_optional(&mut *db).await?)
        })
        .await
    }

    /// Notes `value` under `key`, in place of what was there.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn set_note(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query(
                "INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )
            .bind(key)
            .bind(value)
            .execute(&mut *db)
            .await?;
            Ok(db.commit().await?)
        })
        .await
    }
}
