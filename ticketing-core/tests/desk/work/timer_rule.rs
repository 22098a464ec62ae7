//! Rules of time: what they wait for, and that they do it once.

use super::Works;
use super::rule::notifications;
use super::timer::{events, next_due, set, stored};
use crate::house::{House, id, key, person};
use crate::rule::add;
use chrono::{TimeDelta, TimeZone, Utc};
use serde_json::{Value, json};
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{NewComment, WorkflowPatch, WorkflowView};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{JobKind, JobState, NotificationKind, Role, RunOutcome, Status, Trigger, WorkflowRun};
use ticketing_core::query::{NotificationQuery, WorkflowRunQuery};
use ticketing_core::{Scope, WorkflowId};

/// A rule of this schedule that says so on the ticket, and whom it tells.
async fn timed(house: &House, schedule: Value, conditions: Value) -> WorkflowView {
    let tell = json!([{"type": "send_notification",
        "params": {"user_id": [id(&house.manager)], "title": "{{ticket_number}}", "message": "It is time."}}]);
    timed_to(house, schedule, conditions, tell).await
}

async fn timed_to(house: &House, schedule: Value, conditions: Value, actions: Value) -> WorkflowView {
    let rule = json!({"name": "By the clock", "trigger_type": "time_based", "schedule": schedule,
        "trigger_conditions": conditions, "actions": actions});
    add(house, rule).await
}

fn after(after: &str, since: &str) -> Value {
    json!({"after": after, "since": since})
}

fn open() -> Value {
    json!([{"field": "status", "operator": "equals", "value": "open"}])
}

/// How often the manager was told.
async fn told(works: &Works) -> usize {
    works.work().await;
    notifications(&works.house, id(&works.house.manager)).await.len()
}

async fn runs(house: &House, ticket: &TicketView) -> Vec<WorkflowRun> {
    let query = WorkflowRunQuery { ticket_id: Some(ticket.id()), limit: 100, ..WorkflowRunQuery::default() };
    house.desk.store().workflow_runs(&Scope::UPKEEP, &query).await.unwrap()
}

async fn reply(house: &House, ticket: &TicketView) {
    house.desk.add_comment(&house.customer, &key(ticket), NewComment::public("Hello?")).await.unwrap();
}

fn of_rules(user: ticketing_core::UserId) -> NotificationQuery {
    NotificationQuery { kinds: vec![NotificationKind::Rule], ..NotificationQuery::of(user, 10_000) }
}

#[tokio::test]
async fn a_rule_counts_from_each_reply_and_fires_once_for_each() {
    let works = Works::new().await;
    let house = &works.house;
    let rule = timed(house, after("4h", "last_customer_reply"), open()).await;
    let ticket = house.ticket().await;
    assert_eq!(next_due(house).await, Some(house.desk.now() + TimeDelta::hours(4)));
    works.later(3 * 60).await;
    reply(house, &ticket).await;
    assert_eq!(next_due(house).await, Some(house.desk.now() + TimeDelta::hours(4)), "it counts anew");
    works.later(4 * 60 - 1).await;
    assert_eq!(told(&works).await, 0);
    works.later(1).await;
    assert_eq!(told(&works).await, 1);
    works.later(100 * 60).await;
    assert_eq!((told(&works).await, next_due(house).await), (1, None), "once");
    reply(house, &ticket).await;
    works.later(4 * 60).await;
    assert_eq!(told(&works).await, 2, "and once for the next reply");
    let run = runs(house, &ticket).await.remove(0);
    assert_eq!((run.rule.id, run.trigger, run.outcome), (rule.id, Trigger::TimeBased, RunOutcome::Fired));
    assert_eq!(run.event_id, None);
}

#[tokio::test]
async fn what_rules_do_beside_a_ticket_is_no_change_of_it() {
    let works = Works::new().await;
    let house = &works.house;
    timed(house, after("1h", "updated_at"), json!([])).await;
    let ticket = house.ticket().await;
    let (before, count) = (stored(house, &ticket).await, events(house, &ticket).await.len());
    works.later(60).await;
    assert_eq!(told(&works).await, 1);
    let now = stored(house, &ticket).await;
    assert_eq!((now.updated_at, now.rule_spend.unwrap().effects), (before.updated_at, 1));
    assert_eq!(events(house, &ticket).await.len(), count);
    works.later(10 * 60).await;
    assert_eq!(told(&works).await, 1, "it does not count from what it did itself");
}

