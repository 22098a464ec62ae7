//! The description against what the router does: queries as they are taken, answers as they come.

mod tend;

use crate::letter::{SECRET, letter, signature};
use crate::support::*;
use axum::Router;
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use ticketing_core::desk::work::WorkOptions;
use ticketing_http::openapi;

const ID: &str = "01890000-0000-7000-8000-000000000000";
/// A view that is there on every desk.
const BUILT_IN_VIEW: &str = "00000000-0000-7000-8000-000000000001";

fn operations() -> impl Iterator<Item = (&'static str, Method, &'static Value)> {
    openapi()["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        let each = item.as_object().unwrap().iter();
        each.map(move |(method, operation)| (path.as_str(), method.to_uppercase().parse().unwrap(), operation))
    })
}

fn query_names(operation: &Value) -> BTreeSet<&str> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.filter(|parameter| parameter["in"] == "query").filter_map(|parameter| parameter["name"].as_str()).collect()
}

#[tokio::test]
async fn the_parameters_that_are_described_are_those_that_are_taken() {
    let world = world().await;
    let ticket = world.ticket("Any").await;
    let team = world.send(post("/api/teams", &json!({"name": "Night"})).by(&world.admin)).await.ok(201);
    let all: BTreeSet<_> = operations().flat_map(|(_, _, operation)| query_names(operation)).collect();
    let mut lists = 0;
    for (path, method, operation) in operations() {
        let known = query_names(operation);
        if method != Method::GET || known.is_empty() {
            continue;
        }
        lists += 1;
        let id = if path.starts_with("/api/views/") { BUILT_IN_VIEW } else { text(&team, "id") };
        let path = path.replace("{ticket}", text(&ticket, "id")).replace("{id}", id);
        let path = path.replace("{type}", "ticket_created");
        for name in &all {
            let answer = world.send(get(format!("{path}?{name}=%00")).by(&world.admin)).await;
            let said = answer.problem(422, "invalid");
            assert_eq!(said["errors"][0]["code"], "control_character", "{path} {name}");
            let answer = world.send(get(format!("{path}?{name}=~")).by(&world.admin)).await;
            let unknown = answer.text().contains("unknown_parameter");
            assert_ne!(unknown, known.contains(name), "{path} {name}: {}", answer.text());
        }
    }
    assert!(lists > 10, "{lists}");
}

