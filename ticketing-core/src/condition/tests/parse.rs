//! What is read, and what is refused with which words.

use crate::condition::{Bound, Condition, Field, Literal, Test, limit, parse};
use crate::conformance::arbitrary::custom_fields;
use crate::time::Time;
use serde_json::{Value, json};

fn at(text: &str) -> Literal {
    Literal::Time(text.parse::<Time>().unwrap())
}

fn read(field: &str, operator: &str, value: &Value) -> Condition {
    parse(&json!({ "field": field, "operator": operator, "value": value }), "conditions", &custom_fields()).unwrap()
}

/// Path and code of each failure.
fn failures(value: &Value) -> Vec<(String, &'static str)> {
    let errors = parse(value, "conditions", &custom_fields()).unwrap_err();
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

fn refused(field: &str, operator: &str, value: &Value) -> (String, &'static str) {
    let all = failures(&json!({ "field": field, "operator": operator, "value": value }));
    assert_eq!(all.len(), 1, "{field} {operator} {value}: {all:?}");
    all.into_iter().next().unwrap()
}

#[test]
fn leaves_become_tests() {
    let text = |text: &str| Literal::Text(text.to_owned());
    let id = uuid::Uuid::from_u128(7);
    for (field, operator, value, test) in [
        ("subject", "equals", json!("STRASSE"), Test::In(vec![text("strasse")])),
        ("subject", "contains", json!("Straße"), Test::Contains("strasse".to_owned())),
        ("subject", "starts_with", json!("ﬁ"), Test::StartsWith("fi".to_owned())),
        ("category", "equals", json!(null), Test::Empty),
        ("category", "equals", json!(""), Test::Empty),
        ("tag", "contains", json!("VIP"), Test::In(vec![text("vip")])),
        ("tags", "in", json!(["VIP", "vip", "x"]), Test::In(vec![text("vip"), text("x")])),
        ("tags", "is_empty", json!(null), Test::Empty),
        ("tags", "is_empty", json!(true), Test::Empty),
        ("status", "equals", json!("open"), Test::In(vec![Literal::Rank(0)])),
        (
            "priority",
            "greater_than",
            json!("medium"),
            Test::Range { min: Some(Bound::beyond(Literal::Rank(1))), max: None },
        ),
        ("assigned_agent_id", "in", json!([id]), Test::In(vec![Literal::Id(id)])),
        ("assigned_agent_id", "in", json!([null]), Test::Empty),
        ("assigned_agent_id", "in", json!([]), Test::In(vec![])),
        (
            "escalation_level",
            "less_than",
            json!(2),
            Test::Range { min: None, max: Some(Bound::beyond(Literal::Number(2))) },
        ),
        ("updated_at", "older_than", json!("2d"), Test::OlderThan(chrono::TimeDelta::days(2))),
    ] {
        let field_read = crate::condition::parse_field(field, &custom_fields()).unwrap();
        assert_eq!(read(field, operator, &value), Condition::leaf(field_read, test), "{field} {operator} {value}");
    }
}

#[test]
fn negative_operators_are_negations() {
    for (operator, positive, value) in [
        ("not_equals", "equals", json!("x")),
        ("not_in", "in", json!(["x", null])),
        ("not_contains", "contains", json!("x")),
        ("is_not_empty", "is_empty", json!(null)),
    ] {
        assert_eq!(read("category", operator, &value), read("category", positive, &value).negated());
    }
}

#[test]
fn null_beside_values_means_none_or_one_of_them() {
    let one_of = Condition::leaf(Field::Category, Test::In(vec![Literal::Text("x".to_owned())]));
    let expected = Condition::Any(vec![Condition::leaf(Field::Category, Test::Empty), one_of]);
    assert_eq!(read("category", "in", &json!(["x", null])), expected);
    assert_eq!(expected.to_json(), json!({ "field": "category", "operator": "in", "value": [null, "x"] }));
}

#[test]
fn a_bare_date_is_the_whole_day() {
    let range = |min: Option<Bound>, max: Option<Bound>| Condition::leaf(Field::CreatedAt, Test::Range { min, max });
    let (first, last) = (at("2026-01-15T00:00:00Z"), at("2026-01-15T23:59:59.999999Z"));
    let day = json!("2026-01-15");
    let whole = range(Some(Bound::at(first.clone())), Some(Bound::at(last.clone())));
    assert_eq!(read("created_at", "equals", &day), whole);
    assert_eq!(read("created_at", "less_than", &day), range(None, Some(Bound::beyond(first.clone()))));
    assert_eq!(read("created_at", "greater_than", &day), range(Some(Bound::beyond(last.clone())), None));
    assert_eq!(read("created_at", "between", &json!(["2026-01-15", "2026-01-15"])), whole);
    assert_eq!(whole.to_json(), json!({ "field": "created_at", "operator": "equals", "value": "2026-01-15" }));
    assert_eq!(
        read("created_at", "between", &json!(["2026-01-15T00:00:00Z", "9999-12-31"])),
        range(Some(Bound::at(first)), Some(Bound::at(at("9999-12-31T23:59:59.999999Z"))))
    );
    assert_eq!(
        refused("created_at", "in", &json!(["2026-01-15"])),
        ("conditions.value[0]".to_owned(), "invalid_value")
    );
}

#[test]
fn moments_are_utc_to_the_microsecond() {
    let equals = |value: &str| read("created_at", "equals", &json!(value));
    assert_eq!(equals("2026-01-15T12:00:00.1234567+02:00"), equals("2026-01-15T10:00:00.123456Z"));
    assert_eq!(equals("2016-12-31T23:59:60Z"), equals("2017-01-01T00:00:00Z"));
}

#[test]
fn groups_nest() {
    let open = json!({ "field": "status", "operator": "equals", "value": "open" });
    let leaf = Condition::leaf(Field::Status, Test::In(vec![Literal::Rank(0)]));
    let sent = json!([open, { "any": [open, { "not": open }] }, { "all": [] }, { "not": [open, open] }]);
    let expected = Condition::All(vec![
        leaf.clone(),
        Condition::Any(vec![leaf.clone(), leaf.clone().negated()]),
        Condition::All(vec![]),
        Condition::All(vec![leaf.clone(), leaf]).negated(),
    ]);
    assert_eq!(parse(&sent, "", &custom_fields()), Ok(expected));
}

#[test]
fn all_failures_come_at_once_with_their_paths() {
    let sent = json!([
        { "field": "colour", "operator": "resembles", "value": 1, "values": [] },
        { "any": [
            { "field": "status", "operator": "in", "value": ["open", "ajar", 3] },
            { "field": "priority", "operator": "between", "value": ["high", "low"] },
            { "not": { "field": "subject", "operator": "matches", "value": "(" } },
        ] },
        { "operator": "equals", "value": 1 },
        { "field": 7, "operator": "equals", "value": 1 },
        { "field": "subject", "operator": "equals" },
        "status is open",
        { "all": {}, "any": [], "field": "status" },
    ]);
    let expected = [
        ("conditions[0].values", "unknown_key"),
        ("conditions[0].field", "unknown_field"),
        ("conditions[0].operator", "unknown_operator"),
        ("conditions[1].any[0].value[1]", "invalid_value"),
        ("conditions[1].any[0].value[2]", "invalid_value"),
        ("conditions[1].any[1].value", "invalid_value"),
        ("conditions[1].any[2].not.value", "invalid_value"),
        ("conditions[2].field", "required"),
        ("conditions[3].field", "type"),
        ("conditions[4].value", "required"),
        ("conditions[5]", "type"),
        ("conditions[6].any", "unknown_key"),
        ("conditions[6].field", "unknown_key"),
        ("conditions[6].all", "type"),
    ];
    assert_eq!(failures(&sent), expected.map(|(path, code)| (path.to_owned(), code)));
}

#[test]
fn what_does_not_fit_says_so() {
    for operator in ["changed", "changed_from", "changed_to"] {
        let (path, code) = refused("status", operator, &json!("open"));
        assert_eq!((path.as_str(), code), ("conditions.operator", "needs_history"));
    }
    for (field, operator) in [
        ("status", "contains"),
        ("subject", "greater_than"),
        ("tags", "between"),
        ("channel", "less_than"),
        ("team_id", "starts_with"),
        ("team_id", "older_than"),
        ("escalation_level", "matches"),
    ] {
        let (path, code) = refused(field, operator, &json!("x"));
        assert_eq!((path.as_str(), code), ("conditions.operator", "operator_does_not_fit"), "{field} {operator}");
    }
}

#[test]
fn values_of_the_wrong_form_are_refused() {
    for (field, operator, value) in [
        ("subject", "equals", json!(5)),
        ("subject", "equals", json!(["a"])),
        ("subject", "contains", json!("")),
        ("subject", "contains", json!(null)),
        ("subject", "starts_with", json!("a\u{0}b")),
        ("subject", "in", json!("a")),
        ("subject", "is_empty", json!(false)),
        ("tags", "contains", json!("")),
        ("status", "equals", json!("Open")),
        ("status", "greater_than", json!(null)),
        ("team_id", "equals", json!("me")),
        ("escalation_level", "equals", json!("1")),
        ("escalation_level", "equals", json!(1.5)),
        ("escalation_level", "between", json!([1])),
        ("escalation_level", "between", json!([2, 1])),
        ("created_at", "equals", json!("yesterday")),
        ("created_at", "equals", json!("2026-02-30")),
        ("created_at", "equals", json!("2026-1-5")),
        ("created_at", "equals", json!("+2026-01-05")),
        ("created_at", "equals", json!("0000-01-01")),
        ("created_at", "equals", json!("9999-12-31T23:59:59-01:00")),
        ("created_at", "older_than", json!("2 days")),
        ("created_at", "older_than", json!("3651d")),
        ("created_at", "older_than", json!(60)),
        ("subject", "matches", json!("(?=look)")),
        ("subject", "matches", json!(r"(\w{100}){100}")),
        ("subject", "matches", json!(r"(a)\1")),
    ] {
        let (path, code) = refused(field, operator, &value);
        assert!(path.starts_with("conditions.value"), "{path}");
        assert_eq!(code, "invalid_value", "{field} {operator} {value}");
    }
}

#[test]
fn ordinary_expressions_are_within_the_limit() {
    for source in [r"(?i)refund|charge\s?back", r"\b\w{1,10}@\w+\.(com|org)\b", r"^\[#\d{4,8}\]", r"\p{Han}{2,}"] {
        read("subject", "matches", &json!(source));
    }
}

#[test]
fn sizes_are_limited() {
    let text = "é".repeat(limit::TEXT);
    read("subject", "contains", &json!(text));
    assert_eq!(refused("subject", "contains", &json!(format!("{text}!"))).1, "too_long");
    assert_eq!(refused("subject", "matches", &json!(format!("{text}!"))).1, "too_long");
    // One character that folds to eighteen.
    assert_eq!(refused("subject", "equals", &json!("ﷺ".repeat(100))).1, "too_long");

    let list: Vec<_> = (0..limit::LIST).collect();
    read("escalation_level", "in", &json!(list));
    let list: Vec<_> = (0..=limit::LIST).collect();
    assert_eq!(refused("escalation_level", "in", &json!(list)).1, "too_many");
}

#[test]
fn depth_is_limited() {
    let mut sent = json!({ "field": "status", "operator": "is_empty" });
    for _ in 0..limit::DEPTH {
        sent = json!({ "not": sent });
    }
    assert!(parse(&sent, "", &custom_fields()).is_ok());
    let path = format!("conditions[0]{}", ".not".repeat(limit::DEPTH));
    assert_eq!(failures(&json!([sent])), [(path, "too_deep")]);
}

#[test]
fn the_number_of_tests_is_limited() {
    let leaf = json!({ "field": "status", "operator": "is_empty" });
    let many = |count: usize| Value::Array(vec![leaf.clone(); count]);
    assert!(parse(&many(limit::LEAVES), "", &custom_fields()).is_ok());
    assert_eq!(failures(&many(limit::LEAVES + 1)), [("conditions".to_owned(), "too_many")]);
    assert_eq!(failures(&many(100_000)), [("conditions".to_owned(), "too_many")]);
    let pattern = json!({ "field": "tags", "operator": "matches", "value": "x" });
    let patterns = Value::Array(vec![pattern; limit::PATTERNS + 1]);
    assert_eq!(failures(&patterns), [(format!("conditions[{}].value", limit::PATTERNS), "too_many")]);
    let empty = Value::Array(vec![json!([]); 100_000]);
    assert_eq!(failures(&empty), [("conditions".to_owned(), "too_many")]);
    // Not even junk gets more than its share of failures.
    let junk = json!({ "field": "status", "operator": "in", "value": vec![json!("x"); limit::LIST] });
    assert_eq!(failures(&Value::Array(vec![junk; 50])).len(), 200);
    assert_eq!(failures(&Value::Array(vec![json!(1); 100_000])).len(), 200);
}
