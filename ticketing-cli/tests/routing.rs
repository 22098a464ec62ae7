//! Tickets of a team that come all at once, at one server and at two, and at one that is killed in between.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use server::client::{Client, items, text};
use server::{ADMIN, PASSWORD, Place, Server};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How many tickets come at once.
const MANY: usize = 256;
const MEMBERS: usize = 4;

/// A team at one or more servers of a desk.
struct House {
    place: Place,
    servers: Vec<Server>,
    /// The administrator at each server.
    admins: Vec<Client>,
    team: String,
    members: Vec<String>,
}

impl House {
    async fn new(place: Place, servers: usize, routing: &str, members: usize) -> Self {
        let mut running = Vec::new();
        for _ in 0..servers {
            running.push(place.serve().await);
        }
        let admin = Client::signed_in(running[0].url(), ADMIN, PASSWORD).await;
        let admins: Vec<Client> = running.iter().map(|server| admin.at(server.url())).collect();
        let team = json!({"name": "Support", "routing": routing});
        let team = text(&admin.post("/api/teams", team).await.expect(201)["id"]);
        let mut ids = Vec::new();
        for n in 0..members {
            let email = format!("m{n}@desk.example");
            let new = json!({"email": email, "name": format!("M{n}"), "role": "agent", "password": PASSWORD});
            let id = text(&admin.post("/api/users", new).await.expect(201)["id"]);
            let member = json!({"user_id": id, "role": "member"});
            admin.post(&format!("/api/teams/{team}/members"), member).await.expect(201);
            ids.push(id);
        }
        let house = Self { place, servers: running, admins, team, members: ids };
        house.settle("/members", |found| items(&found["items"]).len() == members).await;
        house
    }

