//! One item of a group: all of its writes, or an error, after which the writer takes back what was
//! written before it.

mod canned;
pub mod claim;
mod inbound;
mod job;
mod link;
mod log;
pub mod notification;
mod people;
mod report;
mod routing;
mod setting;
mod ticket;
mod time;
pub mod timer;
pub mod workflow;

use super::failure::{is_foreign_key, store_error};
use super::script::Script;
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;
use ticketing_core::changes::{Changes, Committed, Expect, Guard, Row, Write};
use ticketing_core::event::Event;
use ticketing_core::ids::TicketId;
use ticketing_core::model::{
    Attachment, AuditEntry, Comment, Fired, Job, Milestone, Notification, Reading, RoutingDecision, SlaResult,
    Stopwatch, TicketLink, TimeEntry, WorkflowRun,
};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::time::Time;
use uuid::Uuid;

/// Writes one item. `settings` is the version that the store holds.
pub async fn changes(connection: &mut SqliteConnection, settings: i64, changes: &Changes) -> StoreResult<Committed> {
    if changes.settings != settings {
        return Err(StoreError::StaleSettings);
    }
    // Before all that may fail: a twin must be told that it is one.
    for write in &changes.writes {
        if let Write::Answer(answer) = write {
            log::answer(connection, answer).await?;
        }
    }
    check(connection, &changes.guards).await?;
    let mut later = Later::default();
    for write in &changes.writes {
        now_or_later(connection, write, &mut later).await?;
    }
    job::webhooks_called(connection, changes).await?;
    match later.write(connection, changes.bumps_settings).await {
        Ok(last) => Ok(Committed { seqs: log::places(last, later.events.len()) }),
        Err(error) if is_foreign_key(&error) => Err(later.what_is_missing(connection).await?),
        Err(error) => Err(store_error(error)),
    }
}

/// What is written at the end, many rows a statement: tickets first, because the rest refers to them.
#[derive(Default)]
struct Later<'a> {
    domains: Vec<people::Domain<'a>>,
    tickets: Vec<ticket::TicketWrite<'a>>,
    comments: Vec<&'a Comment>,
    watches: Vec<ticket::Watch>,
    links: Vec<&'a TicketLink>,
    events: Vec<&'a Event>,
    audit: Vec<&'a AuditEntry>,
    jobs: Vec<&'a Job>,
    runs: Vec<&'a WorkflowRun>,
    notifications: Vec<&'a Notification>,
    /// Tickets of which everybody's notifications are read: what is told of them joins nothing.
    read: Vec<TicketId>,
    wakes: Vec<(TicketId, Time)>,
    fired: Vec<&'a Fired>,
    sla_results: Vec<&'a SlaResult>,
    milestones: Vec<&'a Milestone>,
    routing_decisions: Vec<&'a RoutingDecision>,
    attachments: Vec<&'a Attachment>,
    time_entries: Vec<&'a TimeEntry>,
    stopwatches: Vec<&'a Stopwatch>,
}

