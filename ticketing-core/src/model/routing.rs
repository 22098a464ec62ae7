//! How tickets of a team found their agent.

use super::{Availability, Routing, words};
use crate::ids::{RoutingDecisionId, TeamId, TicketId, UserId};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

words! {
    /// What was found about a member when a ticket looked for its agent.
    Standing {
        /// Got the ticket.
        Chosen = 0 "chosen",
        /// Was free, and comes later in the round.
        LaterInTurn = 1 "later_in_turn",
        /// Was free, and has more to do than whoever got it.
        MoreLoaded = 2 "more_loaded",
        /// Holds as many open tickets as there is room for.
        AtCapacity = 3 "at_capacity",
        /// Takes no work at the moment.
        Away = 4 "away",
        /// Takes no work at all.
        Offline = 5 "offline",
        /// Can't sign in any more.
        Inactive = 6 "inactive",
        /// Lacks a skill that the ticket asks for.
        LacksSkill = 7 "lacks_skill",
        /// Had the ticket until now.
        HadIt = 8 "had_it",
    }
}

/// A member who was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingCandidate {
    /// Who.
    pub user_id: UserId,
    /// What was found.
    pub standing: Standing,
    /// How many open tickets the person held, of all teams.
    pub open: i64,
    /// How many there was room for; none without a limit.
    pub capacity: Option<i32>,
}

/// How one ticket looked for its agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingDecision {
    /// Its id; later ones are greater.
    pub id: RoutingDecisionId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The team whose members were looked at.
    pub team_id: TeamId,
    /// When.
    pub at: Time,
    /// Who got it; none where the ticket waits for somebody to be free.
    pub agent_id: Option<UserId>,
    /// How it was decided.
    pub detail: RoutingDetail,
}

/// What a decision was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingDetail {
    /// How the team's tickets found their agent then.
    pub routing: Routing,
    /// The labels of the ticket that are skills in the team.
    pub skills: Vec<String>,
    /// Whether nobody in the team has all of these, so that none of them was asked for.
    pub skills_waived: bool,
    /// The members, in the order in which they take turns. Of many the first.
    pub candidates: Vec<RoutingCandidate>,
    /// How many more there were.
    pub more: usize,
}

/// Where a team's round is, or, under a person's id, that the person was given something: whoever decides next must
/// have seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingTurn {
    /// The team's or the person's id.
    pub id: Uuid,
    /// Of a team: who got the last ticket.
    pub last: Option<UserId>,
    /// Grows by one with every change.
    pub version: i64,
}

/// What routing has to know of a member at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberLoad {
    /// Who.
    pub user_id: UserId,
    /// Whether the person takes work.
    pub availability: Availability,
    /// Since when that holds.
    pub availability_since: Time,
    /// The version of the person.
    pub version: i64,
    /// The version of the person's turn; 0 where there is none yet.
    pub turn: i64,
    /// How many tickets the person holds that are neither resolved nor closed.
    pub open: i64,
}
