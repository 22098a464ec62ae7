//! What can happen.

use super::{ANNA, BILLING, action, create, field, passes, play, rule};
use serde_json::json;

#[tokio::test]
async fn customers_and_staff_make_tickets() {
    let of_kim = json!({"requester": "Kim@acme.example", "organization": "Acme", "channel": "portal", "status": "open",
        "priority": "medium", "team": null, "assignee": null, "escalation_level": 0, "subject": "Broken"});
    let of_staff = json!({"requester": "new@else.example", "organization": null, "channel": "web", "team": "Billing",
        "assignee": "anna@desk.example", "team_id": BILLING, "assigned_agent_id": ANNA, "category": "Money",
        "custom_fields": {"plan": "gold"}, "tags": ["a", "B"]});
    let by_staff = create(json!({"as": "ben@desk.example", "customer": {"email": "new@else.example", "name": "New"},
        "team": "Billing", "assignee": "ANNA@desk.example", "category": "Money", "custom_fields": {"plan": "gold"},
        "tags": ["b", "A"]}));
    let by_desk = json!({"create_ticket": {"subject": "From the shop", "description": "It is.",
        "customer": {"email": "lou@else.example", "name": "Lou"}}});
    passes(
        &[rule("Never", "ticket_created", json!([field("subject", "equals", "x")]), json!([action("add_tags", json!({"tags": ["x"]}))]))],
        &[
            json!({"when": create(json!({})), "then": {"ticket": of_kim}}),
            json!({"when": by_staff, "then": {"ticket": of_staff}}),
            json!({"when": by_desk, "then": {"ticket": {"requester": "lou@else.example", "organization": "Acme", "channel": "api"}}}),
        ],
    )
    .await;
}

#[tokio::test]
async fn who_came_with_a_ticket_goes_on_with_it() {
    let first = create(json!({"as": "ben@desk.example", "customer": {"email": "new@else.example", "name": "New"}}));
    let said = rule(
        "Heard",
        "comment_added",
        json!([field("comment.author_role", "equals", "customer")]),
        json!([action("add_tags", json!({"tags": ["heard"]}))]),
    );
    passes(
        &[said],
        &[
            json!({"when": first}),
            json!({"when": {"comment": {"as": "New@else.example", "body": "Hello?"}}, "then": {"fired": ["Heard"],
                "ticket": {"tags": ["heard"]}}}),
        ],
    )
    .await;
}

#[tokio::test]
async fn people_talk_change_assign_and_escalate() {
    let tag = |name: &str, trigger: &str| {
        rule(name, trigger, json!([]), json!([action("add_tags", json!({"tags": [name]}))]))
    };
    let rules = [
        tag("said", "comment_added"),
        tag("status", "status_change"),
        tag("given", "assignment"),
        tag("up", "escalation"),
    ];
    let by = "anna@desk.example";
    passes(
        &rules,
        &[
            json!({"when": create(json!({})), "then": {"fired": []}}),
            json!({"when": {"comment": {"as": by, "body": "A note.", "internal": true}},
                "then": {"fired": ["said"], "comments": []}}),
            json!({"when": {"comment": {"as": "kim@acme.example", "body": "And?"}}, "then": {"fired": ["said"]}}),
            json!({"when": {"update_ticket": {"as": by, "status": "pending", "priority": "high", "team": "Billing"}},
                "then": {"fired": ["status", "given"], "ticket": {"status": "pending", "priority": "high", "team": "Billing"}}}),
            json!({"when": {"assign": {"as": by, "agent": by}},
                "then": {"fired": ["given"], "ticket": {"assignee": by, "team": "Billing"}}}),
            json!({"when": {"assign": {"as": by, "agent_id": null, "team": null}},
                "then": {"fired": ["given"], "ticket": {"assignee": null, "team": null}}}),
            json!({"when": {"escalate": {"as": by, "reason": "They wait", "to": "Billing"}},
                "then": {"fired": ["given", "up"], "ticket": {"escalation_level": 1, "team": "Billing"}}}),
            json!({"when": {"escalate": {"reason": "They wait", "to": by}}, "then": {"ticket": {"assignee": by}}}),
            json!({"when": {"escalate": {"reason": "They wait", "to": BILLING}}, "then": {"ticket": {"escalation_level": 3}}}),
        ],
    )
    .await;
}

