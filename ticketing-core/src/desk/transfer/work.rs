//! What lines say of how staff worked.

use crate::ids::{CannedResponseId, OrganizationId, TeamId, TicketId, TimeEntryId, UserId};
use crate::model::{CannedUse, Money, TimeEntry, TimeSpent};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// How often a person has answered with a canned response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `model::CannedUse`.
pub struct CannedUseLine {
    pub user_id: UserId,
    pub response_id: CannedResponseId,
    pub uses: u64,
    pub last_used_at: Time,
}

impl CannedUseLine {
    /// That of this person.
    pub fn of(user_id: UserId, used: CannedUse) -> Self {
        let CannedUse { response_id, uses, last_used_at } = used;
        Self { user_id, response_id, uses, last_used_at }
    }
}

/// Time that was spent on a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are those of `model::TimeEntry`.
pub struct TimeEntryLine {
    pub id: TimeEntryId,
    pub ticket_id: TicketId,
    pub logged_on: TicketId,
    pub user_id: UserId,
    /// In hundredths of an hour, as it is kept.
    pub hundredths: i64,
    pub is_billable: bool,
    pub description: Option<String>,
    pub started_at: Option<Time>,
    pub ended_at: Option<Time>,
    pub rate: Option<Money>,
    pub customer_id: UserId,
    pub organization_id: Option<OrganizationId>,
    pub team_id: Option<TeamId>,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

impl From<TimeEntry> for TimeEntryLine {
    fn from(entry: TimeEntry) -> Self {
        let TimeEntry { id, ticket_id, logged_on, user_id, hours, is_billable, description, started_at, .. } = entry;
        let TimeEntry { ended_at, rate, customer_id, organization_id, team_id, version, created_at, .. } = entry;
        let (hundredths, updated_at) = (hours.as_hundredths(), entry.updated_at);
        Self {
            id,
            ticket_id,
            logged_on,
            user_id,
            hundredths,
            is_billable,
            description,
            started_at,
            ended_at,
            rate,
            customer_id,
            organization_id,
            team_id,
            version,
            created_at,
            updated_at,
        }
    }
}

impl From<TimeEntryLine> for TimeEntry {
    fn from(line: TimeEntryLine) -> Self {
        let TimeEntryLine { id, ticket_id, logged_on, user_id, is_billable, description, started_at, .. } = line;
        let TimeEntryLine { ended_at, rate, customer_id, organization_id, team_id, version, created_at, .. } = line;
        let (hours, updated_at) = (TimeSpent::hundredths(line.hundredths), line.updated_at);
        Self {
            id,
            ticket_id,
            logged_on,
            user_id,
            hours,
            is_billable,
            description,
            started_at,
            ended_at,
            rate,
            customer_id,
            organization_id,
            team_id,
            version,
            created_at,
            updated_at,
        }
    }
}
