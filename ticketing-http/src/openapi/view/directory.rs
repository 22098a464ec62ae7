//! People, companies and teams.

use super::super::word::{Availability, Role, Routing, TeamRole};
use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// A person.
#[derive(ToSchema)]
pub(crate) struct User {
    /// The person's id.
    id: Uuid,
    /// The address.
    email: String,
    /// How to address the person.
    name: String,
    /// What the person may do.
    role: Role,
    /// The company a customer belongs to.
    #[schema(required)]
    organization_id: Option<Uuid>,
    /// IANA time zone.
    #[schema(required)]
    time_zone: Option<String>,
    /// BCP 47 language.
    #[schema(required)]
    locale: Option<String>,
    /// Whether new work is taken.
    availability: Availability,
    /// Whether the person can sign in.
    is_active: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When the person was added.
    created_at: DateTime<Utc>,
    /// When the person last changed.
    updated_at: DateTime<Utc>,
}

/// A company whose people are customers.
#[derive(ToSchema)]
pub(crate) struct Organization {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// Mail domains of its people.
    domains: Vec<String>,
    /// Whether its people see each other's tickets.
    shares_tickets: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// People who share a queue.
#[derive(ToSchema)]
pub(crate) struct Team {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// What it is for.
    #[schema(required)]
    description: Option<String>,
    /// How its tickets find their agent.
    routing: Routing,
    /// The most open tickets that a member is given.
    #[schema(required)]
    capacity: Option<i32>,
    /// The calendar that says when it works; null for that of the desk as a whole.
    #[schema(required)]
    calendar_id: Option<Uuid>,
    /// False once it was deleted while tickets still named it.
    is_active: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// A person in a team.
#[derive(ToSchema)]
pub(crate) struct Member {
    /// The team.
    team_id: Uuid,
    /// The person.
    user_id: Uuid,
    /// The person's name.
    name: String,
    /// The person's address.
    email: String,
    /// As what.
    role: TeamRole,
    /// The most open tickets that the person is given here.
    #[schema(required)]
    capacity: Option<i32>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// Since when.
    created_at: DateTime<Utc>,
}
