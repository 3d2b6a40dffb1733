//! What the practice team did before anybody came: they approved the security group, rehearsed, and let the bot watch for a
//! month. A world without a past would have half of its checks say "too early to tell".

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::vital::{Series, Vital};
use crate::domain::watched::{Hour, hour_of};
use crate::service::{BaselineError, Service};
use crate::store::{Store, StoreError};

/// Who did it.
const TEAM: &str = "practice";

/// How long the bot has watched.
const WATCHED: TimeDelta = TimeDelta::days(30);

/// When serverpod was last deployed.
const DEPLOYED: TimeDelta = TimeDelta::days(18);

/// Samples of an hour.
const SAMPLES: u32 = 60;

/// Records the approval and the exercises.
///
/// # Errors
/// [`BaselineError`].
pub(super) async fn rehearsed(service: &Service, now: DateTime<Utc>) -> Result<(), BaselineError> {
    service.approve_security_group(None, TEAM).await?;
    for (kind, days, minutes) in [(ExerciseKind::RestoreTest, 9, 12), (ExerciseKind::Drill, 40, 41)] {
        let exercise = Exercise {
            kind,
            passed: true,
            ended_at: now - TimeDelta::days(days),
            took: std::time::Duration::from_secs(minutes * 60),
            told_by: TEAM.to_owned(),
        };
        service.record_exercise(None, &exercise).await?;
    }
    Ok(())
}

/// Keeps that serverpod on `host` was well with `image` until the last deployment: what one could go back to.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn deployed(store: &Store, host: &str, image: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let before = now - DEPLOYED;
    store.saw_image(host, "serverpod", image, "pyowonsik/gear-freak-server:latest", true, before).await
}

/// Keeps a month of hours of `host`, as a calm host would have had them; `disks` are its file systems.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn watched(store: &Store, host: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut past: Vec<(Series, Vec<Hour>)> = Vec::new();
    for vital in Vital::ALL {
        let subject = if vital == Vital::Disk { "/" } else { "" };
        let mut begins = hour_of(now - WATCHED);
        let mut hours = Vec::new();
        while begins < hour_of(now) {
            hours.push(hour(vital, begins));
            begins += TimeDelta::hours(1);
        }
        past.push((Series { vital, subject: subject.to_owned() }, hours));
    }
    store.keep_hours(host, &past).await
}

/// By day there is more to do than at night.
fn hour(vital: Vital, begins: DateTime<Utc>) -> Hour {
    let seoul = (begins.hour() + 9) % 24;
    let day = f64::from(u8::from((9..23).contains(&seoul)));
    let (mean, spread) = match vital {
        Vital::Host | Vital::Site => (1.0, 0.0),
        Vital::Response => (0.041 + 0.012 * day, 0.02),
        Vital::Cpu => (7.0 + 5.0 * day, 6.0),
        Vital::Memory => (47.0 + day, 1.0),
        Vital::Disk => (33.0, 0.1),
        Vital::Connections => (9.0 + 6.0 * day, 4.0),
        Vital::Received => (312_000.0 + 90_000.0 * day, 40_000.0),
        Vital::Sent => (1_260_000.0 + 500_000.0 * day, 90_000.0),
    };
    Hour { begins, count: SAMPLES, sum: mean * f64::from(SAMPLES), least: mean - spread, most: mean + spread }
}
