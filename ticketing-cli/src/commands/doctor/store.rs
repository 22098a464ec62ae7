//! The store: there, up to date, writable, with somebody to run the desk, and of the same time.

use super::check::Check;
use crate::config::{Config, Database};
use crate::wiring::OpenStore;
use chrono::TimeDelta;
use ticketing_core::access::{Scope, SystemReason};
use ticketing_core::changes::{Changes, Write};
use ticketing_core::ids::{ChangeId, TicketId, UserId};
use ticketing_core::model::Role;
use ticketing_core::port::{Clock, IdSource, RandomIds, Store, SystemClock};
use ticketing_core::query::UserQuery;

const STORE: &str = "store";
const ADMINISTRATOR: &str = "administrator";
const CLOCK: &str = "clock";
const SCOPE: Scope = Scope::System(SystemReason::Operator);

/// How far two clocks may be apart before tokens and due moments suffer.
const TOLERANCE: TimeDelta = TimeDelta::seconds(2);

/// All that depends on the store.
pub async fn checks(config: &Config) -> Vec<Check> {
    if let Database::Sqlite(path) = &config.database
        && !path.exists()
    {
        let detail = format!("{} is not there yet; it is made by: ticketing migrate", path.display());
        return vec![Check::ok(STORE, detail), own_clock()];
    }
    let store = match OpenStore::open(config).await {
        Ok(store) => store,
        Err(error) => return vec![Check::fail(STORE, format!("{error:#}; is it running, and is the address right?"))],
    };
    let port = store.port();
    let mut checks = vec![usable(config, &store, &*port).await];
    if checks.iter().all(|check| check.state != super::State::Fail) {
        checks.push(administrator(&*port).await);
    }
    checks.push(clock(&store).await);
    store.close().await;
    checks
}

/// Asks for missing migrations, reads the settings' version, and takes a watcher that nobody is from a
/// ticket that is not there: what fails in a store that can't be written.
async fn usable(config: &Config, open: &OpenStore, store: &dyn Store) -> Check {
    let kind = match &config.database {
        Database::Sqlite(path) => path.display().to_string(),
        Database::Postgres(_) => "PostgreSQL".to_owned(),
    };
    let found = match open.pending_migrations().await {
        Ok(pending) if !pending.is_empty() => {
            let pending = pending.join(", ");
            let detail =
                format!("{kind} is not up to date; bring it there with: ticketing migrate (pending: {pending})");
            return Check::fail(STORE, detail);
        }
        Ok(_) => store.settings_version().await,
        Err(error) => Err(error),
    };
    let settings = match found {
        Ok(version) => version,
        Err(error) => {
            let why = format!("{:#}", anyhow::Error::new(error));
            return Check::fail(
                STORE,
                format!("{kind} can't be used: {why}; check program, rights and the file or server"),
            );
        }
    };
    let nothing_changes = Changes {
        id: ChangeId(new_id()),
        scope: SCOPE,
        settings,
        bumps_settings: false,
        writes: vec![Write::Unwatch { ticket_id: TicketId(new_id()), user_id: UserId(new_id()) }],
        guards: Vec::new(),
    };
    match store.commit(nothing_changes).await {
        Ok(_) => Check::ok(STORE, format!("{kind} is up to date and can be written")),
        Err(error) => {
            let why = format!("{:#}", anyhow::Error::new(error));
            Check::fail(STORE, format!("{kind} can't be written: {why}; check rights and free space"))
        }
    }
}

fn new_id() -> uuid::Uuid {
    RandomIds.uuid(SystemClock.now())
}

async fn administrator(store: &dyn Store) -> Check {
    let query = UserQuery { roles: vec![Role::Admin], is_active: Some(true), limit: 1, ..UserQuery::default() };
    match store.users(&SCOPE, &query).await {
        Ok(found) if !found.is_empty() => Check::ok(ADMINISTRATOR, "there is one"),
        Ok(_) => Check::warn(
            ADMINISTRATOR,
            "there is none: ticketing user create --role admin --email ADDRESS --name NAME --password-stdin",
        ),
        Err(error) => Check::fail(ADMINISTRATOR, format!("{:#}", anyhow::Error::new(error))),
    }
}

fn own_clock() -> Check {
    Check::ok(CLOCK, format!("{}; the store has no other", SystemClock.now().format("%FT%TZ")))
}

async fn clock(store: &OpenStore) -> Check {
    let before = SystemClock.now();
    let theirs = match store.now().await {
        Ok(Some(theirs)) => theirs,
        Ok(None) => return own_clock(),
        Err(error) => return Check::fail(CLOCK, format!("the database does not say what time it is: {error:#}")),
    };
    let after = SystemClock.now();
    // The answer was made somewhere between the two looks.
    let apart = (before - theirs).max(theirs - after).max(TimeDelta::zero());
    let millis = apart.num_milliseconds();
    if apart > TOLERANCE {
        Check::warn(CLOCK, format!("the database's clock is {millis} ms away; run NTP on both machines"))
    } else {
        Check::ok(CLOCK, format!("the database's clock is at most {millis} ms away"))
    }
}
