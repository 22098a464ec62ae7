//! When rules look at tickets by themselves.

use crate::input::Problems;
use crate::model::Schedule;
use crate::time::parse_duration;
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
        Schedule::After { after, .. } => {
            if let Err(error) = parse_duration(after) {
                problems.add("schedule.after", "invalid_value", format!("A duration {error}."));
            }
        }
    }
}
