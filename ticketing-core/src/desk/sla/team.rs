//! What a team gets done, in numbers.

use super::report::{SlaAttainment, SlaReportQuery};
use crate::access::Call;
use crate::desk::Desk;
use crate::desk::period::ReportEdge;
use crate::error::Error;
use crate::ids::{TeamId, UserId};
use crate::model::{Availability, MemberLoad, MilestoneKind, Role, SlaMetric};
use crate::report::{MilestoneTally, TeamTally, TeamTallyQuery};
use crate::time::Time;
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which stretch of time a team's report is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct TeamReportQuery {
    /// Its beginning; thirty days before its end where nothing is said.
    pub from: Option<ReportEdge>,
    /// Its end; now where nothing is said.
    pub to: Option<ReportEdge>,
    /// The zone of its days; UTC where nothing is said.
    pub time_zone: Option<Tz>,
}

/// How long something took, seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Took {
    /// How often it happened.
    pub count: u64,
    /// On the average; none where it never happened.
    pub mean_seconds: Option<i64>,
    /// Half of them took at most so long.
    pub median_seconds: Option<i64>,
    /// Nine tenths of them took at most so long.
    pub p90_seconds: Option<i64>,
}

/// What a person got done for the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberReport {
    /// Who; none for what happened in nobody's hands.
    pub user_id: Option<UserId>,
    /// The name now.
    pub name: Option<String>,
    /// Whether the person is a member now.
    pub is_member: bool,
    /// How many tickets were first answered in the person's hands.
    pub first_responses: u64,
    /// How many were resolved in the person's hands.
    pub resolved: u64,
    /// How long these had been there, on the average, seconds.
    pub mean_resolution_seconds: Option<i64>,
    /// Of a member: whether new work is taken now.
    pub availability: Option<Availability>,
    /// Of a member: how many tickets are held now that are neither resolved nor closed, of all teams.
    pub open: Option<i64>,
    /// Of a member: how many there is room for; none without a limit.
    pub capacity: Option<i32>,
}

/// What a team got done in a stretch of time. A ticket counts for the team that had it at that moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TeamReport {
    /// The team.
    pub team_id: TeamId,
    /// Where it begins.
    pub from: Time,
    /// Where it ends.
    pub to: Time,
    /// How many tickets were made in the team.
    pub created: u64,
    /// How many came to it from elsewhere.
    pub joined: u64,
    /// How many went elsewhere.
    pub left: u64,
    /// How many were resolved, or closed without that.
    pub resolved: u64,
    /// How many asked for work again.
    pub reopened: u64,
    /// How many are neither resolved nor closed now.
    pub backlog: u64,
    /// How long after it was made a ticket was first answered.
    pub first_response: Took,
    /// How long after it was made a ticket was resolved.
    pub resolution: Took,
    /// How promises were kept.
    pub sla: BTreeMap<SlaMetric, SlaAttainment>,
    /// Who did how much: members by name, then others.
    pub members: Vec<MemberReport>,
}

