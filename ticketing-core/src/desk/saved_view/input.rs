//! What a view is made of and changed by.

use crate::desk::SharingPatch;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Matching, SavedView, ViewColumn};
use serde_json::Value;
use std::collections::HashSet;

/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// Characters of the name of a picture.
const LONGEST_ICON: usize = 40;
/// The highest place.
pub(super) const LAST_POSITION: i64 = 1_000_000;

/// A view to be made. Name, visibility and conditions must be.
#[derive(Clone, Debug)]
pub struct NewSavedView(pub SavedViewPatch);

impl Input for NewSavedView {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["name", "visibility", "conditions"]);
        Self(read(fields))
    }

    fn check(&self, problems: &mut Problems) {
        self.0.check(problems);
        self.0.sharing.check_new(problems);
    }
}

/// What to change of a view.
#[derive(Clone, Debug, Default)]
pub struct SavedViewPatch {
    /// What people call it.
    pub name: Patch<String>,
    /// With whom it is shared.
    pub sharing: SharingPatch,
    /// Which tickets.
    pub conditions: Patch<Value>,
    /// How the conditions of the outermost list belong together.
    pub matching: Patch<Matching>,
    /// What stands beside a ticket's subject; all of it.
    pub columns: Patch<Vec<ViewColumn>>,
    /// In which order.
    pub sort: Patch<Option<String>>,
    /// Its place among the views, lowest first.
    pub position: Patch<i64>,
    /// The name of a picture.
    pub icon: Patch<Option<String>>,
    /// Whether it is put away; only what a desk begins with can be.
    pub is_hidden: Patch<bool>,
}

impl Input for SavedViewPatch {
    fn read(fields: &mut Fields) -> Self {
        Self { is_hidden: fields.flag("is_hidden"), ..read(fields) }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=LONGEST_NAME, false);
        }
        self.sharing.check(problems);
        if self.columns.as_ref().is_some_and(|columns| columns.len() > SavedView::MOST_COLUMNS) {
            let message = format!("May have at most {} entries.", SavedView::MOST_COLUMNS);
            problems.add("columns", "too_many", message);
        }
        let mut known = HashSet::new();
        for (place, column) in self.columns.as_ref().into_iter().flatten().enumerate() {
            if !known.insert(column) {
                problems.add(format!("columns[{place}]"), "duplicate", "Is there twice.");
            }
        }
        if self.position.as_ref().is_some_and(|position| !(0..=LAST_POSITION).contains(position)) {
            problems.add("position", "out_of_range", format!("Must be 0 to {LAST_POSITION}."));
        }
        if let Some(Some(icon)) = self.icon.as_ref() {
            let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
            if !(1..=LONGEST_ICON).contains(&icon.len()) || !icon.bytes().all(fits) {
                let message = format!("Must be 1 to {LONGEST_ICON} characters of a-z, 0-9 and -.");
                problems.add("icon", "invalid_value", message);
            }
        }
    }
}

/// All that can be said of a new view, too.
fn read(fields: &mut Fields) -> SavedViewPatch {
    SavedViewPatch {
        name: fields.text("name"),
        sharing: SharingPatch::read(fields),
        conditions: fields.condition("conditions"),
        matching: fields.word("match", Matching::ALL),
        columns: read_columns(fields),
        sort: fields.nullable_text("sort"),
        position: fields.integer("position"),
        icon: fields.nullable_text("icon"),
        is_hidden: Patch::Keep,
    }
}

fn read_columns(fields: &mut Fields) -> Patch<Vec<ViewColumn>> {
    let Patch::Set(words) = fields.texts("columns") else { return Patch::Keep };
    let mut columns = Vec::with_capacity(words.len());
    for (place, word) in words.iter().enumerate() {
        match word.parse() {
            Ok(column) => columns.push(column),
            Err(_) => fields.fail(&format!("columns[{place}]"), "unknown_value", NO_COLUMN),
        }
    }
    Patch::Set(columns)
}

/// What is said of a column that there is none of.
pub(super) const NO_COLUMN: &str = "Must be one of status, assignee, team, sla, tags, category, channel, created and \
    updated, or custom_fields. and the key of a custom field.";

impl SavedViewPatch {
    /// Changes the view, less with whom it is shared.
    pub(super) fn apply(&self, view: &mut SavedView) {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut view.name);
        }
        self.conditions.apply(&mut view.conditions);
        self.matching.apply(&mut view.matching);
        self.columns.apply(&mut view.columns);
        self.sort.apply(&mut view.sort);
        if let Some(position) = self.position.as_ref() {
            view.position = i32::try_from(*position).unwrap_or(i32::MAX);
        }
        self.icon.apply(&mut view.icon);
        self.is_hidden.apply(&mut view.is_hidden);
    }
}
