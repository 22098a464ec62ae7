//! What processes of one desk tell one another, by `LISTEN` and `NOTIFY`.

use super::source::{Pg, Pooled};
use crate::bus::{Line, Link, Relay};
use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::time::Duration;
use ticketing_core::port::{BoxError, Bus, Signal};
use tokio::sync::broadcast;

const CHANNEL: &str = "ticketing_bus";

/// A bus over the desk's own database, on one connection besides the store's. Ends when it is dropped.
#[derive(Debug)]
pub struct PgBus(Relay);

impl Pg<Pooled> {
    /// A bus to all who have one over this database. Needs a tokio runtime. Where the database is reached through a
    /// pooler that hands connections on between transactions, no message gets through.
    pub fn bus(&self) -> PgBus {
        PgBus(Relay::new(Channel { connect: self.bus_connect() }))
    }
}

#[async_trait]
impl Bus for PgBus {
    fn publish(&self, signal: Signal) {
        self.0.publish(signal);
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.0.subscribe()
    }

    fn is_linked(&self) -> Option<bool> {
        self.0.is_linked()
    }

    async fn close(&self) {
        self.0.close().await;
    }
}

struct Channel {
    connect: PgConnectOptions,
}

#[async_trait]
impl Line for Channel {
    type Link = Listening;

    const NAME: &'static str = "PostgreSQL";

    /// PostgreSQL takes less than 8,000.
    const LONGEST: usize = 7_900;

    async fn open(&self) -> Result<Listening, BoxError> {
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = pool.acquire_timeout(Duration::from_secs(3)).connect_lazy_with(self.connect.clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Listening { listener })
    }
}

struct Listening {
    listener: PgListener,
}

#[async_trait]
impl Link for Listening {
    async fn hear(&mut self) -> Result<String, BoxError> {
        let notification = self.listener.try_recv().await?;
        let notification = notification.ok_or("the server has ended the connection")?;
        Ok(notification.payload().to_owned())
    }

    async fn tell(&mut self, message: &str) -> Result<(), BoxError> {
        let tell = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(message);
        tell.execute(&mut self.listener).await?;
        Ok(())
    }
}
