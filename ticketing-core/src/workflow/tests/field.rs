//! What rules can ask for beyond the ticket: each field, with a value that it has and one that it has not.

use super::house::{ADA, CLEO, EVE, House, fired, leaf};
use crate::condition::{Field, Kind};
use crate::ids::{ArrivalId, UserId};
use crate::input::Input;
use crate::mail::inbound::Incoming;
use crate::model::{Arrival, ArrivalDetail, ArrivalDoor, ArrivalState, AuthResult, AuthVerdict, Person, Sla};
use crate::ticket::Escalation;
use crate::time::Time;
use crate::workflow::engine::Occurrence;
use crate::workflow::facts::{Loaded, ticket_value};
use crate::workflow::field::{NAMED, RuleField};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Of the change of priority from medium to high that Eve makes by saying something.
fn values() -> Vec<(&'static str, Value, Value)> {
    vec![
        ("customer.name", json!("EVE"), json!("Ada")),
        ("customer.email", json!("Eve@Example.com"), json!("ada@example.com")),
        ("customer.role", json!("customer"), json!("admin")),
        ("customer.locale", json!("de"), json!("en")),
        ("customer.time_zone", json!("Europe/Berlin"), json!("UTC")),
        ("organization.name", json!("acme"), json!("Other")),
        ("organization.domains", json!("acme.example"), json!("acme")),
        ("organization.shares_tickets", json!(true), json!(false)),
        ("team.name", json!("support"), json!("billing")),
        ("agent.name", json!("ben"), json!("Ada")),
        ("agent.email", json!("ben@example.com"), json!("ada@example.com")),
        ("agent.role", json!("agent"), json!("manager")),
        ("agent.availability", json!("away"), json!("online")),
        ("comment.body", json!("IS ANYBODY THERE?"), json!("Is anybody")),
        ("comment.is_internal", json!(false), json!(true)),
        ("comment.author_role", json!("customer"), json!("system")),
        ("comment.author_id", json!(EVE), json!(ADA)),
        ("comment.channel", json!("email"), json!("web")),
        ("email.is_automatic", json!(false), json!(true)),
        ("email.is_spam", json!(true), json!(false)),
        ("email.dmarc", json!("pass"), json!("fail")),
        ("actor.id", json!(EVE), json!(ADA)),
        ("actor.name", json!("eve"), json!("System")),
        ("actor.role", json!("customer"), json!("agent")),
        ("business_hours", json!(true), json!(false)),
        ("old", json!("medium"), json!("high")),
        ("new", json!("high"), json!("medium")),
    ]
}

fn occurrence(house: &House) -> Occurrence {
    let said = house.said("Is anybody there?");
    let mut occurrence = house.change(json!({ "priority": "high" }));
    (occurrence.comment, occurrence.actor) = (said.comment, said.actor);
    occurrence.mail = Some(Arc::new(mail()));
    occurrence
}

/// What she says it by.
fn mail() -> Incoming {
    let verdict = AuthVerdict { dmarc: AuthResult::Pass, ..AuthVerdict::default() };
    Incoming {
        arrival: Arrival {
            id: ArrivalId(uuid::Uuid::nil()),
            key: "id:1@eve".to_owned(),
            digest: [0; 32],
            size: 0,
            door: ArrivalDoor::Host,
            mailbox_id: None,
            state: ArrivalState::Waiting,
            cause: None,
            sender: None,
            ticket_id: None,
            comment_id: None,
            detail: ArrivalDetail { is_spam: true, verdict, ..ArrivalDetail::default() },
            received_at: crate::time::Time::default(),
            version: 1,
        },
        headers: vec![("X-Priority".to_owned(), "1 (High)".to_owned())],
        is_automatic: false,
        is_guest: false,
        status: None,
        files: Vec::new(),
        end: None,
    }
}

#[test]
fn a_header_is_asked_for_by_its_name_in_whatever_case() {
    let house = House::new();
    for name in ["email.header.x-priority", "email.header.X-Priority"] {
        assert!(house.holds(&leaf(name, "starts_with", json!("1")), occurrence(&house)), "{name}");
    }
    assert!(house.holds(&leaf("email.header.x-spam", "is_empty", json!(null)), occurrence(&house)));
    for bad in ["email.header.", "email.header.a b", "email.header.a:b", "email.headers.x"] {
        assert!(RuleField::parse(bad, &house.custom, &[]).is_none(), "{bad}");
    }
}

#[test]
fn each_has_its_value_by_each_of_its_names() {
    let house = House::new();
    let all: BTreeSet<_> = NAMED.iter().map(|field| field.name).collect();
    assert_eq!(values().iter().map(|(name, ..)| *name).collect::<BTreeSet<_>>(), all);
    for (name, own, other) in values() {
        let field = NAMED.iter().find(|field| field.name == name).unwrap();
        for name in field.aliases.iter().chain([&name]) {
            assert!(house.holds(&leaf(name, "equals", own.clone()), occurrence(&house)), "{name} {own}");
            assert!(!house.holds(&leaf(name, "equals", other.clone()), occurrence(&house)), "{name} {other}");
            assert!(!house.holds(&leaf(name, "is_empty", json!(null)), occurrence(&house)), "{name}");
        }
    }
}

