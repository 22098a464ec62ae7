//! When people write and when staff answer: weekdays, hours, and a desk that grows.

use super::dice::Dice;
use super::text::LANGUAGES;
use crate::time::Time;

/// Microseconds of a minute.
pub(super) const MINUTE: i64 = 60_000_000;
/// Microseconds of an hour.
pub(super) const HOUR: i64 = 60 * MINUTE;
/// Microseconds of a day.
pub(super) const DAY: i64 = 24 * HOUR;

/// How much is written in each hour of the writer's day.
const HOURS: [u32; 24] = [2, 1, 1, 1, 1, 2, 6, 18, 42, 62, 58, 48, 36, 38, 42, 40, 36, 30, 24, 20, 16, 12, 8, 4];
/// How much is written on each day, Monday first.
const DAYS: [u32; 7] = [134, 112, 104, 100, 92, 40, 24];
/// Staff sit an hour east of Greenwich.
const STAFF_OFFSET: i64 = 1;
/// Up to so many tickets make a small desk for a look around; more make a desk with a past.
pub(super) const SMALL: u64 = 1000;

/// The day of the week (Monday is 0) and the hour, so many hours east of Greenwich.
fn local(at: i64, offset: i64) -> (usize, usize) {
    let at = at + offset * HOUR;
    let weekday = (at.div_euclid(DAY) + 3).rem_euclid(7);
    let hour = at.rem_euclid(DAY) / HOUR;
    (usize::try_from(weekday).unwrap_or_default(), usize::try_from(hour).unwrap_or_default())
}

/// How much people of one language write at this moment.
pub(super) fn pull(language: usize, at: i64) -> u32 {
    let spoken = LANGUAGES[language];
    let (weekday, hour) = local(at, spoken.offset);
    let rush = if weekday == 0 && (9..11).contains(&hour) { 5 } else { 4 };
    spoken.share * DAYS[weekday] * HOURS[hour] * rush
}

/// The first moment from then on at which staff work, with a little time to get to it.
pub(super) fn staffed(at: i64, dice: &Dice) -> i64 {
    next_waking(at, STAFF_OFFSET, |weekday, hour| weekday < 5 && (8..18).contains(&hour), 8, dice)
}

/// The first moment from then on at which a customer is awake.
pub(super) fn awake(at: i64, language: usize, dice: &Dice) -> i64 {
    next_waking(at, LANGUAGES[language].offset, |_, hour| (7..23).contains(&hour), 7, dice)
}

fn next_waking(at: i64, offset: i64, fits: impl Fn(usize, usize) -> bool, opens: i64, dice: &Dice) -> i64 {
    let (weekday, hour) = local(at, offset);
    if fits(weekday, hour) {
        return at;
    }
    let mut morning = (at + offset * HOUR).div_euclid(DAY) * DAY + opens * HOUR - offset * HOUR;
    while morning < at || !fits(local(morning, offset).0, local(morning, offset).1) {
        morning += DAY;
    }
    morning + dice.between(0, 100 * MINUTE)
}

/// How the tickets lie in time: the share of all that has come by each hour.
pub(super) struct Rhythm {
    /// The full hour that it starts with.
    start: i64,
    /// Nothing comes at or after this.
    end: i64,
    /// How much has come by the end of each hour.
    sums: Vec<u64>,
}

impl Rhythm {
    /// The rhythm of a desk with so many tickets until now.
    pub(super) fn new(now: Time, tickets: u64) -> Self {
        let end = now.timestamp_micros();
        let days = if tickets <= SMALL { 90 } else { 548 };
        let start = (end - days * DAY).div_euclid(HOUR) * HOUR;
        let mut sums = Vec::new();
        let mut sum = 0_u64;
        let mut hour = start;
        while hour < end {
            let length = (end - hour).min(HOUR);
            let pull: u32 = (0..LANGUAGES.len()).map(|language| pull(language, hour)).sum();
            let part = u64::try_from(length / MINUTE).unwrap_or_default().max(1);
            sum += u64::from(pull) * part * trend((end - hour) / DAY, tickets);
            sums.push(sum);
            hour += HOUR;
        }
        Self { start, end, sums }
    }

    /// When the first can come.
    pub(super) fn start(&self) -> i64 {
        self.start
    }

    /// The moment by which this part of all (of 2⁶⁴) has come. Grows with the part.
    pub(super) fn at(&self, part: u64) -> i64 {
        let total = self.sums.last().copied().unwrap_or_default();
        let target = high_half(total, part);
        let place = self.sums.partition_point(|sum| *sum <= target).min(self.sums.len().saturating_sub(1));
        let before = place.checked_sub(1).map_or(0, |previous| self.sums[previous]);
        let hour = self.start + i64::try_from(place).unwrap_or_default() * HOUR;
        let length = u64::try_from((self.end - hour).min(HOUR)).unwrap_or_default();
        let weight = self.sums.get(place).map_or(1, |sum| (sum - before).max(1));
        let into = u128::from(target.saturating_sub(before)) * u128::from(length) / u128::from(weight);
        (hour + i64::try_from(into).unwrap_or_default()).min(self.end - 1)
    }
}

/// The part of all (of 2⁶⁴) that lies before number `index` of `count`, plus a step into it.
pub(super) fn part_of(index: u64, count: u64, step: u64) -> u64 {
    let whole = (u128::from(index) << 64) + u128::from(step);
    u64::try_from(whole / u128::from(count.max(1))).unwrap_or(u64::MAX)
}

fn high_half(a: u64, b: u64) -> u64 {
    u64::try_from((u128::from(a) * u128::from(b)) >> 64).unwrap_or_default()
}

/// How much more comes lately. A small desk leans to the present, so that a visitor finds work.
fn trend(age_days: i64, tickets: u64) -> u64 {
    let age = u64::try_from(age_days).unwrap_or_default();
    if tickets <= SMALL {
        let lively = if age < 2 { 2 } else { 1 };
        lively * 20_000 / (20 + age)
    } else {
        1000 - (age * 400 / 548).min(400)
    }
}
