//! The desk's own fields, and what tickets hold in them.

use crate::house::{House, code, fields, key};
use serde_json::{Map, Value, json};
use ticketing_core::condition::{Condition, Field, Literal, Test};
use ticketing_core::desk::{CustomFieldPatch, CustomFieldView, NewCustomField, NewTicket, TicketList, TicketPatch};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::FieldType;
use ticketing_core::{Actor, Error};

fn values(object: Value) -> Map<String, Value> {
    let Value::Object(map) = object else { panic!("an object, not {object}") };
    map
}

fn ticket(object: Value) -> NewTicket {
    NewTicket { custom_fields: values(object), ..NewTicket::new("Help", "Please") }
}

fn giving(object: Value) -> TicketPatch {
    TicketPatch { custom_fields: Patch::Set(values(object)), ..TicketPatch::default() }
}

/// Path and code of each failure.
fn failures<T: std::fmt::Debug>(answer: Result<T, Error>) -> Vec<(String, &'static str)> {
    let Err(Error::Invalid(errors)) = answer else { panic!("expected an invalid input, got {answer:?}") };
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

async fn add(house: &House, new: Value) -> CustomFieldView {
    let new = NewCustomField::from_json(new).unwrap();
    house.desk.create_custom_field(&house.admin, new).await.unwrap()
}

/// One of each type, under its own word, all for staff alone but the first.
async fn one_of_each(house: &House) {
    for (position, field_type) in FieldType::ALL.iter().enumerate() {
        let options = if field_type.has_options() { json!(["Red", "Grün", "Blue"]) } else { json!([]) };
        add(
            house,
            json!({"key": field_type.as_str(), "label": field_type.as_str(), "field_type": field_type.as_str(),
                "options": options, "position": position, "visible_to_customer": position == 0}),
        )
        .await;
    }
}

#[tokio::test]
async fn administrators_add_change_and_delete_fields() {
    let house = House::new().await;
    let desk = &house.desk;
    let new = NewCustomField::new("plan", "Plan", FieldType::Text);
    for actor in [&house.manager, &house.agent, &house.customer] {
        assert_eq!(code(desk.create_custom_field(actor, new.clone()).await), "forbidden");
    }
    let field = desk.create_custom_field(&house.admin, new.clone()).await.unwrap();
    assert_eq!((field.key.as_str(), field.version, field.is_active), ("plan", 1, true));
    assert_eq!(code(desk.create_custom_field(&house.admin, new.clone()).await), "duplicate");
    let patch = CustomFieldPatch { label: Patch::Set("Contract".into()), ..CustomFieldPatch::default() };
    assert_eq!(code(desk.update_custom_field(&house.admin, field.id, patch.clone(), Some(9)).await), "stale_version");
    let changed = desk.update_custom_field(&house.admin, field.id, patch.clone(), Some(1)).await.unwrap();
    assert_eq!((changed.label.as_str(), changed.version), ("Contract", 2));
    let same = desk.update_custom_field(&house.admin, field.id, patch, None).await.unwrap();
    assert_eq!(same.version, 2, "what changes nothing is not written");
    // Unused, it goes, and its key is free again.
    desk.delete_custom_field(&house.admin, field.id, Some(2)).await.unwrap();
    assert_eq!(code(desk.custom_field(&house.admin, field.id).await), "not_found");
    let again = desk.create_custom_field(&house.admin, new).await.unwrap();
    // In use, it only becomes inactive: what tickets hold stays, nothing new comes in.
    let held = desk.create_ticket(&house.agent, ticket(json!({"plan": "Gold"}))).await.unwrap();
    desk.delete_custom_field(&house.admin, again.id, None).await.unwrap();
    assert!(!desk.custom_field(&house.agent, again.id).await.unwrap().is_active);
    assert_eq!(
        desk.ticket(&house.agent, &key(&held)).await.unwrap().public().custom_fields,
        values(json!({"plan": "Gold"}))
    );
    let refused = desk.create_ticket(&house.agent, ticket(json!({"plan": "Gold"}))).await;
    assert_eq!(failures(refused), [("custom_fields.plan".to_owned(), "unknown_field")]);
    let refused = desk.update_ticket(&house.agent, &key(&held), giving(json!({"plan": "Free"})), None).await;
    assert_eq!(failures(refused), [("custom_fields.plan".to_owned(), "inactive")]);
    let cleared = desk.update_ticket(&house.agent, &key(&held), giving(json!({"plan": null})), None).await.unwrap();
    assert!(cleared.public().custom_fields.is_empty());
}

#[tokio::test]
async fn a_bad_field_is_refused_with_all_that_is_wrong() {
    let house = House::new().await;
    let bad = json!({"key": "2plan", "label": " ", "field_type": "list", "options": [1], "default": {"a": 1},
        "position": -1, "colour": "red"});
    let mut found = fields(NewCustomField::from_json(bad));
    found.sort();
    assert_eq!(found, ["colour", "default", "field_type", "key", "label", "options", "position"]);
    for (rest, wanted) in [
        (json!({"field_type": "select"}), ("options", "required")),
        (json!({"field_type": "select", "options": ["a", "A "]}), ("options[1]", "duplicate")),
        (json!({"field_type": "select", "options": ["a", ""]}), ("options[1]", "required")),
        (json!({"field_type": "select", "options": vec!["x"; 201]}), ("options", "too_many")),
        (json!({"field_type": "text", "options": ["a"]}), ("options", "not_for_type")),
        (json!({"field_type": "number", "default": "1"}), ("default", "type")),
        (json!({"field_type": "select", "options": ["a"], "default": "b"}), ("default", "unknown_value")),
    ] {
        let mut new = json!({"key": "x", "label": "X"});
        new.as_object_mut().unwrap().extend(values(rest));
        let new = NewCustomField::from_json(new).unwrap();
        let found = failures(house.desk.create_custom_field(&house.admin, new).await);
        assert_eq!((found[0].0.as_str(), found[0].1), wanted);
    }
}

#[tokio::test]
async fn values_are_held_against_their_type() {
    let house = House::new().await;
    one_of_each(&house).await;
    let make = async |key: &str, value: Value| {
        let made = house.desk.create_ticket(&house.agent, ticket(json!({ key: value }))).await;
        made.map(|ticket| ticket.public().custom_fields.get(key).cloned())
    };
    for (key, given, kept) in [
        ("text", json!("One line"), json!("One line")),
        ("text", json!("  "), json!(null)),
        ("textarea", json!("Two\nlines"), json!("Two\nlines")),
        ("number", json!(12.5), json!(12.5)),
        ("number", json!(-99_999_999_999_999_i64), json!(-99_999_999_999_999_i64)),
        ("date", json!("2028-02-29"), json!("2028-02-29")),
        ("select", json!("GRÜN"), json!("Grün")),
        ("multiselect", json!(["blue", "Red", "BLUE"]), json!(["Red", "Blue"])),
        ("multiselect", json!([]), json!(null)),
        ("checkbox", json!(false), json!(false)),
        ("checkbox", json!(null), json!(null)),
    ] {
        let found = make(key, given.clone()).await.unwrap();
        assert_eq!(found.unwrap_or_default(), kept, "{key} {given}");
    }
    for (key, given, code) in [
        ("text", json!(7), "type"),
        ("text", json!("Two\nlines"), "control_character"),
        ("text", json!("x".repeat(1_001)), "too_long"),
        ("textarea", json!("x".repeat(10_001)), "too_long"),
        ("number", json!("7"), "type"),
        ("number", json!(0.00001), "too_precise"),
        ("number", json!(1e15), "out_of_range"),
        ("date", json!("2026-02-30"), "invalid_value"),
        ("date", json!("15.01.2026"), "invalid_value"),
        ("date", json!(2026), "type"),
        ("select", json!("Yellow"), "unknown_value"),
        ("select", json!(["Red"]), "type"),
        ("multiselect", json!("Red"), "type"),
        ("checkbox", json!("yes"), "type"),
        ("nothing", json!(null), "unknown_field"),
    ] {
        let at = format!("custom_fields.{key}");
        assert_eq!(failures(make(key, given.clone()).await), [(at, code)], "{key} {given}");
    }
    let found = failures(make("multiselect", json!(["Red", "Yellow", 7])).await);
    let at = |place: usize| format!("custom_fields.multiselect[{place}]");
    assert_eq!(found, [(at(1), "unknown_value"), (at(2), "type")]);
}

#[tokio::test]
async fn new_tickets_get_defaults_and_need_what_is_required() {
    let house = House::new().await;
    let select = json!({"key": "plan", "label": "Plan", "field_type": "select", "options": ["Free", "Gold"],
        "default": "free"});
    add(&house, select).await;
    add(
        &house,
        json!({"key": "order_no", "label": "Order", "field_type": "number", "is_required": true,
        "visible_to_customer": true}),
    )
    .await;
    add(&house, json!({"key": "cause", "label": "Cause", "field_type": "text", "is_required": true})).await;
    let make = async |actor: &Actor, given: Value| house.desk.create_ticket(actor, ticket(given)).await;
    let named = |key: &str, code| (format!("custom_fields.{key}"), code);
    assert_eq!(
        failures(make(&house.agent, json!({})).await),
        [named("order_no", "required"), named("cause", "required")]
    );
    // A customer knows of no cause, and can't be asked for it.
    assert_eq!(failures(make(&house.customer, json!({})).await), [named("order_no", "required")]);
    let answer = make(&house.customer, json!({"order_no": 7, "cause": "?", "plan": "Gold"})).await;
    assert_eq!(failures(answer), [named("cause", "unknown_field"), named("plan", "unknown_field")]);
    let new = make(&house.customer, json!({"order_no": 7})).await.unwrap();
    assert_eq!(new.public().custom_fields, values(json!({"order_no": 7})), "the default is for staff to see");
    let seen = house.desk.ticket(&house.admin, &key(&new)).await.unwrap();
    assert_eq!(seen.public().custom_fields, values(json!({"order_no": 7, "plan": "Free"})));
    let new = make(&house.agent, json!({"order_no": 8, "cause": "x", "plan": null})).await.unwrap();
    assert_eq!(new.public().custom_fields, values(json!({"order_no": 8, "cause": "x"})), "null declines a default");
    let refused = house.desk.update_ticket(&house.agent, &key(&new), giving(json!({"cause": ""})), None).await;
    assert_eq!(failures(refused), [named("cause", "required")]);
}

#[tokio::test]
async fn a_change_merges_values_and_says_which_changed() {
    let house = House::new().await;
    one_of_each(&house).await;
    let made = house.desk.create_ticket(&house.agent, ticket(json!({"text": "a", "number": 1}))).await.unwrap();
    let key = key(&made);
    let change = giving(json!({"number": null, "select": "red", "text": "a", "date": null}));
    let changed = house.desk.update_ticket(&house.agent, &key, change, None).await.unwrap();
    assert_eq!(changed.public().custom_fields, values(json!({"text": "a", "select": "Red"})));
    let told = house.desk.timeline(&house.agent, &key, None, 10).await.unwrap();
    let expected = json!({"custom_fields.number": [1, null], "custom_fields.select": [null, "Red"]});
    assert_eq!(told.items.last().unwrap().data["changes"], expected);
    let same = house.desk.update_ticket(&house.agent, &key, giving(json!({"select": "RED"})), None).await.unwrap();
    assert_eq!(same.version(), changed.version(), "what changes nothing is not written");
    // An option that is no longer offered may stay where it is chosen.
    let field = house.desk.custom_fields(&house.admin).await.unwrap().into_iter().find(|f| f.key.as_str() == "select");
    let fewer = CustomFieldPatch { options: Patch::Set(vec!["Blue".into()]), ..CustomFieldPatch::default() };
    house.desk.update_custom_field(&house.admin, field.unwrap().id, fewer, None).await.unwrap();
    let kept = giving(json!({"select": "Red", "number": 2}));
    let kept = house.desk.update_ticket(&house.agent, &key, kept, None).await.unwrap();
    assert_eq!(kept.public().custom_fields, values(json!({"text": "a", "select": "Red", "number": 2})));
}

#[tokio::test]
async fn customers_learn_nothing_of_fields_for_staff() {
    let house = House::new().await;
    one_of_each(&house).await;
    let made = house.desk.create_ticket(&house.customer, ticket(json!({"text": "mine"}))).await.unwrap();
    let key = key(&made);
    house.desk.update_ticket(&house.admin, &key, giving(json!({"textarea": "secret"})), None).await.unwrap();
    let both = giving(json!({"textarea": "secret 2", "text": "ours"}));
    house.desk.update_ticket(&house.admin, &key, both, None).await.unwrap();
    let seen = house.desk.ticket(&house.customer, &key).await.unwrap();
    assert_eq!(seen.public().custom_fields, values(json!({"text": "ours"})));
    let listed = house.desk.tickets(&house.customer, TicketList::default()).await.unwrap();
    assert_eq!(listed.items[0].public().custom_fields, values(json!({"text": "ours"})));
    let keys = house.desk.custom_fields(&house.customer).await.unwrap();
    assert_eq!(keys.iter().map(|field| field.key.to_string()).collect::<Vec<_>>(), ["text"]);
    let all = house.desk.custom_fields(&house.agent).await.unwrap();
    assert_eq!(all.len(), FieldType::ALL.len());
    assert_eq!(code(house.desk.custom_field(&house.customer, all[1].id).await), "not_found");
    assert_eq!(house.told(&house.customer, &made).await, ["ticket.created", "ticket.updated"]);
    let told = house.desk.timeline(&house.customer, &key, None, 10).await.unwrap();
    assert_eq!(told.items[1].data["changes"], json!({"custom_fields.text": ["mine", "ours"]}));
    let feed = house.desk.events(&house.customer, ticketing_core::Seq(0), 100).await.unwrap();
    assert!(!format!("{feed:?}").contains("secret"));
    // Once customers see the field, they see what is in it.
    let open = CustomFieldPatch { visible_to_customer: Patch::Set(true), ..CustomFieldPatch::default() };
    house.desk.update_custom_field(&house.admin, all[1].id, open, None).await.unwrap();
    let seen = house.desk.ticket(&house.customer, &key).await.unwrap();
    assert_eq!(seen.public().custom_fields, values(json!({"text": "ours", "textarea": "secret 2"})));
}

#[tokio::test]
async fn lists_are_filtered_by_values() {
    let house = House::new().await;
    one_of_each(&house).await;
    for given in [json!({"multiselect": ["Red"], "number": 0.3}), json!({"multiselect": ["Blue", "Red"]}), json!({})] {
        house.desk.create_ticket(&house.agent, ticket(given)).await.unwrap();
    }
    let count = async |field_type: FieldType, test: Test| {
        let filter = Condition::leaf(Field::Custom(field_type.as_str().parse().unwrap(), field_type), test);
        house.desk.tickets(&house.admin, TicketList { filter, ..TicketList::default() }).await.unwrap().items.len()
    };
    let one = |literal| Test::In(vec![literal]);
    assert_eq!(count(FieldType::Multiselect, one(Literal::Text("red".into()))).await, 2);
    assert_eq!(count(FieldType::Multiselect, Test::Empty).await, 1);
    let number = ticketing_core::decimal::Decimal::parse("0.3").unwrap();
    assert_eq!(count(FieldType::Number, one(Literal::Decimal(number))).await, 1);
}

#[tokio::test]
async fn a_field_that_comes_again_tells_nothing_of_the_one_before() {
    let house = House::new().await;
    let risk = json!({"key": "risk", "label": "Risk", "field_type": "text"});
    let old = add(&house, risk.clone()).await;
    let made = house.desk.create_ticket(&house.customer, NewTicket::new("Help", "Please")).await.unwrap();
    for value in [json!("suspected fraud"), json!(null)] {
        house.desk.update_ticket(&house.agent, &key(&made), giving(json!({"risk": value})), None).await.unwrap();
    }
    house.pass(1);
    house.desk.delete_custom_field(&house.admin, old.id, None).await.unwrap();
    let mut open = risk;
    open["visible_to_customer"] = json!(true);
    add(&house, open).await;
    house.desk.update_ticket(&house.agent, &key(&made), giving(json!({"risk": "low"})), None).await.unwrap();
    let told = house.desk.timeline(&house.customer, &key(&made), None, 10).await.unwrap();
    assert_eq!(told.items.len(), 2);
    assert_eq!(told.items[1].data["changes"], json!({"custom_fields.risk": [null, "low"]}));
}
