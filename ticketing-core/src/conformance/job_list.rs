//! Jobs as an administrator looks at them, and as they are forgotten.

use super::area;
use super::job::{claim_of, ending, put, worker};
use super::trial::Trial;
use crate::changes::Write;
use crate::ids::{EventId, JobId, TicketId};
use crate::model::{Attempt, Job, JobEnd, JobKind, JobOutcome, JobState};
use crate::port::{Claim, JobCount, JobPurge, JobQuery};
use crate::time::Time;
use chrono::TimeDelta;

area!["job_list":
    pages_follow_one_another,
    a_list_shows_what_is_asked_for,
    a_list_begins_at_a_moment,
    jobs_are_counted_by_kind_and_state,
    only_what_has_ended_is_forgotten,
    what_ended_first_is_forgotten_first,
];

fn newest_first(jobs: &[Job]) -> Vec<JobId> {
    let mut ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    ids.sort_unstable();
    ids.reverse();
    ids
}

async fn listed(t: &Trial, query: JobQuery) -> Vec<JobId> {
    let query = JobQuery { limit: query.limit.max(1), ..query };
    t.store.jobs(&query).await.expect("jobs are listed").into_iter().map(|job| job.id).collect()
}

async fn everything(t: &Trial, query: JobQuery) -> Vec<JobId> {
    listed(t, JobQuery { limit: 1_000, ..query }).await
}

/// Claims the job and ends it so; others that wait are set free again.
async fn end_as(t: &Trial, job: &Job, outcome: JobOutcome) -> Time {
    let me = worker(t);
    let rooms = [(job.lane.clone(), 1_000)].into();
    let claim = Claim { room: 0, rooms, limit: 1_000, ..claim_of(t, me) };
    let given = t.store.claim_jobs(&claim).await.expect("jobs are claimed");
    let at = t.sample.now();
    let attempt =
        Attempt { job_id: job.id, at, duration_ms: 1, status_code: None, response: None, error: None, request: None };
    let writes = given.iter().map(|given| {
        let is_it = given.id == job.id;
        let outcome = if is_it { outcome.clone() } else { JobOutcome::Released };
        let attempt = is_it.then(|| attempt.clone());
        ending(&JobEnd { id: given.id, worker: me, at, outcome, attempt, must_hold: false })
    });
    t.commit(writes.collect()).await;
    at
}

fn dead() -> JobOutcome {
    JobOutcome::Dead { error: "no".to_owned() }
}

async fn pages_follow_one_another(t: &Trial) {
    let jobs: Vec<Job> = (0..23).map(|_| t.sample.job(JobKind::Webhook, "webhook")).collect();
    t.commit(jobs.iter().map(put).collect()).await;
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = listed(t, JobQuery { after, limit: 5, ..JobQuery::default() }).await;
        // What comes meanwhile is newer than any page.
        t.commit(vec![put(&t.sample.job(JobKind::Webhook, "webhook"))]).await;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        found.extend(page);
    }
    assert_eq!(found, newest_first(&jobs));
}

