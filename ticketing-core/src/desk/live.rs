//! What has just happened, for those who look on: the log as it grows, with what is needed to tell each of them as much as
//! they may know.

use super::{Desk, NotificationView};
use crate::access::{Actor, Call, Scope};
use crate::error::Error;
use crate::event::{Audience, Event, Fact};
use crate::ids::{ChangeId, CommentId, EventId, OrganizationId, Seq, TeamId, TicketId, TicketKey, UserId};
use crate::model::view::{AttachmentView, CommentView, EventView, Reader, TicketView};
use crate::model::{Comment, Person, Ticket};
use crate::port::{CHANGES, READERS};
use crate::time::Time;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A stretch of the log with the tickets and comments that it tells of, as they stand now.
#[derive(Debug)]
pub struct LivePage {
    /// What happened, in the order of the log.
    pub items: Vec<LiveEvent>,
    /// Up to where the log was read.
    pub next: Seq,
}

/// One thing that happened.
#[derive(Debug)]
pub struct LiveEvent {
    event: Event,
    ticket: Arc<Ticket>,
    comment: Option<Comment>,
    files: Vec<AttachmentView>,
}

/// What is told of it.
#[derive(Clone, Debug, Serialize)]
pub struct LiveView {
    /// Its id, the same wherever it is told.
    pub event_id: EventId,
    /// What happened, such as `ticket.assigned`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When.
    pub at: Time,
    /// Who did it.
    pub actor: Person,
    /// The ticket as it stands.
    pub ticket: TicketView,
    /// What was said, where something was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<CommentView>,
    /// Old and new value of each changed field, where fields changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Value>,
    /// What the kind of event says beside that: `reason`, `comment_id`, `metric`, …
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub data: Map<String, Value>,
}

/// Something that a person was told on the desk.
#[derive(Clone, Debug)]
pub struct Told {
    /// Who.
    pub user_id: UserId,
    /// The commit that told it.
    pub change_id: ChangeId,
    /// What, as the person sees it.
    pub view: NotificationView,
}

impl LiveEvent {
    /// Its place in the log.
    pub fn seq(&self) -> Seq {
        self.event.seq
    }

    /// When it happened.
    pub fn at(&self) -> Time {
        self.event.at
    }

    /// The commit that it came with.
    pub fn change_id(&self) -> ChangeId {
        self.event.change_id
    }

    /// Whether what people were told of the ticket is read from then on.
    pub fn is_closing(&self) -> bool {
        matches!(self.event.fact, Fact::TicketClosed {})
    }

    /// The ticket.
    pub fn ticket_id(&self) -> TicketId {
        self.ticket.id
    }

    /// Whose question it is.
    pub fn customer_id(&self) -> UserId {
        self.ticket.customer_id
    }

    /// The customer's company.
    pub fn organization_id(&self) -> Option<OrganizationId> {
        self.ticket.organization_id
    }

    /// Who has it.
    pub fn assigned_agent_id(&self) -> Option<UserId> {
        self.ticket.assigned_agent_id
    }

    /// Whose queue it is in.
    pub fn team_id(&self) -> Option<TeamId> {
        self.ticket.team_id
    }

    /// Whether somebody with this scope sees the ticket at all.
    pub fn is_seen_by(&self, scope: &Scope) -> bool {
        scope.sees(&self.ticket)
    }

    /// Where who has said something, if that is what happened.
    pub fn spoke(&self) -> Option<(TicketId, UserId)> {
        let is_said = matches!(self.event.fact, Fact::CommentAdded { .. });
        self.event.actor.id.filter(|_| is_said).map(|user_id| (self.ticket.id, user_id))
    }

    /// Whether somebody with this scope may know of it: of the ticket as it stands now, and of what was said if it is
    /// still public. What [`Desk::live_view`] leaves out for customers is for it to say.
    pub fn is_for(&self, scope: &Scope) -> bool {
        let is_hidden = self.event.audience == Audience::Staff || self.comment.as_ref().is_some_and(|c| c.is_internal);
        self.is_seen_by(scope) && (scope.sees_internal() || !is_hidden)
    }
}