/// What a value says, against the schema that describes it: nothing missing, nothing untold.
fn compare(value: &Value, schema: &Value, place: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        return compare(value, openapi().pointer(name.trim_start_matches('#')).unwrap(), place);
    }
    if let Some(items) = value.as_array().filter(|_| schema["items"].is_object()) {
        return items.iter().for_each(|item| compare(item, &schema["items"], place));
    }
    let (Some(fields), Some(properties)) = (value.as_object(), schema["properties"].as_object()) else { return };
    for (name, inner) in fields {
        let property = properties.get(name).unwrap_or_else(|| panic!("{place}.{name} is not described: {value}"));
        compare(inner, property, &format!("{place}.{name}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(fields.contains_key(name), "{place}.{name} is not there: {value}");
    }
}

/// Does what an operation describes: the body of its example, or another where that names what is not there.
async fn perform(world: &World, name: &str, path: &str, body: Option<Value>) -> Value {
    perform_by(world, &world.admin, name, path, body).await
}

async fn perform_by(world: &World, person: &Person, name: &str, path: &str, body: Option<Value>) -> Value {
    let (template, method, operation) =
        operations().find(|(.., operation)| operation["operationId"] == name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(template.split('/').count(), path.split('?').next().unwrap().split('/').count(), "{name}: {path}");
    let schema = operation["requestBody"]["content"]["application/json"]["schema"].to_string();
    let example = schema.rsplit("/schemas/").next().and_then(|rest| rest.split('"').next());
    let example = example.map(|kind| openapi()["components"]["schemas"][kind]["example"].clone());
    let example = example.filter(|example| !example.is_null());
    let mut request = call(method, path).by(person);
    if let Some(body) = body.or_else(|| example.filter(|_| operation["requestBody"].is_object())) {
        request = request.json(&body);
    }
    for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
        if let Some(file) = content["example"].as_str() {
            request = request.raw(kind, file);
            if name == "take_in_mail" {
                request = request.with("x-inbound-signature", signature(SECRET, file.as_bytes()));
            }
        }
    }
    let answer = world.send(request).await;
    let status = answer.status.as_u16().to_string();
    let described = &operation["responses"][&status];
    assert!(answer.status.is_success() && described.is_object(), "{name}: {status} {}", answer.text());
    for header in described["headers"].as_object().unwrap().keys() {
        let may_lack = matches!(header.as_str(), "Link" | "Idempotency-Replayed");
        let limit = header.starts_with("RateLimit");
        assert!(may_lack || limit || answer.headers.contains_key(header), "{name}: {header}");
    }
    let schema = &described["content"]["application/json"]["schema"];
    assert_eq!(answer.body.is_empty(), described.get("content").is_none(), "{name}");
    let value = if schema.is_object() { answer.json() } else { Value::Null };
    compare(&value, schema, name);
    value
}

/// A walk through the API with the examples of the description.
#[tokio::test]
async fn examples_work_and_answers_are_as_described() {
    let world = world().await;
    let id = |value: &Value| text(value, "id").to_owned();
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(&world, name, path, body).await;

    do_it("sign_in", "/api/auth/login", Some(json!({"email": "ada@desk.example", "password": PASSWORD}))).await;
    let sessions = do_it("list_sessions", "/api/auth/sessions?limit=1", None).await;
    do_it("end_session", &format!("/api/auth/sessions/{}", id(&sessions["items"][0])), None).await;
    do_it("register", "/api/auth/register", None).await;
    do_it("show_welcome", "/api/welcome", None).await;
    do_it("show_me", "/api/auth/me", None).await;
    do_it("update_me", "/api/auth/me", None).await;
    do_it("list_my_teams", "/api/auth/me/teams", None).await;
    do_it("forgot_password", "/api/auth/password/forgot", None).await;
    do_it("create_api_key", "/api/api-keys", None).await;
    let keys = do_it("list_api_keys", "/api/api-keys", None).await;
    do_it("revoke_api_key", &format!("/api/api-keys/{}", id(&keys["items"][0])), None).await;

    let user = do_it("create_user", "/api/users", None).await;
    do_it("show_user", &format!("/api/users/{}", id(&user)), None).await;
    do_it("update_user", &format!("/api/users/{}", id(&user)), None).await;
    do_it("list_users", "/api/users?count=true&limit=1", None).await;
    let company = do_it("create_organization", "/api/organizations", None).await;
    do_it("show_organization", &format!("/api/organizations/{}", id(&company)), None).await;
    do_it("update_organization", &format!("/api/organizations/{}", id(&company)), None).await;
    do_it("list_organizations", "/api/organizations", None).await;
    let team = do_it("create_team", "/api/teams", None).await;
    let team = format!("/api/teams/{}", id(&team));
    do_it("show_team", &team, None).await;
    do_it("update_team", &team, None).await;
    do_it("list_teams", "/api/teams", None).await;
    let member = json!({"user_id": world.agent.id(), "role": "lead"});
    do_it("add_member", &format!("{team}/members"), Some(member)).await;
    do_it("list_members", &format!("{team}/members"), None).await;
    do_it("update_member", &format!("{team}/members/{}", world.agent.id()), None).await;
    do_it("update_team", &team, Some(json!({"routing": "round_robin"}))).await;
    let routed = json!({"subject": "Routed", "description": "To anybody", "team_id": text(&world.send(get(&team).by(&world.admin)).await.ok(200), "id")});
    let routed = do_it("create_ticket", "/api/tickets", Some(routed)).await;
    do_it("show_team_load", &format!("{team}/load"), None).await;
    do_it("report_team", &format!("{team}/analytics?from=2020-01-01&time_zone=Europe/Berlin"), None).await;
    do_it("list_team_routing", &format!("{team}/routing"), None).await;
    do_it("list_ticket_routing", &format!("/api/tickets/{}/routing", id(&routed)), None).await;
    // What is promised later is promised to what is open.
    do_it("update_ticket", &format!("/api/tickets/{}", id(&routed)), Some(json!({"status": "closed"}))).await;
    do_it("remove_member", &format!("{team}/members/{}", world.agent.id()), None).await;
    do_it("delete_team", &team, None).await;

    let field = do_it("create_custom_field", "/api/custom-fields", None).await;
    let field = format!("/api/custom-fields/{}", id(&field));
    do_it("show_custom_field", &field, None).await;
    do_it("update_custom_field", &field, None).await;
    do_it("list_custom_fields", "/api/custom-fields", None).await;
    do_it("delete_custom_field", &field, None).await;

    let first = do_it("create_ticket", "/api/tickets", None).await;
    let (number, path) = (text(&first, "ticket_number"), format!("/api/tickets/{}", id(&first)));
    do_it("show_ticket", &format!("/api/tickets/{number}"), None).await;
    do_it("update_ticket", &path, None).await;
    do_it("assign_ticket", &format!("{path}/assign"), None).await;
    do_it("escalate_ticket", &format!("{path}/escalate"), None).await;
    do_it("deescalate_ticket", &format!("{path}/deescalate"), None).await;
    let changes = json!({"tickets": [number, "TKT-222222"], "changes": {"priority": "low"}});
    do_it("update_tickets", "/api/tickets/bulk", Some(changes)).await;
    let comment = do_it("add_comment", &format!("{path}/comments"), None).await;
    do_it("show_comment", &format!("/api/comments/{}", id(&comment)), None).await;
    do_it("edit_comment", &format!("/api/comments/{}", id(&comment)), None).await;
    do_it("list_comments", &format!("{path}/comments"), None).await;
    let split = json!({"comment_id": comment["id"], "subject": "Another thing"});
    let second = do_it("split_ticket", &format!("{path}/split"), Some(split)).await;
    let third = do_it("create_ticket", "/api/tickets", None).await;
    let link = json!({"ticket": second["ticket_number"], "type": "blocks"});
    let link = do_it("link_tickets", &format!("/api/tickets/{}/links", id(&third)), Some(link)).await;
    do_it("list_links", &format!("/api/tickets/{}/links", id(&third)), None).await;
    do_it("unlink_tickets", &format!("/api/tickets/{}/links/{}", id(&third), id(&link)), None).await;
    let watcher = json!({"user_id": world.agent.id()});
    do_it("watch_ticket", &format!("{path}/watchers"), Some(watcher)).await;
    do_it("list_watchers", &format!("{path}/watchers"), None).await;
    do_it("unwatch_ticket", &format!("{path}/watchers/{}", world.agent.id()), None).await;
    spend_time(&world, &path).await;
    do_it("suggest_mentions", &format!("{path}/mentions?q=am"), None).await;
    be_told(&world, &path).await;
    do_it("merge_ticket", &format!("{path}/merge"), Some(json!({"into": third["id"]}))).await;
    do_it("count_tickets", "/api/tickets/counts", None).await;
    do_it("list_tickets", "/api/tickets?status=open,closed&sort=-priority&limit=2&count=true", None).await;
    let view = do_it("create_view", "/api/views", None).await;
    let view = format!("/api/views/{}", id(&view));
    do_it("show_view", &view, None).await;
    do_it("list_view_tickets", &format!("{view}/tickets?status=open&count=true"), None).await;
    do_it("update_view", &view, None).await;
    do_it("list_views", "/api/views?hidden=true&count=true", None).await;
    do_it("count_views", "/api/views/counts", None).await;
    do_it("delete_view", &view, None).await;
    do_it("unmerge_ticket", &format!("{path}/unmerge"), None).await;
    tend::tend_to_the_desk(&world).await;
    do_it("show_timeline", &format!("{path}/timeline"), None).await;
    do_it("list_events", "/api/events", None).await;
    do_it("list_audit", "/api/audit", None).await;
    do_it("verify_audit", "/api/audit/verify", None).await;
    for (name, path) in [("is_alive", "/healthz"), ("is_ready", "/readyz"), ("show_metrics", "/metrics")] {
        do_it(name, path, None).await;
    }
    let theirs = format!("/api/tickets/{}", id(&world.ticket("The customer's").await));
    world.send(patch(&theirs, &json!({"status": "resolved"})).by(&world.admin)).await.ok(200);
    perform_by(&world, &world.customer, "reopen_ticket", &format!("{theirs}/reopen"), None).await;
    perform_by(&world, &world.customer, "close_ticket", &format!("{theirs}/close"), None).await;
    perform_by(&world, &world.customer, "list_tickets", "/api/tickets", None).await;
    do_it("sign_out_everywhere", "/api/auth/logout-all", None).await;
}

/// What the administrator is told of a ticket that was given to the administrator.
async fn be_told(world: &World, ticket: &str) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    let watcher = json!({"user_id": world.admin.id()});
    do_it("watch_ticket", &format!("{ticket}/watchers"), Some(watcher)).await;
    let comments = format!("{ticket}/comments");
    let said = Some(json!({"body": "Somebody else should look at it."}));
    perform_by(world, &world.agent, "add_comment", &comments, said).await;
    let nobody = Some(json!({"body": "As @nobody@nowhere.example said."}));
    let warned = do_it("add_comment", &comments, nobody).await;
    assert_eq!(warned["warnings"][0]["code"], "mention_without_access");
    let told = do_it("list_notifications", "/api/notifications?unread=true&count=true", None).await;
    assert_eq!(told["total"], 1, "{told}");
    let count = do_it("count_unread_notifications", "/api/notifications/unread/count", None).await;
    assert_eq!(count["count"], 1);
    let id = text(&told["items"][0], "id");
    do_it("read_notification", &format!("/api/notifications/{id}/read"), None).await;
    do_it("read_all_notifications", "/api/notifications/read-all", None).await;
}

