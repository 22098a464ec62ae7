//! What is read of settings and directory beside the staff.

use super::Cells;
use sqlx::sqlite::SqliteRow;
use ticketing_core::ids::{CalendarId, TeamId, UserId};
use ticketing_core::model::{Membership, Routing, Team, TeamRole};
use ticketing_core::port::StoreResult;
use ticketing_core::setting::Document;

/// Columns of [`team`].
pub const TEAM: &str =
    "id, name, description, routing, capacity, calendar_id, is_active, version, created_at, updated_at";

/// A team.
pub fn team(row: &SqliteRow) -> StoreResult<Team> {
    let mut cells = Cells::of(row);
    Ok(Team {
        id: cells.id(TeamId)?,
        name: cells.take()?,
        description: cells.take()?,
        routing: cells.word(Routing::from_rank)?,
        capacity: cells.take()?,
        calendar_id: cells.maybe_id(CalendarId)?,
        is_active: cells.take()?,
        version: cells.take()?,
        created_at: cells.time()?,
        updated_at: cells.time()?,
    })
}

/// Columns of [`membership`].
pub const MEMBERSHIP: &str = "team_id, user_id, role, capacity, skills, version, created_at";

/// A place in a team.
pub fn membership(row: &SqliteRow) -> StoreResult<Membership> {
    let mut cells = Cells::of(row);
    Ok(Membership {
        team_id: cells.id(TeamId)?,
        user_id: cells.id(UserId)?,
        role: cells.word(TeamRole::from_rank)?,
        capacity: cells.take()?,
        skills: cells.json()?,
        version: cells.take()?,
        created_at: cells.time()?,
    })
}

/// Columns of [`document`].
pub const DOCUMENT: &str = "kind, id, owner, version, saved_at, saved_by, deleted, body";

/// A settings document.
pub fn document(row: &SqliteRow) -> StoreResult<Document> {
    let mut cells = Cells::of(row);
    Ok(Document {
        kind: cells.take()?,
        id: cells.take()?,
        owner: cells.maybe_id(UserId)?,
        version: cells.take()?,
        saved_at: cells.time()?,
        saved_by: cells.maybe_id(UserId)?,
        deleted: cells.take()?,
        body: cells.json()?,
    })
}
