//! One request for each operation and each of those who ask, and what is wrong with the answers.

use super::cast::{Cast, HIDDEN, NAMED, NOTED, TOLD, Who};
use super::scene::Scene;
use super::server::client::{Answer, Client, items, text};
use super::table::{Outcome, Row, TABLE, Thing};
use reqwest::Method;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// An operation as the server describes it.
struct Operation {
    method: Method,
    template: String,
    example: Option<Value>,
    /// What it takes instead of JSON: the type and a file of it.
    file: Option<(String, String)>,
    is_counted: bool,
}

/// A walk over what the server describes.
pub struct Walk<'a> {
    cast: &'a Cast,
    operations: BTreeMap<String, Operation>,
    /// What belongs to customer B.
    theirs: Scene,
    /// What belongs to customer A.
    own: Scene,
    wrong: RefCell<Vec<String>>,
    asked: Cell<usize>,
}

impl<'a> Walk<'a> {
    pub async fn begin(cast: &'a Cast) -> Self {
        let described = cast.stranger.get("/api/openapi.json").await.expect(200);
        let theirs = Scene::set(cast, &cast.side_b()).await.with_key(&cast.side_b()).await.with_field(cast).await;
        let own = Scene::set(cast, &cast.side_a()).await.with_key(&cast.side_a()).await.with_field(cast).await;
        let theirs = theirs.with_hook(cast).await.with_mail(cast).await.with_rule(cast).await.with_calendar(cast).await;
        let theirs = theirs.with_policy(cast).await.with_told(&cast.side_b()).await.with_held(cast).await;
        let theirs = theirs.with_import(cast).await.with_mailbox(cast).await.with_letter(cast, &cast.side_b()).await;
        let theirs = theirs.with_sign_in(&cast.side_b()).await.with_views(cast, &cast.side_b()).await;
        let theirs = theirs.with_quick(cast, &cast.side_b()).await;
        let own = own.with_hook(cast).await.with_rule(cast).await.with_calendar(cast).await.with_policy(cast).await;
        let own = own.with_told(&cast.side_a()).await.with_held(cast).await.with_mailbox(cast).await;
        let own = own.with_letter(cast, &cast.side_a()).await.with_sign_in(&cast.side_a()).await;
        let own =
            own.with_import(cast).await.with_views(cast, &cast.side_a()).await.with_quick(cast, &cast.side_a()).await;
        // Whoever sees only one end of a tie must not learn of the other.
        let tie = json!({"ticket": theirs.ticket, "type": "relates"});
        cast.manager.post(&format!("/api/tickets/{}/links", own.ticket), tie).await.expect(201);
        Self {
            cast,
            operations: operations(&described),
            theirs,
            own,
            wrong: RefCell::default(),
            asked: Cell::default(),
        }
    }

    /// Every operation has a row, and every row an operation.
    pub fn compare_with_the_table(&self) {
        let described: BTreeSet<_> = self.operations.keys().map(String::as_str).collect();
        let expected: BTreeSet<_> = TABLE.iter().map(|row| row.operation).collect();
        let unexpected: Vec<_> = described.difference(&expected).collect();
        assert!(unexpected.is_empty(), "say in table.rs who may do this: {unexpected:?}");
        let gone: Vec<_> = expected.difference(&described).collect();
        assert!(gone.is_empty(), "there is no such operation: {gone:?}");
    }

    /// Everybody asks for what they may not have. Nothing changes by it, and nothing is written.
    pub async fn refusals(&self) {
        let before = self.image().await;
        let seen = before.iter().map(|(_, text)| text.as_str()).collect::<String>();
        for (word, least) in [(TOLD, 10), (NAMED, 3), (NOTED, 2)] {
            assert!(seen.matches(word).count() >= least, "{word} hardly stands in what is there: {seen}");
        }
        for row in TABLE {
            for who in Who::ALL.into_iter().filter(|who| !row.admits(*who)) {
                self.ask(row, who, row.outcome(who), &self.theirs).await;
            }
        }
        self.report();
        for ((path, before), (_, after)) in before.iter().zip(self.image().await) {
            assert_eq!(*before, after, "refused requests changed {path}");
        }
    }

    /// Everybody reads what they may read: of B's, and A and agent Y of what is theirs.
    pub async fn reads(&self) {
        for row in TABLE.iter().filter(|row| self.method(row) == Method::GET) {
            for who in Who::ALL.into_iter().filter(|who| row.admits(*who)) {
                self.ask(row, who, row.outcome(who), &self.theirs).await;
            }
            self.ask_for_own(row).await;
        }
        self.report();
    }

