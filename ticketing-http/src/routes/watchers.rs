//! Who listens to a ticket.

use crate::App;
use crate::auth::Staff;
use crate::json::{self, JsonBody};
use crate::path::{Base, One, Two};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::input::{Fields, Input, Problems};
use ticketing_core::model::view::WatcherView;
use ticketing_core::{TicketKey, UserId};

/// The body that adds a listener.
struct NewWatcher {
    user_id: UserId,
}

impl Input for NewWatcher {
    fn read(fields: &mut Fields) -> Self {
        Self { user_id: UserId(fields.required_id("user_id")) }
    }

    fn check(&self, _: &mut Problems) {}
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let paging = query.paging(&app.cursors);
    query.finish()?;
    let after = paging.after.map(|place| UserId(place.id));
    let mut page = app.desk.watchers(caller.call(), &key, after, paging.limit).await?;
    if paging.count {
        page.total = Some(app.desk.watcher_count(caller.call(), &key).await?);
    }
    reply::page(&app, &query, &page.map(WatcherView::from))
}

pub(crate) async fn add(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    One(key): One<TicketKey>,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: NewWatcher = json::input(body)?;
    let watcher = app.desk.watch_ticket(caller.call(), &key, input.user_id).await?;
    let location = format!("{base}/api/tickets/{}/watchers/{}", watcher.ticket_id, input.user_id);
    reply::created(&WatcherView::from(watcher), None, &location)
}

pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    Two(key, user_id): Two<TicketKey, UserId>,
) -> Result<Response, Problem> {
    app.desk.unwatch_ticket(caller.call(), &key, user_id).await?;
    Ok(reply::done())
}
