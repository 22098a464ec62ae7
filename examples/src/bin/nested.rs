//! A desk inside an axum application: its router under `/support`, next to the application's own.
//!
//! `cargo run -p ticketing-examples --bin nested -- 3000`

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::{DeskOptions, NewCustomer, NewTicket, NewUser, Requester};
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::Role;
use ticketing_http::HttpOptions;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::args().nth(1).map_or(Ok(3000), |port| port.parse()).context("not a port")?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = format!("http://{}/support", listener.local_addr()?);

    // Any store will do; this one forgets. Links in answers start with the address.
    let options = DeskOptions { app_url: address.clone(), ..DeskOptions::default() };
    let desk = Desk::builder().store(Arc::new(MemoryStore::new())).options(options).build()?;

    // The application calls the desk as itself, without a sign-in.
    let host = Actor::system(SystemReason::Host);
    let admin =
        NewUser { role: Role::Admin, password: Some("nested-2026".into()), ..NewUser::new("ada@shop.example", "Ada") };
    desk.create_user(&host, admin).await?;
    let customer = NewCustomer { email: "kim@mail.example".into(), name: "Kim".into() };
    let ticket = NewTicket::new("Where is my parcel?", "It should have been here on Monday.");
    let ticket = desk.create_ticket(&host, NewTicket { requester: Requester::Address(customer), ..ticket }).await?;
    println!("made {}", ticket.number());

    let app = Router::new()
        .route("/", get(|| async { "The shop. Help is under /support." }))
        .nest("/support", ticketing_http::router(desk.clone(), HttpOptions::default()));

    println!("listening on {address}");
    // With connect info, the audit log knows from where somebody did something.
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
