//! What happens by the clock to tickets themselves: those that sleep wake, those that are resolved are closed.

use super::Works;
use super::rule::notifications;
use crate::house::{House, fields, id, key};
use crate::rule::add;
use chrono::TimeDelta;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::changes::{Changes, Write};
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{Assignment, DeskPatch, NewComment, NewMerge, TicketPatch, UserPatch};
use ticketing_core::event::{Audience, Event, Fact};
use ticketing_core::ids::{ChangeId, Seq};
use ticketing_core::input::Patch;
use ticketing_core::memory::SeededIds;
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{JobKind, JobState, Priority, Status, Ticket};
use ticketing_core::setting::DeskProfile;
use ticketing_core::time::Time;
use ticketing_core::{Actor, Desk, Scope};

pub async fn stored(house: &House, ticket: &TicketView) -> Ticket {
    house.desk.store().ticket(&Scope::UPKEEP, &key(ticket)).await.unwrap().unwrap()
}

pub async fn events(house: &House, ticket: &TicketView) -> Vec<Event> {
    house.desk.store().ticket_events(&Scope::UPKEEP, ticket.id(), Seq(0), 1_000).await.unwrap()
}

pub async fn change(house: &House, ticket: &TicketView, patch: TicketPatch) {
    house.desk.update_ticket(&house.admin, &key(ticket), patch, None).await.unwrap();
}

pub async fn set(house: &House, ticket: &TicketView, status: Status) {
    change(house, ticket, TicketPatch { status: Patch::Set(status), ..TicketPatch::default() }).await;
}

async fn snooze(house: &House, ticket: &TicketView, minutes: i64) -> Time {
    let at = house.desk.now() + TimeDelta::minutes(minutes);
    change(house, ticket, TicketPatch { wake_at: Patch::Set(Some(at)), ..TicketPatch::default() }).await;
    at
}

/// When anything is due next.
pub async fn next_due(house: &House) -> Option<Time> {
    house.desk.store().next_due_at(house.desk.now()).await.unwrap()
}

async fn close_after(house: &House, after: &str) {
    let change = DeskPatch { auto_close_after: Patch::Set(Some(after.to_owned())), ..DeskPatch::default() };
    house.desk.update_profile(&house.admin, change, None).await.unwrap();
}

#[tokio::test]
async fn a_ticket_that_was_put_off_asks_again_once() {
    let works = Works::new().await;
    let house = &works.house;
    let ticket = house.ticket().await;
    let agent = Assignment { agent_id: Patch::Set(Some(id(&house.agent))), ..Assignment::default() };
    house.desk.assign_ticket(&house.admin, &key(&ticket), agent, None).await.unwrap();
    let german = UserPatch { locale: Patch::Set(Some("de".to_owned())), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&house.agent), german, None).await.unwrap();
    let at = snooze(house, &ticket, 120).await;
    assert_eq!(next_due(house).await, Some(at));
    works.later(119).await;
    assert_eq!(stored(house, &ticket).await.wake_at, Some(at));
    let before = events(house, &ticket).await.len();
    works.later(1).await;
    let awake = stored(house, &ticket).await;
    assert_eq!((awake.wake_at, awake.status), (None, Status::Pending));
    let told = events(house, &ticket).await.split_off(before);
    let [Event { fact: Fact::TicketUpdated { changes, .. }, actor, audience, rule, .. }] = &told[..] else {
        panic!("one event, not {told:?}")
    };
    assert_eq!(changes["wake_at"], (json!(at), json!(null)));
    assert_eq!((actor.id, *audience, *rule), (None, Audience::Staff, None));
    let bell = notifications(house, id(&house.agent)).await;
    assert_eq!(bell.len(), 1);
    assert_eq!(bell[0].title, format!("Ticket {} meldet sich wieder", awake.number));
    assert_eq!((bell[0].ticket_id, bell[0].created_at), (Some(awake.id), at));
    assert!(bell[0].message.ends_with("Cannot log in"));
    works.later(600).await;
    assert_eq!(stored(house, &ticket).await.version, awake.version);
    assert_eq!(next_due(house).await, None);
}

