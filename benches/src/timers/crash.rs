//! The server dies again and again while promises break: each breach is told once, noted once, mailed once.

use super::{Promised, prepare, wake::LIMIT};
use crate::jobs::{dead, wait_until_idle};
use crate::place::{Database, Place};
use crate::program::{ADMIN, PASSWORD, Program};
use crate::sample::Dice;
use crate::sink::{Sink, Taken};
use crate::trap::{Moment, Trap};
use crate::wire::Caller;
use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::Duration;
use ticketing_core::access::Scope;
use ticketing_core::event::Fact;
use ticketing_core::ids::{Seq, TicketId, UserId};
use ticketing_core::model::NotificationKind;
use ticketing_core::port::{Clock, Store, SystemClock};
use ticketing_core::query::NotificationQuery;
use ticketing_core::time::to_micros;
use tokio::time::timeout;

/// How many become due a second; about how long a cycle takes.
const RATE: u32 = 20;
const CYCLE: Duration = Duration::from_millis(1_100);

/// How many of them an agent has at most; more mails would be held back.
const MAILED: usize = 80;

/// How long to wait for the chosen moment before the server is killed all the same.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is proven.
pub struct Crash {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
    /// How often the server is killed.
    pub cycles: u32,
}

/// What became of the promises: how often each ticket's was told, noted and mailed.
#[derive(Debug, Default)]
struct Account {
    events: BTreeMap<TicketId, usize>,
    /// Under which number, and how often.
    notes: BTreeMap<TicketId, (String, usize)>,
    /// By the ticket's number, since a mail does not say more.
    mails: BTreeMap<String, BTreeSet<String>>,
}

impl Account {
    /// What is not as it must be.
    fn flaws(&self, all: usize) -> Vec<String> {
        let mut flaws = Vec::new();
        if self.events.len() != all {
            flaws.push(format!("{} of {all} breaches were told", self.events.len()));
        }
        for (ticket, events) in &self.events {
            let (number, notes) = self.notes.get(ticket).cloned().unwrap_or_else(|| (ticket.to_string(), 0));
            let mails = self.mails.get(&number).map_or(0, BTreeSet::len);
            if (*events, notes, mails) != (1, 1, 1) {
                flaws.push(format!("{number}: {events} events, {notes} notifications, {mails} mails"));
            }
        }
        flaws
    }
}

/// Kills, looks and tells. Whether each was told, noted and mailed once.
pub async fn prove(crash: &Crash) -> Result<bool> {
    let span = CYCLE * crash.cycles;
    let all = usize::try_from(span.as_secs().max(1))? * usize::try_from(RATE)?;
    let place = Place::new(crash.database)?;
    let trap = Trap::default();
    let sink = Sink::start(trap.clone()).await?;
    let program = place.program(crash.server.as_ref())?.with(sink.settings("Help <help@desk.example>")).with([
        ("RETRY_BASE_DELAY", "1s"),
        ("JOB_LEASE", "2s"),
        ("MAIL_DIGEST_WINDOW", "0s"),
        ("APP_URL", "http://desk.example"),
    ]);
    let server = program.serve().await?;
    let admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?;
    let mut session = admin.open().await?;
    let agents = prepare(&mut session, all.div_ceil(MAILED) + 1).await?;
    wait_until_idle(&mut session, LIMIT).await?;
    server.kill().await?;
    sink.mails().clear();

    let begin = SystemClock.now() + TimeDelta::seconds(2);
    let step = TimeDelta::seconds(1) / i32::try_from(RATE)?;
    place
        .with_store(async |store| {
            let due = (0..).take(all).map(|place| to_micros(begin + step * place));
            Promised::on(store).await?.of(agents.clone()).fall_due(due).await
        })
        .await?;
    let moments = kill(&program, crash.cycles, &trap).await?;

    let server = program.serve().await?;
    let left = TimeDelta::from_std(span)? - (SystemClock.now() - begin);
    tokio::time::sleep(left.to_std().unwrap_or_default()).await;
    wait_until_told(&place, all).await?;
    let mut session = admin.at(&server.address).open().await?;
    wait_until_idle(&mut session, LIMIT).await?;
    let given_up = dead(&mut session, None).await?.len();
    server.kill().await?;
    let mut account = Account::default();
    let mails = sink.mails().clone();
    place.with_store(async |store| account.draw(store, &agents, &mails).await).await?;
    let flaws = account.flaws(all);
    let doubles = mails.len() - account.mails.values().map(BTreeSet::len).sum::<usize>();
    println!(
        "{:?}: killed {} times (after a mail {}), {all} promises broke; {} flaws, {given_up} jobs given up, {doubles} \
         mails came again under their own Message-ID",
        crash.database,
        crash.cycles,
        moments.get(&true).copied().unwrap_or_default(),
        flaws.len(),
    );
    for flaw in flaws.iter().take(20) {
        println!("  ! {flaw}");
    }
    Ok(flaws.is_empty() && given_up == 0)
}

