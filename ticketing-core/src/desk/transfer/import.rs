//! Making a desk of a file: rows go in as they were, in batches that are the same each time, so that what was interrupted goes on.

use super::line::{Footer, Header, Line};
use super::mark::ImportMark;
use super::read::{Lines, OpenFile, check};
use super::work::CannedUseLine;
use super::{SECRET_KINDS, TransferError};
use crate::access::{Call, Scope, SystemReason};
use crate::changes::{Changes, Expect, Write};
use crate::condition::Condition;
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{ChangeId, TicketKey, UserId};
use crate::model::{BlobKey, Role, Subject};
use crate::port::{BlobStore, StoreError};
use crate::query::{OrganizationQuery, Sort, TicketQuery, UserQuery};
use crate::setting::{Document, Setting, Single, SingleSetting, Stored};
use futures::StreamExt;
use futures::stream::FuturesOrdered;
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeSet, HashSet};

/// How many lines go in at once, and how many bytes they may have about.
const BATCH: (usize, usize) = (500, 4 * 1024 * 1024);

/// How many batches wait for the store at a time. A few keep it busy while the next ones are read.
const IN_FLIGHT: usize = 4;

/// How often a batch is sent again because settings have changed.
const ATTEMPTS: usize = 5;

/// How to take a desk in.
#[derive(Default)]
pub struct DeskImport<'a> {
    /// Only the file is read, and whether this desk could take it in is looked at.
    pub dry_run: bool,
    /// Where bytes of files are copied from, where they are.
    pub files: Option<&'a dyn BlobStore>,
}

/// What was taken in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportTally {
    /// What the file says to be.
    pub header: Header,
    /// What is in it.
    pub footer: Footer,
    /// Whether an earlier call has begun with it.
    pub is_resumed: bool,
    /// Whether an earlier call has brought all of it in.
    pub was_whole: bool,
    /// How many files were copied.
    pub files: u64,
    /// How many files have no bytes where they were to be copied from.
    pub missing_files: u64,
}

/// Rows that go in together, since others need them. What follows waits until all of them are in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Companies,
    Customers,
    Personal,
    /// How often canned responses were used. That is added to what is known, so those that are in are passed over.
    Used,
    Tickets,
    /// Tickets that others have taken in: these are there before.
    Merged,
    Said,
    Hung,
    /// What rules have looked at by the clock, so that none does the same again.
    Fired,
    /// One batch after the other: the log has their order.
    Events,
}

impl Phase {
    const ALL: [Self; 10] = [
        Self::Companies,
        Self::Customers,
        Self::Personal,
        Self::Used,
        Self::Tickets,
        Self::Merged,
        Self::Said,
        Self::Hung,
        Self::Fired,
        Self::Events,
    ];

    fn types(self) -> &'static [&'static str] {
        match self {
            Self::Companies => &["organization"],
            Self::Customers => &["user"],
            Self::Personal => &["setting"],
            Self::Used => &["canned_use"],
            Self::Tickets | Self::Merged => &["ticket"],
            Self::Said => &["comment", "watcher", "sla_result", "milestone", "routing_decision", "time_entry"],
            Self::Hung => &["attachment", "link"],
            Self::Fired => &["fired"],
            Self::Events => &["event"],
        }
    }

    fn takes(self, line: &Line) -> bool {
        match (self, line) {
            (Self::Customers, Line::User(line)) => !line.user.role.is_staff(),
            (Self::Personal, Line::Setting(line)) => line.owner.is_some(),
            (Self::Tickets, Line::Ticket(ticket)) => ticket.merged_into.is_none(),
            (Self::Merged, Line::Ticket(ticket)) => ticket.merged_into.is_some(),
            _ => true,
        }
    }

    fn in_flight(self) -> usize {
        if self == Self::Events { 1 } else { IN_FLIGHT }
    }
}

