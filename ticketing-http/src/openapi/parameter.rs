//! What stands in queries, and in paths and headers (`address.rs`). A test holds the queries against what is really taken.

// Nothing is ever made of these types: they only describe.
#![allow(dead_code)]

mod address;

pub(crate) use address::*;

use super::word::{
    ArrivalCause, ArrivalState, Channel, DeliveryStatus, ImportKind, JobKind, JobState, NotificationKind, Priority,
    Role, RunOutcome, SlaGroupBy, SlaMetric, Status, TimeGroupBy, Visibility,
};
use utoipa::IntoParams;
use uuid::Uuid;

/// What the servers on its way said of a mail.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MailEnvelope {
    /// The mailbox that it is for: its id or an address of it. Else whom it was delivered to, and what its headers say.
    #[param(required = false, max_length = 254, example = "support@desk.example")]
    mailbox: String,
    /// Where failures are told (`MAIL FROM`); empty where nowhere.
    #[param(required = false, max_length = 254, example = "kim@alba.example")]
    from: String,
    /// To whom it was delivered (`RCPT TO`); several are separated by commas.
    #[param(required = false, min_length = 1, example = "support@desk.example")]
    to: String,
}

/// Which mails. Several states are separated by commas.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InboundFilter {
    /// In one of these states.
    #[param(required = false, explode = false, min_items = 1, max_items = 100)]
    state: Vec<ArrivalState>,
    /// Of this cause.
    #[param(required = false)]
    cause: ArrivalCause,
    /// Of this mailbox.
    #[param(required = false)]
    mailbox_id: Uuid,
    /// Of this address, in whatever case.
    #[param(required = false, min_length = 1, max_length = 254, example = "kim@alba.example")]
    from: String,
}

/// Which page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// Where the page starts: the `next_cursor` of the one before, for the same list.
    #[param(required = false)]
    cursor: String,
    /// How many there are on a page at most; 25 where nothing is said.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: u32,
    /// Whether all are to be counted, which costs.
    #[param(required = false)]
    count: bool,
}

/// Which page of a list that has no total.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    /// Where the page starts: the `next_cursor` of the one before, for the same list.
    #[param(required = false)]
    cursor: String,
    /// How many there are on a page at most; 25 where nothing is said.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: u32,
}

/// From which end a conversation is read.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Chronology {
    /// `created_at` for the oldest first, `-created_at` for the newest first.
    #[param(required = false, pattern = "^-?created_at$", example = "-created_at")]
    sort: String,
}

/// Which tickets. Several values are separated by commas.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TicketFilter {
    /// Standing in one of these.
    #[param(required = false, explode = false, min_items = 1, max_items = 100)]
    status: Vec<Status>,
    /// Mattering one of these.
    #[param(required = false, explode = false, min_items = 1, max_items = 100)]
    priority: Vec<Priority>,
    /// Come in by one of these.
    #[param(required = false, explode = false, min_items = 1, max_items = 100)]
    channel: Vec<Channel>,
    /// In the hands of one of these: ids, `me` or `none`.
    #[param(required = false, example = "me,none")]
    assigned_agent_id: String,
    /// In the queue of one of these: ids or `none`.
    #[param(required = false, example = "none")]
    team_id: String,
    /// Asked by one of these: ids or `me`.
    #[param(required = false, example = "me")]
    customer_id: String,
    /// Of one of these companies: ids or `none`.
    #[param(required = false, example = "none")]
    organization_id: String,
    /// Of one of these categories, in any case.
    #[param(required = false, min_length = 1, example = "login")]
    category: String,
    /// With one of these tags, in any case.
    #[param(required = false, min_length = 1, example = "vip,browser")]
    tag: String,
    /// Made at this moment or later; a bare date starts at midnight UTC.
    #[param(required = false, example = "2026-01-15")]
    created_from: String,
    /// Made at this moment or before; a bare date includes that day.
    #[param(required = false, example = "2026-01-31")]
    created_to: String,
    /// Changed at this moment or later.
    #[param(required = false, example = "2026-01-15T10:00:00Z")]
    updated_from: String,
    /// Changed at this moment or before.
    #[param(required = false, example = "2026-01-31")]
    updated_to: String,
    /// Whether a promised time was ever missed; for staff.
    #[param(required = false, example = "true")]
    is_sla_breached: String,
    /// Of which the next promised time ends at this moment or later; for staff. What is promised nothing is left out.
    #[param(required = false, example = "2026-01-15T10:00:00Z")]
    sla_due_from: String,
    /// Of which the next promised time ends at this moment or before; for staff.
    #[param(required = false, example = "2026-01-15T12:00:00Z")]
    sla_due_to: String,
    /// `created_at`, `updated_at`, `priority`, `status`, for staff `sla_due_at` (what is promised nothing comes after all
    /// else), or `custom_fields.KEY` of a field of the types `text`, `number`, `date` and `select` (tickets that hold nothing
    /// come after all else), with `-` before it for the greatest first.
    #[param(
        required = false,
        pattern = "^-?(created_at|updated_at|priority|status|sla_due_at|custom_fields\\.[a-z][a-z0-9_]*)$",
        example = "-priority"
    )]
    sort: String,
}

