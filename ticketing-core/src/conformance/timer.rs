//! What is due by the clock.

use super::sample::{add, change};
use super::trial::Trial;
use super::{area, refused};
use crate::changes::{Expect, Write};
use crate::ids::{TicketId, WorkflowId};
use crate::model::{Fired, Recurrence, RecurrenceKind, Role, Ticket};
use crate::port::{LONGEST_HOLD, StoreError};
use crate::time::Time;
use chrono::TimeDelta;
use std::collections::BTreeSet;
use std::sync::Arc;

area!["timer":
    the_earliest_due_is_claimed_first,
    a_ticket_is_not_claimed_before_it_is_due,
    a_hold_hides_a_ticket_and_ends,
    a_hold_of_a_clock_that_was_ahead_is_none,
    a_plan_moves_and_frees_a_ticket,
    a_ticket_without_a_plan_is_not_claimed,
    claims_that_race_share_the_tickets,
    a_plan_is_part_of_its_commit,
    what_waits_for_a_ticket_needs_the_ticket,
    a_moment_fires_once,
    earlier_moments_of_a_rule_are_forgotten,
    of_racing_commits_that_fire_one_moment_one_wins,
    a_recurrence_is_read_back_whole,
    a_recurrence_changes_by_version,
    what_recurs_is_due_in_order,
    the_next_moment_is_the_earliest_of_all,
];

/// Tickets of one customer.
async fn tickets(t: &Trial, many: usize) -> Vec<Ticket> {
    let customer = t.sample.user("Uma", Role::Customer);
    let tickets: Vec<Ticket> = (0..many).map(|_| t.sample.ticket(&customer)).collect();
    let rows = std::iter::once(add(&customer)).chain(tickets.iter().map(add));
    t.commit(rows.collect()).await;
    tickets
}

fn wake(ticket: &Ticket, due_at: Time) -> Write {
    Write::TicketWake { ticket_id: ticket.id, due_at: Some(due_at) }
}

fn no_wake(ticket: &Ticket) -> Write {
    Write::TicketWake { ticket_id: ticket.id, due_at: None }
}

/// A claim for ten seconds.
async fn claimed(t: &Trial, now: Time, limit: usize) -> Vec<TicketId> {
    t.store.claim_wakes(now, now + TimeDelta::seconds(10), limit).await.expect("tickets are claimed")
}

fn ids(tickets: &[Ticket]) -> Vec<TicketId> {
    tickets.iter().map(|ticket| ticket.id).collect()
}

fn tick() -> TimeDelta {
    TimeDelta::microseconds(1)
}

async fn the_earliest_due_is_claimed_first(t: &Trial) {
    let mut tickets = tickets(t, 6).await;
    let now = t.sample.now();
    // The other way round, and two at one moment, which go by id.
    let due = |place: usize| now - tick() * i32::try_from(place / 2).unwrap();
    t.commit(tickets.iter().enumerate().map(|(place, ticket)| wake(ticket, due(place))).collect()).await;
    let place = |ticket: &Ticket, all: &[Ticket]| all.iter().position(|other| other.id == ticket.id).unwrap();
    let all = tickets.clone();
    tickets.sort_by_key(|ticket| (due(place(ticket, &all)), ticket.id));
    let mut given = Vec::new();
    for many in [0, 1, 2, 3] {
        let some = claimed(t, now, many).await;
        assert_eq!(some.len(), many);
        given.extend(some);
    }
    assert_eq!(given, ids(&tickets));
    assert_eq!(claimed(t, now, 9).await, []);
}

async fn a_ticket_is_not_claimed_before_it_is_due(t: &Trial) {
    let tickets = tickets(t, 2).await;
    let due = t.sample.now();
    t.commit(vec![wake(&tickets[0], due), wake(&tickets[1], due + TimeDelta::days(400))]).await;
    assert_eq!(claimed(t, due - tick(), 9).await, []);
    assert_eq!(claimed(t, due, 9).await, [tickets[0].id]);
}