#[tokio::test]
async fn what_rules_do_to_a_ticket_is_told_as_theirs() {
    let works = Works::new().await;
    let house = &works.house;
    let tag = json!([{"type": "add_tags", "params": {"tags": ["stale"]}}]);
    let rule = timed_to(house, after("2d", "updated_at"), json!([]), tag).await;
    add(
        house,
        json!({"name": "Then", "trigger_type": "ticket_updated",
        "trigger_conditions": [{"field": "tags", "operator": "contains", "value": "stale"}],
        "actions": [{"type": "update_ticket", "params": {"priority": "high"}}]}),
    )
    .await;
    let ticket = house.ticket().await;
    let count = events(house, &ticket).await.len();
    works.later(2 * 24 * 60).await;
    let now = stored(house, &ticket).await;
    assert_eq!((now.tags, json!(now.priority)), (vec!["stale".to_owned()], json!("high")));
    let told = events(house, &ticket).await.split_off(count);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|event| event.actor.id.is_none() && event.cause.is_none()), "no event caused them");
    assert_eq!(told[0].rule.map(|rule| rule.id), Some(rule.id));
    assert_eq!(told[0].change_id, told[1].change_id);
    // Its own change is one to count from; then there is nothing left to change.
    works.later(10 * 24 * 60).await;
    assert_eq!((events(house, &ticket).await.len(), next_due(house).await), (count + 2, None));
}

#[tokio::test]
async fn a_moment_whose_conditions_do_not_hold_is_over_too() {
    let works = Works::new().await;
    let house = &works.house;
    timed(house, after("1h", "created_at"), json!({"not": open()[0]})).await;
    let ticket = house.ticket().await;
    works.later(59).await;
    assert_eq!(runs(house, &ticket).await, []);
    works.later(1).await;
    set(house, &ticket, Status::Pending).await;
    works.later(60).await;
    assert_eq!((told(&works).await, next_due(house).await), (0, None));
    assert_eq!(runs(house, &ticket).await[0].outcome, RunOutcome::NotMatched);
    set(house, &ticket, Status::Closed).await;
    set(house, &ticket, Status::Open).await;
    works.later(60).await;
    assert_eq!(told(&works).await, 0, "opened again, it is as old as it was");
}

#[tokio::test]
async fn a_rule_that_comes_later_finds_the_tickets_that_are_there() {
    let works = Works::new().await;
    let house = &works.house;
    let (one, other, closed) = (house.ticket().await, house.ticket().await, house.ticket().await);
    set(house, &closed, Status::Closed).await;
    works.later(120).await;
    timed(house, after("1h", "created_at"), json!([])).await;
    assert_eq!(told(&works).await, 2, "they were due already");
    assert_eq!((runs(house, &one).await.len(), runs(house, &other).await.len()), (1, 1));
    assert_eq!(runs(house, &closed).await.len(), 0);
}

#[tokio::test]
async fn a_rule_that_is_changed_counts_as_it_says_now() {
    let works = Works::new().await;
    let house = &works.house;
    let rule = timed(house, after("4h", "created_at"), json!([])).await;
    house.ticket().await;
    let save = async |body: Value| {
        let patch = WorkflowPatch::from_json(body).unwrap();
        house.desk.update_workflow(&house.admin, rule.id, patch, None).await.unwrap();
        works.work().await;
    };
    save(json!({"schedule": after("2h", "created_at")})).await;
    assert_eq!(next_due(house).await, Some(house.desk.now() + TimeDelta::hours(2)));
    save(json!({"is_active": false})).await;
    works.later(5 * 60).await;
    assert_eq!(told(&works).await, 0, "switched off, it does nothing");
    save(json!({"is_active": true})).await;
    assert_eq!(told(&works).await, 1);
    save(json!({"schedule": after("6h", "created_at")})).await;
    works.later(5 * 60).await;
    assert_eq!(told(&works).await, 1, "it has looked for that moment");
    house.desk.delete_workflow(&house.admin, rule.id, None).await.unwrap();
    house.ticket().await;
    works.later(10 * 60).await;
    assert_eq!((told(&works).await, next_due(house).await), (1, None));
}

