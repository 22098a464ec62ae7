//! Working time.

use super::super::word::Rounding;
use super::{LinkedTicket, Person};
use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// Money, exactly.
#[derive(ToSchema)]
pub(crate) struct Money {
    /// How many of the currency's smallest unit, such as cents.
    #[schema(minimum = 0)]
    amount_minor: i64,
    /// The currency (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
}

/// Time that somebody has spent on a ticket. Never told to customers.
#[derive(ToSchema)]
pub(crate) struct TimeEntry {
    /// Its id.
    id: Uuid,
    /// The ticket that it is with.
    ticket_id: Uuid,
    /// Who has spent it.
    user: Person,
    /// How much, in hundredths of an hour: what is shown here is what is counted.
    hours: f64,
    /// What was done.
    #[schema(required)]
    description: Option<String>,
    /// Whether somebody pays for it.
    billable: bool,
    /// When it began, where that was said. It counts at this moment; else at `created_at`.
    #[schema(required)]
    started_at: Option<DateTime<Utc>>,
    /// When it ended, where that was said and nothing lay between.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
    /// The price of an hour when it was logged; null where there was none.
    #[schema(required)]
    rate: Option<Money>,
    /// What it earns; null where nobody pays for it, or there was no price.
    #[schema(required)]
    amount: Option<Money>,
    /// Who asked for the ticket when it was logged.
    customer_id: Uuid,
    /// The company of the ticket when it was logged.
    #[schema(required)]
    organization_id: Option<Uuid>,
    /// Grows by one with every correction; the entity tag.
    version: i64,
    /// When it was logged.
    created_at: DateTime<Utc>,
    /// When it was last corrected.
    updated_at: DateTime<Utc>,
    /// What may be a mistake. Only in the answer to whoever has just logged or changed it.
    #[schema(required = false)]
    warnings: Vec<TimeWarning>,
}

/// What may be a mistake about time that was logged. It is kept all the same.
#[derive(ToSchema)]
pub(crate) struct TimeWarning {
    /// `overlap`: the same person has logged other time in the same stretch. `capped`: a timer had run for more than 24
    /// hours, and 24 were logged.
    code: String,
    /// The same for people.
    message: String,
    /// What it overlaps, at most ten.
    #[schema(required = false)]
    entries: Vec<OverlappingTime>,
}

/// Time that overlaps other time.
#[derive(ToSchema)]
pub(crate) struct OverlappingTime {
    /// Its id.
    id: Uuid,
    /// The ticket that it is with.
    ticket_id: Uuid,
    /// When it began.
    #[schema(required)]
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
    /// How much it is.
    hours: f64,
}

/// Working time together.
#[derive(ToSchema)]
pub(crate) struct TimeTotals {
    /// All of it.
    hours: f64,
    /// What somebody pays for.
    billable_hours: f64,
    /// How many entries it is of.
    #[schema(minimum = 0)]
    entries: u64,
    /// What it earns, by currency: the sum of what each entry earns.
    amounts: Vec<Money>,
}

/// A page of the time that was spent on a ticket.
#[derive(ToSchema)]
pub(crate) struct TicketTime {
    /// What is on this page.
    items: Vec<TimeEntry>,
    /// Where the next page starts: the `cursor` to ask for; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
    /// How many there are in all, where `count=true` asked for it.
    #[schema(required = false, minimum = 0)]
    total: u64,
    /// All time on the ticket together, whatever page it is.
    totals: TimeTotals,
}

/// One group of a summary.
#[derive(ToSchema)]
pub(crate) struct TimeSummaryItem {
    /// What it is of: an id, a day (the first of a week), or a month. Null for what was for no company.
    #[schema(required)]
    key: Option<String>,
    /// What people call that: a ticket's number and subject, a name, the day or the month.
    #[schema(required)]
    label: Option<String>,
    /// All of it.
    hours: f64,
    /// What somebody pays for.
    billable_hours: f64,
    /// How many entries it is of.
    #[schema(minimum = 1)]
    entries: u64,
    /// What it earns, by currency.
    amounts: Vec<Money>,
    /// What is on the ticket by the same filter but for `from` and `to`; of tickets alone.
    #[schema(required = false)]
    total_hours: f64,
}

/// Working time, summed up.
#[derive(ToSchema)]
pub(crate) struct TimeSummary {
    /// Groups that have any: the most time first; days, weeks and months by time.
    items: Vec<TimeSummaryItem>,
    /// All of them together.
    totals: TimeTotals,
}

/// Somebody's timer.
#[derive(ToSchema)]
pub(crate) struct Timer {
    /// The ticket that it is for.
    ticket_id: Uuid,
    /// Enough of it to know it by; null where one no longer sees it.
    #[schema(required)]
    ticket: Option<LinkedTicket>,
    /// Whether it runs, or rests.
    is_running: bool,
    /// When it was started.
    started_at: DateTime<Utc>,
    /// Since when it runs; null while it rests.
    #[schema(required)]
    running_since: Option<DateTime<Utc>>,
    /// What it showed when it was asked, whole seconds.
    #[schema(minimum = 0)]
    elapsed_seconds: i64,
    /// What is being done.
    #[schema(required)]
    description: Option<String>,
    /// Whether somebody pays for it; null where nothing was said.
    #[schema(required)]
    billable: Option<bool>,
    /// What a timer had counted that was stopped for this one. Only in the answer to whoever has just started it.
    #[schema(required = false)]
    logged: TimeEntry,
}

/// One's timer, if there is one.
#[derive(ToSchema)]
pub(crate) struct OwnTimer {
    /// It; null where there is none.
    #[schema(required)]
    timer: Option<Timer>,
}

/// What an hour costs a company.
#[derive(ToSchema)]
pub(crate) struct OrganizationRate {
    /// Which company.
    organization_id: Uuid,
    /// How many of the currency's smallest unit, such as cents.
    #[schema(minimum = 0, maximum = 100_000_000)]
    amount_minor: i64,
    /// The currency (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
}

/// How working time is counted.
#[derive(ToSchema)]
pub(crate) struct TimeTracking {
    /// The step that measured time is rounded to, minutes: 1, 5, 6, 10, 15, 30 or 60; none where it is 0. What would be
    /// rounded to nothing counts as one step. Hours that somebody says stay as they are said.
    round_to_minutes: i64,
    /// To which side.
    round: Rounding,
    /// Whether somebody pays for time of which nothing is said.
    default_billable: bool,
    /// What an hour costs whoever has no price of their own.
    #[schema(required)]
    default_rate: Option<Money>,
    /// What it costs companies that have one.
    rates: Vec<OrganizationRate>,
    /// Grows by one with every change; the entity tag. 0 while nobody has changed it.
    version: i64,
    /// When it last changed.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}