async fn a_list_shows_what_is_asked_for(t: &Trial) {
    let (one, other) = (TicketId(t.sample.uuid()), TicketId(t.sample.uuid()));
    let mut jobs = Vec::new();
    for (kind, lane) in [
        (JobKind::Dispatch, "dispatch"),
        (JobKind::Notify, "notify"),
        (JobKind::Mail, "mail"),
        (JobKind::Webhook, "webhook:a"),
        (JobKind::Webhook, "webhook:b"),
    ] {
        for ticket_id in [None, Some(one), Some(other)] {
            jobs.push(Job { ticket_id, ..t.sample.job(kind, lane) });
        }
    }
    t.commit(jobs.iter().map(put).collect()).await;
    end_as(t, &jobs[9], JobOutcome::Done).await;
    end_as(t, &jobs[10], dead()).await;
    end_as(t, &jobs[6], dead()).await;
    let rooms = [("webhook:b".to_owned(), 1)].into();
    let running = t.store.claim_jobs(&Claim { room: 0, rooms, ..claim_of(t, worker(t)) }).await.unwrap();
    assert_eq!(running.iter().map(|job| job.id).collect::<Vec<_>>(), [jobs[12].id]);

    let all = JobQuery::default;
    let of = |places: &[usize]| newest_first(&places.iter().map(|place| jobs[*place].clone()).collect::<Vec<_>>());
    assert_eq!(everything(t, all()).await, newest_first(&jobs));
    let webhooks = || JobQuery { kinds: vec![JobKind::Webhook], ..all() };
    assert_eq!(everything(t, webhooks()).await, of(&[9, 10, 11, 12, 13, 14]));
    let lane = Some("webhook:a".to_owned());
    assert_eq!(everything(t, JobQuery { lane: lane.clone(), ..webhooks() }).await, of(&[9, 10, 11]));
    assert_eq!(everything(t, JobQuery { lane: lane.clone(), ..all() }).await, of(&[9, 10, 11]));
    let states = vec![JobState::Dead];
    assert_eq!(everything(t, JobQuery { states: states.clone(), ..all() }).await, of(&[6, 10]));
    assert_eq!(everything(t, JobQuery { states: states.clone(), lane, ..webhooks() }).await, of(&[10]));
    let states = vec![JobState::Running, JobState::Done];
    assert_eq!(everything(t, JobQuery { states, ..all() }).await, of(&[9, 12]));
    let kinds = vec![JobKind::Notify, JobKind::Mail];
    assert_eq!(everything(t, JobQuery { kinds: kinds.clone(), ..all() }).await, of(&[3, 4, 5, 6, 7, 8]));
    let ticket_id = Some(one);
    assert_eq!(everything(t, JobQuery { ticket_id, ..all() }).await, of(&[1, 4, 7, 10, 13]));
    assert_eq!(everything(t, JobQuery { kinds, ticket_id, ..all() }).await, of(&[4, 7]));
    let after = Some(jobs[7].id);
    assert_eq!(listed(t, JobQuery { ticket_id, after, limit: 1, ..all() }).await, of(&[4]));
    assert_eq!(everything(t, JobQuery { lane: Some("nowhere".to_owned()), ..all() }).await, []);
    assert_eq!(t.store.jobs(&JobQuery { limit: 0, ..all() }).await.unwrap(), []);
}

async fn a_list_begins_at_a_moment(t: &Trial) {
    let jobs: Vec<Job> = (0..8).map(|_| t.sample.job(JobKind::Mail, "mail")).collect();
    t.commit(jobs.iter().map(put).collect()).await;
    for job in &jobs {
        let since = Some(job.created_at);
        // Ids have milliseconds, so the others of that millisecond are as late.
        let first = EventId::first_at(job.created_at).0;
        let wanted: Vec<Job> = jobs.iter().filter(|other| other.id.0 >= first).cloned().collect();
        assert!(wanted.contains(job));
        let found = everything(t, JobQuery { since, ..JobQuery::default() }).await;
        assert_eq!(found, newest_first(&wanted));
        let after = Some(jobs[3].id);
        let found = everything(t, JobQuery { since, after, ..JobQuery::default() }).await;
        let before: Vec<Job> = wanted.into_iter().filter(|other| other.id < jobs[3].id).collect();
        assert_eq!(found, newest_first(&before));
    }
    let since = Some(t.sample.now() + TimeDelta::days(1));
    assert_eq!(everything(t, JobQuery { since, ..JobQuery::default() }).await, []);
}

