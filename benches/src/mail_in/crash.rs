//! The server dies again and again while it empties mailboxes: each mail is taken in once, and nothing else of it.

use super::post::{MAILBOXES, Post};
use super::verify::Account;
use super::{Dovecot, waiting};
use crate::jobs::{dead, wait_until_idle};
use crate::place::{Database, Place};
use crate::program::{ADMIN, PASSWORD, Program, Running};
use crate::sample::{Dice, percentile};
use crate::sink::Sink;
use crate::trap::Trap;
use crate::wire::{Caller, Session};
use anyhow::{Result, bail};
use hyper::Method;
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long the last server may take for all that is left.
const REST: Duration = Duration::from_mins(10);
const POLL: Duration = Duration::from_millis(100);

/// How long nothing may be fetched while something is there.
const STUCK: Duration = Duration::from_mins(1);

/// How long a server lives at least and at most, from when it is ready, milliseconds.
const LIFE: (u64, u64) = (50, 1_500);

/// So many parts of what lay there at first come with each cycle, at least.
const MORE: usize = 20;

/// What is proven.
pub struct Crash {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
    /// How often the server is killed.
    pub cycles: u32,
    /// How many mails lie there at first.
    pub mails: usize,
    /// Decides who writes what, and how long each server lives.
    pub seed: u64,
}

/// What was seen on the way.
#[derive(Default)]
struct Figures {
    /// How many mails lay untouched when the server died.
    left: Vec<usize>,
    /// How often mails were kept and not decided at that moment.
    undecided: u32,
    /// How often the server had begun nothing yet.
    idle: u32,
    /// How long each restart took, ms.
    ready: Vec<f64>,
}

