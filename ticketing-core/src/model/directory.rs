//! Who works here, and in which teams.

use super::{Membership, Role, Team, TeamRole, Ticket, User};
use crate::ids::{TeamId, UserId};
use std::collections::{BTreeMap, HashMap};

/// Staff, teams and memberships at one moment.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    staff: HashMap<UserId, User>,
    teams: BTreeMap<TeamId, Team>,
    members: BTreeMap<(TeamId, UserId), Membership>,
    teams_of: HashMap<UserId, Vec<TeamId>>,
}

impl Directory {
    /// These people and teams, in whatever order they come.
    pub fn new(staff: Vec<User>, teams: Vec<Team>, memberships: Vec<Membership>) -> Self {
        let members: BTreeMap<_, _> = memberships.into_iter().map(|m| ((m.team_id, m.user_id), m)).collect();
        // In the order of the teams, whatever order the store answered in.
        let mut teams_of: HashMap<UserId, Vec<TeamId>> = HashMap::new();
        for (team_id, user_id) in members.keys() {
            teams_of.entry(*user_id).or_default().push(*team_id);
        }
        Self {
            staff: staff.into_iter().map(|user| (user.id, user)).collect(),
            teams: teams.into_iter().map(|team| (team.id, team)).collect(),
            members,
            teams_of,
        }
    }

    /// Somebody who works here, also when no longer active.
    pub fn staff(&self, id: UserId) -> Option<&User> {
        self.staff.get(&id)
    }

    /// Who answers a ticket. Whoever has become a customer may still be named on it, and answers it no more.
    pub fn agent_of(&self, ticket: &Ticket) -> Option<UserId> {
        ticket.assigned_agent_id.filter(|id| self.staff.contains_key(id))
    }

    /// Everybody who works here or did, in no order.
    pub fn all_staff(&self) -> impl Iterator<Item = &User> {
        self.staff.values()
    }

    /// Whether any administrator can sign in.
    pub fn has_admin(&self) -> bool {
        self.staff.values().any(|user| user.is_active && user.role == Role::Admin)
    }

    /// Whether this person alone can sign in as an administrator.
    pub fn is_last_admin(&self, id: UserId) -> bool {
        let mut admins = self.staff.values().filter(|user| user.is_active && user.role == Role::Admin);
        admins.next().is_some_and(|user| user.id == id) && admins.next().is_none()
    }

    /// A team, also when no longer active.
    pub fn team(&self, id: TeamId) -> Option<&Team> {
        self.teams.get(&id)
    }

    /// All teams, oldest first.
    pub fn teams(&self) -> impl Iterator<Item = &Team> {
        self.teams.values()
    }

    /// A person's place in a team.
    pub fn membership(&self, team: TeamId, user: UserId) -> Option<&Membership> {
        self.members.get(&(team, user))
    }

    /// The members of a team, by person.
    pub fn members(&self, team: TeamId) -> impl Iterator<Item = &Membership> {
        let ends = (team, UserId(uuid::Uuid::nil()))..=(team, UserId(uuid::Uuid::max()));
        self.members.range(ends).map(|(_, membership)| membership)
    }

    /// Of the active members who have this role in a team, the one who was added to the desk first.
    pub fn first_of(&self, team: TeamId, role: TeamRole) -> Option<UserId> {
        let mut active =
            self.members(team).filter(|member| self.staff(member.user_id).is_some_and(|user| user.is_active));
        active.find(|member| member.role == role).map(|member| member.user_id)
    }

    /// The teams of a person.
    pub fn teams_of(&self, user: UserId) -> &[TeamId] {
        self.teams_of.get(&user).map_or(&[], Vec::as_slice)
    }
}