    /// Everybody changes what they may change, each on a scene of its own.
    pub async fn writes(&self) {
        for row in TABLE.iter().filter(|row| self.method(row) != Method::GET) {
            for who in Who::ALL.into_iter().filter(|who| row.admits(*who)) {
                let scene = if row.thing == Thing::Nothing { None } else { Some(self.scene(row, false).await) };
                self.ask(row, who, row.outcome(who), scene.as_ref().unwrap_or(&self.theirs)).await;
            }
            self.ask_for_own(row).await;
        }
        self.report();
    }

    /// A asks for what is A's as B would for B's, and so does agent Y in the place of agent X.
    async fn ask_for_own(&self, row: &Row) {
        if matches!(row.thing, Thing::Nothing | Thing::Administrator) {
            return;
        }
        for (who, place) in [(Who::CustomerA, Who::CustomerB), (Who::AgentY, Who::AgentX)] {
            let outcome = row.outcome(place);
            let is_used_up = self.method(row) != Method::GET && outcome == Outcome::Done;
            let scene = if is_used_up { Some(self.scene(row, true).await) } else { None };
            self.ask(row, who, outcome, scene.as_ref().unwrap_or(&self.own)).await;
        }
    }

    async fn scene(&self, row: &Row, is_own: bool) -> Scene {
        let side = if is_own { self.cast.side_a() } else { self.cast.side_b() };
        let scene = Scene::set(self.cast, &side).await;
        match row.thing {
            Thing::Asked if row.operation == "reopen_ticket" => scene.with_resolved(self.cast).await,
            Thing::Key => scene.with_key(&side).await,
            Thing::SignIn => scene.with_sign_in(&side).await,
            Thing::Told => scene.with_told(&side).await,
            Thing::Field => scene.with_field(self.cast).await,
            Thing::Hook => scene.with_hook(self.cast).await,
            Thing::Mail => scene.with_mail(self.cast).await,
            Thing::Rule => scene.with_rule(self.cast).await,
            Thing::Calendar => scene.with_calendar(self.cast).await,
            Thing::Policy => scene.with_policy(self.cast).await,
            Thing::Held => scene.with_held(self.cast).await,
            Thing::Import => scene.with_import(self.cast).await,
            Thing::Mailbox => scene.with_mailbox(self.cast).await,
            Thing::Quick | Thing::OwnQuick => scene.with_quick(self.cast, &side).await,
            Thing::Ticket if row.operation.ends_with("_macro") || row.operation == "render_canned_response" => {
                scene.with_quick(self.cast, &side).await
            }
            Thing::View | Thing::TeamView | Thing::LedView | Thing::OwnView => scene.with_views(self.cast, &side).await,
            _ => scene,
        }
    }

    fn method(&self, row: &Row) -> Method {
        self.operations[row.operation].method.clone()
    }

    async fn ask(&self, row: &Row, who: Who, expected: Outcome, scene: &Scene) {
        self.asked.set(self.asked.get() + 1);
        let operation = &self.operations[row.operation];
        let mut path = scene.path(&operation.template, row);
        // Counting asks for the right to count, so that what must be refused is asked for without it.
        if operation.is_counted && expected == Outcome::Done {
            path += if path.contains('?') { "&" } else { "?" };
            path += "limit=100&count=true";
        }
        let body = scene.body(row).or_else(|| operation.example.clone());
        let sent = format!("{path} {}", body.as_ref().map(Value::to_string).unwrap_or_default());
        let client = self.cast.client(who);
        if row.thing == Thing::Timer && expected == Outcome::Done {
            let ticket = if who == Who::AgentY { &self.own.ticket } else { &self.theirs.ticket };
            client.post("/api/timer/start", json!({"ticket": ticket, "switch": true})).await.expect(201);
        }
        let answer = client
            .send(operation.method.clone(), &path, |request| match (&operation.file, &body) {
                (Some((kind, file)), _) => request.header("content-type", kind).body(file.clone()),
                (None, Some(body)) => request.json(body),
                (None, None) => request,
            })
            .await;
        let found = outcome(row, expected, &answer);
        let place = format!("{} by {who:?} on {:?} ({} {sent})", row.operation, row.thing, operation.method);
        let mut wrong = self.wrong.borrow_mut();
        if found != Ok(expected) {
            wrong.push(format!("{place}: {expected:?} was expected, not {} {}", answer.status, answer.text));
        }
        if let Some(secret) = self.told_secret(who, &sent, &answer) {
            wrong.push(format!("{place} tells {secret}: {} {:?} {}", answer.status, answer.headers, answer.text));
        }
        if let Some(wrong_total) = wrong_total(&answer) {
            wrong.push(format!("{place}: {wrong_total}"));
        }
    }

