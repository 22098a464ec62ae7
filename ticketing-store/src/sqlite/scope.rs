//! What a scope sees, as SQL. The same as [`Scope::sees`], in the store's words.

use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;
use ticketing_core::access::Scope;
use ticketing_core::ids::{OrganizationId, UserId};

/// Appends the predicate over a ticket of the alias `t`. May be NULL for FALSE.
pub fn push_scope(query: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    match scope {
        Scope::System(_) | Scope::Staff { .. } => {
            query.push("TRUE");
        }
        Scope::Agent { user_id, teams } => {
            query.push("(t.assigned_agent_id = ").push_bind(user_id.0).push(" OR t.team_id IS NULL");
            if !teams.is_empty() {
                query.push(" OR t.team_id IN (");
                let mut list = query.separated(", ");
                for team in teams {
                    list.push_bind(team.0);
                }
                query.push(")");
            }
            query.push(")");
        }
        Scope::Customer { user_id, organization_id } => {
            query.push("(t.customer_id = ").push_bind(user_id.0);
            if let Some(organization) = organization_id {
                query.push(" OR t.organization_id = ").push_bind(organization.0);
            }
            query.push(")");
        }
    }
}

/// A part of what a scope sees that one index can walk in order. The parts share no ticket.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// All that the scope sees.
    Whole(&'a Scope),
    /// A customer's own tickets.
    Own(UserId),
    /// The company's tickets that are not the customer's own.
    Company(OrganizationId, UserId),
}

impl<'a> Part<'a> {
    /// The parts of a scope. "Mine or my company's" can't be walked along one index; each half can,
    /// and SQLite merges the two.
    pub fn of(scope: &'a Scope) -> Vec<Self> {
        match scope {
            Scope::Customer { user_id, organization_id: None } => vec![Self::Own(*user_id)],
            Scope::Customer { user_id, organization_id: Some(organization_id) } => {
                vec![Self::Own(*user_id), Self::Company(*organization_id, *user_id)]
            }
            _ => vec![Self::Whole(scope)],
        }
    }

    /// Appends the predicate over a ticket of the alias `t`.
    pub fn push(self, query: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::Whole(scope) => push_scope(query, scope),
            Self::Own(user_id) => {
                query.push("t.customer_id = ").push_bind(user_id.0);
            }
            Self::Company(organization_id, user_id) => {
                query.push("t.organization_id = ").push_bind(organization_id.0);
                query.push(" AND t.customer_id <> ").push_bind(user_id.0);
            }
        }
    }
}