#[test]
fn each_has_none_where_there_is_none() {
    let mut house = House::new();
    house.ticket.organization_id = None;
    house.ticket.team_id = None;
    house.ticket.assigned_agent_id = None;
    house.people.customer = Loaded::Known(None);
    house.people.organization = Loaded::Known(None);
    for field in NAMED.iter().filter(|field| !matches!(field.name, "actor.name" | "actor.role" | "business_hours")) {
        let mut conditions = vec![leaf(field.name, "is_empty", json!(null))];
        if matches!(field.kind, Kind::Text | Kind::Texts) {
            conditions.push(leaf(field.name, "not_contains", json!("x")));
        }
        assert!(holds_for_nothing(&house, &conditions), "{}", field.name);
    }
    let system = [leaf("actor.role", "equals", json!("system")), leaf("actor.name", "equals", json!("system"))];
    assert!(holds_for_nothing(&house, &system));
}

/// Whether all of this holds where a deadline has come and nobody has done anything.
fn holds_for_nothing(house: &House, conditions: &[Value]) -> bool {
    let rules = house.rules(&[json!({ "trigger_type": "sla_breach", "trigger_conditions": conditions })]);
    let moment = Some(crate::model::Trigger::SlaBreach);
    let settled = house.settle(&rules, Occurrence { moment, actor: Person::system(), ..house.occurrence() });
    !fired(&settled).is_empty()
}

#[test]
fn old_and_new_are_of_what_made_the_rule_look() {
    let house = House::new();
    let everything = || {
        let mut occurrence = house.change(json!({
            "subject": "Water", "status": "pending", "priority": "high", "assigned_agent_id": null,
        }));
        let up = Escalation::from_json(json!({ "reason": "It waits" })).unwrap();
        occurrence.draft.escalate(&house.ground(), &up).unwrap();
        occurrence
    };
    for (trigger, old, new) in [
        ("status_change", "open", "pending"),
        ("priority_change", "medium", "high"),
        ("escalation", "1", "2"),
        ("ticket_updated", "The printer is on fire", "water"),
    ] {
        let rules = house.rules(&[json!({
            "trigger_type": trigger,
            "trigger_conditions": [leaf("old", "equals", json!(old)), leaf("event.new", "equals", json!(new))],
        })]);
        assert_eq!(fired(&house.settle(&rules, everything()))[..1], [(0, 1)], "{trigger}");
    }
    let rules = house.rules(&[json!({
        "trigger_type": "assignment",
        "trigger_conditions": [leaf("old", "equals", json!(super::house::BEN)), leaf("new", "is_empty", json!(null))],
    })]);
    assert_eq!(fired(&house.settle(&rules, everything())), [(0, 1)]);
}

#[test]
fn hours_are_counted_from_every_moment() {
    let mut house = House::new();
    house.ticket.resolved_at = Some(super::house::at("2026-01-15T11:59:59.640Z"));
    for (moment, low, high) in [
        ("created_at", 48.0, 48.0),
        ("updated_at", 6.0, 6.0),
        ("first_responded_at", 24.0, 24.0),
        ("last_customer_reply", 3.0, 3.0),
        ("last_customer_reply_at", 3.0, 3.0),
        ("last_status_change", 1.5, 1.5),
        ("last_status_change_at", 1.5, 1.5),
        ("resolved_at", 0.0001, 0.0001),
    ] {
        let field = format!("hours_since.{moment}");
        assert!(house.holds(&leaf(&field, "between", json!([low, high])), occurrence(&house)), "{field}");
        assert!(!house.holds(&leaf(&field, "greater_than", json!(high)), occurrence(&house)), "{field}");
    }
    // No moment is no number of hours, few or many.
    for operator in ["greater_than", "less_than"] {
        assert!(!house.holds(&leaf("hours_since.closed_at", operator, json!(0)), occurrence(&house)), "{operator}");
    }
    for name in ["hours_since.status", "hours_since.nothing", "hours_since.custom_fields.date"] {
        assert!(RuleField::parse(name, &house.custom, &[]).is_none(), "{name}");
    }
}

#[test]
fn a_rule_is_found_by_the_value_of_any_field_of_a_ticket() {
    let mut house = House::new();
    (house.ticket.resolved_at, house.ticket.closed_at) = (Some(house.now), Some(house.now));
    (house.ticket.wake_at, house.ticket.sla) = (Some(house.now), Some(Box::new(due_now(house.now))));
    let changed = || house.change(json!({ "tags": ["printer", "VIP", "smoke"] }));
    for field in Field::ALL {
        let value = match ticket_value(&house.ticket, *field) {
            Value::Array(values) => values[0].clone(),
            value => value,
        };
        assert!(!value.is_null(), "{field:?}");
        assert!(house.holds(&leaf(&field.name(), "in", json!([value])), changed()), "{field:?}");
    }
}

