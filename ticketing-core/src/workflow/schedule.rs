//! When rules look at tickets by themselves.

use crate::ids::WorkflowId;
use crate::input::Problems;
use crate::model::{Anchor, Schedule, Ticket};
use crate::time::{Time, parse_duration, to_micros};
use chrono::TimeDelta;
use chrono_tz::Tz;
use croner::Cron;
use std::str::FromStr;

/// No rule looks more often.
const SHORTEST: TimeDelta = TimeDelta::minutes(1);

/// Notes what is wrong with a schedule.
pub fn check(schedule: &Schedule, problems: &mut Problems) {
    match schedule {
        Schedule::Every { every } => match parse_duration(every) {
            Ok(every) if every < SHORTEST => {
                problems.add("schedule.every", "out_of_range", "May not be shorter than a minute.");
            }
            Ok(_) => {}
            Err(error) => problems.add("schedule.every", "invalid_value", format!("A duration {error}.")),
        },
        Schedule::Cron { cron, time_zone } => {
            if cron.split_whitespace().count() != 5 || Cron::from_str(cron).is_err() {
                problems.add("schedule.cron", "invalid_value", "Must be the five fields of a crontab, as 0 8 * * 1-5.");
            }
            if time_zone.as_deref().is_some_and(|zone| zone.parse::<Tz>().is_err()) {
                problems.add("schedule.time_zone", "unknown_value", "Is not an IANA time zone such as Europe/Berlin.");
            }
        }
        Schedule::After { after, since, .. } => match parse_duration(after) {
            // What the rule does to the ticket would be its next occasion.
            Ok(after) if *since == Anchor::UpdatedAt && after < SHORTEST => {
                problems.add("schedule.after", "out_of_range", "May not be shorter than a minute after a change.");
            }
            Ok(_) => {}
            Err(error) => problems.add("schedule.after", "invalid_value", format!("A duration {error}.")),
        },
    }
}

/// A rule that looks at each ticket so long after a moment of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// The rule.
    pub rule_id: WorkflowId,
    /// How long.
    pub after: TimeDelta,
    /// After which moment.
    pub since: Anchor,
    /// Whether only working time counts.
    pub working_time: bool,
}

impl After {
    /// What a rule's schedule says, where it is of this kind.
    pub fn of(rule_id: WorkflowId, schedule: &Schedule) -> Option<Self> {
        let Schedule::After { after, since, working_time } = schedule else { return None };
        let after = parse_duration(after).ok()?;
        Some(Self { rule_id, after, since: *since, working_time: *working_time })
    }

    /// The moment of the ticket that the rule counts from.
    pub fn anchor(&self, ticket: &Ticket) -> Option<Time> {
        match self.since {
            Anchor::CreatedAt => Some(ticket.created_at),
            Anchor::UpdatedAt => Some(ticket.updated_at),
            Anchor::LastCustomerReply => ticket.last_customer_reply_at,
            Anchor::LastStatusChange => ticket.last_status_change_at,
        }
    }
}

/// When a rule that looks at all tickets does so next after this moment: however many of its moments have passed, they
/// are not made up for. None where its schedule is of another kind, or has no such moment.
pub fn next_run(schedule: &Schedule, now: Time) -> Option<Time> {
    match schedule {
        Schedule::Every { every } => now.checked_add_signed(parse_duration(every).ok()?.max(SHORTEST)).map(to_micros),
        Schedule::Cron { cron, time_zone } => {
            let zone = time_zone.as_deref().map_or(Some(Tz::UTC), |zone| zone.parse().ok())?;
            let next = Cron::from_str(cron).ok()?.find_next_occurrence(&now.with_timezone(&zone), false).ok()?;
            Some(to_micros(next.to_utc()))
        }
        Schedule::After { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cron(cron: &str, zone: Option<&str>) -> Schedule {
        Schedule::Cron { cron: cron.to_owned(), time_zone: zone.map(str::to_owned) }
    }

    fn runs(schedule: &Schedule, from: &str, count: usize) -> Vec<String> {
        let mut at: Time = from.parse().unwrap();
        let next = std::iter::from_fn(|| {
            at = next_run(schedule, at)?;
            Some(at.format("%FT%TZ").to_string())
        });
        next.take(count).collect()
    }

    #[test]
    fn an_interval_counts_from_the_moment_that_it_is_asked_at() {
        let every = Schedule::Every { every: "90m".to_owned() };
        assert_eq!(runs(&every, "2026-01-15T10:00:00Z", 2), ["2026-01-15T11:30:00Z", "2026-01-15T13:00:00Z"]);
    }

    #[test]
    fn a_cron_line_is_meant_in_its_zone() {
        let berlin = cron("0 8 * * 1-5", Some("Europe/Berlin"));
        // A Friday in winter, and a Friday before the clocks go forward.
        assert_eq!(runs(&berlin, "2026-01-16T06:59:59Z", 2), ["2026-01-16T07:00:00Z", "2026-01-19T07:00:00Z"]);
        assert_eq!(runs(&berlin, "2026-03-27T07:00:00Z", 1), ["2026-03-30T06:00:00Z"]);
        assert_eq!(runs(&cron("0 8 * * 1-5", None), "2026-03-27T07:00:00Z", 1), ["2026-03-27T08:00:00Z"]);
    }

    #[test]
    fn a_day_whose_hour_is_skipped_or_comes_twice_has_one_run() {
        let berlin = cron("30 2 * * *", Some("Europe/Berlin"));
        for (from, days) in [("2026-03-27T12:00:00Z", 4), ("2026-10-23T12:00:00Z", 4)] {
            let runs = runs(&berlin, from, days);
            let dates: std::collections::BTreeSet<&str> = runs.iter().map(|run| &run[..10]).collect();
            assert_eq!(dates.len(), days, "{runs:?}");
        }
    }

    #[test]
    fn a_day_that_never_comes_has_no_run() {
        assert_eq!(next_run(&cron("0 0 30 2 *", None), "2026-01-15T10:00:00Z".parse().unwrap()), None);
        let after = Schedule::After { after: "1h".to_owned(), since: Anchor::CreatedAt, working_time: false };
        assert_eq!(next_run(&after, Time::UNIX_EPOCH), None);
    }
}
