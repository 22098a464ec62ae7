//! All or nothing.

use super::sample::{Stored, add, change, inform, note, ran, tell};
use super::trial::{ALL, Trial, listed};
use super::{area, refused};
use crate::changes::{Changes, Expect, Guard, Row, Write};
use crate::condition::Condition;
use crate::event::Fact;
use crate::ids::Seq;
use crate::model::{Role, Subject, Ticket, User};
use crate::port::{StoreError, StoreResult, Unique};
use crate::query::{AuditQuery, NotificationQuery, OrganizationQuery, Sort, UserQuery, WorkflowRunQuery};
use serde_json::json;

area!["whole":
    a_duplicate_in_the_last_write_leaves_nothing,
    a_conflict_in_the_last_write_leaves_nothing,
    a_missing_reference_in_the_last_write_leaves_nothing,
    a_failed_guard_leaves_nothing,
    stale_settings_leave_nothing,
    items_of_a_batch_stand_alone,
    items_that_want_one_version_have_one_winner,
    a_big_commit_is_whole,
];

/// What is there before the commit that fails.
struct Before {
    customer: User,
    ticket: Ticket,
    log: usize,
    settings: i64,
}

async fn before(t: &Trial) -> Before {
    let mut customer = t.sample.user("Jo", Role::Customer);
    customer.email = "jo@people.example".to_owned();
    let ticket = t.sample.ticket(&customer);
    let event = t.sample.event(&ticket, Fact::TicketCreated {}, &customer);
    t.commit(vec![add(&customer), add(&ticket), tell(&event)]).await;
    Before { customer, ticket, log: 1, settings: t.store.settings_version().await.unwrap() }
}

/// One write of every kind, none of which may stay when the last one fails.
fn doomed(t: &Trial, before: &Before) -> Vec<Write> {
    let (user, organization, team) =
        (t.sample.user("Kim", Role::Agent), t.sample.organization("Gone"), t.sample.team("Gone"));
    let ticket = t.sample.ticket(&before.customer);
    let mut edited = before.ticket.clone();
    vec![
        add(&user),
        add(&organization),
        add(&team),
        add(&t.sample.membership(&team, &user)),
        add(&ticket),
        change(&mut edited, |ticket| ticket.subject = "Never".to_owned()),
        add(&t.sample.comment(&before.ticket, &before.customer, false)),
        Write::Watch { ticket_id: before.ticket.id, user_id: before.customer.id, at: t.sample.now() },
        Write::Password { user_id: before.customer.id, hash: Some("never".to_owned()) },
        add(&t.sample.session(&before.customer)),
        add(&t.sample.api_key(&before.customer)),
        add(&t.sample.document("canned", json!({"text": "Never."}))),
        tell(&t.sample.event(&ticket, Fact::TicketCreated {}, &before.customer)),
        note(&t.sample.audit(&before.customer, "ticket.created", Subject::Ticket(ticket.id))),
        ran(&t.sample.run(t.sample.rule(), before.ticket.id)),
        inform(&t.sample.notification(before.customer.id)),
    ]
}

/// Nothing is there but what was there before.
async fn untouched(t: &Trial, before: &Before) {
    assert_eq!(t.ticket(before.ticket.id).await.as_ref(), Some(&before.ticket), "the ticket is as before");
    let all = listed(t, Condition::always(), Sort::default(), 100);
    assert_eq!(t.store.tickets(&ALL, &all).await.unwrap().len(), 1, "no ticket more");
    assert_eq!(t.store.ticket_count(&ALL, &all).await.unwrap(), 1, "no ticket more is counted");
    assert_eq!(t.comments(before.ticket.id).await.len(), 0, "no comment");
    assert_eq!(t.store.watchers(&ALL, before.ticket.id, None, 10).await.unwrap().len(), 0, "no watcher");
    assert_eq!(t.log(&ALL, 100).await.len(), before.log, "no event more");
    let people = UserQuery { limit: 100, ..UserQuery::default() };
    assert_eq!(t.store.users(&ALL, &people).await.unwrap().len(), 1, "no person more");
    assert_eq!(
        t.store
            .organizations(&ALL, &OrganizationQuery { limit: 100, ..OrganizationQuery::default() })
            .await
            .unwrap()
            .len(),
        0,
        "no company"
    );
    let credential = t.store.credential_by_id(&ALL, before.customer.id).await.unwrap().expect("the person is there");
    assert_eq!(credential.password_hash, None, "no password");
    let lines = AuditQuery { limit: 100, ..AuditQuery::default() };
    assert_eq!(t.store.audit(&ALL, &lines).await.unwrap().len(), 0, "no audit line");
    let runs = WorkflowRunQuery { limit: 100, ..WorkflowRunQuery::default() };
    assert_eq!(t.store.workflow_runs(&ALL, &runs).await.unwrap().len(), 0, "no rule did anything");
    assert_eq!(
        t.store.notifications(&NotificationQuery::of(before.customer.id, 100)).await.unwrap().len(),
        0,
        "nobody was told"
    );
    let settings = t.store.settings().await.unwrap();
    assert_eq!(settings.version, before.settings, "the settings have no new version");
    let is_bare = settings.documents.is_empty() && settings.teams.is_empty() && settings.memberships.is_empty();
    assert!(is_bare && settings.staff.is_empty(), "no settings, no directory");
}

