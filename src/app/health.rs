//! For whoever watches the bot, as `[health]` of `bot.toml` says: `/healthz` and `/metrics` on an address. Whoever cannot reach
//! it is told by a watchdog instead: see [`crate::service`].

use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::config::HealthConfig;
use crate::domain::grade::Grade;
use crate::service::{Health, Service};

/// Tells how the bot is, where `config` says, until it is dropped.
pub(super) async fn tell(config: HealthConfig, service: Service) {
    if let Err(error) = serve(config.listen, service).await {
        tracing::error!(address = %config.listen, %error, "health cannot be told");
    }
}

/// Answers on `address` until it is dropped.
async fn serve(address: SocketAddr, service: Service) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    tracing::info!(address = %listener.local_addr()?, "health is told");
    let routes = Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics)).with_state(service);
    axum::serve(listener, routes).await
}

/// 200 and `ok`, or 503 and why not. Why not names no secret and no path: it is for whoever may reach the address.
async fn healthz(State(service): State<Service>) -> Response {
    let health = service.health().await;
    match &health.latest {
        Err(error) => {
            tracing::error!(%error, "not healthy");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be read\n").into_response()
        }
        Ok(_) if health.is_gone() => {
            tracing::error!(absent = ?health.absent, "not healthy: the bot is not in Discord");
            (StatusCode::SERVICE_UNAVAILABLE, "the bot is not in Discord\n").into_response()
        }
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Run {
    command: String,
    host: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Graded {
    command: String,
    host: String,
    grade: &'static str,
}

async fn metrics(State(service): State<Service>) -> Response {
    let mut out = String::new();
    if text::encode(&mut out, &registry(&service.health().await)).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], out).into_response()
}

/// Made anew for each who asks: it is what the database says now, and a checklist that is gone leaves nothing behind.
fn registry(health: &Health) -> Registry {
    let mut registry = Registry::with_prefix("signoff");
    let database = Gauge::<i64>::default();
    database.set(i64::from(health.latest.is_ok()));
    registry.register("database_up", "Whether the database can be read", database);
    let discord = Gauge::<i64>::default();
    discord.set(i64::try_from(health.absent.as_secs()).unwrap_or(i64::MAX));
    registry.register("discord_silent_seconds", "How long nothing came from Discord", discord);
    let checks = Family::<Graded, Gauge>::default();
    let ended = Family::<Run, Gauge>::default();
    for report in health.latest.iter().flatten() {
        let (command, host) = (report.command.clone(), report.host.clone());
        for grade in Grade::ALL {
            let count = report.checks().filter(|check| check.grade == grade).count();
            let labels = Graded { command: command.clone(), host: host.clone(), grade: grade.name() };
            checks.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        ended.get_or_create(&Run { command, host }).set(report.finished_at.timestamp());
    }
    registry.register("checks", "Checks of the latest run by their grade", checks);
    registry.register("last_run_timestamp_seconds", "When the latest run ended", ended);
    registry
}
