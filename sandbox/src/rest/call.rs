//! A request as handlers see it, and what they reply.

use bytes::Bytes;
use serde_json::Value;

use crate::api_error::ApiError;
use crate::core::Core;
use crate::id::Id;
use crate::world::draft::Upload;

/// A request whose route is known and whose body is read.
pub(crate) struct Call<'a> {
    pub(crate) core: &'a Core,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Body,
}

impl Call<'_> {
    /// A part of the path.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str())
    }

    /// An id of the path. Discord answers a bad form to anything that is no snowflake.
    pub(crate) fn id(&self, name: &str) -> Result<Id, ApiError> {
        let text = self.text(name);
        text.parse().map_err(|_| {
            let place = crate::api_error::Place::default().key(name);
            ApiError::bad_field(&place, "NUMBER_TYPE_COERCE", format!("Value \"{text}\" is not snowflake."))
        })
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// discord.js writes `true`, discord.py writes `1`.
    pub(crate) fn asks(&self, name: &str) -> bool {
        matches!(self.query(name), Some("true" | "1"))
    }
}

/// The body of a request.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// The JSON; null when there was none.
    pub(crate) json: Value,
    pub(crate) files: Vec<Upload>,
}

impl Body {
    /// Reads JSON, or a multipart form with `payload_json` and files in any order.
    pub(crate) async fn read(content_type: Option<&str>, bytes: Bytes) -> Result<Self, ApiError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        match content_type.and_then(|kind| multer::parse_boundary(kind).ok()) {
            None => Ok(Self { json: parsed(&bytes)?, files: vec![] }),
            Some(boundary) => Self::read_form(bytes, boundary).await,
        }
    }

    async fn read_form(bytes: Bytes, boundary: String) -> Result<Self, ApiError> {
        let whole = futures::stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
        let mut form = multer::Multipart::new(whole, boundary);
        let mut body = Self::default();
        while let Some(part) = form.next_field().await.map_err(|_| ApiError::invalid_json())? {
            let key = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(str::to_owned);
            let content_type = part.content_type().map(ToString::to_string);
            let bytes = part.bytes().await.map_err(|_| ApiError::invalid_json())?;
            if key == "payload_json" {
                body.json = parsed(&bytes)?;
            } else if let Some(name) = name {
                let key = key.trim_start_matches("files[").trim_end_matches(']').to_owned();
                body.files.push(Upload { key, name, content_type, bytes });
            }
        }
        if body.json.is_null() {
            body.json = Value::Object(serde_json::Map::new());
        }
        Ok(body)
    }
}

fn parsed(bytes: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(bytes).map_err(|_| ApiError::invalid_json())
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// `None` is an empty body.
    pub(crate) json: Option<Value>,
}

impl Reply {
    pub(crate) fn ok(json: Value) -> Self {
        Self { status: 200, json: Some(json) }
    }

    pub(crate) fn created(json: Value) -> Self {
        Self { status: 201, json: Some(json) }
    }

    pub(crate) fn nothing() -> Self {
        Self { status: 204, json: None }
    }
}

pub(crate) type Outcome = Result<Reply, ApiError>;
