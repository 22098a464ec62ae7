//! What follows from a step by itself: rules, promises, and what people are told on the desk.

use super::super::dice::moment;
use super::super::rhythm::{DAY, HOUR, MINUTE};
use super::Thread;
use crate::changes::{Expect, Write};
use crate::desk::sla_results;
use crate::event::{Fact, Told};
use crate::ids::{ChangeId, EventId, NotificationId, UserId, WorkflowRunId};
use crate::milestone::milestones;
use crate::model::{Comment, Notification, NotificationKind, Person, RuleRef, Ticket, WorkflowRun};
use crate::port::IdSource;
use crate::sla::Said;
use crate::ticket::Draft;
use crate::workflow::action::Outside;
use crate::workflow::engine::{Asked, Looked, Occurrence, Settled};
use crate::workflow::facts::Missing;
use crate::workflow::recipient::Target;
use serde_json::json;

impl Thread<'_> {
    /// Lets the rules of that time look at a step. Answers all that happened in it.
    pub(super) fn obey(
        &mut self,
        before: Option<&Ticket>,
        comment: Option<Comment>,
        facts: Vec<Fact>,
        actor: &Person,
        (change_id, event_id): (ChangeId, EventId),
    ) -> Vec<Told> {
        let by_desk = actor.id.is_none();
        let facts = facts.into_iter().map(|fact| Told { fact, rule: None, by_desk }).collect();
        let Some(house) = self.stage.house else { return facts };
        let draft = Draft { ticket: self.ticket.clone(), now: self.now, facts, rule: None, by_desk: false };
        let (before, actor) = (before.cloned(), actor.clone());
        let occurrence = Occurrence { before, draft, comment, mail: None, actor, moment: None, only: None };
        self.people.watching.clear();
        let (settled, is_kept) = loop {
            match house.rules.run(occurrence.clone(), &self.people, self.stage.dice) {
                Ok(settled) => break settled,
                Err(missing) => self.look_up(missing),
            }
        };
        let Settled { draft, additions, outside, looked } = settled;
        self.ticket = draft.ticket;
        for comment in additions.comments {
            self.out.push(Write::Comment { comment, expect: Expect::New });
        }
        for (user_id, on) in additions.watching {
            if on && !self.watchers.contains(&user_id) {
                self.watchers.push(user_id);
                self.out.push(Write::Watch { ticket_id: self.ticket.id, user_id, at: self.now });
            }
        }
        if is_kept {
            self.keep_runs(looked, event_id);
            for Asked { rule, outside } in outside {
                // Mails were sent and calls were made long ago.
                if let Outside::Notification { to, title, message } = outside {
                    let people = to.into_iter().filter_map(|target| match target {
                        Target::User(id) => Some(id),
                        Target::Address(_) | Target::Watchers { .. } => None,
                    });
                    people.for_each(|id| self.tell(id, rule, change_id, (&title, &message)));
                }
            }
        }
        draft.facts
    }

    /// The requester and the company are known from the beginning; nobody but these and staff is named by any rule.
    fn look_up(&mut self, missing: Missing) {
        for id in missing.watching {
            self.people.watching.insert(id, self.watchers.contains(&id));
        }
        for id in missing.seeing {
            self.people.seeing.insert(id, false);
        }
    }

    fn keep_runs(&mut self, looked: Vec<Looked>, event_id: EventId) {
        for Looked { rule, trigger, round, outcome, trace } in looked {
            self.out.push(Write::WorkflowRun(Box::new(WorkflowRun {
                id: WorkflowRunId(self.stage.dice.uuid(self.now)),
                rule,
                ticket_id: self.ticket.id,
                event_id: Some(event_id),
                at: self.now,
                trigger,
                round,
                outcome,
                trace: serde_json::to_value(&trace).unwrap_or_default(),
            })));
        }
    }

    /// Somebody is told something. What the same rule had said of the ticket before was read by then.
    fn tell(&mut self, user_id: UserId, rule: RuleRef, change_id: ChangeId, (title, message): (&str, &str)) {
        let now = self.now;
        let told = Notification {
            id: NotificationId(self.stage.dice.uuid(now)),
            user_id,
            ticket_id: Some(self.ticket.id),
            ticket_number: Some(self.ticket.number.clone()),
            kind: NotificationKind::Rule,
            title: title.to_owned(),
            message: message.to_owned(),
            count: 1,
            rule: Some(rule),
            change_id,
            created_at: now,
            updated_at: now,
            read_at: None,
        };
        for earlier in self.told.iter_mut().filter(|earlier| earlier.subject() == told.subject()) {
            earlier.read_at = Some(now);
        }
        self.told.push(told);
    }

    /// By now most of what people were told is read: what is old, what is about a ticket that is closed, and some of
    /// the rest.
    pub(super) fn read(&mut self, until: i64) {
        let closed_at = self.ticket.closed_at;
        for told in self.told.iter_mut().filter(|told| told.read_at.is_none()) {
            let at = told.created_at.timestamp_micros();
            let soon = at + self.stage.dice.between(4 * MINUTE, 5 * HOUR);
            let is_read = until - at > 7 * DAY || (soon < until && self.stage.dice.chance(500));
            told.read_at = closed_at.or_else(|| is_read.then(|| moment(soon)));
        }
    }

    /// Lets the promises follow a step, and tells what reports count of it.
    pub(super) fn keep_promises(&mut self, before: Option<&Ticket>, said: Option<Said>, told: &[Told]) {
        let Some(house) = self.stage.house else { return };
        let sla = house.promises.follow(before, &self.ticket, said, self.now);
        self.ticket.sla = sla.map(Box::new);
        self.image.insert("sla".to_owned(), json!(self.ticket.sla));
        let milestones = milestones(before, &self.ticket, self.now);
        self.out.extend(milestones.into_iter().map(Write::Milestone));
        for new in sla_results(before, &self.ticket, told, self.now) {
            let known = self.results.entry((new.metric, new.started_at)).or_insert_with(|| new.clone());
            // What is broken stays broken, also where it is done later.
            if known.breached_at.is_some() {
                (known.met_at, known.spent) = (new.met_at, new.spent);
            } else {
                *known = new;
            }
        }
    }
}
