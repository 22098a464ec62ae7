//! Rules as administrators keep them: what is saved, what it was before, what is carried from desk to desk.

use crate::house::{House, code, fields, key};
use crate::webhook;
use serde_json::{Value, json};
use ticketing_core::desk::{
    CustomFieldPatch, NewCustomField, NewSlaPolicy, NewWorkflow, RestoreWorkflow, RunQuery, TicketPatch,
    WorkflowImport, WorkflowPatch, WorkflowView,
};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::{FieldType, JobKind, Priority, RunOutcome};
use ticketing_core::port::JobQuery;
use ticketing_core::{Error, WorkflowId};

fn rule(more: Value) -> NewWorkflow {
    let mut new = json!({"name": "Tag it", "trigger_type": "priority_change",
        "actions": [{"type": "add_tags", "params": {"tags": ["hot"]}}]});
    let Value::Object(more) = more else { panic!("an object, not {more}") };
    new.as_object_mut().unwrap().extend(more);
    NewWorkflow::from_json(new).unwrap()
}

fn patch(patch: Value) -> WorkflowPatch {
    WorkflowPatch::from_json(patch).unwrap()
}

async fn make(house: &House, more: Value) -> WorkflowView {
    house.desk.create_workflow(&house.admin, rule(more)).await.unwrap()
}

async fn names(house: &House) -> Vec<String> {
    let page = house.desk.workflows(&house.admin, None, 100).await.unwrap();
    page.items.into_iter().map(|rule| rule.name).collect()
}

#[tokio::test]
async fn only_administrators_keep_rules() {
    let house = House::new().await;
    let kept = make(&house, json!({})).await;
    let ticket = house.ticket().await;
    for actor in [&house.manager, &house.agent, &house.customer] {
        assert_eq!(code(house.desk.workflows(actor, None, 10).await), "forbidden");
        assert_eq!(code(house.desk.workflow(actor, kept.id).await), "forbidden");
        assert_eq!(code(house.desk.create_workflow(actor, rule(json!({}))).await), "forbidden");
        assert_eq!(code(house.desk.update_workflow(actor, kept.id, patch(json!({})), None).await), "forbidden");
        assert_eq!(code(house.desk.replace_workflow(actor, kept.id, rule(json!({})), None).await), "forbidden");
        assert_eq!(code(house.desk.delete_workflow(actor, kept.id, None).await), "forbidden");
        assert_eq!(code(house.desk.workflow_versions(actor, kept.id, None, 10).await), "forbidden");
        assert_eq!(code(house.desk.workflow_version(actor, kept.id, 1).await), "forbidden");
        assert_eq!(code(house.desk.workflow_diff(actor, kept.id, 1, 1).await), "forbidden");
        let restore = RestoreWorkflow { version: 1, note: None };
        assert_eq!(code(house.desk.restore_workflow(actor, kept.id, restore, None).await), "forbidden");
        assert_eq!(code(house.desk.export_workflows(actor).await), "forbidden");
        assert_eq!(code(house.desk.import_workflows(actor, WorkflowImport::default()).await), "forbidden");
        assert_eq!(code(house.desk.workflow_runs(actor, kept.id, RunQuery::default()).await), "forbidden");
    }
    let asked = house.desk.ticket_workflow_runs(&house.customer, &key(&ticket), RunQuery::default()).await;
    assert_eq!(code(asked), "forbidden");
}

#[tokio::test]
async fn rules_stand_by_position_and_new_ones_behind() {
    let house = House::new().await;
    assert_eq!(make(&house, json!({"name": "a"})).await.position, 10);
    assert_eq!(make(&house, json!({"name": "b"})).await.position, 20);
    make(&house, json!({"name": "first", "position": 5})).await;
    make(&house, json!({"name": "c", "position": 20})).await;
    assert_eq!(names(&house).await, ["first", "a", "b", "c"]);
    let page = house.desk.workflows(&house.admin, None, 3).await.unwrap();
    let rest = house.desk.workflows(&house.admin, page.next, 3).await.unwrap();
    assert_eq!((rest.items.len(), rest.items[0].name.as_str(), rest.next), (1, "c", None));
    assert_eq!(house.desk.workflow_count(&house.admin).await.unwrap(), 4);
}

