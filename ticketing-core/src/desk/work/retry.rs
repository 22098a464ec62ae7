//! When what failed is tried again.

use chrono::TimeDelta;
use std::time::Duration;

/// Pauses before a mail is tried again, in seconds for a base of five: some minutes for a server that
/// restarts, hours for one that greylists or is down, two days in all (RFC 5321, 4.5.4.1 asks for four to
/// five days of a relay; a help desk's mail is old by then).
const MAIL: [i64; 14] = [5, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 14_400, 21_600, 21_600, 28_800, 28_800, 28_800];

/// The pause before attempt `attempts + 1` of a mail, or none where it is given up.
pub(super) fn mail(attempts: i32, base: Duration, luck: u8) -> Option<TimeDelta> {
    let place = usize::try_from(attempts).unwrap_or_default().checked_sub(1)?;
    MAIL.get(place).map(|seconds| jittered(scaled(*seconds, base), luck))
}

/// Work inside of the desk fails when its store does, or by a mistake in the program.
const INSIDE: i32 = 30;

/// The pause before attempt `attempts + 1` of work inside of the desk, or none where it is given up: a
/// second at first, five minutes at most.
pub(super) fn inside(attempts: i32, luck: u8) -> Option<TimeDelta> {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default().min(9);
    (attempts < INSIDE).then(|| jittered(Duration::from_secs(1 << doublings).min(Duration::from_mins(5)), luck))
}

/// So many seconds, for a base of five of them.
fn scaled(seconds: i64, base: Duration) -> Duration {
    base.saturating_mul(u32::try_from(seconds).unwrap_or(u32::MAX)) / 5
}

/// Up to a tenth more or less, so that what failed together does not come back together.
pub(super) fn jittered(pause: Duration, luck: u8) -> TimeDelta {
    let factor = 0.9 + 0.2 * f64::from(luck) / 255.0;
    TimeDelta::from_std(pause.mul_f64(factor)).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Duration = Duration::from_secs(5);

    #[test]
    fn mail_is_tried_for_two_days_with_growing_pauses() {
        let pauses: Vec<TimeDelta> = (1..).map_while(|attempts| mail(attempts, BASE, 128)).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
        let all: TimeDelta = pauses.iter().sum();
        assert!((TimeDelta::hours(46)..TimeDelta::hours(52)).contains(&all), "{all}");
        assert_eq!(mail(15, BASE, 0), None);
        assert!(mail(1, Duration::from_millis(50), 0).is_some_and(|pause| pause < TimeDelta::milliseconds(60)));
    }

    #[test]
    fn jitter_is_a_tenth_either_way() {
        assert_eq!(jittered(Duration::from_secs(100), 0), TimeDelta::seconds(90));
        assert_eq!(jittered(Duration::from_secs(100), 255), TimeDelta::seconds(110));
    }

    #[test]
    fn work_inside_is_tried_for_hours_at_most_five_minutes_apart() {
        assert!(inside(1, 255).is_some_and(|pause| pause <= TimeDelta::milliseconds(1_100)));
        assert!(inside(29, 255).is_some_and(|pause| pause <= TimeDelta::seconds(330)));
        assert_eq!(inside(30, 0), None);
    }
}
