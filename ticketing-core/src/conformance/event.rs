//! The event log.

use super::sample::{add, change, tell};
use super::trial::{ALL, Trial};
use super::{area, refused};
use crate::changes::{Changes, Write};
use crate::event::{Event, Fact, FieldChanges};
use crate::ids::{EventId, Seq};
use crate::model::{EscalationCause, Person, Role, Ticket, User};
use crate::port::{StoreError, Unique};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

area!["event":
    every_fact_is_read_back_whole,
    places_follow_the_writes_and_are_answered,
    a_page_ends_where_the_next_begins,
    the_end_of_the_log_stays_the_end,
    the_log_ends_where_reading_ends,
    an_event_lands_once,
    events_of_a_ticket_are_its_own,
    an_actor_has_the_name_of_now,
    a_refused_commit_tells_nothing,
    a_reader_behind_many_writers_misses_nothing,
    nothing_comes_later_before_the_end,
];

/// A customer and a ticket.
async fn scene(t: &Trial) -> (User, Ticket) {
    let customer = t.sample.user("Isa", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    (customer, ticket)
}

fn facts(t: &Trial, user: &User) -> Vec<Fact> {
    let changes: FieldChanges = [
        ("subject".to_owned(), (json!("Old"), json!("Neu 🧭"))),
        ("team_id".to_owned(), (json!(null), json!("a"))),
        ("tags".to_owned(), (json!(["a"]), json!([]))),
    ]
    .into();
    let comment_id = crate::CommentId(t.sample.uuid());
    vec![
        Fact::TicketCreated {},
        Fact::TicketUpdated { changes: changes.clone(), reason: None },
        Fact::TicketUpdated { changes: changes.clone(), reason: Some("Quiet again.".to_owned()) },
        Fact::TicketAssigned { changes: changes.clone() },
        Fact::TicketStatusChanged { changes: changes.clone() },
        Fact::TicketResolved {},
        Fact::TicketReopened {},
        Fact::TicketClosed {},
        Fact::TicketEscalated {
            changes: changes.clone(),
            level: 2,
            reason: "It still hums.".to_owned(),
            cause: EscalationCause::Sla,
        },
        Fact::CommentAdded { comment_id, is_internal: false, changes: FieldChanges::new() },
        Fact::CommentAdded { comment_id, is_internal: true, changes: changes.clone() },
        Fact::CommentEdited { comment_id, is_internal: false, changes },
        Fact::WatcherAdded { user_id: user.id },
        Fact::WatcherRemoved { user_id: user.id },
    ]
}

async fn every_fact_is_read_back_whole(t: &Trial) {
    let (customer, mut ticket) = scene(t).await;
    (ticket.team_id, ticket.assigned_agent_id) = (Some(crate::TeamId(t.sample.uuid())), Some(customer.id));
    let mut wanted: Vec<Event> = Vec::new();
    for (place, fact) in facts(t, &customer).into_iter().enumerate() {
        let mut event = t.sample.event(&ticket, fact, &customer);
        if place % 2 == 1 {
            event.image = None;
            event.cause = wanted.last().map(|event| event.id);
            event.actor = Person::system();
            (event.team_id, event.assignee_id) = (None, None);
        }
        wanted.push(event);
    }
    let committed = t.commit(wanted.iter().map(tell).collect()).await;
    for (event, seq) in wanted.iter_mut().zip(committed.seqs) {
        event.seq = seq;
    }
    let found = t.store.events(&ALL, Seq(0), 100).await.unwrap().events;
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found, wanted, "{}", wanted.fact.name());
    }
    assert_eq!(found, wanted);
    assert_eq!(t.store.ticket_events(&ALL, ticket.id, Seq(0), 100).await.unwrap(), wanted);
}

