//! That work is done at least once, by somebody, and never stands in the way of other work.

use super::Works;
use crate::house::{code, key};
use chrono::TimeDelta;
use std::time::Duration;
use ticketing_core::access::{Call, Scope};
use ticketing_core::changes::Changes;
use ticketing_core::conformance::sample::{Sample, ran};
use ticketing_core::desk::NewComment;
use ticketing_core::desk::work::{Outcome, WorkOptions};
use ticketing_core::ids::{ChangeId, WorkerId};
use ticketing_core::model::{JobKind, JobState, WorkflowRun};
use ticketing_core::port::{Claim, MailError};
use ticketing_core::query::WorkflowRunQuery;
use tokio::sync::oneshot;

#[tokio::test]
async fn a_mail_that_can_not_go_now_goes_later_under_the_same_id() {
    let works = Works::new().await;
    works.mailer.fail_next(MailError::Later("451 try again later".into()));
    works.house.ticket().await;
    assert_eq!(works.mails().await, []);
    let waiting = works.jobs(JobKind::Mail, JobState::Ready).await;
    assert_eq!((waiting.len(), waiting[0].attempts), (1, 1));
    assert!(waiting[0].due_at > works.house.desk.now());
    works.mailer.lose_next_answer();
    works.later(1).await;
    let first = works.mailer.take_sent();
    works.later(2).await;
    let second = works.mailer.take_sent();
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_eq!(first, second, "the very same mail");
    let whole = works.house.desk.job(&works.house.admin, waiting[0].id).await.unwrap();
    let errors: Vec<_> = whole.attempts_made.iter().map(|attempt| attempt.error.is_some()).collect();
    assert_eq!(errors, [true, true, false]);
    assert_eq!(whole.job.state, JobState::Done);
}

#[tokio::test]
async fn a_mail_that_is_never_taken_is_given_up_after_two_days() {
    let works = Works::new().await;
    works.mailer.refuse("cleo@house.example", MailError::Later("450 busy".into()));
    works.house.ticket().await;
    for _ in 0..60 {
        works.later(60).await;
    }
    let dead = works.jobs(JobKind::Mail, JobState::Dead).await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].attempts, 15);
    assert!(dead[0].last_error.as_ref().is_some_and(|why| why.contains("450 busy")));
    works.mailer.refuse("cleo@house.example", MailError::Refused("554 no".into()));
    works.house.ticket().await;
    works.work().await;
    assert_eq!(works.jobs(JobKind::Mail, JobState::Dead).await.len(), 2, "what is refused for good is not tried again");
}

#[tokio::test]
async fn what_a_dead_worker_had_in_hand_is_done_by_another() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    house.ticket().await;
    let dead = WorkerId(desk.ids().uuid(desk.now()));
    let claim = Claim {
        worker: dead,
        now: desk.now(),
        until: desk.now() + TimeDelta::seconds(60),
        room: 10,
        rooms: std::collections::BTreeMap::new(),
        limit: 10,
    };
    assert_eq!(desk.store().claim_jobs(&claim).await.unwrap().len(), 1);
    assert_eq!(works.mails().await, []);
    house.pass(2);
    assert_eq!(desk.store().free_jobs(desk.now(), 10).await.unwrap(), 1);
    assert_eq!(works.mails().await.len(), 1);
}

#[tokio::test]
async fn a_commit_that_fails_promises_nothing() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let ticket = house.ticket().await;
    works.mails().await;
    let call = Call::from(&house.customer);
    assert_eq!(code(desk.add_comment(call, &key(&ticket), NewComment::public("")).await), "invalid");
    assert_eq!(works.mails().await, []);
    assert!(works.jobs(JobKind::Dispatch, JobState::Ready).await.is_empty());
}

#[tokio::test]
async fn workers_run_until_they_are_told_to_stop() {
    let works = Works::new().await;
    let house = &works.house;
    let options = WorkOptions { digest_window: Duration::ZERO, ..WorkOptions::default() };
    let workers = house.desk.workers(options);
    let (stop, stopped) = oneshot::channel::<()>();
    let run = async {
        workers.run(async { drop(stopped.await) }).await;
    };
    let ask = async {
        let ticket = house.ticket().await;
        let mut seen = 0;
        while seen < 3 {
            if works.mailer.sent().len() > seen {
                seen = works.mailer.sent().len();
                house.pass(1);
                house.desk.add_comment(&house.agent, &key(&ticket), NewComment::public("More")).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        stop.send(()).unwrap();
    };
    tokio::time::timeout(Duration::from_secs(30), Box::pin(async { tokio::join!(run, ask) }))
        .await
        .expect("both come to an end");
    assert!(workers.tally().count(JobKind::Mail, Outcome::Done) >= 3);
    assert!(works.jobs(JobKind::Mail, JobState::Running).await.is_empty(), "nothing is left in hand");
}

#[tokio::test]
async fn administrators_alone_look_at_jobs() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    house.ticket().await;
    works.work().await;
    let query = || ticketing_core::port::JobQuery { limit: 10, ..Default::default() };
    assert_eq!(code(desk.jobs(&house.manager, query()).await), "forbidden");
    assert_eq!(code(desk.job_counts(&house.customer).await), "forbidden");
    let page = desk.jobs(&house.admin, query()).await.unwrap();
    assert_eq!(
        page.items.iter().map(|job| job.kind).collect::<Vec<_>>(),
        [JobKind::Mail, JobKind::Notify, JobKind::Dispatch]
    );
    house.pass(60);
    let gone = desk.purge_jobs(&house.admin, vec![JobState::Done], desk.now()).await.unwrap();
    assert_eq!(gone, 3);
    assert!(desk.jobs(&house.admin, query()).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn what_rules_did_is_forgotten_after_its_time() {
    let works = Works::new().await;
    let (house, sample) = (&works.house, Sample::new(3));
    let (desk, store) = (&house.desk, house.desk.store());
    let ticket = house.ticket().await;
    let run = |at| WorkflowRun { at, ..sample.run(sample.rule(), ticket.id()) };
    let day = TimeDelta::days(1);
    let runs = [run(desk.now() - day * 3), run(desk.now() - day), run(desk.now())];
    let changes = Changes {
        id: ChangeId(sample.uuid()),
        scope: Scope::UPKEEP,
        settings: store.settings_version().await.unwrap(),
        bumps_settings: false,
        writes: runs.iter().map(ran).collect(),
        guards: Vec::new(),
    };
    store.commit(changes).await.unwrap();
    let left = async || {
        let query = WorkflowRunQuery { limit: 10, ..WorkflowRunQuery::default() };
        store.workflow_runs(&Scope::UPKEEP, &query).await.unwrap().len()
    };
    let options = WorkOptions { run_retention: Duration::from_hours(2 * 24), ..WorkOptions::default() };
    let workers = desk.workers(options);
    // Workers look now and then.
    for calls in 0.. {
        assert!(calls < 10_000, "they look at last");
        workers.run_due(1).await.unwrap();
        if left().await < 3 {
            break;
        }
    }
    assert_eq!(left().await, 2, "younger ones are kept");
}
