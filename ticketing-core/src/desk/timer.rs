//! What happens by the clock: planned in the commit that moves it, done in a commit of its own.

use super::notify::{Notice, Saying};
use super::recorder::Recorder;
use super::ticket::Change;
use super::{Desk, work};
use crate::access::{Actor, Call, Scope, SystemReason};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::event::Stand;
use crate::ids::{SlaPolicyId, TicketId, WorkflowId};
use crate::model::{
    Calendar, CustomField, Fired, NotificationKind, Recurrence, RecurrenceKind, Schedule, SlaPolicy, Status, Ticket,
    Workflow,
};
use crate::setting::{DeskProfile, Document, Setting};
use crate::time::Time;
use crate::timer::{FiredSet, Moment, Occasion, due, may_have_fired, moments, next_wake};
use crate::workflow::recipient::Target;
use crate::workflow::schedule::next_run;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// A ticket that is planned anew.
pub(super) struct Planned {
    ticket_id: TicketId,
    moments: Vec<Moment>,
    /// What rules have looked at it for, where that is known.
    fired: Option<FiredSet>,
}

/// The earliest moment that these writes plan something for.
pub(super) fn earliest(writes: &[Write]) -> Option<Time> {
    let planned = writes.iter().filter_map(|write| match write {
        Write::TicketWake { due_at, .. } => *due_at,
        Write::Schedule { recurrence, .. } => Some(recurrence.next_at),
        _ => None,
    });
    planned.min()
}

/// The call of the clock.
fn timer_call() -> Call {
    Call::from(&Actor::system(SystemReason::Upkeep))
}