async fn places_follow_the_writes_and_are_answered(t: &Trial) {
    let (customer, mut ticket) = scene(t).await;
    let mut wanted: Vec<(Seq, EventId)> = Vec::new();
    for turn in 0..5 {
        let mut writes = vec![change(&mut ticket, |ticket| ticket.escalation_level = turn)];
        let told: Vec<Event> =
            (0..=turn).map(|_| t.sample.event(&ticket, Fact::TicketReopened {}, &customer)).collect();
        writes.extend(told.iter().map(tell));
        let committed = t.commit(writes).await;
        assert_eq!(committed.seqs.len(), told.len(), "a place an event");
        wanted.extend(committed.seqs.into_iter().zip(told.iter().map(|event| event.id)));
    }
    assert!(wanted.is_sorted_by(|one, two| one.0 < two.0), "places grow: {wanted:?}");
    assert!(wanted[0].0 > Seq(0), "before the first place is zero");
    let found: Vec<_> = t.log(&ALL, 100).await.iter().map(|event| (event.seq, event.id)).collect();
    assert_eq!(found, wanted);
}

async fn a_page_ends_where_the_next_begins(t: &Trial) {
    let (customer, ticket) = scene(t).await;
    let told: Vec<Event> = (0..23).map(|_| t.sample.event(&ticket, Fact::TicketReopened {}, &customer)).collect();
    let seqs = t.commit(told.iter().map(tell).collect()).await.seqs;
    for size in [1, 7, 23, 100] {
        let found: Vec<Seq> = t.log(&ALL, size).await.iter().map(|event| event.seq).collect();
        assert_eq!(found, seqs, "by pages of {size}");
    }
    let page = t.store.events(&ALL, seqs[4], 3).await.unwrap();
    assert_eq!(page.events.iter().map(|event| event.seq).collect::<Vec<_>>(), seqs[5..8]);
    assert!(page.next >= seqs[7] && page.next < seqs[8], "the place is before what was not read");
    let of_ticket = t.store.ticket_events(&ALL, ticket.id, seqs[4], 3).await.unwrap();
    assert_eq!(of_ticket.iter().map(|event| event.seq).collect::<Vec<_>>(), seqs[5..8]);
    let newest_first: Vec<Seq> = seqs.iter().rev().copied().collect();
    let from_end = async |before, limit| {
        let found = t.store.ticket_events_from_end(&ALL, ticket.id, before, limit).await.unwrap();
        found.iter().map(|event| event.seq).collect::<Vec<_>>()
    };
    assert_eq!(from_end(None, 100).await, newest_first);
    assert_eq!(from_end(Some(newest_first[4]), 3).await, newest_first[5..8]);
    assert!(from_end(Some(seqs[0]), 3).await.is_empty());
}

async fn the_end_of_the_log_stays_the_end(t: &Trial) {
    let (customer, ticket) = scene(t).await;
    let end = t.store.events(&ALL, Seq(0), 10).await.unwrap();
    assert!(end.events.is_empty());
    let event = t.sample.event(&ticket, Fact::TicketCreated {}, &customer);
    let seq = t.commit(vec![tell(&event)]).await.seqs[0];
    assert!(seq > end.next, "what comes later lies behind the place that was read up to");
    let found = t.store.events(&ALL, end.next, 10).await.unwrap();
    assert_eq!(found.events.iter().map(|event| event.seq).collect::<Vec<_>>(), [seq]);
    let after = t.store.events(&ALL, found.next, 10).await.unwrap();
    assert!(after.events.is_empty() && after.next >= found.next);
    let beyond = t.store.events(&ALL, Seq(seq.0 + 1_000), 10).await.unwrap();
    assert!(beyond.events.is_empty() && beyond.next >= Seq(seq.0 + 1_000), "the place never goes back");
}

