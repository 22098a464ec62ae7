//! The door by which mail servers bring mail: what they send is signed with a secret that they share with the desk.

mod seat;

use seat::{Seat, Seats};

use crate::App;
use crate::client;
use crate::file::MAIL;
use crate::json;
use crate::limit::Who;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::Arc;

/// Where the door is.
pub(crate) const ROUTE: &str = "/api/inbound/email";

const SIGNATURE: HeaderName = HeaderName::from_static("x-inbound-signature");
/// After how many seconds a server looks again whether there is a door.
const LATER: u64 = 300;

/// The door, where there is one.
pub(crate) struct Door {
    mac: Hmac<Sha256>,
    seats: Arc<Seats>,
}

impl Door {
    pub(crate) fn new(secret: &[u8]) -> Self {
        // HMAC takes a key of any length, so this can't fail.
        #[allow(clippy::expect_used)]
        let mac = Hmac::new_from_slice(secret).expect("any key length fits");
        Self { mac, seats: Arc::default() }
    }
}

/// A mail with a good signature.
#[derive(Debug)]
pub(crate) struct SignedMail {
    pub(crate) raw: Bytes,
    /// To be held for as long as the mail is.
    pub(crate) seat: Seat,
}

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
        let (parts, body) = request.into_parts();
        json::check_media_type(&parts.headers, MAIL)?;
        let who = client::ip(&parts, &app.trusted_proxies).map(Who::from);
        let seat = door.seats.take_soon(who).await.ok_or_else(|| {
            Problem::unavailable("overloaded", "Too many mails come in at once. Try again in a moment.")
        })?;
        // Piece by piece, so that other requests have their turn in between.
        let mut mac = door.mac.clone();
        let most = app.desk.options().max_mail_size;
        let raw = json::whole_told(most, &parts, body, |piece| mac.update(piece)).await?;
        // In a time that tells nothing about where it is wrong.
        mac.verify_slice(&signature).map_err(|_| {
            Problem::bad_signature("X-Inbound-Signature is not that of this body under the desk's secret.")
        })?;
        Ok(Self { raw, seat })
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
        let has_signed = |signature: &[u8; 32], bytes: &[u8]| {
            let pieces = bytes.chunks(7).fold(door.mac.clone(), Mac::chain_update);
            pieces.verify_slice(signature).is_ok()
        };
        assert!(has_signed(&known, b"what do ya want for nothing?"));
        assert!(!has_signed(&known, b"what do ya want for nothing!"));
        for place in 0..known.len() {
            let mut other = known;
            other[place] ^= 1;
            assert!(!has_signed(&other, b"what do ya want for nothing?"), "{place}");
        }
    }
}
