//! Reads what `bot.toml` says of Amazon.

use std::net::IpAddr;
use std::path::Path;

use super::parse::secret;
use super::{AwsConfig, Instance, SecretRef};
use crate::dial::Reach;
use crate::document::{Located, Table};
use crate::domain::message::Message;

/// `[aws]`. Keys that are not named are looked for where Amazon's own tools look for them.
pub(super) fn aws(table: &Table<'_>, folder: &Path) -> Option<AwsConfig> {
    let region = table.required_text("region");
    let endpoint = table.text("endpoint");
    if let Some(text) = endpoint.as_ref().filter(|text| reqwest::Url::parse(&text.value).is_err()) {
        let message = Message::new("commands-bad-url").with("url", text.value.as_str());
        table.problem(text.span.clone(), message);
    }
    let key = |key| match table.table(key) {
        Some(section) => secret(&section, folder).map(Some),
        None => Some(None),
    };
    let (key_id, secret_key, session_token) = (key("key_id"), key("secret_key"), key("session_token"));
    let variable = |name: &str| SecretRef::Env(name.to_owned());
    Some(AwsConfig {
        reach: Reach::default(),
        region: region?.value,
        endpoint: endpoint.map(|text| text.value),
        key_id: key_id?.unwrap_or_else(|| variable("AWS_ACCESS_KEY_ID")),
        secret_key: secret_key?.unwrap_or_else(|| variable("AWS_SECRET_ACCESS_KEY")),
        session_token: session_token?,
    })
}

/// The keys of a host that say what it is to Amazon.
pub(super) fn instance(table: &Table<'_>) -> Instance {
    let named = |key, prefix: &str| {
        let text = table.text(key)?;
        if text.value.starts_with(prefix) {
            return Some(text.value);
        }
        let message = Message::new("config-aws-id").with("text", text.value.as_str()).with("prefix", prefix);
        table.problem(text.span, message);
        None
    };
    let admin_cidr = table.text("admin_cidr").filter(|text| is_range(table, text)).map(|text| text.value);
    Instance { id: named("instance", "i-"), security_group: named("security_group", "sg-"), admin_cidr }
}

/// `203.0.113.0/24`.
fn is_range(table: &Table<'_>, text: &Located<String>) -> bool {
    let range = text.value.split_once('/').and_then(|(address, bits)| {
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        bits.parse::<u8>().ok().filter(|bits| *bits > 0 && *bits <= most)
    });
    if range.is_none() {
        table.problem(text.span.clone(), Message::new("config-not-a-range").with("text", text.value.as_str()));
    }
    range.is_some()
}
