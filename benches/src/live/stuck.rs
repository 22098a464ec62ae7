//! What the others notice of a reader that does not read.

use super::crowd::{Seat, enter};
use super::event::{Round, round};
use super::socket::Socket;
use super::{Crowd, Hall, LIMIT, SILENCE, Setting, calls, verdict};
use crate::sample::{median, percentile};
use crate::wire::metric;
use anyhow::{Result, bail};
use std::net::Ipv4Addr;
use std::time::Duration;

/// The most that the others' p99 may grow by.
const GOAL: f64 = 1.1;
/// What the system holds for who does not read, bytes.
const ROOM: u32 = 4 * 1024;
/// Answers in a row, after which nothing more goes into a socket that nobody reads: by then the system's buffers, the
/// socket's own and its queue are full.
const FILLING: usize = 150;
/// How often it is tried to fill it.
const FILLINGS: usize = 40;

const DROPPED: &str = "ticketing_live_dropped_total";

/// A measurement.
pub struct Stuck {
    /// Where.
    pub setting: Setting,
    /// How many others there are.
    pub sockets: usize,
    /// Answers a second.
    pub rate: u32,
    /// How long each half of a pair lasts; the server gives the reader up after 25 s.
    pub seconds: u32,
    /// How many pairs.
    pub runs: u32,
}

/// Measures and tells. Whether all others heard everything once, in order.
pub async fn measure(stuck: &Stuck) -> Result<bool> {
    let Stuck { setting, sockets, rate, seconds, runs } = stuck;
    let hall = Hall::open(setting, *sockets + 1, 1).await?;
    let mut seats = hall.seats(*sockets + 1);
    let Some(last) = seats.pop() else { bail!("no seat") };
    let crowd = Crowd::gather(hall.address(), seats, false, LIMIT).await?;
    let time = Duration::from_secs((*seconds).into());
    let (mut ratios, mut is_whole) = (Vec::new(), true);
    for run in 0..*runs {
        let mut p99 = [0.0; 2];
        // Each comes first as often as the other.
        for is_beside in [run % 2 == 1, run % 2 == 0] {
            let reader = if is_beside { Some(beside(&hall, &crowd, &last).await?) } else { None };
            let mut admin = hall.admin.open().await?;
            let before = metric(&mut admin, DROPPED).await?;
            let Round { events, heard, .. } = round(&hall, &crowd, *rate, time).await?;
            let dropped = metric(&mut admin, DROPPED).await? - before;
            drop(reader);
            // The reader has no room for what it is told; of the viewers, who come and go with it, it is told too.
            if is_beside && dropped < events {
                bail!("the reader was not stuck: {dropped} of {events} events did not go into it");
            }
            p99[usize::from(is_beside)] = percentile(&heard.lags, 0.99);
            is_whole &= heard.is_whole();
            if !heard.is_whole() {
                println!("{:?}: of {events} events {heard}", setting.database);
            }
        }
        let [alone, beside] = p99;
        println!(
            "{:?}: p99 of {sockets} sockets {alone:.1} ms, beside a stuck reader {beside:.1} ms",
            setting.database
        );
        ratios.push(beside / alone);
    }
    let ratio = median(ratios);
    println!(
        "{:?}: median ratio of {runs} pairs {ratio:.2} (goal {GOAL}: {})",
        setting.database,
        verdict(ratio <= GOAL)
    );
    Ok(is_whole)
}

/// Somebody who comes in and does not read any more, when nothing more goes into the socket.
async fn beside(hall: &Hall, crowd: &Crowd, seat: &Seat) -> Result<Socket> {
    let mut socket = Socket::open(hall.address().parse()?, Ipv4Addr::LOCALHOST, Some(ROOM)).await?;
    enter(&mut socket, seat, |_| {}).await?;
    let mut admin = hall.admin.open().await?;
    let before = metric(&mut admin, DROPPED).await?;
    for _ in 0..FILLINGS {
        fill(hall, crowd).await?;
        if metric(&mut admin, DROPPED).await? > before {
            return Ok(socket);
        }
    }
    bail!("a reader that does not read takes everything")
}

/// Answers until everybody else has heard.
async fn fill(hall: &Hall, crowd: &Crowd) -> Result<()> {
    let mut log = hall.log().await?;
    crowd.forget(false);
    calls::answer(&hall.admin, &hall.tickets, 4, FILLING).await?;
    let (staff, customers) = log.read_on().await?;
    crowd.hear(staff, customers, SILENCE).await.map(drop)
}
