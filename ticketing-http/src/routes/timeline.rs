//! Everything that happened on one ticket, oldest first.

use crate::App;
use crate::auth::Caller;
use crate::openapi::{parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::Paged;
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
    paged: Paged,
) -> Result<Response, Problem> {
    let after = paged.after.map(|place| Seq(place.key));
    let page = app.desk.timeline(caller.call(), &key, after, paged.limit).await?;
    reply::counted(&app, &paged, page, || app.desk.timeline_count(caller.call(), &key)).await
}