async fn the_log_ends_where_reading_ends(t: &Trial) {
    assert_eq!(t.store.log_end().await.unwrap(), Seq(0), "nothing has happened");
    let (customer, ticket) = scene(t).await;
    assert_eq!(t.store.log_end().await.unwrap(), Seq(0), "nothing was told");
    for many in [1, 3] {
        let told: Vec<Event> = (0..many).map(|_| t.sample.event(&ticket, Fact::TicketReopened {}, &customer)).collect();
        let seqs = t.commit(told.iter().map(tell).collect()).await.seqs;
        let end = t.store.log_end().await.unwrap();
        assert_eq!(Some(&end), seqs.last());
        assert_eq!(t.store.events(&ALL, Seq(0), 10).await.unwrap().next, end);
        let after = t.store.events(&ALL, end, 10).await.unwrap();
        assert!(after.events.is_empty() && after.next == end, "nothing follows");
    }
}

async fn an_event_lands_once(t: &Trial) {
    let (customer, mut ticket) = scene(t).await;
    let writes = vec![
        change(&mut ticket, |ticket| ticket.escalation_level = 1),
        tell(&t.sample.event(&ticket, Fact::TicketReopened {}, &customer)),
    ];
    let changes = t.changes(writes).await;
    t.store.commit(changes.clone()).await.expect("the first time");
    // The very same commit again, as after a lost connection: either word says that it has landed.
    let again = t.store.commit(changes).await;
    let known = matches!(again, Err(StoreError::Conflict | StoreError::Duplicate(Unique::Event)));
    assert!(known, "a commit that has landed does not land again: {again:?}");
    let told = t.log(&ALL, 10).await;
    let outcome = t.attempt(told.iter().map(tell).collect()).await;
    refused!(outcome, StoreError::Duplicate(Unique::Event), "an event that has landed");
    assert_eq!(t.log(&ALL, 10).await, told);
}

async fn events_of_a_ticket_are_its_own(t: &Trial) {
    let (customer, ticket) = scene(t).await;
    let other = t.sample.ticket(&customer);
    let mut writes = vec![add(&other)];
    for place in 0..10 {
        let of = if place % 2 == 0 { &ticket } else { &other };
        writes.push(tell(&t.sample.event(of, Fact::TicketReopened {}, &customer)));
    }
    let seqs = t.commit(writes).await.seqs;
    let found = t.store.ticket_events(&ALL, other.id, Seq(0), 100).await.unwrap();
    let wanted: Vec<Seq> = seqs.into_iter().skip(1).step_by(2).collect();
    assert_eq!(found.iter().map(|event| event.seq).collect::<Vec<_>>(), wanted);
}

async fn an_actor_has_the_name_of_now(t: &Trial) {
    let (mut customer, ticket) = scene(t).await;
    let mut event = t.sample.event(&ticket, Fact::TicketCreated {}, &customer);
    event.actor.name = "Somebody".to_owned();
    t.commit(vec![tell(&event)]).await;
    t.commit(vec![change(&mut customer, |user| user.name = "Isabel".to_owned())]).await;
    assert_eq!(t.log(&ALL, 10).await[0].actor, Person::from(&customer));
    let of_ticket = t.store.ticket_events(&ALL, ticket.id, Seq(0), 10).await.unwrap();
    assert_eq!(of_ticket[0].actor, Person::from(&customer));
}

async fn a_refused_commit_tells_nothing(t: &Trial) {
    let (customer, mut ticket) = scene(t).await;
    let event = t.sample.event(&ticket, Fact::TicketReopened {}, &customer);
    let mut stale = ticket.clone();
    t.commit(vec![change(&mut ticket, |ticket| ticket.escalation_level = 1)]).await;
    let outcome = t.attempt(vec![tell(&event), change(&mut stale, |_| ())]).await;
    refused!(outcome, StoreError::Conflict, "a stale ticket");
    assert!(t.log(&ALL, 10).await.is_empty());
    assert_eq!(t.commit(vec![tell(&event)]).await.seqs.len(), 1, "its event may be told later");
}