impl Desk {
    /// Makes this desk, which has to be a new one, the desk of a file. The whole file is read before anything is written. What
    /// was interrupted goes on when it is called again with the same file. Nobody is mailed, no rule looks at anything, no
    /// webhook is called. `progress` hears how many lines are in. For administrators and the operator.
    pub async fn import_desk(
        &self,
        call: impl Into<Call>,
        options: &DeskImport<'_>,
        open: OpenFile<'_>,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<ImportTally, TransferError> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        let (header, footer) = check(open)?;
        let mark = self.import_mark().await?;
        match &mark {
            Some(mark) if mark.sha256 != footer.sha256 => {
                return Err(Error::conflict("other_import", "This desk was begun with another file.").into());
            }
            Some(_) => {}
            None => self.must_be_new().await?,
        }
        let was_whole = mark.as_ref().is_some_and(|mark| mark.is_whole);
        let mut tally =
            ImportTally { header, footer, is_resumed: mark.is_some(), was_whole, files: 0, missing_files: 0 };
        if was_whole || options.dry_run {
            return Ok(tally);
        }
        let mut done = self.begin_import(open, &tally).await?;
        progress(done);
        let mut copied = Copied { options, seen: HashSet::new(), missing: 0 };
        for phase in Phase::ALL {
            let mut lines = Lines::open(open)?;
            let mut flying = FuturesOrdered::new();
            loop {
                let batch = self.next_batch(&mut lines, phase, &mut copied).await?;
                let is_last = batch.is_empty();
                while !flying.is_empty() && (is_last || flying.len() >= phase.in_flight()) {
                    if let Some(landed) = flying.next().await {
                        done += landed?;
                        progress(done);
                    }
                }
                if is_last {
                    break;
                }
                flying.push_back(self.put(batch, phase));
            }
        }
        self.end_import(&call, &tally).await?;
        tally.files = copied.seen.len() as u64 - copied.missing;
        tally.missing_files = copied.missing;
        Ok(tally)
    }

    async fn import_mark(&self) -> Result<Option<ImportMark>, Error> {
        let documents = self.store.settings().await?.documents;
        let found = documents.iter().find(|document| document.kind == ImportMark::KIND);
        found.map(|document| document.stored::<ImportMark>().map(|stored| stored.content)).transpose()
    }

    async fn must_be_new(&self) -> Result<(), Error> {
        let (scope, now) = (&Scope::UPKEEP, self.now());
        let state = self.store.settings().await?;
        let people = UserQuery { limit: 1, ..UserQuery::default() };
        let companies = OrganizationQuery { limit: 1, ..OrganizationQuery::default() };
        let tickets = TicketQuery { filter: Condition::always(), sort: Sort::default(), after: None, limit: 1, now };
        let is_new = state.documents.is_empty()
            && state.teams.is_empty()
            && self.store.users(scope, &people).await?.is_empty()
            && self.store.organizations(scope, &companies).await?.is_empty()
            && self.store.tickets(scope, &tickets).await?.is_empty();
        if is_new {
            return Ok(());
        }
        let why = "A desk is taken in by a new store alone, and this one has people, settings or tickets already.";
        Err(Error::conflict("not_empty", why))
    }

    /// Settings, staff and teams go in together with the mark: all that settings' version counts. Answers how many lines
    /// there are of them.
    async fn begin_import(&self, open: OpenFile<'_>, tally: &ImportTally) -> Result<u64, TransferError> {
        let mut lines = Lines::open(open)?;
        let mut writes = Vec::new();
        let mut done = 0;
        while let Some((number, line)) = lines.next_of(&["setting", "user", "team", "membership", "routing_turn"])? {
            match &line {
                Line::Setting(line) if line.owner.is_some() => continue,
                Line::Setting(line) if SECRET_KINDS.contains(&line.kind.as_str()) && !tally.header.has_secrets => {
                    return Err(TransferError::at(number, "The header says that there are no secrets."));
                }
                Line::User(line) if !line.user.role.is_staff() => continue,
                _ => {}
            }
            done += 1;
            write(number, line, &mut writes)?;
        }
        if tally.is_resumed {
            return Ok(done);
        }
        let mark = ImportMark { sha256: tally.footer.sha256.clone(), is_whole: false };
        let document = Document {
            kind: ImportMark::KIND.to_owned(),
            id: ImportMark::ID,
            owner: None,
            version: 1,
            saved_at: self.now(),
            saved_by: None,
            deleted: false,
            body: json!(mark),
        };
        writes.push(Write::Setting { document, expect: Expect::New });
        let settings = self.store.settings_version().await?;
        self.commit(Changes { bumps_settings: true, ..self.imported(settings, writes) }).await?;
        Ok(done)
    }

