//! The bus over a Redis of the test's own, which is killed, started again and stopped in its tracks.
#![cfg(feature = "redis")]
// What a test sets up must work; a test that can't be set up has failed.
#![allow(clippy::expect_used)]

use async_trait::async_trait;
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use ticketing_core::conformance::bus::{BusHarness, run_bus};
use ticketing_core::ids::UserId;
use ticketing_core::port::{Bus, Signal};
use ticketing_store::RedisBus;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);
const PASSWORD: &str = "canary";

/// A Redis that keeps nothing.
struct Redis {
    port: u16,
    folder: TempDir,
    running: Mutex<Option<Child>>,
}

impl Redis {
    async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = free.local_addr().expect("it has a number").port();
        drop(free);
        let redis = Self { port, folder: TempDir::new().expect("a folder is made"), running: Mutex::default() };
        redis.run().await;
        redis
    }

    fn address(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}", self.port)
    }

    fn bus(&self, channel: &str) -> RedisBus {
        RedisBus::new(&self.address(), channel).expect("it is an address")
    }

    async fn run(&self) {
        let port = self.port.to_string();
        let arguments =
            ["--port", &port, "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", "", "--appendonly", "no"];
        let started = Command::new("redis-server")
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        *self.running.lock().await = Some(started.expect("redis-server runs; Debian's package redis-server has it"));
        let answers = async {
            while RedisBus::check(&self.address()).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, answers).await.expect("it answers");
    }

    async fn kill(&self) {
        let mut running = self.running.lock().await.take().expect("it runs");
        running.kill().await.expect("it is killed");
    }

    /// Stops it in its tracks, or lets it go on.
    async fn signal(&self, signal: &str) {
        let running = self.running.lock().await;
        let pid = running.as_ref().and_then(Child::id).expect("it runs").to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().await.expect("kill runs");
        assert!(sent.success());
    }
}

#[async_trait]
impl BusHarness for Redis {
    async fn ends(&self) -> [Arc<dyn Bus>; 2] {
        [Arc::new(self.bus("desk")), Arc::new(self.bus("desk"))]
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
    let [here, same, apart] = ["one", "one", "two"].map(|channel| redis.bus(channel));
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
    let [here, there] = [redis.bus("desk"), redis.bus("desk")];
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
    let again = redis.bus("desk");
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
