//! Tickets that find their agents: at once where somebody is free, by the workers once somebody is.

use super::Works;
use super::timer::{change, events};
use crate::house::{House, code, fields, id, key, person};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use ticketing_core::access::{Actor, Scope};
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::desk::{
    Assignment, DeskPatch, MePatch, MemberPatch, NewMember, NewTicket, NewWorkflow, RoutingView, TeamPatch, TicketPatch,
};
use ticketing_core::ids::{ChangeId, UserId};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{
    Availability, JobKind, JobState, NotificationKind, Priority, Role, Routing, Standing, Status, TeamRole,
};
use ticketing_core::query::NotificationQuery;
use uuid::Uuid;

/// A house whose billing team routes so, with so many members besides Amy.
async fn team(house: &House, routing: Routing, more: usize) -> Vec<Actor> {
    let mut members = vec![house.agent.clone()];
    for n in 0..more {
        let actor = person(&house.desk, Role::Agent, &format!("m{n}"), None).await;
        let member = NewMember::new(id(&actor), TeamRole::Member);
        house.desk.add_member(&house.system, house.billing, member).await.unwrap();
        members.push(house.desk.actor_of(id(&actor), None).await.unwrap());
    }
    routes(house, routing).await;
    members
}

async fn routes(house: &House, routing: Routing) {
    let patch = TeamPatch { routing: Patch::Set(routing), ..TeamPatch::default() };
    house.desk.update_team(&house.admin, house.billing, patch, None).await.unwrap();
}

async fn limit(house: &House, member: &Actor, capacity: i64) {
    let patch = MemberPatch { capacity: Patch::Set(Some(capacity)), ..MemberPatch::default() };
    house.desk.update_member(&house.admin, house.billing, id(member), patch, None).await.unwrap();
}

async fn goes(house: &House, member: &Actor, availability: Availability) {
    let patch = MePatch { availability: Patch::Set(availability), ..MePatch::default() };
    house.desk.update_me(member, patch, None).await.unwrap();
}

async fn asked(house: &House, more: Value) -> TicketView {
    let mut body = json!({
        "subject": "Refund", "description": "Where is it?", "team_id": house.billing, "customer_id": id(&house.customer),
    });
    for (field, value) in more.as_object().unwrap() {
        body[field] = value.clone();
    }
    let new = NewTicket::from_json(body).unwrap();
    house.desk.create_ticket(&house.admin, new).await.unwrap()
}

fn agent(ticket: &TicketView) -> Option<UserId> {
    ticket.public().assigned_agent_id
}

async fn agent_now(house: &House, ticket: &TicketView) -> Option<UserId> {
    agent(&house.desk.ticket(&house.admin, &key(ticket)).await.unwrap())
}

async fn decisions(house: &House, ticket: &TicketView) -> Vec<RoutingView> {
    house.desk.ticket_routing(&house.admin, &key(ticket), None, 100).await.unwrap().items
}

#[tokio::test]
async fn each_new_ticket_of_a_team_is_the_next_members() {
    let house = &House::new().await;
    let members = team(house, Routing::RoundRobin, 2).await;
    for n in 0..7 {
        let ticket = asked(house, json!({})).await;
        assert_eq!(agent(&ticket), Some(id(&members[n % 3])), "{n}");
    }
    // Whoever names somebody is not overruled, and takes no turn.
    let given = asked(house, json!({ "assigned_agent_id": id(&house.outsider) })).await;
    assert_eq!(agent(&given), Some(id(&house.outsider)));
    assert_eq!(agent(&asked(house, json!({})).await), Some(id(&members[1])));
    assert!(decisions(house, &given).await.is_empty());
}

#[tokio::test]
async fn many_at_once_are_shared_evenly() {
    let house = &House::new().await;
    let members = team(house, Routing::RoundRobin, 5).await;
    limit(house, &members[1], 0).await;
    goes(house, &members[2], Availability::Away).await;
    let tickets = futures::future::join_all((0..64).map(|_| asked(house, json!({})))).await;
    let mut counts = BTreeMap::new();
    for ticket in &tickets {
        *counts.entry(agent(ticket).unwrap()).or_insert(0) += 1;
    }
    assert_eq!(counts.values().copied().collect::<Vec<_>>(), [16; 4]);
    assert!(!counts.contains_key(&id(&members[1])) && !counts.contains_key(&id(&members[2])));
}

