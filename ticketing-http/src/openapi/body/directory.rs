//! People, companies and teams.

use super::super::word::{Availability, Role, Routing, TeamRole};
use utoipa::ToSchema;
use uuid::Uuid;

/// A person to be added.
#[derive(ToSchema)]
#[schema(example = json!({"email": "sam@acme.example", "name": "Sam Ode", "role": "customer", "locale": "en"}))]
pub(crate) struct NewUser {
    /// The address. Nobody else may have it, in any case.
    #[schema(min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What the person may do. Managers add everybody but administrators.
    role: Role,
    /// At least 8 characters. Without one the person can't sign in until a link has set it.
    #[schema(min_length = 8, format = Password)]
    password: Option<String>,
    /// The company of a customer; null for none. Left out, it is the one that has exactly the mail domain of
    /// the address, if any.
    organization_id: Option<Uuid>,
    /// IANA time zone, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// BCP 47 language, such as `de` or `pt-BR`.
    #[schema(max_length = 35)]
    locale: Option<String>,
}

/// What to change of a person.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Sam Ode-Lee", "is_active": true}))]
pub(crate) struct UserPatch {
    /// The address.
    #[schema(required = false, min_length = 1, max_length = 254, format = Email)]
    email: String,
    /// How to address the person.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// What the person may do. Ends all sign-ins where it changes.
    #[schema(required = false)]
    role: Role,
    /// A new password of at least 8 characters. Ends all sign-ins.
    #[schema(required = false, min_length = 8, format = Password)]
    password: String,
    /// The company of a customer.
    organization_id: Option<Uuid>,
    /// IANA time zone, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// BCP 47 language, such as `de` or `pt-BR`.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// Whether new work is taken.
    #[schema(required = false)]
    availability: Availability,
    /// Whether the person can sign in. False ends all sign-ins.
    #[schema(required = false)]
    is_active: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A company to be added.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Acme", "domains": ["acme.example"], "shares_tickets": true}))]
pub(crate) struct NewOrganization {
    /// What it is called. No other may be called so.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Mail domains of its people: customers who are added with such an address belong to it.
    #[schema(required = false, max_items = 50)]
    domains: Vec<String>,
    /// Whether its people see each other's tickets.
    #[schema(required = false)]
    shares_tickets: bool,
}

/// What to change of a company.
#[derive(ToSchema)]
#[schema(example = json!({"shares_tickets": false}))]
pub(crate) struct OrganizationPatch {
    /// What it is called.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// All mail domains of its people.
    #[schema(required = false, max_items = 50)]
    domains: Vec<String>,
    /// Whether its people see each other's tickets.
    #[schema(required = false)]
    shares_tickets: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A team to be made.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Billing", "description": "Invoices and payments", "capacity": 20}))]
pub(crate) struct NewTeam {
    /// What it is called. No other may be called so.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// How its tickets find their agent.
    #[schema(required = false)]
    routing: Routing,
    /// The most open tickets that a member is given.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
    /// The calendar that says when it works; that of the desk as a whole where nothing is said.
    calendar_id: Option<Uuid>,
}

/// What to change of a team.
#[derive(ToSchema)]
#[schema(example = json!({"description": "Invoices, payments, refunds"}))]
pub(crate) struct TeamPatch {
    /// What it is called.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// How its tickets find their agent.
    #[schema(required = false)]
    routing: Routing,
    /// The most open tickets that a member is given.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
    /// The calendar that says when it works.
    calendar_id: Option<Uuid>,
    /// Whether it takes tickets.
    #[schema(required = false)]
    is_active: bool,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// A person to join a team.
#[derive(ToSchema)]
#[schema(example = json!({"user_id": "0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70", "role": "lead"}))]
pub(crate) struct NewMember {
    /// Somebody who works here.
    user_id: Uuid,
    /// As what.
    #[schema(required = false)]
    role: TeamRole,
    /// The most open tickets that the person is given here. Goes before the team's.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
    /// Labels of tickets that the person knows how to answer.
    #[schema(required = false, max_items = 50)]
    skills: Vec<String>,
}

/// What to change of a membership.
#[derive(ToSchema)]
#[schema(example = json!({"role": "member", "capacity": null}))]
pub(crate) struct MemberPatch {
    /// As what.
    #[schema(required = false)]
    role: TeamRole,
    /// The most open tickets that the person is given here.
    #[schema(minimum = 0, maximum = 10000)]
    capacity: Option<i64>,
    /// Labels of tickets that the person knows how to answer.
    #[schema(required = false, max_items = 50)]
    skills: Vec<String>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}
