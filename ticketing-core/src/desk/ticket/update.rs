//! Changing what a ticket says.

use super::TicketPatch;
use super::assign::check_assignment;
use super::change::Change;
use super::field::change_values;
use super::input::{tidy_category, tidy_tags};
use crate::access::Call;
use crate::desk::recorder::Recorder;
use crate::desk::{Desk, check_version};
use crate::error::Error;
use crate::event::{Fact, FieldChanges, Stand};
use crate::ids::{TicketId, TicketKey};
use crate::input::{Input, Patch, Problems};
use crate::model::view::TicketView;
use crate::model::{Status, Ticket};
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// How far a ticket may be put off.
const LONGEST_SLEEP: TimeDelta = TimeDelta::days(366);

impl Desk {
    /// Changes a ticket. For staff. What is as asked already is not written.
    pub async fn update_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: TicketPatch,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        input.checked()?;
        let id = self.ticket_id(call, key).await?;
        let _turn = self.parts.turns.take(&id).await;
        let ticket = self.insist(move || self.try_update(call, id, input, expected)).await?;
        Ok(self.staff_view(ticket))
    }

    async fn try_update(
        &self,
        call: &Call,
        id: TicketId,
        input: &TicketPatch,
        expected: Option<i64>,
    ) -> Result<Ticket, Error> {
        let recorder = Recorder::begin(self, call).await?;
        let before = self.seen_ticket(call, &id.into()).await?;
        check_version(expected, before.version)?;
        self.check_patch(call, &before, input).await?;
        let changed = Self::change_loaded(recorder, before, None, move |change| change.apply(input)).await;
        changed.map(|(ticket, ())| ticket)
    }

    /// Looks at what only the store can tell before a patch is applied.
    pub(super) async fn check_patch(&self, call: &Call, before: &Ticket, input: &TicketPatch) -> Result<(), Error> {
        let resolves = input.status == Patch::Set(Status::Resolved) && before.is_open();
        if resolves && !input.ignore_blockers { self.check_blockers(call, before.id).await } else { Ok(()) }
    }
}

impl Change {
    pub(super) fn apply(&mut self, input: &TicketPatch) -> Result<(), Error> {
        let opens = input.status == Patch::Set(Status::Open);
        if self.ticket.status == Status::Closed && !opens {
            if let Patch::Set(to) = input.status {
                self.ticket.status.transition(to)?;
            }
            return Err(super::closed());
        }
        let mut problems = Problems::default();
        check_assignment(&self.snapshot, &input.assignment, ("assigned_agent_id", "team_id"), &mut problems);
        let mut custom = FieldChanges::new();
        if let Some(given) = input.custom_fields.as_ref() {
            let fields = &self.snapshot.custom_fields;
            custom = change_values(fields, &mut self.ticket.custom_fields, given, &mut problems);
        }
        problems.finish()?;
        let mut changes = apply_texts(&mut self.ticket, input);
        changes.extend(custom);
        if !changes.is_empty() {
            self.fact(Fact::TicketUpdated { changes });
        }
        self.assign(&input.assignment);
        if let Patch::Set(to) = input.status {
            self.set_status(to)?;
        }
        match input.wake_at {
            Patch::Set(at) => self.sleep_until(at),
            Patch::Keep => Ok(()),
        }
    }

    /// Puts a pending ticket off, or no longer.
    fn sleep_until(&mut self, at: Option<Time>) -> Result<(), Error> {
        if let Some(at) = at {
            if at <= self.now {
                return Err(Error::field("wake_at", "past", "Must lie in the future."));
            }
            if at > self.now + LONGEST_SLEEP {
                return Err(Error::field("wake_at", "too_far", "May be at most a year away."));
            }
            self.set_status(Status::Pending)?;
        }
        self.set_stand(Stand { wake_at: at, ..self.ticket.stand() });
        Ok(())
    }
}

/// Sets what needs no more than setting; answers what that changed.
fn apply_texts(ticket: &mut Ticket, input: &TicketPatch) -> FieldChanges {
    let mut changes = FieldChanges::new();
    let mut note = |field: &str, old: Value, new: Value| {
        if old != new {
            changes.insert(field.to_owned(), (old, new));
        }
    };
    if let Patch::Set(subject) = &input.subject {
        let subject = subject.trim().to_owned();
        note("subject", json!(ticket.subject), json!(subject));
        ticket.subject = subject;
    }
    if let Patch::Set(description) = &input.description {
        note("description", json!(ticket.description), json!(description));
        ticket.description.clone_from(description);
    }
    if let Patch::Set(priority) = input.priority {
        note("priority", json!(ticket.priority), json!(priority));
        ticket.priority = priority;
    }
    if let Patch::Set(category) = &input.category {
        let category = tidy_category(category.as_ref());
        note("category", json!(ticket.category), json!(category));
        ticket.category = category;
    }
    if let Patch::Set(tags) = &input.tags {
        let tags = tidy_tags(tags);
        note("tags", json!(ticket.tags), json!(tags));
        ticket.tags = tags;
    }
    changes
}
