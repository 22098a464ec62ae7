//! Groups of staff that share a queue.

use super::words;
use crate::ids::{CalendarId, TeamId, UserId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

words! {
    /// What a member is in the team, least first.
    TeamRole {
        /// Works in it.
        Member = 0 "member",
        /// First to be asked.
        Lead = 1 "lead",
        /// Answers for it.
        Manager = 2 "manager",
    }
}

words! {
    /// How a ticket of the team finds its agent.
    Routing {
        /// Somebody takes it.
        Manual = 0 "manual",
        /// Each free member gets one in turn.
        RoundRobin = 1 "round_robin",
        /// The free member with the fewest open tickets gets it.
        LeastLoaded = 2 "least_loaded",
    }
}

/// One team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// What it is called. Unique over its folded form.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How its tickets find their agent.
    pub routing: Routing,
    /// The most open tickets that a member is given, unless the member has an own limit.
    pub capacity: Option<i32>,
    /// When it works, where that is not when the desk as a whole does.
    pub calendar_id: Option<CalendarId>,
    /// False once it was deleted while tickets still named it.
    pub is_active: bool,
    /// Grows by one with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl Team {
    /// Whether its tickets find their agent by themselves.
    pub fn is_routed(&self) -> bool {
        self.is_active && self.routing != Routing::Manual
    }
}

/// A person's place in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The team.
    pub team_id: TeamId,
    /// The person.
    pub user_id: UserId,
    /// What the person is in it.
    pub role: TeamRole,
    /// The most open tickets that the person is given here.
    pub capacity: Option<i32>,
    /// Labels of tickets that the person knows how to answer. A ticket of the team with a label that is anybody's skill
    /// here goes to somebody who has it.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Grows by one with every change.
    pub version: i64,
    /// Since when.
    pub created_at: Time,
}
