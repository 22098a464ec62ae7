//! A desk to look around in: a company that makes connected e-bikes, its staff and customers, and
//! up to millions of tickets with histories that read like real ones.
//!
//! The same options make the same desk, ticket by ticket and byte by byte. Tickets are made one
//! batch at a time, so that a million of them need no more memory than a thousand. What is written
//! is what the desk itself would have written, step by step: versions, events with images, sealed
//! audit lines. It goes to the store in large batches, in one commit each.

mod company;
pub(crate) mod dice;
mod field;
mod house;
mod mark;
mod name;
mod people;
mod plot;
mod promise;
mod prose;
mod quick;
mod rhythm;
mod rule;
mod scenario;
mod text;
mod thread;
mod ticket;
mod view;

#[cfg(test)]
mod tests;

use crate::access::{Scope, SystemReason};
use crate::changes::{Changes, Committed, Write};
use crate::desk::AuditKey;
use crate::ids::ChangeId;
use crate::model::Role;
use crate::port::{IdSource, Store, StoreError};
use crate::setting::{DeskProfile, Setting};
use crate::time::{Time, to_micros};
use company::{ADMIN, Company, FIRST_LEAD, MANAGER, WORKSHOP_LEAD};
use dice::Dice;
use futures::{StreamExt, stream};

pub use mark::DemoMark;

/// How many batches wait for the store at a time. A few keep it busy while the next ones are made.
const IN_FLIGHT: usize = 4;

/// What kind of desk to make.
#[derive(Clone)]
pub struct DemoOptions {
    /// The same seed makes the same desk.
    pub seed: u64,
    /// How many tickets. Up to a thousand make a small desk of the past ninety days with a lively
    /// present; more make one of the past year and a half.
    pub tickets: u64,
    /// Nothing happens after this moment.
    pub now: Time,
    /// The encoded hash of the password that everybody shares.
    pub password_hash: String,
    /// What audit lines are sealed with.
    pub audit_key: AuditKey,
    /// How many tickets make one commit.
    pub batch: usize,
}

impl DemoOptions {
    /// A desk with so many tickets until now, in batches of 500.
    pub fn new(tickets: u64, now: Time, password_hash: impl Into<String>, audit_key: AuditKey) -> Self {
        Self { seed: 1, tickets, now: to_micros(now), password_hash: password_hash.into(), audit_key, batch: 500 }
    }
}

/// Somebody to sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoSignIn {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// What there is to see as this person.
    pub note: String,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoCompany {
    /// What the desk calls itself.
    pub name: String,
    /// A few people to sign in as. All share one password.
    pub sign_ins: Vec<DemoSignIn>,
    /// How many people work on the desk.
    pub staff: usize,
    /// How many teams they are in.
    pub teams: usize,
    /// How many people write to it.
    pub customers: usize,
    /// How many companies those are from.
    pub organizations: usize,
    /// How many tickets there are.
    pub tickets: u64,
}

/// Who is on the desk that these options make, without making its tickets.
pub fn people(options: &DemoOptions) -> DemoCompany {
    describe(options, &Company::new(options))
}

fn describe(options: &DemoOptions, company: &Company) -> DemoCompany {
    let member = |place: usize, note: &str| {
        let user = &company.staff[place].user;
        DemoSignIn { email: user.email.clone(), name: user.name.clone(), role: user.role, note: note.to_owned() }
    };
    let customer = |place: usize, note: String| {
        let user = &company.customers[place].user;
        DemoSignIn { email: user.email.clone(), name: user.name.clone(), role: user.role, note }
    };
    let shared = company.customers[0].organization.map_or("", |place| company.organizations[place].name.as_str());
    DemoCompany {
        name: company::PROFILE.to_owned(),
        sign_ins: vec![
            member(ADMIN, "runs the desk: people, settings, audit log"),
            member(MANAGER, "sees all tickets and manages the teams"),
            member(FIRST_LEAD, "leads Rider Support"),
            member(WORKSHOP_LEAD, "leads the Workshop"),
            customer(0, ["works at ", shared, ", where colleagues see each other's tickets"].concat()),
            customer(1, "a private rider who writes in German".to_owned()),
        ],
        staff: company.staff.len(),
        teams: company.teams.len(),
        customers: company.customers.len(),
        organizations: company.organizations.len(),
        tickets: options.tickets,
    }
}

/// The commits that make the desk, in their order, for a store whose settings have this version and
/// that has no desk profile yet. The first holds the desk itself (profile, staff, teams, companies, what it has set up)
/// and is the only one that changes settings: all later ones name the version after it. Customers
/// follow, then tickets, oldest first. Each is made when it is asked for.
pub fn batches(options: &DemoOptions, settings_version: i64) -> Batches {
    let company = Company::new(options);
    Batches { options: options.clone(), company, settings: settings_version, part: Part::Desk }
}

/// The commits that make a desk; see [`batches`].
pub struct Batches {
    options: DemoOptions,
    company: Company,
    settings: i64,
    part: Part,
}

