//! Has two worker processes wake many tickets and looks whether each woke once, and how late; then measures what a
//! claim costs while few tickets wait and while many do.

use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use clap::Parser;
use hyper::Method;
use serde_json::json;
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use ticketing_benches::place::{Database, Place, unless_stopped};
use ticketing_benches::program::{ADMIN, PASSWORD};
use ticketing_benches::sample::{median, percentile};
use ticketing_benches::wire::Caller;
use ticketing_core::access::Scope;
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::event::Fact;
use ticketing_core::ids::{ChangeId, Seq, TicketId};
use ticketing_core::model::{Status, Ticket};
use ticketing_core::port::{Clock, IdSource, RandomIds, Store, SystemClock};
use ticketing_core::query::{Sort, TicketQuery};
use ticketing_core::time::{Time, to_micros};

/// Tickets of a commit.
const BATCH: usize = 500;
/// How many tickets a claim takes, and how many claims are measured.
const CLAIMED: usize = 50;
const CLAIMS: usize = 100;
/// How long after the last one is due all must have woken.
const LIMIT: TimeDelta = TimeDelta::minutes(5);
/// How much more a claim may cost while the most tickets wait than while the fewest do.
const GOAL: f64 = 1.5;

/// Tickets that wake by the clock.
#[derive(Parser)]
struct Options {
    /// How many tickets wait for a day that is far off.
    #[arg(long, default_value_t = 100_000)]
    tickets: usize,
    /// How many more become due while the workers run.
    #[arg(long, default_value_t = 10_000)]
    due: usize,
    /// Within how many seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// How many tickets wait while claims are measured.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
    waiting: Vec<usize>,
    /// Where the desk keeps its data.
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// The program to run; by default the one built beside this.
    #[arg(long)]
    server: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let options = Options::parse();
    unless_stopped(async {
        let woken = wake(&options).await?;
        claims(&options).await?;
        Ok(if woken { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
    .await
}

/// A desk with one ticket, the model of all others.
async fn place(options: &Options) -> Result<Place> {
    let place = Place::new(options.database)?;
    let server = place.program(options.server.as_ref())?.serve().await?;
    let mut admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?.open().await?;
    let new = json!({"subject": "The first", "description": "The model of all others.",
        "customer": {"email": "kim@customer.example", "name": "Kim"}});
    admin.expect(Method::POST, "/api/tickets", Some(&new)).await?;
    server.kill().await?;
    Ok(place)
}

/// Tickets that sleep, made past the program.
struct Sleepers<'s> {
    store: &'s dyn Store,
    model: Ticket,
    settings: i64,
}

impl<'s> Sleepers<'s> {
    async fn on(store: &'s dyn Store) -> Result<Self> {
        let query = TicketQuery {
            filter: ticketing_core::condition::Condition::always(),
            sort: Sort { descending: false, ..Sort::default() },
            after: None,
            limit: 1,
            now: SystemClock.now(),
        };
        let model = store.tickets(&Scope::UPKEEP, &query).await?.pop().context("there is a ticket")?;
        Ok(Self {
            store,
            model: Ticket { status: Status::Pending, ..model },
            settings: store.settings_version().await?,
        })
    }

    /// Adds tickets that sleep until these moments.
    async fn add(&self, moments: impl Iterator<Item = Time>) -> Result<()> {
        let mut writes = Vec::with_capacity(BATCH * 2);
        for wake_at in moments {
            let id = TicketId(RandomIds.uuid(SystemClock.now()));
            let number = RandomIds.ticket_number();
            let ticket = Box::new(Ticket { id, number, version: 1, wake_at: Some(wake_at), ..self.model.clone() });
            writes.push(Write::Ticket { ticket, expect: Expect::New, text: true });
            writes.push(Write::TicketWake { ticket_id: id, due_at: Some(wake_at) });
            if writes.len() >= BATCH * 2 {
                self.commit(std::mem::take(&mut writes)).await?;
            }
        }
        self.commit(writes).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<()> {
        let id = ChangeId(RandomIds.uuid(SystemClock.now()));
        let (scope, settings, guards) = (Scope::UPKEEP, self.settings, Vec::new());
        self.store.commit(Changes { id, scope, settings, bumps_settings: false, writes, guards }).await?;
        Ok(())
    }
}

fn far_off() -> Time {
    to_micros(SystemClock.now() + TimeDelta::days(300))
}

/// Whether all that became due woke once.
async fn wake(options: &Options) -> Result<bool> {
    let place = place(options).await?;
    let span = TimeDelta::seconds(i64::from(options.seconds));
    place
        .with_store(async |store| {
            let sleepers = Sleepers::on(store).await?;
            sleepers.add((0..options.tickets).map(|_| far_off())).await?;
            // By then they are stored and the workers wait.
            let lead = TimeDelta::seconds(5) + TimeDelta::milliseconds(i64::try_from(options.due / 2)?);
            let first = to_micros(SystemClock.now() + lead);
            let step = span / i32::try_from(options.due.max(1))?;
            sleepers.add((0..).take(options.due).map(|place| to_micros(first + step * place))).await
        })
        .await?;
    let program = place.program(options.server.as_ref())?;
    let mut workers = [program.work()?, program.work()?];
    let deadline = SystemClock.now() + span + LIMIT;
    let mut after = Seq(0);
    let mut woke: HashMap<TicketId, Vec<f64>> = HashMap::new();
    while woke.len() < options.due {
        if SystemClock.now() > deadline {
            bail!("only {} of {} tickets woke", woke.len(), options.due);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        workers.iter_mut().try_for_each(ticketing_benches::program::Worker::look)?;
        place.with_store(async |store| read_on(store, &mut after, &mut woke).await).await?;
    }
    let [one, other] = workers;
    one.stop().await?;
    other.stop().await?;
    place.with_store(async |store| read_on(store, &mut after, &mut woke).await).await?;
    let mut late: Vec<f64> = woke.values().flatten().copied().collect();
    late.sort_by(f64::total_cmp);
    let twice = woke.values().filter(|times| times.len() > 1).count();
    println!(
        "{:?}: {} tickets woke within {} s while {} slept on; late by p50 {:.0} ms, p99 {:.0} ms, at most {:.0} ms; \
         {twice} woke twice, {} too early",
        options.database,
        woke.len(),
        options.seconds,
        options.tickets,
        percentile(&late, 0.5),
        percentile(&late, 0.99),
        late.last().copied().unwrap_or_default(),
        late.iter().filter(|late| **late < 0.0).count(),
    );
    Ok(twice == 0 && late.first().is_none_or(|first| *first >= 0.0))
}

/// Notes by how many milliseconds each sleep ended late, out of what the log has told since.
async fn read_on(store: &dyn Store, after: &mut Seq, woke: &mut HashMap<TicketId, Vec<f64>>) -> Result<()> {
    loop {
        let page = store.events(&Scope::UPKEEP, *after, 2_000).await?;
        let is_over = page.events.is_empty();
        *after = page.next;
        for event in page.events {
            let Fact::TicketUpdated { changes } = &event.fact else { continue };
            let Some((due, _)) = changes.get("wake_at") else { continue };
            let due: Time = serde_json::from_value(due.clone())?;
            #[allow(clippy::cast_precision_loss, reason = "some minutes at most")]
            let late = (event.at - due).num_microseconds().unwrap_or(i64::MAX) as f64 / 1_000.0;
            woke.entry(event.ticket_id).or_default().push(late);
        }
        if is_over {
            return Ok(());
        }
    }
}

/// What a claim costs while few and while many tickets wait.
async fn claims(options: &Options) -> Result<()> {
    let place = place(options).await?;
    let mut costs = Vec::new();
    place
        .with_store(async |store| {
            let sleepers = Sleepers::on(store).await?;
            let due = to_micros(SystemClock.now() - TimeDelta::hours(1));
            sleepers.add((0..CLAIMED * 4).map(|_| due)).await?;
            let mut there = 0;
            for waiting in &options.waiting {
                sleepers.add((there..*waiting).map(|_| far_off())).await?;
                there = *waiting;
                let mut taken = Vec::new();
                for _ in 0..CLAIMS {
                    let now = SystemClock.now();
                    let begun = Instant::now();
                    let claimed = store.claim_wakes(now, now + TimeDelta::seconds(5), CLAIMED).await?;
                    taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
                    if claimed.len() != CLAIMED {
                        bail!("a claim took {} of {CLAIMED}", claimed.len());
                    }
                    let again = |ticket_id| Write::TicketWake { ticket_id, due_at: Some(due) };
                    sleepers.commit(claimed.into_iter().map(again).collect()).await?;
                }
                let cost = median(taken);
                println!("{:?}: a claim of {CLAIMED} takes {cost:.2} ms while {waiting} wait", options.database);
                costs.push(cost);
            }
            Ok(())
        })
        .await?;
    let (Some(first), Some(last)) = (costs.first(), costs.last()) else { return Ok(()) };
    let ratio = last / first;
    let verdict = if ratio <= GOAL { "reached" } else { "missed" };
    println!("{:?}: ratio {ratio:.2} (goal at most {GOAL}: {verdict})", options.database);
    Ok(())
}
