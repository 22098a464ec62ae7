//! A stopwatch for each member of staff: started on a ticket, rested, and stopped into an entry.

use super::input::{check_description, kept};
use super::{Draft, TimeEntryView, TimeWarning};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::desk::ticket::{LinkedTicket, merged, read_key};
use crate::error::Error;
use crate::ids::{TicketId, TicketKey, UserId};
use crate::input::{Fields, Input, Problems};
use crate::model::{Role, Stopwatch, Ticket, TimeEntry};
use crate::time::Time;
use chrono::TimeDelta;
use serde::Serialize;

/// What a stopwatch is started for.
#[derive(Clone, Debug)]
pub struct StopwatchStart {
    /// The ticket.
    pub ticket: TicketKey,
    /// What is being done.
    pub description: Option<String>,
    /// Whether somebody pays for it; the desk's rule where nothing is said.
    pub billable: Option<bool>,
    /// Whether one that is there is stopped for it, and logged.
    pub switch: bool,
}

impl Input for StopwatchStart {
    fn read(fields: &mut Fields) -> Self {
        Self {
            ticket: read_key(fields, "ticket"),
            description: fields.nullable_text("description").into_option().flatten(),
            billable: fields.flag("billable").into_option(),
            switch: fields.flag("switch").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_description(problems, self.description.as_deref());
    }
}

/// What is said of the time that a stopwatch has counted.
#[derive(Clone, Debug, Default)]
pub struct StopwatchStop {
    /// What was done; what was said at the start where nothing is.
    pub description: Option<String>,
    /// Whether somebody pays for it; the same.
    pub billable: Option<bool>,
}

impl Input for StopwatchStop {
    fn read(fields: &mut Fields) -> Self {
        Self {
            description: fields.nullable_text("description").into_option().flatten(),
            billable: fields.flag("billable").into_option(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_description(problems, self.description.as_deref());
    }
}

/// A stopwatch as its owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StopwatchView {
    /// The ticket that it is for.
    pub ticket_id: TicketId,
    /// Enough of it to know it by; none where its owner no longer sees it.
    pub ticket: Option<LinkedTicket>,
    /// Whether it runs, or rests.
    pub is_running: bool,
    /// When it was started.
    pub started_at: Time,
    /// Since when it runs.
    pub running_since: Option<Time>,
    /// What it showed when it was asked, whole seconds.
    pub elapsed_seconds: i64,
    /// What is being done.
    pub description: Option<String>,
    /// Whether somebody pays for it, where that was said.
    pub billable: Option<bool>,
    /// What a stopwatch had counted that was stopped for this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logged: Option<TimeEntryView>,
}

impl Desk {
    /// The actor's stopwatch, if there is one. For staff, as everything here.
    pub async fn stopwatch(&self, call: impl Into<Call>) -> Result<Option<StopwatchView>, Error> {
        let call = &call.into();
        let user_id = owner(call)?;
        match self.store.stopwatch(user_id).await? {
            Some(stopwatch) => self.stopwatch_view(call, stopwatch, self.now()).await.map(Some),
            None => Ok(None),
        }
    }

    /// Starts the actor's stopwatch on a ticket that the actor sees. One that is there is in the way, unless it is to be
    /// stopped: then what it has counted is logged by the same commit.
    pub async fn start_stopwatch(&self, call: impl Into<Call>, input: StopwatchStart) -> Result<StopwatchView, Error> {
        let (call, input) = (&call.into(), &input);
        owner(call)?;
        input.checked()?;
        self.insist(move || self.try_start(call, input)).await
    }

    async fn try_start(&self, call: &Call, input: &StopwatchStart) -> Result<StopwatchView, Error> {
        let (user_id, mut recorder) = (owner(call)?, Recorder::begin(self, call).await?);
        let unknown = || Error::field("ticket", "unknown", "There is no such ticket, or it is not for you to see.");
        let ticket = self.store.ticket(&self.scope(&call.actor), &input.ticket).await?.ok_or_else(unknown)?;
        if let Some(target) = ticket.merged_into {
            return Err(merged(target));
        }
        let old = self.store.stopwatch(user_id).await?;
        let (mut logged, mut expect, mut version) = (None, Expect::New, 1);
        if let Some(old) = old {
            if !input.switch {
                return Err(self.in_the_way(call, &old).await?);
            }
            (expect, version) = (Expect::Version(old.version), old.version + 1);
            logged = Some(self.log_stopwatch(&mut recorder, &old, &StopwatchStop::default()).await?);
        }
        let stopwatch = Stopwatch {
            user_id,
            ticket_id: ticket.id,
            started_at: recorder.now,
            running_since: Some(recorder.now),
            counted: 0,
            description: kept(input.description.as_deref()),
            is_billable: input.billable,
            version,
        };
        let view = self.stopwatch_view(call, stopwatch.clone(), recorder.now).await?;
        let view = StopwatchView { logged, ..view };
        recorder.write(Write::Stopwatch { stopwatch: Box::new(stopwatch), expect });
        recorder.answer(|| &view)?;
        recorder.commit().await?;
        Ok(view)
    }

    async fn in_the_way(&self, call: &Call, old: &Stopwatch) -> Result<Error, Error> {
        let seen = self.store.ticket(&self.scope(&call.actor), &old.ticket_id.into()).await?;
        let ticket = seen.map_or_else(|| old.ticket_id.to_string(), |ticket| ticket.number.to_string());
        let detail = format!("Your timer for {ticket} is there already. Stop it first, or say switch.");
        Ok(Error::conflict("timer_running", detail))
    }

