//! The desk's wire API as a router that any axum application can nest.
//!
//! ```no_run
//! # fn example(desk: ticketing_core::Desk, host: axum::Router) -> axum::Router {
//! host.nest("/support", ticketing_http::router(desk, ticketing_http::HttpOptions::default()))
//! # }
//! ```
//!
//! Client addresses reach the audit log only where the host serves its router with
//! `into_make_service_with_connect_info::<SocketAddr>()`.

mod auth;
mod backlog;
mod client;
mod compress;
#[cfg(feature = "console")]
mod console;
#[cfg(not(feature = "console"))]
#[path = "no_console.rs"]
mod console;
mod cors;
mod cursor;
mod download;
mod etag;
mod file;
mod filter;
mod inbound;
mod json;
mod limit;
mod live;
mod metrics;
mod middleware;
mod openapi;
mod options;
mod page;
mod path;
mod problem;
mod query;
mod repeat;
mod reply;
mod routes;
mod scope;
mod token;

pub use auth::Authenticator;
pub use limit::{NotARate, RateLimit};
pub use openapi::openapi;
pub use options::{AuditHeadSource, HttpOptions, MoreMetrics};
pub use ticketing_core::{Network, NotANetwork};

use axum::Router;
use axum::http::HeaderValue;
use backlog::Backlog;
use cors::Cors;
use cursor::Cursors;
use inbound::Door;
use limit::Limits;
use live::Live;
use live::Seats;
use metrics::Metrics;
use path::Site;
use repeat::Repeats;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Desk;
use ticketing_core::desk::work::Workers;
use token::Tokens;
use tokio::sync::Semaphore;

/// What all requests share.
struct App {
    desk: Desk,
    tokens: Arc<Tokens>,
    authenticator: Arc<dyn Authenticator>,
    cursors: Cursors,
    repeats: Repeats,
    limits: Limits,
    cors: Cors,
    site: Site,
    metrics: Metrics,
    backlog: Backlog,
    live: Arc<Live>,
    seats: Arc<Seats>,
    mail_door: Option<Door>,
    workers: Option<Workers>,
    more_metrics: Option<MoreMetrics>,
    audit_head: Option<AuditHeadSource>,
    page_policy: HeaderValue,
    permits: Option<Semaphore>,
    trusted_proxies: Vec<Network>,
    body_limit: usize,
    request_timeout: Duration,
}

/// The wire API of a desk. Serve it alone, or nest it under any path of an application.
pub fn router(desk: Desk, options: HttpOptions) -> Router {
    let routes = routes::all();
    let paths = routes.paths();
    let secret = if options.jwt_secret.is_empty() { desk.ids().secret().to_vec() } else { options.jwt_secret };
    let tokens = Arc::new(Tokens::new(&secret, &options.older_jwt_secrets, options.jwt_expires_in));
    let authenticator = options.authenticator.unwrap_or_else(|| Arc::clone(&tokens) as Arc<dyn Authenticator>);
    let live =
        Live::new(desk.clone(), Arc::clone(&authenticator), Cursors::new(&secret), options.trusted_proxies.clone());
    let app = Arc::new(App {
        authenticator,
        tokens,
        cursors: Cursors::new(&secret),
        limits: Limits::new(options.rate_limit_anonymous, options.rate_limit_user, options.rate_limit_sockets),
        seats: Seats::new(options.max_sockets),
        mail_door: options.inbound_secret.as_deref().filter(|secret| !secret.is_empty()).map(Door::new),
        repeats: Repeats::new(&secret, routes.places),
        cors: Cors::new(&options.cors_origins),
        site: Site::new(&desk.options().app_url),
        metrics: Metrics::new(paths),
        backlog: Backlog::default(),
        live: Arc::clone(&live),
        workers: options.workers,
        more_metrics: options.more_metrics,
        audit_head: options.audit_head,
        page_policy: page::policy(),
        permits: options.max_in_flight.map(|most| Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
        trusted_proxies: options.trusted_proxies,
        body_limit: options.body_limit,
        request_timeout: options.request_timeout,
        desk,
    });
    let sockets = live::route(&live).layer(axum::middleware::from_fn_with_state(Arc::clone(&app), live::guard));
    Router::from(routes.router)
        .merge(sockets)
        .fallback(routes::system::fallback)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), middleware::around))
        .with_state(app)
}
