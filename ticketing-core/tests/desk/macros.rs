//! Several things that staff do to a ticket by one press.

use crate::house::{House, code, fields, id, key};
use serde_json::{Value, json};
use ticketing_core::desk::{
    BulkChange, MacroPatch, MacroUse, MacroView, NewLink, NewMacro, NewTicket, NewWorkflow, TicketPatch,
};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::{CommentView, TicketView};
use ticketing_core::model::{LinkKind, Status, Subject, Visibility};
use ticketing_core::query::AuditQuery;
use ticketing_core::{Actor, Error, Scope, Seq};

const PLAIN: MacroUse = MacroUse { allow_missing: false };

fn new(actions: Value) -> NewMacro {
    NewMacro::from_json(json!({"name": "Macro", "visibility": "private", "actions": actions})).unwrap()
}

async fn add(house: &House, actor: &Actor, actions: Value) -> MacroView {
    house.desk.create_macro(actor, new(actions)).await.unwrap()
}

fn comment(body: &str) -> Value {
    json!({"type": "add_comment", "params": {"body": body}})
}

fn update(params: Value) -> Value {
    json!({"type": "update_ticket", "params": params})
}

/// What is there of a ticket after all.
async fn seen(house: &House, ticket: &TicketView) -> (TicketView, Vec<CommentView>) {
    let ticket = house.desk.ticket(&house.admin, &key(ticket)).await.unwrap();
    let comments = house.desk.comments(&house.admin, &key(&ticket), None, 50).await.unwrap().items;
    (ticket, comments)
}

#[tokio::test]
async fn all_of_it_is_done_in_the_name_of_whoever_uses_it() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let done = add(
        &house,
        &house.agent,
        json!([
            {"type": "assign_ticket", "params": {"agent_id": "me", "team_id": house.billing}},
            comment("Dear {{customer_name}}, {{agent_name}} of {{team_name}} looks into {{ticket_number}}."),
            {"type": "add_comment", "params": {"body": "Looks like the old bug.", "is_internal": true}},
            {"type": "add_tags", "params": {"tags": ["{{category}}x", "login"]}},
            {"type": "add_watchers", "params": {"user_id": ["me"]}},
            {"type": "escalate_ticket", "params": {"reason": "waits"}},
            update(json!({"status": "pending", "priority": "high"})),
        ]),
    )
    .await;
    house.pass(7);
    let how = MacroUse { allow_missing: true };
    let answer =
        house.desk.apply_macro(&house.agent, &key(&ticket), done.id, how, Some(ticket.version())).await.unwrap();
    let told = json!(answer);
    for (field, wanted) in [
        ("assigned_agent_id", json!(id(&house.agent))),
        ("team_id", json!(house.billing)),
        ("status", json!("pending")),
        ("priority", json!("high")),
        ("tags", json!(["login", "x"])),
        ("escalation_level", json!(1)),
        ("first_responded_at", json!(house.desk.now())),
        ("version", json!(2)),
    ] {
        assert_eq!(told[field], wanted, "{field}");
    }
    let (_, comments) = seen(&house, &ticket).await;
    let number = &ticket.public().ticket_number;
    let said: Vec<_> = comments.iter().map(|comment| (comment.body.as_str(), comment.is_internal)).collect();
    let first = format!("Dear cleo, amy of Billing looks into {number}.");
    assert_eq!(said, [(first.as_str(), false), ("Looks like the old bug.", true)]);
    assert!(comments.iter().all(|comment| comment.author.id == Some(id(&house.agent))));
    let watchers = house.desk.watchers(&house.agent, &key(&ticket), None, 9).await.unwrap().items;
    assert_eq!(watchers.iter().map(|watcher| watcher.user.id).collect::<Vec<_>>(), [Some(id(&house.agent))]);
    // One commit, of the agent's own.
    let events = house.desk.store().ticket_events(&Scope::UPKEEP, ticket.id(), Seq(0), 100).await.unwrap();
    let own: Vec<_> = events.iter().filter(|event| event.ticket_version == 2).collect();
    assert_eq!(own.len(), events.len() - 1);
    assert!(own.iter().all(|event| event.change_id == own[0].change_id && event.rule.is_none()));
    assert!(own.iter().all(|event| event.actor.id == Some(id(&house.agent))));
    let query = AuditQuery { subject: Some(Subject::Ticket(ticket.id())), limit: 9, ..AuditQuery::default() };
    let lines = house.desk.audit(&house.admin, query).await.unwrap().items;
    let line = serde_json::to_value(&lines[0].detail).unwrap();
    assert_eq!(line["changes"]["macro"], json!([null, {"id": done.id, "version": 1}]), "{line}");
    assert!(serde_json::to_value(&lines[1].detail).unwrap()["changes"].get("macro").is_none());
}

