//! Circles of desks and programs that answer every mail: mails and tickets stay under the caps, and all comes to rest.

use super::judge::Tale;
use super::manner::{Manner, Robot};
use super::side::{Side, help};
use crate::place::Database;
use anyhow::Result;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long idle desks are watched.
const WATCHED: Duration = Duration::from_secs(5);

/// The most that an idle desk may use of a core.
const IDLE: f64 = 0.05;

/// What is proven.
pub struct Circle {
    /// Where the desks keep their data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
    /// How long everything is answered.
    pub seconds: u64,
}

/// Two pairs of desks, of which the second has a server between that hides what programs say of themselves, and a desk
/// among programs that somebody floods besides. Whether all caps held.
pub async fn prove(circle: &Circle) -> Result<bool> {
    let on = (circle.database, circle.server.as_ref());
    let pair = async |first: &'static str, second: &'static str, manner| {
        let sides = [(first, second), (second, first)];
        let [first, second] =
            sides.map(|(domain, other)| async move { Side::start(domain, manner, &[help(other)], on).await });
        anyhow::Ok((first.await?, second.await?))
    };
    let (honest, other) = pair("a.example", "b.example", Manner::Desk).await?;
    let (hidden, hiding) = pair("c.example", "d.example", Manner::Stripped).await?;
    let among = Side::start("e.example", Manner::Programs, &Robot::ALL.map(Robot::address), on).await?;
    let end = Instant::now() + Duration::from_secs(circle.seconds);
    let (there, back, on, off, answers, ()) = tokio::try_join!(
        honest.run(&other, end),
        other.run(&honest, end),
        hidden.run(&hiding, end),
        hiding.run(&hidden, end),
        among.run(&among, end),
        among.flood()
    )?;
    let sides = [honest, other, hidden, hiding, among];
    let brought = there + back + on + off + answers;
    println!("{:?}, {} s: {brought} mails were brought", circle.database, circle.seconds);
    println!("{}", Tale::head());
    let mut flaws = Vec::new();
    for side in &sides {
        side.rest().await?;
        let tale = Tale::of(side).await?;
        print!("{}", tale.table());
        flaws.extend(tale.flaws());
        // A circle that never closed proves nothing.
        for (state, cause) in reached(side.manner) {
            if tale.count(state, cause) == 0 {
                flaws.push(format!("{}: no mail was {state} as {cause}", side.domain));
            }
        }
    }
    for (side, share) in sides.iter().zip(shares(&sides).await?) {
        println!("{}: idle afterwards at {:.1} % of a core", side.domain, share * 100.0);
        if share > IDLE {
            flaws.push(format!("{} is not idle", side.domain));
        }
    }
    for side in sides {
        side.end().await?;
    }
    println!("flaws {}", flaws.len());
    for flaw in flaws.iter().take(20) {
        println!("  ! {flaw}");
    }
    Ok(flaws.is_empty())
}

/// What some of the mails must have become.
fn reached(manner: Manner) -> &'static [(&'static str, &'static str)] {
    match manner {
        Manner::Desk => &[("held", "automatic")],
        Manner::Stripped => &[("held", "too_many"), ("new", "")],
        Manner::Programs => &[("held", "too_many"), ("noted", "delivery_report"), ("threaded", ""), ("new", "")],
    }
}

/// What each desk uses of a core while nothing happens.
async fn shares(sides: &[Side]) -> Result<Vec<f64>> {
    let spent = || sides.iter().map(Side::cpu_ms).collect::<Result<Vec<f64>>>();
    let before = spent()?;
    tokio::time::sleep(WATCHED).await;
    let share = |(after, before): (f64, f64)| (after - before) / 1_000.0 / WATCHED.as_secs_f64();
    Ok(spent()?.into_iter().zip(before).map(share).collect())
}
