//! Tables that administrators bring over the API: kept, looked through and taken in by a worker.
//!
//! What is known of a table is a document of its owner's, so it bumps no settings, and its bytes are where files are, under a
//! key that no file has: whatever becomes of the table, a file with the same lines stays.

use super::ImportKind;
use super::work::import_job;
use crate::access::Call;
use crate::changes::Write;
use crate::desk::Desk;
use crate::desk::inbound::{digested, unkept};
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{ImportId, UserId};
use crate::input::Problems;
use crate::model::{BlobKey, ImportCounts, ImportState, Role, Subject, TableImport, WrongCell};
use crate::setting::{Document, Setting, Stored};
use crate::time::Time;
use bytes::Bytes;
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// How long a table and what came of it are remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(7);

/// How many columns may be called otherwise.
const MOST_COLUMNS: usize = 100;

/// How long the names of tables and columns are.
const LONGEST_NAME: usize = 200;

/// A table to be taken in.
#[derive(Clone, Debug)]
pub struct NewTableImport {
    /// What its lines are.
    pub kind: ImportKind,
    /// What it is called; by its kind unless said.
    pub name: Option<String>,
    /// Columns by other names than the desk's: theirs, and ours or nothing.
    pub columns: Vec<(String, String)>,
    /// It is only looked through.
    pub dry_run: bool,
    /// Right lines go in though others are wrong.
    pub skip_bad: bool,
}

/// A table, as administrators see it in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableImportView {
    /// Its id.
    pub id: ImportId,
    /// What its lines are.
    pub kind: ImportKind,
    /// What it is called.
    pub name: String,
    /// Whether it is only looked through.
    pub dry_run: bool,
    /// Whether right lines go in though others are wrong.
    pub skip_bad: bool,
    /// How far it is.
    pub state: ImportState,
    /// How many bytes it has.
    pub size: u64,
    /// What was counted.
    #[serde(flatten)]
    pub counts: ImportCounts,
    /// Whether it was looked through, and its bytes are there to be taken in.
    pub can_run: bool,
    /// Why it failed.
    pub error: Option<String>,
    /// Who has brought it.
    pub created_by: UserId,
    /// When it was brought.
    pub created_at: Time,
    /// When it was done, refused or called off.
    pub ended_at: Option<Time>,
}

/// The same with what is wrong with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WholeTableImport {
    /// The table.
    #[serde(flatten)]
    pub import: TableImportView,
    /// What is wrong with the first lines that are, up to a thousand.
    pub wrong: Vec<WrongCell>,
    /// How often each code is what is wrong, with all lines.
    pub wrong_by_code: BTreeMap<String, u64>,
}

fn view(stored: &Stored<TableImport>) -> TableImportView {
    let TableImport { kind, name, dry_run, skip_bad, state, size, counts, error, .. } = stored.content.clone();
    TableImportView {
        id: ImportId(stored.id),
        kind,
        name,
        dry_run,
        skip_bad,
        state,
        size,
        counts,
        can_run: stored.content.can_run(true),
        error,
        created_by: stored.content.owner_id,
        created_at: stored.content.created_at,
        ended_at: stored.content.ended_at,
    }
}

fn whole(stored: &Stored<TableImport>) -> WholeTableImport {
    let TableImport { wrong, wrong_by_code, .. } = stored.content.clone();
    WholeTableImport { import: view(stored), wrong, wrong_by_code }
}

