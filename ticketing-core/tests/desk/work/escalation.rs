//! Tickets that go up a level, by people, by rules and by promises that were broken, and down again.

use super::Works;
use super::rule::notifications;
use super::timer::{change, events, stored};
use crate::house::{House, code, fields, id, key, person};
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::{
    Deescalation, DeskPatch, Escalation, NewComment, NewMember, NewSlaPolicy, NewTicket, NewWorkflow, SlaPolicyView,
    TicketPatch, UserPatch,
};
use ticketing_core::event::{Audience, Event, Fact};
use ticketing_core::ids::UserId;
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{EscalationCause, EscalationTarget, Priority, Role, Status, TeamRole};
use ticketing_core::query::AuditQuery;

/// Somebody who is this in the billing team.
pub async fn member(house: &House, name: &str, role: TeamRole) -> Actor {
    let actor = person(&house.desk, Role::Agent, name, None).await;
    let member = NewMember::new(id(&actor), role);
    house.desk.add_member(&house.system, house.billing, member).await.unwrap();
    house.desk.actor_of(id(&actor), None).await.unwrap()
}

pub async fn given(house: &House, to: Option<&Actor>) -> TicketView {
    let new = NewTicket {
        requester: ticketing_core::desk::Requester::User(id(&house.customer)),
        team_id: Some(house.billing),
        assigned_agent_id: to.map(id),
        ..NewTicket::new("Refund", "Where is it?")
    };
    house.desk.create_ticket(&house.admin, new).await.unwrap()
}

fn up(to: &str) -> Escalation {
    Escalation::from_json(json!({"reason": " They wait ", "to": to})).unwrap()
}

async fn escalate(house: &House, ticket: &TicketView, to: &str) -> Option<UserId> {
    let ticket = house.desk.escalate_ticket(&house.admin, &key(ticket), up(to), None).await.unwrap();
    ticket.public().assigned_agent_id
}

pub async fn promise(house: &House, more: Value) -> SlaPolicyView {
    let mut body = json!({"name": "Gold", "targets": {"medium": {"first_response": "1h", "resolution": "4h"}}});
    for (field, value) in more.as_object().unwrap() {
        body[field] = value.clone();
    }
    house.desk.create_sla_policy(&house.admin, NewSlaPolicy::from_json(body).unwrap()).await.unwrap()
}

pub async fn names(house: &House, ticket: &TicketView) -> Vec<&'static str> {
    events(house, ticket).await.iter().map(|event| event.fact.name()).collect()
}

/// What was said of the levels: cause, level and reason.
async fn levels(house: &House, ticket: &TicketView) -> Vec<(EscalationCause, i16, String)> {
    let told = events(house, ticket).await.into_iter().filter_map(|event| match event.fact {
        Fact::TicketEscalated { level, reason, cause, .. } => Some((cause, level, reason)),
        _ => None,
    });
    told.collect()
}

#[tokio::test]
async fn the_next_role_is_the_next_that_anybody_has() {
    let house = &House::new().await;
    let (mia, leo) = (member(house, "mia", TeamRole::Member).await, member(house, "leo", TeamRole::Lead).await);
    let boss = member(house, "bo", TeamRole::Manager).await;
    let ticket = given(house, Some(&mia)).await;
    // Amy leads the team too, and was there before Leo.
    assert_eq!(escalate(house, &ticket, "next_role").await, Some(id(&house.agent)));
    assert_eq!(escalate(house, &ticket, "next_role").await, Some(id(&boss)));
    // Nobody is above a manager: it counts all the same.
    assert_eq!(escalate(house, &ticket, "next_role").await, Some(id(&boss)));
    assert_eq!(stored(house, &ticket).await.escalation_level, 3);
    assert_eq!(names(house, &ticket).await.iter().filter(|name| **name == "ticket.assigned").count(), 3);

    // Whoever is away for good is passed by, and a role that nobody has is, too.
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&house.agent), gone.clone(), None).await.unwrap();
    let unassigned = given(house, None).await;
    assert_eq!(escalate(house, &unassigned, "next_role").await, Some(id(&leo)));
    house.desk.update_user(&house.admin, id(&leo), gone, None).await.unwrap();
    let other = given(house, Some(&mia)).await;
    assert_eq!(escalate(house, &other, "next_role").await, Some(id(&boss)));
    let of_nobody = house.ticket().await;
    assert_eq!(escalate(house, &of_nobody, "next_role").await, None);
}

