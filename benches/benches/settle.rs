//! What a change costs where there are many rules: settling it with 10 to 10,000 rules of which three match.
//!
//! In `found` each rule asks for a value that few tickets have, beside two other tests; in `scanned` none does, so
//! that all have to be asked.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};
use std::hint::black_box;
use ticketing_core::access::AgentVisibility;
use ticketing_core::calendar::Calendars;
use ticketing_core::event::{Fact, FieldChanges, Told};
use ticketing_core::ids::{TeamId, TicketId, UserId};
use ticketing_core::memory::SeededIds;
use ticketing_core::model::{
    Channel, CustomField, CustomFields, Directory, FieldType, Person, Priority, Routing, RunOutcome, Status, Team,
    Ticket, Workflow,
};
use ticketing_core::setting::Stored;
use ticketing_core::ticket::{Draft, Ground};
use ticketing_core::time::Time;
use ticketing_core::webhook::Webhooks;
use ticketing_core::workflow::engine::{Occurrence, World, limit, settle};
use ticketing_core::workflow::extension::Extensions;
use ticketing_core::workflow::facts::People;
use ticketing_core::workflow::rule::{Context, Rules};
use ticketing_core::workflow::variable::Variables;
use uuid::Uuid;

const TEAMS: u128 = 50;
const OPTIONS: u128 = 50;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x019b_b000_0000_7000_8000_0000_0000_0000 + n)
}

fn now() -> Time {
    Time::from_timestamp(1_768_471_200, 0).unwrap_or_default()
}

