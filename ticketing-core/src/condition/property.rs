//! What holds for every condition and every ticket.

use super::{Condition, Field, Literal, Test, limit, parse};
use crate::conformance::arbitrary::{condition, custom_fields, now, ticket};
use crate::fold::fold;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Wire forms as people write them: sugar, aliases, dates, odd groups.
fn wire() -> impl Strategy<Value = Value> {
    let date = prop_oneof![
        Just("2026-01-15"),
        Just("2026-01-14"),
        Just("2026-01-15T10:00:00.5Z"),
        Just("2026-01-15T11:00:00+02:00")
    ];
    let text = prop_oneof![Just("Straße"), Just("VIP"), Just("ＰＲＩＮＴＥＲ"), Just("İ"), Just("")];
    let times =
        (prop_oneof![Just("created_at"), Just("closed_at")], date.clone(), date).prop_flat_map(|(field, a, b)| {
            let (low, high) = if a[..10] <= b[..10] && a.len() == 10 { (a, b) } else { ("2026-01-14", "2026-01-15") };
            prop_oneof![
                prop_oneof![Just("equals"), Just("not_equals"), Just("greater_than"), Just("less_than")]
                    .prop_map(move |operator| json!({ "field": field, "operator": operator, "value": a })),
                Just(json!({ "field": field, "operator": "between", "value": [low, high] })),
                Just(json!({ "field": field, "operator": "older_than", "value": "36h" })),
            ]
        });
    let lists = (prop_oneof![Just("category"), Just("tag"), Just("subject")], vec(option(text), 0..4)).prop_flat_map(
        |(field, values)| {
            prop_oneof![Just("in"), Just("not_in")]
                .prop_map(move |operator| json!({ "field": field, "operator": operator, "value": values }))
        },
    );
    let leaf = prop_oneof![times, lists];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::Array),
            vec(inner.clone(), 0..3).prop_map(|parts| json!({ "any": parts })),
            inner.prop_map(|part| json!({ "not": part })),
        ]
    })
}

fn option(text: impl Strategy<Value = &'static str> + Clone) -> impl Strategy<Value = Option<&'static str>> + Clone {
    prop_oneof![3 => text.prop_map(Some), 1 => Just(None)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_was_read_is_written_and_read_again_the_same(sent in wire()) {
        let read = parse(&sent, "", &custom_fields()).map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        prop_assert_eq!(parse(&read.to_json(), "", &custom_fields()), Ok(read));
    }

    #[test]
    fn any_condition_is_written_with_its_meaning(condition in condition(), tickets in vec(ticket(), 4)) {
        let read = parse(&condition.to_json(), "", &custom_fields()).map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        for ticket in &tickets {
            prop_assert_eq!(read.holds(ticket, now()), condition.holds(ticket, now()), "{}", condition.to_json());
        }
        prop_assert_eq!(parse(&read.to_json(), "", &custom_fields()), Ok(read));
    }

    #[test]
    fn negation_goes_through_groups(parts in vec(condition(), 0..4), ticket in ticket()) {
        let negated: Vec<_> = parts.iter().cloned().map(Condition::negated).collect();
        let holds = |condition: Condition| condition.holds(&ticket, now());
        prop_assert_eq!(holds(Condition::All(parts.clone()).negated()), holds(Condition::Any(negated.clone())));
        prop_assert_eq!(holds(Condition::Any(parts.clone()).negated()), holds(Condition::All(negated)));
        prop_assert_eq!(holds(Condition::All(parts.clone()).negated().negated()), holds(Condition::All(parts)));
    }

    #[test]
    fn no_document_makes_the_parser_fail_in_another_way(text in "[a-z_\\[\\]{}\":, 0-9]{0,80}", words in vec(any::<String>(), 3)) {
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let _ = parse(&value, "conditions", &custom_fields());
        }
        for field in Field::ALL {
            let leaf = json!({ "field": field.name(), "operator": "matches", "value": words[0], &words[1]: words[2] });
            if let Err(errors) = parse(&leaf, "conditions", &custom_fields()) {
                prop_assert!(errors.len() <= 200);
                prop_assert!(errors.iter().all(|error| error.field.starts_with("conditions")));
            }
        }
    }

    #[test]
    fn a_text_equals_itself_whatever_its_case(ticket in ticket()) {
        let equals = |field, text: &str| Condition::leaf(field, Test::In(vec![Literal::Text(fold(text))]));
        prop_assert!(equals(Field::Subject, &ticket.subject).holds(&ticket, now()));
        prop_assert!(equals(Field::Subject, &ticket.subject.to_ascii_uppercase()).holds(&ticket, now()));
        for tag in &ticket.tags {
            prop_assert!(equals(Field::Tags, tag).holds(&ticket, now()));
        }
    }
}

#[test]
fn the_deepest_and_widest_condition_survives_the_way_back() {
    let leaf = json!({ "field": "closed_at", "operator": "not_equals", "value": "2026-01-15" });
    let list: Vec<_> = (1..limit::LIST).map(|n| json!(format!("tag {n}"))).chain([Value::Null]).collect();
    let wide = json!({ "field": "tags", "operator": "not_in", "value": list });
    let mut sent = json!({ "any": [leaf, wide] });
    for _ in 1..limit::DEPTH {
        sent = json!({ "not": sent });
    }
    let read = parse(&sent, "", &custom_fields()).unwrap();
    assert_eq!(parse(&read.to_json(), "", &custom_fields()), Ok(read));
}
