//! What ties tickets together: links, tickets that went into others, comments that moved.

use super::sample::{Sample, add, change, tell};
use super::trial::{ALL, Trial};
use super::world::World;
use super::{area, refused};
use crate::access::{Actor, SystemReason};
use crate::changes::Write;
use crate::desk::{Desk, NewComment, NewMerge, NewTicket, Requester};
use crate::event::Fact;
use crate::ids::{CommentId, LinkId, TicketId, TicketKey};
use crate::model::{LinkKind, Role, Ticket, TicketLink, User};
use crate::port::{StoreError, Unique};
use serde_json::{Value, json};
use std::sync::Arc;

area!["tie":
    links_are_seen_from_both_ends,
    a_link_is_made_once,
    a_link_leads_to_a_ticket,
    links_follow_both_ends,
    tickets_are_found_by_many_names,
    ids_of_comments_follow_the_comments,
    merged_tickets_are_found,
    comments_move_as_they_are,
    many_comments_move_and_may_become_notes,
    comments_of_a_refused_commit_stay,
    the_last_event_of_a_name_is_found,
    a_merge_is_undone_exactly,
];

fn link(sample: &Sample, from: &Ticket, to: &Ticket, kind: LinkKind) -> TicketLink {
    TicketLink {
        id: LinkId(sample.uuid()),
        ticket_id: from.id,
        other_id: to.id,
        kind,
        created_by: Some(from.customer_id),
        created_at: sample.now(),
    }
}

async fn pair(t: &Trial) -> (User, Ticket, Ticket) {
    let customer = t.sample.user("Ida", Role::Customer);
    let (one, other) = (t.sample.ticket(&customer), t.sample.ticket(&customer));
    t.commit(vec![add(&customer), add(&one), add(&other)]).await;
    (customer, one, other)
}

async fn links_are_seen_from_both_ends(t: &Trial) {
    let (customer, one, other) = pair(t).await;
    let third = t.sample.ticket(&customer);
    let mut links: Vec<TicketLink> = LinkKind::ALL.iter().map(|kind| link(&t.sample, &one, &other, *kind)).collect();
    links.push(TicketLink { created_by: None, ..link(&t.sample, &third, &one, LinkKind::Blocks) });
    let mut writes = vec![add(&third)];
    writes.extend(links.iter().cloned().map(Write::Link));
    t.commit(writes).await;
    let of = async |ticket: &Ticket, limit| t.store.ticket_links(&ALL, ticket.id, limit).await.unwrap();
    assert_eq!(of(&one, 10).await, links, "oldest first");
    assert_eq!(of(&other, 10).await, links[..4]);
    assert_eq!(of(&third, 10).await, links[4..]);
    assert_eq!(of(&one, 2).await, links[..2], "at most as many as asked for");
    t.commit(vec![Write::Unlink(links[0].id), Write::Unlink(LinkId(t.sample.uuid()))]).await;
    assert_eq!(of(&one, 10).await, links[1..]);
    // What is gone may be made again.
    let again = link(&t.sample, &one, &other, links[0].kind);
    t.commit(vec![Write::Link(again.clone())]).await;
    assert_eq!(of(&one, 10).await.last(), Some(&again));
}

async fn a_link_is_made_once(t: &Trial) {
    let (_, one, other) = pair(t).await;
    let first = link(&t.sample, &one, &other, LinkKind::Blocks);
    t.commit(vec![Write::Link(first.clone())]).await;
    let twin = t.attempt(vec![Write::Link(link(&t.sample, &one, &other, LinkKind::Blocks))]).await;
    refused!(twin, StoreError::Duplicate(Unique::TicketLink), "the same tie");
    let same_id = TicketLink { id: first.id, ..link(&t.sample, &other, &one, LinkKind::Blocks) };
    refused!(t.attempt(vec![Write::Link(same_id)]).await, StoreError::Duplicate(Unique::Id), "the same id");
    t.commit(vec![Write::Link(link(&t.sample, &other, &one, LinkKind::Blocks))]).await;
    assert_eq!(t.store.ticket_links(&ALL, one.id, 10).await.unwrap().len(), 2);
}

