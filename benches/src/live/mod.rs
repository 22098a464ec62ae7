//! Many who look on by sockets: what each costs, how soon and how surely they hear, and what the others notice of it.

pub mod burst;
pub mod calls;
pub mod crowd;
pub mod event;
pub mod hall;
pub mod idle;
pub mod npm;
pub mod restart;
pub mod socket;
pub mod stuck;
pub mod tale;

pub use crowd::{Crowd, Seat};
pub use hall::{Hall, Log};

use crate::place::Database;
use anyhow::{Result, bail};
use rustix::process::{Resource, getrlimit, setrlimit};
use std::path::PathBuf;
use std::time::Duration;

/// What every mode is told.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Where the desk keeps its data.
    pub database: Database,
    /// The program to run; by default the one built beside this.
    pub server: Option<PathBuf>,
}

/// How long it may take until everybody is there, or has heard what was said.
const LIMIT: Duration = Duration::from_mins(2);

/// Who has heard nothing for so long hears nothing more.
const SILENCE: Duration = Duration::from_secs(10);

/// How long a server rests before its memory is looked at.
const REST: Duration = Duration::from_secs(2);

/// Descriptors beside those of sockets: files, connections of the database, calls.
const OTHERS: u64 = 500;

/// Lets this process and the servers that it starts open a descriptor for each socket, as far as the system lets them.
pub fn make_room(sockets: usize) -> Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(sockets)? + OTHERS;
    if limit.maximum.is_some_and(|most| most < wanted) {
        bail!(
            "{sockets} sockets take {wanted} open files, and this user may have {}; `ulimit -Hn` or LimitNOFILE sets it",
            limit.maximum.unwrap_or_default()
        );
    }
    if limit.current.is_some_and(|now| now < wanted) {
        limit.current = Some(wanted);
        setrlimit(Resource::Nofile, limit)?;
    }
    Ok(())
}

/// What a goal has come to.
fn verdict(is_reached: bool) -> &'static str {
    if is_reached { "reached" } else { "missed" }
}
