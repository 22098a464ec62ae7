//! Resources of the desk by their examples, each made, read, changed and taken away.

use super::*;

/// What an administrator does for the desk as a whole.
pub(super) async fn tend_to_the_desk(world: &World) {
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
pub(super) async fn tend_to_the_calendars(world: &World) {
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
pub(super) async fn tend_to_the_promises(world: &World) {
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
pub(super) async fn tend_to_tables(world: &World) {
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
pub(super) async fn tend_to_the_mail(world: &World) {
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
pub(super) async fn tend_to_the_rules(world: &World) {
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
pub(super) async fn tend_to_canned_responses(world: &World) {
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
