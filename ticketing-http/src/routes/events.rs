//! The event log, for clients that want to know what they missed.

use crate::App;
use crate::auth::Caller;
use crate::cursor::Cursors;
use crate::openapi::{parameter, view};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::Seq;
use ticketing_core::query::{Page, Position};
use uuid::Uuid;

/// The list that places in the log belong to.
const LIST: &str = "/api/events";

/// A place in the log as clients carry it, for whoever tells of events by other ways.
pub(crate) fn cursor(cursors: &Cursors, place: Seq) -> String {
    cursors.encode(LIST, Position::at(place.0, Uuid::nil()))
}

/// Reads the event log on from a place.
#[utoipa::path(
    get,
    path = "/api/events",
    operation_id = "list_events",
    params(parameter::FeedPlace),
    responses((status = 200, body = view::EventFeed)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Caller, mut query: Query) -> Result<Response, Problem> {
    let after = query.place(&app.cursors, "after").map_or(Seq(0), |place| Seq(place.key));
    let limit = query.limit();
    query.finish()?;
    let feed = app.desk.events(caller.call(), after, limit).await?;
    // There is always a place to go on from: the log grows while somebody reads it.
    let next = Some(Position::at(feed.next.0, Uuid::nil()));
    reply::page(&app, &query, &Page { items: feed.items, next, total: None })
}
