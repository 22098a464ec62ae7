//! What a desk promises.

use super::super::word::{Matching, Priority, SlaGroupBy, SlaMetric, Status};
use super::conditions;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is promised to tickets of one priority. A duration is a whole number and `s`, `m`, `h` or `d`, such as `4h`;
/// a day is 24 hours, of working time too. What has none is not promised.
#[derive(ToSchema)]
pub(crate) struct SlaTargets {
    /// Until the first public comment of staff, from the ticket's creation.
    #[schema(required = false, example = "1h")]
    first_response: String,
    /// Until the next one, from the customer's first word that has no answer.
    #[schema(required = false, example = "4h")]
    next_response: String,
    /// Until it is resolved, from its creation.
    #[schema(required = false, example = "2d")]
    resolution: String,
    /// Whether only working time counts; true where nothing is said.
    #[schema(required = false)]
    working_time: bool,
}

/// What a desk promises to some of its tickets. Of all active policies the first whose conditions hold counts.
#[derive(ToSchema)]
pub(crate) struct SlaPolicy {
    /// Its id.
    id: Uuid,
    /// What people call it.
    name: String,
    /// What it is for.
    #[schema(required)]
    description: Option<String>,
    /// Its place among the policies, lowest first.
    position: i32,
    /// Which tickets it is for.
    #[schema(schema_with = conditions)]
    conditions: Value,
    /// How the conditions of the outermost list belong together.
    r#match: Matching,
    /// The calendar that working time is counted by; else the ticket's team's, else the default one, else all time
    /// counts.
    #[schema(required)]
    calendar_id: Option<Uuid>,
    /// What is promised, by priority.
    targets: BTreeMap<Priority, SlaTargets>,
    /// In which states of a ticket nothing counts.
    pause_on: Vec<Status>,
    /// How long before the end somebody is warned: a duration, or a part of the promised time such as `20%`.
    #[schema(required)]
    warn_before: Option<String>,
    /// What is done with a ticket where a promise was broken, beside telling it.
    #[schema(required)]
    on_breach: Option<OnBreach>,
    /// Whether it counts.
    is_active: bool,
    /// Whether a field is gone that its conditions ask for. It is for no ticket then.
    is_broken: bool,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// What is done with a ticket in the commit that tells that a promise was broken, once for each promise.
#[derive(ToSchema)]
pub(crate) struct OnBreach {
    /// Whether it goes a level up; not where nothing is said. At the highest level nothing is done at all.
    #[schema(required = false)]
    escalate: bool,
    /// Whom it goes to then: `next_role`, `team_lead`, `team_manager`, or the id of a person or a team. It stays with
    /// whoever has it where nothing is said, or nobody is there.
    #[schema(example = "next_role")]
    to: Option<String>,
    /// Whether its priority goes a step up; not where nothing is said.
    #[schema(required = false)]
    raise_priority: bool,
}

/// How a ticket's clocks came to stand where they stand.
#[derive(ToSchema)]
pub(crate) struct SlaStory {
    /// The policy that it is under, as it was when the ticket last changed. Null where none is for it.
    #[schema(required)]
    policy: Option<SlaStoryPolicy>,
    /// Since when nothing counts, because of the ticket's status.
    #[schema(required)]
    paused_since: Option<DateTime<Utc>>,
    /// When it was asked.
    now: DateTime<Utc>,
    /// Whether the ticket has more events than are looked at, the oldest 2,000. What came after them is told as if nothing
    /// had happened until its last change.
    is_cut: bool,
    /// Each promise.
    clocks: Vec<SlaClock>,
}

/// The policy that a ticket is under.
#[derive(ToSchema)]
pub(crate) struct SlaStoryPolicy {
    /// Its id.
    id: Uuid,
    /// What people call it. Null where it is deleted.
    #[schema(required)]
    name: Option<String>,
    /// The version that the ticket was last planned by.
    version: i64,
}

/// A promise, and how it stands.
#[derive(ToSchema)]
pub(crate) struct SlaClock {
    /// What is promised.
    metric: SlaMetric,
    /// How it stands: `running`, `paused` by the ticket's status, `stopped` because the ticket was over first, `met`
    /// in time, or `breached`.
    #[schema(example = "running")]
    state: String,
    /// How much time is promised.
    #[schema(example = "4h")]
    target: String,
    /// Whether only working time counts.
    working_time: bool,
    /// Since when.
    started_at: DateTime<Utc>,
    /// When it is or was over; null while it does not count.
    #[schema(required)]
    due_at: Option<DateTime<Utc>>,
    /// When somebody is warned.
    #[schema(required)]
    warn_at: Option<DateTime<Utc>>,
    /// When somebody was warned.
    #[schema(required)]
    warned_at: Option<DateTime<Utc>>,
    /// When the time was over.
    #[schema(required)]
    breached_at: Option<DateTime<Utc>>,
    /// When what was promised was done.
    #[schema(required)]
    met_at: Option<DateTime<Utc>>,
    /// How much has counted, seconds.
    spent_seconds: i64,
    /// How much is left, seconds; negative where it is over.
    left_seconds: i64,
    /// Each stretch of time, oldest first; at most 1,000.
    stretches: Vec<SlaStretch>,
    /// Whether older ones are left out.
    is_cut: bool,
}

/// A stretch of time that counted, or did not.
#[derive(ToSchema)]
pub(crate) struct SlaStretch {
    /// Its first moment.
    from: DateTime<Utc>,
    /// The first moment after it.
    to: DateTime<Utc>,
    /// `counted`, or why not: `closed` outside working time, `paused` by the ticket's status, `over` while it was
    /// resolved or closed.
    #[schema(example = "counted")]
    reason: String,
    /// The holidays in it, where it was closed.
    #[schema(required = false)]
    holidays: Vec<String>,
    /// The ticket's status, where that is why it did not count.
    #[schema(required = false)]
    status: Status,
}

/// What a policy or a calendar would do to the open tickets. All but `tickets` and `affected` counts promises that are
/// not kept yet.
#[derive(ToSchema)]
pub(crate) struct SlaForecast {
    /// Open tickets that were looked at.
    tickets: u64,
    /// Whether there are more open tickets than are looked at, 50,000.
    is_cut: bool,
    /// Tickets of which anything below would be so.
    affected: u64,
    /// Their time would be over at once, and is not as things are.
    breached_at_once: u64,
    /// Their time is over as things are, and would not be. What was told as broken stays broken all the same.
    saved: u64,
    /// Over in neither case, and sooner than as things are.
    due_earlier: u64,
    /// Over in neither case, and later than as things are, or not counting any more.
    due_later: u64,
    /// Not promised as things are.
    newly_promised: u64,
    /// Promised as things are, and no longer.
    no_longer_promised: u64,
    /// Some of these promises, those of the oldest tickets.
    #[schema(max_items = 100)]
    samples: Vec<SlaForecastSample>,
}

/// A promise that would be another.
#[derive(ToSchema)]
pub(crate) struct SlaForecastSample {
    /// The ticket.
    #[schema(example = "TKT-7KQ2M9XD")]
    ticket: String,
    /// What is promised.
    metric: SlaMetric,
    /// When its time is over as things are. Null where nothing is promised or nothing counts.
    #[schema(required)]
    due_at: Option<DateTime<Utc>>,
    /// When it would be over.
    #[schema(required)]
    would_be_due_at: Option<DateTime<Utc>>,
}

/// How many promises of a kind were kept and broken.
#[derive(ToSchema)]
pub(crate) struct SlaAttainment {
    /// How many were kept.
    kept: u64,
    /// How many were broken, also where it was done later.
    broken: u64,
    /// The part of them that was kept, 0 to 1, rounded down to four places. Null where there was no promise.
    #[schema(required, example = 0.9583)]
    attainment: Option<f64>,
    /// What had counted on one, on the average, seconds: until it was done, or until it was over where it was not. Null
    /// where there was no promise.
    #[schema(required)]
    mean_seconds: Option<i64>,
}

/// A part of a report.
#[derive(ToSchema)]
pub(crate) struct SlaReportGroup {
    /// What it is of: a metric or priority, the id of a team, agent or policy, the first day of a day or week, or a month
    /// such as `2026-01`. Null for what was in no team's queue or in nobody's hands.
    #[schema(required)]
    key: Option<String>,
    /// What people call the team, agent or policy, where that is known.
    #[schema(required = false)]
    name: String,
    /// Its numbers.
    metrics: BTreeMap<SlaMetric, SlaAttainment>,
}

/// How well the desk kept what it promised.
#[derive(ToSchema)]
pub(crate) struct SlaReport {
    /// Where it begins.
    from: DateTime<Utc>,
    /// Where it ends.
    to: DateTime<Utc>,
    /// By what it is parted.
    group_by: SlaGroupBy,
    /// All together.
    metrics: BTreeMap<SlaMetric, SlaAttainment>,
    /// Its parts, 1,000 at most: metrics and priorities in their order, teams, agents and policies by name, and every day,
    /// week or month by time.
    groups: Vec<SlaReportGroup>,
}
