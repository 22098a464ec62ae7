//! Writers that meet.

use super::area;
use super::sample::{add, change, tell};
use super::trial::{ALL, Trial};
use crate::changes::{Changes, Guard, Row};
use crate::event::Fact;
use crate::ids::Seq;
use crate::model::Role;
use crate::port::{StoreError, Unique};
use std::sync::Arc;

area!["race":
    sixteen_writers_of_one_version_have_one_winner,
    writers_of_one_address_have_one_winner,
    a_guard_and_a_write_of_its_row_never_both_win_late,
    retries_lose_no_update,
    settings_and_tickets_meet_in_some_order,
];

/// Commits all at once, each from a task of its own, and answers in their order.
pub(super) async fn together(
    t: &Trial,
    changes: Vec<Changes>,
) -> Vec<crate::port::StoreResult<crate::changes::Committed>> {
    let gate = Arc::new(tokio::sync::Barrier::new(changes.len()));
    let tasks: Vec<_> = changes
        .into_iter()
        .map(|changes| {
            let (store, gate) = (Arc::clone(&t.store), Arc::clone(&gate));
            tokio::spawn(async move {
                gate.wait().await;
                store.commit(changes).await
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("a commit does not panic"));
    }
    answers
}

async fn sixteen_writers_of_one_version_have_one_winner(t: &Trial) {
    let customer = t.sample.user("Uma", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    for round in 0..5 {
        let mut racing = Vec::new();
        for writer in 0..16 {
            let mut mine = ticket.clone();
            let write = change(&mut mine, |ticket| ticket.subject = format!("Writer {writer}"));
            let event = t.sample.event(&mine, Fact::TicketReopened {}, &customer);
            racing.push(t.changes(vec![write, tell(&event)]).await);
        }
        let answers = together(t, racing).await;
        let winners: Vec<usize> = (0..16).filter(|writer| answers[*writer].is_ok()).collect();
        assert_eq!(winners.len(), 1, "one winner in round {round}: {answers:?}");
        let others = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Conflict))).count();
        assert_eq!(others, 15, "the others conflict: {answers:?}");
        let stored = t.ticket(ticket.id).await.expect("the ticket is there");
        assert_eq!(stored.version, ticket.version + 1);
        assert_eq!(stored.subject, format!("Writer {}", winners[0]), "the winner's text is stored");
        let told = t.store.ticket_events(&ALL, ticket.id, Seq(0), 100).await.unwrap();
        assert_eq!(told.len(), round + 1, "the losers told nothing");
        ticket = stored;
    }
}

async fn writers_of_one_address_have_one_winner(t: &Trial) {
    let mut racing = Vec::new();
    for writer in 0..12 {
        let mut user = t.sample.user("Val", Role::Customer);
        user.email = if writer % 2 == 0 { "val@people.example".to_owned() } else { "VAL@PEOPLE.example".to_owned() };
        racing.push(t.changes(vec![add(&user)]).await);
    }
    let answers = together(t, racing).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "one winner: {answers:?}");
    // A store may also notice the collision as two transactions in each other's way.
    let lost =
        |answer: &&Result<_, _>| matches!(answer, Err(StoreError::Duplicate(Unique::Email) | StoreError::Conflict));
    assert_eq!(answers.iter().filter(lost).count(), 11, "the others are refused: {answers:?}");
}

async fn a_guard_and_a_write_of_its_row_never_both_win_late(t: &Trial) {
    for _ in 0..10 {
        let agent = t.sample.user("Wim", Role::Agent);
        let mut ticket = t.sample.ticket(&agent);
        t.commit(vec![add(&agent), add(&ticket)]).await;
        let mut leaver = agent.clone();
        let mut leave = t.changes(vec![change(&mut leaver, |user| user.is_active = false)]).await;
        // Each one reads what the other one writes, so both together would be a decision that
        // nobody took.
        leave.guards.push(Guard { row: Row::Ticket(ticket.id), version: 1 });
        let mut assign = t.changes(vec![change(&mut ticket, |row| row.assigned_agent_id = Some(agent.id))]).await;
        assign.guards.push(Guard { row: Row::User(agent.id), version: 1 });
        let answers = together(t, vec![leave, assign]).await;
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!(won <= 1, "at most one of two that guard each other's row wins: {answers:?}");
        let lost = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Conflict))).count();
        assert_eq!(won + lost, 2, "the other conflicts: {answers:?}");
        let stored = t.ticket(ticket.id).await.expect("the ticket is there");
        let active = t.store.user(&ALL, agent.id).await.unwrap().expect("the agent is there").is_active;
        assert!(active || stored.assigned_agent_id.is_none(), "nobody is assigned who has left");
    }
}

async fn retries_lose_no_update(t: &Trial) {
    let customer = t.sample.user("Xia", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let settings = t.store.settings_version().await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let (store, id) = (Arc::clone(&t.store), t.sample.uuid());
        tasks.push(tokio::spawn(async move {
            let mut done = 0;
            while done < 5 {
                let mut row = store.ticket(&ALL, &ticket.id.into()).await.unwrap().expect("the ticket is there");
                // Others get their turn between what is read and what is decided by it.
                tokio::task::yield_now().await;
                let writes = vec![change(&mut row, |ticket| ticket.escalation_level += 1)];
                let (scope, guards) = (ALL, Vec::new());
                let changes =
                    Changes { id: crate::ChangeId(id), scope, settings, bumps_settings: false, writes, guards };
                match store.commit(changes).await {
                    Ok(_) => done += 1,
                    Err(StoreError::Conflict) => tokio::task::yield_now().await,
                    Err(error) => panic!("a race is a conflict, not {error:?}"),
                }
            }
        }));
    }
    for task in tasks {
        task.await.expect("every writer gets through");
    }
    let stored = t.ticket(ticket.id).await.expect("the ticket is there");
    assert_eq!((stored.escalation_level, stored.version), (40, 41), "every answered change is in the row");
}

async fn settings_and_tickets_meet_in_some_order(t: &Trial) {
    let customer = t.sample.user("Yan", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    for _ in 0..5 {
        let mut racing = Vec::new();
        let before = t.store.settings_version().await.unwrap();
        for _ in 0..4 {
            let ticket = t.sample.ticket(&customer);
            racing.push(t.changes(vec![add(&ticket)]).await);
            racing.push(Changes { bumps_settings: true, ..t.changes(Vec::new()).await });
        }
        let answers = together(t, racing).await;
        for answer in &answers {
            let fits = matches!(answer, Ok(_) | Err(StoreError::StaleSettings | StoreError::Conflict));
            assert!(fits, "a commit is done or decided again: {answer:?}");
        }
        let bumps = answers.iter().skip(1).step_by(2).filter(|answer| answer.is_ok()).count();
        assert_eq!(bumps, 1, "of four that were decided under one version, one moves it on: {answers:?}");
        assert_eq!(t.store.settings_version().await.unwrap(), before + 1);
    }
}
