//! A customer's things on the desk, and how requests name them.

use super::cast::{Cast, HIDDEN, NOTED, Side, fresh};
use super::server::client::{Client, text};
use super::server::{ADMIN, PASSWORD, mail};
use super::table::{Row, Thing};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What belongs to one customer: a ticket in a team's hands with all that can hang on one, another, and
/// one that was merged into the first. Texts hold the side's word.
pub struct Scene {
    pub ticket: String,
    pub number: String,
    pub other: String,
    pub comment: String,
    pub note: String,
    time: String,
    pub link: String,
    pub merged: String,
    pub team: String,
    pub customer: String,
    pub organization: String,
    agent: String,
    manager: String,
    admin: String,
    told: Option<String>,
    key: Option<String>,
    sign_in: Option<String>,
    field: Option<String>,
    hook: Option<Hook>,
    rule: Option<String>,
    calendar: Option<String>,
    policy: Option<String>,
    letter: Option<Letter>,
    held: Option<String>,
    import: Option<String>,
    mailbox: Option<String>,
    quick: Option<Quick>,
    views: Option<Views>,
}

/// What staff answer with and do by one press: a canned response and a macro of everybody's, and of the agent's own.
struct Quick {
    canned: [String; 2],
    macros: [String; 2],
}

/// A view of everybody's, one of the team's, and one of the agent's own.
struct Views {
    all: String,
    team: String,
    own: String,
}

/// A mail that went to the ticket, and the file that it brought.
struct Letter {
    id: String,
    file: String,
}

/// A webhook, and a call to it that was given up.
struct Hook {
    id: String,
    made_at: String,
    delivery: String,
}

/// Where nobody listens; the matrix's servers may call it.
const NOWHERE: &str = "http://127.0.0.1:9/";
/// A mail that can be reworded.
const MAIL: &str = "escalation";
/// How long a call may take that nobody answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// A rule that is not looked at.
fn rule(name: &str) -> Value {
    json!({
        "name": name, "trigger_type": "sla_breach", "is_active": false,
        "actions": [{"type": "add_tags", "params": {"tags": ["late"]}}],
    })
}

/// A calendar that no other is called like.
fn calendar() -> Value {
    let mondays = json!({"monday": [{"start": "09:00", "end": "17:00"}]});
    json!({"name": fresh("Calendar #"), "time_zone": "Europe/Berlin", "weekly_hours": mondays})
}

/// An SLA policy that no other is called like. It is for no ticket, so that nobody finds another than the one made.
fn policy() -> Value {
    json!({
        "name": fresh("Policy #"), "targets": {"low": {"resolution": "3d"}},
        "conditions": [{"field": "subject", "operator": "equals", "value": "no ticket is called so"}],
    })
}

/// A canned response and a macro, for whoever sees them.
fn quick(visibility: &str) -> [Value; 2] {
    let said = json!([{"type": "add_comment", "params": {"body": "Hello {{customer_name}}"}}]);
    [
        json!({"title": NOTED, "content": "Hello {{customer_name}}", "visibility": visibility}),
        json!({"name": NOTED, "visibility": visibility, "actions": said}),
    ]
}

/// A view with all tickets, for whoever sees it.
fn view(visibility: &str, team: Option<&String>) -> Value {
    json!({"name": NOTED, "visibility": visibility, "team_id": team, "conditions": []})
}

/// A mailbox that no other has the address of.
fn mailbox() -> Value {
    json!({"name": "New", "address": fresh("m#@desk.example")})
}

/// Posts what must succeed, and gives the field `id` of the answer.
async fn make(client: &Client, path: &str, body: Value) -> String {
    let answer = client.post(path, body).await;
    assert!((200..300).contains(&answer.status), "{path}: {}", answer.text);
    text(&answer.json()["id"])
}

