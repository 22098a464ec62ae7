//! Who may see what, as a predicate.

use sqlx::{Postgres, QueryBuilder};
use ticketing_core::Scope;

/// Appends the predicate that a ticket of the alias `t` is in scope. Says the same as [`Scope::sees`].
pub(super) fn push_scope(sql: &mut QueryBuilder<Postgres>, scope: &Scope) {
    match scope {
        Scope::System(_) | Scope::Staff { .. } => {
            sql.push("TRUE");
        }
        Scope::Agent { user_id, teams } => {
            let teams: Vec<_> = teams.iter().map(|team| team.0).collect();
            sql.push("(t.assigned_agent_id = ").push_bind(user_id.0);
            sql.push(" OR t.team_id IS NULL OR t.team_id = ANY(").push_bind(teams).push("))");
        }
        Scope::Customer { user_id, organization_id } => {
            sql.push("(t.customer_id = ").push_bind(user_id.0);
            if let Some(organization_id) = organization_id {
                sql.push(" OR t.organization_id = ").push_bind(organization_id.0);
            }
            sql.push(")");
        }
    }
}

/// Whether every ticket is in scope.
pub(super) fn sees_all(scope: &Scope) -> bool {
    matches!(scope, Scope::System(_) | Scope::Staff { .. })
}

/// Whether it is the desk itself that asks.
pub(super) fn is_system(scope: &Scope) -> bool {
    matches!(scope, Scope::System(_))
}
