//! Time that staff spend on tickets: logged, corrected, taken away, listed and summed up.

mod input;
mod list;
mod stopwatch;
mod summary;
mod tracking;
mod view;

pub use input::{NewTimeEntry, TimeEntryPatch};
pub use list::{TimeList, TimeSelection};
pub use stopwatch::{StopwatchStart, StopwatchStop, StopwatchView};
pub use summary::{TimeGroupBy, TimeSummary, TimeSummaryItem};
pub use tracking::TimeTrackingPatch;
pub use view::{OverlappingTime, TimeEntryView, TimeTotals, TimeWarning};

use super::recorder::{Recorder, differences};
use super::ticket::merged;
use super::{Desk, check_version};
use crate::access::Call;
use crate::changes::{Expect, Row, Write};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{TicketId, TicketKey, TimeEntryId, UserId};
use crate::input::Input;
use crate::model::{Role, Subject, Ticket, TimeEntry, TimeSpent};
use crate::time::Time;
use input::{kept, settle};
use std::sync::Arc;

/// How many entries a warning names.
const MOST_OVERLAPS: usize = 10;

/// What becomes an entry beside the ticket's own part in it.
struct Draft {
    user_id: UserId,
    hours: TimeSpent,
    is_billable: Option<bool>,
    description: Option<String>,
    started_at: Option<Time>,
    ended_at: Option<Time>,
}