#[tokio::test]
async fn several_rules_of_one_ticket_are_done_in_one_commit() {
    let works = Works::new().await;
    let house = &works.house;
    for tag in ["a", "b"] {
        let tag = json!([{"type": "add_tags", "params": {"tags": [tag]}}]);
        timed_to(house, after("1h", "created_at"), json!([]), tag).await;
    }
    timed_to(
        house,
        after("3h", "created_at"),
        json!([]),
        json!([{"type": "escalate_ticket", "params": {"reason": "Too old."}}]),
    )
    .await;
    let ticket = house.ticket().await;
    let before = stored(house, &ticket).await.version;
    works.later(60).await;
    let now = stored(house, &ticket).await;
    assert_eq!((now.tags.len(), now.version), (2, before + 1));
    works.later(60).await;
    assert_eq!(stored(house, &ticket).await.escalation_level, 0, "its moment is to come");
    works.later(60).await;
    assert_eq!(stored(house, &ticket).await.escalation_level, 1);
}

#[tokio::test]
async fn a_clock_that_jumps_fires_nothing_twice() {
    let works = Works::new().await;
    let house = &works.house;
    timed(house, after("1h", "created_at"), json!([])).await;
    timed(house, json!({"every": "1h"}), json!([])).await;
    house.ticket().await;
    let start = house.desk.now();
    house.clock.set(start + TimeDelta::hours(1));
    assert_eq!(told(&works).await, 2);
    for hours in [0, -50, 0, 1] {
        house.clock.set(start + TimeDelta::hours(hours));
        assert_eq!(told(&works).await, 2, "at {hours}");
    }
    house.clock.set(start + TimeDelta::hours(2));
    assert_eq!(told(&works).await, 3);
    house.clock.set(start + TimeDelta::days(300));
    assert_eq!(told(&works).await, 4, "one run for all that it missed");
}

#[tokio::test]
async fn a_rule_on_an_interval_looks_at_every_ticket_that_is_not_closed() {
    let works = Works::new().await;
    let house = &works.house;
    let resolved = json!([{"field": "status", "operator": "equals", "value": "resolved"}]);
    let rule = timed(house, json!({"every": "30m"}), resolved).await;
    let (one, other) = (house.ticket().await, house.ticket().await);
    set(house, &one, Status::Resolved).await;
    works.later(29).await;
    assert_eq!(told(&works).await, 0);
    works.later(1).await;
    assert_eq!(told(&works).await, 1);
    assert_eq!(runs(house, &other).await.len(), 0, "what is only looked at leaves nothing");
    set(house, &other, Status::Resolved).await;
    works.later(30).await;
    assert_eq!(told(&works).await, 3, "each time again");
    house.pass(30 * 24 * 60);
    assert_eq!(told(&works).await, 5, "a long stop is made up for once");
    let off = WorkflowPatch { is_active: Patch::Set(false), ..WorkflowPatch::default() };
    house.desk.update_workflow(&house.admin, rule.id, off, None).await.unwrap();
    assert_eq!(next_due(house).await, None);
    works.later(600).await;
    assert_eq!(told(&works).await, 5);
}

#[tokio::test]
async fn a_cron_line_runs_by_the_clock_of_its_zone() {
    let works = Works::new().await;
    let house = &works.house;
    house.clock.set(Utc.with_ymd_and_hms(2026, 3, 27, 12, 0, 0).unwrap());
    house.ticket().await;
    let eight = json!({"cron": "0 8 * * 1-5", "time_zone": "Europe/Berlin"});
    timed(house, eight, json!([])).await;
    // Over the weekend the clocks go forward.
    let monday = Utc.with_ymd_and_hms(2026, 3, 30, 6, 0, 0).unwrap();
    assert_eq!(next_due(house).await, Some(monday));
    house.clock.set(monday - TimeDelta::seconds(1));
    assert_eq!(told(&works).await, 0);
    house.clock.set(monday);
    assert_eq!((told(&works).await, next_due(house).await), (1, Some(monday + TimeDelta::days(1))));
}

