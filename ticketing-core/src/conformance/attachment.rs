//! Files on tickets and comments.

use super::sample::{add, attach};
use super::trial::{ALL, Trial, ends};
use super::world::World;
use super::{area, refused};
use crate::access::Scope;
use crate::changes::Write;
use crate::ids::{AttachmentId, CommentId, TicketId};
use crate::model::{AttachedTo, Attachment, Comment, Role, Ticket, User};
use crate::port::{StoreError, Unique};

area!["attachment":
    is_read_back_whole,
    an_id_is_new_once,
    a_file_needs_what_it_belongs_to,
    whoever_sees_what_a_file_belongs_to_sees_the_file,
    pages_go_from_the_oldest_on,
    files_of_many_comments_are_found_at_once,
    files_go_along_with_their_comment,
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

async fn of_ticket(t: &Trial, scope: &Scope, id: TicketId) -> Vec<Attachment> {
    t.store.attachments(scope, id, None, 1_000).await.expect("files are read")
}

async fn of_comments(t: &Trial, scope: &Scope, ids: &[CommentId]) -> Vec<Attachment> {
    t.store.comment_attachments(scope, ids).await.expect("files are read")
}

async fn one(t: &Trial, scope: &Scope, id: AttachmentId) -> Option<Attachment> {
    t.store.attachment(scope, id).await.expect("a file is read")
}

async fn is_read_back_whole(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let comment = t.sample.comment(&ticket, &agent, false);
    let whole = t.sample.attachment(AttachedTo::Ticket(ticket.id));
    let bare = Attachment {
        filename: String::new(),
        content_type: String::new(),
        size: 0,
        content_id: None,
        uploaded_by: None,
        ..t.sample.attachment(AttachedTo::Comment(comment.id))
    };
    // What it belongs to may be written by the same commit, and later.
    t.commit(vec![attach(&whole), attach(&bare), add(&comment)]).await;
    assert_eq!(of_ticket(t, &ALL, ticket.id).await, [whole.clone(), bare.clone()]);
    assert_eq!(of_comments(t, &ALL, &[comment.id]).await, std::slice::from_ref(&bare));
    assert_eq!(one(t, &ALL, whole.id).await, Some(whole));
    assert_eq!(one(t, &ALL, bare.id).await, Some(bare));
    assert_eq!(one(t, &ALL, AttachmentId(t.sample.uuid())).await, None);
}

async fn an_id_is_new_once(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let comment = t.sample.comment(&ticket, &agent, false);
    let file = t.sample.attachment(AttachedTo::Ticket(ticket.id));
    t.commit(vec![add(&comment), attach(&file)]).await;
    let other = Attachment { id: file.id, ..t.sample.attachment(AttachedTo::Comment(comment.id)) };
    refused!(t.attempt(vec![attach(&other)]).await, StoreError::Duplicate(Unique::Id), "an id that is there");
    assert_eq!(of_ticket(t, &ALL, ticket.id).await, [file]);
}

async fn a_file_needs_what_it_belongs_to(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let comment = t.sample.comment(&ticket, &agent, false);
    for (of, what) in [
        (AttachedTo::Ticket(TicketId(t.sample.uuid())), "ticket"),
        (AttachedTo::Comment(CommentId(t.sample.uuid())), "comment"),
    ] {
        let file = t.sample.attachment(of);
        match t.attempt(vec![add(&comment), attach(&file)]).await {
            Err(StoreError::Missing(missing)) => assert_eq!(missing, what),
            outcome => panic!("a file of no {what}: {outcome:?}"),
        }
        assert_eq!(one(t, &ALL, file.id).await, None);
    }
    assert_eq!(t.comments(ticket.id).await, [], "nothing of the commit is kept");
}

async fn whoever_sees_what_a_file_belongs_to_sees_the_file(t: &Trial) {
    let world = World::of(t).await;
    let mut writes = Vec::new();
    let mut files = Vec::new();
    for told in &world.tickets {
        let owners = [
            AttachedTo::Ticket(told.ticket.id),
            AttachedTo::Comment(told.public.id),
            AttachedTo::Comment(told.note.id),
        ];
        let three = owners.map(|of| t.sample.attachment(of));
        writes.extend(three.iter().map(attach));
        files.push(three);
    }
    t.commit(writes).await;
    let comments: Vec<CommentId> = world.tickets.iter().flat_map(|told| [told.note.id, told.public.id]).collect();
    for scope in world.scopes() {
        let mut seen = Vec::new();
        for (told, [described, public, note]) in world.tickets.iter().zip(&files) {
            let is_seen = scope.sees(&told.ticket);
            let seen_here: Vec<&Attachment> = match (is_seen, scope.sees_internal()) {
                (false, _) => vec![],
                (true, false) => vec![described, public],
                (true, true) => vec![described, public, note],
            };
            let found = of_ticket(t, &scope, told.ticket.id).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), seen_here, "for {scope:?}");
            for file in [described, public, note] {
                let told = seen_here.contains(&file).then_some(file);
                assert_eq!(one(t, &scope, file.id).await.as_ref(), told, "for {scope:?}");
            }
            seen.extend(seen_here.into_iter().filter(|file| matches!(file.of, AttachedTo::Comment(_))));
        }
        let found = of_comments(t, &scope, &comments).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), seen, "for {scope:?}");
    }
}

