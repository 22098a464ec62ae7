//! Rules tried before they are switched on.

use crate::house::{House, code, fields, key};
use serde_json::{Value, json};
use std::sync::Mutex;
use ticketing_core::WorkflowId;
use ticketing_core::desk::{
    Basis, LintRequest, NewComment, NewWorkflow, Stretch, TicketPatch, WorkflowTrial, WorkflowUnderTest,
};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::Status;
use ticketing_core::model::view::TicketView;
use ticketing_core::time::Time;
use ticketing_core::workflow::lint::WarningCode;

fn source(more: Value) -> Value {
    let mut new = json!({"name": "Tag it", "trigger_type": "status_change",
        "trigger_conditions": [{"field": "status", "operator": "changed_to", "value": "resolved"}],
        "actions": [{"type": "add_tags", "params": {"tags": ["done"]}}]});
    let Value::Object(more) = more else { panic!("an object, not {more}") };
    new.as_object_mut().unwrap().extend(more);
    new
}

fn rule(more: Value) -> NewWorkflow {
    NewWorkflow::from_json(source(more)).unwrap()
}

fn draft(more: Value) -> WorkflowUnderTest {
    WorkflowUnderTest::Draft(Box::new(rule(more)))
}

async fn set(house: &House, ticket: &TicketView, status: Status) {
    house.pass(1);
    let patch = TicketPatch { status: Patch::Set(status), ..TicketPatch::default() };
    house.desk.update_ticket(&house.manager, &key(ticket), patch, None).await.unwrap();
}

fn always() -> Stretch {
    Stretch { from: Time::default(), to: "2027-01-01T00:00:00Z".parse().unwrap() }
}

/// How much there is of what a trial could leave behind.
async fn left_behind(house: &House, ticket: &TicketView) -> (usize, i64, u64) {
    let told = house.told(&house.admin, ticket).await.len();
    let version = house.desk.ticket(&house.admin, &key(ticket)).await.unwrap().version();
    (told, version, house.desk.store().settings_version().await.unwrap().try_into().unwrap())
}

#[tokio::test]
async fn a_rule_says_what_it_would_do_and_why() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    set(&house, &ticket, Status::Resolved).await;
    let resolved = house.desk.now();
    set(&house, &ticket, Status::Open).await;
    let before = left_behind(&house, &ticket).await;
    let dry_run = async |more| house.desk.dry_run_workflow(&house.admin, draft(more), &key(&ticket)).await.unwrap();
    // The last change of status was another.
    let found = dry_run(json!({})).await;
    assert!(!found.would_fire);
    let Basis::Event { at, .. } = found.basis else { panic!("{:?}", found.basis) };
    assert_eq!(at, house.desk.now());
    assert_eq!(found.effects, []);
    assert_eq!(
        found.conditions,
        [json!({"field": "status", "operator": "changed_to", "value": "resolved",
            "actual": "open", "result": false})]
    );
    let all = json!({"trigger_conditions": {"all": [
        {"field": "status", "operator": "changed_from", "value": "resolved"},
        {"not": {"field": "customer.email", "operator": "starts_with", "value": "nobody"}},
    ]}});
    let found = dry_run(all).await;
    assert!(found.would_fire, "{found:?}");
    assert_eq!((&*found.effects[0].kind, found.effects[0].done), ("add_tags", true));
    assert_eq!(found.effects[0].params["tags"], json!(["done"]));
    assert!(at > resolved);
    // Nothing of it happened.
    assert_eq!(left_behind(&house, &ticket).await, before);
}

