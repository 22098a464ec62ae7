//! What happens when the server is restarted under those who listen.

use super::calls::{self, Took};
use super::{Crowd, Hall, LIMIT, SILENCE, Setting};
use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Sockets that look on at the same ticket.
const ROOM: usize = 20;
/// Answers that everybody hears afterwards.
const ANSWERS: usize = 20;

/// A measurement.
pub struct Restart {
    /// Where.
    pub setting: Setting,
    /// How many sockets there are.
    pub sockets: usize,
}

/// Measures and tells. Whether everybody came back, and heard everything once, in order.
pub async fn measure(restart: &Restart) -> Result<bool> {
    let Restart { setting, sockets } = restart;
    let mut hall = Hall::open(setting, *sockets, sockets.div_ceil(ROOM)).await?;
    let database = setting.database;
    let crowd = Crowd::gather(hall.address(), hall.seats(*sockets), true, LIMIT).await?;
    let until = Instant::now() + Duration::from_secs(3);
    let before = calls::read(&hall.admin, &hall.tickets, move || Instant::now() >= until).await?;
    let begun = Instant::now();
    hall.stop().await?;
    let ended = begun.elapsed();
    let (started, gone) = tokio::join!(hall.start(), crowd.wait_until_gone(LIMIT));
    started?;
    gone?;
    let ready = begun.elapsed();
    let (most, all, meanwhile) = come_back(&hall, &crowd, *sockets, begun).await?;
    println!(
        "{database:?}: the server ended {:.2} s after SIGTERM under {sockets} sockets and was ready again after {:.2} s; 99 % \
         were back after {:.2} s, all after {:.2} s",
        ended.as_secs_f64(),
        ready.as_secs_f64(),
        most.as_secs_f64(),
        all.as_secs_f64(),
    );
    println!("{database:?}: reading before, {before}; while they came back, {meanwhile}");
    let mut log = hall.log().await?;
    crowd.forget(false);
    calls::answer_at(&hall.admin, &hall.tickets, 10, ANSWERS).await?;
    let (staff, customers) = log.read_on().await?;
    let heard = crowd.hear(staff, customers, SILENCE).await?;
    println!("{database:?}: {} events afterwards, {heard}", staff.events);
    Ok(heard.is_whole())
}

/// How long after `begun` 99 of 100 are there and all are, and how long calls take until all are.
async fn come_back(hall: &Hall, crowd: &Crowd, sockets: usize, begun: Instant) -> Result<(Duration, Duration, Took)> {
    let is_over = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_over);
    let reading = calls::read(&hall.admin, &hall.tickets, move || told.load(Relaxed));
    let waiting = async {
        let all = async {
            crowd.wait_for((sockets * 99).div_ceil(100), LIMIT).await?;
            let most = begun.elapsed();
            crowd.wait_for(sockets, LIMIT).await?;
            Ok((most, begun.elapsed()))
        };
        let all: Result<_> = all.await;
        is_over.store(true, Relaxed);
        all
    };
    let (meanwhile, (most, all)) = tokio::try_join!(reading, waiting)?;
    Ok((most, all, meanwhile))
}