    fn imported(&self, settings: i64, writes: Vec<Write>) -> Changes {
        Changes {
            id: ChangeId(self.ids().uuid(self.now())),
            scope: Scope::System(SystemReason::Operator),
            settings,
            bumps_settings: false,
            writes,
            guards: Vec::new(),
        }
    }

    async fn next_batch(
        &self,
        lines: &mut Lines,
        phase: Phase,
        copied: &mut Copied<'_>,
    ) -> Result<Batch, TransferError> {
        let mut batch = Batch::default();
        let (most, mut bytes) = (BATCH.0, 0);
        while batch.lines < most && bytes < BATCH.1 {
            let Some((number, line)) = lines.next_of(phase.types())? else { break };
            if !phase.takes(&line) {
                continue;
            }
            if let Line::Attachment(file) = &line {
                let key = file.blob().ok_or_else(|| TransferError::at(number, "Its checksum is none."))?;
                copied.copy(self, key).await?;
            }
            bytes += lines.length();
            batch.lines += 1;
            write(number, line, &mut batch.writes)?;
        }
        Ok(batch)
    }

    /// Answers how many lines are in now.
    async fn put(&self, batch: Batch, phase: Phase) -> Result<u64, TransferError> {
        let (lines, mut writes) = (batch.lines as u64, batch.writes);
        if phase == Phase::Used {
            self.leave_used(&mut writes).await?;
        }
        let mut attempts = 0;
        loop {
            attempts += 1;
            let settings = self.store.settings_version().await?;
            let answer = self.store.commit(self.imported(settings, writes.clone())).await;
            return match answer {
                Ok(_) => Ok(lines),
                Err(StoreError::StaleSettings) if attempts < ATTEMPTS => continue,
                // An earlier call has brought it in: a batch goes in whole or not at all.
                Err(StoreError::Duplicate(_)) if self.has(&writes).await? => Ok(lines),
                Err(StoreError::Conflict) if matches!(phase, Phase::Personal | Phase::Fired) => Ok(lines),
                Err(error) => Err(error.into()),
            };
        }
    }

    /// Leaves what is in already as it is.
    async fn leave_used(&self, writes: &mut Vec<Write>) -> Result<(), StoreError> {
        let used = |write: &Write| match write {
            Write::CannedUsed { user_id, response_id, .. } => Some((*user_id, *response_id)),
            _ => None,
        };
        let people: BTreeSet<UserId> = writes.iter().filter_map(used).map(|(user_id, _)| user_id).collect();
        let mut known = HashSet::new();
        for user_id in people {
            known.extend(self.store.canned_uses(user_id).await?.iter().map(|used| (user_id, used.response_id)));
        }
        writes.retain(|write| used(write).is_none_or(|pair| !known.contains(&pair)));
        Ok(())
    }

    /// Whether the first row that can be looked for is there.
    async fn has(&self, writes: &[Write]) -> Result<bool, StoreError> {
        let scope = &Scope::UPKEEP;
        for write in writes {
            return Ok(match write {
                Write::Organization { organization, .. } => {
                    self.store.organization(scope, organization.id).await?.is_some()
                }
                Write::User { user, .. } => self.store.user(scope, user.id).await?.is_some(),
                Write::Ticket { ticket, .. } => self.store.ticket(scope, &TicketKey::Id(ticket.id)).await?.is_some(),
                Write::Comment { comment, .. } => !self.store.comments_by_ids(scope, &[comment.id]).await?.is_empty(),
                Write::TimeEntry { entry, .. } => self.store.time_entry(scope, entry.id).await?.is_some(),
                Write::Attachment(file) => self.store.attachment(scope, file.id).await?.is_some(),
                Write::Link(_) | Write::Event(_) | Write::RoutingDecision(_) => true,
                _ => continue,
            });
        }
        Ok(true)
    }