#[tokio::test]
async fn a_change_is_looked_at_without_what_rules_did_to_it() {
    let house = House::new().await;
    let raise = json!({"name": "Raise", "trigger_type": "ticket_created", "trigger_conditions": [],
        "actions": [{"type": "update_ticket", "params": {"priority": "high"}}]});
    let raise = house.desk.create_workflow(&house.admin, rule(raise)).await.unwrap();
    let ticket = house.ticket().await;
    let known = WorkflowUnderTest::Known(raise.id);
    let found = house.desk.dry_run_workflow(&house.admin, known, &key(&ticket)).await.unwrap();
    assert!(found.would_fire);
    assert_eq!(found.effects[0].reason, None, "the priority was still to be raised: {found:?}");
    let medium = json!({"name": "Other", "trigger_type": "ticket_created",
        "trigger_conditions": [{"field": "priority", "operator": "equals", "value": "medium"}]});
    assert!(house.desk.dry_run_workflow(&house.admin, draft(medium), &key(&ticket)).await.unwrap().would_fire);
}

#[tokio::test]
async fn what_never_happened_is_assumed() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let late = json!({"trigger_type": "sla_breach",
        "trigger_conditions": [{"field": "status", "operator": "equals", "value": "open"}]});
    let found = house.desk.dry_run_workflow(&house.admin, draft(late), &key(&ticket)).await.unwrap();
    assert_eq!((found.would_fire, found.basis), (true, Basis::Assumed { at: house.desk.now() }));
    let said = json!({"trigger_type": "comment_added",
        "trigger_conditions": [{"field": "comment.body", "operator": "contains", "value": "urgent"}]});
    let dry_run = async || house.desk.dry_run_workflow(&house.admin, draft(said.clone()), &key(&ticket)).await.unwrap();
    assert!(!dry_run().await.would_fire);
    let comment = NewComment::public("This is URGENT.");
    house.desk.add_comment(&house.customer, &key(&ticket), comment).await.unwrap();
    let found = dry_run().await;
    assert!(found.would_fire && matches!(found.basis, Basis::Event { .. }), "{found:?}");
}

#[tokio::test]
async fn a_draft_is_tried_on_what_happened_before() {
    let house = House::new().await;
    let (one, other) = (house.ticket().await, house.ticket().await);
    for status in [Status::Pending, Status::Resolved, Status::Open, Status::Resolved] {
        set(&house, &one, status).await;
    }
    set(&house, &other, Status::Pending).await;
    let before = left_behind(&house, &one).await;
    let seen = Mutex::new(Vec::new());
    let tell = |progress| seen.lock().unwrap().push(progress);
    let report = house.desk.backtest_workflow(&house.admin, draft(json!({})), always(), tell).await.unwrap();
    assert_eq!((report.changes, report.matched, report.tickets.len()), (7, 2, 1), "{report:?}");
    assert_eq!((report.effects["add_tags"], report.current_effects.len()), (2, 0));
    assert_eq!((report.differences, report.differs_from_current.len()), (2, 2));
    assert_eq!(seen.lock().unwrap().last().unwrap().events, report.events);
    assert_eq!(left_behind(&house, &one).await, before);
    // The same rule, saved: nothing would come out otherwise.
    house.desk.create_workflow(&house.admin, rule(json!({}))).await.unwrap();
    let report = house.desk.backtest_workflow(&house.admin, draft(json!({})), always(), |_| ()).await.unwrap();
    assert_eq!((report.matched, report.differences, report.current_effects["add_tags"]), (2, 0, 2));
    // People are looked up where a rule asks for them.
    let by_name = json!({"name": "By name", "trigger_type": "ticket_created", "trigger_conditions": [
        {"field": "customer.name", "operator": "equals", "value": "cleo"},
        {"field": "organization.name", "operator": "equals", "value": "acme"},
        {"field": "description", "operator": "contains", "value": "this morning"},
    ]});
    let report = house.desk.backtest_workflow(&house.admin, draft(by_name), always(), |_| ()).await.unwrap();
    assert_eq!(report.matched, 2);
    // Before anything happened.
    let early = Stretch { from: Time::default(), to: Time::default() };
    let report = house.desk.backtest_workflow(&house.admin, draft(json!({})), early, |_| ()).await.unwrap();
    assert_eq!((report.events, report.changes), (0, 0));
}

