//! How soon those who look on at a ticket hear of what happens on it.

use super::calls::{self, Took};
use super::crowd::Heard;
use super::{Crowd, Hall, LIMIT, SILENCE, Setting, verdict};
use crate::sample::percentile;
use anyhow::Result;
use std::time::{Duration, Instant};

/// Within this time 99 of 100 are told, ms.
const GOAL_MS: f64 = 100.0;

/// A measurement.
pub struct Event {
    /// Where.
    pub setting: Setting,
    /// How many look on at the ticket.
    pub sockets: usize,
    /// Answers a second.
    pub rate: u32,
    /// For how long.
    pub seconds: u32,
}

/// Measures and tells. Whether everybody heard everything once, in order.
pub async fn measure(event: &Event) -> Result<bool> {
    let Event { setting, sockets, rate, seconds } = event;
    let hall = Hall::open(setting, *sockets, 1).await?;
    let database = setting.database;
    let time = Duration::from_secs((*seconds).into());
    let until = Instant::now() + time / 3;
    let alone = calls::read(&hall.admin, &hall.tickets, move || Instant::now() >= until).await?;
    let crowd = Crowd::gather(hall.address(), hall.seats(*sockets), false, LIMIT).await?;
    let Round { events, heard, reading, answering } = round(&hall, &crowd, *rate, time).await?;
    let p99 = percentile(&heard.lags, 0.99);
    println!(
        "{database:?}: {events} events in {seconds} s to {sockets} sockets at one ticket, from the event's time (right before \
         its commit, by the machine's clock) to the socket: p50 {:.1} ms, p99 {p99:.1} ms (goal {GOAL_MS}: {}), at most \
         {:.1} ms; {heard}",
        percentile(&heard.lags, 0.5),
        verdict(p99 <= GOAL_MS),
        heard.lags.last().copied().unwrap_or_default(),
    );
    println!("{database:?}: reading before, {alone}; meanwhile, {reading}; answering, {answering}");
    Ok(heard.is_whole())
}

/// What came of answers at a steady rate.
pub(super) struct Round {
    pub(super) events: u64,
    pub(super) heard: Heard,
    pub(super) reading: Took,
    pub(super) answering: Took,
}

/// Answers at a steady rate, while people read, and waits until everybody has heard.
pub(super) async fn round(hall: &Hall, crowd: &Crowd, rate: u32, time: Duration) -> Result<Round> {
    let mut log = hall.log().await?;
    crowd.forget(true);
    let count = usize::try_from(u64::from(rate) * time.as_secs())?;
    let until = Instant::now() + time;
    let reading = calls::read(&hall.admin, &hall.tickets, move || Instant::now() >= until);
    let answering = calls::answer_at(&hall.admin, &hall.tickets, rate, count);
    let (reading, answering) = tokio::try_join!(reading, answering)?;
    let (staff, customers) = log.read_on().await?;
    let heard = crowd.hear(staff, customers, SILENCE).await?;
    Ok(Round { events: staff.events, heard, reading, answering })
}
