//! Tables that administrators take in over the API: what each is, and how far it is.

use super::words;
use crate::ids::UserId;
use crate::setting::Setting;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What the lines of a table are.
    ImportKind {
        /// People.
        Users = 0 "users",
        /// Companies.
        Organizations = 1 "organizations",
        /// Tickets, and customers who are not known yet.
        Tickets = 2 "tickets",
    }
}

words! {
    /// How far a table is.
    ImportState {
        /// Waits for a worker.
        Waiting = 0 "waiting",
        /// A worker looks it through or takes it in.
        Running = 1 "running",
        /// It was looked through, or is in.
        Done = 2 "done",
        /// Something is wrong with it, and nothing went in.
        Refused = 3 "refused",
        /// It could not be done, whatever is in it; `error` says why.
        Failed = 4 "failed",
        /// Somebody has called it off. What was in by then stays.
        Cancelled = 5 "cancelled",
    }
}

impl ImportState {
    /// Whether nobody works on it any more.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// Something that is wrong with a line of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongCell {
    /// Which line of the file; the header is the first.
    pub line: u64,
    /// Which of our fields; `line` where all of it can't be read.
    pub field: String,
    /// What is wrong, for programs.
    pub code: String,
    /// What is wrong, for people.
    pub message: String,
}

/// What was counted of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// How many lines it has, the header aside; none while nobody has read all of it.
    pub rows: Option<u64>,
    /// How many lines were looked through, before any is taken in.
    pub checked: u64,
    /// How many lines were taken in or passed over.
    pub done: u64,
    /// How many lines made something; in a dry run, would.
    pub made: u64,
    /// How many name what is there already. Nothing is changed about it.
    pub known: u64,
    /// How many customers came with tickets; in a dry run, would.
    pub new_customers: u64,
    /// How many lines are wrong.
    pub wrong_rows: u64,
}

/// A table that somebody has brought. Kept as a document of its owner's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableImport {
    /// What its lines are.
    pub kind: ImportKind,
    /// What it is called. The same lines under another name are other tickets, unless they have an `external_id`.
    pub name: String,
    /// Columns by other names than the desk's: theirs, and ours or nothing.
    pub columns: Vec<(String, String)>,
    /// Whether it is only looked through.
    pub dry_run: bool,
    /// Whether right lines go in though others are wrong.
    pub skip_bad: bool,
    /// How far it is.
    pub state: ImportState,
    /// How many bytes it has.
    pub size: u64,
    /// Under what its bytes are kept, in hexadecimal digits; none once they are forgotten.
    pub file: Option<String>,
    /// Who has brought it.
    pub owner_id: UserId,
    /// When it was brought.
    pub created_at: Time,
    /// When it was done, refused or called off.
    pub ended_at: Option<Time>,
    /// What was counted.
    pub counts: ImportCounts,
    /// What is wrong with the first lines that are.
    pub wrong: Vec<WrongCell>,
    /// How often each code is what is wrong.
    pub wrong_by_code: BTreeMap<String, u64>,
    /// Why it failed.
    pub error: Option<String>,
}

impl TableImport {
    /// How many are remembered; of more, those that ended first are forgotten.
    pub const MOST: usize = 50;

    /// Whether it was looked through and can be taken in: all of it, or what is right of it.
    pub fn can_run(&self, skip_bad: bool) -> bool {
        let is_fine = self.counts.wrong_rows == 0 || skip_bad;
        self.dry_run && self.file.is_some() && self.state == ImportState::Done && is_fine
    }
}

impl Setting for TableImport {
    const KIND: &'static str = "table_import";

    fn owner(&self) -> Option<UserId> {
        Some(self.owner_id)
    }
}
