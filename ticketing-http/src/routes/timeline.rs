//! Everything that happened on one ticket.

use crate::App;
use crate::auth::Caller;
use crate::openapi::{parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::{Query, from_end};
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::{Seq, TicketKey};

/// Tells what happened on a ticket, oldest first unless `sort=-created_at` says otherwise.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/timeline",
    operation_id = "show_timeline",
    params(parameter::ByTicket, parameter::Chronology, parameter::Paging),
    responses((status = 200, body = view::Page<view::Event>)),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let from_end = from_end(&mut query);
    let paged = query.paged(&app.cursors)?;
    let place = paged.after.map(|place| Seq(place.key));
    let page = if from_end {
        app.desk.timeline_from_end(caller.call(), &key, place, paged.limit).await?
    } else {
        app.desk.timeline(caller.call(), &key, place, paged.limit).await?
    };
    reply::counted(&app, &paged, page, || app.desk.timeline_count(caller.call(), &key)).await
}
