//! Changing what a ticket says.

use super::assign::check_assignment;
use super::field::{change_values, check_complete};
use super::input::{check_number_of_tags, tidy_category, tidy_tags};
use super::{Draft, Ground, TicketPatch, closed};
use crate::error::Error;
use crate::event::{Fact, FieldChanges, Stand};
use crate::fold::fold;
use crate::input::{Patch, Problems};
use crate::model::{Status, Ticket, Topic};
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// How far a ticket may be put off.
const LONGEST_SLEEP: TimeDelta = TimeDelta::days(366);

impl Draft {
    /// Applies a patch that was checked for itself.
    pub(crate) fn apply(&mut self, ground: &Ground<'_>, input: &TicketPatch) -> Result<(), Error> {
        let opens = input.status == Patch::Set(Status::Open);
        if self.ticket.status == Status::Closed && !opens {
            if let Patch::Set(to) = input.status {
                self.ticket.status.transition(to)?;
            }
            return Err(closed());
        }
        let mut problems = Problems::default();
        check_assignment(ground, &input.assignment, ("assigned_agent_id", "team_id"), &mut problems);
        let mut custom = FieldChanges::new();
        let category = match &input.category {
            Patch::Set(category) => tidy_category(category.as_ref()),
            Patch::Keep => self.ticket.category.clone(),
        };
        let team_id = input.assignment.team_id.as_ref().copied().unwrap_or(self.ticket.team_id);
        let topic = Topic { category: category.as_deref(), team_id };
        if let Some(given) = input.custom_fields.as_ref() {
            custom = change_values(ground.custom_fields, &mut self.ticket.custom_fields, given, topic, &mut problems);
        }
        let is_over = |status| matches!(status, Status::Resolved | Status::Closed);
        let status = input.status.as_ref().copied().unwrap_or(self.ticket.status);
        // A ticket that is over already may lack what has been asked for only since.
        if is_over(status) {
            let changes = is_over(self.ticket.status).then_some(&custom);
            check_complete(ground.custom_fields, &self.ticket.custom_fields, topic, changes, &mut problems);
        }
        let tags = changed_tags(&self.ticket.tags, input);
        if input.tags == Patch::Keep {
            check_number_of_tags(&mut problems, "add_tags", &tags);
        }
        problems.finish()?;
        let mut changes = apply_texts(&mut self.ticket, input, tags);
        changes.extend(custom);
        if !changes.is_empty() {
            self.fact(Fact::TicketUpdated { changes, reason: None });
        }
        self.assign(ground, &input.assignment);
        if let Patch::Set(to) = input.status {
            self.set_status(to)?;
        }
        match input.wake_at {
            Patch::Set(at) => self.sleep_until(at),
            Patch::Keep => Ok(()),
        }
    }

    /// Puts a pending ticket off, or no longer.
    pub(crate) fn sleep_until(&mut self, at: Option<Time>) -> Result<(), Error> {
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

/// The labels as they will be: those that are given, or those that are there less some and with more. One that is there
/// stays as it is written.
fn changed_tags(own: &[String], input: &TicketPatch) -> Vec<String> {
    if let Patch::Set(tags) = &input.tags {
        return tidy_tags(tags);
    }
    if input.add_tags.is_empty() && input.remove_tags.is_empty() {
        return own.to_vec();
    }
    let less: Vec<_> = input.remove_tags.iter().map(|tag| fold(tag.trim())).collect();
    let kept = own.iter().filter(|tag| !less.contains(&fold(tag)));
    tidy_tags(&kept.chain(&input.add_tags).cloned().collect::<Vec<_>>())
}

/// Sets what needs no more than setting; answers what that changed.
fn apply_texts(ticket: &mut Ticket, input: &TicketPatch, tags: Vec<String>) -> FieldChanges {
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
    note("tags", json!(ticket.tags), json!(tags));
    ticket.tags = tags;
    changes
}
