//! A ticket in the application's own transaction: the application's row and the ticket, both or neither.
//!
//! `cargo run -p ticketing-examples --bin host_transaction -- postgres://localhost/shop`

use anyhow::Context;
use sqlx::PgPool;
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::{NewCustomer, NewTicket, Requester, TicketList};
use ticketing_core::model::view::TicketView;
use ticketing_store::{PgJoined, PgOptions, PgStore};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).context("give the address of a PostgreSQL database")?;
    let pool = PgPool::connect(&url).await?;
    let table = "CREATE TABLE IF NOT EXISTS refund (id bigint PRIMARY KEY, cents bigint NOT NULL CHECK (cents > 0), ticket text)";
    sqlx::query(table).execute(&pool).await?;

    // The desk's own connections. Its tables lie in the application's database.
    let store = PgStore::connect(&url, PgOptions::default()).await?;
    store.migrate().await?;
    let desk = Desk::builder().store(Arc::new(store.clone())).build()?;

    sqlx::query("DELETE FROM refund").execute(&pool).await?;
    let before = count(&desk, &pool).await?;
    let ticket = ask_for_refund(&pool, &desk, 1, 4_990).await?;
    let ticket_of: (String,) = sqlx::query_as("SELECT ticket FROM refund WHERE id = 1").fetch_one(&pool).await?;
    anyhow::ensure!(ticket_of.0 == ticket.number().as_str(), "the refund names its ticket");
    let both = count(&desk, &pool).await?;
    println!("a refund and its ticket: {} and {} more", both.0 - before.0, both.1 - before.1);

    // The application's row is refused after the ticket was made: the ticket is gone with it.
    let refused = ask_for_refund(&pool, &desk, 2, -1).await;
    anyhow::ensure!(refused.is_err(), "a refund of less than nothing");
    let neither = count(&desk, &pool).await?;
    println!("a refund that is refused: {} and {} more", neither.0 - both.0, neither.1 - both.1);

    store.close().await;
    Ok(())
}

/// Notes a refund and opens a ticket about it, in one transaction.
async fn ask_for_refund(pool: &PgPool, desk: &Desk, id: i64, cents: i64) -> anyhow::Result<TicketView> {
    let joined = PgJoined::new(pool.begin().await?);
    let customer = NewCustomer { email: "kim@mail.example".into(), name: "Kim".into() };
    let ticket = NewTicket::new(format!("Refund {id}"), "The parcel came broken.");
    let ticket = NewTicket { requester: Requester::Address(customer), ..ticket };
    let host = Actor::system(SystemReason::Host);
    let ticket = desk.joined(Arc::new(joined.clone())).create_ticket(&host, ticket).await?;

    let (mut transaction, _receipt) = joined.release()?;
    sqlx::query("INSERT INTO refund (id, cents, ticket) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(cents)
        .bind(ticket.number().as_str())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    // Those who follow the event log hear of it now instead of at their next look.
    desk.announce();
    Ok(ticket)
}

/// How many refunds and tickets there are.
async fn count(desk: &Desk, pool: &PgPool) -> anyhow::Result<(i64, i64)> {
    let refunds: (i64,) = sqlx::query_as("SELECT count(*) FROM refund").fetch_one(pool).await?;
    let list = TicketList { limit: 1, count: true, ..TicketList::default() };
    let tickets = desk.tickets(&Actor::system(SystemReason::Host), list).await?.total.unwrap_or_default();
    Ok((refunds.0, i64::try_from(tickets)?))
}
