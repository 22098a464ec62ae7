//! Tables of people, organizations and tickets that come in. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::file::TableFile;
use crate::json::{self, NoBody};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::ImportId;
use ticketing_core::desk::import::{ImportKind, NewTableImport};

/// Takes a table in, or looks it through.
///
/// CSV with a header (RFC 4180), in UTF-8. A worker reads it line by line; the answer's `id` names what it says of it. Nothing
/// goes in where a line is wrong, unless `skip_bad` passes these over. Nobody is told of what comes in, and no rule looks
/// at it. The same lines make nothing twice. For administrators.
#[utoipa::path(
    post,
    path = "/api/imports",
    operation_id = "create_import",
    params(parameter::NewImport),
    request_body(
        content = String,
        content_type = "text/csv",
        description = "The table.",
        example = "subject,description,customer_email\nThe lift is stuck,Since this morning,kim@alba.example\n",
    ),
    responses((status = 201, body = view::Import)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    mut query: Query,
    TableFile(table): TableFile,
) -> Result<Response, Problem> {
    query.require(&["kind"]);
    let kind = query.read("kind", "users, organizations or tickets", |text| text.parse::<ImportKind>().ok());
    let dry_run = flag(&mut query, "dry_run");
    let skip_bad = flag(&mut query, "skip_bad");
    let name = query.take("name");
    let columns = query.values("map").unwrap_or_default();
    let columns: Option<Vec<(String, String)>> = columns.iter().map(|column| pair(column)).collect();
    if columns.is_none() {
        query.problems.add("map", "malformed", "Each entry has the form COLUMN=FIELD.");
    }
    query.finish()?;
    // What is missing was refused.
    let kind = kind.unwrap_or(ImportKind::Tickets);
    let input = NewTableImport { kind, name, columns: columns.unwrap_or_default(), dry_run, skip_bad };
    let import = app.desk.take_in_table(caller.call(), input, table).await?;
    reply::created(&import, None, &format!("{base}/api/imports/{}", import.id))
}

fn flag(query: &mut Query, name: &str) -> bool {
    query.read(name, "true or false", |text| text.parse::<bool>().ok()).unwrap_or_default()
}

fn pair(column: &str) -> Option<(String, String)> {
    let (theirs, ours) = column.rsplit_once('=')?;
    Some((theirs.to_owned(), ours.to_owned()))
}

/// Lists tables of the last days, newest first.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/imports",
    operation_id = "list_imports",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::Import>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, query: Query) -> Result<Response, Problem> {
    let paged = query.paged(&app.cursors)?;
    let imports = app.desk.table_imports(caller.call()).await?;
    reply::page_of(&app, &paged, imports, |import| (-import.created_at.timestamp_micros(), import.id.0))
}

/// Shows how far a table is, and what is wrong with it.
///
/// What is wrong is known once all of it was looked through. For administrators.
#[utoipa::path(
    get,
    path = "/api/imports/{id}",
    operation_id = "show_import",
    params(parameter::ById),
    responses((status = 200, body = view::WholeImport)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<ImportId>,
) -> Result<Response, Problem> {
    let import = app.desk.table_import(caller.call(), id).await?;
    json::reply(StatusCode::OK, &import)
}

/// Takes in a table that was looked through.
///
/// The very same table, so it need not be sent again. For administrators.
#[utoipa::path(
    post,
    path = "/api/imports/{id}/run",
    operation_id = "run_import",
    params(parameter::ById, parameter::ImportRun),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::Import)),
)]
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<ImportId>,
    mut query: Query,
    _: NoBody,
) -> Result<Response, Problem> {
    let skip_bad = flag(&mut query, "skip_bad");
    query.finish()?;
    let import = app.desk.run_table_import(caller.call(), id, skip_bad).await?;
    json::reply(StatusCode::OK, &import)
}

/// Calls a table off, and forgets its bytes.
///
/// What was in by then stays, and so does what is known of the table. For administrators.
#[utoipa::path(
    delete,
    path = "/api/imports/{id}",
    operation_id = "cancel_import",
    params(parameter::ById),
    responses((status = 200, body = view::Import)),
)]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<ImportId>,
) -> Result<Response, Problem> {
    let import = app.desk.cancel_table_import(caller.call(), id).await?;
    json::reply(StatusCode::OK, &import)
}