#[tokio::test]
async fn a_ticket_goes_to_a_role_of_its_team_a_person_or_a_team() {
    let house = &House::new().await;
    let mia = member(house, "mia", TeamRole::Member).await;
    let ticket = given(house, Some(&mia)).await;
    assert_eq!(escalate(house, &ticket, "team_lead").await, Some(id(&house.agent)));
    // The team has no manager.
    assert_eq!(escalate(house, &ticket, "team_manager").await, Some(id(&house.agent)));
    let boss = member(house, "bo", TeamRole::Manager).await;
    assert_eq!(escalate(house, &ticket, "team_manager").await, Some(id(&boss)));
    assert_eq!(escalate(house, &ticket, &id(&mia).to_string()).await, Some(id(&mia)));
    let other = house.ticket().await;
    escalate(house, &other, &house.billing.to_string()).await;
    let other = stored(house, &other).await;
    assert_eq!((other.team_id, other.assigned_agent_id), (Some(house.billing), None));
    assert_eq!(fields(Escalation::from_json(json!({"reason": "a", "to": "lead"}))), ["to"]);
    let unknown = up(&id(&house.customer).to_string());
    assert_eq!(fields(house.desk.escalate_ticket(&house.admin, &key(&ticket), unknown, None).await), ["to"]);
    assert_eq!(stored(house, &ticket).await.escalation_level, 4);
    let told = levels(house, &ticket).await;
    assert_eq!(told[0], (EscalationCause::Manual, 1, "They wait".to_owned()));
}

