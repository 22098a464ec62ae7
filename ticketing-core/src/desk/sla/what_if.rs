//! What a policy or a calendar would do to the open tickets, before it is saved. Nothing is written.

use super::input::NewSlaPolicy;
use super::{check, new_policy};
use crate::access::Call;
use crate::calendar::Calendars;
use crate::desk::calendar::{NewCalendar, proposed_calendars};
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::{CalendarId, TicketNumber};
use crate::input::{Fields, Input, Problems};
use crate::model::{Role, SlaClock, SlaMetric, SlaPolicy, Status, Ticket};
use crate::setting::Stored;
use crate::sla::{self, SlaPolicies};
use crate::time::Time;
use serde::Serialize;
use std::cmp::Ordering;
use uuid::Uuid;

/// Where a ticket stands that still asks for work.
const OPEN: &[Status] = &[Status::Open, Status::InProgress, Status::Pending, Status::OnHold];
/// Tickets that are read at once.
const PAGE: usize = 500;
/// How many promises are told of one by one.
const MOST_SAMPLES: usize = 100;

/// A policy or a calendar as it might be.
#[derive(Clone, Debug)]
pub struct SlaWhatIf {
    /// The policy.
    pub policy: Option<NewSlaPolicy>,
    /// The calendar.
    pub calendar: Option<NewCalendar>,
    /// The one that it would be instead of. Of a policy nothing need be said: it would be a further one.
    pub replaces: Option<Uuid>,
}

impl Input for SlaWhatIf {
    fn read(fields: &mut Fields) -> Self {
        Self {
            policy: fields.nested("policy", NewSlaPolicy::read),
            calendar: fields.nested("calendar", NewCalendar::read),
            replaces: fields.nullable_id("replaces").into_option().flatten(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        let mut below = |field: &str, given: &dyn Fn(&mut Problems)| {
            let mut inner = Problems::default();
            given(&mut inner);
            problems.extend_below(field, inner);
        };
        match (&self.policy, &self.calendar) {
            (None, None) => problems.add("policy", "required", "Takes either policy or calendar."),
            (Some(_), Some(_)) => problems.add("calendar", "not_allowed", "Takes either policy or calendar."),
            (Some(policy), None) => below("policy", &|inner| policy.check(inner)),
            (None, Some(calendar)) => {
                below("calendar", &|inner| calendar.check(inner));
                if self.replaces.is_none() {
                    // Nobody works by a calendar that is not there yet.
                    problems.add("replaces", "required", "Is required with a calendar.");
                }
            }
        }
    }
}

/// What would become of the open tickets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SlaForecast {
    /// Open tickets that were looked at.
    pub tickets: u64,
    /// Whether there are more open tickets than are looked at.
    pub is_cut: bool,
    /// Tickets of which anything below would be so. All else counts promises that are not kept yet.
    pub affected: u64,
    /// Their time would be over at once, and is not as things are.
    pub breached_at_once: u64,
    /// Their time is over as things are, and would not be. What was told as broken stays broken all the same.
    pub saved: u64,
    /// Over in neither case, and sooner than as things are.
    pub due_earlier: u64,
    /// Over in neither case, and later than as things are, or not counting any more.
    pub due_later: u64,
    /// Not promised as things are.
    pub newly_promised: u64,
    /// Promised as things are, and no longer.
    pub no_longer_promised: u64,
    /// Some of these promises, those of the oldest tickets.
    pub samples: Vec<SlaForecastSample>,
}

/// A promise that would be another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlaForecastSample {
    /// The ticket.
    pub ticket: TicketNumber,
    /// What is promised.
    pub metric: SlaMetric,
    /// When its time is over as things are; none where nothing is promised or nothing counts.
    pub due_at: Option<Time>,
    /// When it would be over. A time that would be over at once is over when it is asked.
    pub would_be_due_at: Option<Time>,
}

/// What is promised, and by which working time.
struct Terms<'a> {
    policies: &'a SlaPolicies,
    calendars: &'a Calendars,
}

impl Terms<'_> {
    /// The ticket's promises that are not kept yet. What was told as broken is looked at like everything else.
    fn clocks(&self, ticket: &Ticket, now: Time) -> [Option<SlaClock>; 3] {
        let sla = sla::follow(Some(ticket), ticket, None, self.policies, self.calendars, now);
        let clock = |wanted: SlaMetric| {
            let (_, clock) = sla.as_ref()?.clocks().find(|(metric, _)| *metric == wanted)?;
            Some(clock.clone()).filter(|clock| clock.met_at.is_none())
        };
        [clock(SlaMetric::FirstResponse), clock(SlaMetric::NextResponse), clock(SlaMetric::Resolution)]
    }
}

