//! What reports count.

use super::sample::{add, change};
use super::trial::{ALL, Trial};
use super::{area, refused};
use crate::access::Scope;
use crate::changes::Write;
use crate::ids::{SlaPolicyId, TeamId, TicketId, UserId};
use crate::model::{Milestone, MilestoneKind, Priority, Role, SlaMetric, SlaResult, Status, Ticket};
use crate::port::StoreError;
use crate::report::{
    MilestoneTally, SlaGroup, SlaGrouping, SlaTally, SlaTallyQuery, Spread, TeamTally, TeamTallyQuery,
};
use crate::time::Time;
use chrono::TimeDelta;
use uuid::Uuid;

area!["report":
    promises_are_counted_by_each_group,
    what_is_known_is_replaced_until_it_is_broken,
    a_broken_promise_stays_where_it_was_broken,
    a_stretch_has_its_start_and_not_its_end,
    periods_part_the_stretch,
    only_what_is_asked_for_is_counted,
    a_result_is_part_of_its_commit,
    a_result_needs_its_ticket,
    only_who_sees_every_ticket_is_told,
    results_are_told_row_by_row_to_the_desk_alone,
    moments_are_told_row_by_row_to_the_desk_alone,
    moments_are_counted_for_the_team_that_had_the_ticket,
    the_middle_and_the_worse_end_are_values_that_there_are,
    a_moment_is_known_once_and_needs_its_ticket,
];

const POLICY: SlaPolicyId = SlaPolicyId(Uuid::from_u128(5));