#[tokio::test]
async fn a_replacement_forgets_what_is_not_said_but_keeps_its_place() {
    let house = House::new().await;
    let more = json!({"description": "For calm.", "stop": true, "mode": "always", "match": "any", "position": 7,
        "trigger_conditions": [{"field": "priority", "operator": "equals", "value": "high"}], "is_active": false,
        "note": "At first."});
    let old = make(&house, more).await;
    let new = house.desk.replace_workflow(&house.admin, old.id, rule(json!({"name": "Other"})), None).await.unwrap();
    let bare = house.desk.create_workflow(&house.admin, rule(json!({"name": "Other"}))).await.unwrap();
    assert_eq!((new.version, new.position, new.is_active, &new.note), (2, 7, true, &None));
    let same = WorkflowView { id: bare.id, position: bare.position, version: 1, ..new };
    assert_eq!(WorkflowView { warnings: Vec::new(), ..same }, WorkflowView { warnings: Vec::new(), ..bare });
}

#[tokio::test]
async fn what_changes_nothing_is_no_version() {
    let house = House::new().await;
    let kept = make(&house, json!({"note": "Why."})).await;
    let change =
        async |body: Value| house.desk.update_workflow(&house.admin, kept.id, patch(body), None).await.unwrap().version;
    assert_eq!(change(json!({})).await, 1);
    assert_eq!(change(json!({"stop": false, "name": " Tag it "})).await, 1);
    assert_eq!(change(json!({"note": "Again."})).await, 2);
    assert_eq!(change(json!({"stop": true})).await, 3);
    let stale = house.desk.update_workflow(&house.admin, kept.id, patch(json!({"stop": false})), Some(2)).await;
    assert!(matches!(stale, Err(Error::Stale { expected: 2, current: 3 })), "{stale:?}");
}

#[tokio::test]
async fn a_rule_whose_names_are_gone_can_still_be_switched_off_but_not_on() {
    let house = House::new().await;
    let actions = json!([{"type": "assign_ticket", "params": {"team_id": house.billing.to_string()}}]);
    let kept = make(&house, json!({"actions": actions})).await;
    assert_eq!(kept.problems, []);
    house.desk.delete_team(&house.admin, house.billing, None).await.unwrap();
    let kept = house.desk.workflow(&house.admin, kept.id).await.unwrap();
    assert_eq!(kept.problems.len(), 1);
    let told = &kept.problems[0];
    assert_eq!(told.field, "actions[0].params.team_id");
    let change = async |body| house.desk.update_workflow(&house.admin, kept.id, patch(body), None).await;
    let off = change(json!({"is_active": false, "name": "Off"})).await.unwrap();
    assert_eq!((off.is_active, &off.problems), (false, &kept.problems));
    assert_eq!(fields(change(json!({"is_active": true})).await), ["actions[0].params.team_id"]);
    assert_eq!(fields(change(json!({"match": "any"})).await), ["actions[0].params.team_id"]);
    let mended = json!({"is_active": true, "actions": [{"type": "add_tags", "params": {"tags": ["a"]}}]});
    let mended = change(mended).await.unwrap();
    assert_eq!((mended.is_active, mended.problems.len()), (true, 0));
}

/// What is wrong with a rule by now: place and code.
async fn problems(house: &House, id: WorkflowId) -> Vec<(String, &'static str)> {
    let found = house.desk.workflow(&house.admin, id).await.unwrap().problems;
    found.into_iter().map(|error| (error.field, error.code)).collect()
}

fn told(at: &str, code: &'static str) -> (String, &'static str) {
    (at.to_owned(), code)
}

