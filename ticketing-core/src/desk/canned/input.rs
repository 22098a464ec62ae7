//! What a canned response is made of.

use crate::desk::SharingPatch;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{CannedResponse, Visibility};
use crate::ticket::tidy_category;

/// A canned response to be made, or what another becomes as a whole.
#[derive(Clone, Debug, Default)]
pub struct NewCannedResponse {
    /// What people find it by.
    pub title: String,
    /// What it belongs to.
    pub category: Option<String>,
    /// The text, with variables.
    pub content: String,
    /// What whoever knows it types.
    pub shortcut: Option<String>,
    /// With whom it is shared. A new one is its maker's own unless this says otherwise; what is there stays shared as it is.
    pub sharing: SharingPatch,
}

impl NewCannedResponse {
    /// One person's own.
    pub fn new(title: impl Into<String>, content: impl Into<String>) -> Self {
        Self { title: title.into(), content: content.into(), ..Self::default() }
    }

    /// What it says becomes what the other says. Everything was checked before, but the sharing, which is decided apart.
    pub(super) fn replace(&self, response: &mut CannedResponse) {
        self.title.trim().clone_into(&mut response.title);
        response.category = tidy_category(self.category.as_ref());
        response.content.clone_from(&self.content);
        response.shortcut = self.shortcut.as_ref().map(|shortcut| shortcut.trim().to_owned());
    }
}

impl Input for NewCannedResponse {
    fn read(fields: &mut Fields) -> Self {
        let mut sharing = SharingPatch::read(fields);
        if let Patch::Set(is_public) = fields.flag("is_public") {
            read_is_public(fields, is_public, &mut sharing);
        }
        Self { sharing, ..read_texts(fields) }
    }

    fn check(&self, problems: &mut Problems) {
        self.sharing.check(problems);
        problems.text("title", self.title.trim(), 1..=CannedResponse::LONGEST_TITLE, false);
        if let Some(category) = &self.category {
            problems.text("category", category.trim(), 1..=CannedResponse::LONGEST_CATEGORY, false);
        }
        if self.content.trim().is_empty() {
            problems.add("content", "required", "May not be empty.");
        }
        if let Some(shortcut) = &self.shortcut {
            check_shortcut(problems, shortcut);
        }
    }
}

/// What whoever knows it types is one word.
pub(in crate::desk) fn check_shortcut(problems: &mut Problems, shortcut: &str) {
    problems.text("shortcut", shortcut.trim(), 1..=CannedResponse::LONGEST_SHORTCUT, false);
    if shortcut.trim().contains(char::is_whitespace) {
        problems.add("shortcut", "invalid_value", "Is one word, without spaces.");
    }
}

/// All but with whom it is shared.
pub(super) fn read_texts(fields: &mut Fields) -> NewCannedResponse {
    NewCannedResponse {
        title: fields.required_text("title"),
        category: fields.nullable_text("category").into_option().flatten(),
        content: fields.required_text("content"),
        shortcut: fields.nullable_text("shortcut").into_option().flatten(),
        sharing: SharingPatch::default(),
    }
}

/// The same as a visibility, in the words of those who know but two of them.
fn read_is_public(fields: &mut Fields, is_public: bool, sharing: &mut SharingPatch) {
    match sharing.visibility {
        Patch::Set(visibility) if (visibility == Visibility::All) != is_public => {
            fields.fail("is_public", "contradiction", "Says otherwise than visibility; one of them is enough.");
        }
        Patch::Set(_) => {}
        Patch::Keep => {
            sharing.visibility = Patch::Set(if is_public { Visibility::All } else { Visibility::Private });
        }
    }
}