async fn ticket(t: &Trial) -> Ticket {
    let customer = t.sample.user("Uma", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    ticket
}

/// A promise of an hour that was kept after ten minutes, in nobody's hands.
fn kept(t: &Trial, ticket: &Ticket, metric: SlaMetric) -> SlaResult {
    let started_at = t.sample.now();
    SlaResult {
        ticket_id: ticket.id,
        metric,
        started_at,
        policy_id: POLICY,
        target: 3_600,
        spent: 600,
        at: started_at + TimeDelta::minutes(10),
        met_at: Some(started_at + TimeDelta::minutes(10)),
        breached_at: None,
        priority: Priority::Medium,
        team_id: None,
        agent_id: None,
    }
}

/// The same, over after the hour.
fn broken(result: &SlaResult) -> SlaResult {
    let at = result.started_at + TimeDelta::hours(1);
    SlaResult { spent: 3_600, at, met_at: None, breached_at: Some(at), ..result.clone() }
}

fn write(result: &SlaResult) -> Write {
    Write::SlaResult(Box::new(result.clone()))
}

fn asked(group_by: SlaGrouping) -> SlaTallyQuery {
    let year = |year: i32| format!("{year}-01-01T00:00:00Z").parse().unwrap();
    SlaTallyQuery { from: year(1900), to: year(9000), group_by, metrics: Vec::new(), team_id: None, limit: 1_000 }
}

async fn counted(t: &Trial, query: &SlaTallyQuery) -> Vec<SlaTally> {
    let mut tallies = t.store.sla_report(&ALL, query).await.expect("promises are counted");
    tallies.sort_unstable();
    tallies
}

async fn whole(t: &Trial) -> Vec<SlaTally> {
    counted(t, &asked(SlaGrouping::Whole)).await
}

fn tally(group: SlaGroup, metric: SlaMetric, kept: u64, broken: u64, spent: i64) -> SlaTally {
    SlaTally { group, metric, kept, broken, spent }
}

async fn promises_are_counted_by_each_group(t: &Trial) {
    use SlaMetric::{FirstResponse, Resolution};
    assert_eq!(whole(t).await, []);
    let ticket = ticket(t).await;
    let (team, agent, policy) = (TeamId(t.sample.uuid()), UserId(t.sample.uuid()), SlaPolicyId(t.sample.uuid()));
    let first = kept(t, &ticket, FirstResponse);
    let other = SlaResult { priority: Priority::Critical, spent: 60, ..kept(t, &ticket, FirstResponse) };
    let late = broken(&kept(t, &ticket, FirstResponse));
    let late =
        SlaResult { met_at: Some(late.at), team_id: Some(team), agent_id: Some(agent), policy_id: policy, ..late };
    let never = SlaResult { team_id: Some(team), ..broken(&kept(t, &ticket, Resolution)) };
    t.commit([&first, &other, &late, &never].map(write).to_vec()).await;
    let by = async |group_by| counted(t, &asked(group_by)).await;
    let all = [tally(SlaGroup::Whole, FirstResponse, 2, 1, 4_260), tally(SlaGroup::Whole, Resolution, 0, 1, 3_600)];
    assert_eq!(by(SlaGrouping::Whole).await, all);
    let (medium, critical) = (SlaGroup::Priority(Priority::Medium), SlaGroup::Priority(Priority::Critical));
    let expected = [
        tally(medium, FirstResponse, 1, 1, 4_200),
        tally(medium, Resolution, 0, 1, 3_600),
        tally(critical, FirstResponse, 1, 0, 60),
    ];
    assert_eq!(by(SlaGrouping::Priority).await, expected);
    let (in_none, in_team) = (SlaGroup::Team(None), SlaGroup::Team(Some(team)));
    let expected = [
        tally(in_none, FirstResponse, 2, 0, 660),
        tally(in_team, FirstResponse, 0, 1, 3_600),
        tally(in_team, Resolution, 0, 1, 3_600),
    ];
    assert_eq!(by(SlaGrouping::Team).await, expected);
    let (nobodys, theirs) = (SlaGroup::Agent(None), SlaGroup::Agent(Some(agent)));
    let expected = [
        tally(nobodys, FirstResponse, 2, 0, 660),
        tally(nobodys, Resolution, 0, 1, 3_600),
        tally(theirs, FirstResponse, 0, 1, 3_600),
    ];
    assert_eq!(by(SlaGrouping::Agent).await, expected);
    let expected = [
        tally(SlaGroup::Policy(POLICY), FirstResponse, 2, 0, 660),
        tally(SlaGroup::Policy(POLICY), Resolution, 0, 1, 3_600),
        tally(SlaGroup::Policy(policy), FirstResponse, 0, 1, 3_600),
    ];
    assert_eq!(by(SlaGrouping::Policy).await, expected);
}

async fn what_is_known_is_replaced_until_it_is_broken(t: &Trial) {
    let ticket = ticket(t).await;
    let first = kept(t, &ticket, SlaMetric::Resolution);
    t.commit(vec![write(&first)]).await;
    let team = TeamId(t.sample.uuid());
    let again = SlaResult { spent: 900, team_id: Some(team), priority: Priority::High, ..first.clone() };
    t.commit(vec![write(&again)]).await;
    let by_team = async || counted(t, &asked(SlaGrouping::Team)).await;
    assert_eq!(by_team().await, [tally(SlaGroup::Team(Some(team)), SlaMetric::Resolution, 1, 0, 900)]);
    let over = broken(&SlaResult { team_id: None, ..again });
    t.commit(vec![write(&over)]).await;
    assert_eq!(by_team().await, [tally(SlaGroup::Team(None), SlaMetric::Resolution, 0, 1, 3_600)]);
    // Another start is another promise.
    t.commit(vec![write(&SlaResult { started_at: first.started_at + TimeDelta::microseconds(1), ..first })]).await;
    assert_eq!(by_team().await, [tally(SlaGroup::Team(None), SlaMetric::Resolution, 1, 1, 4_200)]);
}

async fn a_broken_promise_stays_where_it_was_broken(t: &Trial) {
    let ticket = ticket(t).await;
    let team = TeamId(t.sample.uuid());
    let over = SlaResult { team_id: Some(team), ..broken(&kept(t, &ticket, SlaMetric::FirstResponse)) };
    t.commit(vec![write(&over)]).await;
    let later = over.at + TimeDelta::days(1);
    let done = SlaResult {
        met_at: Some(later),
        spent: 90_000,
        target: 60,
        at: later,
        breached_at: None,
        priority: Priority::Low,
        team_id: None,
        agent_id: Some(UserId(t.sample.uuid())),
        policy_id: SlaPolicyId(t.sample.uuid()),
        ..over.clone()
    };
    t.commit(vec![write(&done)]).await;
    let metric = SlaMetric::FirstResponse;
    for (group_by, group) in [
        (SlaGrouping::Team, SlaGroup::Team(Some(team))),
        (SlaGrouping::Agent, SlaGroup::Agent(None)),
        (SlaGrouping::Priority, SlaGroup::Priority(Priority::Medium)),
        (SlaGrouping::Policy, SlaGroup::Policy(POLICY)),
    ] {
        let query = SlaTallyQuery { from: over.at, to: over.at + TimeDelta::hours(1), ..asked(group_by) };
        assert_eq!(counted(t, &query).await, [tally(group, metric, 0, 1, 90_000)]);
    }
}

async fn a_stretch_has_its_start_and_not_its_end(t: &Trial) {
    let ticket = ticket(t).await;
    let result = kept(t, &ticket, SlaMetric::FirstResponse);
    t.commit(vec![write(&result)]).await;
    let tick = TimeDelta::microseconds(1);
    let many =
        async |from: Time, to: Time| counted(t, &SlaTallyQuery { from, to, ..asked(SlaGrouping::Whole) }).await.len();
    assert_eq!(many(result.at, result.at + tick).await, 1);
    assert_eq!(many(result.at - tick, result.at).await, 0);
    assert_eq!(many(result.at + tick, result.at + tick * 2).await, 0);
}

async fn periods_part_the_stretch(t: &Trial) {
    let ticket = ticket(t).await;
    let metric = SlaMetric::NextResponse;
    let begin = t.sample.now();
    let hour = |hours: i32| begin + TimeDelta::hours(1) * hours;
    let tick = TimeDelta::microseconds(1);
    let moments = [begin - tick, begin, hour(1) - tick, hour(1), hour(4), hour(5) - tick, hour(5)];
    let results = moments.map(|at| SlaResult { at, spent: 1, ..kept(t, &ticket, metric) });
    t.commit(results.iter().map(write).collect()).await;
    let starts = (0..5).map(hour).collect();
    let query = SlaTallyQuery { from: begin, to: hour(5), ..asked(SlaGrouping::Periods(starts)) };
    let in_period = |place, kept, spent| tally(SlaGroup::Period(place), metric, kept, 0, spent);
    assert_eq!(counted(t, &query).await, [in_period(0, 2, 2), in_period(1, 1, 1), in_period(4, 2, 2)]);
}

async fn only_what_is_asked_for_is_counted(t: &Trial) {
    use SlaMetric::{FirstResponse, NextResponse, Resolution};
    let ticket = ticket(t).await;
    let team = TeamId(t.sample.uuid());
    let of_team = |metric| SlaResult { team_id: Some(team), ..kept(t, &ticket, metric) };
    let results = [kept(t, &ticket, FirstResponse), of_team(FirstResponse), of_team(NextResponse), of_team(Resolution)];
    t.commit(results.iter().map(write).collect()).await;
    let of = |metric, kept: u32| tally(SlaGroup::Whole, metric, kept.into(), 0, i64::from(kept) * 600);
    let some = SlaTallyQuery { metrics: vec![Resolution, FirstResponse], ..asked(SlaGrouping::Whole) };
    assert_eq!(counted(t, &some).await, [of(FirstResponse, 2), of(Resolution, 1)]);
    let theirs = SlaTallyQuery { team_id: Some(team), ..some };
    assert_eq!(counted(t, &theirs).await, [of(FirstResponse, 1), of(Resolution, 1)]);
    let nobodys = SlaTallyQuery { team_id: Some(TeamId(t.sample.uuid())), ..asked(SlaGrouping::Team) };
    assert_eq!(counted(t, &nobodys).await, []);
    for (limit, many) in [(0, 0), (2, 2), (3, 3), (4, 3)] {
        let few = SlaTallyQuery { limit, ..asked(SlaGrouping::Whole) };
        assert_eq!(counted(t, &few).await.len(), many, "at most {limit}");
    }
    let period = SlaTallyQuery { team_id: Some(team), metrics: vec![NextResponse], ..asked(SlaGrouping::Whole) };
    let period = SlaTallyQuery { group_by: SlaGrouping::Periods(vec![period.from]), ..period };
    assert_eq!(counted(t, &period).await, [tally(SlaGroup::Period(0), NextResponse, 1, 0, 600)]);
}

async fn a_result_is_part_of_its_commit(t: &Trial) {
    let mut ticket = ticket(t).await;
    let mut stale = ticket.clone();
    t.commit(vec![change(&mut ticket, |ticket| ticket.escalation_level = 1)]).await;
    let late = change(&mut stale, |ticket| ticket.escalation_level = 2);
    let result = kept(t, &ticket, SlaMetric::FirstResponse);
    refused!(t.attempt(vec![write(&result), late]).await, StoreError::Conflict, "a stale version");
    assert_eq!(whole(t).await, []);
}

async fn a_result_needs_its_ticket(t: &Trial) {
    let customer = t.sample.user("Uma", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    let result = kept(t, &ticket, SlaMetric::FirstResponse);
    refused!(t.attempt(vec![write(&result)]).await, StoreError::Missing("ticket"), "nothing was promised");
    // One that is made in the same commit is there.
    t.commit(vec![write(&result), add(&customer), add(&ticket)]).await;
    assert_eq!(whole(t).await.len(), 1);
}

async fn only_who_sees_every_ticket_is_told(t: &Trial) {
    let ticket = ticket(t).await;
    t.commit(vec![write(&kept(t, &ticket, SlaMetric::FirstResponse))]).await;
    let user_id = ticket.customer_id;
    let told = async |scope: Scope| {
        t.store.sla_report(&scope, &asked(SlaGrouping::Whole)).await.expect("promises are counted").len()
    };
    assert_eq!(told(Scope::Staff { user_id }).await, 1);
    assert_eq!(told(Scope::Agent { user_id, teams: Vec::new() }).await, 0);
    assert_eq!(told(Scope::Customer { user_id, organization_id: None }).await, 0);
}

async fn results_are_told_row_by_row_to_the_desk_alone(t: &Trial) {
    let (one, other) = (ticket(t).await, ticket(t).await);
    let agent = UserId(t.sample.uuid());
    let mut wanted = vec![
        SlaResult { team_id: Some(TeamId(t.sample.uuid())), ..kept(t, &one, SlaMetric::FirstResponse) },
        SlaResult { agent_id: Some(agent), ..broken(&kept(t, &one, SlaMetric::Resolution)) },
    ];
    let elsewhere = kept(t, &other, SlaMetric::Resolution);
    t.commit(wanted.iter().chain([&elsewhere]).map(write).collect()).await;
    let told = async |scope: &Scope, tickets: &[TicketId]| {
        let mut told = t.store.sla_results(scope, tickets).await.expect("promises are told");
        told.sort_by_key(|result| (result.ticket_id, result.metric, result.started_at));
        told
    };
    wanted.sort_by_key(|result| (result.ticket_id, result.metric, result.started_at));
    assert_eq!(told(&ALL, &[one.id]).await, wanted);
    assert_eq!(told(&ALL, &[one.id, other.id]).await.len(), 3);
    assert_eq!(told(&ALL, &[]).await, []);
    for scope in [Scope::Staff { user_id: agent }, Scope::Customer { user_id: one.customer_id, organization_id: None }]
    {
        assert_eq!(told(&scope, &[one.id]).await, [], "{scope:?}");
    }
}

async fn moments_are_told_row_by_row_to_the_desk_alone(t: &Trial) {
    let (one, other) = (ticket(t).await, ticket(t).await);
    let agent = UserId(t.sample.uuid());
    let team = Some(TeamId(t.sample.uuid()));
    let mut wanted = vec![
        milestone(t, &one, MilestoneKind::Created, team, 0),
        milestone(t, &one, MilestoneKind::Resolved, None, 70),
        Milestone { agent_id: Some(agent), ..milestone(t, &one, MilestoneKind::Resolved, team, 90) },
    ];
    let elsewhere = milestone(t, &other, MilestoneKind::Joined, team, 5);
    t.commit(wanted.iter().chain([&elsewhere]).map(|one| Write::Milestone(one.clone())).collect()).await;
    let told = async |scope: &Scope, tickets: &[TicketId]| {
        let mut told = t.store.milestones(scope, tickets).await.expect("moments are told");
        told.sort_by_key(|moment| (moment.ticket_id, moment.kind, moment.at));
        told
    };
    wanted.sort_by_key(|moment| (moment.ticket_id, moment.kind, moment.at));
    assert_eq!(told(&ALL, &[one.id]).await, wanted);
    assert_eq!(told(&ALL, &[one.id, other.id]).await.len(), 4);
    assert_eq!(told(&ALL, &[]).await, []);
    for scope in [Scope::Staff { user_id: agent }, Scope::Customer { user_id: one.customer_id, organization_id: None }]
    {
        assert_eq!(told(&scope, &[one.id]).await, [], "{scope:?}");
    }
}

fn milestone(t: &Trial, ticket: &Ticket, kind: MilestoneKind, team_id: Option<TeamId>, spent: i64) -> Milestone {
    let (ticket_id, at) = (ticket.id, t.sample.now());
    Milestone { ticket_id, kind, at, team_id, agent_id: None, priority: Priority::High, spent }
}

async fn of_team(t: &Trial, scope: &Scope, team_id: TeamId, (from, to): (Time, Time)) -> TeamTally {
    let query = TeamTallyQuery { team_id, from, to };
    let mut tally = t.store.team_report(scope, &query).await.expect("moments are counted");
    tally.counts.sort_unstable();
    tally.spreads.sort_unstable();
    tally
}

fn ever() -> (Time, Time) {
    let query = asked(SlaGrouping::Whole);
    (query.from, query.to)
}

async fn moments_are_counted_for_the_team_that_had_the_ticket(t: &Trial) {
    use MilestoneKind::{Created, Resolved};
    let (team, other, agent) = (TeamId(t.sample.uuid()), TeamId(t.sample.uuid()), UserId(t.sample.uuid()));
    assert_eq!(of_team(t, &ALL, team, ever()).await, TeamTally::default());
    let customer = t.sample.user("Uma", Role::Customer);
    let ticket = |team_id, status| Ticket { status, team_id, ..t.sample.ticket(&customer) };
    let open = ticket(Some(team), Status::Pending);
    let others = [ticket(Some(team), Status::Resolved), ticket(Some(other), Status::Open), ticket(None, Status::Open)];
    let first = milestone(t, &open, Created, Some(team), 0);
    let theirs = milestone(t, &open, Created, Some(other), 0);
    let nobodys = milestone(t, &open, Created, None, 0);
    let done = Milestone { agent_id: Some(agent), ..milestone(t, &open, Resolved, Some(team), 70) };
    let again = Milestone { agent_id: Some(agent), ..milestone(t, &open, Resolved, Some(team), 30) };
    let rows = [&customer].map(add).into_iter().chain([&open, &others[0], &others[1], &others[2]].map(add));
    let moments = [&first, &theirs, &nobodys, &done, &again].map(|one| Write::Milestone(one.clone()));
    t.commit(rows.chain(moments).collect()).await;
    let count = |kind, agent_id, count, spent| MilestoneTally { kind, agent_id, count, spent };
    let expected = TeamTally {
        counts: vec![count(Created, None, 1, 0), count(Resolved, Some(agent), 2, 100)],
        spreads: vec![Spread { kind: Resolved, median: 30, p90: 70 }],
        open: 1,
    };
    assert_eq!(of_team(t, &ALL, team, ever()).await, expected);
    // A stretch has its start and not its end.
    let stretch = of_team(t, &ALL, team, (done.at, again.at)).await;
    assert_eq!(stretch.counts, [count(Resolved, Some(agent), 1, 70)]);
    for scope in [
        Scope::Customer { user_id: customer.id, organization_id: None },
        Scope::Agent { user_id: agent, teams: vec![team] },
    ] {
        assert_eq!(of_team(t, &scope, team, ever()).await, TeamTally::default(), "{scope:?}");
    }
    assert_eq!(of_team(t, &Scope::Staff { user_id: agent }, team, ever()).await, expected);
}

async fn the_middle_and_the_worse_end_are_values_that_there_are(t: &Trial) {
    let ticket = ticket(t).await;
    for (count, median, p90) in [(1, 1, 1), (2, 1, 2), (3, 2, 3), (9, 5, 9), (10, 5, 9), (11, 6, 10), (70, 35, 63)] {
        let team = TeamId(t.sample.uuid());
        let kinds = [MilestoneKind::FirstResponse, MilestoneKind::Joined];
        // The longest first, so that no order of writing helps.
        let moments = (1..=count)
            .rev()
            .flat_map(|spent| kinds.map(|kind| Write::Milestone(milestone(t, &ticket, kind, Some(team), spent))));
        t.commit(moments.collect()).await;
        let expected = [Spread { kind: MilestoneKind::FirstResponse, median, p90 }];
        assert_eq!(of_team(t, &ALL, team, ever()).await.spreads, expected, "of {count}");
    }
}

async fn a_moment_is_known_once_and_needs_its_ticket(t: &Trial) {
    let customer = t.sample.user("Uma", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    let team = TeamId(t.sample.uuid());
    let first = milestone(t, &ticket, MilestoneKind::Resolved, Some(team), 5);
    let orphan = t.attempt(vec![Write::Milestone(first.clone())]).await;
    refused!(orphan, StoreError::Missing("ticket"), "nothing is counted");
    t.commit(vec![add(&customer), add(&ticket), Write::Milestone(first.clone())]).await;
    let again = Milestone { spent: 9, team_id: None, ..first };
    t.commit(vec![Write::Milestone(again)]).await;
    let expected = [MilestoneTally { kind: MilestoneKind::Resolved, agent_id: None, count: 1, spent: 5 }];
    assert_eq!(of_team(t, &ALL, team, ever()).await.counts, expected);
}