async fn a_hold_hides_a_ticket_and_ends(t: &Trial) {
    let tickets = tickets(t, 2).await;
    let due = t.sample.now();
    t.commit(vec![wake(&tickets[0], due), wake(&tickets[1], due + tick())]).await;
    let until = due + TimeDelta::seconds(5);
    assert_eq!(t.store.claim_wakes(due + tick(), until, 1).await.unwrap(), [tickets[0].id]);
    assert_eq!(t.store.claim_wakes(due + tick(), until, 9).await.unwrap(), [tickets[1].id], "the other is held");
    assert_eq!(t.store.claim_wakes(until - tick(), until, 9).await.unwrap(), []);
    assert_eq!(t.store.next_due_at(until - tick()).await.unwrap(), None, "what is held is not due");
    assert_eq!(t.store.next_due_at(until).await.unwrap(), Some(due));
    assert_eq!(t.store.claim_wakes(until, until + tick(), 9).await.unwrap(), ids(&tickets), "nobody came back");
}

async fn a_hold_of_a_clock_that_was_ahead_is_none(t: &Trial) {
    let tickets = tickets(t, 1).await;
    let due = t.sample.now();
    t.commit(vec![wake(&tickets[0], due)]).await;
    assert_eq!(claimed(t, due + TimeDelta::days(400), 9).await, ids(&tickets));
    // The clock is set right.
    assert_eq!(t.store.next_due_at(due).await.unwrap(), Some(due));
    assert_eq!(t.store.claim_wakes(due, due + LONGEST_HOLD, 9).await.unwrap(), ids(&tickets));
    assert_eq!(claimed(t, due, 9).await, [], "one of the longest holds");
    assert_eq!(t.store.next_due_at(due).await.unwrap(), None);
}

async fn a_plan_moves_and_frees_a_ticket(t: &Trial) {
    let tickets = tickets(t, 1).await;
    let due = t.sample.now();
    t.commit(vec![wake(&tickets[0], due)]).await;
    assert_eq!(claimed(t, due, 9).await, ids(&tickets));
    t.commit(vec![wake(&tickets[0], due)]).await;
    assert_eq!(claimed(t, due, 9).await, ids(&tickets), "a plan ends the hold");
    let later = due + TimeDelta::hours(1);
    t.commit(vec![wake(&tickets[0], later)]).await;
    assert_eq!(claimed(t, later - tick(), 9).await, []);
    assert_eq!(t.store.next_due_at(due).await.unwrap(), Some(later));
    t.commit(vec![wake(&tickets[0], due - tick())]).await;
    assert_eq!(claimed(t, due - tick(), 9).await, ids(&tickets));
}

async fn a_ticket_without_a_plan_is_not_claimed(t: &Trial) {
    let tickets = tickets(t, 3).await;
    let due = t.sample.now();
    t.commit(tickets.iter().map(|ticket| wake(ticket, due)).collect()).await;
    t.commit(vec![no_wake(&tickets[0])]).await;
    t.commit(vec![no_wake(&tickets[0]), no_wake(&tickets[2])]).await;
    assert_eq!(claimed(t, due, 9).await, [tickets[1].id]);
    t.commit(vec![wake(&tickets[0], due)]).await;
    assert_eq!(claimed(t, due, 9).await, [tickets[0].id]);
}

async fn claims_that_race_share_the_tickets(t: &Trial) {
    let tickets = tickets(t, 200).await;
    let now = t.sample.now();
    t.commit(tickets.iter().map(|ticket| wake(ticket, now)).collect()).await;
    let mut racing = Vec::new();
    for _ in 0..8 {
        let store = Arc::clone(&t.store);
        racing.push(tokio::spawn(async move {
            let (mut given, mut empty) = (Vec::new(), 0);
            // What another is just about to take may be passed by, so nothing once is not nothing.
            while empty < 20 && given.len() <= 200 {
                let some = store.claim_wakes(now, now + LONGEST_HOLD, 7).await.expect("tickets are claimed");
                empty = if some.is_empty() { empty + 1 } else { 0 };
                given.extend(some);
                tokio::task::yield_now().await;
            }
            given
        }));
    }
    let mut given = Vec::new();
    for task in racing {
        given.extend(task.await.expect("a worker does not panic"));
    }
    let once: BTreeSet<TicketId> = given.iter().copied().collect();
    assert_eq!(given.len(), once.len(), "no ticket was given twice");
    assert_eq!(once.len(), 200, "together they got all");
}

