//! The beginning of a text, as lists are sorted by it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The beginning of a folded text: what lists that are sorted by texts compare, byte for byte. An index can't hold texts
/// of any length, and what differs only later is in the order of the ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SortText {
    length: u8,
    /// In place, so that places in lists stay plain values.
    bytes: [u8; Self::BYTES],
}

impl SortText {
    /// How many characters of a text are compared.
    pub const CHARACTERS: usize = 40;
    const BYTES: usize = Self::CHARACTERS * 4;

    /// The beginning of a folded text.
    pub fn of(folded: &str) -> Self {
        let end = folded.char_indices().nth(Self::CHARACTERS).map_or(folded.len(), |(end, _)| end);
        let mut bytes = [0; Self::BYTES];
        bytes[..end].copy_from_slice(&folded.as_bytes()[..end]);
        // Four bytes a character are the most, so it always fits.
        Self { length: u8::try_from(end).unwrap_or(u8::MAX), bytes }
    }

    /// It, as text.
    pub fn as_str(&self) -> &str {
        // It was cut between characters.
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl PartialOrd for SortText {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SortText {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl fmt::Debug for SortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Serialize for SortText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SortText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::of(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, kept) in [("", 0), ("strasse", 7), (&*"😀".repeat(50), 160), (&*"ß".repeat(39), 78)] {
            assert_eq!(SortText::of(text).as_str().len(), kept, "{text}");
            assert!(text.starts_with(SortText::of(text).as_str()));
        }
        assert!(SortText::of("a") < SortText::of("ab") && SortText::of("z") < SortText::of("ä"));
    }
}
