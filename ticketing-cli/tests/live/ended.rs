//! Sign-ins that end and rights that change, at a server other than that of the socket: it is over, or hears other things,
//! within a second.

use crate::Cast;
use crate::server::client::{Client, text};
use crate::server::{PASSWORD, Place};
use crate::sockets::Ear;
use serde_json::json;
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody signed in once more at a server, with a socket at it, and what names the sign-in to end it.
async fn device(cast: &mut Cast, email: &str, server: usize) -> (Client, String, Ear) {
    let (url, name) = (cast.servers[server].url().to_owned(), format!("{email} {:?}", Instant::now()));
    let stranger = cast.servers[server].stranger();
    let sign_in = json!({"email": email, "password": PASSWORD});
    let answer = stranger.post("/api/auth/login", sign_in).await.expect(200);
    let person = stranger.with_token(&text(&answer["token"]));
    let mut ear = cast.sockets.ear(&name);
    cast.sockets.open(&name, &url, &person).await;
    assert!(ear.hears(PATIENCE, |heard| heard.event == "ready").await.is_some());
    (person, text(&answer["refresh_token"]), ear)
}

/// Holds a socket to its end, at the latest a second after what has just been answered.
async fn ends(ear: &mut Ear, reason: &str) {
    let answered = Instant::now();
    let ended = ear.hears(PATIENCE, |heard| heard.event == "session_ended").await.expect("it ends");
    assert_eq!(ended.data["reason"], reason, "{}", ear.name);
    ear.hears(PATIENCE, |heard| heard.event == "$disconnect").await.expect("it is cut");
    assert!(answered.elapsed() < SECOND, "{} ended after {:?}", ear.name, answered.elapsed());
}

