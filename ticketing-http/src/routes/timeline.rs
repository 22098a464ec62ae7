//! Everything that happened on one ticket, oldest first.

use crate::App;
use crate::auth::Caller;
use crate::openapi::{parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::{Seq, TicketKey};

/// Tells what happened on a ticket, oldest first.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/timeline",
    operation_id = "show_timeline",
    params(parameter::ByTicket, parameter::Paging),
    responses((status = 200, body = view::Page<view::Event>)),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let paging = query.paging(&app.cursors);
    query.finish()?;
    let after = paging.after.map(|place| Seq(place.key));
    let mut page = app.desk.timeline(caller.call(), &key, after, paging.limit).await?;
    if paging.count {
        page.total = Some(app.desk.timeline_count(caller.call(), &key).await?);
    }
    reply::page(&app, &query, &page)
}
