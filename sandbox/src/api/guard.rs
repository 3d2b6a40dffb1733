//! Who may come in: only somebody with the link's key, from this machine, from the page itself.
//!
//! Any page in any browser can send requests to loopback. What keeps them out: a `Host` that is not loopback is refused (a name
//! rebound to this machine), an `Origin` that is not this server is refused (another page), and every request needs the key,
//! which stands in the printed link only.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Desk;
use super::problem::Problem;
use crate::StartError;

/// Bytes of chance in a key.
const CHANCE: usize = 24;

/// The secret of one run, and the port it belongs to.
#[derive(Clone)]
pub(crate) struct Key {
    secret: Arc<str>,
    port: u16,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Key {
    /// A fresh one.
    pub(crate) fn new(port: u16) -> Result<Self, StartError> {
        let mut bytes = [0; CHANCE];
        let provider = rustls::crypto::ring::default_provider();
        provider.secure_random.fill(&mut bytes).map_err(|_| StartError::NoChance)?;
        let secret = bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Self { secret: secret.into(), port })
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Cookies know no ports: two practice worlds on one machine must not take each other's.
    fn cookie_name(&self) -> String {
        format!("signoff_sandbox_{}", self.port)
    }

    /// The cookie that the first visit sets. It ends with the browser.
    pub(crate) fn cookie(&self) -> String {
        format!("{}={}; Path=/sandbox; HttpOnly; SameSite=Strict", self.cookie_name(), self.secret)
    }

    /// Whether this is the key. Every byte is looked at, so that the time taken tells nothing.
    pub(crate) fn is(&self, given: &str) -> bool {
        let differing = given.bytes().zip(self.secret.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
        given.len() == self.secret.len() && differing == 0
    }

    /// Whether a request carries the key, as a header or as the cookie of the first visit.
    pub(crate) fn came_with(&self, headers: &HeaderMap) -> bool {
        let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let bearer = headers.get(AUTHORIZATION).map(text);
        if bearer.as_deref().and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|given| self.is(given)) {
            return true;
        }
        let name = self.cookie_name();
        headers.get_all(COOKIE).iter().map(text).any(|line| {
            let pairs = line.split(';').filter_map(|pair| pair.trim().split_once('='));
            pairs.into_iter().any(|(own, given)| own == name && self.is(given))
        })
    }

    /// The names under which this server is reached from its own machine.
    fn own_hosts(&self) -> [String; 3] {
        ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{}", self.port))
    }

    /// Whether a request is addressed to this server by a name of its own, and comes from no other page.
    pub(super) fn check_place(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let own = self.own_hosts();
        let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !own.iter().any(|name| name == host) {
            return Err(Problem::foreign("a foreign Host"));
        }
        let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().unwrap_or_default();
        if origin.strip_prefix("http://") == Some(host) { Ok(()) } else { Err(Problem::foreign("a foreign Origin")) }
    }
}

/// Before everything: a foreign Host or Origin gets nothing, not even the page's style.
pub(crate) async fn place(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    match desk.key.check_place(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Before every handler of the API.
pub(super) async fn api(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Problem::foreign("a request of another page").into_response();
    }
    if !desk.key.came_with(headers) {
        return Problem::no_key().into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_loopback_and_the_own_page_may_come() {
        let key = Key::new(4000).unwrap();
        for (host, origin, fine) in [
            ("127.0.0.1:4000", None, true),
            ("localhost:4000", Some("http://localhost:4000"), true),
            ("[::1]:4000", None, true),
            ("127.0.0.1:4001", None, false),
            ("127.0.0.1", None, false),
            ("evil.example:4000", None, false),
            ("127.0.0.1:4000", Some("http://evil.example"), false),
            ("127.0.0.1:4000", Some("null"), false),
            ("127.0.0.1:4000", Some("https://127.0.0.1:4000"), false),
            ("127.0.0.1:4000", Some("http://127.0.0.1:8080"), false),
        ] {
            let mut pairs = vec![("host", host)];
            pairs.extend(origin.map(|origin| ("origin", origin)));
            assert_eq!(key.check_place(&headers(&pairs)).is_ok(), fine, "{host} {origin:?}");
        }
        assert!(key.check_place(&headers(&[])).is_err(), "no Host at all");
    }

    #[test]
    fn the_key_comes_as_header_or_as_the_cookie_of_this_port() {
        let key = Key::new(4000).unwrap();
        let cookie = |port: u16, secret: &str| headers(&[("cookie", &format!("a=b; signoff_sandbox_{port}={secret}"))]);
        assert!(key.came_with(&headers(&[("authorization", &format!("Bearer {}", key.secret()))])));
        assert!(key.came_with(&cookie(4000, key.secret())));
        assert!(!key.came_with(&cookie(4001, key.secret())));
        assert!(!key.came_with(&cookie(4000, &key.secret()[1..])));
        assert!(!key.came_with(&cookie(4000, "")));
        assert!(!key.came_with(&headers(&[])));
        assert_ne!(key.secret(), Key::new(4000).unwrap().secret());
    }
}
