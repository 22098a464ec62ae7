//! One item of a group: all of its writes, or an error, after which the writer takes back what was
//! written before it.

mod log;
mod people;
mod setting;
mod ticket;

use super::failure::store_error;
use sqlx::sqlite::SqliteConnection;
use ticketing_core::changes::{Changes, Committed, Guard, Row, Write};
use ticketing_core::event::Event;
use ticketing_core::model::{AuditEntry, Comment};
use ticketing_core::port::{StoreError, StoreResult};
use uuid::Uuid;

/// Writes one item. `settings` is the version that the store holds.
pub async fn changes(connection: &mut SqliteConnection, settings: i64, changes: &Changes) -> StoreResult<Committed> {
    if changes.settings != settings {
        return Err(StoreError::StaleSettings);
    }
    for guard in &changes.guards {
        check(connection, *guard).await?;
    }
    let mut later = Later::default();
    for write in &changes.writes {
        now_or_later(connection, write, &mut later).await?;
    }
    let seqs = later.write(connection).await?;
    if changes.bumps_settings {
        execute(sqlx::query("UPDATE settings_head SET version = version + 1"), connection).await?;
    }
    Ok(Committed { seqs })
}

/// What is written at the end, many rows a statement: tickets first, because the rest refers to them.
#[derive(Default)]
struct Later<'a> {
    tickets: Vec<ticket::TicketWrite<'a>>,
    comments: Vec<&'a Comment>,
    watches: Vec<ticket::Watch>,
    events: Vec<&'a Event>,
    audit: Vec<&'a AuditEntry>,
}

async fn now_or_later<'a>(
    connection: &mut SqliteConnection,
    write: &'a Write,
    later: &mut Later<'a>,
) -> StoreResult<()> {
    use ticketing_core::changes::Expect;
    match write {
        Write::Ticket { ticket, expect, text } => {
            later.tickets.push(ticket::TicketWrite { ticket, expect: *expect, text: *text });
        }
        Write::Comment { comment, expect: Expect::New } => later.comments.push(comment),
        Write::Comment { comment, expect: Expect::Version(version) } => {
            ticket::update_comment(connection, comment, *version).await?;
        }
        Write::Watch { ticket_id, user_id, at } => later.watches.push((*ticket_id, *user_id, *at)),
        Write::Unwatch { ticket_id, user_id } => ticket::unwatch(connection, *ticket_id, *user_id).await?,
        Write::User { user, expect } => people::user(connection, user, *expect).await?,
        Write::Password { user_id, hash } => people::password(connection, *user_id, hash).await?,
        Write::Organization { organization, expect } => people::organization(connection, organization, *expect).await?,
        Write::Team { team, expect } => people::team(connection, team, *expect).await?,
        Write::DeleteTeam { team_id, version } => people::delete_team(connection, *team_id, *version).await?,
        Write::Membership { membership, expect } => people::membership(connection, membership, *expect).await?,
        Write::DeleteMembership { team_id, user_id, version } => {
            people::delete_membership(connection, *team_id, *user_id, *version).await?;
        }
        Write::Session { session, expect } => people::session(connection, session, *expect).await?,
        Write::EndSessions { user_id, at } => people::end_sessions(connection, *user_id, *at).await?,
        Write::ApiKey { key, expect } => people::api_key(connection, key, *expect).await?,
        Write::Setting { document, expect } => setting::document(connection, document, *expect).await?,
        Write::Event(event) => later.events.push(event),
        Write::Audit(entry) => later.audit.push(entry),
    }
    Ok(())
}

impl Later<'_> {
    async fn write(&self, connection: &mut SqliteConnection) -> StoreResult<Vec<ticketing_core::ids::Seq>> {
        ticket::tickets(connection, &self.tickets).await?;
        ticket::comments(connection, &self.comments).await?;
        ticket::watches(connection, &self.watches).await?;
        log::audit(connection, &self.audit).await?;
        log::events(connection, &self.events).await
    }
}

/// Whether a row that was only read still has the version that was read.
async fn check(connection: &mut SqliteConnection, guard: Guard) -> StoreResult<()> {
    let (id, statement): (Uuid, _) = match guard.row {
        Row::Ticket(id) => (id.0, "SELECT version FROM ticket WHERE id = ?"),
        Row::User(id) => (id.0, "SELECT version FROM person WHERE id = ?"),
        Row::Organization(id) => (id.0, "SELECT version FROM organization WHERE id = ?"),
        Row::Team(id) => (id.0, "SELECT version FROM team WHERE id = ?"),
    };
    let stored: Option<i64> =
        sqlx::query_scalar(statement).bind(id).fetch_optional(connection).await.map_err(store_error)?;
    if stored == Some(guard.version) { Ok(()) } else { Err(StoreError::Conflict) }
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