    /// What follows from all of it is planned: rules that run by the clock, and when tickets ask for something.
    async fn end_import(&self, call: &Call, tally: &ImportTally) -> Result<(), Error> {
        self.insist(move || async move {
            let documents: Vec<Stored<ImportMark>> = {
                let all = self.store.settings().await?.documents;
                let own = all.iter().filter(|document| document.kind == ImportMark::KIND);
                own.map(Document::stored).collect::<Result<_, _>>()?
            };
            let known: Single<ImportMark> = documents.into();
            if known.content.is_whole {
                return Ok(());
            }
            let mut recorder = Recorder::begin(self, call).await?;
            recorder.plan_all().await?;
            let content = ImportMark { is_whole: true, ..known.content };
            let new = Stored { id: ImportMark::ID, version: known.version + 1, saved_at: recorder.now, content };
            recorder.document(&new, None, false)?;
            let counts = tally.footer.counts.iter().map(|(what, count)| (what.clone(), (json!(null), json!(count))));
            let mut changes: FieldChanges = counts.collect();
            changes.insert("sha256".to_owned(), (json!(null), json!(tally.footer.sha256)));
            recorder.deed("desk.imported", Subject::Setting(ImportMark::ID), &changes);
            recorder.commit().await
        })
        .await
    }
}

/// Some lines, and what they write.
#[derive(Default)]
struct Batch {
    lines: usize,
    writes: Vec<Write>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.lines == 0
    }
}

/// Bytes of files on their way.
struct Copied<'a> {
    options: &'a DeskImport<'a>,
    seen: HashSet<BlobKey>,
    missing: u64,
}

impl Copied<'_> {
    async fn copy(&mut self, desk: &Desk, key: BlobKey) -> Result<(), TransferError> {
        let Some(source) = self.options.files else { return Ok(()) };
        if !self.seen.insert(key) {
            return Ok(());
        }
        match source.get(key).await? {
            Some(bytes) => desk.blobs()?.put(key, bytes).await?,
            None => self.missing += 1,
        }
        Ok(())
    }
}

/// What a line writes.
fn write(number: u64, line: Line, writes: &mut Vec<Write>) -> Result<(), TransferError> {
    let expect = Expect::New;
    let last = match line {
        Line::Header(_) | Line::Footer(_) => return Ok(()),
        Line::Setting(line) => Write::Setting { document: line.into(), expect },
        Line::User(line) => {
            let (user, hash) = line.into_parts();
            let user_id = user.id;
            writes.push(Write::User { user, expect });
            match hash {
                Some(hash) => Write::Password { user_id, hash: Some(hash) },
                None => return Ok(()),
            }
        }
        Line::Team(team) => Write::Team { team, expect },
        Line::Membership(membership) => Write::Membership { membership, expect },
        Line::Organization(organization) => Write::Organization { organization, expect },
        Line::Ticket(ticket) => Write::Ticket { ticket, expect, text: true },
        Line::Comment(line) => Write::Comment { comment: line.into(), expect },
        Line::Watcher(line) => Write::Watch { ticket_id: line.ticket_id, user_id: line.user_id, at: line.created_at },
        Line::Attachment(line) => {
            let file = line.into_attachment();
            let nothing = || TransferError::at(number, "The file belongs to no ticket and no comment, or to both.");
            Write::Attachment(Box::new(file.ok_or_else(nothing)?))
        }
        Line::SlaResult(line) => Write::SlaResult(Box::new(line.into())),
        Line::RoutingTurn(turn) => Write::RoutingTurn { turn, expect },
        Line::CannedUse(line) => {
            let CannedUseLine { user_id, response_id, uses, last_used_at: at } = line;
            Write::CannedUsed { response_id, user_id, uses, at }
        }
        Line::Fired(fired) => Write::Fired(fired),
        Line::Milestone(milestone) => Write::Milestone(milestone),
        Line::RoutingDecision(decision) => Write::RoutingDecision(decision),
        Line::TimeEntry(line) => Write::TimeEntry { entry: Box::new((*line).into()), expect },
        Line::Link(tie) => Write::Link(tie),
        Line::Event(line) => Write::Event(Box::new((*line).into())),
    };
    writes.push(last);
    Ok(())
}
