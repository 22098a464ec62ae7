//! Rules at work in the desk's commits.

use crate::house::{House, id, key, person};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use ticketing_core::desk::{
    Assignment, Escalation, NewComment, NewCustomer, NewTicket, NewWorkflow, Requester, TicketPatch, WorkflowView,
};
use ticketing_core::event::Fact;
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{Job, JobKind, Priority, Role, RunOutcome, Status, WorkflowRun};
use ticketing_core::port::JobQuery;
use ticketing_core::query::WorkflowRunQuery;
use ticketing_core::workflow::lint::WarningCode;
use ticketing_core::{Scope, Seq};

pub async fn add(house: &House, rule: Value) -> WorkflowView {
    let new = NewWorkflow::from_json(rule).unwrap_or_else(|error| panic!("{error:?}"));
    house.desk.create_workflow(&house.admin, new).await.unwrap_or_else(|error| panic!("{error:?}"))
}

fn rule(trigger: &str, conditions: Value, actions: Value) -> Value {
    json!({"name": "Rule", "trigger_type": trigger, "trigger_conditions": conditions, "actions": actions})
}

async fn runs(house: &House, ticket: &TicketView) -> Vec<WorkflowRun> {
    let ticket_id = Some(house.desk.ticket(&house.admin, &key(ticket)).await.unwrap().id());
    let query = WorkflowRunQuery { ticket_id, limit: 100, ..WorkflowRunQuery::default() };
    house.desk.store().workflow_runs(&Scope::UPKEEP, &query).await.unwrap()
}

async fn jobs(house: &House, kind: JobKind) -> Vec<Job> {
    let query = JobQuery { kinds: vec![kind], limit: 100, ..JobQuery::default() };
    house.desk.store().jobs(&query).await.unwrap()
}

#[tokio::test]
async fn a_new_ticket_is_answered_as_the_rules_leave_it() {
    let house = House::new().await;
    let actions = json!([
        {"type": "update_ticket", "params": {"priority": "critical"}},
        {"type": "assign_ticket", "params": {"team_id": house.billing}},
        {"type": "add_comment", "params": {"body": "For {{customer_name}}: {{subject}}", "is_internal": true}},
    ]);
    let made = add(
        &house,
        rule("ticket_created", json!([{"field": "subject", "operator": "contains", "value": "LOG"}]), actions),
    )
    .await;
    let ticket = house.ticket().await;
    let seen = json!(house.desk.ticket(&house.admin, &key(&ticket)).await.unwrap());
    assert_eq!(
        (&seen["priority"], &seen["team_id"], &seen["version"]),
        (&json!("critical"), &json!(house.billing), &json!(1))
    );
    assert_eq!(json!(ticket)["priority"], "critical", "the customer is told so, too");

    let events = house.desk.store().ticket_events(&Scope::UPKEEP, ticket.id(), Seq(0), 100).await.unwrap();
    let by_rule: Vec<_> = events.iter().filter(|event| event.rule.is_some()).collect();
    assert_eq!(events.len() - by_rule.len(), 1, "the customer made it, all else the rule did");
    assert!(by_rule.iter().all(|event| event.cause == Some(events[0].id) && event.actor.role == "system"));
    assert!(by_rule.iter().all(|event| event.rule.is_some_and(|rule| rule.id == made.id && rule.version == 1)));
    let said = house.desk.comments(&house.admin, &key(&ticket), None, 10).await.unwrap().items;
    assert_eq!(json!(said)[0]["body"], "For cleo: Cannot log in");
    assert_eq!(house.desk.comments(&house.customer, &key(&ticket), None, 10).await.unwrap().items.len(), 0);

    let runs = runs(&house, &ticket).await;
    assert_eq!(runs.len(), 1);
    assert_eq!((runs[0].outcome, runs[0].round, runs[0].event_id), (RunOutcome::Fired, 1, Some(events[0].id)));
    assert_eq!(runs[0].trace["leaves"], json!([[true, "Cannot log in"]]));
}

#[tokio::test]
async fn each_kind_of_change_wakes_its_rules() {
    let house = House::new().await;
    for (trigger, tag) in [
        ("ticket_created", "created"),
        ("ticket_updated", "updated"),
        ("status_change", "status"),
        ("priority_change", "priority"),
        ("assignment", "assigned"),
        ("escalation", "escalated"),
        ("comment_added", "said"),
    ] {
        add(&house, rule(trigger, json!([]), json!([{"type": "add_tags", "params": {"tags": [tag]}}]))).await;
    }
    let (desk, admin) = (&house.desk, &house.admin);
    let ticket = house.ticket().await;
    let tags = || async { json!(desk.ticket(admin, &key(&ticket)).await.unwrap())["tags"].clone() };
    // What the first rule did is an update of its own.
    assert_eq!(tags().await, json!(["created", "updated"]));
    let urgent = TicketPatch { priority: Patch::Set(Priority::High), ..TicketPatch::default() };
    desk.update_ticket(admin, &key(&ticket), urgent, None).await.unwrap();
    assert_eq!(tags().await, json!(["created", "priority", "updated"]));
    let held = TicketPatch { status: Patch::Set(Status::OnHold), ..TicketPatch::default() };
    desk.update_ticket(admin, &key(&ticket), held, None).await.unwrap();
    let to = Assignment { team_id: Patch::Set(Some(house.billing)), ..Assignment::default() };
    desk.assign_ticket(admin, &key(&ticket), to, None).await.unwrap();
    let up = Escalation { reason: "They wait".to_owned(), to: None };
    desk.escalate_ticket(admin, &key(&ticket), up, None).await.unwrap();
    desk.add_comment(&house.customer, &key(&ticket), NewComment::public("Hello?")).await.unwrap();
    assert_eq!(tags().await, json!(["assigned", "created", "escalated", "priority", "said", "status", "updated"]));
}