async fn a_link_leads_to_a_ticket(t: &Trial) {
    let (customer, one, _) = pair(t).await;
    let absent = t.sample.ticket(&customer);
    for tie in [link(&t.sample, &one, &absent, LinkKind::Relates), link(&t.sample, &absent, &one, LinkKind::Relates)] {
        refused!(t.attempt(vec![Write::Link(tie)]).await, StoreError::Missing("ticket"), "there is no such ticket");
    }
}

async fn links_follow_both_ends(t: &Trial) {
    let world = World::of(t).await;
    let mut links = Vec::new();
    for (place, told) in world.tickets.iter().enumerate() {
        let other = &world.tickets[(place * 7 + 5) % world.tickets.len()];
        if other.ticket.id != told.ticket.id {
            links.push((link(&t.sample, &told.ticket, &other.ticket, LinkKind::Relates), [told, other]));
        }
    }
    t.commit(links.iter().map(|(link, _)| Write::Link(link.clone())).collect()).await;
    for scope in world.scopes() {
        for told in &world.tickets {
            let mut wanted: Vec<LinkId> = Vec::new();
            for (link, ends) in &links {
                let is_of = ends.iter().any(|end| end.ticket.id == told.ticket.id);
                if is_of && ends.iter().all(|end| scope.sees(&end.ticket)) {
                    wanted.push(link.id);
                }
            }
            let found = t.store.ticket_links(&scope, told.ticket.id, 100).await.unwrap();
            assert_eq!(found.iter().map(|link| link.id).collect::<Vec<_>>(), wanted, "{scope:?}");
        }
    }
}

async fn tickets_are_found_by_many_names(t: &Trial) {
    let world = World::of(t).await;
    let by_id = world.tickets.iter().step_by(2).map(|told| TicketKey::Id(told.ticket.id));
    let by_number = world.tickets.iter().step_by(3).map(|told| TicketKey::Number(told.ticket.number.clone()));
    let mut keys: Vec<TicketKey> = by_id.chain(by_number).collect();
    keys.push(TicketKey::Id(TicketId(t.sample.uuid())));
    keys.extend((0..300).map(|_| TicketKey::Id(TicketId(t.sample.uuid()))));
    keys.push(keys[0].clone());
    for scope in world.scopes() {
        let named = world.tickets.iter().enumerate().filter(|(place, _)| place % 2 == 0 || place % 3 == 0);
        let mut wanted: Vec<Ticket> =
            named.map(|(_, told)| told.ticket.clone()).filter(|ticket| scope.sees(ticket)).collect();
        let mut found = t.store.tickets_by_keys(&scope, &keys).await.unwrap();
        wanted.sort_by_key(|ticket| ticket.id);
        found.sort_by_key(|ticket| ticket.id);
        assert_eq!(found, wanted, "{scope:?}");
    }
    assert!(t.store.tickets_by_keys(&ALL, &[]).await.unwrap().is_empty());
}

async fn ids_of_comments_follow_the_comments(t: &Trial) {
    let world = World::of(t).await;
    for scope in world.scopes() {
        for told in &world.tickets {
            let whole = t.store.comments(&scope, told.ticket.id, None, 10).await.unwrap();
            let wanted: Vec<(CommentId, bool)> = whole.iter().map(|row| (row.id, row.is_internal)).collect();
            assert_eq!(t.store.comment_ids(&scope, told.ticket.id, 10).await.unwrap(), wanted, "{scope:?}");
        }
    }
    let first = &world.tickets[0];
    let one = t.store.comment_ids(&ALL, first.ticket.id, 1).await.unwrap();
    assert_eq!(one, [(first.public.id, false)], "oldest first, at most as many as asked for");
}