/// What is logged on a ticket, by hand and by the clock.
async fn spend_time(world: &World, ticket: &str) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    do_it("update_time_tracking", "/api/time-tracking", None).await;
    let company = json!({"organization_id": world.organization.id, "amount_minor": 12_000, "currency": "EUR"});
    do_it("update_time_tracking", "/api/time-tracking", Some(json!({"rates": [company]}))).await;
    do_it("show_time_tracking", "/api/time-tracking", None).await;
    let path = format!("{ticket}/time-entries");
    do_it("log_time", &path, None).await;
    let twice = do_it("log_time", &path, None).await;
    assert_eq!(twice["warnings"][0]["code"], "overlap", "{twice}");
    do_it("list_ticket_time_entries", &format!("{path}?limit=1&count=true"), None).await;
    let start = json!({"ticket": ticket.rsplit('/').next()});
    do_it("start_timer", "/api/timer/start", Some(start.clone())).await;
    do_it("show_timer", "/api/timer", None).await;
    do_it("pause_timer", "/api/timer/pause", None).await;
    do_it("resume_timer", "/api/timer/resume", None).await;
    let switched = json!({"ticket": start["ticket"], "switch": true});
    do_it("start_timer", "/api/timer/start", Some(switched)).await;
    do_it("stop_timer", "/api/timer/stop", None).await;
    do_it("start_timer", "/api/timer/start", Some(start)).await;
    do_it("discard_timer", "/api/timer", None).await;
    do_it("show_timer", "/api/timer", None).await;
    let entry = format!("/api/time-entries/{}", text(&twice, "id"));
    do_it("show_time_entry", &entry, None).await;
    do_it("update_time_entry", &entry, None).await;
    do_it("list_time_entries", "/api/time-entries?user_id=me&limit=1&count=true", None).await;
    for group_by in ["ticket", "agent", "customer", "organization", "day", "week", "month"] {
        do_it("summarize_time", &format!("/api/time-entries/summary?group_by={group_by}"), None).await;
    }
    do_it("delete_time_entry", &entry, None).await;
}

#[tokio::test]
async fn the_description_and_its_page_follow_where_the_router_is_nested() {
    let world = world().await;
    let nested = Router::new().nest("/support", world.app.clone());
    let served = get("/api/openapi.json").send(&world.app).await.ok(200);
    assert_eq!(&served, openapi());
    let served = get("/support/api/openapi.json").send(&nested).await.ok(200);
    assert_eq!(served["servers"], json!([{"url": "/support"}]));
    let page = get("/support/docs").send(&nested).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (308, "docs/"));
    for file in ["", "index.css", "swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"] {
        let answer = get(format!("/support/docs/{file}")).send(&nested).await;
        assert_eq!(answer.status, 200, "{file}");
        assert!(answer.header("content-security-policy").contains("script-src 'self'"), "{file}");
    }
    let start = get("/support/docs/swagger-initializer.js").send(&nested).await.text();
    assert!(start.contains("../api/openapi.json"), "{start}");
    for strange in ["/docs/nothing.js", "/docs/..%2fsecret", &format!("/docs/{ID}")] {
        get(strange).send(&world.app).await.problem(404, "not_found");
    }
}
