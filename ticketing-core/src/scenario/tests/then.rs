//! What can be expected.

use super::{ANNA, BILLING, CHAT, action, create, field, passes, play, rule, told, unmet};
use crate::scenario::UnmetKind::{self, Differs, Missing, Unexpected};
use serde_json::{Value, json};

fn escalate() -> Value {
    rule(
        "Escalate",
        "ticket_created",
        json!([field("priority", "equals", "critical")]),
        json!([action("update_ticket", json!({"category": "Now"}))]),
    )
}

fn tag(name: &str, conditions: Value) -> Value {
    rule(name, "ticket_created", conditions, json!([action("add_tags", json!({"tags": [name]}))]))
}

/// A rule that speaks in every way there is.
fn loud() -> Value {
    rule(
        "Loud",
        "ticket_created",
        json!([]),
        json!([
            action(
                "send_email",
                json!({"to": ["requester", "boss@else.example"], "subject": "About {{ticket_number}}",
                "body": "Dear {{customer_name}}, we hurry."})
            ),
            action("send_notification", json!({"user_id": ANNA, "title": "New", "message": "It is {{subject}}."})),
            action("trigger_webhook", json!({"webhook_id": CHAT})),
            action("trigger_webhook", json!({"url": "https://crm.example/hook"})),
            action("add_comment", json!({"body": "We hurry.", "is_internal": false})),
            action("add_comment", json!({"body": "They hurry.", "is_internal": true})),
            action("add_watchers", json!({"user_id": ANNA})),
        ]),
    )
}

#[tokio::test]
async fn rules_fire_in_their_order_and_others_do_not() {
    let rules = [escalate(), tag("first", json!([])), tag("second", json!([]))];
    let when = || create(json!({"priority": "critical"}));
    passes(&rules, &[json!({"when": when(), "then": {"fired": ["Escalate", "first", "second"], "not_fired": []}})])
        .await;
    passes(
        &rules,
        &[json!({"when": create(json!({})), "then": {"fired": ["first", "second"], "not_fired": ["Escalate"]}})],
    )
    .await;
    let found = unmet(&rules, when(), json!({"fired": ["first", "Escalate", "second"]})).await;
    assert_eq!(
        told(&found),
        [("fired".into(), json!(["first", "Escalate", "second"]), json!(["Escalate", "first", "second"]))]
    );
    assert!(found[0].rules.is_empty(), "all of them fired");
    let found = unmet(&rules, when(), json!({"fired": ["first", "second"], "not_fired": ["Escalate"]})).await;
    assert_eq!((&*found[1].at, found[1].kind), ("scenarios[0].steps[0].then.not_fired[0]", Unexpected));
    for one in &found {
        let story = &one.rules[0];
        assert_eq!((&*story.rule, story.fired, &*story.reason), ("Escalate", true, "its conditions held"));
        assert_eq!((&story.conditions[0]["actual"], story.effects.len()), (&json!("critical"), 1));
    }
}

#[tokio::test]
async fn a_rule_that_did_not_fire_is_explained() {
    let mut off = tag("Off", json!([]));
    off["is_active"] = false.into();
    let stop = json!({"name": "Stop", "trigger_type": "ticket_created", "stop": true, "position": 1,
        "actions": [action("add_tags", json!({"tags": ["stop"]}))]});
    let either = json!({"name": "Either", "trigger_type": "ticket_created", "match": "any", "position": 0,
        "trigger_conditions": [field("priority", "equals", "low"), field("subject", "contains", "down")],
        "actions": [action("add_tags", json!({"tags": ["x"]}))]});
    let said = rule("Said", "comment_added", json!([]), json!([action("add_tags", json!({"tags": ["x"]}))]));
    let rules = [off, stop, tag("Later", json!([])), either, said];
    let all = ["Either", "Off", "Stop", "Later", "Said"];
    let found = unmet(&rules, create(json!({"category": "Now"})), json!({"fired": all})).await;
    assert_eq!(told(&found), [("fired".into(), json!(all), json!(["Stop"]))]);
    let reasons: Vec<(&str, &str)> = found[0].rules.iter().map(|story| (&*story.rule, &*story.reason)).collect();
    assert_eq!(
        reasons,
        [
            ("Either", "its conditions did not hold"),
            ("Off", "it is switched off"),
            ("Later", "alone it would have fired, but an earlier rule stopped the round or changed the ticket"),
            ("Said", "what was done in this step does not make it look; this is the ticket as it stands"),
        ]
    );
    let either = &found[0].rules[0];
    let actual: Vec<&Value> = either.conditions.iter().map(|condition| &condition["actual"]).collect();
    assert_eq!((actual, either.fired), (vec![&json!("medium"), &json!("Broken")], false));
}

