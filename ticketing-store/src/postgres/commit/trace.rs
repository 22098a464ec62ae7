//! Finding out what became of a change whose answer nobody heard.

use super::super::failure::in_read;
use super::super::{activity, notification, people, queue, seal, ticket, time, timer, workflow};
use sqlx::PgConnection;
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::model::{Job, JobEnd, JobOutcome, JobState};
use ticketing_core::port::StoreResult;
use ticketing_core::{Scope, Seq, TicketKey};
use uuid::Uuid;

/// What became of a change.
pub(super) enum Fate {
    /// It was applied, and its events have these places.
    Applied(Vec<Seq>),
    /// It was not, and since its session is over it never will be.
    Nothing,
    /// What it wrote does not tell: it has no trace of its own, or others wrote over it since.
    Unclear,
}

/// Looks for what the change wrote. Events and audit lines stay for ever and have ids that no other
/// change uses, so they prove it; a row that can be written again proves it only as long as nobody has.
pub(super) async fn fate(connection: &mut PgConnection, changes: &Changes) -> StoreResult<Fate> {
    let events = ids(changes, |write| if let Write::Event(event) = write { Some(event.id.0) } else { None });
    if !events.is_empty() {
        let seqs = sqlx::query_scalar::<_, i64>("SELECT seq FROM event WHERE id = ANY($1) ORDER BY seq");
        let seqs = seqs.bind(events).fetch_all(connection).await.map_err(in_read)?;
        return Ok(if seqs.is_empty() { Fate::Nothing } else { Fate::Applied(seqs.into_iter().map(Seq).collect()) });
    }
    let lines = ids(changes, |write| if let Write::Audit(entry) = write { Some(entry.id.0) } else { None });
    if !lines.is_empty() {
        let found = sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT 1 FROM audit WHERE id = ANY($1))");
        let found = found.bind(lines).fetch_one(connection).await.map_err(in_read)?;
        return Ok(if found { Fate::Applied(Vec::new()) } else { Fate::Nothing });
    }
    for write in &changes.writes {
        match of_row(connection, write).await? {
            Fate::Unclear => {}
            clear => return Ok(clear),
        }
    }
    Ok(Fate::Unclear)
}

fn ids(changes: &Changes, id: impl Fn(&Write) -> Option<Uuid>) -> Vec<Uuid> {
    changes.writes.iter().filter_map(id).collect()
}

