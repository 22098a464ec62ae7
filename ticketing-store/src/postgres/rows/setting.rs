//! What is read of settings and directory beside the staff.

use crate::row::{corrupt, word};
use serde_json::Value;
use sqlx::FromRow;
use ticketing_core::model::{Membership, Routing, Team, TeamRole};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::setting::Document;
use ticketing_core::time::Time;
use ticketing_core::{CalendarId, TeamId, UserId};
use uuid::Uuid;

#[derive(serde::Deserialize)]
pub(in crate::postgres) struct TeamRow {
    id: Uuid,
    name: String,
    description: Option<String>,
    routing: i16,
    capacity: Option<i32>,
    calendar_id: Option<Uuid>,
    is_active: bool,
    version: i64,
    created_at: Time,
    updated_at: Time,
}

impl TryFrom<TeamRow> for Team {
    type Error = StoreError;

    fn try_from(row: TeamRow) -> StoreResult<Self> {
        Ok(Self {
            id: TeamId(row.id),
            name: row.name,
            description: row.description,
            routing: word("team.routing", row.routing, Routing::from_rank)?,
            capacity: row.capacity,
            calendar_id: row.calendar_id.map(CalendarId),
            is_active: row.is_active,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(serde::Deserialize)]
pub(in crate::postgres) struct MembershipRow {
    team_id: Uuid,
    user_id: Uuid,
    role: i16,
    capacity: Option<i32>,
    skills: String,
    version: i64,
    created_at: Time,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StoreError;

    fn try_from(row: MembershipRow) -> StoreResult<Self> {
        Ok(Self {
            team_id: TeamId(row.team_id),
            user_id: UserId(row.user_id),
            role: word("membership.role", row.role, TeamRole::from_rank)?,
            capacity: row.capacity,
            skills: serde_json::from_str(&row.skills).map_err(|error| corrupt("membership.skills", error))?,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

#[derive(FromRow, serde::Deserialize)]
pub(in crate::postgres) struct DocumentRow {
    kind: String,
    id: Uuid,
    owner: Option<Uuid>,
    version: i64,
    saved_at: Time,
    saved_by: Option<Uuid>,
    deleted: bool,
    body: Value,
}

impl TryFrom<DocumentRow> for Document {
    type Error = StoreError;

    fn try_from(row: DocumentRow) -> StoreResult<Self> {
        Ok(Self {
            kind: row.kind,
            id: row.id,
            owner: row.owner.map(UserId),
            version: row.version,
            saved_at: row.saved_at,
            saved_by: row.saved_by.map(UserId),
            deleted: row.deleted,
            body: row.body,
        })
    }
}
