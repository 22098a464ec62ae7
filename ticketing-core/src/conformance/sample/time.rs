//! Working time.

use super::{Sample, Stored};
use crate::changes::{Expect, Write};
use crate::ids::TimeEntryId;
use crate::model::{Currency, Money, Stopwatch, Ticket, TimeEntry, TimeSpent, User};
use crate::port::IdSource;
use chrono::TimeDelta;

impl Sample {
    /// An hour and a half that somebody has spent on this ticket, paid for.
    pub fn time_entry(&self, ticket: &Ticket, user: &User) -> TimeEntry {
        let now = self.now();
        TimeEntry {
            id: TimeEntryId(self.ids.uuid(now)),
            ticket_id: ticket.id,
            logged_on: ticket.id,
            user_id: user.id,
            hours: TimeSpent::hundredths(150),
            is_billable: true,
            description: Some("Oiled the doors.\nGrüße".to_owned()),
            started_at: Some(now - TimeDelta::minutes(90)),
            ended_at: Some(now),
            rate: Some(euros(9_999)),
            customer_id: ticket.customer_id,
            organization_id: ticket.organization_id,
            team_id: ticket.team_id,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// A stopwatch that runs.
    pub fn stopwatch(&self, ticket: &Ticket, user: &User) -> Stopwatch {
        let now = self.now();
        Stopwatch {
            user_id: user.id,
            ticket_id: ticket.id,
            started_at: now,
            running_since: Some(now),
            counted: 0,
            description: Some("Oils the doors.".to_owned()),
            is_billable: Some(true),
            version: 1,
        }
    }
}

/// So many cents an hour.
pub fn euros(amount_minor: i64) -> Money {
    Money { amount_minor, currency: "EUR".parse().unwrap_or(Currency::NONE) }
}

impl Stored for TimeEntry {
    fn write(self, expect: Expect) -> Write {
        Write::TimeEntry { entry: Box::new(self), expect }
    }

    fn version(&mut self) -> &mut i64 {
        &mut self.version
    }
}

impl Stored for Stopwatch {
    fn write(self, expect: Expect) -> Write {
        Write::Stopwatch { stopwatch: Box::new(self), expect }
    }

    fn version(&mut self) -> &mut i64 {
        &mut self.version
    }
}
