//! A ticket's whole life at the running server, from the first word of a customer to the closed
//! ticket, on both databases: each answer, the timeline, the audit log, and that no byte of what
//! is for staff reaches the customer.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use reqwest::Method;
use serde_json::{Value, json};
use server::client::{Client, items, text};
use server::{ADMIN, Place, Server};
use std::collections::BTreeSet;

const CUSTOMER: &str = "ada@customer.example";
const OTHER: &str = "bob@elsewhere.example";
const AGENT: &str = "gus@desk.example";
const OUTSIDER: &str = "ola@desk.example";
const MANAGER: &str = "mia@desk.example";

/// Stands in every text that is for staff alone.
const CANARY: &str = "kanarienvogel-8121";

#[tokio::test(flavor = "multi_thread")]
async fn a_tickets_life_on_sqlite() {
    life(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tickets_life_on_postgres() {
    life(Place::postgres()).await;
}

async fn life(place: Place) {
    let server = place.serve().await;
    let cast = Cast::assemble(&place, &server).await;
    sessions_turn_over(&server).await;

    let ticket = cast.creates().await;
    cast.talk_about(&ticket).await;
    cast.work_on(&ticket).await;
    cast.strangers_see_nothing_of(&ticket).await;
    cast.edit_only_what_they_know(&ticket).await;
    cast.finish(&ticket).await;
    cast.read_the_timeline_of(&ticket).await;
    cast.read_the_audit_log_of(&ticket).await;
    cast.walk_through_lists().await;
    cast.customer_looks_everywhere(&ticket).await;

    let before = cast.manager.get(&ticket.path).await.expect(200);
    let said = cast.manager.all(&format!("{}/comments", ticket.path)).await;
    server.stop().await;
    let server = place.serve().await;
    let manager = cast.manager.at(server.url());
    assert_eq!(manager.get(&ticket.path).await.expect(200), before, "a restart changes nothing");
    assert_eq!(manager.all(&format!("{}/comments", ticket.path)).await, said);
    server.stop().await;
}

struct Cast {
    customer: Client,
    other: Client,
    agent: Client,
    outsider: Client,
    manager: Client,
    admin: Client,
    team: String,
}

struct Ticket {
    path: String,
    id: String,
    assigned_by_request: std::sync::Mutex<String>,
}

impl Cast {
    /// People come by every way there is: the start's own admin, the command line beside the
    /// running server, an admin's request, and signing up.
    async fn assemble(place: &Place, server: &Server) -> Self {
        place.person(AGENT, "Gus Löw", "agent").await;
        place.person(OUTSIDER, "Ola Fern", "agent").await;
        let admin = server.sign_in(ADMIN).await;
        assert_eq!(admin.user["role"], "admin");
        let new = json!({"email": MANAGER, "name": "Mia Berg", "role": "manager", "password": server::PASSWORD});
        assert_eq!(admin.post("/api/users", new).await.expect(201)["role"], "manager");
        for (email, name) in [(CUSTOMER, "Ada Çelik"), (OTHER, "Bob Ó Briain")] {
            let new = json!({"email": email, "name": name, "password": server::PASSWORD});
            server.stranger().post("/api/auth/register", new).await.expect(201);
        }
        let (agent, outsider) = (server.sign_in(AGENT).await, server.sign_in(OUTSIDER).await);
        let team = admin.post("/api/teams", json!({"name": "First line", "routing": "manual"})).await.expect(201);
        let team = text(&team["id"]);
        let member = json!({"user_id": agent.id(), "role": "member"});
        admin.post(&format!("/api/teams/{team}/members"), member).await.expect(201);
        Self {
            customer: server.sign_in(CUSTOMER).await,
            other: server.sign_in(OTHER).await,
            manager: server.sign_in(MANAGER).await,
            agent,
            outsider,
            admin,
            team,
        }
    }

    async fn creates(&self) -> Ticket {
        let new = json!({
            "subject": "Der Drucker brennt 🔥 — بسرعة",
            "description": "Seit heute früh.\n\"Papier\" & <Toner> é\u{301}",
            "priority": "high",
            "category": "hardware",
            "tags": ["printer", "fire"],
        });
        let answer = self.customer.post("/api/tickets", new.clone()).await;
        let ticket = answer.expect(201);
        for field in ["subject", "description", "priority", "category"] {
            assert_eq!(ticket[field], new[field], "{ticket}");
        }
        let tags: BTreeSet<_> = items(&ticket["tags"]).iter().map(text).collect();
        assert_eq!(tags, BTreeSet::from(["fire".to_owned(), "printer".to_owned()]));
        assert_eq!((&ticket["status"], &ticket["customer_id"]), (&json!("open"), &json!(self.customer.id())));
        for absent in ["escalation_level", "sla", "is_sla_breached"] {
            assert!(ticket.get(absent).is_none(), "a customer sees {absent}: {ticket}");
        }
        let number = text(&ticket["ticket_number"]);
        let code = number.strip_prefix("TKT-").expect("TKT- before the number");
        assert!((6..=10).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric()), "{number}");

        assert_eq!(ticket["url"], json!(format!("{}/tickets/{number}", server::APP_URL)));

        let by_id = self.customer.get(&format!("/api/tickets/{}", text(&ticket["id"]))).await;
        assert_eq!(by_id.expect(200), ticket);
        assert!(!by_id.header("etag").is_empty());
        assert_eq!(self.customer.get(&format!("/api/tickets/{number}")).await.expect(200), ticket);
        assert_eq!(self.agent.get(&format!("/api/tickets/{number}")).await.expect(200)["escalation_level"], 0);
        let id = text(&ticket["id"]);
        Ticket { path: format!("/api/tickets/{id}"), id, assigned_by_request: std::sync::Mutex::default() }
    }

    async fn talk_about(&self, ticket: &Ticket) {
        let comments = format!("{}/comments", ticket.path);
        let asked = self.customer.post(&comments, json!({"body": "Es raucht noch."})).await.expect(201);
        assert_eq!((&asked["body"], &asked["is_internal"]), (&json!("Es raucht noch."), &json!(false)));
        assert_eq!(asked["author"], json!({"id": self.customer.id(), "name": "Ada Çelik", "role": "customer"}));
        assert!(self.agent.get(&ticket.path).await.expect(200)["first_responded_at"].is_null());

        let note = json!({"body": format!("Kunde ist schwierig. {CANARY}"), "is_internal": true});
        assert_eq!(self.agent.post(&comments, note).await.expect(201)["is_internal"], true);
        assert!(
            self.agent.get(&ticket.path).await.expect(200)["first_responded_at"].is_null(),
            "a note is no answer to the customer"
        );
        self.agent.post(&comments, json!({"body": "Bitte den Stecker ziehen."})).await.expect(201);
        assert!(self.customer.get(&ticket.path).await.expect(200)["first_responded_at"].is_string());

        let refused = self.customer.post(&comments, json!({"body": "Notiz", "is_internal": true})).await;
        assert!([403, 422].contains(&refused.status), "a customer writes a note: {}", refused.text);
        assert_eq!(self.agent.all(&comments).await.len(), 3);
        assert_eq!(self.customer.all(&comments).await.len(), 2);
    }

    async fn work_on(&self, ticket: &Ticket) {
        let to = json!({"agent_id": self.agent.id(), "team_id": self.team});
        self.customer.post(&format!("{}/assign", ticket.path), to.clone()).await.problem(403);
        let answer = self.manager.post(&format!("{}/assign", ticket.path), to).await;
        let assigned = answer.expect(200);
        assert_eq!(
            (&assigned["assigned_agent_id"], &assigned["team_id"]),
            (&json!(self.agent.id()), &json!(self.team))
        );
        answer.header("x-request-id").clone_into(&mut ticket.assigned_by_request.lock().expect("no panic before"));

        let escalate = format!("{}/escalate", ticket.path);
        assert_eq!(self.agent.post(&escalate, json!({})).await.wrong_fields(), ["reason"]);
        let reason = json!({"reason": format!("It burns. {CANARY}")});
        assert_eq!(self.agent.post(&escalate, reason).await.expect(200)["escalation_level"], 1);
        let started = self.agent.patch(&ticket.path, json!({"status": "in_progress"})).await.expect(200);
        assert_eq!(started["status"], "in_progress");
    }

    /// Who may not see it learns no more than of a ticket that never was.
    async fn strangers_see_nothing_of(&self, ticket: &Ticket) {
        for (name, client) in [("other customer", &self.other), ("agent of no team", &self.outsider)] {
            let foreign = [
                client.get(&ticket.path).await,
                client.get(&format!("{}/comments", ticket.path)).await,
                client.get(&format!("{}/timeline", ticket.path)).await,
                client.post(&format!("{}/comments", ticket.path), json!({"body": "Hello"})).await,
            ];
            let never = client.get("/api/tickets/TKT-ZZZZZZZZ").await.problem(404);
            for answer in foreign {
                let problem = answer.problem(404);
                for member in ["type", "title", "detail"] {
                    assert_eq!(problem[member], never[member], "{name}: {problem}");
                }
            }
            assert!(client.all("/api/tickets").await.iter().all(|seen| seen["id"] != json!(ticket.id)), "{name}");
        }
        let theft = json!({"subject": "Mine now"});
        self.outsider.patch(&ticket.path, theft.clone()).await.problem(404);
        // A route that is closed to customers says so whatever they name.
        let known = self.other.patch(&ticket.path, theft.clone()).await.problem(403);
        let never = self.other.patch("/api/tickets/TKT-ZZZZZZZZ", theft).await.problem(403);
        assert_eq!(known["detail"], never["detail"]);
        self.customer.get("/api/audit").await.problem(403);
        self.agent.get("/api/audit").await.problem(403);
        self.customer.get("/api/users").await.problem(403);
    }

    /// A change that names what it was made from is refused where somebody else was quicker.
    async fn edit_only_what_they_know(&self, ticket: &Ticket) {
        let read = self.agent.get(&ticket.path).await;
        let (etag, version) = (read.header("etag").to_owned(), read.expect(200)["version"].clone());
        let conditional = |etag: String, body: Value| {
            self.agent.send(Method::PATCH, &ticket.path, move |r| r.header("If-Match", etag).json(&body))
        };
        let changed = conditional(etag.clone(), json!({"category": "fire"})).await;
        assert_eq!(changed.expect(200)["category"], "fire");
        assert_ne!(changed.header("etag"), etag);

        conditional(etag, json!({"category": "water"})).await.problem(412);
        self.agent.patch(&ticket.path, json!({"category": "water", "version": version})).await.problem(409);
        let unknown = self.agent.patch(&ticket.path, json!({"category": "water", "colour": "red"})).await;
        assert_eq!(unknown.wrong_fields(), ["colour"]);
        let forbidden = self.agent.patch(&ticket.path, json!({"escalation_level": 9})).await;
        assert_eq!(forbidden.wrong_fields(), ["escalation_level"]);

        let current = changed.json()["version"].clone();
        let read = self.agent.get(&ticket.path).await.expect(200);
        assert_eq!((&read["category"], &read["version"]), (&json!("fire"), &current), "nothing was written");
        let same = self.agent.patch(&ticket.path, json!({"category": "fire", "version": current})).await.expect(200);
        assert_eq!(same["version"], current, "a change that changes nothing is none");
    }

    async fn finish(&self, ticket: &Ticket) {
        let move_to = |status: &'static str| self.agent.patch(&ticket.path, json!({"status": status}));
        assert!(move_to("resolved").await.expect(200)["resolved_at"].is_string());
        let reopened = move_to("open").await.expect(200);
        assert_eq!((&reopened["status"], &reopened["resolved_at"]), (&json!("open"), &Value::Null));
        move_to("resolved").await.expect(200);
        let closed = move_to("closed").await.expect(200);
        assert_eq!(closed["status"], "closed");
        assert!(closed["closed_at"].is_string());

        let refused = move_to("in_progress").await;
        assert!([409, 422].contains(&refused.status), "a closed ticket went to work: {}", refused.text);
        let refused = self.customer.patch(&ticket.path, json!({"status": "open"})).await;
        assert!([403, 409, 422].contains(&refused.status), "a customer opened a closed ticket: {}", refused.text);
        assert_eq!(self.customer.get(&ticket.path).await.expect(200)["status"], "closed");
    }

    async fn read_the_timeline_of(&self, ticket: &Ticket) {
        let timeline = self.agent.all(&format!("{}/timeline", ticket.path)).await;
        let told: Vec<_> = timeline.iter().map(|event| text(&event["type"])).collect();
        let happened = [
            "ticket.created",
            "comment.added",
            "comment.added",
            "comment.added",
            "ticket.assigned",
            "ticket.escalated",
            "ticket.status_changed",
            "ticket.updated",
            "ticket.status_changed",
            "ticket.resolved",
            "ticket.status_changed",
            "ticket.reopened",
            "ticket.status_changed",
            "ticket.resolved",
            "ticket.status_changed",
            "ticket.closed",
        ];
        assert_eq!(told, happened);
        let times: Vec<_> = timeline.iter().map(|event| text(&event["at"])).collect();
        assert!(times.is_sorted(), "oldest first: {times:?}");
        assert!(timeline.iter().all(|event| event["ticket_id"] == json!(ticket.id)));
        assert_eq!(timeline[0]["actor"]["id"], json!(self.customer.id()));
        assert_eq!(timeline[4]["actor"]["id"], json!(self.manager.id()));
        assert_eq!(timeline[4]["data"]["changes"]["assigned_agent_id"], json!([null, self.agent.id()]));
        assert_eq!(timeline[6]["data"]["changes"]["status"], json!(["open", "in_progress"]));
        assert_eq!(timeline[7]["data"]["changes"]["category"], json!(["hardware", "fire"]));

        let seen = self.customer.all(&format!("{}/timeline", ticket.path)).await;
        let seen: Vec<_> = seen.iter().map(|event| text(&event["event_id"])).collect();
        let public: Vec<_> = timeline
            .iter()
            .filter(|event| event["type"] != "ticket.escalated" && event["data"]["is_internal"] != true)
            .map(|event| text(&event["event_id"]))
            .collect();
        assert_eq!(seen, public, "the customer's timeline is the staff's without what is for staff");
    }

    async fn read_the_audit_log_of(&self, ticket: &Ticket) {
        let lines = self.admin.all(&format!("/api/audit?subject=ticket:{}", ticket.id)).await;
        let of = |action: &str| -> Vec<&Value> { lines.iter().filter(|line| line["action"] == action).collect() };
        for (action, count, who) in [
            ("ticket.created", 1, &self.customer),
            ("ticket.assigned", 1, &self.manager),
            ("ticket.escalated", 1, &self.agent),
            ("ticket.updated", 1, &self.agent),
            ("ticket.status_changed", 5, &self.agent),
        ] {
            let found = of(action);
            assert_eq!(found.len(), count, "{action}: {lines:#?}");
            assert!(found.iter().all(|line| line["actor"]["id"] == json!(who.id())), "{action}: {found:#?}");
        }
        assert_eq!(of("comment.added").len(), 3);
        let assigned = of("ticket.assigned")[0];
        assert_eq!(assigned["request_id"], json!(*ticket.assigned_by_request.lock().expect("no panic before")));
        assert_eq!(assigned["ip"], "127.0.0.1");
        assert_eq!(assigned["changes"]["assigned_agent_id"], json!([null, self.agent.id()]));
        let by_manager = self.admin.all(&format!("/api/audit?actor={}", self.manager.id())).await;
        assert!(by_manager.iter().any(|line| line["id"] == assigned["id"]));
        assert!(by_manager.iter().all(|line| line["actor"]["id"] == json!(self.manager.id())));
        let whole = serde_json::to_string(&self.admin.all("/api/audit").await).expect("JSON");
        assert!(!whole.contains(server::PASSWORD), "the audit log holds a password");
    }

    async fn walk_through_lists(&self) {
        for number in 0..7 {
            let new = json!({
                "subject": format!("Invoice {number}"),
                "description": "Please send it again.",
                "category": "billing",
                "priority": if number < 3 { "low" } else { "critical" },
                "tags": [format!("month-{number}"), "invoice"],
            });
            self.other.post("/api/tickets", new).await.expect(201);
        }
        let bob = self.other.id();
        let count = async |filter: &str| self.manager.all(&format!("/api/tickets?{filter}")).await.len();
        assert_eq!(count("").await, 8);
        assert_eq!(count(&format!("customer_id={bob}")).await, 7);
        assert_eq!(count("status=open").await, 7);
        assert_eq!(count("status=closed,open").await, 8);
        assert_eq!(count("priority=critical").await, 4);
        assert_eq!(count("category=BILLING&priority=low").await, 3);
        assert_eq!(count("tag=month-5").await, 1);
        assert_eq!(count("assigned_agent_id=none").await, 7);
        assert_eq!(count(&format!("team_id={}", self.team)).await, 1);
        assert_eq!(count("created_from=2100-01-01").await, 0);
        assert_eq!(count("created_to=2100-01-01&updated_from=2001-01-01T00:00:00Z").await, 8);
        assert_eq!(self.agent.all("/api/tickets?assigned_agent_id=me").await.len(), 1);
        assert_eq!(self.customer.all("/api/tickets").await.len(), 1);

        for sort in ["-created_at", "created_at", "-updated_at", "updated_at", "-priority", "priority"] {
            let mut seen = Vec::new();
            let mut next = format!("/api/tickets?limit=3&sort={sort}");
            loop {
                let page = self.manager.get(&next).await.expect(200);
                assert!(items(&page["items"]).len() <= 3);
                seen.extend(items(&page["items"]).iter().map(|ticket| text(&ticket["id"])));
                let Some(cursor) = page["next_cursor"].as_str() else { break };
                next = format!("/api/tickets?limit=3&sort={sort}&cursor={cursor}");
            }
            assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (8, 8), "{sort}: {seen:?}");
        }
        let counted = self.manager.get("/api/tickets?limit=1&count=true").await.expect(200);
        assert_eq!((&counted["total"], items(&counted["items"]).len()), (&json!(8), 1));
        for wrong in [
            "cursor=nonsense",
            "status=burning",
            "limit=0",
            "limit=101",
            "sort=colour",
            "created_from=soon",
            "colour=red",
        ] {
            let answer = self.manager.get(&format!("/api/tickets?{wrong}")).await;
            let field = wrong.split('=').next().expect("a name");
            assert_eq!(answer.wrong_fields(), [field], "{wrong}");
        }
    }

    /// The customer reads all that a customer can ask for; none of it may hold what is for staff.
    async fn customer_looks_everywhere(&self, ticket: &Ticket) {
        for path in [
            "/api/tickets",
            "/api/auth/me",
            "/api/events",
            "/api/users",
            "/api/teams",
            "/api/audit",
            "/api/organizations",
        ] {
            self.customer.get(path).await;
        }
        for part in ["", "/comments", "/timeline", "/watchers"] {
            self.customer.get(&format!("{}{part}", ticket.path)).await;
        }
        assert!(self.agent.heard().contains(CANARY), "staff read the note, so the search below can fail");
        assert!(self.customer.heard().contains("Bitte den Stecker ziehen."));
        assert!(!self.customer.heard().contains(CANARY), "a customer heard what is for staff");
        assert!(!self.other.heard().contains(CANARY));
        assert!(!self.outsider.heard().contains(CANARY));
    }
}

