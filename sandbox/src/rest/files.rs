//! Downloads of attachments.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

use crate::core::Core;
use crate::id::Id;

pub(super) async fn download(
    State(core): State<Arc<Core>>,
    Path((channel, id, _)): Path<(Id, Id, String)>,
) -> Response {
    let file = core.look(|world| {
        let postings = world.postings.values().filter(|posting| posting.channel == channel);
        let mut files = postings.flat_map(|posting| posting.face.attachments.iter());
        files.find(|file| file.id == id).map(|file| (Bytes::copy_from_slice(&file.bytes), file.content_type.clone()))
    });
    let Some((bytes, content_type)) = file else {
        let mut gone = Response::new(Body::from("This content is no longer available."));
        *gone.status_mut() = StatusCode::NOT_FOUND;
        return gone;
    };
    let mut response = Response::new(Body::from(bytes));
    let kind = content_type.and_then(|kind| HeaderValue::from_str(&kind).ok());
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
