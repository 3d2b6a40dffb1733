//! In which language somebody wants to be answered.

use chrono::{DateTime, Utc};

use super::Store;
use super::convert::{column, millis};
use super::error::StoreError;
use crate::domain::message::Language;

impl Store {
    /// The language that `person` chose; none: they follow their Discord.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn language_of(&self, person: u64) -> Result<Option<Language>, StoreError> {
        self.named(async {
            let mut db = self.view().await?;
            let code: Option<String> = sqlx::query_scalar("SELECT language FROM person_language WHERE person = ?")
                .bind(column(person))
                .fetch_optional(&mut *db)
                .await?;
            Ok(code.and_then(|code| Language::from_code(&code)))
        })
        .await
    }

    /// Keeps at `now` that `person` wants to be answered in `language`; none: in that of their Discord.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn choose_language(
        &self,
        person: u64,
        language: Option<Language>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            let keep = "INSERT INTO person_language (person, language, chosen_at) VALUES (?1, ?2, ?3)
                        ON CONFLICT (person) DO UPDATE SET language = excluded.language, chosen_at = excluded.chosen_at";
            match language {
                Some(language) => {
                    let kept = sqlx::query(keep).bind(column(person)).bind(language.code());
                    kept.bind(millis(now)).execute(&mut *db).await?
                }
                None => {
                    let forget = sqlx::query("DELETE FROM person_language WHERE person = ?");
                    forget.bind(column(person)).execute(&mut *db).await?
                }
            };
            Ok(db.commit().await?)
        })
        .await
    }
}