async fn a_plan_is_part_of_its_commit(t: &Trial) {
    let mut ticket = tickets(t, 1).await.remove(0);
    let (now, rule) = (t.sample.now(), t.sample.rule());
    let mut stale = ticket.clone();
    t.commit(vec![change(&mut ticket, |ticket| ticket.escalation_level = 1), wake(&ticket, now)]).await;
    let late = change(&mut stale, |ticket| ticket.escalation_level = 2);
    let fired = Fired { ticket_id: ticket.id, rule_id: rule.id, anchor_at: now };
    let recurrence = recurrence(t, now);
    let schedule = Write::Schedule { recurrence, expect: Expect::New };
    let all = vec![late, no_wake(&ticket), Write::Fired(fired), schedule];
    refused!(t.attempt(all).await, StoreError::Conflict, "a stale version");
    assert_eq!(claimed(t, now, 9).await, [ticket.id]);
    assert_eq!(t.store.fired(&[ticket.id]).await.unwrap(), []);
    assert_eq!(t.store.due_schedules(now, 9).await.unwrap(), []);
}

async fn what_waits_for_a_ticket_needs_the_ticket(t: &Trial) {
    let customer = t.sample.user("Uma", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    let now = t.sample.now();
    let fired = Fired { ticket_id: ticket.id, rule_id: t.sample.rule().id, anchor_at: now };
    refused!(t.attempt(vec![wake(&ticket, now)]).await, StoreError::Missing("ticket"), "nobody wakes");
    refused!(t.attempt(vec![Write::Fired(fired)]).await, StoreError::Missing("ticket"), "nothing fires");
    t.commit(vec![no_wake(&ticket)]).await;
    // One that is made in the same commit is there.
    t.commit(vec![wake(&ticket, now), Write::Fired(fired), add(&customer), add(&ticket)]).await;
    assert_eq!(claimed(t, now, 9).await, [ticket.id]);
}

async fn a_moment_fires_once(t: &Trial) {
    let tickets = tickets(t, 2).await;
    let [rule, other] = [t.sample.rule().id, t.sample.rule().id];
    let at = t.sample.now() + tick();
    let fired = |ticket: &Ticket, rule_id: WorkflowId| Fired { ticket_id: ticket.id, rule_id, anchor_at: at };
    let first = fired(&tickets[0], rule);
    t.commit(vec![Write::Fired(first)]).await;
    refused!(t.attempt(vec![Write::Fired(first)]).await, StoreError::Conflict, "it has fired");
    let mut others = vec![fired(&tickets[0], other), fired(&tickets[1], rule)];
    let both = others.iter().copied().map(Write::Fired).collect();
    t.commit(both).await;
    others.push(first);
    others.sort_unstable();
    let mut known = t.store.fired(&[tickets[1].id, tickets[0].id, tickets[1].id]).await.unwrap();
    known.sort_unstable();
    assert_eq!(known, others);
    assert_eq!(t.store.fired(&[tickets[1].id]).await.unwrap(), [fired(&tickets[1], rule)]);
    assert_eq!(t.store.fired(&[]).await.unwrap(), []);
}

async fn earlier_moments_of_a_rule_are_forgotten(t: &Trial) {
    let tickets = tickets(t, 2).await;
    let (rule_id, at) = (t.sample.rule().id, t.sample.now());
    let fired = |place: usize, anchor_at| Fired { ticket_id: tickets[place].id, rule_id, anchor_at };
    t.commit(vec![Write::Fired(fired(0, at)), Write::Fired(fired(1, at))]).await;
    t.commit(vec![Write::Fired(fired(0, at + tick()))]).await;
    assert_eq!(t.store.fired(&[tickets[0].id]).await.unwrap(), [fired(0, at + tick())]);
    assert_eq!(t.store.fired(&[tickets[1].id]).await.unwrap(), [fired(1, at)]);
    // A later one stays.
    t.commit(vec![Write::Fired(fired(1, at - tick()))]).await;
    let mut known = t.store.fired(&[tickets[1].id]).await.unwrap();
    known.sort_unstable();
    assert_eq!(known, [fired(1, at - tick()), fired(1, at)]);
}

async fn of_racing_commits_that_fire_one_moment_one_wins(t: &Trial) {
    let ticket = tickets(t, 1).await.remove(0);
    let fired = Fired { ticket_id: ticket.id, rule_id: t.sample.rule().id, anchor_at: t.sample.now() };
    let mut racing = Vec::new();
    for _ in 0..8 {
        let changes = t.changes(vec![Write::Fired(fired), wake(&ticket, t.sample.now())]).await;
        let store = Arc::clone(&t.store);
        racing.push(tokio::spawn(async move { store.commit(changes).await }));
    }
    let mut winners = 0;
    for task in racing {
        match task.await.expect("a commit does not panic") {
            Ok(_) => winners += 1,
            Err(StoreError::Conflict) => {}
            Err(other) => panic!("a conflict, not {other:?}"),
        }
    }
    assert_eq!(winners, 1);
}

fn recurrence(t: &Trial, next_at: Time) -> Recurrence {
    Recurrence { kind: RecurrenceKind::Workflow, id: t.sample.uuid(), next_at, version: 1 }
}

fn scheduled(recurrence: Recurrence) -> Write {
    Write::Schedule { recurrence, expect: Expect::New }
}

async fn a_recurrence_is_read_back_whole(t: &Trial) {
    let kind = RecurrenceKind::Workflow;
    let row = Recurrence { version: 5_000_000_000, ..recurrence(t, t.sample.now() + tick()) };
    let other = recurrence(t, row.next_at);
    t.commit(vec![scheduled(row), scheduled(other)]).await;
    let asked = [row.id, row.id, t.sample.uuid()];
    assert_eq!(t.store.schedules(kind, &asked).await.unwrap(), [row]);
    assert_eq!(t.store.schedules(kind, &[]).await.unwrap(), []);
}

async fn a_recurrence_changes_by_version(t: &Trial) {
    let kind = RecurrenceKind::Workflow;
    let row = recurrence(t, t.sample.now());
    t.commit(vec![scheduled(row)]).await;
    refused!(t.attempt(vec![scheduled(row)]).await, StoreError::Conflict, "somebody was first");
    let next = Recurrence { next_at: row.next_at + TimeDelta::hours(1), version: 2, ..row };
    let moved = |recurrence| Write::Schedule { recurrence, expect: Expect::Version(1) };
    t.commit(vec![moved(next)]).await;
    refused!(t.attempt(vec![moved(next)]).await, StoreError::Conflict, "it has moved");
    assert_eq!(t.store.schedules(kind, &[row.id]).await.unwrap(), [next]);
    let gone = |version| Write::Unschedule { kind, id: row.id, version };
    refused!(t.attempt(vec![gone(1)]).await, StoreError::Conflict, "a stale version");
    t.commit(vec![gone(2)]).await;
    refused!(t.attempt(vec![gone(2)]).await, StoreError::Conflict, "it is gone");
    refused!(t.attempt(vec![moved(next)]).await, StoreError::Conflict, "what is gone does not move");
    assert_eq!(t.store.schedules(kind, &[row.id]).await.unwrap(), []);
    t.commit(vec![scheduled(row)]).await;
}

async fn what_recurs_is_due_in_order(t: &Trial) {
    let now = t.sample.now();
    let mut rows: Vec<Recurrence> = (0..5).map(|back| recurrence(t, now - tick() * (back / 2))).collect();
    let later = recurrence(t, now + tick());
    t.commit(rows.iter().copied().chain([later]).map(scheduled).collect()).await;
    rows.sort_by_key(|row| (row.next_at, row.id));
    assert_eq!(t.store.due_schedules(now, 9).await.unwrap(), rows);
    assert_eq!(t.store.due_schedules(now, 2).await.unwrap(), rows[..2]);
    assert_eq!(t.store.due_schedules(now, 0).await.unwrap(), []);
    assert_eq!(t.store.due_schedules(now - TimeDelta::days(1), 9).await.unwrap(), []);
}

async fn the_next_moment_is_the_earliest_of_all(t: &Trial) {
    let now = t.sample.now();
    assert_eq!(t.store.next_due_at(now).await.unwrap(), None);
    let tickets = tickets(t, 2).await;
    let at = |hours| now + TimeDelta::hours(hours);
    t.commit(vec![wake(&tickets[0], at(3)), wake(&tickets[1], at(2))]).await;
    assert_eq!(t.store.next_due_at(now).await.unwrap(), Some(at(2)));
    t.commit(vec![scheduled(recurrence(t, at(1))), scheduled(recurrence(t, at(4)))]).await;
    assert_eq!(t.store.next_due_at(now).await.unwrap(), Some(at(1)));
    t.commit(vec![wake(&tickets[0], at(-1))]).await;
    assert_eq!(t.store.next_due_at(now).await.unwrap(), Some(at(-1)));
    t.commit(vec![no_wake(&tickets[0]), no_wake(&tickets[1])]).await;
    assert_eq!(t.store.next_due_at(now).await.unwrap(), Some(at(1)));
}
