//! The parts of a commit that write jobs and what their workers have to remember.

use super::gather::{Rows, Written, json};
use super::statement::{Columns, Statement, Update, push_rows};
use crate::postgres::failure::CONFLICT;
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::ids::{JobId, WebhookId};
use ticketing_core::model::{Attempt, Job, JobEnd, JobOutcome, JobState, MailRecord};
use ticketing_core::port::StoreResult;
use ticketing_core::time::Time;
use uuid::Uuid;

/// What a commit writes about jobs.
#[derive(Default)]
pub(super) struct Work<'a> {
    jobs: Vec<Written<&'a Job>>,
    ends: Vec<&'a JobEnd>,
    /// What is kept of attempts, with what was sent.
    attempts: Vec<(&'a JobEnd, &'a Attempt)>,
    taken: Vec<(JobId, Time)>,
    redone: Vec<(JobId, Time)>,
    mail_records: Rows<Written<&'a MailRecord>>,
    called: Vec<(WebhookId, Time, bool)>,
}

impl<'a> Work<'a> {
    pub fn add_job(&mut self, job: &'a Job) {
        self.jobs.push(Written { row: job, json: job.payload.to_string() });
    }

    pub fn add_end(&mut self, end: &'a JobEnd) {
        self.ends.push(end);
        self.attempts.extend(end.attempt.as_ref().map(|attempt| (end, attempt)));
    }

    pub fn add_taken(&mut self, id: JobId, at: Time) {
        self.taken.push((id, at));
    }

    pub fn add_redone(&mut self, id: JobId, at: Time) {
        self.redone.push((id, at));
    }

    pub fn add_mail_record(&mut self, record: &'a MailRecord, expect: Expect) -> StoreResult<()> {
        let recent: Vec<i64> = record.recent.iter().map(Time::timestamp_micros).collect();
        self.mail_records.add(Written { row: record, json: json(&recent)? }, expect);
        Ok(())
    }

    /// Looks at the commit as a whole.
    pub fn settle(&mut self, changes: &Changes) {
        if changes.writes.iter().any(|write| matches!(write, Write::WebhookCalled { .. })) {
            let called = changes.webhooks_called();
            self.called = called.into_iter().map(|(id, (at, is_good))| (id, at, is_good)).collect();
        }
        // Two commits that write the same rows wait for one another in one order.
        self.ends.sort_by_key(|end| end.id);
        self.taken.sort_unstable();
        self.redone.sort_unstable();
        let key = |record: &MailRecord| (record.address.clone(), record.ticket_id);
        self.mail_records.new.sort_by_cached_key(|written| key(written.row));
        self.mail_records.set.sort_by_cached_key(|(written, _)| key(written.row));
        // Two commits with the same keys wait for one another in one order; of two jobs of this commit with
        // the same key the first stays the first.
        self.jobs.sort_by(|one, other| one.row.dedupe.cmp(&other.row.dedupe));
    }
}

pub(super) fn push(statement: &mut Statement, work: &Work<'_>) {
    push_jobs(statement, work);
    push_ends(statement, work);
    push_known(statement, work);
}

fn push_jobs(statement: &mut Statement, work: &Work<'_>) {
    let into = "job (id, kind, lane, dedupe, ticket_id, payload, cause_event, cause_rule, cause_rule_version, state, \
         due_at, attempts, lost, worker, lease_until, last_error, created_at, ended_at)";
    let unless = " ON CONFLICT (dedupe) WHERE dedupe IS NOT NULL DO NOTHING";
    statement.insert_unless("job_new", into, &work.jobs, bind_job, unless);
}

