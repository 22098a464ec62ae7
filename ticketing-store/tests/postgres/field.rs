//! How PostgreSQL finds and sorts tickets by what they hold in the desk's own fields: along an index, touching little more
//! than the rows of the page, and how long that takes. With as many tickets as `FIELD_TICKETS` says (`scripts/fields`).

use crate::{ALL, Database, changes};
use serde_json::json;
use sqlx::{PgConnection, Row};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use ticketing_core::condition::{Condition, Field, Literal, Test};
use ticketing_core::conformance::sample::{Sample, add};
use ticketing_core::decimal::Decimal;
use ticketing_core::ids::TicketNumber;
use ticketing_core::model::{FieldType, Role, Ticket, User};
use ticketing_core::port::{Commit, Store, TicketRead};
use ticketing_core::query::{Position, Sort, SortField, TicketQuery};
use ticketing_store::{PgOptions, PgStore};

const PAGE: usize = 25;

#[allow(clippy::disallowed_methods, reason = "a test is no part of a server")]
fn many() -> usize {
    std::env::var("FIELD_TICKETS").ok().and_then(|many| many.parse().ok()).unwrap_or(20_000)
}

fn ticket(sample: &Sample, customer: &User, n: usize) -> Ticket {
    let mut ticket = sample.ticket(customer);
    // Drawn ones would meet among a million.
    ticket.number = TicketNumber::from_bits(n as u64);
    let mut hold = |key: &str, value| drop(ticket.custom_fields.insert(key.to_owned(), value));
    if n % 1_000 != 7 {
        hold(
            "plan",
            json!(match n % 1_000 {
                501 => "Rare",
                rest if rest.is_multiple_of(2) => "Gold",
                _ => "Silver",
            }),
        );
    }
    hold("order", json!(format!("Order {:08}", n * 7_919 % 100_000_007)));
    hold("seats", json!(n * 31 % 1_009));
    hold("due", json!(format!("20{:02}-{:02}-{:02}", n % 90 + 10, n % 12 + 1, n % 28 + 1)));
    ticket
}

/// What the server counted so far; rows read by a scan of the whole table go by the table's name.
async fn counters(store: &PgStore, database: &Database) -> BTreeMap<String, i64> {
    // The server tells its counters at most once a second, at the end of a statement.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    store.ping().await.expect("it answers");
    let mut connection: PgConnection = database.connection().await;
    let rows = sqlx::query(
        "SELECT indexrelname::text, idx_tup_read FROM pg_stat_user_indexes \
         UNION ALL SELECT relname::text, seq_tup_read FROM pg_stat_user_tables",
    )
    .fetch_all(&mut connection)
    .await
    .expect("the counters are read");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_found_and_sorted_along_an_index() {
    let database = Database::migrated().await;
    // One connection, so that the statement that makes the server tell is one of the connection that read.
    let options = PgOptions { pool_size: 1, ..PgOptions::default() };
    let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
    let sample = Sample::new(1);
    let customers: Vec<User> = (0..100).map(|n| sample.user(&format!("Customer {n}"), Role::Customer)).collect();
    store.commit(changes(&sample, customers.iter().map(add).collect())).await.expect("they are stored");
    for first in (0..many()).step_by(500) {
        let tickets = (first..first + 500).map(|n| add(&ticket(&sample, &customers[n % 100], n)));
        store.commit(changes(&sample, tickets.collect())).await.expect("they are stored");
    }
    sqlx::query("ANALYZE").execute(&mut database.connection().await).await.expect("it is analysed");
    let is = |key: &str, field_type, value| {
        let field = Field::Custom(key.parse().expect("a key"), field_type);
        Condition::leaf(field, Test::In(vec![value]))
    };
    let by = |key: &str, field_type, descending| Sort {
        field: SortField::Custom(key.parse().expect("a key"), field_type),
        descending,
    };
    let text = |text: &str| Literal::Text(text.to_owned());
    let number = Literal::Decimal(Decimal::parse("500").expect("a number"));
    let (newest, always) = (Sort::default(), Condition::always());
    let (by_text, by_number) = ("ticket_field_by_text", "ticket_field_by_number");
    let lists = [
        ("a rare option", is("plan", FieldType::Select, text("rare")), newest, by_text),
        ("one order", is("order", FieldType::Text, text("order 00007919")), newest, by_text),
        ("some seats", is("seats", FieldType::Number, number), newest, by_number),
        ("by plan", always.clone(), by("plan", FieldType::Select, false), by_text),
        ("by order, last first", always.clone(), by("order", FieldType::Text, true), by_text),
        ("by seats", always.clone(), by("seats", FieldType::Number, false), by_number),
        ("by day, last first", always, by("due", FieldType::Date, true), by_text),
    ];
    for (name, filter, sort, index) in lists {
        let is_filtered = filter != Condition::always();
        let mut query = TicketQuery { filter, sort, after: None, limit: (many() / 200).max(1), now: sample.now() };
        let far = store.tickets(&ALL, &query).await.expect("the pages before are read");
        query.limit = PAGE;
        let before = counters(&store, &database).await;
        let begun = Instant::now();
        let first = store.tickets(&ALL, &query).await.expect("the page is read");
        let first_took = begun.elapsed();
        query.after = far.last().map(|last| Position::of_ticket(sort, last));
        let begun = Instant::now();
        store.tickets(&ALL, &query).await.expect("the page is read");
        let took = begun.elapsed();
        let mut touched = counters(&store, &database).await;
        touched.retain(|name, count| {
            *count -= before.get(name).copied().unwrap_or_default();
            *count > 0
        });
        println!("{name}: {first_took:?}, deep {took:?}: {touched:?}");
        assert!(!first.is_empty(), "{name}");
        assert!(touched.contains_key(index), "{name} by {index}: {touched:?}");
        assert!(!touched.contains_key("ticket") && !touched.contains_key("ticket_field"), "{name}: {touched:?}");
        let walked = touched[index];
        assert!(is_filtered || walked <= 200, "{name}: {walked} entries for two pages: {touched:?}");
    }
    drop(store);
    database.drop().await;
}