#[tokio::test]
async fn the_least_loaded_counts_what_a_person_holds_in_every_team() {
    let house = &House::new().await;
    let members = team(house, Routing::LeastLoaded, 1).await;
    let elsewhere = json!({ "team_id": null, "assigned_agent_id": id(&house.agent) });
    for _ in 0..3 {
        asked(house, elsewhere.clone()).await;
    }
    let mut got = Vec::new();
    for _ in 0..5 {
        got.push(agent(&asked(house, json!({})).await).unwrap());
    }
    let (amy, other) = (id(&members[0]), id(&members[1]));
    // With as many each, it is the turn of whoever did not get the last.
    assert_eq!(got, [other, other, other, amy, other]);
}

#[tokio::test]
async fn what_comes_to_the_team_by_hand_by_escalation_or_by_a_rule_is_routed_too() {
    let house = &House::new().await;
    let members = team(house, Routing::RoundRobin, 1).await;
    let assign = |body| Assignment::from_json(body).unwrap();
    let ticket = asked(house, json!({ "team_id": null })).await;
    assert_eq!(agent(&ticket), None);
    let to_team = assign(json!({ "team_id": house.billing }));
    let given = house.desk.assign_ticket(&house.admin, &key(&ticket), to_team, None).await.unwrap();
    assert_eq!(agent(&given), Some(id(&members[0])));
    // Taken off, it looks for somebody else; whoever had it comes last.
    let off = assign(json!({ "agent_id": null }));
    let moved = house.desk.assign_ticket(&house.admin, &key(&ticket), off, None).await.unwrap();
    assert_eq!(agent(&moved), Some(id(&members[1])));
    let last = &decisions(house, &ticket).await[0];
    assert_eq!(last.agent_id, Some(id(&members[1])));
    let rule = json!({
        "name": "Refunds", "trigger_type": "ticket_created",
        "trigger_conditions": [{ "field": "category", "operator": "equals", "value": "money" }],
        "actions": [{ "type": "assign_ticket", "params": { "team_id": house.billing } }],
    });
    house.desk.create_workflow(&house.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    let ruled = asked(house, json!({ "team_id": null, "category": "money" })).await;
    assert_eq!(agent(&ruled), Some(id(&members[0])));
}

#[tokio::test]
async fn rules_see_that_it_was_given_to_somebody_and_fire_once() {
    let house = &House::new().await;
    let members = team(house, Routing::RoundRobin, 1).await;
    let rule = |name: &str, trigger: &str, conditions: Value| {
        let note = json!({ "type": "add_comment", "params": { "body": format!("{name} {{{{agent_name}}}}"), "is_internal": true } });
        json!({ "name": name, "trigger_type": trigger, "trigger_conditions": conditions, "actions": [note] })
    };
    let is_given = json!([{ "field": "assigned_agent_id", "operator": "is_not_empty" }]);
    let nobody = json!([{ "field": "assigned_agent_id", "operator": "is_empty" }]);
    for body in [
        rule("unassigned", "ticket_created", nobody),
        rule("given", "assignment", is_given),
        rule("any", "assignment", json!([])),
    ] {
        house.desk.create_workflow(&house.admin, NewWorkflow::from_json(body).unwrap()).await.unwrap();
    }
    let ticket = asked(house, json!({})).await;
    let comments = house.desk.comments(&house.admin, &key(&ticket), None, 10).await.unwrap().items;
    let mut notes: Vec<String> = comments.into_iter().map(|comment| comment.body).collect();
    notes.sort();
    // "any" fired when the ticket was given to the team, before anybody had it.
    assert_eq!(notes, ["any ", "given amy", "unassigned "]);
    let by: Vec<_> = events(house, &ticket)
        .await
        .into_iter()
        .filter(|event| event.fact.name() == "ticket.assigned")
        .map(|event| event.actor.id)
        .collect();
    assert_eq!(by, [Some(id(&house.admin)), None], "to the team by a person, to the agent by the desk");
    assert_eq!(agent(&ticket), Some(id(&members[0])));
}

#[tokio::test]
async fn whoever_gets_it_is_told() {
    let house = &House::new().await;
    let members = team(house, Routing::RoundRobin, 0).await;
    asked(house, json!({})).await;
    let query = NotificationQuery::of(id(&members[0]), 100);
    let told = house.desk.store().notifications(&query).await.unwrap();
    assert!(told.iter().any(|told| told.kind == NotificationKind::TicketAssigned), "{told:?}");
}

#[tokio::test]
async fn what_finds_nobody_waits_and_goes_by_priority_and_age_once_somebody_is_free() {
    let works = &Works::new().await;
    let house = &works.house;
    let members = team(house, Routing::RoundRobin, 0).await;
    limit(house, &members[0], 1).await;
    let first = asked(house, json!({})).await;
    let low = asked(house, json!({ "priority": "low" })).await;
    let old = asked(house, json!({ "priority": "high" })).await;
    let young = asked(house, json!({ "priority": "high" })).await;
    works.work().await;
    assert_eq!(agent_now(house, &first).await, Some(id(&members[0])));
    for waits in [&low, &old, &young] {
        assert_eq!(agent_now(house, waits).await, None);
        let [decision] = &*decisions(house, waits).await else { panic!("one decision") };
        assert_eq!((decision.agent_id, decision.candidates[0].standing), (None, Standing::AtCapacity));
    }
    let mut done = vec![first];
    for expected in [old, young, low] {
        let last = done.last().unwrap();
        change(house, last, TicketPatch { status: Patch::Set(Status::Resolved), ..TicketPatch::default() }).await;
        works.work().await;
        assert_eq!(agent_now(house, &expected).await, Some(id(&members[0])));
        let again = &decisions(house, &expected).await;
        assert_eq!((again.len(), again[0].agent_id), (2, Some(id(&members[0]))));
        done.push(expected);
    }
}

#[tokio::test]
async fn it_goes_to_whoever_comes_online_or_gets_room_or_joins() {
    let works = &Works::new().await;
    let house = &works.house;
    let members = team(house, Routing::LeastLoaded, 1).await;
    goes(house, &members[0], Availability::Away).await;
    limit(house, &members[1], 0).await;
    let ticket = asked(house, json!({})).await;
    works.work().await;
    assert_eq!(agent_now(house, &ticket).await, None);
    goes(house, &members[0], Availability::Online).await;
    works.work().await;
    assert_eq!(agent_now(house, &ticket).await, Some(id(&members[0])));
    goes(house, &members[0], Availability::Offline).await;
    let other = asked(house, json!({})).await;
    limit(house, &members[1], 1).await;
    works.work().await;
    assert_eq!(agent_now(house, &other).await, Some(id(&members[1])));
    let third = asked(house, json!({})).await;
    let new = NewMember::new(id(&house.outsider), TeamRole::Member);
    house.desk.add_member(&house.admin, house.billing, new).await.unwrap();
    works.work().await;
    assert_eq!(agent_now(house, &third).await, Some(id(&house.outsider)));
}

#[tokio::test]
async fn a_team_that_begins_to_route_gives_out_what_waits() {
    let works = &Works::new().await;
    let house = &works.house;
    let members = team(house, Routing::Manual, 1).await;
    let tickets = [asked(house, json!({})).await, asked(house, json!({})).await];
    works.later(5).await;
    assert_eq!(agent_now(house, &tickets[0]).await, None);
    routes(house, Routing::RoundRobin).await;
    works.work().await;
    for (ticket, member) in tickets.iter().zip(&members) {
        assert_eq!(agent_now(house, ticket).await, Some(id(member)));
    }
    // Nothing looks at it any more once it takes by hand.
    routes(house, Routing::Manual).await;
    works.later(10).await;
    assert!(works.jobs(JobKind::Route, JobState::Ready).await.is_empty());
    assert_eq!(agent(&asked(house, json!({})).await), None);
}

#[tokio::test]
async fn a_minute_finds_what_nobody_told_of() {
    let works = &Works::new().await;
    let house = &works.house;
    let members = team(house, Routing::RoundRobin, 0).await;
    works.work().await;
    goes(house, &members[0], Availability::Away).await;
    let ticket = asked(house, json!({})).await;
    works.work().await;
    // Somebody comes online past the desk, so that no job is left by it.
    let store = house.desk.store();
    let mut user = store.user(&Scope::UPKEEP, id(&members[0])).await.unwrap().unwrap();
    let expect = Expect::Version(user.version);
    (user.availability, user.version) = (Availability::Online, user.version + 1);
    let changes = Changes {
        id: ChangeId(Uuid::from_u128(1)),
        scope: Scope::UPKEEP,
        settings: store.settings_version().await.unwrap(),
        bumps_settings: false,
        writes: vec![Write::User { user, expect }],
        guards: Vec::new(),
    };
    store.commit(changes).await.unwrap();
    works.work().await;
    assert_eq!(agent_now(house, &ticket).await, None);
    works.later(2).await;
    assert_eq!(agent_now(house, &ticket).await, Some(id(&members[0])));
    let before = works.jobs(JobKind::Route, JobState::Done).await.len();
    works.later(30).await;
    assert_eq!(works.jobs(JobKind::Route, JobState::Done).await.len(), before, "nothing waits, so nothing is done");
}

#[tokio::test]
async fn what_somebody_holds_who_is_long_gone_goes_to_somebody_else() {
    let works = &Works::new().await;
    let house = &works.house;
    let members = team(house, Routing::RoundRobin, 1).await;
    let patch = DeskPatch::from_json(json!({ "reroute_after": "30m" })).unwrap();
    house.desk.update_profile(&house.admin, patch, None).await.unwrap();
    let (mine, theirs) = (asked(house, json!({})).await, asked(house, json!({})).await);
    let pending = asked(house, json!({})).await;
    change(house, &pending, TicketPatch { status: Patch::Set(Status::Pending), ..TicketPatch::default() }).await;
    goes(house, &members[0], Availability::Offline).await;
    works.later(20).await;
    assert_eq!(agent_now(house, &mine).await, Some(id(&members[0])), "not yet");
    goes(house, &members[1], Availability::Away).await;
    works.later(20).await;
    assert_eq!(agent_now(house, &mine).await, Some(id(&members[0])), "nobody is free");
    goes(house, &members[1], Availability::Online).await;
    works.later(2).await;
    assert_eq!(agent_now(house, &mine).await, Some(id(&members[1])));
    assert_eq!(agent_now(house, &theirs).await, Some(id(&members[1])));
    assert_eq!(agent_now(house, &pending).await, Some(id(&members[0])), "it waits for the customer");
    let assigned = events(house, &mine).await.into_iter().filter(|event| event.fact.name() == "ticket.assigned");
    assert_eq!(assigned.count(), 3, "to the team, to the first, and straight on to the second");
    let last = &decisions(house, &mine).await[0];
    assert_eq!(last.candidates.iter().find(|one| one.user_id == id(&members[0])).unwrap().standing, Standing::Offline);
    assert_eq!(
        fields(DeskPatch::from_json(json!({ "reroute_after": "10s" })).and_then(|p| p.checked())),
        ["reroute_after"]
    );
}

#[tokio::test]
async fn skills_are_kept_tidy_and_looked_at() {
    let house = &House::new().await;
    let members = team(house, Routing::RoundRobin, 1).await;
    let patch = MemberPatch::from_json(json!({ "skills": [" Français ", "français", "vip"] })).unwrap();
    let member = house.desk.update_member(&house.admin, house.billing, id(&members[1]), patch, None).await.unwrap();
    assert_eq!(member.skills, ["Français", "vip"]);
    let ticket = asked(house, json!({ "tags": ["FRANÇAIS"] })).await;
    assert_eq!(agent(&ticket), Some(id(&members[1])));
    let [decision] = &*decisions(house, &ticket).await else { panic!("one decision") };
    assert_eq!((decision.skills.as_slice(), decision.skills_waived), (["FRANÇAIS".to_owned()].as_slice(), false));
    assert_eq!(decision.candidates[0].name.as_deref(), Some("amy"));
    assert_eq!(fields(MemberPatch::from_json(json!({ "skills": [""] }))), ["skills[0]"]);
    let long = MemberPatch { skills: Patch::Set(vec!["x".repeat(51)]), ..MemberPatch::default() };
    let refused = house.desk.update_member(&house.admin, house.billing, id(&members[1]), long, None).await;
    assert_eq!(fields(refused), ["skills[0]"]);
}

#[tokio::test]
async fn load_and_decisions_are_for_staff_who_see_the_ticket() {
    let house = &House::new().await;
    let members = team(house, Routing::RoundRobin, 1).await;
    limit(house, &members[0], 1).await;
    goes(house, &members[1], Availability::Away).await;
    let ticket = asked(house, json!({})).await;
    asked(house, json!({ "priority": Priority::High })).await;
    let load = house.desk.team_load(&house.outsider, house.billing).await.unwrap();
    assert_eq!((load.waiting, load.routing), (1, Routing::RoundRobin));
    let seen: Vec<_> = load.members.iter().map(|member| (&*member.name, member.open, member.capacity)).collect();
    assert_eq!(seen, [("m0", 0, None), ("amy", 1, Some(1))], "whoever is next comes first");
    assert_eq!(code(house.desk.team_load(&house.customer, house.billing).await), "forbidden");
    assert_eq!(code(house.desk.ticket_routing(&house.customer, &key(&ticket), None, 10).await), "forbidden");
    assert_eq!(code(house.desk.ticket_routing(&house.outsider, &key(&ticket), None, 10).await), "not_found");
    assert_eq!(house.desk.team_routing(&house.agent, house.billing, None, 10).await.unwrap().items.len(), 2);
    assert_eq!(house.desk.team_routing(&house.outsider, house.billing, None, 10).await.unwrap().items.len(), 0);
    let page = house.desk.team_routing(&house.admin, house.billing, None, 1).await.unwrap();
    assert_eq!((page.items.len(), page.next.is_some()), (1, true));
}
