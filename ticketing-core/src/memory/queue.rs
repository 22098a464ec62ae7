//! Jobs as their workers see them, and what else is asked for around them.

use super::MemoryStore;
use super::staged::Staged;
use super::state::State;
use crate::event::Event;
use crate::ids::{EventId, JobId, TicketId, UserId, WorkerId};
use crate::model::{Attempt, Job, JobState, Lease, MailRecord, WebhookHealth};
use crate::port::{Claim, JobCount, JobPurge, JobQuery, Queue, StoreResult};
use crate::setting::Document;
use crate::time::Time;
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use uuid::Uuid;

const LAST: JobId = JobId(Uuid::max());

#[async_trait]
impl Queue for MemoryStore {
    async fn claim_jobs(&self, claim: &Claim) -> StoreResult<Vec<Job>> {
        let mut state = self.state();
        let picked = state.due_jobs(claim);
        let lease = Lease { worker: claim.worker, until: claim.until };
        let mut staged = Staged::new(&mut state);
        Ok(picked.into_iter().filter_map(|id| staged.lend_job(id, lease)).collect())
    }

    async fn extend_leases(&self, worker: WorkerId, ids: &[JobId], until: Time) -> StoreResult<Vec<JobId>> {
        let mut state = self.state();
        let held: BTreeSet<JobId> = ids.iter().copied().filter(|id| state.job_of(worker, *id).is_some()).collect();
        let mut staged = Staged::new(&mut state);
        Ok(held.into_iter().filter(|id| staged.lend_job(*id, Lease { worker, until }).is_some()).collect())
    }

    async fn free_jobs(&self, now: Time, limit: usize) -> StoreResult<u64> {
        let mut state = self.state();
        let over = state.job_leases.range(..=(now, LAST)).take(limit).filter_map(|(_, id)| state.jobs.get(id));
        let over: Vec<Job> = over.cloned().collect();
        let freed = over.len() as u64;
        let mut staged = Staged::new(&mut state);
        for job in over {
            staged.set_job(Job { state: JobState::Ready, lease: None, lost: job.lost + 1, ..job });
        }
        Ok(freed)
    }

    async fn job(&self, id: JobId) -> StoreResult<Option<Job>> {
        Ok(self.state().jobs.get(&id).cloned())
    }

    async fn jobs(&self, query: &JobQuery) -> StoreResult<Vec<Job>> {
        let state = self.state();
        let from = query.since.map_or(Bound::Unbounded, |since| Bound::Included(JobId(EventId::first_at(since).0)));
        let to = query.after.unwrap_or(LAST);
        // A range that ends before it starts is one that the map does not take.
        if matches!(from, Bound::Included(from) if from > to) {
            return Ok(Vec::new());
        }
        let to = query.after.map_or(Bound::Unbounded, Bound::Excluded);
        let newest_first = state.jobs.range((from, to)).rev().map(|(_, job)| job);
        Ok(newest_first.filter(|job| fits(query, job)).take(query.limit).cloned().collect())
    }

    async fn attempts(&self, ids: &[JobId]) -> StoreResult<Vec<Attempt>> {
        let state = self.state();
        let ids: BTreeSet<JobId> = ids.iter().copied().collect();
        let of = |id| state.job_attempts.range((id, Time::MIN_UTC)..=(id, Time::MAX_UTC)).map(|(_, kept)| kept.clone());
        Ok(ids.into_iter().flat_map(of).collect())
    }

    async fn job_counts(&self) -> StoreResult<Vec<JobCount>> {
        let state = self.state();
        let mut counts = BTreeMap::new();
        for job in state.jobs.values().filter(|job| job.state != JobState::Done) {
            let (count, oldest) = counts.entry((job.kind, job.state)).or_insert((0, job.due_at));
            *count += 1;
            *oldest = job.due_at.min(*oldest);
        }
        let count = |((kind, state), (count, oldest))| JobCount { kind, state, count, oldest_due: Some(oldest) };
        Ok(counts.into_iter().map(count).collect())
    }

    async fn purge_jobs(&self, purge: &JobPurge) -> StoreResult<u64> {
        let mut state = self.state();
        let before = state.ended_jobs.range(..(purge.before, JobId(Uuid::nil())));
        let ended = before.filter_map(|(_, id)| state.jobs.get(id)).filter(|job| {
            purge.states.contains(&job.state) && (purge.kinds.is_empty() || purge.kinds.contains(&job.kind))
        });
        let gone: Vec<JobId> = ended.take(purge.limit).map(|job| job.id).collect();
        let mut staged = Staged::new(&mut state);
        for id in &gone {
            staged.forget_job(*id);
        }
        Ok(gone.len() as u64)
    }

