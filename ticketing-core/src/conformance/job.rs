//! Jobs as commits write them.

use super::sample::add;
use super::trial::Trial;
use super::{area, refused};
use crate::changes::Write;
use crate::ids::{EventId, JobId, TicketId, WorkerId};
use crate::model::{Attempt, Job, JobCause, JobEnd, JobKind, JobOutcome, JobState, Role};
use crate::port::{Claim, JobPurge, StoreError, Unique};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

area!["job":
    a_job_is_read_back_whole,
    a_job_of_a_refused_commit_is_not_there,
    an_id_is_taken_once,
    of_two_jobs_with_one_key_the_first_is_kept,
    racing_commits_with_one_key_leave_one_job,
    a_key_is_free_again_when_its_job_is_forgotten,
    a_job_that_is_done_ends,
    a_job_that_failed_waits_for_its_next_attempt,
    a_job_that_is_given_up_says_why,
    a_job_that_was_not_tried_is_as_before,
    a_claim_that_is_over_ends_nothing,
    work_of_a_claim_that_is_over_is_refused,
    attempts_are_kept_in_their_order,
    a_job_that_waits_is_done_with_another,
    a_job_that_does_not_wait_is_not_taken,
    a_job_that_has_ended_is_asked_for_again,
    a_job_that_has_not_ended_is_not_asked_for_again,
];

pub(super) fn put(job: &Job) -> Write {
    Write::Job(Box::new(job.clone()))
}

/// A worker with nothing yet.
pub(super) fn worker(t: &Trial) -> WorkerId {
    WorkerId(t.sample.uuid())
}

/// A worker that asks for as much as it can get, for a minute.
pub(super) fn claim_of(t: &Trial, worker: WorkerId) -> Claim {
    let now = t.sample.now();
    Claim { worker, now, until: now + TimeDelta::minutes(1), room: 100, rooms: BTreeMap::new(), limit: 100 }
}

pub(super) async fn claimed(t: &Trial, worker: WorkerId) -> Vec<Job> {
    t.store.claim_jobs(&claim_of(t, worker)).await.expect("jobs are claimed")
}

pub(super) async fn job(t: &Trial, id: JobId) -> Job {
    t.store.job(id).await.expect("the job is read").expect("the job is there")
}

/// A job of its own lane that this worker has.
pub(super) async fn running(t: &Trial, worker: WorkerId) -> Job {
    let job = t.sample.job(JobKind::Mail, &format!("mail:{}", t.sample.uuid()));
    t.commit(vec![put(&job)]).await;
    let claimed = claimed(t, worker).await;
    claimed.into_iter().find(|found| found.id == job.id).expect("the worker gets the job")
}

pub(super) fn attempt(t: &Trial, job: &Job) -> Attempt {
    Attempt {
        job_id: job.id,
        at: t.sample.now(),
        duration_ms: 37,
        status_code: Some(502),
        response: Some("Grüße, 世界 🧭".to_owned()),
        error: Some("it said no".to_owned()),
        request: Some(json!({"user-agent": "desk", "x": ["ü", null]})),
    }
}

pub(super) fn end(t: &Trial, job: &Job, worker: WorkerId, outcome: JobOutcome) -> JobEnd {
    JobEnd { id: job.id, worker, at: t.sample.now(), outcome, attempt: Some(attempt(t, job)), must_hold: false }
}

pub(super) fn ending(end: &JobEnd) -> Write {
    Write::EndJob(Box::new(end.clone()))
}

