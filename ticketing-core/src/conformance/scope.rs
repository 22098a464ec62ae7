//! Who sees what: every read agrees with [`Scope::sees`], so invisible equals absent everywhere.

use super::area;
use super::trial::{ALL, Trial, ends, listed};
use super::world::{Told, World};
use crate::access::Scope;
use crate::condition::{Condition, Field, Literal, Test};
use crate::ids::{CommentId, Seq, TicketId, TicketKey};
use crate::query::{AuditQuery, OrganizationQuery, Position, Sort, UserQuery};

area!["scope":
    a_ticket_is_seen_or_absent,
    lists_and_counts_hold_what_is_seen,
    pages_of_a_scope_are_full,
    comments_follow_their_ticket_and_notes_stay_inside,
    watchers_are_for_those_inside,
    events_follow_their_ticket_and_their_audience,
    people_are_seen_by_staff_and_by_themselves,
    companies_are_seen_by_staff_and_where_they_share,
    secrets_are_for_the_desk_alone,
    the_audit_log_is_for_staff_that_sees_all,
    random_pairs_agree_with_the_rule,
];

async fn a_ticket_is_seen_or_absent(t: &Trial) {
    let world = World::of(t).await;
    for scope in world.scopes() {
        for Told { ticket, .. } in &world.tickets {
            let wanted = scope.sees(ticket).then_some(ticket);
            let found = t.store.ticket(&scope, &ticket.id.into()).await.unwrap();
            assert_eq!(found.as_ref(), wanted, "{scope:?} by id");
            let found = t.store.ticket(&scope, &TicketKey::Number(ticket.number.clone())).await.unwrap();
            assert_eq!(found.as_ref(), wanted, "{scope:?} by number");
        }
    }
}

/// The tickets of the world that the scope sees, oldest first.
fn seen(world: &World, scope: &Scope) -> Vec<TicketId> {
    world.tickets.iter().filter(|told| scope.sees(&told.ticket)).map(|told| told.ticket.id).collect()
}

async fn lists_and_counts_hold_what_is_seen(t: &Trial) {
    let world = World::of(t).await;
    let north = Condition::leaf(Field::TeamId, Test::In(vec![Literal::Id(world.teams[0].id.0)]));
    // A filter that holds for all must not widen the scope, however it is put.
    let any = Condition::Any(vec![Condition::always(), north.clone()]);
    for scope in world.scopes() {
        for (filter, all) in [(Condition::always(), true), (any.clone(), true), (north.clone(), false)] {
            let mut wanted = seen(&world, &scope);
            let in_north = |id: &TicketId| {
                world.tickets.iter().any(|told| told.ticket.id == *id && told.ticket.team_id == Some(world.teams[0].id))
            };
            wanted.retain(|id| all || in_north(id));
            let query = listed(t, filter, Sort { descending: false, ..Sort::default() }, 1_000);
            let found = t.store.tickets(&scope, &query).await.unwrap();
            assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), wanted, "{scope:?} lists");
            let count = t.store.ticket_count(&scope, &query).await.unwrap();
            assert_eq!(count, wanted.len() as u64, "{scope:?} counts");
        }
    }
}

async fn pages_of_a_scope_are_full(t: &Trial) {
    let world = World::of(t).await;
    for scope in world.scopes() {
        let wanted = seen(&world, &scope);
        let mut query = listed(t, Condition::always(), Sort { descending: false, ..Sort::default() }, 5);
        let mut found = Vec::new();
        loop {
            let page = t.store.tickets(&scope, &query).await.unwrap();
            found.extend(page.iter().map(|row| row.id));
            ends(found.len());
            assert!(page.len() == 5 || found.len() == wanted.len(), "{scope:?}: only the last page is short");
            let Some(last) = page.last() else { break };
            query.after = Some(Position::of_ticket(query.sort, last));
        }
        assert_eq!(found, wanted, "{scope:?}");
    }
}

