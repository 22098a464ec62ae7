//! What PostgreSQL's refusals mean to the desk.

use sqlx::Error;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;
use ticketing_core::port::{BoxError, StoreError, Unique};

/// The settings are not those that the change was decided under. Raised by the commit's own statement.
pub(super) const STALE_SETTINGS: &str = "TK001";
/// A row is not as the change expects it.
pub(super) const CONFLICT: &str = "TK002";
/// A password was set for somebody who is not there.
pub(super) const NO_SUCH_USER: &str = "TK003";

/// The call that the change was made for has been answered before.
pub(super) const REPEATED: &str = "TK004";

/// The database is away; nothing was applied.
pub(super) fn unavailable(cause: impl Into<BoxError>) -> StoreError {
    StoreError::Unavailable(cause.into())
}

/// A failed read, or a failed statement inside of a transaction that is yet to be committed: whatever
/// happened, nothing was applied.
pub(super) fn in_read(error: Error) -> StoreError {
    match error {
        Error::Database(refusal) => refused(refusal),
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolTimedOut | Error::PoolClosed => {
            unavailable(error)
        }
        Error::ColumnDecode { .. } | Error::Decode(_) => StoreError::Corrupt(error.to_string()),
        other => StoreError::Other(Box::new(other)),
    }
}

/// A failed statement that commits by itself: where the connection broke, it may have been applied.
pub(super) fn in_commit(error: Error) -> StoreError {
    match error {
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) => StoreError::Unknown(Box::new(error)),
        // The server ends its connections, perhaps between the commit and the answer.
        Error::Database(refusal) if matches!(refusal.code().as_deref(), Some("57P01" | "57P02")) => {
            StoreError::Unknown(refusal.into_error())
        }
        other => in_read(other),
    }
}

/// Whether the connection is of no more use: it broke, its server goes down or comes up, or the server
/// takes no changes, as one that another has taken over from. A new connection may find the other.
pub(super) fn ends_connection(error: &StoreError) -> bool {
    let (StoreError::Unavailable(cause) | StoreError::Unknown(cause)) = error else { return false };
    match cause.downcast_ref::<PgDatabaseError>() {
        Some(refusal) => refusal.code() == "25006" || refusal.code().starts_with("57P"),
        None => cause.is::<Error>(),
    }
}

fn refused(refusal: Box<dyn DatabaseError>) -> StoreError {
    let code = refusal.code().unwrap_or_default().into_owned();
    match code.as_str() {
        STALE_SETTINGS => StoreError::StaleSettings,
        // Serialisation failures, deadlocks and locks that were not to be had: another was in the way.
        CONFLICT | "40001" | "40P01" | "55P03" => StoreError::Conflict,
        NO_SUCH_USER => StoreError::Missing("user"),
        REPEATED => StoreError::Duplicate(Unique::Answer),
        "23505" => taken(refusal.constraint()),
        "23503" => StoreError::Missing(missing(refusal.constraint())),
        // Cancelled by the statement's time limit; read-only, so that nothing was applied.
        "57014" | "25006" => unavailable(refusal.into_error()),
        // Connection failures, lack of resources, a server that goes down or comes up.
        _ if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => unavailable(refusal.into_error()),
        _ => StoreError::Other(refusal.into_error()),
    }
}

fn taken(constraint: Option<&str>) -> StoreError {
    StoreError::Duplicate(match constraint {
        // Rows without an id of their own: somebody else has just added the very same. The history
        // may be written before the document.
        Some(
            "membership_pkey"
            | "setting_pkey"
            | "setting_history_pkey"
            | "audit_seal_pkey"
            | "mail_record_pkey"
            | "fired_pkey"
            | "schedule_pkey"
            | "routing_turn_pkey"
            | "stopwatch_pkey",
        ) => return StoreError::Conflict,
        Some("ticket_number") => Unique::TicketNumber,
        Some("person_email") => Unique::Email,
        Some("organization_name") => Unique::OrganizationName,
        Some("organization_domain_taken") => Unique::OrganizationDomain,
        Some("team_name") => Unique::TeamName,
        Some("api_key_prefix") => Unique::ApiKeyPrefix,
        Some("ticket_link_once") => Unique::TicketLink,
        Some("event_id") => Unique::Event,
        Some("arrival_key") => Unique::Arrival,
        _ => Unique::Id,
    })
}

fn missing(constraint: Option<&str>) -> &'static str {
    match constraint {
        Some("ticket_customer") => "customer",
        Some("ticket_organization") => "organization",
        Some("attachment_comment") => "comment",
        _ => "ticket",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_breaks_in_a_commit_leaves_the_outcome_open() {
        let broken = || Error::Io(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
        assert!(matches!(in_commit(broken()), StoreError::Unknown(_)));
        assert!(matches!(in_read(broken()), StoreError::Unavailable(_)));
    }
}