async fn a_job_is_read_back_whole(t: &Trial) {
    let plain = t.sample.job(JobKind::Dispatch, "dispatch");
    let deep = json!({"name": "Größe 🧭", "steps": [1, -2, 2.5, null, true, {"deep": {"er": []}}], "": "empty \u{0}"});
    let full = Job {
        dedupe: Some("Schlüssel:1".to_owned()),
        ticket_id: Some(TicketId(t.sample.uuid())),
        payload: json!({"body": "ü".repeat(50 * 1024), "deep": deep}),
        cause: JobCause {
            event_id: Some(EventId(t.sample.uuid())),
            rule_id: Some(t.sample.uuid()),
            rule_version: Some(7),
        },
        due_at: t.sample.now() + TimeDelta::microseconds(1),
        ..t.sample.job(JobKind::Webhook, "webhook:größe")
    };
    t.commit(vec![put(&plain), put(&full)]).await;
    assert_eq!(job(t, plain.id).await, plain);
    assert_eq!(job(t, full.id).await, full);
    assert_eq!(t.store.job(JobId(t.sample.uuid())).await.unwrap(), None);
    // More than one statement of some databases takes.
    let many: Vec<Job> = (0..700).map(|_| t.sample.job(JobKind::Notify, "notify")).collect();
    t.commit(many.iter().map(put).collect()).await;
    for wanted in many.iter().step_by(99) {
        assert_eq!(job(t, wanted.id).await, *wanted);
    }
}

async fn a_job_of_a_refused_commit_is_not_there(t: &Trial) {
    let user = t.sample.user("Ana", Role::Customer);
    t.commit(vec![add(&user)]).await;
    let lost = t.sample.job(JobKind::Mail, "mail");
    refused!(t.attempt(vec![put(&lost), add(&user)]).await, StoreError::Duplicate(_), "the person is there");
    assert_eq!(t.store.job(lost.id).await.unwrap(), None);
    assert_eq!(claimed(t, worker(t)).await, []);
}

async fn an_id_is_taken_once(t: &Trial) {
    let job = t.sample.job(JobKind::Mail, "mail");
    t.commit(vec![put(&job)]).await;
    refused!(t.attempt(vec![put(&job)]).await, StoreError::Duplicate(Unique::Id), "a job of this id is there");
}

async fn of_two_jobs_with_one_key_the_first_is_kept(t: &Trial) {
    let with_key = || Job { dedupe: Some("event:target".to_owned()), ..t.sample.job(JobKind::Mail, "mail") };
    let (first, second, third) = (with_key(), with_key(), with_key());
    // Of one commit, whichever sorts first otherwise.
    let other = Job { dedupe: Some("event:another".to_owned()), ..t.sample.job(JobKind::Mail, "mail") };
    t.commit(vec![put(&first), put(&other), put(&second)]).await;
    let user = t.sample.user("Bea", Role::Customer);
    t.commit(vec![put(&third), add(&user)]).await;
    assert_eq!(job(t, first.id).await, first);
    assert_eq!(job(t, other.id).await, other);
    for lost in [second.id, third.id] {
        assert_eq!(t.store.job(lost).await.unwrap(), None);
    }
    assert!(t.store.user(&super::trial::ALL, user.id).await.unwrap().is_some(), "the rest of the commit is kept");
    // The very same job again is nothing new either.
    t.commit(vec![put(&first)]).await;
    assert_eq!(claimed(t, worker(t)).await.len(), 2);
}

async fn racing_commits_with_one_key_leave_one_job(t: &Trial) {
    let mut racing = Vec::new();
    for _ in 0..8 {
        let jobs: Vec<Job> =
            (0..10).map(|n| Job { dedupe: Some(format!("key:{n}")), ..t.sample.job(JobKind::Mail, "mail") }).collect();
        let changes = t.changes(jobs.iter().map(put).collect()).await;
        let store = Arc::clone(&t.store);
        racing.push(tokio::spawn(async move { store.commit(changes).await }));
    }
    for commit in racing {
        commit.await.expect("a commit does not panic").expect("a key that is taken is no failure");
    }
    assert_eq!(claimed(t, worker(t)).await.len(), 10);
}

