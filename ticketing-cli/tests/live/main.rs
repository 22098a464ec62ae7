//! What people see as it happens, by npm's socket.io-client at the real program.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod breach;
mod dropped;
mod ended;
mod fold;
mod link;
#[path = "../../../ticketing-store/tests/redis/server.rs"]
mod redis;
mod restart;
mod room;
#[path = "../server/mod.rs"]
mod server;
mod sockets;
mod told;
mod watch;
mod writers;

use link::Link;
use redis::Redis;
use serde_json::{Value, json};
use server::client::{Client, items, text};
use server::{ADMIN, PASSWORD, Place, Server};
use sockets::{Heard, Sockets};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Everybody of the story, signed in, with a socket each.
struct Cast {
    place: Place,
    servers: Vec<Server>,
    admin: Client,
    manager: Client,
    /// Of the team Billing.
    ann: Client,
    bob: Client,
    /// Of the team Technical.
    tom: Client,
    cy: Client,
    dee: Client,
    billing: String,
    technical: String,
    sockets: Sockets,
    /// What hands their connections to the servers in turn, where something does.
    balancer: Option<Link>,
}

/// The names of those who hear something in the end, so that all that came before has arrived.
const ALL: [&str; 6] = ["manager", "ann", "bob", "tom", "cy", "dee"];

impl Cast {
    /// People at one server or spread over two of the same desk.
    async fn gather(place: Place, servers: usize) -> Option<Self> {
        Self::gather_at(place, servers, false).await
    }

    /// The same; where it is balanced, each of their connections comes to the next server, and nothing keeps them at one.
    async fn gather_at(place: Place, servers: usize, is_balanced: bool) -> Option<Self> {
        let folder = sockets::client()?;
        for (email, name, role) in [
            ("max@desk.example", "Max", "manager"),
            ("ann@desk.example", "Ann", "agent"),
            ("bob@desk.example", "Bob", "agent"),
            ("tom@desk.example", "Tom", "agent"),
            ("cy@customer.example", "Cy", "customer"),
            ("dee@customer.example", "Dee", "customer"),
        ] {
            place.person(email, name, role).await;
        }
        let mut running = Vec::new();
        for _ in 0..servers {
            running.push(place.serve().await);
        }
        let urls: Vec<&str> = running.iter().map(Server::url).collect();
        let balancer = if is_balanced { Some(Link::to(&urls).await) } else { None };
        let url = |number: usize| balancer.as_ref().map_or(urls[number % servers], Link::url);
        // What is set up at one server the others know within a second; whoever sets it up stays at one.
        let admin = Client::signed_in(urls[0], ADMIN, PASSWORD).await;
        let mut people = Vec::new();
        for email in ["max@desk", "ann@desk", "bob@desk", "tom@desk", "cy@customer", "dee@customer"] {
            people.push(Client::signed_in(url(0), &format!("{email}.example"), PASSWORD).await);
        }
        let mut people = people.into_iter();
        let mut next = || people.next().expect("somebody");
        let (manager, ann, bob, tom, cy, dee) = (next(), next(), next(), next(), next(), next());
        let mut teams = Vec::new();
        for (name, members) in [("Billing", vec![&ann, &bob]), ("Technical", vec![&tom])] {
            let team = text(&admin.post("/api/teams", json!({"name": name})).await.expect(201)["id"]);
            for member in members {
                let new = json!({"user_id": member.id(), "role": "member"});
                admin.post(&format!("/api/teams/{team}/members"), new).await.expect(201);
            }
            teams.push(team);
        }
        for url in &urls {
            settled(&admin.at(url), &teams).await;
        }
        let (technical, billing) = (teams.pop().expect("two"), teams.pop().expect("one"));
        let mut sockets = Sockets::start(&folder);
        let everybody =
            [("manager", &manager), ("ann", &ann), ("bob", &bob), ("tom", &tom), ("cy", &cy), ("dee", &dee)];
        for (number, (name, person)) in everybody.into_iter().enumerate() {
            sockets.open(name, url(number), person).await;
        }
        let servers = running;
        Some(Self { place, servers, admin, manager, ann, bob, tom, cy, dee, billing, technical, sockets, balancer })
    }

    async fn ticket(&self, person: &Client, new: Value) -> String {
        text(&person.post("/api/tickets", new).await.expect(201)["id"])
    }

