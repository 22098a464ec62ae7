//! Who did what, newest first. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::filter::moment;
use crate::json;
use crate::openapi::{parameter, view};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use ticketing_core::model::audit::AuditDetail;
use ticketing_core::model::{AuditEntry, Person, Subject};
use ticketing_core::query::AuditQuery;
use ticketing_core::time::{Time, from_micros};
use ticketing_core::{AuditId, Error, UserId};

/// A line of the audit log on the wire: everything but what seals it.
#[derive(Serialize)]
struct AuditView {
    id: AuditId,
    at: Time,
    actor: Person,
    action: String,
    subject: Subject,
    changes: Value,
    ip: Option<String>,
    /// The proxy's address, where one passed the request on.
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, at, actor, action, subject, request_id, detail, .. } = entry;
        let AuditDetail { changes, ip, peer, user_agent } = detail;
        Self { id, at, actor, action, subject, changes, ip, peer, user_agent, request_id }
    }
}

/// Lists who did what, newest first.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/audit",
    operation_id = "list_audit",
    params(parameter::AuditFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::AuditLine>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, mut query: Query) -> Result<Response, Problem> {
    let own = caller.actor().user_id();
    let actor = query.read("actor", "an id (UUID) or me", |text| match text {
        "me" => own,
        text => text.parse::<UserId>().ok(),
    });
    let subject = query.read("subject", "a kind and an id such as ticket:UUID", |text| text.parse::<Subject>().ok());
    let action = query.read("action", "an action such as ticket.assigned", |text| {
        (1..=100).contains(&text.len()).then(|| text.to_owned())
    });
    let from = moment(&mut query, "from").map(|(start, _)| start);
    // The desk leaves the end out; here a moment is included, and a bare date with its whole day.
    let to = moment(&mut query, "to")
        .and_then(|(start, day)| start.checked_add_signed(day.unwrap_or(TimeDelta::microseconds(1))));
    let paged = query.paged(&app.cursors)?;
    let before = paged.after.and_then(|place| Some((from_micros(place.key)?, AuditId(place.id))));
    let lines = AuditQuery { actor, subject, action, from, to, before, limit: paged.limit };
    let page = app.desk.audit(caller.call(), lines.clone()).await?;
    reply::counted(&app, &paged, page.map(AuditView::from), || app.desk.audit_count(caller.call(), lines)).await
}

/// Reads the whole log, so a long one takes a while; the program's verb has no limit of time.
#[utoipa::path(
    get,
    path = "/api/audit/verify",
    operation_id = "verify_audit",
    responses((status = 200, body = view::AuditProof)),
)]
pub(crate) async fn verify(State(app): State<Arc<App>>, caller: Admin, mut query: Query) -> Result<Response, Problem> {
    query.finish()?;
    let head = app.audit_head.as_ref().map(|read| read()).transpose().map_err(Error::Internal)?.flatten();
    let proof = app.desk.verify_audit(caller.call(), head.as_ref()).await?;
    json::reply(StatusCode::OK, &proof)
}
