//! What rules did, and what tickets and events keep for rules.

use super::sample::{add, change, inform, ran, tell};
use super::trial::{ALL, Trial, ends};
use super::world::World;
use super::{area, refused};
use crate::access::Scope;
use crate::changes::{Expect, Write};
use crate::event::{Event, Fact};
use crate::ids::{Seq, TicketId, UserId, WorkflowId, WorkflowRunId};
use crate::model::{Role, RuleRef, RuleSpend, RunOutcome, Ticket, Trigger, WorkflowRun};
use crate::port::{StoreError, Unique};
use crate::query::{NotificationQuery, WorkflowRunQuery};
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::{Value, json};

area!["workflow":
    every_run_is_read_back_whole,
    a_run_is_kept_once,
    pages_of_runs_follow_one_another,
    a_list_of_runs_shows_what_is_asked_for,
    runs_are_for_those_inside_who_see_the_ticket,
    runs_outlive_their_ticket,
    what_was_held_back_is_counted_up_to_a_limit,
    the_oldest_runs_are_forgotten_first,
    a_refused_commit_leaves_no_run,
    a_ticket_says_when_it_moved,
    a_ticket_keeps_what_rules_spent,
    an_event_names_its_rule,
];

async fn listed(t: &Trial, scope: &Scope, query: WorkflowRunQuery) -> Vec<WorkflowRunId> {
    let runs = t.store.workflow_runs(scope, &query).await.expect("runs are listed");
    assert!(runs.len() <= query.limit, "no more than are asked for");
    runs.into_iter().map(|run| run.id).collect()
}

fn everything() -> WorkflowRunQuery {
    WorkflowRunQuery { limit: 1_000, ..WorkflowRunQuery::default() }
}

fn newest_first<'r>(runs: impl IntoIterator<Item = &'r WorkflowRun>) -> Vec<WorkflowRunId> {
    let mut ids: Vec<WorkflowRunId> = runs.into_iter().map(|run| run.id).collect();
    ids.sort_unstable();
    ids.reverse();
    ids
}

fn some_ticket(t: &Trial) -> TicketId {
    TicketId(t.sample.uuid())
}

/// Runs of one rule on one ticket.
async fn many(t: &Trial, count: usize) -> Vec<WorkflowRun> {
    let (rule, ticket_id) = (t.sample.rule(), some_ticket(t));
    let runs: Vec<WorkflowRun> = (0..count).map(|_| t.sample.run(rule, ticket_id)).collect();
    t.commit(runs.iter().map(ran).collect()).await;
    runs
}

async fn every_run_is_read_back_whole(t: &Trial) {
    let mut runs = Vec::new();
    for (round, trigger) in (1..).zip(Trigger::ALL) {
        for outcome in RunOutcome::ALL {
            let rule = RuleRef { version: 5_000_000_000, ..t.sample.rule() };
            let mut run = t.sample.run(rule, some_ticket(t));
            (run.trigger, run.outcome, run.round) = (*trigger, *outcome, round);
            run.trace = json!({"b": 1, "a": [null, "größe 世界 🧭", 1.5], "": {}});
            if round % 2 == 0 {
                (run.event_id, run.trace) = (None, Value::Null);
            }
            runs.push(run);
        }
    }
    t.commit(runs.iter().map(ran).collect()).await;
    let single = t.sample.run(t.sample.rule(), some_ticket(t));
    t.commit(vec![ran(&single)]).await;
    runs.push(single);
    runs.reverse();
    assert_eq!(t.store.workflow_runs(&ALL, &everything()).await.unwrap(), runs);
}

async fn a_run_is_kept_once(t: &Trial) {
    let runs = many(t, 1).await;
    let other = WorkflowRun { outcome: RunOutcome::Suppressed, ..runs[0].clone() };
    refused!(t.attempt(vec![ran(&other)]).await, StoreError::Duplicate(Unique::Id), "its id is taken");
    assert_eq!(t.store.workflow_runs(&ALL, &everything()).await.unwrap(), runs);
}

