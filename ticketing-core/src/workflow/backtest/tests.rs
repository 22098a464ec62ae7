#![allow(
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    clippy::unnecessary_wraps,
    reason = "a test may panic, and json! makes values to hand over"
)]

use super::{Report, Trial};
use crate::WorkflowId;
use crate::access::AgentVisibility;
use crate::conformance::sample::Sample;
use crate::event::{Event, Fact, FieldChanges};
use crate::ids::{CommentId, Seq};
use crate::model::{Directory, Priority, Role, RuleRef, Status, Ticket, User};
use crate::time::Time;
use crate::workflow::engine::World;
use crate::workflow::facts::People;
use crate::workflow::past::{Deed, Past};
use crate::workflow::rule::Rules;
use crate::workflow::stage::Stage;
use serde_json::{Value, json};

/// A log in the making.
struct Log {
    sample: Sample,
    amy: User,
    events: Vec<Event>,
}

impl Log {
    fn new() -> Self {
        let sample = Sample::new(1);
        let amy = sample.user("Amy", Role::Agent);
        Self { sample, amy, events: Vec::new() }
    }

    /// One change that left the ticket like this; facts of rules have theirs.
    fn change(&mut self, ticket: &mut Ticket, facts: Vec<(Fact, Option<RuleRef>)>) {
        let (mut first, at) = (true, self.sample.now());
        ticket.updated_at = at;
        let change_id = crate::ids::ChangeId(self.sample.uuid());
        for (fact, rule) in facts {
            let mut event = self.sample.event(ticket, fact, &self.amy);
            event.seq = Seq(i64::try_from(self.events.len()).unwrap() + 1);
            (event.change_id, event.rule, event.at) = (change_id, rule, at);
            event.image = first.then(|| ticket.image());
            first = false;
            self.events.push(event);
        }
    }

    /// A new ticket.
    fn ticket(&mut self) -> Ticket {
        let customer = self.sample.user("Cleo", Role::Customer);
        let mut ticket = self.sample.ticket(&customer);
        self.change(&mut ticket, vec![(Fact::TicketCreated {}, None)]);
        ticket
    }
}

fn changes(field: &str, old: Value, new: Value) -> FieldChanges {
    FieldChanges::from([(field.to_owned(), (old, new))])
}

fn status(ticket: &mut Ticket, to: Status) -> Fact {
    let told = changes("status", json!(ticket.status), json!(to));
    ticket.status = to;
    Fact::TicketStatusChanged { changes: told }
}

fn priority(ticket: &mut Ticket, to: Priority) -> Fact {
    let told = changes("priority", json!(ticket.priority), json!(to));
    ticket.priority = to;
    Fact::TicketUpdated { changes: told, reason: None }
}

fn by_a_rule() -> Option<RuleRef> {
    Some(RuleRef { id: WorkflowId(crate::workflow::stage::id(77)), version: 3 })
}

fn run(stage: &Stage, trial: &Trial, events: &[Event]) -> Report {
    let mut report = Report::new(Time::default(), Time::default());
    let (mut past, people, ids) = (Past::default(), People::default(), Sample::new(2).ids);
    let (ground, agent_visibility) = (stage.ground(), AgentVisibility::Team);
    let world = World { ground, people: &people, agent_visibility, app_url: "http://desk", ids: &ids, not_matched: 0 };
    for deed in Deed::all(events) {
        let occurrence = past.occurrence(&deed, "", None).unwrap();
        report.add(&occurrence.draft.ticket.number.clone(), deed.at(), trial.run(&world, &occurrence).unwrap());
    }
    report
}

fn trial(stage: &Stage, current: &[Value], draft: Value) -> Trial {
    let mut all = current.to_vec();
    all.push(draft);
    let rules = stage.rules(&all);
    let (draft, current) = rules.active().split_last().unwrap();
    Trial::new(&Rules::only(current.to_vec()), draft, None)
}

