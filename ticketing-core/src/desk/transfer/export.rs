//! Writing a desk down: page by page, with never more than a page of it in memory.

use super::line::{Footer, Header, Line, SettingLine, UserLine, WatcherLine};
use super::mark::ImportMark;
use super::work::CannedUseLine;
use super::{LEFT_OUT, PERSONAL_KINDS, SECRET_KINDS, TransferError};
use crate::access::{Call, Scope};
use crate::condition::Condition;
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::ids::{AttachmentId, CommentId, OrganizationId, Seq, TeamId, TicketId, UserId};
use crate::model::{Attachment, BlobKey, Comment, Role, Subject, Ticket, TicketLink, User, Watcher};
use crate::port::{BlobStore, RoutingQuery, StoreResult};
use crate::query::{OrganizationQuery, Position, Sort, SortField, TicketQuery, TimeFilter, TimeQuery, UserQuery};
use crate::setting::{Document, Setting};
use crate::time::Time;
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use uuid::Uuid;

/// How many rows are read at a time.
const PAGE: usize = 200;

/// How many tickets are read beside one another.
const AT_ONCE: usize = 8;

/// No ticket has more ties.
const MOST_LINKS: usize = 10_000;

const OLDEST_FIRST: Sort = Sort { field: SortField::CreatedAt, descending: false };

/// How to write a desk down.
#[derive(Default)]
pub struct DeskExport<'a> {
    /// Whether hashes of passwords, webhooks and mailboxes are written, too. The secrets of the latter stay sealed: only a desk
    /// with the same key of secrets can use them.
    pub with_secrets: bool,
    /// Where bytes of files are copied to, where they are.
    pub files: Option<&'a dyn BlobStore>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportTally {
    /// How many lines of each type.
    pub counts: BTreeMap<String, u64>,
    /// The checksum of all lines but the last.
    pub sha256: String,
    /// How many files were copied.
    pub files: u64,
    /// How many files have no bytes any more.
    pub missing_files: u64,
    /// What is not in it.
    pub left_out: Vec<String>,
}

impl Desk {
    /// Writes the desk down as it is now. Tickets, people and what was said that come meanwhile are left out, or in where something
    /// else needs them; a ticket that changes meanwhile may be newer than its history. Settings and staff must not change, and what
    /// was said must not move from one ticket to another: then all of it fails. `progress` hears how many tickets are in. For
    /// administrators and the operator.
    pub async fn export_desk(
        &self,
        call: impl Into<Call>,
        options: &DeskExport<'_>,
        out: &mut (dyn Write + Send),
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<ExportTally, TransferError> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let mut pen = Pen { out, digest: Sha256::new(), counts: BTreeMap::new() };
        // Whatever the log has up to here belongs to tickets that were made until the moment that is asked for next.
        let end = self.store.log_end().await?;
        let made_at = self.now();
        let state = self.store.settings().await?;
        let desk = self.snapshot().await?.profile.content.name.clone();
        pen.write(&Line::Header(Header {
            format: Header::FORMAT.to_owned(),
            version: Header::VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            desk,
            made_at,
            has_secrets: options.with_secrets,
        }))?;
        let mut walk =
            Walk { desk: self, options, pen, people: None, companies: None, files: HashSet::new(), missing: 0 };
        walk.settings(state.documents)?;
        walk.users(state.staff).await?;
        let (mut teams, mut memberships) = (state.teams, state.memberships);
        teams.sort_by_key(|team| team.id);
        memberships.sort_by_key(|place| (place.team_id, place.user_id));
        let ids: Vec<TeamId> = teams.iter().map(|team| team.id).collect();
        walk.lines(teams.into_iter().map(Line::Team))?;
        walk.lines(memberships.into_iter().map(Line::Membership))?;
        walk.turns(&ids).await?;
        walk.companies().await?;
        walk.customers().await?;
        walk.tickets(made_at, progress).await?;
        walk.decisions(made_at).await?;
        walk.time(made_at).await?;
        walk.events(end).await?;
        // Whoever came meanwhile may have been named by then.
        walk.companies().await?;
        walk.customers().await?;
        if self.store.settings_version().await? != state.version {
            let why = "Settings or staff have changed meanwhile. Write the desk down again.";
            return Err(Error::conflict("settings_changed", why).into());
        }
        self.nothing_moved(end).await?;
        self.tell_export(call, options.with_secrets).await?;
        walk.finish()
    }