impl Desk {
    /// Keeps a table, and has a worker look it through and, unless that is all, take it in. For administrators.
    pub async fn take_in_table(
        &self,
        call: impl Into<Call>,
        input: NewTableImport,
        table: Bytes,
    ) -> Result<TableImportView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let owner_id = call.actor.user_id().ok_or_else(|| Error::forbidden("Only a person brings a table."))?;
        let input = &checked(input, table.len(), self.options().max_import_size)?;
        self.forget_imports(call).await?;
        let now = self.now();
        let id = ImportId(self.ids().uuid(now));
        let size = table.len() as u64;
        // With the id before it, it is no other file of the desk.
        let (bytes, key) = digested(marked(id, &table)).await?;
        drop(table);
        self.blobs()?.put(key, bytes).await.map_err(unkept)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let NewTableImport { kind, columns, dry_run, skip_bad, .. } = input.clone();
            let content = TableImport {
                kind,
                name: input.name.clone().unwrap_or_else(|| kind.to_string()),
                columns,
                dry_run,
                skip_bad,
                state: ImportState::Waiting,
                size,
                file: Some(key.to_string()),
                owner_id,
                created_at: recorder.now,
                ended_at: None,
                counts: ImportCounts::default(),
                wrong: Vec::new(),
                wrong_by_code: BTreeMap::new(),
                error: None,
            };
            let stored = Stored { id: id.0, version: 1, saved_at: recorder.now, content };
            recorder.document(&stored, Some(owner_id), false)?;
            recorder.write(Write::Job(Box::new(import_job(self, recorder.now, &stored))));
            tell(&mut recorder, "import.begun", &stored);
            let view = view(&stored);
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    /// Tables of the last days, newest first. For administrators.
    pub async fn table_imports(&self, call: impl Into<Call>) -> Result<Vec<TableImportView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(self.all_imports().await?.iter().map(view).collect())
    }

    /// A table, and what is wrong with it. For administrators.
    pub async fn table_import(&self, call: impl Into<Call>, id: ImportId) -> Result<WholeTableImport, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(whole(&self.known_import(id).await?))
    }

    /// Takes in what was looked through: all of it, or, where wrong lines are passed over, what is right. For
    /// administrators.
    pub async fn run_table_import(
        &self,
        call: impl Into<Call>,
        id: ImportId,
        skip_bad: bool,
    ) -> Result<TableImportView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        self.insist(move || async move {
            let known = self.known_import(id).await?;
            if !known.content.can_run(true) {
                let why = "Only a table that was looked through and is still kept can be taken in.";
                return Err(Error::conflict("not_looked_through", why));
            }
            if !known.content.can_run(skip_bad) {
                return Err(Error::conflict("wrong_lines", "Lines of it are wrong; they can be passed over."));
            }
            let mut recorder = Recorder::begin(self, call).await?;
            let content = TableImport {
                dry_run: false,
                skip_bad,
                state: ImportState::Waiting,
                ended_at: None,
                counts: ImportCounts::default(),
                wrong: Vec::new(),
                wrong_by_code: BTreeMap::new(),
                ..known.content.clone()
            };
            let next = known.next(recorder.now, content);
            recorder.document(&next, next.content.owner(), false)?;
            recorder.write(Write::Job(Box::new(import_job(self, recorder.now, &next))));
            tell(&mut recorder, "import.begun", &next);
            let view = view(&next);
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    /// Calls off what is not done yet, and forgets the table's bytes. What was in by then stays, and so does what is known
    /// of the table. For administrators.
    pub async fn cancel_table_import(&self, call: impl Into<Call>, id: ImportId) -> Result<TableImportView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let (view, file) = self
            .insist(move || async move {
                let known = self.known_import(id).await?;
                let mut recorder = Recorder::begin(self, call).await?;
                if known.content.state.has_ended() && known.content.file.is_none() {
                    recorder.unchanged().await?;
                    return Ok((view(&known), None));
                }
                let mut content = TableImport { file: None, ..known.content.clone() };
                if !content.state.has_ended() {
                    (content.state, content.ended_at) = (ImportState::Cancelled, Some(recorder.now));
                }
                let next = known.next(recorder.now, content);
                recorder.document(&next, next.content.owner(), false)?;
                tell(&mut recorder, "import.cancelled", &next);
                recorder.commit().await?;
                Ok((view(&next), known.content.file))
            })
            .await?;
        self.forget_table(file.as_deref()).await?;
        Ok(view)
    }

    /// Tables of the last days, newest first, whoever has brought them.
    async fn all_imports(&self) -> Result<Vec<Stored<TableImport>>, Error> {
        let snapshot = self.snapshot().await?;
        let staff: Vec<UserId> = snapshot.directory.all_staff().map(|user| user.id).collect();
        let documents = self.store.personal_documents(TableImport::KIND, &staff).await?;
        let live = documents.iter().filter(|document| !document.deleted);
        let mut all: Vec<Stored<TableImport>> = live.map(Document::stored).collect::<Result<_, _>>()?;
        all.sort_by_key(|stored| std::cmp::Reverse(stored.id));
        Ok(all)
    }

    async fn known_import(&self, id: ImportId) -> Result<Stored<TableImport>, Error> {
        let all = self.all_imports().await?;
        all.into_iter().find(|stored| stored.id == id.0).ok_or(Error::NotFound("import"))
    }

    /// Forgets what ended long ago, and of very many those that did so first.
    async fn forget_imports(&self, call: &Call) -> Result<(), Error> {
        // Each is a commit of its own: the key of the request is for the one that it asks for.
        let call = &call.without_key();
        let before = self.now() - REMEMBERED;
        let all = self.all_imports().await?;
        let is_old = |place: usize, import: &TableImport| {
            place + 1 >= TableImport::MOST || import.ended_at.is_some_and(|at| at < before)
        };
        let old = all
            .iter()
            .enumerate()
            .filter(|(place, stored)| stored.content.state.has_ended() && is_old(*place, &stored.content));
        for (_, known) in old {
            // Bytes first: whoever is interrupted here finds the table again.
            self.forget_table(known.content.file.as_deref()).await?;
            let mut recorder = Recorder::begin(self, call).await?;
            let (file, wrong) = (None, Vec::new());
            let next = known.next(recorder.now, TableImport { file, wrong, ..known.content.clone() });
            recorder.document(&next, next.content.owner(), true)?;
            match recorder.commit().await {
                // Somebody else forgets the same.
                Err(Error::Unavailable(Some(crate::port::StoreError::Conflict))) => {}
                done => done?,
            }
        }
        Ok(())
    }

    /// Forgets the bytes of a table.
    pub(super) async fn forget_table(&self, file: Option<&str>) -> Result<(), Error> {
        match file.and_then(blob_key) {
            Some(key) => self.blobs()?.delete(key).await.map_err(unkept),
            None => Ok(()),
        }
    }
}