async fn comments_follow_their_ticket_and_notes_stay_inside(t: &Trial) {
    let world = World::of(t).await;
    let all: Vec<CommentId> = world.tickets.iter().flat_map(|told| [told.public.id, told.note.id]).collect();
    for scope in world.scopes() {
        let mut wanted_of_all = Vec::new();
        for told in &world.tickets {
            let mut wanted = Vec::new();
            if scope.sees(&told.ticket) {
                wanted.push(told.public.id);
                if scope.sees_internal() {
                    wanted.push(told.note.id);
                }
            }
            let found = t.store.comments(&scope, told.ticket.id, None, 10).await.unwrap();
            let mut from_end = t.store.comments_from_end(&scope, told.ticket.id, None, 10).await.unwrap();
            from_end.reverse();
            assert_eq!(from_end, found, "{scope:?} reads the same from the end");
            assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), wanted, "{scope:?} of one ticket");
            wanted_of_all.extend(wanted);
        }
        let found = t.store.comments_by_ids(&scope, &all).await.unwrap();
        let mut found: Vec<CommentId> = found.iter().map(|row| row.id).collect();
        found.sort();
        wanted_of_all.sort();
        assert_eq!(found, wanted_of_all, "{scope:?} by ids");
    }
}

async fn watchers_are_for_those_inside(t: &Trial) {
    let world = World::of(t).await;
    for scope in world.scopes() {
        for told in &world.tickets {
            let wanted = usize::from(scope.sees(&told.ticket) && scope.sees_internal());
            let found = t.store.watchers(&scope, told.ticket.id, None, 10).await.unwrap();
            assert_eq!(found.len(), wanted, "{scope:?}");
            let all: Vec<_> = world.staff.iter().chain(&world.customers).map(|user| user.id).collect();
            let found = t.store.watchers_by_ids(&scope, told.ticket.id, &all).await.unwrap();
            assert_eq!(found.len(), wanted, "{scope:?} by ids");
        }
    }
}

async fn events_follow_their_ticket_and_their_audience(t: &Trial) {
    let world = World::of(t).await;
    for scope in world.scopes() {
        let mut wanted_of_all = Vec::new();
        for told in &world.tickets {
            let heard = |event: &&crate::event::Event| {
                scope.sees(&told.ticket)
                    && (scope.sees_internal() || event.audience == crate::event::Audience::Everyone)
            };
            let wanted: Vec<_> = told.events.iter().filter(heard).cloned().collect();
            let found = t.store.ticket_events(&scope, told.ticket.id, Seq(0), 100).await.unwrap();
            let mut from_end = t.store.ticket_events_from_end(&scope, told.ticket.id, None, 100).await.unwrap();
            from_end.reverse();
            assert_eq!(from_end, found, "{scope:?} hears the same from the end");
            assert_eq!(found, wanted, "{scope:?} of one ticket");
            wanted_of_all.extend(wanted.iter().map(|event| event.seq));
        }
        wanted_of_all.sort();
        for size in [1, 5, 1_000] {
            let found: Vec<Seq> = t.log(&scope, size).await.iter().map(|event| event.seq).collect();
            assert_eq!(found, wanted_of_all, "{scope:?} of the log by {size}");
        }
    }
}

async fn people_are_seen_by_staff_and_by_themselves(t: &Trial) {
    let world = World::of(t).await;
    let all: Vec<_> = world.staff.iter().chain(&world.customers).cloned().collect();
    let ids: Vec<_> = all.iter().map(|user| user.id).collect();
    for scope in world.scopes() {
        let mut wanted: Vec<_> = all.iter().filter(|user| scope.sees_user(user)).cloned().collect();
        for user in &all {
            let found = t.store.user(&scope, user.id).await.unwrap();
            assert_eq!(found.is_some(), wanted.contains(user), "{scope:?} by id");
        }
        wanted.sort_by_key(|user| user.id);
        let mut found = t.store.users_by_ids(&scope, &ids).await.unwrap();
        found.sort_by_key(|user| user.id);
        assert_eq!(found, wanted, "{scope:?} by ids");
        let query = UserQuery { limit: 100, ..UserQuery::default() };
        assert_eq!(t.store.users(&scope, &query).await.unwrap(), wanted, "{scope:?} lists");
        let query = UserQuery { text: Some("customer".to_owned()), ..query };
        wanted.retain(|user| user.name.starts_with("Customer"));
        assert_eq!(t.store.users(&scope, &query).await.unwrap(), wanted, "{scope:?} searches");
    }
}

