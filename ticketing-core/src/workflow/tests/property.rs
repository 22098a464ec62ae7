//! What holds for any rules over anything that happens.

use super::house::{self, House, stored};
use crate::condition::Condition;
use crate::conformance::arbitrary;
use crate::ids::CommentId;
use crate::memory::SeededIds;
use crate::model::{Comment, Person, Priority, RunOutcome, Status, Ticket, Trigger};
use crate::setting::Stored;
use crate::ticket::Draft;
use crate::workflow::engine::{Occurrence, Settled, World, limit, settle};
use crate::workflow::facts::{ChangedFields, Facts, Missing, People, Subject};
use crate::workflow::rule::Rules;
use crate::workflow::tree::Tree;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use std::collections::HashSet;

/// A desk whose fields are those of the pools.
fn desk() -> House {
    let mut house = House::new();
    house.custom = arbitrary::custom_fields();
    house.variables = crate::workflow::variable::Variables::new(&house.custom);
    house.now = arbitrary::now();
    house
}

/// A test of a field that rules change below, so that rules make each other look.
fn lively() -> impl Strategy<Value = Value> {
    let word = select(&["a", "b", "c"][..]);
    let status = select(&["open", "pending", "resolved", "closed"][..]);
    let priority = select(&["low", "medium", "high", "critical"][..]);
    let change = select(&["equals", "not_equals", "changed_to", "changed_from"][..]);
    let changed = select(&["status", "priority", "category", "tags", "custom_fields.text", "escalation_level"][..]);
    prop_oneof![
        (change.clone(), word.clone()).prop_map(|(o, w)| json!({ "field": "category", "operator": o, "value": w })),
        (change.clone(), word.clone()).prop_map(|(o, w)| json!({ "field": "tags", "operator": o, "value": w })),
        (change.clone(), status).prop_map(|(o, w)| json!({ "field": "status", "operator": o, "value": w })),
        (change.clone(), priority).prop_map(|(o, w)| json!({ "field": "priority", "operator": o, "value": w })),
        (change, word.clone()).prop_map(|(o, w)| json!({ "field": "custom_fields.text", "operator": o, "value": w })),
        changed.prop_map(|field| json!({ "field": field, "operator": "changed" })),
        word.prop_map(|w| json!({ "field": "comment.body", "operator": "contains", "value": w })),
        (0..3).prop_map(|n| json!({ "field": "escalation_level", "operator": "greater_than", "value": n })),
        Just(json!({ "field": "customer.name", "operator": "starts_with", "value": "e" })),
    ]
}

/// What rules ask for: mostly what they change, sometimes anything at all.
fn conditions() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => lively(),
        1 => arbitrary::condition().prop_filter("a rule may ask so much", sound).prop_map(|c| c.to_json()),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::Array),
            vec(inner.clone(), 0..3).prop_map(|parts| json!({ "any": parts })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    })
}

/// Whether the condition can be written as one that a rule may have.
fn sound(condition: &Condition) -> bool {
    let house = desk();
    Tree::read(&condition.to_json(), "", crate::model::Matching::All, &house.custom, &house.extensions).is_ok()
}

fn action() -> impl Strategy<Value = Value> {
    let word = || select(&["a", "b", "c", "{{category}}", "{{old}}"][..]);
    let of = |kind: &'static str, params: Value| json!({ "type": kind, "params": params });
    prop_oneof![
        word().prop_map(move |w| of("update_ticket", json!({ "custom_fields": { "text": w } }))),
        word().prop_map(move |w| of("update_ticket", json!({ "category": w }))),
        select(Status::ALL).prop_map(move |status| of("update_ticket", json!({ "status": status }))),
        select(Priority::ALL).prop_map(move |priority| of("update_ticket", json!({ "priority": priority }))),
        word().prop_map(move |w| of("add_tags", json!({ "tags": [w] }))),
        word().prop_map(move |w| of("remove_tags", json!({ "tags": [w] }))),
        word().prop_map(move |w| of("add_comment", json!({ "body": w }))),
        Just(of("escalate_ticket", json!({ "reason": "a" }))),
        Just(of("assign_ticket", json!({ "agent_id": "team_lead" }))),
        Just(of("add_watchers", json!({ "user_id": ["requester", "assignee"] }))),
        Just(of("send_email", json!({ "to": ["requester", "team"], "subject": "{{subject}}", "body": "{{new}}" }))),
        Just(of("snooze", json!({ "for": "4h" }))),
    ]
}

