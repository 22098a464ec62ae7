//! From what happened to a ticket in the last seconds to the mails about it.

use super::dispatch::{Told, new_job, worker_call};
use super::late::late_jobs;
use super::letter::{Letter, Sender};
use super::mail::MailJob;
use super::notice::{Circle, Item, events_of, is_news, late, without_passing};
use super::perform::{Done, End};
use super::post::{Addressee, Post};
use super::settle::Ended;
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::Event;
use crate::ids::{CommentId, UserId};
use crate::mail::TicketPeople;
use crate::model::{
    Comment, Job, JobCause, JobKind, JobOutcome, JobState, NoticeChannel, NoticeKind, NoticePreferences, TeamRole,
    Ticket, User,
};
use crate::port::JobQuery;
use crate::setting::{Setting, Stored};
use crate::time::Time;
use futures::FutureExt;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;

/// How many other commits one look tells of at most; the rest is told with the next.
const MOST_JOBS: usize = 50;

/// How many listeners are looked at.
pub(in crate::desk) const MOST_WATCHERS: usize = 500;

/// Everybody who may hear of a ticket's news, and what they may read.
struct Scene {
    names: TicketPeople,
    comments: HashMap<CommentId, Comment>,
    people: HashMap<UserId, User>,
}

impl Shift<'_> {
    /// Tells the people of a ticket by mail what happened, and takes along what else waits to be told of it:
    /// what this worker has in hand, and what nobody has yet.
    pub(super) async fn notify(&self, job: &Job) -> Result<Done, Error> {
        if job.ticket_id.is_none() {
            return Ok(End::dead("the job names no ticket").into());
        }
        let Some(along) = self.waiting.take_along(job) else { return Ok(Done::Along) };
        let (call, taken) = (&worker_call(), &along);
        let told = AssertUnwindSafe(self.workers.desk.insist(move || self.try_notify(call, job, taken)));
        let told = told.catch_unwind().await;
        if !matches!(told, Ok(Ok(()))) {
            self.give_back(&along).await;
        }
        match told {
            Ok(told) => told?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
        for other in &along {
            self.lanes.forget(other.id);
        }
        Ok(Done::Kept(Outcome::Done))
    }

    /// Gives back what was taken along in vain.
    async fn give_back(&self, jobs: &[Job]) {
        let ends: Vec<Ended> = jobs.iter().map(Ended::released).collect();
        if !ends.is_empty()
            && let Err(error) = self.keep(&ends).await
        {
            // Their leases end by themselves.
            tracing::warn!(error = &error as &dyn std::error::Error, "jobs could not be given back");
            for job in jobs {
                self.lanes.forget(job.id);
            }
        }
    }

    async fn try_notify(&self, call: &Call, job: &Job, along: &[Job]) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        let ticket_id = job.ticket_id.ok_or(Error::NotFound("ticket"))?;
        let others = desk
            .store
            .jobs(&JobQuery {
                states: vec![JobState::Ready],
                kinds: vec![JobKind::Notify],
                ticket_id: Some(ticket_id),
                limit: MOST_JOBS,
                ..JobQuery::default()
            })
            .await?;
        let mut ids = Told::read(job)?.events;
        for other in others.iter().chain(along) {
            ids.extend(Told::read(other)?.events);
        }
        let mut events = desk.store.events_by_ids(&ids).await?;
        events.retain(|event| event.ticket_id == ticket_id && is_news(&event.fact));
        if let Some(ticket) = desk.store.ticket(&Scope::UPKEEP, &ticket_id.into()).await? {
            self.tell(&mut recorder, &ticket, &events).await?;
        }
        let now = recorder.now;
        for other in &others {
            recorder.write(Write::TakeJob { id: other.id, at: now });
        }
        for done in along.iter().chain([job]) {
            recorder.write(self.end(done, now, JobOutcome::Done));
        }
        recorder.commit().await
    }

    async fn tell(&self, recorder: &mut Recorder<'_>, ticket: &Ticket, events: &[Event]) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let snapshot = std::sync::Arc::clone(&recorder.snapshot);
        let (scene, told) = desk.scene(&snapshot, ticket, events).await?;
        let late = late(events);
        let mut letters = Vec::new();
        for (id, items) in told {
            let (old, items): (Vec<Item>, Vec<Item>) =
                items.into_iter().partition(|item| late.contains(&events[item.event].id));
            if !old.is_empty() {
                for job in late_jobs(desk, recorder.now, ticket.id, id, events_of(events, &old)) {
                    recorder.write(Write::Job(Box::new(job)));
                }
            }
            let Some(user) = scene.people.get(&id) else { continue };
            for items in envelopes(ticket, events, id, items) {
                letters.push((user, items));
            }
        }
        let addresses = letters.iter().map(|(user, _)| user.email.as_str());
        let mut post = Post::new(desk, ticket.id, addresses, recorder.now).await?;
        let sender = Sender::new(desk, &snapshot);
        for (user, items) in letters {
            let (people, comments) = (&scene.names, &scene.comments);
            let letter = Letter { user, ticket, people, events, items: &items, comments };
            let Some(job) = letter.job(&sender, recorder.now)? else { continue };
            let job = post.add(job, Addressee { user: Some(user), address: &user.email });
            recorder.write(Write::Job(Box::new(job)));
        }
        post.finish(recorder, ticket)
    }
}

