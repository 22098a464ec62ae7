//! The bus over a Redis of the test's own, which is killed, started again and stopped in its tracks.
#![cfg(feature = "redis")]
// What a test sets up must work; a test that can't be set up has failed.
#![allow(clippy::expect_used)]

mod server;

use async_trait::async_trait;
use server::Redis;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ticketing_core::conformance::bus::{BusHarness, run_bus};
use ticketing_core::ids::UserId;
use ticketing_core::port::{Bus, Signal};
use ticketing_store::RedisBus;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

fn bus(redis: &Redis, channel: &str) -> RedisBus {
    RedisBus::new(&redis.address(), channel).expect("it is an address")
}

#[async_trait]
impl BusHarness for Redis {
    async fn ends(&self) -> [Arc<dyn Bus>; 2] {
        [Arc::new(bus(self, "desk")), Arc::new(bus(self, "desk"))]
    }

    async fn cut(&self) {
        self.kill().await;
    }

    async fn mend(&self) {
        self.run().await;
    }
}

fn someone(number: u128) -> Signal {
    Signal::Rights { user_id: UserId(Uuid::from_u128(number)) }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let held = async {
        while !holds() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, held).await.expect(what);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_over_redis_keeps_every_rule() {
    run_bus(&Redis::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_that_share_a_redis_do_not_hear_of_one_another() {
    let redis = Redis::start().await;
    let [here, same, apart] = ["one", "one", "two"].map(|channel| bus(&redis, channel));
    until("they are linked", || [&here, &same, &apart].iter().all(|bus| bus.is_linked() == Some(true))).await;
    let (mut hears, mut hears_not) = (same.subscribe(), apart.subscribe());
    here.publish(someone(1));
    assert_eq!(timeout(PATIENCE, hears.recv()).await.expect("it is heard"), Ok(someone(1)));
    apart.publish(someone(2));
    // Redis passes messages on in their order, so the first would have come before.
    assert_eq!(timeout(PATIENCE, hears_not.recv()).await.expect("its own is heard"), Ok(someone(2)));
    assert!(hears.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_is_noticed_and_holds_nobody_up() {
    let redis = Redis::start().await;
    let [here, there] = [bus(&redis, "desk"), bus(&redis, "desk")];
    until("they are linked", || here.is_linked() == Some(true) && there.is_linked() == Some(true)).await;
    let mut own = here.subscribe();
    redis.signal("-STOP").await;
    let begun = Instant::now();
    for number in 0..5_000 {
        here.publish(someone(number));
        assert_eq!(own.try_recv(), Ok(someone(number)));
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "it took {:?}", begun.elapsed());
    until("it is noticed", || here.is_linked() == Some(false)).await;
    let begun = Instant::now();
    here.close().await;
    assert!(begun.elapsed() < Duration::from_secs(1), "closing took {:?}", begun.elapsed());
    redis.signal("-CONT").await;
    let again = bus(&redis, "desk");
    until("they are linked again", || again.is_linked() == Some(true) && there.is_linked() == Some(true)).await;
    let mut heard = there.subscribe();
    again.publish(someone(7));
    let told = async { while heard.recv().await.expect("it is heard") != someone(7) {} };
    timeout(PATIENCE, told).await.expect("it is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_what_is_wrong_and_no_secret() {
    let redis = Redis::start().await;
    RedisBus::check(&redis.address()).await.expect("it lets us in");
    let address = |password: &str| format!("redis://:{password}@127.0.0.1:{}", redis.port);
    redis_refuses(&address("secret-canary")).await;
    redis.kill().await;
    redis_refuses(&address("secret-canary")).await;
    for bad in ["127.0.0.1:6379", "http://:secret-canary@h", "redis://:secret-canary@h:port", ""] {
        assert!(!RedisBus::is_address(bad), "{bad}");
        redis_refuses(bad).await;
    }
}

async fn redis_refuses(address: &str) {
    let mut said = Vec::new();
    let refused = RedisBus::check(address).await.expect_err("there is no such Redis");
    let mut cause: Option<&dyn std::error::Error> = Some(&refused);
    while let Some(error) = cause {
        said.push(format!("{error} {error:?}"));
        cause = error.source();
    }
    assert!(said.len() > 1 && said.iter().all(|said| !said.contains("canary")), "{said:?}");
}
