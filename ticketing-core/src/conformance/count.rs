//! How long lists are.

use super::area;
use super::sample::add;
use super::trial::{ALL, Trial};
use super::world::World;
use crate::access::Scope;
use crate::ids::{Seq, TicketId};
use crate::model::{Role, Subject};
use crate::query::{AuditQuery, Countable, OrganizationQuery, UserQuery};

area!["count":
    what_hangs_on_a_ticket_is_counted_as_far_as_it_is_seen,
    people_and_companies_are_counted_as_far_as_they_are_seen,
    audit_lines_are_counted_by_what_is_asked_for,
];

async fn count(t: &Trial, scope: &Scope, list: Countable<'_>) -> usize {
    usize::try_from(t.store.count(scope, list).await.expect("a list is counted")).unwrap()
}

async fn what_hangs_on_a_ticket_is_counted_as_far_as_it_is_seen(t: &Trial) {
    let world = World::of(t).await;
    let absent = TicketId(t.sample.uuid());
    for scope in world.scopes() {
        for id in world.tickets.iter().step_by(5).map(|told| told.ticket.id).chain([absent]) {
            let comments = t.store.comments(&scope, id, None, 100).await.unwrap().len();
            assert_eq!(count(t, &scope, Countable::Comments(id)).await, comments, "comments for {scope:?}");
            let watchers = t.store.watchers(&scope, id, None, 100).await.unwrap().len();
            assert_eq!(count(t, &scope, Countable::Watchers(id)).await, watchers, "watchers for {scope:?}");
            let events = t.store.ticket_events(&scope, id, Seq(0), 100).await.unwrap().len();
            assert_eq!(count(t, &scope, Countable::TicketEvents(id)).await, events, "events for {scope:?}");
        }
    }
    let id = world.tickets[0].ticket.id;
    assert_eq!(count(t, &ALL, Countable::Comments(id)).await, 2);
    assert_eq!(count(t, &ALL, Countable::Watchers(id)).await, 1);
    assert_eq!(count(t, &ALL, Countable::TicketEvents(id)).await, world.tickets[0].events.len());
}

async fn people_and_companies_are_counted_as_far_as_they_are_seen(t: &Trial) {
    let world = World::of(t).await;
    let mut gone = t.sample.user("Customer gone", Role::Customer);
    gone.is_active = false;
    t.commit(vec![add(&gone)]).await;
    let all = UserQuery { limit: 100, ..UserQuery::default() };
    let queries = [
        (all.clone(), 7),
        (UserQuery { roles: vec![Role::Agent], ..all.clone() }, 2),
        (UserQuery { roles: vec![Role::Agent, Role::Customer], is_active: Some(false), ..all.clone() }, 1),
        (UserQuery { organization_id: Some(world.organizations[0].id), ..all.clone() }, 2),
        (UserQuery { text: Some("customer".to_owned()), ..all }, 5),
    ];
    for scope in world.scopes() {
        for (query, wanted) in &queries {
            let found = t.store.users(&scope, query).await.unwrap();
            // Neither the page nor its size matters.
            let page = UserQuery { after: found.first().map(|user| user.id), limit: 1, ..query.clone() };
            assert_eq!(count(t, &scope, Countable::Users(&page)).await, found.len(), "{scope:?}: {query:?}");
            assert!(scope != ALL || found.len() == *wanted, "{query:?} finds {}", found.len());
        }
        let companies = OrganizationQuery { limit: 100, ..OrganizationQuery::default() };
        let found = t.store.organizations(&scope, &companies).await.unwrap().len();
        assert_eq!(count(t, &scope, Countable::Organizations(&companies)).await, found, "companies for {scope:?}");
    }
    assert_eq!(count(t, &ALL, Countable::Organizations(&OrganizationQuery::default())).await, 2);
}

async fn audit_lines_are_counted_by_what_is_asked_for(t: &Trial) {
    let world = World::of(t).await;
    let all = AuditQuery { limit: 1_000, ..AuditQuery::default() };
    let lines = t.store.audit(&ALL, &all).await.unwrap();
    let one = &world.tickets[7].ticket;
    let queries = [
        (all.clone(), lines.len()),
        (AuditQuery { actor: Some(world.customers[1].id), ..all.clone() }, 9),
        (AuditQuery { subject: Some(Subject::Ticket(one.id)), ..all.clone() }, 1),
        (AuditQuery { action: Some("ticket.created".to_owned()), ..all.clone() }, 36),
        (AuditQuery { action: Some("ticket.eaten".to_owned()), ..all.clone() }, 0),
        (AuditQuery { from: Some(lines[5].at), to: Some(lines[2].at), ..all }, 3),
    ];
    for scope in world.scopes() {
        for (query, wanted) in &queries {
            let found = t.store.audit(&scope, query).await.unwrap();
            let page = AuditQuery { before: found.first().map(|line| (line.at, line.id)), limit: 1, ..query.clone() };
            assert_eq!(count(t, &scope, Countable::Audit(&page)).await, found.len(), "{scope:?}: {query:?}");
            assert!(scope != ALL || found.len() == *wanted, "{query:?} finds {}", found.len());
        }
    }
}
