//! Each ticket's history leads to the ticket as it stands, as if the desk had written it.

use super::{Everything, Told, everything, now, options};
use crate::event::{Event, Fact};
use crate::ids::{ChangeId, TeamId, UserId};
use crate::model::{AuditEntry, Person, Status, Ticket, User};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Steps of a history: the events of each commit.
fn steps(told: &Told) -> Vec<(ChangeId, Vec<&Event>)> {
    let mut steps: Vec<(ChangeId, Vec<&Event>)> = Vec::new();
    for event in &told.events {
        match steps.last_mut() {
            Some((change, events)) if *change == event.change_id => events.push(event),
            _ => steps.push((event.change_id, vec![event])),
        }
    }
    steps
}

fn check_steps(ticket: &Ticket, told: &Told) {
    let steps = steps(told);
    let mut ids = HashSet::new();
    let mut last: Option<&Event> = None;
    let mut state = Value::Null;
    // What rules did to the ticket has a line of its own beside.
    let lines: Vec<&AuditEntry> = told.audit.iter().filter(|line| line.action != "workflow.applied").collect();
    let by_rules = steps.iter().filter(|(_, events)| events.iter().any(|event| event.rule.is_some())).count();
    assert_eq!(told.audit.len() - lines.len(), by_rules);
    for (number, (change, events)) in steps.iter().enumerate() {
        let first = events[0];
        assert!(ids.insert(*change), "a commit's events stand together");
        assert_eq!(first.ticket_version, i64::try_from(number).unwrap() + 1);
        assert!(last.is_none_or(|before| before.at < first.at), "steps follow one another");
        assert!(last.is_none_or(|before| before.id < first.id), "ids sort like time");
        assert_eq!(first.at.timestamp_subsec_nanos() % 1000, 0);
        assert!(first.at < now());
        if number > 0 {
            for field in ["sla", "last_customer_reply_at", "last_status_change_at"] {
                state[field] = first.image.as_ref().unwrap()[field].clone();
            }
            apply(&mut state, events);
        } else {
            state = first.image.clone().unwrap();
            assert_eq!(first.fact, Fact::TicketCreated {});
            assert_eq!(first.at, ticket.created_at);
        }
        assert_eq!(first.image.as_ref(), Some(&state), "the image is what the facts led to");
        assert!(events[1..].iter().all(|event| event.image.is_none() && event.at == first.at));
        for event in events {
            assert_eq!(event.ticket_version, first.ticket_version);
            assert_eq!(event.audience, event.fact.audience());
            assert_eq!(serde_json::json!(event.assignee_id), state["assigned_agent_id"]);
            assert_eq!(serde_json::json!(event.team_id), state["team_id"]);
        }
        let line = lines[number];
        assert_eq!((line.action.as_str(), line.at), (first.fact.name(), first.at));
        assert_eq!(line.actor, first.actor);
        last = Some(first);
    }
    assert_eq!(steps.len(), lines.len(), "one audit line a commit");
    assert_eq!(state, ticket.image(), "the history ends where the ticket stands");
    let by_people = told.events.iter().rev().find(|event| event.actor.id.is_some());
    assert_eq!(by_people.map(|event| event.at), Some(ticket.updated_at));
    assert_eq!(i64::try_from(steps.len()).unwrap(), ticket.version);
}

/// What the facts of one commit do to the state before it.
fn apply(state: &mut Value, events: &[&Event]) {
    state["version"] = events[0].ticket_version.into();
    // That time has passed is no change of the ticket.
    if events[0].actor.id.is_some() {
        state["updated_at"] = serde_json::to_value(events[0].at).unwrap();
    }
    let mut seen = HashSet::new();
    let changes = events.iter().filter_map(|event| Some((event.rule, event.fact.changes()?)));
    for (rule, (field, (old, new))) in changes.flat_map(|(rule, changes)| changes.iter().map(move |one| (rule, one))) {
        assert!(seen.insert((rule, field.clone())), "a changed field stands in one fact");
        assert_eq!(&state[field], old, "{field} was something else");
        assert_ne!(old, new);
        if field == "status" {
            let (from, to): (Status, Status) =
                (serde_json::from_value(old.clone()).unwrap(), serde_json::from_value(new.clone()).unwrap());
            from.transition(to).unwrap();
        }
        state[field] = new.clone();
    }
    assert_ne!(state["status"] == "closed", state["closed_at"].is_null());
}

