//! What happened: on one ticket, on the desk, and in the audit log.

use super::Desk;
use super::ticket::reader;
use super::user::page;
use crate::access::Call;
use crate::error::Error;
use crate::event::Event;
use crate::ids::{CommentId, Seq, TicketKey};
use crate::model::view::{CommentView, EventView};
use crate::model::{AuditEntry, Role};
use crate::query::{AuditQuery, Page, Position};
use serde_json::Value;
use std::collections::HashMap;

/// A stretch of the event log.
#[derive(Clone, Debug)]
pub struct EventFeed {
    /// The events, in order.
    pub items: Vec<EventView>,
    /// Where to go on; there is always a place.
    pub next: Seq,
}

impl Desk {
    /// Everything that happened on a ticket, oldest first, with the comments in their places.
    pub async fn timeline(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        after: Option<Seq>,
        limit: usize,
    ) -> Result<Page<EventView>, Error> {
        let call = &call.into();
        let ticket = self.seen_ticket(call, key).await?;
        let scope = self.scope(&call.actor);
        let events = self.store.ticket_events(&scope, ticket.id, after.unwrap_or_default(), limit + 1).await?;
        self.timeline_page(call, events, limit).await
    }

    /// The same from the end: the newest first, before a place in the log.
    pub async fn timeline_from_end(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Page<EventView>, Error> {
        let call = &call.into();
        let ticket = self.seen_ticket(call, key).await?;
        let scope = self.scope(&call.actor);
        let events = self.store.ticket_events_from_end(&scope, ticket.id, before, limit + 1).await?;
        self.timeline_page(call, events, limit).await
    }

    /// A page of what was found, of which one more may be there than it holds, with the comments in their places.
    async fn timeline_page(&self, call: &Call, events: Vec<Event>, limit: usize) -> Result<Page<EventView>, Error> {
        let scope = self.scope(&call.actor);
        let found = page(events, limit, |event| Position::at(event.seq.0, uuid::Uuid::nil()));
        let said: Vec<CommentId> = found.items.iter().filter_map(|event| event.fact.comment_id()).collect();
        let mut comments = HashMap::new();
        if !said.is_empty() {
            for comment in self.store.comments_by_ids(&scope, &said).await? {
                comments.insert(comment.id, comment);
            }
        }
        let files = self.comment_files(&scope, &said).await?;
        let snapshot = self.snapshot().await?;
        let (staff, reader) = (call.actor.is_staff(), reader(call, &snapshot.custom_fields));
        let view = |event: Event| {
            let comment = event.fact.comment_id().and_then(|id| comments.get(&id).cloned());
            let mut view = EventView::new(event, reader)?;
            if let (Some(comment), Value::Object(data)) = (comment, &mut view.data) {
                // A comment that was edited comes again, and its files with it.
                let attachments = files.get(&comment.id).cloned().unwrap_or_default();
                let comment = CommentView { attachments, ..CommentView::new(comment, staff)? };
                let comment = serde_json::to_value(comment).ok()?;
                data.insert("comment".to_owned(), comment);
            }
            Some(view)
        };
        Ok(Page { items: found.items.into_iter().filter_map(view).collect(), next: found.next, total: None })
    }

    /// The event log from a place on, as far as the actor may know of it.
    pub async fn events(&self, call: impl Into<Call>, after: Seq, limit: usize) -> Result<EventFeed, Error> {
        let call = call.into();
        let page = self.store.events(&self.scope(&call.actor), after, limit).await?;
        let snapshot = self.snapshot().await?;
        let reader = reader(&call, &snapshot.custom_fields);
        let items = page.events.into_iter().filter_map(|event| EventView::new(event, reader)).collect();
        Ok(EventFeed { items, next: page.next })
    }

    /// The place up to which the event log can be read now, for whoever follows it from here on.
    pub async fn log_end(&self) -> Result<Seq, Error> {
        Ok(self.store.log_end().await?)
    }

    /// The audit log, newest first. For administrators.
    pub async fn audit(&self, call: impl Into<Call>, mut query: AuditQuery) -> Result<Page<AuditEntry>, Error> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        let limit = query.limit;
        query.limit += 1;
        let items = self.store.audit(&self.scope(&call.actor), &query).await?;
        Ok(page(items, limit, |entry| Position::at(entry.at.timestamp_micros(), entry.id.0)))
    }
}
