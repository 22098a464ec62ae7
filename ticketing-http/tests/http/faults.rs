//! What goes wrong inside: panics, slowness, too much at once, a store that is away.

use crate::support::*;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::access::SystemReason;
use ticketing_core::{Actor, Desk, Error};
use ticketing_http::{Authenticator, HttpOptions};
use tokio::sync::Notify;

/// Does what the bearer token says.
struct Puppet {
    entered: Notify,
    released: Notify,
}

#[async_trait]
impl Authenticator for Puppet {
    async fn authenticate(&self, _: &Desk, bearer: &str) -> Result<Actor, Error> {
        match bearer {
            "panic" => panic!("the canary /etc/passwd SELECT 1"),
            "slow" => {
                tokio::time::sleep(Duration::from_hours(1)).await;
                Err(Error::Unauthenticated("never"))
            }
            "wait" => {
                self.entered.notify_one();
                self.released.notified().await;
                Err(Error::Unauthenticated("released"))
            }
            "away" => Err(Error::Unavailable(None)),
            "internal" => Err(Error::Internal("the canary: relation \"ticket\" does not exist".into())),
            "host" => Ok(Actor::system(SystemReason::Host)),
            _ => Err(Error::Unauthenticated("Not one of ours.")),
        }
    }
}

async fn puppet(max_in_flight: Option<usize>) -> (World, Arc<Puppet>) {
    let puppet = Arc::new(Puppet { entered: Notify::new(), released: Notify::new() });
    let options = HttpOptions {
        authenticator: Some(Arc::clone(&puppet) as Arc<dyn Authenticator>),
        request_timeout: Duration::from_millis(400),
        max_in_flight,
        ..options()
    };
    (world_with("http://127.0.0.1:5000", options).await, puppet)
}

fn with(bearer: &str) -> Call {
    get("/api/tickets").with("authorization", format!("Bearer {bearer}"))
}

#[tokio::test]
async fn a_panic_is_a_500_that_says_nothing() {
    let (world, _) = puppet(None).await;
    for call in [with("panic"), with("internal")] {
        let answer = world.send(call).await;
        answer.problem(500, "internal");
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    world.send(with("host")).await.ok(200);
    let metrics = world.send(get("/metrics")).await.text();
    assert!(metrics.contains("status=\"500\"} 2"), "{metrics}");
    assert!(metrics.contains("requests_in_flight 1"), "a panic leaves nothing in flight");
}

#[tokio::test]
async fn what_takes_too_long_is_answered() {
    let (world, _) = puppet(None).await;
    let answer = world.send(with("slow")).await;
    answer.problem(503, "timeout");
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn too_much_at_once_is_refused_but_probes_are_not() {
    let (world, puppet) = puppet(Some(1)).await;
    let app = world.app.clone();
    let first = tokio::spawn(async move { with("wait").send(&app).await });
    puppet.entered.notified().await;
    let answer = world.send(with("host")).await;
    answer.problem(503, "overloaded");
    assert_eq!(answer.header("retry-after"), "1");
    world.send(get("/healthz")).await.ok(200);
    world.send(get("/readyz")).await.ok(200);
    puppet.released.notify_one();
    first.await.unwrap().problem(401, "unauthenticated");
    world.send(with("host")).await.ok(200);
}

#[tokio::test]
async fn an_unavailable_store_is_a_503_with_advice() {
    let (world, _) = puppet(None).await;
    let answer = world.send(with("away")).await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn an_application_can_bring_its_own_identities() {
    let (world, _) = puppet(None).await;
    world.send(with("host")).await.ok(200);
    let problem = world.send(with("other")).await.problem(401, "unauthenticated");
    assert_eq!(problem["detail"], "Not one of ours.");
    world.send(get("/api/tickets").by(&world.admin)).await.problem(401, "unauthenticated");
}
