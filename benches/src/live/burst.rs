//! How many deliveries a second there are when much happens at once, beside npm's socket.io server with the same clients.

use super::crowd::Heard;
use super::npm::Npm;
use super::{Crowd, Hall, LIMIT, SILENCE, Setting, calls, verdict};
use crate::sample::median;
use anyhow::Result;
use std::path::PathBuf;
use std::time::Instant;

/// Deliveries a second.
const GOAL: f64 = 100_000.0;
/// How many times those of npm's server.
const GOAL_RATIO: f64 = 3.0;
/// How many answer at once.
const AT_ONCE: usize = 8;

/// A measurement.
pub struct Burst {
    /// Where.
    pub setting: Setting,
    /// How many look on at the ticket.
    pub sockets: usize,
    /// How many answers there are.
    pub events: usize,
    /// How many runs; figures are their medians.
    pub runs: u32,
    /// Where `scripts/socket-client` has put npm's server, if it is to be measured too.
    pub npm: Option<PathBuf>,
}

/// Measures and tells. Whether everybody heard everything once, in order.
pub async fn measure(burst: &Burst) -> Result<bool> {
    let Burst { setting, sockets, events, runs, npm } = burst;
    let hall = Hall::open(setting, *sockets, 1).await?;
    let database = setting.database;
    let crowd = Crowd::gather(hall.address(), hall.seats(*sockets), false, LIMIT).await?;
    let mut beside = match npm {
        Some(folder) => {
            let npm = Npm::start(folder).await?;
            let crowd = Crowd::gather(&npm.address, hall.seats(*sockets), false, LIMIT).await?;
            Some((npm, crowd))
        }
        None => None,
    };
    let (mut ours, mut theirs, mut is_whole) = (Vec::new(), Vec::new(), true);
    for _ in 0..*runs {
        let (rate, heard) = desk(&hall, &crowd, *events).await?;
        println!("{database:?}: {events} answers to {sockets} sockets: {rate:.0} deliveries a second; {heard}");
        is_whole &= heard.is_whole();
        ours.push(rate);
        if let Some((npm, listening)) = &mut beside {
            let begun = Instant::now();
            listening.forget(false);
            let tale = npm.send(&crowd.sample(), *events).await?;
            let heard = listening.hear(tale, tale, SILENCE).await?;
            let rate = per_second(&heard, begun);
            println!("npm: the same {events} times from memory: {rate:.0} deliveries a second; {heard}");
            is_whole &= heard.is_whole();
            theirs.push(rate);
        }
    }
    let ratio = median(ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs));
    let rate = median(ours);
    println!("{database:?}: {rate:.0} deliveries a second (median of {runs}; goal {GOAL}: {})", verdict(rate >= GOAL));
    if !theirs.is_empty() {
        println!(
            "{database:?}: {ratio:.1} times npm's socket.io (goal {GOAL_RATIO}: {})",
            verdict(ratio >= GOAL_RATIO)
        );
    }
    Ok(is_whole)
}

/// Answers as fast as they are taken, until everybody has heard.
async fn desk(hall: &Hall, crowd: &Crowd, events: usize) -> Result<(f64, Heard)> {
    let mut log = hall.log().await?;
    crowd.forget(false);
    let begun = Instant::now();
    calls::answer(&hall.admin, &hall.tickets, AT_ONCE, events).await?;
    let (staff, customers) = log.read_on().await?;
    let heard = crowd.hear(staff, customers, SILENCE).await?;
    Ok((per_second(&heard, begun), heard))
}

fn per_second(heard: &Heard, begun: Instant) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a count of deliveries")]
    let told = heard.told as f64;
    told / heard.last.saturating_duration_since(begun).as_secs_f64()
}
