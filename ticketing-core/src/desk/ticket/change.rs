//! One change of one ticket: load, decide, record, commit; again where somebody else was faster.

use crate::access::Call;
use crate::changes::{Expect, Row, Write};
use crate::desk::recorder::Recorder;
use crate::desk::sla::{follow, is_untold, strike};
use crate::desk::{Desk, Snapshot, check_version};
use crate::error::Error;
use crate::event::Fact;
use crate::ids::{TicketId, TicketKey, WorkflowId};
use crate::model::{Comment, Ticket};
use crate::ticket::{Assignment, Deescalation, Draft, Escalation, Ground, TicketPatch};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A ticket on its way from one version to the next.
pub(in crate::desk) struct Change {
    /// The ticket, and what happened to it. A change of which nothing is said is not written.
    pub(in crate::desk) draft: Draft,
    /// Settings and directory to decide by.
    pub(in crate::desk) snapshot: Arc<Snapshot>,
    writes: Vec<Write>,
    /// Whether the call's answer is kept, and what it is unless it is the ticket.
    keeps_answer: bool,
    answer: Option<String>,
}

impl Change {
    /// What it is held against.
    pub(in crate::desk) fn ground(&self) -> Ground<'_> {
        self.snapshot.ground()
    }

    /// Sets agent and team, checked before.
    pub(in crate::desk) fn assign(&mut self, input: &Assignment) {
        self.draft.assign(&self.snapshot.ground(), input);
    }

    /// One level up, and to somebody else if so asked.
    pub(in crate::desk) fn escalate(&mut self, input: &Escalation) -> Result<(), Error> {
        self.draft.escalate(&self.snapshot.ground(), input)
    }

    /// Some levels down.
    pub(in crate::desk) fn deescalate(&mut self, input: &Deescalation) -> Result<(), Error> {
        self.draft.deescalate(input)
    }

    /// Applies a patch that was checked for itself.
    pub(in crate::desk) fn apply(&mut self, input: &TicketPatch) -> Result<(), Error> {
        self.draft.apply(&self.snapshot.ground(), input)
    }

    /// Says what the call answers, where it is not the ticket as it is after the change. The value is made
    /// only where it is kept.
    pub(in crate::desk) fn answer<T: serde::Serialize>(&mut self, output: impl FnOnce() -> T) -> Result<(), Error> {
        if self.keeps_answer {
            self.answer = Some(serde_json::to_string(&output()).map_err(|e| Error::Internal(Box::new(e)))?);
        }
        Ok(())
    }

    /// Adds a row to the same commit.
    pub(in crate::desk) fn write(&mut self, write: Write) {
        self.writes.push(write);
    }
}

impl Deref for Change {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        &self.draft
    }
}

impl DerefMut for Change {
    fn deref_mut(&mut self) -> &mut Draft {
        &mut self.draft
    }
}

impl Desk {
    /// Changes a ticket that the actor may see. `expected` is the version that the caller decided
    /// on; a caller's version is never retried.
    pub(in crate::desk) async fn change_ticket<T: Send>(
        &self,
        call: &Call,
        key: &TicketKey,
        expected: Option<i64>,
        decide: impl Fn(&mut Change) -> Result<T, Error> + Send + Sync,
    ) -> Result<(Ticket, T), Error> {
        let id = self.ticket_id(call, key).await?;
        let _turn = self.parts.turns.take(&id).await;
        let decide = &decide;
        self.insist(move || self.try_change(call, id, expected, decide)).await
    }

    /// The id of a ticket that the actor names and may see.
    pub(in crate::desk) async fn ticket_id(&self, call: &Call, key: &TicketKey) -> Result<TicketId, Error> {
        match key {
            TicketKey::Id(id) => Ok(*id),
            TicketKey::Number(_) => Ok(self.seen_ticket(call, key).await?.id),
        }
    }

    /// One attempt at a change, for who has taken the turn and will insist.
    pub(in crate::desk) async fn try_change<T: Send>(
        &self,
        call: &Call,
        id: TicketId,
        expected: Option<i64>,
        decide: impl Fn(&mut Change) -> Result<T, Error> + Send + Sync,
    ) -> Result<(Ticket, T), Error> {
        let recorder = Recorder::begin(self, call).await?;
        let before = self.seen_ticket(call, &TicketKey::Id(id)).await?;
        Self::change_loaded(recorder, before, expected, decide).await
    }

    /// The same for a ticket that was found in another way.
    pub(in crate::desk) async fn change_loaded<T: Send>(
        mut recorder: Recorder<'_>,
        before: Ticket,
        expected: Option<i64>,
        decide: impl Fn(&mut Change) -> Result<T, Error> + Send + Sync,
    ) -> Result<(Ticket, T), Error> {
        check_version(expected, before.version)?;
        super::merge::check_unmerged(&before)?;
        let mut change = Change::of(&before, &mut recorder);
        let output = decide(&mut change)?;
        change.settle(&before, &mut recorder).await?;
        let Some(ticket) = change.record(&before, &mut recorder)? else {
            recorder.answer_ticket(&before)?;
            recorder.unchanged().await?;
            return Ok((before, output));
        };
        recorder.answer_ticket(&ticket)?;
        recorder.commit().await?;
        Ok((ticket, output))
    }
}