async fn merged_tickets_are_found(t: &Trial) {
    let (customer, mut one, target) = pair(t).await;
    let other = Ticket { merged_into: Some(target.id), ..t.sample.ticket(&customer) };
    t.commit(vec![add(&other), change(&mut one, |row| row.merged_into = Some(target.id))]).await;
    let of = async |ticket: &Ticket, limit| t.store.merged_tickets(&ALL, ticket.id, limit).await.unwrap();
    assert_eq!(of(&target, 10).await, [one.clone(), other.clone()]);
    assert_eq!(of(&target, 1).await, [one.clone()]);
    let nobody = crate::access::Scope::Customer { user_id: crate::UserId(t.sample.uuid()), organization_id: None };
    assert!(t.store.merged_tickets(&nobody, target.id, 10).await.unwrap().is_empty());
    let third = t.sample.ticket(&customer);
    t.commit(vec![add(&third), change(&mut one, |row| row.merged_into = Some(third.id))]).await;
    assert_eq!((of(&target, 10).await, of(&third, 10).await), (vec![other], vec![one.clone()]));
    t.commit(vec![change(&mut one, |row| row.merged_into = None)]).await;
    assert!(of(&third, 10).await.is_empty());
    assert_eq!(t.ticket(one.id).await, Some(one));
}

async fn comments_move_as_they_are(t: &Trial) {
    let (customer, one, other) = pair(t).await;
    let own = t.sample.comment(&other, &customer, false);
    let mut moved = vec![t.sample.comment(&one, &customer, false), t.sample.comment(&one, &customer, true)];
    let stays = t.sample.comment(&one, &customer, false);
    t.commit(vec![add(&own), add(&moved[0]), add(&moved[1]), add(&stays)]).await;
    let comments = vec![moved[0].id, moved[1].id, own.id, CommentId(t.sample.uuid())];
    t.commit(vec![Write::MoveComments { from: one.id, to: other.id, comments, is_internal: None }]).await;
    for comment in &mut moved {
        comment.ticket_id = other.id;
    }
    assert_eq!(t.comments(other.id).await, [own.clone(), moved[0].clone(), moved[1].clone()]);
    assert_eq!(t.comments(one.id).await, [stays]);
    let ids: Vec<CommentId> = moved.iter().map(|comment| comment.id).collect();
    assert_eq!(t.store.comments_by_ids(&ALL, &ids).await.unwrap().len(), 2);
}

