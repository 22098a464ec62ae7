//! Reading what ties tickets together.

use super::open::SqliteStore;
use super::row;
use super::scope::push_scope;
use super::ticket::{limit, select_tickets};
use sqlx::QueryBuilder;
use ticketing_core::access::Scope;
use ticketing_core::ids::{TicketId, TicketKey};
use ticketing_core::model::{Ticket, TicketLink};
use ticketing_core::port::StoreResult;

/// How many names one statement asks for.
const KEYS: usize = 128;

impl SqliteStore {
    pub(super) async fn named_tickets(&self, scope: &Scope, keys: &[TicketKey]) -> StoreResult<Vec<Ticket>> {
        let mut found: Vec<Ticket> = Vec::with_capacity(keys.len());
        for keys in keys.chunks(KEYS) {
            let mut query = select_tickets();
            query.push(" WHERE (t.id IN (");
            let mut list = query.separated(", ");
            for key in keys {
                if let TicketKey::Id(id) = key {
                    list.push_bind(id.0);
                }
            }
            query.push(") OR t.number IN (");
            let mut list = query.separated(", ");
            for key in keys {
                if let TicketKey::Number(number) = key {
                    list.push_bind(number.as_str());
                }
            }
            query.push(")) AND ");
            push_scope(&mut query, scope);
            for row in self.rows(query).await? {
                found.push(row::ticket(&row)?);
            }
        }
        // Two parts of a long list may name the same ticket.
        found.sort_by_key(|ticket| ticket.id);
        found.dedup_by_key(|ticket| ticket.id);
        Ok(found)
    }

    pub(super) async fn taken_in(&self, scope: &Scope, into: TicketId, many: usize) -> StoreResult<Vec<Ticket>> {
        let mut query = select_tickets();
        query.push(" WHERE t.merged_into = ").push_bind(into.0).push(" AND ");
        push_scope(&mut query, scope);
        query.push(" ORDER BY t.id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::ticket).collect()
    }

    pub(super) async fn ties(&self, scope: &Scope, ticket_id: TicketId, many: usize) -> StoreResult<Vec<TicketLink>> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(row::LINK).push(" FROM ticket_link l WHERE (l.ticket_id = ").push_bind(ticket_id.0);
        query.push(" OR l.other_id = ").push_bind(ticket_id.0).push(")");
        for end in ["l.ticket_id", "l.other_id"] {
            query.push(" AND EXISTS (SELECT 1 FROM ticket t WHERE t.id = ").push(end).push(" AND ");
            push_scope(&mut query, scope);
            query.push(")");
        }
        query.push(" ORDER BY l.id LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::link).collect()
    }
}
