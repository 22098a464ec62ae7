//! What holds for which ticket.

use crate::condition::{Bound, Condition, Field, Literal, Test, parse};
use crate::conformance::arbitrary::custom_fields;
use crate::decimal::Decimal;
use crate::ids::{OrganizationId, TeamId, TicketId, TicketNumber, UserId};
use crate::model::{Channel, FieldType, Priority, Status, Ticket};
use crate::time::Time;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use uuid::Uuid;

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn now() -> Time {
    at("2026-01-15T12:00:00Z")
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn values(object: Value) -> Map<String, Value> {
    let Value::Object(map) = object else { panic!("an object, not {object}") };
    map
}

/// Everything that may be absent is there.
fn full() -> Ticket {
    Ticket {
        id: TicketId(id(1)),
        number: "TKT-7KQ2M9XD".parse::<TicketNumber>().unwrap(),
        subject: "Der Drucker in der Straße brennt".to_owned(),
        description: "İstanbul office: 100% smoke, please call".to_owned(),
        status: Status::Pending,
        priority: Priority::High,
        category: Some("Hardware".to_owned()),
        tags: vec!["Printer".to_owned(), "VIP".to_owned()],
        custom_fields: values(json!({
            "text": "Straße 7", "textarea": "one\ntwo", "select": "PRINTER", "multiselect": ["printer", "Ω"],
            "number": 0.3, "date": "2026-01-13", "checkbox": false,
        })),
        channel: Channel::Email,
        customer_id: UserId(id(2)),
        organization_id: Some(OrganizationId(id(3))),
        assigned_agent_id: Some(UserId(id(4))),
        team_id: Some(TeamId(id(5))),
        escalation_level: 2,
        version: 3,
        created_at: at("2026-01-13T23:59:59.999999Z"),
        updated_at: at("2026-01-15T11:00:00Z"),
        first_responded_at: Some(at("2026-01-14T00:00:00Z")),
        resolved_at: Some(at("2026-01-15T10:00:00Z")),
        closed_at: Some(at("2026-01-15T11:00:00Z")),
        merged_into: None,
        wake_at: Some(at("2026-01-16T11:00:00Z")),
        last_customer_reply_at: Some(at("2026-01-14T09:00:00Z")),
        last_status_change_at: Some(at("2026-01-14T10:00:00Z")),
        sla: None,
        rule_spend: None,
    }
}

/// Everything that may be absent is.
fn bare() -> Ticket {
    Ticket {
        description: String::new(),
        category: None,
        tags: Vec::new(),
        custom_fields: values(json!({"text": null, "textarea": "", "multiselect": []})),
        organization_id: None,
        assigned_agent_id: None,
        team_id: None,
        first_responded_at: None,
        resolved_at: None,
        closed_at: None,
        merged_into: None,
        wake_at: None,
        last_customer_reply_at: None,
        last_status_change_at: None,
        ..full()
    }
}

fn condition(value: &Value) -> Condition {
    parse(value, "", &custom_fields()).unwrap()
}

fn holds(ticket: &Ticket, field: &str, operator: &str, value: &Value) -> bool {
    condition(&json!({ "field": field, "operator": operator, "value": value })).holds(ticket, now())
}

#[test]
fn each_operator_of_each_kind() {
    let ticket = full();
    let (agent, other) = (json!(id(4)), json!(id(9)));
    for (field, operator, yes, no) in [
        ("subject", "equals", json!("DER DRUCKER IN DER STRASSE BRENNT"), json!("Drucker")),
        ("subject", "not_equals", json!("Drucker"), json!("der drucker in der strasse brennt")),
        ("subject", "in", json!(["x", "Der Drucker in der Straße brennt"]), json!(["x", "y"])),
        ("subject", "not_in", json!(["x", "y"]), json!(["Der Drucker in der Straße brennt"])),
        ("subject", "contains", json!("STRASSE"), json!("Strase")),
        ("subject", "not_contains", json!("Strase"), json!("straße")),
        ("subject", "starts_with", json!("der d"), json!("drucker")),
        ("subject", "matches", json!("Stra(ß|ss)e"), json!("STRASSE")),
        ("description", "contains", json!("i̇STANBUL"), json!("istanbul")),
        ("description", "contains", json!("100%"), json!("100%%")),
        ("description", "matches", json!("(?i)^İstanbul"), json!("^office")),
        ("ticket_number", "equals", json!("tkt-7kq2m9xd"), json!("7kq2m9xd")),
        ("ticket_number", "starts_with", json!("TKT-7"), json!("7")),
        ("ticket_number", "matches", json!("^TKT-"), json!("^tkt-")),
        ("tags", "equals", json!("vip"), json!("vi")),
        ("tags", "not_equals", json!("vi"), json!("vip")),
        ("tag", "contains", json!("PRINTER"), json!("print")),
        ("tags", "not_contains", json!("print"), json!("printer")),
        ("tags", "in", json!(["a", "vip"]), json!(["a", null])),
        ("tags", "starts_with", json!("print"), json!("ip")),
        ("tags", "matches", json!("^VIP$"), json!("^vip$")),
        ("custom_fields.text", "equals", json!("STRASSE 7"), json!("strasse")),
        ("custom_fields.textarea", "contains", json!("E\nT"), json!("three")),
        ("custom_fields.select", "in", json!(["a", "printer"]), json!(["a", null])),
        ("custom_fields.multiselect", "contains", json!("ω"), json!("print")),
        ("custom_fields.multiselect", "not_contains", json!("print"), json!("PRINTER")),
        ("custom_fields.multiselect", "matches", json!("^Ω$"), json!("^ω$")),
        ("custom_fields.number", "equals", json!(0.3), json!(0.3001)),
        ("custom_fields.number", "greater_than", json!(0.2999), json!(0.3)),
        ("custom_fields.number", "between", json!([-1, 0.3]), json!([0.3001, 1e9])),
        ("custom_fields.date", "equals", json!("2026-01-13"), json!("2026-01-12")),
        ("custom_fields.date", "less_than", json!("2026-01-14"), json!("2026-01-13")),
        ("custom_fields.date", "older_than", json!("2d"), json!("3d")),
        ("custom_fields.checkbox", "equals", json!(false), json!(true)),
        ("custom_fields.checkbox", "not_in", json!([true, null]), json!([false])),
        ("status", "equals", json!("pending"), json!("open")),
        ("status", "not_in", json!(["open", "closed"]), json!(["pending"])),
        ("status", "less_than", json!("resolved"), json!("pending")),
        ("priority", "greater_than", json!("medium"), json!("high")),
        ("priority", "between", json!(["high", "critical"]), json!(["low", "medium"])),
        ("channel", "in", json!(["email", "web"]), json!(["api"])),
        ("assigned_agent_id", "equals", agent.clone(), other.clone()),
        ("assigned_agent_id", "not_equals", other.clone(), agent.clone()),
        ("assigned_agent_id", "in", json!([null, agent]), json!([null, other])),
        ("escalation_level", "equals", json!(2), json!(3)),
        ("escalation_level", "greater_than", json!(1), json!(2)),
        ("escalation_level", "less_than", json!(3), json!(2)),
        ("escalation_level", "between", json!([2, 2]), json!([3, 9])),
        ("escalation_level", "in", json!([1, 2]), json!([])),
        ("created_at", "equals", json!("2026-01-13"), json!("2026-01-14")),
        ("created_at", "not_equals", json!("2026-01-14"), json!("2026-01-13")),
        ("created_at", "equals", json!("2026-01-13T23:59:59.999999Z"), json!("2026-01-13T23:59:59.999998Z")),
        ("created_at", "less_than", json!("2026-01-14"), json!("2026-01-13")),
        ("created_at", "greater_than", json!("2026-01-12"), json!("2026-01-13")),
        ("created_at", "between", json!(["2026-01-10", "2026-01-13"]), json!(["2026-01-14", "2026-01-15"])),
        ("first_responded_at", "less_than", json!("2026-01-15"), json!("2026-01-14")),
        ("first_responded_at", "greater_than", json!("2026-01-13"), json!("2026-01-14")),
        ("updated_at", "older_than", json!("3599s"), json!("1h")),
    ] {
        assert!(holds(&ticket, field, operator, &yes), "{field} {operator} {yes} should hold");
        assert!(!holds(&ticket, field, operator, &no), "{field} {operator} {no} should not hold");
    }
}

#[test]
fn what_is_absent_passes_nothing_but_empty() {
    let bare = bare();
    let any_id = json!(id(4));
    for (field, operator, value) in [
        ("category", "equals", json!("hardware")),
        ("category", "contains", json!("h")),
        ("category", "starts_with", json!("h")),
        ("category", "matches", json!("")),
        ("tags", "in", json!(["vip"])),
        ("tags", "matches", json!("")),
        ("team_id", "equals", any_id.clone()),
        ("closed_at", "less_than", json!("2030-01-01")),
        ("closed_at", "greater_than", json!("2000-01-01")),
        ("closed_at", "older_than", json!("0s")),
    ] {
        let leaf = json!({ "field": field, "operator": operator, "value": value });
        assert!(!condition(&leaf).holds(&bare, now()), "{leaf}");
        assert!(condition(&json!({ "not": leaf })).holds(&bare, now()), "not {leaf}");
    }
    for field in [
        "description",
        "category",
        "tags",
        "organization_id",
        "assigned_agent_id",
        "team_id",
        "closed_at",
        "wake_at",
        "last_customer_reply_at",
        "last_status_change_at",
    ] {
        assert!(holds(&bare, field, "is_empty", &Value::Null), "{field}");
        assert!(holds(&bare, field, "equals", &Value::Null), "{field}");
        assert!(!holds(&bare, field, "is_not_empty", &Value::Null), "{field}");
        assert!(!holds(&full(), field, "is_empty", &Value::Null), "{field}");
        assert!(holds(&full(), field, "not_equals", &Value::Null), "{field}");
    }
    let empty = Ticket { category: Some(String::new()), ..full() };
    assert!(holds(&empty, "category", "is_empty", &Value::Null));
    for field in ["status", "priority", "channel", "customer_id", "escalation_level", "created_at", "ticket_number"] {
        assert!(!holds(&bare, field, "is_empty", &Value::Null), "{field}");
    }
}

#[test]
fn groups_of_nothing() {
    assert!(Condition::always().holds(&full(), now()));
    assert!(condition(&json!([])).holds(&full(), now()));
    assert!(!condition(&json!({ "any": [] })).holds(&full(), now()));
}

#[test]
fn groups_combine() {
    let yes = json!({ "field": "status", "operator": "equals", "value": "pending" });
    let no = json!({ "field": "status", "operator": "equals", "value": "open" });
    for (sent, expected) in [
        (json!([yes, no]), false),
        (json!({ "any": [no, yes] }), true),
        (json!({ "not": [yes, no] }), true),
        (json!({ "not": { "any": [yes, no] } }), false),
        (json!([yes, { "any": [no, { "not": no }] }]), true),
    ] {
        assert_eq!(condition(&sent).holds(&full(), now()), expected, "{sent}");
    }
}

#[test]
fn a_test_that_does_not_fit_is_false() {
    use crate::condition::{Bound, Field, Literal, Test};
    let text = || "pending".to_owned();
    for (field, test) in [
        (Field::Status, Test::Contains(text())),
        (Field::Status, Test::In(vec![Literal::Text(text())])),
        (Field::Tags, Test::Contains("vip".to_owned())),
        (Field::Subject, Test::Range { min: Some(Bound::at(Literal::Text(String::new()))), max: None }),
        (Field::CreatedAt, Test::Range { min: Some(Bound::at(Literal::Number(0))), max: None }),
        (Field::EscalationLevel, Test::OlderThan(chrono::TimeDelta::zero())),
    ] {
        assert!(!Condition::leaf(field, test.clone()).holds(&full(), now()), "{field:?} {test:?}");
    }
}

#[test]
fn what_is_kept_of_another_type_lies_in_no_range_however_that_is_written() {
    let highest = Literal::Decimal(Decimal::HIGHEST);
    let last = Literal::Date(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap());
    for (key, field_type, end) in [("number", FieldType::Number, highest), ("date", FieldType::Date, last)] {
        let field = Field::Custom(key.parse().unwrap(), field_type);
        let max = Some(Bound { value: end, inclusive: true });
        let condition = Condition::leaf(field, Test::Range { min: None, max });
        let read = parse(&condition.to_json(), "", &custom_fields()).unwrap();
        for (value, is_in) in [(json!(false), false), (full().custom_fields[key].clone(), true)] {
            let mut ticket = full();
            ticket.custom_fields[key] = value;
            let found = (condition.holds(&ticket, now()), read.holds(&ticket, now()));
            assert_eq!(found, (is_in, is_in), "{}", condition.to_json());
        }
    }
}
