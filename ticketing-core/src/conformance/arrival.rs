//! Mail that came in.

use super::sample::{add, change};
use super::trial::{Trial, ends};
use super::{area, refused};
use crate::ids::{ArrivalId, CommentId, TicketId};
use crate::model::{Arrival, ArrivalCause, ArrivalDoor, ArrivalState, JobKind};
use crate::port::{ArrivalCount, ArrivalQuery, StoreError, Unique};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;

area!["arrival":
    is_read_back_whole,
    every_word_is_kept,
    is_found_by_its_key_and_no_other,
    another_copy_is_refused,
    an_id_is_new_once,
    a_stale_version_conflicts,
    of_racing_copies_one_is_taken_in,
    a_list_holds_what_is_asked_for_newest_first,
    what_waits_is_counted_by_cause,
    what_a_sender_wrote_is_counted_up_to_a_limit,
    what_came_to_a_ticket_is_counted_up_to_a_limit,
];

async fn found(t: &Trial, id: ArrivalId) -> Option<Arrival> {
    t.store.arrival(id).await.expect("a mail is read")
}

async fn is_read_back_whole(t: &Trial) {
    let bare = t.sample.arrival();
    let mut whole = Arrival {
        mailbox_id: Some(t.sample.uuid()),
        state: ArrivalState::Held,
        cause: Some(ArrivalCause::UnprovenStaff),
        sender: Some("ana@people.example".to_owned()),
        ticket_id: Some(TicketId(t.sample.uuid())),
        comment_id: Some(CommentId(t.sample.uuid())),
        detail: t.sample.arrival_detail(),
        ..t.sample.arrival()
    };
    t.commit(vec![add(&bare), add(&whole)]).await;
    assert_eq!(found(t, bare.id).await, Some(bare));
    assert_eq!(found(t, whole.id).await, Some(whole.clone()));
    let write = change(&mut whole, |mail| {
        *mail = Arrival {
            id: mail.id,
            key: mail.key.clone(),
            received_at: mail.received_at,
            version: mail.version,
            state: ArrivalState::New,
            ..t.sample.arrival()
        };
    });
    t.commit(vec![write]).await;
    assert_eq!(found(t, whole.id).await, Some(whole));
    assert_eq!(found(t, ArrivalId(t.sample.uuid())).await, None);
}

async fn every_word_is_kept(t: &Trial) {
    let mut mails = Vec::new();
    for (place, cause) in ArrivalCause::ALL.iter().enumerate() {
        let state = ArrivalState::ALL[place % ArrivalState::ALL.len()];
        let door = ArrivalDoor::ALL[place % ArrivalDoor::ALL.len()];
        mails.push(Arrival { state, door, cause: Some(*cause), ..t.sample.arrival() });
    }
    t.commit(mails.iter().map(add).collect()).await;
    for mail in mails {
        assert_eq!(found(t, mail.id).await, Some(mail));
    }
}

async fn is_found_by_its_key_and_no_other(t: &Trial) {
    let keys = ["id:a@mail.example", "id:A@mail.example", "id:é@mail.example", "id:e\u{301}@mail.example", "id:a%"];
    let mails: Vec<Arrival> = keys.iter().map(|key| Arrival { key: (*key).to_owned(), ..t.sample.arrival() }).collect();
    let longest = Arrival { key: "k".repeat(200), ..t.sample.arrival() };
    t.commit(mails.iter().chain([&longest]).map(add).collect()).await;
    for mail in mails.iter().chain([&longest]) {
        assert_eq!(t.store.arrival_by_key(&mail.key).await.unwrap().as_ref(), Some(mail), "{}", mail.key);
    }
    for absent in ["", "id:a", "id:b@mail.example", "id:a_"] {
        assert_eq!(t.store.arrival_by_key(absent).await.unwrap(), None, "{absent}");
    }
}