async fn companies_are_seen_by_staff_and_where_they_share(t: &Trial) {
    let world = World::of(t).await;
    for scope in world.scopes() {
        for organization in &world.organizations {
            let is_own =
                matches!(&scope, Scope::Customer { organization_id, .. } if *organization_id == Some(organization.id));
            let found = t.store.organization(&scope, organization.id).await.unwrap();
            assert_eq!(found.is_some(), scope.sees_internal() || is_own, "{scope:?}");
            let found = t.store.organization_by_domain(&scope, &organization.domains[0]).await.unwrap();
            assert_eq!(found.is_some(), scope.sees_internal(), "{scope:?} by domain");
        }
        let wanted = if scope.sees_internal() { 2 } else { 0 };
        let all = OrganizationQuery { limit: 10, ..OrganizationQuery::default() };
        assert_eq!(t.store.organizations(&scope, &all).await.unwrap().len(), wanted, "{scope:?} lists");
    }
}

async fn secrets_are_for_the_desk_alone(t: &Trial) {
    let world = World::of(t).await;
    let owner = &world.customers[0];
    for scope in world.scopes() {
        let is_desk = matches!(scope, Scope::System(_));
        let found = t.store.session(&scope, world.session.id).await.unwrap();
        assert_eq!(found.is_some(), is_desk, "a session for {scope:?}");
        let found = t.store.api_key(&scope, &world.key.prefix).await.unwrap();
        assert_eq!(found.is_some(), is_desk, "a key for {scope:?}");
        let found = t.store.credential(&scope, &crate::fold::fold(&owner.email)).await.unwrap();
        assert_eq!(found.is_some(), is_desk, "a credential by address for {scope:?}");
        let found = t.store.credential_by_id(&scope, owner.id).await.unwrap();
        assert_eq!(found.is_some(), is_desk, "a credential by id for {scope:?}");
    }
}

async fn the_audit_log_is_for_staff_that_sees_all(t: &Trial) {
    let world = World::of(t).await;
    let query = AuditQuery { limit: 1_000, ..AuditQuery::default() };
    for scope in world.scopes() {
        let wanted = if matches!(scope, Scope::System(_) | Scope::Staff { .. }) { world.tickets.len() } else { 0 };
        assert_eq!(t.store.audit(&scope, &query).await.unwrap().len(), wanted, "{scope:?}");
    }
}

async fn random_pairs_agree_with_the_rule(t: &Trial) {
    let world = World::of(t).await;
    let ids = &t.sample.ids;
    let mut people: Vec<_> = world.staff.iter().chain(&world.customers).map(|user| user.id).collect();
    people.push(crate::UserId(t.sample.uuid()));
    let mut seen = 0;
    for case in 0..400 {
        let user_id = people[ids.below(people.len())];
        let scope = if case % 2 == 0 {
            let teams = world.teams.iter().filter(|_| ids.below(2) == 0).map(|team| team.id).collect();
            Scope::Agent { user_id, teams }
        } else {
            let organization_id = world.organizations.get(ids.below(3)).map(|row| row.id);
            Scope::Customer { user_id, organization_id }
        };
        let ticket = &world.tickets[ids.below(world.tickets.len())].ticket;
        let found = t.store.ticket(&scope, &ticket.id.into()).await.unwrap();
        assert_eq!(found.is_some(), scope.sees(ticket), "{scope:?} and {ticket:?}");
        seen += usize::from(found.is_some());
    }
    assert!((40..360).contains(&seen), "the pairs are of both kinds");
    assert!(t.ticket(world.tickets[0].ticket.id).await.is_some() && ALL.sees_internal());
}
