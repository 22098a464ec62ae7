//! Calendars: when the desk and its teams work.

use crate::App;
use crate::auth::{Admin, Staff};
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::file::CalendarFile;
use crate::json::{self, Given};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::{Paged, Query};
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::CalendarId;
use ticketing_core::desk::{CalendarPatch, NewCalendar};

/// Lists calendars.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/calendars",
    operation_id = "list_calendars",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::Calendar>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, paged: Paged) -> Result<Response, Problem> {
    let calendars = app.desk.calendars(caller.call()).await?;
    reply::page_of(&app, &paged, calendars, |calendar| (0, calendar.id.0))
}

/// Makes a calendar.
///
/// For administrators.
#[utoipa::path(
    post,
    path = "/api/calendars",
    operation_id = "create_calendar",
    request_body = body::NewCalendar,
    responses((status = 201, body = view::Calendar)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    Given(input): Given<NewCalendar>,
) -> Result<Response, Problem> {
    let calendar = app.desk.create_calendar(caller.call(), input).await?;
    reply::created(&calendar, Some(calendar.version), &format!("{base}/api/calendars/{}", calendar.id))
}

/// Shows a calendar.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/calendars/{id}",
    operation_id = "show_calendar",
    params(parameter::ById, parameter::IfNoneMatch),
    responses((status = 200, body = view::Calendar)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<CalendarId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let calendar = app.desk.calendar(caller.call(), id).await?;
    reply::fresh_resource(&held, &calendar, calendar.version)
}

/// Changes a calendar.
///
/// Other hours count from now on. For administrators.
#[utoipa::path(
    patch,
    path = "/api/calendars/{id}",
    operation_id = "update_calendar",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::CalendarPatch,
    responses((status = 200, body = view::Calendar)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<CalendarId>,
    change: Change<CalendarPatch>,
) -> Result<Response, Problem> {
    let calendar = change.apply(|input, expected| app.desk.update_calendar(caller.call(), id, input, expected)).await?;
    reply::resource(&calendar, calendar.version)
}

/// Deletes a calendar.
///
/// While a team works by it, that is a 409. For administrators.
#[utoipa::path(
    delete,
    path = "/api/calendars/{id}",
    operation_id = "delete_calendar",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<CalendarId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_calendar(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Adds the holidays of an iCalendar file.
///
/// What is a holiday already stays as it is. For administrators.
#[utoipa::path(
    post,
    path = "/api/calendars/{id}/holidays",
    operation_id = "import_holidays",
    params(parameter::ById, parameter::ImportMode),
    request_body(
        content = String,
        content_type = "text/calendar",
        description = "A file of at most 1 MiB and 1,000 events (RFC 5545).",
        example = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:New Year\r\n\
            DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ),
    responses((status = 200, body = view::ImportedHolidays)),
)]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<CalendarId>,
    mut query: Query,
    CalendarFile(file): CalendarFile,
) -> Result<Response, Problem> {
    let dry_run = query.read("dry_run", "true or false", |text| text.parse().ok()).unwrap_or_default();
    query.finish()?;
    let imported = app.desk.import_holidays(caller.call(), id, &file, dry_run).await?;
    json::reply(StatusCode::OK, &imported)
}
