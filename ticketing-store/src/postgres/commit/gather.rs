//! The writes of a change, sorted by the table that they go to.

use super::canned::{self, Used};
use super::job::Work;
use super::notification::Told;
use super::routing::Routed;
use super::time::Spent;
use super::timer::Due;
use serde_json::Value;
use ticketing_core::changes::{Changes, Expect, Row, Write};
use ticketing_core::condition::{CustomValue, custom_values};
use ticketing_core::event::Event;
use ticketing_core::fold::fold;
use ticketing_core::model::{
    Answer, ApiKey, Arrival, Attachment, AuditEntry, AuditSeal, Comment, CredentialToken, Membership, Milestone,
    Organization, Session, SlaResult, Subject, Team, Ticket, TicketLink, User, WorkflowRun,
};
use ticketing_core::port::{StoreError, StoreResult};
use ticketing_core::setting::Document;
use ticketing_core::time::Time;
use ticketing_core::{ApiKeyId, CommentId, LinkId, OrganizationId, TeamId, TicketId, UserId};
use uuid::Uuid;

/// Rows of one table: those to add, and those to change with the version that they must have.
pub(super) struct Rows<T> {
    pub new: Vec<T>,
    pub set: Vec<(T, i64)>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { new: Vec::new(), set: Vec::new() }
    }
}

impl<T> Rows<T> {
    pub fn add(&mut self, row: T, expect: Expect) {
        match expect {
            Expect::New => self.new.push(row),
            Expect::Version(version) => self.set.push((row, version)),
        }
    }
}

/// A row with a part of it written out as JSON.
pub(super) struct Written<T> {
    pub row: T,
    pub json: String,
}

/// A comment that goes from one ticket to another.
pub(super) struct Moved {
    pub id: CommentId,
    pub from: TicketId,
    pub to: TicketId,
    pub is_internal: Option<bool>,
}

/// A person and the password hash that is set in the same commit.
pub(super) struct Person<'a> {
    pub user: &'a User,
    /// Whether the password is written too.
    pub sets_password: bool,
    /// The hash, or none.
    pub password_hash: Option<&'a str>,
}

