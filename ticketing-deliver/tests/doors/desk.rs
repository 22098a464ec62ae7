//! A desk in memory that mail comes in at.

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use ticketing_core::access::SystemReason;
use ticketing_core::desk::{DeskOptions, InboundMailboxPatch, NewInboundMailbox};
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::{Arrival, BlobKey};
use ticketing_core::port::{ArrivalQuery, BlobError, BlobStore};
use ticketing_core::{Actor, Desk};
use uuid::Uuid;

/// How long the machine may be busy with something else.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// The largest mail here.
pub const LARGEST: usize = 64 * 1024;

/// Bytes in memory, until they can't be kept.
#[derive(Default)]
pub struct Blobs {
    kept: Mutex<HashMap<BlobKey, Bytes>>,
    pub is_away: AtomicBool,
}

impl Blobs {
    fn answers(&self) -> Result<(), BlobError> {
        if self.is_away.load(Ordering::SeqCst) { Err(BlobError::Unavailable("away".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl BlobStore for Blobs {
    async fn put(&self, key: BlobKey, bytes: Bytes) -> Result<(), BlobError> {
        self.answers()?;
        self.kept.lock().unwrap().insert(key, bytes);
        Ok(())
    }

    async fn get(&self, key: BlobKey) -> Result<Option<Bytes>, BlobError> {
        self.answers()?;
        Ok(self.kept.lock().unwrap().get(&key).cloned())
    }

    async fn delete(&self, key: BlobKey) -> Result<(), BlobError> {
        self.answers()?;
        self.kept.lock().unwrap().remove(&key);
        Ok(())
    }

    async fn ping(&self) -> Result<(), BlobError> {
        self.answers()
    }
}

/// A desk, and what it keeps.
pub struct House {
    pub desk: Desk,
    pub blobs: Arc<Blobs>,
}

impl House {
    pub fn new() -> Self {
        let blobs = Arc::new(Blobs::default());
        let options = DeskOptions { max_mail_size: LARGEST, ..DeskOptions::default() };
        let builder = Desk::builder().store(Arc::new(MemoryStore::new())).blobs(blobs.clone()).options(options);
        Self { desk: builder.build().unwrap(), blobs }
    }

    /// A mailbox with this address that mail is brought to.
    pub async fn mailbox(&self, address: &str) -> Uuid {
        self.add(address, Value::Null).await
    }

    /// A mailbox that mail is fetched from.
    pub async fn fetched(&self, account: &Value) -> Uuid {
        self.add("support@desk.example", account.clone()).await
    }

    async fn add(&self, address: &str, imap: Value) -> Uuid {
        let new = json!({ "name": "Support", "address": address, "imap": imap });
        let new: NewInboundMailbox = self.desk.read_input(new).unwrap();
        self.desk.create_mailbox(&operator(), new).await.unwrap().id
    }

    /// Changes a mailbox.
    pub async fn change(&self, mailbox_id: Uuid, patch: Value) {
        let patch: InboundMailboxPatch = self.desk.read_input(patch).unwrap();
        self.desk.update_mailbox(&operator(), mailbox_id, patch, None).await.unwrap();
    }

    /// What has come, the oldest first.
    pub async fn arrivals(&self) -> Vec<Arrival> {
        let query = ArrivalQuery { limit: 10_000, ..ArrivalQuery::default() };
        let mut arrivals = self.desk.store().arrivals(&query).await.unwrap();
        arrivals.reverse();
        arrivals
    }

    /// What has come, once it is so many.
    pub async fn once_there_are(&self, count: usize) -> Vec<Arrival> {
        until("so many mails are there", async || self.arrivals().await.len() >= count).await;
        self.arrivals().await
    }

    /// The bytes of a mail.
    pub fn raw(&self, arrival: &Arrival) -> String {
        let kept = self.blobs.kept.lock().unwrap();
        String::from_utf8(kept[&BlobKey(arrival.digest)].to_vec()).unwrap()
    }
}

fn operator() -> Actor {
    Actor::system(SystemReason::Operator)
}

/// Waits until this holds.
#[track_caller]
pub fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let start = Instant::now();
        while !holds().await {
            assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}, at {caller}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A mail that is known by this name.
pub fn mail(name: &str) -> String {
    format!(
        "From: Ann <ann@home.example>\r\nTo: support@desk.example\r\nMessage-ID: <{name}@home.example>\r\n\
         Subject: {name}\r\nDate: Mon, 02 Mar 2026 09:06:07 +0000\r\n\r\nHello, this is {name}.\r\n"
    )
}
