//! What each action does, when it has nothing to do, and why it can't.

use super::house::{ADA, BEN, BILLING, CLEO, EVE, GONE, HOOK, House, SUPPORT, at, id};
use crate::access::AgentVisibility;
use crate::ids::{UserId, WebhookId};
use crate::memory::SeededIds;
use crate::model::{Person, Status};
use crate::workflow::action::{Endpoint, Outside};
use crate::workflow::engine::{Occurrence, settle};
use crate::workflow::facts::{Loaded, Missing};
use crate::workflow::recipient::Target;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NOTHING: &str = "there was nothing left to change";

fn done(house: &House, action: &str, params: Value) -> crate::workflow::engine::Settled {
    let (effect, settled) = house.does(action, params);
    assert!(effect.done && effect.reason.is_none(), "{action}: {effect:?}");
    settled
}

fn nothing(house: &House, action: &str, params: Value) {
    let (effect, settled) = house.does(action, params);
    assert!(effect.done, "{action}: {effect:?}");
    assert_eq!(effect.reason.as_deref(), Some(NOTHING), "{action}");
    assert_eq!(settled.draft.ticket.rule_spend, None);
}

fn refused(house: &House, action: &str, params: Value, why: &str) {
    let (effect, settled) = house.does(action, params);
    assert!(!effect.done, "{action}: {effect:?}");
    let reason = effect.reason.unwrap();
    assert!(reason.contains(why), "{action}: {reason}");
    assert!(settled.outside.is_empty() && settled.draft.ticket.rule_spend.is_none());
    // Nothing of it is left but the change itself.
    assert_eq!(settled.draft.facts.len(), 1);
}

fn outside(house: &House, action: &str, params: Value) -> Outside {
    let mut settled = done(house, action, params);
    assert_eq!(settled.outside.len(), 1);
    settled.outside.remove(0).outside
}

fn closed() -> House {
    let mut house = House::new();
    house.ticket.status = Status::Closed;
    house.ticket.closed_at = Some(house.now);
    house
}

/// What a comment makes a rule do: such an occurrence may happen to a closed ticket, too.
fn does_on_comment(house: &House, action: &str, params: Value) -> (bool, Option<String>) {
    let rules = house.rules(&[json!({
        "trigger_type": "comment_added", "actions": [{ "type": action, "params": params }],
    })]);
    let settled = house.settle(&rules, house.said("Hello?"));
    let effect = settled.looked[0].trace.effects[0].clone();
    (effect.done, effect.reason)
}

#[test]
fn a_mail_is_asked_for_with_its_values() {
    let house = House::new();
    let mail = outside(
        &house,
        "send_email",
        json!({ "to": "requester", "subject": "{{ticket_number}}:\n {{subject}}", "body": "Dear {{customer_name}},\n{{description}}" }),
    );
    let Outside::Mail { to, subject, body } = mail else { panic!("{mail:?}") };
    assert_eq!(to, [Target::User(EVE)]);
    // A subject is one line; what a customer wrote is filled in once and never read as a template.
    assert_eq!(subject, "TKT-7KQ2M9XD: The printer is on fire");
    assert_eq!(body, "Dear Eve,\nSmoke in İstanbul, {{rule.name}} and {{#each tags}}");
}

#[test]
fn a_text_may_not_grow_without_end() {
    let mut house = House::new();
    house.ticket.description = "a".repeat(40_000);
    let twice = "{{description}}{{description}}";
    let mail = json!({ "to": "requester", "subject": "a", "body": twice });
    refused(&house, "send_email", mail, "more than 20000 characters");
    let notification = json!({ "user_id": "assignee", "title": "a", "message": twice });
    refused(&house, "send_notification", notification, "more than 20000 characters");
    refused(&house, "add_comment", json!({ "body": twice }), "more than 20000 characters");
    refused(&house, "add_comment", json!({ "body": twice.repeat(4) }), "KiB");
}