/// Commits of very different weight, so that some take much longer than others which began later.
async fn weighty(t: &Trial, writers: usize, each: usize) -> Vec<Vec<Changes>> {
    let (customer, _) = scene(t).await;
    let mut batches = Vec::new();
    for writer in 0..writers {
        let mut mine = Vec::new();
        for turn in 0..each {
            let weight = if (writer + turn) % 4 == 0 { 60 } else { 1 };
            let tickets: Vec<Ticket> = (0..weight).map(|_| t.sample.ticket(&customer)).collect();
            // The events come first, so that their places are taken long before the commit is done.
            let told = tickets.iter().map(|row| tell(&t.sample.event(row, Fact::TicketCreated {}, &customer)));
            let whole: Vec<Write> = told.chain(tickets.iter().map(add)).collect();
            mine.push(t.changes(whole).await);
        }
        batches.push(mine);
    }
    batches
}

/// All batches at once, each in its order. Answers the places of their events.
async fn write(t: &Trial, batches: Vec<Vec<Changes>>) -> Vec<Seq> {
    let writers: Vec<_> = batches
        .into_iter()
        .map(|mine| {
            let store = Arc::clone(&t.store);
            tokio::spawn(async move {
                let mut seqs = Vec::new();
                for changes in mine {
                    seqs.extend(store.commit(changes).await.expect("nothing forbids it").seqs);
                }
                seqs
            })
        })
        .collect();
    let mut answered = Vec::new();
    for writer in writers {
        answered.extend(writer.await.expect("a writer writes"));
    }
    answered
}

async fn a_reader_behind_many_writers_misses_nothing(t: &Trial) {
    let batches = weighty(t, 12, 8).await;
    let wanted: usize = batches.iter().flatten().map(|changes| changes.writes.len() / 2).sum();
    let reader = {
        let store = Arc::clone(&t.store);
        tokio::spawn(async move {
            let (mut after, mut found, mut last_news) = (Seq(0), Vec::<(Seq, EventId)>::new(), Instant::now());
            while found.len() < wanted && last_news.elapsed() < Duration::from_secs(10) {
                let page = store.events(&ALL, after, 50).await.expect("events are read");
                assert!(page.next >= after, "the place never goes back");
                if page.events.is_empty() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                } else {
                    last_news = Instant::now();
                }
                found.extend(page.events.iter().map(|event| (event.seq, event.id)));
                after = page.next;
            }
            found
        })
    };
    let mut answered = write(t, batches).await;
    let found = reader.await.expect("a reader reads");
    answered.sort();
    assert!(found.is_sorted_by(|one, two| one.0 < two.0), "each event once and in order");
    assert_eq!(found.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), answered, "all that was answered, nothing else");
    let log: Vec<_> = t.log(&ALL, 1_000).await.iter().map(|event| (event.seq, event.id)).collect();
    assert_eq!(log, found, "who reads later reads the same");
}

async fn nothing_comes_later_before_the_end(t: &Trial) {
    let batches = weighty(t, 12, 8).await;
    let wanted: usize = batches.iter().flatten().map(|changes| changes.writes.len() / 2).sum();
    let reader = {
        let store = Arc::clone(&t.store);
        tokio::spawn(async move {
            let (mut after, mut found, mut last_news) = (Seq(0), 0, Instant::now());
            // Each end that the log had, and how many events lay at or before it.
            let mut ends = Vec::new();
            while found < wanted && last_news.elapsed() < Duration::from_secs(10) {
                let end = store.log_end().await.expect("the end is known");
                if end <= after {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    continue;
                }
                let page = store.events(&ALL, after, wanted).await.expect("events are read");
                found += page.events.iter().filter(|event| event.seq <= end).count();
                ends.push((end, found));
                (after, last_news) = (end, Instant::now());
            }
            ends
        })
    };
    let answered = write(t, batches).await;
    for (end, found) in reader.await.expect("a reader reads") {
        assert_eq!(answered.iter().filter(|seq| **seq <= end).count(), found, "up to {end:?}");
    }
}
