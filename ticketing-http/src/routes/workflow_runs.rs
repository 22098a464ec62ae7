//! What rules did, and why. Customers never hear of it.

use crate::App;
use crate::auth::{Admin, Staff};
use crate::openapi::{parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::RunQuery;
use ticketing_core::model::RunOutcome;
use ticketing_core::{Error, TicketKey, WorkflowId, WorkflowRunId};

fn asked(app: &App, query: &mut Query) -> Result<RunQuery, Error> {
    let outcomes = query.words("outcome", RunOutcome::ALL).unwrap_or_default();
    let after = query.place(&app.cursors, "cursor").map(|place| WorkflowRunId(place.id));
    let limit = query.limit();
    query.finish()?;
    Ok(RunQuery { outcomes, after, limit })
}

/// Lists what a rule was found to do, newest first.
///
/// Each with the conditions of its version and what was found. For administrators.
#[utoipa::path(
    get,
    path = "/api/workflows/{id}/runs",
    operation_id = "list_workflow_runs",
    params(parameter::ById, parameter::RunFilter, parameter::Place),
    responses((status = 200, body = view::Page<view::WorkflowRun>)),
)]
pub(crate) async fn of_workflow(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    mut query: Query,
) -> Result<Response, Problem> {
    let asked = asked(&app, &mut query)?;
    let page = app.desk.workflow_runs(caller.call(), id, asked).await?;
    reply::page(&app, &query, &page)
}

/// Lists what rules were found to do about a ticket, newest first.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/workflow-runs",
    operation_id = "list_ticket_workflow_runs",
    params(parameter::ByTicket, parameter::RunFilter, parameter::Place),
    responses((status = 200, body = view::Page<view::WorkflowRun>)),
)]
pub(crate) async fn of_ticket(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let asked = asked(&app, &mut query)?;
    let page = app.desk.ticket_workflow_runs(caller.call(), &key, asked).await?;
    reply::page(&app, &query, &page)
}