fn documents() -> impl Strategy<Value = Vec<Stored<crate::model::Workflow>>> {
    let rule = (
        (select(Trigger::ALL), conditions(), vec(action(), 1..4)),
        (any::<bool>(), any::<bool>(), 0..9, 0..5),
        select(&["all", "any"][..]),
    );
    vec(rule, 0..16).prop_map(|rules| {
        let document = |((trigger, conditions, actions), (always, stop, odds, position), matching)| {
            let conditions = if matches!(conditions, Value::Array(_)) { conditions } else { json!([conditions]) };
            let schedule = (trigger == Trigger::TimeBased).then(|| json!({ "every": "15m" }));
            json!({
                "trigger_type": trigger, "trigger_conditions": conditions, "actions": actions, "position": position,
                "mode": if always { "always" } else { "when_changed" }, "stop": stop && odds == 0, "match": matching,
                "schedule": schedule,
            })
        };
        (0..).zip(rules).map(|(n, rule)| stored(n, &document(rule))).collect()
    })
}

/// Any two tickets as before and after, or only the second; with a comment or a moment.
fn occurrence() -> impl Strategy<Value = Occurrence> {
    let moment = select(&[None, Some(Trigger::SlaBreach), Some(Trigger::TimeBased)][..]);
    (arbitrary::ticket(), arbitrary::ticket(), any::<[bool; 8]>(), moment).prop_map(
        |(before, mut after, flags, moment)| {
            let [is_new, says, status, priority, texts, people, custom, level] = flags;
            (after.id, after.number) = (before.id, before.number.clone());
            let keep = |changes: bool, keep: &mut dyn FnMut()| {
                if !changes {
                    keep();
                }
            };
            keep(status, &mut || after.status = before.status);
            keep(priority, &mut || after.priority = before.priority);
            keep(people, &mut || (after.assigned_agent_id, after.team_id) = (before.assigned_agent_id, before.team_id));
            keep(custom, &mut || after.custom_fields.clone_from(&before.custom_fields));
            keep(level, &mut || after.escalation_level = before.escalation_level);
            keep(texts, &mut || {
                (after.subject, after.tags) = (before.subject.clone(), before.tags.clone());
                after.category.clone_from(&before.category);
            });
            let mut draft = Draft::of(after, arbitrary::now());
            if is_new {
                draft.fact(crate::event::Fact::TicketCreated {});
            }
            let comment = says.then(|| said(&draft.ticket));
            let before = (!is_new).then_some(before);
            Occurrence { before, draft, comment, mail: None, actor: Person::system(), moment, only: None }
        },
    )
}

fn said(ticket: &Ticket) -> Comment {
    Comment {
        id: CommentId(house::id(50)),
        ticket_id: ticket.id,
        author: Person::system(),
        body: "a b".to_owned(),
        is_internal: false,
        channel: ticket.channel,
        version: 1,
        created_at: arbitrary::now(),
        edited_at: None,
    }
}

fn run(house: &House, rules: &Rules, occurrence: Occurrence, not_matched: usize) -> Settled {
    let ids = SeededIds::new(7);
    let (ground, agent_visibility) = (house.ground(), house.agent_visibility);
    let world = World { ground, people: &house.people, agent_visibility, app_url: "", ids: &ids, not_matched };
    // Whether somebody listens is asked of the store; here everybody does whom it knows.
    let mut people = house.people.clone();
    loop {
        match settle(rules, &World { people: &people, ..world }, occurrence.clone()) {
            Ok(settled) => return settled,
            Err(missing) => {
                people.watching.extend(missing.watching.into_iter().map(|id| (id, true)));
                people.seeing.extend(missing.seeing.into_iter().map(|id| (id, true)));
            }
        }
    }
}

