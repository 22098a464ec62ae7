//! Comments and watchers.

use super::area;
use super::sample::{add, by_the_desk, change};
use super::trial::{ALL, Trial, ends};
use crate::access::Scope;
use crate::changes::Write;
use crate::ids::{CommentId, UserId};
use crate::model::{Comment, Person, Role, Ticket, User};

area!["comment":
    is_read_back_with_its_authors_name_of_now,
    of_the_desk_itself_names_nobody,
    pages_go_from_the_oldest_on,
    a_page_is_full_though_notes_are_left_out,
    comments_are_found_by_their_ids,
    what_a_person_wrote_is_found_on_every_ticket,
    watchers_come_and_go,
    pages_of_watchers_go_by_person,
    watchers_have_their_names_of_now,
    watchers_are_found_by_their_ids,
];

/// A customer, an agent and the customer's ticket.
async fn scene(t: &Trial) -> (User, User, Ticket) {
    let (customer, agent) = (t.sample.user("Lea", Role::Customer), t.sample.user("Max", Role::Agent));
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&agent), add(&ticket)]).await;
    (customer, agent, ticket)
}

fn of_customer(user: &User) -> Scope {
    Scope::Customer { user_id: user.id, organization_id: None }
}

async fn is_read_back_with_its_authors_name_of_now(t: &Trial) {
    let (customer, mut agent, ticket) = scene(t).await;
    let mut comment = t.sample.comment(&ticket, &agent, false);
    // Whatever name the writer believed in is not kept.
    comment.author.name = "Somebody".to_owned();
    t.commit(vec![add(&comment)]).await;
    comment.author = Person::from(&agent);
    assert_eq!(t.comments(ticket.id).await, [comment.clone()]);
    let write = change(&mut agent, |user| (user.name, user.role) = ("Max M.".to_owned(), Role::Manager));
    let edit = change(&mut comment, |comment| {
        comment.body = "He had two looks.".to_owned();
        comment.edited_at = Some(t.sample.now());
    });
    t.commit(vec![write, edit]).await;
    comment.author = Person::from(&agent);
    assert_eq!(t.comments(ticket.id).await, [comment.clone()]);
    // A customer may not look an agent up, but sees who answered.
    let seen = t.store.comments(&of_customer(&customer), ticket.id, None, 10).await.unwrap();
    assert_eq!(seen, [comment]);
}

async fn of_the_desk_itself_names_nobody(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let comment = by_the_desk(t.sample.comment(&ticket, &agent, true));
    t.commit(vec![add(&comment)]).await;
    assert_eq!(t.comments(ticket.id).await, [comment]);
}

async fn pages_go_from_the_oldest_on(t: &Trial) {
    let (customer, _, ticket) = scene(t).await;
    let other = t.sample.ticket(&customer);
    let mut wanted: Vec<Comment> = (0..23).map(|_| t.sample.comment(&ticket, &customer, false)).collect();
    // Written in another order than that of their ids, and among those of another ticket.
    let mut writes: Vec<Write> = wanted.iter().rev().map(add).collect();
    writes.insert(0, add(&other));
    writes.extend((0..5).map(|_| add(&t.sample.comment(&other, &customer, false))));
    t.commit(writes).await;
    wanted.sort_by_key(|comment| comment.id);
    for size in [1, 7, 100] {
        let mut found: Vec<Comment> = Vec::new();
        loop {
            let after = found.last().map(|comment| comment.id);
            let page = t.store.comments(&ALL, ticket.id, after, size).await.unwrap();
            assert!(page.len() <= size);
            if page.is_empty() {
                break;
            }
            found.extend(page);
            ends(found.len());
        }
        assert_eq!(found, wanted, "by pages of {size}");
    }
    wanted.reverse();
    for size in [1, 7, 100] {
        let mut found: Vec<Comment> = Vec::new();
        loop {
            let before = found.last().map(|comment| comment.id);
            let page = t.store.comments_from_end(&ALL, ticket.id, before, size).await.unwrap();
            assert!(page.len() <= size);
            if page.is_empty() {
                break;
            }
            found.extend(page);
            ends(found.len());
        }
        assert_eq!(found, wanted, "from the end, by pages of {size}");
    }
}

