//! Whether a long queue is worked off as fast as a short one.

use super::{name, program, wait_until};
use crate::jobs::wait_until_idle;
use crate::place::{Database, Place};
use crate::program::{ADMIN, PASSWORD, Program};
use crate::receiver::{Manner, Receiver};
use crate::sample::median;
use crate::sink::Sink;
use crate::trap::Trap;
use crate::wire::{Caller, Session};
use anyhow::{Context, Result};
use clap::ValueEnum;
use hyper::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use ticketing_core::access::Scope;
use ticketing_core::changes::{Changes, Write};
use ticketing_core::ids::{ChangeId, JobId};
use ticketing_core::model::{Job, JobCause, JobKind, JobState};
use ticketing_core::port::{Clock, IdSource, RandomIds, Store, SystemClock};
use ticketing_core::time::to_micros;

/// How many jobs one commit queues.
const BATCH: usize = 1_000;

/// How far the rates may be apart.
const GOAL: f64 = 0.10;

/// How long the measured part of a queue may take.
const LIMIT: Duration = Duration::from_mins(5);

/// What is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Calls to one endpoint.
    Webhook,
    /// Mails.
    Mail,
}

/// What is measured.
#[derive(Clone, Debug)]
pub struct Depth {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run.
    pub server: Option<PathBuf>,
    /// What is queued.
    pub kind: Kind,
    /// How long the short queue is.
    pub short: usize,
    /// How long the long one is.
    pub long: usize,
    /// How many pairs of runs.
    pub runs: usize,
}

/// A desk with nothing but its queue.
struct Bench {
    place: Place,
    program: Program,
    kind: Kind,
    receiver: Receiver,
    sink: Sink,
    model: Job,
}

/// Measures both queues in pairs, over the same number of deliveries each.
pub async fn measure(depth: &Depth) -> Result<String> {
    let kind = if depth.kind == Kind::Webhook { "calls" } else { "mails" };
    let (from, to) = (depth.short / 10, depth.short * 9 / 10);
    let mut text = format!(
        "{}: {kind} a second with 2 workers, from delivery {from} to {to}\n\npair | {:>9} waiting | {:>9} waiting | ratio\n",
        name(depth.database),
        depth.short,
        depth.long
    );
    let (short, long) = (Bench::new(depth).await?, Bench::new(depth).await?);
    long.queue(depth.long).await?;
    let (mut shorts, mut longs) = (Vec::new(), Vec::new());
    for pair in 0..depth.runs {
        short.queue(depth.short).await?;
        if pair > 0 {
            // As many as the last run took away.
            long.queue(depth.short).await?;
        }
        let (less, more) = if pair % 2 == 0 {
            let less = short.run(from, to, depth.short).await?;
            (less, long.run(from, to, to).await?)
        } else {
            let more = long.run(from, to, to).await?;
            (short.run(from, to, depth.short).await?, more)
        };
        let _ = writeln!(text, "{:>4} | {less:>17.0} | {more:>17.0} | {:>5.2}", pair + 1, more / less);
        shorts.push(less);
        longs.push(more);
    }
    let (less, more) = (median(shorts), median(longs));
    let ratio = more / less;
    let verdict = if (ratio - 1.0).abs() <= GOAL { "reached" } else { "MISSED" };
    let _ = writeln!(text, "medians {less:.0}/s and {more:.0}/s, ratio {ratio:.2} (goal 1 ± {GOAL}: {verdict})");
    Ok(text)
}

