//! An endpoint that webhooks call, and that keeps what it was told.

use crate::signature;
use crate::trap::{Moment, Trap};
use crate::wire::Session;
use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ticketing_core::port::{Clock, SystemClock};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How an endpoint behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Answers at once.
    Well,
    /// Answers after a while.
    Slow(Duration),
    /// Fails for a while, works for a while.
    Flapping(Duration),
    /// Takes every call and answers none.
    Silent,
}

/// A call that was answered well, or that was about to be when the server had to die.
#[derive(Clone, Debug)]
pub struct Call {
    /// When its last byte had come.
    pub at: Instant,
    /// `webhook-id`.
    pub id: String,
    /// The event that it tells of.
    pub event_id: String,
    /// The ticket.
    pub ticket_id: String,
    /// The comment's text, where it tells of one.
    pub comment: Option<String>,
    /// Whether it was answered.
    pub is_answered: bool,
    /// What is wrong with it.
    pub flaw: Option<String>,
}

/// A listening endpoint. Dropping it ends it.
pub struct Receiver {
    /// Where it is.
    pub url: String,
    desk: Arc<State>,
    _task: JoinSet<()>,
}

struct State {
    manner: Manner,
    begun: Instant,
    calls: Mutex<Vec<Call>>,
    trap: Trap,
}

impl Receiver {
    /// Listens on a free port.
    pub async fn start(manner: Manner, trap: Trap) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/hook", listener.local_addr()?);
        let state = Arc::new(State { manner, begun: Instant::now(), calls: Mutex::default(), trap });
        let mut task = JoinSet::new();
        let shared = state.clone();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, shared.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { url, desk: state, _task: task })
    }

    /// What it was told so far.
    pub fn calls(&self) -> MutexGuard<'_, Vec<Call>> {
        self.desk.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the desk call it at these events. Answers the webhook's id.
    pub async fn subscribe(&self, admin: &mut Session, name: &str, events: &[&str]) -> Result<String> {
        let new = json!({"name": name, "url": self.url, "event_types": events, "secret_key": signature::secret()});
        let made = admin.expect(Method::POST, "/api/webhooks", Some(&new)).await?;
        Ok(made["id"].as_str().context("a webhook without an id")?.to_owned())
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let _ = stream.set_nodelay(true);
    let is_last = AtomicBool::new(false);
    let service = service_fn(|request| answer(request, &state, &is_last));
    // That the other side dies in the middle is what this is for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    if is_last.into_inner() {
        state.trap.spring();
    }
}

async fn answer(request: Request<Incoming>, state: &State, is_last: &AtomicBool) -> Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let mut call = Call::read(&head.headers, &body);
    match state.manner {
        Manner::Well => {}
        Manner::Slow(wait) => tokio::time::sleep(wait).await,
        Manner::Silent => pending().await,
        Manner::Flapping(span) => {
            if (state.begun.elapsed().as_millis() / span.as_millis()).is_multiple_of(2) {
                return Ok(status(StatusCode::INTERNAL_SERVER_ERROR));
            }
        }
    }
    let is_left = state.trap.takes(Moment::Arrived);
    call.is_answered = !is_left;
    state.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    if is_left {
        state.trap.spring();
        // Until the caller is dead, and the connection with it.
        pending::<()>().await;
    }
    let mut answer = status(StatusCode::OK);
    if state.trap.takes(Moment::Answered) {
        // With the last answer the connection ends, and its end says that the answer is on its way.
        is_last.store(true, Ordering::Relaxed);
        answer.headers_mut().insert("connection", "close".parse()?);
    }
    Ok(answer)
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

impl Call {
    fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let at = Instant::now();
        let flaw = signature::check(headers, body, SystemClock.now().timestamp()).err();
        let told: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            at,
            id: headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned(),
            event_id: text(&told["id"]),
            ticket_id: text(&told["ticket"]["id"]),
            comment: told["comment"]["body"].as_str().map(str::to_owned),
            is_answered: true,
            flaw: flaw.map(|flaw| format!("{flaw:#}")),
        }
    }
}
