//! Callers that go away.

use crate::{ALL, Database, changes, creation, customer};
use std::time::Duration;
use ticketing_core::Seq;
use ticketing_core::condition::Condition;
use ticketing_core::conformance::sample::Sample;
use ticketing_core::ids::TicketKey;
use ticketing_core::port::{ActivityRead, Commit, SettingsRead, TicketRead};
use ticketing_core::query::{Sort, TicketQuery};

#[tokio::test(flavor = "multi_thread")]
async fn callers_that_hang_up_leave_no_transaction_open_and_cancel_no_commit() {
    let database = Database::migrated().await;
    let store = database.store().await;
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let mut committing = Vec::new();
    for round in 0..200_u64 {
        let (ticket, writes) = creation(&sample, &customer);
        let change = changes(&sample, writes);
        let query = TicketQuery {
            filter: Condition::always(),
            sort: Sort::default(),
            after: None,
            limit: 50,
            now: sample.now(),
        };
        let task = tokio::spawn({
            let (store, key) = (store.clone(), TicketKey::Id(ticket.id));
            async move {
                if round % 2 == 0 {
                    store.commit(change).await.map(drop)
                } else {
                    store.ticket(&ALL, &key).await?;
                    store.tickets(&ALL, &query).await?;
                    store.settings().await?;
                    store.events(&ALL, Seq(0), 50).await.map(drop)
                }
            }
        });
        // From "before it was sent" to "while it is answered".
        tokio::time::sleep(Duration::from_micros(round * 37 % 3_000)).await;
        if round % 2 == 0 {
            // A commit that never began is nobody's; one that began is finished by the store.
            tokio::time::sleep(Duration::from_millis(2)).await;
            committing.push(ticket.id);
        }
        task.abort();
        let _ = task.await;
    }
    let mut connection = database.connection().await;
    let mut open = 1;
    for _ in 0..50 {
        open = sqlx::query_scalar::<_, i64>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
             AND state <> 'idle'",
        )
        .fetch_one(&mut connection)
        .await
        .expect("it is counted");
        if open == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(open, 0, "a session is still in a statement or transaction");
    for id in committing {
        assert!(store.ticket(&ALL, &TicketKey::Id(id)).await.expect("the store still answers").is_some());
    }
    // Connections were kept within their number, however many callers went away.
    let sessions: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .fetch_one(&mut connection)
    .await
    .expect("it is counted");
    assert!(sessions <= 12, "{sessions} sessions");
    drop((store, connection));
    database.drop().await;
}
