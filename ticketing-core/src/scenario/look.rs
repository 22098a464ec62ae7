//! What came of a step.

use super::name::{Noun, key, tags};
use super::report::Broken;
use super::stage::Stage;
use super::then::{Item, Kind};
use crate::desk::{RunQuery, WorkflowRunView};
use crate::error::Error;
use crate::ids::{CommentId, TicketId, UserId};
use crate::model::{Job, JobKind, NotificationKind};
use crate::port::{JobQuery, Mail};
use crate::query::NotificationQuery;
use crate::webhook::plan::{Delivery, DirectCall};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many rows are read at a time.
const PAGE: usize = 100;
/// How many things a person may be told in one step.
const MOST_TOLD: usize = 1_000;

/// What rules have brought about in one step beside the ticket's fields.
#[derive(Default)]
pub(super) struct Caused {
    pub(super) mails: Vec<Item>,
    pub(super) notifications: Vec<Item>,
    pub(super) calls: Vec<Item>,
}

impl Caused {
    pub(super) fn of(&self, kind: Kind) -> &[Item] {
        match kind {
            Kind::Mails => &self.mails,
            Kind::Notifications => &self.notifications,
            Kind::Calls => &self.calls,
            Kind::Comments => &[],
        }
    }
}

impl Stage {
    /// What rules were found to do about these tickets since a mark, oldest first.
    pub(super) async fn runs(&self, tickets: &[TicketId], mark: Uuid) -> Result<Vec<WorkflowRunView>, Broken> {
        let mut runs = Vec::new();
        for ticket in tickets {
            let mut query = RunQuery { limit: PAGE, ..RunQuery::default() };
            loop {
                let page = self.desk.ticket_workflow_runs(&self.host, &(*ticket).into(), query.clone()).await?;
                let (found, is_last) = (page.items.len(), page.next.is_none());
                let new: Vec<_> = page.items.into_iter().filter(|run| run.id.0 > mark).collect();
                query.after = new.last().map(|run| run.id);
                let goes_on = new.len() == found && !is_last;
                runs.extend(new);
                if !goes_on {
                    break;
                }
            }
        }
        runs.sort_by_key(|run| run.id);
        Ok(runs)
    }

    /// A ticket as it is, with its people and companies by their names.
    pub(super) async fn ticket(&self, id: TicketId) -> Result<Map<String, Value>, Broken> {
        let ticket = self.desk.ticket(&self.host, &id.into()).await?;
        let shown = ticket.public();
        let snapshot = self.desk.snapshot().await?;
        let staff = |id| snapshot.directory.staff(id).map(|user| key(Noun::Person, &user.email));
        let assignee = shown.assigned_agent_id.and_then(staff);
        let team = shown.team_id.and_then(|id| snapshot.directory.team(id)).map(|team| team.name.clone());
        let requester = self.desk.user(&self.host, shown.customer_id).await?;
        let organization = match shown.organization_id {
            Some(id) => Some(self.desk.organization(&self.host, id).await?.name),
            None => None,
        };
        let mut values = match serde_json::to_value(&ticket) {
            Ok(Value::Object(values)) => values,
            Ok(_) => Map::new(),
            Err(error) => return Err(Error::Internal(Box::new(error)).into()),
        };
        let named = [
            ("assignee", json!(assignee)),
            ("team", json!(team)),
            ("requester", json!(key(Noun::Person, &requester.email))),
            ("organization", json!(organization)),
            ("tags", tags(&shown.tags)),
        ];
        values.extend(named.map(|(name, value)| (name.to_owned(), value)));
        Ok(values)
    }

    /// The addresses of all who listen to a ticket, in their order.
    pub(super) async fn watchers(&self, id: TicketId) -> Result<Vec<String>, Broken> {
        let mut addresses = Vec::new();
        let mut after = None;
        loop {
            let page = self.desk.watchers(&self.host, &id.into(), after, PAGE).await?;
            for user in page.items.iter().filter_map(|watcher| watcher.user.id) {
                addresses.push(key(Noun::Person, &self.desk.user(&self.host, user).await?.email));
            }
            after = page.items.last().and_then(|watcher| watcher.user.id);
            if page.next.is_none() {
                break;
            }
        }
        addresses.sort();
        Ok(addresses)
    }