#[tokio::test]
async fn one_that_fails_in_its_last_step_has_changed_nothing() {
    let house = House::new().await;
    let cases = [
        (json!([comment("Done."), update(json!({"status": "closed"})), comment("And goodbye.")]), "ticket_closed", 2),
        (
            json!([comment("Done."), update(json!({"status": "resolved"})), {"type": "escalate_ticket", "params":
            {"reason": "hot"}}]),
            "not_open",
            2,
        ),
        (
            json!([update(json!({"priority": "high"})), {"type": "assign_ticket", "params": {"agent_id": "team_lead"}}]),
            "macro_not_possible",
            1,
        ),
        (
            json!([comment("Done."), {"type": "add_watchers", "params": {"user_id": "assignee"}}]),
            "macro_not_possible",
            1,
        ),
    ];
    for (actions, wanted, place) in cases {
        let ticket = house.ticket().await;
        let made = add(&house, &house.agent, actions.clone()).await;
        let refused = house.desk.apply_macro(&house.agent, &key(&ticket), made.id, PLAIN, None).await;
        let Err(Error::Conflict { code, detail }) = refused else { panic!("{actions}: {refused:?}") };
        assert_eq!(code, wanted, "{actions}");
        assert!(detail.starts_with(&format!("actions[{place}] (")), "{detail}");
        let (now, comments) = seen(&house, &ticket).await;
        assert_eq!((now.version(), comments.len()), (1, 0), "{actions}");
        assert_eq!(json!(now)["priority"], "medium", "{actions}");
    }
    // What can't be accepted is told by its field.
    let ticket = house.ticket().await;
    let late = json!([comment("Later."), {"type": "snooze", "params": {"until": "2026-01-01T00:00:00Z"}}]);
    let made = add(&house, &house.agent, late).await;
    let refused = house.desk.apply_macro(&house.agent, &key(&ticket), made.id, PLAIN, None).await;
    assert_eq!(fields(refused), ["actions[1].params.wake_at"]);
    assert_eq!(seen(&house, &ticket).await.1.len(), 0);
}

#[tokio::test]
async fn what_the_ticket_has_not_refuses_it_unless_that_is_allowed() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let actions =
        json!([update(json!({"priority": "low"})), comment("About {{category}} of {{team_name}}, {{category}}.")]);
    let made = add(&house, &house.agent, actions).await;
    let refused = house.desk.apply_macro(&house.agent, &key(&ticket), made.id, PLAIN, None).await;
    let Err(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
    assert_eq!((errors[0].field.as_str(), errors[0].code), ("actions[1]", "missing_variable"));
    assert!(errors[0].message.contains("category, team_name"), "{}", errors[0].message);
    assert_eq!(seen(&house, &ticket).await.0.version(), 1);
    let how = MacroUse { allow_missing: true };
    house.desk.apply_macro(&house.agent, &key(&ticket), made.id, how, None).await.unwrap();
    assert_eq!(seen(&house, &ticket).await.1[0].body, "About  of , .");
}

#[tokio::test]
async fn a_preview_says_what_would_come_of_each_action_and_does_nothing() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let actions = json!([
        update(json!({"priority": "high", "category": "Login"})),
        comment("{{category}}: {{priority}}, {{team_name}}"),
        {"type": "assign_ticket", "params": {"agent_id": "team_lead"}},
        update(json!({"priority": "low"})),
    ]);
    let made = add(&house, &house.agent, actions).await;
    let preview = house.desk.preview_macro(&house.agent, &key(&ticket), made.id).await.unwrap();
    let preview = serde_json::to_value(preview).unwrap();
    assert_eq!(preview["comments"], json!([{"body": "Login: high, ", "is_internal": false}]), "as it would be by then");
    assert_eq!(preview["missing"], json!(["team_name"]));
    assert_eq!(preview["is_possible"], json!(false));
    assert_eq!(preview["changes"]["priority"], json!(["medium", "low"]), "by all of it together");
    assert_eq!(preview["actions"][0]["changes"], json!({"category": [null, "Login"], "priority": ["medium", "high"]}));
    assert_eq!(preview["actions"][2]["refused"]["code"], "macro_not_possible");
    assert_eq!(preview["actions"][3]["changes"], json!({"priority": ["high", "low"]}));
    let (now, comments) = seen(&house, &ticket).await;
    assert_eq!((now.version(), comments.len()), (1, 0));
}

