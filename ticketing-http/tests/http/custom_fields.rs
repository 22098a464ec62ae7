//! The desk's own fields over the wire.

use crate::support::*;
use serde_json::{Value, json};
use ticketing_core::conformance::field_value::{new_fields, values};

async fn add(world: &World, body: Value) -> Value {
    world.send(post("/api/custom-fields", &body).by(&world.admin)).await.ok(201)
}

#[tokio::test]
async fn fields_are_added_shown_changed_and_deleted() {
    let world = world().await;
    let new = json!({"key": "plan", "label": "Plan", "field_type": "select", "options": ["Free", "Gold"]});
    let answer = world.send(post("/api/custom-fields", &new).by(&world.admin)).await;
    let made = answer.ok(201);
    let path = format!("/api/custom-fields/{}", text(&made, "id"));
    assert_eq!((answer.header("location"), answer.header("etag")), (path.as_str(), "\"1\""));
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), made);
    assert_eq!(world.send(get(&path).by(&world.agent).with("if-none-match", "\"1\"")).await.status, 304);
    world.send(post("/api/custom-fields", &new).by(&world.admin)).await.problem(409, "duplicate");
    world.send(get(&path).by(&world.customer)).await.problem(404, "not_found");
    for person in [&world.manager, &world.agent, &world.customer] {
        world.send(post("/api/custom-fields", &new).by(person)).await.problem(403, "forbidden");
        world.send(patch(&path, &json!({"label": "x"})).by(person)).await.problem(403, "forbidden");
        world.send(delete(&path).by(person)).await.problem(403, "forbidden");
    }
    let change = json!({"label": "Contract", "visible_to_customer": true});
    let changed = world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.ok(200);
    assert_eq!((text(&changed, "label"), &changed["version"]), ("Contract", &json!(2)));
    world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.problem(412, "stale_version");
    world.send(patch(&path, &json!({"key": "other"})).by(&world.admin)).await.fields(&[("key", "unknown_field")]);
    assert_eq!(world.send(get(&path).by(&world.customer)).await.ok(200), changed);
    assert_eq!(world.send(delete(&path).by(&world.admin)).await.status, 204);
    world.send(get(&path).by(&world.admin)).await.problem(404, "not_found");
}