/// What stands before the bytes of a table.
fn mark(id: ImportId) -> String {
    format!("table {id}\n")
}

fn marked(id: ImportId, table: &[u8]) -> Bytes {
    [mark(id).as_bytes(), table].concat().into()
}

/// The table without what stands before it.
pub(super) fn unmarked(id: ImportId, bytes: &Bytes) -> Option<Bytes> {
    let mark = mark(id);
    bytes.starts_with(mark.as_bytes()).then(|| bytes.slice(mark.len()..))
}

pub(super) fn blob_key(hex: &str) -> Option<BlobKey> {
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
    Some(BlobKey(bytes.try_into().ok()?))
}

fn checked(input: NewTableImport, size: usize, most: usize) -> Result<NewTableImport, Error> {
    let mut problems = Problems::default();
    if let Some(name) = &input.name {
        problems.text("name", name, 1..=LONGEST_NAME, false);
    }
    if input.columns.len() > MOST_COLUMNS {
        problems.add("map", "too_many", format!("May have at most {MOST_COLUMNS} entries."));
    }
    for (theirs, ours) in &input.columns {
        if theirs.chars().count() > LONGEST_NAME || ours.chars().count() > LONGEST_NAME {
            problems.add("map", "length", format!("Names have at most {LONGEST_NAME} characters."));
        }
    }
    if size == 0 {
        problems.add("body", "required", "There is nothing in the file.");
    }
    if size > most {
        problems.add("body", "too_large", format!("May have at most {most} bytes."));
    }
    problems.finish()?;
    Ok(input)
}

/// The audit log names the table, and nothing of what is in it.
fn tell(recorder: &mut Recorder<'_>, action: &str, stored: &Stored<TableImport>) {
    let TableImport { kind, name, dry_run, skip_bad, size, .. } = &stored.content;
    let told = [
        ("kind", json!(kind)),
        ("name", json!(name)),
        ("dry_run", json!(dry_run)),
        ("skip_bad", json!(skip_bad)),
        ("size", json!(size)),
    ];
    let told: FieldChanges = told.into_iter().map(|(name, value)| (name.to_owned(), (json!(null), value))).collect();
    recorder.deed(action, Subject::Setting(stored.id), &told);
}
