//! Workers: what commits have promised is done.

mod escalation;
mod late;
mod letter;
mod promise;
mod rename_option;
mod routing;
mod rule;
mod rule_action;
mod rule_limit;
mod sla;
mod timer;
mod timer_rule;
mod webhook;
mod what_if;

use crate::house::House;
use async_trait::async_trait;
use chrono::TimeDelta;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use ticketing_core::desk::DeskBuilder;
use ticketing_core::desk::work::{WorkOptions, Workers};
use ticketing_core::memory::MemoryMailer;
use ticketing_core::model::{Job, JobKind, JobState};
use ticketing_core::port::{JobQuery, Mail, WebhookAnswer, WebhookError, WebhookRequest, WebhookSender};

/// A desk with workers, a mailer and endpoints that do as they are told.
pub struct Works {
    pub house: House,
    pub workers: Workers,
    pub mailer: Arc<MemoryMailer>,
    pub endpoint: Arc<Endpoint>,
}

impl Works {
    pub async fn new() -> Self {
        Self::with(|desk| desk).await
    }

    /// Those of a desk with more parts.
    pub async fn with(more: impl FnOnce(DeskBuilder) -> DeskBuilder) -> Self {
        let (mailer, endpoint) = (Arc::new(MemoryMailer::new()), Arc::new(Endpoint::default()));
        let (carrier, caller) = (Arc::clone(&mailer), Arc::clone(&endpoint));
        let house = House::with(|desk| more(desk.mailer(carrier).webhook_sender(caller))).await;
        let workers = house.desk.workers(WorkOptions { digest_window: Duration::ZERO, ..WorkOptions::default() });
        Self { house, workers, mailer, endpoint }
    }

    /// Does all that is due, and what follows from it.
    pub async fn work(&self) {
        for round in 0.. {
            assert!(round < 100, "work comes to an end");
            if self.workers.run_due(100).await.unwrap() == 0 {
                break;
            }
        }
    }

    /// Some time passes, and what is due then is done.
    pub async fn later(&self, minutes: i64) {
        self.house.clock.advance(TimeDelta::minutes(minutes));
        self.work().await;
    }

    /// The mails since the last look, by address and subject.
    pub async fn mails(&self) -> Vec<Mail> {
        self.work().await;
        let mut mails = self.mailer.take_sent();
        mails.sort_by(|a, b| a.to.address.cmp(&b.to.address));
        mails
    }

    pub async fn addressees(&self) -> Vec<String> {
        let mails = self.mails().await;
        mails.into_iter().map(|mail| mail.to.address.split('@').next().unwrap().to_owned()).collect()
    }

    pub async fn jobs(&self, kind: JobKind, state: JobState) -> Vec<Job> {
        let query = JobQuery { kinds: vec![kind], states: vec![state], limit: 1_000, ..JobQuery::default() };
        self.house.desk.store().jobs(&query).await.unwrap()
    }
}

/// Endpoints that answer what they were told to, 200 when nothing was said.
#[derive(Default)]
pub struct Endpoint {
    pub calls: Mutex<Vec<WebhookRequest>>,
    pub answers: Mutex<VecDeque<Result<u16, WebhookError>>>,
    pub panics: Mutex<usize>,
}

impl Endpoint {
    pub fn answer(&self, answers: impl IntoIterator<Item = Result<u16, WebhookError>>) {
        self.answers.lock().unwrap().extend(answers);
    }

    pub fn calls(&self) -> Vec<WebhookRequest> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

#[async_trait]
impl WebhookSender for Endpoint {
    async fn send(&self, request: &WebhookRequest) -> Result<WebhookAnswer, WebhookError> {
        self.calls.lock().unwrap().push(request.clone());
        {
            let mut panics = self.panics.lock().unwrap();
            if *panics > 0 {
                *panics -= 1;
                drop(panics);
                panic!("a poisoned call");
            }
        }
        let status = self.answers.lock().unwrap().pop_front().unwrap_or(Ok(200))?;
        Ok(WebhookAnswer { status, retry_after: None, body: "said".to_owned(), sent: Vec::new() })
    }

    async fn check(&self, _: &str) -> Result<(), WebhookError> {
        Ok(())
    }
}
