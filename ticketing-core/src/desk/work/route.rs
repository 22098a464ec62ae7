//! Looking for agents for what waits in a team: once somebody is free, and once a minute in case nobody said so.

use super::dispatch::{new_job, payload, worker_call};
use super::perform::{Done, End};
use super::settle::is_store_away;
use super::shift::Shift;
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::condition::{Condition, Field, Literal, Test};
use crate::desk::recorder::Recorder;
use crate::desk::routing::Routes;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::{TeamId, TicketId, TicketKey, UserId};
use crate::model::{Availability, Job, JobKind, JobOutcome, MemberLoad, Recurrence, Status, Team, Ticket};
use crate::query::{Sort, SortField, TicketQuery};
use crate::routing::{Case, choose};
use crate::time::{Time, parse_duration};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::cmp::Reverse;

/// How often a team is looked at though nobody said that anybody is free.
const EVERY: TimeDelta = TimeDelta::minutes(1);
/// Tickets that a job looks at. Where there are more, the next look is a job of its own.
const MOST: usize = 2_000;
/// Tickets that are read in one go.
const PAGE: usize = 100;
/// What an agent who is away for long still has to do: what waits for staff.
const WAITS_FOR_STAFF: &[Status] = &[Status::Open, Status::InProgress];

/// A team that is looked at.
#[derive(Debug, Serialize, Deserialize)]
struct Route {
    team_id: TeamId,
}

/// The job that looks for agents for what waits in a team.
pub(in crate::desk) fn route_job(desk: &Desk, now: Time, team_id: TeamId) -> Job {
    new_job(desk, now, JobKind::Route, &format!("route/{team_id}"), json!(Route { team_id }))
}

/// When a team is next looked at by itself.
pub(in crate::desk) fn next_look(now: Time) -> Time {
    now + EVERY
}

/// What there is to do in a team.
#[derive(Default)]
struct Found {
    /// Tickets that nobody has, where anybody is free at all.
    waiting: Vec<TicketId>,
    /// Members who are offline for so long that somebody else takes over, where anybody is free at all.
    gone: Vec<UserId>,
    /// What is known of the members then.
    loads: Vec<MemberLoad>,
}

impl Desk {
    /// What is known of the members of a team, where any of them is free.
    async fn loads_of_free(&self, snapshot: &Snapshot, team: &Team) -> Result<Option<Vec<MemberLoad>>, Error> {
        let people: Vec<UserId> = snapshot.directory.members(team.id).map(|member| member.user_id).collect();
        let (turn, loads) = self.store.member_loads(team.id, &people).await?;
        let case = Case { team, directory: &snapshot.directory, turn, loads: &loads, had: None, tags: &[] };
        Ok(choose(&case).0.map(|_| loads))
    }

    async fn look_at_team(&self, snapshot: &Snapshot, team: &Team, limit: usize) -> Result<Found, Error> {
        let Some(loads) = self.loads_of_free(snapshot, team).await? else { return Ok(Found::default()) };
        let after = snapshot.profile.content.reroute_after.as_deref().and_then(|after| parse_duration(after).ok());
        let (now, mut gone) = (self.now(), Vec::new());
        if let Some(after) = after {
            let is_gone = |availability, since: Time| availability == Availability::Offline && now - since >= after;
            let long = loads.iter().filter(|load| load.open > 0);
            gone.extend(
                long.filter(|load| is_gone(load.availability, load.availability_since)).map(|load| load.user_id),
            );
        }
        Ok(Found { waiting: self.store.waiting_tickets(team.id, limit).await?, gone, loads })
    }

    /// What these people hold of a team and what waits for staff, the oldest first.
    async fn held_by(&self, team: TeamId, people: &[UserId], limit: usize) -> Result<Vec<Ticket>, Error> {
        let people = people.iter().map(|id| Literal::Id(id.0)).collect();
        let statuses = WAITS_FOR_STAFF.iter().map(|status| Literal::Rank(status.rank())).collect();
        let filter = Condition::All(vec![
            Condition::leaf(Field::TeamId, Test::In(vec![Literal::Id(team.0)])),
            Condition::leaf(Field::AssignedAgentId, Test::In(people)),
            Condition::leaf(Field::Status, Test::In(statuses)),
        ]);
        let sort = Sort { field: SortField::CreatedAt, descending: false };
        let query = TicketQuery { filter, sort, after: None, limit, now: self.now() };
        Ok(self.store.tickets(&Scope::UPKEEP, &query).await?)
    }