/// Which people.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserFilter {
    /// Of one of these roles.
    #[param(required = false, explode = false, min_items = 1)]
    role: Vec<Role>,
    /// Of this company.
    #[param(required = false)]
    organization_id: Uuid,
    /// Whether they can sign in.
    #[param(required = false)]
    is_active: bool,
    /// A part of the name or address.
    #[param(required = false, min_length = 1, max_length = 200, example = "sam")]
    q: String,
    /// These people; of those that are not there nothing is said. With it `limit` is 100 unless given.
    #[param(required = false, explode = false, min_items = 1, max_items = 100)]
    ids: Vec<Uuid>,
}

/// Which canned responses.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CannedFilter {
    /// Those that fit this, the best first.
    #[param(required = false, min_length = 1, max_length = 200, example = "refund")]
    q: String,
    /// Of this category, in any case.
    #[param(required = false, min_length = 1, max_length = 200, example = "Billing")]
    category: String,
    /// Shared so.
    #[param(required = false)]
    visibility: Visibility,
    /// Of this team.
    #[param(required = false)]
    team_id: Uuid,
    /// Each with what it says on this ticket: its id or number.
    #[param(required = false, min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
    ticket: String,
}

/// Which companies.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrganizationFilter {
    /// A part of the name or of a mail domain.
    #[param(required = false, min_length = 1, max_length = 200, example = "alba")]
    q: String,
}

/// Whose keys.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct KeyFilter {
    /// This person's; for administrators.
    #[param(required = false)]
    user_id: Uuid,
}

/// Which part of the event log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedPlace {
    /// The `next_cursor` of the part before; without, from the oldest event that is kept.
    #[param(required = false)]
    after: String,
    /// How many events at most; 25 where nothing is said.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: u32,
}

/// Which lines of the audit log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditFilter {
    /// Done by this person: an id or `me`.
    #[param(required = false, example = "me")]
    actor: String,
    /// Done to this: a kind and an id.
    #[param(required = false, example = "ticket:0199d2a4-c7b0-7e0c-8a3f-5b1d2e4f6a70")]
    subject: String,
    /// Of this action.
    #[param(required = false, min_length = 1, max_length = 100, example = "ticket.assigned")]
    action: String,
    /// At this moment or later; a bare date starts at midnight UTC.
    #[param(required = false, example = "2026-01-15")]
    from: String,
    /// At this moment or before; a bare date includes that day.
    #[param(required = false, example = "2026-01-31")]
    to: String,
}

/// Which promises are counted, and by what.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SlaReportFilter {
    /// Kept or broken at this moment or later; a bare date starts at midnight of the time zone. Thirty days before the end
    /// where nothing is said.
    #[param(required = false, example = "2026-01-01")]
    from: String,
    /// At this moment or before; a bare date includes that day. Now where nothing is said.
    #[param(required = false, example = "2026-01-31")]
    to: String,
    /// By what the report is parted: by metric where nothing is said; by at most 400 days, weeks or months.
    #[param(required = false)]
    group_by: SlaGroupBy,
    /// Only these promises. Several are separated by commas.
    #[param(required = false, explode = false, min_items = 1)]
    metric: Vec<SlaMetric>,
    /// Only what was in the queue of this team at that moment.
    #[param(required = false)]
    team_id: Uuid,
    /// The IANA time zone of bare dates, days, weeks and months; UTC where nothing is said.
    #[param(required = false, min_length = 1, example = "Europe/Berlin")]
    time_zone: String,
}

/// A stretch of time.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Stretch {
    /// At this moment or later; a bare date starts at midnight of the time zone. Thirty days before the end where nothing
    /// is said.
    #[param(required = false, example = "2026-01-01")]
    from: String,
    /// At this moment or before; a bare date includes that day. Now where nothing is said.
    #[param(required = false, example = "2026-01-31")]
    to: String,
    /// The IANA time zone of bare dates; UTC where nothing is said.
    #[param(required = false, min_length = 1, example = "Europe/Berlin")]
    time_zone: String,
}

/// Whether what was put away is told, too.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Hidden {
    /// Also what was put away, to those who may bring it back.
    #[param(required = false)]
    hidden: bool,
}

