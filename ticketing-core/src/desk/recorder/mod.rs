//! From what happened to what is written: the one place where events and audit lines are derived,
//! so that they can't be forgotten.

mod decided;
mod plan;

pub(super) use decided::Decided;

use super::notify::Notice;
use super::routing::Routes;
use super::work::{dispatch_job, leaves};
use super::{AuditDraft, Desk, Snapshot};
use crate::access::{Call, Scope};
use crate::changes::{Changes, Guard, Row, Write};
use crate::error::Error;
use crate::event::{Event, Fact, FieldChanges, Told};
use crate::ids::{ChangeId, EventId, MacroId, Seq, TeamId, UserId};
use crate::model::{Answer, Person, Subject, Ticket, User};
use crate::time::Time;
use plan::Planned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::MutexGuard;

/// One commit in the making.
pub(super) struct Recorder<'a> {
    pub(super) desk: &'a Desk,
    pub(super) call: &'a Call,
    /// When all of it happens.
    pub(super) now: Time,
    /// Settings and directory that it is decided by.
    pub(super) snapshot: Arc<Snapshot>,
    changes: Changes,
    /// What the call answers, as JSON.
    pub(super) output: Option<String>,
    /// Events that may concern somebody outside of the desk.
    told: Vec<EventId>,
    /// What rules have decided about the ticket whose events are written next.
    pub(super) decided: Decided,
    /// A requester whom this commit was decided by or adds, so that rules need not ask the store.
    pub(super) customer: Option<User>,
    /// What people are told on the desk beside what events tell, each of a ticket.
    pub(super) notices: Vec<(Ticket, Notice)>,
    /// The macro by which the actor does it, and its version.
    pub(super) by_macro: Option<(MacroId, i64)>,
    /// Tickets that are planned anew by the clock.
    planned: Vec<Planned>,
    /// For which ticket this commit looks for an agent.
    pub(super) routes: Routes,
    /// Whether it has decided about that.
    pub(super) is_routed: bool,
    /// Teams whose waiting tickets the workers are to look at.
    pub(super) to_route: BTreeSet<TeamId>,
    /// People who hold a ticket less.
    pub(super) freed: BTreeSet<UserId>,
    /// The team whose round the caller holds.
    pub(super) round: Option<TeamId>,
    /// The round of the team whose agent was looked for, until the commit has landed.
    pub(super) turn: Option<MutexGuard<'a, ()>>,
}

impl<'a> Recorder<'a> {
    /// A commit decided under settings that are at most a second old, by an actor who has the same
    /// rights under them. A store refuses a commit of other settings than it holds, so these rights
    /// hold when it lands.
    pub(super) async fn begin(desk: &'a Desk, call: &'a Call) -> Result<Self, Error> {
        let snapshot = desk.snapshot_that_knows(&call.actor).await?;
        let now = desk.now();
        let changes = Changes {
            id: ChangeId(desk.ids().uuid(now)),
            // Whoever holds a token of a ticket speaks on it without seeing it.
            scope: if call.mail().is_some_and(|mail| mail.is_guest) { Scope::UPKEEP } else { desk.scope(&call.actor) },
            settings: snapshot.version,
            bumps_settings: false,
            writes: Vec::with_capacity(6),
            guards: Vec::new(),
        };
        Ok(Self {
            desk,
            call,
            now,
            snapshot,
            changes,
            output: None,
            told: Vec::new(),
            decided: Decided::default(),
            customer: None,
            notices: Vec::new(),
            by_macro: None,
            planned: Vec::new(),
            routes: Routes::default(),
            is_routed: false,
            to_route: BTreeSet::new(),
            freed: BTreeSet::new(),
            round: None,
            turn: None,
        })
    }

    /// Adds a row.
    pub(super) fn write(&mut self, write: Write) {
        self.changes.writes.push(write);
    }

    /// The rows so far.
    pub(super) fn writes(&self) -> &[Write] {
        &self.changes.writes
    }

    /// The commit so far.
    pub(super) fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The commit changes settings or directory.
    pub(super) fn bump_settings(&mut self) {
        self.changes.bumps_settings = true;
    }

    /// This row was read to decide and must not change until the commit.
    pub(super) fn guard(&mut self, row: Row, version: i64) {
        self.changes.guards.push(Guard { row, version });
    }