impl Change {
    /// A ticket as it was found, to be changed in this commit.
    pub(in crate::desk) fn of(before: &Ticket, recorder: &mut Recorder<'_>) -> Self {
        // A clock that was set back must not make a ticket's history run backwards.
        recorder.now = recorder.now.max(before.updated_at);
        Self {
            draft: Draft::of(before.clone(), recorder.now),
            snapshot: Arc::clone(&recorder.snapshot),
            writes: Vec::new(),
            keeps_answer: recorder.keeps_answer(),
            answer: None,
        }
    }

    /// Runs the rules over what was decided.
    async fn settle(&mut self, before: &Ticket, recorder: &mut Recorder<'_>) -> Result<(), Error> {
        self.draft = recorder.settle(Some(before), self.draft.clone(), said(&self.writes)).await?;
        Ok(())
    }

    /// Runs the rules over what a moment has brought about, and those whose moment has come.
    pub(in crate::desk) async fn settle_moment(
        &mut self,
        before: &Ticket,
        recorder: &mut Recorder<'_>,
        rules: Vec<WorkflowId>,
    ) -> Result<(), Error> {
        self.draft = recorder.settle_moment(before, self.draft.clone(), rules).await?;
        Ok(())
    }

    /// Adds what a moment has brought about to the commit, which lands only where the ticket is still as it was found.
    /// What rules do beside a ticket is no change of it: it only remembers how much they did.
    pub(in crate::desk) fn record_moment(self, before: &Ticket, recorder: &mut Recorder<'_>) -> Result<Ticket, Error> {
        let rule_spend = self.draft.ticket.rule_spend;
        if let Some(ticket) = self.record(before, recorder)? {
            return Ok(ticket);
        }
        let mut ticket = before.clone();
        if rule_spend == before.rule_spend {
            recorder.guard(Row::Ticket(ticket.id), ticket.version);
        } else {
            ticket.rule_spend = rule_spend;
            ticket.version = before.version + 1;
            let expect = Expect::Version(before.version);
            recorder.write(Write::Ticket { ticket: Box::new(ticket.clone()), expect, text: false });
        }
        recorder.write_decided(&ticket, None)?;
        Ok(ticket)
    }

    /// Adds what happened to the commit. Answers the ticket with its next version, or nothing where
    /// nothing happened.
    pub(in crate::desk) fn record(
        mut self,
        before: &Ticket,
        recorder: &mut Recorder<'_>,
    ) -> Result<Option<Ticket>, Error> {
        // Changes that rules do not look at come here first. What is over by now is left to the clock, which lets rules
        // see it and tells people; only of a ticket that is over nobody will look any more.
        if !self.draft.ticket.is_open() {
            strike(&mut self.draft, &self.snapshot);
        }
        let Self { draft: Draft { mut ticket, facts, .. }, snapshot, writes, answer, .. } = self;
        if answer.is_some() {
            recorder.output = answer;
        }
        if facts.is_empty() {
            return Ok(None);
        }
        ticket.version = before.version + 1;
        // That time has passed is no change of the ticket, and for staff alone to see.
        if facts.iter().any(|told| !matches!(told.fact, Fact::SlaWarning(_) | Fact::SlaBreached(_))) {
            ticket.updated_at = recorder.now;
        }
        if !is_untold(&ticket, recorder.now) {
            follow(&snapshot, Some(before), &mut ticket, said(&writes), recorder.now);
        }
        recorder.write_results(Some(before), &ticket, &facts);
        recorder.note_routing(Some(before), &ticket);
        let text = ticket.subject != before.subject
            || ticket.description != before.description
            || ticket.category != before.category
            || ticket.tags != before.tags
            || ticket.custom_fields != before.custom_fields;
        if ticket.team_id != before.team_id
            && let Some(team) = ticket.team_id.and_then(|id| snapshot.directory.team(id))
        {
            // A team that is deleted at this moment must not get a ticket.
            recorder.guard(Row::Team(team.id), team.version);
        }
        let expect = Expect::Version(before.version);
        recorder.write(Write::Ticket { ticket: Box::new(ticket.clone()), expect, text });
        for write in writes {
            recorder.write(write);
        }
        recorder.ticket(&ticket, facts)?;
        recorder.plan_wake(Some(before), &ticket);
        Ok(Some(ticket))
    }
}

/// What is said in a change: of several words the first that the customer hears, else the first.
fn said(writes: &[Write]) -> Option<&Comment> {
    let new = || {
        writes.iter().filter_map(|write| match write {
            Write::Comment { comment, expect: Expect::New } => Some(comment),
            _ => None,
        })
    };
    new().find(|comment| !comment.is_internal).or_else(|| new().next())
}
