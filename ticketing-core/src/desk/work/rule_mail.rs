//! From what a rule says to the mails that say it.

use super::asked::RuleMail;
use super::dispatch::{new_job, payload, worker_call};
use super::letter::{Sender, mailbox, recipient};
use super::mail::MailJob;
use super::notify::MOST_WATCHERS;
use super::perform::{Done, End};
use super::post::{Addressee, Post};
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::desk::thread::Circulation;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{JobId, UserId};
use crate::mail::{MailFacts, Message, Recipient, RuleWords};
use crate::model::{Job, JobKind, JobOutcome, Ticket, User};
use crate::port::{Mail, Mailbox};
use crate::time::Time;
use crate::workflow::recipient::Target;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Why nothing is done for a ticket that is not there.
const NO_TICKET: &str = "the ticket is gone";

/// Who gets a rule's mail.
enum Reader {
    /// A person, and whether the person may see the ticket.
    Person(Box<User>, bool),
    /// An address that is nobody's here.
    Address(String),
}

impl Reader {
    fn address(&self) -> &str {
        match self {
            Self::Person(user, _) => &user.email,
            Self::Address(address) => address,
        }
    }

    fn user(&self) -> Option<&User> {
        match self {
            Self::Person(user, _) => Some(user),
            Self::Address(_) => None,
        }
    }
}

impl Shift<'_> {
    /// One commit: a job for each mail, and the end of this job.
    pub(super) async fn rule_mail(&self, job: &Job) -> Result<Done, Error> {
        if self.workers.desk.parts.mailer.is_none() {
            return Ok(End::dead("nobody carries mail here").into());
        }
        let asked: &RuleMail = &payload(job)?;
        let call = &worker_call();
        self.workers.desk.insist(move || self.try_rule_mail(call, job, asked)).await
    }

    async fn try_rule_mail(&self, call: &Call, job: &Job, asked: &RuleMail) -> Result<Done, Error> {
        let desk = &self.workers.desk;
        let Some(ticket) = desk.ticket_of(job).await? else { return Ok(End::dead(NO_TICKET).into()) };
        let mut recorder = Recorder::begin(desk, call).await?;
        let now = recorder.now;
        let snapshot = Arc::clone(&recorder.snapshot);
        let mut readers = desk.readers(&snapshot, &ticket, &asked.to).await?;
        readers.retain(|reader| asked.not_to.as_deref() != Some(fold(reader.address()).as_str()));
        let mut post = Post::new(desk, ticket.id, readers.iter().map(Reader::address), now).await?;
        let sender = Sender::new(desk, &snapshot);
        for reader in &readers {
            let letter = new_job(desk, now, JobKind::Mail, "mail", serde_json::Value::Null);
            let mail = rule_mail(&sender, &ticket, asked, reader, (letter.id, now))?;
            let mail = MailJob::open(reader.user().map(|user| user.id), mail);
            let payload = serde_json::to_value(mail).map_err(|e| Error::Internal(Box::new(e)))?;
            let letter = Job { ticket_id: Some(ticket.id), cause: job.cause, payload, ..letter };
            let letter = post.add(letter, Addressee { user: reader.user(), address: reader.address() });
            recorder.write(Write::Job(Box::new(letter)));
        }
        post.finish(&mut recorder, &ticket)?;
        recorder.write(self.end(job, now, JobOutcome::Done));
        recorder.commit().await?;
        Ok(Done::Kept(Outcome::Done))
    }
}

/// The mail in the rule's words, as one of the ticket's conversation. Who may not see the ticket answers to the desk,
/// not into the ticket.
fn rule_mail(
    sender: &Sender<'_>,
    ticket: &Ticket,
    asked: &RuleMail,
    reader: &Reader,
    (id, at): (JobId, Time),
) -> Result<Mail, Error> {
    let desk = sender.desk;
    let (recipient, to) = match reader {
        Reader::Person(user, _) => (recipient(user), mailbox(user)),
        Reader::Address(address) => (
            Recipient { id: None, name: address.clone(), locale: None, time_zone: None },
            Mailbox { name: None, address: address.clone() },
        ),
    };
    let words = RuleWords {
        subject: asked.subject.clone(),
        body: asked.body.clone(),
        link: format!("{}/tickets/{}", desk.options().app_url, ticket.number),
        to_staff: reader.user().is_some_and(|user| user.role.is_staff()),
    };
    let facts = MailFacts { recipient, message: Message::Workflow(words), unsubscribe_url: None };
    let mail = sender.mail(&facts, to, desk.message_id(Some(ticket.id), id, Circulation::All), at)?;
    let (from, answers) = sender.of_team(ticket.team_id);
    let reply_to = match reader {
        Reader::Person(_, true) => Some(desk.reply_address(ticket.id, &answers, Circulation::All)),
        _ => Some(answers).filter(|address| *address != from),
    };
    Ok(Mail { from, reply_to, references: vec![desk.thread_id(ticket.id)], ..mail })
}