async fn a_key_is_free_again_when_its_job_is_forgotten(t: &Trial) {
    let with_key = || Job { dedupe: Some("once".to_owned()), ..t.sample.job(JobKind::Mail, "mail") };
    let (before, after) = (with_key(), with_key());
    t.commit(vec![put(&before)]).await;
    t.commit(vec![Write::TakeJob { id: before.id, at: t.sample.now() }]).await;
    t.commit(vec![put(&after)]).await;
    assert_eq!(t.store.job(after.id).await.unwrap(), None, "the ended one still has it");
    let purge = JobPurge { states: vec![JobState::Done], kinds: Vec::new(), before: t.sample.now(), limit: 9 };
    assert_eq!(t.store.purge_jobs(&purge).await.unwrap(), 1);
    t.commit(vec![put(&after)]).await;
    assert_eq!(job(t, after.id).await, after);
}

async fn a_job_that_is_done_ends(t: &Trial) {
    let me = worker(t);
    let before = running(t, me).await;
    let end = end(t, &before, me, JobOutcome::Done);
    t.commit(vec![ending(&end)]).await;
    let wanted = Job { state: JobState::Done, lease: None, attempts: 1, ended_at: Some(end.at), ..before.clone() };
    assert_eq!(job(t, before.id).await, wanted);
    assert_eq!(t.store.attempts(&[before.id]).await.unwrap(), [end.attempt.clone().unwrap()]);
    assert_eq!(claimed(t, me).await, [], "nobody gets it any more");
    // Nor does it end twice.
    t.commit(vec![ending(&JobEnd { outcome: JobOutcome::Released, attempt: None, ..end })]).await;
    assert_eq!(job(t, before.id).await, wanted);
}

async fn a_job_that_failed_waits_for_its_next_attempt(t: &Trial) {
    let me = worker(t);
    let first = running(t, me).await;
    let due_at = t.sample.now() + TimeDelta::seconds(30) + TimeDelta::microseconds(7);
    let error = "503 Größe".to_owned();
    t.commit(vec![ending(&end(t, &first, me, JobOutcome::Retry { due_at, error: error.clone() }))]).await;
    let waits =
        Job { state: JobState::Ready, lease: None, attempts: 1, due_at, last_error: Some(error), ..first.clone() };
    assert_eq!(job(t, first.id).await, waits);
    assert_eq!(claimed(t, me).await, [], "it is not due yet");
    let claim = Claim { now: due_at, ..claim_of(t, me) };
    let again = t.store.claim_jobs(&claim).await.unwrap();
    assert_eq!(again.iter().map(|job| (job.id, job.attempts)).collect::<Vec<_>>(), [(first.id, 1)]);
    t.commit(vec![ending(&end(t, &first, me, JobOutcome::Done))]).await;
    let done = job(t, first.id).await;
    assert_eq!((done.attempts, done.last_error), (2, None), "the last attempt did not fail");
}

async fn a_job_that_is_given_up_says_why(t: &Trial) {
    let me = worker(t);
    let before = running(t, me).await;
    let end = end(t, &before, me, JobOutcome::Dead { error: "410: gone".to_owned() });
    t.commit(vec![ending(&end)]).await;
    let wanted = Job {
        state: JobState::Dead,
        lease: None,
        attempts: 1,
        last_error: Some("410: gone".to_owned()),
        ended_at: Some(end.at),
        ..before
    };
    assert_eq!(job(t, wanted.id).await, wanted);
}

async fn a_job_that_was_not_tried_is_as_before(t: &Trial) {
    let (me, other) = (worker(t), worker(t));
    let first = running(t, me).await;
    // One claim was lost, and one attempt failed before.
    let over = t.sample.now() + TimeDelta::hours(1);
    assert_eq!(t.store.free_jobs(over, 9).await.unwrap(), 1);
    let lent = claimed(t, other).await.remove(0);
    assert_eq!(lent.lost, 1);
    let release = JobEnd { attempt: None, ..end(t, &lent, other, JobOutcome::Released) };
    t.commit(vec![ending(&release)]).await;
    let waits = Job { state: JobState::Ready, lease: None, lost: 1, ..first.clone() };
    assert_eq!(job(t, first.id).await, waits);
    assert_eq!(t.store.attempts(&[first.id]).await.unwrap(), []);
    let again = claimed(t, other).await.remove(0);
    assert_eq!(again.id, first.id, "anybody may have it at once");
    let due_at = t.sample.now();
    t.commit(vec![ending(&end(t, &again, other, JobOutcome::Retry { due_at, error: "no".to_owned() }))]).await;
    assert_eq!((job(t, first.id).await.lost, job(t, first.id).await.attempts), (0, 1), "it came back with an answer");
}

