//! How often somebody may ask: a bucket for each person and for each address of strangers.
//!
//! A bucket holds as many requests as the limit says and fills evenly, so who has used it up can go on
//! in a moment and not only in the next hour. Buckets that nobody uses are forgotten, and there are never
//! more than so many.

mod bucket;
mod sign_in;

pub(crate) use bucket::Standing;
use bucket::{Buckets, Refused, Ticks};

use crate::App;
use crate::auth;
use crate::client;
use crate::inbound;
use crate::problem::Problem;
use crate::repeat;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sign_in::SignIns;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::UserId;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// Mails from one address. A server that brings all mail of a desk comes along with it; who tries signatures does not.
const MAILS: RateLimit = RateLimit { requests: NonZeroU32::MIN.saturating_add(5_999), per: Duration::from_mins(1) };
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// So many requests in such a time, written as in `100/15m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// How many requests.
    pub requests: NonZeroU32,
    /// In which time; at least a nanosecond a request.
    pub per: Duration,
}

/// The text is not a rate.
#[derive(Debug, thiserror::Error)]
#[error("not a rate such as 100/15m")]
pub struct NotARate;

impl FromStr for RateLimit {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let number = |digits: &str| {
            let plain = digits.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| digits.parse::<NonZeroU32>().ok()).flatten().ok_or(NotARate)
        };
        let (requests, per) = text.split_once('/').ok_or(NotARate)?;
        let unit = per.chars().last().ok_or(NotARate)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return Err(NotARate),
        };
        let count = number(&per[..per.len() - 1])?;
        let per = u64::from(count.get()) * seconds;
        // A year: no bucket is of use for longer, and every arithmetic of time has room for it.
        if per > 366 * 24 * 60 * 60 {
            return Err(NotARate);
        }
        Ok(Self { requests: number(requests)?, per: Duration::from_secs(per) })
    }
}

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// A person who is signed in.
    Person(UserId),
    /// An address of version 4.
    V4(u32),
    /// The part of an address of version 6 that a provider gives to one customer: whoever has one of
    /// its addresses has them all.
    V6([u16; 4]),
}

impl From<IpAddr> for Who {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            IpAddr::V6(address) => {
                let [first, second, third, fourth, ..] = address.segments();
                Self::V6([first, second, third, fourth])
            }
        }
    }
}

/// All buckets of a router.
pub(crate) struct Limits {
    strangers: Option<Buckets<Who>>,
    people: Option<Buckets<Who>>,
    sockets: Option<Buckets<Who>>,
    mails: Option<Buckets<Who>>,
    sign_ins: Option<SignIns>,
}

impl Limits {
    /// None switches a limit off; that of strangers takes those of signing in and of mails with it.
    pub(crate) fn new(strangers: Option<RateLimit>, people: Option<RateLimit>, sockets: Option<RateLimit>) -> Self {
        let ticks = Ticks::default();
        Self {
            sign_ins: strangers.map(|_| SignIns::new(&ticks)),
            strangers: strangers.map(|limit| Buckets::new(limit, &ticks)),
            people: people.map(|limit| Buckets::new(limit, &ticks)),
            sockets: sockets.map(|limit| Buckets::new(limit, &ticks)),
            mails: strangers.map(|_| Buckets::new(MAILS, &ticks)),
        }
    }

    fn are_off(&self) -> bool {
        self.strangers.is_none() && self.people.is_none()
    }
}

/// Runs the handler, unless its caller has asked too often. Only what lies under `/api/` counts.
pub(crate) async fn run(app: &Arc<App>, route: &str, request: Request, next: Next) -> Response {
    if app.limits.are_off() || !request.uri().path().starts_with("/api/") {
        return repeat::run(app, route, request, next).await;
    }
    let (mut parts, body) = request.into_parts();
    // Whoever it is, the handler need not find out again.
    let person = match auth::recognise(&mut parts, app).await {
        Ok(person) => person,
        Err(problem) => return problem.into_response(),
    };
    let address = client::ip(&parts, &app.trusted_proxies);
    let taken = match (&person, address) {
        // Whoever brings mail is nobody, and brings much of it.
        (_, address) if route == inbound::ROUTE => {
            address.zip(app.limits.mails.as_ref()).map(|(address, all)| all.take(address.into()))
        }
        // The desk itself, and whoever the embedding application takes for it, has no limit.
        (Some(actor), _) => actor.user_id().zip(app.limits.people.as_ref()).map(|(id, all)| all.take(Who::Person(id))),
        (None, Some(address)) => app.limits.strangers.as_ref().map(|all| all.take(address.into())),
        (None, None) => None,
    };
    let standing = match taken.transpose() {
        Ok(standing) => standing,
        Err(refused) => return too_often(&refused),
    };
    let mut answer = match sign_in::slow(app, route, address, &parts, body).await {
        Ok(body) => repeat::run(app, route, Request::from_parts(parts, body), next).await,
        Err(answer) => answer,
    };
    if let Some(standing) = standing {
        answer.extensions_mut().insert(standing);
    }
    answer
}

/// Counts a connection that an address wants to open; the answer where it has opened too many lately.
pub(crate) fn open_socket(app: &App, address: IpAddr) -> Option<Response> {
    let refused = app.limits.sockets.as_ref()?.take(address.into()).err()?;
    Some(too_often(&refused))
}

/// 429: when there will be room again.
fn too_often(refused: &Refused) -> Response {
    let detail = "That was too often. Try again after as many seconds as Retry-After says.";
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail).after(refused.wait);
    let mut answer = problem.into_response();
    answer.extensions_mut().insert(refused.standing);
    answer
}

/// Says how the caller stands.
pub(crate) fn tell(standing: Option<Standing>, headers: &mut HeaderMap) {
    let Some(standing) = standing else { return };
    headers.insert(LIMIT, HeaderValue::from(standing.limit));
    headers.insert(REMAINING, HeaderValue::from(standing.remaining));
    headers.insert(RESET, HeaderValue::from(standing.reset));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_and_a_time() {
        let rate: RateLimit = "100/15m".parse().unwrap();
        assert_eq!((rate.requests.get(), rate.per), (100, Duration::from_mins(15)));
        for bad in
            ["", "100", "0/1m", "100/0m", "100/15", "/1m", "1/", "-1/1m", "1/+1m", "1/1w", "4294967296/1s", "1/9999d"]
        {
            assert!(bad.parse::<RateLimit>().is_err(), "{bad}");
        }
    }

    #[test]
    fn neighbours_in_one_network_are_one() {
        let who = |text: &str| Who::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(who("2001:db8:1:2::1"), who("2001:db8:1:2:ffff::9"));
        assert_ne!(who("2001:db8:1:2::1"), who("2001:db8:1:3::1"));
        assert_eq!(who("::ffff:10.0.0.1"), who("10.0.0.1"));
        assert_ne!(who("10.0.0.1"), who("10.0.0.2"));
    }
}
