//! Workers that ask for jobs.

use super::area;
use super::job::{attempt, claim_of, claimed, job, put, running, worker};
use super::trial::Trial;
use crate::ids::JobId;
use crate::model::{Job, JobKind, JobState, Lease};
use crate::port::Claim;
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

area!["claim":
    the_earliest_due_of_a_lane_comes_first,
    a_job_that_is_not_due_is_not_given,
    a_job_is_given_with_its_claim,
    workers_that_race_share_the_jobs,
    a_lane_gives_no_more_than_its_room,
    all_lanes_together_give_no_more_than_the_limit,
    a_long_lane_keeps_no_other_waiting,
    where_the_limit_is_short_lanes_take_turns,
    a_claim_that_ends_sets_its_job_free,
    those_whose_claim_ended_first_are_freed_first,
    an_extension_answers_what_is_still_held,
];

/// Jobs of these lanes, each due a little later than the one before.
async fn waiting(t: &Trial, lane: &str, many: usize) -> Vec<Job> {
    let jobs: Vec<Job> = (0..many).map(|_| t.sample.job(JobKind::Mail, lane)).collect();
    for jobs in jobs.chunks(500) {
        t.commit(jobs.iter().map(put).collect()).await;
    }
    jobs
}

fn ids(jobs: &[Job]) -> Vec<JobId> {
    jobs.iter().map(|job| job.id).collect()
}

fn of_lane(jobs: &[Job], lane: &str) -> usize {
    jobs.iter().filter(|job| job.lane == lane).count()
}

async fn the_earliest_due_of_a_lane_comes_first(t: &Trial) {
    let me = worker(t);
    let mut jobs: Vec<Job> = (0..6).map(|_| t.sample.job(JobKind::Mail, "mail")).collect();
    let first = jobs[0].due_at;
    // The other way round, and two at one moment, which go by id.
    for (place, job) in jobs.iter_mut().enumerate() {
        let back = i64::try_from(place / 2).unwrap();
        job.due_at = first - TimeDelta::microseconds(back);
    }
    t.commit(jobs.iter().map(put).collect()).await;
    jobs.sort_by_key(|job| (job.due_at, job.id));
    let mut given = Vec::new();
    for many in [1, 2, 3] {
        given.extend(t.store.claim_jobs(&Claim { room: many, ..claim_of(t, me) }).await.unwrap());
    }
    assert_eq!(ids(&given), ids(&jobs));
    assert_eq!(claimed(t, me).await, []);
}

async fn a_job_that_is_not_due_is_not_given(t: &Trial) {
    let me = worker(t);
    let due_at = t.sample.now() + TimeDelta::seconds(10);
    let later = Job { due_at, ..t.sample.job(JobKind::Mail, "mail") };
    let now = t.sample.job(JobKind::Mail, "mail");
    t.commit(vec![put(&later), put(&now)]).await;
    assert_eq!(ids(&claimed(t, me).await), [now.id]);
    let just_before = Claim { now: due_at - TimeDelta::microseconds(1), ..claim_of(t, me) };
    assert_eq!(t.store.claim_jobs(&just_before).await.unwrap(), []);
    let at_last = Claim { now: due_at, ..claim_of(t, me) };
    assert_eq!(ids(&t.store.claim_jobs(&at_last).await.unwrap()), [later.id]);
}

async fn a_job_is_given_with_its_claim(t: &Trial) {
    let me = worker(t);
    let waits = waiting(t, "mail", 1).await.remove(0);
    let claim = claim_of(t, me);
    let until = claim.until + TimeDelta::microseconds(3);
    let given = t.store.claim_jobs(&Claim { until, ..claim }).await.unwrap();
    let wanted = Job { state: JobState::Running, lease: Some(Lease { worker: me, until }), ..waits };
    assert_eq!(given, std::slice::from_ref(&wanted));
    assert_eq!(job(t, wanted.id).await, wanted);
}

async fn workers_that_race_share_the_jobs(t: &Trial) {
    for lane in ["mail:a", "mail:b", "webhook:c", "webhook:d"] {
        waiting(t, lane, 50).await;
    }
    let mut racing = Vec::new();
    for _ in 0..8 {
        let claim = Claim { room: 3, limit: 7, ..claim_of(t, worker(t)) };
        let store = Arc::clone(&t.store);
        racing.push(tokio::spawn(async move {
            let (mut given, mut empty) = (Vec::new(), 0);
            // What another is just about to take may be passed by, so nothing once is not nothing.
            while empty < 20 {
                let jobs = store.claim_jobs(&claim).await.expect("jobs are claimed");
                empty = if jobs.is_empty() { empty + 1 } else { 0 };
                assert!(jobs.iter().all(|job| job.lease.is_some_and(|lease| lease.worker == claim.worker)));
                given.extend(jobs.into_iter().map(|job| job.id));
                tokio::task::yield_now().await;
            }
            given
        }));
    }
    let mut given = Vec::new();
    for task in racing {
        given.extend(task.await.expect("a worker does not panic"));
    }
    let once: BTreeSet<JobId> = given.iter().copied().collect();
    assert_eq!(given.len(), once.len(), "no job was given twice");
    assert_eq!(once.len(), 200, "together they got all");
}

