//! Who may do what, asked of the running program on both databases: every operation of the description that
//! it serves, by everybody from a stranger to an administrator's key, on what belongs to one customer.
//!
//! Canaries stand in all of it. No answer that customer A or an agent of another team gets holds one of
//! B's, none that a customer gets holds one of what is for staff, and what is refused changes nothing. A new route fails here until `table.rs` has a row for it.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod cast;
mod scene;
#[path = "../server/mod.rs"]
mod server;
mod table;
mod walk;

use cast::Cast;
use server::Place;
use walk::Walk;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_what_is_theirs_on_sqlite() {
    matrix(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_what_is_theirs_on_postgres() {
    matrix(Place::postgres()).await;
}

async fn matrix(place: Place) {
    // A webhook that nobody answers is on this machine.
    let place = place.with("WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8").with("INBOUND_EMAIL_SECRET", server::mail::SECRET);
    let server = place.serve().await;
    let cast = Cast::assemble(&server).await;
    let walk = Walk::begin(&cast).await;
    walk.compare_with_the_table();
    walk.refusals().await;
    walk.reads().await;
    walk.filters().await;
    walk.bodies().await;
    walk.writes().await;
    assert!(walk.asked() > 600, "only {} requests were sent", walk.asked());
    server.stop().await;
}