#[tokio::test]
async fn a_rule_escalates_to_the_same_roles_and_is_named_as_the_cause() {
    let house = &House::new().await;
    let mia = member(house, "mia", TeamRole::Member).await;
    let rule = json!({"name": "Up", "trigger_type": "priority_change",
        "trigger_conditions": [{"field": "priority", "operator": "equals", "value": "critical"}],
        "actions": [{"type": "escalate_ticket", "params": {"reason": "It is {{priority}}", "to": "next_role"}}]});
    house.desk.create_workflow(&house.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    let ticket = given(house, Some(&mia)).await;
    let urgent = TicketPatch { priority: Patch::Set(Priority::Critical), ..Default::default() };
    let ticket = house.desk.update_ticket(&mia, &key(&ticket), urgent, None).await.unwrap();
    assert_eq!(ticket.public().assigned_agent_id, Some(id(&house.agent)));
    assert_eq!(levels(house, &ticket).await, [(EscalationCause::Rule, 1, "It is critical".to_owned())]);
    let bell = notifications(house, id(&house.agent)).await;
    assert_eq!(bell.len(), 1);
    assert!(bell[0].title.ends_with("Escalated to level 1") && bell[0].rule.is_some(), "{bell:?}");
    assert_eq!(bell[0].message, "Refund · It is critical");
}

#[tokio::test]
async fn a_level_goes_down_with_a_reason_and_no_customer_hears_of_it() {
    let house = &House::new().await;
    let ticket = given(house, None).await;
    let down = |body: Value| Deescalation::from_json(body).unwrap();
    let reason = || down(json!({"reason": "They have a way around it"}));
    let desk = &house.desk;
    assert_eq!(code(desk.deescalate_ticket(&house.agent, &key(&ticket), reason(), None).await), "not_escalated");
    for _ in 0..3 {
        escalate(house, &ticket, "team_lead").await;
    }
    let rule = json!({"name": "Up", "trigger_type": "escalation",
        "actions": [{"type": "add_tags", "params": {"tags": ["hot"]}}]});
    desk.create_workflow(&house.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    let lower = desk.deescalate_ticket(&house.agent, &key(&ticket), reason(), None).await.unwrap();
    assert_eq!(json!(lower)["escalation_level"], 2);
    assert_eq!(lower.public().tags, Vec::<String>::new(), "going down is no escalation");
    let last = events(house, &ticket).await.pop().unwrap();
    let Event { fact: Fact::TicketUpdated { changes, reason: Some(why) }, audience, .. } = &last else {
        panic!("an update with a reason, not {last:?}")
    };
    assert_eq!((&changes["escalation_level"], why.as_str()), (&(json!(3), json!(2)), "They have a way around it"));
    assert_eq!(*audience, Audience::Staff);
    let shown = desk.timeline(&house.agent, &key(&ticket), None, 100).await.unwrap().items;
    assert_eq!(shown.last().unwrap().data["reason"], "They have a way around it");
    let theirs = desk.timeline(&house.customer, &key(&ticket), None, 100).await.unwrap().items;
    assert!(!json!(theirs).to_string().contains("way around"));
    let lines = desk.audit(&house.admin, AuditQuery { limit: 1, ..AuditQuery::default() }).await.unwrap().items;
    assert_eq!(
        (lines[0].action.as_str(), &lines[0].detail.changes["escalation_level"]),
        ("ticket.updated", &json!([3, 2]))
    );

    let to = |level: i16| down(json!({"reason": "a", "to_level": level}));
    assert_eq!(fields(desk.deescalate_ticket(&house.agent, &key(&ticket), to(2), None).await), ["to_level"]);
    assert_eq!(fields(Deescalation::from_json(json!({"to_level": -1}))), ["reason", "to_level"]);
    let lower = desk.deescalate_ticket(&house.agent, &key(&ticket), to(0), None).await.unwrap();
    assert_eq!(json!(lower)["escalation_level"], 0);
    assert_eq!(code(desk.deescalate_ticket(&house.customer, &key(&ticket), to(0), None).await), "forbidden");
    assert_eq!(code(desk.deescalate_ticket(&house.stranger, &key(&ticket), to(0), None).await), "not_found");
}

#[tokio::test]
async fn a_broken_promise_escalates_once_in_its_commit_and_rules_see_it() {
    let works = Works::new().await;
    let house = &works.house;
    let on_breach = json!({"escalate": true, "to": "next_role", "raise_priority": true});
    let targets = json!({"medium": {"first_response": "1h", "resolution": "4h"},
        "high": {"first_response": "1h", "resolution": "4h"}});
    promise(house, json!({"on_breach": on_breach, "targets": targets})).await;
    for trigger in ["escalation", "priority_change"] {
        let rule = json!({"name": trigger, "trigger_type": trigger,
            "actions": [{"type": "add_tags", "params": {"tags": [trigger]}}]});
        house.desk.create_workflow(&house.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    }
    let mia = member(house, "mia", TeamRole::Member).await;
    let ticket = given(house, Some(&mia)).await;
    let due_at = stored(house, &ticket).await.sla.unwrap().first_response.unwrap().due_at.unwrap();
    works.later(59).await;
    let before = events(house, &ticket).await.len();
    works.later(1).await;
    let told = events(house, &ticket).await.split_off(before);
    let kinds: Vec<_> = told.iter().map(|event| event.fact.name()).collect();
    assert_eq!(kinds[..4], ["sla.breached", "ticket.escalated", "ticket.assigned", "ticket.updated"]);
    assert!(told.iter().all(|event| event.change_id == told[0].change_id && event.actor.id.is_none()));
    let reason = format!("first_response was due at {}", due_at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    assert_eq!(levels(house, &ticket).await, [(EscalationCause::Sla, 1, reason.clone())]);
    let now = stored(house, &ticket).await;
    assert_eq!((now.priority, now.assigned_agent_id), (Priority::High, Some(id(&house.agent))));
    assert_eq!(now.tags, ["escalation", "priority_change"]);
    let bell = notifications(house, id(&house.agent)).await;
    let titles: Vec<_> = bell.iter().map(|one| one.title.rsplit(" · ").next().unwrap()).collect();
    assert_eq!(titles.len(), 2);
    assert!(titles.iter().any(|title| title.contains("overdue")) && titles.contains(&"Escalated to level 1"));
    assert!(bell.iter().any(|one| one.message == format!("Refund · {reason}")));

    works.later(100).await;
    assert_eq!(levels(house, &ticket).await.len(), 1, "once for each promise");
    works.later(80).await;
    assert_eq!(levels(house, &ticket).await.len(), 2, "the resolution is another one");
    assert_eq!(stored(house, &ticket).await.priority, Priority::Critical);
}

#[tokio::test]
async fn at_the_highest_level_a_broken_promise_is_only_told() {
    let works = Works::new().await;
    let house = &works.house;
    let change = DeskPatch { max_escalation_level: Patch::Set(1), ..DeskPatch::default() };
    house.desk.update_profile(&house.admin, change, None).await.unwrap();
    promise(house, json!({"on_breach": {"escalate": true, "raise_priority": true}})).await;
    let ticket = given(house, None).await;
    escalate(house, &ticket, "next_role").await;
    works.later(61).await;
    let now = stored(house, &ticket).await;
    assert_eq!((now.escalation_level, now.priority), (1, Priority::Medium));
    assert_eq!(names(house, &ticket).await.iter().filter(|name| **name == "sla.breached").count(), 1);
}

#[tokio::test]
async fn what_a_breach_brings_in_somebodys_commit_is_not_theirs() {
    let works = Works::new().await;
    let house = &works.house;
    promise(house, json!({"on_breach": {"escalate": true, "raise_priority": true}})).await;
    let ticket = given(house, Some(&house.agent)).await;
    house.clock.advance(TimeDelta::minutes(61));
    house.desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Here it is.")).await.unwrap();
    let told = events(house, &ticket).await.split_off(2);
    let by: Vec<_> = told.iter().map(|event| (event.fact.name(), event.actor.id)).collect();
    let amy = Some(id(&house.agent));
    let expected =
        [("sla.breached", None), ("comment.added", amy), ("ticket.escalated", None), ("ticket.updated", None)];
    assert_eq!(by, expected);
    let lines = house.desk.audit(&house.admin, AuditQuery { limit: 2, ..AuditQuery::default() }).await.unwrap().items;
    let of = |action: &str| lines.iter().find(|line| line.action == action).unwrap();
    assert_eq!(of("sla.breached").detail.changes, json!({"escalation_level": [0, 1], "priority": ["medium", "high"]}));
    assert_eq!((of("sla.breached").actor.id, of("comment.added").actor.id), (None, amy));
    assert!(!of("comment.added").detail.changes.to_string().contains("priority"));
    // It is not an own act of whoever came too late.
    assert_eq!(notifications(house, id(&house.agent)).await.len(), 2);
}

#[tokio::test]
async fn a_policys_target_is_checked_and_whoever_has_left_stops_nothing() {
    let works = Works::new().await;
    let house = &works.house;
    let policy = |on_breach: Value| {
        NewSlaPolicy::from_json(
            json!({"name": "P", "targets": {"medium": {"resolution": "1h"}}, "on_breach": on_breach}),
        )
    };
    assert_eq!(fields(policy(json!({"escalate": true, "to": "boss"}))), ["on_breach.to"]);
    assert_eq!(fields(policy(json!({"escalate": false, "to": "next_role"}))), ["on_breach.to"]);
    let unknown = policy(json!({"escalate": true, "to": id(&house.customer)})).unwrap();
    assert_eq!(fields(house.desk.create_sla_policy(&house.admin, unknown).await), ["on_breach.to"]);
    let named = policy(json!({"escalate": true, "to": id(&house.outsider)})).unwrap();
    let made = house.desk.create_sla_policy(&house.admin, named).await.unwrap();
    let wanted = made.on_breach.unwrap();
    assert_eq!((wanted.to, wanted.raise_priority), (Some(EscalationTarget::Id(id(&house.outsider).0)), false));
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&house.outsider), gone, None).await.unwrap();
    let ticket = given(house, Some(&house.agent)).await;
    works.later(61).await;
    let now = stored(house, &ticket).await;
    assert_eq!((now.escalation_level, now.assigned_agent_id), (1, Some(id(&house.agent))));
}

#[tokio::test]
async fn who_is_in_charge_is_told_on_the_desk_in_their_words_unless_they_want_none() {
    let works = Works::new().await;
    let house = &works.house;
    promise(house, json!({"warn_before": "15m"})).await;
    let (mia, leo) = (member(house, "mia", TeamRole::Member).await, member(house, "leo", TeamRole::Lead).await);
    let german = UserPatch { locale: Patch::Set(Some("de".to_owned())), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&leo), german, None).await.unwrap();
    let none = json!({"sla_warning": {"own": []}, "escalation": {"own": ["email"], "team": []}});
    house.desk.set_notice_preferences(&house.agent, &none).await.unwrap();
    let ticket = given(house, Some(&mia)).await;
    works.later(45).await;
    house.desk.escalate_ticket(&mia, &key(&ticket), up("next_role"), None).await.unwrap();
    let titles = async |who: &Actor| {
        let bell = notifications(house, id(who)).await;
        let mut titles: Vec<_> = bell.iter().map(|one| one.title.rsplit(" · ").next().unwrap().to_owned()).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles(&mia).await.len(), 1, "the warning; nobody is told of an own act");
    assert_eq!(titles(&leo).await.len(), 2);
    assert!(titles(&leo).await.iter().all(|title| !title.contains("Escalated")), "in German");
    assert_eq!(titles(&house.agent).await, Vec::<String>::new());
    assert_eq!(titles(&house.outsider).await, Vec::<String>::new());
    let call = &Actor::system(SystemReason::Host);
    assert_eq!(house.desk.ticket(call, &key(&ticket)).await.unwrap().public().status, Status::Open);
}

#[tokio::test]
async fn who_has_become_a_customer_is_told_nothing_of_a_ticket_that_still_names_them() {
    let works = Works::new().await;
    let house = &works.house;
    promise(house, json!({"warn_before": "15m"})).await;
    let rule = json!({"name": "Late", "trigger_type": "sla_breach", "actions": [
        {"type": "send_notification", "params": {"user_id": "assignee", "title": "Late", "message": "{{subject}}"}},
        {"type": "send_email", "params": {"to": "assignee", "subject": "Late", "body": "It is."}}]});
    house.desk.create_workflow(&house.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    let mia = member(house, "mia", TeamRole::Member).await;
    let (ticket, asleep) = (given(house, Some(&mia)).await, given(house, Some(&mia)).await);
    let wake_at = Patch::Set(Some(house.desk.now() + TimeDelta::minutes(10)));
    change(house, &asleep, TicketPatch { wake_at, ..TicketPatch::default() }).await;
    let customer = Patch::Set(Role::Customer);
    let leaves = UserPatch { role: customer, organization_id: Patch::Set(Some(house.acme)), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&mia), leaves, None).await.unwrap();
    works.mails().await;
    let mia = house.desk.actor_of(id(&mia), None).await.unwrap();
    assert!(house.desk.ticket(&mia, &key(&ticket)).await.is_ok(), "her company shares its tickets");
    works.later(45).await;
    works.later(15).await;
    escalate(house, &ticket, "team_lead").await;
    assert_eq!(stored(house, &ticket).await.assigned_agent_id, Some(id(&house.agent)));
    house.desk.add_comment(&house.agent, &key(&asleep), NewComment::public("Here it is.")).await.unwrap();
    assert_eq!(stored(house, &asleep).await.assigned_agent_id, Some(id(&mia)));
    let told = works.addressees().await;
    assert!(told.contains(&"amy".to_owned()) && !told.contains(&"mia".to_owned()), "{told:?}");
    assert_eq!(notifications(house, id(&mia)).await, []);
}
