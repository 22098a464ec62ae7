//! What must leave the desk: mail into a folder, webhooks by the guarded sender, and the workers that see to both.
//!
//! Takes the folder as its argument.

use anyhow::Context;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{NewCustomer, NewTicket, Requester};
use ticketing_core::memory::MemoryStore;
use ticketing_core::port::{IdSource, RandomIds};
use ticketing_core::vault::SecretsKey;
use ticketing_deliver::smtp::OutboxMailer;
use ticketing_deliver::webhook::GuardedWebhookSender;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("name a folder")?);
    // An application keeps this beside its other secrets.
    let key = RandomIds.secret();

    let desk = Desk::builder()
        .store(Arc::new(MemoryStore::new()))
        .mailer(Arc::new(OutboxMailer::new(&folder)))
        .webhook_sender(Arc::new(GuardedWebhookSender::new(Vec::new())?))
        .secrets_keys(vec![SecretsKey::new("2026", key)])
        .build()?;

    let workers = desk.workers(WorkOptions { digest_window: Duration::from_millis(100), ..WorkOptions::default() });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let working = tokio::spawn(async move { workers.run(async { drop(stopped.await) }).await });

    let host = Actor::system(SystemReason::Host);
    let customer = NewCustomer { email: "kim@mail.example".into(), name: "Kim".into() };
    let ticket = NewTicket::new("Where is my parcel?", "It should have been here on Monday.");
    let ticket = desk.create_ticket(&host, NewTicket { requester: Requester::Address(customer), ..ticket }).await?;
    println!("made {}", ticket.number());

    let mail = loop {
        let mut files = std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
        match files.find(|file| file.path().extension().is_some_and(|extension| extension == "eml")) {
            Some(file) => break std::fs::read_to_string(file.path())?,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    println!("{}", mail.lines().find(|line| line.starts_with("Subject: ")).context("a mail has a subject")?);

    // What is in hand is finished.
    stop.send(()).ok().context("the workers are gone")?;
    working.await?;
    Ok(())
}