#[test]
fn what_rules_did_is_taken_back_before_others_are_asked() {
    let mut log = Log::new();
    let mut ticket = log.ticket();
    let pending = status(&mut ticket, Status::Pending);
    let high = priority(&mut ticket, Priority::High);
    ticket.tags.push("by a rule".to_owned());
    let tags = changes("tags", json!(["lift", "urgent"]), json!(ticket.tags));
    let tags = Fact::TicketUpdated { changes: tags, reason: None };
    log.change(&mut ticket, vec![(pending, None), (high, by_a_rule()), (tags, by_a_rule())]);
    let deeds = Deed::all(&log.events);
    assert_eq!(deeds.len(), 2);
    let mut past = Past::default();
    assert_eq!(past.occurrence(&deeds[0], "Long.", None).unwrap().before, None);
    let found = past.occurrence(&deeds[1], "Long.", None).unwrap();
    let before = found.before.unwrap();
    let after = found.draft.ticket;
    assert_eq!((before.status, before.priority, before.tags.len()), (Status::Open, Priority::Medium, 2));
    assert_eq!((after.status, after.priority, after.tags.len()), (Status::Pending, Priority::Medium, 2));
    assert_eq!(after.description, "Long.");
    assert_eq!(found.draft.facts.len(), 1, "{:?}", found.draft.facts);
    assert_eq!((after.last_status_change_at, found.draft.now), (Some(deeds[1].at()), deeds[1].at()));
    // As it was when the ticket was last seen before.
    assert_eq!((before.updated_at, after.updated_at), (deeds[0].at(), deeds[0].at()));
}

#[test]
fn what_rules_alone_did_is_no_deed_of_anybody() {
    let mut log = Log::new();
    let mut ticket = log.ticket();
    let late = priority(&mut ticket, Priority::High);
    log.change(&mut ticket, vec![(late, by_a_rule())]);
    let said = Fact::CommentAdded {
        comment_id: CommentId(log.sample.uuid()),
        is_internal: false,
        changes: FieldChanges::new(),
    };
    log.change(&mut ticket, vec![(said.clone(), None)]);
    let deeds = Deed::all(&log.events);
    assert_eq!(deeds.len(), 2);
    assert_eq!((deeds[1].comment_id(), deeds[1].first_id()), (said.comment_id(), log.events[2].id));
    // The events of a change may come in any order; their places in the log say which was first.
    log.events.reverse();
    assert_eq!(Deed::all(&log.events).len(), 2);
}

#[test]
fn a_draft_is_held_against_the_rules_that_are_there() {
    let mut log = Log::new();
    for n in 0..3 {
        let mut ticket = log.ticket();
        let to = if n == 0 { Status::Pending } else { Status::Resolved };
        let fact = status(&mut ticket, to);
        log.change(&mut ticket, vec![(fact, None)]);
    }
    let stage = Stage::new(Directory::default());
    let tag = |status: &str, tag: &str| {
        json!({
            "name": tag, "trigger_type": "status_change",
            "trigger_conditions": [{ "field": "status", "operator": "equals", "value": status }],
            "actions": [{ "type": "add_tags", "params": { "tags": [tag] } }],
        })
    };
    let report = run(&stage, &trial(&stage, &[], tag("resolved", "done")), &log.events);
    assert_eq!((report.changes, report.matched, report.differences), (6, 2, 2));
    assert_eq!(report.tickets.len(), 2);
    assert_eq!((&report.effects["add_tags"], report.current_effects.len()), (&2, 0));
    let first = &report.differs_from_current[0];
    assert_eq!((first.draft.len(), first.current.len()), (1, 0));
    assert_eq!(first.draft[0].params["tags"], json!(["done"]));
    // What is done anyway is no difference.
    let report = run(&stage, &trial(&stage, &[tag("resolved", "done")], tag("resolved", "done")), &log.events);
    assert_eq!((report.matched, report.differences, report.current_effects["add_tags"]), (2, 0, 2));
    assert_eq!(report.effects.len(), 0, "{:?}", report.effects);
    // A version of a rule takes its place.
    let rules = stage.rules(&[tag("resolved", "done"), tag("pending", "wait")]);
    let [old, new] = rules.active() else { panic!() };
    let replaced = Trial::new(&Rules::only(vec![old.clone()]), new, Some(old.id.id));
    let report = run(&stage, &replaced, &log.events);
    assert_eq!((report.matched, report.differences), (1, 3));
}
