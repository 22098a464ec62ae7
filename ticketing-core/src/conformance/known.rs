//! What the workers remember, and what they ask for beside their jobs.

use super::sample::{add, change, tell};
use super::trial::Trial;
use super::{area, refused};
use crate::changes::Write;
use crate::event::{Event, Fact};
use crate::ids::{EventId, TicketId, UserId, WebhookId};
use crate::model::{MailFailure, MailRecord, Role, WebhookHealth};
use crate::port::StoreError;
use crate::setting::Document;
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::json;

area!["known":
    a_mail_record_is_read_back_whole,
    a_mail_record_is_new_once_and_changes_by_version,
    an_address_has_a_record_of_its_own_for_each_ticket,
    addresses_that_failed_are_not_forgotten,
    a_webhook_is_failing_since_its_first_bad_call,
    of_several_calls_in_a_commit_the_last_counts,
    events_are_found_by_their_ids,
    events_are_found_by_their_moment,
    personal_documents_are_found_by_their_owner,
];

async fn records(t: &Trial, keys: &[(&str, Option<TicketId>)]) -> Vec<MailRecord> {
    let keys: Vec<_> = keys.iter().map(|(address, ticket)| ((*address).to_owned(), *ticket)).collect();
    let mut records = t.store.mail_records(&keys).await.expect("records are read");
    records.sort_by_key(|record| (record.address.clone(), record.ticket_id));
    records
}

async fn a_mail_record_is_read_back_whole(t: &Trial) {
    let at = t.sample.now() + TimeDelta::microseconds(1);
    let record = MailRecord {
        recent: vec![t.sample.now(), t.sample.now()],
        held: 5_000_000_000,
        failure: Some(MailFailure { at, reason: "550 «größe» 世界".to_owned() }),
        ..t.sample.mail_record("größe@people.example")
    };
    let plain = MailRecord { recent: Vec::new(), ..t.sample.mail_record("bo@people.example") };
    t.commit(vec![add(&record), add(&plain)]).await;
    let key = ("größe@people.example", None);
    assert_eq!(records(t, &[key, ("nobody@people.example", None), key]).await, std::slice::from_ref(&record));
    assert_eq!(records(t, &[key, ("bo@people.example", None)]).await, [plain, record]);
    assert_eq!(records(t, &[]).await, []);
}

async fn a_mail_record_is_new_once_and_changes_by_version(t: &Trial) {
    let mut record = t.sample.mail_record("ana@people.example");
    let key = [("ana@people.example", None)];
    t.commit(vec![add(&record)]).await;
    refused!(t.attempt(vec![add(&record)]).await, StoreError::Conflict, "somebody was first");
    let mut stale = record.clone();
    let write = change(&mut record, |record| record.recent.push(t.sample.now()));
    t.commit(vec![write]).await;
    assert_eq!(records(t, &key).await, [record.clone()]);
    let write = change(&mut stale, |record| record.held += 1);
    refused!(t.attempt(vec![write]).await, StoreError::Conflict, "another version");
    let mut missing = t.sample.mail_record("zoe@people.example");
    let write = change(&mut missing, |record| record.held += 1);
    refused!(t.attempt(vec![write]).await, StoreError::Conflict, "there is none");
    assert_eq!(records(t, &key).await, [record]);
}

async fn an_address_has_a_record_of_its_own_for_each_ticket(t: &Trial) {
    let address = "ana@people.example";
    let tickets = [TicketId(t.sample.uuid()), TicketId(t.sample.uuid())];
    let all = t.sample.mail_record(address);
    let mut of_one = MailRecord { ticket_id: Some(tickets[0]), ..t.sample.mail_record(address) };
    let of_other = MailRecord { ticket_id: Some(tickets[1]), ..t.sample.mail_record(address) };
    t.commit(vec![add(&all), add(&of_one), add(&of_other)]).await;
    t.commit(vec![change(&mut of_one, |record| record.held = 3)]).await;
    assert_eq!(records(t, &[(address, None)]).await, std::slice::from_ref(&all));
    assert_eq!(records(t, &[(address, Some(tickets[0]))]).await, [of_one.clone()]);
    let keys = [(address, Some(tickets[1])), (address, None), (address, Some(tickets[0]))];
    assert_eq!(records(t, &keys).await, [all, of_one, of_other]);
    assert_eq!(records(t, &[(address, Some(TicketId(t.sample.uuid())))]).await, []);
}

async fn addresses_that_failed_are_not_forgotten(t: &Trial) {
    let names: Vec<String> = (0..7).map(|n| format!("a{n}@people.example")).collect();
    let mut all: Vec<MailRecord> = names.iter().map(|name| t.sample.mail_record(name)).collect();
    all[2].failure = Some(MailFailure { at: t.sample.now(), reason: "no such person".to_owned() });
    all[3].ticket_id = Some(TicketId(t.sample.uuid()));
    t.commit(all.iter().map(add).collect()).await;
    let before = all[5].updated_at;
    assert_eq!(t.store.purge_mail_records(before, 3).await.unwrap(), 3);
    assert_eq!(t.store.purge_mail_records(before, 3).await.unwrap(), 1);
    assert_eq!(t.store.purge_mail_records(before, 3).await.unwrap(), 0);
    let keys: Vec<_> = all.iter().map(|record| (record.address.as_str(), record.ticket_id)).collect();
    assert_eq!(records(t, &keys).await, [all[2].clone(), all[5].clone(), all[6].clone()]);
}