async fn now_or_later<'a>(
    connection: &mut SqliteConnection,
    write: &'a Write,
    later: &mut Later<'a>,
) -> StoreResult<()> {
    match write {
        Write::Ticket { ticket, expect, text } => {
            if let Expect::Version(version) = expect {
                ticket::claim(connection, ticket, *version).await?;
            }
            later.tickets.push(ticket::TicketWrite { ticket, expect: *expect, text: *text });
        }
        Write::Comment { comment, expect: Expect::New } => later.comments.push(comment),
        Write::Comment { comment, expect: Expect::Version(version) } => {
            ticket::update_comment(connection, comment, *version).await?;
        }
        Write::Watch { ticket_id, user_id, at } => later.watches.push((*ticket_id, *user_id, *at)),
        Write::Unwatch { ticket_id, user_id } => ticket::unwatch(connection, *ticket_id, *user_id).await?,
        Write::MoveComments { from, to, comments, is_internal } => {
            link::move_comments(connection, (*from, *to), comments, *is_internal).await?;
        }
        Write::Link(link) => later.links.push(link),
        Write::Unlink(id) => link::unlink(connection, *id).await?,
        Write::User { user, expect } => people::user(connection, user, *expect).await?,
        Write::Password { user_id, hash } => people::password(connection, *user_id, hash.as_deref()).await?,
        Write::Organization { organization, expect } => {
            people::organization(connection, organization, *expect).await?;
            later.domains.extend(organization.domains.iter().map(|domain| (domain.as_str(), organization.id)));
        }
        Write::Team { team, expect } => people::team(connection, team, *expect).await?,
        Write::DeleteTeam { team_id, version } => people::delete_team(connection, *team_id, *version).await?,
        Write::Membership { membership, expect } => people::membership(connection, membership, *expect).await?,
        Write::DeleteMembership { team_id, user_id, version } => {
            people::delete_membership(connection, *team_id, *user_id, *version).await?;
        }
        Write::Session { session, expect } => people::session(connection, session, *expect).await?,
        Write::EndSessions { user_id, at } => people::end_sessions(connection, *user_id, *at).await?,
        Write::ForgetSignIns { user_id } => people::forget_sign_ins(connection, *user_id).await?,
        Write::ApiKey { key, expect } => people::api_key(connection, key, *expect).await?,
        Write::KeyUsed { id, at } => people::key_used(connection, *id, *at).await?,
        Write::CredentialToken { token } => people::credential_token(connection, token).await?,
        Write::SpendToken { token_hash, at } => people::spend_token(connection, token_hash, *at).await?,
        Write::Setting { document, expect } => setting::document(connection, document, *expect).await?,
        Write::Event(event) => later.events.push(event),
        Write::Audit(entry) => later.audit.push(entry),
        Write::EmptyDetails { ids } => log::empty_details(connection, ids).await?,
        Write::WorkflowRun(run) => later.runs.push(run),
        Write::Notification(told) => later.notifications.push(told),
        Write::ReadNotifications { reading, at } => {
            if let Reading::Ticket(ticket_id) = reading {
                later.read.push(*ticket_id);
            }
            notification::read(connection, *reading, *at).await?;
        }
        Write::ForgetNotifications { user_id } => notification::forget(connection, *user_id).await?,
        Write::TicketWake { ticket_id, due_at: Some(due_at) } => later.wakes.push((*ticket_id, *due_at)),
        Write::TicketWake { ticket_id, due_at: None } => timer::sleep(connection, *ticket_id).await?,
        Write::Fired(fired) => later.fired.push(fired),
        Write::Schedule { recurrence, expect } => timer::schedule(connection, recurrence, *expect).await?,
        Write::Unschedule { kind, id, version } => timer::unschedule(connection, *kind, *id, *version).await?,
        Write::SlaResult(result) => later.sla_results.push(result),
        Write::Milestone(milestone) => later.milestones.push(milestone),
        Write::Arrival { arrival, expect } => inbound::arrival(connection, arrival, *expect).await?,
        Write::Attachment(file) => later.attachments.push(file),
        Write::RoutingTurn { turn, expect } => routing::turn(connection, turn, *expect).await?,
        Write::RoutingDecision(decision) => later.routing_decisions.push(decision),
        Write::CannedUsed { response_id, user_id, uses, at } => {
            canned::used(connection, (*response_id, *user_id), *uses, *at).await?;
        }
        Write::TimeEntry { entry, expect: Expect::New } => later.time_entries.push(entry),
        Write::TimeEntry { entry, expect: Expect::Version(version) } => {
            time::update(connection, entry, *version).await?;
        }
        Write::DeleteTimeEntry { id, version } => time::delete(connection, *id, *version).await?,
        Write::MoveTime { from, to, logged_on } => time::go(connection, (*from, *to), logged_on.as_deref()).await?,
        Write::Stopwatch { stopwatch, expect: Expect::New } => later.stopwatches.push(stopwatch),
        Write::Stopwatch { stopwatch, expect: Expect::Version(version) } => {
            time::turn(connection, stopwatch, *version).await?;
        }
        Write::DeleteStopwatch { user_id, version } => time::put_away(connection, *user_id, *version).await?,
        // First of all and all of a commit together, in `changes`.
        Write::Answer(_) | Write::WebhookCalled { .. } => {}
        Write::Seal(seal) => log::seal(connection, seal).await?,
        Write::Job(job) => later.jobs.push(job),
        Write::EndJob(end) => job::end(connection, end).await?,
        Write::TakeJob { id, at } => job::take(connection, *id, *at).await?,
        Write::RedoJob { id, at } => job::redo(connection, *id, *at).await?,
        Write::MailRecord { record, expect } => job::mail_record(connection, record, *expect).await?,
    }
    Ok(())
}

