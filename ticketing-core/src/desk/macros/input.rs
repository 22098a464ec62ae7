//! What a macro is made of and changed by, and how it is used.

use crate::desk::SharingPatch;
use crate::desk::canned::check_shortcut;
use crate::desk::workflow::read_action;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{ActionSource, Macro};

/// Characters of a name.
const LONGEST_NAME: usize = 200;
/// Characters of what a macro is for.
const LONGEST_DESCRIPTION: usize = 4_000;
/// The highest place.
const LAST_POSITION: i64 = 1_000_000_000;

/// A macro to be made: all that is said of it. Name, actions and with whom it is shared must be.
#[derive(Clone, Debug)]
pub struct NewMacro(pub MacroPatch);

impl Input for NewMacro {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["name", "actions", "visibility"]);
        Self(MacroPatch::read(fields))
    }

    fn check(&self, problems: &mut Problems) {
        let Self(given) = self;
        given.check(problems);
        given.sharing.check_new(problems);
        let is_there = [given.name.as_ref().is_some(), given.actions.as_ref().is_some()];
        for (field, is_there) in ["name", "actions"].into_iter().zip(is_there) {
            if !is_there {
                problems.add(field, "required", "Is required.");
            }
        }
    }
}

/// What to change of a macro. The actions are replaced as a whole.
#[derive(Clone, Debug, Default)]
pub struct MacroPatch {
    /// What people call it.
    pub name: Patch<String>,
    /// What it is for.
    pub description: Patch<Option<String>>,
    /// What it does, in order.
    pub actions: Patch<Vec<ActionSource>>,
    /// Its place among the macros, lowest first.
    pub position: Patch<i64>,
    /// What whoever knows it types.
    pub shortcut: Patch<Option<String>>,
    /// With whom it is shared.
    pub sharing: SharingPatch,
}

impl Input for MacroPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            description: fields.nullable_text("description"),
            actions: fields.list("actions", read_action),
            position: fields.integer("position"),
            shortcut: fields.nullable_text("shortcut"),
            sharing: SharingPatch::read(fields),
        }
    }

    fn check(&self, problems: &mut Problems) {
        self.sharing.check(problems);
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=LONGEST_NAME, false);
        }
        if let Some(Some(description)) = self.description.as_ref() {
            problems.text("description", description, 0..=LONGEST_DESCRIPTION, true);
        }
        if let Some(actions) = self.actions.as_ref()
            && (actions.is_empty() || actions.len() > Macro::MOST_ACTIONS)
        {
            let message = format!("Must be a list of 1 to {} actions.", Macro::MOST_ACTIONS);
            problems.add("actions", "invalid_value", message);
        }
        if self.position.as_ref().is_some_and(|position| !(0..=LAST_POSITION).contains(position)) {
            problems.add("position", "out_of_range", format!("Must be 0 to {LAST_POSITION}."));
        }
        if let Some(Some(shortcut)) = self.shortcut.as_ref() {
            check_shortcut(problems, shortcut);
        }
    }
}

impl MacroPatch {
    /// Changes the macro, but with whom it is shared, which is decided apart.
    pub(super) fn apply(&self, changed: &mut Macro) {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut changed.name);
        }
        self.description.apply(&mut changed.description);
        self.actions.apply(&mut changed.actions);
        if let Some(position) = self.position.as_ref() {
            changed.position = i32::try_from(*position).unwrap_or(i32::MAX);
        }
        if let Some(shortcut) = self.shortcut.as_ref() {
            changed.shortcut = shortcut.as_ref().map(|shortcut| shortcut.trim().to_owned());
        }
    }
}

/// How a macro is used.
#[derive(Clone, Copy, Debug, Default)]
pub struct MacroUse {
    /// Whether it is done also where its texts ask for what the ticket has not; else it is refused.
    pub allow_missing: bool,
}

impl Input for MacroUse {
    fn read(fields: &mut Fields) -> Self {
        Self { allow_missing: fields.flag("allow_missing").into_option().unwrap_or_default() }
    }

    fn check(&self, _: &mut Problems) {}
}