#[tokio::test]
async fn a_rule_goes_on_without_a_webhook_that_is_gone() {
    let house = House::new().await;
    let hook = webhook::add(&house, &["ticket.created"]).await.id;
    let actions = json!([{"type": "trigger_webhook", "params": {"webhook_id": hook}},
        {"type": "add_tags", "params": {"tags": ["seen"]}}]);
    let kept = make(&house, json!({"trigger_type": "ticket_created", "actions": actions})).await.id;
    house.desk.delete_webhook(&house.admin, hook, None).await.unwrap();
    assert_eq!(problems(&house, kept).await, [told("actions[0].params.webhook_id", "unknown")]);
    let ticket = house.ticket().await;
    let seen = json!(house.desk.ticket(&house.admin, &key(&ticket)).await.unwrap());
    assert_eq!(seen["tags"], json!(["seen"]));
    let run = house.desk.workflow_runs(&house.admin, kept, RunQuery::default()).await.unwrap().items.remove(0);
    assert_eq!((run.outcome, run.effects[0].done), (RunOutcome::Fired, false));
    assert_eq!(run.effects[0].reason.as_deref(), Some("the webhook was deleted"));
    let calls = JobQuery { kinds: vec![JobKind::Webhook], limit: 1, ..JobQuery::default() };
    assert_eq!(house.desk.store().jobs(&calls).await.unwrap(), []);
}

#[tokio::test]
async fn a_field_that_rules_or_policies_name_is_kept_and_the_rules_say_so() {
    let house = House::new().await;
    let desk = &house.desk;
    let options = vec!["gold".to_owned(), "silver".to_owned()];
    let plan = NewCustomField { options, ..NewCustomField::new("plan", "Plan", FieldType::Select) };
    let plan = desk.create_custom_field(&house.admin, plan).await.unwrap().id;
    let is_gold = json!([{"field": "custom_fields.plan", "operator": "equals", "value": "gold"}]);
    let asks = make(&house, json!({"trigger_conditions": is_gold})).await.id;
    let gives = json!([{"type": "update_ticket", "params": {"custom_fields.plan": "gold"}}]);
    let gives = make(&house, json!({"actions": gives})).await.id;
    let says = json!([{"type": "add_comment", "params": {"body": "On {{custom_fields.plan}}.", "is_internal": true}}]);
    let says = make(&house, json!({"actions": says, "is_active": false})).await.id;
    let policy = json!({"name": "Gold", "conditions": is_gold, "targets": {"high": {"resolution": "4h"}}});
    let policy = desk.create_sla_policy(&house.admin, NewSlaPolicy::from_json(policy).unwrap()).await.unwrap().id;
    // First an option goes, then the field.
    let silver = CustomFieldPatch { options: Patch::Set(vec!["silver".to_owned()]), ..CustomFieldPatch::default() };
    desk.update_custom_field(&house.admin, plan, silver, None).await.unwrap();
    let (value, param) = ("trigger_conditions[0].value", "actions[0].params.custom_fields.plan");
    assert_eq!(problems(&house, asks).await, [told(value, "unknown_value")]);
    assert_eq!(problems(&house, gives).await, [told(param, "unknown_value")]);
    assert_eq!(problems(&house, says).await, []);
    let retire = async || desk.delete_custom_field(&house.admin, plan, None).await.unwrap();
    let is_there = async || !desk.custom_field(&house.admin, plan).await.unwrap().is_active;
    retire().await;
    for (id, at) in [(asks, "trigger_conditions[0].field"), (gives, param), (says, "actions[0].params.body")] {
        assert!(problems(&house, id).await.contains(&told(at, "inactive")), "{at}");
        assert!(is_there().await, "it is named yet");
        desk.delete_workflow(&house.admin, id, None).await.unwrap();
        retire().await;
    }
    assert!(is_there().await, "the policy asks for it");
    desk.delete_sla_policy(&house.admin, policy, None).await.unwrap();
    retire().await;
    assert_eq!(code(desk.custom_field(&house.admin, plan).await), "not_found");
    // Nothing new is made with what is retired.
    let again = NewCustomField::new("plan", "Plan", FieldType::Text);
    let again = desk.create_custom_field(&house.admin, again).await.unwrap().id;
    let off = CustomFieldPatch { is_active: Patch::Set(false), ..CustomFieldPatch::default() };
    desk.update_custom_field(&house.admin, again, off, None).await.unwrap();
    let refused = desk.create_workflow(&house.admin, rule(json!({"trigger_conditions": is_gold}))).await;
    assert_eq!(fields(refused), ["trigger_conditions[0].field"]);
}