#[tokio::test]
async fn a_rule_is_asked_about_what_changed_in_the_step() {
    let named = rule(
        "Named",
        "ticket_updated",
        json!([field("category", "equals", "Now")]),
        json!([action("add_tags", json!({"tags": ["x"]}))]),
    );
    let steps = [
        json!({"when": create(json!({}))}),
        json!({"when": {"update_ticket": {"category": "Now"}}, "then": {"fired": ["Named"]}}),
        json!({"when": {"update_ticket": {"priority": "low"}}, "then": {"fired": ["Named"]}}),
        json!({"when": {"wait": "1h"}, "then": {"fired": ["Named"]}}),
    ];
    let report = play(&[named], &steps).await;
    let stories: Vec<(&str, usize)> =
        report.unmet.iter().map(|unmet| (&*unmet.rules[0].reason, unmet.rules[0].conditions.len())).collect();
    assert_eq!(
        stories,
        [("no field changed that its conditions name", 1), ("what was done in this step does not make it look", 0)]
    );
}

#[tokio::test]
async fn a_ticket_is_compared_field_by_field() {
    let rules = [escalate()];
    let ok = json!({"ticket": {"category": "Now", "priority": "critical", "custom_fields": {"plan": null}}});
    passes(&rules, &[json!({"when": create(json!({"priority": "critical"})), "then": ok})]).await;
    let wrong = json!({"subject": "Else", "description": "Else", "status": "closed", "priority": "high",
        "category": "Else", "tags": ["else"], "custom_fields": {"plan": "gold"}, "channel": "web", "team": "Billing",
        "team_id": BILLING, "assignee": "anna@desk.example", "assigned_agent_id": ANNA,
        "requester": "lou@else.example", "organization": null, "escalation_level": 1,
        "wake_at": "2026-03-02T10:00:00Z"});
    let found = told(&unmet(&rules, create(json!({"priority": "critical"})), json!({"ticket": wrong})).await);
    assert_eq!(found.len(), wrong.as_object().unwrap().len(), "{found:?}");
    for (at, expected, actual) in &found {
        let name = at.strip_prefix("ticket.").unwrap();
        let wanted = if name == "custom_fields.plan" { &wrong["custom_fields"]["plan"] } else { &wrong[name] };
        assert_eq!(expected, wanted, "{name}");
        let is = match name {
            "subject" => json!("Broken"),
            "description" => json!("It is."),
            "status" => json!("open"),
            "priority" => json!("critical"),
            "category" => json!("Now"),
            "tags" => json!([]),
            "channel" => json!("portal"),
            "requester" => json!("kim@acme.example"),
            "organization" => json!("Acme"),
            "escalation_level" => json!(0),
            _ => Value::Null,
        };
        assert_eq!(*actual, is, "{name}");
    }
}

