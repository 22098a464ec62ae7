//! What people are told on the desk, pushed to their sockets with how much of it they have not read.
//!
//! One task tells all of it, the one that follows the log, so that no count comes after a newer one.

use super::hub::{Live, Room, lock};
use serde::Serialize;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use ticketing_core::desk::{LiveEvent, NotificationView, Told};
use ticketing_core::port::CHANGES;
use ticketing_core::{ChangeId, Error, Seq, UserId};
use tokio::sync::Notify;

/// A notification as its reader's sockets hear it.
#[derive(Serialize)]
struct Message<'a> {
    #[serde(flatten)]
    view: &'a NotificationView,
    unread_count: u64,
}

/// What is to be told beside the log.
#[derive(Default)]
pub(super) struct Unsaid {
    items: Mutex<Items>,
    pub(super) rings: Arc<Notify>,
}

#[derive(Default)]
struct Items {
    /// Commits that told people something and have no event.
    changes: Vec<ChangeId>,
    /// Whose sockets are to hear how much they have not read; false where only if it is less than they know.
    people: HashMap<UserId, bool>,
}

/// What the task that tells remembers.
#[derive(Default)]
pub(super) struct Teller {
    /// The commit that was told last: its events may go on on the next page.
    last: Option<ChangeId>,
    /// How much each person has not read, as their sockets know.
    counts: HashMap<UserId, u64>,
}

/// What was told by the commits of a stretch of the log, for those who are here.
pub(super) struct Page {
    told: HashMap<ChangeId, Vec<Told>>,
    counts: HashMap<UserId, u64>,
}

impl Unsaid {
    /// Has people told what a commit told them that has no event. A hint: who does not hear of it finds it in the list.
    pub(super) fn told(&self, change_id: ChangeId) {
        let mut items = lock(&self.items);
        if items.changes.len() < CHANGES {
            items.changes.push(change_id);
            self.rings.notify_one();
        }
    }

    /// Has a person's sockets told how much is unread.
    pub(super) fn count(&self, user_id: UserId) {
        lock(&self.items).people.insert(user_id, true);
        self.rings.notify_one();
    }

    /// The same of these, who may have less to read than they know.
    fn recount(&self, users: impl Iterator<Item = UserId>) {
        let mut items = lock(&self.items);
        for user_id in users {
            items.people.entry(user_id).or_default();
        }
    }

    fn take(&self) -> Items {
        std::mem::take(&mut lock(&self.items))
    }

    pub(super) fn clear(&self) {
        drop(self.take());
    }

    /// Keeps for later what could not be told.
    fn put_back(&self, items: Items) {
        let mut kept = lock(&self.items);
        let room = CHANGES.saturating_sub(kept.changes.len());
        kept.changes.extend(items.changes.into_iter().take(room));
        for (user_id, in_any_case) in items.people {
            *kept.people.entry(user_id).or_default() |= in_any_case;
        }
    }
}

impl Live {
    /// What the commits of these events told those who are here, for [`Live::tell_told`].
    pub(super) async fn told_on(&self, events: &[LiveEvent], teller: &Teller) -> Result<Page, Error> {
        let mut changes: Vec<ChangeId> = events.iter().map(LiveEvent::change_id).collect();
        changes.dedup();
        changes.retain(|change_id| Some(*change_id) != teller.last);
        self.told_by(&changes).await
    }

    async fn told_by(&self, changes: &[ChangeId]) -> Result<Page, Error> {
        let mut told: HashMap<ChangeId, Vec<Told>> = HashMap::new();
        let mut users = HashSet::new();
        let all = if changes.is_empty() { Vec::new() } else { self.desk.told_by(changes).await? };
        for one in all.into_iter().filter(|one| self.is_here(one.user_id)) {
            users.insert(one.user_id);
            told.entry(one.change_id).or_default().push(one);
        }
        let users: Vec<UserId> = users.into_iter().collect();
        let counts = if users.is_empty() { HashMap::new() } else { self.desk.unread_counts(&users).await? };
        Ok(Page { told, counts })
    }

    /// Tells what came with the commit of this event, once for all its events.
    pub(super) fn tell_told(&self, page: &mut Page, event: &LiveEvent, teller: &mut Teller) {
        teller.last = Some(event.change_id());
        for told in page.told.remove(&event.change_id()).unwrap_or_default() {
            self.tell_notification(&told, &page.counts, event.seq(), teller);
        }
        if event.is_closing() {
            let hearers = self.in_rooms(&super::tail::rooms_of(event));
            self.unsaid.recount(hearers.iter().map(|member| member.user_id));
        }
    }

    fn tell_notification(&self, told: &Told, counts: &HashMap<UserId, u64>, place: Seq, teller: &mut Teller) {
        let unread_count = counts.get(&told.user_id).copied().unwrap_or_default();
        teller.counts.insert(told.user_id, unread_count);
        let message = Message { view: &told.view, unread_count };
        for member in self.in_rooms(&[Room::User(told.user_id)]) {
            self.tell(&member, "notification", &message, Some(place));
        }
    }

    /// Tells what is to be told beside the log.
    pub(super) async fn tell_unsaid(&self, teller: &mut Teller) -> Result<(), Error> {
        let items = self.unsaid.take();
        let done = self.try_tell_unsaid(&items, teller).await;
        if done.is_err() {
            self.unsaid.put_back(items);
        }
        teller.forget(|user_id| self.is_here(user_id), self.counts().0);
        done
    }

    async fn try_tell_unsaid(&self, items: &Items, teller: &mut Teller) -> Result<(), Error> {
        let page = self.told_by(&items.changes).await?;
        let may_be_less = |user_id: &UserId| teller.counts.get(user_id).is_some_and(|known| *known > 0);
        let people = items.people.iter().filter(|(user_id, in_any_case)| **in_any_case || may_be_less(user_id));
        let people: Vec<UserId> = people.map(|(user_id, _)| *user_id).filter(|id| self.is_here(*id)).collect();
        let counts = if people.is_empty() { HashMap::new() } else { self.desk.unread_counts(&people).await? };
        let place = self.place();
        for told in page.told.values().flatten() {
            self.tell_notification(told, &page.counts, place, teller);
        }
        for user_id in people {
            let count = counts.get(&user_id).copied().unwrap_or_default();
            let was = teller.counts.insert(user_id, count);
            if was == Some(count) && items.people.get(&user_id) == Some(&false) {
                continue;
            }
            for member in self.in_rooms(&[Room::User(user_id)]) {
                self.tell(&member, "unread_count", &json!({ "unread_count": count }), Some(place));
            }
        }
        Ok(())
    }
}

impl Teller {
    /// Forgets those who have gone, now and then.
    fn forget(&mut self, is_here: impl Fn(UserId) -> bool, sockets: usize) {
        if self.counts.len() > 2 * sockets + 100 {
            self.counts.retain(|user_id, _| is_here(*user_id));
        }
    }
}
