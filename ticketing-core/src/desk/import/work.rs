//! Working on a table that was brought: what a worker does about it.

use super::upload::{blob_key, unmarked};
use super::{CsvFormat, CsvImport, CsvProgress, CsvReport, WrongLine};
use crate::access::{Actor, Call, SystemReason};
use crate::changes::Write;
use crate::desk::Desk;
use crate::desk::inbound::unkept;
use crate::desk::recorder::Recorder;
use crate::desk::transfer::TransferError;
use crate::desk::work::new_job;
use crate::error::Error;
use crate::ids::{ImportId, UserId};
use crate::model::{ImportCounts, ImportState, Job, JobKind, Role, TableImport, WrongCell};
use crate::setting::{Document, Setting, Stored};
use crate::time::Time;
use bytes::Bytes;
use futures::future::{Either, select};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, Cursor};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::sleep;

/// How often it is told how far a table is, and looked whether somebody has called it off.
const PACE: Duration = Duration::from_millis(500);

/// The lane of these jobs.
const LANE: &str = "import";

/// How many of the things that are wrong are kept.
const MOST_WRONG: usize = 1_000;

/// What a job to work on a table carries.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::desk) struct Asked {
    import_id: ImportId,
    owner_id: UserId,
}

/// The job that works on a table, for the commit that asks for it.
pub(super) fn import_job(desk: &Desk, now: Time, stored: &Stored<TableImport>) -> Job {
    let asked = Asked { import_id: ImportId(stored.id), owner_id: stored.content.owner_id };
    let dedupe = Some(format!("import/{}/{}", stored.id, stored.version));
    Job { dedupe, ..new_job(desk, now, JobKind::Import, LANE, json!(asked)) }
}

/// How far it is, told by the one who works on it to the one who writes it down.
#[derive(Default)]
struct Told(Mutex<Option<CsvProgress>>);

impl Told {
    fn tell(&self, progress: CsvProgress) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    fn take(&self) -> Option<CsvProgress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// How working on a table came out.
enum Came {
    Out(Result<CsvReport, TransferError>),
    /// Somebody has called it off meanwhile.
    Off,
}

impl Desk {
    /// Works on a table until it is done, refused, failed or called off, and keeps that together with what ends the job.
    /// Whatever was begun before and not ended goes on: lines that are in are known again. Where it fails for a reason that
    /// may pass, the error is answered, and kept as why it failed only where `is_last`. Answers false where there is nothing
    /// to do.
    pub(in crate::desk) async fn work_on_table(
        &self,
        asked: &Asked,
        is_last: bool,
        end: impl Fn(Time) -> Write + Send + Sync,
    ) -> Result<bool, Error> {
        let Some(known) = self.import_of(asked).await?.filter(|known| !known.content.state.has_ended()) else {
            return Ok(false);
        };
        let TableImport { state, counts: before, dry_run, .. } = &known.content;
        // What an earlier worker has made is known to this one.
        let made = if *state == ImportState::Running && !dry_run { before.clone() } else { ImportCounts::default() };
        let made = &made;
        self.note(asked, &|content| content.state = ImportState::Running, None).await?;
        let came = match self.table_of(asked, &known.content).await {
            Ok((actor, table)) => self.follow_table(asked, &known.content, made, &Call::from(&actor), table).await?,
            Err(error) => Came::Out(Err(error.into())),
        };
        let outcome = match came {
            Came::Off => return Ok(false),
            Came::Out(Err(error)) if may_pass(&error) && !is_last => return Err(into_error(error)),
            Came::Out(outcome) => outcome,
        };
        let outcome = &outcome;
        let keep = move |content: &mut TableImport| finish(content, outcome, made);
        let now = self.note(asked, &keep, Some(&end)).await?;
        if now.is_none_or(|now| now.content.file.is_none()) {
            self.forget_table(known.content.file.as_deref()).await?;
        }
        Ok(true)
    }

    /// Who has brought the table, with the rights of now, and what is in it.
    async fn table_of(&self, asked: &Asked, content: &TableImport) -> Result<(Actor, Bytes), Error> {
        let actor = self.actor_of(asked.owner_id, None).await?;
        actor.at_least(Role::Admin)?;
        let gone = || Error::NotFound("table");
        let key = content.file.as_deref().and_then(blob_key).ok_or_else(gone)?;
        let bytes = self.blobs()?.get(key).await.map_err(unkept)?.ok_or_else(gone)?;
        Ok((actor, unmarked(asked.import_id, &bytes).ok_or_else(gone)?))
    }

    /// Takes the table in, or looks it through, while it is written down how far that is.
    async fn follow_table(
        &self,
        asked: &Asked,
        content: &TableImport,
        made: &ImportCounts,
        call: &Call,
        table: Bytes,
    ) -> Result<Came, Error> {
        let TableImport { kind, name, columns, dry_run, skip_bad, .. } = content.clone();
        let format = CsvFormat { delimiter: None, columns };
        let options = CsvImport { kind: Some(kind), format, name, dry_run, skip_bad };
        let open = || Ok(Box::new(Cursor::new(table.clone())) as Box<dyn BufRead + Send>);
        let told = Told::default();
        let mut progress = |progress: CsvProgress| told.tell(progress);
        let work = self.import_csv(call, &options, &open, None, &mut progress);
        let watch = async {
            loop {
                sleep(PACE).await;
                let latest = told.take();
                let count = |content: &mut TableImport| {
                    if let Some(progress) = &latest {
                        counted(&mut content.counts, progress, content.dry_run, made);
                    }
                };
                // Where nothing can be written down now, the work may well go on.
                let noted = match latest {
                    Some(_) => self.note(asked, &count, None).await,
                    None => self.import_of(asked).await,
                };
                if noted.is_ok_and(|now| now.is_none_or(|now| now.content.state.has_ended())) {
                    return;
                }
            }
        };
        Ok(match select(pin!(work), pin!(watch)).await {
            Either::Left((outcome, _)) => Came::Out(outcome),
            Either::Right(((), _)) => Came::Off,
        })
    }

