//! Tickets of teams find their agents: in the commit that brings them to the team, or, where nobody was free then, by
//! the workers once somebody is.

use super::recorder::Recorder;
use super::signal::says_takes_work;
use super::work::route_job;
use super::{Desk, Snapshot};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Row, Write};
use crate::error::Error;
use crate::ids::{RoutingDecisionId, TeamId, TicketKey, UserId};
use crate::input::Patch;
use crate::model::{
    Availability, MemberLoad, Person, Role, Routing, RoutingDecision, RoutingDetail, RoutingTurn, Standing, Team,
    TeamRole, Ticket,
};
use crate::port::RoutingQuery;
use crate::query::Page;
use crate::routing::{Case, choose};
use crate::ticket::{Assignment, Draft};
use crate::time::Time;
use crate::workflow::engine::Occurrence;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::MutexGuard;

/// How long somebody waits at most while others of this process look for agents of the same team. Each takes a read and
/// a commit, and where other processes do the same now and then one more of both.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How many decisions of a ticket or a team are read at once at most.
const MOST: usize = 100;
/// How many waiting tickets of a team are counted.
const WAITING: usize = 1_000;

/// How a ticket looked for its agent, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoutingView {
    /// Its id.
    pub id: RoutingDecisionId,
    /// The ticket.
    pub ticket_id: crate::ids::TicketId,
    /// The team.
    pub team_id: TeamId,
    /// When.
    pub at: Time,
    /// How the team's tickets found their agent then.
    pub routing: Routing,
    /// Who got it; none where the ticket waited for somebody to be free.
    pub agent_id: Option<UserId>,
    /// The labels of the ticket that are skills in the team.
    pub skills: Vec<String>,
    /// Whether nobody in the team had all of these, so that none was asked for.
    pub skills_waived: bool,
    /// The members in the order of their turns.
    pub candidates: Vec<CandidateView>,
    /// How many more there were.
    pub more: usize,
}

/// A member who was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CandidateView {
    /// Who.
    pub user_id: UserId,
    /// The name now; none of somebody who no longer works here.
    pub name: Option<String>,
    /// What was found.
    pub standing: Standing,
    /// How many open tickets the person held.
    pub open: i64,
    /// How many there was room for.
    pub capacity: Option<i32>,
}

/// How much a team has to do at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TeamLoad {
    /// The team.
    pub team_id: TeamId,
    /// How its tickets find their agent.
    pub routing: Routing,
    /// How many of its tickets nobody has, up to 1,000.
    pub waiting: usize,
    /// Its members, whoever is next first.
    pub members: Vec<LoadView>,
}

/// How much a member has to do at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoadView {
    /// Who.
    pub user_id: UserId,
    /// The name.
    pub name: String,
    /// As what.
    pub role: TeamRole,
    /// Whether the person takes work.
    pub availability: Availability,
    /// Since when that holds.
    pub availability_since: Time,
    /// False for somebody who can't sign in any more.
    pub is_active: bool,
    /// How many tickets the person holds that are neither resolved nor closed, of all teams.
    pub open: i64,
    /// How many there is room for; none without a limit.
    pub capacity: Option<i32>,
    /// What the person knows how to answer.
    pub skills: Vec<String>,
}

impl Desk {
    /// How a ticket looked for its agents, newest first. For staff who see it.
    pub async fn ticket_routing(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        before: Option<RoutingDecisionId>,
        limit: usize,
    ) -> Result<Page<RoutingView>, Error> {
        let call = &call.into();
        let ticket = self.seen_ticket(call, key).await?;
        call.actor.at_least(Role::Agent)?;
        let query = RoutingQuery { ticket_id: Some(ticket.id), team_id: None, before, limit };
        self.decisions(call, query).await
    }

