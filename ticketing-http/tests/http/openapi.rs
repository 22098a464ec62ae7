//! The description against what the router does: queries as they are taken, answers as they come.

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
    tend_to_the_desk(&world).await;
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

/// What an administrator does for the desk as a whole.
async fn tend_to_the_desk(world: &World) {
    let id = |value: &Value| text(value, "id").to_owned();
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    let webhook = do_it("create_webhook", "/api/webhooks", None).await;
    let webhook = format!("/api/webhooks/{}", id(&webhook));
    do_it("show_webhook", &webhook, None).await;
    do_it("list_webhooks", "/api/webhooks", None).await;
    do_it("update_webhook", &webhook, None).await;
    let delivery = do_it("test_webhook", &format!("{webhook}/test"), None).await;
    let since = json!({"since": world.desk.now()});
    let replay = do_it("replay_webhook", &format!("{webhook}/replay"), Some(since)).await;
    do_it("show_job", &format!("/api/jobs/{}", id(&replay)), None).await;
    do_it("list_webhook_deliveries", &format!("{webhook}/deliveries"), None).await;
    let delivery = format!("/api/webhook-deliveries/{}", id(&delivery));
    // Nobody calls endpoints here, so every call is one that failed.
    world.desk.workers(WorkOptions::default()).run_due(100).await.unwrap();
    let told = do_it("show_webhook_delivery", &delivery, None).await;
    assert_eq!(text(&told, "status"), "dead", "{told}");
    do_it("redeliver_webhook", &format!("{delivery}/redeliver"), None).await;
    world.pass(TimeDelta::seconds(1));
    world.desk.workers(WorkOptions::default()).run_due(100).await.unwrap();
    do_it("list_jobs", "/api/jobs", None).await;
    do_it("retry_job", &format!("/api/jobs/{}/retry", id(&told)), None).await;
    do_it("purge_jobs", "/api/jobs?state=done,dead&ended_before=2026-01-01", None).await;
    do_it("delete_webhook", &webhook, None).await;

    tend_to_the_rules(world).await;
    tend_to_the_calendars(world).await;
    tend_to_the_promises(world).await;
    tend_to_the_mail(world).await;
    tend_to_tables(world).await;
    tend_to_canned_responses(world).await;

    let mail = "/api/email-templates/ticket_created";
    do_it("list_email_templates", "/api/email-templates", None).await;
    do_it("show_email_template", mail, None).await;
    do_it("replace_email_template", mail, None).await;
    do_it("preview_email_template", &format!("{mail}/preview"), None).await;
    do_it("delete_email_template", mail, None).await;
    do_it("show_brand", "/api/brand", None).await;
    do_it("update_brand", "/api/brand", None).await;
    do_it("show_desk", "/api/desk", None).await;
    do_it("update_desk", "/api/desk", None).await;
    do_it("replace_notification_preferences", "/api/notifications/preferences", None).await;
    do_it("show_notification_preferences", "/api/notifications/preferences", None).await;
}

/// When the desk works.
async fn tend_to_the_calendars(world: &World) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    let calendar = do_it("create_calendar", "/api/calendars", None).await;
    let path = format!("/api/calendars/{}", text(&calendar, "id"));
    do_it("show_calendar", &path, None).await;
    do_it("update_calendar", &path, None).await;
    let imported = do_it("import_holidays", &format!("{path}/holidays?dry_run=true"), None).await;
    assert_eq!(imported["added"], json!([{"date": "--01-01", "name": "New Year"}]));
    do_it("list_calendars", "/api/calendars?count=true", None).await;
    do_it("delete_calendar", &path, None).await;
}

