//! How tickets hang together: ties, merging, splitting, and one change for many.

use crate::App;
use crate::auth::{Caller, Staff};
use crate::json::{self, JsonBody, OptionalJson};
use crate::path::{Base, One, Two};
use crate::problem::{Brief, Problem};
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;
use ticketing_core::desk::{BulkChange, NewLink, NewMerge, NewSplit};
use ticketing_core::input::{Fields, Input, Problems};
use ticketing_core::{LinkId, TicketKey};

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let paging = query.paging(&app.cursors);
    query.finish()?;
    let links = app.desk.links(caller.call(), &key).await?;
    reply::page_of(&app, &query, &paging, links, |link| link.id.0)
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    One(key): One<TicketKey>,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: NewLink = json::input(body)?;
    let link = app.desk.link_tickets(caller.call(), &key, input).await?;
    reply::created(&link, None, &format!("{base}/api/tickets/{}/links/{}", link.ticket_id, link.id))
}

pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Staff,
    Two(key, id): Two<TicketKey, LinkId>,
) -> Result<Response, Problem> {
    app.desk.unlink_tickets(caller.call(), &key, id).await?;
    Ok(reply::done())
}

pub(crate) async fn merge(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: NewMerge = json::input(body)?;
    let ticket = app.desk.merge_ticket(caller.call(), &key, input).await?;
    reply::resource(&ticket, ticket.version())
}

/// A body that says nothing.
struct Nothing;

impl Input for Nothing {
    fn read(_: &mut Fields) -> Self {
        Self
    }

    fn check(&self, _: &mut Problems) {}
}

pub(crate) async fn unmerge(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    if let Some(body) = body {
        json::input::<Nothing>(body)?;
    }
    let ticket = app.desk.unmerge_ticket(caller.call(), &key).await?;
    reply::resource(&ticket, ticket.version())
}

pub(crate) async fn split(
    State(app): State<Arc<App>>,
    caller: Staff,
    Base(base): Base,
    One(key): One<TicketKey>,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: NewSplit = json::input(body)?;
    let ticket = app.desk.split_ticket(caller.call(), &key, input).await?;
    reply::created(&ticket, Some(ticket.version()), &format!("{base}/api/tickets/{}", ticket.id()))
}

/// What became of one of many.
#[derive(Serialize)]
struct Outcome {
    ticket: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Brief>,
}

#[derive(Serialize)]
struct Outcomes {
    items: Vec<Outcome>,
}

pub(crate) async fn bulk(
    State(app): State<Arc<App>>,
    caller: Staff,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let input: BulkChange = json::input(body)?;
    let results = app.desk.update_tickets(caller.call(), input).await?;
    let outcome = |(key, result): (TicketKey, Result<(), ticketing_core::Error>)| {
        let ticket = match key {
            TicketKey::Id(id) => id.to_string(),
            TicketKey::Number(number) => number.to_string(),
        };
        let error = result.err().map(|error| Problem::from(error).brief());
        Outcome { ticket, ok: error.is_none(), error }
    };
    let outcomes = Outcomes { items: results.into_iter().map(outcome).collect() };
    app.desk.keep_answer(caller.call(), &outcomes).await?;
    json::reply(StatusCode::OK, &outcomes)
}