    /// How the tickets of a team that the actor sees looked for their agents, newest first. For staff; an agent of other
    /// teams is told of none.
    pub async fn team_routing(
        &self,
        call: impl Into<Call>,
        id: TeamId,
        before: Option<RoutingDecisionId>,
        limit: usize,
    ) -> Result<Page<RoutingView>, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Agent)?;
        self.snapshot().await?.directory.team(id).ok_or(Error::NotFound("team"))?;
        if matches!(self.scope(&call.actor), Scope::Agent { teams, .. } if !teams.contains(&id)) {
            // Nearly all would be out of sight, and each would have to be looked at.
            return Ok(Page { items: Vec::new(), next: None, total: None });
        }
        self.decisions(call, RoutingQuery { ticket_id: None, team_id: Some(id), before, limit }).await
    }

    async fn decisions(&self, call: &Call, query: RoutingQuery) -> Result<Page<RoutingView>, Error> {
        let limit = query.limit.min(MOST);
        let asked = RoutingQuery { limit: limit + 1, ..query };
        let found = self.store.routing_decisions(&self.scope(&call.actor), &asked).await?;
        let snapshot = self.snapshot().await?;
        let page = super::user::page(found, limit, |decision| crate::query::Position::at(0, decision.id.0));
        Ok(page.map(|decision| view(&snapshot, decision)))
    }

    /// How much a team and its members have to do. For staff.
    pub async fn team_load(&self, call: impl Into<Call>, id: TeamId) -> Result<TeamLoad, Error> {
        call.into().actor.at_least(Role::Agent)?;
        let snapshot = self.snapshot().await?;
        let team = snapshot.directory.team(id).ok_or(Error::NotFound("team"))?;
        let people: Vec<UserId> = snapshot.directory.members(id).map(|member| member.user_id).collect();
        let (turn, loads) = self.store.member_loads(id, &people).await?;
        let waiting = self.store.waiting_tickets(id, WAITING).await?.len();
        let case = Case { team, directory: &snapshot.directory, turn, loads: &loads, had: None, tags: &[] };
        let member = |member: &crate::model::Membership| {
            let user = snapshot.directory.staff(member.user_id)?;
            let load = loads.iter().find(|load| load.user_id == member.user_id)?;
            Some(LoadView {
                user_id: user.id,
                name: user.name.clone(),
                role: member.role,
                availability: load.availability,
                availability_since: load.availability_since,
                is_active: user.is_active,
                open: load.open,
                capacity: member.capacity.or(team.capacity),
                skills: member.skills.clone(),
            })
        };
        let members = crate::routing::in_turn(&case).into_iter().filter_map(member).collect();
        Ok(TeamLoad { team_id: id, routing: team.routing, waiting, members })
    }
}

fn view(snapshot: &Snapshot, decision: RoutingDecision) -> RoutingView {
    let RoutingDecision { id, ticket_id, team_id, at, agent_id, detail } = decision;
    let RoutingDetail { routing, skills, skills_waived, candidates, more } = detail;
    let candidate = |one: crate::model::RoutingCandidate| CandidateView {
        user_id: one.user_id,
        name: snapshot.directory.staff(one.user_id).map(|user| user.name.clone()),
        standing: one.standing,
        open: one.open,
        capacity: one.capacity,
    };
    let candidates = candidates.into_iter().map(candidate).collect();
    RoutingView { id, ticket_id, team_id, at, routing, agent_id, skills, skills_waived, candidates, more }
}

fn waits(ticket: &Ticket) -> bool {
    ticket.is_open() && ticket.assigned_agent_id.is_none()
}

/// Whether a ticket has come to wait for an agent of its team by this change.
fn comes_to_wait(before: Option<&Ticket>, ticket: &Ticket) -> bool {
    waits(ticket) && before.is_none_or(|before| !waits(before) || before.team_id != ticket.team_id)
}

/// A team's round, for who decides about it until it is done, however often that has to be decided again.
pub(super) struct Round<'a> {
    team_id: TeamId,
    _turn: Option<MutexGuard<'a, ()>>,
}