async fn another_copy_is_refused(t: &Trial) {
    let (first, mut third) = (t.sample.arrival(), t.sample.arrival());
    t.commit(vec![add(&first), add(&third)]).await;
    let copy = Arrival { key: first.key.clone(), digest: first.digest, ..t.sample.arrival() };
    let job = t.sample.job(JobKind::Mail, "mail");
    let outcome = t.attempt(vec![crate::changes::Write::Job(Box::new(job.clone())), add(&copy)]).await;
    refused!(outcome, StoreError::Duplicate(Unique::Arrival), "another copy");
    assert_eq!(t.store.job(job.id).await.unwrap(), None, "nothing of its commit is kept");
    assert_eq!(found(t, copy.id).await, None);
    assert_eq!(t.store.arrival_by_key(&first.key).await.unwrap(), Some(first.clone()));
    let takes_over = change(&mut third, |mail| mail.key.clone_from(&first.key));
    refused!(t.attempt(vec![takes_over]).await, StoreError::Duplicate(Unique::Arrival), "a change to a key taken");
}

async fn an_id_is_new_once(t: &Trial) {
    let first = t.sample.arrival();
    t.commit(vec![add(&first)]).await;
    let other = Arrival { id: first.id, ..t.sample.arrival() };
    refused!(t.attempt(vec![add(&other)]).await, StoreError::Duplicate(Unique::Id), "an id that is there");
    assert_eq!(found(t, first.id).await, Some(first));
}

async fn a_stale_version_conflicts(t: &Trial) {
    let mut mail = t.sample.arrival();
    t.commit(vec![add(&mail)]).await;
    let stale = change(&mut mail.clone(), |mail| mail.state = ArrivalState::Dropped);
    t.commit(vec![change(&mut mail, |mail| mail.state = ArrivalState::Held)]).await;
    refused!(t.attempt(vec![stale]).await, StoreError::Conflict, "two that decided at the same time");
    assert_eq!(found(t, mail.id).await, Some(mail));
    let mut absent = t.sample.arrival();
    let write = change(&mut absent, |mail| mail.state = ArrivalState::New);
    refused!(t.attempt(vec![write]).await, StoreError::Conflict, "a mail that is not there");
}

async fn of_racing_copies_one_is_taken_in(t: &Trial) {
    let key = t.sample.arrival().key;
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let copy = Arrival { key: key.clone(), ..t.sample.arrival() };
        let changes = t.changes(vec![add(&copy)]).await;
        let store = Arc::clone(&t.store);
        tasks.push(tokio::spawn(async move { (copy, store.commit(changes).await) }));
    }
    let mut kept = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (copy, Ok(_)) => kept.push(copy),
            (_, outcome) => {
                refused!(outcome, StoreError::Duplicate(Unique::Arrival), "a copy that came second");
            }
        }
    }
    assert_eq!(kept.len(), 1, "one of all copies is taken in");
    assert_eq!(t.store.arrival_by_key(&key).await.unwrap().as_ref(), kept.first());
}

/// Mails of all kinds, oldest first.
async fn many(t: &Trial) -> Vec<Arrival> {
    let boxes = [None, Some(t.sample.uuid()), Some(t.sample.uuid())];
    let senders = [None, Some("ana@people.example"), Some("Ana@people.example"), Some("max@people.example")];
    let tickets = [None, None, Some(TicketId(t.sample.uuid())), Some(TicketId(t.sample.uuid())), None];
    let pick = |n: usize, of: usize| (n * 7 + n / of) % of;
    let mail = |n: usize| Arrival {
        mailbox_id: boxes[pick(n, boxes.len())],
        state: ArrivalState::ALL[n % ArrivalState::ALL.len()],
        cause: (!n.is_multiple_of(3)).then(|| ArrivalCause::ALL[pick(n, 5)]),
        sender: senders[pick(n, senders.len())].map(str::to_owned),
        ticket_id: tickets[pick(n, tickets.len())],
        ..t.sample.arrival()
    };
    let mails: Vec<Arrival> = (0..240).map(mail).collect();
    // Written in another order than that of their ids.
    for part in mails.chunks(80).rev() {
        t.commit(part.iter().rev().map(add).collect()).await;
    }
    mails
}

