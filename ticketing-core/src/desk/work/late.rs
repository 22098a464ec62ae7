//! What could not be told in time is told each person in one mail: one for each ticket would bury whoever has to act.
//!
//! A look at a ticket's news leaves two jobs for each person: a `late_news`, which waits in the person's lane and is
//! never due by itself, and a `late_mail`, which some minutes later takes along all that waits there. What is taken ends
//! in the commit that writes the mail, so of two that come at once the second finds nothing any more.

use super::cap::{self, Caps};
use super::dispatch::{new_job, payload, worker_call};
use super::letter::{Sender, mailbox, of_staff, recipient};
use super::mail::MailJob;
use super::perform::{Done, End};
use super::post::{held_back, unreachable};
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::Call;
use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::desk::session::staff_actor;
use crate::desk::thread::Circulation;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::{Event, Fact};
use crate::fold::fold;
use crate::ids::{EventId, TicketId, TicketKey, UserId};
use crate::mail::{Entry, LateEntry, LateNews, MailFacts, Message, TicketPeople};
use crate::model::{Job, JobCause, JobKind, JobOutcome, JobState, Ticket, User};
use crate::port::JobQuery;
use crate::time::{Time, to_micros};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How long more is waited for.
const GATHERING: TimeDelta = TimeDelta::minutes(5);
/// What waits to be taken along is not due in anybody's time.
const NEVER: TimeDelta = TimeDelta::days(36_500);
/// How many jobs one commit takes along.
const PAGE: usize = 500;
/// How many things one mail tells; the first.
const MOST_TOLD: usize = 100;

/// What one person is told late.
#[derive(Debug, Serialize, Deserialize)]
struct Late {
    user_id: UserId,
    /// What happened; nothing where a job only asks for the mail.
    events: Vec<EventId>,
    /// How many things more than these there are.
    #[serde(default)]
    more: usize,
}

impl Late {
    fn lane(user_id: UserId) -> String {
        format!("late/{user_id}")
    }

    fn job(&self, desk: &Desk, now: Time, kind: JobKind, lane: &str) -> Job {
        let cause = JobCause { event_id: self.events.first().copied(), ..JobCause::default() };
        Job { cause, ..new_job(desk, now, kind, lane, serde_json::json!(self)) }
    }

    /// The job that waits to be taken along.
    fn waiting(&self, desk: &Desk, now: Time) -> Job {
        let due_at = to_micros(now + NEVER);
        Job { due_at, ..self.job(desk, now, JobKind::LateNews, &Self::lane(self.user_id)) }
    }

    /// Adds more, and keeps the first things of all.
    fn gather(&mut self, other: Self) {
        self.events.extend(other.events);
        self.events.sort_unstable();
        self.events.dedup();
        self.more += other.more + self.events.len().saturating_sub(MOST_TOLD);
        self.events.truncate(MOST_TOLD);
    }
}

/// The jobs that tell a person late of these events of a ticket.
pub(super) fn late_jobs(
    desk: &Desk,
    now: Time,
    ticket_id: TicketId,
    user_id: UserId,
    events: Vec<EventId>,
) -> [Job; 2] {
    let news = Late { user_id, events, more: 0 };
    let dedupe = news.events.first().map(|id| format!("late/{id}/{user_id}"));
    let news = Job { dedupe, ticket_id: Some(ticket_id), ..news.waiting(desk, now) };
    [news, Job { due_at: to_micros(now + GATHERING), ..mail_job(desk, now, user_id) }]
}

/// The job that writes the mail to a person, due now.
fn mail_job(desk: &Desk, now: Time, user_id: UserId) -> Job {
    Late { user_id, events: Vec::new(), more: 0 }.job(desk, now, JobKind::LateMail, "late")
}

