//! How tickets of teams find their agents.

use super::sample::{add, change};
use super::trial::{ALL, Trial};
use super::world::World;
use super::{area, refused};
use crate::access::Scope;
use crate::changes::{Expect, Write};
use crate::ids::{RoutingDecisionId, TeamId, TicketId, UserId};
use crate::model::{
    Availability, MemberLoad, Priority, Role, Routing, RoutingCandidate, RoutingDecision, RoutingDetail, RoutingTurn,
    Standing, Status, Ticket, User,
};
use crate::port::{RoutingQuery, StoreError, Unique};
use chrono::TimeDelta;
use uuid::Uuid;

area!["routing":
    what_is_known_of_members_is_as_of_now,
    only_what_is_open_counts,
    people_who_are_not_there_are_left_out,
    a_turn_changes_by_version,
    of_racing_turns_one_wins,
    what_waits_is_the_most_urgent_and_the_oldest_first,
    what_somebody_has_or_is_over_does_not_wait,
    a_decision_is_read_back_whole,
    decisions_are_listed_newest_first,
    a_decision_is_made_once_and_needs_its_ticket,
    decisions_are_told_to_whoever_sees_the_ticket,
];

async fn customer(t: &Trial) -> User {
    let customer = t.sample.user("Uma", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    customer
}

async fn loads(t: &Trial, team: TeamId, people: &[UserId]) -> (Option<RoutingTurn>, Vec<MemberLoad>) {
    let (turn, mut loads) = t.store.member_loads(team, people).await.expect("members are looked at");
    loads.sort_by_key(|load| load.user_id);
    (turn, loads)
}

async fn waiting(t: &Trial, team: TeamId, limit: usize) -> Vec<TicketId> {
    t.store.waiting_tickets(team, limit).await.expect("what waits is listed")
}

fn turn(id: Uuid, last: Option<UserId>, version: i64) -> RoutingTurn {
    RoutingTurn { id, last, version }
}

fn first(turn: RoutingTurn) -> Write {
    Write::RoutingTurn { turn, expect: Expect::New }
}

fn next(turn: RoutingTurn) -> Write {
    Write::RoutingTurn { turn, expect: Expect::Version(turn.version - 1) }
}

fn decision(t: &Trial, ticket: &Ticket, team_id: TeamId) -> RoutingDecision {
    let at = t.sample.now();
    let (ada, bo) = (UserId(t.sample.uuid()), UserId(t.sample.uuid()));
    let candidate = |user_id, standing, capacity| RoutingCandidate { user_id, standing, open: 3, capacity };
    RoutingDecision {
        id: RoutingDecisionId(t.sample.uuid()),
        ticket_id: ticket.id,
        team_id,
        at,
        agent_id: Some(bo),
        detail: RoutingDetail {
            routing: Routing::LeastLoaded,
            skills: vec!["Français".to_owned()],
            skills_waived: false,
            candidates: vec![candidate(ada, Standing::LacksSkill, Some(5)), candidate(bo, Standing::Chosen, None)],
            more: 7,
        },
    }
}

fn write(decision: &RoutingDecision) -> Write {
    Write::RoutingDecision(Box::new(decision.clone()))
}

async fn listed(t: &Trial, scope: &Scope, query: RoutingQuery) -> Vec<RoutingDecisionId> {
    let decisions = t.store.routing_decisions(scope, &query).await.expect("decisions are listed");
    decisions.into_iter().map(|decision| decision.id).collect()
}

fn everything() -> RoutingQuery {
    RoutingQuery { limit: 1_000, ..RoutingQuery::default() }
}

async fn what_is_known_of_members_is_as_of_now(t: &Trial) {
    let team = TeamId(t.sample.uuid());
    let (ada, mut bo) = (t.sample.user("Ada", Role::Agent), t.sample.user("Bo", Role::Agent));
    t.commit(vec![add(&ada), add(&bo)]).await;
    let load = |user: &User, turn| MemberLoad {
        user_id: user.id,
        availability: user.availability,
        availability_since: user.availability_since,
        version: user.version,
        turn,
        open: 0,
    };
    assert_eq!(loads(t, team, &[ada.id, bo.id]).await, (None, vec![load(&ada, 0), load(&bo, 0)]));
    let away = change(&mut bo, |user| {
        user.availability = Availability::Away;
        user.availability_since = t.sample.now();
    });
    let round = turn(team.0, Some(ada.id), 1);
    t.commit(vec![away, first(round), first(turn(ada.id.0, None, 1))]).await;
    let found = loads(t, team, &[bo.id, ada.id]).await;
    assert_eq!(found, (Some(round), vec![load(&ada, 1), load(&bo, 0)]));
    assert_eq!(loads(t, TeamId(t.sample.uuid()), &[ada.id]).await.0, None, "another team has a round of its own");
}

async fn only_what_is_open_counts(t: &Trial) {
    let customer = customer(t).await;
    let (ada, bo) = (t.sample.user("Ada", Role::Agent), t.sample.user("Bo", Role::Agent));
    let mut rows = vec![add(&ada), add(&bo)];
    // Whichever team has them, and whichever has none.
    for (place, status) in Status::ALL.iter().enumerate() {
        let team_id = (place % 2 == 0).then(|| TeamId(t.sample.uuid()));
        let assigned_agent_id = Some(ada.id);
        rows.push(add(&Ticket { status: *status, assigned_agent_id, team_id, ..t.sample.ticket(&customer) }));
    }
    let mut theirs = Ticket { assigned_agent_id: Some(ada.id), ..t.sample.ticket(&customer) };
    rows.push(add(&theirs));
    t.commit(rows).await;
    let team = TeamId(t.sample.uuid());
    let open = async || loads(t, team, &[ada.id, bo.id]).await.1.iter().map(|load| load.open).collect::<Vec<_>>();
    assert_eq!(open().await, [5, 0]);
    t.commit(vec![change(&mut theirs, |ticket| ticket.assigned_agent_id = Some(bo.id))]).await;
    assert_eq!(open().await, [4, 1]);
    t.commit(vec![change(&mut theirs, |ticket| ticket.status = Status::Resolved)]).await;
    assert_eq!(open().await, [4, 0]);
}

async fn people_who_are_not_there_are_left_out(t: &Trial) {
    let ada = t.sample.user("Ada", Role::Agent);
    let team = TeamId(t.sample.uuid());
    let round = turn(team.0, None, 1);
    t.commit(vec![add(&ada), first(round)]).await;
    let (found, known) = loads(t, team, &[UserId(t.sample.uuid()), ada.id]).await;
    assert_eq!((found, known.len()), (Some(round), 1));
    assert_eq!(loads(t, team, &[]).await, (Some(round), vec![]));
    assert_eq!(loads(t, team, &[UserId(t.sample.uuid())]).await, (Some(round), vec![]));
}

async fn a_turn_changes_by_version(t: &Trial) {
    let (team, ada) = (TeamId(t.sample.uuid()), UserId(t.sample.uuid()));
    t.commit(vec![first(turn(team.0, None, 1))]).await;
    refused!(t.attempt(vec![first(turn(team.0, Some(ada), 1))]).await, StoreError::Conflict, "it is there");
    refused!(t.attempt(vec![next(turn(team.0, Some(ada), 3))]).await, StoreError::Conflict, "a stale version");
    refused!(t.attempt(vec![next(turn(ada.0, None, 2))]).await, StoreError::Conflict, "it is not there");
    t.commit(vec![next(turn(team.0, Some(ada), 2)), first(turn(ada.0, None, 1))]).await;
    assert_eq!(loads(t, team, &[]).await.0, Some(turn(team.0, Some(ada), 2)));
}

async fn of_racing_turns_one_wins(t: &Trial) {
    let team = TeamId(t.sample.uuid());
    for version in 1..=3 {
        let attempts = (0..8).map(|_| {
            let moved = turn(team.0, Some(UserId(t.sample.uuid())), version);
            t.attempt(vec![if version == 1 { first(moved) } else { next(moved) }])
        });
        let answers = futures::future::join_all(attempts).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(StoreError::Conflict))), "{answers:?}");
    }
}

