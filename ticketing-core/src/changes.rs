//! The unit of work as a value: everything that becomes true together, or not at all.

use crate::access::Scope;
use crate::event::Event;
use crate::ids::{
    ApiKeyId, AuditId, CannedResponseId, ChangeId, CommentId, JobId, LinkId, OrganizationId, Seq, TeamId, TicketId,
    TimeEntryId, UserId, WebhookId,
};
use crate::model::{
    Answer, ApiKey, Arrival, Attachment, AuditEntry, AuditSeal, Comment, CredentialToken, Fired, Job, JobEnd,
    MailRecord, Membership, Milestone, Notification, Organization, Reading, Recurrence, RecurrenceKind,
    RoutingDecision, RoutingTurn, Session, SlaResult, Stopwatch, Team, Ticket, TicketLink, TimeEntry, User,
    WorkflowRun,
};
use crate::setting::Document;
use crate::time::Time;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the writer believes about the row that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It is not there yet. Where it is, the answer is [`crate::port::StoreError::Duplicate`] of
    /// [`crate::port::Unique::Id`]; for a membership, a settings document, a mail record, a stopwatch and a
    /// recurrence it is [`crate::port::StoreError::Conflict`]. Their keys are composed: somebody else has added the
    /// very same meanwhile, and whoever decides again finds it.
    New,
    /// It is there and has this version; the row written has the next one.
    Version(i64),
}