    /// What an answer holds, headers too, that is not for who got it and was not in the request.
    fn told_secret(&self, who: Who, sent: &str, answer: &Answer) -> Option<String> {
        let mut secrets = match who {
            Who::Nobody | Who::CustomerA => vec![TOLD, NAMED, NOTED, HIDDEN],
            Who::CustomerB => vec![NOTED, HIDDEN],
            Who::AgentY => vec![TOLD],
            _ => return None,
        };
        if matches!(who, Who::Nobody | Who::CustomerA) {
            secrets.extend(self.theirs.names());
        }
        let heard = format!("{:?}{}", answer.headers, answer.text).to_lowercase();
        let found =
            secrets.into_iter().find(|secret| !sent.contains(*secret) && heard.contains(&secret.to_lowercase()));
        found.map(str::to_owned)
    }

    /// Lists that are asked for B's things find none, and count none.
    pub async fn filters(&self) {
        let (theirs, agent) = (&self.theirs, self.cast.agent_x.id());
        let filters = [
            format!("customer_id={}", theirs.customer),
            format!("organization_id={}", theirs.organization),
            format!("team_id={}", theirs.team),
            format!("assigned_agent_id={agent}"),
            format!("category={TOLD}"),
            format!("tag={TOLD}"),
        ];
        for filter in filters {
            for sort in ["", "&sort=updated_at", "&sort=-priority", "&sort=status"] {
                let path = format!("/api/tickets?count=true&{filter}{sort}");
                assert_ne!(self.cast.manager.get(&path).await.expect(200)["total"], 0, "{path} finds them");
                for client in [&self.cast.customer_a, &self.cast.agent_y] {
                    let page = client.get(&path).await.expect(200);
                    assert_eq!((items(&page["items"]).len(), &page["total"]), (0, &Value::from(0)), "{path}");
                }
            }
        }
    }

    /// Who works on the own ticket and names B's in the body has named nothing.
    pub async fn bodies(&self) {
        let (own, theirs) = (&self.own, &self.theirs);
        let ticket = |part: &str| format!("/api/tickets/{}/{part}", own.ticket);
        let (a, y) = (&self.cast.customer_a, &self.cast.agent_y);
        let hidden = &theirs.number;
        let other = json!({"ticket": hidden, "type": "blocks"});
        let cases: [(&Client, String, Value, &str); 6] = [
            (y, ticket("links"), other, "ticket"),
            (y, ticket("merge"), json!({"into": hidden, "confirm_other_customer": true}), "into"),
            (y, ticket("split"), json!({"comment_id": theirs.comment, "subject": "Mine"}), "comment_id"),
            (y, ticket("split"), json!({"comment_id": theirs.note, "subject": "Mine"}), "comment_id"),
            (a, "/api/tickets".to_owned(), for_another(&theirs.customer), "customer_id"),
            (a, "/api/auth/register".to_owned(), with_a_role(), "role"),
        ];
        for (client, path, body, field) in cases {
            let answer = client.post(&path, body.clone()).await;
            assert_eq!(answer.wrong_fields(), [field], "{path} {body}");
            let said = answer.text.to_lowercase();
            assert!(!said.contains(TOLD) && !said.contains(NAMED), "{path}: {said}");
        }
        for (field, value) in [("role", "admin"), ("organization_id", &theirs.organization), ("id", &theirs.customer)] {
            let answer = a.patch("/api/auth/me", json!({field: value})).await;
            assert_eq!(answer.wrong_fields(), [field]);
        }
    }