/// The commit of everything and this last write fails and leaves nothing.
async fn fails(t: &Trial, before: &Before, last: Write, what: &str, expected: fn(&StoreError) -> bool) {
    let mut writes = doomed(t, before);
    writes.push(last);
    let changes = Changes { bumps_settings: true, ..t.changes(writes).await };
    let outcome: StoreResult<_> = t.store.commit(changes).await;
    assert!(outcome.as_ref().is_err_and(expected), "{what}: {outcome:?}");
    untouched(t, before).await;
}

async fn a_duplicate_in_the_last_write_leaves_nothing(t: &Trial) {
    let before = before(t).await;
    let mut twin = t.sample.user("Jo's twin", Role::Customer);
    twin.email = "JO@people.example".to_owned();
    fails(t, &before, add(&twin), "an address that is taken", |error| {
        matches!(error, StoreError::Duplicate(Unique::Email))
    })
    .await;
    let mut twin = t.sample.ticket(&before.customer);
    twin.number = before.ticket.number.clone();
    fails(t, &before, add(&twin), "a number that is taken", |error| {
        matches!(error, StoreError::Duplicate(Unique::TicketNumber))
    })
    .await;
    let told = t.log(&ALL, 10).await.remove(0);
    fails(t, &before, tell(&told), "an event that is there", |error| {
        matches!(error, StoreError::Duplicate(Unique::Event))
    })
    .await;
}

async fn a_conflict_in_the_last_write_leaves_nothing(t: &Trial) {
    let before = before(t).await;
    let stale = before.customer.clone().write(Expect::Version(7));
    fails(t, &before, stale, "a stale person", |error| matches!(error, StoreError::Conflict)).await;
    let absent = t.sample.ticket(&before.customer).write(Expect::Version(1));
    fails(t, &before, absent, "an absent ticket", |error| matches!(error, StoreError::Conflict)).await;
}

async fn a_missing_reference_in_the_last_write_leaves_nothing(t: &Trial) {
    let before = before(t).await;
    let stranger = t.sample.user("Nobody", Role::Customer);
    let orphan = t.sample.ticket(&stranger);
    fails(t, &before, add(&orphan), "a ticket of nobody", |error| matches!(error, StoreError::Missing("customer")))
        .await;
    let mut orphan = t.sample.ticket(&before.customer);
    orphan.organization_id = Some(t.sample.organization("Nowhere").id);
    fails(t, &before, add(&orphan), "a ticket of no company", |error| {
        matches!(error, StoreError::Missing("organization"))
    })
    .await;
    let comment = t.sample.comment(&orphan, &before.customer, false);
    fails(t, &before, add(&comment), "a comment on nothing", |error| matches!(error, StoreError::Missing("ticket")))
        .await;
    let watch = Write::Watch { ticket_id: orphan.id, user_id: before.customer.id, at: t.sample.now() };
    fails(t, &before, watch, "a watcher of nothing", |error| matches!(error, StoreError::Missing("ticket"))).await;
}

async fn a_failed_guard_leaves_nothing(t: &Trial) {
    let before = before(t).await;
    let changes = t.changes(doomed(t, &before)).await;
    let guards = vec![Guard { row: Row::User(before.customer.id), version: 9 }];
    let changes = Changes { guards, bumps_settings: true, ..changes };
    refused!(t.store.commit(changes).await, StoreError::Conflict, "a guard that fails");
    untouched(t, &before).await;
}