impl Desk {
    /// Reads all that is needed to tell of these events, each kind in one look, and says who hears what.
    async fn scene(
        &self,
        snapshot: &Snapshot,
        ticket: &Ticket,
        events: &[Event],
    ) -> Result<(Scene, BTreeMap<UserId, Vec<Item>>), Error> {
        let ids: Vec<CommentId> = events.iter().filter_map(|event| event.fact.comment_id()).collect();
        let found = if ids.is_empty() { Vec::new() } else { self.store.comments_by_ids(&Scope::UPKEEP, &ids).await? };
        let comments: HashMap<CommentId, Comment> = found.into_iter().map(|comment| (comment.id, comment)).collect();
        let watchers = self.store.watchers(&Scope::UPKEEP, ticket.id, None, MOST_WATCHERS).await?;
        let watchers = watchers.into_iter().filter_map(|watcher| watcher.user.id).collect();
        let is_staff =
            |id: UserId| snapshot.directory.staff(id).is_some_and(|user| user.is_active && user.role.is_staff());
        let team =
            || ticket.team_id.into_iter().flat_map(|id| snapshot.directory.members(id)).filter(|m| is_staff(m.user_id));
        let members = team().map(|member| member.user_id).collect();
        let leads = team().filter(|member| member.role != TeamRole::Member).map(|member| member.user_id).collect();
        let mentioned = self.mentioned(snapshot, ticket, comments.values()).await?;
        let circle = Circle {
            ticket,
            members: &members,
            leads: &leads,
            watchers: &watchers,
            staff: &is_staff,
            comments: &comments,
            mentioned: &mentioned,
            by: NoticeChannel::Email,
        };
        let people: Vec<UserId> = circle.people(events).into_iter().collect();
        let people = self.who_sees(snapshot, &people, ticket).await?;
        let wishes = self.wishes(&people).await?;
        let mut told = circle.told(events, |id| wishes.get(&id).cloned().unwrap_or_default());
        let seeing: BTreeSet<UserId> = people.iter().copied().collect();
        told.retain(|id, _| seeing.contains(id));
        let others: Vec<UserId> = told.keys().copied().filter(|id| snapshot.directory.staff(*id).is_none()).collect();
        let mut others: Vec<UserId> = others;
        // The requester is named in every mail, told or not.
        if !told.is_empty()
            && !others.contains(&ticket.customer_id)
            && snapshot.directory.staff(ticket.customer_id).is_none()
        {
            others.push(ticket.customer_id);
        }
        let others =
            if others.is_empty() { Vec::new() } else { self.store.users_by_ids(&Scope::UPKEEP, &others).await? };
        let staff = told.keys().filter_map(|id| snapshot.directory.staff(*id)).cloned();
        let people: HashMap<UserId, User> = staff.chain(others).map(|user| (user.id, user)).collect();
        let customer = people.get(&ticket.customer_id).or_else(|| snapshot.directory.staff(ticket.customer_id));
        let names = TicketPeople {
            customer_name: customer.map(|user| user.name.clone()).unwrap_or_default(),
            customer_email: customer.map(|user| user.email.clone()).unwrap_or_default(),
            agent_name: ticket
                .assigned_agent_id
                .and_then(|id| snapshot.directory.staff(id))
                .map(|user| user.name.clone()),
            team_name: ticket.team_id.and_then(|id| snapshot.directory.team(id)).map(|team| team.name.clone()),
        };
        Ok((Scene { names, comments, people }, told))
    }

    /// What these people want to be told of, as far as they have said so.
    pub(in crate::desk) async fn wishes(&self, people: &[UserId]) -> Result<HashMap<UserId, NoticePreferences>, Error> {
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let documents = self.store.personal_documents(NoticePreferences::KIND, people).await?;
        let read = |document: &crate::setting::Document| {
            let stored = Stored::<NoticePreferences>::try_from(document).ok()?;
            Some((document.owner?, stored.content))
        };
        Ok(documents.iter().filter_map(read).collect())
    }
}

/// What goes into one mail each: that a question has arrived is told alone, everything else together.
fn envelopes(ticket: &Ticket, events: &[Event], id: UserId, mut items: Vec<Item>) -> Vec<Vec<Item>> {
    without_passing(events, &mut items);
    let is_requester = id == ticket.customer_id;
    let (first, rest): (Vec<Item>, Vec<Item>) =
        items.into_iter().partition(|item| is_requester && item.kind == NoticeKind::TicketCreated);
    [first, rest].into_iter().filter(|items| !items.is_empty()).collect()
}

impl Letter<'_> {
    /// The job that hands this letter over.
    fn job(&self, sender: &Sender<'_>, now: Time) -> Result<Option<Job>, Error> {
        let first = events_of(self.events, self.items).first().copied();
        let job = new_job(sender.desk, now, JobKind::Mail, "mail", serde_json::Value::Null);
        let Some(mail) = self.mail(sender, job.id, now)? else { return Ok(None) };
        let payload = MailJob::open(Some(self.user.id), mail);
        Ok(Some(Job {
            dedupe: first.map(|id| format!("mail/{id}/{}", self.user.id)),
            ticket_id: Some(self.ticket.id),
            cause: JobCause { event_id: first, ..JobCause::default() },
            payload: serde_json::to_value(payload).map_err(|e| Error::Internal(Box::new(e)))?,
            ..job
        }))
    }
}
