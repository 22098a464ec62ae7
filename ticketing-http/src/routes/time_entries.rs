//! Time that staff spend on tickets.

use crate::App;
use crate::auth::Staff;
use crate::etag::Change;
use crate::filter::{edge, zone};
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
use ticketing_core::desk::{NewTimeEntry, TimeEntryPatch, TimeGroupBy, TimeList, TimeSelection};
use ticketing_core::query::TimeFilter;
use ticketing_core::{OrganizationId, TeamId, TicketKey, TimeEntryId, UserId};

/// Lists the time that was spent on a ticket, latest first, and what all of it is together.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/time-entries",
    operation_id = "list_ticket_time_entries",
    params(parameter::ByTicket, parameter::Paging),
    responses((status = 200, body = view::TicketTime)),
)]
pub(crate) async fn of_ticket(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    paged: Paged,
) -> Result<Response, Problem> {
    let (mut page, totals) = app.desk.ticket_time(caller.call(), &key, paged.after, paged.limit).await?;
    page.total = paged.count.then_some(totals.entries);
    reply::page_with(&app, &paged.query, &page, ("totals", &totals))
}

/// Logs time on a ticket.
///
/// `hours` may be left out where both ends are there; where all three are, they must agree. What overlaps other time of the
/// same person is kept, and said in `warnings`. For staff; the time of others for managers.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/time-entries",
    operation_id = "log_time",
    params(parameter::ByTicket),
    request_body = body::NewTimeEntry,
    responses((status = 201, body = view::TimeEntry)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    One(key): One<TicketKey>,
    Given(input): Given<NewTimeEntry>,
) -> Result<Response, Problem> {
    let entry = app.desk.log_time(caller.call(), &key, input).await?;
    reply::created(&entry, Some(entry.version), &format!("{base}/api/time-entries/{}", entry.id))
}

/// Lists time that was spent on the tickets that one sees, latest first.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/time-entries",
    operation_id = "list_time_entries",
    params(parameter::TimeFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::TimeEntry>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, mut query: Query) -> Result<Response, Problem> {
    let selection = selection(&mut query, caller.call().actor.user_id());
    let paged = query.paged(&app.cursors)?;
    let list = TimeList { selection, after: paged.after, limit: paged.limit, count: paged.count };
    let page = app.desk.time_entries(caller.call(), list).await?;
    reply::page(&app, &paged.query, &page)
}

/// Sums up time that was spent on the tickets that one sees.
///
/// An entry counts as a whole at the moment when it began, or was logged where that was not said; so all groups together are
/// the `totals`, whatever it is summed up by. For staff.
#[utoipa::path(
    get,
    path = "/api/time-entries/summary",
    operation_id = "summarize_time",
    params(parameter::TimeGrouping, parameter::TimeFilter),
    responses((status = 200, body = view::TimeSummary)),
)]
pub(crate) async fn summary(State(app): State<Arc<App>>, caller: Staff, mut query: Query) -> Result<Response, Problem> {
    query.require(&["group_by"]);
    let words = TimeGroupBy::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ");
    let group_by = query.read("group_by", &format!("of {words}"), |text| text.parse().ok());
    let selection = selection(&mut query, caller.call().actor.user_id());
    query.finish()?;
    let summary = app.desk.time_summary(caller.call(), group_by.unwrap_or(TimeGroupBy::Ticket), selection).await?;
    json::reply(StatusCode::OK, &summary)
}

fn selection(query: &mut Query, me: Option<UserId>) -> TimeSelection {
    let id = "an id (UUID)";
    let filter = TimeFilter {
        user_id: query
            .read("user_id", "me or an id (UUID)", |text| if text == "me" { me } else { text.parse::<UserId>().ok() }),
        customer_id: query.read("customer_id", id, |text| text.parse::<UserId>().ok()),
        organization_id: query.read("organization_id", id, |text| text.parse::<OrganizationId>().ok()),
        team_id: query.read("team_id", id, |text| text.parse::<TeamId>().ok()),
        billable: query.read("billable", "true or false", |text| text.parse().ok()),
        ..TimeFilter::default()
    };
    TimeSelection {
        filter,
        ticket: query.read("ticket", "a ticket's id or number", |text| text.parse::<TicketKey>().ok()),
        from: edge(query, "from"),
        to: edge(query, "to"),
        time_zone: zone(query),
    }
}

/// Shows time that was spent.
///
/// For staff who see its ticket.
#[utoipa::path(
    get,
    path = "/api/time-entries/{id}",
    operation_id = "show_time_entry",
    params(parameter::ById),
    responses((status = 200, body = view::TimeEntry)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<TimeEntryId>,
) -> Result<Response, Problem> {
    let entry = app.desk.time_entry(caller.call(), id).await?;
    reply::resource(&entry, entry.version)
}

/// Corrects time that was logged.
///
/// Without `hours`, another beginning or end measures it anew. For whoever spent it, and for managers.
#[utoipa::path(
    patch,
    path = "/api/time-entries/{id}",
    operation_id = "update_time_entry",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::TimeEntryPatch,
    responses((status = 200, body = view::TimeEntry)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<TimeEntryId>,
    change: Change<TimeEntryPatch>,
) -> Result<Response, Problem> {
    let entry = change.apply(|input, expected| app.desk.update_time_entry(caller.call(), id, input, expected)).await?;
    reply::resource(&entry, entry.version)
}

/// Takes away time that was logged.
///
/// What it said stays in the audit log. For whoever spent it, and for managers.
#[utoipa::path(
    delete,
    path = "/api/time-entries/{id}",
    operation_id = "delete_time_entry",
    params(parameter::ById),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<TimeEntryId>,
) -> Result<Response, Problem> {
    app.desk.delete_time_entry(caller.call(), id).await?;
    Ok(reply::done())
}
