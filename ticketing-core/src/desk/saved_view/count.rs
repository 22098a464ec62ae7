//! How many tickets each view holds, for all who look at the same moment.
//!
//! A count is told again for some seconds, so that a desk on which much happens counts each list every few seconds and no
//! more often, however many look. Whoever has changed something is told what holds with that at once.

use super::viewer;
use crate::access::{Actor, Call, Scope};
use crate::condition::Condition;
use crate::desk::{Desk, TicketCount};
use crate::error::Error;
use crate::ids::{TeamId, UserId, ViewId};
use crate::model::{SavedView, Sharing};
use crate::time::Time;
use chrono::TimeDelta;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How long a count is told again, whatever others do.
const HELD: TimeDelta = TimeDelta::seconds(5);
/// How long it is told again where nothing happens: time alone changes what is due.
const KEPT: TimeDelta = TimeDelta::seconds(30);

/// How long others wait for the views of one's own to be counted.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many tickets a view holds for whoever asked, as far as they were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ViewCount {
    /// The view.
    pub view_id: ViewId,
    /// How many there are, at most 1,000; none where the view asks for what is not there any more, and where one of a
    /// team or of the reader's own could not be counted in time.
    pub count: Option<usize>,
    /// Whether there are more.
    pub is_capped: bool,
}

/// What a count depends on, beside the tickets and the moment: two who would be told the same are told the same count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    /// The agent who sees only some tickets, and the teams that say which; none where all are seen.
    sees: Option<(UserId, Vec<TeamId>)>,
    /// The digest of the view's conditions as they were written, which may be long.
    conditions: [u8; 32],
    /// Who asks, and for which teams, where the conditions may mean them.
    viewer: Option<(Option<UserId>, Vec<TeamId>)>,
}

impl Asked {
    fn new(actor: &Actor, scope: &Scope, view: &SavedView) -> Self {
        let sees = match scope {
            Scope::Agent { user_id, teams } => Some((*user_id, teams.clone())),
            _ => None,
        };
        let conditions = format!("{} {}", view.matching, view.conditions);
        // A text that happens to be such a word only makes the count one person's.
        let is_personal = conditions.contains("\"me\"") || conditions.contains("\"my_teams\"");
        let viewer = is_personal
            .then(|| (actor.user_id(), actor.principal().map_or_else(Vec::new, |principal| principal.teams.clone())));
        Self { sees, conditions: Sha256::digest(&conditions).into(), viewer }
    }
}

/// A count that was made.
#[derive(Clone, Copy)]
struct Known {
    count: TicketCount,
    /// When it was begun.
    at: Time,
    /// How often the log had grown then.
    log: u64,
}

/// A count that is being made.
struct Flight {
    log: u64,
    answer: watch::Receiver<Answer>,
}

/// None while it is being made, then what came of it.
type Answer = Option<Result<TicketCount, Failed>>;

/// It could not be made.
#[derive(Clone, Copy)]
struct Failed;

/// The counts that this process knows, and those that it is making.
pub(in crate::desk) struct ViewCounts {
    known: moka::sync::Cache<Asked, Known>,
    flights: Mutex<HashMap<Asked, Flight>>,
    /// How often the log had grown when somebody last changed something by this process.
    acted: moka::sync::Cache<UserId, u64>,
}

impl Default for ViewCounts {
    fn default() -> Self {
        let kept = KEPT.to_std().unwrap_or(Duration::ZERO);
        Self {
            known: moka::sync::Cache::builder().max_capacity(20_000).time_to_live(kept).build(),
            flights: Mutex::default(),
            acted: moka::sync::Cache::builder().max_capacity(10_000).time_to_live(kept).build(),
        }
    }
}

/// What is begun here, for others to wait for. Whatever becomes of the caller, nobody waits in vain: a count that nobody
/// makes any more is taken out, and those who wait for it make it themselves.
struct Begun<'a> {
    counts: &'a ViewCounts,
    /// How often the log had grown.
    log: u64,
    senders: Vec<(Asked, watch::Sender<Answer>)>,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        let mut flights = self.counts.flights();
        for (asked, sender) in &self.senders {
            let is_own = |flight: &Flight| sender.subscribe().same_channel(&flight.answer);
            if flights.get(asked).is_some_and(is_own) {
                flights.remove(asked);
            }
        }
    }
}