/// A sign-in is renewed by a token that is good for one time; used twice, the whole family ends.
async fn sessions_turn_over(server: &Server) {
    let stranger = server.stranger();
    stranger.get("/api/tickets").await.problem(401);
    stranger.with_token("not a token").get("/api/tickets").await.problem(401);
    let login = async |email: &str, password: &str| {
        stranger.post("/api/auth/login", json!({"email": email, "password": password})).await
    };
    let wrong = login(CUSTOMER, "a guess at random 3").await.problem(401);
    let nobody = login("nobody@customer.example", "a guess at random 3").await.problem(401);
    assert_eq!((&wrong["title"], &wrong["detail"]), (&nobody["title"], &nobody["detail"]), "who exists is a secret");

    let first = login(CUSTOMER, server::PASSWORD).await.expect(200);
    assert_eq!(first["token_type"], "Bearer");
    assert!(first["expires_in"].as_u64().is_some_and(|seconds| seconds > 0), "{first}");
    let refresh = async |token: &Value| stranger.post("/api/auth/refresh", json!({"refresh_token": token})).await;
    let second = refresh(&first["refresh_token"]).await.expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let me = stranger.with_token(&text(&second["token"])).get("/api/auth/me").await.expect(200);
    assert_eq!(
        (&me["email"], &me["role"], &me["availability"]),
        (&json!(CUSTOMER), &json!("customer"), &json!("online"))
    );
    refresh(&first["refresh_token"]).await.problem(401);
    refresh(&second["refresh_token"]).await.problem(401);

    let third = login(CUSTOMER, server::PASSWORD).await.expect(200);
    let signed_in = stranger.with_token(&text(&third["token"]));
    let out = signed_in.post("/api/auth/logout", json!({"refresh_token": third["refresh_token"]})).await;
    assert!([200, 204].contains(&out.status), "{}", out.text);
    refresh(&third["refresh_token"]).await.problem(401);
}
