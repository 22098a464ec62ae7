//! What the small desk promises, and how it stands to that.

use super::super::batches;
use super::{everything, now, options};
use crate::changes::Write;
use crate::event::Fact;
use crate::model::{Calendar, SlaPolicy, Ticket};
use crate::setting::{Document, Setting};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// What a visitor finds.
const SIZE: u64 = 400;

fn documents(tickets: u64) -> Vec<Document> {
    let all = batches(&options(tickets), 1).flat_map(|changes| changes.writes);
    let document = |write| if let Write::Setting { document, .. } = write { Some(document) } else { None };
    all.filter_map(document).collect()
}

#[test]
fn there_are_two_policies_and_a_calendar_with_holidays() {
    let documents = documents(SIZE);
    let of = |kind: &str| documents.iter().filter(|document| document.kind == kind).collect::<Vec<_>>();
    let [calendar] = of(Calendar::KIND)[..] else { panic!("one calendar") };
    let calendar: Calendar = serde_json::from_value(calendar.body.clone()).unwrap();
    assert!(calendar.is_default && !calendar.hours.holidays.is_empty());
    let policies = of(SlaPolicy::KIND);
    assert_eq!(policies.len(), 2);
    for policy in policies {
        let policy: SlaPolicy = serde_json::from_value(policy.body.clone()).unwrap();
        assert!(policy.is_active && policy.calendar_id.is_some());
    }
}

#[test]
fn open_tickets_are_in_time_nearly_due_or_too_late() {
    let all = everything(&options(SIZE));
    let open: Vec<&Ticket> =
        all.tickets.values().map(|told| told.ticket.as_ref().unwrap()).filter(|ticket| ticket.is_open()).collect();
    assert!(open.iter().all(|ticket| ticket.sla.is_some()));
    let due = |within: TimeDelta| {
        let is_due = |ticket: &&&Ticket| ticket.sla_due_at().is_some_and(|at| at > now() && at < now() + within);
        open.iter().filter(is_due).count()
    };
    let late = open.iter().filter(|ticket| ticket.is_sla_breached()).count();
    println!(
        "of {} open: {} due today, {} in a week, {late} late",
        open.len(),
        due(TimeDelta::days(1)),
        due(TimeDelta::days(7))
    );
    assert!(due(TimeDelta::days(1)) >= 3 && due(TimeDelta::days(7)) > due(TimeDelta::days(1)));
    assert!(late >= 1 && late * 3 < open.len(), "{late} of {}", open.len());
}

#[test]
fn each_promise_is_told_and_counted_as_it_went() {
    let all = everything(&options(SIZE));
    let mut results = BTreeMap::new();
    let mut wakes = BTreeMap::new();
    for write in batches(&options(SIZE), 1).flat_map(|changes| changes.writes) {
        match write {
            Write::SlaResult(result) => {
                let key = (result.ticket_id, result.metric, result.started_at);
                assert!(results.insert(key, *result).is_none(), "each once");
            }
            Write::TicketWake { ticket_id, due_at } => drop(wakes.insert(ticket_id, due_at.unwrap())),
            _ => {}
        }
    }
    let (mut broken, mut kept) = (0, 0);
    for (id, told) in &all.tickets {
        let ticket = told.ticket.as_ref().unwrap();
        for event in &told.events {
            if let Fact::SlaBreached(deadline) = &event.fact {
                let result = &results[&(*id, deadline.metric, deadline.started_at)];
                assert_eq!((result.breached_at, result.at), (Some(deadline.due_at), deadline.due_at));
                assert!(event.at >= deadline.due_at && event.at <= deadline.due_at + TimeDelta::milliseconds(1));
                broken += 1;
            }
        }
        if let Some(at) = ticket.first_responded_at {
            let response = ticket.sla.as_ref().unwrap().first_response.as_ref().unwrap();
            assert_eq!(response.met_at, Some(at));
            kept += u64::from(response.breached_at.is_none());
        }
        let wake = ticket.sla.as_ref().filter(|_| ticket.is_open()).and_then(|sla| sla.wake_at());
        assert_eq!(wakes.get(id).copied(), wake, "the clock knows when to look");
        assert!(wake.is_none_or(|at| at >= now()), "what was due is told");
    }
    assert_eq!(results.values().filter(|result| result.breached_at.is_some()).count(), broken);
    println!("{broken} broken, {kept} first responses kept, {} promises", results.len());
    assert!(broken > 0 && broken * 4 < results.len(), "{broken} of {}", results.len());
}

#[test]
fn a_large_desk_promises_nothing() {
    assert!(
        documents(1_001).iter().all(|document| document.kind != SlaPolicy::KIND && document.kind != Calendar::KIND)
    );
}