#[tokio::test]
async fn what_leaves_the_desk_is_a_job_of_that_commit_and_names_its_rule() {
    let house = House::new().await;
    let actions = json!([
        {"type": "send_email", "params": {"to": "manager@company.com", "subject": "Critical Ticket: {{ticket_number}}", "body": "Immediate attention required"}},
        {"type": "send_notification", "params": {"user_id": "{{assigned_agent_id}}", "title": "Critical Ticket Alert", "message": "Ticket {{ticket_number}} escalated to critical"}},
        {"type": "trigger_webhook", "params": {"url": "https://crm.example.com/hook"}},
    ]);
    let conditions = json!([{"field": "priority", "operator": "equals", "value": "critical"}]);
    let made = add(&house, rule("priority_change", conditions, actions)).await;
    let new = NewTicket { assigned_agent_id: house.agent.user_id(), ..NewTicket::new("Bill", "Wrong.") };
    let ticket = house.desk.create_ticket(&house.admin, new).await.unwrap();
    let patch = TicketPatch { priority: Patch::Set(Priority::Critical), ..TicketPatch::default() };
    house.desk.update_ticket(&house.admin, &key(&ticket), patch.clone(), None).await.unwrap();
    for kind in [JobKind::RuleMail, JobKind::Webhook] {
        let jobs = jobs(&house, kind).await;
        assert_eq!(jobs.len(), 1, "{kind}");
        assert_eq!((jobs[0].cause.rule_id, jobs[0].cause.rule_version), (Some(made.id.0), Some(1)), "{kind}");
        assert!(
            jobs[0].payload.to_string().contains(&*json!(ticket)["ticket_number"].as_str().unwrap().to_owned()),
            "{kind}"
        );
    }
    // As it is already, so it is no change.
    house.desk.update_ticket(&house.admin, &key(&ticket), patch, None).await.unwrap();
    assert_eq!(jobs(&house, JobKind::RuleMail).await.len(), 1);
}

#[tokio::test]
async fn rules_that_play_ping_pong_end_and_a_rule_that_calls_back_runs_dry() {
    let house = House::new().await;
    let set = |status: &str| json!([{"type": "update_ticket", "params": {"status": status}}]);
    let is = |status: &str| json!([{"field": "status", "operator": "changed_to", "value": status}]);
    add(&house, rule("status_change", is("pending"), set("on_hold"))).await;
    add(&house, rule("status_change", is("on_hold"), set("pending"))).await;
    let ticket = house.ticket().await;
    let flip = |status| TicketPatch { status: Patch::Set(status), ..TicketPatch::default() };
    let (desk, admin) = (&house.desk, &house.admin);
    desk.update_ticket(admin, &key(&ticket), flip(Status::Pending), None).await.unwrap();
    assert_eq!(json!(desk.ticket(admin, &key(&ticket)).await.unwrap())["status"], "pending", "there and back, once");
    let fired = runs(&house, &ticket).await;
    assert_eq!(fired.iter().filter(|run| run.outcome == RunOutcome::Fired).count(), 2);

    // An endpoint that answers each call with a change is outside of the chain; the minute's budget ends it.
    for round in 0..40 {
        let status = if round % 2 == 0 { Status::Open } else { Status::Pending };
        desk.update_ticket(admin, &key(&ticket), flip(status), None).await.unwrap();
    }
    let after = runs(&house, &ticket).await;
    let done = after.iter().filter(|run| run.outcome == RunOutcome::Fired).count();
    assert!(done <= 60, "{done}");
    let before = jobs(&house, JobKind::RuleLimit).await.len();
    for round in 0..40 {
        let status = if round % 2 == 0 { Status::Open } else { Status::Pending };
        desk.update_ticket(admin, &key(&ticket), flip(status), None).await.unwrap();
    }
    assert!(runs(&house, &ticket).await.iter().any(|run| run.outcome == RunOutcome::Suppressed));
    assert!(jobs(&house, JobKind::RuleLimit).await.len() >= before.max(1), "somebody looks after the rule");
    house.pass(2);
    desk.update_ticket(admin, &key(&ticket), flip(Status::Open), None).await.unwrap();
    desk.update_ticket(admin, &key(&ticket), flip(Status::Pending), None).await.unwrap();
    assert_eq!(runs(&house, &ticket).await[0].outcome, RunOutcome::Fired, "a minute later there is room again");
}