#[tokio::test]
async fn versions_are_kept_compared_and_brought_back() {
    let house = House::new().await;
    let desk = &house.desk;
    let kept = make(&house, json!({"note": "At first."})).await;
    for (n, name) in ["Two", "Three", "Four"].into_iter().enumerate() {
        house.pass(1);
        let body = json!({"name": name, "position": 100 + n, "note": name});
        desk.update_workflow(&house.admin, kept.id, patch(body), None).await.unwrap();
    }
    let page = desk.workflow_versions(&house.admin, kept.id, None, 3).await.unwrap();
    let told: Vec<_> = page.items.iter().map(|item| (item.version, item.name.as_str())).collect();
    assert_eq!(told, [(4, "Four"), (3, "Three"), (2, "Two")]);
    let before = page.next.map(|place| place.key);
    let rest = desk.workflow_versions(&house.admin, kept.id, before, 3).await.unwrap();
    assert_eq!((rest.items.len(), rest.items[0].note.as_deref(), rest.next), (1, Some("At first."), None));
    assert_eq!(rest.items[0].saved_by, house.admin.user_id());
    let second = desk.workflow_version(&house.admin, kept.id, 2).await.unwrap();
    assert_eq!((second.workflow.name.as_str(), second.workflow.version), ("Two", 2));
    let diff = desk.workflow_diff(&house.admin, kept.id, 2, 4).await.unwrap();
    let expected = json!({"name": ["Two", "Four"], "position": [100, 102]});
    assert_eq!(serde_json::to_value(&diff.changes).unwrap(), expected);
    for unknown in [0, -1, 5, i64::MAX, i64::MIN] {
        assert_eq!(code(desk.workflow_version(&house.admin, kept.id, unknown).await), "not_found");
    }
    let restore = |version| RestoreWorkflow { version, note: Some("Back.".into()) };
    assert_eq!(fields(desk.restore_workflow(&house.admin, kept.id, restore(9), None).await), ["version"]);
    assert_eq!(code(desk.restore_workflow(&house.admin, kept.id, restore(1), Some(3)).await), "stale_version");
    let back = desk.restore_workflow(&house.admin, kept.id, restore(1), Some(4)).await.unwrap();
    assert_eq!((back.version, back.name.as_str(), back.position), (5, "Tag it", 10));
    assert_eq!(back.note.as_deref(), Some("Back."));
}

#[tokio::test]
async fn what_was_taken_away_is_known_and_can_come_back() {
    let house = House::new().await;
    let desk = &house.desk;
    let kept = make(&house, json!({})).await;
    desk.delete_workflow(&house.admin, kept.id, Some(1)).await.unwrap();
    assert_eq!(code(desk.workflow(&house.admin, kept.id).await), "not_found");
    assert_eq!(code(desk.delete_workflow(&house.admin, kept.id, None).await), "not_found");
    assert_eq!(names(&house).await, [""; 0]);
    let versions = desk.workflow_versions(&house.admin, kept.id, None, 9).await.unwrap().items;
    assert_eq!(versions.iter().map(|item| (item.version, item.deleted)).collect::<Vec<_>>(), [(2, true), (1, false)]);
    assert_eq!(desk.workflow_runs(&house.admin, kept.id, RunQuery::default()).await.unwrap().items, []);
    let back = RestoreWorkflow { version: 1, note: None };
    let back = desk.restore_workflow(&house.admin, kept.id, back, None).await.unwrap();
    assert_eq!((back.version, back.id), (3, kept.id));
    assert_eq!(names(&house).await, ["Tag it"]);
}