async fn pages_of_runs_follow_one_another(t: &Trial) {
    let runs = many(t, 23).await;
    let (mut found, mut before) = (Vec::new(), None);
    for pages in 0.. {
        ends(pages);
        let page = listed(t, &ALL, WorkflowRunQuery { before, limit: 5, ..everything() }).await;
        // What comes meanwhile is newer than any page.
        many(t, 1).await;
        let Some(last) = page.last() else { break };
        before = Some(*last);
        found.extend(page);
    }
    assert_eq!(found, newest_first(&runs));
    assert_eq!(listed(t, &ALL, WorkflowRunQuery { limit: 0, ..everything() }).await, []);
}

async fn a_list_of_runs_shows_what_is_asked_for(t: &Trial) {
    let rules = [t.sample.rule(), t.sample.rule()];
    let tickets = [some_ticket(t), some_ticket(t)];
    let mut runs = Vec::new();
    for version in [1, 2] {
        for rule in rules {
            for ticket_id in tickets {
                for outcome in RunOutcome::ALL {
                    let run = t.sample.run(RuleRef { version, ..rule }, ticket_id);
                    runs.push(WorkflowRun { outcome: *outcome, ..run });
                }
            }
        }
    }
    t.commit(runs.iter().map(ran).collect()).await;
    let outcomes = [vec![], vec![RunOutcome::Suppressed], vec![RunOutcome::Fired, RunOutcome::NotMatched]];
    let [one, other] = rules.map(|rule| Some(rule.id));
    let before = Some(runs[15].id);
    for workflow_id in [None, one, other, Some(WorkflowId(t.sample.uuid()))] {
        for ticket_id in [None, Some(tickets[0]), Some(tickets[1]), Some(some_ticket(t))] {
            for outcomes in &outcomes {
                for before in [None, before] {
                    let wanted = runs.iter().filter(|run| {
                        workflow_id.is_none_or(|id| run.rule.id == id)
                            && ticket_id.is_none_or(|id| run.ticket_id == id)
                            && (outcomes.is_empty() || outcomes.contains(&run.outcome))
                            && before.is_none_or(|id| run.id < id)
                    });
                    let wanted = newest_first(wanted);
                    let outcomes = outcomes.clone();
                    let query = WorkflowRunQuery { ticket_id, workflow_id, outcomes, before, limit: 1_000 };
                    assert_eq!(listed(t, &ALL, query.clone()).await, wanted, "{query:?}");
                    let first = WorkflowRunQuery { limit: 1, ..query };
                    assert_eq!(listed(t, &ALL, first.clone()).await, wanted[..wanted.len().min(1)], "{first:?}");
                }
            }
        }
    }
}

async fn runs_are_for_those_inside_who_see_the_ticket(t: &Trial) {
    let world = World::of(t).await;
    let rule = t.sample.rule();
    let runs: Vec<WorkflowRun> = world.tickets.iter().map(|told| t.sample.run(rule, told.ticket.id)).collect();
    t.commit(runs.iter().map(ran).collect()).await;
    for scope in world.scopes() {
        let is_seen = |id: TicketId| {
            scope.sees_internal() && world.tickets.iter().any(|told| told.ticket.id == id && scope.sees(&told.ticket))
        };
        let wanted = newest_first(runs.iter().filter(|run| is_seen(run.ticket_id)));
        assert_eq!(listed(t, &scope, everything()).await, wanted, "{scope:?}");
        let (mut found, mut before) = (Vec::new(), None);
        for pages in 0.. {
            ends(pages);
            let page = listed(t, &scope, WorkflowRunQuery { before, limit: 7, ..everything() }).await;
            assert!(page.len() == 7 || page.len() + found.len() == wanted.len(), "{scope:?}: pages are full");
            let Some(last) = page.last() else { break };
            before = Some(*last);
            found.extend(page);
        }
        assert_eq!(found, wanted, "{scope:?} page by page");
        for run in &runs {
            let ticket_id = Some(run.ticket_id);
            let of_ticket = listed(t, &scope, WorkflowRunQuery { ticket_id, ..everything() }).await;
            assert_eq!(!of_ticket.is_empty(), is_seen(run.ticket_id), "{scope:?} by ticket");
        }
    }
}

