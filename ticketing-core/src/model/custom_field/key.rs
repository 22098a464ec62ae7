//! The name of a field for programs.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The name of a field in JSON, conditions and filters: a small letter, then small letters, digits and
/// underscores, at most 40 in all. It never changes, so it stands for the field wherever values are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldKey {
    length: u8,
    /// In place, so that fields of conditions stay plain values.
    bytes: [u8; Self::LONGEST],
}

impl FieldKey {
    /// The most characters of a key.
    pub const LONGEST: usize = 40;

    /// The key as text.
    pub fn as_str(&self) -> &str {
        // Only ASCII ever goes in.
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// The text can't be the key of a field.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a field")]
pub struct NotAFieldKey;

impl FromStr for FieldKey {
    type Err = NotAFieldKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if !first || text.len() > Self::LONGEST || !text.bytes().all(fits) {
            return Err(NotAFieldKey);
        }
        let mut bytes = [0; Self::LONGEST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { length: u8::try_from(text.len()).map_err(|_| NotAFieldKey)?, bytes })
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FieldKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FieldKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
