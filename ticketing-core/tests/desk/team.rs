//! Teams and who is in them.

use crate::house::{House, code, fields, id, key};
use ticketing_core::desk::{Assignment, MemberPatch, NewMember, NewTeam, TeamPatch};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::TeamRole;

#[tokio::test]
async fn managers_run_teams_and_agents_read_them() {
    let house = House::new().await;
    let desk = &house.desk;
    assert_eq!(code(desk.create_team(&house.agent, NewTeam::new("Mine")).await), "forbidden");
    assert_eq!(code(desk.create_team(&house.manager, NewTeam::new("billing")).await), "duplicate");
    assert_eq!(code(desk.teams(&house.customer).await), "forbidden");
    let team = desk.create_team(&house.manager, NewTeam::new("Hardware")).await.unwrap();
    let names: Vec<_> = desk.teams(&house.agent).await.unwrap().into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["Billing", "Hardware"]);
    let patch = TeamPatch { name: Patch::Set("Devices".into()), ..TeamPatch::default() };
    assert_eq!(code(desk.update_team(&house.manager, team.id, patch.clone(), Some(7)).await), "stale_version");
    assert_eq!(desk.update_team(&house.manager, team.id, patch, Some(1)).await.unwrap().version, 2);
    assert_eq!(fields(NewTeam::from_json(serde_json::json!({"name": "x", "routing": "by magic"}))), ["routing"]);
}

#[tokio::test]
async fn members_come_change_and_go() {
    let house = House::new().await;
    let desk = &house.desk;
    let new = |user_id| NewMember { capacity: Some(3), ..NewMember::new(user_id, TeamRole::Member) };
    let joined = desk.add_member(&house.manager, house.billing, new(id(&house.outsider))).await.unwrap();
    assert_eq!((joined.name.as_str(), joined.capacity), ("otto", Some(3)));
    assert_eq!(code(desk.add_member(&house.manager, house.billing, new(id(&house.outsider))).await), "duplicate");
    assert_eq!(fields(desk.add_member(&house.manager, house.billing, new(id(&house.customer))).await), ["user_id"]);
    let patch =
        MemberPatch { role: Patch::Set(TeamRole::Manager), capacity: Patch::Set(None), ..MemberPatch::default() };
    let changed = desk.update_member(&house.manager, house.billing, id(&house.outsider), patch, Some(1)).await.unwrap();
    assert_eq!((changed.role, changed.capacity), (TeamRole::Manager, None));
    assert_eq!(desk.members(&house.agent, house.billing).await.unwrap().len(), 2);
    let teams = |actor: &ticketing_core::Actor| actor.principal().unwrap().teams.clone();
    assert_eq!(teams(&desk.actor_of(id(&house.outsider), None).await.unwrap()), [house.billing]);
    desk.remove_member(&house.manager, house.billing, id(&house.outsider), None).await.unwrap();
    assert!(teams(&desk.actor_of(id(&house.outsider), None).await.unwrap()).is_empty());
    assert_eq!(code(desk.remove_member(&house.manager, house.billing, id(&house.outsider), None).await), "not_found");
}

#[tokio::test]
async fn a_team_in_use_is_only_deactivated() {
    let house = House::new().await;
    let desk = &house.desk;
    let empty = desk.create_team(&house.manager, NewTeam::new("Empty")).await.unwrap();
    desk.delete_team(&house.manager, empty.id, Some(1)).await.unwrap();
    assert_eq!(code(desk.team(&house.agent, empty.id).await), "not_found");
    let ticket = key(&house.ticket().await);
    let to = Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(house.billing)) };
    desk.assign_ticket(&house.manager, &ticket, to.clone(), None).await.unwrap();
    assert_eq!(code(desk.delete_team(&house.manager, house.billing, Some(9)).await), "stale_version");
    desk.delete_team(&house.manager, house.billing, None).await.unwrap();
    assert!(!desk.team(&house.agent, house.billing).await.unwrap().is_active);
    let other = key(&house.ticket().await);
    assert_eq!(fields(desk.assign_ticket(&house.manager, &other, to, None).await), ["team_id"]);
}