#[tokio::test]
async fn a_page_that_is_gone_through_again_does_nothing_twice() {
    let works = Works::new().await;
    let house = &works.house;
    for _ in 0..3 {
        house.ticket().await;
    }
    timed(house, json!({"every": "1h"}), json!([])).await;
    works.later(60).await;
    assert_eq!(told(&works).await, 3);
    let scan = works.jobs(JobKind::RuleScan, JobState::Done).await.remove(0);
    house.desk.retry_job(&house.admin, scan.id).await.unwrap();
    assert_eq!(told(&works).await, 3);
    assert_eq!(works.jobs(JobKind::RuleScan, JobState::Done).await.len(), 1);
}

#[tokio::test]
async fn a_scan_goes_on_page_by_page() {
    let works = Works::new().await;
    let house = &works.house;
    let asker = person(&house.desk, Role::Customer, "many", None).await;
    for _ in 0..1_100 {
        let new = ticketing_core::desk::NewTicket::new("One of many", "Text.");
        house.desk.create_ticket(&asker, new).await.unwrap();
    }
    timed(house, json!({"every": "1h"}), json!([])).await;
    works.later(60).await;
    assert_eq!(works.jobs(JobKind::RuleScan, JobState::Done).await.len(), 3);
    let told = house.desk.store().notifications(&of_rules(id(&house.manager))).await.unwrap();
    assert_eq!(told.len(), 1_100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[allow(clippy::disallowed_methods)] // Workers that race are tasks of their own.
async fn two_workers_do_it_once_together() {
    let works = Works::new().await;
    let house = &works.house;
    timed(house, after("1h", "created_at"), json!([])).await;
    timed(house, json!({"every": "1h"}), json!([])).await;
    for _ in 0..60 {
        house.ticket().await;
    }
    works.work().await;
    house.pass(60);
    let mut racing = Vec::new();
    for _ in 0..4 {
        let workers = house.desk.workers(WorkOptions::default());
        racing.push(tokio::spawn(async move {
            for _ in 0..50 {
                workers.run_due(7).await.unwrap();
            }
        }));
    }
    for task in racing {
        task.await.unwrap();
    }
    works.work().await;
    let told = house.desk.store().notifications(&of_rules(id(&house.manager))).await.unwrap();
    assert_eq!(told.len(), 120);
}

#[tokio::test]
async fn a_year_goes_by_in_seconds() {
    let works = Works::new().await;
    let house = &works.house;
    timed(house, after("4h", "last_customer_reply"), json!([])).await;
    let weekly = timed(house, json!({"cron": "0 7 * * 1", "time_zone": "Europe/Berlin"}), json!([])).await;
    let mut tickets = Vec::new();
    for _ in 0..5 {
        tickets.push(house.ticket().await);
    }
    let (start, mut replies) = (house.desk.now(), tickets.len());
    let end = start + TimeDelta::days(365);
    let mut day = 0;
    while house.desk.now() < end {
        // From one moment to the next, with a reply every five days.
        let reply_at = start + TimeDelta::days(5 * (day + 1));
        let next = next_due(house).await.map_or(reply_at, |due| due.min(reply_at));
        house.clock.set(next.min(end));
        works.work().await;
        if next == reply_at {
            reply(house, &tickets[usize::try_from(day).unwrap() % tickets.len()]).await;
            (day, replies) = (day + 1, replies + 1);
        }
    }
    // The last reply came at the very end.
    works.later(4 * 60).await;
    let told = house.desk.store().notifications(&of_rules(id(&house.manager))).await.unwrap();
    let of = |rule: WorkflowId, is: bool| {
        told.iter().filter(|told| (told.rule.map(|told| told.id) == Some(rule)) == is).count()
    };
    assert_eq!(of(weekly.id, false), replies, "once for each reply");
    assert_eq!(of(weekly.id, true), 52 * tickets.len(), "every Monday");
}