fn called(webhook_id: WebhookId, at: Time, is_good: bool) -> Write {
    Write::WebhookCalled { webhook_id, at, is_good }
}

async fn health(t: &Trial) -> Vec<WebhookHealth> {
    let mut health = t.store.webhook_health().await.expect("it is read");
    health.sort_by_key(|health| health.webhook_id);
    health
}

async fn a_webhook_is_failing_since_its_first_bad_call(t: &Trial) {
    assert_eq!(health(t).await, []);
    let (bad, good) = (WebhookId(t.sample.uuid()), WebhookId(t.sample.uuid()));
    let first = t.sample.now();
    t.commit(vec![called(bad, first, false), called(good, first, true)]).await;
    let failing = WebhookHealth { webhook_id: bad, failing_since: Some(first), updated_at: first };
    let well = WebhookHealth { webhook_id: good, failing_since: None, updated_at: first };
    assert_eq!(health(t).await, [failing, well]);
    t.commit(vec![called(bad, t.sample.now(), false), called(good, t.sample.now(), true)]).await;
    assert_eq!(health(t).await, [failing, well], "nothing new");
    let turn = t.sample.now();
    t.commit(vec![called(bad, turn, true), called(good, turn, false)]).await;
    let (mended, broken) = (
        WebhookHealth { failing_since: None, updated_at: turn, ..failing },
        WebhookHealth { failing_since: Some(turn), updated_at: turn, ..well },
    );
    assert_eq!(health(t).await, [mended, broken]);
}

async fn of_several_calls_in_a_commit_the_last_counts(t: &Trial) {
    let webhook_id = WebhookId(t.sample.uuid());
    let [one, two, three] = [t.sample.now(), t.sample.now(), t.sample.now()];
    t.commit(vec![called(webhook_id, one, true), called(webhook_id, two, false)]).await;
    let failing = WebhookHealth { webhook_id, failing_since: Some(two), updated_at: two };
    assert_eq!(health(t).await, [failing]);
    t.commit(vec![called(webhook_id, three, true), called(webhook_id, three, false)]).await;
    assert_eq!(health(t).await, [failing], "it is failing as before");
}

/// Events of two commits, by their places in the log; their ids go the other way round.
async fn told(t: &Trial) -> Vec<Event> {
    let customer = t.sample.user("Ines", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    let mut events: Vec<Event> = (0..9).map(|_| t.sample.event(&ticket, Fact::TicketCreated {}, &customer)).collect();
    events.reverse();
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let mut places = Vec::new();
    for events in events.chunks(4) {
        places.extend(t.commit(events.iter().map(tell).collect()).await.seqs);
    }
    for (event, seq) in events.iter_mut().zip(places) {
        event.seq = seq;
    }
    events
}

async fn events_are_found_by_their_ids(t: &Trial) {
    let events = told(t).await;
    let ids = [events[7].id, events[0].id, EventId(t.sample.uuid()), events[4].id, events[0].id];
    let wanted = [events[0].clone(), events[4].clone(), events[7].clone()];
    assert_eq!(t.store.events_by_ids(&ids).await.unwrap(), wanted, "in the order of the log, each once");
    assert_eq!(t.store.events_by_ids(&[]).await.unwrap(), []);
}

async fn events_are_found_by_their_moment(t: &Trial) {
    let mut events = told(t).await;
    events.sort_by_key(|event| event.id);
    let from = |after: EventId, limit| async move { t.store.events_by_moment(after, limit).await.unwrap() };
    assert_eq!(from(EventId::first_at(events[0].at), 100).await, events, "by their ids");
    assert_eq!(from(events[2].id, 3).await, events[3..6]);
    assert_eq!(from(events[8].id, 3).await, []);
    assert_eq!(from(events[0].id, 0).await, []);
    let first = EventId::first_at(events[5].at);
    let wanted: Vec<Event> = events.iter().filter(|event| event.id > first).cloned().collect();
    assert!(wanted.contains(&events[5]) && wanted.len() < events.len());
    assert_eq!(from(first, 100).await, wanted);
}

async fn personal_documents_are_found_by_their_owner(t: &Trial) {
    let owners: Vec<UserId> = (0..3).map(|_| UserId(t.sample.uuid())).collect();
    let of = |owner: UserId, kind: &str| Document { owner: Some(owner), ..t.sample.document(kind, json!({"a": 1})) };
    let shared = t.sample.document("view", json!({}));
    let (one, two) = (of(owners[0], "view"), of(owners[0], "view"));
    let (others, another_kind) = (of(owners[1], "view"), of(owners[0], "canned"));
    let mut gone = of(owners[0], "view");
    t.commit([&shared, &one, &two, &others, &another_kind, &gone].map(add).to_vec()).await;
    t.commit(vec![change(&mut gone, |document| document.deleted = true)]).await;
    let find = |owners: Vec<UserId>| async move {
        let mut found = t.store.personal_documents("view", &owners).await.expect("they are read");
        found.sort_by_key(|document| document.id);
        found
    };
    assert_eq!(find(vec![owners[0]]).await, [one.clone(), two.clone()]);
    assert_eq!(find(vec![owners[1], owners[2], owners[0], owners[0]]).await, [one, two, others]);
    assert_eq!(find(vec![owners[2]]).await, []);
    assert_eq!(find(Vec::new()).await, []);
}