async fn runs_outlive_their_ticket(t: &Trial) {
    let runs = many(t, 2).await;
    let user_id = UserId(t.sample.uuid());
    assert_eq!(listed(t, &Scope::Staff { user_id }, everything()).await, newest_first(&runs));
    assert_eq!(listed(t, &Scope::Agent { user_id, teams: Vec::new() }, everything()).await, []);
}

async fn what_was_held_back_is_counted_up_to_a_limit(t: &Trial) {
    let (rule, other) = (t.sample.rule(), t.sample.rule());
    let mut runs = Vec::new();
    for _ in 0..6 {
        for (rule, outcome) in [
            (rule, RunOutcome::Suppressed),
            (rule, RunOutcome::Fired),
            (rule, RunOutcome::NotMatched),
            (other, RunOutcome::Suppressed),
        ] {
            runs.push(WorkflowRun { outcome, ..t.sample.run(rule, some_ticket(t)) });
        }
    }
    // Another version is the same rule.
    runs[20].rule.version = 2;
    t.commit(runs.iter().map(ran).collect()).await;
    let count = async |rule: RuleRef, since: Time, limit: usize| {
        t.store.suppressed_runs(rule.id, since, limit).await.expect("runs are counted")
    };
    assert_eq!(count(rule, runs[0].at, 100).await, 6);
    assert_eq!(count(rule, runs[0].at, 6).await, 6);
    assert_eq!(count(rule, runs[0].at, 5).await, 5);
    assert_eq!(count(rule, runs[0].at, 0).await, 0);
    assert_eq!(count(rule, runs[8].at, 100).await, 4, "the one of that very moment counts");
    assert_eq!(count(rule, runs[8].at + TimeDelta::microseconds(1), 100).await, 3);
    assert_eq!(count(other, runs[8].at, 100).await, 4);
    assert_eq!(count(rule, t.sample.now(), 100).await, 0);
    assert_eq!(count(t.sample.rule(), runs[0].at, 100).await, 0);
}

async fn the_oldest_runs_are_forgotten_first(t: &Trial) {
    let mut runs: Vec<WorkflowRun> = (0..9).map(|_| t.sample.run(t.sample.rule(), some_ticket(t))).collect();
    // The moment decides, not the id.
    let moments: Vec<Time> = runs.iter().rev().map(|run| run.at).collect();
    for (run, at) in runs.iter_mut().zip(moments) {
        run.at = at;
    }
    t.commit(runs.iter().map(ran).collect()).await;
    let before = runs[1].at;
    assert_eq!(t.store.purge_workflow_runs(before, 0).await.unwrap(), 0);
    assert_eq!(t.store.purge_workflow_runs(before, 4).await.unwrap(), 4);
    assert_eq!(listed(t, &ALL, everything()).await, newest_first(&runs[..5]));
    assert_eq!(t.store.purge_workflow_runs(before, 4).await.unwrap(), 3);
    assert_eq!(t.store.purge_workflow_runs(before, 4).await.unwrap(), 0);
    assert_eq!(listed(t, &ALL, everything()).await, newest_first(&runs[..2]), "that of this very moment stays");
}