    /// Lets the actor's stopwatch rest. One that rests already stays as it is.
    pub async fn pause_stopwatch(&self, call: impl Into<Call>) -> Result<StopwatchView, Error> {
        let rest = |stopwatch: &mut Stopwatch, now: Time| {
            stopwatch.counted = stopwatch.elapsed(now).num_microseconds().unwrap_or(i64::MAX);
            stopwatch.running_since = None;
        };
        self.turn_stopwatch(&call.into(), false, rest).await
    }

    /// Lets the actor's stopwatch go on. One that runs stays as it is.
    pub async fn resume_stopwatch(&self, call: impl Into<Call>) -> Result<StopwatchView, Error> {
        let run = |stopwatch: &mut Stopwatch, now: Time| stopwatch.running_since = Some(now);
        self.turn_stopwatch(&call.into(), true, run).await
    }

    async fn turn_stopwatch(
        &self,
        call: &Call,
        runs: bool,
        turn: impl Fn(&mut Stopwatch, Time) + Send + Sync,
    ) -> Result<StopwatchView, Error> {
        let (user_id, turn) = (owner(call)?, &turn);
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let mut stopwatch = self.store.stopwatch(user_id).await?.ok_or(Error::NotFound("timer"))?;
            let is_so = stopwatch.running_since.is_some() == runs;
            if !is_so {
                let expect = Expect::Version(stopwatch.version);
                turn(&mut stopwatch, recorder.now);
                stopwatch.version += 1;
                recorder.write(Write::Stopwatch { stopwatch: Box::new(stopwatch.clone()), expect });
            }
            let view = self.stopwatch_view(call, stopwatch, recorder.now).await?;
            recorder.answer(|| &view)?;
            if is_so {
                recorder.unchanged().await?;
            } else {
                recorder.commit().await?;
            }
            Ok(view)
        })
        .await
    }

    /// Stops the actor's stopwatch and logs what it has counted, at most a day, by the same commit.
    pub async fn stop_stopwatch(&self, call: impl Into<Call>, input: StopwatchStop) -> Result<TimeEntryView, Error> {
        let (call, input) = (&call.into(), &input);
        let user_id = owner(call)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let stopwatch = self.store.stopwatch(user_id).await?.ok_or(Error::NotFound("timer"))?;
            let view = self.log_stopwatch(&mut recorder, &stopwatch, input).await?;
            recorder.write(Write::DeleteStopwatch { user_id, version: stopwatch.version });
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    /// Puts the actor's stopwatch away, and what it has counted with it. Nothing changes where there is none.
    pub async fn discard_stopwatch(&self, call: impl Into<Call>) -> Result<(), Error> {
        let call = &call.into();
        let user_id = owner(call)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let Some(stopwatch) = self.store.stopwatch(user_id).await? else { return recorder.unchanged().await };
            recorder.write(Write::DeleteStopwatch { user_id, version: stopwatch.version });
            recorder.commit().await
        })
        .await
    }

    /// Adds what a stopwatch has counted to a commit.
    async fn log_stopwatch(
        &self,
        recorder: &mut Recorder<'_>,
        stopwatch: &Stopwatch,
        input: &StopwatchStop,
    ) -> Result<TimeEntryView, Error> {
        let ticket = self.timed_ticket(stopwatch.ticket_id).await?;
        let shown = stopwatch.elapsed(recorder.now);
        let measured = shown.min(TimeEntry::LONGEST);
        // Where it rested, its end would say more than it counted.
        let is_whole = !stopwatch.has_rested() && measured > TimeDelta::zero();
        let draft = Draft {
            user_id: stopwatch.user_id,
            hours: recorder.snapshot.time_tracking.content.count(measured),
            is_billable: input.billable.or(stopwatch.is_billable),
            description: kept(input.description.as_deref()).or_else(|| stopwatch.description.clone()),
            started_at: Some(stopwatch.started_at),
            ended_at: is_whole.then_some(stopwatch.started_at + measured),
        };
        let entry = self.entry_of(recorder, &ticket, draft);
        let mut view = self.logged(recorder, &entry).await?;
        if shown > measured {
            let message = "The timer had run for more than 24 hours; 24 were logged. Correct it if that is wrong.";
            view.warnings.push(TimeWarning { code: "capped", message: message.to_owned(), entries: Vec::new() });
        }
        Ok(view)
    }

    /// The ticket that counted time goes to, seen or not, since it was spent: the one that took it in, where it was merged
    /// meanwhile.
    async fn timed_ticket(&self, id: TicketId) -> Result<Ticket, Error> {
        let found = self.store.ticket(&Scope::UPKEEP, &id.into()).await?.ok_or(Error::NotFound("ticket"))?;
        match found.merged_into {
            Some(target) => self.store.ticket(&Scope::UPKEEP, &target.into()).await?.ok_or(Error::NotFound("ticket")),
            None => Ok(found),
        }
    }

    async fn stopwatch_view(&self, call: &Call, stopwatch: Stopwatch, now: Time) -> Result<StopwatchView, Error> {
        let ticket = self.store.ticket(&self.scope(&call.actor), &stopwatch.ticket_id.into()).await?;
        Ok(StopwatchView {
            ticket_id: stopwatch.ticket_id,
            ticket: ticket.as_ref().map(LinkedTicket::from),
            is_running: stopwatch.running_since.is_some(),
            started_at: stopwatch.started_at,
            running_since: stopwatch.running_since,
            elapsed_seconds: stopwatch.elapsed(now).num_seconds(),
            description: stopwatch.description,
            billable: stopwatch.is_billable,
            logged: None,
        })
    }
}

/// Whose stopwatch is meant.
fn owner(call: &Call) -> Result<UserId, Error> {
    call.actor.at_least(Role::Agent)?;
    call.actor.user_id().ok_or_else(|| Error::forbidden("The desk itself has no timer."))
}
