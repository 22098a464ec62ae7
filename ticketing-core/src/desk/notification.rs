//! What a person was told on the desk: listed, counted, read.

use super::Desk;
use super::preference::own_id;
use super::recorder::Recorder;
use super::user::page;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::error::Error;
use crate::ids::{NotificationId, TicketId, TicketKey, TicketNumber, UserId};
use crate::input::{Fields, Input, Problems};
use crate::model::{Notification, NotificationKind, Reading};
use crate::query::{NotificationQuery, Page, Position};
use crate::time::Time;
use serde::Serialize;

/// A notification as its reader sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NotificationView {
    /// Its id.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// The ticket that it is about.
    pub ticket_id: Option<TicketId>,
    /// The ticket's name for people.
    pub ticket_number: Option<TicketNumber>,
    /// One line; of several things the newest.
    pub title: String,
    /// More of it.
    pub message: String,
    /// How many things of this kind it stands for.
    pub count: i32,
    /// When it was told.
    pub created_at: Time,
    /// When something was last added to it.
    pub updated_at: Time,
    /// When it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Time>,
}

impl From<Notification> for NotificationView {
    fn from(told: Notification) -> Self {
        Self {
            id: told.id,
            kind: told.kind,
            ticket_id: told.ticket_id,
            ticket_number: told.ticket_number,
            title: told.title,
            message: told.message,
            count: told.count,
            created_at: told.created_at,
            updated_at: told.updated_at,
            read_at: told.read_at,
        }
    }
}

/// Which of one's notifications a list shows.
#[derive(Clone, Debug, Default)]
pub struct NotificationList {
    /// Only what is unread.
    pub unread: bool,
    /// Only of these kinds; all where it is empty.
    pub kinds: Vec<NotificationKind>,
    /// Only about this ticket, seen or not: what one was told stays one's own.
    pub ticket: Option<TicketKey>,
}

/// Which of one's notifications are read at once.
#[derive(Clone, Debug, Default)]
pub struct ReadAll {
    /// Only those about this ticket.
    pub ticket: Option<TicketKey>,
}

impl Input for ReadAll {
    fn read(fields: &mut Fields) -> Self {
        let text = fields.text("ticket").into_option();
        let ticket = text.as_deref().map(str::parse);
        if matches!(ticket, Some(Err(_))) {
            fields.fail("ticket", "format", "Must be a ticket's id or number.");
        }
        Self { ticket: ticket.and_then(Result::ok) }
    }

    fn check(&self, _: &mut Problems) {}
}

impl Desk {
    /// What the actor was told, newest first.
    pub async fn notifications(
        &self,
        call: impl Into<Call>,
        list: NotificationList,
        before: Option<NotificationId>,
        limit: usize,
    ) -> Result<Page<NotificationView>, Error> {
        let query = self.own_notifications(&call.into(), list).await?;
        let Some(query) = query else { return Ok(Page { items: Vec::new(), next: None, total: None }) };
        let found = self.store.notifications(&NotificationQuery { before, limit: limit + 1, ..query }).await?;
        let found = page(found, limit, |told| Position::at(0, told.id.0));
        Ok(found.map(NotificationView::from))
    }

    /// How many there are on [`Desk::notifications`].
    pub async fn notification_count(&self, call: impl Into<Call>, list: NotificationList) -> Result<u64, Error> {
        match self.own_notifications(&call.into(), list).await? {
            Some(query) => Ok(self.store.notification_count(&query).await?),
            None => Ok(0),
        }
    }

    /// How many the actor has not read, exactly.
    pub async fn unread_count(&self, call: impl Into<Call>) -> Result<u64, Error> {
        self.notification_count(call, NotificationList { unread: true, ..NotificationList::default() }).await
    }

    /// The list as a store is asked for it; nothing where there is no such ticket.
    async fn own_notifications(&self, call: &Call, list: NotificationList) -> Result<Option<NotificationQuery>, Error> {
        let user_id = own_id(call)?;
        let ticket_id = match list.ticket {
            Some(TicketKey::Id(id)) => Some(id),
            Some(key) => match self.store.ticket(&Scope::UPKEEP, &key).await? {
                Some(ticket) => Some(ticket.id),
                None => return Ok(None),
            },
            None => None,
        };
        let (unread, kinds) = (list.unread, list.kinds);
        Ok(Some(NotificationQuery { unread, kinds, ticket_id, ..NotificationQuery::of(user_id, 0) }))
    }

    /// Reads one of the actor's. One that is read stays as it is.
    pub async fn read_notification(
        &self,
        call: impl Into<Call>,
        id: NotificationId,
    ) -> Result<NotificationView, Error> {
        let call = &call.into();
        let user_id = own_id(call)?;
        let found = self.own_notification(user_id, id).await?;
        if found.read_at.is_some() {
            return Ok(found.into());
        }
        self.read(call, Reading::One(user_id, id)).await?;
        Ok(self.own_notification(user_id, id).await?.into())
    }

    async fn own_notification(&self, user_id: UserId, id: NotificationId) -> Result<Notification, Error> {
        self.store.notification(user_id, id).await?.ok_or(Error::NotFound("notification"))
    }

    /// Reads all of the actor's, or all about one ticket that the actor may see. Answers how many are unread then.
    pub async fn read_notifications(&self, call: impl Into<Call>, input: ReadAll) -> Result<u64, Error> {
        let call = &call.into();
        if let Some(key) = &input.ticket {
            self.read_notifications_of(call, key).await?;
        } else {
            let user_id = own_id(call)?;
            self.read_where_any(call, Reading::Person(user_id), NotificationQuery::of(user_id, 1)).await?;
        }
        self.unread_count(call).await
    }

    /// Reads what the actor was told of a ticket: who opens it has seen it. For who may see the ticket.
    pub async fn read_notifications_of(&self, call: impl Into<Call>, key: &TicketKey) -> Result<(), Error> {
        let call = &call.into();
        let user_id = own_id(call)?;
        let ticket_id = self.seen_ticket(call, key).await?.id;
        let query = NotificationQuery { ticket_id: Some(ticket_id), ..NotificationQuery::of(user_id, 1) };
        self.read_where_any(call, Reading::PersonOnTicket(user_id, ticket_id), query).await
    }

    /// Writes only where there is something to write: tickets are opened often.
    async fn read_where_any(&self, call: &Call, reading: Reading, query: NotificationQuery) -> Result<(), Error> {
        let query = NotificationQuery { unread: true, ..query };
        if self.store.notifications(&query).await?.is_empty() { Ok(()) } else { self.read(call, reading).await }
    }

    async fn read(&self, call: &Call, reading: Reading) -> Result<(), Error> {
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            recorder.write(Write::ReadNotifications { reading, at: recorder.now });
            recorder.commit().await
        })
        .await
    }
}
