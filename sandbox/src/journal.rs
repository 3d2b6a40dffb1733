//! Every request that came, and what became of it.

use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::core::locked;

/// Longest part of a body that is kept for people to read, in characters.
const EXCERPT: usize = 2000;

/// Requests that are kept; of a world that runs for days only the newest count.
const KEPT: usize = 20_000;

/// One request, as it was answered.
#[derive(Clone, Debug)]
pub struct Request {
    /// When it came, by the world's clock.
    pub at: DateTime<Utc>,
    /// `GET`, `POST`, ...
    pub method: String,
    /// The path after `/api/v10`, without the query.
    pub path: String,
    /// The query, or nothing.
    pub query: String,
    /// The route's name, such as `/channels/{channel_id}/messages`; `None` for a route that does not exist here.
    pub route: Option<&'static str>,
    /// The beginning of the body; for a multipart body its `payload_json`.
    pub body: String,
    /// HTTP status of the answer; 0 when a fault took the answer away.
    pub status: u16,
    /// Discord's code of a refusal (`50035`, `10062`, ...), 0 otherwise.
    pub code: u64,
    /// From arrival to answer.
    pub took: Duration,
}

impl Request {
    /// Whether a pattern such as `POST /channels/*/messages` names this request: `*` stands for one part of the path, a last
    /// `**` for any number of parts; the method may be left out or be `*`.
    #[must_use]
    pub fn is(&self, pattern: &str) -> bool {
        matches(pattern, &self.method, &self.path)
    }
}

pub(crate) fn matches(pattern: &str, method: &str, path: &str) -> bool {
    let (wanted_method, wanted_path) = pattern.trim().split_once(' ').unwrap_or(("*", pattern.trim()));
    if wanted_method != "*" && !wanted_method.eq_ignore_ascii_case(method) {
        return false;
    }
    let mut parts = path.trim_matches('/').split('/');
    for wanted in wanted_path.trim().trim_matches('/').split('/') {
        if wanted == "**" {
            return true;
        }
        match parts.next() {
            Some(part) if wanted == "*" || wanted.starts_with('{') || wanted == part => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

/// The list of requests.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Vec<Request>>);

impl Journal {
    pub(crate) fn add(&self, request: Request) {
        let mut kept = locked(&self.0);
        if kept.len() >= KEPT {
            kept.drain(..KEPT / 4);
        }
        kept.push(request);
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        locked(&self.0).clone()
    }

    pub(crate) fn forget(&self) {
        locked(&self.0).clear();
    }

    pub(crate) fn count(&self, pattern: &str) -> usize {
        locked(&self.0).iter().filter(|request| request.is(pattern)).count()
    }

    /// Method and path of what nothing here answers.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let requests = locked(&self.0);
        let unknown = requests.iter().filter(|request| request.route.is_none());
        unknown.map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

pub(crate) fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_requests() {
        for (pattern, method, path, fits) in [
            ("POST /channels/*/messages", "POST", "/channels/5/messages", true),
            ("POST /channels/*/messages", "GET", "/channels/5/messages", false),
            ("POST /channels/*/messages", "POST", "/channels/5/messages/7", false),
            ("/channels/**", "PATCH", "/channels/5/messages/7", true),
            ("* /gateway", "GET", "/gateway", true),
            (
                "PUT /applications/{application_id}/guilds/{guild_id}/commands",
                "PUT",
                "/applications/1/guilds/2/commands",
                true,
            ),
        ] {
            assert_eq!(matches(pattern, method, path), fits, "{pattern} on {method} {path}");
        }
    }
}