impl Scene {
    pub async fn set(cast: &Cast, side: &Side<'_>) -> Self {
        let (admin, word) = (&cast.admin, side.word);
        let team = make(admin, "/api/teams", json!({"name": fresh("Team #"), "routing": "manual"})).await;
        let member = json!({"user_id": side.agent.id(), "role": "member"});
        admin.post(&format!("/api/teams/{team}/members"), member).await.expect(201);
        let new = json!({
            "subject": format!("The {word} is ill"), "description": format!("My {word} does not sing."),
            "category": word, "tags": [word], "custom_fields": {HIDDEN: format!("{NOTED} {word}")}, "customer_id": side.customer.id(),
            "team_id": team, "assigned_agent_id": side.agent.id(),
        });
        let [mut number, mut ids] = [String::new(), String::new()].map(|_| Vec::new());
        for _ in 0..3 {
            let made = admin.post("/api/tickets", new.clone()).await.expect(201);
            number.push(text(&made["ticket_number"]));
            ids.push(text(&made["id"]));
        }
        let [ticket, other, merged] = <[String; 3]>::try_from(ids).expect("three tickets");
        let path = |id: &str, part: &str| format!("/api/tickets/{id}/{part}");
        let said = json!({"body": format!("The {word} coughs."), "is_internal": false});
        make(side.customer, &path(&merged, "comments"), said.clone()).await;
        let comment = make(side.customer, &path(&ticket, "comments"), said).await;
        let noted = json!({"body": format!("{NOTED}: that {word} again."), "is_internal": true});
        let note = make(side.agent, &path(&ticket, "comments"), noted).await;
        let spent = json!({"hours": 0.5, "description": format!("{NOTED}: listened to the {word}.")});
        let time = make(side.agent, &path(&ticket, "time-entries"), spent).await;
        make(admin, &path(&merged, "merge"), json!({"into": ticket})).await;
        let link = make(admin, &path(&ticket, "links"), json!({"ticket": other, "type": "relates"})).await;
        let watcher = json!({"user_id": cast.manager.id()});
        admin.post(&path(&ticket, "watchers"), watcher).await.expect(201);
        let reason = json!({"reason": format!("{NOTED}: the {word} is a rare one.")});
        admin.post(&path(&ticket, "escalate"), reason).await.expect(200);
        Self {
            number: number.swap_remove(0),
            customer: side.customer.id(),
            organization: side.organization.to_owned(),
            agent: side.agent.id(),
            manager: cast.manager.id(),
            admin: admin.id(),
            told: None,
            key: None,
            sign_in: None,
            field: None,
            hook: None,
            rule: None,
            calendar: None,
            policy: None,
            letter: None,
            held: None,
            import: None,
            mailbox: None,
            quick: None,
            views: None,
            ticket,
            other,
            comment,
            note,
            time,
            link,
            merged,
            team,
        }
    }

    /// The same with a key of the customer's. Nobody has many, so only those scenes have one that need it.
    pub async fn with_key(mut self, side: &Side<'_>) -> Self {
        let new = json!({"name": side.word, "scopes": ["tickets:read"]});
        self.key = Some(make(side.customer, "/api/api-keys", new).await);
        self
    }

    /// The same with a sign-in of the customer's at another browser.
    pub async fn with_sign_in(mut self, side: &Side<'_>) -> Self {
        let me = side.customer.get("/api/auth/me").await.expect(200);
        let login = json!({"email": me["email"], "password": PASSWORD});
        side.customer.post("/api/auth/login", login).await.expect(200);
        self.sign_in = Some(text(&side.customer.get("/api/auth/sessions").await.expect(200)["items"][0]["id"]));
        self
    }

    /// The same with what the customer was told.
    pub async fn with_told(mut self, side: &Side<'_>) -> Self {
        let told = side.customer.get(&format!("/api/notifications?ticket={}", self.ticket)).await.expect(200);
        self.told = Some(text(&told["items"][0]["id"]));
        self
    }

    /// The same with a custom field for staff. A desk has not endlessly many.
    pub async fn with_field(mut self, cast: &Cast) -> Self {
        let new = json!({"key": fresh("f#"), "label": NOTED, "field_type": "text"});
        self.field = Some(make(&cast.admin, "/api/custom-fields", new).await);
        self
    }

