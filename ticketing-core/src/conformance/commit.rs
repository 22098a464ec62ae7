//! What a commit expects of the rows that it writes and of those that it only read.

use super::sample::{Stored, add, change, note, tell};
use super::trial::{ALL, Trial};
use super::{area, refused};
use crate::changes::{Changes, Committed, Expect, Guard, Row, Write};
use crate::event::Fact;
use crate::model::{Role, Subject, User};
use crate::port::{StoreError, Unique};
use futures::FutureExt;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

area!["commit":
    an_empty_store_answers,
    a_batch_of_nothing_answers_nothing,
    a_commit_of_nothing_is_committed,
    what_was_answered_is_read_at_once,
    a_row_is_new_once,
    a_composed_row_is_new_once,
    a_version_moves_on_by_a_change,
    a_stale_version_conflicts,
    a_version_of_a_row_that_is_not_there_conflicts,
    a_guard_that_holds_lets_the_commit_pass,
    a_guard_that_fails_refuses_the_commit,
    a_guard_on_a_row_that_is_not_there_fails,
    a_dropped_call_does_not_cancel_the_commit,
    a_commit_on_behalf_of_a_customer_is_applied,
];

async fn an_empty_store_answers(t: &Trial) {
    t.store.ping().await.expect("a fresh store can be used");
    let nothing = super::trial::listed(t, crate::condition::Condition::always(), crate::query::Sort::default(), 10);
    assert_eq!(t.store.tickets(&ALL, &nothing).await.unwrap(), []);
    assert_eq!(t.store.ticket_count(&ALL, &nothing).await.unwrap(), 0);
    assert_eq!(t.log(&ALL, 10).await, []);
    let settings = t.store.settings().await.unwrap();
    assert_eq!(settings.version, t.store.settings_version().await.unwrap());
    assert!(settings.documents.is_empty() && settings.staff.is_empty());
    assert!(settings.teams.is_empty() && settings.memberships.is_empty());
}

async fn a_batch_of_nothing_answers_nothing(t: &Trial) {
    assert!(t.store.commit_all(Vec::new()).await.is_empty());
}

async fn a_commit_of_nothing_is_committed(t: &Trial) {
    assert_eq!(t.commit(Vec::new()).await, Committed::default());
}

async fn what_was_answered_is_read_at_once(t: &Trial) {
    let mut user = t.sample.user("Ida", Role::Agent);
    t.commit(vec![add(&user)]).await;
    for turn in 0..50 {
        let name = format!("Ida the {turn}th");
        t.commit(vec![change(&mut user, |user| user.name = name)]).await;
        assert_eq!(t.store.user(&ALL, user.id).await.unwrap().as_ref(), Some(&user), "in turn {turn}");
    }
}

async fn a_row_is_new_once(t: &Trial) {
    let customer = t.sample.user("Cleo", Role::Customer);
    let organization = t.sample.organization("Harbour");
    let team = t.sample.team("First line");
    let ticket = t.sample.ticket(&customer);
    let comment = t.sample.comment(&ticket, &customer, false);
    let session = t.sample.session(&customer);
    let key = t.sample.api_key(&customer);
    let entry = t.sample.audit(&customer, "ticket.created", Subject::Ticket(ticket.id));
    let rows = [add(&customer), add(&organization), add(&team), add(&ticket), add(&comment), add(&session), add(&key)];
    t.commit(rows.to_vec()).await;
    t.commit(vec![note(&entry)]).await;

    // The same id with other unique values, so that nothing but the id is taken.
    let mut again = ticket.clone();
    again.number = t.sample.ticket(&customer).number;
    refused!(t.attempt(vec![add(&again)]).await, StoreError::Duplicate(Unique::Id), "a ticket is new once");
    let mut again = customer.clone();
    again.email = "another@people.example".to_owned();
    refused!(t.attempt(vec![add(&again)]).await, StoreError::Duplicate(Unique::Id), "a person is new once");
    let mut again = organization.clone();
    (again.name, again.domains) = ("Another".to_owned(), Vec::new());
    refused!(t.attempt(vec![add(&again)]).await, StoreError::Duplicate(Unique::Id), "a company is new once");
    let mut again = team.clone();
    again.name = "Another".to_owned();
    refused!(t.attempt(vec![add(&again)]).await, StoreError::Duplicate(Unique::Id), "a team is new once");
    let mut again = key.clone();
    again.prefix = "tk_another".to_owned();
    refused!(t.attempt(vec![add(&again)]).await, StoreError::Duplicate(Unique::Id), "a key is new once");
    for (row, what) in [(add(&comment), "comment"), (add(&session), "session"), (note(&entry), "audit line")] {
        refused!(t.attempt(vec![row]).await, StoreError::Duplicate(Unique::Id), "a {what} is new once");
    }
    assert_eq!(t.ticket(ticket.id).await, Some(ticket));
}