async fn many_comments_move_and_may_become_notes(t: &Trial) {
    let (customer, one, other) = pair(t).await;
    let comments: Vec<_> = (0..700).map(|_| t.sample.comment(&one, &customer, false)).collect();
    t.commit(comments.iter().map(add).collect()).await;
    let ids: Vec<CommentId> = comments.iter().map(|comment| comment.id).collect();
    let (hidden, open) = ids.split_at(650);
    let moves = |from: &Ticket, to: &Ticket, first: Option<bool>| {
        let to_move = [(hidden, first), (open, None)];
        to_move.map(|(ids, is_internal)| Write::MoveComments {
            from: from.id,
            to: to.id,
            comments: ids.to_vec(),
            is_internal,
        })
    };
    t.commit(moves(&one, &other, Some(true)).to_vec()).await;
    let there = t.store.comment_ids(&ALL, other.id, 10_000).await.unwrap();
    assert_eq!(there.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
    assert_eq!(there.iter().filter(|(_, is_internal)| *is_internal).count(), 650);
    assert!(t.comments(one.id).await.is_empty());
    t.commit(moves(&other, &one, Some(false)).to_vec()).await;
    assert_eq!(t.comments(one.id).await, comments);
}

async fn comments_of_a_refused_commit_stay(t: &Trial) {
    let (customer, one, other) = pair(t).await;
    let comment = t.sample.comment(&one, &customer, false);
    t.commit(vec![add(&comment)]).await;
    let mut stale = one.clone();
    stale.version = 7;
    let tie = link(&t.sample, &one, &other, LinkKind::Relates);
    let (comments, is_internal) = (vec![comment.id], Some(true));
    let writes = vec![
        Write::MoveComments { from: one.id, to: other.id, comments, is_internal },
        Write::Link(tie),
        change(&mut stale, |_| {}),
    ];
    refused!(t.attempt(writes).await, StoreError::Conflict, "the version is another");
    assert_eq!(t.comments(one.id).await, [comment]);
    assert!(t.store.ticket_links(&ALL, one.id, 10).await.unwrap().is_empty());
}

async fn the_last_event_of_a_name_is_found(t: &Trial) {
    let world = World::of(t).await;
    for scope in world.scopes() {
        for told in world.tickets.iter().take(4) {
            for name in ["comment.added", "ticket.created", "watcher.added", "ticket.closed"] {
                let heard = t.store.ticket_events(&scope, told.ticket.id, crate::Seq(0), 100).await.unwrap();
                let wanted = heard.into_iter().rfind(|event| event.fact.name() == name);
                let found = t.store.last_ticket_event(&scope, told.ticket.id, name).await.unwrap();
                assert_eq!(found, wanted, "{name} for {scope:?}");
            }
        }
    }
    let ticket = &world.tickets[0].ticket;
    let again = t.sample.event(ticket, Fact::TicketCreated {}, &world.staff[0]);
    t.commit(vec![tell(&again)]).await;
    let found = t.store.last_ticket_event(&ALL, ticket.id, "ticket.created").await.unwrap();
    assert_eq!(found.map(|event| event.id), Some(again.id));
}

/// What of a ticket must be as before.
async fn whole(t: &Trial, id: TicketId) -> Value {
    let mut ticket = t.ticket(id).await.unwrap();
    (ticket.version, ticket.updated_at) = (0, ticket.created_at);
    // Its status changed, and changed back.
    ticket.last_status_change_at = None;
    let links = t.store.ticket_links(&ALL, id, 100).await.unwrap();
    json!([ticket, t.comments(id).await, links, t.store.watchers(&ALL, id, None, 100).await.unwrap()])
}

async fn a_merge_is_undone_exactly(t: &Trial) {
    let (customer, stranger) = (t.sample.user("Ida", Role::Customer), t.sample.user("Jon", Role::Customer));
    let agent = t.sample.user("Abe", Role::Manager);
    t.commit_settings(vec![add(&customer), add(&stranger), add(&agent)]).await;
    let desk = Desk::builder().store(Arc::clone(&t.store)).build().unwrap();
    let host = &Actor::system(SystemReason::Host);
    let mut ids = Vec::new();
    for person in [&customer, &customer, &stranger] {
        let new = NewTicket { requester: Requester::User(person.id), ..NewTicket::new("Lift", "It hums.") };
        let id = desk.create_ticket(host, new).await.unwrap().id();
        for comment in [NewComment::public("Hello"), NewComment::internal("Well")] {
            desk.add_comment(host, &id.into(), comment).await.unwrap();
        }
        desk.watch_ticket(host, &id.into(), agent.id).await.unwrap();
        ids.push(id);
    }
    desk.unwatch_ticket(host, &ids[2].into(), agent.id).await.unwrap();
    let merge = async |from: usize, into: usize| {
        let into = NewMerge { into: ids[into].into(), confirm_other_customer: true };
        desk.merge_ticket(host, &ids[from].into(), into).await.unwrap();
    };
    merge(0, 1).await;
    let mut before = Vec::new();
    for id in &ids {
        before.push(whole(t, *id).await);
    }
    merge(1, 2).await;
    assert_eq!(t.store.merged_tickets(&ALL, ids[2], 10).await.unwrap().len(), 2);
    let notes = t.comments(ids[2]).await.iter().filter(|comment| comment.is_internal).count();
    assert_eq!((t.comments(ids[2]).await.len(), notes), (6, 5), "others may not read what was the customer's");
    desk.unmerge_ticket(host, &ids[1].into()).await.unwrap();
    for (id, before) in ids.iter().zip(before) {
        assert_eq!(whole(t, *id).await, before);
    }
}