impl Desk {
    /// The round of a team that routes, before anything is decided: whoever waits for it only once the decision has to be
    /// made again would be the last of all each time.
    pub(super) async fn round_of(&self, team_id: Option<TeamId>) -> Result<Option<Round<'_>>, Error> {
        let Some(team_id) = team_id.filter(|_| !self.is_joined) else { return Ok(None) };
        if !self.snapshot().await?.directory.team(team_id).is_some_and(Team::is_routed) {
            return Ok(None);
        }
        Ok(Some(Round { team_id, _turn: self.parts.rounds.take(&team_id).await }))
    }
}

/// For which tickets a commit looks for an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Routes {
    /// One that comes to wait by this commit.
    #[default]
    Arrivals,
    /// One that has waited before, too.
    Waiting,
    /// One that this person holds, where the person is offline and somebody else is free.
    From(UserId),
}

impl Recorder<'_> {
    /// The caller has taken this team's turn.
    pub(super) fn holds(&mut self, round: Option<&Round<'_>>) {
        self.round = round.map(|round| round.team_id);
    }

    /// Finds an agent for a ticket that has come to wait for one in its team, or that a worker looks for one for, and
    /// lets the rules see that it was given to somebody.
    pub(super) async fn route(&mut self, before: Option<&Ticket>, draft: Draft) -> Result<Draft, Error> {
        let snapshot = Arc::clone(&self.snapshot);
        let (ticket, routes) = (&draft.ticket, self.routes);
        let team = ticket.team_id.and_then(|id| snapshot.directory.team(id)).filter(|team| team.is_routed());
        let Some(team) = team else { return Ok(draft) };
        let comes = comes_to_wait(before, ticket);
        let is_asked = match routes {
            Routes::Arrivals => comes,
            Routes::Waiting => waits(ticket),
            Routes::From(holder) => ticket.is_open() && ticket.assigned_agent_id == Some(holder),
        };
        if !is_asked {
            return Ok(draft);
        }
        self.is_routed = true;
        if self.desk.is_joined {
            // The rows of the round would be held until the host commits, and everybody else would wait for that.
            self.to_route.insert(team.id);
            return Ok(draft);
        }
        // Only processes race for a team's round, not the calls of one.
        if self.round != Some(team.id) {
            self.turn = self.desk.parts.rounds.take(&team.id).await;
        }
        let had = before.filter(|before| before.team_id == Some(team.id)).and_then(|before| before.assigned_agent_id);
        let people: Vec<UserId> = snapshot.directory.members(team.id).map(|member| member.user_id).collect();
        let (turn, loads) = self.desk.store.member_loads(team.id, &people).await?;
        let load_of = |id: UserId| loads.iter().find(|load| load.user_id == id);
        if let Routes::From(holder) = routes
            && load_of(holder).is_none_or(|load| load.availability != Availability::Offline)
        {
            // Back by now.
            return Ok(draft);
        }
        let tags = &ticket.tags;
        let case = Case { team, directory: &snapshot.directory, turn, loads: &loads, had, tags };
        let (agent, detail) = choose(&case);
        // That a ticket goes on waiting, or stays where it is, is nothing new.
        if agent.is_none() && !comes {
            return Ok(draft);
        }
        self.write(Write::RoutingDecision(Box::new(RoutingDecision {
            id: RoutingDecisionId(self.desk.ids().uuid(self.now)),
            ticket_id: ticket.id,
            team_id: team.id,
            at: self.now,
            agent_id: agent,
            detail,
        })));
        match agent.and_then(load_of) {
            Some(load) => {
                self.write_turns(team, turn, load);
                self.give(draft, load.user_id).await
            }
            None => Ok(draft),
        }
    }

    /// Whoever decides about this team or gives this person something at the same time has to decide again.
    fn write_turns(&mut self, team: &Team, turn: Option<RoutingTurn>, load: &MemberLoad) {
        let known = turn.map_or(0, |turn| turn.version);
        for (id, last, version) in [(team.id.0, Some(load.user_id), known), (load.user_id.0, None, load.turn)] {
            let expect = if version == 0 { Expect::New } else { Expect::Version(version) };
            self.write(Write::RoutingTurn { turn: RoutingTurn { id, last, version: version + 1 }, expect });
        }
        // Whoever goes away at this moment must not get it.
        self.guard(Row::User(load.user_id), load.version);
    }

    /// Gives a ticket to somebody, as the desk's own doing, and runs the rules over that alone: what came before they
    /// have seen.
    async fn give(&mut self, mut draft: Draft, agent: UserId) -> Result<Draft, Error> {
        let snapshot = Arc::clone(&self.snapshot);
        let (before, mut facts) = (draft.ticket.clone(), std::mem::take(&mut draft.facts));
        draft.by_desk = true;
        draft.assign(&snapshot.ground(), &Assignment { agent_id: Patch::Set(Some(agent)), team_id: Patch::Keep });
        draft.by_desk = false;
        let (before, actor) = (Some(before), Person::system());
        let occurrence = Occurrence { before, draft, comment: None, mail: None, actor, moment: None, only: None };
        let mut draft = self.apply_rules(occurrence).await?;
        facts.append(&mut draft.facts);
        draft.facts = facts;
        Ok(draft)
    }

    /// Notes what a change of a ticket means to routing once it has landed: that somebody has room for another one, or
    /// that the ticket waits and nobody was looked for, because rules have moved it last.
    pub(super) fn note_routing(&mut self, before: Option<&Ticket>, after: &Ticket) {
        if comes_to_wait(before, after) {
            let was_looked_for = std::mem::take(&mut self.is_routed);
            self.to_route.extend(after.team_id.filter(|_| !was_looked_for));
            // Whoever has given it back is not the next to get it.
            return;
        }
        let holder = |ticket: &Ticket| ticket.assigned_agent_id.filter(|_| ticket.is_open());
        let before = before.and_then(holder);
        self.freed.extend(before.filter(|agent| holder(after) != Some(*agent)));
    }

    /// Asks the workers to look for agents where this commit may have made somebody free, and something waits.
    pub(super) async fn write_routing(&mut self) -> Result<(), Error> {
        let snapshot = Arc::clone(&self.snapshot);
        let directory = &snapshot.directory;
        let routed = |id: &TeamId| directory.team(*id).filter(|team| team.is_routed());
        let mut teams = BTreeSet::new();
        for agent in std::mem::take(&mut self.freed) {
            let limits = |team: &&Team| {
                let own = directory.membership(team.id, agent).and_then(|member| member.capacity);
                own.or(team.capacity).is_some()
            };
            let of_agent = directory.teams_of(agent).iter().filter_map(routed);
            teams.extend(of_agent.filter(limits).map(|team| team.id));
        }
        for write in self.writes() {
            match write {
                Write::User { user, .. }
                    if user.availability == Availability::Online
                        && user.is_active
                        && says_takes_work(self.changes(), user) =>
                {
                    teams.extend(directory.teams_of(user.id).iter().filter_map(routed).map(|team| team.id));
                }
                Write::Team { team, expect: Expect::Version(_) } if team.is_routed() => {
                    teams.insert(team.id);
                }
                Write::Membership { membership, .. } => teams.extend(routed(&membership.team_id).map(|team| team.id)),
                _ => {}
            }
        }
        let mut wanted: BTreeSet<TeamId> = std::mem::take(&mut self.to_route);
        wanted.retain(|id| routed(id).is_some());
        for id in teams.difference(&wanted.clone()) {
            // What comes to wait at this very moment is found by the team's own look.
            if !self.desk.store.waiting_tickets(*id, 1).await?.is_empty() {
                wanted.insert(*id);
            }
        }
        for id in wanted {
            let job = route_job(self.desk, self.now, id);
            self.write(Write::Job(Box::new(job)));
        }
        Ok(())
    }
}
