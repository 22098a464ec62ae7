//! Who listens to a ticket.

use crate::App;
use crate::auth::Staff;
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One, Two};
use crate::problem::Problem;
use crate::query::Paged;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::input::{Fields, Input, Problems};
use ticketing_core::model::view::WatcherView;
use ticketing_core::{TicketKey, UserId};

/// The body that adds a listener.
pub(crate) struct NewWatcher {
    user_id: UserId,
}

impl Input for NewWatcher {
    fn read(fields: &mut Fields) -> Self {
        Self { user_id: UserId(fields.required_id("user_id")) }
    }

    fn check(&self, _: &mut Problems) {}
}

/// Lists who listens to a ticket.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/watchers",
    operation_id = "list_watchers",
    params(parameter::ByTicket, parameter::Paging),
    responses((status = 200, body = view::Page<view::Watcher>)),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    paged: Paged,
) -> Result<Response, Problem> {
    let after = paged.after.map(|place| UserId(place.id));
    let page = app.desk.watchers(caller.call(), &key, after, paged.limit).await?;
    reply::counted(&app, &paged, page.map(WatcherView::from), || app.desk.watcher_count(caller.call(), &key)).await
}

/// Makes somebody listen to a ticket.
///
/// For staff.
#[utoipa::path(
    post,
    path = "/api/tickets/{ticket}/watchers",
    operation_id = "watch_ticket",
    params(parameter::ByTicket),
    request_body = body::NewWatcher,
    responses((status = 201, body = view::Watcher)),
)]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    One(key): One<TicketKey>,
    Given(input): Given<NewWatcher>,
) -> Result<Response, Problem> {
    let watcher = app.desk.watch_ticket(caller.call(), &key, input.user_id).await?;
    let location = format!("{base}/api/tickets/{}/watchers/{}", watcher.ticket_id, input.user_id);
    reply::created(&WatcherView::from(watcher), None, &location)
}

/// Ends somebody's listening.
///
/// For staff.
#[utoipa::path(
    delete,
    path = "/api/tickets/{ticket}/watchers/{user_id}",
    operation_id = "unwatch_ticket",
    params(parameter::ByTicketAndUser),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    Two(key, user_id): Two<TicketKey, UserId>,
) -> Result<Response, Problem> {
    app.desk.unwatch_ticket(caller.call(), &key, user_id).await?;
    Ok(reply::done())
}
