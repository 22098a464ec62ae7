//! What proves to an endpoint that a call comes from this desk.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::borrow::Cow;
use std::fmt::Write;

/// How a secret begins whose key is written in base64.
const PREFIX: &str = "whsec_";

/// Libraries of receivers differ in how strictly they read base64; whatever one of them can read is the key.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// `webhook-signature` of Standard Webhooks for one secret, `v1,` and base64: it covers the id, the moment in seconds
/// since 1970, and the body.
pub fn standard(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let code = code(secret, &[id.as_bytes(), b".", timestamp.to_string().as_bytes(), b".", body.as_bytes()]);
    format!("v1,{}", STANDARD.encode(code))
}

/// `X-Webhook-Signature`, `sha256=` and hex: it covers the body alone.
pub fn of_body(secret: &str, body: &str) -> String {
    code(secret, &[body.as_bytes()]).iter().fold("sha256=".to_owned(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// HMAC-SHA256 over the parts, one after the other.
fn code(secret: &str, parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so this can't fail.
    #[allow(clippy::expect_used)]
    let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)).expect("any key length fits");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The bytes of the secret as it was typed, or what follows `whsec_` where that is base64. An empty key is no secret,
/// so that `whsec_` alone stands for itself.
fn key(secret: &str) -> Cow<'_, [u8]> {
    let decoded = secret.strip_prefix(PREFIX).and_then(|text| LENIENT.decode(text).ok());
    match decoded.filter(|key| !key.is_empty()) {
        Some(key) => Cow::Owned(key),
        None => Cow::Borrowed(secret.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "correct horse battery";
    const ID: &str = "0198c2a0-1111-7000-8000-000000000001";
    const AT: i64 = 1_767_225_600;
    const BODY: &str = r#"{"subject":"Grüße"}"#;

    /// Each of these was computed by Python's `hmac`; the first is also the example of the standard's own libraries.
    #[test]
    fn signatures_are_those_that_others_compute() {
        assert_eq!(
            standard(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                r#"{"test": 2432232314}"#
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
        assert_eq!(standard(SECRET, ID, AT, BODY), "v1,rMlC7LFf1gxVWBo/IXTXytKHOtgxIT1Y9JqTOF35HLI=");
        assert_eq!(of_body(SECRET, BODY), "sha256=d0b328f5a3917ea86b9652854e7a6dd28ac3f68b26f7a40685e76f344337815c");
    }

    #[test]
    fn the_key_is_what_follows_the_prefix_where_that_is_base64() {
        for (secret, code) in [
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "59466e69dab041739fabbdedcb9f6ef9b17c311ba3da0874d207a7d126a1a012",
            ),
            ("whsec_c2l4dGVlbiBieXRlcy4uLg==", "dea2d834d842a3c8ff7e72752896cc6fedbdf2b099b461b0540534cb606deff5"),
            ("whsec_c2l4dGVlbiBieXRlcy4uLg", "dea2d834d842a3c8ff7e72752896cc6fedbdf2b099b461b0540534cb606deff5"),
            ("whsec_not base64!", "e6f7bfe2b91e1f9122ed8dac36ec98b0b3090365e45316d3f5179af63d379332"),
            ("whsec_", "e2fa4a1eef2b71ea843a3b8c85ab646950853766572ef6a619209b6acb79550e"),
        ] {
            assert_eq!(of_body(secret, BODY), format!("sha256={code}"), "{secret}");
        }
    }

    #[test]
    fn whatever_changes_changes_the_signature() {
        let signature = standard(SECRET, ID, AT, BODY);
        for other in [
            standard("correct horse batterz", ID, AT, BODY),
            standard(SECRET, "0198c2a0-1111-7000-8000-000000000002", AT, BODY),
            standard(SECRET, ID, AT + 1, BODY),
            standard(SECRET, ID, AT, r#"{"subject":"Grüßf"}"#),
            standard(SECRET, ID, AT, &format!("{BODY} ")),
        ] {
            assert_ne!(other, signature);
        }
        assert_ne!(of_body(SECRET, r#"{"subject":"Grüßf"}"#), of_body(SECRET, BODY));
    }
}
