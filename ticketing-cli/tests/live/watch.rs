//! Who looks at the tickets of a list, as those hear of it who show the list.

use super::{Cast, Heard, names};
use crate::server::Place;
use crate::server::client::text;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// That a ticket is looked at by these, and by nobody else.
fn viewers(ticket: &str, wanted: BTreeSet<String>) -> impl Fn(&Heard) -> bool + Clone {
    let ticket = ticket.to_owned();
    move |heard: &Heard| {
        let users = heard.data["users"].as_array().into_iter().flatten();
        heard.event == "viewers"
            && heard.data["ticket_id"] == ticket.as_str()
            && users.map(|user| text(&user["id"])).collect::<BTreeSet<_>>() == wanted
    }
}

async fn watching(place: Place, servers: usize) {
    let Some(mut cast) = Cast::gather(place, servers).await else { return };
    let in_billing = |subject: &str, cast: &Cast| json!({"subject": subject, "description": "x", "customer_id": cast.cy.id(), "team_id": cast.billing});
    let mut tickets = Vec::new();
    for subject in ["One", "Two", "Three"] {
        let new = in_billing(subject, &cast);
        tickets.push(cast.ticket(&cast.manager, new).await);
    }
    let [one, two, three] = <[String; 3]>::try_from(tickets).expect("three");
    let ann = cast.ann.id();
    // Of what somebody looks at already it is told at once, of what comes later when it comes.
    cast.sockets.done("ann", "subscribe_ticket", json!(one)).await;
    cast.sockets.until("ann", viewers(&one, names(&[&ann]))).await;
    cast.sockets.done("bob", "watch_viewers", json!([one, two])).await;
    cast.sockets.until("bob", viewers(&one, names(&[&ann]))).await;
    cast.sockets.done("ann", "subscribe_ticket", json!(two)).await;
    cast.sockets.until("bob", viewers(&two, names(&[&ann]))).await;
    // Who watches is no viewer, and who has no right to a ticket hears nothing of it, whatever they ask.
    cast.sockets.done("tom", "watch_viewers", json!([one, two, three])).await;
    let refused = cast.sockets.emit("cy", "watch_viewers", json!([one])).await;
    assert_eq!((&refused["ok"], &refused["error"]["status"]), (&json!(false), &json!(403)), "{refused}");
    // The next list takes the place of the one before.
    cast.sockets.done("bob", "watch_viewers", json!([three])).await;
    cast.sockets.done("ann", "unsubscribe_ticket", json!(one)).await;
    cast.sockets.done("ann", "subscribe_ticket", json!(three)).await;
    cast.sockets.until("bob", viewers(&three, names(&[&ann]))).await;
    assert!(!cast.sockets.heard("bob").iter().any(viewers(&one, BTreeSet::new())), "it is not in the list any more");
    // What moves out of sight is heard of no more; a customer hears of none.
    let moved = json!({"team_id": cast.technical});
    cast.manager.post(&format!("/api/tickets/{three}/assign"), moved).await.expect(200);
    let is_moved = |heard: &Heard| heard.event == "ticket_assigned" && heard.data["ticket"]["id"] == three.as_str();
    cast.sockets.until("manager", is_moved).await;
    // Bob is at another server, which must have heard of it too.
    cast.barrier("out of sight").await;
    cast.sockets.done("manager", "subscribe_ticket", json!(three)).await;
    cast.sockets.until("manager", |heard| heard.event == "viewers").await;
    cast.barrier("moved").await;
    let manager = cast.manager.id();
    let shown = |heard: &Heard| {
        let users: Vec<&Value> = heard.data["users"].as_array().into_iter().flatten().collect();
        heard.event == "viewers" && users.iter().any(|user| user["id"] == manager.as_str())
    };
    assert!(!cast.hearers(shown).contains("bob"), "Billing does not see it any more");
    let heard = cast.hearers(|heard| heard.event == "viewers");
    assert!(!heard.contains("cy") && !heard.contains("tom"), "{heard:?}");
    let bob = cast.bob.id();
    let is_named = |heard: &Heard| heard.event == "viewers" && heard.data["users"].to_string().contains(&bob);
    assert!(cast.hearers(is_named).is_empty(), "who watches is nobody who looks on");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_a_list_hears_who_looks_at_its_tickets() {
    watching(Place::sqlite(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_a_list_hears_so_at_another_server_too() {
    watching(Place::postgres(), 2).await;
}
