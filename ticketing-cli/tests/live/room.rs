//! How many connections there is room for, and who comes back by itself.

use super::sockets::{self, Sockets};
use crate::server::database::Cluster;
use crate::server::{ADMIN, Place};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn who_finds_no_room_comes_in_when_somebody_leaves() {
    let Some(folder) = sockets::client() else { return };
    let place = Place::sqlite().with("MAX_SOCKETS", "4");
    let server = place.serve().await;
    let admin = server.sign_in(ADMIN).await;
    let mut sockets = Sockets::start(&folder);
    // Half of all for one address.
    for name in ["one", "two"] {
        sockets.open(name, server.url(), &admin).await;
    }
    sockets.open_with("three", server.url(), admin.token(), json!({"transports": ["websocket"]})).await;
    sockets.until("three", |heard| heard.event == "$connect_error").await;
    let refused = admin.get("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "1"));
    refused.problem(503);
    sockets.close("one").await;
    sockets.until("three", |heard| heard.event == "ready").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_are_counted_and_other_requests_are_not() {
    let place = Place::sqlite().with("RATE_LIMIT_SOCKETS", "3/1h");
    let server = place.serve().await;
    let stranger = server.stranger();
    for _ in 0..3 {
        assert_eq!(stranger.get("/socket.io/?EIO=4&transport=polling").await.status, 200);
    }
    let refused = stranger.get("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!(refused.problem(429)["title"], "Too often");
    assert_eq!(stranger.get("/socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAAAA").await.status, 400);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_the_database_is_away_is_let_in_when_it_is_back() {
    let Some(folder) = sockets::client() else { return };
    let cluster = Cluster::start();
    let place = Place::on(cluster.database());
    let server = place.serve().await;
    let admin = server.sign_in(ADMIN).await;
    let mut sockets = Sockets::start(&folder);
    cluster.halt();
    sockets.open_with("early", server.url(), admin.token(), json!({"transports": ["websocket"]})).await;
    // The handshake is done when a second client's is, which began later.
    let handshake = server.stranger().get("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!(handshake.status, 200);
    cluster.resume();
    sockets.until("early", |heard| heard.event == "ready").await;
    let told: Vec<_> = sockets.heard("early").into_iter().map(|heard| heard.event).collect();
    assert!(!told.contains(&"$connect_error".to_owned()), "a client that is refused does not come back: {told:?}");
    server.stop().await;
}
