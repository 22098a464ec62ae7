//! What people are told on the desk.

use super::MemoryStore;
use super::staged::Staged;
use super::state::State;
use crate::changes::Write;
use crate::ids::{ChangeId, NotificationId, TicketId, UserId};
use crate::model::{NoticePreferences, Notification, NotificationSubject, Reading};
use crate::port::{Hearer, HearerQuery, Hearers, NotificationRead, StoreResult};
use crate::query::NotificationQuery;
use crate::setting::Setting;
use crate::time::Time;
use async_trait::async_trait;
use std::collections::BTreeSet;
use uuid::Uuid;

#[async_trait]
impl NotificationRead for MemoryStore {
    async fn notifications(&self, query: &NotificationQuery) -> StoreResult<Vec<Notification>> {
        let state = self.state();
        let before = query.before.unwrap_or(NotificationId(Uuid::max()));
        let older = state.own(query.user_id, before).rev().filter(|told| fits(query, told));
        Ok(older.take(query.limit).cloned().collect())
    }

    async fn notification_count(&self, query: &NotificationQuery) -> StoreResult<u64> {
        let state = self.state();
        let all = state.own(query.user_id, NotificationId(Uuid::max()));
        Ok(all.filter(|told| fits(query, told)).count() as u64)
    }

    async fn unread_counts(&self, users: &[UserId]) -> StoreResult<Vec<(UserId, u64)>> {
        let state = self.state();
        let count = |user_id: &UserId| {
            let all = state.own(*user_id, NotificationId(Uuid::max()));
            (*user_id, all.filter(|told| told.read_at.is_none()).count() as u64)
        };
        let users: BTreeSet<UserId> = users.iter().copied().collect();
        Ok(users.iter().map(count).filter(|(_, count)| *count > 0).collect())
    }

    async fn notification(&self, user_id: UserId, id: NotificationId) -> StoreResult<Option<Notification>> {
        Ok(self.state().notifications.get(&(user_id, id)).cloned())
    }

    async fn notifications_of_changes(&self, changes: &[ChangeId], limit: usize) -> StoreResult<Vec<Notification>> {
        let state = self.state();
        Ok(state.notifications.values().filter(|told| changes.contains(&told.change_id)).take(limit).cloned().collect())
    }

    async fn purge_notifications(&self, before: Time, limit: usize) -> StoreResult<u64> {
        let mut state = self.state();
        let read = state.notifications.iter().filter_map(|(key, told)| Some((told.read_at?, *key)));
        let mut old: Vec<_> = read.filter(|(at, _)| *at < before).collect();
        old.sort_unstable();
        old.truncate(limit);
        for (_, key) in &old {
            state.notifications.remove(key);
        }
        Ok(old.len() as u64)
    }

    async fn purge_joined(&self, before: Time, limit: usize) -> StoreResult<u64> {
        let mut state = self.state();
        let old = state.joined.iter().filter(|(_, (_, at))| *at < before).map(|(subject, _)| *subject);
        let old: Vec<NotificationSubject> = old.take(limit).collect();
        for subject in &old {
            state.joined.remove(subject);
        }
        Ok(old.len() as u64)
    }

    async fn hearers(&self, query: &HearerQuery) -> StoreResult<Hearers> {
        let state = self.state();
        let listening = (query.ticket_id, UserId(Uuid::nil()))..=(query.ticket_id, UserId(Uuid::max()));
        let listening = state.watchers.range(listening).map(|((_, id), _)| *id).take(query.watchers);
        let ids: BTreeSet<UserId> = listening.chain(query.people.iter().copied()).collect();
        let hearer = |id: UserId| {
            let document = state.documents.get(&(NoticePreferences::KIND.to_owned(), id.0));
            Some(Hearer {
                user: state.users.get(&id)?.clone(),
                is_watching: state.watchers.contains_key(&(query.ticket_id, id)),
                preferences: document.filter(|document| !document.deleted).map(|document| document.body.clone()),
            })
        };
        let company = query.organization_id.and_then(|id| state.organizations.get(&id));
        Ok(Hearers {
            people: ids.into_iter().filter_map(hearer).collect(),
            shares_tickets: company.is_some_and(|company| company.shares_tickets),
        })
    }

    async fn commenters(&self, ticket_id: TicketId, limit: usize) -> StoreResult<Vec<UserId>> {
        let state = self.state();
        let first = crate::ids::CommentId(Uuid::nil());
        let last = crate::ids::CommentId(Uuid::max());
        let public = state.comments.range((ticket_id, first)..=(ticket_id, last)).map(|(_, comment)| comment);
        let authors = public.filter(|comment| !comment.is_internal).filter_map(|comment| comment.author.id);
        let authors: BTreeSet<UserId> = authors.collect();
        Ok(authors.into_iter().take(limit).collect())
    }
}