#[tokio::test]
async fn where_nobody_works_on_it_who_put_it_off_is_told() {
    let works = Works::new().await;
    let house = &works.house;
    let ticket = house.ticket().await;
    let until = async |who: &Actor, at: Time| {
        let patch = TicketPatch { wake_at: Patch::Set(Some(at)), ..TicketPatch::default() };
        house.desk.update_ticket(who, &key(&ticket), patch, None).await.unwrap();
    };
    let told = async |who: &Actor| notifications(house, id(who)).await.len();
    let (one, two) = (house.desk.now() + TimeDelta::hours(1), house.desk.now() + TimeDelta::hours(2));
    until(&house.agent, one).await;
    until(&house.manager, two).await;
    // What happens meanwhile does not hide who it was.
    let urgent = TicketPatch { priority: Patch::Set(Priority::High), ..TicketPatch::default() };
    change(house, &ticket, urgent).await;
    works.later(120).await;
    assert_eq!((told(&house.agent).await, told(&house.manager).await, told(&house.admin).await), (0, 1, 0));
    let bell = notifications(house, id(&house.manager)).await;
    assert_eq!(bell[0].title, format!("Ticket {} asks for you again", ticket.number()));

    // Whoever has left can't work on it either.
    let agent = Assignment { agent_id: Patch::Set(Some(id(&house.agent))), ..Assignment::default() };
    house.desk.assign_ticket(&house.admin, &key(&ticket), agent, None).await.unwrap();
    until(&house.manager, house.desk.now() + TimeDelta::hours(1)).await;
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&house.agent), gone, None).await.unwrap();
    works.later(60).await;
    assert_eq!((told(&house.agent).await, told(&house.manager).await), (0, 2));
}

#[tokio::test]
async fn whoever_wakes_a_ticket_before_leaves_the_clock_nothing_to_do() {
    let works = Works::new().await;
    let house = &works.house;
    let ticket = house.ticket().await;
    snooze(house, &ticket, 60).await;
    let later = snooze(house, &ticket, 90).await;
    assert_eq!(next_due(house).await, Some(later), "the last word counts");
    house.desk.add_comment(&house.customer, &key(&ticket), NewComment::public("And now?")).await.unwrap();
    assert_eq!(next_due(house).await, None);
    works.later(120).await;
    assert_eq!(stored(house, &ticket).await.status, Status::Open);
}

#[tokio::test]
async fn the_end_of_a_sleep_is_a_change_that_rules_look_at() {
    let works = Works::new().await;
    let house = &works.house;
    add(
        house,
        json!({"name": "Open it", "trigger_type": "ticket_updated", "mode": "always",
        "trigger_conditions": [{"field": "status", "operator": "equals", "value": "pending"},
            {"field": "wake_at", "operator": "is_empty"}],
        "actions": [{"type": "update_ticket", "params": {"status": "open"}}]}),
    )
    .await;
    let ticket = house.ticket().await;
    snooze(house, &ticket, 30).await;
    assert_eq!(stored(house, &ticket).await.status, Status::Pending);
    works.later(30).await;
    assert_eq!(stored(house, &ticket).await.status, Status::Open);
}

#[tokio::test]
async fn resolved_tickets_are_closed_when_their_time_is_over() {
    let works = Works::new().await;
    let house = &works.house;
    let (old, new, open) = (house.ticket().await, house.ticket().await, house.ticket().await);
    set(house, &old, Status::Resolved).await;
    works.later(24 * 60).await;
    assert_eq!(next_due(house).await, None, "nobody has asked for it");
    close_after(house, "3d").await;
    works.work().await;
    set(house, &new, Status::Resolved).await;
    works.later(2 * 24 * 60 - 1).await;
    assert_eq!(stored(house, &old).await.status, Status::Resolved);
    let before = events(house, &old).await.len();
    works.later(1).await;
    let closed = stored(house, &old).await;
    assert_eq!((closed.status, closed.closed_at), (Status::Closed, Some(house.desk.now())));
    let told = events(house, &old).await.split_off(before);
    let names: Vec<_> = told.iter().map(|event| (event.fact.name(), event.actor.id)).collect();
    assert_eq!(names, [("ticket.status_changed", None), ("ticket.closed", None)]);
    // Who says more before is not done with.
    house.desk.add_comment(&house.customer, &key(&new), NewComment::public("Still broken.")).await.unwrap();
    works.later(30 * 24 * 60).await;
    assert_eq!(stored(house, &new).await.status, Status::Open);
    assert_eq!(stored(house, &open).await.status, Status::Open);
    set(house, &new, Status::Resolved).await;
    works.later(3 * 24 * 60).await;
    assert_eq!(stored(house, &new).await.status, Status::Closed);
}

