//! Where mail comes in, and how it is taken. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, MailboxId, One};
use crate::problem::Problem;
use crate::query::Paged;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{InboundMailboxPatch, InboundPolicyPatch, NewInboundMailbox};

/// Lists mailboxes.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/mailboxes",
    operation_id = "list_mailboxes",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::InboundMailbox>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, paged: Paged) -> Result<Response, Problem> {
    let mailboxes = app.desk.mailboxes(caller.call()).await?;
    reply::page_of(&app, &paged, mailboxes, |mailbox| (0, mailbox.id))
}

/// Adds a mailbox.
///
/// From then on mail to other addresses is turned away by doors that can. For administrators.
#[utoipa::path(
    post,
    path = "/api/mailboxes",
    operation_id = "create_mailbox",
    request_body = body::NewInboundMailbox,
    responses((status = 201, body = view::InboundMailbox)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    Given(input): Given<NewInboundMailbox>,
) -> Result<Response, Problem> {
    let mailbox = app.desk.create_mailbox(caller.call(), input).await?;
    reply::created(&mailbox, Some(mailbox.version), &format!("{base}/api/mailboxes/{}", mailbox.id))
}

/// Shows a mailbox.
///
/// Its secrets are not told. For administrators.
#[utoipa::path(
    get,
    path = "/api/mailboxes/{id}",
    operation_id = "show_mailbox",
    params(parameter::ById, parameter::IfNoneMatch),
    responses((status = 200, body = view::InboundMailbox)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(MailboxId(id)): One<MailboxId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let mailbox = app.desk.mailbox(caller.call(), id).await?;
    reply::fresh_resource(&held, &mailbox, mailbox.version)
}

/// Changes a mailbox.
///
/// An account for IMAP is given whole; secrets that are not given stay, as long as they go to the same server. For
/// administrators.
#[utoipa::path(
    patch,
    path = "/api/mailboxes/{id}",
    operation_id = "update_mailbox",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::InboundMailboxPatch,
    responses((status = 200, body = view::InboundMailbox)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(MailboxId(id)): One<MailboxId>,
    change: Change<InboundMailboxPatch>,
) -> Result<Response, Problem> {
    let mailbox = change.apply(|input, expected| app.desk.update_mailbox(caller.call(), id, input, expected)).await?;
    reply::resource(&mailbox, mailbox.version)
}

/// Deletes a mailbox.
///
/// What came by it stays. For administrators.
#[utoipa::path(
    delete,
    path = "/api/mailboxes/{id}",
    operation_id = "delete_mailbox",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(MailboxId(id)): One<MailboxId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_mailbox(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Shows how mail is taken in.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/inbound-policy",
    operation_id = "show_inbound_policy",
    params(parameter::IfNoneMatch),
    responses((status = 200, body = view::InboundPolicy)),
)]
pub(crate) async fn policy(State(app): State<Arc<App>>, caller: Admin, held: IfNoneMatch) -> Result<Response, Problem> {
    let policy = app.desk.inbound_policy(caller.call()).await?;
    reply::fresh_resource(&held, &policy, policy.version)
}

/// Changes how mail is taken in.
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/api/inbound-policy",
    operation_id = "update_inbound_policy",
    params(parameter::IfMatch),
    request_body = body::InboundPolicyPatch,
    responses((status = 200, body = view::InboundPolicy)),
)]
pub(crate) async fn update_policy(
    State(app): State<Arc<App>>,
    caller: Admin,
    change: Change<InboundPolicyPatch>,
) -> Result<Response, Problem> {
    let policy = change.apply(|input, expected| app.desk.update_inbound_policy(caller.call(), input, expected)).await?;
    reply::resource(&policy, policy.version)
}
