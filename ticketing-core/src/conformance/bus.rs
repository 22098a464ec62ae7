//! What any bus must do. A [`BusHarness`] hands out two ends of one; [`run_bus`] panics where a rule is broken.

use crate::ids::{ChangeId, TicketId, UserId};
use crate::model::Availability;
use crate::port::{BACKLOG, Bus, Signal};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// A bus under test.
#[async_trait]
pub trait BusHarness: Send + Sync {
    /// Two ends of a bus that nobody else is on, as two processes have them; of one within a process, itself twice.
    async fn ends(&self) -> [Arc<dyn Bus>; 2];

    /// Takes the link away from all ends and keeps it away.
    async fn cut(&self);

    /// Lets the link come back.
    async fn mend(&self);
}

/// Long enough for a link to be found again on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const NODE: Uuid = Uuid::from_u128(0x40de);
/// More than any queue holds.
const FLOOD: u64 = 20_000;

/// Holds the bus to every rule.
pub async fn run_bus(harness: &dyn BusHarness) {
    all_hear_all_once_and_in_order(harness).await;
    every_signal_arrives_whole(harness).await;
    a_flood_drowns_nobody(harness).await;
    an_end_goes_on_without_the_others_and_finds_them_again(harness).await;
    what_was_told_last_is_told_before_closing(harness).await;
}

fn numbered(number: u64) -> Signal {
    Signal::Rights { user_id: UserId(Uuid::from_u128(u128::from(number))) }
}

/// A bus may ask by itself, wherever it finds the others.
fn is_greeting(signal: &Signal) -> bool {
    matches!(signal, Signal::Asks { node } if *node != NODE)
}

async fn next(heard: &mut Receiver<Signal>) -> Signal {
    loop {
        match timeout(PATIENCE, heard.recv()).await.expect("something is heard") {
            Ok(signal) if is_greeting(&signal) => {}
            other => return other.expect("nothing is missed"),
        }
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let held = async {
        while !holds() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, held).await.expect(what);
}

async fn linked(harness: &dyn BusHarness) -> [Arc<dyn Bus>; 2] {
    let ends = harness.ends().await;
    until("they are linked", || ends.iter().all(|end| end.is_linked() != Some(false))).await;
    ends
}

async fn all_hear_all_once_and_in_order(harness: &dyn BusHarness) {
    let [here, there] = linked(harness).await;
    let (mut own, mut other) = (here.subscribe(), there.subscribe());
    for number in 0..200 {
        here.publish(numbered(number));
    }
    for heard in [&mut own, &mut other] {
        for number in 0..200 {
            assert_eq!(next(heard).await, numbered(number));
        }
    }
    // What one end told does not come back to it.
    there.publish(numbered(1_000));
    assert_eq!(next(&mut own).await, numbered(1_000));
    assert_eq!(next(&mut other).await, numbered(1_000));
    let mut late = here.subscribe();
    there.publish(numbered(1_001));
    assert_eq!(next(&mut late).await, numbered(1_001), "who comes later hears what is told from then on");
}

async fn every_signal_arrives_whole(harness: &dyn BusHarness) {
    let [here, there] = linked(harness).await;
    let mut heard = there.subscribe();
    let (ticket_id, user_id, node) = (TicketId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)), NODE);
    let told = [
        Signal::Rights { user_id },
        Signal::Availability { user_id, availability: Availability::Away },
        Signal::Told { change_id: ChangeId(Uuid::from_u128(4)) },
        Signal::Read { user_id },
        Signal::Typing { ticket_id, user_id, name: "Zoë \"Ö\" 🧭\n".into(), is_internal: true, is_typing: false },
        Signal::Viewers { node, ticket_id, users: vec![user_id, UserId(Uuid::from_u128(3))] },
        Signal::Viewers { node, ticket_id, users: Vec::new() },
        Signal::Connected { node, user_id, is_connected: true },
        Signal::Anew { node },
        Signal::Whole { node },
        Signal::Alive { node },
        Signal::Asks { node },
    ];
    for signal in &told {
        here.publish(signal.clone());
    }
    for signal in told {
        assert_eq!(next(&mut heard).await, signal);
    }
}

async fn a_flood_drowns_nobody(harness: &dyn BusHarness) {
    let [here, there] = linked(harness).await;
    let (mut own, mut other) = (here.subscribe(), there.subscribe());
    for number in 0..FLOOD {
        here.publish(numbered(number));
    }
    let missed = match own.recv().await {
        Err(RecvError::Lagged(missed)) => missed,
        heard => panic!("who does not read can't hear all: {heard:?}"),
    };
    assert!(missed >= FLOOD - BACKLOG as u64, "all but {BACKLOG} are forgotten: {missed}");
    let mut left = Vec::new();
    while let Ok(signal) = own.try_recv() {
        left.push(signal);
    }
    left.retain(|signal| !is_greeting(signal));
    assert!(left.len() <= BACKLOG && left.last() == Some(&numbered(FLOOD - 1)), "the newest are kept");
    // It goes on, also with the others, who may have missed any of it.
    let again = async {
        loop {
            here.publish(numbered(FLOOD));
            sleep(Duration::from_millis(20)).await;
        }
    };
    let heard = async {
        loop {
            match other.recv().await {
                Ok(signal) if signal == numbered(FLOOD) => return,
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => panic!("the bus is there"),
            }
        }
    };
    let heard = async {
        tokio::select! {
            () = heard => {}
            () = again => {}
        }
    };
    timeout(PATIENCE, heard).await.expect("it is heard after all");
}

async fn an_end_goes_on_without_the_others_and_finds_them_again(harness: &dyn BusHarness) {
    let [here, there] = linked(harness).await;
    if here.is_linked().is_none() {
        return;
    }
    let (mut own, mut other) = (here.subscribe(), there.subscribe());
    harness.cut().await;
    // A bus notices no later than when it tells something.
    here.publish(numbered(0));
    there.publish(numbered(0));
    until("both have noticed", || [&here, &there].iter().all(|end| end.is_linked() == Some(false))).await;
    while own.try_recv().is_ok() || other.try_recv().is_ok() {}
    for number in 1..FLOOD {
        here.publish(numbered(number));
        assert_eq!(own.try_recv().ok(), Some(numbered(number)), "it is heard within the process, at once");
    }
    harness.mend().await;
    until("they are linked again", || [&here, &there].iter().all(|end| end.is_linked() == Some(true))).await;
    here.publish(numbered(FLOOD));
    assert_eq!(next(&mut other).await, numbered(FLOOD), "what could not be told is not told late");
    there.publish(numbered(FLOOD + 1));
    for number in [FLOOD, FLOOD + 1] {
        assert_eq!(next(&mut own).await, numbered(number));
    }
}

async fn what_was_told_last_is_told_before_closing(harness: &dyn BusHarness) {
    let [here, there] = harness.ends().await;
    until("the other is linked", || there.is_linked() != Some(false)).await;
    let (mut own, mut other) = (here.subscribe(), there.subscribe());
    // This end need not be linked yet: so tells a program that does one thing and ends.
    here.publish(numbered(1));
    here.close().await;
    assert_eq!(next(&mut other).await, numbered(1));
    assert_ne!(here.is_linked(), Some(true));
    here.publish(numbered(2));
    for number in [1, 2] {
        assert_eq!(next(&mut own).await, numbered(number), "within the process it goes on");
    }
    here.close().await;
}