async fn a_claim_that_is_over_ends_nothing(t: &Trial) {
    let (late, next) = (worker(t), worker(t));
    let before = running(t, late).await;
    assert_eq!(t.store.free_jobs(t.sample.now() + TimeDelta::hours(1), 9).await.unwrap(), 1);
    let outcomes = [
        JobOutcome::Done,
        JobOutcome::Retry { due_at: t.sample.now(), error: "late".to_owned() },
        JobOutcome::Dead { error: "late".to_owned() },
        JobOutcome::Released,
    ];
    let mut held = job(t, before.id).await;
    for round in ["nobody's", "another's"] {
        for outcome in &outcomes {
            let follow_up = t.sample.job(JobKind::Mail, "later");
            let follow_up = Job { due_at: t.sample.now() + TimeDelta::days(1), ..follow_up };
            t.commit(vec![ending(&end(t, &before, late, outcome.clone())), put(&follow_up)]).await;
            assert_eq!(job(t, before.id).await, held, "{round}: {outcome:?}");
            assert_eq!(t.store.attempts(&[before.id]).await.unwrap(), [], "{round}: {outcome:?}");
            assert_eq!(job(t, follow_up.id).await, follow_up, "the rest of the commit is kept");
        }
        held = claimed(t, next).await.pop().unwrap_or(held);
    }
    let missing = t.sample.job(JobKind::Mail, "mail");
    t.commit(vec![ending(&end(t, &missing, late, JobOutcome::Done))]).await;
    assert_eq!(t.store.attempts(&[missing.id]).await.unwrap(), []);
}

async fn work_of_a_claim_that_is_over_is_refused(t: &Trial) {
    let (me, other) = (worker(t), worker(t));
    let first = running(t, me).await;
    let over = t.sample.now() + TimeDelta::hours(1);
    assert_eq!(t.store.free_jobs(over, 9).await.unwrap(), 1);
    let lent = claimed(t, other).await.remove(0);
    assert_eq!(lent.id, first.id);
    let made = t.sample.job(JobKind::Mail, "mail");
    let held = |by: WorkerId| JobEnd { must_hold: true, ..end(t, &first, by, JobOutcome::Done) };
    let late = t.attempt(vec![put(&made), ending(&held(me))]).await;
    refused!(late, StoreError::Conflict, "somebody else does it by now");
    assert_eq!(t.store.job(made.id).await.unwrap(), None, "nothing of it landed");
    assert_eq!(t.store.attempts(&[first.id]).await.unwrap(), []);
    t.commit(vec![put(&made), ending(&held(other))]).await;
    assert_eq!(job(t, first.id).await.state, JobState::Done);
    assert_eq!(job(t, made.id).await.state, JobState::Ready);
}

