//! What rules and the desk itself have decided beside the ticket, on its way into a commit.

use super::Recorder;
use crate::changes::{Expect, Write};
use crate::desk::notify::{Notice, Saying};
use crate::desk::work::{AskedOf, asked_job, limit_job};
use crate::error::Error;
use crate::ids::{EventId, UserId, WorkflowRunId};
use crate::model::{NotificationKind, RunOutcome, Ticket, User, WorkflowRun};
use crate::workflow::action::{Additions, Outside};
use crate::workflow::engine::{Asked, Looked};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was decided beside the ticket, by rules, until its events are written.
#[derive(Default)]
pub(in crate::desk) struct Decided {
    pub(in crate::desk) additions: Additions,
    pub(in crate::desk) asked: Vec<Asked>,
    pub(in crate::desk) looked: Vec<Looked>,
    /// The requester, where somebody outside is told of them.
    pub(in crate::desk) customer: Option<User>,
}

impl Decided {
    /// This, and what was decided after it.
    pub(in crate::desk) fn and(mut self, later: Self) -> Self {
        self.additions.comments.extend(later.additions.comments);
        self.additions.watching.extend(later.additions.watching);
        self.asked.extend(later.asked);
        self.looked.extend(later.looked);
        self.customer = later.customer.or(self.customer);
        self
    }
}

impl Recorder<'_> {
    /// Writes what rules have decided about this ticket beside its fields.
    pub(in crate::desk) fn write_decided(&mut self, ticket: &Ticket, event_id: Option<EventId>) -> Result<(), Error> {
        let Decided { additions, asked, looked, customer } = std::mem::take(&mut self.decided);
        let (desk, now) = (self.desk, self.now);
        for comment in additions.comments {
            self.write(Write::Comment { comment, expect: Expect::New });
        }
        // Of one person the last word counts: both writes in one statement would not see each other.
        let watching: BTreeMap<UserId, bool> = additions.watching.into_iter().collect();
        for (user_id, on) in watching {
            self.write(if on {
                Write::Watch { ticket_id: ticket.id, user_id, at: now }
            } else {
                Write::Unwatch { ticket_id: ticket.id, user_id }
            });
        }
        let snapshot = Arc::clone(&self.snapshot);
        let program = self.call.mail().filter(|mail| mail.is_automatic);
        let not_to = program.and_then(|mail| mail.arrival.sender.as_deref());
        let of = AskedOf { snapshot: &snapshot, ticket, customer: customer.as_ref(), event: event_id, now, not_to };
        for Asked { rule, outside } in asked {
            if let Outside::Notification { to, title, message } = outside {
                let what = Saying::Text { title, message };
                self.tell(ticket, Notice { kind: NotificationKind::Rule, to, rule: Some(rule), what });
            } else if let Some(job) = asked_job(desk, &of, rule, &outside) {
                self.write(Write::Job(Box::new(job)));
            }
        }
        let by_customer = !self.call.actor.is_staff();
        for mut looked in looked {
            if looked.outcome == RunOutcome::Suppressed && by_customer {
                looked.outcome = RunOutcome::HeldBack;
            }
            if looked.outcome == RunOutcome::Suppressed {
                self.write(Write::Job(Box::new(limit_job(desk, looked.rule.id, now))));
            }
            let trace = serde_json::to_value(&looked.trace).map_err(|e| Error::Internal(Box::new(e)))?;
            self.write(Write::WorkflowRun(Box::new(WorkflowRun {
                id: WorkflowRunId(desk.ids().uuid(now)),
                rule: looked.rule,
                ticket_id: ticket.id,
                event_id,
                at: now,
                trigger: looked.trigger,
                round: looked.round,
                outcome: looked.outcome,
                trace,
            })));
        }
        Ok(())
    }
}