    /// All that there is of B's, and all that was ever written, as an administrator reads it.
    async fn image(&self) -> Vec<(String, String)> {
        let theirs = &self.theirs;
        let ticket = |part: &str| format!("/api/tickets/{}{part}", theirs.ticket);
        let team = |part: &str| format!("/api/teams/{}{part}", theirs.team);
        let whole = [
            ticket(""),
            format!("/api/tickets/{}", theirs.other),
            format!("/api/tickets/{}", theirs.merged),
            format!("/api/users/{}", theirs.customer),
            format!("/api/organizations/{}", theirs.organization),
            team(""),
            "/api/inbound-policy".to_owned(),
        ];
        let lists = [
            ticket("/comments"),
            ticket("/time-entries"),
            ticket("/timeline"),
            ticket("/links"),
            ticket("/watchers"),
            team("/members"),
            format!("/api/api-keys?user_id={}", theirs.customer),
            "/api/users".to_owned(),
            "/api/custom-fields".to_owned(),
            "/api/calendars".to_owned(),
            "/api/sla-policies".to_owned(),
            "/api/canned-responses".to_owned(),
            "/api/macros".to_owned(),
            "/api/views".to_owned(),
            "/api/webhooks".to_owned(),
            "/api/email-templates".to_owned(),
            "/api/mailboxes".to_owned(),
            "/api/inbound".to_owned(),
            "/api/imports".to_owned(),
            ticket("/attachments"),
            "/api/audit".to_owned(),
        ];
        let mut image = Vec::new();
        for path in whole {
            let told = self.cast.admin.get(&path).await.expect(200);
            image.push((path, told.to_string()));
        }
        for path in lists {
            let told = self.cast.admin.all(&path).await;
            image.push((path, Value::from(told).to_string()));
        }
        let mut place = String::new();
        loop {
            let path = format!("/api/events?limit=100{place}");
            let page = self.cast.admin.get(&path).await.expect(200);
            if items(&page["items"]).is_empty() {
                return image;
            }
            place = format!("&after={}", text(&page["next_cursor"]));
            image.push((path, page.to_string()));
        }
    }

    fn report(&self) {
        let wrong = self.wrong.take();
        assert!(wrong.is_empty(), "{} of {} answers are wrong:\n{}", wrong.len(), self.asked.get(), wrong.join("\n"));
    }

    /// How many requests of the table were sent.
    pub fn asked(&self) -> usize {
        self.asked.get()
    }
}

fn for_another(customer: &str) -> Value {
    json!({"subject": "Mine", "description": "In another's name.", "customer_id": customer})
}

fn with_a_role() -> Value {
    json!({"email": "r@people.example", "name": "R", "password": super::server::PASSWORD, "role": "admin"})
}

fn operations(described: &Value) -> BTreeMap<String, Operation> {
    let mut found = BTreeMap::new();
    for (path, item) in described["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().expect("an operationId");
            let names = operation["parameters"].as_array().into_iter().flatten();
            let one = Operation {
                method: method.to_uppercase().parse().expect("a method"),
                template: path.clone(),
                example: example(described, operation),
                file: file(operation),
                is_counted: names.into_iter().any(|parameter| parameter["name"] == "count"),
            };
            assert!(found.insert(name.to_owned(), one).is_none(), "{name} is there twice");
        }
    }
    assert!(found.len() > 40, "only {} operations are described", found.len());
    found
}

/// The example of the body that an operation takes.
fn example(described: &Value, operation: &Value) -> Option<Value> {
    let schema = operation["requestBody"]["content"]["application/json"]["schema"].to_string();
    let name = schema.split_once("/schemas/")?.1.split('"').next()?;
    let example = &described["components"]["schemas"][name]["example"];
    assert!(!example.is_null(), "{name} has no example");
    Some(example.clone())
}

/// The file that an operation takes, with its type.
fn file(operation: &Value) -> Option<(String, String)> {
    let kinds = operation["requestBody"]["content"].as_object()?;
    kinds.iter().find_map(|(kind, content)| Some((kind.clone(), content["example"].as_str()?.to_owned())))
}

/// What came of a request. Of one change for many it is what came of the one ticket that it named.
fn outcome(row: &Row, expected: Outcome, answer: &Answer) -> Result<Outcome, u64> {
    let mut status = u64::from(answer.status);
    if let Outcome::Same(wanted) = expected
        && u64::from(wanted) == status
    {
        return Ok(expected);
    }
    if row.operation == "update_tickets" && status == 200 {
        status = answer.json()["items"][0]["error"]["status"].as_u64().unwrap_or(200);
    }
    // A ticket that is named in the body is not there for who may not see it.
    if row.operation == "start_timer" && status == 422 && answer.wrong_fields() == ["ticket"] {
        status = 404;
    }
    match status {
        200..300 => Ok(Outcome::Done),
        401 => Ok(Outcome::Unknown),
        403 if answer.json()["type"] == "/problems/scope" => Ok(Outcome::Closed),
        403 => Ok(Outcome::Forbidden),
        404 => Ok(Outcome::Absent),
        other => Err(other),
    }
}

/// A list that is whole has as many elements as it says: what is hidden does not count either.
fn wrong_total(answer: &Answer) -> Option<String> {
    let page: Value = serde_json::from_str(&answer.text).ok()?;
    let (total, items) = (page["total"].as_u64()?, page["items"].as_array()?);
    let is_wrong = page["next_cursor"].is_null() && total != items.len() as u64;
    is_wrong.then(|| format!("{total} are counted and {} told", items.len()))
}
