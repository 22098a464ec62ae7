//! No customer's socket ever hears a word that is not for that customer: random deeds of staff and customers, a numbered
//! word in every text, and every packet held against a model of who may know what.

mod deed;
mod model;
mod socket;

use crate::support::*;
use model::{Model, Moment, Stand};
use serde_json::{Value, json};
use socket::Socket;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use ticketing_core::TicketKey;
use ticketing_core::desk::NewComment;
use tokio::net::TcpListener;

/// How many deeds are done between two looks at what was heard. What is done within is done without a pause.
const AT_ONCE: usize = 20;

const CUSTOMERS: usize = 6;
/// Customers, by number. Ted works here now and then.
const TED: usize = 5;
const ADMIN: usize = 6;
const MANAGER: usize = 7;
const AGENT: usize = 8;

/// Chance from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

struct Player {
    id: String,
    email: String,
    token: String,
    socket: Option<Socket>,
    /// The step at which the sign-in of the socket ended.
    over_since: Option<usize>,
}

struct Comment {
    id: String,
    ticket: usize,
    author: usize,
    text: usize,
}

struct Story {
    seed: u64,
    world: World,
    address: SocketAddr,
    dice: Dice,
    model: Model,
    /// The step that is being made, for those who listen.
    step: Arc<AtomicUsize>,
    /// Up to where the log is known.
    cursor: String,
    players: Vec<Player>,
    companies: Vec<String>,
    teams: Vec<String>,
    comments: Vec<Comment>,
    links: Vec<(usize, String)>,
    /// The first steps of the last two bouts.
    began: (usize, usize),
    /// How many words each of them heard.
    words: Vec<usize>,
    /// How many words for staff the administrator heard.
    notes: usize,
    /// How many deeds were refused.
    refused: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_customer_hears_a_word_that_is_for_others() {
    for seed in 1..=2 {
        tell(seed, 500).await;
    }
}

/// So many sockets of one person that it takes a while to look at all of them again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_no_longer_hear_does_not_hear_what_is_done_right_afterwards() {
    let world = world().await;
    let address = serve(&world).await;
    let step = Arc::default();
    let mut sockets = Vec::new();
    for _ in 0..50 {
        sockets.push(Socket::open(address, &world.stranger.token, &step).await);
    }
    let company = format!("/api/organizations/{}", world.organization.id);
    let ticket = world.ticket("Shared").await;
    let comments = format!("/api/tickets/{}/comments", text(&ticket, "id"));
    for round in 0..10 {
        let sharing = async |shares_tickets: bool| {
            world
                .send(patch(company.clone(), &json!({"shares_tickets": shares_tickets})).by(&world.admin))
                .await
                .ok(200);
        };
        let say = async |word: &str| {
            let body = json!({"body": format!("{word} {round}.")});
            world.send(post(comments.clone(), &body).by(&world.customer)).await.ok(201);
        };
        let own = async |word: &str| {
            let new = json!({"subject": format!("{word} {round}."), "description": "x"});
            world.send(post("/api/tickets", &new).by(&world.stranger)).await.ok(201);
            for socket in &sockets {
                socket.until(&format!("{word} {round}.")).await;
            }
        };
        sharing(true).await;
        own("begin").await;
        say("shared").await;
        for socket in &sockets {
            socket.until(&format!("shared {round}.")).await;
        }
        sharing(false).await;
        say("secret").await;
        // Told after it.
        own("end").await;
        for socket in &sockets {
            let heard = socket.take().into_iter().find(|packet| packet.text.contains("secret"));
            assert!(heard.is_none(), "{}", heard.unwrap().text);
        }
    }
}

/// So many sockets by one sign-in that it takes a while to end all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_signed_out_hears_nothing_of_what_is_done_right_afterwards() {
    let world = world().await;
    let address = serve(&world).await;
    let step = Arc::default();
    let agent = world.desk.actor_of(world.agent.user.id, None).await.unwrap();
    for round in 0..8 {
        let email = format!("{round}@customer.example");
        let new = json!({"name": "Cy", "email": email, "role": "customer", "password": PASSWORD});
        world.send(post("/api/users", &new).by(&world.admin)).await.ok(201);
        let sign_in = async || {
            let answer =
                world.send(post("/api/auth/login", &json!({"email": email, "password": PASSWORD}))).await.ok(200);
            text(&answer, "token").to_owned()
        };
        let (stays, token) = (Socket::open(address, &sign_in().await, &step).await, sign_in().await);
        let bearer = format!("Bearer {token}");
        let asked = post("/api/tickets", &json!({"subject": "Mine", "description": "x"}));
        let ticket = world.send(asked.with("authorization", &bearer)).await.ok(201);
        let ticket = TicketKey::Id(text(&ticket, "id").parse().unwrap());
        let mut sockets = Vec::new();
        for _ in 0..60 {
            sockets.push(Socket::open(address, &token, &step).await);
        }
        for socket in &sockets {
            assert!(!socket.is_over(), "it is let in");
            socket.take();
        }
        world.send(post("/api/auth/logout", &json!({})).with("authorization", &bearer)).await.ok(204);
        // Without the way by HTTP, which takes longer than to end them.
        world.desk.add_comment(&agent, &ticket, NewComment::public(format!("secret {round}."))).await.unwrap();
        stays.until(&format!("secret {round}.")).await;
        stays.until("42[\"notification\"").await;
        for socket in &sockets {
            socket.end().await;
            let is_wrong = |text: &str| text.contains("secret") || text.contains("[\"notification\"");
            let heard = socket.take().into_iter().find(|packet| is_wrong(&packet.text));
            assert!(heard.is_none(), "{}", heard.unwrap().text);
        }
    }
}