#[tokio::test]
async fn how_long_is_a_duration_of_a_minute_or_more() {
    let house = House::new().await;
    for wrong in ["", "7", "1w", "59s", "-1d", "4000d"] {
        let change = DeskPatch { auto_close_after: Patch::Set(Some(wrong.to_owned())), ..DeskPatch::default() };
        let answer = house.desk.update_profile(&house.admin, change, None).await;
        assert_eq!(fields(answer), ["auto_close_after"], "{wrong}");
    }
    close_after(&house, "1m").await;
    let unsaid: DeskProfile = serde_json::from_value(json!({"name": "Old", "max_escalation_level": 3})).unwrap();
    assert_eq!(unsaid.auto_close_after, None, "profiles that were saved before can be read");
}

#[tokio::test]
async fn a_setting_that_moves_many_tickets_plans_them_page_by_page() {
    let works = Works::new().await;
    let house = &works.house;
    let mut tickets = Vec::new();
    for _ in 0..250 {
        let ticket = house.ticket().await;
        set(house, &ticket, Status::Resolved).await;
        tickets.push(ticket);
    }
    works.work().await;
    close_after(house, "1h").await;
    works.work().await;
    let pages = works.jobs(JobKind::Replan, JobState::Done).await.len();
    assert_eq!(pages, 3, "two full ones, and the rest");
    assert!(next_due(house).await.is_some());
    works.later(60).await;
    for ticket in &tickets {
        assert_eq!(stored(house, ticket).await.status, Status::Closed);
    }
    assert_eq!(next_due(house).await, None);
}

#[tokio::test]
async fn of_several_edits_in_a_row_only_the_last_goes_through_the_tickets() {
    let works = Works::new().await;
    let house = &works.house;
    for _ in 0..101 {
        let ticket = house.ticket().await;
        set(house, &ticket, Status::Resolved).await;
    }
    works.work().await;
    for after in ["1h", "2h", "3h"] {
        close_after(house, after).await;
    }
    works.work().await;
    assert_eq!(works.jobs(JobKind::Replan, JobState::Done).await.len(), 3 + 1, "one has a second page");
    assert_eq!(next_due(house).await, Some(house.desk.now() + TimeDelta::hours(3)));
}

#[tokio::test]
async fn a_ticket_that_is_closed_or_taken_in_asks_for_nothing() {
    let works = Works::new().await;
    let house = &works.house;
    let (one, other, into) = (house.ticket().await, house.ticket().await, house.ticket().await);
    let at = snooze(house, &one, 60).await;
    snooze(house, &other, 60).await;
    set(house, &other, Status::Closed).await;
    let merge = NewMerge { into: key(&into), confirm_other_customer: false };
    house.desk.merge_ticket(&house.admin, &key(&one), merge).await.unwrap();
    assert_eq!(next_due(house).await, None);
    house.desk.unmerge_ticket(&house.admin, &key(&one)).await.unwrap();
    assert_eq!((stored(house, &one).await.wake_at, next_due(house).await), (Some(at), Some(at)), "it sleeps on");
}

