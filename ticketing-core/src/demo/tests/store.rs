//! The demo in a store: what was made can be worked with.

use super::super::{DemoMark, batches, fill};
use super::{DemoOptions, everything, options};
use crate::access::{Scope, SystemReason};
use crate::condition::Condition;
use crate::ids::Seq;
use crate::memory::MemoryStore;
use crate::model::{Role, Status, Ticket, User};
use crate::port::{ActivityRead, Commit, PeopleRead, SettingsRead, StoreError, TicketRead};
use crate::query::{Sort, TicketQuery, UserQuery};
use crate::setting::{DeskProfile, Setting};
use chrono::TimeDelta;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

const ALL: Scope = Scope::System(SystemReason::Demo);

fn query() -> TicketQuery {
    TicketQuery { filter: Condition::always(), sort: Sort::default(), after: None, limit: 1000, now: super::now() }
}

async fn filled(tickets: u64) -> MemoryStore {
    let store = MemoryStore::new();
    let mut heard = Vec::new();
    let options = DemoOptions { batch: 64, ..options(tickets) };
    let made = fill(&store, &options, |done| heard.push(done)).await.unwrap();
    assert_eq!(made.tickets, tickets);
    assert!(heard.is_sorted() && heard.last() == Some(&tickets));
    store
}

#[tokio::test]
async fn a_filled_store_has_every_ticket_and_every_queue() {
    let store = filled(300).await;
    let mut found = store.tickets(&ALL, &query()).await.unwrap();
    assert_eq!(found.len(), 300);
    found.sort_by_key(|ticket| ticket.id);
    let made = everything(&options(300));
    for ticket in &found {
        let told = &made.tickets[&ticket.id];
        assert_eq!(Some(ticket), told.ticket.as_ref());
        assert_eq!(store.comments(&ALL, ticket.id, None, 100).await.unwrap(), told.comments);
        let events = store.ticket_events(&ALL, ticket.id, Seq::default(), 500).await.unwrap();
        assert!(events.is_sorted_by(|a, b| a.seq < b.seq));
        assert!(events.iter().map(|event| event.id).eq(told.events.iter().map(|event| event.id)));
    }
    let directory = store.settings().await.unwrap();
    assert_eq!(directory.teams.len(), 4);
    assert!(directory.documents.iter().any(|document| document.kind == DeskProfile::KIND));
    for team in directory.teams {
        let scope = Scope::Agent { user_id: directory.staff[0].id, teams: vec![team.id] };
        let queue = store.tickets(&scope, &query()).await.unwrap();
        let own = |ticket: &&Ticket| ticket.team_id == Some(team.id);
        assert!(queue.iter().filter(own).count() > 10, "{} has work", team.name);
        assert!(queue.iter().all(|ticket| scope.sees(ticket)) && queue.len() < 300);
        assert!(queue.iter().filter(own).any(|ticket| ticket.status == Status::Open));
    }
}

#[tokio::test]
async fn each_group_of_staff_is_there_and_can_sign_in() {
    let store = filled(50).await;
    let directory = store.settings().await.unwrap();
    let teams_of = |id| directory.memberships.iter().filter(|place| place.user_id == id).count();
    let agents: Vec<_> = directory.staff.iter().filter(|user| user.role == Role::Agent).collect();
    assert!(agents.iter().any(|agent| teams_of(agent.id) == 0) && agents.iter().any(|agent| teams_of(agent.id) == 2));
    assert!(directory.staff.iter().any(|user| user.role == Role::Admin));
    for user in store.users(&ALL, &UserQuery { limit: 200, ..UserQuery::default() }).await.unwrap() {
        let credential = store.credential_by_id(&ALL, user.id).await.unwrap().unwrap();
        assert_eq!(credential.password_hash.as_deref(), Some("$2b$10$demo"));
    }
}

#[tokio::test]
async fn the_same_desk_does_not_go_in_twice() {
    let store = filled(20).await;
    assert!(DemoMark::of(&store).await.unwrap().is_some_and(|mark| mark.is_whole));
    let before = everything_in(&store).await;
    let later = DemoOptions { now: super::now() + TimeDelta::days(3), ..options(30) };
    assert_eq!(fill(&store, &later, |_| panic!("nothing is written")).await.unwrap().tickets, 20);
    assert_eq!(everything_in(&store).await, before);
}

#[tokio::test]
async fn people_of_the_demo_that_are_there_for_another_reason_are_not_written_over() {
    let store = MemoryStore::new();
    let mut desk = batches(&options(20), store.settings_version().await.unwrap());
    store.commit(desk.next().unwrap()).await.unwrap();
    let refused = fill(&store, &options(20), |_| ()).await;
    assert!(matches!(refused, Err(StoreError::Conflict | StoreError::Duplicate(_))), "{refused:?}");
}

/// Whenever the fill was interrupted, a later one makes the desk that the first had begun.
#[tokio::test]
async fn an_interrupted_fill_goes_on() {
    let whole = everything_in(&filled(200).await).await;
    let first = DemoOptions { batch: 64, ..options(200) };
    for end in [64, 128, 192, 200] {
        let store = MemoryStore::new();
        let cut = AssertUnwindSafe(fill(&store, &first, |done| assert!(done < end, "the power is gone")));
        assert!(cut.catch_unwind().await.is_err());
        assert!(DemoMark::of(&store).await.unwrap().is_some_and(|mark| !mark.is_whole));
        let later = DemoOptions { now: super::now() + TimeDelta::days(3), ..options(500) };
        assert_eq!(fill(&store, &later, |_| ()).await.unwrap().tickets, 200);
        assert_eq!(everything_in(&store).await, whole);
    }
}

/// What is in the store: tickets, people, and how much of the log.
async fn everything_in(store: &MemoryStore) -> (Vec<Ticket>, Vec<User>, usize) {
    let people = UserQuery { limit: 1000, ..UserQuery::default() };
    let log = store.events(&ALL, Seq::default(), 100_000).await.unwrap().events.len();
    (store.tickets(&ALL, &query()).await.unwrap(), store.users(&ALL, &people).await.unwrap(), log)
}