fn fits(query: &ArrivalQuery, mail: &Arrival) -> bool {
    (query.states.is_empty() || query.states.contains(&mail.state))
        && (query.cause.is_none() || query.cause == mail.cause)
        && (query.mailbox_id.is_none() || query.mailbox_id == mail.mailbox_id)
        && (query.sender.is_none() || query.sender == mail.sender)
        && (query.ticket_id.is_none() || query.ticket_id == mail.ticket_id)
}

async fn a_list_holds_what_is_asked_for_newest_first(t: &Trial) {
    use ArrivalState::{Dropped, Held, New, Noted, Quarantined, Refused, Threaded, Waiting};
    let mails = many(t).await;
    let one = |pick: fn(&Arrival) -> bool| mails.iter().find(|mail| pick(mail)).cloned().expect("there is one");
    let full = one(|mail| mail.cause.is_some() && mail.mailbox_id.is_some() && mail.sender.is_some());
    let ticket_id = one(|mail| mail.ticket_id.is_some()).ticket_id;
    let states = [
        vec![],
        vec![Held],
        vec![Threaded],
        vec![Held, Refused, Quarantined],
        vec![Refused, Held, Refused],
        vec![New, Waiting, Dropped, Noted],
        ArrivalState::ALL.to_vec(),
    ];
    let mut hits = 0;
    for states in states {
        for parts in 0..16 {
            let query = ArrivalQuery {
                states: states.clone(),
                cause: full.cause.filter(|_| parts & 1 > 0),
                mailbox_id: full.mailbox_id.filter(|_| parts & 2 > 0),
                sender: full.sender.clone().filter(|_| parts & 4 > 0),
                ticket_id: ticket_id.filter(|_| parts & 8 > 0),
                after: None,
                limit: 7,
            };
            let wanted: Vec<ArrivalId> =
                mails.iter().rev().filter(|mail| fits(&query, mail)).map(|mail| mail.id).collect();
            hits += wanted.len();
            let mut walked: Vec<ArrivalId> = Vec::new();
            loop {
                let after = walked.last().copied();
                let page = t.store.arrivals(&ArrivalQuery { after, ..query.clone() }).await.unwrap();
                assert!(page.len() <= 7 && page.iter().all(|mail| fits(&query, mail)), "{query:?}");
                if page.is_empty() {
                    break;
                }
                walked.extend(page.iter().map(|mail| mail.id));
                ends(walked.len());
            }
            assert_eq!(walked, wanted, "{query:?}");
        }
    }
    assert!(hits > 500, "what was asked for is there");
    let all = t.store.arrivals(&ArrivalQuery { limit: 1_000, ..ArrivalQuery::default() }).await.unwrap();
    assert_eq!(all, mails.into_iter().rev().collect::<Vec<_>>(), "each is whole");
}

async fn what_waits_is_counted_by_cause(t: &Trial) {
    assert_eq!(t.store.arrival_counts().await.unwrap(), [], "of nothing there is nothing");
    let mut mails = many(t).await;
    let mut counted = t.store.arrival_counts().await.unwrap();
    counted.sort_by_key(|count| (count.state, count.cause));
    assert_eq!(counted, waiting(&mails));
    let moved: Vec<_> = mails
        .iter_mut()
        .filter(|mail| mail.state == ArrivalState::Held)
        .map(|mail| change(mail, |mail| mail.state = ArrivalState::Threaded))
        .collect();
    t.commit(moved).await;
    let mut counted = t.store.arrival_counts().await.unwrap();
    counted.sort_by_key(|count| (count.state, count.cause));
    assert_eq!(counted, waiting(&mails), "what was released waits no more");
}