fn due_now(now: Time) -> Sla {
    serde_json::from_value(json!({
        "resolution": { "started_at": now, "target": 1, "working_time": false, "spent": 0, "due_at": now, "counts_since": now },
        "is_breached": true,
    }))
    .unwrap()
}

#[test]
fn fields_of_the_desk_are_asked_by_their_type() {
    let house = House::new();
    for (key, own, other) in [
        ("text", json!("STRASSE 7"), json!("Strasse")),
        ("textarea", json!("ONE\ntwo"), json!("one")),
        ("select", json!("Red"), json!("blue")),
        ("multiselect", json!("BLUE"), json!("")),
        ("number", json!(7.5), json!(7.4)),
        ("date", json!("2026-01-13"), json!("2026-01-12")),
        ("checkbox", json!(true), json!(false)),
    ] {
        for field in [format!("custom_fields.{key}"), format!("ticket.custom_fields.{key}")] {
            assert!(house.holds(&leaf(&field, "equals", own.clone()), occurrence(&house)), "{field}");
            assert!(!house.holds(&leaf(&field, "equals", other.clone()), occurrence(&house)), "{field}");
        }
        let field = format!("custom_fields.{key}");
        let cleared = || house.change(json!({ "custom_fields": { key: null } }));
        assert!(house.holds(&leaf(&field, "is_empty", json!(null)), cleared()), "{field}");
        assert!(house.holds(&leaf(&field, "changed", json!(null)), cleared()), "{field}");
        assert!(house.holds(&leaf(&field, "changed_from", own), cleared()), "{field}");
        assert!(house.holds(&leaf(&field, "changed_to", json!(null)), cleared()), "{field}");
        assert!(!house.holds(&leaf(&field, "changed", json!(null)), occurrence(&house)), "{field}");
    }
}

#[test]
fn fields_and_operators_of_the_application_are_asked_as_any_other() {
    let house = House::new();
    for (operator, value, holds) in [
        ("equals", json!(5), true),
        ("greater_than", json!(5), false),
        ("is_multiple_of", json!(5), true),
        ("is_multiple_of", json!(2), false),
    ] {
        assert_eq!(house.holds(&leaf("subject_words", operator, value), occurrence(&house)), holds, "{operator}");
    }
    // An own operator is asked of any field, and of none it holds what it says of nothing.
    assert!(house.holds(&leaf("escalation_level", "is_multiple_of", json!(1)), occurrence(&house)));
    assert!(!house.holds(&leaf("wake_at", "is_multiple_of", json!(1)), occurrence(&house)));
}

#[test]
fn what_nobody_has_looked_up_is_asked_for_and_nothing_else() {
    use crate::memory::SeededIds;
    use crate::workflow::engine::{World, settle};
    use crate::workflow::facts::{Missing, People};
    let house = House::new();
    let people = People::default();
    let ids = SeededIds::new(1);
    let world = World {
        ground: house.ground(),
        people: &people,
        agent_visibility: house.agent_visibility,
        app_url: "",
        ids: &ids,
        not_matched: crate::workflow::engine::limit::NOT_MATCHED,
    };
    let missing = |document: Value| {
        let rules = house.rules(&[document, json!({ "trigger_type": "priority_change" })]);
        settle(&rules, &world, house.change(json!({ "priority": "high" }))).err()
    };
    let on = |conditions: Value| json!({ "trigger_type": "priority_change", "trigger_conditions": conditions });
    let customer = leaf("customer.locale", "equals", json!("de"));
    let company = leaf("organization.name", "is_not_empty", json!(null));
    let never = leaf("priority", "equals", json!("low"));
    let [of_customer, of_company] = [(true, false), (false, true)]
        .map(|(customer, organization)| Some(Missing { customer, organization, ..Missing::default() }));
    assert_eq!(missing(on(json!([customer]))), of_customer);
    assert_eq!(missing(on(json!([company]))), of_company);
    // It takes no look to know that this does not hold, nor does explaining it.
    assert_eq!(missing(on(json!([never, customer]))), None);
    let says = |text: &str| {
        let comment = json!([{ "type": "add_comment", "params": { "body": text, "is_internal": true } }]);
        json!({ "trigger_type": "priority_change", "actions": comment })
    };
    assert_eq!(missing(says("{{agent.name}} of {{team.name}}")), None);
    assert_eq!(missing(says("Dear {{ticket.customer_name}}")), of_customer);
    assert_eq!(missing(says("{{organization.name}}")), of_company);
    let watch = json!([{ "type": "add_watchers", "params": { "user_id": ["assignee", CLEO] } }]);
    let watching = [super::house::BEN, CLEO].into_iter().collect::<BTreeSet<UserId>>();
    let wanted = Some(Missing { watching, ..Missing::default() });
    assert_eq!(missing(json!({ "trigger_type": "priority_change", "actions": watch })), wanted);
}