async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = world.app.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Run by `scripts/sockets`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes"]
async fn no_customer_hears_a_word_that_is_for_others_in_ten_thousand_deeds() {
    for seed in 1..=5 {
        tell(seed, 2_000).await;
    }
}

async fn tell(seed: u64, deeds: usize) {
    let mut story = Story::begin(seed).await;
    story.connect().await;
    story.listen().await;
    while story.model.step() <= deeds {
        for _ in 0..AT_ONCE {
            story.go_on().await;
        }
        story.listen().await;
        story.connect().await;
    }
    println!("seed {seed}: {} steps, {} refused, words heard {:?}", story.model.step(), story.refused, story.words);
    assert!(story.refused < story.model.step() / 2, "most deeds are done");
    // The words are there to be heard, also those that are for staff.
    assert!(story.words.iter().all(|heard| *heard > 0), "seed {seed}: {:?}", story.words);
    assert!(story.notes > deeds / 4, "seed {seed}: {} words for staff", story.notes);
}

impl Story {
    async fn begin(seed: u64) -> Self {
        let world = world().await;
        let address = serve(&world).await;

        let new = async |path: &str, body: Value| {
            text(&world.send(post(path, &body).by(&world.admin)).await.ok(201), "id").to_owned()
        };
        let mut companies = vec![world.organization.id.to_string()];
        companies.push(new("/api/organizations", json!({"name": "Brix", "shares_tickets": true})).await);
        let teams =
            vec![new("/api/teams", json!({"name": "One"})).await, new("/api/teams", json!({"name": "Two"})).await];
        let member = json!({"user_id": world.agent.id(), "role": "member"});
        world.send(post(format!("/api/teams/{}/members", teams[0]), &member).by(&world.admin)).await.ok(201);
        let hidden = json!({"key": "margin", "label": "Margin", "field_type": "text", "visible_to_customer": false});
        new("/api/custom-fields", hidden).await;
        let mut model = Model::default();
        model.moments.push(Moment { stands: Vec::new(), shares: vec![false, true] });
        let noted = json!({"body": model.word(None, true).1, "is_internal": true});
        let actions = json!([{"type": "add_comment", "params": noted}]);
        new("/api/workflows", json!({"name": "Note", "trigger_type": "ticket_created", "actions": actions})).await;

        let mut people = vec![(world.customer.id(), world.customer.user.email.clone(), Some(0))];
        people.push((world.stranger.id(), world.stranger.user.email.clone(), Some(0)));
        for (name, company) in [("cam", Some(1)), ("dan", Some(1)), ("eli", None), ("ted", None)] {
            let email = format!("{name}@customer.example");
            let mut body = json!({"name": name, "email": email, "role": "customer", "password": PASSWORD});
            body["organization_id"] = json!(company.map(|company: usize| &companies[company]));
            people.push((new("/api/users", body).await, email, company));
        }
        let mut stands: Vec<Stand> =
            people.iter().map(|(_, _, company)| Stand::Customer { company: *company }).collect();
        for person in [&world.admin, &world.manager, &world.agent] {
            people.push((person.id(), person.user.email.clone(), None));
            stands.push(Stand::Staff);
        }
        model.moments[0].stands = stands;
        let player = |(id, email, _)| Player { id, email, token: String::new(), socket: None, over_since: None };
        let players: Vec<Player> = people.into_iter().map(player).collect();
        let words = vec![0; players.len()];
        let mut story = Self {
            seed,
            world,
            address,
            dice: Dice(seed),
            model,
            step: Arc::default(),
            cursor: String::new(),
            players,
            companies,
            teams,
            comments: Vec::new(),
            links: Vec::new(),
            began: (0, 0),
            words,
            notes: 0,
            refused: 0,
        };
        story.read_log(0).await;
        story
    }

