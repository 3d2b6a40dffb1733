//! Which image each service had, and whether it was healthy with it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Store;
use super::convert::{Reader, millis};
use super::error::{Fault, StoreError};

/// Of each service, how many images besides the one it runs are kept for going back.
const KEPT: usize = 1;

impl Store {
    /// Keeps that `service` on `host` had `image`, called `reference`, at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub async fn saw_image(
        &self,
        host: &str,
        service: &str,
        image: &str,
        reference: &str,
        healthy: bool,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.named(async {
            let mut db = self.change().await?;
            sqlx::query(
                "INSERT INTO service_image (host, service, image, reference, seen_at, healthy_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, iif(?6, ?5, NULL))
                 ON CONFLICT DO UPDATE SET reference = ?4, seen_at = max(seen_at, ?5),
                                           healthy_at = iif(?6, max(ifnull(healthy_at, 0), ?5), healthy_at)",
            )
            .bind(host)
            .bind(service)
            .bind(image)
            .bind(reference)
            .bind(millis(at))
            .bind(healthy)
            .execute(&mut *db)
            .await?;
            Ok(db.commit().await?)
        })
        .await
    }

    /// The images with which `service` was healthy, and when last, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn healthy_images(&self, host: &str, service: &str) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
        self.named(async {
            let rows: Vec<(String, i64)> = sqlx::query_as(
                "SELECT image, healthy_at FROM service_image
                 WHERE host = ? AND service = ? AND healthy_at IS NOT NULL ORDER BY healthy_at DESC, image",
            )
            .bind(host)
            .bind(service)
            .fetch_all(&mut *self.view().await?)
            .await?;
            let read = |(image, at)| Ok::<_, Fault>((image, Reader::new("service_image", 0).time("healthy_at", at)?));
            rows.into_iter().map(read).collect()
        })
        .await
    }

    /// Of each service of `host`, the images that no clean-up takes: the one it has, and the one it would go back to.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn rollback_images(&self, host: &str) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        self.named(async {
            let rows: Vec<(String, String, Option<i64>)> = sqlx::query_as(
                "SELECT service, image, healthy_at FROM service_image WHERE host = ? ORDER BY service, seen_at DESC",
            )
            .bind(host)
            .fetch_all(&mut *self.view().await?)
            .await?;
            let mut by_service: BTreeMap<String, Vec<(String, Option<i64>)>> = BTreeMap::new();
            for (service, image, healthy) in rows {
                by_service.entry(service).or_default().push((image, healthy));
            }
            let kept = |images: Vec<(String, Option<i64>)>| {
                let mut others: Vec<_> = images.iter().skip(1).filter(|(_, healthy)| healthy.is_some()).collect();
                others.sort_by_key(|(_, healthy)| std::cmp::Reverse(*healthy));
                let latest = images.first().map(|(image, _)| image.clone());
                latest.into_iter().chain(others.into_iter().take(KEPT).map(|(image, _)| image.clone())).collect()
            };
            Ok(by_service.into_iter().map(|(service, images)| (service, kept(images))).collect())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + hour * 3600, 0).unwrap()
    }

    #[tokio::test]
    async fn the_last_healthy_one_but_todays_is_what_is_gone_back_to() {
        let store = Store::forgetful().await.unwrap();
        for (image, healthy, hour) in [("a", true, 1), ("b", true, 2), ("c", false, 3), ("d", true, 4), ("d", false, 5)]
        {
            store.saw_image("here", "serverpod", image, "app:latest", healthy, at(hour)).await.unwrap();
        }
        store.saw_image("here", "redis", "r", "redis:7", true, at(1)).await.unwrap();
        let healthy = store.healthy_images("here", "serverpod").await.unwrap();
        assert_eq!(healthy, [("d".to_owned(), at(4)), ("b".to_owned(), at(2)), ("a".to_owned(), at(1))]);
        let kept = store.rollback_images("here").await.unwrap();
        assert_eq!(kept["serverpod"], ["d", "b"]);
        assert_eq!(kept["redis"], ["r"]);
        assert!(store.rollback_images("there").await.unwrap().is_empty());
    }
}