async fn a_refused_commit_leaves_no_run(t: &Trial) {
    let customer = t.sample.user("Ulf", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let run = t.sample.run(t.sample.rule(), ticket.id);
    let told = t.sample.notification(customer.id);
    let mut stale = ticket.clone();
    t.commit(vec![change(&mut ticket, |ticket| ticket.escalation_level = 1)]).await;
    let late = change(&mut stale, |ticket| ticket.escalation_level = 2);
    refused!(t.attempt(vec![ran(&run), inform(&told), late]).await, StoreError::Conflict, "a stale version");
    assert_eq!(listed(t, &ALL, everything()).await, []);
    assert_eq!(t.store.notifications(&NotificationQuery::of(customer.id, 10)).await.unwrap(), []);
    let write = change(&mut ticket, |ticket| ticket.escalation_level = 2);
    t.commit(vec![ran(&run), inform(&told), write]).await;
    assert_eq!(listed(t, &ALL, everything()).await, [run.id]);
    assert_eq!(t.store.notifications(&NotificationQuery::of(customer.id, 10)).await.unwrap(), [told]);
}

/// Writes the next version of a ticket whose texts are as they were.
fn move_on(ticket: &mut Ticket, edit: impl FnOnce(&mut Ticket)) -> Write {
    let stored = ticket.version;
    edit(ticket);
    ticket.version += 1;
    Write::Ticket { ticket: Box::new(ticket.clone()), expect: Expect::Version(stored), text: false }
}

async fn a_ticket_says_when_it_moved(t: &Trial) {
    let customer = t.sample.user("Uma", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket), "neither is known");
    let (replied, moved) = (Some(t.sample.now()), Some(t.sample.now()));
    let write = move_on(&mut ticket, |ticket| ticket.last_customer_reply_at = replied);
    t.commit(vec![write]).await;
    assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket));
    let write = change(&mut ticket, |ticket| ticket.last_status_change_at = moved);
    t.commit(vec![write]).await;
    assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket), "with its texts");
    let write = move_on(&mut ticket, |ticket| ticket.last_customer_reply_at = None);
    t.commit(vec![write]).await;
    assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket), "none again");
    let made = Ticket { last_customer_reply_at: replied, last_status_change_at: moved, ..t.sample.ticket(&customer) };
    t.commit(vec![add(&made)]).await;
    assert_eq!(t.ticket(made.id).await, Some(made));
}

async fn a_ticket_keeps_what_rules_spent(t: &Trial) {
    let customer = t.sample.user("Udo", Role::Customer);
    let spend = |effects| Some(RuleSpend { since: t.sample.now(), effects });
    let mut ticket = Ticket { rule_spend: spend(3), ..t.sample.ticket(&customer) };
    let mut other = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket), add(&other)]).await;
    assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket));
    for rule_spend in [spend(0), spend(1_000_000), None, spend(7)] {
        let first = move_on(&mut ticket, |ticket| ticket.rule_spend = rule_spend);
        let second = change(&mut other, |ticket| ticket.rule_spend = rule_spend);
        t.commit(vec![first, second]).await;
        assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket));
        assert_eq!(t.ticket(other.id).await.as_ref(), Some(&other));
    }
}

async fn an_event_names_its_rule(t: &Trial) {
    let customer = t.sample.user("Uli", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let rule = Some(RuleRef { version: 5_000_000_000, ..t.sample.rule() });
    let mut events = vec![
        t.sample.event(&ticket, Fact::TicketCreated {}, &customer),
        Event { rule, ..t.sample.event(&ticket, Fact::TicketResolved {}, &customer) },
    ];
    let mut seqs = t.commit(events.iter().map(tell).collect()).await.seqs;
    // One alone is written by another statement.
    events.push(Event { rule, ..t.sample.event(&ticket, Fact::TicketReopened {}, &customer) });
    seqs.extend(t.commit(vec![tell(&events[2])]).await.seqs);
    for (event, seq) in events.iter_mut().zip(seqs) {
        event.seq = seq;
    }
    assert_eq!(t.log(&ALL, 10).await, events);
    assert_eq!(t.store.ticket_events(&ALL, ticket.id, Seq(0), 10).await.unwrap(), events);
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    assert_eq!(t.store.events_by_ids(&ids).await.unwrap(), events);
}
