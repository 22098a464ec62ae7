//! Reading what happened.

use super::open::SqliteStore;
use super::order::{Done, Order};
use super::row;
use super::scope::push_scope;
use super::ticket::limit;
use super::workflow;
use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;
use ticketing_core::access::Scope;
use ticketing_core::event::{Audience, Event};
use ticketing_core::ids::{OrganizationId, Seq, TicketId, UserId, WorkflowId};
use ticketing_core::model::{Answer, AuditEntry, IdempotencyKey, WorkflowRun};
use ticketing_core::port::{ActivityRead, EventPage, StoreResult};
use ticketing_core::query::{AuditQuery, WorkflowRunQuery};
use ticketing_core::time::Time;

#[async_trait]
impl ActivityRead for SqliteStore {
    async fn events(&self, scope: &Scope, after: Seq, many: usize) -> StoreResult<EventPage> {
        if many == 0 {
            return Ok(EventPage { events: Vec::new(), next: after });
        }
        let newest = self.log_end().await?.max(after);
        let mut query = QueryBuilder::new("");
        push_log(&mut query, scope, after, newest, many);
        let events = self.rows(query).await?.iter().map(row::event).collect::<StoreResult<Vec<_>>>()?;
        // A full page may have more behind it; a page that is not full was read to the end.
        let next = events.last().filter(|_| events.len() == many).map_or(newest, |last| last.seq);
        Ok(EventPage { events, next })
    }

    /// One writer at a time gives the places, so whatever is visible is all there is up to there.
    async fn log_end(&self) -> StoreResult<Seq> {
        let newest: Option<i64> = self.value(QueryBuilder::new("SELECT max(seq) FROM event")).await?;
        Ok(Seq(newest.unwrap_or_default()))
    }

    async fn ticket_events(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Seq,
        many: usize,
    ) -> StoreResult<Vec<Event>> {
        let mut query = QueryBuilder::new("");
        push_of_ticket(&mut query, scope, ticket_id);
        query.push(" AND e.seq > ").push_bind(after.0);
        query.push(" ORDER BY e.seq LIMIT ").push_bind(limit(many));
        self.rows(query).await?.iter().map(row::event).collect()
    }

    async fn ticket_events_from_end(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        before: Option<Seq>,
        many: usize,
    ) -> StoreResult<Vec<Event>> {
        let mut query = QueryBuilder::new("");
        push_from_end(&mut query, scope, ticket_id, before, many);
        self.rows(query).await?.iter().map(row::event).collect()
    }

    async fn last_ticket_event(&self, scope: &Scope, ticket_id: TicketId, name: &str) -> StoreResult<Option<Event>> {
        let mut query = QueryBuilder::new("");
        push_of_ticket(&mut query, scope, ticket_id);
        query.push(" AND e.type = ").push_bind(name.to_owned());
        query.push(" ORDER BY e.seq DESC LIMIT 1");
        self.row(query).await?.as_ref().map(row::event).transpose()
    }

    async fn workflow_runs(&self, scope: &Scope, wanted: &WorkflowRunQuery) -> StoreResult<Vec<WorkflowRun>> {
        if !scope.sees_internal() {
            return Ok(Vec::new());
        }
        let mut query = QueryBuilder::new("");
        workflow::push_runs(&mut query, scope, wanted);
        self.rows(query).await?.iter().map(workflow::run).collect()
    }

    async fn suppressed_runs(&self, rule: WorkflowId, since: Time, many: usize) -> StoreResult<u64> {
        let mut query = QueryBuilder::new("");
        workflow::push_suppressed(&mut query, rule, since, many);
        let count: i64 = self.value(query).await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    async fn purge_workflow_runs(&self, before: Time, limit: usize) -> StoreResult<u64> {
        self.writer.order(Order::PurgeRuns { before, limit }).await.and_then(Done::count)
    }

    async fn audit(&self, scope: &Scope, query: &AuditQuery) -> StoreResult<Vec<AuditEntry>> {
        if !matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
            return Ok(Vec::new());
        }
        let mut select = QueryBuilder::new("SELECT ");
        select.push(row::AUDIT);
        select.push(
            " FROM audit a JOIN audit_detail d ON d.audit_id = a.id LEFT JOIN person p ON p.id = a.actor_id WHERE TRUE",
        );
        push_audit_filter(&mut select, query);
        select.push(" ORDER BY a.at DESC, a.id DESC LIMIT ").push_bind(limit(query.limit));
        self.rows(select).await?.iter().map(row::audit).collect()
    }

