//! The time that staff log on a ticket, last of all: whatever is drawn for it changes nothing else.

use super::Thread;
use crate::changes::{Expect, Write};
use crate::desk::{AuditDraft, differences};
use crate::ids::TimeEntryId;
use crate::model::audit::AuditDetail;
use crate::model::{Person, Subject, TimeEntry};
use crate::port::IdSource;
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

/// How often somebody logs what an answer took, of a thousand.
const LOGGED: usize = 420;

impl Thread<'_> {
    /// Some of those who spoke logged what that took: companies are billed for it, now and then.
    pub(super) fn log_time(&mut self) {
        for (person, at, is_internal) in std::mem::take(&mut self.worked) {
            if self.stage.dice.chance(LOGGED) {
                self.log(&person, at, is_internal);
            }
        }
    }

    fn log(&mut self, person: &Person, at: Time, is_internal: bool) {
        let (dice, ticket) = (self.stage.dice, &self.ticket);
        let (Some(house), Some(user_id)) = (self.stage.house, person.id) else { return };
        let spent = TimeDelta::minutes(dice.between(2, 24) * dice.between(1, 3));
        let started_at = at - spent;
        let entry = TimeEntry {
            id: TimeEntryId(dice.uuid(at)),
            ticket_id: ticket.id,
            logged_on: ticket.id,
            user_id,
            hours: house.time().count(spent),
            is_billable: ticket.organization_id.is_some() && dice.chance(700),
            description: is_internal.then(|| "Looked into it".to_owned()),
            started_at: Some(started_at),
            ended_at: Some(at),
            rate: house.time().rate_of(ticket.organization_id),
            customer_id: ticket.customer_id,
            organization_id: ticket.organization_id,
            team_id: ticket.team_id,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        let pairs = differences(None, &entry).into_iter().map(|(field, (old, new))| (field, json!([old, new])));
        let changes = Value::Object(pairs.collect::<Map<_, _>>());
        let draft = AuditDraft {
            at,
            actor: person.clone(),
            action: "time_entry.created".to_owned(),
            subject: Subject::TimeEntry(entry.id),
            request_id: None,
            detail: AuditDetail { changes, ..AuditDetail::default() },
        };
        let line = self.stage.key.seal(dice, draft);
        self.out.push(Write::TimeEntry { entry: Box::new(entry), expect: Expect::New });
        self.out.push(Write::Audit(Box::new(line)));
    }
}