/// Kills the server as often as this; answers how often it died when a mail had just been taken, and how often not.
async fn kill(program: &Program, cycles: u32, trap: &Trap) -> Result<HashMap<bool, u32>> {
    let mut dice = Dice::new(cycles.into());
    let mut moments = HashMap::new();
    for cycle in 0..cycles {
        let server = program.serve().await?;
        // Tickets fell due while nobody was there, so it begins with work.
        let by_mail = cycle % 2 == 1 && {
            tokio::time::sleep(Duration::from_millis(dice.below(300))).await;
            timeout(PATIENCE, trap.wait(Moment::Mailed)).await.is_ok()
        };
        if !by_mail {
            tokio::time::sleep(Duration::from_millis(dice.below(900))).await;
        }
        server.kill().await?;
        trap.disarm();
        *moments.entry(by_mail).or_default() += 1;
    }
    Ok(moments)
}

async fn wait_until_told(place: &Place, all: usize) -> Result<()> {
    let deadline = SystemClock.now() + TimeDelta::from_std(LIMIT)?;
    place
        .with_store(async |store| {
            loop {
                let mut account = Account::default();
                account.read_events(store).await?;
                if account.events.len() >= all {
                    return Ok(());
                }
                if SystemClock.now() > deadline {
                    bail!("only {} of {all} breaches were told", account.events.len());
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        })
        .await
}

impl Account {
    async fn draw(&mut self, store: &dyn Store, agents: &[UserId], mails: &[Taken]) -> Result<()> {
        self.read_events(store).await?;
        for agent in agents {
            // Nobody gets more than are mailed.
            let query = NotificationQuery {
                kinds: vec![NotificationKind::SlaBreach],
                ..NotificationQuery::of(*agent, MAILED * 2)
            };
            for note in store.notifications(&query).await? {
                let (ticket, number) = (note.ticket_id, number_in(&note.title));
                let known = ticket.zip(number).with_context(|| format!("a notification of nothing: {}", note.title));
                let (ticket, number) = known?;
                self.notes.entry(ticket).or_insert((number, 0)).1 += 1;
            }
        }
        for mail in mails {
            let number = number_in(&mail.subject).unwrap_or_default();
            self.mails.entry(number).or_default().insert(mail.message_id.clone());
        }
        Ok(())
    }

    async fn read_events(&mut self, store: &dyn Store) -> Result<()> {
        let mut after = Seq(0);
        loop {
            let page = store.events(&Scope::UPKEEP, after, 2_000).await?;
            if page.events.is_empty() {
                return Ok(());
            }
            after = page.next;
            for event in page.events {
                if matches!(event.fact, Fact::SlaBreached(_)) {
                    *self.events.entry(event.ticket_id).or_default() += 1;
                }
            }
        }
    }
}

/// The ticket's number in a line, such as `TKT-0123456789`.
fn number_in(line: &str) -> Option<String> {
    let words = line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    words.into_iter().find(|word| word.starts_with("TKT-")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(events: usize, notes: usize, mails: &[&str]) -> Account {
        let (ticket, number) = (TicketId(uuid::Uuid::nil()), "TKT-1".to_owned());
        Account {
            events: BTreeMap::from([(ticket, events)]),
            notes: BTreeMap::from([(ticket, (number.clone(), notes))]),
            mails: BTreeMap::from([(number, mails.iter().map(|id| (*id).to_owned()).collect())]),
        }
    }

    #[test]
    fn what_is_told_twice_or_not_at_all_is_a_flaw() {
        assert_eq!(account(1, 1, &["a", "a"]).flaws(1), Vec::<String>::new());
        for flawed in [account(2, 1, &["a"]), account(1, 2, &["a"]), account(1, 0, &["a"]), account(1, 1, &["a", "b"])]
        {
            assert_eq!(flawed.flaws(1).len(), 1, "{flawed:?}");
        }
        assert_eq!(account(1, 1, &["a"]).flaws(2), ["1 of 2 breaches were told"]);
    }

    #[test]
    fn a_number_is_found_in_a_line() {
        assert_eq!(number_in("[TKT-12AB] Time is over: high").as_deref(), Some("TKT-12AB"));
        assert_eq!(number_in("nothing"), None);
    }
}
