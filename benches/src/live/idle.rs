//! What sockets cost that hear nothing.

use super::{Crowd, Hall, LIMIT, REST, SILENCE, Setting, calls, verdict};
use crate::proc::{cpu_ms, memory};
use anyhow::Result;
use std::time::{Duration, Instant};

/// What a connection may hold, KiB.
const GOAL_KIB: f64 = 16.0;
/// Sockets that look on at the same ticket.
const ROOM: usize = 20;
/// Answers that everybody hears in the end.
const ANSWERS: usize = 20;

/// A measurement.
pub struct Idle {
    /// Where.
    pub setting: Setting,
    /// How many sockets there are; each number has a server of its own.
    pub sockets: Vec<usize>,
    /// How long nothing happens.
    pub idle: Duration,
}

/// Measures and tells. Whether everybody heard what was said in the end.
pub async fn measure(idle: &Idle) -> Result<bool> {
    let mut is_well = true;
    for &sockets in &idle.sockets {
        is_well &= one(idle, sockets).await?;
    }
    Ok(is_well)
}

async fn one(idle: &Idle, sockets: usize) -> Result<bool> {
    let hall = Hall::open(&idle.setting, sockets, sockets.div_ceil(ROOM)).await?;
    let database = idle.setting.database;
    tokio::time::sleep(REST).await;
    let before = memory(hall.process())?;
    let alone = share(&hall, idle.idle).await?;
    let begun = Instant::now();
    let crowd = Crowd::gather(hall.address(), hall.seats(sockets), false, LIMIT).await?;
    let took = begun.elapsed();
    tokio::time::sleep(REST).await;
    let after = memory(hall.process())?;
    #[allow(clippy::cast_precision_loss, reason = "a count of sockets")]
    let each = |after: f64, before: f64| (after - before) * 1024.0 / sockets as f64;
    let rss = each(after.rss, before.rss);
    println!(
        "{database:?}: {sockets} sockets came in {:.1} s; the server holds {rss:.1} KiB more a socket (goal {GOAL_KIB}: \
         {}; PSS {:.1} KiB), {:.0} MiB in all",
        took.as_secs_f64(),
        verdict(rss <= GOAL_KIB),
        each(after.pss, before.pss),
        after.rss,
    );
    println!(
        "{database:?}: idle for {} s at {:.1} % of a core, without sockets {alone:.1} %",
        idle.idle.as_secs(),
        share(&hall, idle.idle).await?,
    );
    let mut log = hall.log().await?;
    crowd.forget(false);
    calls::answer_at(&hall.admin, &hall.tickets, 10, ANSWERS).await?;
    let (staff, customers) = log.read_on().await?;
    let heard = crowd.hear(staff, customers, SILENCE).await?;
    println!("{database:?}: {} events, {heard}", staff.events);
    Ok(heard.is_whole())
}

/// What the server uses of a core, in per cent, while nothing happens.
async fn share(hall: &Hall, time: Duration) -> Result<f64> {
    let (begun, before) = (Instant::now(), cpu_ms(hall.process())?);
    tokio::time::sleep(time).await;
    Ok((cpu_ms(hall.process())? - before) / begun.elapsed().as_secs_f64() / 10.0)
}