async fn a_composed_row_is_new_once(t: &Trial) {
    let (agent, team) = (t.sample.user("Ben", Role::Agent), t.sample.team("Second line"));
    let membership = t.sample.membership(&team, &agent);
    let document = t.sample.document("canned", json!({"text": "Thank you."}));
    t.commit_settings(vec![add(&agent), add(&team), add(&membership), add(&document)]).await;
    // The same key with other content, at the same version and at a later one.
    for version in [1, 2] {
        let mut again = membership.clone();
        (again.capacity, again.version) = (Some(9), version);
        refused!(t.attempt(vec![add(&again)]).await, StoreError::Conflict, "a membership is new once");
        let mut again = document.clone();
        (again.body, again.version) = (json!({"text": "Never."}), version);
        refused!(t.attempt(vec![add(&again)]).await, StoreError::Conflict, "a document is new once");
    }
    assert_eq!(t.store.settings().await.unwrap().memberships, [membership]);
    assert_eq!(t.store.document_history("canned", document.id, 10).await.unwrap(), [document]);
}

async fn a_version_moves_on_by_a_change(t: &Trial) {
    let customer = t.sample.user("Cleo", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    for version in 2..=5 {
        t.commit(vec![change(&mut ticket, |ticket| ticket.escalation_level += 1)]).await;
        let stored = t.ticket(ticket.id).await.expect("the ticket is there");
        assert_eq!(stored.version, version);
        assert_eq!(stored, ticket);
    }
}

/// One row of every kind that has a version, twice over: as stored, and as somebody would change
/// it who knows only the version before.
async fn versioned(t: &Trial) -> Vec<(&'static str, Write)> {
    let mut user = t.sample.user("Dora", Role::Agent);
    let mut organization = t.sample.organization("Mill");
    let mut team = t.sample.team("Night shift");
    let mut membership = t.sample.membership(&team, &user);
    let mut ticket = t.sample.ticket(&user);
    let mut comment = t.sample.comment(&ticket, &user, false);
    let mut session = t.sample.session(&user);
    let mut key = t.sample.api_key(&user);
    let mut document = t.sample.document("canned", json!({"text": "One moment."}));
    let rows = vec![add(&user), add(&organization), add(&team), add(&membership), add(&ticket), add(&comment)];
    t.commit(rows).await;
    t.commit(vec![add(&session), add(&key), add(&document)]).await;
    let stale = vec![
        ("person", user.clone().write(Expect::Version(1))),
        ("company", organization.clone().write(Expect::Version(1))),
        ("team", team.clone().write(Expect::Version(1))),
        ("membership", membership.clone().write(Expect::Version(1))),
        ("ticket", ticket.clone().write(Expect::Version(1))),
        ("comment", comment.clone().write(Expect::Version(1))),
        ("session", session.clone().write(Expect::Version(1))),
        ("key", key.clone().write(Expect::Version(1))),
        ("document", document.clone().write(Expect::Version(1))),
        ("team to delete", Write::DeleteTeam { team_id: team.id, version: 1 }),
        ("membership to delete", Write::DeleteMembership { team_id: team.id, user_id: user.id, version: 1 }),
    ];
    t.commit(vec![
        change(&mut user, |user| user.name = "Dora K.".to_owned()),
        change(&mut organization, |organization| organization.shares_tickets = true),
        change(&mut team, |team| team.capacity = None),
        change(&mut membership, |membership| membership.capacity = Some(3)),
        change(&mut ticket, |ticket| ticket.escalation_level = 1),
        change(&mut comment, |comment| comment.body = "Corrected.".to_owned()),
        change(&mut session, |session| session.ip = None),
        change(&mut key, |key| key.name = "Report".to_owned()),
        change(&mut document, |document| document.body = json!({"text": "Two moments."})),
    ])
    .await;
    stale
}

async fn a_stale_version_conflicts(t: &Trial) {
    for (what, write) in versioned(t).await {
        refused!(t.attempt(vec![write]).await, StoreError::Conflict, "a stale {what}");
    }
    let settings = t.store.settings().await.unwrap();
    assert_eq!(settings.staff[0].name, "Dora K.");
    assert_eq!(settings.memberships[0].capacity, Some(3));
    assert_eq!(settings.documents[0].version, 2);
}

async fn a_version_of_a_row_that_is_not_there_conflicts(t: &Trial) {
    let (user, organization, team) =
        (t.sample.user("Nobody", Role::Agent), t.sample.organization("Nowhere"), t.sample.team("Nothing"));
    let known = t.sample.user("Eve", Role::Customer);
    let known_ticket = t.sample.ticket(&known);
    t.commit(vec![add(&known), add(&known_ticket)]).await;
    let expect = Expect::Version(1);
    let absent = [
        ("person", user.clone().write(expect)),
        ("company", organization.write(expect)),
        ("team", team.clone().write(expect)),
        ("membership", t.sample.membership(&team, &user).write(expect)),
        ("ticket", t.sample.ticket(&known).write(expect)),
        ("comment", t.sample.comment(&known_ticket, &known, true).write(expect)),
        ("session", t.sample.session(&known).write(expect)),
        ("key", t.sample.api_key(&known).write(expect)),
        ("document", t.sample.document("canned", json!({})).write(expect)),
        ("team to delete", Write::DeleteTeam { team_id: team.id, version: 1 }),
        ("membership to delete", Write::DeleteMembership { team_id: team.id, user_id: user.id, version: 1 }),
    ];
    for (what, write) in absent {
        refused!(t.attempt(vec![write]).await, StoreError::Conflict, "an absent {what}");
    }
}

/// A person to read and another to write, and the guards of every kind of row.
async fn guarded(t: &Trial) -> (User, Vec<Guard>) {
    let mut user = t.sample.user("Fay", Role::Agent);
    let (organization, team) = (t.sample.organization("Quay"), t.sample.team("Desk"));
    let ticket = t.sample.ticket(&user);
    let written = t.sample.user("Gus", Role::Customer);
    t.commit(vec![add(&user), add(&organization), add(&team), add(&ticket), add(&written)]).await;
    t.commit(vec![change(&mut user, |user| user.locale = Some("pt-PT".to_owned()))]).await;
    let guards = vec![
        Guard { row: Row::User(user.id), version: 2 },
        Guard { row: Row::Organization(organization.id), version: 1 },
        Guard { row: Row::Team(team.id), version: 1 },
        Guard { row: Row::Ticket(ticket.id), version: 1 },
    ];
    (written, guards)
}

async fn a_guard_that_holds_lets_the_commit_pass(t: &Trial) {
    let (mut written, guards) = guarded(t).await;
    let changes = t.changes(vec![change(&mut written, |user| user.name = "Gustav".to_owned())]).await;
    t.store.commit(Changes { guards, ..changes }).await.expect("every guard holds");
    assert_eq!(t.store.user(&ALL, written.id).await.unwrap(), Some(written));
}

async fn a_guard_that_fails_refuses_the_commit(t: &Trial) {
    let (written, guards) = guarded(t).await;
    for failing in 0..guards.len() {
        for wrong in [-1, 1] {
            let mut guards = guards.clone();
            guards[failing].version += wrong;
            let guard = guards[failing];
            let mut edited = written.clone();
            let changes = t.changes(vec![change(&mut edited, |user| user.name = "Gone".to_owned())]).await;
            refused!(t.store.commit(Changes { guards, ..changes }).await, StoreError::Conflict, "{guard:?}");
        }
    }
    assert_eq!(t.store.user(&ALL, written.id).await.unwrap(), Some(written));
}

async fn a_guard_on_a_row_that_is_not_there_fails(t: &Trial) {
    let (written, _) = guarded(t).await;
    let id = t.sample.uuid();
    for row in
        [Row::User(crate::UserId(id)), Row::Organization(crate::OrganizationId(id)), Row::Team(crate::TeamId(id))]
    {
        let mut edited = written.clone();
        let changes = t.changes(vec![change(&mut edited, |user| user.is_active = false)]).await;
        let changes = Changes { guards: vec![Guard { row, version: 1 }], ..changes };
        refused!(t.store.commit(changes).await, StoreError::Conflict, "{row:?}");
    }
    assert_eq!(t.store.user(&ALL, written.id).await.unwrap(), Some(written));
}

async fn a_dropped_call_does_not_cancel_the_commit(t: &Trial) {
    let customer = t.sample.user("Hal", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    let mut tickets = Vec::new();
    for _ in 0..24 {
        let ticket = t.sample.ticket(&customer);
        let comment = t.sample.comment(&ticket, &customer, false);
        let event = t.sample.event(&ticket, Fact::TicketCreated {}, &customer);
        let changes = t.changes(vec![add(&ticket), add(&comment), tell(&event)]).await;
        let mut call = t.store.commit(changes);
        // One poll starts the commit; then the caller hangs up.
        let _ = (&mut call).now_or_never();
        drop(call);
        tickets.push(ticket);
    }
    for ticket in &tickets {
        let mut turns = 0;
        while t.ticket(ticket.id).await.is_none() {
            turns += 1;
            assert!(turns < 1_000, "a commit that was begun is lost");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(t.comments(ticket.id).await.len(), 1, "the comment came with its ticket");
        let events = t.store.ticket_events(&ALL, ticket.id, crate::Seq(0), 10).await.unwrap();
        assert_eq!(events.len(), 1, "the event came with its ticket");
    }
    // What was left behind must not disturb the next one.
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&ticket)]).await;
    assert_eq!(t.ticket(ticket.id).await, Some(ticket));
}

async fn a_commit_on_behalf_of_a_customer_is_applied(t: &Trial) {
    let customer = t.sample.user("Ivy", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    let ticket = t.sample.ticket(&customer);
    let event = t.sample.event(&ticket, Fact::TicketCreated {}, &customer);
    let entry = t.sample.audit(&customer, "ticket.created", Subject::Ticket(ticket.id));
    let changes = t.changes(vec![add(&ticket), tell(&event), note(&entry)]).await;
    let scope = crate::Scope::Customer { user_id: customer.id, organization_id: None };
    let committed = t.store.commit(Changes { scope, ..changes }).await.expect("a customer makes a ticket");
    assert_eq!(committed.seqs.len(), 1);
    assert_eq!(t.ticket(ticket.id).await, Some(ticket));
    let lines = t.store.audit(&ALL, &crate::query::AuditQuery { limit: 10, ..Default::default() }).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [entry.id]);
    assert_ne!(entry.id.0, Uuid::nil());
}