#[test]
fn a_notification_is_asked_for_and_goes_to_people_alone() {
    let house = House::new();
    let told = outside(
        &house,
        "send_notification",
        json!({ "user_id": ["assignee", CLEO], "title": "{{old}} to {{new}}", "message": "By {{actor.name}}: {{rule.name}}" }),
    );
    let to = vec![Target::User(BEN), Target::User(CLEO)];
    let (title, message) = ("medium to high".to_owned(), "By Ada: rule 0".to_owned());
    assert_eq!(told, Outside::Notification { to, title, message });
    let params = json!({ "user_id": "{{customer_email}}", "title": "a", "message": "b" });
    refused(&house, "send_notification", params, "eve@example.com is a mail address");
}

#[test]
fn recipients_are_whoever_plays_the_part_each_once() {
    let house = House::new();
    let user = Target::User;
    let address = |text: &str| Target::Address(text.to_owned());
    for (to, targets) in [
        (json!("requester"), vec![user(EVE)]),
        (json!("customer"), vec![user(EVE)]),
        (json!("assignee"), vec![user(BEN)]),
        (json!("agent"), vec![user(BEN)]),
        (json!("assigned_agent"), vec![user(BEN)]),
        // Ada made the change and is left out of groups, so that nobody is left who leads the team.
        (json!("team"), vec![user(BEN)]),
        (json!("actor"), vec![user(ADA)]),
        (json!("watchers"), vec![Target::Watchers { but: Some(ADA) }]),
        (json!(ADA), vec![user(ADA)]),
        // Nobody leads this one.
        (json!(BILLING), vec![user(BEN), user(CLEO)]),
        (json!(["team", "assignee", BEN, "a@b.example", "a@b.example"]), vec![user(BEN), address("a@b.example")]),
        (json!("{{customer.email}}"), vec![address("eve@example.com")]),
        (json!("{{ticket.customer_id}}, {{agent.id}},,team"), vec![user(EVE), user(BEN)]),
        (json!("{{team_id}}"), vec![user(BEN)]),
        (json!(["{{category}}@b.example"]), vec![address("Hardware@b.example")]),
    ] {
        let Outside::Mail { to: found, .. } =
            outside(&house, "send_email", json!({ "to": to, "subject": "a", "body": "b" }))
        else {
            panic!("{to}")
        };
        assert_eq!(found, targets, "{to}");
    }
    let to = |to: &str| json!({ "to": to, "subject": "a", "body": "b" });
    refused(&house, "send_email", to("{{subject}}"), "`The printer is on fire` names nobody");
    refused(&house, "send_email", to("{{category}}@"), "`Hardware@` names nobody");
    refused(&house, "send_email", to("{{organization.name}}"), "names nobody");
}

#[test]
fn who_leads_is_told_and_where_nobody_does_who_manages() {
    let mut house = House::new();
    let ask = |house: &House| {
        let rules = house.rules(&[json!({ "trigger_type": "comment_added", "actions": [
            { "type": "send_email", "params": { "to": "team_lead", "subject": "a", "body": "b" } },
        ] })]);
        let settled = house.settle(&rules, house.said("Hello?"));
        settled.outside.into_iter().map(|asked| asked.outside).collect::<Vec<_>>()
    };
    let mail = |id| Outside::Mail { to: vec![Target::User(id)], subject: "a".to_owned(), body: "b".to_owned() };
    assert_eq!(ask(&house), [mail(ADA)]);
    house.ticket.team_id = Some(BILLING);
    assert_eq!(ask(&house), [mail(CLEO)]);
    house.ticket.team_id = None;
    assert_eq!(ask(&house), []);
}

