//! Canned responses: texts that staff answer with again and again.

use super::Sharing;
use crate::ids::{CannedResponseId, UserId};
use crate::setting::Setting;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// A text that staff answer with again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CannedResponse {
    /// What people find it by.
    pub title: String,
    /// What it belongs to, in the desk's own words.
    pub category: Option<String>,
    /// The text, with variables.
    pub content: String,
    /// What whoever knows it types.
    pub shortcut: Option<String>,
    /// Who has it.
    #[serde(flatten)]
    pub sharing: Sharing,
    /// When it was made.
    pub created_at: Time,
}

impl CannedResponse {
    /// How many a desk shares.
    pub const MOST: usize = 2_000;
    /// How many of their own a person has.
    pub const MOST_OWN: usize = 500;
    /// Characters of a title.
    pub const LONGEST_TITLE: usize = 200;
    /// Characters of a category.
    pub const LONGEST_CATEGORY: usize = 100;
    /// Characters of a shortcut.
    pub const LONGEST_SHORTCUT: usize = 50;
    /// Bytes of a text that was filled in; what is longer ends there. A comment holds as much.
    pub const LONGEST_FILLED: usize = 100_000;
}

impl Setting for CannedResponse {
    const KIND: &'static str = "canned_response";

    fn owner(&self) -> Option<UserId> {
        self.sharing.owner()
    }
}

/// How often somebody has answered with a canned response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannedUse {
    /// Which.
    pub response_id: CannedResponseId,
    /// How often.
    pub uses: u64,
    /// When last.
    pub last_used_at: Time,
}