async fn attempts_are_kept_in_their_order(t: &Trial) {
    let me = worker(t);
    let (job, other) = (running(t, me).await, running(t, me).await);
    let mut kept = Vec::new();
    for turn in 0..4 {
        let attempt = match turn {
            0 => Attempt { response: Some("世".repeat(20_000)), ..attempt(t, &job) },
            1 => Attempt { status_code: None, response: None, error: None, request: None, ..attempt(t, &job) },
            // At the same microsecond as the one before.
            2 => Attempt { at: kept.last().map_or(job.created_at, |kept: &Attempt| kept.at), ..attempt(t, &job) },
            _ => attempt(t, &job),
        };
        let outcome = JobOutcome::Retry { due_at: t.sample.now(), error: "again".to_owned() };
        let end = JobEnd { attempt: Some(attempt.clone()), ..end(t, &job, me, outcome) };
        t.commit(vec![ending(&end)]).await;
        if turn != 2 {
            kept.push(attempt);
        }
        claimed(t, me).await;
    }
    let others = end(t, &other, me, JobOutcome::Done);
    t.commit(vec![ending(&others)]).await;
    assert_eq!(t.store.attempts(&[job.id]).await.unwrap(), kept);
    kept.extend(others.attempt);
    let both = t.store.attempts(&[other.id, job.id, job.id, JobId(t.sample.uuid())]).await.unwrap();
    assert_eq!(both, kept, "by job and moment");
    assert_eq!(t.store.attempts(&[]).await.unwrap(), []);
}

async fn a_job_that_waits_is_done_with_another(t: &Trial) {
    let me = worker(t);
    let running = running(t, me).await;
    let later = Job { due_at: t.sample.now() + TimeDelta::hours(1), ..t.sample.job(JobKind::Notify, "notify") };
    t.commit(vec![put(&later)]).await;
    let at = t.sample.now();
    let end = end(t, &running, me, JobOutcome::Done);
    t.commit(vec![ending(&end), Write::TakeJob { id: later.id, at }]).await;
    let wanted = Job { state: JobState::Done, ended_at: Some(at), ..later };
    assert_eq!(job(t, wanted.id).await, wanted);
    assert_eq!(job(t, running.id).await.state, JobState::Done);
}

async fn a_job_that_does_not_wait_is_not_taken(t: &Trial) {
    let me = worker(t);
    let (held, done) = (running(t, me).await, running(t, me).await);
    t.commit(vec![ending(&end(t, &done, me, JobOutcome::Done))]).await;
    let free = t.sample.job(JobKind::Mail, "mail");
    t.commit(vec![put(&free)]).await;
    for id in [held.id, done.id, JobId(t.sample.uuid())] {
        let before = t.store.job(id).await.unwrap();
        let at = t.sample.now();
        let lost = t.sample.job(JobKind::Mail, "mail");
        let writes = vec![put(&lost), Write::TakeJob { id: free.id, at }, Write::TakeJob { id, at }];
        refused!(t.attempt(writes).await, StoreError::Conflict, "it does not wait");
        assert_eq!(t.store.job(id).await.unwrap(), before);
        assert_eq!(job(t, free.id).await, free, "the whole commit is taken back");
        assert_eq!(t.store.job(lost.id).await.unwrap(), None);
    }
}

async fn a_job_that_has_ended_is_asked_for_again(t: &Trial) {
    let me = worker(t);
    for outcome in [JobOutcome::Done, JobOutcome::Dead { error: "no".to_owned() }] {
        let before = running(t, me).await;
        let end = end(t, &before, me, outcome);
        t.commit(vec![ending(&end)]).await;
        let at = t.sample.now();
        t.commit(vec![Write::RedoJob { id: before.id, at }]).await;
        let wanted = Job { state: JobState::Ready, lease: None, due_at: at, ..before.clone() };
        assert_eq!(job(t, before.id).await, wanted);
        assert_eq!(t.store.attempts(&[before.id]).await.unwrap(), [end.attempt.unwrap()], "they stay listed");
        assert_eq!(claimed(t, me).await.len(), 1);
    }
}

async fn a_job_that_has_not_ended_is_not_asked_for_again(t: &Trial) {
    let (held, ready) = (running(t, worker(t)).await, t.sample.job(JobKind::Mail, "mail"));
    t.commit(vec![put(&ready)]).await;
    for id in [held.id, ready.id, JobId(t.sample.uuid())] {
        let before = t.store.job(id).await.unwrap();
        let redo = Write::RedoJob { id, at: t.sample.now() };
        refused!(t.attempt(vec![redo]).await, StoreError::Conflict, "it has not ended");
        assert_eq!(t.store.job(id).await.unwrap(), before);
    }
}