#[test]
fn nobody_is_told_who_is_not_there() {
    let mut house = House::new();
    (house.ticket.assigned_agent_id, house.ticket.team_id) = (None, None);
    for to in ["assignee", "team", "team_lead", "{{agent.email}}"] {
        let params = json!({ "to": to, "subject": "a", "body": "b" });
        refused(&house, "send_email", params, "there is nobody whom it means");
    }
    house.ticket.team_id = Some(GONE);
    let params = json!({ "to": "{{team_id}}", "subject": "a", "body": "b" });
    refused(&house, "send_email", params, "is neither a person of the ticket, nor active staff or team");
}

#[test]
fn fields_are_changed_as_a_patch_would() {
    let house = House::new();
    let settled = done(
        &house,
        "update_ticket",
        json!({
            "subject": "[{{priority}}] {{subject}}", "category": null, "custom_fields.text": "{{customer_name}}",
            "custom_fields": { "number": 1.5, "multiselect": ["red"] },
        }),
    );
    let ticket = settled.draft.ticket;
    assert_eq!((ticket.subject.as_str(), ticket.category), ("[high] The printer is on fire", None));
    let values = (&ticket.custom_fields["text"], &ticket.custom_fields["number"], &ticket.custom_fields["multiselect"]);
    assert_eq!(values, (&json!("Eve"), &json!(1.5), &json!(["red"])));
    nothing(&house, "update_ticket", json!({ "category": "Hardware", "tags": ["VIP", "printer"], "status": "open" }));
    refused(&house, "update_ticket", json!({ "status": "{{category}}", "subject": "Half" }), "status");
    refused(&house, "update_ticket", json!({ "custom_fields.number": "{{subject}}", "category": "x" }), "number");
    let why = does_on_comment(&closed(), "update_ticket", json!({ "category": "x" }));
    assert_eq!(why, (false, Some("The ticket is closed. Staff may set it back to open; then it can change.".into())));
    assert_eq!(does_on_comment(&closed(), "update_ticket", json!({ "status": "open" })), (true, None));
}

#[test]
fn a_ticket_is_given_to_people_and_teams() {
    let house = House::new();
    let assigned = |params: Value| {
        let ticket = done(&house, "assign_ticket", params).draft.ticket;
        (ticket.assigned_agent_id, ticket.team_id)
    };
    assert_eq!(assigned(json!({ "agent_id": CLEO })), (Some(CLEO), Some(SUPPORT)));
    assert_eq!(assigned(json!({ "agent_id": null })), (None, Some(SUPPORT)));
    assert_eq!(assigned(json!({ "agent_id": "actor" })), (Some(ADA), Some(SUPPORT)));
    assert_eq!(assigned(json!({ "agent_id": "team_lead" })), (Some(ADA), Some(SUPPORT)));
    // Of the team that it goes to, not of the one it comes from.
    assert_eq!(assigned(json!({ "agent_id": "team_lead", "team_id": BILLING })), (Some(CLEO), Some(BILLING)));
    assert_eq!(assigned(json!({ "team_id": BILLING })), (Some(BEN), Some(BILLING)));
    nothing(&house, "assign_ticket", json!({ "agent_id": "assignee", "team_id": "{{team_id}}" }));
    let customer = "requester is no active member of staff";
    refused(&house, "assign_ticket", json!({ "agent_id": "requester" }), customer);
    refused(&house, "assign_ticket", json!({ "agent_id": "{{customer_id}}" }), "is no active member of staff");
    refused(&house, "assign_ticket", json!({ "agent_id": "{{subject}}" }), "names nobody");
    let why = does_on_comment(&closed(), "assign_ticket", json!({ "agent_id": null }));
    assert!(!why.0 && why.1.unwrap().contains("closed"));
}