#[tokio::test]
async fn fields_are_listed_in_their_order_page_by_page() {
    let world = world().await;
    for (key, position) in [("c", 7), ("a", 7), ("b", 0)] {
        add(&world, json!({"key": key, "label": key, "field_type": "text", "position": position})).await;
    }
    let last = add(&world, json!({"key": "d", "label": "d", "field_type": "text"})).await;
    assert_eq!(last["position"], 8, "behind all others");
    let (mut keys, mut path) = (Vec::new(), "/api/custom-fields?limit=1&count=true".to_owned());
    loop {
        let page = world.send(get(&path).by(&world.agent)).await.ok(200);
        assert_eq!(page["total"], 4);
        keys.extend(page["items"].as_array().unwrap().iter().map(|field| text(field, "key").to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/api/custom-fields?limit=1&count=true&cursor={next}");
    }
    // Of the same place, in the order in which they were made.
    assert_eq!(keys, ["b", "c", "a", "d"]);
}

#[tokio::test]
async fn tickets_take_and_show_values() {
    let world = world().await;
    add(&world, json!({"key": "plan", "label": "Plan", "field_type": "select", "options": ["Free", "Gold"]})).await;
    add(&world, json!({"key": "floor", "label": "Floor", "field_type": "number", "visible_to_customer": true})).await;
    let body = json!({"subject": "", "description": "x", "custom_fields": {"plan": "Gold", "floor": "3", "x": 1}});
    let expected = [
        ("subject", "required"),
        ("custom_fields.plan", "unknown_field"),
        ("custom_fields.floor", "type"),
        ("custom_fields.x", "unknown_field"),
    ];
    world.send(post("/api/tickets", &body).by(&world.customer)).await.fields(&expected);
    let ticket =
        world.ticket_with(json!({"subject": "s", "description": "d", "custom_fields": {"plan": "gold"}})).await;
    assert_eq!(ticket["custom_fields"], json!({"plan": "Gold"}));
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    let change = json!({"priority": "urgent", "custom_fields": {"plan": "Silver", "floor": true}});
    let expected = [("priority", "unknown_value"), ("custom_fields.floor", "type")];
    world.send(patch(&path, &change).by(&world.admin)).await.fields(&expected);
    let change = json!({"custom_fields": {"plan": "Silver"}});
    world.send(patch(&path, &change).by(&world.admin)).await.fields(&[("custom_fields.plan", "unknown_value")]);
    let bulk = json!({"tickets": [ticket["id"]], "changes": {"custom_fields": {"floor": []}}});
    let expected = [("changes.custom_fields.floor", "type")];
    world.send(post("/api/tickets/bulk", &bulk).by(&world.admin)).await.fields(&expected);
    let bulk = json!({"tickets": [ticket["id"]], "changes": {"custom_fields": {"floor": 2.5}}});
    assert_eq!(world.send(post("/api/tickets/bulk", &bulk).by(&world.admin)).await.ok(200)["items"][0]["ok"], true);
    let shown = world.send(get(&path).by(&world.customer)).await.ok(200);
    assert_eq!(shown["custom_fields"], json!({"floor": 2.5}));
    let cleared = world.send(patch(&path, &json!({"custom_fields": {"floor": null}})).by(&world.admin)).await.ok(200);
    assert_eq!(cleared["custom_fields"], json!({"plan": "Gold"}));
}

#[tokio::test]
async fn lists_are_filtered_by_what_the_reader_sees() {
    let world = world().await;
    for (key, field_type) in [("text", "text"), ("number", "number"), ("date", "date"), ("checkbox", "checkbox")] {
        let visible = key == "text";
        add(&world, json!({"key": key, "label": key, "field_type": field_type, "visible_to_customer": visible})).await;
    }
    let full = json!({"text": "Straße", "number": 1.5, "date": "2026-01-15", "checkbox": true});
    world.ticket_with(json!({"subject": "full", "description": "d", "custom_fields": full})).await;
    world.ticket_with(json!({"subject": "bare", "description": "d", "custom_fields": {"checkbox": false}})).await;
    for (query, found) in [
        ("text=STRASSE", vec!["full"]),
        ("text=x,strasse", vec!["full"]),
        ("text=x", vec![]),
        ("number=1.50", vec!["full"]),
        ("date=2026-01-15", vec!["full"]),
        ("checkbox=true", vec!["full"]),
        ("checkbox=true,false", vec!["bare", "full"]),
    ] {
        let path = format!("/api/tickets?custom_fields.{query}");
        assert_eq!(subjects(&world.send(get(path).by(&world.admin)).await.ok(200)), found, "{query}");
    }
    for query in ["number=x", "number=1e3", "date=2026-1-15", "checkbox=yes"] {
        let (name, _) = query.split_once('=').unwrap();
        let path = format!("/api/tickets?custom_fields.{query}");
        let field = format!("custom_fields.{name}");
        world.send(get(path).by(&world.admin)).await.fields(&[(&field, "unknown_value")]);
    }
    let seen = world.send(get("/api/tickets?custom_fields.text=strasse").by(&world.customer)).await.ok(200);
    assert_eq!(subjects(&seen), ["full"]);
    let guess = world.send(get("/api/tickets?custom_fields.number=1.5").by(&world.customer)).await;
    guess.fields(&[("custom_fields.number", "unknown_parameter")]);
}

#[tokio::test]
async fn what_a_ticket_holds_can_be_sent_back_whatever_became_of_its_field() {
    let world = world().await;
    let gone = add(&world, json!({"key": "gone", "label": "Gone", "field_type": "text"})).await;
    let plan = json!({"key": "plan", "label": "Plan", "field_type": "select", "options": ["Free", "Gold"]});
    let plan = add(&world, plan).await;
    let held = json!({"gone": "here", "plan": "Gold"});
    let ticket = world.ticket_with(json!({"subject": "s", "description": "d", "custom_fields": held})).await;
    let (path, field) = (format!("/api/tickets/{}", text(&ticket, "id")), |id| format!("/api/custom-fields/{id}"));
    assert_eq!(world.send(delete(field(text(&gone, "id"))).by(&world.admin)).await.status, 204);
    let fewer = json!({"options": ["Free"]});
    world.send(patch(field(text(&plan, "id")), &fewer).by(&world.admin)).await.ok(200);
    let back = json!({"priority": "high", "custom_fields": held});
    assert_eq!(world.send(patch(&path, &back).by(&world.admin)).await.ok(200)["custom_fields"], held);
    let other = json!({"custom_fields": {"gone": "there"}});
    world.send(patch(&path, &other).by(&world.admin)).await.fields(&[("custom_fields.gone", "inactive")]);
}

#[tokio::test]
async fn customers_are_never_told_that_an_old_sight_of_a_ticket_still_holds() {
    let world = world().await;
    let hidden = add(&world, json!({"key": "plan", "label": "Plan", "field_type": "text"})).await;
    let body = json!({"subject": "s", "description": "d", "custom_fields": {"plan": "Gold"}});
    let path = format!("/api/tickets/{}", text(&world.ticket_with(body).await, "id"));
    let seen = world.send(get(&path).by(&world.customer)).await;
    assert_eq!(seen.ok(200)["custom_fields"], json!({}));
    let show = patch(format!("/api/custom-fields/{}", text(&hidden, "id")), &json!({"visible_to_customer": true}));
    world.send(show.by(&world.admin)).await.ok(200);
    let again = world.send(get(&path).by(&world.customer).with("if-none-match", seen.header("etag"))).await;
    assert_eq!(again.ok(200)["custom_fields"], json!({"plan": "Gold"}));
}

#[tokio::test]
async fn options_are_renamed_and_found_under_both_names() {
    let world = world().await;
    let plan = json!({"key": "plan", "label": "Plan", "field_type": "select", "options": ["Free", "Gold"],
        "required": "resolve", "when": {"categories": ["billing"]}});
    let plan = add(&world, plan).await;
    assert_eq!(
        (&plan["required"], &plan["is_required"], &plan["min"]),
        (&json!("resolve"), &json!(false), &json!(null))
    );
    assert_eq!(plan["when"], json!({"categories": ["billing"], "team_ids": []}));
    let new = json!({"subject": "s", "description": "d", "category": "Billing", "custom_fields": {"plan": "Gold"}});
    let ticket = world.ticket_with(new).await;
    let path = format!("/api/custom-fields/{}", text(&plan, "id"));
    let renamed = json!({"renamed_options": {"gold": "Platinum"}});
    let plan = world.send(patch(&path, &renamed).by(&world.admin)).await.ok(200);
    assert_eq!(
        (&plan["options"], &plan["former_options"]),
        (&json!(["Free", "Platinum"]), &json!({"gold": "Platinum"}))
    );
    for name in ["gold", "PLATINUM", "gold,free"] {
        let found = world.send(get(format!("/api/tickets?custom_fields.plan={name}")).by(&world.admin)).await.ok(200);
        assert_eq!(subjects(&found), ["s"], "{name}");
    }
    let ticket = format!("/api/tickets/{}", text(&ticket, "id"));
    let given = json!({"custom_fields": {"plan": "GOLD"}});
    let now = world.send(patch(&ticket, &given).by(&world.admin)).await.ok(200);
    assert_eq!(now["custom_fields"], json!({"plan": "Platinum"}));
    let cleared = json!({"status": "resolved", "custom_fields": {"plan": null}});
    world.send(patch(&ticket, &cleared).by(&world.admin)).await.fields(&[("custom_fields.plan", "required")]);
    let wrong = json!({"renamed_options": {"x": "y", "Free": 7}, "pattern": 7, "max_length": "x", "when": []});
    let expected = [("when", "type"), ("max_length", "type"), ("pattern", "type"), ("renamed_options.Free", "type")];
    world.send(patch(&path, &wrong).by(&world.admin)).await.fields(&expected);
}

#[tokio::test]
async fn each_type_takes_and_refuses_what_the_table_says() {
    let world = world().await;
    for new in new_fields() {
        add(&world, new).await;
    }
    for value in values() {
        let key = value.field_type.as_str();
        let body = json!({"subject": "s", "description": "d", "customer_id": world.customer.id(),
            "custom_fields": { key: value.given }});
        let answer = world.send(post("/api/tickets", &body).by(&world.admin)).await;
        match value.wanted {
            Ok(kept) => {
                let made = answer.ok(201);
                assert_eq!(made["custom_fields"].get(key).cloned().unwrap_or_default(), kept, "{key} {}", value.given);
            }
            Err(code) => {
                let told = answer.problem(422, "invalid");
                let codes: Vec<_> = told["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
                assert!(
                    !codes.is_empty() && codes.iter().all(|found| **found == code),
                    "{key} {}: {told}",
                    value.given
                );
            }
        }
    }
}

#[tokio::test]
async fn lists_are_sorted_by_values_page_by_page() {
    let world = world().await;
    for (key, field_type, visible) in [("seats", "number", true), ("name", "text", false), ("many", "textarea", true)] {
        add(&world, json!({"key": key, "label": key, "field_type": field_type, "visible_to_customer": visible})).await;
    }
    for (subject, values) in [
        ("ten", json!({"seats": 10, "name": "Ähre"})),
        ("none", json!({})),
        ("two", json!({"seats": 2, "name": "zebra"})),
        ("half", json!({"seats": 0.5, "name": "STRASSE"})),
    ] {
        world.ticket_with(json!({"subject": subject, "description": "d", "custom_fields": values})).await;
    }
    for (sort, wanted) in [
        ("custom_fields.seats", ["half", "two", "ten", "none"]),
        ("-custom_fields.seats", ["ten", "two", "half", "none"]),
        ("custom_fields.name", ["half", "two", "ten", "none"]),
        ("-custom_fields.name", ["ten", "two", "half", "none"]),
    ] {
        let (mut found, mut path) = (Vec::new(), format!("/api/tickets?limit=1&sort={sort}"));
        loop {
            let page = world.send(get(&path).by(&world.admin)).await.ok(200);
            found.extend(subjects(&page));
            let Some(next) = page["next_cursor"].as_str() else { break };
            path = format!("/api/tickets?limit=1&sort={sort}&cursor={next}");
        }
        assert_eq!(found, wanted, "{sort}");
    }
    let refused = async |who: &Person, sort: &str| {
        let path = format!("/api/tickets?sort=custom_fields.{sort}");
        world.send(get(path).by(who)).await.fields(&[("sort", "unknown_value")]);
    };
    refused(&world.admin, "many").await;
    refused(&world.admin, "nothing").await;
    // By what is not shown, its values could be guessed.
    refused(&world.customer, "name").await;
    world.send(get("/api/tickets?sort=custom_fields.seats").by(&world.customer)).await.ok(200);
}