#[tokio::test]
async fn a_long_history_is_read_in_pages() {
    let house = House::new().await;
    for _ in 0..1_100 {
        house.pass(1);
        let ticket = house.ticket().await;
        set(&house, &ticket, Status::Resolved).await;
    }
    let seen = Mutex::new(0);
    let tell = |_| *seen.lock().unwrap() += 1;
    let report = house.desk.backtest_workflow(&house.admin, draft(json!({})), always(), tell).await.unwrap();
    assert_eq!((report.matched, report.tickets.len(), report.changes), (1_100, 100, 2_200));
    assert_eq!((report.differences, report.differs_from_current.len()), (1_100, 100));
    assert!(*seen.lock().unwrap() > 1);
}

#[tokio::test]
async fn rules_are_looked_through() {
    let house = House::new().await;
    let lint = async |workflow| house.desk.lint_workflows(&house.admin, LintRequest { workflow }).await.unwrap();
    assert_eq!(lint(None).await.warnings, []);
    let never = json!({"trigger_conditions": [
        {"field": "status", "operator": "equals", "value": "open"},
        {"field": "status", "operator": "equals", "value": "closed"},
    ]});
    let told = lint(Some(rule(never.clone()))).await.warnings;
    assert_eq!((told.len(), told[0].code), (1, WarningCode::Unreachable));
    let kept = house.desk.create_workflow(&house.admin, rule(never)).await.unwrap();
    assert_eq!(lint(None).await.warnings[0].workflow_ids, [kept.id]);
    // One that has its name takes its place.
    assert_eq!(lint(Some(rule(json!({})))).await.warnings, []);
}

#[tokio::test]
async fn only_administrators_try_rules_and_wrong_ones_are_refused() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, admin) = (&house.desk, &house.admin);
    for actor in [&house.manager, &house.agent, &house.customer] {
        assert_eq!(code(desk.dry_run_workflow(actor, draft(json!({})), &key(&ticket)).await), "forbidden");
        assert_eq!(code(desk.backtest_workflow(actor, draft(json!({})), always(), |_| ()).await), "forbidden");
        assert_eq!(code(desk.lint_workflows(actor, LintRequest::default()).await), "forbidden");
    }
    let nobody = WorkflowUnderTest::Known(WorkflowId(uuid::Uuid::nil()));
    assert_eq!(code(desk.dry_run_workflow(admin, nobody, &key(&ticket)).await), "not_found");
    let wrong = json!({"actions": [{"type": "add_tags", "params": {"tags": ["{{nothing}}"]}}]});
    let told = fields(desk.dry_run_workflow(admin, draft(wrong), &key(&ticket)).await);
    assert_eq!(told, ["workflow.actions[0].params.tags[0]"]);
    let timed = json!({"trigger_type": "time_based", "schedule": {"every": "1h"}, "trigger_conditions": []});
    let told = fields(desk.backtest_workflow(admin, draft(timed), always(), |_| ()).await);
    assert_eq!(told, ["workflow.trigger_type"]);
    let backwards = Stretch { from: always().to, to: always().from };
    let told = fields(desk.backtest_workflow(admin, draft(json!({})), backwards, |_| ()).await);
    assert_eq!(told, ["history.to"]);
    let read = |body: Value| WorkflowTrial::from_json(body);
    assert_eq!(fields(read(json!({"ticket": "x"}))), ["workflow"]);
    assert_eq!(fields(read(json!({"workflow": source(json!({}))}))), ["ticket"]);
    let both = json!({"workflow": source(json!({})), "ticket": "x",
        "history": {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}});
    assert_eq!(fields(read(both)), ["history"]);
    assert_eq!(fields(read(json!({"workflow": {"name": "x"}, "ticket": "x"}))).len(), 2);
}
