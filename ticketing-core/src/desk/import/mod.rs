//! Rows of a table as people, companies or tickets of the desk: looked through first, line by line, then taken in.
//!
//! Nobody is mailed, no rule looks at anything and no webhook is called: what the lines say has happened elsewhere. Each line
//! that makes a ticket has an id that follows from the line, so whatever was interrupted goes on when it is done again, and
//! nothing is made twice.

mod cell;
mod known;
mod past;
mod people;
mod table;
mod ticket;
mod upload;
mod work;

pub use crate::model::ImportKind;
pub use table::{CsvColumns, CsvFormat};
pub use upload::{NewTableImport, TableImportView, WholeTableImport};
pub(in crate::desk) use work::Asked;

use super::Desk;
use super::recorder::Recorder;
use super::transfer::{OpenFile, TransferError};
use crate::access::Call;
use crate::changes::Changes;
use crate::error::{Error, FieldError};
use crate::event::FieldChanges;
use crate::ids::ChangeId;
use crate::input::Problems;
use crate::model::{Role, Subject};
use known::{Additions, Known};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use table::{Row, Table};
use uuid::Uuid;

/// How many lines go in at once.
const BATCH: usize = 200;

/// How many wrong lines are told in full. Of the others it is only counted what is wrong with them.
const MOST_TOLD: usize = 1_000;

/// How often lines are decided anew because somebody else was faster.
const ATTEMPTS: usize = 8;

/// How to take a table in.
#[derive(Clone, Debug, Default)]
pub struct CsvImport {
    /// What its lines are; seen from its columns unless said.
    pub kind: Option<ImportKind>,
    /// How it is written.
    pub format: CsvFormat,
    /// What the table is called. The same lines under another name are other tickets, unless they have an `external_id`.
    pub name: String,
    /// Nothing is written.
    pub dry_run: bool,
    /// Right lines are taken in though others are wrong.
    pub skip_bad: bool,
}

/// Something that is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WrongLine {
    /// Which line of the file; the header is the first.
    pub line: u64,
    /// What is wrong with it.
    #[serde(flatten)]
    pub error: FieldError,
}

/// What came of a table, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CsvReport {
    /// What its lines are.
    pub kind: ImportKind,
    /// Whether nothing was written because nothing was to be.
    pub dry_run: bool,
    /// Whether lines were taken in, or would be: not where any is wrong, unless wrong ones are passed over.
    pub is_accepted: bool,
    /// How many lines there are, the header aside.
    pub rows: u64,
    /// How many of them made something, or would.
    pub made: u64,
    /// How many of them name what is there already. Nothing is changed about it.
    pub known: u64,
    /// How many customers were added with tickets, or would be.
    pub new_customers: u64,
    /// How many lines are wrong.
    pub wrong_rows: u64,
    /// What is wrong, the first thousand lines in full.
    pub wrong: Vec<WrongLine>,
    /// How often each code is what is wrong.
    pub wrong_by_code: BTreeMap<&'static str, u64>,
}

impl CsvReport {
    fn new(kind: ImportKind, dry_run: bool) -> Self {
        Self {
            kind,
            dry_run,
            is_accepted: true,
            rows: 0,
            made: 0,
            known: 0,
            new_customers: 0,
            wrong_rows: 0,
            wrong: Vec::new(),
            wrong_by_code: BTreeMap::new(),
        }
    }

    fn progress(&self, is_check: bool) -> CsvProgress {
        let Self { rows, made, known, new_customers, wrong_rows, .. } = *self;
        CsvProgress { is_check, rows, made, known, new_customers, wrong_rows }
    }