    /// What happened to a ticket: events for the log, an audit line under the name of the caller's first fact, one under
    /// the desk's own, and what rules have decided about it.
    pub(super) fn ticket(&mut self, ticket: &Ticket, told: Vec<Told>) -> Result<(), Error> {
        if told.is_empty() {
            return Ok(());
        }
        let is_of_caller = |told: &&Told| told.rule.is_none() && !told.by_desk;
        // Where a moment had come, rules and the desk alone did something.
        let lead = told.iter().position(|told| is_of_caller(&told));
        let action = lead.map(|place| told[place].fact.name());
        let of_desk = told.iter().find(|told| told.by_desk).map(|told| told.fact.name());
        let mut changed = Map::new();
        if told.first().is_some_and(|told| matches!(told.fact, Fact::TicketCreated {})) {
            changed = first_values(ticket);
        }
        let follows = told.iter().any(|told| told.rule.is_none());
        let mut image = Some(ticket.image());
        let mut first = None;
        // What rules and the desk did is their own line, not the caller's.
        let (mut by_rules, mut by_the_desk, mut rules) = (Map::new(), Map::new(), BTreeSet::new());
        for (place, Told { fact, rule, by_desk }) in told.into_iter().enumerate() {
            rules.extend(rule);
            if let Some(changes) = fact.changes() {
                let changed = match (rule, by_desk) {
                    (Some(_), _) => &mut by_rules,
                    (None, true) => &mut by_the_desk,
                    (None, false) => &mut changed,
                };
                for (field, (old, new)) in changes {
                    let first = changed.get(field).and_then(|known| known.get(0)).cloned();
                    changed.insert(field.clone(), pair(first.as_ref().unwrap_or(old), new));
                }
            }
            let by_itself = rule.is_some() || by_desk;
            let id = EventId(self.desk.ids().uuid(self.now));
            if place == lead.unwrap_or_default() {
                first = Some(id);
            }
            if leaves(&fact) {
                self.told.push(id);
            }
            self.write(Write::Event(Box::new(Event {
                seq: Seq::default(),
                id,
                change_id: self.changes.id,
                ticket_id: ticket.id,
                ticket_version: ticket.version,
                team_id: ticket.team_id,
                assignee_id: ticket.assigned_agent_id,
                audience: fact.audience(),
                fact,
                actor: if by_itself { Person::system() } else { self.call.actor.person() },
                // What a rule did follows from what the caller or the desk did.
                cause: if rule.is_some() && follows { first } else { self.call.cause },
                rule,
                at: self.now,
                image: image.take(),
            })));
        }
        if let Some(action) = action {
            if let Some((id, version)) = self.by_macro {
                let told = serde_json::json!({ "id": id, "version": version });
                changed.insert("macro".to_owned(), pair(&Value::Null, &told));
            }
            self.audit(action, Subject::Ticket(ticket.id), changed.into());
        }
        if let Some(action) = of_desk {
            self.audit_of_system(action, ticket, by_the_desk);
        }
        if !rules.is_empty() {
            by_rules.insert("rules".to_owned(), pair(&Value::Null, &serde_json::json!(rules)));
            self.audit_of_system("workflow.applied", ticket, by_rules);
        }
        self.write_decided(ticket, first)
    }

    /// What happened to anything else: an audit line.
    pub(super) fn deed(&mut self, action: &str, subject: Subject, changes: &FieldChanges) {
        self.write(audit_line(self.desk, self.call, self.now, action, subject, changes));
    }

    fn audit(&mut self, action: &str, subject: Subject, changes: Value) {
        self.seal(AuditDraft::of_call(self.call, self.now, action, subject, changes));
    }

    /// What happened to a ticket by itself in this call.
    fn audit_of_system(&mut self, action: &str, ticket: &Ticket, changes: Map<String, Value>) {
        let draft = AuditDraft::of_call(self.call, self.now, action, Subject::Ticket(ticket.id), changes.into());
        self.seal(AuditDraft { actor: Person::system(), ..draft });
    }

    fn seal(&mut self, draft: AuditDraft) {
        self.write(sealed(self.desk, draft));
    }