#[test]
fn a_team_that_is_gone_by_then_is_refused() {
    let mut house = House::new();
    let documents = [json!({ "trigger_type": "priority_change", "actions": [
        { "type": "assign_ticket", "params": { "team_id": BILLING } },
        { "type": "send_email", "params": { "to": [BILLING], "subject": "a", "body": "b" } },
        { "type": "escalate_ticket", "params": { "to": BILLING, "reason": "a" } },
        { "type": "add_tags", "params": { "tags": ["still"] } },
    ] })];
    house.rules(&documents);
    house.directory = crate::model::Directory::new(
        house.directory.all_staff().cloned().collect(),
        house.directory.teams().filter(|team| team.id != BILLING).cloned().collect(),
        Vec::new(),
    );
    let stored = documents.iter().map(|document| super::house::stored(0, document)).collect();
    let rules = crate::workflow::rule::Rules::new(stored, &house.context());
    let problems: Vec<_> = rules.iter().flat_map(|entry| &entry.problems).map(|error| error.field.clone()).collect();
    assert_eq!(problems, ["actions[0].params.team_id", "actions[1].params.to", "actions[2].params.to"]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "high" })));
    let effects = &settled.looked[0].trace.effects;
    let reasons: Vec<_> = effects.iter().map(|effect| effect.reason.clone().unwrap_or_default()).collect();
    assert!(reasons[0].contains("There is no such active team."), "{reasons:?}");
    assert!(reasons[1].contains("is neither a person of the ticket, nor active staff or team"), "{reasons:?}");
    assert!(reasons[2].contains("Is neither an active member of staff nor an active team."), "{reasons:?}");
    assert_eq!(settled.draft.ticket.escalation_level, house.ticket.escalation_level);
    assert!(effects[3].done && settled.draft.ticket.tags.contains(&"still".to_owned()));
}

#[test]
fn something_is_said_by_the_desk_itself() {
    let house = House::new();
    let settled =
        done(&house, "add_comment", json!({ "body": "{{#if tags}}{{#each tags}}[{{this}}]{{/each}}{{/if}}" }));
    let [comment] = &*settled.additions.comments else { panic!("{:?}", settled.additions) };
    assert_eq!((comment.body.as_str(), comment.is_internal), ("[printer][VIP]", false));
    assert_eq!((&comment.author, comment.ticket_id), (&Person::system(), house.ticket.id));
    refused(&house, "add_comment", json!({ "body": "{{comment.body}}" }), "the comment says nothing");
    let why = does_on_comment(&closed(), "add_comment", json!({ "body": "Still here" }));
    assert!(!why.0 && why.1.unwrap().contains("closed"));
}

#[test]
fn a_call_is_asked_for() {
    let house = House::new();
    let hook = outside(&house, "trigger_webhook", json!({ "webhook_id": HOOK }));
    assert_eq!(hook, Outside::Call(Endpoint::Webhook(WebhookId(HOOK))));
    let url = outside(&house, "trigger_webhook", json!({ "url": " https://a.example/b " }));
    assert_eq!(url, Outside::Call(Endpoint::Url("https://a.example/b".to_owned())));
}

#[test]
fn an_escalation_goes_one_level_up_and_to_somebody() {
    let mut house = House::new();
    let settled = done(&house, "escalate_ticket", json!({ "reason": "{{priority}}\nfor long", "to": "{{team_id}}" }));
    // The team is meant, not one of its people, and Ben is one of them.
    let ticket = settled.draft.ticket;
    assert_eq!((ticket.escalation_level, ticket.team_id, ticket.assigned_agent_id), (2, Some(SUPPORT), Some(BEN)));
    let settled = done(&house, "escalate_ticket", json!({ "reason": "a", "to": "actor" }));
    assert_eq!(settled.draft.ticket.assigned_agent_id, Some(ADA));
    refused(&house, "escalate_ticket", json!({ "reason": "{{comment.body}}" }), "reason");
    let customer = "to: requester is no active member of staff";
    refused(&house, "escalate_ticket", json!({ "reason": "a", "to": "requester" }), customer);
    refused(&house, "escalate_ticket", json!({ "reason": "a", "to": "{{customer_id}}" }), "Is neither");
    house.ticket.escalation_level = 3;
    refused(&house, "escalate_ticket", json!({ "reason": "a" }), "at the highest level, 3");
    house.ticket.status = Status::Resolved;
    refused(&house, "escalate_ticket", json!({ "reason": "a" }), "can't be escalated");
}

