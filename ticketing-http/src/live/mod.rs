//! What happens on the desk, as it happens: Socket.IO 4 at `/socket.io`, on the router's own path.
//!
//! A node reads the event log in its order and tells its own sockets, each what its person may know at that moment. A
//! socket is a hint: what it missed is in `GET /api/events`, from the cursor on that every event carries.

mod command;
mod connect;
mod hub;
mod lean;
mod metrics;
mod presence;
mod rate;
mod seat;
mod signal;
mod tail;
mod tell;
mod told;

pub(crate) use hub::Live;
pub(crate) use seat::Seats;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use socketioxide::handler::ConnectHandler;
use socketioxide::{ParserConfig, SocketIo};
use std::sync::Arc;
use std::time::Duration;

use crate::App;
use crate::client;
use crate::limit::{self, Who};
use crate::problem::Problem;
use axum::http::{HeaderMap, StatusCode, header};

/// Where clients look for it.
pub(crate) const PATH: &str = "/socket.io";

/// How long a client may take to say who it is.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How many packets may wait for one socket; what comes then is dropped and told as missed.
const QUEUE: usize = 128;
/// The longest packet of a client, bytes. What it has to say is a ticket's name or a word.
const LONGEST: usize = 16 * 1024;
/// What a socket reads at once, bytes. It hears little, and every socket has such a buffer.
const READ_BUFFER: usize = 512;

/// The route of the sockets.
pub(crate) fn route(live: &Arc<Live>) -> Router<Arc<App>> {
    let (service, io) = SocketIo::builder()
        .with_state(Arc::clone(live))
        .req_path(PATH)
        .connect_timeout(CONNECT_TIMEOUT)
        .max_buffer_size(QUEUE)
        .max_payload(LONGEST as u64)
        .ws_read_buffer_size(READ_BUFFER)
        .ws_max_message_size(LONGEST)
        .ws_max_frame_size(LONGEST)
        // Nobody has anything to say in bytes.
        .with_parser(ParserConfig::common().max_incoming_binaries(0).max_incoming_binary_buf_size(0))
        .build_svc();
    io.ns("/", connect::welcome.with(connect::admit));
    Router::new().route_service(PATH, service.clone()).route_service("/socket.io/", service)
}

/// Whether a path is that of the sockets.
pub(crate) fn is_socket(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest == "/")
}

/// Turns away pages of other origins, and those for whom there is no room.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if !is_from_here(&app, request.headers()) {
        let detail = "Pages of this origin may not connect. CORS_ORIGINS names those that may.";
        return Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).into_response();
    }
    // What names a session belongs to one that has a seat.
    if request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("sid="))) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let address = client::ip(&parts, &app.trusted_proxies);
    if let Some(answer) = address.and_then(|address| limit::open_socket(&app, address)) {
        return answer;
    }
    let Some(seat) = app.seats.take(address.map(Who::from)) else {
        let detail = "There are too many connections right now. Try again in a moment.";
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).after(1).into_response();
    };
    // The session keeps the request that it began with, and so its seat.
    parts.extensions.insert(seat);
    next.run(lean::lean(Request::from_parts(parts, body))).await
}

/// A browser lets any page open a socket, and says only where the page is from.
fn is_from_here(app: &App, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    app.site.is_own(origin, headers) || app.cors.allows(origin)
}