impl Desk {
    /// Logs time on a ticket, open or not. For staff who see it; for somebody else by managers.
    pub async fn log_time(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: NewTimeEntry,
    ) -> Result<TimeEntryView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        input.checked()?;
        let id = self.ticket_id(call, key).await?;
        let _turn = self.parts.turns.take(&id).await;
        self.insist(move || self.try_log(call, id, input)).await
    }

    async fn try_log(&self, call: &Call, id: TicketId, input: &NewTimeEntry) -> Result<TimeEntryView, Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let ticket = self.seen_ticket(call, &id.into()).await?;
        if let Some(target) = ticket.merged_into {
            return Err(merged(target));
        }
        let stretch = (input.started_at, input.ended_at);
        let rule = &recorder.snapshot.time_tracking.content;
        let draft = Draft {
            user_id: spender(&recorder, input.user_id)?,
            hours: settle(rule, input.hours, stretch, recorder.now)?,
            is_billable: input.billable,
            description: kept(input.description.as_deref()),
            started_at: input.started_at,
            ended_at: input.ended_at,
        };
        let entry = self.entry_of(&mut recorder, &ticket, draft);
        let view = self.logged(&recorder, &entry).await?;
        recorder.answer(|| &view)?;
        recorder.commit().await?;
        Ok(view)
    }

    /// Adds an entry to a commit. The ticket stays as it was read: what merges it waits, or this is decided anew.
    fn entry_of(&self, recorder: &mut Recorder<'_>, ticket: &Ticket, draft: Draft) -> TimeEntry {
        let rule = &recorder.snapshot.time_tracking.content;
        let entry = TimeEntry {
            id: TimeEntryId(self.ids().uuid(recorder.now)),
            ticket_id: ticket.id,
            logged_on: ticket.id,
            user_id: draft.user_id,
            hours: draft.hours,
            is_billable: draft.is_billable.unwrap_or(rule.default_billable),
            description: draft.description,
            started_at: draft.started_at,
            ended_at: draft.ended_at,
            rate: rule.rate_of(ticket.organization_id),
            customer_id: ticket.customer_id,
            organization_id: ticket.organization_id,
            team_id: ticket.team_id,
            version: 1,
            created_at: recorder.now,
            updated_at: recorder.now,
        };
        recorder.guard(Row::Ticket(ticket.id), ticket.version);
        recorder.deed("time_entry.created", Subject::TimeEntry(entry.id), &differences(None, &entry));
        recorder.write(Write::TimeEntry { entry: Box::new(entry.clone()), expect: Expect::New });
        entry
    }

    /// An entry as whoever logs or changes it is told of it.
    async fn logged(&self, recorder: &Recorder<'_>, entry: &TimeEntry) -> Result<TimeEntryView, Error> {
        let mut view = self.time_view(&recorder.snapshot, entry.clone()).await?;
        if let Some(stretch) = entry.started_at.zip(entry.ended_at) {
            let scope = self.scope(&recorder.call.actor);
            let found = self.store.overlapping_time(&scope, entry.user_id, stretch, MOST_OVERLAPS + 1).await?;
            let others = found.iter().filter(|other| other.id != entry.id).take(MOST_OVERLAPS);
            let entries: Vec<OverlappingTime> = others.map(OverlappingTime::from).collect();
            if !entries.is_empty() {
                let message = "Other time of the same person lies in this stretch.".to_owned();
                view.warnings.push(TimeWarning { code: "overlap", message, entries });
            }
        }
        Ok(view)
    }

    /// One entry. For staff who see its ticket.
    pub async fn time_entry(&self, call: impl Into<Call>, id: TimeEntryId) -> Result<TimeEntryView, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Agent)?;
        let entry = self.seen_entry(call, id).await?;
        let snapshot = self.snapshot().await?;
        self.time_view(&snapshot, entry).await
    }

    /// The only way to a single entry: absent where the actor may not see its ticket.
    async fn seen_entry(&self, call: &Call, id: TimeEntryId) -> Result<TimeEntry, Error> {
        self.store.time_entry(&self.scope(&call.actor), id).await?.ok_or(Error::NotFound("time entry"))
    }

    /// An entry that the actor may change: the own, or any for managers.
    async fn own_entry(&self, call: &Call, id: TimeEntryId) -> Result<TimeEntry, Error> {
        call.actor.at_least(Role::Agent)?;
        let entry = self.seen_entry(call, id).await?;
        if Some(entry.user_id) != call.actor.user_id() && call.actor.role() < Role::Manager {
            return Err(Error::forbidden("Only whoever spent it, or a manager, may change it."));
        }
        Ok(entry)
    }

    /// Corrects what was logged. The price stays that of when it was logged.
    pub async fn update_time_entry(
        &self,
        call: impl Into<Call>,
        id: TimeEntryId,
        input: TimeEntryPatch,
        expected: Option<i64>,
    ) -> Result<TimeEntryView, Error> {
        let (call, input) = (&call.into(), &input);
        input.checked()?;
        self.insist(move || self.try_update_time(call, id, input, expected)).await
    }

    async fn try_update_time(
        &self,
        call: &Call,
        id: TimeEntryId,
        input: &TimeEntryPatch,
        expected: Option<i64>,
    ) -> Result<TimeEntryView, Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let old = self.own_entry(call, id).await?;
        check_version(expected, old.version)?;
        let mut new = old.clone();
        input.billable.apply(&mut new.is_billable);
        if let Some(description) = input.description.as_ref() {
            new.description = kept(description.as_deref());
        }
        let moved = input.started_at.apply(&mut new.started_at) | input.ended_at.apply(&mut new.ended_at);
        let hours = input.hours.as_ref().copied();
        if moved || hours.is_some() {
            // Without both ends it stays what it was, unless something else is said.
            let is_measured = new.started_at.is_some() && new.ended_at.is_some();
            let hours = hours.or_else(|| (!is_measured).then_some(old.hours));
            let rule = &recorder.snapshot.time_tracking.content;
            new.hours = settle(rule, hours, (new.started_at, new.ended_at), recorder.now)?;
        }
        let changes = differences(Some(&old), &new);
        if changes.is_empty() {
            let view = self.time_view(&recorder.snapshot, old).await?;
            recorder.answer(|| &view)?;
            recorder.unchanged().await?;
            return Ok(view);
        }
        new.version += 1;
        new.updated_at = recorder.now;
        let view = self.logged(&recorder, &new).await?;
        recorder.deed("time_entry.updated", Subject::TimeEntry(id), &changes);
        recorder.write(Write::TimeEntry { entry: Box::new(new), expect: Expect::Version(old.version) });
        recorder.answer(|| &view)?;
        recorder.commit().await?;
        Ok(view)
    }

    /// Takes away what was logged. What it said stays in the audit log.
    pub async fn delete_time_entry(&self, call: impl Into<Call>, id: TimeEntryId) -> Result<(), Error> {
        let call = &call.into();
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let old = self.own_entry(call, id).await?;
            let gone = differences(None, &old).into_iter().map(|(field, (none, old))| (field, (old, none)));
            recorder.deed("time_entry.deleted", Subject::TimeEntry(id), &gone.collect::<FieldChanges>());
            recorder.write(Write::DeleteTimeEntry { id, version: old.version });
            recorder.commit().await
        })
        .await
    }
}

/// Who has spent the time: the actor, or whom a manager names.
fn spender(recorder: &Recorder<'_>, named: Option<UserId>) -> Result<UserId, Error> {
    let (actor, snapshot) = (&recorder.call.actor, Arc::clone(&recorder.snapshot));
    let Some(named) = named.or(actor.user_id()) else {
        return Err(Error::field("user_id", "required", "The desk itself spends no time; say who did."));
    };
    if Some(named) != actor.user_id() {
        if actor.role() < Role::Manager {
            return Err(Error::field("user_id", "forbidden", "Only managers log the time of others."));
        }
        if snapshot.directory.staff(named).is_none() {
            return Err(Error::field("user_id", "unknown", "Nobody who works here has this id."));
        }
    }
    Ok(named)
}
