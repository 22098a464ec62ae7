//! Places in lists, as clients carry them: opaque, and good only for the list that they came from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use ticketing_core::Error;
use ticketing_core::query::{Position, SortText};
use uuid::Uuid;

/// The form of a place that a number names.
const BY_NUMBER: u8 = 1;
/// The form of a place that a text names, which stands at the end, its length before it.
const BY_TEXT: u8 = 2;
const NUMBER_PAYLOAD: usize = 1 + 8 + 16;
const TEXT_HEAD: usize = 1 + 1 + 16;
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
        // The payload says by its first bytes how long it is and comes first, so no two inputs look alike.
        mac.update(payload);
        mac.update(list.as_bytes());
        let full = mac.finalize().into_bytes();
        let mut code = [0; CODE];
        code.copy_from_slice(&full[..CODE]);
        code
    }

    /// The cursor that goes on after this place of this list.
    pub(crate) fn encode(&self, list: &str, place: Position) -> String {
        let mut bytes = Vec::with_capacity(NUMBER_PAYLOAD + CODE);
        if let Some(text) = place.text {
            bytes.extend([BY_TEXT, u8::try_from(text.as_str().len()).unwrap_or(u8::MAX)]);
            bytes.extend(place.id.as_bytes());
            bytes.extend(text.as_str().as_bytes());
        } else {
            bytes.push(BY_NUMBER);
            bytes.extend(place.key.to_be_bytes());
            bytes.extend(place.id.as_bytes());
        }
        let code = self.code(list, &bytes);
        bytes.extend(code);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place that a cursor of this list names.
    pub(crate) fn decode(&self, list: &str, field: &str, text: &str) -> Result<Position, Error> {
        self.read(list, text).ok_or_else(|| {
            Error::field(field, "invalid_cursor", "Is not a cursor of this list with this sort and these filters.")
        })
    }

    fn read(&self, list: &str, text: &str) -> Option<Position> {
        // The longest that there is has a text of the most characters.
        if text.len() > 4 * (TEXT_HEAD + usize::from(u8::MAX) + CODE) / 3 + 1 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (payload, code) = bytes.split_at_checked(bytes.len().checked_sub(CODE)?)?;
        let fits: bool = subtle::ConstantTimeEq::ct_eq(&self.code(list, payload)[..], code).into();
        if !fits {
            return None;
        }
        match payload {
            [BY_NUMBER, rest @ ..] if payload.len() == NUMBER_PAYLOAD => {
                let (key, id) = rest.split_at_checked(8)?;
                Some(Position::at(i64::from_be_bytes(key.try_into().ok()?), Uuid::from_slice(id).ok()?))
            }
            [BY_TEXT, length, rest @ ..] if payload.len() == TEXT_HEAD + usize::from(*length) => {
                let (id, text) = rest.split_at_checked(16)?;
                let text = Some(SortText::of(std::str::from_utf8(text).ok()?));
                Some(Position { text, ..Position::at(0, Uuid::from_slice(id).ok()?) })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Position = Position::at(-7, Uuid::from_u128(42));

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let cursors = Cursors::new(b"secret");
        let text = cursors.encode("/api/tickets", PLACE);
        assert_eq!(cursors.decode("/api/tickets", "cursor", &text).unwrap(), PLACE);
        let end = Position::at(i64::MAX, Uuid::max());
        for text in [None, Some(""), Some("straße"), Some(&*"😀".repeat(40))] {
            let place = text.map_or(end, |text| Position { text: Some(SortText::of(text)), ..Position::at(0, end.id) });
            assert_eq!(cursors.decode("x", "cursor", &cursors.encode("x", place)).unwrap(), place);
        }
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
