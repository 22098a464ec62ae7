//! The door by which mail servers bring mail: what they send is signed with a secret that they share with the desk.

use crate::App;
use crate::file::RawMail;
use crate::problem::Problem;
use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Where the door is.
pub(crate) const ROUTE: &str = "/api/inbound/email";

const SIGNATURE: HeaderName = HeaderName::from_static("x-inbound-signature");
/// How many mails are held in memory at once. Whoever brings one more comes again.
const AT_ONCE: usize = 16;
/// After how many seconds a server looks again whether there is a door.
const LATER: u64 = 300;

/// The door, where there is one.
pub(crate) struct Door {
    mac: Hmac<Sha256>,
    seats: Semaphore,
}

impl Door {
    pub(crate) fn new(secret: &[u8]) -> Self {
        // HMAC takes a key of any length, so this can't fail.
        #[allow(clippy::expect_used)]
        let mac = Hmac::new_from_slice(secret).expect("any key length fits");
        Self { mac, seats: Semaphore::new(AT_ONCE) }
    }

    /// Whether this is the signature of these bytes; in a time that tells nothing about where it is wrong.
    fn has_signed(&self, signature: &[u8; 32], bytes: &[u8]) -> bool {
        self.mac.clone().chain_update(bytes).verify_slice(signature).is_ok()
    }
}

/// A mail with a good signature.
#[derive(Debug)]
pub(crate) struct SignedMail(pub(crate) Bytes);

impl FromRequest<Arc<App>> for SignedMail {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let Some(door) = &app.mail_door else {
            // A server that hears of a failure for good sends the mail back.
            let detail = "The desk takes no mail by this way: no secret is set for it (INBOUND_EMAIL_SECRET).";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_set_up", detail).after(LATER));
        };
        // Nothing is read from those who do not even claim to have signed it.
        let signature = signature(request.headers()).ok_or_else(|| {
            Problem::bad_signature(
                "This needs X-Inbound-Signature: sha256= and the HMAC-SHA256 of the body in hexadecimal.",
            )
        })?;
        let _seat = door.seats.try_acquire().map_err(|_| {
            Problem::unavailable("overloaded", "Too many mails come in at once. Try again in a moment.")
        })?;
        let RawMail(bytes) = request.extract_with_state(app).await?;
        if !door.has_signed(&signature, &bytes) {
            return Err(Problem::bad_signature(
                "X-Inbound-Signature is not that of this body under the desk's secret.",
            ));
        }
        Ok(Self(bytes))
    }
}

/// What exactly one well-formed header says.
fn signature(headers: &HeaderMap) -> Option<[u8; 32]> {
    let mut values = headers.get_all(SIGNATURE).iter();
    let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
    let digits = value.trim().strip_prefix("sha256=")?.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |place: usize| char::from(pair[place]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(lines: &[&str]) -> Option<[u8; 32]> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(SIGNATURE, HeaderValue::from_str(line).unwrap());
        }
        signature(&headers)
    }

    #[test]
    fn a_signature_is_read_whole_or_not_at_all() {
        let good = format!("sha256={}", "0aF1".repeat(16));
        assert_eq!(read(&[&good]).map(|bytes| bytes[..2].to_vec()), Some(vec![0x0a, 0xf1]));
        for bad in [
            "",
            "sha256=",
            &good[7..],
            &good[..good.len() - 1],
            &format!("{good}0"),
            &good.replace("sha256", "sha1"),
            &good.replace('a', "g"),
            &good.replace("0a", "+a"),
        ] {
            assert_eq!(read(&[bad]), None, "{bad}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[&good, &good]), None);
    }

    /// The second case of RFC 4231.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let known = [
            0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00,
            0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
        ];
        let door = Door::new(b"Jefe");
        assert!(door.has_signed(&known, b"what do ya want for nothing?"));
        assert!(!door.has_signed(&known, b"what do ya want for nothing!"));
        for place in 0..known.len() {
            let mut other = known;
            other[place] ^= 1;
            assert!(!door.has_signed(&other, b"what do ya want for nothing?"), "{place}");
        }
    }
}
