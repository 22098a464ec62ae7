//! What people are told on the desk, as their sockets hear it.

use super::{Cast, Heard, names};
use crate::server::Place;
use crate::server::client::{Client, items, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The last count of what is unread that a socket was told.
fn last_count(cast: &Cast, name: &str) -> Option<u64> {
    cast.sockets.heard(name).iter().rev().find_map(|heard| heard.data["unread_count"].as_u64())
}

async fn count(person: &Client) -> u64 {
    person.get("/api/notifications/unread/count").await.expect(200)["count"].as_u64().expect("a number")
}

async fn list(person: &Client, query: &str) -> Vec<Value> {
    items(&person.get(&format!("/api/notifications?{query}")).await.expect(200)["items"]).to_vec()
}

fn told<'a>(ticket: &'a str, kind: &'a str) -> impl Fn(&Heard) -> bool + 'a {
    move |heard| heard.event == "notification" && heard.data["ticket_id"] == ticket && heard.data["kind"] == kind
}

fn counted(count: u64) -> impl Fn(&Heard) -> bool {
    move |heard| heard.event == "unread_count" && heard.data["unread_count"] == count
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_on_all_their_sockets_and_nobody_else_on_sqlite() {
    people_are_told_on_all_their_sockets_and_nobody_else(Place::sqlite(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_on_all_their_sockets_and_nobody_else_at_two_servers_on_postgres() {
    people_are_told_on_all_their_sockets_and_nobody_else(Place::postgres(), 2).await;
}

async fn people_are_told_on_all_their_sockets_and_nobody_else(place: Place, servers: usize) {
    let Some(mut cast) = Cast::gather(place, servers).await else { return };
    // Ann has two windows open, at different servers where there are two; each begins with what is unread.
    let last = cast.servers.last().expect("one").url().to_owned();
    cast.sockets.open("window", &last, &cast.ann).await;
    cast.sockets.until("window", counted(0)).await;

    let ticket = cast.ticket(&cast.cy, json!({"subject": "Where is it?", "description": "I wait."})).await;
    let path = format!("/api/tickets/{ticket}");
    let assign = json!({"team_id": cast.billing, "agent_id": cast.ann.id()});
    cast.manager.post(&format!("{path}/assign"), assign).await.expect(200);
    let shown = cast.sockets.until("ann", told(&ticket, "ticket_assigned")).await.data;
    let again = cast.sockets.until("window", told(&ticket, "ticket_assigned")).await.data;
    assert_eq!(shown, again);
    let listed = list(&cast.ann, "unread=true").await;
    let [one] = &listed[..] else { panic!("one is unread: {listed:?}") };
    let mut wanted = one.clone();
    wanted["unread_count"] = json!(1);
    assert_eq!(shown, wanted, "it is what the list shows, and the count");

    // What is said is told to those who work on it, one by one or as one with a count.
    for word in ["one", "two", "three"] {
        cast.cy.post(&format!("{path}/comments"), json!({"body": word})).await.expect(201);
    }
    let is_last = |heard: &Heard| {
        told(&ticket, "comment_added")(heard)
            && heard.data["message"].as_str().is_some_and(|text| text.contains("three"))
    };
    let shown = cast.sockets.until("window", is_last).await.data;
    assert_eq!(shown["unread_count"], count(&cast.ann).await);

    // Named in a note: who sees the ticket is told, who does not is not.
    let note = json!({"body": "canary @ann@desk.example @tom@desk.example @cy@customer.example", "is_internal": true});
    let said = cast.bob.post(&format!("{path}/comments"), note).await.expect(201);
    assert_eq!(said["warnings"].as_array().map(Vec::len), Some(1), "{said}");
    cast.sockets.until("ann", told(&ticket, "mention")).await;
    cast.barrier("mentioned").await;
    assert_eq!(cast.hearers(told(&ticket, "mention")), names(&["ann", "window"]));
    let canary = |heard: &Heard| heard.data.to_string().contains("canary");
    assert!(cast.hearers(canary).is_disjoint(&names(&["tom", "cy", "dee"])));

    // Who opens the ticket has seen what was told of it, and the other window learns of it.
    cast.sockets.done("window", "subscribe_ticket", json!(ticket)).await;
    for name in ["ann", "window"] {
        cast.sockets.until(name, |heard| counted(0)(heard) && heard.event == "unread_count").await;
    }
    settled(&cast, "ann", &cast.ann, 0).await;

    // Read at another place, by a request.
    cast.cy.post(&format!("{path}/comments"), json!({"body": "four"})).await.expect(201);
    let is_four = |heard: &Heard| heard.event == "notification" && heard.data["message"].to_string().contains("four");
    let shown = cast.sockets.until("ann", is_four).await.data;
    cast.ann.patch(&format!("/api/notifications/{}/read", text(&shown["id"])), json!({})).await.expect(200);
    settled(&cast, "window", &cast.ann, 0).await;

    // What is closed is read, but for being closed.
    cast.cy.post(&format!("{path}/comments"), json!({"body": "five"})).await.expect(201);
    let is_five = |heard: &Heard| heard.event == "notification" && heard.data["message"].to_string().contains("five");
    cast.sockets.until("ann", is_five).await;
    for status in ["resolved", "closed"] {
        cast.manager.patch(&path, json!({"status": status})).await.expect(200);
    }
    cast.barrier("closed").await;
    let unread = count(&cast.ann).await;
    settled(&cast, "ann", &cast.ann, unread).await;
    let kinds: BTreeSet<String> = list(&cast.ann, "unread=true")
        .await
        .iter()
        .filter(|told| told["ticket_id"] == ticket.as_str())
        .map(|told| text(&told["kind"]))
        .collect();
    assert!(kinds.is_subset(&names(&["status_changed"])), "{kinds:?}");

    // Whatever a socket was told is in its person's list, and was nobody's own act.
    for (name, person) in
        [("manager", &cast.manager), ("ann", &cast.ann), ("bob", &cast.bob), ("tom", &cast.tom), ("cy", &cast.cy)]
    {
        let own: BTreeSet<String> = list(person, "limit=100").await.iter().map(|told| text(&told["id"])).collect();
        let heard = cast.sockets.heard(name).into_iter().filter(|heard| heard.event == "notification");
        let heard: BTreeSet<String> = heard.map(|heard| text(&heard.data["id"])).collect();
        assert_eq!(heard, own, "{name}");
    }
    assert!(!cast.hearers(told(&ticket, "mention")).contains("bob"));
    for server in cast.servers {
        server.stop().await;
    }
    drop(cast.place);
}

/// Waits until the sockets know the count that the API tells.
async fn settled(cast: &Cast, name: &str, person: &Client, wanted: u64) {
    assert_eq!(count(person).await, wanted);
    let known = async {
        while last_count(cast, name) != Some(wanted) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(10), known).await;
    let heard: Vec<Value> = cast.sockets.heard(name).into_iter().map(|heard| heard.data).collect();
    assert!(in_time.is_ok(), "{name} knows of {:?}, not {wanted}: {heard:#?}", last_count(cast, name));
}