    /// Nobody outside of the process can hear it.
    async fn ring(&self) -> StoreResult<()> {
        Ok(())
    }

    async fn rung(&self) {
        std::future::pending::<()>().await;
    }

    async fn events_by_ids(&self, ids: &[EventId]) -> StoreResult<Vec<Event>> {
        let state = self.state();
        let seqs: BTreeSet<_> = ids.iter().filter_map(|id| state.event_ids.get(id)).collect();
        Ok(seqs.into_iter().filter_map(|seq| state.events.get(seq)).map(|event| state.named(event)).collect())
    }

    async fn webhook_health(&self) -> StoreResult<Vec<WebhookHealth>> {
        Ok(self.state().webhook_health.values().copied().collect())
    }

    async fn events_by_moment(&self, after: EventId, limit: usize) -> StoreResult<Vec<Event>> {
        let state = self.state();
        let later = state.event_ids.range((Bound::Excluded(after), Bound::Unbounded));
        let events = later.filter_map(|(_, seq)| state.events.get(seq)).take(limit);
        Ok(events.map(|event| state.named(event)).collect())
    }

    async fn mail_records(&self, keys: &[(String, Option<TicketId>)]) -> StoreResult<Vec<MailRecord>> {
        let state = self.state();
        let keys: BTreeSet<_> = keys.iter().collect();
        Ok(keys.into_iter().filter_map(|key| state.mail_records.get(key)).cloned().collect())
    }

    async fn purge_mail_records(&self, before: Time, limit: usize) -> StoreResult<u64> {
        let mut state = self.state();
        let is_old = |record: &&MailRecord| record.updated_at < before && record.failure.is_none();
        let old = state.mail_records.values().filter(is_old).take(limit);
        let gone: Vec<_> = old.map(|record| (record.address.clone(), record.ticket_id)).collect();
        for key in &gone {
            state.mail_records.remove(key);
        }
        Ok(gone.len() as u64)
    }

    async fn personal_documents(&self, kind: &str, owners: &[UserId]) -> StoreResult<Vec<Document>> {
        let state = self.state();
        let owners: BTreeSet<UserId> = owners.iter().copied().collect();
        let of_kind = (kind.to_owned(), Uuid::nil())..=(kind.to_owned(), Uuid::max());
        let shown = state.documents.range(of_kind).map(|(_, document)| document).filter(|document| !document.deleted);
        Ok(shown.filter(|document| document.owner.is_some_and(|owner| owners.contains(&owner))).cloned().collect())
    }
}

impl State {
    /// Which jobs a worker gets. Lanes take turns, one job of each in a round, and another lane begins with
    /// every claim.
    fn due_jobs(&mut self, claim: &Claim) -> Vec<JobId> {
        let mut lanes = Vec::new();
        let mut last: Option<String> = None;
        loop {
            let behind = match last.take() {
                Some(lane) => Bound::Excluded((lane, Time::MAX_UTC, LAST)),
                None => Bound::Unbounded,
            };
            let Some((lane, ..)) = self.ready_jobs.range((behind, Bound::Unbounded)).next().map(|(place, _)| place)
            else {
                break;
            };
            let room = claim.rooms.get(lane).copied().unwrap_or(claim.room).min(claim.limit);
            let due = (lane.clone(), Time::MIN_UTC, JobId(Uuid::nil()))..=(lane.clone(), claim.now, LAST);
            let ids: Vec<JobId> = self.ready_jobs.range(due).take(room).map(|(_, id)| *id).collect();
            last = Some(lane.clone());
            if !ids.is_empty() {
                lanes.push(ids);
            }
        }
        if lanes.is_empty() {
            return Vec::new();
        }
        let first = self.claims % lanes.len();
        self.claims = self.claims.wrapping_add(1);
        lanes.rotate_left(first);
        let rounds = lanes.iter().map(Vec::len).max().unwrap_or_default();
        let in_turn = (0..rounds).flat_map(|round| lanes.iter().filter_map(move |lane| lane.get(round)));
        in_turn.copied().take(claim.limit).collect()
    }
}

fn fits(query: &JobQuery, job: &Job) -> bool {
    (query.states.is_empty() || query.states.contains(&job.state))
        && (query.kinds.is_empty() || query.kinds.contains(&job.kind))
        && query.lane.as_ref().is_none_or(|lane| job.lane == *lane)
        && query.ticket_id.is_none_or(|id| job.ticket_id == Some(id))
}
