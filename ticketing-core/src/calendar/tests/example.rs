//! Examples worked out by hand: what slots mean where clocks are set, days are skipped and calendars edited.

use super::{at, calendar, daily, hours_of, time, workdays};
use crate::calendar::WorkingTime;
use chrono::TimeDelta;
use serde_json::json;

fn office() -> WorkingTime {
    time("Europe/Berlin", json!({"weekly_hours": workdays(&[("09:00", "12:00"), ("13:00", "17:00")])}))
}

const fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

/// The open time between two moments, as texts.
fn spans(time: &WorkingTime, from: &str, to: &str) -> Vec<(String, String)> {
    let text = |moment: crate::time::Time| moment.format("%dT%H:%M").to_string();
    time.spans(at(from), at(to)).map(|span| (text(span.start), text(span.end))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn work_stops_over_lunch_at_night_and_over_the_weekend() {
    let office = office();
    // A Friday; the office is an hour ahead of UTC.
    assert_eq!(office.add(at("2026-01-16T15:00:00Z"), hours(2)), Some(at("2026-01-19T09:00:00Z")));
    assert_eq!(office.add(at("2026-01-16T10:30:00Z"), hours(1)), Some(at("2026-01-16T12:30:00Z")));
    assert_eq!(office.between(at("2026-01-16T00:00:00Z"), at("2026-01-20T00:00:00Z")), hours(14));
    assert_eq!(office.next_open(at("2026-01-16T16:00:00Z")), Some(at("2026-01-19T08:00:00Z")));
    assert_eq!(office.next_open(at("2026-01-16T11:30:00Z")), Some(at("2026-01-16T12:00:00Z")));
    assert_eq!(office.next_close(at("2026-01-16T12:30:00Z")), Some(at("2026-01-16T16:00:00Z")));
}

#[test]
fn a_slot_has_its_start_and_not_its_end() {
    let office = office();
    for (moment, open) in [
        ("2026-01-16T07:59:59.999999Z", false),
        ("2026-01-16T08:00:00Z", true),
        ("2026-01-16T10:59:59.999999Z", true),
        ("2026-01-16T11:00:00Z", false),
    ] {
        assert_eq!(office.is_open(at(moment)), open, "{moment}");
        let moment = at(moment);
        assert_eq!(office.next_open(moment) == Some(moment), open);
        assert_eq!(office.next_close(moment) == Some(moment), !open);
    }
}

#[test]
fn a_deadline_at_the_end_of_a_slot_is_that_end() {
    let office = office();
    assert_eq!(office.add(at("2026-01-16T15:00:00Z"), hours(1)), Some(at("2026-01-16T16:00:00Z")));
    assert_eq!(office.add(at("2026-01-16T15:30:00.25Z"), hours(1)), Some(at("2026-01-19T08:30:00.25Z")));
    for none in [TimeDelta::zero(), hours(-5)] {
        for moment in ["2026-01-17T10:00:00Z", "2026-01-16T10:00:00Z"] {
            assert_eq!(office.add(at(moment), none), Some(at(moment)), "nothing passes at once");
        }
    }
    assert_eq!(office.between(at("2026-01-16T15:00:00Z"), at("2026-01-16T10:00:00Z")), TimeDelta::zero());
}

#[test]
fn a_clock_set_forward_shortens_and_one_set_back_opens_twice() {
    let night = time("Europe/Berlin", json!({"weekly_hours": daily(&[("01:00", "04:00")])}));
    assert_eq!(night.between(at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")), hours(2));
    assert_eq!(night.between(at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")), hours(4));
    let inside = time("Europe/Berlin", json!({"weekly_hours": daily(&[("02:00", "02:30")])}));
    assert_eq!(spans(&inside, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), pairs(&[]));
    let twice = pairs(&[("25T00:00", "25T00:30"), ("25T01:00", "25T01:30")]);
    assert_eq!(spans(&inside, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), twice);
    let half = time("Australia/Lord_Howe", json!({"weekly_hours": daily(&[("01:00", "04:00")])}));
    assert_eq!(half.between(at("2026-10-03T06:00:00Z"), at("2026-10-04T06:00:00Z")), TimeDelta::minutes(150));
}

#[test]
fn a_clock_set_at_midnight_makes_days_shorter_and_longer() {
    let whole =
        json!({"weekly_hours": daily(&[("00:00", "24:00")]), "holidays": [{"date": "2000-01-01", "name": "x"}]});
    let time = time("America/Sao_Paulo", whole);
    let day = |day: &str, length: i64| {
        let spans: Vec<_> = time
            .spans(at("2018-01-01T00:00:00Z"), at("2019-01-01T00:00:00Z"))
            .filter(|span| span.day.to_string() == day)
            .collect();
        let sum = spans.iter().fold(TimeDelta::zero(), |sum, span| sum + span.length());
        assert_eq!(sum, hours(length), "{day}: {spans:?}");
    };
    day("2018-11-04", 23);
    day("2018-02-17", 25);
    day("2018-02-18", 24);
}

#[test]
fn a_day_that_comes_again_after_midnight_stays_in_its_order() {
    // At a minute past midnight the clock was set back to 23:01 of the day before.
    let late = time("America/St_Johns", json!({"weekly_hours": daily(&[("00:00", "00:30"), ("23:30", "24:00")])}));
    let found = spans(&late, "2009-11-01T01:00:00Z", "2009-11-01T06:00:00Z");
    let wanted =
        [("01T02:00", "01T02:30"), ("01T02:30", "01T02:31"), ("01T03:00", "01T03:30"), ("01T03:30", "01T04:00")];
    assert_eq!(found, pairs(&wanted));
}

#[test]
fn a_day_that_a_zone_skips_has_no_time() {
    let hours_a_day = json!({"weekly_hours": daily(&[("09:00", "17:00")])});
    let time = time("Pacific/Apia", hours_a_day);
    let days: Vec<_> = time
        .spans(at("2011-12-29T10:00:00Z"), at("2012-01-01T10:00:00Z"))
        .map(|span| (span.day.to_string(), span.length()))
        .collect();
    let wanted = [("2011-12-29", hours(8)), ("2011-12-31", hours(8)), ("2012-01-01", hours(8))];
    assert_eq!(days, wanted.map(|(day, length)| (day.to_owned(), length)));
    assert_eq!(time.add(at("2011-12-30T02:00:00Z"), hours(2)), Some(at("2011-12-30T20:00:00Z")));
}

#[test]
fn zones_may_be_a_quarter_of_an_hour_off() {
    let time = time("Asia/Kathmandu", json!({"weekly_hours": daily(&[("09:00", "17:00")])}));
    assert_eq!(time.next_open(at("2026-01-16T00:00:00Z")), Some(at("2026-01-16T03:15:00Z")));
}

#[test]
fn holidays_close_whole_days_and_periods_have_hours_of_their_own() {
    let time = time(
        "UTC",
        json!({
            "weekly_hours": workdays(&[("09:00", "17:00")]),
            "holidays": [
                {"date": "2026-07-06", "name": "Once"}, {"date": "--07-14", "name": "Each year"},
                {"date": "--02-29", "name": "Leap day"}
            ],
            "periods": [
                {"name": "Summer", "from": "2026-07-01", "until": "2026-08-31",
                    "weekly_hours": {"monday": [{"start": "08:00", "end": "12:00"}], "tuesday": [{"start": "08:00", "end": "12:00"}]}},
                {"name": null, "from": "2026-12-24", "until": "2026-12-31", "weekly_hours": {}}
            ],
        }),
    );
    for (moment, open) in [
        ("2026-06-30T16:00:00Z", true),
        ("2026-07-01T10:00:00Z", false),
        ("2026-07-06T10:00:00Z", false),
        ("2027-07-06T10:00:00Z", true),
        ("2026-07-13T08:30:00Z", true),
        ("2026-07-13T13:00:00Z", false),
        ("2026-07-14T10:00:00Z", false),
        ("2027-07-14T10:00:00Z", false),
        ("2026-08-31T08:00:00Z", true),
        ("2026-09-01T16:00:00Z", true),
        ("2026-12-23T10:00:00Z", true),
        ("2026-12-24T10:00:00Z", false),
        ("2026-12-31T10:00:00Z", false),
        ("2027-01-01T10:00:00Z", true),
        ("2028-02-29T10:00:00Z", false),
        ("2027-03-01T10:00:00Z", true),
    ] {
        assert_eq!(time.is_open(at(moment)), open, "{moment}");
    }
}

#[test]
fn slots_that_touch_are_one_opening() {
    let late = json!({"weekly_hours": daily(&[("00:00", "02:00"), ("18:00", "22:00"), ("22:00", "24:00")])});
    let time = time("UTC", late);
    assert_eq!(time.next_close(at("2026-01-16T19:00:00Z")), Some(at("2026-01-17T02:00:00Z")));
}

#[test]
fn an_edit_acts_from_its_moment_on() {
    let mut calendar = calendar("Europe/Berlin", json!({"weekly_hours": workdays(&[("09:00", "17:00")])}));
    let mut hours_later = hours_of(&calendar);
    hours_later.time_zone = chrono_tz::Tz::America__New_York;
    hours_later.holidays.push(serde_json::from_value(json!({"date": "2026-01-14", "name": "Too late"})).unwrap());
    calendar.change_hours(hours_later, at("2026-01-15T12:00:00Z"));
    let time = WorkingTime::from(&calendar);
    let found = spans(&time, "2026-01-14T00:00:00Z", "2026-01-16T00:00:00Z");
    assert_eq!(found, pairs(&[("14T08:00", "14T16:00"), ("15T08:00", "15T12:00"), ("15T14:00", "15T22:00")]));
    assert_eq!(time.add(at("2026-01-15T11:00:00Z"), hours(2)), Some(at("2026-01-15T15:00:00Z")));
}

#[test]
fn round_the_clock_is_always() {
    let whole = json!({"weekly_hours": daily(&[("00:00", "24:00")])});
    for time in [WorkingTime::round_the_clock(), time("Pacific/Apia", whole)] {
        let (from, to) = (at("2011-12-29T13:00:00Z"), at("2012-01-02T13:00:00Z"));
        assert!(time.is_open(from));
        assert_eq!((time.next_open(from), time.next_close(from)), (Some(from), None));
        assert_eq!((time.add(from, hours(96)), time.between(from, to)), (Some(to), hours(96)));
        let sum = time.spans(from, to).fold(TimeDelta::zero(), |sum, span| sum + span.length());
        assert_eq!(sum, hours(96));
    }
}

#[test]
fn a_desk_that_does_not_open_again_has_no_deadline() {
    let on_mondays = json!({"monday": [{"start": "10:00", "end": "11:00"}]});
    let seasons = json!({"periods": [
        {"name": null, "from": "2020-01-01", "until": "2020-12-31", "weekly_hours": on_mondays},
        {"name": null, "from": "2046-01-01", "until": "2046-12-31", "weekly_hours": on_mondays},
    ]});
    let time = time("UTC", seasons);
    assert_eq!(time.next_open(at("2020-06-01T12:00:00Z")), Some(at("2020-06-08T10:00:00Z")));
    assert_eq!(time.next_open(at("2021-01-01T00:00:00Z")), None, "not within ten years");
    assert_eq!(time.add(at("2020-12-28T10:00:00Z"), hours(1)), Some(at("2020-12-28T11:00:00Z")));
    assert_eq!(time.add(at("2020-12-28T10:00:00Z"), hours(2)), None);
    assert_eq!(time.next_open(at("2040-01-01T00:00:00Z")), Some(at("2046-01-01T10:00:00Z")));
    let moment = at("2021-01-01T00:00:00Z");
    assert_eq!(time.next_close(moment), Some(moment));
}

#[test]
fn ten_years_of_work_are_found_and_a_hundred_years_are_the_end() {
    let from = at("2026-01-15T10:00:00Z");
    let due = office().add(from, crate::time::LONGEST_DURATION).unwrap();
    // 87,600 hours, 35 a week.
    assert_eq!(due.format("%Y-%m").to_string(), "2074-01");
    let seldom = time("UTC", json!({"weekly_hours": {"monday": [{"start": "10:00", "end": "10:01"}]}}));
    assert_eq!(seldom.add(from, crate::time::LONGEST_DURATION), None);
    assert_eq!(office().add(chrono::DateTime::<chrono::Utc>::MAX_UTC, hours(1)), None);
}
