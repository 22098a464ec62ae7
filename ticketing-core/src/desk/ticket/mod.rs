//! Tickets: made, read, changed, assigned, escalated, closed and opened again by whoever asked.

mod assign;
mod bulk;
mod change;
mod create;
mod follow_up;
mod link;
mod merge;
mod requester;
mod unmerge;
mod update;

pub use bulk::BulkChange;
pub(super) use change::Change;
pub use follow_up::NewSplit;
pub(super) use link::read_key;
pub use link::{LinkView, LinkedTicket, NewLink};
pub use merge::NewMerge;
pub(super) use merge::{MERGED, check_unmerged, merged, other_customers};

use super::user::page;
use super::{Desk, Snapshot};
use crate::access::{Call, Origin};
use crate::condition::Condition;
use crate::error::Error;
use crate::ids::TicketKey;
use crate::model::view::{Reader, TicketView};
use crate::model::{Channel, CustomFields, Ticket};
use crate::query::{Page, Position, Sort, TicketQuery};
use serde::Serialize;

pub use crate::ticket::{Assignment, Deescalation, Escalation, NewCustomer, NewTicket, Requester, TicketPatch};

/// A list of tickets.
#[derive(Clone, Debug)]
pub struct TicketList {
    /// Which.
    pub filter: Condition,
    /// In which order.
    pub sort: Sort,
    /// After which place.
    pub after: Option<Position>,
    /// At most how many.
    pub limit: usize,
    /// Whether to count them all, which costs as much as there are.
    pub count: bool,
}

impl Default for TicketList {
    fn default() -> Self {
        Self { filter: Condition::always(), sort: Sort::default(), after: None, limit: 25, count: false }
    }
}

/// At which number counting a list stops that is only to be shown beside its name.
pub const COUNTED: usize = 1_000;

/// How long a list is, as far as it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TicketCount {
    /// How many tickets there are, at most 1,000.
    pub count: usize,
    /// Whether there are more.
    pub is_capped: bool,
}

impl Desk {
    /// A ticket, as the actor may see it.
    pub async fn ticket(&self, call: impl Into<Call>, key: &TicketKey) -> Result<TicketView, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        let snapshot = self.snapshot().await?;
        Ok(self.view(&call, &snapshot, ticket))
    }

    /// Tickets that the actor may see.
    pub async fn tickets(&self, call: impl Into<Call>, list: TicketList) -> Result<Page<TicketView>, Error> {
        let call = call.into();
        let scope = self.scope(&call.actor);
        let (limit, sort) = (list.limit, list.sort);
        let query = TicketQuery { filter: list.filter, sort, after: list.after, limit: limit + 1, now: self.now() };
        let found = self.store.tickets(&scope, &query).await?;
        let mut found = page(found, limit, |ticket| Position::of_ticket(sort, ticket));
        if list.count {
            found.total = Some(self.store.ticket_count(&scope, &query).await?);
        }
        let snapshot = self.snapshot().await?;
        Ok(found.map(|ticket| self.view(&call, &snapshot, ticket)))
    }

    /// How many tickets that the actor may see each of these filters holds for, in their order. It costs no more where
    /// there are many.
    pub async fn ticket_counts(
        &self,
        call: impl Into<Call>,
        filters: Vec<Condition>,
    ) -> Result<Vec<TicketCount>, Error> {
        let (scope, now) = (self.scope(&call.into().actor), self.now());
        let query = |filter| TicketQuery { filter, sort: Sort::default(), after: None, limit: 0, now };
        let queries: Vec<TicketQuery> = filters.into_iter().map(query).collect();
        // One more than is told shows that there are more.
        let counts = self.store.ticket_counts(&scope, &queries, COUNTED + 1).await?;
        let capped = |count: u64| {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            TicketCount { count: count.min(COUNTED), is_capped: count > COUNTED }
        };
        Ok(counts.into_iter().map(capped).collect())
    }

    /// The only way to a ticket: absent where the actor may not see it.
    pub(super) async fn seen_ticket(&self, call: &Call, key: &TicketKey) -> Result<Ticket, Error> {
        self.store.ticket(&self.scope(&call.actor), key).await?.ok_or(Error::NotFound("ticket"))
    }

    pub(super) fn view(&self, call: &Call, snapshot: &Snapshot, ticket: Ticket) -> TicketView {
        TicketView::new(ticket, reader(call, &snapshot.custom_fields), &self.options().app_url)
    }

    /// The ticket as whoever may change it sees it.
    pub(super) fn staff_view(&self, ticket: Ticket) -> TicketView {
        TicketView::new(ticket, Reader::Staff, &self.options().app_url)
    }
}

/// What this call's actor is shown.
pub(super) fn reader<'a>(call: &Call, fields: &'a CustomFields) -> Reader<'a> {
    if call.actor.is_staff() { Reader::Staff } else { Reader::Customer(fields) }
}

/// The way by which this call's tickets and comments come in.
pub(super) fn channel(call: &Call) -> Channel {
    match (&call.origin, call.actor.is_staff()) {
        (Origin::Http { .. }, false) => Channel::Portal,
        (Origin::Http { .. }, true) => Channel::Web,
        (Origin::Mail(_), _) => Channel::Email,
        (Origin::Cli | Origin::Host, _) => Channel::Api,
    }
}