async fn pages_go_from_the_oldest_on(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let other = t.sample.ticket(&customer);
    let comments: Vec<Comment> = (0..6).map(|n| t.sample.comment(&ticket, &agent, n % 3 == 0)).collect();
    let elsewhere = t.sample.comment(&other, &agent, false);
    let owner = |n: usize| match n % 7 {
        6 => AttachedTo::Ticket(ticket.id),
        place => AttachedTo::Comment(comments[place].id),
    };
    let files: Vec<Attachment> = (0..23).map(|n| t.sample.attachment(owner(n))).collect();
    let mut writes: Vec<Write> = vec![add(&other), add(&elsewhere)];
    writes.extend(comments.iter().map(add));
    // Written in another order than that of their ids, and among those of another ticket.
    writes.extend(files.iter().rev().map(attach));
    writes.extend(
        [AttachedTo::Ticket(other.id), AttachedTo::Comment(elsewhere.id)].map(|of| attach(&t.sample.attachment(of))),
    );
    t.commit(writes).await;
    let is_public =
        |file: &&Attachment| comments.iter().all(|c| !c.is_internal || file.of != AttachedTo::Comment(c.id));
    let public: Vec<Attachment> = files.iter().filter(is_public).cloned().collect();
    assert!(public.len() < files.len());
    for (scope, wanted) in [(ALL, files.clone()), (of_customer(&customer), public)] {
        for size in [1, 4, 100] {
            let mut found: Vec<Attachment> = Vec::new();
            loop {
                let after = found.last().map(|file| file.id);
                let page = t.store.attachments(&scope, ticket.id, after, size).await.unwrap();
                let is_full = page.len() == size || found.len() + page.len() == wanted.len();
                assert!(page.len() <= size && is_full, "a page is full though others are left out");
                if page.is_empty() {
                    break;
                }
                found.extend(page);
                ends(found.len());
            }
            assert_eq!(found, wanted, "by pages of {size}");
        }
    }
}

async fn files_of_many_comments_are_found_at_once(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    // More than fit into one statement everywhere.
    let comments: Vec<Comment> = (0..600).map(|n| t.sample.comment(&ticket, &agent, n % 2 == 0)).collect();
    let files: Vec<Attachment> =
        comments.iter().step_by(5).map(|comment| t.sample.attachment(AttachedTo::Comment(comment.id))).collect();
    let mut writes: Vec<Write> = comments.iter().map(add).collect();
    writes.extend(files.iter().map(attach));
    writes.push(attach(&t.sample.attachment(AttachedTo::Ticket(ticket.id))));
    t.commit(writes).await;
    let mut ids: Vec<CommentId> = comments.iter().rev().map(|comment| comment.id).collect();
    ids.extend([comments[0].id, CommentId(t.sample.uuid())]);
    assert_eq!(of_comments(t, &ALL, &ids).await, files, "each once, oldest first");
    let public: Vec<Attachment> = files.iter().skip(1).step_by(2).cloned().collect();
    assert_eq!(of_comments(t, &of_customer(&customer), &ids).await, public);
    assert_eq!(of_comments(t, &ALL, &[]).await, []);
}

async fn files_go_along_with_their_comment(t: &Trial) {
    let (customer, agent, source) = scene(t).await;
    let other = t.sample.user("Noa", Role::Customer);
    let target = t.sample.ticket(&other);
    let (kept, hidden) = (t.sample.comment(&source, &customer, false), t.sample.comment(&source, &agent, false));
    let described = t.sample.attachment(AttachedTo::Ticket(source.id));
    let (first, second) =
        (t.sample.attachment(AttachedTo::Comment(kept.id)), t.sample.attachment(AttachedTo::Comment(hidden.id)));
    let writes = vec![add(&other), add(&target), add(&kept), add(&hidden)];
    t.commit(writes.into_iter().chain([&described, &first, &second].map(attach)).collect()).await;
    let moves = |id: CommentId, is_internal| Write::MoveComments {
        from: source.id,
        to: target.id,
        comments: vec![id],
        is_internal,
    };
    t.commit(vec![moves(kept.id, None), moves(hidden.id, Some(true))]).await;
    assert_eq!(of_ticket(t, &ALL, source.id).await, std::slice::from_ref(&described));
    assert_eq!(of_ticket(t, &ALL, target.id).await, [first.clone(), second.clone()]);
    assert_eq!(of_ticket(t, &of_customer(&other), target.id).await, std::slice::from_ref(&first), "one became a note");
    assert_eq!(one(t, &of_customer(&other), second.id).await, None);
    assert_eq!(one(t, &of_customer(&customer), first.id).await, None, "it is on a ticket of somebody else now");
    assert_eq!(of_ticket(t, &of_customer(&customer), source.id).await, [described]);
}