/// Everything that a commit writes, a list a table.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    pub tickets: Rows<&'a Ticket>,
    /// Tickets whose texts change too.
    pub rewritten: Vec<(&'a Ticket, i64)>,
    /// Folded tags of all tickets that are new or rewritten.
    pub tags: Vec<(TicketId, String)>,
    /// What conditions see of their custom fields.
    pub fields: Vec<(TicketId, CustomValue)>,
    pub comments: Rows<&'a Comment>,
    pub watches: Vec<(TicketId, UserId, Time)>,
    pub unwatches: Vec<(TicketId, UserId)>,
    pub moved: Vec<Moved>,
    pub links: Vec<&'a TicketLink>,
    pub unlinked: Vec<LinkId>,
    pub people: Rows<Person<'a>>,
    /// Passwords of people who are not written otherwise.
    pub passwords: Vec<(UserId, Option<&'a str>)>,
    pub organizations: Rows<&'a Organization>,
    pub domains: Vec<(&'a str, OrganizationId)>,
    pub teams: Rows<&'a Team>,
    pub teams_deleted: Vec<(TeamId, i64)>,
    pub memberships: Rows<&'a Membership>,
    pub memberships_deleted: Vec<(TeamId, UserId, i64)>,
    pub sessions: Rows<Session>,
    pub sessions_ended: Vec<(UserId, Time)>,
    /// People whose sign-ins, keys and links go.
    pub sign_ins_gone: Vec<Uuid>,
    pub keys: Rows<Written<&'a ApiKey>>,
    pub keys_used: Vec<(ApiKeyId, Time)>,
    pub tokens: Vec<&'a CredentialToken>,
    pub tokens_spent: Vec<(&'a [u8], Time)>,
    pub documents: Rows<Written<&'a Document>>,
    pub events: Vec<Written<&'a Event>>,
    pub audit: Vec<Written<&'a AuditEntry>>,
    /// Lines whose details go.
    pub emptied: Vec<Uuid>,
    /// A call has one answer.
    pub answer: Option<&'a Answer>,
    pub seals: Vec<&'a AuditSeal>,
    /// Lines that the seals take.
    pub sealed: Vec<Uuid>,
    pub runs: Vec<Written<&'a WorkflowRun>>,
    pub told: Told<'a>,
    /// What became of promises.
    pub sla_results: Vec<&'a SlaResult>,
    pub milestones: Vec<&'a Milestone>,
    /// Mail that came in.
    pub arrivals: Rows<Written<&'a Arrival>>,
    /// Files on tickets and comments.
    pub attachments: Vec<&'a Attachment>,
    /// Who has answered with what.
    pub canned_used: Vec<Used>,
    /// Jobs and what their workers remember.
    pub work: Work<'a>,
    /// What is due by the clock.
    pub due: Due<'a>,
    /// How tickets found their agents.
    pub routed: Routed<'a>,
    /// Working time.
    pub spent: Spent<'a>,
    pub ticket_guards: Vec<(Uuid, i64)>,
    pub user_guards: Vec<(Uuid, i64)>,
    pub organization_guards: Vec<(Uuid, i64)>,
    pub team_guards: Vec<(Uuid, i64)>,
}

impl<'a> Gathered<'a> {
    pub fn new(changes: &'a Changes) -> StoreResult<Self> {
        let mut gathered = Self::default();
        for write in &changes.writes {
            gathered.add(write)?;
        }
        for guard in &changes.guards {
            let (guards, id) = match guard.row {
                Row::Ticket(id) => (&mut gathered.ticket_guards, id.0),
                Row::User(id) => (&mut gathered.user_guards, id.0),
                Row::Organization(id) => (&mut gathered.organization_guards, id.0),
                Row::Team(id) => (&mut gathered.team_guards, id.0),
            };
            guards.push((id, guard.version));
        }
        gathered.settle_passwords();
        gathered.work.settle(changes);
        gathered.due.settle();
        gathered.told.settle();
        canned::settle(&mut gathered.canned_used);
        Ok(gathered)
    }

    fn add(&mut self, write: &'a Write) -> StoreResult<()> {
        match write {
            Write::Ticket { ticket, expect, text } => self.add_ticket(ticket, *expect, *text),
            Write::Comment { comment, expect } => self.comments.add(comment, *expect),
            Write::Watch { ticket_id, user_id, at } => self.watches.push((*ticket_id, *user_id, *at)),
            Write::Unwatch { ticket_id, user_id } => self.unwatches.push((*ticket_id, *user_id)),
            Write::MoveComments { from, to, comments, is_internal } => {
                let (from, to, is_internal) = (*from, *to, *is_internal);
                self.moved.extend(comments.iter().map(|id| Moved { id: *id, from, to, is_internal }));
            }
            Write::Link(link) => self.links.push(link),
            Write::Unlink(id) => self.unlinked.push(*id),
            Write::User { user, expect } => {
                self.people.add(Person { user, sets_password: false, password_hash: None }, *expect);
            }
            Write::Password { user_id, hash } => self.passwords.push((*user_id, hash.as_deref())),
            Write::Organization { organization, expect } => {
                self.domains.extend(organization.domains.iter().map(|domain| (domain.as_str(), organization.id)));
                self.organizations.add(organization, *expect);
            }
            Write::Team { team, expect } => self.teams.add(team, *expect),
            Write::DeleteTeam { team_id, version } => self.teams_deleted.push((*team_id, *version)),
            Write::Membership { membership, expect } => self.memberships.add(membership, *expect),
            Write::DeleteMembership { team_id, user_id, version } => {
                self.memberships_deleted.push((*team_id, *user_id, *version));
            }
            Write::Session { session, expect } => self.sessions.add(session.clone(), *expect),
            Write::EndSessions { user_id, at } => self.end_sessions(*user_id, *at),
            Write::ForgetSignIns { user_id } => self.sign_ins_gone.push(user_id.0),
            Write::ApiKey { key, expect } => self.keys.add(Written { row: key, json: json(&key.scopes)? }, *expect),
            Write::KeyUsed { id, at } => self.keys_used.push((*id, *at)),
            Write::CredentialToken { token } => self.tokens.push(token),
            Write::SpendToken { token_hash, at } => self.tokens_spent.push((token_hash, *at)),
            Write::Setting { document, expect } => {
                self.documents.add(Written { row: document, json: document.body.to_string() }, *expect);
            }
            Write::Event(event) => self.events.push(Written { row: event, json: content(event)? }),
            Write::Audit(entry) => self.audit.push(Written { row: entry, json: json(&entry.detail)? }),
            Write::EmptyDetails { ids } => self.emptied.extend(ids.iter().map(|id| id.0)),
            Write::Answer(answer) => self.answer = Some(answer),
            Write::Seal(seal) => {
                self.sealed.extend(seal.lines().map(|id| id.0));
                self.seals.push(seal);
            }
            Write::Job(job) => self.work.add_job(job),
            Write::EndJob(end) => self.work.add_end(end),
            Write::TakeJob { id, at } => self.work.add_taken(*id, *at),
            Write::RedoJob { id, at } => self.work.add_redone(*id, *at),
            Write::MailRecord { record, expect } => self.work.add_mail_record(record, *expect)?,
            Write::WorkflowRun(run) => self.runs.push(Written { row: run, json: run.trace.to_string() }),
            Write::Notification(told) => self.told.new.push(told),
            Write::ReadNotifications { reading, at } => self.told.add_reading(*reading, *at),
            Write::ForgetNotifications { user_id } => self.told.forgotten.push(user_id.0),
            Write::TicketWake { ticket_id, due_at: Some(due_at) } => self.due.wakes.push((*ticket_id, *due_at)),
            Write::TicketWake { ticket_id, due_at: None } => self.due.slept.push(*ticket_id),
            Write::Fired(fired) => self.due.fired.push(fired),
            Write::Schedule { recurrence, expect } => self.due.schedules.add(recurrence, *expect),
            Write::Unschedule { kind, id, version } => self.due.unscheduled.push((*kind, *id, *version)),
            Write::SlaResult(result) => self.sla_results.push(result),
            Write::Milestone(milestone) => self.milestones.push(milestone),
            Write::Arrival { arrival, expect } => {
                self.arrivals.add(Written { row: arrival, json: json(&arrival.detail)? }, *expect);
            }
            Write::Attachment(file) => self.attachments.push(file),
            Write::RoutingTurn { turn, expect } => self.routed.turns.add(turn, *expect),
            Write::RoutingDecision(decision) => {
                self.routed.decisions.push(Written { row: decision, json: json(&decision.detail)? });
            }
            Write::CannedUsed { response_id, user_id, uses, at } => {
                let uses = i64::try_from(*uses).unwrap_or(i64::MAX);
                self.canned_used.push(Used { user_id: *user_id, response_id: *response_id, uses, last: *at });
            }
            Write::TimeEntry { entry, expect } => self.spent.entries.add(entry, *expect),
            Write::DeleteTimeEntry { id, version } => self.spent.gone.push((*id, *version)),
            Write::MoveTime { from, to, logged_on } => self.spent.moves.push((*from, *to, logged_on.as_deref())),
            Write::Stopwatch { stopwatch, expect } => self.spent.stopwatches.add(stopwatch, *expect),
            Write::DeleteStopwatch { user_id, version } => self.spent.put_away.push((*user_id, *version)),
            // All of a commit together, in the end.
            Write::WebhookCalled { .. } => {}
        }
        Ok(())
    }

    fn add_ticket(&mut self, ticket: &'a Ticket, expect: Expect, text: bool) {
        if text || expect == Expect::New {
            let mut tags: Vec<String> = ticket.tags.iter().map(|tag| fold(tag)).collect();
            // Two spellings of a tag are one to whoever looks for it.
            tags.sort_unstable();
            tags.dedup();
            self.tags.extend(tags.into_iter().map(|tag| (ticket.id, tag)));
            self.fields.extend(custom_values(&ticket.custom_fields).into_iter().map(|value| (ticket.id, value)));
        }
        match expect {
            Expect::Version(version) if text => self.rewritten.push((ticket, version)),
            _ => self.tickets.add(ticket, expect),
        }
    }

    /// Sign-ins that this very commit writes are ended where they are written: one statement can't
    /// write a row twice.
    fn end_sessions(&mut self, user_id: UserId, at: Time) {
        let written = self.sessions.new.iter_mut().chain(self.sessions.set.iter_mut().map(|(session, _)| session));
        for session in written.filter(|session| session.user_id == user_id && session.ended_at.is_none()) {
            session.ended_at = Some(at);
            session.version += 1;
        }
        self.sessions_ended.push((user_id, at));
    }

    /// A password of somebody who is written in the same commit goes with that row, for the same
    /// reason.
    fn settle_passwords(&mut self) {
        let people = &mut self.people;
        self.passwords.retain(|&(user_id, hash)| {
            let mut written = people.new.iter_mut().chain(people.set.iter_mut().map(|(person, _)| person));
            match written.find(|person| person.user.id == user_id) {
                Some(person) => {
                    (person.sets_password, person.password_hash) = (true, hash);
                    false
                }
                None => true,
            }
        });
    }
}

/// The person that the texts of an audit line speak of, who may ask to be forgotten: the one it was
/// done to, else the one who did it.
pub(super) fn spoken_of(entry: &AuditEntry) -> Option<Uuid> {
    match entry.subject {
        Subject::User(id) => Some(id.0),
        _ => entry.actor.id.map(|id| id.0),
    }
}

/// What an event says beside its name.
fn content(event: &Event) -> StoreResult<String> {
    let mut fact = serde_json::to_value(&event.fact).map_err(unwritable)?;
    Ok(fact.get_mut("data").map_or(Value::Null, Value::take).to_string())
}

/// A value as JSON.
pub(super) fn json(value: &impl serde::Serialize) -> StoreResult<String> {
    serde_json::to_string(value).map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> StoreError {
    StoreError::Other(Box::new(error))
}