    fn add(&mut self, judged: &Judged) {
        self.made += judged.made;
        self.known += judged.known;
        self.new_customers += judged.new_customers;
        for (line, errors) in &judged.wrong {
            self.wrong_rows += 1;
            for error in errors {
                *self.wrong_by_code.entry(error.code).or_default() += 1;
                if self.wrong_rows <= MOST_TOLD as u64 {
                    self.wrong.push(WrongLine { line: *line, error: error.clone() });
                }
            }
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsvProgress {
    /// Whether lines are only looked through, be it before they are taken in.
    pub is_check: bool,
    /// How many lines were read.
    pub rows: u64,
    /// How many of them made something, or would.
    pub made: u64,
    /// How many of them name what is there already.
    pub known: u64,
    /// How many customers were added with tickets, or would be.
    pub new_customers: u64,
    /// How many of them are wrong.
    pub wrong_rows: u64,
}

/// What some lines come to.
struct Judged {
    changes: Changes,
    additions: Additions,
    made: u64,
    known: u64,
    new_customers: u64,
    wrong: Vec<(u64, Vec<FieldError>)>,
}

impl Judged {
    fn wrong(&mut self, row: &Row, errors: Vec<FieldError>) {
        self.wrong.push((row.line, errors));
    }

    /// Notes what is wrong with a line, if anything is.
    fn is_wrong(&mut self, row: &Row, problems: Problems) -> bool {
        match problems.finish() {
            Err(Error::Invalid(errors)) => {
                self.wrong(row, errors);
                true
            }
            _ => false,
        }
    }
}

/// Where lines go that were passed over.
pub type Rejected<'a> = Option<&'a mut (dyn Write + Send)>;

impl Desk {
    /// Looks a table through and, unless it is only to be looked through, takes it in. Wrong lines that are passed over are
    /// written to `rejected` as they are, below the header. `progress` hears how far it is, from the first line again
    /// where the table is read twice. For administrators and the operator.
    pub async fn import_csv(
        &self,
        call: impl Into<Call>,
        options: &CsvImport,
        open: OpenFile<'_>,
        rejected: Rejected<'_>,
        progress: &mut (dyn FnMut(CsvProgress) + Send),
    ) -> Result<CsvReport, TransferError> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        // Where one wrong line stops all of it, none may have gone in before.
        if options.dry_run || !options.skip_bad {
            let mut report = self.walk_table(&call, options, open, false, None, progress).await?;
            report.is_accepted = report.wrong_rows == 0 || options.skip_bad;
            if options.dry_run || !report.is_accepted {
                return Ok(report);
            }
        }
        let report = self.walk_table(&call, options, open, true, rejected, progress).await?;
        self.tell_import(&call, options, &report).await?;
        Ok(report)
    }

    async fn walk_table(
        &self,
        call: &Call,
        options: &CsvImport,
        open: OpenFile<'_>,
        writes: bool,
        rejected: Rejected<'_>,
        progress: &mut (dyn FnMut(CsvProgress) + Send),
    ) -> Result<CsvReport, TransferError> {
        let (mut table, kind) = Table::open(open, options, &self.snapshot().await?.custom_fields)?;
        let mut rejected = rejected.map(|out| table.writer(out)).transpose()?;
        let mut known = Known::load(self).await?;
        let mut report = CsvReport::new(kind, options.dry_run);
        loop {
            let mut rows = Vec::with_capacity(BATCH);
            while rows.len() < BATCH
                && let Some(row) = table.next_row(&options.name)?
            {
                rows.push(row);
            }
            if rows.is_empty() {
                break;
            }
            let judged = self.take_rows(call, kind, &mut known, &rows, writes).await?;
            if let (true, false, Some((line, _))) = (writes, options.skip_bad, judged.wrong.first()) {
                let message = format!("Line {line} became wrong since it was looked through.");
                return Err(Error::conflict("wrong_meanwhile", message).into());
            }
            report.rows += rows.len() as u64;
            report.add(&judged);
            if let Some(rejected) = &mut rejected {
                let wrong = rows.iter().filter(|row| judged.wrong.iter().any(|(line, _)| *line == row.line));
                for row in wrong {
                    rejected.write_byte_record(&row.raw).map_err(table::unwritten)?;
                }
            }
            progress(report.progress(!writes));
        }
        if let Some(mut rejected) = rejected {
            rejected.flush()?;
        }
        Ok(report)
    }

    /// Decides about some lines and writes what they come to, anew where somebody else was faster.
    async fn take_rows(
        &self,
        call: &Call,
        kind: ImportKind,
        known: &mut Known,
        rows: &[Row],
        writes: bool,
    ) -> Result<Judged, TransferError> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut judged = match kind {
                ImportKind::Users => self.judge_users(call, known, rows).await?,
                ImportKind::Organizations => self.judge_organizations(call, known, rows).await?,
                ImportKind::Tickets => self.judge_tickets(call, known, rows).await?,
            };
            if writes && !judged.changes.writes.is_empty() {
                let changes = Changes { writes: std::mem::take(&mut judged.changes.writes), ..judged.changes.clone() };
                match self.commit(changes).await {
                    Ok(_) => {}
                    Err(error) if attempts < ATTEMPTS && (super::is_race(&error) || error.code() == "duplicate") => {
                        known.forget(self).await?;
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            known.add(std::mem::take(&mut judged.additions));
            return Ok(judged);
        }
    }

    /// A commit for lines, decided under these settings.
    async fn begin_rows(&self, call: &Call) -> Result<(Judged, std::sync::Arc<super::Snapshot>), Error> {
        let snapshot = self.snapshot_that_knows(&call.actor).await?;
        let changes = Changes {
            id: ChangeId(self.ids().uuid(self.now())),
            scope: self.scope(&call.actor),
            settings: snapshot.version,
            bumps_settings: false,
            writes: Vec::new(),
            guards: Vec::new(),
        };
        let additions = Additions::default();
        Ok((Judged { changes, additions, made: 0, known: 0, new_customers: 0, wrong: Vec::new() }, snapshot))
    }

    /// The audit log has one line of all of it.
    async fn tell_import(&self, call: &Call, options: &CsvImport, report: &CsvReport) -> Result<(), Error> {
        let told = [
            ("kind", json!(report.kind)),
            ("name", json!(options.name)),
            ("rows", json!(report.rows)),
            ("made", json!(report.made)),
            ("known", json!(report.known)),
            ("new_customers", json!(report.new_customers)),
            ("wrong_rows", json!(report.wrong_rows)),
        ];
        let told: FieldChanges =
            told.into_iter().map(|(name, value)| (name.to_owned(), (json!(null), value))).collect();
        let told = &told;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            recorder.deed("rows.imported", Subject::Setting(Uuid::nil()), told);
            recorder.commit().await
        })
        .await
    }
}
