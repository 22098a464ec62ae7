//! Working time and the oracle agree, on random calendars around random moments.

use super::oracle::Minutes;
use crate::calendar::WorkingTime;
use crate::demo::dice::Dice;
use crate::model::{Calendar, FormerHours, Holiday, HolidayDate, Hours, Period, Slot, TimeOfDay, WeeklyHours};
use crate::time::Time;
use chrono::{DateTime, Days, NaiveDate, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use proptest::prelude::*;

/// Zones with half and quarter hours, with clocks that are set by half an hour or by two, at midnight, a minute past it
/// and in Ramadan, and with days that were skipped; and one without any of it.
const ZONES: [Tz; 20] = [
    Tz::America__Sao_Paulo,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
    Tz::Pacific__Apia,
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::America__St_Johns,
    Tz::Africa__Casablanca,
    Tz::Asia__Tehran,
    Tz::Asia__Kolkata,
    Tz::Pacific__Chatham,
    Tz::Pacific__Kiritimati,
    Tz::Antarctica__Troll,
    Tz::Asia__Beirut,
    Tz::America__Havana,
    Tz::Africa__Cairo,
    Tz::Asia__Pyongyang,
    Tz::Europe__London,
    Tz::Pacific__Kwajalein,
    Tz::UTC,
];
const DAY: usize = 24 * 60;
/// Cases of one calendar and one stretch of time.
const TOGETHER: usize = 25;

/// What the suites are made from, so that a failure can be had again.
const SEED: u64 = 0x5EED_CA1E;

/// The hours from 1993 to 2030 in which a zone's clock was set.
fn clock_changes(zone: Tz) -> Vec<Time> {
    let offset = |hour: i64| {
        let utc = DateTime::from_timestamp(hour * 3_600, 0).unwrap().naive_utc();
        zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    };
    let (first, last) = (201_600, 525_960);
    let mut changes = Vec::new();
    // Days are looked at first, and then the hours of those that differ.
    for day in (first..last).step_by(24) {
        if offset(day) != offset(day + 24) {
            let hour = (day..day + 24).find(|hour| offset(*hour) != offset(hour + 1)).unwrap();
            changes.push(DateTime::from_timestamp((hour + 1) * 3_600, 0).unwrap());
        }
    }
    changes
}

/// Slots that follow one another, often in the small hours, where clocks are set.
fn slots(dice: &Dice) -> Vec<Slot> {
    let count = dice.pick(&[0, 1, 1, 2, 2, 3, 4]);
    let time = || match dice.below(8) {
        0 => 0,
        1 => 24 * 60,
        2..5 => dice.between(0, 16) * 15,
        5..7 => dice.between(0, 96) * 15,
        _ => dice.between(0, 24 * 60),
    };
    let mut times: Vec<u16> = (0..2 * count).map(|_| u16::try_from(time()).unwrap()).collect();
    times.sort_unstable();
    let pairs = times.chunks_exact(2).filter(|pair| pair[0] < pair[1]);
    let time = |minutes| TimeOfDay::from_minutes(minutes).unwrap();
    pairs.map(|pair| Slot { start: time(pair[0]), end: time(pair[1]) }).collect()
}

fn week(dice: &Dice) -> WeeklyHours {
    let mut week = WeeklyHours::default();
    let usual = slots(dice);
    for (_, day) in WeeklyHours::DAYS {
        *week.of_mut(day) = if dice.chance(500) { usual.clone() } else { slots(dice) };
    }
    week
}

/// Hours with holidays and periods within some days of a day.
fn hours(dice: &Dice, zone: Tz, around: NaiveDate) -> Hours {
    let day = || around + Days::new(u64::try_from(dice.between(0, 14)).unwrap()) - Days::new(7);
    let holidays = (0..dice.below(4)).map(|_| {
        let date = if dice.chance(500) { HolidayDate::Once(day()) } else { HolidayDate::yearly(day()) };
        Holiday { date, name: "Holiday".to_owned() }
    });
    let mut bounds: Vec<NaiveDate> = (0..2 * dice.below(3)).map(|_| day()).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let periods = bounds.chunks_exact(2).map(|pair| Period {
        name: None,
        from: pair[0],
        // The first day of the next one may not be in it.
        until: pair[1] - Days::new(1),
        weekly_hours: week(dice),
    });
    let (holidays, periods) = (holidays.collect(), periods.collect());
    Hours { time_zone: zone, weekly_hours: week(dice), holidays, periods }
}

/// A calendar that was edited up to twice within the stretch.
fn calendar(dice: &Dice, zone: Tz, start: Time, days: usize) -> Calendar {
    let around = start.date_naive();
    let mut calendar = Calendar {
        name: "Any".to_owned(),
        hours: hours(dice, zone, around),
        is_default: false,
        created_at: start,
        earlier: Vec::new(),
    };
    let mut edits: Vec<usize> = (0..dice.pick(&[0, 0, 1, 2])).map(|_| dice.below(days * DAY)).collect();
    edits.sort_unstable();
    for edit in edits {
        // An edit may move the desk to another zone.
        let zone = if dice.chance(300) { dice.pick(&ZONES) } else { zone };
        let until = start + TimeDelta::minutes(i64::try_from(edit).unwrap());
        let former = std::mem::replace(&mut calendar.hours, hours(dice, zone, around));
        calendar.earlier.push(FormerHours { until, hours: former });
    }
    calendar
}

/// What differs between the two for one moment, another, and an amount of work.
fn difference(time: &WorkingTime, minutes: &Minutes, [from, to, work]: [usize; 3], length: usize) -> Option<String> {
    let (at, until) = (minutes.at(from), minutes.at(to));
    let work_time = TimeDelta::minutes(i64::try_from(work).unwrap());
    // The oracle knows nothing of what comes after its stretch.
    let within = |found: Option<Time>| found.filter(|found| *found < minutes.at(length));
    let known = |minute: Option<usize>| minute.filter(|minute| *minute < length).map(|minute| minutes.at(minute));
    let spans: Vec<_> = time.spans(at, until).collect();
    let is_in_order = spans.windows(2).all(|pair| pair[0].end <= pair[1].start);
    let sum = spans.iter().fold(TimeDelta::zero(), |sum, span| sum + span.length());
    let counted = TimeDelta::minutes(i64::try_from(minutes.between(from, to.max(from))).unwrap());
    let checks = [
        ("is_open", time.is_open(at) == minutes.is_open(from)),
        ("next_open", within(time.next_open(at)) == known(minutes.next(from, true))),
        ("next_close", within(time.next_close(at)) == known(minutes.next(from, false))),
        ("between", time.between(at, until) == counted),
        ("spans", sum == counted && is_in_order && spans.iter().all(|span| span.start < span.end)),
        ("add", within(time.add(at, work_time)) == known(minutes.add(from, work))),
    ];
    let wrong: Vec<_> = checks.into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name).collect();
    (!wrong.is_empty()).then(|| format!("{} at {at}, {until}, {work} min", wrong.join(", ")))
}

