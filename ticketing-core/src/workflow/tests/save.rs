//! What is wrong with a rule is told when it is saved, by field and code.

use super::house::{ADA, DAN, GONE, HOOK, House, id, leaf, stored};
use crate::model::{CustomFields, EscalationTarget};
use crate::workflow::recipient::Part;
use crate::workflow::rule::{Rule, Rules};
use serde_json::{Value, json};

fn assert_errors(house: &House, document: &Value, wanted: &[(&str, &str)]) {
    let found = house.errors(document);
    let found: Vec<_> = found.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
    assert_eq!(found, wanted, "{document}");
}

#[test]
fn conditions_name_what_there_is() {
    let house = House::new();
    let at = |place: &str| format!("trigger_conditions{place}");
    for (conditions, place, code) in [
        (json!([leaf("colour", "equals", json!("red"))]), "[0].field", "unknown_field"),
        (json!([leaf("custom_fields.nothing", "equals", json!("red"))]), "[0].field", "unknown_field"),
        (json!([leaf("hours_since.status", "less_than", json!(1))]), "[0].field", "unknown_field"),
        (json!([leaf("status", "resembles", json!("open"))]), "[0].operator", "unknown_operator"),
        (json!([leaf("status", "contains", json!("open"))]), "[0].operator", "operator_does_not_fit"),
        (json!([leaf("customer.name", "changed", json!(null))]), "[0].operator", "needs_history"),
        (json!([leaf("hours_since.created_at", "changed", json!(null))]), "[0].operator", "needs_history"),
        (json!([leaf("status", "equals", json!("asleep"))]), "[0].value", "invalid_value"),
        (json!([leaf("status", "changed_to", json!("asleep"))]), "[0].value", "invalid_value"),
        (json!([leaf("subject", "matches", json!("("))]), "[0].value", "invalid_value"),
        (json!([leaf("created_at", "older_than", json!("soon"))]), "[0].value", "invalid_value"),
        (json!([leaf("escalation_level", "is_multiple_of", json!("two"))]), "[0].value", "invalid_value"),
        (json!([leaf("team_id", "equals", json!(id(99)))]), "[0].value", "unknown_value"),
        (json!([leaf("team_id", "in", json!([null, GONE]))]), "[0].value[1]", "unknown_value"),
        (json!([leaf("ticket.assigned_agent_id", "not_equals", json!(id(99)))]), "[0].value", "unknown_value"),
        (json!([leaf("team_id", "changed_to", json!(GONE))]), "[0].value", "unknown_value"),
        (
            json!({ "any": [{ "not": leaf("custom_fields.select", "equals", json!("green")) }] }),
            ".any[0].not.value",
            "unknown_value",
        ),
        (
            json!([[leaf("custom_fields.multiselect", "in", json!(["RED", "green"]))]]),
            "[0][0].value[1]",
            "unknown_value",
        ),
        (leaf("custom_fields.select", "equals", json!("green")), ".value", "unknown_value"),
        (json!("all"), "", "type"),
    ] {
        assert_errors(&house, &json!({ "trigger_conditions": conditions }), &[(&at(place), code)]);
        if conditions.is_array() {
            let any = json!({ "trigger_conditions": conditions, "match": "any" });
            assert_errors(&house, &any, &[(&at(place), code)]);
        }
    }
    // Somebody who left may still have tickets, and a part of an option is no option.
    house.rules(&[
        json!({ "trigger_conditions": [leaf("assigned_agent_id", "equals", json!(DAN))] }),
        json!({ "trigger_conditions": [leaf("custom_fields.select", "contains", json!("re"))] }),
    ]);
}

#[test]
fn conditions_ask_no_more_than_is_allowed() {
    let house = House::new();
    let test = leaf("category", "is_empty", json!(null));
    let many = json!({ "trigger_conditions": vec![test.clone(); 101] });
    assert_errors(&house, &many, &[("trigger_conditions", "too_many")]);
    let mut deep = test;
    for _ in 0..9 {
        deep = json!({ "not": deep });
    }
    let place = format!("trigger_conditions{}", ".not".repeat(9));
    assert_errors(&house, &json!({ "trigger_conditions": deep }), &[(&place, "too_deep")]);
}

fn action(kind: &str, params: &Value) -> Value {
    json!({ "actions": [{ "type": kind, "params": params }] })
}