#[tokio::test]
async fn it_does_no_more_than_whoever_uses_it_may() {
    let house = House::new().await;
    let desk = &house.desk;
    let body =
        json!({"subject": "x", "description": "x", "team_id": house.billing, "customer_id": id(&house.customer)});
    let ticket = desk.create_ticket(&house.manager, NewTicket::from_json(body).unwrap()).await.unwrap();
    let for_all = json!({"name": "All", "visibility": "all", "actions": [comment("Hello")]});
    let made = desk.create_macro(&house.manager, NewMacro::from_json(for_all.clone()).unwrap()).await.unwrap();
    assert_eq!(code(desk.create_macro(&house.agent, NewMacro::from_json(for_all).unwrap()).await), "forbidden");
    for (actor, wanted) in
        [(&house.outsider, "not_found"), (&house.customer, "forbidden"), (&house.stranger, "not_found")]
    {
        assert_eq!(code(desk.apply_macro(actor, &key(&ticket), made.id, PLAIN, None).await), wanted);
        assert_eq!(code(desk.preview_macro(actor, &key(&ticket), made.id).await), wanted);
    }
    let own = add(&house, &house.agent, json!([comment("Mine")])).await;
    assert_eq!(code(desk.apply_macro(&house.manager, &key(&ticket), own.id, PLAIN, None).await), "not_found");
    assert_eq!(code(desk.apply_macro(&house.agent, &key(&ticket), own.id, PLAIN, Some(9)).await), "stale_version");
    // Nobody is made to listen who may not see it.
    let listening = add(
        &house,
        &house.agent,
        json!([
        {"type": "add_watchers", "params": {"user_id": id(&house.outsider)}}]),
    )
    .await;
    assert_eq!(
        code(desk.apply_macro(&house.agent, &key(&ticket), listening.id, PLAIN, None).await),
        "macro_not_possible"
    );
    // What blocks it holds up a macro as it does anybody.
    let other = house.ticket().await;
    let blocks = NewLink { ticket: key(&ticket), kind: LinkKind::Blocks };
    desk.link_tickets(&house.agent, &key(&other), blocks).await.unwrap();
    let resolve = add(&house, &house.agent, json!([comment("Solved."), update(json!({"status": "resolved"}))])).await;
    let refused = desk.apply_macro(&house.agent, &key(&ticket), resolve.id, PLAIN, None).await;
    let by_hand = TicketPatch { status: Patch::Set(Status::Resolved), ..TicketPatch::default() };
    let by_hand = code(desk.update_ticket(&house.agent, &key(&ticket), by_hand, None).await);
    let Err(Error::Conflict { code, detail }) = refused else { panic!("{refused:?}") };
    assert_eq!(code, by_hand);
    assert!(detail.starts_with("actions[1] (update_ticket): "), "{detail}");
    let preview = desk.preview_macro(&house.agent, &key(&ticket), resolve.id).await.unwrap();
    assert_eq!(preview.actions[1].refused.as_ref().map(|refused| refused.code), Some(by_hand));
}