impl Recorder<'_> {
    /// Plans when a ticket next asks for something by the clock, where that is otherwise than it was.
    pub(super) fn plan_wake(&mut self, before: Option<&Ticket>, after: &Ticket) {
        let snapshot = Arc::clone(&self.snapshot);
        let timing = snapshot.timing();
        let now = moments(after, &timing);
        if now != before.map(|before| moments(before, &timing)).unwrap_or_default() {
            self.plan(after.id, now, before.is_none().then(FiredSet::default));
        }
    }

    /// Plans it whatever was planned before.
    pub(super) fn plan(&mut self, ticket_id: TicketId, moments: Vec<Moment>, fired: Option<FiredSet>) {
        self.planned.retain(|planned| planned.ticket_id != ticket_id);
        self.planned.push(Planned { ticket_id, moments, fired });
    }

    /// Plans tickets anew under the settings as they are; the commit lands only where they are still as they were found.
    pub(super) fn plan_page(&mut self, tickets: &[Ticket]) {
        let snapshot = Arc::clone(&self.snapshot);
        let timing = snapshot.timing();
        for ticket in tickets {
            let ticket = self.replan_clocks(ticket);
            self.plan(ticket.id, moments(&ticket, &timing), None);
        }
    }

    /// Adds what this commit plans: when tickets are due, when rules look at all of them, and, where a setting moves
    /// what is planned for many tickets, the job that plans these anew.
    pub(super) async fn write_plans(&mut self) -> Result<(), Error> {
        let documents: Vec<Document> = self
            .writes()
            .iter()
            .filter_map(|write| if let Write::Setting { document, .. } = write { Some(document.clone()) } else { None })
            .collect();
        let mut schedules = BTreeMap::new();
        let mut moves_tickets = self.writes().iter().any(|write| match write {
            Write::Team { team, .. } => {
                let known = self.snapshot.directory.team(team.id).and_then(|known| known.calendar_id);
                known != team.calendar_id
            }
            _ => false,
        });
        for document in documents {
            match document.kind.as_str() {
                Workflow::KIND => {
                    let (old, new) = (self.old_schedule(document.id), new_schedule(&document)?);
                    if old != new {
                        moves_tickets |= matches!(new, Some(Schedule::After { .. }));
                        schedules.insert(document.id, new.and_then(|schedule| next_run(&schedule, self.now)));
                    }
                }
                SlaPolicy::KIND => moves_tickets |= self.promises_otherwise(&document)?,
                // Rules and policies that ask for a field come and go with it.
                Calendar::KIND | CustomField::KIND => moves_tickets = true,
                DeskProfile::KIND => {
                    let new: DeskProfile = read(&document)?;
                    let is_moved = new.auto_close_after != self.snapshot.profile.auto_close_after;
                    moves_tickets |= is_moved && new.auto_close_after.is_some();
                }
                _ => {}
            }
        }
        self.write_schedules(&schedules).await?;
        if moves_tickets {
            let job = work::replan_job(self.desk, self.now);
            self.write(Write::Job(Box::new(job)));
        }
        self.write_wakes().await
    }

    async fn write_wakes(&mut self) -> Result<(), Error> {
        let planned = std::mem::take(&mut self.planned);
        let is_asked = |one: &&Planned| one.fired.is_none() && may_have_fired(&one.moments, self.now);
        let asked: Vec<TicketId> = planned.iter().filter(is_asked).map(|one| one.ticket_id).collect();
        let known = if asked.is_empty() { Vec::new() } else { self.desk.store().fired(&asked).await? };
        for Planned { ticket_id, moments, fired } in planned {
            let of_ticket = || known.iter().filter(|fired| fired.ticket_id == ticket_id).copied().collect();
            let due_at = next_wake(&moments, &fired.unwrap_or_else(of_ticket));
            self.write(Write::TicketWake { ticket_id, due_at });
        }
        Ok(())
    }

    async fn write_schedules(&mut self, wanted: &BTreeMap<Uuid, Option<Time>>) -> Result<(), Error> {
        if wanted.is_empty() {
            return Ok(());
        }
        let kind = RecurrenceKind::Workflow;
        let ids: Vec<Uuid> = wanted.keys().copied().collect();
        let known = self.desk.store().schedules(kind, &ids).await?;
        for (id, next_at) in wanted {
            let known = known.iter().find(|row| row.id == *id).map(|row| row.version);
            match (*next_at, known) {
                (Some(next_at), known) => {
                    let version = known.unwrap_or_default() + 1;
                    let expect = known.map_or(Expect::New, Expect::Version);
                    let recurrence = Recurrence { kind, id: *id, next_at, version };
                    self.write(Write::Schedule { recurrence, expect });
                }
                (None, Some(version)) => self.write(Write::Unschedule { kind, id: *id, version }),
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// Whether a policy as it will be is for other tickets, or promises something else.
    fn promises_otherwise(&self, document: &Document) -> Result<bool, Error> {
        let known = self.snapshot.sla_policies.get(SlaPolicyId(document.id));
        let (Some(known), false) = (known, document.deleted) else { return Ok(true) };
        let old = known.stored.content.clone();
        let (name, description) = (old.name.clone(), old.description.clone());
        Ok(SlaPolicy { name, description, ..read::<SlaPolicy>(document)? } != old)
    }

    /// When a rule looks at tickets by itself until this commit.
    fn old_schedule(&self, id: Uuid) -> Option<Schedule> {
        let rule = &self.snapshot.rules.by_id(id)?.stored.content;
        rule.schedule.clone().filter(|_| rule.is_active)
    }
}

/// When a rule looks at tickets by itself from now on.
fn new_schedule(document: &Document) -> Result<Option<Schedule>, Error> {
    if document.deleted {
        return Ok(None);
    }
    let rule: Workflow = read(document)?;
    Ok(rule.schedule.filter(|_| rule.is_active))
}

fn read<T: Setting>(document: &Document) -> Result<T, Error> {
    T::deserialize(&document.body).map_err(|e| Error::Internal(Box::new(e)))
}

impl Desk {
    /// Tells the workers of this process that something was planned for this moment.
    pub(super) fn set_alarm(&self, at: Time) {
        self.parts.alarm.send_if_modified(|earliest| at < std::mem::replace(earliest, at.min(*earliest)));
    }

    /// Does all that is due on a ticket by the clock and plans what comes next, in one commit.
    pub(super) async fn fire(&self, ticket_id: TicketId) -> Result<(), Error> {
        self.fire_as(ticket_id, None).await
    }

    /// Lets a rule look at a ticket for a moment that is not the ticket's own, once.
    pub(super) async fn fire_rule(&self, ticket_id: TicketId, rule_id: WorkflowId, at: Time) -> Result<(), Error> {
        let moment = Moment { due_at: at, occasion: Occasion::Rule { rule_id, anchor_at: at } };
        self.fire_as(ticket_id, Some(moment)).await
    }

    async fn fire_as(&self, ticket_id: TicketId, only: Option<Moment>) -> Result<(), Error> {
        let call = &timer_call();
        let _turn = self.parts.turns.take(&ticket_id).await;
        self.insist(move || self.try_fire(call, ticket_id, only)).await
    }

    async fn try_fire(&self, call: &Call, ticket_id: TicketId, only: Option<Moment>) -> Result<(), Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let snapshot = Arc::clone(&recorder.snapshot);
        let Some(before) = self.store.ticket(&Scope::UPKEEP, &ticket_id.into()).await? else {
            recorder.write(Write::TicketWake { ticket_id, due_at: None });
            return recorder.commit().await;
        };
        // The ticket's own time may be ahead of a clock that was set back; what is due is the clock's to say.
        let now = only.map_or(self.now(), |moment| moment.due_at);
        let asked = match only {
            Some(_) if before.status == Status::Closed => return Ok(()),
            Some(moment) => vec![moment],
            None => moments(&before, &snapshot.timing()),
        };
        let mut fired = FiredSet::default();
        if only.is_some() || may_have_fired(&asked, Time::MAX_UTC) {
            fired = self.store.fired(&[ticket_id]).await?.into_iter().collect();
        }
        let due = due(&asked, &fired, now);
        if only.is_some() && due.is_empty() {
            return Ok(());
        }
        let mut change = Change::of(&before, &mut recorder);
        let (mut rules, mut looked, mut woke) = (Vec::new(), Vec::new(), false);
        for moment in due {
            match moment.occasion {
                Occasion::SnoozeEnds => {
                    change.draft.set_stand(Stand { wake_at: None, ..before.stand() });
                    woke = true;
                }
                Occasion::Rule { rule_id, anchor_at } => {
                    rules.push(rule_id);
                    looked.push(Fired { ticket_id, rule_id, anchor_at });
                }
                // What is over is told before anything else that happens.
                Occasion::Deadline => {}
                Occasion::AutoClose => change.draft.set_status(Status::Closed)?,
            }
        }
        change.settle_moment(&before, &mut recorder, rules).await?;
        let ticket = change.record_moment(&before, &mut recorder)?;
        if woke {
            tell_awake(&mut recorder, &ticket);
        }
        for one in looked {
            fired.add(&one);
            recorder.write(Write::Fired(one));
        }
        recorder.plan(ticket_id, moments(&ticket, &snapshot.timing()), Some(fired));
        recorder.commit().await
    }
}

/// Tells who works on a ticket that it was put off until now.
fn tell_awake(recorder: &mut Recorder<'_>, ticket: &Ticket) {
    let to = ticket.assigned_agent_id.map(Target::User).into_iter().collect();
    let what = Saying::Awake;
    recorder.tell(ticket, Notice { kind: NotificationKind::SnoozeEnded, to, rule: None, what });
}
