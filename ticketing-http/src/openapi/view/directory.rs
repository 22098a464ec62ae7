//! People, companies and teams.

use super::super::word::{Availability, Role, Routing, SlaMetric, Standing, TeamRole};
use super::SlaAttainment;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
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
    /// Since when that holds.
    availability_since: DateTime<Utc>,
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
    /// Labels of tickets that the person knows how to answer.
    skills: Vec<String>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// Since when.
    created_at: DateTime<Utc>,
}

/// How a ticket looked for its agent.
#[derive(ToSchema)]
pub(crate) struct RoutingDecision {
    /// Its id.
    id: Uuid,
    /// The ticket.
    ticket_id: Uuid,
    /// The team whose members were looked at.
    team_id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// How the team's tickets found their agent then.
    routing: Routing,
    /// Who got it; null where the ticket waited for somebody to be free.
    #[schema(required)]
    agent_id: Option<Uuid>,
    /// The labels of the ticket that are skills in the team.
    skills: Vec<String>,
    /// Whether nobody in the team had all of these, so that none was asked for.
    skills_waived: bool,
    /// The members in the order of their turns, of many the first.
    candidates: Vec<RoutingCandidate>,
    /// How many more there were.
    more: usize,
}

/// A member who was looked at.
#[derive(ToSchema)]
pub(crate) struct RoutingCandidate {
    /// Who.
    user_id: Uuid,
    /// The person's name now; null where the person no longer works here.
    #[schema(required)]
    name: Option<String>,
    /// What was found.
    standing: Standing,
    /// How many open tickets the person held, of all teams.
    open: i64,
    /// How many there was room for; null without a limit.
    #[schema(required)]
    capacity: Option<i32>,
}

/// How much a team has to do at the moment.
#[derive(ToSchema)]
pub(crate) struct TeamLoad {
    /// The team.
    team_id: Uuid,
    /// How its tickets find their agent.
    routing: Routing,
    /// How many of its tickets nobody has, up to 1,000.
    waiting: usize,
    /// Its members, whoever is next first.
    members: Vec<MemberLoad>,
}

/// How much a member has to do at the moment.
#[derive(ToSchema)]
pub(crate) struct MemberLoad {
    /// Who.
    user_id: Uuid,
    /// The person's name.
    name: String,
    /// As what.
    role: TeamRole,
    /// Whether new work is taken.
    availability: Availability,
    /// Since when that holds.
    availability_since: DateTime<Utc>,
    /// Whether the person can sign in.
    is_active: bool,
    /// How many tickets the person holds that are neither resolved nor closed, of all teams.
    open: i64,
    /// How many there is room for; null without a limit.
    #[schema(required)]
    capacity: Option<i32>,
    /// Labels of tickets that the person knows how to answer.
    skills: Vec<String>,
}

/// How long something took, seconds.
#[derive(ToSchema)]
pub(crate) struct Took {
    /// How often it happened.
    count: u64,
    /// On the average; null where it never happened.
    #[schema(required)]
    mean_seconds: Option<i64>,
    /// Half of them took at most so long.
    #[schema(required)]
    median_seconds: Option<i64>,
    /// Nine tenths of them took at most so long.
    #[schema(required)]
    p90_seconds: Option<i64>,
}

/// What a person got done for a team.
#[derive(ToSchema)]
pub(crate) struct MemberReport {
    /// Who; null for what happened in nobody's hands.
    #[schema(required)]
    user_id: Option<Uuid>,
    /// The name now.
    #[schema(required)]
    name: Option<String>,
    /// Whether the person is a member now.
    is_member: bool,
    /// How many tickets were first answered in the person's hands.
    first_responses: u64,
    /// How many were resolved in the person's hands.
    resolved: u64,
    /// How long these had been there, on the average, seconds.
    #[schema(required)]
    mean_resolution_seconds: Option<i64>,
    /// Of a member: whether new work is taken now.
    #[schema(required)]
    availability: Option<Availability>,
    /// Of a member: how many tickets are held now that are neither resolved nor closed, of all teams.
    #[schema(required)]
    open: Option<i64>,
    /// Of a member: how many there is room for; null without a limit.
    #[schema(required)]
    capacity: Option<i32>,
}

/// What a team got done in a stretch of time.
#[derive(ToSchema)]
pub(crate) struct TeamReport {
    /// The team.
    team_id: Uuid,
    /// Where it begins.
    from: DateTime<Utc>,
    /// Where it ends.
    to: DateTime<Utc>,
    /// How many tickets were made in the team.
    created: u64,
    /// How many came to it from elsewhere.
    joined: u64,
    /// How many went elsewhere.
    left: u64,
    /// How many were resolved, or closed without that.
    resolved: u64,
    /// How many asked for work again.
    reopened: u64,
    /// How many are neither resolved nor closed now.
    backlog: u64,
    /// How long after it was made a ticket was first answered.
    first_response: Took,
    /// How long after it was made a ticket was resolved.
    resolution: Took,
    /// How promises were kept.
    sla: BTreeMap<SlaMetric, SlaAttainment>,
    /// Who did how much: members by name, then others.
    members: Vec<MemberReport>,
}
