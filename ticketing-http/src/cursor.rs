//! Places in lists, as clients carry them: opaque, and good only for the list that they came from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use ticketing_core::Error;
use ticketing_core::query::Position;
use uuid::Uuid;

/// The form of what is encoded; a later form gets another number.
const FORM: u8 = 1;
const PAYLOAD: usize = 1 + 8 + 16;
const CODE: usize = 16;

/// Encodes and checks places in lists. The code covers the list, its sort and its filter, so that a
/// cursor of another list is refused instead of giving a page that makes no sense.
pub(crate) struct Cursors {
    mac: Hmac<Sha256>,
}

impl Cursors {
    pub(crate) fn new(secret: &[u8]) -> Self {
        let key = Sha256::new_with_prefix(b"ticketing cursor key\0").chain_update(secret).finalize();
        // HMAC takes a key of any length, so this can't fail.
        #[allow(clippy::expect_used)]
        let mac = Hmac::new_from_slice(&key).expect("any key length fits");
        Self { mac }
    }

    fn code(&self, list: &str, payload: &[u8]) -> [u8; CODE] {
        let mut mac = self.mac.clone();
        // The payload has a fixed length and comes first, so no two inputs look alike.
        mac.update(payload);
        mac.update(list.as_bytes());
        let full = mac.finalize().into_bytes();
        let mut code = [0; CODE];
        code.copy_from_slice(&full[..CODE]);
        code
    }

    /// The cursor that goes on after this place of this list.
    pub(crate) fn encode(&self, list: &str, place: Position) -> String {
        let mut bytes = [0; PAYLOAD + CODE];
        bytes[0] = FORM;
        bytes[1..9].copy_from_slice(&place.key.to_be_bytes());
        bytes[9..PAYLOAD].copy_from_slice(place.id.as_bytes());
        let code = self.code(list, &bytes[..PAYLOAD]);
        bytes[PAYLOAD..].copy_from_slice(&code);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place that a cursor of this list names.
    pub(crate) fn decode(&self, list: &str, field: &str, text: &str) -> Result<Position, Error> {
        self.read(list, text).ok_or_else(|| {
            Error::field(field, "invalid_cursor", "Is not a cursor of this list with this sort and these filters.")
        })
    }

    fn read(&self, list: &str, text: &str) -> Option<Position> {
        let mut bytes = [0; PAYLOAD + CODE];
        // Exactly as long as ours: a longer text would not fit the buffer, a shorter one leaves zeros.
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        if length != bytes.len() || bytes[0] != FORM {
            return None;
        }
        let (payload, code) = bytes.split_at(PAYLOAD);
        let fits: bool = subtle::ConstantTimeEq::ct_eq(&self.code(list, payload)[..], code).into();
        if !fits {
            return None;
        }
        let key = i64::from_be_bytes(payload[1..9].try_into().ok()?);
        let id = Uuid::from_slice(&payload[9..]).ok()?;
        Some(Position { key, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Position = Position { key: -7, id: Uuid::from_u128(42) };

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let cursors = Cursors::new(b"secret");
        let text = cursors.encode("/api/tickets", PLACE);
        assert_eq!(cursors.decode("/api/tickets", "cursor", &text).unwrap(), PLACE);
        let end = Position { key: i64::MAX, id: Uuid::max() };
        assert_eq!(cursors.decode("x", "cursor", &cursors.encode("x", end)).unwrap(), end);
    }

    #[test]
    fn another_list_another_key_and_any_changed_byte_are_refused() {
        let cursors = Cursors::new(b"secret");
        let text = cursors.encode("/api/tickets status=open", PLACE);
        assert!(cursors.decode("/api/tickets", "cursor", &text).is_err());
        assert!(Cursors::new(b"other").decode("/api/tickets status=open", "cursor", &text).is_err());
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(bytes).unwrap();
            assert!(cursors.decode("/api/tickets status=open", "cursor", &forged).is_err(), "byte {at}");
        }
        for text in ["", "AAAA", "%%%", &text[1..], &format!("{text}A"), &"A".repeat(500)] {
            assert!(cursors.decode("/api/tickets status=open", "cursor", text).is_err(), "{text}");
        }
    }
}