/// One row to write. The enum is exhaustive on purpose: a store that forgets one does not compile.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // Each variant says what it writes; its fields are the row and what is expected of it.
pub enum Write {
    /// A ticket. `text` says whether subject, description, category, tags or custom fields differ from
    /// what is stored; where it is false, these stay as they are stored.
    Ticket { ticket: Box<Ticket>, expect: Expect, text: bool },
    /// A comment; its author by id.
    Comment { comment: Comment, expect: Expect },
    /// Somebody listens to a ticket; nothing changes for one who already does.
    Watch { ticket_id: TicketId, user_id: UserId, at: Time },
    /// Somebody no longer listens; nothing changes for one who does not.
    Unwatch { ticket_id: TicketId, user_id: UserId },
    /// Comments move from one ticket to another as they are, versions and all; those that are not with
    /// the first stay where they are. Where `is_internal` is given, all that move become so. A commit
    /// names a comment in one such write at most, and both tickets are there before it.
    MoveComments { from: TicketId, to: TicketId, comments: Vec<CommentId>, is_internal: Option<bool> },
    /// Two tickets are tied. Links never change.
    Link(TicketLink),
    /// A tie is gone; nothing changes where there is none.
    Unlink(LinkId),
    /// A person.
    User { user: User, expect: Expect },
    /// A person's password hash in its encoded form, or that there is none any more. Apart, so that no
    /// profile ever carries it.
    Password { user_id: UserId, hash: Option<String> },
    /// A person's sign-ins with where they came from, programs' keys and links are gone. A commit with such
    /// a write writes none of these of that person.
    ForgetSignIns { user_id: UserId },
    /// A company. A mail domain that it gives up is free for any other company of the same commit,
    /// whichever of the two is written first.
    Organization { organization: Organization, expect: Expect },
    /// A team.
    Team { team: Team, expect: Expect },
    /// A team is gone, and its memberships with it. Where a ticket names it by the time of the commit,
    /// the answer is [`crate::port::StoreError::Conflict`].
    DeleteTeam { team_id: TeamId, version: i64 },
    /// A person's place in a team.
    Membership { membership: Membership, expect: Expect },
    /// A person leaves a team.
    DeleteMembership { team_id: TeamId, user_id: UserId, version: i64 },
    /// A sign-in.
    Session { session: Session, expect: Expect },
    /// All sign-ins of a person that still live are over. Each gets its next version, so that a refresh
    /// that was decided before does not revive one.
    EndSessions { user_id: UserId, at: Time },
    /// A program's key.
    ApiKey { key: ApiKey, expect: Expect },
    /// A key was used. Its version stays, and so does a later use that is known; nothing changes where
    /// there is no such key.
    KeyUsed { id: ApiKeyId, at: Time },
    /// A link that sets a password. It takes the place of the one of the same kind for the same person.
    CredentialToken { token: CredentialToken },
    /// A link is used up. Where none that is still unused has this hash, the answer is
    /// [`crate::port::StoreError::Conflict`].
    SpendToken { token_hash: [u8; 32], at: Time },
    /// A settings document. Earlier versions are kept.
    Setting { document: Document, expect: Expect },
    /// A fact for the event log. Places in the log follow the order of these writes.
    Event(Box<Event>),
    /// A line of the audit log. It waits for a seal from then on.
    Audit(Box<AuditEntry>),
    /// The details of these lines say nothing any more, and have a salt of zeros; nothing changes for a line
    /// that is not there. None of them is written in the same commit.
    EmptyDetails { ids: Vec<AuditId> },
    /// What the call that this commit is made for answers. Where one with the same owner, route and key is
    /// kept that is younger than [`Answer::KEPT`], the answer is [`crate::port::StoreError::Duplicate`] of
    /// [`crate::port::Unique::Answer`], before anything else of the change is looked at but its settings.
    /// An older one is replaced, and a few others that are too old go too.
    Answer(Box<Answer>),
    /// The next link of the audit log's chain. Its lines no longer wait for a seal. Where one of them does
    /// not, or a seal of this number is there already, the answer is [`crate::port::StoreError::Conflict`].
    Seal(Box<AuditSeal>),
    /// Work to be done after the commit. Nothing changes where a job with the same dedupe key is kept.
    Job(Box<Job>),
    /// A worker's claim on a job ends. Where the job is not that worker's any more, nothing changes and nothing is
    /// kept of the attempt, or all of the commit is refused ([`JobEnd::must_hold`]). A commit ends a job once at most.
    EndJob(Box<JobEnd>),
    /// A ready job is done as a part of another one. Where it is not ready, the answer is
    /// [`crate::port::StoreError::Conflict`].
    TakeJob { id: JobId, at: Time },
    /// A job that has ended is ready again at this moment, as if it had never been tried; its attempts stay
    /// listed. Where it has not ended or is not there, the answer is [`crate::port::StoreError::Conflict`].
    RedoJob { id: JobId, at: Time },
    /// What is known about mail to an address.
    MailRecord { record: MailRecord, expect: Expect },
    /// A webhook was called at this moment, and answered as it should or did not. Nothing changes where what
    /// is known is that already. Of several calls of one webhook in a commit the last counts.
    WebhookCalled { webhook_id: WebhookId, at: Time, is_good: bool },
    /// What a rule was found to do. Never changes; where one with this id is there, the answer is
    /// [`crate::port::StoreError::Duplicate`] of [`crate::port::Unique::Id`].
    WorkflowRun(Box<WorkflowRun>),
    /// Something that a person is told on the desk; nothing changes where the person was told one with this
    /// id before. Of two in a commit the first is told. Where something of the same
    /// [subject](Notification::subject) was told or added to within [`Notification::WINDOW`] before and nothing of it was
    /// read since, this joins it: `count` is added, texts, rule, commit and `updated_at` are the newer ones. That holds
    /// also for two commits at the same time, on whatever nodes. A commit has one such write a subject.
    Notification(Box<Notification>),
    /// Notifications that were there before this commit and are unread are read. Nothing joins them afterwards, and what
    /// this very commit tells about the same ticket joins nothing.
    ReadNotifications { reading: Reading, at: Time },
    /// All that a person was told on the desk is gone.
    ForgetNotifications { user_id: UserId },
    /// When a ticket next asks for something by the clock, or that it no longer does. Ends a worker's hold on it.
    TicketWake { ticket_id: TicketId, due_at: Option<Time> },
    /// A rule has looked at a ticket for this moment. Where it has before, the answer is
    /// [`crate::port::StoreError::Conflict`]. Earlier moments of that rule and ticket are forgotten.
    Fired(Fired),
    /// When something next happens that recurs.
    Schedule { recurrence: Recurrence, expect: Expect },
    /// Something no longer recurs.
    Unschedule { kind: RecurrenceKind, id: Uuid, version: i64 },
    /// What became of a promise, by ticket, metric and start. It takes the place of what was known; of a promise that
    /// was broken before, only what had counted and when it was done change.
    SlaResult(Box<SlaResult>),
    /// A mail that came in. Where one with its key is kept, a new one is refused with
    /// [`crate::port::StoreError::Duplicate`] of [`crate::port::Unique::Arrival`].
    Arrival { arrival: Box<Arrival>, expect: Expect },
    /// A file on a ticket or comment, which is there or is written by the same commit. Never changes; where one with
    /// this id is there, the answer is [`crate::port::StoreError::Duplicate`] of [`crate::port::Unique::Id`].
    Attachment(Box<Attachment>),
    /// Where a team's round is, or that a person was given a ticket by routing. Composed like a membership: somebody
    /// else may add the very same.
    RoutingTurn { turn: RoutingTurn, expect: Expect },
    /// How a ticket looked for its agent. Never changes; where one with this id is there, the answer is
    /// [`crate::port::StoreError::Duplicate`] of [`crate::port::Unique::Id`].
    RoutingDecision(Box<RoutingDecision>),
    /// A moment of a ticket that reports count; nothing changes where that kind of that ticket is known at that moment.
    Milestone(Milestone),
    /// A person has answered with a canned response: so many uses more, the last at this moment unless a later one is known.
    /// Several of a commit all count, and so do those of commits at the same time; none conflicts with another.
    CannedUsed { response_id: CannedResponseId, user_id: UserId, uses: u64, at: Time },
    /// Time that was spent on a ticket, which is there or is written by the same commit. Of one that is there only what
    /// people may change is written: ticket, person, customer, company and team stay as they are stored.
    TimeEntry { entry: Box<TimeEntry>, expect: Expect },
    /// Time that was logged counts no more.
    DeleteTimeEntry { id: TimeEntryId, version: i64 },
    /// Time goes from one ticket to another as it is, versions and all: what was logged on one of these tickets, or all of
    /// it. Both tickets are there before it, and a commit writes no other time of either.
    MoveTime { from: TicketId, to: TicketId, logged_on: Option<Vec<TicketId>> },
    /// A person's stopwatch. Where a new one meets another, the answer is [`crate::port::StoreError::Conflict`].
    Stopwatch { stopwatch: Box<Stopwatch>, expect: Expect },
    /// A person's stopwatch is put away.
    DeleteStopwatch { user_id: UserId, version: i64 },
}