fn check_words(ticket: &Ticket, told: &Told, staff: &HashMap<UserId, &User>, people: &HashMap<UserId, &User>) {
    let is_staff = |person: &Person| person.id.is_some_and(|id| staff.contains_key(&id));
    let answer = told.comments.iter().find(|comment| !comment.is_internal && is_staff(&comment.author));
    assert_eq!(ticket.first_responded_at, answer.map(|comment| comment.created_at));
    assert!(told.comments.is_sorted_by(|a, b| a.created_at < b.created_at && a.id < b.id));
    let said: Vec<_> = told.events.iter().filter_map(|event| event.fact.comment_id()).collect();
    assert_eq!(said, told.comments.iter().map(|comment| comment.id).collect::<Vec<_>>());
    for comment in &told.comments {
        let author = people[&comment.author.id.unwrap()];
        assert_eq!(Person::from(author), comment.author);
        assert!(!comment.is_internal || author.role.is_staff(), "only staff write notes");
        assert!(!comment.body.trim().is_empty() && comment.version == 1);
    }
    let customer = people[&ticket.customer_id];
    assert_eq!(ticket.organization_id, customer.organization_id);
    assert!(customer.created_at <= ticket.created_at);
    assert!(ticket.assigned_agent_id.is_none_or(|agent| staff.contains_key(&agent)));
    assert!(ticket.tags.is_sorted_by(|a, b| a < b));
    let is_of_clock =
        |event: &Event| event.rule.is_some() || matches!(event.fact, Fact::SlaWarning(_) | Fact::SlaBreached(_));
    for event in &told.events {
        assert!(event.actor.id.map_or_else(|| is_of_clock(event), |id| people.contains_key(&id)), "{event:?}");
    }
}

fn check_moments(ticket: &Ticket) {
    match ticket.status {
        Status::Closed => assert!(ticket.closed_at.is_some()),
        Status::Resolved => assert!(ticket.resolved_at.is_some() && ticket.closed_at.is_none()),
        _ => assert!(ticket.resolved_at.is_none() && ticket.closed_at.is_none()),
    }
}

#[test]
fn every_history_leads_to_its_ticket() {
    for size in [1000, 2000] {
        let options = options(size);
        let all = everything(&options);
        assert_eq!(all.tickets.len() as u64, size);
        let people: HashMap<UserId, &User> = all.users.iter().map(|user| (user.id, user)).collect();
        let staff: HashMap<UserId, &User> =
            people.iter().filter(|(_, user)| user.role.is_staff()).map(|(id, user)| (*id, *user)).collect();
        let mut numbers = HashSet::new();
        for told in all.tickets.values() {
            let ticket = told.ticket.as_ref().unwrap();
            assert!(numbers.insert(ticket.number.clone()));
            check_steps(ticket, told);
            check_words(ticket, told, &staff, &people);
            check_moments(ticket);
            assert!(told.audit.iter().all(|line| options.audit_key.verify(line)));
        }
        check_teams(&options, &all);
    }
}

fn check_teams(options: &super::DemoOptions, all: &Everything) {
    let company = super::super::company::Company::new(options);
    let members: HashSet<(UserId, TeamId)> =
        company.memberships().map(|place| (place.user_id, place.team_id)).collect();
    let given: Vec<_> = all
        .tickets
        .values()
        .filter_map(|told| told.ticket.as_ref())
        .filter_map(|ticket| Some((ticket.assigned_agent_id?, ticket.team_id?)))
        .collect();
    let fitting = given.iter().filter(|pair| members.contains(pair)).count();
    assert!(fitting * 100 > given.len() * 93, "{fitting} of {} are in the team", given.len());
}

#[test]
fn tickets_follow_one_another() {
    let all = everything(&options(2000));
    let made: Vec<_> = all.order.iter().map(|id| all.tickets[id].ticket.as_ref().unwrap().created_at).collect();
    assert!(made.is_sorted());
    assert!(all.order.is_sorted_by_key(|id| id.0.get_timestamp().map(|at| at.to_unix())));
}