    async fn answer(&self, scope: &Scope, key: &IdempotencyKey) -> StoreResult<Option<Answer>> {
        if !matches!(scope, Scope::System(_)) {
            return Ok(None);
        }
        let mut query = QueryBuilder::new("SELECT digest, output, at FROM answer WHERE owner = ");
        query.push_bind(key.owner.as_str()).push(" AND route = ").push_bind(key.route.as_str());
        query.push(" AND key = ").push_bind(key.key.as_str());
        self.row(query).await?.as_ref().map(|found| row::answer(found, key)).transpose()
    }
}

/// Appends the log between two places, as far as the scope hears of it.
pub(super) fn push_log(query: &mut QueryBuilder<Sqlite>, scope: &Scope, after: Seq, newest: Seq, many: usize) {
    match scope {
        Scope::Customer { user_id, organization_id } => push_of_customer(query, *user_id, *organization_id),
        _ => push_of_staff(query, scope),
    }
    query.push(" AND e.seq > ").push_bind(after.0);
    query.push(" AND e.seq <= ").push_bind(newest.0);
    query.push(" ORDER BY e.seq LIMIT ").push_bind(limit(many));
}

/// The log from its start, with what the scope sees picked out. Whoever sees every ticket also hears
/// of those that are no longer there.
fn push_of_staff(query: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    query.push("SELECT ").push(row::EVENT).push(" FROM event e");
    if matches!(scope, Scope::System(_) | Scope::Staff { .. }) {
        query.push(" LEFT JOIN person p ON p.id = e.actor_id WHERE TRUE");
    } else {
        // CROSS keeps the log the outer one, so that it is walked in its order.
        query.push(" CROSS JOIN ticket t ON t.id = e.ticket_id LEFT JOIN person p ON p.id = e.actor_id WHERE ");
        push_scope(query, scope);
    }
}

/// What happened on one ticket, as far as the scope hears of it.
fn push_of_ticket(query: &mut QueryBuilder<Sqlite>, scope: &Scope, ticket_id: TicketId) {
    push_of_staff(query, scope);
    if !scope.sees_internal() {
        query.push(" AND e.audience = ").push_bind(Audience::Everyone.rank());
    }
    query.push(" AND e.ticket_id = ").push_bind(ticket_id.0);
}

/// Appends the statement for what happened on one ticket, the newest first.
pub(super) fn push_from_end(
    query: &mut QueryBuilder<Sqlite>,
    scope: &Scope,
    ticket_id: TicketId,
    before: Option<Seq>,
    many: usize,
) {
    push_of_ticket(query, scope, ticket_id);
    if let Some(before) = before {
        query.push(" AND e.seq < ").push_bind(before.0);
    }
    query.push(" ORDER BY e.seq DESC LIMIT ").push_bind(limit(many));
}

/// What happened to a customer's tickets, found by the tickets: they are few, and the log is long.
fn push_of_customer(query: &mut QueryBuilder<Sqlite>, user_id: UserId, organization_id: Option<OrganizationId>) {
    query
        .push("SELECT ")
        .push(row::EVENT)
        .push(" FROM (SELECT id FROM ticket WHERE customer_id = ")
        .push_bind(user_id.0);
    if let Some(organization_id) = organization_id {
        query.push(" UNION SELECT id FROM ticket WHERE organization_id = ").push_bind(organization_id.0);
    }
    query.push(") s CROSS JOIN event e INDEXED BY event_ticket ON e.ticket_id = s.id");
    query.push(" LEFT JOIN person p ON p.id = e.actor_id WHERE e.audience = ").push_bind(Audience::Everyone.rank());
}

pub fn push_audit_filter(select: &mut QueryBuilder<Sqlite>, query: &AuditQuery) {
    if let Some(actor) = query.actor {
        select.push(" AND a.actor_id = ").push_bind(actor.0);
    }
    if let Some(subject) = query.subject {
        let (kind, id) = subject.parts();
        select.push(" AND a.subject_id = ").push_bind(id).push(" AND a.subject_kind = ").push_bind(kind);
    }
    if let Some(action) = &query.action {
        select.push(" AND a.action = ").push_bind(action.as_str());
    }
    if let Some(from) = query.from {
        select.push(" AND a.at >= ").push_bind(from.timestamp_micros());
    }
    if let Some(to) = query.to {
        select.push(" AND a.at < ").push_bind(to.timestamp_micros());
    }
    if let Some((at, id)) = query.before {
        select.push(" AND (a.at, a.id) < (").push_bind(at.timestamp_micros()).push(", ").push_bind(id.0).push(")");
    }
}