impl Desk {
    /// The event log from a place on with all that it tells of. For those who pass it on: what each reader may know is for
    /// [`LiveEvent::is_for`] and [`Desk::live_view`] to say. Events of tickets that are gone are left out.
    pub async fn live_page(&self, after: Seq, limit: usize) -> Result<LivePage, Error> {
        let page = self.store.events(&Scope::UPKEEP, after, limit).await?;
        let keys: BTreeSet<TicketId> = page.events.iter().map(|event| event.ticket_id).collect();
        let keys: Vec<TicketKey> = keys.into_iter().map(TicketKey::Id).collect();
        let said: Vec<CommentId> = page.events.iter().filter_map(|event| event.fact.comment_id()).collect();
        let mut tickets = HashMap::new();
        if !keys.is_empty() {
            for ticket in self.store.tickets_by_keys(&Scope::UPKEEP, &keys).await? {
                tickets.insert(ticket.id, Arc::new(ticket));
            }
        }
        let mut comments = HashMap::new();
        if !said.is_empty() {
            for comment in self.store.comments_by_ids(&Scope::UPKEEP, &said).await? {
                comments.insert(comment.id, comment);
            }
        }
        let files = self.comment_files(&Scope::UPKEEP, &said).await?;
        let whole = |event: Event| {
            let ticket = tickets.get(&event.ticket_id).cloned()?;
            let comment = event.fact.comment_id().and_then(|id| comments.get(&id).cloned());
            let files = comment.as_ref().and_then(|comment| files.get(&comment.id).cloned()).unwrap_or_default();
            Some(LiveEvent { event, ticket, comment, files })
        };
        Ok(LivePage { items: page.events.into_iter().filter_map(whole).collect(), next: page.next })
    }

    /// What is told of it to staff or to customers; none where it is nothing to tell them.
    pub async fn live_view(&self, live: &LiveEvent, to_staff: bool) -> Result<Option<LiveView>, Error> {
        let snapshot = self.snapshot().await?;
        let reader = if to_staff { Reader::Staff } else { Reader::Customer(&snapshot.custom_fields) };
        let Some(view) = EventView::new(live.event.clone(), reader) else { return Ok(None) };
        let comment = match &live.comment {
            Some(comment) => match CommentView::new(comment.clone(), to_staff) {
                Some(comment) => Some(CommentView { attachments: live.files.clone(), ..comment }),
                // It was hidden since.
                None => return Ok(None),
            },
            None => None,
        };
        let Value::Object(mut data) = view.data else { return Ok(None) };
        let changes = data.remove("changes");
        Ok(Some(LiveView {
            event_id: view.event_id,
            kind: view.kind,
            at: view.at,
            actor: view.actor,
            ticket: TicketView::new(Ticket::clone(&live.ticket), reader, &self.options().app_url),
            comment,
            changes,
            data,
        }))
    }

    /// What people were told by these commits and was not added to since, at most so many of each 500 commits. For those
    /// who pass it on, each to whom it is for.
    pub async fn told_by(&self, changes: &[ChangeId], limit: usize) -> Result<Vec<Told>, Error> {
        let mut told = Vec::new();
        for changes in changes.chunks(CHANGES) {
            let found = self.store.notifications_of_changes(changes, limit).await?;
            told.extend(found.into_iter().map(|one| Told {
                user_id: one.user_id,
                change_id: one.change_id,
                view: one.into(),
            }));
        }
        Ok(told)
    }

    /// How many notifications each of these people has not read, exactly; who has read all is left out.
    pub async fn unread_counts(&self, users: &[UserId]) -> Result<HashMap<UserId, u64>, Error> {
        let mut counts = HashMap::with_capacity(users.len());
        for users in users.chunks(READERS) {
            counts.extend(self.store.unread_counts(users).await?);
        }
        Ok(counts)
    }

    /// Whether the sign-in that the actor came with goes on. A program's key, and who came without one, have none to end.
    pub async fn is_signed_in(&self, actor: &Actor) -> Result<bool, Error> {
        let Some(id) = actor.principal().and_then(|principal| principal.session_id) else { return Ok(true) };
        let session = self.store.session(&Scope::SIGN_IN, id).await?;
        Ok(session.is_some_and(|session| session.ended_at.is_none()))
    }

    /// Those of these tickets that the caller may see.
    pub async fn seen_of(&self, call: impl Into<Call>, ids: &[TicketId]) -> Result<Vec<TicketId>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<TicketKey> = ids.iter().map(|id| TicketKey::Id(*id)).collect();
        let found = self.store.tickets_by_keys(&self.scope(&call.into().actor), &keys).await?;
        Ok(found.into_iter().map(|ticket| ticket.id).collect())
    }
}