    /// Whoever takes all of it with them stands in the audit log.
    async fn tell_export(&self, call: &Call, with_secrets: bool) -> Result<(), Error> {
        let told = FieldChanges::from([("with_secrets".to_owned(), (json!(null), json!(with_secrets)))]);
        let told = &told;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            recorder.deed("desk.exported", Subject::Setting(Uuid::nil()), told);
            recorder.commit().await
        })
        .await
    }

    /// Fails where something that was said has gone to another ticket since this place of the log: it may have left a ticket that
    /// was not written yet for one that was.
    async fn nothing_moved(&self, since: Seq) -> Result<(), Error> {
        let moves =
            |fact: &Fact| matches!(fact, Fact::TicketMerged(_) | Fact::TicketUnmerged(_) | Fact::TicketSplit { .. });
        let mut after = since;
        loop {
            let page = self.store.events(&Scope::UPKEEP, after, PAGE).await?;
            if page.events.iter().any(|event| moves(&event.fact)) {
                let why = "Tickets were merged or split meanwhile. Write the desk down again.";
                return Err(Error::conflict("tickets_moved", why));
            }
            if page.next <= after {
                return Ok(());
            }
            after = page.next;
        }
    }
}

/// Writes lines, and knows what it wrote.
struct Pen<'a> {
    out: &'a mut (dyn Write + Send),
    digest: Sha256,
    counts: BTreeMap<String, u64>,
}

impl Pen<'_> {
    fn write(&mut self, line: &Line) -> Result<(), TransferError> {
        let mut text = serde_json::to_string(line).map_err(|e| Error::Internal(Box::new(e)))?;
        text.push('\n');
        self.digest.update(&text);
        self.out.write_all(text.as_bytes())?;
        if !matches!(line, Line::Header(_)) {
            *self.counts.entry(line.name().to_owned()).or_default() += 1;
        }
        Ok(())
    }
}

/// A ticket and all that hangs on it.
struct Whole {
    ticket: Ticket,
    comments: Vec<Comment>,
    watchers: Vec<Watcher>,
    files: Vec<Attachment>,
    links: Vec<TicketLink>,
}

struct Walk<'a> {
    desk: &'a Desk,
    options: &'a DeskExport<'a>,
    pen: Pen<'a>,
    /// The last customer that was written.
    people: Option<UserId>,
    /// The last company that was written.
    companies: Option<OrganizationId>,
    /// Files whose bytes were looked at, where they are copied.
    files: HashSet<BlobKey>,
    missing: u64,
}