/// A row that was read to decide and must not have changed by the time of the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// A ticket.
    Ticket(TicketId),
    /// A person.
    User(UserId),
    /// A company.
    Organization(OrganizationId),
    /// A team.
    Team(TeamId),
}

/// A row and the version that it must still have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The row.
    pub row: Row,
    /// Its version when it was read.
    pub version: i64,
}

/// One commit. Holds at most one write a row. A store applies all of it or nothing.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Its id, made by the desk.
    pub id: ChangeId,
    /// On whose behalf.
    pub scope: Scope,
    /// The version of the settings that it was decided under. A store that holds another answers
    /// [`crate::port::StoreError::StaleSettings`] and applies nothing.
    pub settings: i64,
    /// Whether it changes settings or directory, so that the settings' version grows by one.
    pub bumps_settings: bool,
    /// What to write.
    pub writes: Vec<Write>,
    /// What must not have changed.
    pub guards: Vec<Guard>,
}

impl Changes {
    /// When each webhook of [`Write::WebhookCalled`] was last called, and whether that was good.
    pub fn webhooks_called(&self) -> BTreeMap<WebhookId, (Time, bool)> {
        let called = self.writes.iter().filter_map(|write| match write {
            Write::WebhookCalled { webhook_id, at, is_good } => Some((*webhook_id, (*at, *is_good))),
            _ => None,
        });
        called.collect()
    }
}

/// What a store says of a commit that is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Places of the commit's events, in the order of its writes.
    pub seqs: Vec<Seq>,
}