async fn a_page_is_full_though_notes_are_left_out(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let comments: Vec<Comment> = (0..20).map(|place| t.sample.comment(&ticket, &agent, place % 2 == 0)).collect();
    t.commit(comments.iter().map(add).collect()).await;
    let public: Vec<CommentId> = comments.iter().filter(|row| !row.is_internal).map(|row| row.id).collect();
    let page = t.store.comments(&of_customer(&customer), ticket.id, None, 6).await.unwrap();
    assert_eq!(page.iter().map(|row| row.id).collect::<Vec<_>>(), public[..6]);
    // After a note that the customer can't see, too.
    let page = t.store.comments(&of_customer(&customer), ticket.id, Some(comments[10].id), 6).await.unwrap();
    assert_eq!(page.iter().map(|row| row.id).collect::<Vec<_>>(), public[5..]);
    // And from the end, before such a note; nothing of a ticket that is another's.
    let page = t.store.comments_from_end(&of_customer(&customer), ticket.id, Some(comments[10].id), 3).await.unwrap();
    assert_eq!(page.iter().map(|row| row.id).collect::<Vec<_>>(), [public[4], public[3], public[2]]);
    let strange = t.sample.user("Nobody's", Role::Customer);
    assert!(t.store.comments_from_end(&of_customer(&strange), ticket.id, None, 9).await.unwrap().is_empty());
}

async fn comments_are_found_by_their_ids(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let (said, noted) = (t.sample.comment(&ticket, &customer, false), t.sample.comment(&ticket, &agent, true));
    t.commit(vec![add(&said), add(&noted)]).await;
    let absent = t.sample.comment(&ticket, &agent, false).id;
    let ids = [noted.id, absent, said.id];
    let mut found = t.store.comments_by_ids(&ALL, &ids).await.unwrap();
    found.sort_by_key(|comment| comment.id);
    assert_eq!(found, [said.clone(), noted]);
    assert_eq!(t.store.comments_by_ids(&of_customer(&customer), &ids).await.unwrap(), [said]);
    assert!(t.store.comments_by_ids(&ALL, &[]).await.unwrap().is_empty());
}

async fn watchers_come_and_go(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let since = t.sample.now();
    let watch = |user: &User, at| Write::Watch { ticket_id: ticket.id, user_id: user.id, at };
    let unwatch = |user: &User| Write::Unwatch { ticket_id: ticket.id, user_id: user.id };
    t.commit(vec![watch(&agent, since)]).await;
    // Who listens already still listens since then.
    t.commit(vec![watch(&agent, t.sample.now()), watch(&customer, since)]).await;
    let found = t.store.watchers(&ALL, ticket.id, None, 10).await.unwrap();
    let mut since_when: Vec<_> = found.iter().map(|row| (row.ticket_id, row.user.id, row.created_at)).collect();
    since_when.sort();
    let mut wanted = vec![(ticket.id, Some(agent.id), since), (ticket.id, Some(customer.id), since)];
    wanted.sort();
    assert_eq!(since_when, wanted);
    t.commit(vec![unwatch(&agent)]).await;
    t.commit(vec![unwatch(&agent)]).await;
    let found = t.store.watchers(&ALL, ticket.id, None, 10).await.unwrap();
    assert_eq!(found.iter().map(|row| row.user.id).collect::<Vec<_>>(), [Some(customer.id)]);
}

