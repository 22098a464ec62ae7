//! How SQLite means to find and to sort tickets by what they hold in the desk's own fields, and how long that takes: with
//! as many tickets as `FIELD_TICKETS` says (`scripts/fields`), few where it says nothing.

use super::list::push_list;
use super::plan_test::plan;
use super::{SqliteOptions, SqliteStore};
use crate::walk::Stretch;
use serde_json::json;
use sqlx::QueryBuilder;
use std::time::{Duration, Instant};
use ticketing_core::access::{Scope, SystemReason};
use ticketing_core::changes::{Changes, Write};
use ticketing_core::condition::{Condition, Field, Literal, Test};
use ticketing_core::conformance::sample::{Sample, add};
use ticketing_core::decimal::Decimal;
use ticketing_core::ids::{ChangeId, TicketNumber};
use ticketing_core::model::{FieldType, Role, Status, Ticket, User};
use ticketing_core::port::{Commit, TicketRead};
use ticketing_core::query::{Position, Sort, SortField, TicketQuery};

const ALL: Scope = Scope::System(SystemReason::Upkeep);
const PAGE: usize = 25;

#[allow(clippy::disallowed_methods, reason = "a test is no part of a server")]
fn many() -> usize {
    std::env::var("FIELD_TICKETS").ok().and_then(|many| many.parse().ok()).unwrap_or(2_000)
}

fn ticket(sample: &Sample, customer: &User, n: usize) -> Ticket {
    let mut ticket = sample.ticket(customer);
    // Drawn ones would meet among a million.
    ticket.number = TicketNumber::from_bits(n as u64);
    let mut hold = |key: &str, value| drop(ticket.custom_fields.insert(key.to_owned(), value));
    // Of a thousand tickets one has no plan, half are on one, one is on the rarest.
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
    if n % 100 == 3 {
        hold("note", json!(format!("Note {}", n % 50)));
    }
    ticket
}

async fn filled() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("desk.db"), SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    let sample = Sample::new(1);
    let customers: Vec<User> = (0..100).map(|n| sample.user(&format!("Customer {n}"), Role::Customer)).collect();
    let commit = async |writes: Vec<Write>| {
        let (id, guards) = (ChangeId(sample.uuid()), Vec::new());
        store.commit(Changes { id, scope: ALL, settings: 1, bumps_settings: false, writes, guards }).await.unwrap();
    };
    commit(customers.iter().map(add).collect()).await;
    for first in (0..many()).step_by(500) {
        let tickets = (first..first + 500).map(|n| add(&ticket(&sample, &customers[n % 100], n)));
        commit(tickets.collect()).await;
    }
    (folder, store)
}

fn custom(key: &str, field_type: FieldType) -> Field {
    Field::Custom(key.parse().unwrap(), field_type)
}

fn by(key: &str, field_type: FieldType, descending: bool) -> Sort {
    Sort { field: SortField::Custom(key.parse().unwrap(), field_type), descending }
}

fn is(key: &str, field_type: FieldType, value: Literal) -> Condition {
    Condition::leaf(custom(key, field_type), Test::In(vec![value]))
}

