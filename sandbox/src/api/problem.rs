//! Refusals of the API: a word for programs, a sentence for people, and what may be known about it.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::api_error::ApiError;
use crate::chat::error::ChatError;
use crate::panel::PanelRefusal;

/// A refusal. Its word is part of the API; the page has its own sentence for each, in the person's language.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    word: &'static str,
    message: String,
    more: Value,
}

impl Problem {
    fn new(status: StatusCode, word: &'static str, message: impl Into<String>) -> Self {
        Self { status, word, message: message.into(), more: Value::Null }
    }

    fn with(self, more: Value) -> Self {
        Self { more, ..self }
    }

    pub(super) fn nobody_named() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "nobody_named", "say who you are: ?as=NAME, a person's name or id")
    }

    pub(super) fn unknown(kind: &str, wanted: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown", format!("there is no {kind} {wanted}"))
            .with(json!({"kind": kind, "wanted": wanted}))
    }

    pub(super) fn bad_body(why: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_body", format!("the body is not as documented: {why}"))
    }

    pub(super) fn no_such_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no_such_route", "there is no such route; GET /sandbox/api lists them")
    }

    pub(super) fn no_panel() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no_panel", "this practice world has no host beside it")
    }

    pub(super) fn foreign(what: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "foreign", format!("{what}: the practice world answers only its own page"))
    }

    pub(super) fn no_key() -> Self {
        let hint = "the key is missing or wrong: open the link that was printed at the start, or send its key as \
            Authorization: Bearer KEY";
        Self::new(StatusCode::UNAUTHORIZED, "no_key", hint)
    }

    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "refused", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({"error": self.word, "message": self.message});
        if !self.more.is_null() {
            body["about"] = self.more;
        }
        (self.status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    }
}

impl From<ChatError> for Problem {
    fn from(error: ChatError) -> Self {
        let (status, word) = match &error {
            ChatError::NoSuchPerson { .. } => (StatusCode::NOT_FOUND, "no_such_person"),
            ChatError::NoSuchChannel { .. } => (StatusCode::NOT_FOUND, "no_such_channel"),
            ChatError::Forbidden { .. } => (StatusCode::FORBIDDEN, "forbidden"),
            ChatError::NoSuchCommand { .. } => (StatusCode::NOT_FOUND, "no_such_command"),
            ChatError::BadOption { .. } => (StatusCode::BAD_REQUEST, "bad_option"),
            ChatError::NotVisible { .. } => (StatusCode::NOT_FOUND, "not_visible"),
            ChatError::NoSuchComponent { .. } => (StatusCode::NOT_FOUND, "no_such_component"),
            ChatError::Unusable { .. } => (StatusCode::CONFLICT, "unusable"),
            ChatError::BadSubmission { .. } => (StatusCode::BAD_REQUEST, "bad_submission"),
            ChatError::TooLong { .. } => (StatusCode::BAD_REQUEST, "too_long"),
            ChatError::TooLate { .. } => (StatusCode::GATEWAY_TIMEOUT, "no_answer"),
            ChatError::Refused(_) => (StatusCode::BAD_REQUEST, "refused"),
        };
        let more = match &error {
            ChatError::TooLong { has, most } => json!({"has": has, "most": most}),
            ChatError::BadOption { problem, .. } | ChatError::BadSubmission { problem, .. } => {
                json!({"problem": problem})
            }
            _ => Value::Null,
        };
        Self::new(status, word, error.to_string()).with(more)
    }
}

impl From<PanelRefusal> for Problem {
    fn from(refusal: PanelRefusal) -> Self {
        match &refusal {
            PanelRefusal::Unknown { .. } => Self::new(StatusCode::NOT_FOUND, "unknown", refusal.to_string()),
            PanelRefusal::Refused(_) => Self::refused(refusal.to_string()),
        }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let message = error.body["message"].as_str().unwrap_or("Discord refuses").to_owned();
        Self::new(StatusCode::BAD_REQUEST, "refused", message)
    }
}
