//! Rules: what is to happen by itself. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::json::{self, Given};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One, Two, VersionNumber};
use crate::problem::Problem;
use crate::query::{Paged, Query};
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::WorkflowId;
use ticketing_core::desk::{NewWorkflow, RestoreWorkflow, WorkflowImport, WorkflowPatch};

/// Lists rules in the order in which they are looked at.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/workflows",
    operation_id = "list_workflows",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::Workflow>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, paged: Paged) -> Result<Response, Problem> {
    let page = app.desk.workflows(caller.call(), paged.after, paged.limit).await?;
    reply::counted(&app, &paged, page, || app.desk.workflow_count(caller.call())).await
}

/// Adds a rule.
///
/// What it names has to be there: fields, operators, variables, people, teams and webhooks. For administrators.
#[utoipa::path(
    post,
    path = "/api/workflows",
    operation_id = "create_workflow",
    request_body = body::NewWorkflow,
    responses((status = 201, body = view::Workflow)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    Given(input): Given<NewWorkflow>,
) -> Result<Response, Problem> {
    let workflow = app.desk.create_workflow(caller.call(), input).await?;
    reply::created(&workflow, Some(workflow.version), &format!("{base}/api/workflows/{}", workflow.id))
}

/// Shows a rule.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/workflows/{id}",
    operation_id = "show_workflow",
    params(parameter::ById),
    responses((status = 200, body = view::Workflow)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
) -> Result<Response, Problem> {
    // Its problems may change without a version of it, so no client holds it.
    let workflow = app.desk.workflow(caller.call(), id).await?;
    reply::resource(&workflow, workflow.version)
}

/// Changes a rule.
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/api/workflows/{id}",
    operation_id = "update_workflow",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::WorkflowPatch,
    responses((status = 200, body = view::Workflow)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    change: Change<WorkflowPatch>,
) -> Result<Response, Problem> {
    let workflow = change.apply(|input, expected| app.desk.update_workflow(caller.call(), id, input, expected)).await?;
    reply::resource(&workflow, workflow.version)
}

/// Replaces a rule.
///
/// What is not said goes to what it is where nothing is said; its place stays. For administrators.
#[utoipa::path(
    put,
    path = "/api/workflows/{id}",
    operation_id = "replace_workflow",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::WorkflowReplacement,
    responses((status = 200, body = view::Workflow)),
)]
pub(crate) async fn replace(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    change: Change<NewWorkflow>,
) -> Result<Response, Problem> {
    let workflow =
        change.apply(|input, expected| app.desk.replace_workflow(caller.call(), id, input, expected)).await?;
    reply::resource(&workflow, workflow.version)
}

/// Takes a rule away.
///
/// What it did stays known, and its versions are kept. For administrators.
#[utoipa::path(
    delete,
    path = "/api/workflows/{id}",
    operation_id = "delete_workflow",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_workflow(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Lists the versions of a rule, newest first.
///
/// Also of one that was taken away. For administrators.
#[utoipa::path(
    get,
    path = "/api/workflows/{id}/versions",
    operation_id = "list_workflow_versions",
    params(parameter::ById, parameter::Place),
    responses((status = 200, body = view::Page<view::WorkflowVersion>)),
)]
pub(crate) async fn versions(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    mut query: Query,
) -> Result<Response, Problem> {
    let before = query.place(&app.cursors, "cursor").map(|place| place.key);
    let limit = query.limit();
    query.finish()?;
    let page = app.desk.workflow_versions(caller.call(), id, before, limit).await?;
    reply::page(&app, &query, &page)
}

/// Shows one version of a rule.
///
/// A version never changes. For administrators.
#[utoipa::path(
    get,
    path = "/api/workflows/{id}/versions/{version}",
    operation_id = "show_workflow_version",
    params(parameter::ByIdAndVersion, parameter::IfNoneMatch),
    responses((status = 200, body = view::WorkflowAtVersion)),
)]
pub(crate) async fn version(
    State(app): State<Arc<App>>,
    caller: Admin,
    Two(id, VersionNumber(number)): Two<WorkflowId, VersionNumber>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let version = app.desk.workflow_version(caller.call(), id, number).await?;
    reply::fresh_resource(&held, &version, number)
}

/// Says in what two versions of a rule differ.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/workflows/{id}/diff",
    operation_id = "compare_workflow_versions",
    params(parameter::ById, parameter::VersionPair),
    responses((status = 200, body = view::WorkflowDiff)),
)]
pub(crate) async fn diff(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    mut query: Query,
) -> Result<Response, Problem> {
    query.require(&["from", "to"]);
    let from = query.read("from", "the number of a version", |text| text.parse().ok());
    let to = query.read("to", "the number of a version", |text| text.parse().ok());
    query.finish()?;
    let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
    let diff = app.desk.workflow_diff(caller.call(), id, from, to).await?;
    json::reply(StatusCode::OK, &diff)
}

/// Makes a rule again what it was in an earlier version.
///
/// That is a new version of it. A rule that was taken away comes back. What the earlier version names still has to be
/// there. For administrators.
#[utoipa::path(
    post,
    path = "/api/workflows/{id}/restore",
    operation_id = "restore_workflow",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::RestoreWorkflow,
    responses((status = 200, body = view::Workflow)),
)]
pub(crate) async fn restore(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    if_match: IfMatch,
    Given(input): Given<RestoreWorkflow>,
) -> Result<Response, Problem> {
    let change = |expected| app.desk.restore_workflow(caller.call(), id, input.clone(), expected);
    let workflow = if_match.apply(None, change).await?;
    reply::resource(&workflow, workflow.version)
}

/// Tells all rules, to be kept or taken into another desk.
///
/// Without ids, people and versions of this desk; a rule is known by its name. For administrators.
#[utoipa::path(
    get,
    path = "/api/workflows/export",
    operation_id = "export_workflows",
    responses((status = 200, body = view::WorkflowExport)),
)]
pub(crate) async fn export(State(app): State<Arc<App>>, caller: Admin, mut query: Query) -> Result<Response, Problem> {
    query.finish()?;
    let export = app.desk.export_workflows(caller.call()).await?;
    json::reply(StatusCode::OK, &export)
}

/// Takes rules in, all or none.
///
/// One that has the name of a rule that is there becomes a new version of it, unless it says the same. Rules that are
/// not named stay as they are. For administrators.
#[utoipa::path(
    post,
    path = "/api/workflows/import",
    operation_id = "import_workflows",
    request_body = body::WorkflowImport,
    responses((status = 200, body = view::ImportedWorkflows)),
)]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    caller: Admin,
    Given(input): Given<WorkflowImport>,
) -> Result<Response, Problem> {
    let imported = app.desk.import_workflows(caller.call(), input).await?;
    json::reply(StatusCode::OK, &imported)
}
