//! Mails that are made to cost as much as they can: what became of each, how long it took, and what the server holds.

use super::bombs::{Bomb, Scale, all};
use super::{Door, Letter, Parcel, door, text};
use crate::jobs::{dead, wait_until_idle};
use crate::place::{Database, Place};
use crate::proc::memory;
use crate::program::{ADMIN, PASSWORD, Running};
use crate::wire::{Caller, Session};
use anyhow::{Result, bail};
use hyper::{Method, StatusCode};
use serde_json::Value;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a mail may take at most before it is given up here.
const LIMIT: Duration = Duration::from_mins(2);
const POLL: Duration = Duration::from_millis(5);

/// How long a mail may take until it is decided.
const GOAL: Duration = Duration::from_secs(1);

/// What the server may hold more after the last round than after the first, MiB.
const GROWTH: f64 = 32.0;

/// What is proven.
pub struct Bombs {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
    /// How often each comes.
    pub rounds: usize,
    /// Whether they are small, and nobody looks at the clock.
    pub is_small: bool,
}

/// A desk that is bombed.
struct Target {
    server: Running,
    admin: Session,
    door: Door,
    ordinary: usize,
    flaws: Vec<String>,
}

/// Sends all of them and tells. Whether the desk took no harm.
pub async fn prove(bombs: &Bombs) -> Result<bool> {
    let place = Place::new(bombs.database)?;
    let program = place.program(bombs.server.as_ref())?.with(door::setting());
    let server = program.serve().await?;
    let caller = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
    let (admin, door) = (caller.open().await?, Door::open(&server.address).await?);
    let mut target = Target { server, admin, door, ordinary: 0, flaws: Vec::new() };
    println!(
        "{:?}: mail, MB, became, ms at the door, ms until decided, MiB before, after, at most ever",
        bombs.database
    );
    let mut held = Vec::new();
    for round in 0..bombs.rounds {
        for bomb in all(Scale(if bombs.is_small { 50 } else { 1 }), round)? {
            let took = target.throw(&bomb, round == 0).await?;
            if took > GOAL && !bombs.is_small {
                target.flaws.push(format!("{} took {} ms", bomb.name, took.as_millis()));
            }
            let took = target.ordinary().await?;
            if took > GOAL && !bombs.is_small {
                target.flaws.push(format!("an ordinary mail after it took {} ms", took.as_millis()));
            }
        }
        wait_until_idle(&mut target.admin, LIMIT).await?;
        let now = memory(target.server.process)?;
        println!("after round {}: {:.0} MiB, at most {:.0}", round + 1, now.rss, now.peak_rss);
        held.push(now.rss);
    }
    if let (Some(first), Some(last)) = (held.first(), held.last())
        && last - first > GROWTH
    {
        target.flaws.push(format!("memory grows: {first:.0} MiB after the first round, {last:.0} after the last"));
    }
    let dead = dead(&mut target.admin, None).await?;
    target.flaws.extend(dead.iter().map(|job| format!("given up: {} {}", job["kind"], job["last_error"])));
    target.server.kill().await?;
    println!("flaws {}", target.flaws.len());
    for flaw in target.flaws.iter().take(20) {
        println!("  ! {flaw}");
    }
    Ok(target.flaws.is_empty())
}

impl Target {
    /// Sends a bomb and waits until it is decided. Answers how long that took.
    async fn throw(&mut self, bomb: &Bomb, tells: bool) -> Result<Duration> {
        let before = memory(self.server.process)?;
        let request = self.door.request(&Parcel { from: None, to: None, bytes: bomb.bytes.clone() })?;
        let begun = Instant::now();
        let sent = self.door.send(request).await;
        let at_door = begun.elapsed();
        let (became, took) = match sent {
            Ok((status, _)) if status == StatusCode::PAYLOAD_TOO_LARGE => {
                if !bomb.is_too_large {
                    self.flaws.push(format!("{} was too large", bomb.name));
                }
                ("refused at the door".to_owned(), at_door)
            }
            Ok((status, answer)) => {
                let told = door::told(status, &answer)?;
                let arrival = self.decided(&told.id).await?;
                if bomb.is_too_large {
                    self.flaws.push(format!("{} was taken in", bomb.name));
                }
                (outcome(&arrival), begun.elapsed())
            }
            // Whoever does not listen while sending may find the door closed.
            Err(error) if bomb.is_too_large => {
                let path = format!("/api/inbound?from={}", bomb.from);
                if !self.admin.page(&path, None).await?.0.is_empty() {
                    self.flaws.push(format!("{} was taken in", bomb.name));
                }
                (format!("refused at the door ({error})"), at_door)
            }
            Err(error) => return Err(error),
        };
        if bomb.is_too_large {
            // The desk may have ended that connection.
            self.door = Door::open(&self.server.address).await?;
        }
        if tells {
            let after = memory(self.server.process)?;
            #[allow(clippy::cast_precision_loss, reason = "a count of bytes")]
            let size = bomb.bytes.len() as f64 / 1e6;
            println!(
                "{:<30} {size:5.1} {became:<60} {:6} {:6} {:6.0} {:6.0} {:6.0}",
                bomb.name,
                at_door.as_millis(),
                took.as_millis(),
                before.rss,
                after.rss,
                after.peak_rss
            );
        }
        Ok(took)
    }

    /// Somebody writes meanwhile.
    async fn ordinary(&mut self) -> Result<Duration> {
        let number = self.ordinary;
        self.ordinary += 1;
        let letter = Letter {
            from: format!("kim{number}@customer.example"),
            to: "help@desk.example".to_owned(),
            subject: "It hums".to_owned(),
            message_id: format!("ordinary{number}@customer.example"),
            text: "It does.".to_owned(),
            ..Letter::default()
        };
        let begun = Instant::now();
        let told = self.door.bring(&Parcel { from: None, to: None, bytes: letter.bytes() }).await?;
        let arrival = self.decided(&told.id).await?;
        if arrival["state"] != "new" {
            self.flaws.push(format!("an ordinary mail became {}", outcome(&arrival)));
        }
        Ok(begun.elapsed())
    }

    async fn decided(&mut self, id: &str) -> Result<Value> {
        let begun = Instant::now();
        loop {
            let arrival = self.admin.expect(Method::GET, &format!("/api/inbound/{id}"), None).await?;
            if arrival["state"] != "waiting" {
                return Ok(arrival);
            }
            if begun.elapsed() > LIMIT {
                bail!("after {} s a mail is not decided: {arrival:#}", LIMIT.as_secs());
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

/// What became of a mail, in a line.
fn outcome(arrival: &Value) -> String {
    let left_out: Vec<&str> = arrival["left_out"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut parts = vec![text(arrival, "state"), text(arrival, "cause"), text(arrival, "reason")];
    if !left_out.is_empty() {
        parts.push(format!("without {}", left_out.join(", ")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}