#[test]
fn actions_take_what_they_take() {
    let house = House::new();
    let mail = |to: Value| json!({ "to": to, "subject": "a", "body": "b" });
    let body = |body: &str| json!({ "body": body });
    let mut wrong = Vec::new();
    for (kind, params, field, code) in [
        ("send_email", mail(json!("nobody")), "params.to", "unknown_recipient"),
        ("send_email", mail(json!("a@")), "params.to", "not_an_address"),
        ("send_email", mail(json!([])), "params.to", "required"),
        ("send_email", mail(json!(["requester", 7])), "params.to[1]", "type"),
        ("send_email", mail(json!(vec!["requester"; 51])), "params.to", "too_many"),
        ("send_email", mail(json!(id(99))), "params.to", "unknown"),
        ("send_email", mail(json!(DAN)), "params.to", "unknown"),
        ("send_email", mail(json!(["requester", GONE])), "params.to", "unknown"),
        ("send_email", mail(json!("{{nobody}}")), "params.to", "unknown_variable"),
        ("send_email", json!({ "to": "requester", "body": "b" }), "params.subject", "required"),
        ("send_email", json!({ "to": "requester", "subject": " ", "body": "b" }), "params.subject", "required"),
        ("send_email", json!({ "to": "requester", "subject": 7, "body": "b" }), "params.subject", "type"),
        (
            "send_notification",
            json!({ "user_id": "a@b.example", "title": "a", "message": "b" }),
            "params.user_id",
            "unknown_recipient",
        ),
        ("update_ticket", json!({}), "params", "required"),
        ("update_ticket", json!({ "colour": "red" }), "params.colour", "unknown_field"),
        ("update_ticket", json!({ "version": 1 }), "params.version", "unknown_field"),
        ("update_ticket", json!({ "ignore_blockers": true }), "params.ignore_blockers", "unknown_field"),
        ("update_ticket", json!({ "add_tags": ["a"] }), "params.add_tags", "unknown_field"),
        ("update_ticket", json!({ "remove_tags": ["{{category}}"] }), "params.remove_tags", "unknown_field"),
        ("update_ticket", json!({ "status": "asleep" }), "params.status", "unknown_value"),
        ("update_ticket", json!({ "team_id": id(99) }), "params.team_id", "unknown"),
        ("update_ticket", json!({ "assigned_agent_id": DAN }), "params.assigned_agent_id", "unknown"),
        ("update_ticket", json!({ "custom_fields.nothing": 1 }), "params.custom_fields.nothing", "unknown_field"),
        ("update_ticket", json!({ "subject": "{{env.HOME}}" }), "params.subject", "unknown_variable"),
        ("assign_ticket", json!({}), "params", "required"),
        ("assign_ticket", json!({ "agent_id": id(99) }), "params.agent_id", "unknown"),
        ("assign_ticket", json!({ "team_id": GONE }), "params.team_id", "unknown"),
        ("assign_ticket", json!({ "agent_id": "Ada" }), "params.agent_id", "invalid_value"),
        ("assign_ticket", json!({ "agent_id": null, "to": ADA }), "params.to", "unknown_param"),
        ("add_comment", body("{{#each}}{{/each}}"), "params.body", "invalid_template"),
        ("add_comment", body("{{#tags}}"), "params.body", "invalid_template"),
        ("add_comment", body("{{process.env}}"), "params.body", "unknown_variable"),
        ("add_comment", body("{{custom_fields.nothing}}"), "params.body", "unknown_variable"),
        ("add_comment", body(&"a".repeat(20_001)), "params.body", "too_long"),
        ("add_comment", json!({ "body": "a", "is_internal": "yes" }), "params.is_internal", "type"),
        ("trigger_webhook", json!({}), "params", "required"),
        ("trigger_webhook", json!({ "webhook_id": HOOK, "url": "https://a.example/" }), "params", "required"),
        ("trigger_webhook", json!({ "webhook_id": id(99) }), "params.webhook_id", "unknown"),
        ("trigger_webhook", json!({ "url": "gopher://a" }), "params.url", "invalid_value"),
        ("escalate_ticket", json!({}), "params.reason", "required"),
        ("escalate_ticket", json!({ "reason": "a", "to": id(99) }), "params.to", "unknown"),
        ("escalate_ticket", json!({ "reason": "a", "to": [ADA, "actor"] }), "params.to", "too_many"),
        ("escalate_ticket", json!({ "reason": "a", "to": "watchers" }), "params.to", "unknown_recipient"),
        ("add_tags", json!({}), "params.tags", "required"),
        ("add_tags", json!({ "tags": [] }), "params.tags", "type"),
        ("remove_tags", json!({ "tags": ["a", "{{nothing}}"] }), "params.tags[1]", "unknown_variable"),
        ("add_watchers", json!({ "user_id": "watchers" }), "params.user_id", "unknown_recipient"),
        ("remove_watchers", json!({ "user_id": id(99) }), "params.user_id", "unknown"),
        ("snooze", json!({}), "params", "required"),
        ("snooze", json!({ "for": "4h", "until": "2026-02-01T09:00:00Z" }), "params", "required"),
        ("snooze", json!({ "for": "soon" }), "params.for", "invalid_value"),
        ("snooze", json!({ "until": "tomorrow" }), "params.until", "invalid_value"),
        ("page", json!({ "text": 7 }), "params.text", "type"),
        ("page", json!({ "times": 7 }), "params.text", "required"),
        ("page", json!({ "text": "{{nothing}}" }), "params.text", "unknown_variable"),
        ("page", json!({ "text": "a", "who": "b" }), "params.who", "unknown_param"),
        ("page", json!({ "text": "a", "loud": "b" }), "params.loud", "type"),
        ("dance", json!({}), "type", "unknown_action"),
    ] {
        let found = house.errors(&action(kind, &params));
        if found != [(format!("actions[0].{field}"), code.to_owned())] {
            wrong.push(format!("{kind} {params}: {found:?}, not {field} {code}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_does_something_and_not_too_much() {
    let house = House::new();
    assert_errors(&house, &json!({ "actions": [] }), &[("actions", "invalid_value")]);
    let tag = json!({ "type": "add_tags", "params": { "tags": ["a"] } });
    assert_errors(&house, &json!({ "actions": vec![tag; 21] }), &[("actions", "invalid_value")]);
}

#[test]
fn only_a_rule_of_time_has_a_schedule_and_a_sound_one() {
    let house = House::new();
    let timed = |schedule: Value| json!({ "trigger_type": "time_based", "schedule": schedule });
    assert_errors(&house, &json!({ "trigger_type": "time_based" }), &[("schedule", "required")]);
    assert_errors(&house, &json!({ "schedule": { "every": "15m" } }), &[("schedule", "not_allowed")]);
    for (schedule, field, code) in [
        (json!({ "every": "59s" }), "schedule.every", "out_of_range"),
        (json!({ "every": "often" }), "schedule.every", "invalid_value"),
        (json!({ "cron": "0 8 * *" }), "schedule.cron", "invalid_value"),
        (json!({ "cron": "0 0 8 * * *" }), "schedule.cron", "invalid_value"),
        (json!({ "cron": "61 8 * * *" }), "schedule.cron", "invalid_value"),
        (json!({ "cron": "0 8 * * *", "time_zone": "Mars" }), "schedule.time_zone", "unknown_value"),
        (json!({ "after": "later", "since": "created_at" }), "schedule.after", "invalid_value"),
    ] {
        assert_errors(&house, &timed(schedule), &[(field, code)]);
    }
    house.rules(&[
        timed(json!({ "every": "1m" })),
        timed(json!({ "cron": "0 8 * * 1-5", "time_zone": "Europe/Berlin" })),
        timed(json!({ "after": "4h", "since": "last_customer_reply", "working_time": true })),
    ]);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let house = House::new();
    let document = json!({
        "trigger_conditions": [leaf("colour", "resembles", json!("red"))],
        "actions": [
            { "type": "send_email", "params": { "to": "nobody", "subject": "{{a}}", "body": "{{b}}" } },
            { "type": "dance" },
        ],
    });
    let wanted = [
        ("trigger_conditions[0].field", "unknown_field"),
        ("trigger_conditions[0].operator", "unknown_operator"),
        ("actions[0].params.to", "unknown_recipient"),
        ("actions[0].params.subject", "unknown_variable"),
        ("actions[0].params.body", "unknown_variable"),
        ("actions[1].type", "unknown_action"),
    ];
    assert_errors(&house, &document, &wanted);
}

#[test]
fn who_names_nobody_is_told_all_words_that_are_taken() {
    let house = House::new();
    for (kind, name, rest) in [
        ("send_email", "to", json!({ "subject": "a", "body": "b" })),
        ("send_notification", "user_id", json!({ "title": "a", "message": "b" })),
        ("add_watchers", "user_id", json!({})),
        ("remove_watchers", "user_id", json!({})),
        ("escalate_ticket", "to", json!({ "reason": "a" })),
        ("assign_ticket", "agent_id", json!({})),
    ] {
        let to = |word: &str| {
            let mut params = rest.clone();
            params[name] = json!(word);
            action(kind, &params)
        };
        let errors = Rule::read(&stored(0, &to("nobody")), &house.context()).map(drop).unwrap_err();
        let told = errors[0].message.replace(|c: char| c != '_' && !c.is_ascii_lowercase(), " ");
        let words: Vec<&str> = Part::ALL.iter().map(|part| part.as_str()).chain(EscalationTarget::words()).collect();
        for word in words {
            let is_taken = Rule::read(&stored(0, &to(word)), &house.context()).is_ok();
            // That a team is named by its id is said besides.
            let list = told.replace("or a team", "");
            assert_eq!(list.split(' ').any(|told| told == word), is_taken, "{kind} {word}: {told}");
        }
    }
    let of_nobody = "boss".parse::<EscalationTarget>().unwrap_err().to_string();
    assert!(EscalationTarget::words().all(|word| of_nobody.contains(word)), "{of_nobody}");
}

#[test]
fn fields_of_the_desk_that_are_retired_are_told_wherever_they_are_named() {
    let mut house = House::new();
    let document = json!({
        "trigger_conditions": [
            leaf("custom_fields.text", "is_empty", json!(null)),
            { "not": { "any": [leaf("ticket.custom_fields.text", "equals", json!("custom_fields.text"))] } },
        ],
        "actions": [
            { "type": "update_ticket", "params": {
                "custom_fields.text": "a", "custom_fields": { "textarea": "{{custom_fields.text}}", "number": 1 },
                "subject": "custom_fields.text is no variable here",
            } },
            { "type": "update_ticket", "params": { "custom_fields": { "text": null } } },
            { "type": "add_tags", "params": { "tags": ["a", "{{priority}} {{ticket.custom_fields.text}}"] } },
            { "type": "add_comment", "params": { "body": "{{custom_fields.textarea}}" } },
        ],
    });
    house.rules(std::slice::from_ref(&document));
    house.custom = CustomFields::new(
        house
            .custom
            .iter()
            .cloned()
            .map(|mut field| {
                field.content.is_active = field.content.key.as_str() != "text";
                field
            })
            .collect(),
    );
    let wanted = [
        "trigger_conditions[0].field",
        "trigger_conditions[1].not.any[0].field",
        "actions[0].params.custom_fields.textarea",
        "actions[0].params.custom_fields.text",
        "actions[2].params.tags[1]",
    ];
    assert_errors(&house, &document, &wanted.map(|at| (at, "inactive")));
    // Such a rule is still asked.
    let rules = Rules::new(vec![stored(0, &document)], &house.context());
    assert_eq!(rules.active().len(), 1);
    let key = |key: &str| key.parse().unwrap();
    assert!(rules.name_field(key("text")) && rules.name_field(key("textarea")) && rules.name_field(key("number")));
    assert!(!rules.name_field(key("tex")) && !rules.name_field(key("select")));
}

#[test]
fn an_option_that_a_rule_gives_is_one() {
    let house = House::new();
    let gives = |value: Value| action("update_ticket", &json!({ "custom_fields": value }));
    for (value, at) in [
        (json!({ "select": "green" }), "select"),
        (json!({ "select": 7 }), "select"),
        (json!({ "multiselect": ["red", "green"] }), "multiselect[1]"),
    ] {
        let errors = house.errors(&gives(value.clone()));
        assert_eq!(errors.len(), 1, "{value} {errors:?}");
        assert_eq!(errors[0].0, format!("actions[0].params.custom_fields.{at}"));
    }
    house.rules(&[gives(json!({ "select": "RED", "multiselect": [] })), gives(json!({ "select": "{{priority}}" }))]);
}
