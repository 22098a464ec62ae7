//! Whether all that is due by the clock happens once, how late, and what the desk's people feel of it.

use super::beside::People;
use super::{Promised, desk};
use crate::place::{Database, Place};
use crate::program::Worker;
use crate::sample::{median, percentile};
use anyhow::{Result, bail};
use chrono::TimeDelta;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
use ticketing_core::access::Scope;
use ticketing_core::event::Fact;
use ticketing_core::ids::{Seq, TicketId};
use ticketing_core::port::{Clock, Store, SystemClock};
use ticketing_core::time::{Time, to_micros};

/// How long after the last one is due all must have happened.
pub const LIMIT: Duration = Duration::from_mins(5);

/// The most that calls' p99 may grow, and the latest that the 99th of 100 may be.
const GOAL: f64 = 1.5;
const LATE_MS: f64 = 2_000.0;

/// Between two parts of a round.
const REST: Duration = Duration::from_secs(2);

/// How long it takes at most to store a ticket.
const STORED: Duration = Duration::from_micros(400);

/// What is measured.
pub struct Wake {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
    /// How many tickets wait for a day that is far off.
    pub tickets: usize,
    /// How many become due in each round.
    pub due: usize,
    /// Within how many seconds.
    pub seconds: u32,
    /// How many seconds before them nothing is due.
    pub idle: u32,
    /// How many rounds of the two there are.
    pub runs: u32,
}

impl Wake {
    /// One round: rest, an idle time, rest, a time in which many are due, rest.
    fn round(&self) -> Duration {
        REST * 3 + Duration::from_secs((self.idle + self.seconds).into())
    }

    /// When the tickets of a round are due, of rounds that begin then.
    fn moments(&self, begin: Time, round: u32) -> Result<impl Iterator<Item = Time> + use<>> {
        let before = self.round() * round + REST * 2 + Duration::from_secs(self.idle.into());
        let first = begin + TimeDelta::from_std(before)?;
        let step = TimeDelta::seconds(self.seconds.into()) / i32::try_from(self.due.max(1))?;
        Ok((0..).take(self.due).map(move |place| to_micros(first + step * place)))
    }
}

/// Measures and tells. Whether each happened once and none too early.
pub async fn measure(wake: &Wake) -> Result<bool> {
    let place = Place::new(wake.database)?;
    // Mails of what is due have their own proof.
    let program = place.program(wake.server.as_ref())?.with([("WORKERS", "0")]);
    desk(&place, &place.program(wake.server.as_ref())?).await?;
    let all = wake.due * usize::try_from(wake.runs)?;
    // By then they are stored.
    let lead = Duration::from_secs(10) + STORED * u32::try_from(wake.tickets + all)?;
    let begin = SystemClock.now() + TimeDelta::from_std(lead)?;
    place
        .with_store(async |store| {
            let promised = Promised::on(store).await?;
            promised.wait(wake.tickets).await?;
            for round in 0..wake.runs {
                promised.fall_due(wake.moments(begin, round)?).await?;
            }
            Ok(())
        })
        .await?;
    let server = program.serve().await?;
    let people = People::at(&server.address).await?;
    let working = place.program(wake.server.as_ref())?;
    let mut workers = [working.work()?, working.work()?];
    let calls = rounds(wake, &people, begin).await?;
    let told = all_of(&place, all, &mut workers).await?;
    for worker in workers {
        worker.stop().await?;
    }
    server.kill().await?;
    Ok(report(wake, &told, &calls))
}

/// The p99 of calls without and with others' due times beside them, of each round.
async fn rounds(wake: &Wake, people: &People, begin: Time) -> Result<Vec<(f64, f64)>> {
    let mut calls = Vec::new();
    for round in 0..wake.runs {
        let begin = begin + TimeDelta::from_std(wake.round() * round)?;
        let Ok(left) = (begin - SystemClock.now()).to_std() else { bail!("the tickets took too long to store") };
        tokio::time::sleep(left + REST).await;
        let (idle, some) = people.p99(Duration::from_secs(wake.idle.into())).await?;
        tokio::time::sleep(REST).await;
        let (busy, more) = people.p99(Duration::from_secs(wake.seconds.into())).await?;
        println!("{:?}: p99 of {some} calls {idle:.1} ms, of {more} while tickets wake {busy:.1} ms", wake.database);
        calls.push((idle, busy));
    }
    Ok(calls)
}

/// By how many ms each ticket's promise was told late, once all are.
async fn all_of(place: &Place, all: usize, workers: &mut [Worker]) -> Result<HashMap<TicketId, Vec<f64>>> {
    let deadline = SystemClock.now() + TimeDelta::from_std(LIMIT)?;
    let (mut after, mut woke) = (Seq(0), HashMap::new());
    place
        .with_store(async |store| {
            while woke.len() < all {
                if SystemClock.now() > deadline {
                    bail!("only {} of {all} tickets woke", woke.len());
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
                workers.iter_mut().try_for_each(Worker::look)?;
                read_on(store, &mut after, &mut woke).await?;
            }
            tokio::time::sleep(REST).await;
            read_on(store, &mut after, &mut woke).await
        })
        .await?;
    Ok(woke)
}

async fn read_on(store: &dyn Store, after: &mut Seq, woke: &mut HashMap<TicketId, Vec<f64>>) -> Result<()> {
    loop {
        let page = store.events(&Scope::UPKEEP, *after, 2_000).await?;
        let is_over = page.events.is_empty();
        *after = page.next;
        for event in page.events {
            let Fact::SlaBreached(deadline) = &event.fact else { continue };
            #[allow(clippy::cast_precision_loss, reason = "some minutes at most")]
            let late = (event.at - deadline.due_at).num_microseconds().unwrap_or(i64::MAX) as f64 / 1_000.0;
            woke.entry(event.ticket_id).or_default().push(late);
        }
        if is_over {
            return Ok(());
        }
    }
}

fn report(wake: &Wake, told: &HashMap<TicketId, Vec<f64>>, calls: &[(f64, f64)]) -> bool {
    let mut late: Vec<f64> = told.values().flatten().copied().collect();
    late.sort_by(f64::total_cmp);
    let twice = told.values().filter(|times| times.len() > 1).count();
    let early = late.iter().filter(|late| **late < 0.0).count();
    let p99 = percentile(&late, 0.99);
    let verdict = |is_reached| if is_reached { "reached" } else { "missed" };
    println!(
        "{:?}: {} tickets woke, {} within {} s, while {} waited; late by p50 {:.0} ms, p99 {p99:.0} ms (goal below \
         {LATE_MS} ms: {}), at most {:.0} ms; {twice} woke twice, {early} too early",
        wake.database,
        told.len(),
        wake.due,
        wake.seconds,
        wake.tickets,
        percentile(&late, 0.5),
        verdict(p99 < LATE_MS),
        late.last().copied().unwrap_or_default(),
    );
    let ratio = median(calls.iter().map(|(idle, busy)| busy / idle));
    println!(
        "{:?}: p99 of calls meanwhile, median ratio of {} pairs {ratio:.2} (goal at most {GOAL}: {})",
        wake.database,
        calls.len(),
        verdict(ratio <= GOAL),
    );
    twice == 0 && early == 0
}