async fn hears(cast: &Cast, ear: &mut Ear, subject: &str, team: Option<&str>) -> bool {
    let new = json!({"subject": subject, "description": "x", "customer_id": cast.cy.id(), "team_id": team});
    let ticket = cast.ticket(&cast.manager, new).await;
    // All that is in no team's queue is for every agent, and comes after it.
    let last = cast.ticket(&cast.cy, json!({"subject": "Told last", "description": "x"})).await;
    let is_either = |heard: &crate::Heard| {
        let about = &heard.data["ticket"]["id"];
        heard.event == "ticket_created" && (*about == ticket.as_str() || *about == last.as_str())
    };
    let first = ear.hears(PATIENCE, is_either).await.expect("one of them is heard");
    let is_heard = first.data["ticket"]["id"] == ticket.as_str();
    if is_heard {
        ear.hears(PATIENCE, is_either).await.expect("the other one too");
    }
    is_heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_ends_takes_its_own_socket_and_no_other() {
    let Some(mut cast) = Cast::gather(Place::postgres(), 2).await else { return };
    let (_, _, mut stays) = device(&mut cast, "ann@desk.example", 1).await;
    // By the access token.
    let (phone, _, mut there) = device(&mut cast, "ann@desk.example", 1).await;
    phone.at(cast.servers[0].url()).post("/api/auth/logout", json!({})).await.expect(204);
    ends(&mut there, "unauthenticated").await;
    // By the refresh token, which needs no other.
    let (_, renewal, mut there) = device(&mut cast, "ann@desk.example", 1).await;
    cast.servers[0].stranger().post("/api/auth/logout", json!({"refresh_token": renewal})).await.expect(204);
    ends(&mut there, "unauthenticated").await;
    // By its id, from elsewhere.
    let (_, _, mut there) = device(&mut cast, "ann@desk.example", 1).await;
    let known = cast.ann.at(cast.servers[0].url()).get("/api/auth/sessions").await.expect(200);
    let path = format!("/api/auth/sessions/{}", text(&known["items"][0]["id"]));
    cast.ann.at(cast.servers[0].url()).delete(&path).await.expect(204);
    ends(&mut there, "unauthenticated").await;
    // The token of a sign-in that is over opens nothing.
    let url = cast.servers[1].url().to_owned();
    cast.sockets.open_with("again", &url, phone.token(), json!({"reconnection": false})).await;
    cast.sockets.until("again", |heard| heard.event == "$connect_error").await;

    assert!(hears(&cast, &mut stays, "For Billing", Some(&cast.billing)).await, "who did not sign out hears on");
    cast.ann.at(cast.servers[0].url()).post("/api/auth/logout-all", json!({})).await.expect(204);
    ends(&mut stays, "unauthenticated").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expires_takes_its_socket_with_it() {
    let place = Place::sqlite().with("JWT_EXPIRES_IN", "3s");
    let Some(folder) = crate::sockets::client() else { return };
    place.person("ann@desk.example", "Ann", "agent").await;
    let server = place.serve().await;
    let mut sockets = crate::Sockets::start(&folder);
    let begun = Instant::now();
    let ann = server.sign_in("ann@desk.example").await;
    let signed_in = Instant::now();
    let mut ear = sockets.ear("ann");
    sockets.open("ann", server.url(), &ann).await;
    let ended = ear.hears(PATIENCE, |heard| heard.event == "session_ended").await.expect("it ends");
    assert_eq!(ended.data["reason"], "expired");
    // The end of a token is a whole second.
    assert!(begun.elapsed() > Duration::from_secs(2), "it ended after {:?}", begun.elapsed());
    assert!(signed_in.elapsed() < Duration::from_secs(3) + SECOND, "it ended after {:?}", signed_in.elapsed());
    let again = server.sign_in("ann@desk.example").await;
    sockets.open("ann again", server.url(), &again).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_that_change_change_what_is_heard() {
    let Some(mut cast) = Cast::gather(Place::postgres(), 2).await else { return };
    let members = format!("/api/teams/{}/members", cast.technical);
    // Bob joins a team, and leaves it.
    let (_, _, mut bob) = device(&mut cast, "bob@desk.example", 1).await;
    assert!(!hears(&cast, &mut bob, "Before", Some(&cast.technical)).await);
    let new = json!({"user_id": cast.bob.id(), "role": "member"});
    cast.admin.post(&members, new).await.expect(201);
    within_a_second(&cast, &mut bob, true).await;
    cast.admin.delete(&format!("{members}/{}", cast.bob.id())).await.expect(204);
    within_a_second(&cast, &mut bob, false).await;

    // Another role ends every sign-in; with the next one it is heard what the new role may know.
    for (role, is_heard) in [("manager", true), ("agent", false)] {
        cast.admin.patch(&format!("/api/users/{}", cast.bob.id()), json!({"role": role})).await.expect(200);
        ends(&mut bob, "unauthenticated").await;
        (_, _, bob) = device(&mut cast, "bob@desk.example", 1).await;
        assert_eq!(hears(&cast, &mut bob, role, Some(&cast.technical)).await, is_heard, "as {role}");
    }
    cast.admin.patch(&format!("/api/users/{}", cast.bob.id()), json!({"role": "customer"})).await.expect(200);
    ends(&mut bob, "unauthenticated").await;
    let (_, _, mut bob) = device(&mut cast, "bob@desk.example", 1).await;
    cast.ticket(&cast.cy, json!({"subject": "Of Cy", "description": "x"})).await;
    let own = json!({"subject": "Of Bob", "description": "x", "customer_id": cast.bob.id()});
    cast.ticket(&cast.manager, own).await;
    let first = bob.hears(PATIENCE, |heard| heard.event == "ticket_created").await.expect("his own is heard");
    assert_eq!(first.data["ticket"]["subject"], "Of Bob");
}

/// Holds a socket to what it hears of a team's queue, from a second after what has just been answered at the latest.
async fn within_a_second(cast: &Cast, ear: &mut Ear, is_heard: bool) {
    let answered = Instant::now();
    loop {
        let asked = answered.elapsed();
        if hears(cast, ear, "Probe", Some(&cast.technical)).await == is_heard {
            return;
        }
        assert!(asked < SECOND, "{} after {asked:?} still as before", ear.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_revoked_takes_its_socket_with_it() {
    let Some(mut cast) = Cast::gather(Place::postgres(), 2).await else { return };
    let new = json!({"name": "Board", "scopes": ["tickets:read"]});
    let made = cast.ann.post("/api/api-keys", new).await.expect(201);
    let url = cast.servers[1].url().to_owned();
    let mut ear = cast.sockets.ear("board");
    cast.sockets.open("board", &url, &cast.ann.with_token(&text(&made["key"]))).await;
    cast.ann.delete(&format!("/api/api-keys/{}", text(&made["id"]))).await.expect(204);
    ends(&mut ear, "unauthenticated").await;
}