fn fits(query: &NotificationQuery, told: &Notification) -> bool {
    (!query.unread || told.read_at.is_none())
        && (query.kinds.is_empty() || query.kinds.contains(&told.kind))
        && query.ticket_id.is_none_or(|id| told.ticket_id == Some(id))
}

impl State {
    /// A person's, oldest first, before this one.
    fn own(&self, user_id: UserId, before: NotificationId) -> impl DoubleEndedIterator<Item = &Notification> {
        let first = NotificationId(Uuid::nil());
        self.notifications.range((user_id, first)..(user_id, before)).map(|(_, told)| told)
    }
}

impl Staged<'_> {
    pub(super) fn notification(&mut self, told: Notification) {
        let key = (told.user_id, told.id);
        if self.state.notifications.contains_key(&key) {
            return;
        }
        let Some(subject) = told.subject() else {
            return self.put(|state| &mut state.notifications, key, told);
        };
        let last = self.state.joined.get(&subject).filter(|(_, at)| told.updated_at - *at <= Notification::WINDOW);
        let joined = last.copied().and_then(|(id, at)| Some((self.state.notifications.get(&(told.user_id, id))?, at)));
        let (whole, at) = match joined.map(|(known, at)| (known.clone(), at)) {
            Some((known, at)) => {
                let updated_at = known.updated_at.max(told.updated_at);
                let count = known.count + told.count;
                let whole = Notification { id: known.id, created_at: known.created_at, updated_at, count, ..told };
                (whole, at.max(updated_at))
            }
            None => (told.clone(), told.updated_at),
        };
        self.put(|state| &mut state.joined, subject, (whole.id, at));
        self.put(|state| &mut state.notifications, (whole.user_id, whole.id), whole);
    }

    /// Reads what is there before the commit. Answers the tickets of which everybody's was read.
    pub(super) fn read_notifications(&mut self, writes: &[Write]) -> Vec<TicketId> {
        let mut tickets = Vec::new();
        for write in writes {
            let Write::ReadNotifications { reading, at } = write else { continue };
            let is_meant = |told: &Notification| match *reading {
                Reading::One(user_id, id) => told.user_id == user_id && told.id == id,
                Reading::Person(user_id) => told.user_id == user_id,
                Reading::PersonOnTicket(user_id, ticket_id) => {
                    told.user_id == user_id && told.ticket_id == Some(ticket_id)
                }
                Reading::Ticket(ticket_id) => told.ticket_id == Some(ticket_id),
            };
            let unread = self.state.notifications.values().filter(|told| told.read_at.is_none() && is_meant(told));
            for told in unread.cloned().collect::<Vec<_>>() {
                let key = (told.user_id, told.id);
                self.put(|state| &mut state.notifications, key, Notification { read_at: Some(*at), ..told });
            }
            match *reading {
                Reading::One(_, id) => {
                    let joined = self.state.joined.iter().filter(|(_, (last, _))| *last == id);
                    for subject in joined.map(|(subject, _)| *subject).collect::<Vec<_>>() {
                        self.remove(|state| &mut state.joined, &subject);
                    }
                }
                Reading::Person(user_id) => self.stop_joining(|subject| subject.user_id == user_id),
                Reading::PersonOnTicket(user_id, ticket_id) => {
                    self.stop_joining(|subject| subject.user_id == user_id && subject.ticket_id == ticket_id);
                }
                Reading::Ticket(ticket_id) => {
                    self.stop_joining(|subject| subject.ticket_id == ticket_id);
                    tickets.push(ticket_id);
                }
            }
        }
        tickets
    }

    /// What is told of these afterwards stands for itself.
    pub(super) fn stop_joining(&mut self, is_meant: impl Fn(&NotificationSubject) -> bool) {
        let subjects: Vec<_> = self.state.joined.keys().filter(|subject| is_meant(subject)).copied().collect();
        for subject in subjects {
            self.remove(|state| &mut state.joined, &subject);
        }
    }

    pub(super) fn forget_notifications(&mut self, user_id: UserId) {
        let all: Vec<_> = self.state.own(user_id, NotificationId(Uuid::max())).map(|told| told.id).collect();
        for id in all {
            self.remove(|state| &mut state.notifications, &(user_id, id));
        }
        self.stop_joining(|subject| subject.user_id == user_id);
    }
}
