//! What processes of one desk tell one another, by Redis: a bus on a channel, and nothing that is kept there.

use crate::bus::{Line, Link, Relay};
use async_trait::async_trait;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind, Value};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::port::{BoxError, Bus, Signal};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::{Notify, broadcast};

/// How long Redis may take to let us in or to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many messages wait to be read at most; more are lost.
const WAITING: usize = 1024;

/// The address of a Redis that can't be one. Says nothing of what it holds.
#[derive(Debug, thiserror::Error)]
#[error("this is no address of a Redis, such as redis://:PASSWORD@HOST:6379 or rediss:// for one with TLS")]
pub struct BadRedisAddress;

/// A Redis does not answer as it should.
#[derive(Debug, thiserror::Error)]
#[error("Redis does not answer")]
pub struct RedisAway(#[source] BoxError);

/// A bus over a Redis (6 or later), on one connection. Ends when it is dropped.
#[derive(Debug)]
pub struct RedisBus(Relay);

impl RedisBus {
    /// A bus to all who have one on this channel of this Redis. Needs a tokio runtime. Returns at once; a Redis that
    /// is away is looked for again and again. Databases of one Redis share their channels, so what keeps two desks
    /// apart is the channel.
    pub fn new(address: &str, channel: &str) -> Result<Self, BadRedisAddress> {
        Ok(Self(Relay::new(Channel { client: client(address)?, name: channel.to_owned() })))
    }

    /// Whether this can be the address of a Redis. Asks nobody.
    pub fn is_address(address: &str) -> bool {
        client(address).is_ok()
    }

    /// Connects, signs in and asks for a sign of life.
    pub async fn check(address: &str) -> Result<(), RedisAway> {
        let client = client(address).map_err(|bad| RedisAway(Box::new(bad)))?;
        let asked = async {
            let mut connection = client.get_multiplexed_async_connection_with_config(&config()).await?;
            redis::cmd("PING").exec_async(&mut connection).await
        };
        match tokio::time::timeout(2 * PATIENCE, asked).await {
            Ok(answer) => answer.map_err(|error| RedisAway(Box::new(error))),
            Err(late) => Err(RedisAway(Box::new(late))),
        }
    }
}

#[async_trait]
impl Bus for RedisBus {
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

/// One connection hears and tells, which takes the newer of the two protocols.
fn client(address: &str) -> Result<Client, BadRedisAddress> {
    let info = address.into_connection_info().map_err(|_| BadRedisAddress)?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Client::open(info.set_redis_settings(settings)).map_err(|_| BadRedisAddress)
}

fn config() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE))
}

struct Channel {
    client: Client,
    name: String,
}

#[async_trait]
impl Line for Channel {
    type Link = Subscribed;

    const NAME: &'static str = "Redis";

    /// Some 1,600 people who look at one ticket.
    const LONGEST: usize = 64 * 1024;

    async fn open(&self) -> Result<Subscribed, BoxError> {
        let (sender, messages) = channel(WAITING);
        let ended = Arc::new(Notify::new());
        let gone = Arc::clone(&ended);
        let push = move |push: PushInfo| -> Result<(), redis::RedisError> {
            match push.kind {
                PushKind::Message => {
                    // Redis does not wait for slow readers; what finds no room here is lost.
                    if let Some(text) = text_of(push) {
                        drop(sender.try_send(text));
                    }
                }
                PushKind::Disconnection => gone.notify_one(),
                _ => {}
            }
            Ok(())
        };
        let config = config().set_push_sender(push);
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        connection.subscribe(&self.name).await?;
        Ok(Subscribed { connection, channel: self.name.clone(), messages, ended })
    }
}

/// A message is pushed as its channel and its text.
fn text_of(push: PushInfo) -> Option<String> {
    match push.data.into_iter().nth(1)? {
        Value::BulkString(bytes) if bytes.len() <= Channel::LONGEST => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

struct Subscribed {
    connection: MultiplexedConnection,
    channel: String,
    messages: Receiver<String>,
    ended: Arc<Notify>,
}

#[async_trait]
impl Link for Subscribed {
    async fn hear(&mut self) -> Result<String, BoxError> {
        tokio::select! {
            biased;
            message = self.messages.recv() => Ok(message.ok_or("the connection is closed")?),
            () = self.ended.notified() => Err("the server has ended the connection".into()),
        }
    }

    async fn tell(&mut self, message: &str) -> Result<(), BoxError> {
        redis::cmd("PUBLISH").arg(&self.channel).arg(message).exec_async(&mut self.connection).await?;
        Ok(())
    }
}
