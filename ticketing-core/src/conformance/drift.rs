//! Walking a list while others write.

use super::area;
use super::list::{crowd, in_order, sizes, sorts};
use super::sample::{add, change};
use super::trial::{ALL, Trial, ends, listed};
use crate::condition::Condition;
use crate::ids::TicketId;
use crate::model::Ticket;
use crate::query::Position;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

area!["drift":
    rows_that_come_between_pages_disturb_nobody,
    rows_that_move_between_pages_disturb_no_other,
    a_walk_among_busy_writers_misses_nobody,
];

/// A ticket of the same customer with the keys of one that is there, so that it lands beside it.
fn beside(t: &Trial, like: &Ticket) -> Ticket {
    Ticket {
        id: TicketId(t.sample.uuid()),
        number: crate::port::IdSource::ticket_number(&t.sample.ids),
        ..like.clone()
    }
}

async fn rows_that_come_between_pages_disturb_nobody(t: &Trial) {
    for sort in sorts() {
        for &size in sizes(sort) {
            let before: Vec<Ticket> =
                t.store.tickets(&ALL, &listed(t, Condition::always(), sort, 10_000)).await.unwrap();
            let before = if before.is_empty() { crowd(t, 30).await } else { before };
            let wanted: Vec<TicketId> = in_order(&before, sort).iter().map(|ticket| ticket.id).collect();
            let mut query = listed(t, Condition::always(), sort, size);
            let mut found = Vec::new();
            loop {
                let page = t.store.tickets(&ALL, &query).await.unwrap();
                let Some(last) = page.last() else { break };
                query.after = Some(Position::of_ticket(sort, last));
                // One lands among the rows that were read, one at either end.
                let (first, end) = (&before[0], &before[before.len() - 1]);
                if found.len() < 20 {
                    t.commit(vec![add(&beside(t, last)), add(&beside(t, first)), add(&beside(t, end))]).await;
                }
                found.extend(page.iter().map(|ticket| ticket.id));
                ends(found.len());
            }
            let distinct: BTreeSet<TicketId> = found.iter().copied().collect();
            assert_eq!(distinct.len(), found.len(), "{sort:?} by {size}: no row is repeated");
            found.retain(|id| wanted.contains(id));
            assert_eq!(found, wanted, "{sort:?} by {size}: every row that was there all the time, in order");
        }
    }
}

async fn rows_that_move_between_pages_disturb_no_other(t: &Trial) {
    let mut tickets = crowd(t, 80).await;
    for sort in sorts() {
        let mut query = listed(t, Condition::always(), sort, 5);
        let mut found = Vec::new();
        let mut moved = BTreeSet::new();
        loop {
            let page = t.store.tickets(&ALL, &query).await.unwrap();
            let Some(last) = page.last() else { break };
            query.after = Some(Position::of_ticket(sort, last));
            found.extend(page.iter().map(|ticket| ticket.id));
            ends(found.len());
            // The last row of the page itself moves to another's place, so the cursor's row is gone
            // from where it was; and so does one more.
            let elsewhere = tickets[t.sample.ids.below(80)].clone();
            let moving: BTreeSet<TicketId> = [last.id, tickets[t.sample.ids.below(80)].id].into();
            let mut writes = Vec::new();
            for ticket in tickets.iter_mut().filter(|ticket| moving.contains(&ticket.id)) {
                writes.push(change(ticket, |ticket| {
                    (ticket.created_at, ticket.updated_at) = (elsewhere.created_at, elsewhere.updated_at);
                    (ticket.priority, ticket.status) = (elsewhere.priority, elsewhere.status);
                }));
            }
            t.commit(writes).await;
            moved.extend(moving);
        }
        let stayed: Vec<Ticket> = tickets.iter().filter(|ticket| !moved.contains(&ticket.id)).cloned().collect();
        assert!(!stayed.is_empty(), "some stay where they are");
        found.retain(|id| !moved.contains(id));
        let wanted: Vec<TicketId> = in_order(&stayed, sort).iter().map(|ticket| ticket.id).collect();
        assert_eq!(found, wanted, "{sort:?}: each row that kept its place, once and in order");
    }
}

async fn a_walk_among_busy_writers_misses_nobody(t: &Trial) {
    let tickets = crowd(t, 200).await;
    let stop = Arc::new(AtomicBool::new(false));
    let newcomers: Vec<_> = (0..400).map(|place| beside(t, &tickets[place % 200])).collect();
    let changes = t.changes(Vec::new()).await;
    let writer = {
        let (store, stop) = (Arc::clone(&t.store), Arc::clone(&stop));
        tokio::spawn(async move {
            for ticket in newcomers {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let changes = crate::changes::Changes { writes: vec![add(&ticket)], ..changes.clone() };
                store.commit(changes).await.expect("a ticket is added");
                tokio::task::yield_now().await;
            }
        })
    };
    for sort in sorts() {
        let wanted: Vec<TicketId> = in_order(&tickets, sort).iter().map(|ticket| ticket.id).collect();
        let mut found: Vec<TicketId> =
            super::list::walk(t, listed(t, Condition::always(), sort, 11)).await.iter().map(|row| row.id).collect();
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "{sort:?}: no row is repeated");
        let known: BTreeSet<TicketId> = wanted.iter().copied().collect();
        found.retain(|id| known.contains(id));
        assert_eq!(found, wanted, "{sort:?}: every row that was there all the time, in order");
    }
    stop.store(true, Ordering::Relaxed);
    writer.await.expect("the writer writes");
}