/// Rows that are never written without an audit line are not asked for.
async fn of_row(connection: &mut PgConnection, write: &Write) -> StoreResult<Fate> {
    let all = &Scope::UPKEEP;
    Ok(match write {
        Write::Session { session, expect } => {
            judge(people::session(connection, all, session.id).await?, session, |row| row.version, *expect)
        }
        Write::Ticket { ticket, expect, .. } => {
            let stored = ticket::one(connection, all, &TicketKey::Id(ticket.id)).await?;
            judge(stored, ticket, |row| row.version, *expect)
        }
        Write::User { user, expect } => {
            judge(people::one(connection, all, user.id).await?, user, |row| row.version, *expect)
        }
        Write::Organization { organization, expect } => {
            let stored = people::organization(connection, all, organization.id).await?;
            judge(stored, organization, |row| row.version, *expect)
        }
        Write::Answer(answer) => match activity::answer(connection, all, &answer.key).await? {
            Some(kept) if kept == **answer => Fate::Applied(Vec::new()),
            None => Fate::Nothing,
            // Another with this key, from before or since.
            Some(_) => Fate::Unclear,
        },
        Write::Seal(written) => {
            let stored = seal::after(connection, written.no - 1, 1).await?.into_iter().next();
            judge(stored.filter(|row| row.no == written.no), written, |row| row.no, Expect::New)
        }
        Write::Job(job) => match queue::one(connection, job.id).await? {
            Some(_) => Fate::Applied(Vec::new()),
            None => match &job.dedupe {
                // Another job has the key: this one would not have been kept either way.
                Some(key) if queue::keyed(connection, key).await?.is_some() => Fate::Unclear,
                _ => Fate::Nothing,
            },
        },
        Write::EndJob(end) => of_end(connection, end).await?,
        Write::TakeJob { id, at } => match queue::one(connection, *id).await? {
            Some(job) if job.state == JobState::Ready => Fate::Nothing,
            Some(job) if job.state == JobState::Done && job.ended_at == Some(*at) => Fate::Applied(Vec::new()),
            _ => Fate::Unclear,
        },
        Write::RedoJob { id, at } => match queue::one(connection, *id).await? {
            Some(job) if job.state.has_ended() => Fate::Nothing,
            Some(job) if job.attempts == 0 && job.due_at == *at => Fate::Applied(Vec::new()),
            _ => Fate::Unclear,
        },
        Write::MailRecord { record, expect } => {
            let key = (record.address.clone(), record.ticket_id);
            let stored = queue::mail_records(connection, &[key]).await?.pop();
            judge(stored, record, |row| row.version, *expect)
        }
        Write::WorkflowRun(run) => {
            let is_kept = workflow::has_run(connection, run.id).await?;
            if is_kept { Fate::Applied(Vec::new()) } else { Fate::Nothing }
        }
        // One that is there may have been told before, and one that is not may have joined another.
        Write::Notification(told) => {
            let is_told = notification::one(connection, told.user_id, told.id).await?.is_some();
            if is_told || told.subject().is_some() { Fate::Unclear } else { Fate::Nothing }
        }
        Write::Fired(fired) => {
            let known = timer::fired(connection, &[fired.ticket_id]).await?;
            if known.contains(fired) { Fate::Applied(Vec::new()) } else { Fate::Nothing }
        }
        Write::Schedule { recurrence, expect } => {
            let stored = timer::schedules(connection, recurrence.kind, &[recurrence.id]).await?.pop();
            judge(stored, recurrence, |row| row.version, *expect)
        }
        Write::Stopwatch { stopwatch, expect } => {
            let stored = time::stopwatch(connection, stopwatch.user_id).await?;
            judge(stored, &**stopwatch, |row| row.version, *expect)
        }
        // One that is gone may have been put away by another.
        Write::DeleteStopwatch { user_id, version } => match time::stopwatch(connection, *user_id).await? {
            Some(stored) if stored.version == *version => Fate::Nothing,
            _ => Fate::Unclear,
        },
        // Emptying what is empty does no harm, and neither does planning, reading or forgetting the same again.
        Write::EmptyDetails { .. }
        | Write::TicketWake { .. }
        | Write::ReadNotifications { .. }
        | Write::ForgetNotifications { .. } => Fate::Nothing,
        _ => Fate::Unclear,
    })
}

/// A job that is still the worker's was not ended. One that is not may have been taken away before, so it
/// must have become what the change says.
async fn of_end(connection: &mut PgConnection, end: &JobEnd) -> StoreResult<Fate> {
    let Some(job) = queue::one(connection, end.id).await? else { return Ok(Fate::Unclear) };
    if job.lease.is_some_and(|lease| lease.worker == end.worker) {
        return Ok(Fate::Nothing);
    }
    let attempts = queue::attempts(connection, &[end.id]).await?;
    let is_kept = end.attempt.as_ref().is_some_and(|kept| attempts.iter().any(|attempt| attempt.at == kept.at));
    Ok(if is_kept || has_become(&job, end) { Fate::Applied(Vec::new()) } else { Fate::Unclear })
}

fn has_become(job: &Job, end: &JobEnd) -> bool {
    match &end.outcome {
        JobOutcome::Done => job.state == JobState::Done && job.ended_at == Some(end.at),
        JobOutcome::Dead { .. } => job.state == JobState::Dead && job.ended_at == Some(end.at),
        JobOutcome::Retry { due_at, error } => job.due_at == *due_at && job.last_error.as_ref() == Some(error),
        JobOutcome::Released => false,
    }
}

/// A row in the version that the change started from was not changed by it. The next version alone
/// proves nothing, since another writer may have been first; the same row does.
fn judge<T: PartialEq>(stored: Option<T>, written: &T, version: impl Fn(&T) -> i64, expect: Expect) -> Fate {
    match (stored, expect) {
        (Some(stored), _) if stored == *written => Fate::Applied(Vec::new()),
        (Some(stored), Expect::Version(expected)) if version(&stored) == expected => Fate::Nothing,
        (None, Expect::New) => Fate::Nothing,
        _ => Fate::Unclear,
    }
}
