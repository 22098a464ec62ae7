//! Teams, memberships and the directory that settings carry.

use super::area;
use super::sample::{add, change};
use super::trial::Trial;
use crate::changes::Write;
use crate::model::{Membership, Role, Team, TeamRole, Ticket, User};
use crate::port::StoreError;
use crate::setting::SettingsState;

area!["team":
    staff_teams_and_memberships_are_in_the_settings,
    staff_who_left_are_in_the_settings_still,
    who_becomes_a_customer_leaves_the_staff,
    a_membership_changes_and_ends,
    a_deleted_team_takes_its_memberships_along,
    a_team_that_a_ticket_names_is_not_deleted,
    every_role_in_a_team_is_read_back,
];

fn sorted(mut state: SettingsState) -> SettingsState {
    state.staff.sort_by_key(|user| user.id);
    state.teams.sort_by_key(|team| team.id);
    state.memberships.sort_by_key(|row| (row.team_id, row.user_id));
    state
}

async fn directory(t: &Trial) -> SettingsState {
    sorted(t.store.settings().await.expect("settings are read"))
}

/// Two teams and three people with places in them, in the order of their ids.
async fn crew(t: &Trial) -> (Vec<User>, Vec<Team>, Vec<Membership>) {
    let people =
        vec![t.sample.user("Ann", Role::Agent), t.sample.user("Bob", Role::Manager), t.sample.user("Cat", Role::Admin)];
    let teams = vec![t.sample.team("North"), t.sample.team("South")];
    let places = vec![
        t.sample.membership(&teams[0], &people[0]),
        t.sample.membership(&teams[0], &people[1]),
        t.sample.membership(&teams[1], &people[0]),
    ];
    let mut writes: Vec<Write> = people.iter().map(add).collect();
    writes.extend(teams.iter().map(add));
    writes.extend(places.iter().map(add));
    writes.push(add(&t.sample.user("A customer", Role::Customer)));
    t.commit_settings(writes).await;
    (people, teams, places)
}

async fn staff_teams_and_memberships_are_in_the_settings(t: &Trial) {
    let (people, teams, places) = crew(t).await;
    let found = directory(t).await;
    assert_eq!(found.staff, people, "all staff and no customer");
    assert_eq!(found.teams, teams);
    assert_eq!(found.memberships, places);
}

async fn staff_who_left_are_in_the_settings_still(t: &Trial) {
    let (mut people, mut teams, _) = crew(t).await;
    let leave = change(&mut people[0], |user| user.is_active = false);
    let close = change(&mut teams[1], |team| team.is_active = false);
    t.commit_settings(vec![leave, close]).await;
    let found = directory(t).await;
    assert_eq!(found.staff, people);
    assert_eq!(found.teams, teams);
}

async fn who_becomes_a_customer_leaves_the_staff(t: &Trial) {
    let (mut people, _, _) = crew(t).await;
    t.commit_settings(vec![change(&mut people[1], |user| user.role = Role::Customer)]).await;
    let found = directory(t).await;
    assert_eq!(found.staff, [people[0].clone(), people[2].clone()]);
    t.commit_settings(vec![change(&mut people[1], |user| user.role = Role::Agent)]).await;
    assert_eq!(directory(t).await.staff, people, "and may come back");
}

async fn a_membership_changes_and_ends(t: &Trial) {
    let (_, _, mut places) = crew(t).await;
    let promoted = change(&mut places[1], |row| (row.role, row.capacity) = (TeamRole::Lead, Some(7)));
    t.commit_settings(vec![promoted]).await;
    assert_eq!(directory(t).await.memberships, places);
    let gone = places.remove(1);
    let leave = Write::DeleteMembership { team_id: gone.team_id, user_id: gone.user_id, version: gone.version };
    t.commit_settings(vec![leave]).await;
    assert_eq!(directory(t).await.memberships, places);
    // Who left may come back, from the first version on.
    let back = Membership { version: 1, ..gone };
    t.commit_settings(vec![add(&back)]).await;
    places.insert(1, back);
    assert_eq!(directory(t).await.memberships, places);
}

async fn a_deleted_team_takes_its_memberships_along(t: &Trial) {
    let (people, teams, places) = crew(t).await;
    t.commit_settings(vec![Write::DeleteTeam { team_id: teams[0].id, version: 1 }]).await;
    let found = directory(t).await;
    assert_eq!(found.teams, [teams[1].clone()]);
    assert_eq!(found.memberships, [places[2].clone()]);
    assert_eq!(found.staff, people, "the people stay");
    let mut again = t.sample.team("North");
    again.name.clone_from(&teams[0].name);
    t.commit_settings(vec![add(&again)]).await;
    assert!(directory(t).await.teams.contains(&again), "the name is free");
}

async fn a_team_that_a_ticket_names_is_not_deleted(t: &Trial) {
    let (_, teams, places) = crew(t).await;
    let customer = t.sample.user("Eve", Role::Customer);
    let ticket = Ticket { team_id: Some(teams[1].id), ..t.sample.ticket(&customer) };
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let answer = t.attempt(vec![Write::DeleteTeam { team_id: teams[1].id, version: 1 }]).await;
    assert!(matches!(answer, Err(StoreError::Conflict)), "{answer:?}");
    let found = directory(t).await;
    assert_eq!((found.teams, found.memberships), (teams, places), "nothing is gone");
}

async fn every_role_in_a_team_is_read_back(t: &Trial) {
    let team = t.sample.team("West");
    let mut writes = vec![add(&team)];
    let mut wanted = Vec::new();
    for role in TeamRole::ALL {
        let user = t.sample.user("Deb", Role::Agent);
        let place = Membership { role: *role, ..t.sample.membership(&team, &user) };
        writes.extend([add(&user), add(&place)]);
        wanted.push(place);
    }
    t.commit_settings(writes).await;
    assert_eq!(directory(t).await.memberships, wanted);
}