    /// What was said on a ticket since a mark, but this.
    pub(super) async fn comments(&self, id: TicketId, mark: Uuid, but: Option<CommentId>) -> Result<Vec<Item>, Broken> {
        let mut comments = Vec::new();
        let mut after = Some(CommentId(mark));
        loop {
            let page = self.desk.comments(&self.host, &id.into(), after, PAGE).await?;
            after = page.items.last().map(|comment| comment.id);
            let others = page.items.into_iter().filter(|comment| Some(comment.id) != but);
            comments
                .extend(others.map(|comment| {
                    item([("internal", comment.is_internal.into()), ("contains", comment.body.into())])
                }));
            if page.next.is_none() {
                return Ok(comments);
            }
        }
    }

    /// What left the desk since a mark because rules asked for it. What is looked at is not there another time.
    pub(super) async fn caused(&mut self, mark: Uuid) -> Result<Caused, Broken> {
        let jobs = self.jobs(mark).await?;
        let sent = self.mailer.take_sent();
        let sent: BTreeMap<&str, &Mail> = sent.iter().map(|mail| (&*mail.message_id, mail)).collect();
        let called = self.calls.take();
        let mut caused = Caused::default();
        for job in &jobs {
            match job.kind {
                JobKind::Mail => {
                    let id = job.payload["mail"]["message_id"].as_str().unwrap_or_default();
                    caused.mails.extend(sent.get(id).map(|mail| {
                        let (subject, text) = (mail.subject.as_str(), mail.text.as_str());
                        item([
                            ("to", (&*mail.to.address).into()),
                            ("subject", subject.into()),
                            ("contains", text.into()),
                        ])
                    }));
                }
                JobKind::Webhook if called.contains(&job.id.to_string()) => caused.calls.extend(self.call_of(job)),
                _ => {}
            }
        }
        caused.notifications = self.notifications().await?;
        Ok(caused)
    }

    fn call_of(&self, job: &Job) -> Option<Item> {
        if let Some(call) = DirectCall::of(job) {
            return Some(item([("url", call.url.into()), ("contains", call.body.into())]));
        }
        let call = Delivery::of(job).ok()?;
        let mut names = self.things.iter().filter(|(_, id)| **id == call.webhook_id.0);
        let ((_, name), _) = names.next()?;
        Some(item([("webhook", name.as_str().into()), ("contains", call.body.into())]))
    }

    /// The jobs since a mark that rules asked for, oldest first.
    async fn jobs(&self, mark: Uuid) -> Result<Vec<Job>, Broken> {
        let kinds = vec![JobKind::Mail, JobKind::Webhook];
        let mut query = JobQuery { kinds, limit: PAGE, ..JobQuery::default() };
        let mut jobs = Vec::new();
        loop {
            let page = self.desk.store().jobs(&query).await.map_err(Error::from)?;
            query.after = page.last().map(|job| job.id);
            let is_last = page.len() < PAGE || page.last().is_some_and(|job| job.id.0 <= mark);
            // The ids of other jobs may follow from something else than the order in which they were made.
            jobs.extend(page.into_iter().filter(|job| job.cause.rule_id.is_some() && job.id.0 > mark));
            if is_last {
                jobs.reverse();
                return Ok(jobs);
            }
        }
    }

    /// What rules have told people that was not looked at yet.
    async fn notifications(&mut self) -> Result<Vec<Item>, Broken> {
        let mut found = Vec::new();
        let mut people = BTreeMap::new();
        for ((noun, address), id) in &self.things {
            if *noun == Noun::Person {
                people.insert(UserId(*id), address.clone());
            }
        }
        for ticket in &self.all_tickets {
            let id = self.desk.ticket(&self.host, &(*ticket).into()).await?.public().customer_id;
            let address = key(Noun::Person, &self.desk.user(&self.host, id).await?.email);
            people.entry(id).or_insert(address);
        }
        for (user, address) in people {
            let told =
                self.desk.store().notifications(&NotificationQuery::of(user, MOST_TOLD)).await.map_err(Error::from)?;
            // What is told again within a while is the same one with a greater count.
            for one in told.into_iter().rev().filter(|one| one.kind == NotificationKind::Rule) {
                if self.told.insert((one.id, one.count)) {
                    let (title, message) = (one.title.into(), one.message.into());
                    found.push(item([("to", address.as_str().into()), ("title", title), ("contains", message)]));
                }
            }
        }
        Ok(found)
    }
}

fn item<const N: usize>(values: [(&str, Value); N]) -> Item {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