impl Desk {
    /// What a policy or a calendar would do to the open tickets if it were saved now. For administrators.
    pub async fn sla_what_if(&self, call: impl Into<Call>, input: SlaWhatIf) -> Result<SlaForecast, Error> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        let snapshot = self.snapshot().await?;
        let asked_at = self.now();
        let (policies, calendars) = self.proposed(&snapshot, &input, asked_at)?;
        let is = Terms { policies: &snapshot.sla_policies, calendars: &snapshot.calendars };
        let would = Terms {
            policies: policies.as_ref().unwrap_or(is.policies),
            calendars: calendars.as_ref().unwrap_or(is.calendars),
        };
        let (mut forecast, mut after) = (SlaForecast::default(), None);
        let mut left = self.options().what_if_tickets;
        loop {
            // One more than is left, to know whether there are more.
            let (page, next) = self.timed_page(OPEN, after, PAGE.min(left.saturating_add(1))).await?;
            forecast.is_cut = page.len() > left;
            let looked = page.len().min(left);
            left -= looked;
            for ticket in page.into_iter().take(looked) {
                forecast.look(ticket, &is, &would, asked_at);
            }
            if next.is_none() || forecast.is_cut {
                return Ok(forecast);
            }
            after = next;
        }
    }

    /// All policies, or all calendars, as they would be.
    fn proposed(
        &self,
        snapshot: &Snapshot,
        input: &SlaWhatIf,
        now: Time,
    ) -> Result<(Option<SlaPolicies>, Option<Calendars>), Error> {
        if let (Some(calendar), Some(id)) = (&input.calendar, input.replaces) {
            let calendars = proposed_calendars(snapshot, calendar, CalendarId(id), now);
            return Ok((None, Some(calendars.map_err(|error| below("calendar", error))?)));
        }
        let Some(policy) = &input.policy else { return Ok((None, None)) };
        let policies = &snapshot.sla_policies;
        let old = input.replaces.map(|id| snapshot.setting::<SlaPolicy>(id)).transpose()?;
        let mut content = new_policy(policies, now);
        if let Some(old) = old {
            content.position = old.content.position;
        }
        policy.0.apply(&mut content);
        let id = old.map_or_else(|| self.ids().uuid(now), |old| old.id);
        check(snapshot, id, &content, true).map_err(|error| below("policy", error))?;
        let new = Stored { id, version: old.map_or(1, |old| old.version + 1), saved_at: now, content };
        let others = policies.iter().map(|known| &known.stored).filter(|other| other.id != id).cloned();
        Ok((Some(SlaPolicies::new(others.chain([new]).collect(), &snapshot.custom_fields)), None))
    }
}

/// What is wrong with a field's own fields.
fn below(field: &str, error: Error) -> Error {
    let Error::Invalid(errors) = error else { return error };
    let named = |mut error: crate::error::FieldError| {
        error.field = format!("{field}.{}", error.field);
        error
    };
    Error::Invalid(errors.into_iter().map(named).collect())
}

impl SlaForecast {
    fn look(&mut self, mut ticket: Ticket, is: &Terms<'_>, would: &Terms<'_>, asked_at: Time) {
        let now = asked_at.max(ticket.updated_at);
        let told = ticket.sla.clone();
        // A clock that was broken says no more when its time would be over, so the marks are taken off.
        if let Some(sla) = ticket.sla.as_deref_mut() {
            for metric in SlaMetric::ALL {
                if let Some(clock) = sla.clock_mut(*metric) {
                    clock.breached_at = None;
                }
            }
        }
        self.tickets += 1;
        let mut is_affected = false;
        let pairs = is.clocks(&ticket, now).into_iter().zip(would.clocks(&ticket, now));
        for (metric, (old, new)) in SlaMetric::ALL.iter().zip(pairs) {
            let broken_at = told.as_deref().and_then(|sla| sla.clock(*metric)?.breached_at);
            // A broken promise of a ticket that waits is not due, and is over all the same.
            let is_over = |clock: Option<&SlaClock>| {
                clock.is_some_and(|clock| match clock.due_at {
                    Some(due_at) => due_at <= now,
                    None => broken_at.is_some() && left(clock) <= 0,
                })
            };
            if !self.compare(old.as_ref(), new.as_ref(), is_over) {
                continue;
            }
            is_affected = true;
            if self.samples.len() < MOST_SAMPLES {
                let due_at = old.and_then(|clock| broken_at.or(clock.due_at));
                let would_be_due_at = new.and_then(|clock| clock.due_at);
                let ticket = ticket.number.clone();
                self.samples.push(SlaForecastSample { ticket, metric: *metric, due_at, would_be_due_at });
            }
        }
        self.affected += u64::from(is_affected);
    }

    /// Counts a promise; answers whether it would be another.
    fn compare(
        &mut self,
        old: Option<&SlaClock>,
        new: Option<&SlaClock>,
        is_over: impl Fn(Option<&SlaClock>) -> bool,
    ) -> bool {
        let count = match (old, new) {
            (None, None) => return false,
            (None, Some(_)) => &mut self.newly_promised,
            (Some(_), None) => &mut self.no_longer_promised,
            (Some(_), Some(_)) if is_over(old) && is_over(new) => return false,
            (Some(_), Some(_)) if is_over(old) => &mut self.saved,
            (Some(_), Some(_)) if is_over(new) => {
                self.breached_at_once += 1;
                return true;
            }
            (Some(old), Some(new)) => match sooner(new, old) {
                Ordering::Less => &mut self.due_earlier,
                Ordering::Greater => &mut self.due_later,
                Ordering::Equal => return false,
            },
        };
        *count += 1;
        self.breached_at_once += u64::from(old.is_none() && is_over(new));
        true
    }
}

/// Which of two clocks is over first. One that does not count comes last; of two of them, the one with less time left
/// comes first.
fn sooner(one: &SlaClock, other: &SlaClock) -> Ordering {
    match (one.due_at, other.due_at) {
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left(one).cmp(&left(other)),
    }
}

/// How much time is left, microseconds; less than nothing where it is over.
fn left(clock: &SlaClock) -> i128 {
    i128::from(clock.target) * 1_000_000 - i128::from(clock.spent)
}