#[tokio::test]
async fn rules_look_at_all_of_it_as_at_any_change() {
    let house = House::new().await;
    let rule = json!({"name": "Thank", "trigger_type": "comment_added", "match": "all",
        "trigger_conditions": [{"field": "comment.body", "operator": "contains", "value": "solved"},
            {"field": "status", "operator": "equals", "value": "resolved"}],
        "actions": [{"type": "add_tags", "params": {"tags": ["thanked"]}}]});
    house.desk.create_workflow(&house.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    let ticket = house.ticket().await;
    let made =
        add(&house, &house.agent, json!([comment("It is solved."), update(json!({"status": "resolved"}))])).await;
    let answer = house.desk.apply_macro(&house.agent, &key(&ticket), made.id, PLAIN, None).await.unwrap();
    assert_eq!((&json!(answer)["tags"], answer.version()), (&json!(["thanked"]), 2), "in the same commit");
}

#[tokio::test]
async fn it_is_done_to_many_each_on_its_own() {
    let house = House::new().await;
    let tickets = [house.ticket().await, house.ticket().await, house.ticket().await];
    let closed = TicketPatch { status: Patch::Set(Status::Closed), ..TicketPatch::default() };
    house.desk.update_ticket(&house.agent, &key(&tickets[1]), closed, None).await.unwrap();
    let made = add(&house, &house.agent, json!([update(json!({"priority": "low"})), comment("{{agent_name}}")])).await;
    let keys: Vec<_> = tickets.iter().map(key).collect();
    let input = BulkChange { tickets: keys, macro_id: Some(made.id), ..BulkChange::default() };
    let results = house.desk.update_tickets(&house.agent, input).await.unwrap();
    let told: Vec<_> = results.iter().map(|(_, result)| result.as_ref().err().map(Error::code)).collect();
    assert_eq!(told, [None, Some("ticket_closed"), None]);
    for (ticket, said) in tickets.iter().zip([1, 0, 1]) {
        assert_eq!(seen(&house, ticket).await.1.len(), said);
    }
    let refused = |body: Value| fields(BulkChange::from_json(body));
    assert_eq!(refused(json!({"tickets": ["TKT-222222"]})), ["changes"]);
    assert_eq!(refused(json!({"tickets": ["TKT-222222"], "changes": {}, "macro_id": made.id})), ["changes"]);
}

#[tokio::test]
async fn what_can_be_no_macro_says_why() {
    let house = House::new().await;
    let refused = |body| fields(NewMacro::from_json(body));
    assert_eq!(refused(json!({})), ["name", "actions", "visibility"]);
    assert_eq!(refused(json!({"name": "x", "visibility": "all", "actions": []})), ["actions"]);
    let many: Vec<Value> = (0..21).map(|_| comment("x")).collect();
    assert_eq!(refused(json!({"name": "x", "visibility": "all", "actions": many})), ["actions"]);
    let saved = async |actions: Value| {
        let answer = house.desk.create_macro(&house.agent, new(actions)).await;
        let Err(Error::Invalid(errors)) = answer else { panic!("{answer:?}") };
        errors.into_iter().map(|error| (error.field, error.code)).collect::<Vec<_>>()
    };
    let at = |field: &str, code: &'static str| (format!("actions[{field}"), code);
    let mail = json!({"type": "send_email", "params": {"to": "requester", "subject": "x", "body": "x"}});
    assert_eq!(saved(json!([comment("x"), mail])).await, [at("1].type", "unknown_action")]);
    let told = json!({"type": "send_notification", "params": {"user_id": "assignee", "title": "x", "message": "x"}});
    assert_eq!(
        saved(json!([told, {"type": "dance"}])).await,
        [at("0].type", "unknown_action"), at("1].type", "unknown_action")]
    );
    assert_eq!(saved(json!([comment("{{reset_link}}")])).await, [at("0].params.body", "unknown_variable")]);
    assert_eq!(
        saved(json!([comment("{{old}}")])).await,
        [at("0].params.body", "unknown_variable")],
        "nothing has happened"
    );
    assert_eq!(saved(json!([update(json!({"colour": "red"}))])).await, [at("0].params.colour", "unknown_field")]);
    let nobody = json!({"type": "assign_ticket", "params": {"agent_id": id(&house.customer)}});
    assert_eq!(saved(json!([nobody])).await, [at("0].params.agent_id", "unknown")]);
}

#[tokio::test]
async fn they_are_listed_changed_and_taken_away_by_those_who_may() {
    let house = House::new().await;
    let desk = &house.desk;
    let own = add(&house, &house.agent, json!([comment("Mine")])).await;
    let team = json!({"name": "Team", "visibility": "team", "team_id": house.billing, "actions": [comment("Ours")]});
    let team = desk.create_macro(&house.agent, NewMacro::from_json(team).unwrap()).await.unwrap();
    let names = async |actor: &Actor| {
        let mut names: Vec<_> = desk.macros(actor).await.unwrap().into_iter().map(|one| one.name).collect();
        names.sort();
        names
    };
    assert_eq!(names(&house.agent).await, ["Macro", "Team"]);
    assert_eq!(names(&house.outsider).await, [""; 0]);
    assert_eq!(names(&house.admin).await, ["Team"]);
    assert_eq!(code(desk.macros(&house.customer).await), "forbidden");
    assert_eq!(code(desk.macro_of(&house.admin, own.id).await), "not_found");
    let patch = MacroPatch::from_json(json!({"visibility": "all", "team_id": null, "position": 3})).unwrap();
    assert_eq!(code(desk.update_macro(&house.agent, team.id, patch.clone(), None).await), "forbidden");
    let shared = desk.update_macro(&house.manager, team.id, patch, Some(1)).await.unwrap();
    assert_eq!((shared.id, shared.visibility, shared.position, shared.team_id), (team.id, Visibility::All, 3, None));
    assert_eq!(names(&house.outsider).await, ["Team"]);
    assert_eq!(code(desk.delete_macro(&house.agent, team.id, None).await), "forbidden");
    desk.delete_macro(&house.manager, team.id, Some(2)).await.unwrap();
    assert_eq!(names(&house.admin).await, [""; 0]);
}

#[tokio::test]
async fn one_that_names_what_is_gone_says_so_and_is_not_done() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let team = house.desk.create_team(&house.admin, ticketing_core::desk::NewTeam::new("Night")).await.unwrap();
    let made = add(&house, &house.agent, json!([{"type": "assign_ticket", "params": {"team_id": team.id}}])).await;
    house.desk.delete_team(&house.admin, team.id, None).await.unwrap();
    let view = house.desk.macro_of(&house.agent, made.id).await.unwrap();
    assert_eq!(view.problems[0].field, "actions[0].params.team_id");
    let refused = house.desk.apply_macro(&house.agent, &key(&ticket), made.id, PLAIN, None).await;
    assert_eq!(code(refused), "macro_broken");
    let renamed = MacroPatch { name: Patch::Set("Other".into()), ..MacroPatch::default() };
    house.desk.update_macro(&house.agent, made.id, renamed, None).await.unwrap();
}
