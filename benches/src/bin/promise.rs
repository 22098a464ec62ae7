//! Kills the server with SIGKILL while it mails and calls, and sets what was committed beside what arrived.

use anyhow::{Result, bail};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use ticketing_benches::jobs::{dead, wait_until_idle};
use ticketing_benches::kill::{Ledger, repeat_unanswered};
use ticketing_benches::place::{Database, Place, unless_stopped};
use ticketing_benches::program::{ADMIN, PASSWORD, Program, Running};
use ticketing_benches::promise::account::TOLD;
use ticketing_benches::promise::{Account, Arrivals, add_rule, events, write_until_killed};
use ticketing_benches::receiver::{Manner, Receiver};
use ticketing_benches::sample::{Dice, percentile};
use ticketing_benches::sink::Sink;
use ticketing_benches::trap::{Moment, Trap};
use ticketing_benches::wire::Caller;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long to wait for the chosen moment before the server is killed all the same.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the last server may take to do all that is left.
const REST: Duration = Duration::from_mins(10);

/// Kills the server at chosen moments and looks whether every promise is kept.
#[derive(Parser)]
struct Options {
    /// How often the server is killed.
    #[arg(long, default_value_t = 200)]
    cycles: u32,
    /// Where the desk keeps its data.
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// The program to run; by default the one built beside this.
    #[arg(long)]
    server: Option<PathBuf>,
    /// How many clients write at once.
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// How long a client waits between two writes, milliseconds.
    #[arg(long, default_value_t = 40)]
    pause: u64,
    /// At which moments the server dies, in turn.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Moment::ALL)]
    moments: Vec<Moment>,
    /// Decides how long each cycle lasts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What the cycles leave behind.
struct Aftermath {
    server: Running,
    admin: Caller,
    ledgers: Vec<Ledger>,
    /// How often the server died at each moment, and how often it should have.
    kills: Vec<(Moment, u32, u32)>,
    /// How long each restart took, ms.
    ready: Vec<f64>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    unless_stopped(prove(&Options::parse())).await
}

async fn prove(options: &Options) -> Result<ExitCode> {
    let place = Place::new(options.database)?;
    let trap = Trap::default();
    let sink = Sink::start(trap.clone()).await?;
    let receiver = Receiver::start(Manner::Well, trap.clone()).await?;
    let program = place.program(options.server.as_ref())?.with(sink.settings("Help <help@desk.example>")).with([
        ("WEBHOOK_ALLOW_NETWORKS", "127.0.0.0/8"),
        ("RETRY_BASE_DELAY", "1s"),
        ("JOB_LEASE", "2s"),
        ("MAIL_DIGEST_WINDOW", "0s"),
        ("APP_URL", "http://desk.example"),
    ]);
    let mut after = cycles(&program, options, &receiver, &trap).await?;
    let mut admin = after.admin.at(&after.server.address).open().await?;
    for ledger in &mut after.ledgers {
        if !repeat_unanswered(&mut admin, ledger).await? {
            bail!("a server that nobody kills does not answer");
        }
    }
    wait_until_idle(&mut admin, REST).await?;
    let (events, tickets) = (events(&mut admin).await?, admin.all("/api/tickets?limit=100").await?);
    let dead = dead(&mut admin, None).await?;
    let (calls, mails) = (receiver.calls().clone(), sink.mails().clone());
    let mut account = Account::draw(&events, &tickets, &Arrivals { calls: &calls, mails: &mails }, &after.ledgers);
    let given_up = dead.iter().map(|job| format!("given up: {} {}, {}", job["kind"], job["id"], job["last_error"]));
    account.violations.extend(given_up);
    after.server.kill().await?;
    report(options, &account, &after.ledgers, &after.kills, &mut after.ready);
    let answered: usize = after.ledgers.iter().map(Ledger::answered).sum();
    if answered < options.clients * usize::try_from(options.cycles)? {
        bail!("{answered} answered writes prove nothing");
    }
    if let Some((moment, ..)) = after.kills.iter().find(|(_, hit, wanted)| *hit == 0 && *wanted > 0) {
        bail!("the server never died {}", moment.name());
    }
    let is_refused = after.ledgers.iter().any(|ledger| !ledger.refused.is_empty());
    Ok(if account.violations.is_empty() && !is_refused { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Kills the server again and again; the last one lives.
async fn cycles(program: &Program, options: &Options, receiver: &Receiver, trap: &Trap) -> Result<Aftermath> {
    let mut dice = Dice::new(options.seed);
    let mut server = program.serve().await?;
    let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
    receiver.subscribe(&mut admin.open().await?, "promise", &TOLD).await?;
    add_rule(&mut admin.open().await?).await?;
    let mut ledgers: Vec<Ledger> = (0..options.clients).map(|client| Ledger::new(client, String::new())).collect();
    let mut kills: Vec<(Moment, u32, u32)> = options.moments.iter().map(|moment| (*moment, 0, 0)).collect();
    let mut ready = Vec::new();
    for cycle in 0..options.cycles {
        let caller = admin.at(&server.address);
        let mut writers = JoinSet::new();
        for ledger in ledgers.drain(..) {
            let pause = Duration::from_millis(options.pause);
            writers.spawn(write_until_killed(caller.clone(), cycle, ledger, trap.clone(), pause));
        }
        let turn = usize::try_from(cycle)? % kills.len();
        if let Some((moment, hit, wanted)) = kills.get_mut(turn) {
            *wanted += 1;
            *hit += u32::from(wait_for(*moment, trap, &mut dice).await);
        }
        server.kill().await?;
        trap.disarm();
        while let Some(ledger) = writers.join_next().await {
            ledgers.push(ledger??);
        }
        server = program.serve().await?;
        ready.push(server.ready_after.as_secs_f64() * 1000.0);
        if (cycle + 1) % 20 == 0 {
            let answered: usize = ledgers.iter().map(Ledger::answered).sum();
            eprintln!("{} cycles, {answered} answered writes, {} calls", cycle + 1, receiver.calls().len());
        }
    }
    Ok(Aftermath { server, admin, ledgers, kills, ready })
}

/// Returns at the chosen moment; false where it did not come.
async fn wait_for(moment: Moment, trap: &Trap, dice: &mut Dice) -> bool {
    if moment == Moment::Any {
        tokio::time::sleep(Duration::from_millis(50 + dice.below(1_450))).await;
        return true;
    }
    // Not always the first thing that a new server does.
    tokio::time::sleep(Duration::from_millis(50 + dice.below(950))).await;
    timeout(PATIENCE, trap.wait(moment)).await.is_ok()
}

fn report(options: &Options, account: &Account, ledgers: &[Ledger], kills: &[(Moment, u32, u32)], ready: &mut [f64]) {
    let sum = |figure: fn(&Ledger) -> usize| ledgers.iter().map(figure).sum::<usize>();
    let share = |part: usize, whole: usize| {
        #[allow(clippy::cast_precision_loss, reason = "a count of events")]
        let share = 100.0 * part as f64 / whole.max(1) as f64;
        format!("{part} of {whole} ({share:.2} %)")
    };
    ready.sort_by(f64::total_cmp);
    println!("database             {:?}, {} cycles, {} clients", options.database, options.cycles, options.clients);
    for (moment, hit, wanted) in kills {
        println!("  killed {:<26} {hit} of {wanted}", moment.name());
    }
    println!("answered writes      {}, repeated {}", sum(Ledger::answered), sum(|ledger| ledger.repeated));
    println!("committed events     {}", account.committed);
    println!("  delivered          {}", share(account.delivered, account.committed));
    println!("  duplicates         {}", account.call_duplicates);
    println!("tickets confirmed    {}", share(account.confirmed, account.tickets));
    println!("comments mailed      {}", share(account.mailed, account.comments));
    println!("  duplicates         {}", account.mail_duplicates);
    println!("rule left its mark   {}", share(account.ruled, account.tickets));
    println!("  and mailed         {}", share(account.rule_mailed, account.tickets));
    println!("refused (5xx)        {}", sum(|ledger| ledger.refused.len()));
    println!("restart to ready     p50 {:.0} ms, p99 {:.0} ms", percentile(ready, 0.5), percentile(ready, 0.99));
    println!("violations           {}", account.violations.len());
    for line in account.violations.iter().take(20) {
        println!("  ! {line}");
    }
    for line in ledgers.iter().flat_map(|ledger| &ledger.refused).take(5) {
        println!("  refused: {line}");
    }
}