    /// Until every server sees the team so: what another one holds of the settings may be a second old.
    async fn settle(&self, part: &str, is_seen: impl Fn(&Value) -> bool) {
        let path = format!("/api/teams/{}{part}", self.team);
        let begun = Instant::now();
        for admin in &self.admins {
            loop {
                let answer = admin.get(&path).await;
                if answer.status == 200 && is_seen(&answer.json()) {
                    break;
                }
                assert!(begun.elapsed() < Duration::from_mins(1), "the team is not seen: {}", answer.status);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    fn new_ticket(&self, n: usize) -> Value {
        json!({
            "subject": format!("Number {n}"), "description": "All at once.", "team_id": self.team,
            "customer": {"email": "cleo@customer.example", "name": "Cleo"},
        })
    }

    /// So many tickets at once, at the servers in turn.
    async fn flood(&self, count: usize) -> Vec<Value> {
        // Two commits that add the same customer would wait for one another.
        self.admins[0]
            .post(
                "/api/tickets",
                json!({
                    "subject": "First", "description": "Adds the customer.",
                    "customer": {"email": "cleo@customer.example", "name": "Cleo"},
                }),
            )
            .await
            .expect(201);
        let asked = (0..count).map(async |n| {
            self.admins[n % self.admins.len()].post("/api/tickets", self.new_ticket(n)).await.expect(201)
        });
        join_all(asked).await
    }

    /// How many open tickets each member holds, and how many wait.
    async fn load(&self) -> (BTreeMap<String, u64>, u64) {
        let admin = self.admins.last().expect("an administrator");
        let load = admin.get(&format!("/api/teams/{}/load", self.team)).await.expect(200);
        let members = items(&load["members"]).iter();
        let open = members.map(|member| (text(&member["user_id"]), member["open"].as_u64().expect("a number")));
        (open.collect(), load["waiting"].as_u64().expect("a number"))
    }

    async fn limit(&self, capacity: u64) {
        let path = format!("/api/teams/{}", self.team);
        self.admins.last().expect("one").patch(&path, json!({"capacity": capacity})).await.expect(200);
    }

    async fn stop(self) {
        for server in self.servers {
            server.stop().await;
        }
        drop(self.place);
    }
}

fn shares(tickets: &[Value]) -> BTreeMap<String, usize> {
    let mut shares = BTreeMap::new();
    for ticket in tickets {
        *shares.entry(text(&ticket["assigned_agent_id"])).or_insert(0) += 1;
    }
    shares
}

async fn all_at_once(place: Place, servers: usize) {
    let house = House::new(place, servers, "round_robin", MEMBERS + 2).await;
    let admin = &house.admins[0];
    let [full, away] = [&house.members[1], &house.members[4]];
    let path = format!("/api/teams/{}/members/{full}", house.team);
    admin.patch(&path, json!({"capacity": 0})).await.expect(200);
    admin.patch(&format!("/api/users/{away}"), json!({"availability": "away"})).await.expect(200);
    let is_full = |member: &Value| text(&member["user_id"]) == *full && member["capacity"] == 0;
    house.settle("/members", |found| items(&found["items"]).iter().any(is_full)).await;
    let tickets = house.flood(MANY).await;
    let shares = shares(&tickets);
    assert!(!shares.contains_key(full) && !shares.contains_key(away));
    assert_eq!(shares.into_values().collect::<Vec<_>>(), [MANY / MEMBERS; MEMBERS]);
    let (open, waiting) = house.load().await;
    assert_eq!((open[full], open[away], waiting), (0, 0, 0));
    let path = format!("/api/tickets/{}/routing", text(&tickets[0]["id"]));
    let decisions = admin.get(&path).await.expect(200);
    let [decision] = items(&decisions["items"]) else { panic!("one decision: {decisions}") };
    let standing = |user: &String| {
        let candidates = items(&decision["candidates"]);
        let one = candidates.iter().find(|one| text(&one["user_id"]) == *user);
        text(&one.expect("everybody is told of")["standing"])
    };
    assert_eq!((standing(full), standing(away)), ("at_capacity".to_owned(), "away".to_owned()));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_gets_as_many_on_sqlite() {
    all_at_once(Place::sqlite(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_gets_as_many_on_postgres() {
    all_at_once(Place::postgres(), 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_gets_as_many_at_two_servers() {
    all_at_once(Place::postgres(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_least_loaded_differ_by_one_at_most() {
    for (place, servers) in [(Place::sqlite(), 1), (Place::postgres(), 2)] {
        let house = House::new(place, servers, "least_loaded", MEMBERS).await;
        // Somebody begins with more than the others.
        for n in 0..5 {
            let mut given = house.new_ticket(n);
            given["assigned_agent_id"] = json!(house.members[2]);
            house.admins[0].post("/api/tickets", given).await.expect(201);
        }
        house.flood(MANY / 2).await;
        let (open, waiting) = house.load().await;
        let (most, least) = (open.values().max().expect("some"), open.values().min().expect("some"));
        assert!(most - least <= 1 && waiting == 0, "{open:?}");
        house.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_leaves_nobody_with_too_much_and_no_ticket_lost() {
    let mut house = House::new(Place::postgres(), 2, "round_robin", MEMBERS).await;
    house.limit(40).await;
    house.settle("", |team| team["capacity"] == 40).await;
    let doomed = house.servers.remove(0);
    let (lost, kept) = (&house.admins[0], &house.admins[1]);
    let asked = (0..MANY).map(async |n| {
        let key = format!("ticket-{n}");
        let first = if n % 2 == 0 { lost } else { kept };
        let send = async |at: &Client| {
            let body = house.new_ticket(n);
            let sent = at
                .try_send(Method::POST, "/api/tickets", |request| request.header("idempotency-key", &key).json(&body));
            sent.await
        };
        match send(first).await {
            Ok(answer) if answer.status == 201 => answer.json(),
            // Whoever heard no answer asks the other server for the very same.
            _ => send(kept).await.expect("the other server answers").expect(201),
        }
    });
    let all = join_all(asked);
    let killed = async {
        // Somewhere in the middle.
        loop {
            let (open, _) = house.load().await;
            if open.values().sum::<u64>() >= 60 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        doomed.signal("KILL").await;
    };
    let (tickets, ()) = tokio::join!(all, killed);
    let ids: std::collections::BTreeSet<String> = tickets.iter().map(|ticket| text(&ticket["id"])).collect();
    assert_eq!(ids.len(), MANY, "each was made once");
    let (open, waiting) = house.load().await;
    assert!(open.values().all(|open| *open <= 40), "{open:?}");
    assert_eq!(open.values().sum::<u64>() + waiting, MANY as u64, "{open:?} {waiting}");
    // With room for all, all are given out.
    house.limit(1_000).await;
    let begun = Instant::now();
    loop {
        let (open, waiting) = house.load().await;
        if waiting == 0 {
            assert_eq!(open.values().sum::<u64>(), MANY as u64);
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{waiting} still wait: {open:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    house.stop().await;
}
