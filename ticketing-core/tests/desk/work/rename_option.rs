//! Options that are called something else, while tickets, rules, policies and lists name them.

use super::Works;
use crate::house::{House, key};
use crate::rule::add;
use serde_json::{Value, json};
use ticketing_core::condition::parse;
use ticketing_core::desk::{CustomFieldPatch, CustomFieldView, NewCustomField, NewTicket, TicketList, TicketPatch};
use ticketing_core::error::Error;
use ticketing_core::input::Input;
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{JobKind, JobState};

async fn plan(house: &House, more: Value) -> CustomFieldView {
    let mut new = json!({"key": "plan", "label": "Plan", "field_type": "select", "options": ["Red", "Blue", "Green"],
        "default": "Red"});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    house.desk.create_custom_field(&house.admin, NewCustomField::from_json(new).unwrap()).await.unwrap()
}

async fn ticket(house: &House, value: Value) -> TicketView {
    let custom_fields = json!({ "plan": value }).as_object().unwrap().clone();
    let new = NewTicket { custom_fields, ..NewTicket::new("Help", "Please") };
    house.desk.create_ticket(&house.agent, new).await.unwrap()
}

async fn patch(house: &House, field: &CustomFieldView, change: Value) -> Result<CustomFieldView, Error> {
    let patch = CustomFieldPatch::from_json(change).unwrap();
    house.desk.update_custom_field(&house.admin, field.id, patch, None).await
}

/// How many tickets a list has that asks for this.
async fn found(house: &House, operator: &str, value: Value) -> u64 {
    let asked = json!({"field": "custom_fields.plan", "operator": operator, "value": value});
    let filter = parse(&asked, "", &house.desk.snapshot().await.unwrap().custom_fields).unwrap();
    let list = TicketList { filter, count: true, ..TicketList::default() };
    house.desk.tickets(&house.admin, list).await.unwrap().total.unwrap()
}

async fn held(house: &House, ticket: &TicketView) -> (Value, i64) {
    let now = house.desk.ticket(&house.admin, &key(ticket)).await.unwrap();
    (now.public().custom_fields.get("plan").cloned().unwrap_or_default(), now.version())
}

#[tokio::test]
async fn tickets_are_written_anew_and_at_no_moment_is_one_lost() {
    let works = Works::new().await;
    let house = &works.house;
    let field = plan(house, json!({})).await;
    let mut red = Vec::new();
    for _ in 0..230 {
        red.push(ticket(house, json!("red")).await);
    }
    let blue = ticket(house, json!("Blue")).await;
    works.work().await;
    let field = patch(house, &field, json!({"renamed_options": {"RED": "Crimson"}})).await.unwrap();
    assert_eq!(field.options, ["Crimson", "Blue", "Green"]);
    assert_eq!(json!(field.former_options), json!({"red": "Crimson"}));
    assert_eq!(field.default, Some(json!("Crimson")));
    // Before the job has come by, both names find all, and what is given by its former name is taken.
    let new = ticket(house, json!("red")).await;
    assert_eq!(held(house, &new).await.0, "Crimson");
    for value in [json!("Crimson"), json!("red")] {
        assert_eq!(found(house, "equals", value.clone()).await, 231, "{value}");
        assert_eq!(found(house, "in", json!([value, "blue"])).await, 232, "{value}");
        assert_eq!(found(house, "not_equals", value).await, 1);
    }
    works.work().await;
    assert_eq!(works.jobs(JobKind::RenameOption, JobState::Done).await.len(), 3, "a page a job");
    for one in &red {
        assert_eq!(held(house, one).await, (json!("Crimson"), one.version() + 1));
        // Nothing has happened to the ticket.
        let told = house.told(&house.admin, one).await;
        assert!(told.iter().all(|name| ["ticket.created", "mail.held"].contains(name)), "{told:?}");
    }
    assert_eq!(held(house, &blue).await, (json!("Blue"), blue.version()));
    assert_eq!(found(house, "equals", json!("red")).await, 231);
    // Back again, and on to a third name.
    patch(house, &field, json!({"renamed_options": {"Crimson": "Red"}})).await.unwrap();
    let field = patch(house, &field, json!({"renamed_options": {"Red": "Ruby"}})).await.unwrap();
    assert_eq!(json!(field.former_options), json!({"crimson": "Ruby", "red": "Ruby"}));
    for value in ["ruby", "crimson", "red"] {
        assert_eq!(found(house, "equals", json!(value)).await, 231, "{value}");
    }
    works.work().await;
    assert_eq!(held(house, &red[0]).await.0, "Ruby");
}

