//! How PostgreSQL answers what the desk and its administrators ask of mail that came in: by walking an index.

use crate::{Database, changes};
use sqlx::PgConnection;
use std::time::Duration;
use ticketing_core::conformance::sample::{Sample, add};
use ticketing_core::ids::TicketId;
use ticketing_core::model::{Arrival, ArrivalCause, ArrivalState};
use ticketing_core::port::{ArrivalQuery, Commit, InboundRead};
use ticketing_store::{PgOptions, PgStore};
use uuid::Uuid;

const MAILS: usize = 20_000;

/// How many entries of indexes, and how many rows from end to end, were read so far.
async fn read(store: &PgStore, connection: &mut PgConnection) -> (i64, i64) {
    // The server tells its counters at most once a second, at the end of a statement.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    store.arrival_by_key("none").await.expect("it is read");
    tokio::time::sleep(Duration::from_millis(100)).await;
    sqlx::query_as(
        "SELECT sum(i.idx_tup_read)::int8, max(t.seq_tup_read) FROM pg_stat_user_indexes i \
         JOIN pg_stat_user_tables t USING (relid) WHERE i.relname = 'arrival'",
    )
    .fetch_one(connection)
    .await
    .expect("it is counted")
}

#[tokio::test(flavor = "multi_thread")]
async fn among_many_mails_those_asked_for_are_found_by_an_index() {
    let database = Database::migrated().await;
    // One connection for reads, so that all of them are counted in one place.
    let options = PgOptions { pool_size: 2, ..PgOptions::default() };
    let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
    let sample = Sample::new(5);
    let (mailboxes, ticket_id) = ([sample.uuid(), sample.uuid()], TicketId(sample.uuid()));
    let mail = |n: usize| Arrival {
        state: match n {
            _ if n % 1_000 == 7 => ArrivalState::Held,
            _ if n % 1_000 == 8 => ArrivalState::Refused,
            5 => ArrivalState::Dropped,
            _ if n.is_multiple_of(3) => ArrivalState::New,
            _ => ArrivalState::Threaded,
        },
        cause: (n % 1_000 == 8).then_some(ArrivalCause::Spam),
        mailbox_id: Some(mailboxes[usize::from(n % 2_000 == 13)]),
        sender: Some(format!("p{}@people.example", n % 500)),
        ticket_id: Some(if n % 2_000 == 13 { ticket_id } else { TicketId(Uuid::from_u128(n as u128)) }),
        ..sample.arrival()
    };
    let mails: Vec<Arrival> = (0..MAILS).map(mail).collect();
    for part in mails.chunks(1_000) {
        store.commit(changes(&sample, part.iter().map(add).collect())).await.expect("they are stored");
    }
    let mut connection = database.connection().await;
    sqlx::query("VACUUM ANALYZE arrival").execute(&mut connection).await.expect("it is analysed");
    let (entries, rows) = read(&store, &mut connection).await;
    let page = || ArrivalQuery { limit: 25, ..ArrivalQuery::default() };
    let lists = [
        (page(), 25),
        (ArrivalQuery { states: vec![ArrivalState::Held, ArrivalState::Refused], ..page() }, 25),
        (ArrivalQuery { states: vec![ArrivalState::Dropped], ..page() }, 1),
        (ArrivalQuery { states: vec![ArrivalState::Quarantined], ..page() }, 0),
        (ArrivalQuery { states: ArrivalState::ALL.to_vec(), ..page() }, 25),
        (ArrivalQuery { cause: Some(ArrivalCause::Spam), ..page() }, 20),
        (ArrivalQuery { mailbox_id: Some(mailboxes[1]), ..page() }, 10),
        (ArrivalQuery { sender: Some("p44@people.example".to_owned()), ..page() }, 25),
        (ArrivalQuery { ticket_id: Some(ticket_id), ..page() }, 10),
    ];
    for (query, many) in lists {
        assert_eq!(store.arrivals(&query).await.expect("they are read").len(), many, "{query:?}");
    }
    let first = mails[0].received_at;
    let (threaded, new) = store.arrivals_since("p44@people.example", first, 20).await.expect("they are counted");
    assert_eq!((threaded, new), (20, 13));
    assert_eq!(store.ticket_arrivals_since(ticket_id, first, 50).await.expect("they are counted"), 7);
    let counts = store.arrival_counts().await.expect("they are counted");
    assert_eq!(counts.iter().map(|count| count.count).collect::<Vec<_>>(), [20, 20]);
    let (entries_after, rows_after) = read(&store, &mut connection).await;
    assert_eq!(rows_after - rows, 0, "nothing was read from end to end");
    let walked = entries_after - entries;
    assert!(walked <= 600, "{walked} entries for all of it");
    drop(connection);
    drop(store);
    database.drop().await;
}
