//! Lets two desks answer each other's mail and looks whether the caps hold.

use anyhow::Result;
use clap::Parser;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use ticketing_benches::echo::{Side, is_staff, name_of, run};
use ticketing_benches::jobs::dead;
use ticketing_benches::place::{Database, unless_stopped};

/// The most mails within ten minutes: about one ticket, to a customer, to somebody who works at a desk.
const TICKET: usize = 10;
const CUSTOMER: usize = 20;
const STAFF: usize = 100;

/// How long idle desks are watched.
const WATCHED: Duration = Duration::from_secs(5);

/// The most that an idle desk may use of a core.
const IDLE: f64 = 0.05;

/// Two desks whose mailboxes answer each other.
#[derive(Parser)]
struct Options {
    /// How long they do.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Where the desks keep their data.
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// The program to run; by default the one built beside this.
    #[arg(long)]
    server: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    unless_stopped(prove(&Options::parse())).await
}

async fn prove(options: &Options) -> Result<ExitCode> {
    let (a, b) = ("a.example", "b.example");
    let start = |domains| Side::start(domains, options.database, options.server.as_ref());
    let sides = [start((a, b)).await?, start((b, a)).await?];
    let [first, second] = &sides;
    let traffic = run(first, second, Duration::from_secs(options.seconds)).await?;
    println!(
        "{:?}, {} s: {} mails answered, {} nudges",
        options.database, options.seconds, traffic.echoed, traffic.nudges
    );
    let mut violations = Vec::new();
    for side in &sides {
        side.rest().await?;
        violations.extend(judge_mails(side));
        violations.extend(judge_holds(side).await?);
    }
    for (side, share) in sides.iter().zip(shares(&sides).await?) {
        println!("{}: idle afterwards at {:.1} % of a core", side.domain, share * 100.0);
        if share > IDLE {
            violations.push(format!("{} is not idle", side.domain));
        }
    }
    for side in sides {
        side.end().await?;
    }
    println!("violations {}", violations.len());
    for line in violations.iter().take(20) {
        println!("  ! {line}");
    }
    Ok(if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a desk uses of a core while nothing happens.
async fn shares(sides: &[Side; 2]) -> Result<Vec<f64>> {
    let spent = || sides.iter().map(Side::cpu_ms).collect::<Result<Vec<f64>>>();
    let before = spent()?;
    tokio::time::sleep(WATCHED).await;
    let share = |(after, before): (f64, f64)| (after - before) / 1000.0 / WATCHED.as_secs_f64();
    Ok(spent()?.into_iter().zip(before).map(share).collect())
}

/// How much mail each address got, of one ticket and of all.
fn judge_mails(side: &Side) -> Vec<String> {
    let mut by_ticket: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut by_address: BTreeMap<String, usize> = BTreeMap::new();
    for mail in side.sink.mails().iter() {
        *by_ticket.entry((mail.to.clone(), mail.thread.clone().unwrap_or_default())).or_default() += 1;
        *by_address.entry(mail.to.clone()).or_default() += 1;
    }
    let mut violations = Vec::new();
    for (address, count) in &by_address {
        let most = by_ticket.iter().filter(|((to, _), _)| to == address).map(|(_, count)| *count).max();
        println!(
            "{}: {count:>3} mails to {address}, at most {} about one ticket",
            side.domain,
            most.unwrap_or_default()
        );
        let cap = if is_staff(name_of(address)) { STAFF } else { CUSTOMER };
        if *count > cap {
            violations.push(format!("{count} mails to {address}"));
        }
    }
    for ((address, thread), count) in by_ticket.iter().filter(|(_, count)| **count > TICKET) {
        violations.push(format!("{count} mails to {address} about {thread}"));
    }
    violations
}

/// Whether what was held back is there to be seen.
async fn judge_holds(side: &Side) -> Result<Vec<String>> {
    let mut admin = side.admin().await?;
    let mut violations = Vec::new();
    let held = dead(&mut admin, Some("mail")).await?;
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for job in &held {
        *reasons.entry(job["last_error"].as_str().unwrap_or("no reason")).or_default() += 1;
    }
    for (reason, count) in &reasons {
        println!("{}: {count:>3} {reason}", side.domain);
        if !reason.starts_with("held back: ") {
            violations.push(format!("{}: given up: {reason}", side.domain));
        }
    }
    if reasons.len() < 2 {
        violations.push(format!("{}: the loop has not reached both caps", side.domain));
    }
    let is_held = |kinds: Vec<String>| kinds.iter().any(|kind| kind == "mail.held");
    if !is_held(side.timeline(&mut admin, &side.ticket).await?) {
        violations.push(format!("{}: the timeline does not say that mail was held", side.domain));
    }
    let forms = side.forms().await?;
    let mut silent = 0;
    for ticket in &forms {
        silent += usize::from(is_held(side.timeline(&mut admin, ticket).await?));
    }
    let confirmed = side.sink.mails().iter().filter(|mail| name_of(&mail.to) == "forms").count();
    println!(
        "{}: {} tickets by a program, {confirmed} confirmed, {silent} say that it was held",
        side.domain,
        forms.len()
    );
    if confirmed + silent != forms.len() {
        violations.push(format!("{}: {} tickets are neither", side.domain, forms.len() - confirmed - silent));
    }
    Ok(violations)
}
