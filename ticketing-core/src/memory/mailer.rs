//! Mail that goes nowhere.

use crate::port::{Mail, MailError, Mailer};
use async_trait::async_trait;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps the mails that it was given, for tests to look at. Takes every mail until it is told otherwise.
#[derive(Debug, Default)]
pub struct MemoryMailer {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<Mail>,
    next: VecDeque<Mishap>,
    refused: BTreeMap<String, MailError>,
}

#[derive(Debug)]
enum Mishap {
    Failed(MailError),
    AnswerLost,
}

impl MemoryMailer {
    /// A mailer that takes every mail.
    pub fn new() -> Self {
        Self::default()
    }

    /// The mails that were taken, in their order; one that was handed over twice is there twice.
    pub fn sent(&self) -> Vec<Mail> {
        self.state().sent.clone()
    }

    /// The mails that were taken since the last call, in their order.
    pub fn take_sent(&self) -> Vec<Mail> {
        std::mem::take(&mut self.state().sent)
    }

    /// One mail is not taken, for this reason: the next one for which nothing was said before.
    pub fn fail_next(&self, error: MailError) {
        self.state().next.push_back(Mishap::Failed(error));
    }

    /// One mail is taken, but nobody hears of it: to the desk it looks as if the server had gone away.
    pub fn lose_next_answer(&self) {
        self.state().next.push_back(Mishap::AnswerLost);
    }

    /// No mail to this address is taken any more, for this reason.
    pub fn refuse(&self, address: impl Into<String>, error: MailError) {
        self.state().refused.insert(address.into(), error);
    }

    /// Mail to this address is taken again.
    pub fn accept(&self, address: &str) {
        self.state().refused.remove(address);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics between one change and the next, so data behind a poisoned lock is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, mail: &Mail) -> Result<String, MailError> {
        let mut state = self.state();
        if let Some(error) = state.refused.get(&mail.to.address) {
            return Err(error.clone());
        }
        match state.next.pop_front() {
            Some(Mishap::Failed(error)) => Err(error),
            mishap => {
                state.sent.push(mail.clone());
                match mishap {
                    None => Ok(format!("taken as number {}", state.sent.len())),
                    Some(_) => Err(MailError::Later("the connection ended before an answer came".to_owned())),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Mailbox;
    use crate::time::Time;

    fn mail(to: &str) -> Mail {
        let mailbox = |address: &str| Mailbox { name: None, address: address.to_owned() };
        Mail {
            message_id: format!("1.{to}"),
            date: Time::default(),
            from: mailbox("desk@desk.example"),
            to: mailbox(to),
            reply_to: None,
            references: Vec::new(),
            subject: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            text: "Hello".to_owned(),
            is_automatic: true,
            unsubscribe: None,
            desk: "desk".to_owned(),
        }
    }

    fn later() -> MailError {
        MailError::Later("busy".to_owned())
    }

    #[tokio::test]
    async fn keeps_what_it_takes() {
        let (mailer, ann, bob) = (MemoryMailer::new(), mail("ann@home.example"), mail("bob@home.example"));
        mailer.send(&ann).await.unwrap();
        mailer.send(&bob).await.unwrap();
        mailer.send(&ann).await.unwrap();
        assert_eq!(mailer.sent(), [ann.clone(), bob, ann]);
        assert_eq!(mailer.take_sent().len(), 3);
        assert_eq!(mailer.sent(), []);
    }

    #[tokio::test]
    async fn fails_as_told_and_then_no_more() {
        let (mailer, ann) = (MemoryMailer::new(), mail("ann@home.example"));
        let errors = [later(), MailError::Refused("spam".to_owned()), MailError::Address("nobody".to_owned())];
        for error in &errors {
            mailer.fail_next(error.clone());
        }
        for error in errors {
            assert_eq!(mailer.send(&ann).await, Err(error));
        }
        assert_eq!(mailer.sent(), []);
        mailer.send(&ann).await.unwrap();
        assert_eq!(mailer.sent(), [ann]);
    }

    #[tokio::test]
    async fn may_take_a_mail_and_not_say_so() {
        let (mailer, ann) = (MemoryMailer::new(), mail("ann@home.example"));
        mailer.lose_next_answer();
        assert!(matches!(mailer.send(&ann).await, Err(MailError::Later(_))));
        mailer.send(&ann).await.unwrap();
        assert_eq!(mailer.sent(), [ann.clone(), ann]);
    }

    #[tokio::test]
    async fn refuses_an_address_until_it_accepts_it() {
        let (mailer, ann, bob) = (MemoryMailer::new(), mail("ann@home.example"), mail("bob@home.example"));
        mailer.refuse("ann@home.example", MailError::Address("nobody".to_owned()));
        mailer.fail_next(later());
        assert_eq!(mailer.send(&ann).await, Err(MailError::Address("nobody".to_owned())));
        assert_eq!(mailer.send(&bob).await, Err(later()), "what is next is for a mail that would be taken");
        mailer.accept("ann@home.example");
        mailer.send(&ann).await.unwrap();
        assert_eq!(mailer.sent(), [ann]);
    }
}
