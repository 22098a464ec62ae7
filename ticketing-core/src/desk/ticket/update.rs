//! Changing what a ticket says.

use super::TicketPatch;
use super::assign::check_assignment;
use super::change::Change;
use super::input::{tidy_category, tidy_tags};
use crate::access::Call;
use crate::desk::Desk;
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::ids::TicketKey;
use crate::input::{Input, Patch, Problems};
use crate::model::view::TicketView;
use crate::model::{Status, Ticket};
use serde_json::{Value, json};

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
        let (ticket, ()) = self.change_ticket(call, key, expected, move |change| change.apply(input)).await?;
        Ok(self.view(call, ticket))
    }
}

impl Change {
    fn apply(&mut self, input: &TicketPatch) -> Result<(), Error> {
        let opens = input.status == Patch::Set(Status::Open);
        if self.ticket.status == Status::Closed && !opens {
            if let Patch::Set(to) = input.status {
                self.ticket.status.transition(to)?;
            }
            return Err(super::closed());
        }
        let mut problems = Problems::default();
        check_assignment(&self.snapshot, &input.assignment, ("assigned_agent_id", "team_id"), &mut problems);
        problems.finish()?;
        let changes = apply_texts(&mut self.ticket, input);
        if !changes.is_empty() {
            self.fact(Fact::TicketUpdated { changes });
        }
        self.assign(&input.assignment);
        match input.status {
            Patch::Set(to) => self.set_status(to),
            Patch::Keep => Ok(()),
        }
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