    /// The same with a webhook that can't be reached. A desk has not endlessly many.
    pub async fn with_hook(mut self, cast: &Cast) -> Self {
        let new = json!({"name": NOTED, "url": NOWHERE, "event_types": ["sla.breached"], "timeout_ms": 1_000});
        let made = cast.admin.post("/api/webhooks", new).await.expect(201);
        let (id, made_at) = (text(&made["id"]), text(&made["created_at"]));
        let delivery = make(&cast.admin, &format!("/api/webhooks/{id}/test"), json!({})).await;
        let begun = Instant::now();
        let path = format!("/api/webhook-deliveries/{delivery}");
        while cast.admin.get(&path).await.expect(200)["status"] == "pending" {
            assert!(begun.elapsed() < PATIENCE, "{path} is not given up");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.hook = Some(Hook { id, made_at, delivery });
        self
    }

    /// The same with a rule that was changed once. A desk has not endlessly many.
    pub async fn with_rule(mut self, cast: &Cast) -> Self {
        let id = make(&cast.admin, "/api/workflows", rule(NOTED)).await;
        let path = format!("/api/workflows/{id}");
        cast.admin.send(Method::PATCH, &path, |request| request.json(&json!({"stop": true}))).await.expect(200);
        self.rule = Some(id);
        self
    }

    /// The same with an SLA policy. A desk has not endlessly many.
    pub async fn with_policy(mut self, cast: &Cast) -> Self {
        self.policy = Some(make(&cast.admin, "/api/sla-policies", policy()).await);
        self
    }

    /// The same with a calendar. A desk has not endlessly many.
    pub async fn with_calendar(mut self, cast: &Cast) -> Self {
        self.calendar = Some(make(&cast.admin, "/api/calendars", calendar()).await);
        self
    }

    /// The same with its ticket resolved.
    pub async fn with_resolved(self, cast: &Cast) -> Self {
        let path = format!("/api/tickets/{}", self.ticket);
        let resolved = json!({"status": "resolved", "ignore_blockers": true});
        cast.admin.send(Method::PATCH, &path, |request| request.json(&resolved)).await.expect(200);
        self
    }

    /// The same with a mail that was reworded.
    pub async fn with_mail(self, cast: &Cast) -> Self {
        let texts = json!({"subject": NOTED, "html": "{{ticket_number}}", "text": "{{ticket_number}}"});
        let path = format!("/api/email-templates/{MAIL}");
        cast.admin.send(Method::PUT, &path, |request| request.json(&texts)).await.expect(200);
        self
    }

    /// The same with a mail of the customer's on the ticket, which brought a file.
    pub async fn with_letter(mut self, cast: &Cast, side: &Side<'_>) -> Self {
        let (id, from) = (text(&fresh("letter-#")), text(&side.customer.user["email"]));
        let subject = format!("Re: [{}] The {} is ill", self.number, side.word);
        let line = format!("The {} sneezes.", side.word);
        let mail = mail::letter_with_file(&id, &from, &subject, &line, side.word);
        let taken = mail::bring(&cast.stranger, &mail).await.expect(201);
        let done = mail::read(&cast.admin, &text(&taken["id"])).await;
        assert_eq!(done["state"], "threaded", "{done}");
        let files = cast.admin.get(&format!("/api/tickets/{}/attachments", self.ticket)).await.expect(200);
        self.letter = Some(Letter { id: text(&done["id"]), file: text(&files["items"][0]["id"]) });
        self
    }

    /// The same with a mail that waits for an administrator.
    pub async fn with_held(mut self, cast: &Cast) -> Self {
        let mail = mail::letter(&text(&fresh("held-#")), &text(&fresh("h#@spam.example")), "Win", "You have won.");
        let taken = mail::bring(&cast.stranger, &format!("X-Spam-Flag: YES\r\n{mail}")).await.expect(201);
        let done = mail::read(&cast.admin, &text(&taken["id"])).await;
        assert_eq!(done["state"], "held", "{done}");
        self.held = Some(text(&done["id"]));
        self
    }

    /// The same with a table that was looked through.
    pub async fn with_import(mut self, cast: &Cast) -> Self {
        let table = format!("name\n{}\n", text(&fresh("table-#")));
        let send = cast.admin.send(Method::POST, "/api/imports?kind=organizations&dry_run=true", |request| {
            request.header("content-type", "text/csv").body(table)
        });
        let path = format!("/api/imports/{}", text(&send.await.expect(201)["id"]));
        let begun = Instant::now();
        while cast.admin.get(&path).await.expect(200)["can_run"] == false {
            assert!(begun.elapsed() < PATIENCE, "{path} is not looked through");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.import = path.rsplit('/').next().map(str::to_owned);
        self
    }

    /// The same with a mailbox. A desk has not endlessly many.
    pub async fn with_mailbox(mut self, cast: &Cast) -> Self {
        self.mailbox = Some(make(&cast.admin, "/api/mailboxes", mailbox()).await);
        self
    }

    /// The same with what staff answer with and do by one press. Neither a desk nor a person has endlessly many.
    pub async fn with_quick(mut self, cast: &Cast, side: &Side<'_>) -> Self {
        let [of_all, of_own] = ["all", "private"].map(quick);
        let ([canned, quick], [own_canned, own_quick]) = (of_all, of_own);
        self.quick = Some(Quick {
            canned: [
                make(&cast.manager, "/api/canned-responses", canned).await,
                make(side.agent, "/api/canned-responses", own_canned).await,
            ],
            macros: [make(&cast.manager, "/api/macros", quick).await, make(side.agent, "/api/macros", own_quick).await],
        });
        self
    }

    /// The same with views. Neither a desk nor a person has endlessly many.
    pub async fn with_views(mut self, cast: &Cast, side: &Side<'_>) -> Self {
        let view = |visibility: &str| view(visibility, (visibility == "team").then_some(&self.team));
        self.views = Some(Views {
            all: make(&cast.manager, "/api/views", view("all")).await,
            team: make(&cast.manager, "/api/views", view("team")).await,
            own: make(side.agent, "/api/views", view("private")).await,
        });
        self
    }

    /// The path of an operation with the scene's things in it.
    pub fn path(&self, template: &str, row: &Row) -> String {
        let mut area = "";
        let mut path = Vec::new();
        for part in template.split('/') {
            let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            path.push(name.map_or(part, |name| self.named(area, name, row)));
            area = part;
        }
        let query = match row.operation {
            "summarize_time" => "?group_by=ticket".to_owned(),
            "create_import" => "?kind=tickets&dry_run=true".to_owned(),
            "purge_jobs" => "?state=done,dead&ended_before=2020-01-01".to_owned(),
            "compare_workflow_versions" => "?from=1&to=2".to_owned(),
            _ if row.thing == Thing::Keys => format!("?user_id={}", self.customer),
            _ => String::new(),
        };
        path.join("/") + &query
    }

    fn named(&self, area: &str, name: &str, row: &Row) -> &str {
        match (area, name) {
            ("tickets", "ticket") if row.operation == "unmerge_ticket" => &self.merged,
            ("tickets", "ticket") if row.operation == "show_ticket" => &self.number,
            ("tickets", "ticket") => &self.ticket,
            ("comments", "id") if matches!(row.thing, Thing::Note | Thing::NotedWord) => &self.note,
            ("comments", "id") => &self.comment,
            ("time-entries", "id") => &self.time,
            ("links", "id") => &self.link,
            ("watchers", "user_id") => &self.manager,
            ("users", "id") if row.thing == Thing::Administrator => &self.admin,
            ("users", "id") => &self.customer,
            ("organizations", "id") => &self.organization,
            ("teams", "id") => &self.team,
            ("members", "user_id") => &self.agent,
            ("custom-fields", "id") => self.field.as_ref().expect("a scene with a field"),
            ("api-keys", "id") => self.key.as_ref().expect("a scene with a key"),
            ("sessions", "id") => self.sign_in.as_ref().expect("a scene with a sign-in"),
            ("notifications", "id") => self.told.as_ref().expect("a scene with what was told"),
            ("webhooks", "id") => &self.hook().id,
            ("webhook-deliveries" | "jobs", "id") => &self.hook().delivery,
            ("email-templates", "type") => MAIL,
            ("workflows", "id") => self.rule.as_ref().expect("a scene with a rule"),
            ("sla-policies", "id") => self.policy.as_ref().expect("a scene with a policy"),
            ("calendars", "id") => self.calendar.as_ref().expect("a scene with a calendar"),
            ("inbound", "id") if row.thing == Thing::Held => self.held.as_ref().expect("a scene with a held mail"),
            ("inbound" | "mails", "id") => &self.letter().id,
            ("attachments", "id") => &self.letter().file,
            ("imports", "id") => self.import.as_ref().expect("a scene with a table"),
            ("mailboxes", "id") => self.mailbox.as_ref().expect("a scene with a mailbox"),
            ("canned-responses", "id") => &self.quick().canned[usize::from(row.thing == Thing::OwnQuick)],
            ("macros", "id") => &self.quick().macros[usize::from(row.thing == Thing::OwnQuick)],
            ("views", "id") => {
                let views = self.views.as_ref().expect("a scene with views");
                match row.thing {
                    Thing::TeamView | Thing::LedView => &views.team,
                    Thing::OwnView => &views.own,
                    _ => &views.all,
                }
            }
            ("versions", "version") => "1",
            _ => panic!("{}: say here what {{{name}}} names behind {area}", row.operation),
        }
    }

    fn quick(&self) -> &Quick {
        self.quick.as_ref().expect("a scene with what staff do by one press")
    }

    fn letter(&self) -> &Letter {
        self.letter.as_ref().expect("a scene with a mail")
    }

    fn hook(&self) -> &Hook {
        self.hook.as_ref().expect("a scene with a webhook")
    }

    /// The body of an operation, where its example names what is not there or what can be there only once.
    pub fn body(&self, row: &Row) -> Option<Value> {
        Some(match row.operation {
            "sign_in" => json!({"email": ADMIN, "password": PASSWORD}),
            "register" => json!({"email": fresh("r#@people.example"), "name": "Rita", "password": PASSWORD}),
            "create_user" => {
                let role = if row.thing == Thing::Administrator { "admin" } else { "customer" };
                json!({"email": fresh("n#@people.example"), "name": "Nora", "role": role})
            }
            "update_user" => json!({"locale": "de"}),
            "create_organization" => json!({"name": fresh("Company #")}),
            "update_organization" => json!({"domains": [fresh("d#.example")]}),
            "create_custom_field" => json!({"key": fresh("f#"), "label": "New", "field_type": "text"}),
            "update_custom_field" => json!({"label": "Other"}),
            "create_webhook" => json!({"name": "New", "url": NOWHERE, "event_types": ["sla.breached"]}),
            "update_webhook" => json!({"timeout_ms": 2_000}),
            "replay_webhook" => json!({"since": self.hook().made_at}),
            // Switched off, so that nothing happens by itself to what others look at.
            "create_workflow" | "replace_workflow" => rule("New"),
            "update_workflow" => json!({"description": "Other"}),
            "dry_run_workflow" => json!({"ticket": self.number}),
            "create_calendar" => calendar(),
            "create_sla_policy" => policy(),
            "create_mailbox" => mailbox(),
            "render_canned_response" => json!({ "ticket": self.ticket }),
            "create_view" if row.thing == Thing::LedView => view("team", Some(&self.team)),
            "create_team" => json!({"name": fresh("Other team #")}),
            "add_member" => json!({"user_id": self.manager, "role": "member"}),
            "update_tickets" => json!({"tickets": [self.number], "changes": {"priority": "low"}}),
            "link_tickets" => json!({"ticket": self.other, "type": "blocks"}),
            "merge_ticket" => json!({"into": self.other}),
            "start_timer" => json!({"ticket": self.number, "switch": true}),
            "split_ticket" => json!({"comment_id": self.comment, "subject": "Another bird"}),
            "watch_ticket" => json!({"user_id": self.agent}),
            "read_all_notifications" => json!({}),
            _ => return None,
        })
    }

    /// Names that whoever may not see the scene never hears.
    pub fn names(&self) -> [&str; 9] {
        [
            &self.ticket,
            &self.number,
            &self.other,
            &self.merged,
            &self.comment,
            &self.note,
            &self.link,
            &self.customer,
            &self.organization,
        ]
    }
}