fn bind_job<'r>(x: &mut Columns<'_, 'r, Written<&'r Job>>) {
    x.bind("uuid", |job| job.row.id.0)
        .bind("int2", |job| job.row.kind.rank())
        .bind("text", |job| job.row.lane.as_str())
        .bind("text", |job| job.row.dedupe.as_deref())
        .bind("uuid", |job| job.row.ticket_id.map(|id| id.0))
        .bind("json", |job| job.json.as_str())
        .bind("uuid", |job| job.row.cause.event_id.map(|id| id.0))
        .bind("uuid", |job| job.row.cause.rule_id)
        .bind("int8", |job| job.row.cause.rule_version)
        .bind("int2", |job| job.row.state.rank())
        .bind("timestamptz", |job| job.row.due_at)
        .bind("int4", |job| job.row.attempts)
        .bind("int4", |job| job.row.lost)
        .bind("uuid", |job| job.row.lease.map(|lease| lease.worker.0))
        .bind("timestamptz", |job| job.row.lease.map(|lease| lease.until))
        .bind("text", |job| job.row.last_error.as_deref())
        .bind("timestamptz", |job| job.row.created_at)
        .bind("timestamptz", |job| job.row.ended_at);
}

/// A claim that is over is no conflict, unless the commit holds the work itself: whoever has the job now goes on
/// with it.
fn push_ends(statement: &mut Statement, work: &Work<'_>) {
    if !work.ends.is_empty() {
        statement.part("job_ended", |sql| {
            sql.push(
                "UPDATE job t SET state = x.state, due_at = coalesce(x.due_at, t.due_at), \
                 attempts = t.attempts + x.tries, lost = CASE x.tries WHEN 0 THEN t.lost ELSE 0 END, \
                 last_error = CASE x.tries WHEN 0 THEN t.last_error ELSE x.error END, worker = NULL, \
                 lease_until = NULL, ended_at = x.ended_at FROM ",
            );
            push_rows(sql, &work.ends, |x| {
                x.bind("uuid", |end| end.id.0)
                    .bind("uuid", |end| end.worker.0)
                    .bind("int2", |end| state(end).rank())
                    .bind("timestamptz", |end| due_at(end))
                    .bind("int4", |end| i32::from(end.outcome != JobOutcome::Released))
                    .bind("text", |end| error(end))
                    .bind("timestamptz", |end| state(end).has_ended().then_some(end.at));
            });
            sql.push(
                " AS x (id, worker, state, due_at, tries, error, ended_at) \
                 WHERE t.id = x.id AND t.worker = x.worker AND t.state = 1 RETURNING t.id",
            );
        });
        if work.ends.iter().any(|end| end.must_hold) {
            statement.check("job_ended", work.ends.len(), CONFLICT);
        }
    }
    if !work.attempts.is_empty() {
        statement.part("job_attempt_new", |sql| {
            sql.push("INSERT INTO job_attempt (job_id, at, duration_ms, status_code, response, error, request) ");
            sql.push("SELECT x.* FROM ");
            push_rows(sql, &work.attempts, |x| {
                x.bind("uuid", |(end, _)| end.id.0)
                    .bind("timestamptz", |(_, attempt)| attempt.at)
                    .bind("int4", |(_, attempt)| attempt.duration_ms)
                    .bind("int4", |(_, attempt)| attempt.status_code)
                    .bind("text", |(_, attempt)| attempt.response.as_deref())
                    .bind("text", |(_, attempt)| attempt.error.as_deref())
                    .bind("json", |(_, attempt)| attempt.request.as_ref().map(ToString::to_string));
            });
            sql.push(
                " AS x (job_id, at, duration_ms, status_code, response, error, request) \
                 JOIN job_ended e ON e.id = x.job_id ON CONFLICT DO NOTHING",
            );
        });
    }
    let taken = "state = 2, ended_at = x.at";
    push_moved(statement, "job_taken", &work.taken, taken, "t.state = 0");
    let redone = "state = 0, due_at = x.at, attempts = 0, lost = 0, last_error = NULL, ended_at = NULL";
    push_moved(statement, "job_redone", &work.redone, redone, "t.state >= 2");
}

