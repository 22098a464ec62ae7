//! What rules ask of the embedding application.

use super::Works;
use super::rule::{on_priority, turn};
use crate::rule::add;
use async_trait::async_trait;
use serde_json::json;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use ticketing_core::Scope;
use ticketing_core::changes::{Changes, Write};
use ticketing_core::desk::work::Outcome;
use ticketing_core::ids::{ChangeId, JobId};
use ticketing_core::model::{Job, JobKind, JobState};
use ticketing_core::workflow::extension::{ActionCall, ActionError, ActionHandler, OwnAction, Param, ParamKind};

/// An application that does as it is told, well where nothing was said.
#[derive(Default)]
struct Application {
    calls: Mutex<Vec<ActionCall>>,
    answers: Mutex<VecDeque<Answer>>,
}

enum Answer {
    Later(Option<Duration>),
    Never,
    Panic,
}

impl Application {
    fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    fn calls(&self) -> Vec<ActionCall> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

#[async_trait]
impl ActionHandler for Application {
    async fn perform(&self, call: &ActionCall) -> Result<(), ActionError> {
        self.calls.lock().unwrap().push(call.clone());
        let answer = self.answers.lock().unwrap().pop_front();
        match answer {
            None => Ok(()),
            Some(Answer::Later(after)) => Err(ActionError::Later { reason: "busy".to_owned(), after }),
            Some(Answer::Never) => Err(ActionError::Never("no such order".to_owned())),
            Some(Answer::Panic) => panic!("a mistake of the application's"),
        }
    }
}

async fn works() -> (Works, Arc<Application>) {
    let application = Arc::new(Application::default());
    let handler = Arc::clone(&application);
    let order = Param { name: "order".into(), kind: ParamKind::Text, is_required: true, about: "Which.".into() };
    let refund = OwnAction { name: "refund".into(), about: "Pays back.".into(), params: vec![order], handler };
    let works = Works::with(|desk| desk.action(refund)).await;
    (works, application)
}

async fn asked(works: &Works) -> Job {
    let house = &works.house;
    add(house, on_priority(json!([{"type": "refund", "params": {"order": "{{ticket_number}}"}}]))).await;
    let ticket = house.ticket().await;
    turn(house, &ticket).await;
    works.jobs(JobKind::RuleAction, JobState::Ready).await.remove(0)
}

#[tokio::test]
async fn an_action_is_tried_again_under_the_same_id_until_it_is_done() {
    let (works, application) = works().await;
    let job = asked(&works).await;
    assert_eq!(job.lane, "action/refund");
    let pause = Duration::from_mins(90);
    application.answer([Answer::Later(None), Answer::Panic, Answer::Later(Some(pause))]);
    works.work().await;
    assert_eq!(application.calls().len(), 1);
    works.later(1).await;
    assert_eq!(application.calls().len(), 1, "a panic takes nothing with it");
    works.later(10).await;
    assert_eq!(application.calls().len(), 1);
    let waiting = works.jobs(JobKind::RuleAction, JobState::Ready).await.remove(0);
    assert_eq!((waiting.attempts, waiting.last_error.as_deref()), (3, Some("busy")));
    works.later(89).await;
    assert_eq!(application.calls().len(), 0, "it asked to be left alone");
    works.later(2).await;
    let last = application.calls().remove(0);
    assert_eq!((last.id, last.action.as_str(), Some(last.ticket_id)), (job.id, "refund", job.ticket_id));
    assert_eq!(Some(last.rule.id.0), job.cause.rule_id);
    let ticket = works.house.desk.ticket(&works.house.admin, &last.ticket_id.into()).await.unwrap();
    assert_eq!(last.params["order"], ticket.number().as_str());
    assert_eq!(works.jobs(JobKind::RuleAction, JobState::Done).await.len(), 1);
    assert_eq!(works.workers.tally().count(JobKind::RuleAction, Outcome::Done), 1);
    works.later(600).await;
    assert_eq!(application.calls().len(), 0);
}

#[tokio::test]
async fn an_action_that_can_never_be_done_is_given_up_and_one_that_never_is_after_eight_times() {
    let (works, application) = works().await;
    let job = asked(&works).await;
    application.answer([Answer::Never]);
    works.work().await;
    let dead = works.jobs(JobKind::RuleAction, JobState::Dead).await;
    assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("no such order")));
    application.calls();
    application.answer((0..20).map(|_| Answer::Later(None)));
    works.house.desk.retry_job(&works.house.admin, job.id).await.unwrap();
    for _ in 0..48 {
        works.later(60).await;
    }
    let calls = application.calls();
    assert_eq!(calls.len(), 8);
    assert!(calls.iter().all(|call| call.id == job.id));
    assert_eq!(works.jobs(JobKind::RuleAction, JobState::Dead).await.len(), 1);
}

#[tokio::test]
async fn an_action_that_is_not_there_any_more_is_given_up() {
    let (works, application) = works().await;
    let job = asked(&works).await;
    let desk = &works.house.desk;
    let id = JobId(desk.ids().uuid(desk.now()));
    let payload = json!({"action": "ship", "params": {}});
    let writes = vec![Write::Job(Box::new(Job { id, payload, lane: "action/ship".to_owned(), ..job }))];
    let settings = desk.snapshot().await.unwrap().version;
    let change = ChangeId(desk.ids().uuid(desk.now()));
    let changes =
        Changes { id: change, scope: Scope::UPKEEP, settings, bumps_settings: false, writes, guards: Vec::new() };
    desk.store().commit(changes).await.unwrap();
    works.work().await;
    assert_eq!(application.calls().len(), 1);
    let dead = works.jobs(JobKind::RuleAction, JobState::Dead).await;
    assert_eq!((dead[0].id, dead[0].last_error.as_deref()), (id, Some("there is no action ship here")));
}