/// Kills, waits and looks. Whether each mail is there once.
pub async fn prove(crash: &Crash) -> Result<bool> {
    let place = Place::new(crash.database)?;
    let sink = Sink::start(Trap::default()).await?;
    let folders: Vec<&str> = MAILBOXES.iter().map(|(folder, ..)| *folder).filter(|name| *name != "INBOX").collect();
    let mailboxes = Dovecot::start(&folders).await?;
    let program = place.program(crash.server.as_ref())?.with(sink.settings("Help <help@desk.example>")).with([
        ("RETRY_BASE_DELAY", "1s"),
        ("JOB_LEASE", "2s"),
        ("MAIL_DIGEST_WINDOW", "0s"),
        ("APP_URL", "http://desk.example"),
    ]);
    let mut post = Post::new(crash.seed);
    post.write(&mailboxes, crash.mails)?;
    let begun = Instant::now();
    let (server, admin, mut figures) = cycles(&program, crash, &mailboxes, &sink, &mut post).await?;
    let mut session = admin.at(&server.address).open().await?;
    let last = Instant::now();
    let at_last = untouched(&mailboxes)?;
    // However early the servers died, people answer what the last one has written.
    while sink.mails().is_empty() {
        if last.elapsed() > STUCK {
            bail!("for {} s nobody was written to", STUCK.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
    post.hear(&sink.mails());
    post.write(&mailboxes, crash.mails / MORE)?;
    let at_last = at_last + crash.mails / MORE;
    work_off(&mut session, &mailboxes).await?;
    let calm = last.elapsed().as_secs_f64();
    let account = Account::draw(&mut session).await?;
    let mut flaws = account.flaws(&post.sent);
    flaws.extend(mailbox_flaws(&mailboxes, post.delivered)?);
    let dead = dead(&mut session, None).await?;
    flaws.extend(dead.iter().map(|job| format!("given up: {} {}, {}", job["kind"], job["id"], job["last_error"])));
    server.kill().await?;
    report(crash, &post, &mut figures, (begun.elapsed(), at_last, calm));
    println!("flaws                {}", flaws.len());
    for flaw in flaws.iter().take(20) {
        println!("  ! {flaw}");
    }
    let idle = figures.left.iter().filter(|left| **left == 0).count();
    if idle > 0 {
        bail!("the server had nothing to do {idle} times: more mails are needed");
    }
    if post.sent.values().all(|sent| !sent.is_answer) {
        bail!("nobody answered");
    }
    if figures.idle * 2 > crash.cycles {
        bail!("the server died {} times before it had begun", figures.idle);
    }
    Ok(flaws.is_empty())
}

/// Kills the server again and again; the last one lives.
async fn cycles(
    program: &Program,
    crash: &Crash,
    mailboxes: &Dovecot,
    sink: &Sink,
    post: &mut Post,
) -> Result<(Running, Caller, Figures)> {
    let mut dice = Dice::new(crash.seed);
    let mut figures = Figures::default();
    let mut server = program.serve().await?;
    let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
    add_mailboxes(&mut admin.open().await?, mailboxes).await?;
    for cycle in 0..crash.cycles {
        let before = untouched(mailboxes)?;
        let life = LIFE.0 + dice.below(LIFE.1 - LIFE.0);
        tokio::time::sleep(Duration::from_millis(life)).await;
        server.kill().await?;
        let left = untouched(mailboxes)?;
        figures.left.push(left);
        figures.idle += u32::from(left == before);
        post.hear(&sink.mails());
        post.write(mailboxes, (crash.mails / 2).saturating_sub(left).max(crash.mails / MORE))?;
        server = program.serve().await?;
        figures.ready.push(server.ready_after.as_secs_f64() * 1_000.0);
        figures.undecided += u32::from(waiting(&mut admin.at(&server.address).open().await?).await? > 0);
        if (cycle + 1) % 10 == 0 {
            let delivered: usize = post.delivered.iter().sum();
            eprintln!("{} cycles, {delivered} mails, {left} untouched", cycle + 1);
        }
    }
    Ok((server, admin, figures))
}

async fn add_mailboxes(admin: &mut Session, server: &Dovecot) -> Result<()> {
    for (folder, address, moved_to) in MAILBOXES {
        let imap = server.account(folder, moved_to);
        let mailbox = json!({"name": folder, "address": address, "imap": imap});
        admin.expect(Method::POST, "/api/mailboxes", Some(&mailbox)).await?;
    }
    Ok(())
}

/// How many mails the desk has not done anything about, in all mailboxes.
fn untouched(server: &Dovecot) -> Result<usize> {
    let mut count = 0;
    for (folder, ..) in MAILBOXES {
        // What is moved is gone from here, what stays is marked as read.
        count += server.flags(folder)?.iter().filter(|flags| !flags.contains('S')).count();
    }
    Ok(count)
}

/// Waits until nothing is to be fetched, decided or done any more.
async fn work_off(admin: &mut Session, server: &Dovecot) -> Result<()> {
    let mut last = (usize::MAX, Instant::now());
    loop {
        let left = untouched(server)?;
        if left == 0 {
            break;
        }
        if left != last.0 {
            last = (left, Instant::now());
        }
        if last.1.elapsed() > STUCK {
            bail!("for {} s {left} mails were not fetched", STUCK.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
    super::wait_until_decided(admin, REST).await?;
    wait_until_idle(admin, REST).await
}

/// Whether every mail lies where it should, and no other does.
fn mailbox_flaws(server: &Dovecot, delivered: [usize; 2]) -> Result<Vec<String>> {
    let mut flaws = Vec::new();
    for ((folder, _, moved_to), delivered) in MAILBOXES.into_iter().zip(delivered) {
        let there = server.flags(folder)?.len();
        let moved = moved_to.map(|folder| server.flags(folder)).transpose()?.unwrap_or_default().len();
        let wanted = if moved_to.is_some() { (0, delivered) } else { (delivered, 0) };
        if (there, moved) != wanted {
            flaws.push(format!("{folder}: {there} mails there and {moved} moved, of {delivered}"));
        }
    }
    Ok(flaws)
}

fn report(crash: &Crash, post: &Post, figures: &mut Figures, (all, at_last, calm): (Duration, usize, f64)) {
    let count = |what: fn(&super::post::Sent) -> bool| post.sent.values().filter(|sent| what(sent)).count();
    figures.ready.sort_by(f64::total_cmp);
    let (ready, left) = (&figures.ready, &figures.left);
    #[allow(clippy::cast_precision_loss, reason = "a count of mails")]
    let rate = at_last as f64 / calm;
    println!("database             {:?}, {} cycles, {} s", crash.database, crash.cycles, all.as_secs());
    println!("mails delivered      {} + {}", post.delivered[0], post.delivered[1]);
    println!("  another copy       {}", post.again);
    println!("  different          {}", post.sent.len());
    println!("  new tickets        {}", count(|sent| !sent.is_answer));
    println!("  answers            {}", count(|sent| sent.is_answer));
    println!("  with a file        {}", count(|sent| sent.has_file));
    println!("untouched at a kill  {} to {}", left.iter().min().unwrap_or(&0), left.iter().max().unwrap_or(&0));
    println!("  nothing begun      {} of {}", figures.idle, crash.cycles);
    println!("undecided after it   {} of {} times", figures.undecided, crash.cycles);
    println!("restart to ready     p50 {:.0} ms, p99 {:.0} ms", percentile(ready, 0.5), percentile(ready, 0.99));
    println!("after the last kill  {at_last} mails in {calm:.1} s, {rate:.0} a second");
}