    /// Looks for an agent for a ticket that waits, or that somebody holds who is gone. Answers whether it has another one
    /// now.
    async fn route_ticket(&self, id: TicketId, gone: Option<UserId>) -> Result<bool, Error> {
        let call = &worker_call();
        let _turn = self.parts.turns.take(&id).await;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let Some(before) = self.store.ticket(&Scope::UPKEEP, &id.into()).await? else { return Ok(false) };
            // Somebody took it meanwhile, or it is over.
            if !before.is_open() || before.merged_into.is_some() || before.assigned_agent_id != gone {
                return Ok(false);
            }
            recorder.routes = gone.map_or(Routes::Waiting, Routes::From);
            let (ticket, ()) = Self::change_loaded(recorder, before, None, |_| Ok(())).await?;
            Ok(ticket.assigned_agent_id != gone)
        })
        .await
    }
}

impl Shift<'_> {
    /// Looks for agents for all that waits in a team, then for what members hold who are gone. Done again it finds what
    /// is left.
    pub(super) async fn route(&self, job: &Job) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let Route { team_id } = payload(job)?;
        let done = || Ok(End::plain(JobOutcome::Done).into());
        let snapshot = desk.snapshot().await?;
        let Some(team) = snapshot.directory.team(team_id).filter(|team| team.is_routed()) else { return done() };
        let found = desk.look_at_team(&snapshot, team, MOST).await?;
        let is_full = found.waiting.len() == MOST;
        let waiting: Vec<TicketKey> = found.waiting.iter().map(|id| (*id).into()).collect();
        let mut given = 0;
        let mut loads = Some(found.loads);
        for keys in waiting.chunks(PAGE) {
            let mut page = desk.store.tickets_by_keys(&Scope::UPKEEP, keys).await?;
            page.sort_by_key(|ticket| (Reverse(ticket.priority), ticket.created_at, ticket.id));
            given += self.route_page(&snapshot, team, page, &mut loads).await?;
        }
        if loads.is_some() && !found.gone.is_empty() {
            let held = desk.held_by(team_id, &found.gone, PAGE).await?;
            self.route_page(&snapshot, team, held, &mut loads).await?;
        }
        if is_full && given > 0 {
            let next = Write::Job(Box::new(route_job(desk, desk.now(), team_id)));
            return Ok(End { writes: vec![next], ..End::plain(JobOutcome::Done) }.into());
        }
        done()
    }

    /// Gives out what somebody is free for, as long as anybody is. Answers how many tickets.
    async fn route_page(
        &self,
        snapshot: &Snapshot,
        team: &Team,
        tickets: Vec<Ticket>,
        loads: &mut Option<Vec<MemberLoad>>,
    ) -> Result<usize, Error> {
        let desk = &self.workers.desk;
        let mut given = 0;
        for ticket in tickets {
            let Some(known) = loads else { break };
            let (had, tags) = (ticket.assigned_agent_id, &ticket.tags);
            let case = Case { team, directory: &snapshot.directory, turn: None, loads: known, had, tags };
            // A skill may be missing for this ticket alone.
            if choose(&case).0.is_none() {
                continue;
            }
            match desk.route_ticket(ticket.id, had).await {
                Ok(is_given) => given += usize::from(is_given),
                Err(error) if is_store_away(&error) => return Err(error),
                // A ticket that fails takes no other with it.
                Err(error) => {
                    let id = ticket.id;
                    tracing::error!(%id, error = &error as &dyn std::error::Error, "no agent could be looked for");
                }
            }
            *loads = desk.loads_of_free(snapshot, team).await?;
        }
        Ok(given)
    }

    /// One commit: when the team is next looked at, and, where there is anything to do, the job that does it.
    pub(super) async fn try_start_routing(&self, call: &Call, known: &Recurrence) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        let snapshot = std::sync::Arc::clone(&recorder.snapshot);
        let id = TeamId(known.id);
        let Some(team) = snapshot.directory.team(id).filter(|team| team.is_routed()) else {
            recorder.write(Write::Unschedule { kind: known.kind, id: known.id, version: known.version });
            return recorder.commit().await;
        };
        let found = desk.look_at_team(&snapshot, team, 1).await?;
        let is_held = async || Ok::<_, Error>(!desk.held_by(id, &found.gone, 1).await?.is_empty());
        if !found.waiting.is_empty() || (!found.gone.is_empty() && is_held().await?) {
            recorder.write(Write::Job(Box::new(route_job(desk, recorder.now, id))));
        }
        let recurrence = Recurrence { next_at: next_look(recorder.now), version: known.version + 1, ..*known };
        recorder.write(Write::Schedule { recurrence, expect: Expect::Version(known.version) });
        recorder.commit().await
    }
}
