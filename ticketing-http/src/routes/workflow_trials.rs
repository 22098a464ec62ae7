//! Rules tried before they are switched on. For administrators. None of these changes anything, so a repetition with
//! the same `Idempotency-Key` is simply answered anew.

use crate::App;
use crate::auth::Admin;
use crate::json::{self, Given, OptionalJson};
use crate::openapi::{body, parameter, view};
use crate::path::One;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::channel::mpsc;
use futures::future::FutureExt;
use futures::stream::{self, StreamExt};
use serde::Serialize;
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::Poll;
use ticketing_core::desk::{LintRequest, Stretch, TrialTicket, WorkflowTrial, WorkflowUnderTest, ticket_key};
use ticketing_core::{Call, WorkflowId};

/// Lines that say how far it is.
const NDJSON: &str = "application/x-ndjson";

/// Says what a rule would do about a ticket, and why.
///
/// The rule is asked about the last change of the ticket that makes it look, less what rules did to it; where there was
/// none, about the ticket as it stands, as if it happened now (`basis`). Nothing is done. For administrators.
#[utoipa::path(
    post,
    path = "/api/workflows/{id}/dry-run",
    operation_id = "dry_run_workflow",
    params(parameter::ById),
    request_body = body::TrialTicket,
    responses((status = 200, body = view::DryRun)),
)]
pub(crate) async fn of_workflow(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WorkflowId>,
    Given(TrialTicket { ticket }): Given<TrialTicket>,
) -> Result<Response, Problem> {
    let answer = app.desk.dry_run_workflow(caller.call(), WorkflowUnderTest::Known(id), &ticket).await?;
    json::reply(StatusCode::OK, &answer)
}

/// Says what a rule would do that is not saved.
///
/// About a ticket, as for a saved one; or about all that happened in a stretch of time. A draft that has the name of a
/// rule takes its place. Over a stretch of time all rules are run with the draft among them and without: `matched` and
/// `effects` are the draft's, `differs_from_current` tells changes that would have come out otherwise. Descriptions and
/// people are as they are now, who listened is not known, and what only time brings about is not tried. With
/// `Accept: application/x-ndjson` the answer is lines: how far it is (`{"progress": …}`), and the result as the last one;
/// hanging up ends it. Nothing is done. For administrators.
#[utoipa::path(
    post,
    path = "/api/workflows/dry-run",
    operation_id = "dry_run_draft",
    request_body = body::WorkflowTrial,
    responses((status = 200, body = view::Trial)),
)]
pub(crate) async fn of_draft(
    State(app): State<Arc<App>>,
    caller: Admin,
    headers: HeaderMap,
    Given(WorkflowTrial { workflow, ticket, history }): Given<WorkflowTrial>,
) -> Result<Response, Problem> {
    // Either is there, or the input was refused.
    let Some(workflow) = workflow.map(|workflow| WorkflowUnderTest::Draft(Box::new(workflow))) else {
        return Err(Problem::malformed("A workflow is required."));
    };
    if let Some(ticket) = ticket {
        let answer = app.desk.dry_run_workflow(caller.call(), workflow, &ticket_key(&ticket)?).await?;
        return json::reply(StatusCode::OK, &answer);
    }
    let Some(history) = history else { return Err(Problem::malformed("A ticket or a history is required.")) };
    if wants_lines(&headers) {
        return lines(app, caller.call().clone(), workflow, history).await;
    }
    let report = app.desk.backtest_workflow(caller.call(), workflow, history, |_| ()).await?;
    json::reply(StatusCode::OK, &report)
}

/// Says what is likely to be wrong with rules.
///
/// With those that are switched on, and a draft among them where one is given: what never happens, what never ends, and
/// what works against itself. For administrators.
#[utoipa::path(
    post,
    path = "/api/workflows/lint",
    operation_id = "lint_workflows",
    request_body = Option<body::LintRequest>,
    responses((status = 200, body = view::LintReport)),
)]
pub(crate) async fn lint(
    State(app): State<Arc<App>>,
    caller: Admin,
    OptionalJson(body): OptionalJson,
) -> Result<Response, Problem> {
    let input: LintRequest = json::input(body.unwrap_or_else(|| json!({})))?;
    let report = app.desk.lint_workflows(caller.call(), input).await?;
    json::reply(StatusCode::OK, &report)
}

fn wants_lines(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.to_ascii_lowercase().contains(NDJSON))
}

fn line<T: Serialize>(value: &T) -> Bytes {
    // What is told here is made of plain fields, which can always be written.
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line.into()
}

/// The work is a part of the answer's body: who hangs up drops both.
async fn lines(app: Arc<App>, call: Call, workflow: WorkflowUnderTest, history: Stretch) -> Result<Response, Problem> {
    let (tell, mut told) = mpsc::unbounded();
    let work = async move {
        let say = move |progress| {
            // Nobody listens any more where this fails, and then the work is dropped, too.
            let _ = tell.unbounded_send(line(&json!({ "progress": progress })));
        };
        let done = app.desk.backtest_workflow(call, workflow, history, say).await;
        done.map(|report| line(&report)).map_err(Problem::from)
    };
    let mut work = Some(Box::pin(work));
    let mut done = None;
    let mut all = stream::poll_fn(move |context| {
        if let Some(Poll::Ready(answer)) = work.as_mut().map(|work| work.poll_unpin(context)) {
            (work, done) = (None, Some(answer));
        }
        match told.poll_next_unpin(context) {
            Poll::Ready(Some(line)) => Poll::Ready(Some(Ok(line))),
            // What was told before the end comes before it.
            _ if work.is_none() => Poll::Ready(done.take()),
            _ => Poll::Pending,
        }
    });
    // What is wrong with the request is answered as for any other, before the first line.
    let first = match all.next().await {
        Some(first) => first?,
        None => Bytes::new(),
    };
    let rest = all.map(|answer| answer.unwrap_or_else(|problem| line(&json!({ "problem": problem.brief() }))));
    let body = stream::once(async { first }).chain(rest).map(Ok::<_, Infallible>);
    let mut response = Response::new(Body::from_stream(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON));
    Ok(response)
}