#[tokio::test]
async fn a_name_that_could_be_mistaken_is_refused() {
    let house = House::new().await;
    let field = plan(&house, json!({})).await;
    let refused = async |change: Value| match patch(&house, &field, change).await {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let told = |at: &str, code| vec![(at.to_owned(), code)];
    for (renamed, at, code) in [
        (json!({"Yellow": "x"}), "renamed_options.Yellow", "unknown_value"),
        (json!({"Red": "blue"}), "renamed_options.Red", "duplicate"),
        (json!({"Red": " "}), "options[0]", "required"),
        (json!({"Red": "a,b"}), "options[0]", "comma"),
    ] {
        assert_eq!(refused(json!({ "renamed_options": renamed })).await, told(at, code), "{renamed}");
    }
    assert_eq!(refused(json!({"renamed_options": {"Red": "Blue", "Blue": "Red"}})).await.len(), 2, "no swap");
    assert_eq!(refused(json!({"renamed_options": {"Red": "x", "Blue": "X"}})).await.len(), 2);
    patch(&house, &field, json!({"renamed_options": {"Red": "Crimson"}})).await.unwrap();
    let more = json!({"options": ["Crimson", "Blue", "Green", "Red"]});
    assert_eq!(refused(more).await, told("options[3]", "reused"));
    assert_eq!(refused(json!({"renamed_options": {"Blue": "red"}})).await, told("options[1]", "reused"));
    // With the option its former names go.
    let fewer = patch(&house, &field, json!({"options": ["Blue", "Green"], "default": null})).await.unwrap();
    assert!(fewer.former_options.is_empty());
    patch(&house, &field, json!({"options": ["Blue", "Green", "Red"]})).await.unwrap();
    let text = json!({"key": "note", "label": "Note", "field_type": "text"});
    let text = house.desk.create_custom_field(&house.admin, NewCustomField::from_json(text).unwrap()).await.unwrap();
    assert!(patch(&house, &text, json!({"renamed_options": {"a": "b"}})).await.is_err());
}

#[tokio::test]
async fn rules_that_name_a_former_name_go_on() {
    let works = Works::new().await;
    let house = &works.house;
    let field = plan(house, json!({})).await;
    add(
        house,
        json!({"name": "Seen", "trigger_type": "ticket_created",
            "trigger_conditions": [{"field": "custom_fields.plan", "operator": "equals", "value": "red"}],
            "actions": [{"type": "add_tags", "params": {"tags": ["was red"]}},
                {"type": "update_ticket", "params": {"custom_fields.plan": "green"}}]}),
    )
    .await;
    add(
        house,
        json!({"name": "Changed", "trigger_type": "ticket_updated",
            "trigger_conditions": [{"field": "custom_fields.plan", "operator": "changed_to", "value": "blue"}],
            "actions": [{"type": "add_tags", "params": {"tags": ["{{custom_fields.plan}}"]}}]}),
    )
    .await;
    let renamed = json!({"renamed_options": {"Red": "Crimson", "Green": "Moss", "Blue": "Sky"}});
    patch(house, &field, renamed).await.unwrap();
    let snapshot = house.desk.snapshot().await.unwrap();
    assert!(snapshot.rules.iter().all(|entry| entry.problems.is_empty()), "no rule names what is gone");
    let made = ticket(house, json!("Crimson")).await;
    assert_eq!(held(house, &made).await.0, "Moss");
    let blue = TicketPatch::from_json(json!({"custom_fields": {"plan": "blue"}})).unwrap();
    let now = house.desk.update_ticket(&house.agent, &key(&made), blue, None).await.unwrap();
    assert_eq!(now.public().tags, ["Sky", "was red"]);
}

#[tokio::test]
async fn lists_of_options_are_written_anew_each_in_its_place() {
    let works = Works::new().await;
    let house = &works.house;
    let field = plan(house, json!({"field_type": "multiselect", "default": ["Red"]})).await;
    let made = ticket(house, json!(["Red", "Green"])).await;
    patch(house, &field, json!({"renamed_options": {"Red": "Crimson"}})).await.unwrap();
    assert_eq!(found(house, "contains", json!("crimson")).await, 1);
    works.work().await;
    assert_eq!(held(house, &made).await.0, json!(["Crimson", "Green"]));
}
