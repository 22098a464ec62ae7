//! Switching off rules that can't stop.

use super::Works;
use super::rule::notifications;
use crate::house::{House, id, key};
use crate::rule::add;
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::access::Actor;
use ticketing_core::desk::{NewComment, UserPatch, WorkflowPatch, WorkflowView};
use ticketing_core::input::Patch;
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{JobKind, JobState, NotificationKind, RuleDisableReason, RunOutcome};
use ticketing_core::port::Signal;

/// A rule that does as much as one may whenever something is said: three words are a minute's work.
fn greedy() -> Value {
    let says = json!({"type": "add_comment", "params": {"body": "Noted", "is_internal": true}});
    let actions: Vec<Value> = vec![says; 20];
    json!({"name": "Greedy", "trigger_type": "comment_added", "trigger_conditions": [], "actions": actions})
}

async fn say(house: &House, ticket: &TicketView, times: usize) {
    say_as(house, &house.agent, ticket, times).await;
}

async fn say_as(house: &House, actor: &Actor, ticket: &TicketView, times: usize) {
    for _ in 0..times {
        house.desk.add_comment(actor, &key(ticket), NewComment::public("And?")).await.unwrap();
    }
}

async fn rule(house: &House, made: &WorkflowView) -> WorkflowView {
    house.desk.workflow(&house.admin, made.id).await.unwrap()
}

/// The mails that a rule was switched off.
async fn told(works: &Works) -> Vec<String> {
    let mails = works.mails().await.into_iter().filter(|mail| mail.subject.contains("switched off"));
    mails.map(|mail| mail.to.address).collect()
}

#[tokio::test]
async fn a_rule_that_is_held_back_too_often_is_switched_off_and_its_owner_told_once() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let made = add(house, greedy()).await;
    let ticket = house.ticket().await;
    say(house, &ticket, 3 + 4).await;
    assert_eq!(told(&works).await, Vec::<String>::new(), "four times are not too often");
    assert!(rule(house, &made).await.is_active);
    // Once more within the minute of the first look: the look at its end finds it.
    say(house, &ticket, 1).await;
    assert_eq!(told(&works).await, Vec::<String>::new());
    let mut heard = desk.bus().subscribe();
    works.later(1).await;
    assert_eq!(told(&works).await, ["ada@house.example"]);
    // No event tells of it, so those who are connected hear of it by the bus.
    let changes: Vec<_> = std::iter::from_fn(|| heard.try_recv().ok())
        .filter_map(|signal| if let Signal::Told { change_id } = signal { Some(change_id) } else { None })
        .collect();
    let pushed = desk.told_by(&changes, 10).await.unwrap();
    assert_eq!(pushed.iter().map(|told| told.user_id).collect::<Vec<_>>(), [id(&house.admin)]);
    assert_eq!(pushed[0].view.kind, NotificationKind::WorkflowDisabled);
    let off = rule(house, &made).await;
    assert!(!off.is_active && off.version == 2);
    assert_eq!(off.disabled.map(|disabled| disabled.reason), Some(RuleDisableReason::Budget));
    let notices = notifications(house, id(&house.admin)).await;
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].title, "A rule was switched off: Greedy");
    assert!(notices[0].message.starts_with("The rule Greedy kept doing more"), "{}", notices[0].message);
    let audit = desk.audit(&house.admin, ticketing_core::query::AuditQuery { limit: 100, ..Default::default() });
    let lines = audit.await.unwrap().items;
    assert_eq!(lines.iter().filter(|line| line.action == "workflow.disabled").count(), 1);
    // Whoever looks again finds it off already.
    for job in works.jobs(JobKind::RuleLimit, JobState::Done).await {
        desk.retry_job(&house.admin, job.id).await.unwrap();
    }
    assert_eq!(told(&works).await, Vec::<String>::new());
    assert_eq!(rule(house, &made).await.version, 2);
    assert_eq!(notifications(house, id(&house.admin)).await.len(), 1);

    // Who switches it on again gives it another chance: what was before does not count.
    let on = WorkflowPatch { is_active: Patch::Set(true), ..WorkflowPatch::default() };
    house.clock.advance(TimeDelta::seconds(1));
    desk.update_workflow(&house.admin, made.id, on, None).await.unwrap();
    say(house, &ticket, 3 + 4).await;
    works.later(1).await;
    assert!(rule(house, &made).await.is_active);
}

#[tokio::test]
async fn every_administrator_is_told_where_the_owner_is_gone() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let eve = crate::house::person(desk, ticketing_core::model::Role::Admin, "eve", None).await;
    let new = ticketing_core::input::Input::from_json(greedy()).unwrap();
    let made = desk.create_workflow(&eve, new).await.unwrap();
    crate::house::person(desk, ticketing_core::model::Role::Admin, "ivo", None).await;
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&eve), gone, None).await.unwrap();
    let ticket = house.ticket().await;
    say(house, &ticket, 3 + 5).await;
    assert_eq!(told(&works).await, ["ada@house.example", "ivo@house.example"]);
    assert!(!rule(house, &made).await.is_active);
    assert_eq!(notifications(house, id(&house.admin)).await.len(), 1);
}

#[tokio::test]
async fn a_customer_who_writes_a_lot_switches_nothing_off() {
    let works = Works::new().await;
    let house = &works.house;
    let made = add(house, greedy()).await;
    let ticket = house.ticket().await;
    say_as(house, &house.customer, &ticket, 3 + 10).await;
    works.later(1).await;
    assert!(rule(house, &made).await.is_active);
    let held = ticketing_core::desk::RunQuery { outcomes: vec![RunOutcome::HeldBack], ..Default::default() };
    let runs = house.desk.workflow_runs(&house.admin, made.id, held).await.unwrap();
    assert_eq!(runs.items.len(), 10, "that it was held back is told all the same");
}