impl Walk<'_> {
    fn lines(&mut self, lines: impl Iterator<Item = Line>) -> Result<(), TransferError> {
        for line in lines {
            self.pen.write(&line)?;
        }
        Ok(())
    }

    fn settings(&mut self, mut documents: Vec<Document>) -> Result<(), TransferError> {
        let with_secrets = self.options.with_secrets;
        documents.retain(|document| {
            let kind = document.kind.as_str();
            kind != ImportMark::KIND && (with_secrets || !SECRET_KINDS.contains(&kind))
        });
        documents.sort_by(|a, b| (&a.kind, a.id).cmp(&(&b.kind, b.id)));
        self.lines(documents.into_iter().map(|document| Line::Setting(SettingLine::from(document))))
    }

    async fn users(&mut self, mut users: Vec<User>) -> Result<(), TransferError> {
        users.sort_by_key(|user| user.id);
        let (desk, with_secrets) = (self.desk, self.options.with_secrets);
        for page in users.chunks(PAGE) {
            let hash = async |id| {
                if !with_secrets {
                    return Ok(None);
                }
                desk.store.credential_by_id(&Scope::SIGN_IN, id).await.map(|known| known?.password_hash)
            };
            let hashes: Vec<Option<String>> =
                stream::iter(page.iter().map(|user| hash(user.id))).buffered(AT_ONCE).try_collect().await?;
            for (user, password_hash) in page.iter().zip(hashes) {
                let (rights_version, joins_by_domain) = (user.rights_version, user.joins_by_domain);
                let user = user.clone();
                self.pen.write(&Line::User(UserLine { user, rights_version, joins_by_domain, password_hash }))?;
            }
            let ids: Vec<UserId> = page.iter().map(|user| user.id).collect();
            for kind in PERSONAL_KINDS {
                let mut own = desk.store.personal_documents(kind, &ids).await?;
                own.retain(|document| !document.deleted);
                own.sort_by_key(|document| (document.owner, document.id));
                self.lines(own.into_iter().map(|document| Line::Setting(SettingLine::from(document))))?;
            }
            for id in page.iter().filter(|user| user.role.is_staff()).map(|user| user.id) {
                let mut answers = desk.store.canned_uses(id).await?;
                answers.sort_by_key(|used| used.response_id);
                self.lines(answers.into_iter().map(|used| Line::CannedUse(CannedUseLine::of(id, used))))?;
            }
        }
        Ok(())
    }

    /// Where each team's round is. What people were given is no part of that: it only keeps commits apart.
    async fn turns(&mut self, teams: &[TeamId]) -> Result<(), TransferError> {
        for team_id in teams {
            let (turn, _) = self.desk.store.member_loads(*team_id, &[]).await?;
            self.lines(turn.into_iter().map(Line::RoutingTurn))?;
        }
        Ok(())
    }

    async fn companies(&mut self) -> Result<(), TransferError> {
        loop {
            let query = OrganizationQuery { text: None, after: self.companies, limit: PAGE };
            let page = self.desk.store.organizations(&Scope::UPKEEP, &query).await?;
            let Some(last) = page.last() else { return Ok(()) };
            self.companies = Some(last.id);
            self.lines(page.into_iter().map(Line::Organization))?;
        }
    }

    async fn customers(&mut self) -> Result<(), TransferError> {
        loop {
            let roles = vec![Role::Customer];
            let query = UserQuery { roles, after: self.people, limit: PAGE, ..UserQuery::default() };
            let page = self.desk.store.users(&Scope::UPKEEP, &query).await?;
            let Some(last) = page.last() else { return Ok(()) };
            self.people = Some(last.id);
            self.users(page).await?;
        }
    }

    async fn tickets(&mut self, until: Time, progress: &mut (dyn FnMut(u64) + Send)) -> Result<(), TransferError> {
        let desk = self.desk;
        let (mut after, mut done) = (None, 0);
        loop {
            let query =
                TicketQuery { filter: Condition::always(), sort: OLDEST_FIRST, after, limit: PAGE, now: desk.now() };
            let mut page = desk.store.tickets(&Scope::UPKEEP, &query).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(Position::of_ticket(OLDEST_FIRST, last));
            page.retain(|ticket| ticket.created_at <= until);
            let ids: Vec<TicketId> = page.iter().map(|ticket| ticket.id).collect();
            let mut results = desk.store.sla_results(&Scope::UPKEEP, &ids).await?;
            results.sort_by_key(|result| (result.ticket_id, result.metric, result.started_at));
            let mut moments = desk.store.milestones(&Scope::UPKEEP, &ids).await?;
            moments.sort_by_key(|moment| (moment.ticket_id, moment.kind, moment.at));
            let mut fired = desk.store.fired(&ids).await?;
            fired.sort_unstable();
            let mut wholes =
                stream::iter(page.into_iter().map(|ticket| whole(desk, ticket, until))).buffered(AT_ONCE).boxed();
            while let Some(whole) = wholes.try_next().await? {
                let of = whole.ticket.id;
                self.ticket(whole).await?;
                self.lines(own(&results, of, |result| result.ticket_id).map(|row| Line::SlaResult(row.into())))?;
                self.lines(own(&moments, of, |moment| moment.ticket_id).map(Line::Milestone))?;
                self.lines(own(&fired, of, |fired| fired.ticket_id).map(Line::Fired))?;
                done += 1;
            }
            drop(wholes);
            progress(done);
        }
    }

    async fn ticket(&mut self, whole: Whole) -> Result<(), TransferError> {
        for file in &whole.files {
            self.copy(file.blob).await?;
        }
        let of = whole.ticket.id;
        self.pen.write(&Line::Ticket(Box::new(whole.ticket)))?;
        self.lines(whole.comments.into_iter().map(|comment| Line::Comment(comment.into())))?;
        self.lines(whole.watchers.iter().filter_map(WatcherLine::of).map(Line::Watcher))?;
        self.lines(whole.files.into_iter().map(|file| Line::Attachment(file.into())))?;
        // Each tie once, with the ticket that it starts from.
        self.lines(whole.links.into_iter().filter(|link| link.ticket_id == of).map(Line::Link))
    }

    async fn copy(&mut self, key: BlobKey) -> Result<(), TransferError> {
        let Some(target) = self.options.files else { return Ok(()) };
        if !self.files.insert(key) {
            return Ok(());
        }
        match self.desk.blobs()?.get(key).await? {
            Some(bytes) => target.put(key, bytes).await?,
            None => self.missing += 1,
        }
        Ok(())
    }

    /// How tickets found their agents, newest first, as a store lists it.
    async fn decisions(&mut self, until: Time) -> Result<(), TransferError> {
        let mut before = None;
        loop {
            let query = RoutingQuery { before, limit: PAGE, ..RoutingQuery::default() };
            let page = self.desk.store.routing_decisions(&Scope::UPKEEP, &query).await?;
            let Some(last) = page.last() else { return Ok(()) };
            before = Some(last.id);
            let upto = page.into_iter().filter(|decision| decision.at <= until);
            self.lines(upto.map(|decision| Line::RoutingDecision(Box::new(decision))))?;
        }
    }

    /// Working time, latest first, as a store lists it.
    async fn time(&mut self, until: Time) -> Result<(), TransferError> {
        let mut before = None;
        loop {
            let query = TimeQuery { filter: TimeFilter::default(), before, limit: PAGE };
            let page = self.desk.store.time_entries(&Scope::UPKEEP, &query).await?;
            let Some(last) = page.last() else { return Ok(()) };
            before = Some((last.at(), last.id));
            let upto = page.into_iter().filter(|entry| entry.created_at <= until);
            self.lines(upto.map(|entry| Line::TimeEntry(Box::new(entry.into()))))?;
        }
    }

    async fn events(&mut self, end: Seq) -> Result<(), TransferError> {
        let mut after = Seq::default();
        while after < end {
            let page = self.desk.store.events(&Scope::UPKEEP, after, PAGE).await?;
            let upto = page.events.into_iter().filter(|event| event.seq <= end);
            self.lines(upto.map(|event| Line::Event(Box::new(event.into()))))?;
            if page.next <= after {
                break;
            }
            after = page.next;
        }
        Ok(())
    }

    fn finish(self) -> Result<ExportTally, TransferError> {
        let Self { mut pen, files, missing, options, .. } = self;
        let mut left_out: Vec<String> = LEFT_OUT.iter().map(|&what| what.to_owned()).collect();
        if !options.with_secrets {
            left_out.extend(["mailboxes", "passwords", "webhooks"].map(str::to_owned));
        }
        let sha256 = data_encoding::HEXLOWER.encode(&std::mem::take(&mut pen.digest).finalize());
        let counts = std::mem::take(&mut pen.counts);
        let footer = Footer { counts: counts.clone(), left_out: left_out.clone(), sha256: sha256.clone() };
        pen.write(&Line::Footer(footer))?;
        pen.out.flush()?;
        let files = files.len() as u64 - missing;
        Ok(ExportTally { counts, sha256, files, missing_files: missing, left_out })
    }
}