    /// Says what the call answers, where that must be known when it comes again. It is made only then,
    /// and has to be complete: it is told again as it is. A call of which nothing is said here is done
    /// once too, but its answer is not told again; that is for answers with secrets in them.
    pub(super) fn answer<T: serde::Serialize>(&mut self, output: impl FnOnce() -> T) -> Result<(), Error> {
        if self.keeps_answer() && self.output.is_none() {
            let output = serde_json::to_string(&output()).map_err(|e| Error::Internal(Box::new(e)))?;
            self.output = Some(output);
        }
        Ok(())
    }

    /// The call answers this ticket, unless something else was said.
    pub(super) fn answer_ticket(&mut self, ticket: &Ticket) -> Result<(), Error> {
        let (desk, call, snapshot) = (self.desk, self.call, Arc::clone(&self.snapshot));
        self.answer(|| desk.view(call, &snapshot, ticket.clone()))
    }

    /// Whether the call's answer is kept.
    pub(super) fn keeps_answer(&self) -> bool {
        self.call.idempotency.is_some()
    }

    /// Commits it, and with it what people are told on the desk and the promise to look who else is concerned.
    pub(super) async fn commit(mut self) -> Result<(), Error> {
        self.write_mail();
        self.write_routing().await?;
        self.write_plans().await?;
        Box::pin(self.write_notifications()).await?;
        if self.desk.reaches_out(&self.snapshot) {
            let told = std::mem::take(&mut self.told);
            let job = dispatch_job(self.desk, self.now, told, self.call.is_automatic());
            self.changes.writes.extend(job.map(|job| Write::Job(Box::new(job))));
        }
        if let Some(key) = &self.call.idempotency {
            // Not the time of the deed, which may follow a ticket's own time.
            let answer = Answer { key: (**key).clone(), output: self.output.take(), at: self.desk.now() };
            self.changes.writes.push(Write::Answer(Box::new(answer)));
        }
        self.desk.commit(self.changes).await.map(drop)
    }

    /// Ends a call that has nothing to change. What it answers is kept all the same.
    pub(super) async fn unchanged(self) -> Result<(), Error> {
        match self.call.idempotency {
            Some(_) => self.commit().await,
            None => Ok(()),
        }
    }
}

fn pair(old: &Value, new: &Value) -> Value {
    Value::Array(vec![old.clone(), new.clone()])
}

/// What the audit log says of a new ticket: enough to know it by, none of its long texts.
fn first_values(ticket: &Ticket) -> Map<String, Value> {
    let mut values = Map::new();
    let mut first = |field: &str, value: Value| {
        if !value.is_null() {
            values.insert(field.to_owned(), Value::Array(vec![Value::Null, value]));
        }
    };
    first("subject", ticket.subject.as_str().into());
    first("priority", ticket.priority.as_str().into());
    first("customer_id", serde_json::json!(ticket.customer_id));
    first("team_id", serde_json::json!(ticket.team_id));
    first("assigned_agent_id", serde_json::json!(ticket.assigned_agent_id));
    values
}

/// Old and new value of each field in which two states of the same thing differ. The fields are
/// those of its serialised form, less what changes with every commit.
pub(crate) fn differences<T: serde::Serialize>(old: Option<&T>, new: &T) -> FieldChanges {
    let read = |thing: &T| match serde_json::to_value(thing) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let mut before = old.map(read).unwrap_or_default();
    read(new)
        .into_iter()
        .filter(|(field, _)| {
            !matches!(field.as_str(), "id" | "version" | "created_at" | "updated_at" | "availability_since")
        })
        .filter_map(|(field, new)| {
            let old = before.remove(&field).unwrap_or(Value::Null);
            (old != new).then_some((field, (old, new)))
        })
        .collect()
}

/// The audit line of a deed, for a commit that holds many of them.
pub(super) fn audit_line(
    desk: &Desk,
    call: &Call,
    now: Time,
    action: &str,
    subject: Subject,
    changes: &FieldChanges,
) -> Write {
    let pairs = changes.iter().map(|(field, (old, new))| (field.clone(), pair(old, new)));
    let changes = pairs.collect::<Map<_, _>>().into();
    sealed(desk, AuditDraft::of_call(call, now, action, subject, changes))
}

fn sealed(desk: &Desk, draft: AuditDraft) -> Write {
    Write::Audit(Box::new(desk.parts.audit_key.seal(desk.ids(), draft)))
}
