//! Companies whose people are customers.

use crate::ids::OrganizationId;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// One company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What it is called. Unique over its folded form.
    pub name: String,
    /// Mail domains of its people, lower case, sorted.
    pub domains: Vec<String>,
    /// Whether its people see each other's tickets.
    pub shares_tickets: bool,
    /// Grows by one with every change.
    pub version: i64,
    /// When it was added.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}
