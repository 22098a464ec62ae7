//! Files on tickets and on what was said.

use crate::App;
use crate::auth::Caller;
use crate::download;
use crate::openapi::{parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::{AttachmentId, Error, TicketKey};

/// Lists the files of a ticket, oldest first.
///
/// Those of its description and of what was said on it. Customers are told of no file of a note.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/attachments",
    operation_id = "list_attachments",
    params(parameter::ByTicket, parameter::Place),
    responses((status = 200, body = view::Page<view::Attachment>)),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let after = query.place(&app.cursors, "cursor").map(|place| AttachmentId(place.id));
    let limit = query.limit();
    query.finish()?;
    let page = app.desk.attachments(caller.call(), &key, after, limit).await?;
    reply::page(&app, &query, &page)
}

/// Gives a file.
///
/// To be saved: its type is told where nothing in it can run, else it is bytes. Its entity tag is its SHA-256.
#[utoipa::path(
    get,
    path = "/api/attachments/{id}",
    operation_id = "download_attachment",
    params(parameter::ById),
    responses((status = 200, body = String, content_type = "application/octet-stream")),
)]
pub(crate) async fn download(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<AttachmentId>,
) -> Result<Response, Problem> {
    let (file, bytes) = app.desk.attachment(caller.call(), id).await?;
    let mut response = download::file(bytes, &file.content_type, &file.filename);
    let tag = HeaderValue::from_str(&format!("\"{}\"", file.sha256)).map_err(|e| Error::Internal(Box::new(e)))?;
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}