    async fn import_of(&self, asked: &Asked) -> Result<Option<Stored<TableImport>>, Error> {
        let documents = self.store.personal_documents(TableImport::KIND, &[asked.owner_id]).await?;
        let found = documents.iter().find(|document| document.id == asked.import_id.0 && !document.deleted);
        found.map(Document::stored).transpose()
    }

    /// Writes down what is known of a table, unless it has ended meanwhile; and in any case the end of the job, where that
    /// is given. Answers what is known now.
    async fn note(
        &self,
        asked: &Asked,
        change: &(dyn Fn(&mut TableImport) + Send + Sync),
        end: Option<&(dyn Fn(Time) -> Write + Send + Sync)>,
    ) -> Result<Option<Stored<TableImport>>, Error> {
        let call = &Call::from(&Actor::system(SystemReason::Upkeep));
        self.insist(move || async move {
            let known = self.import_of(asked).await?;
            let mut recorder = Recorder::begin(self, call).await?;
            let now = recorder.now;
            let mut next = known.clone();
            if let Some(known) = known.filter(|known| !known.content.state.has_ended()) {
                let mut content = known.content.clone();
                change(&mut content);
                if content.state.has_ended() {
                    content.ended_at = Some(now);
                }
                let new = known.next(now, content);
                recorder.document(&new, new.content.owner(), false)?;
                next = Some(new);
            }
            if let Some(end) = end {
                recorder.write(end(now));
            }
            if !recorder.writes().is_empty() {
                recorder.commit().await?;
            }
            Ok(next)
        })
        .await
    }
}

/// What is known of a table that somebody works on.
fn counted(counts: &mut ImportCounts, progress: &CsvProgress, dry_run: bool, made: &ImportCounts) {
    counts.wrong_rows = progress.wrong_rows;
    if progress.is_check {
        counts.checked = progress.rows;
        if !dry_run {
            return;
        }
    } else {
        counts.done = progress.rows;
    }
    sum(counts, progress.made, progress.known, progress.new_customers, made);
}

/// What earlier workers have made of a table this one knows already.
fn sum(counts: &mut ImportCounts, made: u64, known: u64, new_customers: u64, before: &ImportCounts) {
    counts.made = before.made + made;
    counts.known = known.saturating_sub(before.made);
    counts.new_customers = before.new_customers + new_customers;
}

/// What came of a table.
fn finish(content: &mut TableImport, outcome: &Result<CsvReport, TransferError>, made: &ImportCounts) {
    match outcome {
        Ok(report) => {
            content.state =
                if report.is_accepted || content.dry_run { ImportState::Done } else { ImportState::Refused };
            let counts = &mut content.counts;
            (counts.rows, counts.checked) = (Some(report.rows), report.rows);
            counts.done = if report.dry_run || !report.is_accepted { 0 } else { report.rows };
            counts.wrong_rows = report.wrong_rows;
            sum(counts, report.made, report.known, report.new_customers, made);
            if !report.is_accepted && !content.dry_run {
                // What an earlier worker has taken in stays.
                (counts.made, counts.known, counts.new_customers) = (made.made, 0, made.new_customers);
            }
            content.wrong = report.wrong.iter().take(MOST_WRONG).map(WrongCell::from).collect();
            let codes = report.wrong_by_code.iter().map(|(code, count)| ((*code).to_owned(), *count));
            content.wrong_by_code = codes.collect();
        }
        Err(TransferError::Desk(Error::Invalid(errors))) => {
            let header = errors.iter().take(MOST_WRONG).map(|error| WrongLine { line: 1, error: error.clone() });
            refuse(content, header.map(|wrong| WrongCell::from(&wrong)).collect());
        }
        Err(TransferError::File { line, why }) => {
            let (field, code) = ("line".to_owned(), "malformed".to_owned());
            refuse(content, vec![WrongCell { line: *line, field, code, message: why.clone() }]);
        }
        Err(error) => {
            content.state = ImportState::Failed;
            content.error = Some(match error {
                TransferError::Desk(error) => error.to_string(),
                other => other.to_string(),
            });
        }
    }
    let is_kept = content.dry_run && content.state == ImportState::Done;
    if !is_kept {
        content.file = None;
    }
}

fn refuse(content: &mut TableImport, wrong: Vec<WrongCell>) {
    content.state = ImportState::Refused;
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for cell in &wrong {
        *codes.entry(cell.code.clone()).or_default() += 1;
    }
    content.counts.wrong_rows = content.counts.wrong_rows.max(1);
    (content.wrong, content.wrong_by_code) = (wrong, codes);
}

/// Whether it may go well when it is tried again.
fn may_pass(error: &TransferError) -> bool {
    match error {
        // What may have gone in is known by its lines when it is tried again.
        TransferError::Desk(Error::Unavailable(_) | Error::OutcomeUnknown(_) | Error::Internal(_))
        | TransferError::Blob(_) => true,
        TransferError::Desk(_) | TransferError::File { .. } | TransferError::Io(_) => false,
    }
}

fn into_error(error: TransferError) -> Error {
    match error {
        TransferError::Desk(error) => error,
        TransferError::Blob(error) => unkept(error),
        other => Error::Internal(Box::new(other)),
    }
}

impl From<&WrongLine> for WrongCell {
    fn from(wrong: &WrongLine) -> Self {
        let WrongLine { line, error } = wrong;
        let (field, code, message) = (error.field.clone(), error.code.to_owned(), error.message.clone());
        Self { line: *line, field, code, message }
    }
}