fn push_moved(
    statement: &mut Statement,
    part: &'static str,
    jobs: &[(JobId, Time)],
    set: &'static str,
    only: &'static str,
) {
    if jobs.is_empty() {
        return;
    }
    statement.part(part, |sql| {
        sql.push("UPDATE job t SET ").push(set).push(" FROM ");
        push_rows(sql, jobs, |x| {
            x.bind("uuid", |(id, _)| id.0).bind("timestamptz", |(_, at)| *at);
        });
        sql.push(" AS x (id, at) WHERE t.id = x.id AND ").push(only).push(" RETURNING 1");
    });
    statement.check(part, jobs.len(), CONFLICT);
}

fn state(end: &JobEnd) -> JobState {
    match end.outcome {
        JobOutcome::Done => JobState::Done,
        JobOutcome::Dead { .. } => JobState::Dead,
        JobOutcome::Retry { .. } | JobOutcome::Released => JobState::Ready,
    }
}

fn due_at(end: &JobEnd) -> Option<Time> {
    if let JobOutcome::Retry { due_at, .. } = end.outcome { Some(due_at) } else { None }
}

fn error(end: &JobEnd) -> Option<&str> {
    match &end.outcome {
        JobOutcome::Retry { error, .. } | JobOutcome::Dead { error } => Some(error),
        JobOutcome::Done | JobOutcome::Released => None,
    }
}

fn push_known(statement: &mut Statement, work: &Work<'_>) {
    let (keys, columns) =
        (&["address", "ticket_id", "expect"], &["recent", "held", "failed_at", "failure", "version", "updated_at"]);
    let update = Update { part: "mail_record_set", table: "mail_record", keys, columns, after: None };
    statement.update(&update, &work.mail_records.set, |x| {
        bind_mail_key(x, |(record, _)| record);
        x.bind("int8", |(_, expect)| *expect);
        bind_mail_record(x, |(record, _)| record);
    });
    let into = "mail_record (address, ticket_id, recent, held, failed_at, failure, version, updated_at)";
    statement.insert("mail_record_new", into, &work.mail_records.new, |x| {
        bind_mail_key(x, |record| record);
        bind_mail_record(x, |record| record);
    });
    if work.called.is_empty() {
        return;
    }
    // Nearly every call finds what is known already: the look before spares it a lock on the row.
    statement.part("webhook_called", |sql| {
        sql.push("INSERT INTO webhook_health AS t (webhook_id, failing_since, updated_at) SELECT x.* FROM ");
        push_rows(sql, &work.called, |x| {
            x.bind("uuid", |(id, _, _)| id.0)
                .bind("timestamptz", |(_, at, is_good)| (!is_good).then_some(*at))
                .bind("timestamptz", |(_, at, _)| *at);
        });
        sql.push(
            " AS x (webhook_id, failing_since, updated_at) WHERE NOT EXISTS (SELECT 1 FROM webhook_health h \
             WHERE h.webhook_id = x.webhook_id AND (h.failing_since IS NULL) = (x.failing_since IS NULL)) \
             ON CONFLICT (webhook_id) DO UPDATE SET failing_since = excluded.failing_since, \
             updated_at = excluded.updated_at WHERE (t.failing_since IS NULL) <> (excluded.failing_since IS NULL)",
        );
    });
}

fn bind_mail_key<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Written<&'r MailRecord>) {
    x.bind("text", |row| of(row).row.address.as_str())
        .bind("uuid", |row| of(row).row.ticket_id.map_or(Uuid::nil(), |id| id.0));
}

fn bind_mail_record<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Written<&'r MailRecord>) {
    x.bind("json", |row| of(row).json.as_str())
        .bind("int8", |row| of(row).row.held)
        .bind("timestamptz", |row| of(row).row.failure.as_ref().map(|failure| failure.at))
        .bind("text", |row| of(row).row.failure.as_ref().map(|failure| failure.reason.as_str()))
        .bind("int8", |row| of(row).row.version)
        .bind("timestamptz", |row| of(row).row.updated_at);
}