async fn what_waits_is_the_most_urgent_and_the_oldest_first(t: &Trial) {
    let customer = customer(t).await;
    let team = TeamId(t.sample.uuid());
    let ticket =
        |priority| Ticket { priority, team_id: Some(team), assigned_agent_id: None, ..t.sample.ticket(&customer) };
    let [low, high, other, critical] = [Priority::Low, Priority::High, Priority::High, Priority::Critical].map(ticket);
    let mut old = ticket(Priority::High);
    old.created_at = low.created_at - TimeDelta::days(1);
    t.commit([&low, &high, &other, &critical, &old].map(add).to_vec()).await;
    let all = [critical.id, old.id, high.id, other.id, low.id];
    assert_eq!(waiting(t, team, 10).await, all);
    assert_eq!(waiting(t, team, 2).await, all[..2]);
    assert_eq!(waiting(t, TeamId(t.sample.uuid()), 10).await, []);
}

async fn what_somebody_has_or_is_over_does_not_wait(t: &Trial) {
    let customer = customer(t).await;
    let team = TeamId(t.sample.uuid());
    let free = || Ticket { team_id: Some(team), assigned_agent_id: None, ..t.sample.ticket(&customer) };
    let each: Vec<Ticket> = Status::ALL.iter().map(|status| Ticket { status: *status, ..free() }).collect();
    let held = Ticket { assigned_agent_id: Some(UserId(t.sample.uuid())), ..free() };
    let elsewhere = Ticket { team_id: None, ..free() };
    t.commit(each.iter().chain([&held, &elsewhere]).map(add).collect()).await;
    let open: Vec<TicketId> = each.iter().filter(|ticket| ticket.is_open()).map(|ticket| ticket.id).collect();
    assert_eq!(waiting(t, team, 10).await, open);
    let mut taken = each[0].clone();
    t.commit(vec![change(&mut taken, |ticket| ticket.assigned_agent_id = Some(UserId(t.sample.uuid())))]).await;
    assert_eq!(waiting(t, team, 10).await, open[1..]);
}