fn teams() -> Directory {
    let team = |n| Team {
        id: TeamId(id(n)),
        name: format!("Team {n}"),
        description: None,
        routing: Routing::Manual,
        capacity: None,
        calendar_id: None,
        is_active: true,
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    Directory::new(Vec::new(), (0..TEAMS).map(team).collect(), Vec::new())
}

fn fields() -> CustomFields {
    let field = |(n, key, field_type): (u128, &str, FieldType)| {
        let options =
            if field_type.has_options() { (0..OPTIONS).map(|n| format!("option {n}")).collect() } else { vec![] };
        let own = key.parse().unwrap_or_else(|_| unreachable!("{key} is a key"));
        let content =
            CustomField { options, visible_to_customer: true, ..CustomField::new(own, key, field_type, now()) };
        Stored { id: id(1_000 + n), version: 1, saved_at: now(), content }
    };
    let all = [(0, "product", FieldType::Select), (1, "seats", FieldType::Number), (2, "note", FieldType::Text)];
    CustomFields::new(all.into_iter().map(field).collect())
}

/// A ticket of ordinary size, before the change.
fn ticket() -> Ticket {
    let Value::Object(custom_fields) = json!({ "product": "option 7", "seats": 12, "note": "Calls back after lunch." })
    else {
        unreachable!("an object")
    };
    Ticket {
        id: TicketId(id(5_000)),
        number: ticketing_core::ids::TicketNumber::from_bits(7),
        subject: "The printer on the third floor is on fire".to_owned(),
        description: "It started to smoke at noon, and now there are flames. ".repeat(20),
        status: Status::Pending,
        priority: Priority::High,
        category: Some("Category 7".to_owned()),
        tags: vec!["tag 7".to_owned(), "VIP".to_owned()],
        custom_fields,
        channel: Channel::Email,
        customer_id: UserId(id(5_001)),
        organization_id: None,
        assigned_agent_id: None,
        team_id: Some(TeamId(id(7))),
        escalation_level: 1,
        version: 3,
        created_at: now(),
        updated_at: now(),
        first_responded_at: None,
        resolved_at: None,
        closed_at: None,
        merged_into: None,
        wake_at: None,
        last_customer_reply_at: None,
        last_status_change_at: None,
        sla: None,
        rule_spend: None,
    }
}

/// The status goes from pending to open.
fn occurrence() -> Occurrence {
    let before = ticket();
    let mut draft = Draft::of(Ticket { status: Status::Open, ..before.clone() }, now());
    let changes = FieldChanges::from([("status".to_owned(), (json!("pending"), json!("open")))]);
    draft.facts.push(Told::from(Fact::TicketStatusChanged { changes }));
    Occurrence {
        before: Some(before),
        draft,
        comment: None,
        mail: None,
        actor: Person::system(),
        moment: None,
        only: None,
    }
}

fn test(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    json!({ "field": field, "operator": operator, "value": value })
}

/// Three tests of which one asks for a value that few tickets have.
fn found(n: u128) -> Value {
    // Nothing of the ticket's own, so that none of these matches.
    let other = |of: u128| if n % of == 7 { 8 } else { n % of };
    let own = match n % 5 {
        0 => test("category", "equals", json!(format!("category {}", n + 8))),
        1 => test("team_id", "equals", json!(id(other(TEAMS)))),
        2 => test("tags", "contains", json!(format!("tag {}", n + 8))),
        3 => test("custom_fields.product", "equals", json!(format!("option {}", other(OPTIONS)))),
        _ => test("priority", "equals", json!(["low", "medium", "high", "critical"][(n / 5 % 4) as usize])),
    };
    json!([test("status", "not_equals", json!("closed")), own, test("escalation_level", "greater_than", json!(2))])
}

/// Three tests of which none asks for a value.
fn scanned(n: u128) -> Value {
    json!([
        test("subject", "contains", json!("printer")),
        test("escalation_level", "greater_than", json!(0)),
        test("description", "contains", json!(format!("word {n}"))),
    ])
}

/// So many rules, of which three match that each do something else.
fn rules(count: u128, conditions: fn(u128) -> Value, context: &Context<'_>) -> Rules {
    let matching = [count / 4, count / 2, count * 3 / 4];
    let rule = |n: u128| {
        let (conditions, actions) = match matching.iter().position(|place| *place == n) {
            None => (conditions(n), json!([{ "type": "add_tags", "params": { "tags": ["never"] } }])),
            Some(0) => (
                json!([test("category", "equals", json!("category 7")), test("status", "changed_to", json!("open"))]),
                json!([{ "type": "update_ticket", "params": { "custom_fields": { "seats": 13 } } }]),
            ),
            Some(1) => (
                json!([test("tags", "contains", json!("tag 7")), test("status", "equals", json!("open"))]),
                json!([{ "type": "add_comment", "params": { "body": "Noted.", "is_internal": true } }]),
            ),
            Some(_) => (
                json!([
                    test("custom_fields.product", "equals", json!("option 7")),
                    test("status", "changed", json!(true))
                ]),
                json!([{ "type": "add_tags", "params": { "tags": ["{{custom_fields.product}}"] } }]),
            ),
        };
        let document = json!({
            "name": format!("Rule {n}"), "trigger_conditions": conditions, "match": "all", "mode": "when_changed",
            "trigger_type": if n.is_multiple_of(2) { "status_change" } else { "ticket_updated" }, "stop": false, "position": n,
            "is_active": true, "actions": actions, "owner_id": null, "created_at": now(),
        });
        let source: Workflow = serde_json::from_value(document).unwrap_or_else(|error| unreachable!("{error}"));
        Stored { id: id(10_000 + n), version: 1, saved_at: now(), content: source }
    };
    let all = Rules::new((0..count).map(rule).collect(), context);
    assert!(all.iter().all(|entry| entry.problems.is_empty()), "every rule is sound");
    all
}

fn bench(criterion: &mut Criterion) {
    let (directory, custom_fields) = (teams(), fields());
    let variables = Variables::new(&custom_fields);
    let (webhooks, extensions) = (Webhooks::default(), Extensions::default());
    let calendars = Calendars::new(Vec::new(), []);
    let ground =
        Ground { directory: &directory, custom_fields: &custom_fields, calendars: &calendars, max_escalation_level: 5 };
    let context = Context { ground, webhooks: &webhooks, extensions: &extensions, variables: &variables };
    let people = People::default();
    let ids = SeededIds::new(7);
    let (agent_visibility, not_matched) = (AgentVisibility::Team, limit::NOT_MATCHED);
    let world = World { ground, people: &people, agent_visibility, app_url: "", ids: &ids, not_matched };
    for (name, conditions) in [("found", found as fn(u128) -> Value), ("scanned", scanned)] {
        let mut group = criterion.benchmark_group(format!("settle/{name}"));
        for count in [10, 100, 1_000, 10_000] {
            let rules = rules(count, conditions, &context);
            let settled = settle(&rules, &world, occurrence()).unwrap_or_else(|missing| unreachable!("{missing:?}"));
            let fired = settled.looked.iter().filter(|looked| looked.outcome == RunOutcome::Fired).count();
            assert_eq!(fired, 3, "three rules match");
            group.bench_with_input(BenchmarkId::from_parameter(count), &rules, |bencher, rules| {
                bencher.iter_batched(
                    occurrence,
                    |occurrence| black_box(settle(rules, &world, occurrence)),
                    criterion::BatchSize::SmallInput,
                );
            });
        }
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
