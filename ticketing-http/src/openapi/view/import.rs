//! Tables that were brought.

use super::super::word::{FieldCode, ImportKind, ImportState};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A table that was brought, and how far it is.
#[derive(ToSchema)]
pub(crate) struct Import {
    /// Its id.
    id: Uuid,
    /// What its lines are.
    kind: ImportKind,
    /// What it is called.
    name: String,
    /// Whether it is only looked through.
    dry_run: bool,
    /// Whether right lines go in though others are wrong.
    skip_bad: bool,
    /// How far it is.
    state: ImportState,
    /// How many bytes it has.
    #[schema(minimum = 0)]
    size: u64,
    /// How many lines it has, the header aside; null while nobody has read all of it.
    #[schema(required, minimum = 0)]
    rows: Option<u64>,
    /// How many lines were looked through, before any is taken in.
    #[schema(minimum = 0)]
    checked: u64,
    /// How many lines were taken in or passed over.
    #[schema(minimum = 0)]
    done: u64,
    /// How many lines made something; in a dry run, would.
    #[schema(minimum = 0)]
    made: u64,
    /// How many name what is there already. Nothing is changed about it.
    #[schema(minimum = 0)]
    known: u64,
    /// How many customers came with tickets; in a dry run, would.
    #[schema(minimum = 0)]
    new_customers: u64,
    /// How many lines are wrong.
    #[schema(minimum = 0)]
    wrong_rows: u64,
    /// Whether it was looked through and is still kept, so that it can be run.
    can_run: bool,
    /// Why it failed.
    #[schema(required)]
    error: Option<String>,
    /// Who has brought it.
    created_by: Uuid,
    /// When it was brought.
    created_at: DateTime<Utc>,
    /// When it was done, refused or called off.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
}

/// The same with what is wrong with its lines.
#[derive(ToSchema)]
pub(crate) struct WholeImport {
    /// Its id.
    id: Uuid,
    /// What its lines are.
    kind: ImportKind,
    /// What it is called.
    name: String,
    /// Whether it is only looked through.
    dry_run: bool,
    /// Whether right lines go in though others are wrong.
    skip_bad: bool,
    /// How far it is.
    state: ImportState,
    /// How many bytes it has.
    #[schema(minimum = 0)]
    size: u64,
    /// How many lines it has, the header aside; null while nobody has read all of it.
    #[schema(required, minimum = 0)]
    rows: Option<u64>,
    /// How many lines were looked through, before any is taken in.
    #[schema(minimum = 0)]
    checked: u64,
    /// How many lines were taken in or passed over.
    #[schema(minimum = 0)]
    done: u64,
    /// How many lines made something; in a dry run, would.
    #[schema(minimum = 0)]
    made: u64,
    /// How many name what is there already. Nothing is changed about it.
    #[schema(minimum = 0)]
    known: u64,
    /// How many customers came with tickets; in a dry run, would.
    #[schema(minimum = 0)]
    new_customers: u64,
    /// How many lines are wrong.
    #[schema(minimum = 0)]
    wrong_rows: u64,
    /// Whether it was looked through and is still kept, so that it can be run.
    can_run: bool,
    /// Why it failed.
    #[schema(required)]
    error: Option<String>,
    /// Who has brought it.
    created_by: Uuid,
    /// When it was brought.
    created_at: DateTime<Utc>,
    /// When it was done, refused or called off.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
    /// What is wrong, line by line, up to a thousand; empty while it is not known.
    wrong: Vec<WrongCell>,
    /// How often each code is what is wrong, in all lines.
    wrong_by_code: BTreeMap<String, u64>,
}

/// Something that is wrong with a line of a table.
#[derive(ToSchema)]
pub(crate) struct WrongCell {
    /// Which line of the file; the header is the first.
    #[schema(minimum = 1)]
    line: u64,
    /// Which of our fields; `line` where all of it can't be read.
    field: String,
    /// What, for programs.
    code: FieldCode,
    /// What, for people.
    message: String,
}
