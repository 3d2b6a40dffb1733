//! The body of a message as the bot sent it, checked and parsed.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api_error::{ApiError, Place};
use crate::id::Id;
use crate::limits;
use crate::payload::{AllowedMentions, Component, Embed};

/// Largest file that a bot may send without boosts.
pub(crate) const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// A file that came with a request, under `files[key]`.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// One entry of `attachments`: a new file's particulars, or an old file to be kept.
#[derive(Clone, Debug)]
pub(crate) struct AttachmentNote {
    pub(crate) id: Id,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}

/// A message as sent. `None` means that the key was absent, which leaves the thing as it is when editing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) content: Option<String>,
    pub(crate) embeds: Option<Vec<Embed>>,
    pub(crate) components: Option<Vec<Component>>,
    pub(crate) allowed_mentions: Option<AllowedMentions>,
    pub(crate) flags: Option<u64>,
    pub(crate) notes: Option<Vec<AttachmentNote>>,
    pub(crate) files: Vec<Upload>,
    pub(crate) tts: bool,
    pub(crate) nonce: Option<Value>,
    pub(crate) enforce_nonce: bool,
    pub(crate) reply_to: Option<Id>,
}

impl Draft {
    /// Checks the limits and parses; `root` is where the message stands in the request.
    pub(crate) fn parse(body: &Value, files: &[Upload], root: &Place) -> Result<Self, ApiError> {
        if !body.is_object() {
            return Err(ApiError::bad_field(
                root,
                "MODEL_TYPE_CONVERT",
                "Only dictionaries may be used in a ModelType",
            ));
        }
        limits::messages::check(body, root)?;
        if files.iter().any(|file| file.bytes.len() > LARGEST_FILE) {
            return Err(ApiError::too_large());
        }
        let mut embeds: Option<Vec<Embed>> = part(body, root, "embeds")?;
        embeds.iter_mut().flatten().for_each(Embed::trim);
        let mut components: Option<Vec<Component>> = part(body, root, "components")?;
        if let Some(list) = &mut components {
            Component::number(list, &mut 0);
        }
        Ok(Self {
            content: part::<String>(body, root, "content")?.map(|content| content.trim().to_owned()),
            embeds,
            components,
            allowed_mentions: part(body, root, "allowed_mentions")?.filter(|_| !body["allowed_mentions"].is_null()),
            flags: body["flags"].as_u64(),
            notes: notes(body, root)?,
            files: files.to_vec(),
            tts: body["tts"] == true,
            nonce: Some(body["nonce"].clone()).filter(|nonce| !nonce.is_null()),
            enforce_nonce: body["enforce_nonce"] == true,
            reply_to: body["message_reference"]["message_id"].as_str().and_then(|id| id.parse().ok()),
        })
    }

    pub(crate) fn text(content: &str) -> Self {
        Self { content: Some(content.to_owned()), ..Self::default() }
    }
}

/// One key of a body: absent is `None`, null is the empty value.
fn part<T: DeserializeOwned + Default>(body: &Value, root: &Place, key: &str) -> Result<Option<T>, ApiError> {
    match body.get(key) {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(T::default())),
        Some(value) => serde_json::from_value(value.clone())
            .map(Some)
            .map_err(|error| ApiError::bad_field(&root.key(key), "MODEL_TYPE_CONVERT", error.to_string())),
    }
}

fn notes(body: &Value, root: &Place) -> Result<Option<Vec<AttachmentNote>>, ApiError> {
    let Some(list) = body.get("attachments").and_then(Value::as_array) else { return Ok(None) };
    let place = root.key("attachments");
    let read = |(index, note): (usize, &Value)| {
        let id = serde_json::from_value(note["id"].clone()).map_err(|_| {
            ApiError::bad_field(&place.at(index).key("id"), "NUMBER_TYPE_COERCE", "Value is not snowflake.")
        })?;
        let text = |key: &str| note[key].as_str().map(str::to_owned);
        Ok(AttachmentNote { id, name: text("filename"), description: text("description") })
    };
    list.iter().enumerate().map(read).collect::<Result<_, _>>().map(Some)
}