/// Those of a ticket, out of rows that are sorted by ticket.
fn own<T: Clone>(rows: &[T], ticket: TicketId, of: impl Fn(&T) -> TicketId) -> impl Iterator<Item = T> {
    let first = rows.partition_point(|row| of(row) < ticket);
    rows[first..].iter().take_while(move |row| of(row) == ticket).cloned()
}

/// All that hangs on a ticket and was there by then.
async fn whole(desk: &Desk, ticket: Ticket, until: Time) -> StoreResult<Whole> {
    let (store, scope, id) = (&desk.store, &Scope::UPKEEP, ticket.id);
    let mut comments: Vec<Comment> = Vec::new();
    loop {
        let after: Option<CommentId> = comments.last().map(|comment| comment.id);
        let page = store.comments(scope, id, after, PAGE).await?;
        let is_last = page.len() < PAGE;
        comments.extend(page);
        if is_last {
            break;
        }
    }
    comments.retain(|comment| comment.created_at <= until);
    let mut watchers: Vec<Watcher> = Vec::new();
    loop {
        let after = watchers.last().and_then(|watcher| watcher.user.id);
        let page = store.watchers(scope, id, after, PAGE).await?;
        let is_last = page.len() < PAGE;
        watchers.extend(page);
        if is_last {
            break;
        }
    }
    let mut files: Vec<Attachment> = Vec::new();
    loop {
        let after: Option<AttachmentId> = files.last().map(|file| file.id);
        let page = store.attachments(scope, id, after, PAGE).await?;
        let is_last = page.len() < PAGE;
        files.extend(page);
        if is_last {
            break;
        }
    }
    files.retain(|file| file.created_at <= until);
    let mut links = store.ticket_links(scope, id, MOST_LINKS).await?;
    links.retain(|link| link.created_at <= until);
    Ok(Whole { ticket, comments, watchers, files, links })
}