#[tokio::test]
async fn rules_are_carried_by_name_all_or_none() {
    let (house, other) = (House::new().await, House::new().await);
    make(&house, json!({"name": "a", "description": "First."})).await;
    make(&house, json!({"name": "b", "trigger_type": "time_based", "schedule": {"every": "1h"}})).await;
    let carried = serde_json::to_value(house.desk.export_workflows(&house.admin).await.unwrap()).unwrap();
    let take = async |body: &Value, dry_run: bool| {
        let mut body = body.clone();
        body["dry_run"] = dry_run.into();
        let input = WorkflowImport::from_json(body)?;
        other.desk.import_workflows(&other.admin, input).await.map(|told| {
            let of = |all: Vec<ticketing_core::desk::ImportedWorkflow>| {
                all.into_iter().map(|one| (one.name, one.version, one.id.is_some())).collect::<Vec<_>>()
            };
            (of(told.created), of(told.updated), of(told.unchanged))
        })
    };
    let row = |name: &str, version, has_id| (name.to_owned(), version, has_id);
    let made = |has_id| (vec![row("a", 1, has_id), row("b", 1, has_id)], vec![], vec![]);
    assert_eq!(take(&carried, true).await.unwrap(), made(false));
    assert_eq!(names(&other).await, [""; 0]);
    assert_eq!(take(&carried, false).await.unwrap(), made(true));
    let again = serde_json::to_value(other.desk.export_workflows(&other.admin).await.unwrap()).unwrap();
    assert_eq!(again, carried);
    assert_eq!(take(&carried, false).await.unwrap(), (vec![], vec![], vec![row("a", 1, true), row("b", 1, true)]));
    let mut changed = carried.clone();
    changed["workflows"][1]["schedule"]["every"] = "2h".into();
    let expected = (vec![], vec![row("b", 2, true)], vec![row("a", 1, true)]);
    assert_eq!(take(&changed, true).await.unwrap(), expected);
    assert_eq!(take(&changed, false).await.unwrap(), expected);
    // One that can't be is reason to take none.
    let mut wrong = carried.clone();
    wrong["workflows"][0]["name"] = "c".into();
    wrong["workflows"][1]["actions"][0]["type"] = "sing".into();
    assert_eq!(fields(take(&wrong, false).await), ["workflows[1].actions[0].type"]);
    wrong["workflows"][1]["name"] = "c".into();
    assert_eq!(fields(take(&wrong, false).await), ["workflows[1].name"]);
    assert_eq!(names(&other).await, ["a", "b"]);
    make(&other, json!({"name": "a"})).await;
    assert_eq!(fields(take(&carried, false).await), ["workflows[0].name"]);
}

#[tokio::test]
async fn runs_are_told_with_the_conditions_of_their_version() {
    let house = House::new().await;
    let desk = &house.desk;
    let high = json!([{"field": "priority", "operator": "equals", "value": "high"}]);
    let kept = make(&house, json!({"trigger_conditions": high, "name": "Old"})).await;
    let ticket = house.ticket().await;
    let set = async |priority| {
        let patch = TicketPatch { priority: Patch::Set(priority), ..TicketPatch::default() };
        desk.update_ticket(&house.agent, &key(&ticket), patch, None).await.unwrap();
    };
    set(Priority::High).await;
    let body = json!({"name": "New", "trigger_conditions": {"not": {"field": "priority", "operator": "equals", "value": "low"}}});
    desk.update_workflow(&house.admin, kept.id, patch(body), None).await.unwrap();
    set(Priority::Critical).await;
    set(Priority::Low).await;
    let runs = desk.workflow_runs(&house.admin, kept.id, RunQuery::default()).await.unwrap().items;
    let told: Vec<_> = runs.iter().map(|run| (run.workflow_version, run.workflow_name.as_str(), run.outcome)).collect();
    let expected = [(2, "New", RunOutcome::NotMatched), (2, "New", RunOutcome::Fired), (1, "Old", RunOutcome::Fired)];
    assert_eq!(told, expected);
    let leaf = json!({"field": "priority", "operator": "equals", "value": "high", "actual": "high", "result": true});
    assert_eq!(runs[2].conditions, [leaf]);
    assert_eq!(runs[0].conditions[0]["not"]["actual"], "low");
    assert_eq!(runs[2].effects.len(), 1);
    let fired = RunQuery { outcomes: vec![RunOutcome::Fired], limit: 1, ..RunQuery::default() };
    let page = desk.ticket_workflow_runs(&house.agent, &key(&ticket), fired.clone()).await.unwrap();
    assert_eq!(page.items, runs[1..2]);
    let after = page.next.map(|place| ticketing_core::WorkflowRunId(place.id));
    let rest = desk.ticket_workflow_runs(&house.agent, &key(&ticket), RunQuery { after, ..fired }).await.unwrap();
    assert_eq!((rest.items, rest.next), (runs[2..].to_vec(), None));
    // Also of a rule that is gone.
    desk.delete_workflow(&house.admin, kept.id, None).await.unwrap();
    let same = desk.ticket_workflow_runs(&house.agent, &key(&ticket), RunQuery::default()).await.unwrap().items;
    assert_eq!(same, runs);
}