impl ViewCounts {
    /// Somebody has changed something, with which the log has grown so often.
    pub(in crate::desk) fn acted(&self, who: UserId, log: u64) {
        self.acted.insert(who, log);
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<Asked, Flight>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known and fresh enough for somebody who must be told all up to here.
    fn fresh(&self, asked: &Asked, least: u64, now: Time, log: u64) -> Option<TicketCount> {
        let known = self.known.get(asked).filter(|known| known.log >= least)?;
        // Another call may have begun a little later than this one, and a clock may be set back.
        let age = (now - known.at).abs();
        (age < HELD || (known.log == log && age < KEPT)).then_some(known.count)
    }
}

impl Desk {
    /// How many tickets each view that the actor sees holds for the actor, in the order of the views. What others did in
    /// the past five seconds may be missing, what the actor did here is not. For staff.
    pub async fn saved_view_counts(&self, call: impl Into<Call>) -> Result<Vec<ViewCount>, Error> {
        let call = call.into();
        let snapshot = self.snapshot().await?;
        let mut views = self.seen_settings::<SavedView>(&call.actor, &snapshot).await?;
        views.retain(|stored| !stored.content.is_hidden);
        views.sort_by_key(|stored| (stored.content.position, stored.id));
        let (scope, now) = (self.scope(&call.actor), self.now());
        let (mut shared, mut own) = (HashMap::new(), HashMap::new());
        let mut order = Vec::with_capacity(views.len());
        for stored in &views {
            let condition = stored.content.condition(&snapshot.custom_fields, viewer(&call.actor, now)).ok();
            let wanted = if stored.content.sharing == Sharing::All { &mut shared } else { &mut own };
            let asked = condition.map(|condition| {
                let asked = Asked::new(&call.actor, &scope, &stored.content);
                wanted.insert(asked.clone(), condition);
                asked
            });
            order.push((ViewId(stored.id), asked));
        }
        let (shared, own) = (self.counts_of(&call, shared, now), self.counts_of(&call, own, now));
        let counts = together(shared, own, PATIENCE).await?;
        let count = |(view_id, asked): (ViewId, Option<Asked>)| {
            let known = asked.and_then(|asked| counts.get(&asked));
            let is_capped = known.is_some_and(|count| count.is_capped);
            ViewCount { view_id, count: known.map(|count| count.count), is_capped }
        };
        Ok(order.into_iter().map(count).collect())
    }

    /// What is known, what others are counting at this moment, and the rest from the store at once.
    async fn counts_of(
        &self,
        call: &Call,
        mut wanted: HashMap<Asked, Condition>,
        now: Time,
    ) -> Result<HashMap<Asked, TicketCount>, Error> {
        let least = call.actor.user_id().and_then(|id| self.counts.acted.get(&id)).unwrap_or_default();
        let mut found = HashMap::with_capacity(wanted.len());
        while !wanted.is_empty() {
            let (begun, others) = self.begin_counts(&wanted, &mut found, least, now);
            wanted.retain(|asked, _| !found.contains_key(asked));
            self.finish_counts(call, begun, &wanted, &mut found, now).await?;
            for (asked, mut answer) in others {
                // Where whoever counted has gone away, the next round counts.
                if let Ok(answer) = answer.wait_for(Option::is_some).await {
                    match *answer {
                        Some(Ok(count)) => drop(found.insert(asked, count)),
                        // Each of many looking for itself would wait for a store that hangs once for each before it.
                        _ => return Err(Error::Unavailable(None)),
                    }
                }
            }
            wanted.retain(|asked, _| !found.contains_key(asked));
        }
        Ok(found)
    }