#[derive(Clone, Copy)]
enum Part {
    Desk,
    /// Customers from this one on.
    Customers(usize),
    /// Tickets from this one on.
    Tickets(u64),
}

impl Batches {
    fn size(&self) -> usize {
        self.options.batch.max(1)
    }

    fn changes(&self, family: u64, index: u64, at: Time, writes: Vec<Write>) -> Changes {
        let dice = Dice::new(self.options.seed, family, index);
        Changes {
            id: ChangeId(dice.uuid(at)),
            scope: Scope::System(SystemReason::Demo),
            settings: self.settings,
            bumps_settings: false,
            writes,
            guards: Vec::new(),
        }
    }
}

impl Iterator for Batches {
    type Item = Changes;

    fn next(&mut self) -> Option<Changes> {
        let size = self.size();
        match self.part {
            Part::Desk => {
                let writes = people::desk(&self.company, &self.options);
                let mut changes = self.changes(10, 0, self.company.founded, writes);
                changes.bumps_settings = true;
                self.settings += 1;
                self.part = Part::Customers(0);
                Some(changes)
            }
            Part::Customers(from) => {
                let until = (from + size).min(self.company.customers.len());
                let writes = people::customers(&self.company, &self.options, from..until);
                let at = self.company.customers[until - 1].user.created_at;
                let all = until == self.company.customers.len();
                self.part = if all { Part::Tickets(0) } else { Part::Customers(until) };
                Some(self.changes(11, from as u64, at, writes))
            }
            Part::Tickets(from) if from < self.options.tickets => {
                let until = (from + size as u64).min(self.options.tickets);
                // A ticket takes some fifteen writes; a list that grew by doubling would copy them.
                let mut writes = Vec::with_capacity(size * 16);
                for index in from..until {
                    plot::tell(&self.company, &self.options, index, &mut writes);
                }
                self.part = Part::Tickets(until);
                Some(self.changes(12, from, self.options.now, writes))
            }
            Part::Tickets(_) => None,
        }
    }
}

/// Fills an empty store, or goes on where an earlier fill was interrupted, with the options of that
/// one. Where all is there already nothing happens. `progress` hears how many tickets are in after
/// each batch.
///
/// Fails with what the store answers: [`StoreError::StaleSettings`] where somebody else changes the
/// settings meanwhile, [`StoreError::Duplicate`] where the store holds people of the demo that it was
/// not filled with.
pub async fn fill(
    store: &dyn Store,
    options: &DemoOptions,
    mut progress: impl FnMut(u64),
) -> Result<DemoCompany, StoreError> {
    let found = DemoMark::of(store).await?;
    let options = found.as_ref().map_or_else(|| options.clone(), |mark| mark.options(options));
    let mut batches = batches(&options, store.settings_version().await?);
    let made = describe(&options, &batches.company);
    if found.as_ref().is_some_and(|mark| mark.is_whole) {
        return Ok(made);
    }
    let mark = DemoMark::new(&options);
    if found.is_some() {
        batches.part = Part::Customers(0);
    } else if let Some(mut desk) = batches.next() {
        desk.writes.push(mark.write());
        if let Err(error) = store.commit(desk).await {
            // Another server may have begun to fill the same store at the same moment.
            return match DemoMark::of(store).await? {
                Some(_) => Box::pin(fill(store, &options, progress)).await,
                None => Err(error),
            };
        }
    }
    let (size, settings) = (batches.size() as u64, batches.settings);
    // Tickets need their people, so these are in before the first ticket is sent.
    while !matches!(batches.part, Part::Tickets(_)) {
        match batches.next() {
            Some(changes) => present(store.commit(changes).await)?,
            None => break,
        }
    }
    // What was set up is edited last: a row is written once in a commit.
    let mut writes = people::edits(&batches.company, &options);
    writes.push(mark.whole().write());
    let last = batches.changes(13, 0, options.now, writes);
    let last = Changes { settings, bumps_settings: true, ..last };
    let mut commits = stream::iter(batches).map(|changes| store.commit(changes)).buffered(IN_FLIGHT);
    let mut done = 0;
    while let Some(answer) = commits.next().await {
        present(answer)?;
        done = (done + size).min(options.tickets);
        progress(done);
    }
    match store.commit(last).await {
        // Another server that filled the same store was faster.
        Err(StoreError::Conflict) => Ok(made),
        answer => answer.map(|_| made),
    }
}

/// A batch is in now, or was before: each goes in whole or not at all, under ids that are the same
/// each time.
fn present(answer: Result<Committed, StoreError>) -> Result<(), StoreError> {
    match answer {
        Ok(_) | Err(StoreError::Duplicate(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The document that names the desk.
fn profile() -> DeskProfile {
    DeskProfile { name: company::PROFILE.to_owned(), ..DeskProfile::default() }
}

/// What kind of document that is.
const PROFILE_KIND: &str = DeskProfile::KIND;