impl Desk {
    /// The ticket that a job is about, where it is there.
    pub(super) async fn ticket_of(&self, job: &Job) -> Result<Option<Ticket>, Error> {
        match job.ticket_id {
            Some(id) => Ok(self.store.ticket(&Scope::UPKEEP, &id.into()).await?),
            None => Ok(None),
        }
    }

    /// Whom a rule's targets mean, each address once. Who left the desk gets nothing, and who listens gets it only
    /// where the ticket may still be seen. An address that a rule names is the rule's choice, as a person is.
    async fn readers(&self, snapshot: &Snapshot, ticket: &Ticket, to: &[Target]) -> Result<Vec<Reader>, Error> {
        let mut known: BTreeMap<String, Option<User>> = BTreeMap::new();
        let mut ids: Vec<UserId> = Vec::new();
        for target in to {
            match target {
                Target::User(id) => ids.push(*id),
                Target::Watchers { but } => ids.extend(self.listeners(snapshot, ticket, *but).await?),
                Target::Address(address) => {
                    let found = self.store.credential(&Scope::UPKEEP, &fold(address)).await?;
                    known.insert(address.clone(), found.map(|found| found.user));
                }
            }
        }
        let people = self.people(snapshot, &ids).await?;
        let all: BTreeSet<UserId> =
            people.keys().copied().chain(known.values().flatten().map(|user| user.id)).collect();
        let all: Vec<UserId> = all.into_iter().collect();
        let seeing: HashSet<UserId> = self.who_sees(snapshot, &all, ticket).await?.into_iter().collect();
        let person = |user: &User| Reader::Person(Box::new(user.clone()), seeing.contains(&user.id));
        let known = known.iter().map(|(address, user)| match user {
            Some(user) => (user.is_active, person(user)),
            None => (true, Reader::Address(address.clone())),
        });
        let named = ids.iter().filter_map(|id| people.get(id)).map(|user| (user.is_active, person(user)));
        let mut addresses = HashSet::new();
        let wanted = named.chain(known).filter(|(is_there, _)| *is_there).map(|(_, reader)| reader);
        Ok(wanted.filter(|reader| addresses.insert(fold(reader.address()))).collect())
    }

    /// Who listens to a ticket and may see it, but this person.
    pub(super) async fn listeners(
        &self,
        snapshot: &Snapshot,
        ticket: &Ticket,
        but: Option<UserId>,
    ) -> Result<Vec<UserId>, Error> {
        let watchers = self.store.watchers(&Scope::UPKEEP, ticket.id, None, MOST_WATCHERS).await?;
        let others = watchers.into_iter().filter_map(|watcher| watcher.user.id).filter(|id| Some(*id) != but);
        self.who_sees(snapshot, &others.collect::<Vec<_>>(), ticket).await
    }

    /// These people, as far as they are there. Staff are known from the snapshot.
    async fn people(&self, snapshot: &Snapshot, ids: &[UserId]) -> Result<HashMap<UserId, User>, Error> {
        let staff = ids.iter().filter_map(|id| snapshot.directory.staff(*id)).cloned();
        let mut people: HashMap<UserId, User> = staff.map(|user| (user.id, user)).collect();
        let others: BTreeSet<UserId> = ids.iter().copied().filter(|id| !people.contains_key(id)).collect();
        if !others.is_empty() {
            let others: Vec<UserId> = others.into_iter().collect();
            people.extend(self.store.users_by_ids(&Scope::UPKEEP, &others).await?.into_iter().map(|u| (u.id, u)));
        }
        Ok(people)
    }
}