async fn a_lane_gives_no_more_than_its_room(t: &Trial) {
    let me = worker(t);
    for lane in ["a", "b", "c", "d"] {
        waiting(t, lane, 9).await;
    }
    let rooms = BTreeMap::from([("b".to_owned(), 0), ("c".to_owned(), 7), ("none".to_owned(), 5)]);
    let given = t.store.claim_jobs(&Claim { room: 2, rooms: rooms.clone(), ..claim_of(t, me) }).await.unwrap();
    let counts = |given: &[Job]| ["a", "b", "c", "d"].map(|lane| of_lane(given, lane));
    assert_eq!(counts(&given), [2, 0, 7, 2]);
    let given = t.store.claim_jobs(&Claim { room: 0, rooms, ..claim_of(t, me) }).await.unwrap();
    assert_eq!(counts(&given), [0, 0, 2, 0], "only lanes that are named");
    let given = t.store.claim_jobs(&Claim { room: 0, ..claim_of(t, me) }).await.unwrap();
    assert_eq!(given, []);
}

async fn all_lanes_together_give_no_more_than_the_limit(t: &Trial) {
    let me = worker(t);
    for lane in ["a", "b", "c"] {
        waiting(t, lane, 10).await;
    }
    assert_eq!(t.store.claim_jobs(&Claim { limit: 0, ..claim_of(t, me) }).await.unwrap(), []);
    let given = t.store.claim_jobs(&Claim { limit: 12, ..claim_of(t, me) }).await.unwrap();
    assert_eq!(["a", "b", "c"].map(|lane| of_lane(&given, lane)), [4, 4, 4], "each has its part");
    let given = t.store.claim_jobs(&Claim { limit: 50, ..claim_of(t, me) }).await.unwrap();
    assert_eq!(given.len(), 18, "what is left");
}

async fn a_long_lane_keeps_no_other_waiting(t: &Trial) {
    let me = worker(t);
    waiting(t, "b:long", 2_000).await;
    waiting(t, "a:short", 1).await;
    waiting(t, "c:short", 3).await;
    // Long before anything else is due, and more than there are of any.
    let given = t.store.claim_jobs(&Claim { room: 8, limit: 10, ..claim_of(t, me) }).await.unwrap();
    assert_eq!(["a:short", "c:short", "b:long"].map(|lane| of_lane(&given, lane)), [1, 3, 6]);
}

async fn where_the_limit_is_short_lanes_take_turns(t: &Trial) {
    let me = worker(t);
    let lanes = ["a", "b", "c"];
    for lane in lanes {
        waiting(t, lane, 60).await;
    }
    let mut served = BTreeSet::new();
    for _ in 0..60 {
        let given = t.store.claim_jobs(&Claim { limit: 1, ..claim_of(t, me) }).await.unwrap();
        assert_eq!(given.len(), 1);
        served.extend(given.into_iter().map(|job| job.lane));
    }
    assert_eq!(served.len(), lanes.len(), "{served:?}");
}

async fn a_claim_that_ends_sets_its_job_free(t: &Trial) {
    let me = worker(t);
    let held = running(t, me).await;
    let until = held.lease.expect("it is claimed").until;
    assert_eq!(t.store.free_jobs(until - TimeDelta::microseconds(1), 9).await.unwrap(), 0);
    assert_eq!(job(t, held.id).await, held);
    assert_eq!(t.store.free_jobs(until, 9).await.unwrap(), 1);
    let free = Job { state: JobState::Ready, lease: None, lost: 1, ..held.clone() };
    assert_eq!(job(t, held.id).await, free);
    assert_eq!(t.store.free_jobs(until, 9).await.unwrap(), 0);
    let again = claimed(t, worker(t)).await;
    assert_eq!((ids(&again), again[0].lost), (vec![held.id], 1));
    t.store.free_jobs(until + TimeDelta::hours(1), 9).await.unwrap();
    assert_eq!(job(t, held.id).await.lost, 2);
    assert_eq!(t.store.attempts(&[held.id]).await.unwrap(), []);
    assert_eq!(attempt(t, &held).job_id, held.id);
}

async fn those_whose_claim_ended_first_are_freed_first(t: &Trial) {
    let me = worker(t);
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(running(t, me).await);
    }
    let late = t.sample.now() + TimeDelta::hours(1);
    assert_eq!(t.store.free_jobs(late, 2).await.unwrap(), 2);
    for (place, held) in held.iter().enumerate() {
        let state = if place < 2 { JobState::Ready } else { JobState::Running };
        assert_eq!(job(t, held.id).await.state, state, "{place}");
    }
    assert_eq!(t.store.free_jobs(late, 9).await.unwrap(), 3);
}

async fn an_extension_answers_what_is_still_held(t: &Trial) {
    let (me, other) = (worker(t), worker(t));
    let lost = running(t, me).await;
    t.store.free_jobs(t.sample.now() + TimeDelta::hours(1), 9).await.unwrap();
    let given = claimed(t, other).await;
    assert_eq!(ids(&given), [lost.id]);
    let (one, two) = (running(t, me).await, running(t, me).await);
    let until = t.sample.now() + TimeDelta::minutes(10);
    let asked = [lost.id, two.id, one.id, one.id, JobId(t.sample.uuid())];
    let mut held = t.store.extend_leases(me, &asked, until).await.unwrap();
    held.sort_unstable();
    assert_eq!(held, [one.id, two.id]);
    assert_eq!(job(t, one.id).await, Job { lease: Some(Lease { worker: me, until }), ..one.clone() });
    assert_eq!(job(t, lost.id).await, given[0], "what another holds is left alone");
    assert_eq!(t.store.extend_leases(me, &[], until).await.unwrap(), []);
    // It holds for longer now.
    assert_eq!(t.store.free_jobs(until - TimeDelta::microseconds(1), 9).await.unwrap(), 1, "the other's");
    assert_eq!(t.store.free_jobs(until, 9).await.unwrap(), 2);
    assert_eq!(t.store.extend_leases(me, &[one.id], until).await.unwrap(), [], "it is nobody's");
}