/// What the counts of these mails are.
fn waiting(mails: &[Arrival]) -> Vec<ArrivalCount> {
    let mut counts: BTreeMap<_, ArrivalCount> = BTreeMap::new();
    for mail in mails.iter().filter(|mail| mail.state == ArrivalState::Waiting || mail.state.is_open()) {
        let (state, cause) = (mail.state, mail.cause);
        let first = ArrivalCount { state, cause, count: 0, oldest: Some(mail.received_at) };
        let count = counts.entry((state, cause)).or_insert(first);
        count.count += 1;
        count.oldest = count.oldest.min(Some(mail.received_at));
    }
    counts.into_values().collect()
}

async fn what_a_sender_wrote_is_counted_up_to_a_limit(t: &Trial) {
    let sent = |state, sender: &str| Arrival { state, sender: Some(sender.to_owned()), ..t.sample.arrival() };
    let (ana, max) = ("ana@people.example", "max@people.example");
    let mut mails = Vec::new();
    for _ in 0..6 {
        mails.extend(ArrivalState::ALL.iter().map(|state| sent(*state, ana)));
        mails.extend([sent(ArrivalState::New, max), sent(ArrivalState::New, max), t.sample.arrival()]);
    }
    t.commit(mails.iter().map(add).collect()).await;
    let since = |at| async move { t.store.arrivals_since(ana, at, 100).await.unwrap() };
    let first = mails[0].received_at;
    assert_eq!(since(first).await, (6, 6));
    // A moment belongs to what comes later.
    let of_ana = |state| mails.iter().filter(move |mail| mail.state == state && mail.sender.as_deref() == Some(ana));
    let third = of_ana(ArrivalState::New).nth(2).expect("there are six").received_at;
    assert_eq!(since(third).await, (3, 4));
    assert_eq!(since(third + TimeDelta::microseconds(1)).await, (3, 3));
    assert_eq!(since(t.sample.now()).await, (0, 0));
    for limit in [0, 1, 5, 6, 7] {
        let up_to = (limit as u64).min(6);
        assert_eq!(t.store.arrivals_since(ana, first, limit).await.unwrap(), (up_to, up_to), "up to {limit}");
    }
    assert_eq!(t.store.arrivals_since(max, first, 100).await.unwrap(), (0, 12));
    assert_eq!(t.store.arrivals_since("Ana@people.example", first, 100).await.unwrap(), (0, 0));
    // A mail that is read counts from then on, by when it was taken in.
    let waiting = mails.iter_mut().find(|mail| mail.state == ArrivalState::Waiting && mail.sender.is_none());
    let read = change(waiting.expect("one has no sender yet"), |mail| {
        (mail.state, mail.sender) = (ArrivalState::Threaded, Some(ana.to_owned()));
    });
    t.commit(vec![read]).await;
    assert_eq!(since(first).await, (7, 6));
}

async fn what_came_to_a_ticket_is_counted_up_to_a_limit(t: &Trial) {
    let (ticket_id, other) = (TicketId(t.sample.uuid()), TicketId(t.sample.uuid()));
    let came = |state, ticket_id| Arrival { state, ticket_id: Some(ticket_id), ..t.sample.arrival() };
    let mut mails = Vec::new();
    for _ in 0..5 {
        mails.extend(ArrivalState::ALL.iter().map(|state| came(*state, ticket_id)));
        mails.push(came(ArrivalState::Threaded, other));
    }
    t.commit(mails.iter().map(add).collect()).await;
    let count = |at, limit| async move { t.store.ticket_arrivals_since(ticket_id, at, limit).await.unwrap() };
    let first = mails[0].received_at;
    assert_eq!(count(first, 100).await, 5, "what made it, or is only about it, did not come to it");
    assert_eq!(count(first, 3).await, 3);
    assert_eq!(count(first, 0).await, 0);
    let went = |mail: &&Arrival| mail.ticket_id == Some(ticket_id) && mail.state == ArrivalState::Threaded;
    let second = mails.iter().filter(went).nth(1).expect("there are five").received_at;
    assert_eq!(count(second, 100).await, 4);
    assert_eq!(count(second + TimeDelta::microseconds(1), 100).await, 3);
    assert_eq!(t.store.ticket_arrivals_since(TicketId(t.sample.uuid()), first, 100).await.unwrap(), 0);
}
