//! Signing in, slower than the rest: guessing passwords must not pay.
//!
//! From one address there are few tries, and then a 429. For one account there are few tries without a
//! pause, wherever they come from; after that each waits a moment before it is looked at. Nothing is
//! ever closed for an account, so nobody can lock somebody else out: who knows the password gets in,
//! at worst after that moment.

use super::bucket::{Buckets, Ticks};
use super::{RateLimit, Who, too_often};
use crate::App;
use crate::json;
use axum::body::Body;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;
use ticketing_core::fold::fold;

/// Tries from one address: an office behind one address can come in, a guesser can't go on.
const BY_ADDRESS: RateLimit = RateLimit { requests: NonZeroU32::MIN.saturating_add(29), per: Duration::from_mins(5) };
/// Tries for one account without a pause.
const BY_ACCOUNT: RateLimit = RateLimit { requests: NonZeroU32::MIN.saturating_add(4), per: Duration::from_mins(1) };
/// How long a try waits for an account that was tried too often.
const PAUSE: Duration = Duration::from_secs(2);

/// The buckets of signing in.
pub(super) struct SignIns {
    addresses: Buckets<Who>,
    /// By a digest of the address that was given, under a secret of this process: a list of accounts
    /// that were tried is nothing to keep.
    accounts: Buckets<u64>,
    digests: RandomState,
}

impl SignIns {
    pub(super) fn new(ticks: &Ticks) -> Self {
        Self {
            addresses: Buckets::new(BY_ADDRESS, ticks),
            accounts: Buckets::new(BY_ACCOUNT, ticks),
            digests: RandomState::new(),
        }
    }

    /// How long a try for this account has to wait.
    fn pause(&self, account: &str) -> Duration {
        match self.accounts.take(self.digests.hash_one(fold(account.trim()))) {
            Ok(_) => Duration::ZERO,
            Err(_) => PAUSE,
        }
    }
}

/// Slows a sign-in down; anything else passes. Gives the body on, or says that it was too often.
pub(super) async fn slow(
    app: &App,
    route: &str,
    address: Option<IpAddr>,
    parts: &Parts,
    body: Body,
) -> Result<Body, Response> {
    let Some(sign_ins) = app.limits.sign_ins.as_ref().filter(|_| route == "/api/auth/login") else { return Ok(body) };
    if let Some(Err(refused)) = address.map(|address| sign_ins.addresses.take(address.into())) {
        return Err(too_often(&refused));
    }
    let bytes = json::whole(app, parts, body).await.map_err(IntoResponse::into_response)?;
    let named = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
    if let Some(account) = named.as_ref().and_then(|body| body["email"].as_str()) {
        let pause = sign_ins.pause(account);
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_is_tried_often_is_slow_and_never_closed() {
        let ticks = Ticks::default();
        let sign_ins = SignIns::new(&ticks);
        for _ in 0..5 {
            assert_eq!(sign_ins.pause("kim@mail.example"), Duration::ZERO);
        }
        assert_eq!(sign_ins.pause(" KIM@mail.example"), PAUSE, "another spelling is the same account");
        for _ in 0..1_000 {
            assert_eq!(sign_ins.pause("kim@mail.example"), PAUSE, "it waits no longer, however often it is tried");
        }
        assert_eq!(sign_ins.pause("lou@mail.example"), Duration::ZERO);
        ticks.pass(BY_ACCOUNT.per);
        assert_eq!(sign_ins.pause("kim@mail.example"), Duration::ZERO);
    }
}