async fn stale_settings_leave_nothing(t: &Trial) {
    let mut before = before(t).await;
    let changes = t.changes(doomed(t, &before)).await;
    t.commit_settings(Vec::new()).await;
    before.settings += 1;
    refused!(t.store.commit(changes).await, StoreError::StaleSettings, "settings that have moved on");
    untouched(t, &before).await;
}

async fn items_of_a_batch_stand_alone(t: &Trial) {
    let before = before(t).await;
    let mut batch = Vec::new();
    let mut wanted = Vec::new();
    for turn in 0..9 {
        let ticket = t.sample.ticket(&before.customer);
        let event = t.sample.event(&ticket, Fact::TicketCreated {}, &before.customer);
        let mut writes = vec![add(&ticket), tell(&event)];
        match turn % 3 {
            1 => writes.push(before.customer.clone().write(Expect::Version(7))),
            2 => writes.push(add(&t.sample.ticket(&t.sample.user("Nobody", Role::Customer)))),
            _ => {}
        }
        batch.push(t.changes(writes).await);
        wanted.push((turn % 3, ticket));
    }
    let answers = t.store.commit_all(batch).await;
    assert_eq!(answers.len(), wanted.len(), "one answer an item");
    for (answer, (kind, ticket)) in answers.iter().zip(&wanted) {
        let fits = match kind {
            0 => matches!(answer, Ok(committed) if committed.seqs.len() == 1),
            1 => matches!(answer, Err(StoreError::Conflict)),
            _ => matches!(answer, Err(StoreError::Missing("customer"))),
        };
        assert!(fits, "answers come in the order of the items: {answer:?}");
        assert_eq!(t.ticket(ticket.id).await.is_some(), *kind == 0, "an item is there where it was committed");
    }
    let seqs: Vec<Seq> = answers.iter().flatten().flat_map(|committed| committed.seqs.clone()).collect();
    let log = t.log_of(before.log + seqs.len()).await;
    let log: Vec<Seq> = log.iter().skip(before.log).map(|event| event.seq).collect();
    assert_eq!(log.len(), seqs.len());
    assert!(seqs.iter().all(|seq| log.contains(seq)), "the answered places are those of the log");
}

async fn items_that_want_one_version_have_one_winner(t: &Trial) {
    let before = before(t).await;
    let mut batch = Vec::new();
    for turn in 0..8 {
        let mut mine = before.ticket.clone();
        batch.push(t.changes(vec![change(&mut mine, |ticket| ticket.subject = format!("Turn {turn}"))]).await);
    }
    let answers = t.store.commit_all(batch).await;
    let winners: Vec<usize> = (0..8).filter(|turn| answers[*turn].is_ok()).collect();
    assert_eq!(winners.len(), 1, "one winner: {answers:?}");
    let losers = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Conflict))).count();
    assert_eq!(losers, 7, "the others conflict: {answers:?}");
    let stored = t.ticket(before.ticket.id).await.expect("the ticket is there");
    assert_eq!((stored.version, stored.subject), (2, format!("Turn {}", winners[0])));
}

async fn a_big_commit_is_whole(t: &Trial) {
    let before = before(t).await;
    let tickets: Vec<Ticket> = (0..300).map(|_| t.sample.ticket(&before.customer)).collect();
    let mut writes: Vec<Write> = tickets.iter().map(add).collect();
    writes.extend(tickets.iter().map(|ticket| tell(&t.sample.event(ticket, Fact::TicketCreated {}, &before.customer))));
    let mut twin = t.sample.ticket(&before.customer);
    twin.number = before.ticket.number.clone();
    let mut failing = writes.clone();
    failing.push(add(&twin));
    let outcome = t.attempt(failing).await;
    refused!(outcome, StoreError::Duplicate(Unique::TicketNumber), "the last of 601 writes fails");
    untouched(t, &before).await;
    let committed = t.commit(writes).await;
    assert_eq!(committed.seqs.len(), 300);
    assert!(committed.seqs.is_sorted(), "places follow the order of the writes");
    let told: Vec<_> = t.log_of(301).await.into_iter().skip(1).map(|event| event.ticket_id).collect();
    assert_eq!(told, tickets.iter().map(|ticket| ticket.id).collect::<Vec<_>>());
}