#[test]
fn labels_are_put_on_and_taken_off() {
    let house = House::new();
    let tags = |action: &str, tags: Value| done(&house, action, json!({ "tags": tags })).draft.ticket.tags;
    assert_eq!(tags("add_tags", json!(["New", "{{priority}}", "vip"])), ["high", "New", "printer", "VIP"]);
    assert_eq!(tags("add_tags", json!("one")), ["one", "printer", "VIP"]);
    assert_eq!(tags("remove_tags", json!(["PRINTER", "nothing"])), ["VIP"]);
    nothing(&house, "add_tags", json!({ "tags": ["Printer", "{{comment.body}}"] }));
    nothing(&house, "remove_tags", json!({ "tags": ["nothing"] }));
    refused(&house, "add_tags", json!({ "tags": ["{{description}}"] }), "comma");
    for action in ["add_tags", "remove_tags"] {
        let why = does_on_comment(&closed(), action, json!({ "tags": ["VIP", "x"] }));
        assert!(!why.0 && why.1.unwrap().contains("closed"), "{action}");
    }
}

#[test]
fn people_listen_and_no_longer_each_told_once() {
    let house = House::new();
    let settled = done(&house, "add_watchers", json!({ "user_id": ["requester", "actor", "assignee", BILLING] }));
    assert_eq!(settled.additions.watching, [(EVE, true), (BEN, true), (CLEO, true)]);
    let settled = done(&house, "remove_watchers", json!({ "user_id": [ADA, "requester"] }));
    assert_eq!(settled.additions.watching, [(ADA, false)]);
    nothing(&house, "add_watchers", json!({ "user_id": ADA }));
    nothing(&house, "remove_watchers", json!({ "user_id": "requester" }));
    // What rules said before counts.
    let watch = |action: &str| json!({ "type": action, "params": { "user_id": CLEO } });
    let [add, remove] = ["add_watchers", "remove_watchers"].map(watch);
    let rules = house.rules(&[json!({ "actions": [add, add, remove] }), json!({ "actions": [remove, add] })]);
    let settled = house.settle(&rules, house.change(json!({ "priority": "high" })));
    assert_eq!(settled.additions.watching, [(CLEO, true), (CLEO, false), (CLEO, true)]);
}

#[test]
fn nobody_listens_who_may_not_see_the_ticket() {
    let mut house = House::new();
    // Ada is of support alone; Ben is of both teams, and Cleo a manager.
    (house.ticket.team_id, house.ticket.assigned_agent_id) = (Some(BILLING), None);
    house.people.watching.insert(ADA, false);
    let why = Some("may not see the ticket");
    let everybody = json!({ "user_id": [ADA, BEN, CLEO, "requester"] });
    let (_, settled) = house.does("add_watchers", everybody.clone());
    assert_eq!(settled.additions.watching, [(BEN, true), (CLEO, true), (EVE, true)]);
    let [some, left_out] = &*settled.looked[0].trace.effects else { panic!("{:?}", settled.looked) };
    assert_eq!((some.done, &some.params["user_id"], &some.reason), (true, &json!([BEN, CLEO, EVE]), &None));
    assert_eq!((left_out.done, &left_out.params["user_id"], left_out.reason.as_deref()), (false, &json!([ADA]), why));
    refused(&house, "add_watchers", json!({ "user_id": ADA }), "may not see the ticket");
    // To stop is for everybody.
    house.people.watching.insert(ADA, true);
    assert_eq!(done(&house, "remove_watchers", json!({ "user_id": ADA })).additions.watching, [(ADA, false)]);
    house.people.watching.insert(ADA, false);
    house.agent_visibility = AgentVisibility::All;
    assert_eq!(done(&house, "add_watchers", everybody).additions.watching.len(), 4);
    let Loaded::Known(Some(eve)) = &mut house.people.customer else { panic!("Eve is known") };
    eve.is_active = false;
    refused(&house, "add_watchers", json!({ "user_id": "requester" }), "may not see the ticket");
}