#[tokio::test]
async fn time_passes_only_when_it_is_said() {
    let late = rule(
        "Late",
        "comment_added",
        json!([field("hours_since.created_at", "greater_than", 1)]),
        json!([action("snooze", json!({"for": "1h"}))]),
    );
    let say = || json!({"comment": {"body": "Still?"}});
    passes(
        &[late],
        &[
            json!({"when": {"wait": "1h"}, "then": {"fired": [], "mails": []}}),
            json!({"when": create(json!({}))}),
            json!({"when": say(), "then": {"not_fired": ["Late"]}}),
            json!({"when": {"wait": "2h"}, "then": {"fired": []}}),
            json!({"when": say(), "then": {"fired": ["Late"], "ticket": {"wake_at": "2026-03-02T13:00:00Z", "status": "pending"}}}),
        ],
    )
    .await;
    let report = play(
        &[rule("A", "escalation", json!([]), json!([action("add_tags", json!({"tags": ["a"]}))]))],
        &vec![json!({"when": {"wait": "3650d"}}); 900],
    )
    .await;
    assert_eq!(report.broken.as_deref(), Some("the year 9999 is over"));
}

#[tokio::test]
async fn a_step_is_about_the_latest_ticket_or_the_one_that_it_names() {
    let urgent = rule(
        "Urgent",
        "priority_change",
        json!([]),
        json!([action("add_comment", json!({"body": "{{subject}}", "is_internal": true}))]),
    );
    let high = |ticket: &str| json!({"update_ticket": {"ticket": ticket, "priority": "high"}});
    passes(
        &[urgent],
        &[
            json!({"when": create(json!({"ticket": "a", "subject": "First"}))}),
            json!({"when": create(json!({"ticket": "b", "subject": "Second"}))}),
            json!({"when": {"update_ticket": {"priority": "low"}},
                "then": {"comments": [{"internal": true, "contains": "Second"}]}}),
            json!({"when": high("a"), "then": {"comments": [{"contains": "First"}], "ticket": {"subject": "First"}}}),
            json!({"when": {"wait": "5m"}, "then": {"ticket": {"subject": "Second"}}}),
            json!({"when": {"wait": "5m"}, "ticket": "a", "then": {"ticket": {"subject": "First"}, "comments": []}}),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_word_about_what_is_over_begins_a_new_ticket() {
    let new = rule(
        "New",
        "ticket_created",
        json!([field("subject", "contains", "Broken")]),
        json!([action("add_tags", json!({"tags": ["new"]}))]),
    );
    passes(
        &[new],
        &[
            json!({"when": create(json!({})), "then": {"fired": ["New"]}}),
            json!({"when": {"update_ticket": {"status": "closed"}}, "then": {"ticket": {"status": "closed"}}}),
            json!({"when": {"comment": {"as": "kim@acme.example", "body": "Again."}},
                "then": {"fired": ["New"], "ticket": {"status": "open", "tags": ["new"]}}}),
            json!({"when": {"update_ticket": {"priority": "low"}}, "then": {"ticket": {"status": "open"}}}),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_the_desk_refuses_ends_the_scenario() {
    let rules = [rule("A", "escalation", json!([]), json!([action("add_tags", json!({"tags": ["a"]}))]))];
    let change = json!({"when": {"update_ticket": {"as": "kim@acme.example", "priority": "low"}}});
    let report = play(&rules, &[json!({"when": create(json!({}))}), change, json!({"when": {"wait": "1m"}})]).await;
    assert!(!report.passed && report.unmet.is_empty());
    assert_eq!(report.broken.as_deref(), Some("scenarios[0].steps[1].when.update_ticket: This needs the role agent."));
    let field = create(json!({"custom_fields": {"color": "red"}}));
    let report = play(&rules, &[json!({"when": field})]).await;
    let why = report.broken.unwrap();
    assert!(why.starts_with("scenarios[0].steps[0].when.create_ticket.custom_fields.color: "), "{why}");
    let report = play(&rules, &[json!({"when": create(json!({"team": "Billing"}))})]).await;
    assert_eq!(
        report.broken.as_deref(),
        Some("scenarios[0].steps[0].when.create_ticket.team_id: Only staff may set this.")
    );
}