async fn a_decision_is_read_back_whole(t: &Trial) {
    let customer = customer(t).await;
    let ticket = t.sample.ticket(&customer);
    let team = TeamId(t.sample.uuid());
    let given = decision(t, &ticket, team);
    let mut waits = RoutingDecision { agent_id: None, ..decision(t, &ticket, team) };
    waits.detail = RoutingDetail { skills: vec![], skills_waived: true, candidates: vec![], more: 0, ..waits.detail };
    t.commit(vec![add(&ticket), write(&given), write(&waits)]).await;
    let query = RoutingQuery { ticket_id: Some(ticket.id), ..everything() };
    assert_eq!(t.store.routing_decisions(&ALL, &query).await.unwrap(), [waits, given]);
}

async fn decisions_are_listed_newest_first(t: &Trial) {
    let customer = customer(t).await;
    let (one, other) = (t.sample.ticket(&customer), t.sample.ticket(&customer));
    let (team, elsewhere) = (TeamId(t.sample.uuid()), TeamId(t.sample.uuid()));
    let made: Vec<RoutingDecision> = (0..6)
        .map(|n| decision(t, if n % 2 == 0 { &one } else { &other }, if n < 4 { team } else { elsewhere }))
        .collect();
    let mut rows = vec![add(&one), add(&other)];
    rows.extend(made.iter().map(write));
    t.commit(rows).await;
    let ids = |places: &[usize]| places.iter().map(|n| made[*n].id).collect::<Vec<_>>();
    assert_eq!(listed(t, &ALL, everything()).await, ids(&[5, 4, 3, 2, 1, 0]));
    let of_one = RoutingQuery { ticket_id: Some(one.id), ..everything() };
    assert_eq!(listed(t, &ALL, of_one).await, ids(&[4, 2, 0]));
    let of_team = RoutingQuery { team_id: Some(team), ..everything() };
    assert_eq!(listed(t, &ALL, of_team).await, ids(&[3, 2, 1, 0]));
    let before = Some(made[3].id);
    assert_eq!(listed(t, &ALL, RoutingQuery { before, limit: 2, ..of_team }).await, ids(&[2, 1]));
}

async fn a_decision_is_made_once_and_needs_its_ticket(t: &Trial) {
    let customer = customer(t).await;
    let ticket = t.sample.ticket(&customer);
    let made = decision(t, &ticket, TeamId(t.sample.uuid()));
    refused!(t.attempt(vec![write(&made)]).await, StoreError::Missing("ticket"), "nothing was decided");
    t.commit(vec![add(&ticket), write(&made)]).await;
    let other = RoutingDecision { agent_id: None, ..made.clone() };
    refused!(t.attempt(vec![write(&other)]).await, StoreError::Duplicate(Unique::Id), "it is made");
    assert_eq!(t.store.routing_decisions(&ALL, &everything()).await.unwrap(), [made]);
}

async fn decisions_are_told_to_whoever_sees_the_ticket(t: &Trial) {
    let world = World::of(t).await;
    let mut made = Vec::new();
    for told in &world.tickets {
        let decision = decision(t, &told.ticket, TeamId(t.sample.uuid()));
        t.commit(vec![write(&decision)]).await;
        made.push(decision);
    }
    for scope in world.scopes() {
        let is_seen = |id: TicketId| {
            scope.sees_internal() && world.tickets.iter().any(|told| told.ticket.id == id && scope.sees(&told.ticket))
        };
        let wanted: Vec<_> = made.iter().rev().filter(|one| is_seen(one.ticket_id)).map(|one| one.id).collect();
        assert_eq!(listed(t, &scope, everything()).await, wanted, "{scope:?}");
    }
}