/// What the desk promises.
async fn tend_to_the_promises(world: &World) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    let policy = json!({"name": "Silver", "targets": {"medium": {"first_response": "1h", "resolution": "1d"}}});
    let policy = do_it("create_sla_policy", "/api/sla-policies", Some(policy)).await;
    let path = format!("/api/sla-policies/{}", text(&policy, "id"));
    do_it("show_sla_policy", &path, None).await;
    do_it("update_sla_policy", &path, None).await;
    do_it("list_sla_policies", "/api/sla-policies?count=true", None).await;
    let new = json!({"subject": "Lift", "description": "It is stuck.", "customer_id": world.customer.id()});
    let ticket = do_it("create_ticket", "/api/tickets", Some(new)).await;
    assert_eq!(ticket["sla"]["policy_id"], policy["id"]);
    let story = do_it("explain_ticket_sla", &format!("/api/tickets/{}/sla", text(&ticket, "id")), None).await;
    assert_eq!(story["clocks"].as_array().map(Vec::len), Some(2));
    let sooner =
        json!({"policy": {"name": "Silver", "targets": {"medium": {"resolution": "1h"}}}, "replaces": policy["id"]});
    let forecast = do_it("try_sla", "/api/sla-policies/what-if", Some(sooner)).await;
    assert_eq!((&forecast["no_longer_promised"], &forecast["due_earlier"]), (&json!(1), &json!(1)));
    let said = json!({"body": "We are on our way."});
    do_it("add_comment", &format!("/api/tickets/{}/comments", text(&ticket, "id")), Some(said)).await;
    let report = do_it("report_sla", "/api/analytics/sla?group_by=policy", None).await;
    assert_eq!((&report["groups"][0]["key"], &report["groups"][0]["name"]), (&policy["id"], &policy["name"]));
    do_it("delete_sla_policy", &path, None).await;
}

/// Tables that come in.
async fn tend_to_tables(world: &World) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;
    let looked = do_it("create_import", "/api/imports?kind=tickets&dry_run=true&map=Nix=", None).await;
    world.work().await;
    let path = format!("/api/imports/{}", text(&looked, "id"));
    let refused = do_it("show_import", &path, None).await;
    assert_eq!(refused["wrong"][0]["code"], "unknown_field", "the table has no such column");
    let looked = do_it("create_import", "/api/imports?kind=tickets&dry_run=true", None).await;
    world.work().await;
    let path = format!("/api/imports/{}", text(&looked, "id"));
    do_it("run_import", &format!("{path}/run?skip_bad=true"), None).await;
    world.work().await;
    assert_eq!(do_it("show_import", &path, None).await["made"], 1);
    do_it("list_imports", "/api/imports?limit=1&count=true", None).await;
    do_it("cancel_import", &path, None).await;
}

/// Mail that comes in.
async fn tend_to_the_mail(world: &World) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    do_it("preview_inbound_mail", "/api/inbound/preview", None).await;
    let taken = do_it("take_in_mail", "/api/inbound/email", None).await;
    let path = format!("/api/inbound/{}", text(&taken, "id"));
    do_it("count_inbound_mails", "/api/inbound/counts", None).await;
    world.work().await;
    let mail = do_it("show_inbound_mail", &path, None).await;
    let ticket = format!("/api/tickets/{}", text(&mail, "ticket_id"));
    do_it("download_inbound_mail", &format!("{path}/raw"), None).await;
    do_it("list_ticket_mails", &format!("{ticket}/mails"), None).await;
    do_it("show_ticket_mail", &format!("{ticket}/mails/{}", text(&mail, "id")), None).await;
    let enclosed = letter("enclosed", "kim@alba.example", "Plan", "See there.");
    let enclosed = world.receive(format!("X-File: plan.png image/png PIXELS\r\n{enclosed}")).await;
    let files = format!("/api/tickets/{}/attachments", text(&enclosed, "ticket_id"));
    let files = do_it("list_attachments", &files, None).await;
    do_it("download_attachment", &format!("/api/attachments/{}", text(&files["items"][0], "id")), None).await;

    for deed in ["release", "drop"] {
        let unread = world.receive(format!("no mail to {deed}")).await;
        let path = format!("/api/inbound/{}/{deed}", text(&unread, "id"));
        do_it(&format!("{deed}_inbound_mail"), &path, None).await;
    }
    do_it("list_inbound_mails", "/api/inbound?state=new,dropped&limit=2", None).await;
    let mailbox = do_it("create_mailbox", "/api/mailboxes", None).await;
    let path = format!("/api/mailboxes/{}", text(&mailbox, "id"));
    do_it("show_mailbox", &path, None).await;
    do_it("list_mailboxes", "/api/mailboxes?count=true", None).await;
    do_it("update_mailbox", &path, None).await;
    do_it("delete_mailbox", &path, None).await;
    do_it("show_inbound_policy", "/api/inbound-policy", None).await;
    do_it("update_inbound_policy", "/api/inbound-policy", None).await;
}