    /// Something that everybody hears, after which all that came before has been heard too.
    async fn barrier(&mut self, word: &str) {
        for person in [&self.cy, &self.dee] {
            let new = json!({"subject": format!("barrier {word}"), "description": "All hear of it."});
            person.post("/api/tickets", new).await.expect(201);
        }
        for name in ALL {
            self.sockets.until(name, |heard| is_barrier(heard, word)).await;
        }
    }

    /// Who has heard something like this.
    fn hearers(&self, is_it: impl Fn(&Heard) -> bool) -> BTreeSet<String> {
        self.sockets.all().into_iter().filter(|heard| is_it(heard)).map(|heard| heard.name).collect()
    }

    /// How often each socket heard it; nobody hears an event twice.
    fn hold_to_once(&self) {
        let mut seen = BTreeSet::new();
        for heard in self.sockets.all() {
            if let Some(id) = heard.data["event_id"].as_str() {
                assert!(seen.insert((heard.name.clone(), id.to_owned())), "{} heard twice: {heard:?}", heard.name);
            }
        }
    }
}

/// Waits until a server knows the teams and who is in them.
async fn settled(admin: &Client, teams: &[String]) {
    for (team, members) in teams.iter().zip([2, 1]) {
        let path = format!("/api/teams/{team}/members");
        let begun = Instant::now();
        loop {
            let answer = admin.get(&path).await;
            if answer.status == 200 && items(&answer.json()["items"]).len() == members {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{path}: {}", answer.text);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn is_barrier(heard: &Heard, word: &str) -> bool {
    heard.event == "ticket_created" && heard.data["ticket"]["subject"] == format!("barrier {word}")
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_what_they_may_and_nothing_else_on_sqlite() {
    everybody_hears_what_they_may_and_nothing_else(Place::sqlite(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_what_they_may_and_nothing_else_at_two_servers_on_postgres() {
    everybody_hears_what_they_may_and_nothing_else(Place::postgres(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_what_they_may_and_nothing_else_at_two_servers_by_redis_behind_a_balancer() {
    let redis = Redis::start().await;
    let place = Place::postgres().with("REDIS_URL", &redis.address());
    let Some(cast) = Cast::gather_at(place, 2, true).await else { return };
    restart::linked(&cast, true).await;
    everybody_hears_what_they_may(cast).await;
}

async fn everybody_hears_what_they_may_and_nothing_else(place: Place, servers: usize) {
    if let Some(cast) = Cast::gather(place, servers).await {
        everybody_hears_what_they_may(cast).await;
    }
}

async fn everybody_hears_what_they_may(mut cast: Cast) {
    // A question of Cy's, in nobody's queue: every agent may take it.
    let ticket = cast.ticket(&cast.cy, json!({"subject": "Where is it?", "description": "I wait."})).await;
    cast.barrier("created").await;
    let about = |heard: &Heard, event: &str| heard.event == event && heard.data["ticket"]["id"] == ticket.as_str();
    assert_eq!(cast.hearers(|h| about(h, "ticket_created")), names(&["manager", "ann", "bob", "tom", "cy"]));
    let shown = cast.sockets.until("cy", |h| about(h, "ticket_created")).await.data;
    assert!(shown["ticket"].get("sla").is_none() && shown["ticket"].get("escalation_level").is_none(), "{shown}");
    assert_eq!((&shown["type"], &shown["actor"]["name"]), (&json!("ticket.created"), &json!("Cy")));

    // It goes to Billing: Tom of the other team does not see it any more, and does not hear of it.
    cast.sockets.done("tom", "subscribe_ticket", json!(ticket)).await;
    let assign = json!({"team_id": cast.billing});
    cast.manager.post(&format!("/api/tickets/{ticket}/assign"), assign).await.expect(200);
    cast.barrier("assigned").await;
    assert_eq!(cast.hearers(|h| about(h, "ticket_assigned")), names(&["manager", "ann", "bob", "cy"]));
    let changes = cast.sockets.until("ann", |h| about(h, "ticket_assigned")).await.data["changes"].clone();
    assert_eq!(changes["team_id"], json!([null, cast.billing]));
    let refused = cast.sockets.emit("tom", "subscribe_ticket", json!(ticket)).await;
    assert_eq!((&refused["ok"], &refused["error"]["status"]), (&json!(false), &json!(404)));

    // A note among staff, and an answer to the customer.
    let note = json!({"body": "canary: he is a pest", "is_internal": true});
    cast.ann.post(&format!("/api/tickets/{ticket}/comments"), note).await.expect(201);
    cast.ann.post(&format!("/api/tickets/{ticket}/comments"), json!({"body": "It is on its way."})).await.expect(201);
    cast.barrier("commented").await;
    let said = |heard: &Heard, body: &str| about(heard, "new_comment") && heard.data["comment"]["body"] == body;
    assert_eq!(cast.hearers(|h| said(h, "canary: he is a pest")), names(&["manager", "ann", "bob"]));
    assert_eq!(cast.hearers(|h| said(h, "It is on its way.")), names(&["manager", "ann", "bob", "cy"]));

    // Status, escalation, and a field.
    cast.ann
        .patch(&format!("/api/tickets/{ticket}"), json!({"status": "pending", "priority": "high"}))
        .await
        .expect(200);
    let reason = json!({"reason": "canary: he calls every hour"});
    cast.ann.post(&format!("/api/tickets/{ticket}/escalate"), reason).await.expect(200);
    cast.barrier("changed").await;
    assert_eq!(cast.hearers(|h| about(h, "ticket_status_changed")), names(&["manager", "ann", "bob", "cy"]));
    assert!(cast.hearers(|h| about(h, "ticket_updated")).is_superset(&names(&["manager", "ann", "bob", "cy"])));
    assert_eq!(cast.hearers(|h| about(h, "ticket_escalated")), names(&["manager", "ann", "bob"]));

    // Who writes, who looks on, who is there.
    for name in ["ann", "bob", "cy", "manager"] {
        cast.sockets.done(name, "subscribe_ticket", json!(ticket)).await;
    }
    assert_eq!(cast.sockets.emit("dee", "subscribe_ticket", json!(ticket)).await["ok"], false);
    assert_eq!(cast.sockets.emit("dee", "typing", json!({"ticket_id": ticket, "is_typing": true})).await["ok"], false);
    let viewers =
        |heard: &Heard| heard.event == "viewers" && heard.data["users"].as_array().is_some_and(|u| u.len() == 3);
    for name in ["ann", "bob", "manager"] {
        cast.sockets.until(name, viewers).await;
    }
    cast.sockets.done("ann", "typing", json!({"ticket_id": ticket, "is_typing": true})).await;
    cast.sockets.done("bob", "typing", json!({"ticket_id": ticket, "is_typing": true, "is_internal": true})).await;
    assert_eq!(
        cast.sockets.emit("cy", "typing", json!({"ticket_id": ticket, "is_typing": true, "is_internal": true})).await["ok"],
        false
    );
    cast.sockets.done("cy", "typing", json!({"ticket_id": ticket, "is_typing": true})).await;
    let writes = |heard: &Heard, who: &str| {
        heard.event == "user_typing" && heard.data["name"] == who && heard.data["is_typing"] == true
    };
    for name in ["ann", "bob", "manager"] {
        cast.sockets.until(name, |h| writes(h, "Cy")).await;
    }
    // It ends by itself.
    let stopped =
        |heard: &Heard| heard.event == "user_typing" && heard.data["name"] == "Ann" && heard.data["is_typing"] == false;
    cast.sockets.until("cy", stopped).await;
    cast.sockets.done("ann", "set_availability", json!({"availability": "away"})).await;
    assert_eq!(cast.sockets.emit("cy", "set_availability", json!({"availability": "away"})).await["ok"], false);
    let is_away = |heard: &Heard| {
        heard.event == "presence" && heard.data["user_id"] == cast.ann.id() && heard.data["availability"] == "away"
    };
    for name in ["manager", "ann", "bob", "tom"] {
        cast.sockets.until(name, is_away).await;
    }
    assert_eq!(cast.ann.get("/api/auth/me").await.expect(200)["availability"], "away");
    cast.barrier("present").await;
    assert_eq!(cast.hearers(|h| writes(h, "Ann")), names(&["manager", "bob", "cy"]));
    assert_eq!(cast.hearers(|h| writes(h, "Bob")), names(&["manager", "ann"]));
    assert_eq!(cast.hearers(|h| writes(h, "Cy")), names(&["manager", "ann", "bob"]));
    assert!(!cast.hearers(|h| h.event == "viewers" && h.data["ticket_id"] == ticket.as_str()).contains("cy"));
    assert!(cast.hearers(|h| h.event == "presence").is_disjoint(&names(&["cy", "dee"])));

    // It goes to the other team, and to nobody else's ears.
    let assign = json!({"team_id": cast.technical});
    cast.manager.post(&format!("/api/tickets/{ticket}/assign"), assign).await.expect(200);
    cast.manager.patch(&format!("/api/tickets/{ticket}"), json!({"subject": "After the move"})).await.expect(200);
    cast.barrier("moved").await;
    let after = |heard: &Heard| about(heard, "ticket_updated") && heard.data["ticket"]["subject"] == "After the move";
    assert_eq!(cast.hearers(after), names(&["manager", "tom", "cy"]));
    cast.sockets.done("cy", "typing", json!({"ticket_id": ticket, "is_typing": true})).await;
    let canary = cast.sockets.all().into_iter().filter(|h| h.data.to_string().contains("canary"));
    let canary: BTreeSet<String> = canary.map(|heard| heard.name).collect();
    assert!(canary.is_disjoint(&names(&["cy", "dee", "tom"])), "{canary:?}");
    cast.hold_to_once();
    let missing = cast.admin.get(&format!("/api/tickets/{ticket}")).await.expect(200);
    assert_eq!(missing["team_id"], cast.technical.as_str());
    for server in cast.servers {
        server.stop().await;
    }
    drop((cast.place, cast.balancer));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_token_is_a_connect_error_and_a_lost_right_ends_the_socket() {
    let Some(mut cast) = Cast::gather(Place::sqlite(), 1).await else { return };
    let url = cast.servers[0].url().to_owned();
    for (name, token) in [("none", None), ("nonsense", Some("nonsense")), ("forged", Some("tk_live_0000_0000"))] {
        cast.sockets.open_with(name, &url, token, json!({"reconnection": false})).await;
        let refused = cast.sockets.until(name, |heard| heard.event.starts_with('$')).await;
        assert_eq!(refused.event, "$connect_error", "{refused:?}");
        assert!(refused.data.as_str().expect("a text").contains("token"), "{refused:?}");
    }
    let foreign = json!({"reconnection": false, "extraHeaders": {"Origin": "https://evil.example"}});
    cast.sockets.open_with("foreign", &url, cast.ann.token(), foreign).await;
    cast.sockets.until("foreign", |heard| heard.event == "$connect_error").await;

    // By polling alone, and by the number of a ticket.
    cast.sockets.open_with("poll", &url, cast.cy.token(), json!({"transports": ["polling"]})).await;
    cast.sockets.until("poll", |heard| heard.event == "ready").await;
    let made = cast.cy.post("/api/tickets", json!({"subject": "A", "description": "B"})).await.expect(201);
    cast.sockets.done("poll", "subscribe_ticket", made["ticket_number"].clone()).await;
    cast.sockets.until("poll", |heard| heard.event == "ticket_created").await;

    // Signing out, a switched-off account.
    cast.bob.post("/api/auth/logout-all", json!({})).await;
    cast.sockets.until("bob", |heard| heard.event == "$disconnect").await;
    cast.admin.patch(&format!("/api/users/{}", cast.tom.id()), json!({"is_active": false})).await.expect(200);
    cast.sockets.until("tom", |heard| heard.event == "$disconnect").await;
    let ended = cast.sockets.until("tom", |heard| heard.event == "session_ended").await;
    assert_eq!(ended.data["reason"], "unauthenticated");
    cast.sockets.open_with("again", &url, cast.tom.token(), json!({"reconnection": false})).await;
    cast.sockets.until("again", |heard| heard.event == "$connect_error").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missed_is_read_from_the_log_without_gap_or_double() {
    let Some(mut cast) = Cast::gather(Place::sqlite(), 1).await else { return };
    let ticket = cast.ticket(&cast.cy, json!({"subject": "Where is it?", "description": "I wait."})).await;
    let first = cast.sockets.until("ann", |heard| heard.data["ticket"]["id"] == ticket.as_str()).await;
    let mut known: BTreeSet<String> = events_of(&cast, "ann");
    let cursor = text(&first.data["cursor"]);
    cast.sockets.cut("ann").await;
    for number in 0..20 {
        let body = json!({"body": format!("while nobody listened {number}")});
        cast.cy.post(&format!("/api/tickets/{ticket}/comments"), body).await.expect(201);
    }
    cast.sockets.until("ann", |heard| heard.event == "$disconnect").await;
    cast.barrier("back").await;
    let place = cast.sockets.heard("ann").into_iter().filter(|heard| heard.event == "ready").count();
    assert!(place >= 2, "it came back by itself");
    let mut after = cursor;
    loop {
        let page = cast.ann.get(&format!("/api/events?after={after}&limit=100")).await.expect(200);
        let items = items(&page["items"]);
        if items.is_empty() {
            break;
        }
        known.extend(items.iter().map(|event| text(&event["event_id"])));
        after = text(&page["next_cursor"]);
    }
    known.extend(events_of(&cast, "ann"));
    let mut log = BTreeSet::new();
    let mut after = String::new();
    loop {
        let page = cast.ann.get(&format!("/api/events?limit=100{after}")).await.expect(200);
        let items = items(&page["items"]);
        if items.is_empty() {
            break;
        }
        log.extend(items.iter().map(|event| text(&event["event_id"])));
        after = format!("&after={}", text(&page["next_cursor"]));
    }
    assert_eq!(known, log);
}

fn events_of(cast: &Cast, name: &str) -> BTreeSet<String> {
    cast.sockets.heard(name).iter().filter_map(|heard| Some(heard.data["event_id"].as_str()?.to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_says_is_refused_and_floods_are_damped() {
    let Some(mut cast) = Cast::gather(Place::sqlite(), 1).await else { return };
    for (event, data) in [
        ("subscribe_ticket", json!(null)),
        ("subscribe_ticket", json!({"$gt": ""})),
        ("subscribe_ticket", json!("../../etc")),
        ("subscribe_ticket", json!("TKT-2222222222")),
        ("typing", json!("yes")),
        ("typing", json!({"ticket_id": 5})),
        ("watch_viewers", json!("all")),
        ("watch_viewers", json!(["TKT-2222222222"])),
        ("watch_viewers", json!(vec!["01890000-0000-7000-8000-000000000000"; 101])),
        ("set_availability", json!({"availability": "asleep"})),
        ("join", json!("staff")),
    ] {
        let answer = cast.sockets.emit("ann", event, data.clone()).await;
        assert_eq!(answer["ok"], false, "{event} {data}: {answer}");
        assert!(answer["error"]["detail"].is_string(), "{answer}");
    }
    let mut refused = 0;
    for _ in 0..80 {
        let answer = cast.sockets.emit("cy", "subscribe_ticket", json!("TKT-2222222222")).await;
        refused += u32::from(answer["error"]["status"] == 429);
    }
    assert!(refused > 0, "a flood is damped");
    let long = "x".repeat(64 * 1024);
    let answer =
        tokio::time::timeout(Duration::from_secs(3), cast.sockets.emit("dee", "subscribe_ticket", json!(long)));
    assert!(answer.await.map_or(true, |answer| answer["ok"] != true), "a packet of 64 KiB is none");
    let metrics = cast.admin.get("/metrics").await.text;
    for name in ["ticketing_live_sockets ", "ticketing_live_emitted_total ", "ticketing_live_lag_seconds_count "] {
        assert!(metrics.contains(name), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_does_by_sockets_what_it_may_by_requests() {
    let Some(mut cast) = Cast::gather(Place::sqlite(), 1).await else { return };
    let new = json!({"name": "Board", "scopes": ["tickets:read"]});
    let key = text(&cast.ann.post("/api/api-keys", new).await.expect(201)["key"]);
    let url = cast.servers[0].url().to_owned();
    cast.sockets.open_with("board", &url, Some(&key), json!({})).await;
    cast.sockets.until("board", |heard| heard.event == "ready").await;
    let ticket = cast.ticket(&cast.cy, json!({"subject": "A", "description": "B"})).await;
    cast.sockets.done("board", "subscribe_ticket", json!(ticket)).await;
    for (event, data) in [
        ("set_availability", json!({"availability": "offline"})),
        ("typing", json!({"ticket_id": ticket, "is_typing": true})),
    ] {
        let answer = cast.sockets.emit("board", event, data).await;
        assert_eq!((&answer["ok"], &answer["error"]["status"]), (&json!(false), &json!(403)), "{event}: {answer}");
    }
    assert_eq!(cast.ann.get("/api/auth/me").await.expect(200)["availability"], "online");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_tab_is_told_who_looks_on_and_takes_nobody_away() {
    let Some(mut cast) = Cast::gather(Place::sqlite(), 1).await else { return };
    let url = cast.servers[0].url().to_owned();
    let ticket = cast.ticket(&cast.cy, json!({"subject": "A", "description": "B"})).await;
    let (ann, bob) = (cast.ann.id(), cast.bob.id());
    let look = |wanted: BTreeSet<String>| {
        move |heard: &Heard| {
            let users = heard.data["users"].as_array().into_iter().flatten();
            heard.event == "viewers" && users.map(|user| text(&user["id"])).collect::<BTreeSet<_>>() == wanted
        }
    };
    for name in ["ann", "bob"] {
        cast.sockets.done(name, "subscribe_ticket", json!(ticket)).await;
    }
    cast.sockets.until("bob", look(names(&[&ann, &bob]))).await;
    cast.sockets.open("tab", &url, &cast.ann).await;
    cast.sockets.done("tab", "subscribe_ticket", json!(ticket)).await;
    cast.sockets.until("tab", look(names(&[&ann, &bob]))).await;
    cast.sockets.done("tab", "unsubscribe_ticket", json!(ticket)).await;
    cast.sockets.done("bob", "unsubscribe_ticket", json!(ticket)).await;
    // She was never taken for gone, since she looks on at her other tab.
    cast.sockets.until("ann", look(names(&[&ann]))).await;
    assert!(!cast.sockets.heard("bob").iter().any(look(names(&[&bob]))));
    assert!(!cast.sockets.heard("ann").iter().any(look(BTreeSet::new())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_shares_no_longer_is_heard_no_longer_at_two_servers() {
    let Some(mut cast) = Cast::gather(Place::postgres(), 2).await else { return };
    let new = json!({"name": "Acme", "shares_tickets": true});
    let company = text(&cast.admin.post("/api/organizations", new).await.expect(201)["id"]);
    for person in [&cast.cy, &cast.dee] {
        cast.admin.patch(&format!("/api/users/{}", person.id()), json!({"organization_id": company})).await.expect(200);
    }
    let (cy, dee) = (cast.servers[0].sign_in("cy@customer.example").await, cast.servers[1].url().to_owned());
    let dees = cast.servers[1].sign_in("dee@customer.example").await;
    cast.sockets.open("shared", &dee, &dees).await;
    let about = |subject: &'static str| move |heard: &Heard| heard.data["ticket"]["subject"] == subject;
    cast.ticket(&cy, json!({"subject": "shared", "description": "B"})).await;
    cast.sockets.until("shared", about("shared")).await;

    cast.admin.patch(&format!("/api/organizations/{company}"), json!({"shares_tickets": false})).await.expect(200);
    // The change of the company is told by the bus, which the other server needs a moment for; it is there when
    // the server shows Dee no ticket of Cy's any more and has told her socket of one of her own.
    let mut word = 0;
    loop {
        word += 1;
        let subject = format!("probe {word}");
        cast.ticket(&cy, json!({"subject": subject, "description": "B"})).await;
        let own = cast.ticket(&dees, json!({"subject": "own", "description": "B"})).await;
        cast.sockets.until("shared", |heard| heard.data["ticket"]["id"] == own.as_str()).await;
        if !cast.sockets.heard("shared").iter().any(|heard| heard.data["ticket"]["subject"] == subject.as_str()) {
            break;
        }
        assert!(word < 50, "she still hears of the others' tickets");
    }
    cast.ticket(&cy, json!({"subject": "canary", "description": "B"})).await;
    let own = cast.ticket(&dees, json!({"subject": "own", "description": "B"})).await;
    cast.sockets.until("shared", |heard| heard.data["ticket"]["id"] == own.as_str()).await;
    assert!(!cast.sockets.heard("shared").iter().any(about("canary")));
}
