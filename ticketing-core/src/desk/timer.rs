//! What happens by the clock: planned in the commit that moves it, done in a commit of its own.

use super::Desk;
use super::notify::{Notice, Saying};
use super::recorder::Recorder;
use super::ticket::Change;
use crate::access::{Actor, Call, Scope, SystemReason};
use crate::changes::Write;
use crate::error::Error;
use crate::event::Stand;
use crate::ids::{Seq, TicketId, UserId, WorkflowId};
use crate::model::{Fired, NotificationKind, Status, Ticket};
use crate::time::Time;
use crate::timer::{FiredSet, Moment, Occasion, due, may_have_fired, moments};
use crate::workflow::recipient::Target;
use std::sync::Arc;

/// Events of a ticket that are read at once.
const HISTORY: usize = 500;

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
    /// Plans tickets anew under the settings as they are; the commit lands only where they are still as they were found.
    pub(super) fn plan_page(&mut self, tickets: &[Ticket]) {
        let snapshot = Arc::clone(&self.snapshot);
        let timing = snapshot.timing();
        for ticket in tickets {
            let ticket = self.replan_clocks(ticket);
            self.plan(ticket.id, moments(&ticket, &timing), None);
        }
    }
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
        if woke && let Some(wake_at) = before.wake_at {
            self.tell_awake(&mut recorder, &ticket, wake_at).await?;
        }
        for one in looked {
            fired.add(&one);
            recorder.write(Write::Fired(one));
        }
        recorder.plan(ticket_id, moments(&ticket, &snapshot.timing()), Some(fired));
        recorder.commit().await
    }

    /// Tells who works on a ticket that it was put off until this moment; where nobody does, who put it off.
    async fn tell_awake(&self, recorder: &mut Recorder<'_>, ticket: &Ticket, wake_at: Time) -> Result<(), Error> {
        let snapshot = Arc::clone(&recorder.snapshot);
        let agent: Vec<_> = snapshot.directory.agent_of(ticket).into_iter().collect();
        let mut people = self.who_sees(&snapshot, &agent, ticket).await?;
        if people.is_empty() {
            let person = self.who_put_off(ticket.id, wake_at).await?;
            let person: Vec<_> = person.filter(|id| snapshot.directory.staff(*id).is_some()).into_iter().collect();
            people = self.who_sees(&snapshot, &person, ticket).await?;
        }
        let to = people.into_iter().map(Target::User).collect();
        let notice = Notice { kind: NotificationKind::SnoozeEnded, to, rule: None, what: Saying::Awake };
        recorder.tell(ticket, notice);
        Ok(())
    }

    /// Who put a ticket off until this moment, where that was a person.
    async fn who_put_off(&self, ticket_id: TicketId, wake_at: Time) -> Result<Option<UserId>, Error> {
        let wake_at = serde_json::json!(wake_at);
        let (mut person, mut after) = (None, Seq::default());
        loop {
            let page = self.store.ticket_events(&Scope::UPKEEP, ticket_id, after, HISTORY).await?;
            for event in &page {
                let set = event.fact.changes().and_then(|changes| changes.get("wake_at"));
                if set.is_some_and(|(_, new)| *new == wake_at) {
                    person = event.actor.id;
                }
            }
            match page.last() {
                Some(last) if page.len() >= HISTORY => after = last.seq,
                _ => return Ok(person),
            }
        }
    }
}