    /// Signs in and connects whoever may and is not connected.
    async fn connect(&mut self) {
        for person in 0..self.players.len() {
            let is_there = self.players[person].socket.as_ref().is_some_and(|socket| !socket.is_over());
            if is_there || self.model.now().stands[person] == Stand::Away {
                continue;
            }
            let body = json!({"email": self.players[person].email, "password": PASSWORD});
            let answer = self.world.send(post("/api/auth/login", &body)).await.ok(200);
            let token = text(&answer, "token").to_owned();
            let socket = Socket::open(self.address, &token, &self.step).await;
            let player = &mut self.players[person];
            (player.token, player.socket, player.over_since) = (token, Some(socket), None);
        }
    }

    /// Makes the next step: one deed, and what the log says of it.
    async fn go_on(&mut self) {
        let step = self.model.step();
        self.step.store(step, Ordering::SeqCst);
        let mut after = self.model.now().clone();
        if !self.act(&mut after).await {
            self.refused += 1;
        }
        self.read_log(step).await;
        self.model.moments.push(after);
        self.world.pass(chrono::TimeDelta::milliseconds(20));
    }

    /// Notes what has happened since as events of this step, and the tickets that came of it.
    async fn read_log(&mut self, step: usize) {
        let mut made = Vec::new();
        loop {
            let after = if self.cursor.is_empty() { String::new() } else { format!("&after={}", self.cursor) };
            let page =
                self.world.send(get(format!("/api/events?limit=100{after}")).by(&self.world.admin)).await.ok(200);
            let events = page["items"].as_array().unwrap();
            text(&page, "next_cursor").clone_into(&mut self.cursor);
            for event in events {
                self.model.events.insert(text(event, "event_id").to_owned(), step);
                made.extend((event["type"] == "ticket.created").then(|| text(event, "ticket_id").to_owned()));
            }
            if events.len() < 100 {
                break;
            }
        }
        for id in made {
            if self.model.number_of(&id).is_none() {
                let shown = self.world.send(get(format!("/api/tickets/{id}")).by(&self.world.admin)).await.ok(200);
                self.note_ticket(&shown);
            }
        }
    }

    /// Waits until everything is told, and holds it against what may be known.
    async fn listen(&mut self) {
        // The last event is told last, and a socket answers after what it was told before.
        let (before, step) = (self.model.tickets.len(), self.model.step());
        self.step.store(step, Ordering::SeqCst);
        let after = self.model.now().clone();
        let customer = self.dice.below(CUSTOMERS);
        self.create(ADMIN, customer).await;
        self.read_log(step).await;
        self.model.moments.push(after);
        let last = &self.model.tickets[before].id;
        self.players[ADMIN].socket.as_ref().unwrap().until(&format!("\"id\":\"{last}\"")).await;
        for player in &self.players {
            let Some(socket) = &player.socket else { continue };
            if player.over_since.is_some() {
                socket.end().await;
            } else {
                socket.ask("unsubscribe_ticket", &json!("0197b0e5-0000-7000-8000-000000000000")).await;
            }
        }
        let arrived = self.model.step() - 1;
        for (person, player) in self.players.iter_mut().enumerate() {
            let Some(socket) = &player.socket else { continue };
            for packet in socket.take() {
                self.words[person] += model::numbers(&packet.text).count();
                if person == ADMIN {
                    self.notes += model::numbers(&packet.text).filter(|text| self.model.is_for_staff(*text)).count();
                }
                let mut wrong = self.model.judge(person, &packet.text, self.began.0, packet.step.min(arrived));
                if let (Some(over), Some(step)) = (player.over_since, self.model.newest(&packet.text))
                    && step > over
                {
                    wrong = Some(format!("something of step {step}, and the sign-in ended at step {over}"));
                }
                assert_eq!(
                    wrong, None,
                    "seed {}: {} heard at step {}: {}",
                    self.seed, player.email, packet.step, packet.text
                );
            }
        }
        self.hold_to_requests().await;
        self.began = (self.began.1, self.model.step());
    }

    /// The model says of each person what requests say too.
    async fn hold_to_requests(&mut self) {
        for person in 0..CUSTOMERS {
            let Stand::Customer { .. } = self.model.now().stands[person] else { continue };
            if self.players[person].over_since.is_some() {
                continue;
            }
            let ticket = self.any_ticket();
            let answer = self.ask(person, get(format!("/api/tickets/{}", self.model.tickets[ticket].id))).await;
            let sees = self.model.sees(self.model.now(), person, ticket);
            assert_eq!(answer.status.as_u16(), if sees { 200 } else { 404 }, "seed {}: {}", self.seed, answer.text());
        }
    }

    /// Sends a request as somebody.
    async fn ask(&self, person: usize, call: Call) -> Answer {
        self.world.send(call.with("authorization", format!("Bearer {}", self.players[person].token))).await
    }
}