#[tokio::test]
async fn a_rules_word_is_no_first_response_and_wakes_other_rules_once() {
    let house = House::new().await;
    let said = json!([{"type": "add_comment", "params": {"body": "We have it.", "is_internal": false}}]);
    add(&house, rule("ticket_created", json!([]), said.clone())).await;
    let by_rule = json!([{"field": "comment.author_role", "operator": "equals", "value": "system"}]);
    add(&house, rule("comment_added", by_rule, said)).await;
    let ticket = house.ticket().await;
    let seen = json!(house.desk.ticket(&house.admin, &key(&ticket)).await.unwrap());
    assert_eq!(seen["first_responded_at"], Value::Null);
    let comments = house.desk.comments(&house.customer, &key(&ticket), None, 10).await.unwrap().items;
    assert_eq!(comments.len(), 2, "one by each rule");
    let events = house.desk.store().ticket_events(&Scope::UPKEEP, ticket.id(), Seq(0), 100).await.unwrap();
    assert_eq!(events.iter().filter(|event| matches!(event.fact, Fact::CommentAdded { .. })).count(), 2);
}

#[tokio::test]
async fn a_requester_who_is_new_is_known_to_the_rules_of_that_commit() {
    let house = House::new().await;
    let conditions = json!([{"field": "customer.email", "operator": "equals", "value": "new@nowhere.example"}]);
    let note = json!([{"type": "add_comment", "params": {"body": "{{customer_name}} is new", "is_internal": true}}]);
    add(&house, rule("ticket_created", conditions, note)).await;
    let customer = NewCustomer { email: "new@nowhere.example".into(), name: "Nora".into() };
    let new = NewTicket { requester: Requester::Address(customer), ..NewTicket::new("Hello", "I am new.") };
    for _ in 0..2 {
        let ticket = house.desk.create_ticket(&house.admin, new.clone()).await.unwrap();
        let said = house.desk.comments(&house.admin, &key(&ticket), None, 10).await.unwrap().items;
        assert_eq!(json!(said)[0]["body"], "Nora is new");
    }
}

#[tokio::test]
async fn a_rule_lets_nobody_listen_who_may_not_see_the_ticket() {
    let house = House::new().await;
    let (desk, ticket) = (&house.desk, house.ticket().await);
    let listening = || async {
        let page = desk.watchers(&house.admin, &key(&ticket), None, 10).await.unwrap();
        page.items.into_iter().filter_map(|watcher| watcher.user.id).collect::<BTreeSet<_>>()
    };
    let staff = json!([id(&house.outsider), id(&house.agent), "requester"]);
    let watch = |who: Value| json!([{"type": "add_watchers", "params": {"user_id": who}}]);
    add(&house, rule("assignment", json!([]), watch(staff))).await;
    add(&house, rule("comment_added", json!([]), watch(json!("actor")))).await;
    let to = Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(house.billing)) };
    desk.assign_ticket(&house.manager, &key(&ticket), to, None).await.unwrap();
    let seeing = BTreeSet::from([id(&house.agent), id(&house.customer)]);
    assert_eq!(listening().await, seeing, "it is billing's now");
    let run = runs(&house, &ticket).await.remove(0);
    let left_out = json!({"type": "add_watchers", "params": {"user_id": [id(&house.outsider)]}, "done": false,
        "reason": "may not see the ticket"});
    assert_eq!((run.outcome, &run.trace["effects"][1]), (RunOutcome::Fired, &left_out));
    // The company shares its tickets, so a colleague sees this one.
    let kim = person(desk, Role::Customer, "kim", Some(house.acme)).await;
    desk.add_comment(&kim, &key(&ticket), NewComment::public("Me too.")).await.unwrap();
    assert_eq!(&listening().await - &seeing, BTreeSet::from([id(&kim)]));
}

#[tokio::test]
async fn a_rule_that_gives_tickets_to_whoever_asks_warns_and_fails_no_change() {
    let house = House::new().await;
    let give = json!([
        {"type": "escalate_ticket", "params": {"reason": "It waits", "to": "requester"}},
        {"type": "assign_ticket", "params": {"agent_id": "requester"}},
    ]);
    let made = add(&house, rule("ticket_created", json!([]), give)).await;
    assert_eq!(made.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [WarningCode::NotStaff]);
    let ticket = house.ticket().await;
    let effects = runs(&house, &ticket).await.remove(0).trace["effects"].clone();
    for (place, param) in [(0, "to"), (1, "agent_id")] {
        let why = format!("{param}: requester is no active member of staff, and can't be given a ticket");
        assert_eq!((&effects[place]["done"], &effects[place]["reason"]), (&json!(false), &json!(why)));
    }
    let own = NewTicket::new("My own screen is dark", "Since lunch.");
    let own = json!(house.desk.create_ticket(&house.agent, own).await.unwrap());
    let (agent, level) = (&own["assigned_agent_id"], &own["escalation_level"]);
    assert_eq!((agent, level), (&json!(id(&house.agent)), &json!(1)), "staff may ask, too");
}