    /// Notes what is known, and begins to count what nobody is counting.
    fn begin_counts(
        &self,
        wanted: &HashMap<Asked, Condition>,
        found: &mut HashMap<Asked, TicketCount>,
        least: u64,
        now: Time,
    ) -> (Begun<'_>, Vec<(Asked, watch::Receiver<Answer>)>) {
        let mut others = Vec::new();
        // All in one hold of the lock, so that of two who ask at once one counts, and the other waits.
        let mut flights = self.counts.flights();
        let log = *self.parts.log.borrow();
        let mut begun = Begun { counts: &self.counts, log, senders: Vec::new() };
        for asked in wanted.keys() {
            if let Some(count) = self.counts.fresh(asked, least, now, log) {
                found.insert(asked.clone(), count);
            } else if let Some(flight) = flights.get(asked).filter(|flight| flight.log >= least) {
                others.push((asked.clone(), flight.answer.clone()));
            } else {
                let (sender, answer) = watch::channel(None);
                flights.insert(asked.clone(), Flight { log, answer });
                begun.senders.push((asked.clone(), sender));
            }
        }
        drop(flights);
        (begun, others)
    }

    /// Counts what was begun, by one call of the store, and tells those who wait.
    async fn finish_counts(
        &self,
        call: &Call,
        begun: Begun<'_>,
        wanted: &HashMap<Asked, Condition>,
        found: &mut HashMap<Asked, TicketCount>,
        now: Time,
    ) -> Result<(), Error> {
        if begun.senders.is_empty() {
            return Ok(());
        }
        let filters = begun.senders.iter().filter_map(|(asked, _)| wanted.get(asked).cloned()).collect();
        let log = begun.log;
        match self.ticket_counts(call, filters).await {
            Ok(counts) => {
                for ((asked, sender), count) in begun.senders.iter().zip(counts) {
                    self.counts.known.insert(asked.clone(), Known { count, at: now, log });
                    sender.send_replace(Some(Ok(count)));
                    found.insert(asked.clone(), count);
                }
                Ok(())
            }
            Err(error) => {
                for (_, sender) in &begun.senders {
                    sender.send_replace(Some(Err(Failed)));
                }
                Err(error)
            }
        }
    }
}

type Counts = HashMap<Asked, TicketCount>;

/// The counts of everybody's views, and those of a team's and somebody's own as far as they are there in time: what few
/// have made for themselves may take long, which is no reason not to tell the others.
async fn together(
    shared: impl Future<Output = Result<Counts, Error>>,
    own: impl Future<Output = Result<Counts, Error>>,
    patience: Duration,
) -> Result<Counts, Error> {
    let (shared, own) = tokio::join!(shared, tokio::time::timeout(patience, own));
    let mut counts = shared?;
    match own {
        Ok(Ok(own)) => counts.extend(own),
        Ok(Err(error)) => tracing::warn!(%error, "views of few were not counted"),
        Err(_) => tracing::warn!("views of few were not counted in time"),
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::SystemReason;
    use crate::memory::MemoryStore;
    use std::sync::Arc;
    use uuid::Uuid;

    const EVERYTHING: Scope = Scope::System(SystemReason::Host);

    fn one(conditions: &str) -> HashMap<Asked, Condition> {
        let asked = Asked { sees: None, conditions: Sha256::digest(conditions).into(), viewer: None };
        HashMap::from([(asked, Condition::always())])
    }

    #[tokio::test]
    async fn what_somebody_counts_others_wait_for() {
        let desk = &Desk::builder().store(Arc::new(MemoryStore::new())).build().unwrap();
        let (wanted, now) = (one("a"), desk.now());
        let call = &Call::from(&Actor::system(SystemReason::Host));
        let mut found = HashMap::new();
        let (begun, others) = desk.begin_counts(&wanted, &mut found, 0, now);
        assert_eq!((begun.senders.len(), others.len()), (1, 0));
        let (second, mut waiting) = desk.begin_counts(&wanted, &mut found, 0, now);
        assert_eq!((second.senders.len(), waiting.len()), (0, 1));
        // Whoever must be told more than what is being counted counts anew, which the others need not wait for.
        let (third, none) = desk.begin_counts(&wanted, &mut found, 1, now);
        assert_eq!((third.senders.len(), none.len()), (1, 0));
        desk.finish_counts(call, begun, &wanted, &mut found, now).await.unwrap();
        let answer = waiting[0].1.wait_for(Option::is_some).await.unwrap();
        assert!(matches!(*answer, Some(Ok(TicketCount { count: 0, is_capped: false }))));
        drop(answer);
        assert_eq!(desk.counts.flights().len(), 1, "the one that was begun anew is still being counted");
        drop(third);
        assert!(desk.counts.flights().is_empty());
        let mut again = HashMap::new();
        let (fourth, others) = desk.begin_counts(&wanted, &mut again, 0, now);
        assert_eq!((fourth.senders.len(), others.len(), again.len()), (0, 0, 1), "it is known now");
    }

    #[tokio::test]
    async fn nobody_waits_for_who_has_gone_away() {
        let desk = &Desk::builder().store(Arc::new(MemoryStore::new())).build().unwrap();
        let (wanted, now) = (one("a"), desk.now());
        let call = &Call::from(&Actor::system(SystemReason::Host));
        let (begun, _) = desk.begin_counts(&wanted, &mut HashMap::new(), 0, now);
        let mut waiting = Box::pin(desk.counts_of(call, wanted.clone(), now));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(begun);
        assert_eq!(waiting.await.unwrap().len(), 1, "it counts itself");
    }

    #[tokio::test]
    async fn what_is_somebody_s_own_holds_nobody_up() {
        let count = TicketCount { count: 3, is_capped: false };
        let counted = |name: &str| Ok(one(name).into_keys().map(|asked| (asked, count)).collect::<Counts>());
        let failed = || Err(Error::Unavailable(None));
        let all = together(async { counted("a") }, async { counted("b") }, Duration::ZERO).await.unwrap();
        assert_eq!(all.len(), 2);
        let late = together(async { counted("a") }, std::future::pending(), Duration::ZERO).await.unwrap();
        assert_eq!(late.into_keys().collect::<Vec<_>>(), one("a").into_keys().collect::<Vec<_>>());
        let broken = together(async { counted("a") }, async { failed() }, Duration::ZERO).await.unwrap();
        assert_eq!(broken.len(), 1);
        assert!(together(async { failed() }, async { counted("b") }, Duration::ZERO).await.is_err());
    }

    #[tokio::test]
    async fn a_count_that_fails_fails_for_all_who_wait() {
        let desk = &Desk::builder().store(Arc::new(MemoryStore::new())).build().unwrap();
        let (wanted, now) = (one("a"), desk.now());
        let call = &Call::from(&Actor::system(SystemReason::Host));
        let (begun, _) = desk.begin_counts(&wanted, &mut HashMap::new(), 0, now);
        let mut waiting = Box::pin(desk.counts_of(call, wanted, now));
        assert!(futures::poll!(&mut waiting).is_pending());
        begun.senders[0].1.send_replace(Some(Err(Failed)));
        assert!(matches!(waiting.await, Err(Error::Unavailable(None))));
    }

    #[test]
    fn who_would_be_told_the_same_is_told_the_same_count() {
        let views = crate::model::SavedViews::new(Vec::new());
        let [mine, .., recent] = &views.iter().collect::<Vec<_>>()[..] else { panic!("there are some") };
        let actor = Actor::system(SystemReason::Host);
        let agent = |id| Scope::Agent { user_id: UserId(Uuid::from_u128(id)), teams: Vec::new() };
        let staff = Scope::Staff { user_id: UserId(Uuid::from_u128(1)) };
        let asked = |scope: &Scope| Asked::new(&actor, scope, &recent.content);
        assert_eq!(asked(&EVERYTHING), asked(&staff));
        assert_ne!(asked(&staff), asked(&agent(1)));
        assert_ne!(asked(&agent(1)), asked(&agent(2)));
        assert!(asked(&staff).viewer.is_none());
        assert!(Asked::new(&actor, &staff, &mine.content).viewer.is_some());
    }
}