impl Bench {
    /// A desk whose server has made one job of the kind and is gone.
    async fn new(depth: &Depth) -> Result<Self> {
        let place = Place::new(depth.database)?;
        let receiver = Receiver::start(Manner::Well, Trap::default()).await?;
        let sink = Sink::start(Trap::default()).await?;
        let program = program(&place, depth.server.as_ref())?.with(sink.settings("Help <help@desk.example>"));
        let server = program.serve().await?;
        let mut admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?.open().await?;
        receiver.subscribe(&mut admin, "depth", &["ticket.created"]).await?;
        let new = json!({"subject": "The first", "description": "Its jobs are the model of all others.",
            "customer": {"email": "kim@customer.example", "name": "Kim"}});
        admin.expect(Method::POST, "/api/tickets", Some(&new)).await?;
        wait_until_idle(&mut admin, LIMIT).await?;
        let model = model(&mut admin, depth.kind).await?;
        server.kill().await?;
        Ok(Self { place, program, kind: depth.kind, receiver, sink, model })
    }

    /// Adds so many jobs like the first one.
    async fn queue(&self, count: usize) -> Result<()> {
        self.place.with_store(async |store| self.queue_into(store, count).await).await
    }

    async fn queue_into(&self, store: &dyn Store, count: usize) -> Result<()> {
        let settings = store.settings_version().await?;
        let mut left = count;
        while left > 0 {
            let size = left.min(BATCH);
            let now = to_micros(SystemClock.now());
            let writes = (0..size).map(|_| Write::Job(Box::new(self.job(JobId(RandomIds.uuid(now)))))).collect();
            let (id, scope) = (ChangeId(RandomIds.uuid(now)), Scope::UPKEEP);
            store.commit(Changes { id, scope, settings, bumps_settings: false, writes, guards: Vec::new() }).await?;
            left -= size;
        }
        Ok(())
    }

    fn job(&self, id: JobId) -> Job {
        let mut job = self.model.clone();
        job.id = id;
        if self.kind == Kind::Mail {
            job.payload["mail"]["message_id"] = json!(format!("{id}@desk.example"));
        }
        job
    }

    /// Has a worker do at least so many, and gives the rate between the two.
    async fn run(&self, from: usize, to: usize, until: usize) -> Result<f64> {
        self.receiver.calls().clear();
        self.sink.mails().clear();
        let mut worker = self.program.work()?;
        let so_far = || match self.kind {
            Kind::Webhook => self.receiver.calls().len(),
            Kind::Mail => self.sink.mails().len(),
        };
        wait_until(LIMIT, "the queue is not worked off", || worker.look().map(|()| so_far() >= until)).await?;
        worker.stop().await?;
        let at: Vec<Instant> = match self.kind {
            Kind::Webhook => self.receiver.calls().iter().map(|call| call.at).collect(),
            Kind::Mail => self.sink.mails().iter().map(|mail| mail.at).collect(),
        };
        let (Some(first), Some(last)) = (at.get(from), at.get(to - 1)) else {
            anyhow::bail!("only {} deliveries", at.len());
        };
        #[allow(clippy::cast_precision_loss, reason = "a count of deliveries")]
        let count = (to - 1 - from) as f64;
        Ok(count / last.duration_since(*first).as_secs_f64())
    }
}

/// The job of this kind that the desk has made itself, as one that is still to be done.
async fn model(admin: &mut Session, kind: Kind) -> Result<Job> {
    let (kind, word) = match kind {
        Kind::Webhook => (JobKind::Webhook, "webhook"),
        Kind::Mail => (JobKind::Mail, "mail"),
    };
    let (done, _) = admin.page(&format!("/api/jobs?state=done&kind={word}&limit=1"), None).await?;
    let id = done.first().and_then(|job| job["id"].as_str()).with_context(|| format!("no {word} was sent"))?;
    let made: Value = admin.expect(Method::GET, &format!("/api/jobs/{id}"), None).await?;
    let now = to_micros(SystemClock.now());
    Ok(Job {
        id: JobId(RandomIds.uuid(now)),
        kind,
        lane: made["lane"].as_str().context("a job without a lane")?.to_owned(),
        dedupe: None,
        ticket_id: None,
        payload: made["payload"].clone(),
        cause: JobCause::default(),
        state: JobState::Ready,
        due_at: now,
        attempts: 0,
        lost: 0,
        lease: None,
        last_error: None,
        created_at: now,
        ended_at: None,
    })
}
