//! Writing options on tickets as they are called now.

use super::dispatch::{new_job, payload, worker_call};
use super::perform::{Done, End};
use super::shift::Shift;
use super::tally::Outcome;
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::condition::{Condition, Field, Literal, Test};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::ids::CustomFieldId;
use crate::model::{CustomField, Job, JobKind, JobOutcome, Ticket};
use crate::query::{Position, Sort, SortField, TicketQuery};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// Tickets of a page: one commit holds them all.
const PAGE: usize = 100;

/// The lane of these jobs.
const LANE: &str = "rename_option";

/// The order in which tickets are gone through.
const OLDEST_FIRST: Sort = Sort { field: SortField::CreatedAt, descending: false };

/// Of which field, under which folded names tickets are looked for, and how far it is.
#[derive(Debug, Serialize, Deserialize)]
struct RenameOption {
    field: CustomFieldId,
    names: Vec<String>,
    after: Option<Position>,
}

/// The job that goes through all tickets that hold options under these names.
pub(in crate::desk) fn rename_job(desk: &Desk, now: Time, field: CustomFieldId, names: Vec<String>) -> Job {
    page_job(desk, now, &RenameOption { field, names, after: None })
}

fn page_job(desk: &Desk, now: Time, rename: &RenameOption) -> Job {
    new_job(desk, now, JobKind::RenameOption, LANE, json!(rename))
}

impl Shift<'_> {
    /// One commit: the tickets of a page, the job for the next page, and the end of this one.
    pub(super) async fn rename_option(&self, job: &Job) -> Result<Done, Error> {
        let rename: &RenameOption = &payload(job)?;
        let snapshot = self.workers.desk.snapshot().await?;
        if snapshot.custom_fields.by_id(rename.field.0).is_none() {
            return Ok(End::plain(JobOutcome::Done).into());
        }
        let call = &worker_call();
        self.workers.desk.insist(move || self.try_rename(call, job, rename)).await?;
        Ok(Done::Kept(Outcome::Done))
    }

    async fn try_rename(&self, call: &Call, job: &Job, rename: &RenameOption) -> Result<(), Error> {
        let desk = &self.workers.desk;
        let mut recorder = Recorder::begin(desk, call).await?;
        let snapshot = Arc::clone(&recorder.snapshot);
        let mut next = None;
        if let Some(field) = snapshot.custom_fields.by_id(rename.field.0).map(|stored| &stored.content) {
            let names = rename.names.iter().cloned().map(Literal::Text).collect();
            let filter = Condition::leaf(Field::Custom(field.key, field.field_type), Test::In(names));
            let query = TicketQuery { filter, sort: OLDEST_FIRST, after: rename.after, limit: PAGE, now: desk.now() };
            let page = desk.store.tickets(&Scope::UPKEEP, &query).await?;
            for ticket in &page {
                if let Some(ticket) = respelled(field, ticket) {
                    let expect = Expect::Version(ticket.version - 1);
                    recorder.write(Write::Ticket { ticket: Box::new(ticket), expect, text: true });
                }
            }
            next = page.last().filter(|_| page.len() >= PAGE).map(|last| Position::of_ticket(OLDEST_FIRST, last));
        }
        if next.is_some() {
            let rest = RenameOption { field: rename.field, names: rename.names.clone(), after: next };
            let next = Job { cause: job.cause, ..page_job(desk, recorder.now, &rest) };
            recorder.write(Write::Job(Box::new(next)));
        }
        recorder.write(self.end(job, recorder.now, JobOutcome::Done));
        recorder.commit().await
    }
}

/// The ticket with its options as they are called now, if that is another way. Nothing has happened to it that anybody
/// would have to be told of; it is another version for those alone who hold it by its tag.
fn respelled(field: &CustomField, ticket: &Ticket) -> Option<Ticket> {
    let now = |value: &Value| match value.as_str().and_then(|text| field.option(text)) {
        Some(option) => json!(option),
        None => value.clone(),
    };
    let old = ticket.custom_fields.get(field.key.as_str())?;
    let new = match old {
        Value::Array(items) => items.iter().map(now).collect(),
        one => now(one),
    };
    if new == *old {
        return None;
    }
    let mut ticket = ticket.clone();
    ticket.custom_fields.insert(field.key.to_string(), new);
    ticket.version += 1;
    Some(ticket)
}