impl Later<'_> {
    /// Answers the place of the last event.
    async fn write(&self, connection: &mut SqliteConnection, bumps_settings: bool) -> Result<i64, sqlx::Error> {
        let mut script = Script::on(connection);
        if bumps_settings {
            script.statement().push("UPDATE settings_head SET version = version + 1");
        }
        people::domains(&mut script, &self.domains).await?;
        ticket::tickets(&mut script, &self.tickets).await?;
        ticket::comments(&mut script, &self.comments).await?;
        ticket::watches(&mut script, &self.watches).await?;
        inbound::attachments(&mut script, &self.attachments).await?;
        time::entries(&mut script, &self.time_entries).await?;
        time::stopwatches(&mut script, &self.stopwatches).await?;
        link::links(&mut script, &self.links).await?;
        job::jobs(&mut script, &self.jobs).await?;
        workflow::runs(&mut script, &self.runs).await?;
        notification::notifications(&mut script, &self.notifications, &self.read).await?;
        timer::wakes(&mut script, &self.wakes).await?;
        timer::fired(&mut script, &self.fired).await?;
        report::sla_results(&mut script, &self.sla_results).await?;
        report::milestones(&mut script, &self.milestones).await?;
        routing::decisions(&mut script, &self.routing_decisions).await?;
        log::audit(&mut script, &self.audit).await?;
        log::events(&mut script, &self.events).await?;
        script.run().await
    }

    /// Which reference of what is written has no row. SQLite does not say.
    async fn what_is_missing(&self, connection: &mut SqliteConnection) -> StoreResult<StoreError> {
        if let Some(missing) = ticket::what_is_missing(connection, &self.tickets).await? {
            return Ok(missing);
        }
        let is_lost = inbound::is_comment_missing(connection, &self.attachments, &self.comments).await?;
        Ok(StoreError::Missing(if is_lost { "comment" } else { "ticket" }))
    }
}

/// Whether the rows that were only read still have the versions that were read.
async fn check(connection: &mut SqliteConnection, guards: &[Guard]) -> StoreResult<()> {
    // A statement for a few, so that its text is one of a few too.
    for guards in guards.chunks(8) {
        let mut query = QueryBuilder::new("SELECT TRUE");
        for guard in guards {
            let (id, stored): (Uuid, _) = match guard.row {
                Row::Ticket(id) => (id.0, " AND (SELECT version FROM ticket WHERE id = "),
                Row::User(id) => (id.0, " AND (SELECT version FROM person WHERE id = "),
                Row::Organization(id) => (id.0, " AND (SELECT version FROM organization WHERE id = "),
                Row::Team(id) => (id.0, " AND (SELECT version FROM team WHERE id = "),
            };
            query.push(stored).push_bind(id).push(") IS ").push_bind(guard.version);
        }
        let hold: bool = query.build_query_scalar().fetch_one(&mut *connection).await.map_err(store_error)?;
        if !hold {
            return Err(StoreError::Conflict);
        }
    }
    Ok(())
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// Runs a statement and answers how many rows it touched.
async fn execute(query: Query, connection: &mut SqliteConnection) -> StoreResult<u64> {
    Ok(query.execute(connection).await.map_err(store_error)?.rows_affected())
}

/// Runs a statement that must touch exactly the one row that has the expected version.
async fn execute_one(query: Query, connection: &mut SqliteConnection) -> StoreResult<()> {
    if execute(query, connection).await? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