#[test]
fn whether_another_customer_sees_the_ticket_is_looked_up() {
    let mut house = House::new();
    let rules = house.rules(&[json!({
        "trigger_type": "comment_added", "actions": [{ "type": "add_watchers", "params": { "user_id": "actor" } }],
    })]);
    let colleague = UserId(id(7));
    let said = |house: &House| Occurrence {
        actor: Person { id: Some(colleague), name: "Kim".to_owned(), role: "customer".to_owned() },
        ..house.said("Me too")
    };
    let ids = SeededIds::new(7);
    let one: BTreeSet<UserId> = [colleague].into();
    let missing = Missing { watching: one.clone(), seeing: one, ..Missing::default() };
    assert_eq!(settle(&rules, &house.world(&ids), said(&house)).err(), Some(missing));
    house.people.watching.insert(colleague, false);
    for sees in [false, true] {
        house.people.seeing.insert(colleague, sees);
        let settled = house.settle(&rules, said(&house));
        assert_eq!(settled.additions.watching.contains(&(colleague, true)), sees);
        assert_eq!(settled.looked[0].trace.effects[0].done, sees);
    }
}

#[test]
fn a_ticket_is_put_off() {
    let house = House::new();
    let ticket = done(&house, "snooze", json!({ "for": "4h" })).draft.ticket;
    assert_eq!((ticket.status, ticket.wake_at), (Status::Pending, Some(at("2026-01-15T16:00:00Z"))));
    let until = "2026-02-01T09:00:00+01:00";
    let ticket = done(&house, "snooze", json!({ "until": until })).draft.ticket;
    assert_eq!(ticket.wake_at, Some(at("2026-02-01T08:00:00Z")));
    refused(&house, "snooze", json!({ "until": "2026-01-15T12:00:00Z" }), "Must lie in the future.");
    refused(&house, "snooze", json!({ "for": "500d" }), "at most a year");
    let mut asleep = House::new();
    (asleep.ticket.status, asleep.ticket.wake_at) = (Status::Pending, Some(at("2026-01-15T16:00:00Z")));
    nothing(&asleep, "snooze", json!({ "for": "4h" }));
    let why = does_on_comment(&closed(), "snooze", json!({ "for": "4h" }));
    assert!(!why.0 && why.1.unwrap().contains("closed"));
}

#[test]
fn an_action_of_the_application_is_asked_for() {
    let house = House::new();
    let own = outside(&house, "page", json!({ "text": "{{subject}}", "times": 3, "loud": true }));
    let params = json!({ "text": "The printer is on fire", "times": 3, "loud": true });
    assert_eq!(own, Outside::Own { action: "page".to_owned(), params: params.as_object().cloned().unwrap() });
}

#[test]
fn texts_reach_nothing_but_their_values() {
    let mut house = House::new();
    house.ticket.subject = "{{priority}} {{{env.HOME}}} ${HOME} <b>".to_owned();
    let said = |body: &str| done(&house, "add_comment", json!({ "body": body })).additions.comments[0].body.clone();
    assert_eq!(said("{{subject}} & {{custom_fields.text}}"), format!("{} & Straße 7", house.ticket.subject));
    assert_eq!(said("{{custom_fields.multiselect}}, {{custom_fields.number}}"), "red, blue, 7.5");
    assert_eq!(said("{{ticket_url}}"), format!("https://desk.example.com/tickets/{}", house.ticket.number));
    assert_eq!(said("{{ticket.id}} {{ticket.escalation_level}}"), format!("{} 1", id(6)));
}
