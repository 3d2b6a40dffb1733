//! For whoever watches the bot, as `[health]` of `bot.toml` says: `/healthz` and `/metrics` on an address, and a URL that hears
//! from it for as long as it is well.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use serde_json::json;
use tokio::net::TcpListener;

use crate::config::{HealthConfig, SecretRef};
use crate::domain::grade::Grade;
use crate::service::{Health, Service};
use crate::webhook::Webhook;

/// Tells how the bot is, wherever `config` says, until it is dropped.
pub(super) async fn tell(config: HealthConfig, service: Service) {
    let answering = async {
        let Some(address) = config.listen else { return };
        if let Err(error) = serve(address, service.clone()).await {
            tracing::error!(%address, %error, "health cannot be told");
        }
    };
    let pinging = async {
        if let Some(url) = config.ping.clone() {
            ping(url, config.every, &service).await;
        }
    };
    tokio::join!(answering, pinging);
}

/// Lets the URL hear from the bot for as long as it is well: whoever waits there notices silence, whatever is the cause.
async fn ping(url: SecretRef, every: Duration, service: &Service) {
    let webhook = match Webhook::new(url, service.config().reach) {
        Ok(webhook) => webhook,
        Err(error) => {
            tracing::error!(%error, "nobody hears that the bot is alive");
            return;
        }
    };
    loop {
        match service.health().await.latest {
            Ok(_) => {
                if let Err(error) = webhook.tell(&json!({ "database": "ok" })).await {
                    tracing::warn!(%error, "nobody heard that the bot is alive");
                }
            }
            Err(error) => tracing::error!(%error, "not healthy: nobody is told that all is well"),
        }
        tokio::time::sleep(every).await;
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
    match service.health().await.latest {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "not healthy");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be read\n").into_response()
        }
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
