//! Which member of a team a ticket goes to, all pure.
//!
//! Members take turns in the order in which they were added to the desk, beginning after whoever got the team's last
//! ticket. A member is free who can sign in, is `online`, holds fewer open tickets than there is room for (the
//! member's own limit, else the team's), has the skills that the ticket asks for, and has not just given it back.
//! `round_robin` takes the first free one, `least_loaded` the one with the fewest open tickets, of these the first.
//!
//! A label of the ticket is a skill where any active member has it as one. Where no active member has all skills that a
//! ticket asks for, none is asked for: it would wait for ever.

use crate::fold::fold;
use crate::ids::UserId;
use crate::model::{
    Availability, Directory, MemberLoad, Membership, Routing, RoutingCandidate, RoutingDetail, RoutingTurn, Standing,
    Team,
};
use std::collections::{HashMap, HashSet};

/// How many members a decision tells of.
pub const TOLD: usize = 200;

/// A ticket that looks for its agent.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The team that has it.
    pub team: &'a Team,
    /// Who works here.
    pub directory: &'a Directory,
    /// Where the team's round is; none before its first ticket.
    pub turn: Option<RoutingTurn>,
    /// What is known of the members at the moment.
    pub loads: &'a [MemberLoad],
    /// Who had the ticket until now.
    pub had: Option<UserId>,
    /// The ticket's labels.
    pub tags: &'a [String],
}

/// Looks for the member that a ticket goes to, and says of each what was found.
pub fn choose(case: &Case<'_>) -> (Option<UserId>, RoutingDetail) {
    let members = in_turn(case);
    let needs = Needs::of(case, &members);
    let loads: HashMap<UserId, &MemberLoad> = case.loads.iter().map(|load| (load.user_id, load)).collect();
    let mut candidates: Vec<RoutingCandidate> = members
        .iter()
        .map(|member| {
            let load = loads.get(&member.user_id).copied();
            let capacity = member.capacity.or(case.team.capacity);
            let standing = standing(case, &needs, member, load, capacity);
            // Whoever is free is passed over until somebody is chosen.
            let standing = standing.unwrap_or(Standing::LaterInTurn);
            RoutingCandidate { user_id: member.user_id, standing, open: load.map_or(0, |load| load.open), capacity }
        })
        .collect();
    let free = || candidates.iter().enumerate().filter(|(_, one)| one.standing == Standing::LaterInTurn);
    let chosen = match case.team.routing {
        Routing::Manual => None,
        Routing::RoundRobin => free().next().map(|(place, _)| place),
        // Of several with as few, the first.
        Routing::LeastLoaded => free().min_by_key(|(_, one)| one.open).map(|(place, _)| place),
    };
    let agent = chosen.map(|place| {
        let fewest = candidates[place].open;
        for one in candidates.iter_mut().filter(|one| one.standing == Standing::LaterInTurn) {
            if case.team.routing == Routing::LeastLoaded && one.open > fewest {
                one.standing = Standing::MoreLoaded;
            }
        }
        candidates[place].standing = Standing::Chosen;
        // The list is cut at its end, and whoever got the ticket has to be told of.
        let taken = candidates.remove(place);
        let agent = taken.user_id;
        candidates.insert(place.min(TOLD - 1), taken);
        agent
    });
    let more = candidates.len().saturating_sub(TOLD);
    candidates.truncate(TOLD);
    let detail = RoutingDetail {
        routing: case.team.routing,
        skills: needs.named,
        skills_waived: needs.are_waived,
        candidates,
        more,
    };
    (agent, detail)
}

/// The members in the order of their turns.
pub(crate) fn in_turn<'a>(case: &Case<'a>) -> Vec<&'a Membership> {
    let mut members: Vec<&Membership> = case.directory.members(case.team.id).collect();
    if let Some(last) = case.turn.and_then(|turn| turn.last) {
        let next = members.partition_point(|member| member.user_id <= last);
        members.rotate_left(next);
    }
    members
}

/// Why a member does not get the ticket; nothing for one who is free.
fn standing(
    case: &Case<'_>,
    needs: &Needs,
    member: &Membership,
    load: Option<&MemberLoad>,
    capacity: Option<i32>,
) -> Option<Standing> {
    let Some(load) = load.filter(|_| is_active(case, member)) else { return Some(Standing::Inactive) };
    if !needs.are_met_by(member) {
        return Some(Standing::LacksSkill);
    }
    match load.availability {
        Availability::Offline => return Some(Standing::Offline),
        Availability::Away => return Some(Standing::Away),
        Availability::Online => {}
    }
    if case.had == Some(member.user_id) {
        return Some(Standing::HadIt);
    }
    capacity.filter(|capacity| load.open >= i64::from(*capacity)).map(|_| Standing::AtCapacity)
}

fn is_active(case: &Case<'_>, member: &Membership) -> bool {
    case.directory.staff(member.user_id).is_some_and(|user| user.is_active)
}

/// The skills that a ticket asks for.
struct Needs {
    /// As the ticket spells them.
    named: Vec<String>,
    folded: Vec<String>,
    are_waived: bool,
}

impl Needs {
    fn of(case: &Case<'_>, members: &[&Membership]) -> Self {
        let active: Vec<&&Membership> = members.iter().filter(|member| is_active(case, member)).collect();
        let skills: HashSet<String> =
            active.iter().flat_map(|member| &member.skills).map(|skill| fold(skill)).collect();
        let named: Vec<String> = case.tags.iter().filter(|tag| skills.contains(&fold(tag))).cloned().collect();
        let mut needs = Self { folded: named.iter().map(|tag| fold(tag)).collect(), named, are_waived: false };
        needs.are_waived = !needs.named.is_empty() && !active.iter().any(|member| needs.are_met_by(member));
        needs
    }

    fn are_met_by(&self, member: &Membership) -> bool {
        self.are_waived || self.folded.iter().all(|need| member.skills.iter().any(|skill| fold(skill) == *need))
    }
}

#[cfg(test)]
mod tests;
