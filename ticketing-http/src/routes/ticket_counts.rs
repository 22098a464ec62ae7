//! How long lists of tickets are, many at once. It only reads, so a repetition with the same `Idempotency-Key` is simply
//! answered anew.

use crate::App;
use crate::auth::Caller;
use crate::filter::ticket_filter;
use crate::json::{self, Given};
use crate::openapi::{body, view};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use ticketing_core::Error;
use ticketing_core::input::{Fields, Input, Problems};

/// How many lists are counted by one request.
const MOST: usize = 20;
/// Characters of a list's name.
const LONGEST_NAME: usize = 40;
/// Characters of a list's query.
const LONGEST_QUERY: usize = 2_000;

/// Lists by their names, each as the query of a list of tickets.
pub(crate) struct TicketCounts {
    lists: Map<String, Value>,
}

impl Input for TicketCounts {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["lists"]);
        Self { lists: fields.map("lists").into_option().unwrap_or_default() }
    }

    fn check(&self, problems: &mut Problems) {
        if !(1..=MOST).contains(&self.lists.len()) {
            problems.add("lists", "out_of_range", format!("Must have 1 to {MOST} lists."));
            return;
        }
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'_' | b'-');
        for (name, query) in &self.lists {
            if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(fits) {
                let message = format!("Names must be of 1 to {LONGEST_NAME} characters of a-z, 0-9, _ and -.");
                problems.add("lists", "bad_name", message);
                continue;
            }
            let field = format!("lists.{name}");
            match query.as_str() {
                None => problems.add(field, "type", "Must be a text, the query of a list of tickets."),
                Some(text) if text.chars().count() > LONGEST_QUERY => {
                    problems.add(field, "too_long", format!("May have at most {LONGEST_QUERY} characters."));
                }
                Some(_) => {}
            }
        }
    }
}

/// Counts lists of tickets, many at once.
///
/// Each list is the query of `GET /api/tickets`, with filters alone. Counting stops at 1,000 (`is_capped`), so that it costs
/// the same where there are many more. Nothing is changed.
#[utoipa::path(
    post,
    path = "/api/tickets/counts",
    operation_id = "count_tickets",
    request_body = body::TicketCounts,
    responses((status = 200, body = view::CountedTickets)),
)]
pub(crate) async fn count(
    State(app): State<Arc<App>>,
    caller: Caller,
    Given(TicketCounts { lists }): Given<TicketCounts>,
) -> Result<Response, Problem> {
    let snapshot = app.desk.snapshot().await?;
    let (mut filters, mut problems) = (Vec::with_capacity(lists.len()), Problems::default());
    for (name, query) in &lists {
        match ticket_filter(query.as_str().unwrap_or_default(), caller.actor(), &snapshot.custom_fields) {
            Ok(filter) => filters.push(filter),
            Err(Error::Invalid(wrong)) => {
                let Some(first) = wrong.into_iter().next() else { continue };
                let message =
                    if first.field.is_empty() { first.message } else { format!("{}: {}", first.field, first.message) };
                problems.add(format!("lists.{name}"), first.code, message);
            }
            Err(other) => return Err(other.into()),
        }
    }
    problems.finish()?;
    let counts = app.desk.ticket_counts(caller.call(), filters).await?;
    let counts: BTreeMap<_, _> = lists.keys().zip(counts).collect();
    json::reply(StatusCode::OK, &json!({ "counts": counts }))
}