/// What an administrator lets happen by itself.
async fn tend_to_the_rules(world: &World) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    let rule = do_it("create_workflow", "/api/workflows", None).await;
    let path = format!("/api/workflows/{}", text(&rule, "id"));
    do_it("show_workflow", &path, None).await;
    do_it("update_workflow", &path, None).await;
    do_it("replace_workflow", &path, None).await;
    do_it("list_workflows", "/api/workflows?count=true", None).await;
    do_it("export_workflows", "/api/workflows/export", None).await;
    do_it("import_workflows", "/api/workflows/import", None).await;
    do_it("list_workflow_versions", &format!("{path}/versions"), None).await;
    do_it("show_workflow_version", &format!("{path}/versions/1"), None).await;
    do_it("compare_workflow_versions", &format!("{path}/diff?from=1&to=2"), None).await;
    do_it("restore_workflow", &format!("{path}/restore"), None).await;
    let new = json!({"subject": "Fire", "description": "It burns.", "customer_id": world.customer.id()});
    let ticket = do_it("create_ticket", "/api/tickets", Some(new)).await;
    let ticket = format!("/api/tickets/{}", text(&ticket, "id"));
    do_it("update_ticket", &ticket, Some(json!({"priority": "critical"}))).await;
    let runs = do_it("list_workflow_runs", &format!("{path}/runs"), None).await;
    assert_eq!(runs["items"].as_array().map(Vec::len), Some(1), "{runs}");
    let tried = Some(json!({"ticket": ticket.rsplit('/').next()}));
    do_it("dry_run_workflow", &format!("{path}/dry-run"), tried).await;
    do_it("dry_run_draft", "/api/workflows/dry-run", None).await;
    do_it("lint_workflows", "/api/workflows/lint", None).await;
    do_it("list_ticket_workflow_runs", &format!("{ticket}/workflow-runs?outcome=fired,not_matched"), None).await;
    do_it("delete_workflow", &path, None).await;
}

/// What staff answer with, and what they do by one press.
async fn tend_to_canned_responses(world: &World) {
    let do_it = async |name: &str, path: &str, body: Option<Value>| perform(world, name, path, body).await;

    let ticket = text(&world.ticket("Locked out").await, "id").to_owned();
    let own = do_it("create_canned_response", "/api/canned-responses", None).await;
    assert_eq!(own["unknown_variables"], json!(["reset_link"]), "{own}");
    let path = format!("/api/canned-responses/{}", text(&own, "id"));
    do_it("show_canned_response", &path, None).await;
    do_it("replace_canned_response", &path, None).await;
    let said = json!({"body": "Hello", "canned_response_id": own["id"]});
    do_it("add_comment", &format!("/api/tickets/{ticket}/comments"), Some(said)).await;
    let list = format!(
        "/api/canned-responses?q=pasword&category=account%20access&visibility=private&ticket={ticket}&count=true"
    );
    let found = do_it("list_canned_responses", &list, None).await;
    assert_eq!((&found["total"], &found["items"][0]["own_uses"]), (&json!(1), &json!(1)), "{found}");
    do_it("list_canned_categories", "/api/canned-responses/categories", None).await;
    let filled = do_it("render_canned_response", &format!("{path}/render"), Some(json!({ "ticket": ticket }))).await;
    assert_eq!((&filled, &filled["missing"]), (&found["items"][0]["rendered"], &json!(["reset_link"])));
    do_it("export_canned_responses", "/api/canned-responses/export", None).await;
    do_it("import_canned_responses", "/api/canned-responses/import", None).await;
    do_it("delete_canned_response", &path, None).await;

    let quick = do_it("create_macro", "/api/macros", None).await;
    let path = format!("/api/macros/{}", text(&quick, "id"));
    do_it("show_macro", &path, None).await;
    do_it("update_macro", &path, None).await;
    do_it("list_macros", "/api/macros?count=true", None).await;
    let on = format!("/api/tickets/{ticket}/macros/{}", text(&quick, "id"));
    let preview = do_it("preview_macro", &format!("{on}/preview"), None).await;
    assert_eq!(preview["actions"].as_array().map(Vec::len), Some(3), "{preview}");
    do_it("apply_macro", &on, None).await;
    do_it("delete_macro", &path, None).await;
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
