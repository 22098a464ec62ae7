//! Whether a call to a webhook is from who it says, and what a mail is signed with: read off the contract, not off the
//! program's own code.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use hyper::HeaderMap;
use sha2::Sha256;

/// The key that the proof's webhooks share with its endpoints.
const KEY: &[u8] = b"thirty-two bytes, known to both.";

/// How old a call may be, seconds.
const OLDEST: i64 = 300;

/// The key as a webhook's `secret_key` takes it.
pub fn secret() -> String {
    format!("whsec_{}", STANDARD.encode(KEY))
}

/// Fails where a signature is missing or wrong, or the call is from another time.
pub fn check(headers: &HeaderMap, body: &[u8], now: i64) -> Result<()> {
    let header = |name: &str| {
        let value = headers.get(name).with_context(|| format!("a call without {name}"))?;
        value.to_str().with_context(|| format!("{name} is no text"))
    };
    if header("x-webhook-signature")? != signed(KEY, body)? {
        bail!("X-Webhook-Signature is not the body's");
    }
    let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
    if header("x-webhook-delivery")? != id {
        bail!("X-Webhook-Delivery is not webhook-id");
    }
    let wanted = STANDARD.encode(code(KEY, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body])?);
    if !header("webhook-signature")?.split(' ').any(|one| one.strip_prefix("v1,") == Some(&wanted)) {
        bail!("webhook-signature is not the call's");
    }
    let age = now - timestamp.parse::<i64>().context("webhook-timestamp is no number")?;
    if age.abs() > OLDEST {
        bail!("the call is {age} s old");
    }
    Ok(())
}

/// What a body is signed with under a key, as the contract's own headers have it.
pub fn signed(key: &[u8], body: &[u8]) -> Result<String> {
    Ok(format!("sha256={}", hex(&code(key, &[body])?)))
}

fn code(key: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)?;
    for part in parts {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(body: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let standard = STANDARD.encode(code(KEY, &[b"one", b".", b"1000", b".", body]).unwrap());
        let own = signed(KEY, body).unwrap();
        for (name, value) in [
            ("webhook-id", "one"),
            ("x-webhook-delivery", "one"),
            ("webhook-timestamp", "1000"),
            ("webhook-signature", &format!("v1,AAAA v1,{standard}")),
            ("x-webhook-signature", &own),
        ] {
            headers.insert(name.parse::<hyper::header::HeaderName>().unwrap(), value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_call_is_good_only_with_both_signatures_and_in_its_time() {
        assert!(check(&call(b"{}"), b"{}", 1001).is_ok());
        assert!(check(&call(b"{}"), b"{ }", 1001).is_err());
        assert!(check(&call(b"{}"), b"{}", 1301).is_err());
        for (name, wrong) in [
            ("webhook-id", "two"),
            ("webhook-signature", "v1,AAAA"),
            ("x-webhook-signature", "sha256=00"),
            ("webhook-timestamp", "1001"),
            ("x-webhook-delivery", "two"),
        ] {
            let mut headers = call(b"{}");
            headers.insert(name, wrong.parse().unwrap());
            assert!(check(&headers, b"{}", 1001).is_err(), "{name}");
            headers.remove(name);
            assert!(check(&headers, b"{}", 1001).is_err(), "{name}");
        }
    }
}
