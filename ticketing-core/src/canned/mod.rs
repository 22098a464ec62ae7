//! Canned responses, all pure: those of a desk with the words that they are found by, and how they are found.

mod search;
#[cfg(all(test, feature = "conformance"))]
mod tests;

pub use search::{Match, Wanted};

use crate::fold::fold;
use crate::model::CannedResponse;
use crate::setting::Stored;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A canned response, ready to be looked for.
#[derive(Clone, Debug)]
pub struct Findable {
    /// As it is stored.
    pub stored: Stored<CannedResponse>,
    /// The title's words as searches see them.
    title: Vec<String>,
    /// The same of what one types for it.
    shortcut: Option<String>,
}

impl Findable {
    /// With its words.
    pub fn new(stored: Stored<CannedResponse>) -> Self {
        let title = words(&stored.content.title);
        let shortcut = stored.content.shortcut.as_deref().map(typed).filter(|typed| !typed.is_empty());
        Self { stored, title, shortcut }
    }
}

/// Those that a desk shares.
#[derive(Clone, Debug, Default)]
pub struct CannedResponses(Vec<Findable>);

impl CannedResponses {
    /// These.
    pub fn new(stored: Vec<Stored<CannedResponse>>) -> Self {
        Self(stored.into_iter().map(Findable::new).collect())
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Findable> {
        self.0.iter()
    }
}

/// A text as searches see it: neither case nor accents matter.
fn plain(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() { folded } else { folded.nfd().filter(|c| !is_combining_mark(*c)).collect() }
}

/// The words of a text, as searches see them.
fn words(text: &str) -> Vec<String> {
    let plain = plain(text);
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A shortcut as searches see it. Some people write a stroke before it, as they do where they type it.
fn typed(text: &str) -> String {
    plain(text.trim()).trim_start_matches('/').to_owned()
}