/// Asks both about a random calendar of a zone, so many times.
fn differences(seed: u64, turn: usize, zone: Tz, changes: &[Time]) -> Vec<String> {
    let dice = Dice::new(seed, 1, u64::try_from(turn).unwrap());
    let days = 3 + dice.below(8);
    let anywhere = DateTime::from_timestamp(dice.between(725_760_000, 1_893_456_000) / 60 * 60, 0).unwrap();
    let around = if changes.is_empty() || dice.chance(300) { anywhere } else { dice.pick(changes) };
    let before = i64::try_from(dice.below(days * DAY)).unwrap();
    let start = around - TimeDelta::minutes(before);
    let calendar = calendar(&dice, zone, start, days);
    let time = WorkingTime::from(&calendar);
    let length = days * DAY;
    let minutes = Minutes::count(&calendar, start, length);
    let ask = |_| {
        let work = if dice.chance(200) { 0 } else { dice.below(DAY * 2) };
        let asked = [dice.below(length), dice.below(length), work];
        difference(&time, &minutes, asked, length)
    };
    let told = |what: String| format!("turn {turn}, {zone}: {what} of {}", serde_json::json!(calendar));
    (0..TOGETHER).filter_map(ask).map(told).collect()
}

/// So many cases, spread evenly over all zones; answers how many and what differs.
fn run(cases: usize) -> (usize, Vec<String>) {
    let changes: Vec<_> = ZONES.iter().map(|zone| clock_changes(*zone)).collect();
    assert!(changes.iter().filter(|changes| changes.len() > 10).count() > 10, "most zones set their clocks");
    let turns = cases.div_ceil(TOGETHER);
    let place = |turn: usize| turn % ZONES.len();
    let all = (0..turns).flat_map(|turn| differences(SEED, turn, ZONES[place(turn)], &changes[place(turn)]));
    (turns * TOGETHER, all.collect())
}

fn report((cases, differences): (usize, Vec<String>)) {
    println!("{cases} cases over {} zones: {} differences", ZONES.len(), differences.len());
    assert!(differences.is_empty(), "{}", differences[..differences.len().min(3)].join("\n"));
}

#[test]
fn two_thousand_cases_agree_with_the_oracle() {
    report(run(2_000));
}

/// Run by `scripts/calendar`.
#[test]
#[ignore = "takes a minute"]
fn a_hundred_thousand_cases_agree_with_the_oracle() {
    report(run(100_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_calendar_agrees_with_the_oracle(seed in any::<u64>(), zone in 0..ZONES.len()) {
        let zone = ZONES[zone];
        let differences = differences(seed, 0, zone, &[]);
        prop_assert!(differences.is_empty(), "{}", differences[0]);
    }

    /// What is added is there, and no less would do.
    #[test]
    fn what_is_added_is_what_is_between(
        seed in any::<u64>(), zone in 0..ZONES.len(), micros in 0..1_893_456_000_000_000_i64, work in 1..900_000_000_000_i64,
    ) {
        let dice = Dice::new(seed, 2, 0);
        let from = DateTime::from_timestamp_micros(micros).unwrap();
        let time = WorkingTime::from(&calendar(&dice, ZONES[zone], from, 9));
        let work = TimeDelta::microseconds(work);
        if let Some(due) = time.add(from, work) {
            prop_assert_eq!(time.between(from, due), work);
            let instant = TimeDelta::microseconds(1);
            prop_assert_eq!(time.between(from, due - instant), work - instant, "the last instant counts");
            let half = time.add(from, work / 2).and_then(|half| time.add(half, work - work / 2));
            prop_assert_eq!(half, Some(due), "in two parts it is as long");
        }
    }
}
