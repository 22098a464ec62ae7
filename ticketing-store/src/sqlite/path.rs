//! By which index a list of tickets is walked.
//!
//! SQLite plans without statistics of the values asked for: it would rather look up "open or pending"
//! and sort all of them than walk the newest tickets until the page is full. The desk knows its
//! lists, so it says.

use super::scope::Part;
use ticketing_core::condition::{Condition, Field, Leaf, Literal, Test};
use ticketing_core::model::{FieldKey, FieldType, Status};
use ticketing_core::query::{Sort, SortField};

/// The index for one part of a list.
pub fn index(part: Part<'_>, filter: &Condition, sort: Sort) -> &'static str {
    let by_creation = sort.field == SortField::CreatedAt;
    match part {
        Part::Own(_) => return "ticket_customer",
        Part::Company(..) => return "ticket_organization",
        Part::Whole(_) => {}
    }
    // One person's or company's tickets are few: better to sort them than to look for them in all.
    if wanted(filter, Field::CustomerId) == Some(1) {
        return "ticket_customer";
    }
    if wanted(filter, Field::OrganizationId) == Some(1) {
        return "ticket_organization";
    }
    if wanted(filter, Field::AssignedAgentId) == Some(1) {
        return "ticket_assignee";
    }
    // What is due lies together, apart from all that is over.
    if is_due_within(filter) {
        return "ticket_sla_due";
    }
    // A team's are not, and are only walked where they come in the order asked for.
    if by_creation && wanted(filter, Field::TeamId) == Some(1) {
        return "ticket_team";
    }
    let statuses = wanted(filter, Field::Status);
    if by_creation && statuses == Some(1) {
        return "ticket_status_created";
    }
    // Most tickets of an old desk are over. Those that are not are found by their status and sorted,
    // except newest first, where they come early in the order anyway.
    let newest_first = by_creation && sort.descending;
    if statuses.is_some() && only_open(filter) && !newest_first && sort.field != SortField::Status {
        return "ticket_status_created";
    }
    match sort.field {
        // What is asked for by a field of the desk's own is few, and sorted.
        SortField::CreatedAt | SortField::Custom(..) => "ticket_created",
        SortField::UpdatedAt => "ticket_updated",
        SortField::Priority => "ticket_priority",
        SortField::Status => "ticket_status",
        SortField::SlaDueAt => "ticket_sla_due",
    }
}

/// Whether the filter leaves few tickets, by an index of their own.
pub fn is_narrow(filter: &Condition) -> bool {
    [Field::CustomerId, Field::OrganizationId, Field::AssignedAgentId]
        .into_iter()
        .any(|field| wanted(filter, field) == Some(1))
}

/// A field of the desk's own, of which every ticket that the filter holds for has one of these values.
pub fn held(filter: &Condition) -> Option<(FieldKey, FieldType, &[Literal])> {
    match filter {
        Condition::All(parts) => parts.iter().find_map(held),
        Condition::Leaf(Leaf { field: Field::Custom(key, field_type), test: Test::In(values) }) => {
            Some((*key, *field_type, values))
        }
        _ => None,
    }
}

/// How many values of a field the filter leaves, where every ticket that it holds for has one of them.
fn wanted(filter: &Condition, field: Field) -> Option<usize> {
    values(filter, field).map(<[Literal]>::len)
}

/// Whether only tickets fit whose next promise ends in some stretch of time.
fn is_due_within(filter: &Condition) -> bool {
    match filter {
        Condition::All(parts) => parts.iter().any(is_due_within),
        Condition::Leaf(Leaf { field: Field::SlaDueAt, test: Test::Range { .. } }) => true,
        _ => false,
    }
}

/// Whether no ticket that is over can fit.
fn only_open(filter: &Condition) -> bool {
    let over = [Status::Resolved, Status::Closed].map(|status| Literal::Rank(status.rank()));
    values(filter, Field::Status).is_some_and(|wanted| !wanted.iter().any(|value| over.contains(value)))
}

fn values(filter: &Condition, field: Field) -> Option<&[Literal]> {
    match filter {
        Condition::All(parts) => parts.iter().find_map(|part| values(part, field)),
        Condition::Leaf(leaf) if leaf.field == field => match &leaf.test {
            Test::In(values) => Some(values),
            _ => None,
        },
        _ => None,
    }
}