impl Shift<'_> {
    /// One commit: the mail, the end of all that it tells, and the end of this job. Where more waits than one commit
    /// takes along, that much becomes one that waits, for the next to take it along with the rest.
    pub(super) async fn late_mail(&self, job: &Job) -> Result<Done, Error> {
        let call = &worker_call();
        let is_kept = self.workers.desk.insist(move || self.try_late_mail(call, job)).await?;
        Ok(if is_kept { Done::Kept(Outcome::Done) } else { End::plain(JobOutcome::Done).into() })
    }

    /// Answers whether it has kept the job's end.
    async fn try_late_mail(&self, call: &Call, job: &Job) -> Result<bool, Error> {
        let desk = &self.workers.desk;
        let mut late: Late = payload(job)?;
        let mut recorder = Recorder::begin(desk, call).await?;
        let query = JobQuery {
            states: vec![JobState::Ready],
            kinds: vec![JobKind::LateNews],
            lane: Some(Late::lane(late.user_id)),
            limit: PAGE,
            ..JobQuery::default()
        };
        let waiting = desk.store.jobs(&query).await?;
        // What came after this job has one of its own, which waits for more.
        let is_time = waiting.iter().any(|news| news.created_at <= job.created_at);
        let is_full = waiting.len() >= PAGE;
        if late.events.is_empty() && !is_time && !is_full {
            return Ok(false);
        }
        for news in &waiting {
            late.gather(payload(news)?);
            recorder.write(Write::TakeJob { id: news.id, at: recorder.now });
        }
        if is_full {
            let since = waiting.iter().map(|news| news.created_at).min().unwrap_or(job.created_at);
            let together = Job { created_at: since, ..late.waiting(desk, recorder.now) };
            recorder.write(Write::Job(Box::new(together)));
            if is_time {
                recorder.write(Write::Job(Box::new(mail_job(desk, recorder.now, late.user_id))));
            }
        } else {
            self.write_late_mail(&mut recorder, &late).await?;
        }
        recorder.write(self.end(job, recorder.now, JobOutcome::Done));
        recorder.commit().await?;
        Ok(true)
    }

    /// Adds the mail, where the person is still there and sees any of it.
    async fn write_late_mail(&self, recorder: &mut Recorder<'_>, late: &Late) -> Result<(), Error> {
        let (desk, now, snapshot) = (&self.workers.desk, recorder.now, Arc::clone(&recorder.snapshot));
        let user = snapshot.directory.staff(late.user_id).filter(|user| user.is_active && user.role.is_staff());
        let Some(user) = user else { return Ok(()) };
        let entries = desk.late_entries(&snapshot, user, &late.events).await?;
        if entries.is_empty() {
            return Ok(());
        }
        let letter = late.job(desk, now, JobKind::Mail, "mail");
        let link = format!("{}/tickets", desk.options().app_url);
        let message = Message::LateNews(LateNews { entries, more: late.more, link });
        let facts = MailFacts { recipient: recipient(user), message, unsubscribe_url: None };
        let id = desk.message_id(None, letter.id, Circulation::All);
        let mail = Sender::new(desk, &snapshot).mail(&facts, mailbox(user), id, now)?;
        let payload = serde_json::to_value(MailJob::open(Some(user.id), mail));
        let payload = payload.map_err(|e| Error::Internal(Box::new(e)))?;
        let letter = Job { payload, ..letter };
        let key = (fold(&user.email), None);
        let known = desk.store.mail_records(std::slice::from_ref(&key)).await?.pop();
        let mut record = known.unwrap_or_else(|| cap::unknown(&key.0, None, now));
        let letter = if let Some(why) = unreachable(&record, now).or_else(|| Caps::Staff.hold(&record, now)) {
            held_back(letter, why)
        } else {
            cap::count(&mut record, Caps::Staff, now);
            recorder.write(cap::next(record, now));
            letter
        };
        recorder.write(Write::Job(Box::new(letter)));
        Ok(())
    }
}

impl Desk {
    /// What happened, as a mail tells it, of the tickets that the person sees by now.
    async fn late_entries(
        &self,
        snapshot: &Snapshot,
        user: &User,
        events: &[EventId],
    ) -> Result<Vec<LateEntry>, Error> {
        let events = self.store.events_by_ids(events).await?;
        let ids: BTreeSet<TicketId> = events.iter().map(|event| event.ticket_id).collect();
        let keys: Vec<TicketKey> = ids.into_iter().map(TicketKey::Id).collect();
        let scope = self.scope(&staff_actor(snapshot, user, None)?);
        let tickets = self.store.tickets_by_keys(&scope, &keys).await?;
        let tickets: HashMap<TicketId, Ticket> = tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect();
        let entry = |event: &Event| {
            let ticket = tickets.get(&event.ticket_id)?;
            Some(LateEntry {
                ticket_number: ticket.number.clone(),
                subject: ticket.subject.clone(),
                url: format!("{}/tickets/{}", self.options().app_url, ticket.number),
                people: answering(snapshot, event),
                entry: Entry { at: moment(event), actor: None, what: of_staff(event)? },
            })
        };
        Ok(events.iter().filter_map(entry).collect())
    }
}

/// Who has answered since the event.
fn answering(snapshot: &Snapshot, event: &Event) -> TicketPeople {
    let agent = event.assignee_id.and_then(|id| snapshot.directory.staff(id));
    let team = event.team_id.and_then(|id| snapshot.directory.team(id));
    TicketPeople {
        agent_name: agent.map(|user| user.name.clone()),
        team_name: team.map(|team| team.name.clone()),
        ..TicketPeople::default()
    }
}

/// When it happened: a promised time is over when it is, not when that was noticed.
fn moment(event: &Event) -> Time {
    match &event.fact {
        Fact::SlaWarning(deadline) | Fact::SlaBreached(deadline) => deadline.due_at,
        _ => event.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn late(ids: std::ops::Range<u128>, more: usize) -> Late {
        let events = ids.map(|id| EventId(Uuid::from_u128(id))).collect();
        Late { user_id: UserId(Uuid::nil()), events, more }
    }

    #[test]
    fn the_first_of_all_are_kept_and_the_others_counted() {
        let mut all = late(0..0, 0);
        all.gather(late(90..150, 0));
        assert_eq!((all.events.len(), all.more), (60, 0));
        all.gather(late(0..90, 7));
        assert_eq!((all.events, all.more), (late(0..100, 0).events, 57));
    }
}