/// By what working time is summed up.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TimeGrouping {
    /// By what.
    group_by: TimeGroupBy,
}

/// Which working time.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TimeFilter {
    /// Begun, or logged where that was not said, at this moment or later; a bare date starts at midnight of the time zone.
    #[param(required = false, example = "2026-01-01")]
    from: String,
    /// At this moment or before; a bare date includes that day.
    #[param(required = false, example = "2026-01-31")]
    to: String,
    /// The IANA time zone of bare dates, days, weeks and months; UTC where nothing is said.
    #[param(required = false, min_length = 1, example = "Europe/Berlin")]
    time_zone: String,
    /// Spent by this person: an id or `me`.
    #[param(required = false, example = "me")]
    user_id: String,
    /// On this ticket: its id or number.
    #[param(required = false, min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
    ticket: String,
    /// For this customer, who asked for the ticket when it was logged.
    #[param(required = false)]
    customer_id: Uuid,
    /// For this company, whose ticket it was when it was logged.
    #[param(required = false)]
    organization_id: Uuid,
    /// On tickets of this team, as they were when it was logged.
    #[param(required = false)]
    team_id: Uuid,
    /// Only what somebody pays for, or only what nobody does.
    #[param(required = false)]
    billable: bool,
}

/// Whether anything is done.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportMode {
    /// Only say what would be done.
    #[param(required = false)]
    dry_run: bool,
}

/// Which deliveries.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryFilter {
    /// Only those that are so far.
    #[param(required = false)]
    status: DeliveryStatus,
}

/// Which runs. Several values are separated by commas.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunFilter {
    /// Ended in one of these ways.
    #[param(required = false, explode = false, min_items = 1)]
    outcome: Vec<RunOutcome>,
}

/// Which two versions.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionPair {
    /// The number of the one.
    #[param(minimum = 1, example = 1)]
    from: i64,
    /// The number of the other.
    #[param(minimum = 1, example = 2)]
    to: i64,
}

/// Which notifications. Several values are separated by commas.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NotificationFilter {
    /// Only what is unread.
    #[param(required = false)]
    unread: bool,
    /// Only of these kinds.
    #[param(required = false, explode = false, min_items = 1, max_items = 100)]
    kind: Vec<NotificationKind>,
    /// Only about this ticket: its id or number.
    #[param(required = false, min_length = 1, max_length = 64, example = "TKT-7KQ2M9XD")]
    ticket: String,
}

/// Whom one is about to name.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Beginning {
    /// How the name or the address begins.
    #[param(required = false, max_length = 200, example = "kim")]
    q: String,
}

/// Which jobs. Several values are separated by commas.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobFilter {
    /// In one of these states.
    #[param(required = false, explode = false, min_items = 1)]
    state: Vec<JobState>,
    /// Of one of these kinds.
    #[param(required = false, explode = false, min_items = 1)]
    kind: Vec<JobKind>,
    /// About this ticket.
    #[param(required = false)]
    ticket_id: Uuid,
    /// Of this lane.
    #[param(required = false, min_length = 1, max_length = 100, example = "mail")]
    lane: String,
}

/// How a table comes in.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewImport {
    /// What its lines are.
    #[param(example = "tickets")]
    kind: ImportKind,
    /// Whether it is only looked through; then it can be run afterwards.
    #[param(required = false)]
    dry_run: bool,
    /// Whether right lines go in though others are wrong.
    #[param(required = false)]
    skip_bad: bool,
    /// What it is called. The same lines under another name are other tickets, unless they have an `external_id`.
    #[param(required = false, min_length = 1, max_length = 200, example = "tickets.csv")]
    name: String,
    /// Columns by other names than the desk's, as `COLUMN=FIELD`, several separated by commas; nothing behind the sign passes a
    /// column over.
    #[param(required = false, max_length = 10_000, example = "Their number=external_id")]
    map: String,
}

/// How a table that was looked through is taken in.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportRun {
    /// Whether right lines go in though others are wrong.
    #[param(required = false)]
    skip_bad: bool,
}

/// Which jobs are forgotten.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobPurge {
    /// In one of these states: `done`, `dead` or both, separated by a comma.
    #[param(example = "done,dead")]
    state: String,
    /// Ended before this moment; a bare date is its midnight UTC.
    #[param(example = "2026-01-15T10:00:00Z")]
    ended_before: String,
}

/// In which language.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MailLocale {
    /// A BCP 47 language, such as `de` or `pt-BR`; without, all that have no texts of their own.
    #[param(required = false, max_length = 35, example = "de")]
    locale: String,
}
