//! What the desk promises: SLA policies.

use crate::App;
use crate::auth::{Admin, Staff};
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::json::{self, Given};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Paged;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{NewSlaPolicy, SlaPolicyPatch, SlaWhatIf};
use ticketing_core::{SlaPolicyId, TicketKey};

/// Lists the SLA policies in their order.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/sla-policies",
    operation_id = "list_sla_policies",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::SlaPolicy>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, paged: Paged) -> Result<Response, Problem> {
    let policies = app.desk.sla_policies(caller.call()).await?;
    reply::page_of(&app, &paged, policies, |policy| (policy.position.into(), policy.id.0))
}

/// Adds a policy.
///
/// For administrators.
#[utoipa::path(
    post,
    path = "/api/sla-policies",
    operation_id = "create_sla_policy",
    request_body = body::NewSlaPolicy,
    responses((status = 201, body = view::SlaPolicy)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    Given(input): Given<NewSlaPolicy>,
) -> Result<Response, Problem> {
    let policy = app.desk.create_sla_policy(caller.call(), input).await?;
    reply::created(&policy, Some(policy.version), &format!("{base}/api/sla-policies/{}", policy.id))
}

/// Shows a policy.
#[utoipa::path(
    get,
    path = "/api/sla-policies/{id}",
    operation_id = "show_sla_policy",
    params(parameter::ById, parameter::IfNoneMatch),
    responses((status = 200, body = view::SlaPolicy)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<SlaPolicyId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let policy = app.desk.sla_policy(caller.call(), id).await?;
    reply::fresh_resource(&held, &policy, policy.version)
}

/// Changes a policy.
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/api/sla-policies/{id}",
    operation_id = "update_sla_policy",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::SlaPolicyPatch,
    responses((status = 200, body = view::SlaPolicy)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<SlaPolicyId>,
    change: Change<SlaPolicyPatch>,
) -> Result<Response, Problem> {
    let policy = change.apply(|input, expected| app.desk.update_sla_policy(caller.call(), id, input, expected)).await?;
    reply::resource(&policy, policy.version)
}

/// Deletes a policy.
///
/// Its tickets are under the next one that is for them. For administrators.
#[utoipa::path(
    delete,
    path = "/api/sla-policies/{id}",
    operation_id = "delete_sla_policy",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<SlaPolicyId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_sla_policy(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Says what a policy or a calendar would do.
///
/// The open tickets are gone through as if it were saved now. Nothing is. For administrators.
#[utoipa::path(
    post,
    path = "/api/sla-policies/what-if",
    operation_id = "try_sla",
    request_body = body::SlaWhatIf,
    responses((status = 200, body = view::SlaForecast)),
)]
pub(crate) async fn what_if(
    State(app): State<Arc<App>>,
    caller: Admin,
    Given(input): Given<SlaWhatIf>,
) -> Result<Response, Problem> {
    let forecast = app.desk.sla_what_if(caller.call(), input).await?;
    json::reply(StatusCode::OK, &forecast)
}

/// Explains how a ticket stands to what was promised.
///
/// Each clock with each stretch of time, counted or not, and why. For staff who see the ticket.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/sla",
    operation_id = "explain_ticket_sla",
    params(parameter::ByTicket),
    responses((status = 200, body = view::SlaStory)),
)]
pub(crate) async fn story(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
) -> Result<Response, Problem> {
    let story = app.desk.sla_story(caller.call(), &key).await?;
    json::reply(StatusCode::OK, &story)
}
