//! What becomes of a call after an attempt: pure, so that a schedule can be read off without waiting for it.

use crate::model::RetrySchedule;
use crate::port::{WebhookAnswer, WebhookError};
use std::time::Duration;

/// The base that the schedules are written for.
pub const BASE: Duration = Duration::from_secs(5);
/// No wait is longer, whatever the schedule or the endpoint says.
pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// The waits of the durable schedule, in multiples of the base: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
const DURABLE: [u32; 7] = [1, 60, 360, 1_440, 3_600, 7_200, 7_200];
/// How much longer each wait of the default schedule is than the one before.
const GROWTH: u32 = 5;
/// The answer of an endpoint that is gone for good.
const GONE: u16 = 410;

/// How a webhook's calls are tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The first wait.
    pub base: Duration,
    /// How waits grow.
    pub schedule: RetrySchedule,
    /// How often it is tried again.
    pub count: u8,
}

/// What becomes of a call after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Done,
    /// It is tried again after this wait.
    Retry(Duration),
    /// The endpoint wants no more calls, this or others: the webhook is to be switched off.
    Gone,
    /// It was tried often enough.
    Dead,
}

impl Retry {
    /// What becomes of a call after its attempt number `attempt`, counted from 1. `random` are bits by lot: calls
    /// that failed together do not come again together.
    ///
    /// An address that is not allowed is tried again too: what a name leads to may be a slip of a moment.
    pub fn verdict(self, attempt: u32, answer: Result<&WebhookAnswer, &WebhookError>, random: u32) -> Verdict {
        let retry_after = match answer {
            Ok(answer) if (200..300).contains(&answer.status) => return Verdict::Done,
            Ok(answer) if answer.status == GONE => return Verdict::Gone,
            Ok(answer) => answer.retry_after,
            Err(_) => None,
        };
        if attempt > u32::from(self.count) {
            return Verdict::Dead;
        }
        // Who asks to be left alone is; who asks to be called at once is not called before its turn.
        let wait = self.wait(attempt, random).max(retry_after.unwrap_or_default());
        Verdict::Retry(wait.min(LONGEST))
    }

    /// The wait after a failed attempt, within a tenth of what the schedule says.
    pub fn wait(self, attempt: u32, random: u32) -> Duration {
        let before = attempt.saturating_sub(1);
        let times = match self.schedule {
            RetrySchedule::Default => GROWTH.saturating_pow(before),
            RetrySchedule::Durable => {
                let place = usize::try_from(before).unwrap_or(usize::MAX).min(DURABLE.len() - 1);
                DURABLE[place]
            }
        };
        let planned = self.base.saturating_mul(times).min(LONGEST);
        planned.mul_f64(0.9 + 0.2 * f64::from(random) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: u32 = u32::MAX / 2;

    fn retry(schedule: RetrySchedule, count: u8) -> Retry {
        Retry { base: BASE, schedule, count }
    }

    fn status(status: u16, retry_after: Option<u64>) -> WebhookAnswer {
        let retry_after = retry_after.map(Duration::from_secs);
        WebhookAnswer { status, retry_after, body: String::new(), sent: Vec::new() }
    }

    fn seconds(retry: Retry, attempts: u32) -> Vec<u64> {
        (1..=attempts).map(|attempt| (retry.wait(attempt, MIDDLE).as_secs_f64()).round() as u64).collect()
    }

    #[test]
    fn waits_grow_as_the_schedule_says() {
        assert_eq!(seconds(retry(RetrySchedule::Default, 10), 5), [5, 25, 125, 625, 3_125]);
        assert_eq!(
            seconds(retry(RetrySchedule::Durable, 10), 9),
            [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000]
        );
        let quick = Retry { base: Duration::from_millis(50), ..retry(RetrySchedule::Durable, 10) };
        assert_eq!(seconds(quick, 4), [0, 3, 18, 72], "waits follow the base");
        let long = retry(RetrySchedule::Default, 10).wait(10, MIDDLE);
        assert!(long <= LONGEST && long > LONGEST.mul_f64(0.9), "no wait is longer than a day");
        assert!(retry(RetrySchedule::Default, 10).wait(u32::MAX, u32::MAX) < LONGEST.mul_f64(1.2));
    }

    #[test]
    fn waits_differ_by_a_tenth_at_most() {
        let plan = retry(RetrySchedule::Default, 3);
        assert_eq!(plan.wait(1, 0), Duration::from_millis(4_500));
        assert_eq!(plan.wait(1, u32::MAX), Duration::from_millis(5_500));
    }

    #[test]
    fn only_2xx_is_success_and_only_410_the_end() {
        let plan = retry(RetrySchedule::Default, 3);
        for (code, wanted) in [(200, Verdict::Done), (204, Verdict::Done), (299, Verdict::Done), (410, Verdict::Gone)] {
            assert_eq!(plan.verdict(1, Ok(&status(code, None)), MIDDLE), wanted, "{code}");
            assert_eq!(plan.verdict(9, Ok(&status(code, None)), MIDDLE), wanted, "{code}, however late");
        }
        for code in [100, 199, 300, 301, 307, 400, 401, 404, 408, 409, 422, 429, 500, 503] {
            let verdict = plan.verdict(1, Ok(&status(code, None)), MIDDLE);
            assert!(matches!(verdict, Verdict::Retry(_)), "{code}: {verdict:?}");
        }
        let errors = [WebhookError::NotAllowed, WebhookError::Unresolved, WebhookError::Timeout(BASE)];
        for error in &errors {
            assert!(matches!(plan.verdict(1, Err(error), MIDDLE), Verdict::Retry(_)), "{error}");
        }
    }

    #[test]
    fn it_is_tried_again_as_often_as_asked_for() {
        let verdicts = |count| {
            let plan = retry(RetrySchedule::Default, count);
            let attempts = (1..=4).map(move |attempt| plan.verdict(attempt, Ok(&status(500, None)), MIDDLE));
            attempts.take_while(|verdict| matches!(verdict, Verdict::Retry(_))).count()
        };
        assert_eq!([0, 1, 2, 3].map(verdicts), [0, 1, 2, 3]);
        let last = retry(RetrySchedule::Default, 2).verdict(3, Err(&WebhookError::Unresolved), MIDDLE);
        assert_eq!(last, Verdict::Dead, "two retries are three attempts");
    }

    #[test]
    fn an_endpoint_may_ask_for_more_time_but_not_for_less_nor_for_ever() {
        let plan = retry(RetrySchedule::Default, 3);
        let after = |seconds| match plan.verdict(2, Ok(&status(429, Some(seconds))), 0) {
            Verdict::Retry(wait) => wait.as_millis(),
            other => panic!("{other:?}"),
        };
        assert_eq!(after(1), 22_500);
        assert_eq!(after(90), 90_000);
        assert_eq!(after(10_000_000), LONGEST.as_millis());
    }
}