/// The plan of the page after this place, and how long the page takes.
async fn page(store: &SqliteStore, query: &TicketQuery) -> (String, Duration, Vec<Ticket>) {
    let few = store.few_holders(&ALL, query).await.unwrap();
    let mut sql = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_list(&mut sql, &ALL, query, (Stretch::after(query.sort, query.after), query.after), few);
    let plan = plan(store, sql).await;
    let begun = Instant::now();
    let found = store.tickets(&ALL, query).await.unwrap();
    (plan, begun.elapsed(), found)
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_found_and_sorted_along_an_index() {
    let (_folder, store) = filled().await;
    let text = |text: &str| Literal::Text(text.to_owned());
    let (newest, always) = (Sort::default(), Condition::always());
    let rare = || is("plan", FieldType::Select, text("rare"));
    let number = Literal::Decimal(Decimal::parse("500").unwrap());
    let (by_text, by_number) = ("ticket_field_by_text", "ticket_field_by_number");
    let lists = [
        ("a rare option", rare(), newest, by_text),
        ("one order", is("order", FieldType::Text, text("order 00007919")), newest, by_text),
        ("some seats", is("seats", FieldType::Number, number), newest, by_number),
        ("by plan", always.clone(), by("plan", FieldType::Select, false), by_text),
        ("by order, last first", always.clone(), by("order", FieldType::Text, true), by_text),
        ("by seats", always.clone(), by("seats", FieldType::Number, false), by_number),
        ("by seats, most first", always.clone(), by("seats", FieldType::Number, true), by_number),
        ("by day", always.clone(), by("due", FieldType::Date, false), by_text),
        ("by note, which few have", always, by("note", FieldType::Text, false), by_text),
        ("a rare option by seats", rare(), by("seats", FieldType::Number, true), by_text),
    ];
    for (name, filter, sort, index) in lists {
        let is_few = filter != Condition::always();
        let mut query = TicketQuery { filter, sort, after: None, limit: PAGE, now: Sample::new(1).now() };
        let (first_plan, first, found) = page(&store, &query).await;
        // A page from the middle of those that have a value: as quick as the first one.
        query.limit = (many() / 200).max(1);
        let far = store.tickets(&ALL, &query).await.unwrap();
        (query.after, query.limit) = (far.last().map(|last| Position::of_ticket(sort, last)), PAGE);
        let (plan, deep, _) = page(&store, &query).await;
        println!("{name}: {first:?}, deep {deep:?}\n{plan}\n");
        assert!(!found.is_empty() && found.len() <= PAGE, "{name}");
        for plan in [first_plan, plan] {
            assert!(plan.contains(index), "{name} by {index}:\n{plan}");
            assert!(!plan.contains("SCAN t ") && !plan.contains("SCAN t\n"), "{name} reads all:\n{plan}");
            assert!(is_few || !plan.contains("TEMP B-TREE"), "{name} is not sorted again:\n{plan}");
        }
    }
    // Half of all tickets are too many to be sorted for each page: the newest are walked until the page is full.
    let gold = is("plan", FieldType::Select, text("gold"));
    let query = TicketQuery { filter: gold, sort: newest, after: None, limit: PAGE, now: Sample::new(1).now() };
    let (plan, took, _) = page(&store, &query).await;
    println!("half of all: {took:?}\n{plan}");
    assert_eq!(plan.contains("ticket_created"), many() > 10_000, "{plan}");
    // Of an old desk, those that are open are found first, whatever they hold.
    let open = Literal::Rank(Status::Open.rank());
    let filter = Condition::leaf(Field::Status, Test::In(vec![open]));
    let sort = by("seats", FieldType::Number, false);
    let query = TicketQuery { filter, sort, after: None, limit: PAGE, now: query.now };
    let (plan, took, found) = page(&store, &query).await;
    println!("open ones by seats: {took:?}\n{plan}");
    assert!(!found.is_empty() && plan.contains("ticket_status_created"), "{plan}");
    // Of two values that are asked for, the one that few hold.
    let both = vec![is("plan", FieldType::Select, text("gold")), is("order", FieldType::Text, text("order 00015838"))];
    let query = TicketQuery { filter: Condition::All(both), sort: newest, ..query };
    let held = store.few_holders(&ALL, &query).await.unwrap().unwrap();
    assert_eq!(held.key().as_str(), if many() > 10_000 { "order" } else { "plan" });
    assert_eq!(page(&store, &query).await.2.len(), 1);
    // Those without a value, by their ids.
    let rest = Some(Position::at(ticketing_core::query::NO_VALUE, uuid::Uuid::nil()));
    let sort = by("note", FieldType::Text, false);
    let query = TicketQuery { filter: Condition::always(), sort, after: rest, limit: PAGE, now: query.now };
    let (plan, took, found) = page(&store, &query).await;
    println!("those without a note: {took:?}\n{plan}");
    assert!(found.len() == PAGE && plan.contains("SEARCH t USING") && !plan.contains("TEMP B-TREE"), "{plan}");
}