#[tokio::test]
async fn what_rules_say_and_send_is_compared_as_a_whole() {
    let then = json!({
        "fired": ["Loud"],
        "comments": [{"internal": true, "contains": "They"}, {"internal": false, "contains": "We hurry."}],
        "mails": [{"to": "Boss@else.example"}, {"to": "kim@acme.example", "subject": "About {{ticket_number}}", "contains": "Dear Kim"}],
        "notifications": [{"to": "anna@desk.example", "title": "New", "contains": "It is Broken."}],
        "calls": [{"url": "https://crm.example/hook"}, {"webhook": "Chat", "contains": "workflow.triggered"}],
        "watchers": ["ANNA@desk.example"],
    });
    let again =
        json!({"when": {"wait": "1h"}, "then": {"comments": [], "mails": [], "notifications": [], "calls": []}});
    passes(&[loud()], &[json!({"when": create(json!({})), "then": then}), again]).await;
    // What is not named is not looked at.
    passes(&[loud()], &[json!({"when": create(json!({})), "then": {}}), json!({"when": create(json!({}))})]).await;
}

#[tokio::test]
async fn what_is_missing_or_too_much_is_told() {
    let wrong = json!({
        "comments": [{"internal": true, "contains": "Nobody"}, {"contains": "We"}],
        "mails": [{"to": "kim@acme.example", "contains": "slowly"}, {"to": "kim@acme.example"}],
        "notifications": [],
        "calls": [{"webhook": "Chat"}],
        "watchers": [],
    });
    let found = unmet(&[loud()], create(json!({})), wrong).await;
    let kinds: Vec<(&str, UnmetKind)> =
        found.iter().map(|unmet| (unmet.at.split("then.").nth(1).unwrap(), unmet.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("watchers", Differs),
            ("comments[0]", Missing),
            ("mails[0]", Missing),
            ("notifications", Unexpected),
            ("calls", Unexpected),
        ]
    );
    assert_eq!(found[0].actual, json!(["anna@desk.example"]));
    assert_eq!(found[1].actual, json!([{"internal": true, "text": "They hurry."}]));
    assert_eq!(found[2].expected, json!({"to": "kim@acme.example", "contains": "slowly"}));
    assert_eq!(found[2].actual[0]["to"], "boss@else.example");
    assert_eq!(found[3].actual, json!({"to": "anna@desk.example", "title": "New", "text": "It is Broken."}));
    assert_eq!(found[4].actual["url"], "https://crm.example/hook");
    let text = found[4].actual["text"].as_str().unwrap();
    assert!(text.chars().count() == 301 && text.ends_with('…'), "{text}");
    for (list, item) in [
        ("comments", json!({"internal": false, "contains": "They"})),
        ("mails", json!({"to": "boss@else.example", "subject": "About"})),
        ("notifications", json!({"to": "kim@acme.example"})),
        ("notifications", json!({"title": "Old"})),
        ("calls", json!({"webhook": "Chat", "url": "https://crm.example/hook"})),
        ("calls", json!({"contains": "nothing of that"})),
    ] {
        let found = unmet(&[loud()], create(json!({})), json!({ list: [item] })).await;
        assert_eq!((found[0].kind, found.len()), (Missing, 1), "{found:?}");
    }
}

#[tokio::test]
async fn each_of_a_list_finds_one_of_its_own() {
    // The first may be either comment, the second only one of them.
    let then = json!({"comments": [{"contains": "hurry"}, {"internal": false}]});
    passes(&[loud()], &[json!({"when": create(json!({})), "then": then})]).await;
    let then = json!({"comments": [{"internal": false}, {"internal": false}]});
    let found = unmet(&[loud()], create(json!({})), then).await;
    assert_eq!((&*found[0].at, found.len()), ("scenarios[0].steps[0].then.comments[1]", 1));
}

#[tokio::test]
async fn the_desk_s_own_mail_and_calls_are_no_rule_s() {
    let quiet = tag("Quiet", json!([]));
    let then = json!({"fired": ["Quiet"], "mails": [], "calls": [], "notifications": [], "comments": []});
    passes(
        &[quiet],
        &[json!({"when": create(json!({"as": "ben@desk.example", "customer_id": null,
        "customer": {"email": "kim@acme.example", "name": "Kim"}, "assignee": "anna@desk.example"})), "then": then})],
    )
    .await;
}
