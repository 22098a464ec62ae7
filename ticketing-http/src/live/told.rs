//! What people are told on the desk, pushed to their sockets with how much of it they have not read.
//!
//! One task tells all of it, the one that follows the log, so that no count comes after a newer one.

use super::hub::{Live, Room, lock};
use serde::Serialize;
use serde_json::json;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use ticketing_core::desk::{LiveEvent, NotificationView, Told};
use ticketing_core::port::{CHANGES, Signal};
use ticketing_core::{ChangeId, Error, Seq, UserId};
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;

/// A notification as its reader's sockets hear it.
#[derive(Serialize)]
struct Message<'a> {
    #[serde(flatten)]
    view: &'a NotificationView,
    unread_count: u64,
}

/// How many notifications of a stretch of the log are pushed. Of more, people hear how many they have not read.
const MOST: usize = 2_000;
/// How many commits are remembered as told.
const REMEMBERED: usize = 1_000;

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
    /// Whose sockets are to hear how much they have not read.
    people: HashSet<UserId>,
    /// Whether everybody's are where it is not what they know.
    everybody: bool,
}

/// What the task that tells remembers.
#[derive(Default)]
pub(super) struct Teller {
    /// The commits that were told last: the log may mix their events with others'.
    told: HashSet<ChangeId>,
    order: VecDeque<ChangeId>,
    /// How much each person has not read, as their sockets know.
    counts: HashMap<UserId, u64>,
}

/// What was told by the commits of a stretch of the log, for those who are here.
#[derive(Default)]
pub(super) struct Stretch {
    told: HashMap<ChangeId, Vec<Told>>,
    counts: HashMap<UserId, u64>,
}

impl Unsaid {
    /// Has people told what a commit told them that has no event. A hint: who does not hear of it finds it in the list.
    pub(super) fn told(&self, change_id: ChangeId) {
        let mut items = lock(&self.items);
        if items.changes.len() < CHANGES {
            items.changes.push(change_id);
        } else {
            items.everybody = true;
        }
        self.rings.notify_one();
    }

    /// Has a person's sockets told how much is unread.
    pub(super) fn count(&self, user_id: UserId) {
        lock(&self.items).people.insert(user_id);
        self.rings.notify_one();
    }

    /// Has everybody's told who may have another count than they know.
    pub(super) fn recount(&self) {
        lock(&self.items).everybody = true;
        self.rings.notify_one();
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
        kept.everybody |= items.everybody || items.changes.len() > room;
        kept.changes.extend(items.changes.into_iter().take(room));
        kept.people.extend(items.people);
    }
}

impl Live {
    /// What the commits of these events told those who are here, for [`Live::tell_told`]. Where that can't be read it is
    /// told later, and nobody waits for it.
    pub(super) async fn told_on(&self, events: &[LiveEvent], teller: &Teller) -> Stretch {
        let changes: HashSet<ChangeId> = events.iter().map(LiveEvent::change_id).collect();
        let changes: Vec<ChangeId> = changes.into_iter().filter(|change_id| !teller.told.contains(change_id)).collect();
        self.told_by(&changes).await.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "notifications could not be pushed yet");
            for change_id in &changes {
                self.unsaid.told(*change_id);
            }
            Stretch::default()
        })
    }

    async fn told_by(&self, changes: &[ChangeId]) -> Result<Stretch, Error> {
        let mut told: HashMap<ChangeId, Vec<Told>> = HashMap::new();
        let mut users = HashSet::new();
        let all = if changes.is_empty() { Vec::new() } else { self.desk.told_by(changes, MOST).await? };
        if all.len() >= MOST {
            self.unsaid.recount();
        }
        for one in all.into_iter().filter(|one| self.is_here(one.user_id)) {
            users.insert(one.user_id);
            told.entry(one.change_id).or_default().push(one);
        }
        let users: Vec<UserId> = users.into_iter().collect();
        let counts = if users.is_empty() { HashMap::new() } else { self.desk.unread_counts(&users).await? };
        Ok(Stretch { told, counts })
    }

    /// Tells what came with the commit of this event, once for all its events.
    pub(super) async fn tell_told(&self, stretch: &mut Stretch, event: &LiveEvent, teller: &mut Teller) {
        teller.remember(event.change_id());
        for told in stretch.told.remove(&event.change_id()).unwrap_or_default() {
            self.tell_notification(&told, &stretch.counts, event.seq(), teller).await;
        }
        if event.is_closing() {
            self.unsaid.recount();
        }
    }

    async fn tell_notification(&self, told: &Told, counts: &HashMap<UserId, u64>, place: Seq, teller: &mut Teller) {
        let unread_count = counts.get(&told.user_id).copied().unwrap_or_default();
        teller.counts.insert(told.user_id, unread_count);
        let message = Message { view: &told.view, unread_count };
        for member in self.in_rooms(&[Room::User(told.user_id)]) {
            if self.is_certain(&member, place).await {
                self.tell(&member, "notification", &message, Some(place));
            }
        }
    }

    /// Tells what is to be told beside the log.
    pub(super) async fn tell_unsaid(&self, teller: &mut Teller, signals: &mut Receiver<Signal>) -> Result<(), Error> {
        let items = self.unsaid.take();
        let done = self.try_tell_unsaid(&items, teller, signals).await;
        if done.is_err() {
            self.unsaid.put_back(items);
        }
        teller.forget(|user_id| self.is_here(user_id), self.counts().0);
        done
    }

    async fn try_tell_unsaid(
        &self,
        items: &Items,
        teller: &mut Teller,
        signals: &mut Receiver<Signal>,
    ) -> Result<(), Error> {
        let stretch = self.told_by(&items.changes).await?;
        let known = teller.counts.keys().filter(|_| items.everybody);
        let people: HashSet<UserId> = items.people.iter().chain(known).copied().collect();
        let people: Vec<UserId> = people.into_iter().filter(|user_id| self.is_here(*user_id)).collect();
        let counts = if people.is_empty() { HashMap::new() } else { self.desk.unread_counts(&people).await? };
        self.doubt(signals);
        let place = self.place();
        for told in stretch.told.values().flatten() {
            self.tell_notification(told, &stretch.counts, place, teller).await;
        }
        for user_id in people {
            let count = counts.get(&user_id).copied().unwrap_or_default();
            let was = teller.counts.insert(user_id, count);
            if was == Some(count) && !items.people.contains(&user_id) {
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
    /// Remembers that a commit was told.
    fn remember(&mut self, change_id: ChangeId) {
        if self.told.insert(change_id) {
            self.order.push_back(change_id);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.told.remove(&oldest);
        }
    }

    /// Forgets those who have gone, now and then.
    fn forget(&mut self, is_here: impl Fn(UserId) -> bool, sockets: usize) {
        if self.counts.len() > 2 * sockets + 100 {
            self.counts.retain(|user_id, _| is_here(*user_id));
        }
    }
}
