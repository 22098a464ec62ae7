//! What a claim costs while few timers wait and while many do.

use super::{Promised, desk};
use crate::place::{Database, Place};
use crate::sample::median;
use anyhow::{Result, bail};
use chrono::TimeDelta;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use ticketing_core::port::{Clock, Store, SystemClock};
use ticketing_core::time::to_micros;

/// How many tickets a claim takes, and how many claims are measured.
const CLAIMED: usize = 50;
const CLAIMS: usize = 100;

/// How long between two claims, so that the database's own housekeeping is not what is measured.
const PAUSE: Duration = Duration::from_millis(5);

/// How much more a claim may cost while the most tickets wait than while the fewest do.
const GOAL: f64 = 1.5;

/// What is measured.
pub struct Claims {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
    /// How many tickets wait, one figure after another.
    pub waiting: Vec<usize>,
}

/// Measures and tells.
pub async fn measure(claims: &Claims) -> Result<()> {
    let place = Place::new(claims.database)?;
    desk(&place, &place.program(claims.server.as_ref())?).await?;
    let mut costs = Vec::new();
    place
        .with_store(async |store| {
            let promised = Promised::on(store).await?;
            // More than are claimed at once, and all of them overdue.
            let due = to_micros(SystemClock.now() - TimeDelta::hours(1));
            promised.fall_due((0..CLAIMED * 4).map(|_| due)).await?;
            let mut there = 0;
            for &waiting in &claims.waiting {
                promised.wait(waiting.saturating_sub(there)).await?;
                there = waiting.max(there);
                let cost = cost(store, &promised).await?;
                println!("{:?}: a claim of {CLAIMED} takes {cost:.2} ms while {there} wait", claims.database);
                costs.push(cost);
            }
            Ok(())
        })
        .await?;
    let (Some(first), Some(last)) = (costs.first(), costs.last()) else { return Ok(()) };
    let ratio = last / first;
    let verdict = if ratio <= GOAL { "reached" } else { "missed" };
    println!("{:?}: ratio {ratio:.2} (goal at most {GOAL}: {verdict})", claims.database);
    Ok(())
}

/// The median of many claims, in ms. What was claimed is planned again after each.
async fn cost(store: &dyn Store, promised: &Promised<'_>) -> Result<f64> {
    let mut taken = Vec::new();
    for _ in 0..CLAIMS {
        let now = SystemClock.now();
        let begun = Instant::now();
        let claimed = store.claim_wakes(now, now + TimeDelta::seconds(5), CLAIMED).await?;
        taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
        if claimed.len() != CLAIMED {
            bail!("a claim took {} of {CLAIMED}", claimed.len());
        }
        promised.plan(claimed, to_micros(now - TimeDelta::minutes(1))).await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(median(taken))
}