impl Desk {
    /// What a team got done in a stretch of time, with team and agent as they were then. For managers.
    pub async fn team_report(
        &self,
        call: impl Into<Call>,
        id: TeamId,
        query: TeamReportQuery,
    ) -> Result<TeamReport, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Manager)?;
        let snapshot = self.snapshot().await?;
        let team = snapshot.directory.team(id).ok_or(Error::NotFound("team"))?;
        let TeamReportQuery { from, to, time_zone } = query;
        let of_promises = SlaReportQuery { from, to, time_zone, team_id: Some(id), ..SlaReportQuery::default() };
        let plan = of_promises.plan(self.now())?;
        let asked = TeamTallyQuery { team_id: id, from: plan.query.from, to: plan.query.to };
        let scope = self.scope(&call.actor);
        let tally = self.store.team_report(&scope, &asked).await?;
        let sla = plan.whole(&self.store.sla_report(&scope, &plan.query).await?);
        let people: Vec<UserId> = snapshot.directory.members(id).map(|member| member.user_id).collect();
        let (_, loads) = self.store.member_loads(id, &people).await?;
        let load = |id: UserId| loads.iter().find(|load| load.user_id == id);
        let mut others: BTreeSet<Option<UserId>> = tally.counts.iter().map(|tally| tally.agent_id).collect();
        for id in &people {
            others.remove(&Some(*id));
        }
        let names = self.names(&people, &others, &snapshot).await?;
        let done = Done::of(&tally.counts);
        let row = |user_id: Option<UserId>, load: Option<&MemberLoad>| MemberReport {
            user_id,
            name: user_id.and_then(|id| names.get(&id).cloned()),
            is_member: load.is_some(),
            first_responses: done.count(user_id, MilestoneKind::FirstResponse),
            resolved: done.count(user_id, MilestoneKind::Resolved),
            mean_resolution_seconds: done.mean(user_id, MilestoneKind::Resolved),
            availability: load.map(|load| load.availability),
            open: load.map(|load| load.open),
            capacity: load.and_then(|load| {
                snapshot.directory.membership(id, load.user_id).and_then(|member| member.capacity).or(team.capacity)
            }),
        };
        let mut members: Vec<MemberReport> = people.iter().map(|id| row(Some(*id), load(*id))).collect();
        let did = |row: &MemberReport| row.first_responses + row.resolved > 0;
        members.extend(others.into_iter().map(|id| row(id, None)).filter(did));
        members.sort_by_key(|row| (!row.is_member, row.user_id.is_none(), row.name.clone(), row.user_id));
        Ok(TeamReport {
            team_id: id,
            from: plan.from,
            to: plan.to,
            created: count(&tally, MilestoneKind::Created),
            joined: count(&tally, MilestoneKind::Joined),
            left: count(&tally, MilestoneKind::Left),
            resolved: count(&tally, MilestoneKind::Resolved),
            reopened: count(&tally, MilestoneKind::Reopened),
            backlog: tally.open,
            first_response: took(&tally, MilestoneKind::FirstResponse),
            resolution: took(&tally, MilestoneKind::Resolved),
            sla,
            members,
        })
    }

    /// What people are called. Who no longer works here is looked up.
    async fn names(
        &self,
        members: &[UserId],
        others: &BTreeSet<Option<UserId>>,
        snapshot: &crate::desk::Snapshot,
    ) -> Result<HashMap<UserId, String>, Error> {
        let wanted = members.iter().copied().chain(others.iter().copied().flatten());
        let (mut names, mut unknown) = (HashMap::new(), Vec::new());
        for id in wanted {
            match snapshot.directory.staff(id) {
                Some(user) => drop(names.insert(id, user.name.clone())),
                None => unknown.push(id),
            }
        }
        if !unknown.is_empty() {
            let found = self.store.users_by_ids(&crate::access::Scope::UPKEEP, &unknown).await?;
            names.extend(found.into_iter().map(|user| (user.id, user.name)));
        }
        Ok(names)
    }
}

/// What each person did.
struct Done(HashMap<(Option<UserId>, MilestoneKind), MilestoneTally>);

impl Done {
    fn of(counts: &[MilestoneTally]) -> Self {
        Self(counts.iter().map(|tally| ((tally.agent_id, tally.kind), *tally)).collect())
    }

    fn count(&self, id: Option<UserId>, kind: MilestoneKind) -> u64 {
        self.0.get(&(id, kind)).map_or(0, |tally| tally.count)
    }

    fn mean(&self, id: Option<UserId>, kind: MilestoneKind) -> Option<i64> {
        self.0.get(&(id, kind)).and_then(|tally| mean(tally.count, tally.spent))
    }
}

fn mean(count: u64, spent: i64) -> Option<i64> {
    i64::try_from(count).ok().and_then(|count| spent.checked_div(count))
}

fn of_kind(tally: &TeamTally, kind: MilestoneKind) -> impl Iterator<Item = &MilestoneTally> {
    tally.counts.iter().filter(move |tally| tally.kind == kind)
}

fn count(tally: &TeamTally, kind: MilestoneKind) -> u64 {
    of_kind(tally, kind).map(|tally| tally.count).sum()
}

fn took(tally: &TeamTally, kind: MilestoneKind) -> Took {
    let (count, spent) = (count(tally, kind), of_kind(tally, kind).map(|tally| tally.spent).sum());
    let spread = tally.spreads.iter().find(|spread| spread.kind == kind);
    Took {
        count,
        mean_seconds: mean(count, spent),
        median_seconds: spread.map(|spread| spread.median),
        p90_seconds: spread.map(|spread| spread.p90),
    }
}