async fn jobs_are_counted_by_kind_and_state(t: &Trial) {
    assert_eq!(t.store.job_counts().await.unwrap(), []);
    let mails: Vec<Job> = (0..5).map(|_| t.sample.job(JobKind::Mail, "mail")).collect();
    let hooks: Vec<Job> = (0..4).map(|n| t.sample.job(JobKind::Webhook, &format!("webhook:{n}"))).collect();
    t.commit(mails.iter().chain(&hooks).map(put).collect()).await;
    end_as(t, &hooks[0], dead()).await;
    end_as(t, &hooks[1], dead()).await;
    end_as(t, &mails[2], JobOutcome::Done).await;
    let rooms = [("mail".to_owned(), 2)].into();
    let given = t.store.claim_jobs(&Claim { room: 0, rooms, ..claim_of(t, worker(t)) }).await.unwrap();
    assert_eq!(given.len(), 2);
    let mut counts = t.store.job_counts().await.unwrap();
    counts.sort_by_key(|count| (count.kind, count.state));
    let count = |kind, state, count, first: &Job| JobCount { kind, state, count, oldest_due: Some(first.due_at) };
    let wanted = [
        count(JobKind::Mail, JobState::Ready, 2, &mails[3]),
        count(JobKind::Mail, JobState::Running, 2, &mails[0]),
        count(JobKind::Webhook, JobState::Ready, 2, &hooks[2]),
        count(JobKind::Webhook, JobState::Dead, 2, &hooks[0]),
    ];
    assert_eq!(counts, wanted, "what is done is not counted");
}

async fn only_what_has_ended_is_forgotten(t: &Trial) {
    let jobs: Vec<Job> = (0..8)
        .map(|n| t.sample.job(if n < 6 { JobKind::Mail } else { JobKind::Webhook }, &format!("lane:{n}")))
        .collect();
    t.commit(jobs.iter().map(put).collect()).await;
    end_as(t, &jobs[0], JobOutcome::Done).await;
    end_as(t, &jobs[1], dead()).await;
    end_as(t, &jobs[6], JobOutcome::Done).await;
    end_as(t, &jobs[7], dead()).await;
    let before = end_as(t, &jobs[2], JobOutcome::Done).await;
    let rooms = [("lane:3".to_owned(), 1)].into();
    t.store.claim_jobs(&Claim { room: 0, rooms, ..claim_of(t, worker(t)) }).await.unwrap();
    let purge = |states: &[JobState], kinds: &[JobKind]| JobPurge {
        states: states.to_vec(),
        kinds: kinds.to_vec(),
        before,
        limit: 100,
    };
    assert_eq!(t.store.purge_jobs(&purge(&[JobState::Ready, JobState::Running], &[])).await.unwrap(), 0);
    assert_eq!(t.store.purge_jobs(&purge(&[], &[])).await.unwrap(), 0);
    assert_eq!(t.store.purge_jobs(&purge(&[JobState::Done], &[JobKind::Webhook])).await.unwrap(), 1);
    assert_eq!(t.store.job(jobs[6].id).await.unwrap(), None);
    assert_eq!(t.store.attempts(&[jobs[6].id]).await.unwrap(), [], "its attempts go with it");
    assert_eq!(t.store.attempts(&[jobs[7].id]).await.unwrap().len(), 1);
    let both = [JobState::Done, JobState::Dead];
    assert_eq!(t.store.purge_jobs(&purge(&both, &[JobKind::Mail, JobKind::Notify])).await.unwrap(), 2);
    assert_eq!(t.store.purge_jobs(&purge(&[JobState::Dead, JobState::Ready], &[])).await.unwrap(), 1);
    let left = everything(t, JobQuery::default()).await;
    assert_eq!(left, newest_first(&jobs[2..6]), "the one that ended at that very moment stays");
}

async fn what_ended_first_is_forgotten_first(t: &Trial) {
    let jobs: Vec<Job> = (0..9).map(|_| t.sample.job(JobKind::Mail, "mail")).collect();
    t.commit(jobs.iter().map(put).collect()).await;
    for job in jobs.iter().rev() {
        t.commit(vec![Write::TakeJob { id: job.id, at: t.sample.now() }]).await;
    }
    let purge = JobPurge { states: vec![JobState::Done], kinds: Vec::new(), before: t.sample.now(), limit: 4 };
    assert_eq!(t.store.purge_jobs(&purge).await.unwrap(), 4);
    assert_eq!(everything(t, JobQuery::default()).await, newest_first(&jobs[..5]));
    assert_eq!(t.store.purge_jobs(&purge).await.unwrap(), 4);
    assert_eq!(t.store.purge_jobs(&purge).await.unwrap(), 1);
    assert_eq!(t.store.purge_jobs(&purge).await.unwrap(), 0);
}
