//! The listening half of the program: connections in, requests through the router, and an orderly end.

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

/// How long a client may take over a request's head, and how long an idle connection is kept. Longer
/// than proxies keep theirs (60 s is usual), so that a proxy does not send a request into a
/// connection that is being closed here.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// How long to wait where the system gives no connection, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Becomes cancelled at the first SIGTERM or SIGINT; the second ends the process at once.
pub fn stop_signal() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM can't be listened to")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT can't be listened to")?;
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if told.is_cancelled() {
                std::process::exit(1);
            }
            told.cancel();
        }
    });
    Ok(stop)
}

/// Listens on the first address of the host that can be had.
pub async fn bind(host: &str, port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((host, port)).await.with_context(|| {
        let name = if port == 0 { "HOST" } else { "PORT" };
        format!("{name}: can't listen on {}", authority(host, port))
    })
}

/// Host and port as they stand in an address.
pub fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Serves until `stop`, then lets requests in flight finish for at most `patience`.
pub async fn serve(listener: TcpListener, app: Router, stop: CancellationToken, patience: Duration) {
    let connections = TaskTracker::new();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(converse(stream, peer, app.clone(), stop.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    connections.close();
    tracing::info!(open = connections.len(), "stopping: no new connections, requests in flight finish");
    if tokio::time::timeout(patience, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), ?patience, "some requests did not finish in time and are cut off");
    }
}

/// One connection from its first request to its end, which a stop brings on after the request in hand.
async fn converse(stream: TcpStream, peer: SocketAddr, app: Router, stop: CancellationToken) {
    // Answers are small: waiting to fill a packet would only cost time.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), answer)
        // A socket leaves HTTP and keeps the connection.
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection ended early");
    }
}