/// All that can be seen of a settled change.
fn told(settled: &Settled) -> String {
    let Settled { draft, additions, outside, looked } = settled;
    format!("{:?} {:?} {additions:?} {outside:?} {looked:?}", draft.ticket, draft.facts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn rules_come_to_an_end_within_their_bounds(documents in documents(), occurrence in occurrence()) {
        let house = desk();
        let rules = Rules::new(documents, &house.context());
        let settled = run(&house, &rules, occurrence, limit::NOT_MATCHED);
        let did = settled.looked.iter().filter(|looked| looked.outcome != RunOutcome::NotMatched);
        let mut fired = HashSet::new();
        for looked in did {
            prop_assert!(fired.insert(looked.rule.id), "twice: {looked:?}");
            prop_assert!(looked.round <= limit::ROUNDS || looked.outcome == RunOutcome::Suppressed);
        }
        let effects = settled.looked.iter().flat_map(|looked| &looked.trace.effects);
        let done = effects.filter(|effect| effect.done && effect.reason.is_none()).count();
        prop_assert!(i32::try_from(done).unwrap() <= limit::MINUTE.min(limit::CHAIN));
        let spent = settled.draft.ticket.rule_spend.map_or(0, |spend| spend.effects);
        prop_assert_eq!(i32::try_from(done).unwrap(), spent);
        prop_assert!(settled.looked.len() - fired.len() <= limit::NOT_MATCHED);
    }

    #[test]
    fn the_same_comes_to_the_same(documents in documents(), occurrence in occurrence()) {
        let house = desk();
        let [one, other] = [documents.clone(), documents.into_iter().rev().collect()].map(|documents| {
            run(&house, &Rules::new(documents, &house.context()), occurrence.clone(), limit::NOT_MATCHED)
        });
        prop_assert_eq!(told(&one), told(&other));
    }

    #[test]
    fn the_rules_that_are_found_are_those_that_matter(documents in documents(), occurrence in occurrence()) {
        let house = desk();
        let found = Rules::new(documents, &house.context());
        let all = Rules::unfiled(found.active().to_vec());
        // Of runs without effect there are more where every rule is asked.
        let [found, all] = [found, all].map(|rules| told(&run(&house, &rules, occurrence.clone(), 0)));
        prop_assert_eq!(found, all);
    }

    #[test]
    fn a_standing_condition_means_in_a_rule_what_it_means_in_a_list(
        condition in arbitrary::condition().prop_filter("a rule may ask so much", sound),
        ticket in arbitrary::ticket(),
    ) {
        let house = desk();
        let tree = Tree::read(&condition.to_json(), "", crate::model::Matching::All, &house.custom, &house.extensions);
        let tree = tree.map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        let standing = tree.standing().ok_or_else(|| TestCaseError::fail("it stands"))?;
        let (changed, actor) = (ChangedFields::default(), Person::system());
        let subject = Subject {
            ticket: &ticket,
            before: None,
            after: &ticket,
            comment: None,
            mail: None,
            actor: &actor,
            people: &house.people,
            directory: &house.directory,
            agent_visibility: house.agent_visibility,
            calendars: &house.calendars,
            now: house.now,
        };
        let holds = condition.holds(&ticket, house.now);
        prop_assert_eq!(tree.holds(&Facts::new(subject, &changed)), holds);
        prop_assert_eq!(standing.holds(&ticket, house.now), holds);
    }

    #[test]
    fn what_is_told_of_a_decision_is_the_decision(conditions in conditions(), occurrence in occurrence()) {
        let house = desk();
        let tree = Tree::read(&conditions, "", crate::model::Matching::Any, &house.custom, &house.extensions);
        let tree = tree.map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        let Occurrence { before, draft, comment, actor, .. } = occurrence;
        let changed = before.as_ref().map(|before| ChangedFields::between(before, &draft.ticket)).unwrap_or_default();
        let subject = Subject {
            ticket: &draft.ticket,
            before: before.as_ref(),
            after: &draft.ticket,
            comment: comment.as_ref(),
            mail: None,
            actor: &actor,
            people: &house.people,
            directory: &house.directory,
            agent_visibility: house.agent_visibility,
            calendars: &house.calendars,
            now: draft.now,
        };
        let facts = Facts::new(subject, &changed);
        let mut leaves = Vec::new();
        tree.explain(&facts, &mut leaves);
        prop_assert_eq!(tree.told(&leaves)["result"].clone(), json!(tree.holds(&facts)));
        prop_assert_eq!(leaves.len(), tree.probes().len());
        for (probe, leaf) in tree.probes().into_iter().zip(&leaves) {
            prop_assert_eq!(Some(probe.holds(&facts)), leaf.0);
        }
        // Where nobody was looked up, what is known is told the same, and enough of it where it decided.
        let nobody = People::default();
        let facts = Facts::new(Subject { people: &nobody, ..subject }, &changed);
        let decided = tree.holds(&facts);
        let is_decided = facts.take_missing() == Missing::default();
        let mut some = Vec::new();
        tree.explain(&facts, &mut some);
        prop_assert_eq!(some.len(), leaves.len());
        for (some, whole) in some.iter().zip(&leaves) {
            prop_assert!(some.0.is_none() || some == whole, "{some:?} {whole:?}");
        }
        if is_decided {
            prop_assert_eq!(tree.told(&some)["result"].clone(), json!(decided));
        }
    }
}

#[test]
fn rules_of_the_pools_do_something() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let house = desk();
    let (mut fired, mut later) = (0, 0);
    for _ in 0..200 {
        let (documents, occurrence) = (documents(), occurrence()).new_tree(&mut runner).unwrap().current();
        let settled = run(&house, &Rules::new(documents, &house.context()), occurrence, 0);
        fired += settled.looked.len();
        later += settled.looked.iter().filter(|looked| looked.round > 1).count();
    }
    assert!(fired > 200 && later > 20, "{fired} {later}");
}