#[tokio::test]
async fn after_a_long_stop_what_was_due_first_is_done_first() {
    let house = &House::new().await;
    let workers = house.desk.workers(WorkOptions::default());
    let mut due = Vec::new();
    for place in 0..30 {
        let ticket = house.ticket().await;
        // Not in the order in which they were made.
        due.push((snooze(house, &ticket, 60 + place * 7 % 30).await, ticket));
    }
    house.pass(30 * 24 * 60);
    due.sort_by_key(|(at, ticket)| (*at, ticket.id()));
    for part in due.chunks(10) {
        assert_eq!(workers.run_due(10).await.unwrap(), 10, "no more than are asked for");
        for (at, ticket) in part {
            assert_eq!(stored(house, ticket).await.wake_at, None, "{at}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_jumps_wakes_nobody_twice() {
    let works = Works::new().await;
    let house = &works.house;
    let ticket = house.ticket().await;
    let start = house.desk.now();
    snooze(house, &ticket, 60).await;
    house.clock.set(start + TimeDelta::days(400));
    works.work().await;
    let awake = stored(house, &ticket).await;
    assert_eq!(awake.wake_at, None);
    for days in [0, -300, 1, 500] {
        house.clock.set(start + TimeDelta::days(days));
        works.work().await;
        assert_eq!(stored(house, &ticket).await.version, awake.version, "{days}");
    }
}

#[tokio::test]
async fn what_was_claimed_by_a_clock_that_was_ahead_is_done_when_it_has_come_back() {
    let works = Works::new().await;
    let house = &works.house;
    let ticket = house.ticket().await;
    snooze(house, &ticket, 60).await;
    house.pass(60);
    let ahead = house.desk.now() + TimeDelta::days(400);
    let claimed = house.desk.store().claim_wakes(ahead, ahead + TimeDelta::seconds(5), 9).await.unwrap();
    assert_eq!(claimed, [ticket.id()]);
    works.work().await;
    assert_eq!(stored(house, &ticket).await.wake_at, None);
}

#[tokio::test]
async fn what_was_planned_is_done_by_whoever_comes_after_a_restart() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    snooze(&house, &ticket, 60).await;
    house.pass(60);
    // A worker that takes it and is lost.
    let now = house.desk.now();
    let store = Arc::clone(house.desk.store());
    let claimed = store.claim_wakes(now, now + TimeDelta::seconds(5), 9).await.unwrap();
    assert_eq!(claimed, [ticket.id()]);
    let next = Desk::builder().store(store).clock(Arc::clone(&house.clock) as Arc<_>).ids(Arc::new(SeededIds::new(8)));
    let workers = next.build().unwrap().workers(WorkOptions::default());
    assert_eq!(workers.run_due(9).await.unwrap(), 0, "it is held for a moment");
    house.clock.advance(TimeDelta::seconds(5));
    assert_eq!(workers.run_due(9).await.unwrap(), 1);
    assert_eq!(stored(&house, &ticket).await.wake_at, None);
}

#[tokio::test]
async fn a_plan_that_comes_too_early_is_only_made_again() {
    let works = Works::new().await;
    let house = &works.house;
    let ticket = house.ticket().await;
    let at = snooze(house, &ticket, 60).await;
    let before = stored(house, &ticket).await;
    let store = house.desk.store();
    let early = Write::TicketWake { ticket_id: ticket.id(), due_at: Some(house.desk.now()) };
    let changes = Changes {
        id: ChangeId(uuid::Uuid::from_u128(1)),
        scope: Scope::UPKEEP,
        settings: store.settings_version().await.unwrap(),
        bumps_settings: false,
        writes: vec![early],
        guards: Vec::new(),
    };
    store.commit(changes).await.unwrap();
    works.work().await;
    assert_eq!(stored(house, &ticket).await, before);
    assert_eq!(next_due(house).await, Some(at));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[allow(clippy::disallowed_methods)] // The worker is a task of its own, as in a server.
async fn workers_wait_for_the_moment_and_hear_of_an_earlier_one() {
    let house = House::new().await;
    // One whose clock goes.
    let desk = Desk::builder().store(Arc::clone(house.desk.store())).build().unwrap();
    // They look by themselves too rarely to be of any help.
    let options = WorkOptions { poll: std::time::Duration::from_hours(1), ..WorkOptions::default() };
    let workers = desk.workers(options);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(async move { workers.run(async { drop(stopped.await) }).await });
    let ticket = house.ticket().await;
    let at = desk.now() + TimeDelta::milliseconds(300);
    let snooze = TicketPatch { wake_at: Patch::Set(Some(at)), ..TicketPatch::default() };
    desk.update_ticket(&house.admin, &key(&ticket), snooze, None).await.unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while stored(&house, &ticket).await.wake_at.is_some() {
        assert!(std::time::Instant::now() < deadline, "it wakes");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let woke = events(&house, &ticket).await.pop().unwrap().at;
    assert!(woke >= at && woke < at + TimeDelta::seconds(5), "not before {at}, and soon: {woke}");
    stop.send(()).unwrap();
    running.await.unwrap();
}
