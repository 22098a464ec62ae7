//! What SQLite's errors mean to the desk.

use ticketing_core::port::{StoreError, Unique};

/// SQLite's primary result codes that mean something of their own.
mod code {
    pub const BUSY: i32 = 5;
    pub const LOCKED: i32 = 6;
    pub const NOMEM: i32 = 7;
    pub const READONLY: i32 = 8;
    pub const INTERRUPT: i32 = 9;
    pub const IOERR: i32 = 10;
    pub const CORRUPT: i32 = 11;
    pub const FULL: i32 = 13;
    pub const CANTOPEN: i32 = 14;
    pub const PROTOCOL: i32 = 15;
    pub const NOTADB: i32 = 26;
    /// Extended: a foreign key has no row to point at.
    pub const FOREIGN_KEY: i32 = 787;
}

/// The extended result code, where the error is one of SQLite's own.
fn extended(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// Whether another connection holds the lock that this one wanted.
pub fn is_busy(error: &sqlx::Error) -> bool {
    extended(error).is_some_and(|code| matches!(code & 0xff, code::BUSY | code::LOCKED | code::PROTOCOL))
}

/// Whether a row named another that is not there.
pub fn is_foreign_key(error: &sqlx::Error) -> bool {
    extended(error) == Some(code::FOREIGN_KEY)
}

/// The desk's word for a failed read or statement.
pub fn store_error(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => StoreError::Unavailable(Box::new(error)),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Corrupt(error.to_string()),
        sqlx::Error::Database(database) => match unique(database.message()) {
            Some(taken) => taken,
            None => database_error(error),
        },
        _ => StoreError::Other(Box::new(error)),
    }
}

fn database_error(error: sqlx::Error) -> StoreError {
    match extended(&error).map(|code| code & 0xff) {
        Some(
            code::BUSY
            | code::LOCKED
            | code::NOMEM
            | code::READONLY
            | code::INTERRUPT
            | code::IOERR
            | code::FULL
            | code::CANTOPEN
            | code::PROTOCOL,
        ) => StoreError::Unavailable(Box::new(error)),
        Some(code::CORRUPT | code::NOTADB) => StoreError::Corrupt(error.to_string()),
        _ => StoreError::Other(Box::new(error)),
    }
}

/// What a refused unique value is to the desk. SQLite names the columns: `UNIQUE constraint failed:
/// ticket.number`.
fn unique(message: &str) -> Option<StoreError> {
    let columns = message.strip_prefix("UNIQUE constraint failed: ")?;
    Some(match columns {
        "ticket.number" => StoreError::Duplicate(Unique::TicketNumber),
        "person.email_fold" => StoreError::Duplicate(Unique::Email),
        "organization.name_fold" => StoreError::Duplicate(Unique::OrganizationName),
        "organization_domain.domain" => StoreError::Duplicate(Unique::OrganizationDomain),
        "team.name_fold" => StoreError::Duplicate(Unique::TeamName),
        "api_key.prefix" => StoreError::Duplicate(Unique::ApiKeyPrefix),
        "ticket_link.ticket_id, ticket_link.other_id, ticket_link.type" => StoreError::Duplicate(Unique::TicketLink),
        "event.id" => StoreError::Duplicate(Unique::Event),
        "arrival.key" => StoreError::Duplicate(Unique::Arrival),
        // Rows without an id of their own: somebody else has just added the very same.
        "membership.team_id, membership.user_id"
        | "audit_seal.no"
        | "mail_record.address, mail_record.ticket_id"
        | "setting.kind, setting.id"
        | "fired.ticket_id, fired.rule_id, fired.anchor_at"
        | "schedule.kind, schedule.id"
        | "routing_turn.id"
        | "stopwatch.user_id"
        | "setting_history.kind, setting_history.id, setting_history.version" => StoreError::Conflict,
        _ => StoreError::Duplicate(Unique::Id),
    })
}

/// A stored value that can't be one.
pub fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}