async fn pages_of_watchers_go_by_person(t: &Trial) {
    let (_, _, ticket) = scene(t).await;
    let people: Vec<User> = (0..9).map(|place| t.sample.user(&format!("Watcher {place}"), Role::Agent)).collect();
    let mut writes: Vec<Write> = people.iter().map(add).collect();
    let at = t.sample.now();
    writes.extend(people.iter().rev().map(|user| Write::Watch { ticket_id: ticket.id, user_id: user.id, at }));
    t.commit(writes).await;
    let mut wanted: Vec<UserId> = people.iter().map(|user| user.id).collect();
    wanted.sort();
    let mut found: Vec<UserId> = Vec::new();
    loop {
        let page = t.store.watchers(&ALL, ticket.id, found.last().copied(), 4).await.unwrap();
        if page.is_empty() {
            break;
        }
        found.extend(page.iter().filter_map(|watcher| watcher.user.id));
        ends(found.len());
    }
    assert_eq!(found, wanted);
}

async fn watchers_have_their_names_of_now(t: &Trial) {
    let (_, mut agent, ticket) = scene(t).await;
    t.commit(vec![Write::Watch { ticket_id: ticket.id, user_id: agent.id, at: t.sample.now() }]).await;
    t.commit(vec![change(&mut agent, |user| user.name = "Maxine".to_owned())]).await;
    let found = t.store.watchers(&ALL, ticket.id, None, 10).await.unwrap();
    assert_eq!(found[0].user, Person::from(&agent));
}

async fn watchers_are_found_by_their_ids(t: &Trial) {
    let (customer, mut agent, ticket) = scene(t).await;
    let other = t.sample.ticket(&customer);
    // More than fit into one statement everywhere, and half of them listen to another ticket.
    let people: Vec<User> = (0..600).map(|place| t.sample.user(&format!("Watcher {place}"), Role::Agent)).collect();
    let at = t.sample.now();
    let watch = |ticket: &Ticket, user: &User| Write::Watch { ticket_id: ticket.id, user_id: user.id, at };
    let mut writes: Vec<Write> = people.iter().map(add).collect();
    writes.extend([add(&other), watch(&ticket, &agent)]);
    writes.extend(people.iter().enumerate().map(|(place, user)| watch([&ticket, &other][place % 2], user)));
    t.commit(writes).await;
    t.commit(vec![change(&mut agent, |user| user.name = "Maxine".to_owned())]).await;
    let mut ids: Vec<UserId> = people.iter().map(|user| user.id).collect();
    ids.extend([agent.id, customer.id, UserId(t.sample.uuid())]);
    let found = t.store.watchers_by_ids(&ALL, ticket.id, &ids).await.unwrap();
    let mut found: Vec<_> =
        found.into_iter().map(|row| (row.user.id, row.user.name, row.ticket_id, row.created_at)).collect();
    found.sort();
    let listening = people.iter().step_by(2).chain([&agent]);
    let mut wanted: Vec<_> = listening.map(|user| (Some(user.id), user.name.clone(), ticket.id, at)).collect();
    wanted.sort();
    assert_eq!(found, wanted);
    assert!(t.store.watchers_by_ids(&ALL, ticket.id, &[]).await.unwrap().is_empty());
}

async fn what_a_person_wrote_is_found_on_every_ticket(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let other = t.sample.ticket(&customer);
    let mut own: Vec<Comment> =
        (0..5).map(|place| t.sample.comment([&ticket, &other][place % 2], &agent, place % 3 == 0)).collect();
    let mut writes = vec![add(&other), add(&t.sample.comment(&ticket, &customer, false))];
    writes.extend(own.iter().map(add));
    t.commit(writes).await;
    own.sort_by_key(|comment| comment.id);
    let scopes = [ALL, Scope::Staff { user_id: agent.id }];
    for scope in scopes {
        let mut found: Vec<Comment> = Vec::new();
        loop {
            let after = found.last().map(|comment| comment.id);
            let page = t.store.comments_by_author(&scope, agent.id, after, 2).await.unwrap();
            if page.is_empty() {
                break;
            }
            found.extend(page);
            ends(found.len());
        }
        assert_eq!(found, own);
    }
    for scope in [of_customer(&customer), Scope::Agent { user_id: agent.id, teams: Vec::new() }] {
        assert_eq!(t.store.comments_by_author(&scope, customer.id, None, 9).await.unwrap(), []);
    }
}
