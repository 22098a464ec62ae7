//! What is sent of a field.

use super::option::{at_renamed, rename, tidy};
use super::position;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::TeamId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{AskedWhen, CustomField, FieldKey, FieldLimits, FieldPattern, FieldType, Required};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) const LAST_POSITION: i64 = 1_000_000;

/// A field to be added.
#[derive(Clone, Debug)]
pub struct NewCustomField {
    /// Its name for programs, as [`FieldKey`] has it.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// What it holds.
    pub field_type: FieldType,
    /// What can be chosen from.
    pub options: Vec<String>,
    /// When a ticket must have a value.
    pub required: Required,
    /// Whether customers see it.
    pub visible_to_customer: bool,
    /// Whether customers who see it may fill it in; they may unless it is said otherwise.
    pub editable_by_customer: Option<bool>,
    /// Which tickets it is asked of.
    pub when: AskedWhen,
    /// What its values are held to beside the type.
    pub limits: FieldLimits,
    /// The value of a new ticket that is made without one.
    pub default: Option<Value>,
    /// Where it stands; behind all others unless given.
    pub position: Option<i64>,
}

impl NewCustomField {
    /// A field for staff that may be left empty.
    pub fn new(key: impl Into<String>, label: impl Into<String>, field_type: FieldType) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            field_type,
            options: Vec::new(),
            required: Required::Never,
            visible_to_customer: false,
            editable_by_customer: None,
            when: AskedWhen::default(),
            limits: FieldLimits::default(),
            default: None,
            position: None,
        }
    }
}

impl Input for NewCustomField {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["field_type"]);
        let required = match read_required(fields) {
            (Patch::Set(required), _) => required,
            (Patch::Keep, Patch::Set(true)) => Required::Create,
            (Patch::Keep, _) => Required::Never,
        };
        Self {
            key: fields.required_text("key"),
            label: fields.required_text("label"),
            field_type: fields.word("field_type", FieldType::ALL).into_option().unwrap_or(FieldType::Text),
            options: fields.texts("options").into_option().unwrap_or_default(),
            required,
            visible_to_customer: fields.flag("visible_to_customer").into_option().unwrap_or_default(),
            editable_by_customer: fields.flag("editable_by_customer").into_option(),
            when: read_when(fields).into_option().unwrap_or_default(),
            limits: FieldLimits {
                min: fields.nullable_value("min").into_option().flatten(),
                max: fields.nullable_value("max").into_option().flatten(),
                max_length: read_length(fields).into_option().flatten(),
                pattern: read_pattern(fields).into_option().flatten(),
            },
            default: fields.nullable_value("default").into_option().flatten(),
            position: fields.nullable_integer("position").into_option().flatten(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if self.key.parse::<FieldKey>().is_err() {
            let form = "Must begin with a small letter and have at most 40 small letters, digits and underscores.";
            problems.add("key", "invalid_value", form);
        }
        check_label(problems, &self.label);
        check_position(problems, self.position);
        check_when(problems, &self.when);
    }
}

/// What to change of a field. Key and type stay for good.
#[derive(Clone, Debug, Default)]
pub struct CustomFieldPatch {
    /// Its name for people.
    pub label: Patch<String>,
    /// What can be chosen from. What tickets hold already stays.
    pub options: Patch<Vec<String>>,
    /// Options that are called something else from now on, on tickets, too: the name of now, and the next one. They are
    /// renamed before `options` is looked at.
    pub renamed_options: BTreeMap<String, String>,
    /// When a ticket must have a value.
    pub required: Patch<Required>,
    /// The same as yes and no: whether a new ticket must have one. `required` goes before it.
    pub is_required: Patch<bool>,
    /// Whether customers see it.
    pub visible_to_customer: Patch<bool>,
    /// Whether customers who see it may fill it in.
    pub editable_by_customer: Patch<bool>,
    /// Which tickets it is asked of.
    pub when: Patch<AskedWhen>,
    /// The least number or the first day.
    pub min: Patch<Option<Value>>,
    /// The greatest number or the last day.
    pub max: Patch<Option<Value>>,
    /// How many characters a text may have.
    pub max_length: Patch<Option<u32>>,
    /// What a whole text must match.
    pub pattern: Patch<Option<FieldPattern>>,
    /// The value of a new ticket that is made without one.
    pub default: Patch<Option<Value>>,
    /// Where it stands.
    pub position: Patch<i64>,
    /// Whether it can be filled in.
    pub is_active: Patch<bool>,
}

impl Input for CustomFieldPatch {
    fn read(fields: &mut Fields) -> Self {
        let (required, is_required) = read_required(fields);
        Self {
            label: fields.text("label"),
            options: fields.texts("options"),
            renamed_options: read_renamed(fields),
            required,
            is_required,
            visible_to_customer: fields.flag("visible_to_customer"),
            editable_by_customer: fields.flag("editable_by_customer"),
            when: read_when(fields),
            min: fields.nullable_value("min"),
            max: fields.nullable_value("max"),
            max_length: read_length(fields),
            pattern: read_pattern(fields),
            default: fields.nullable_value("default"),
            position: fields.integer("position"),
            is_active: fields.flag("is_active"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(label) = self.label.as_ref() {
            check_label(problems, label);
        }
        check_position(problems, self.position.as_ref().copied());
        if let Some(when) = self.when.as_ref() {
            check_when(problems, when);
        }
    }
}

impl CustomFieldPatch {
    pub(super) fn apply(&self, field: &mut CustomField) -> Result<(), Error> {
        if let Some(label) = self.label.as_ref() {
            label.trim().clone_into(&mut field.label);
        }
        rename(field, &self.renamed_options)?;
        if let Some(options) = self.options.as_ref() {
            field.options = tidy(options);
        }
        match (&self.required, &self.is_required) {
            (Patch::Set(required), _) => field.required = *required,
            (Patch::Keep, Patch::Set(true)) => field.required = Required::Create,
            // Who knows yes and no alone does not mean what is asked for later.
            (Patch::Keep, Patch::Set(false)) if field.required == Required::Create => field.required = Required::Never,
            (Patch::Keep, _) => {}
        }
        self.visible_to_customer.apply(&mut field.visible_to_customer);
        if let Some(editable) = self.editable_by_customer.as_ref() {
            field.editable_by_customer = Some(*editable);
        }
        if let Some(when) = self.when.as_ref() {
            field.when = tidy_when(when);
        }
        self.min.apply(&mut field.limits.min);
        self.max.apply(&mut field.limits.max);
        self.max_length.apply(&mut field.limits.max_length);
        self.pattern.apply(&mut field.limits.pattern);
        self.default.apply(&mut field.default);
        if let Some(given) = self.position.as_ref() {
            field.position = position(*given);
        }
        self.is_active.apply(&mut field.is_active);
        Ok(())
    }
}

/// The word, and what those say who know yes and no alone.
fn read_required(fields: &mut Fields) -> (Patch<Required>, Patch<bool>) {
    let (required, flag) = (fields.word("required", Required::ALL), fields.flag("is_required"));
    if let (Patch::Set(required), Patch::Set(flag)) = (&required, &flag)
        && *flag != (*required == Required::Create)
    {
        fields.fail("is_required", "contradiction", "Is true where required is create, and only there.");
    }
    (required, flag)
}

fn read_when(fields: &mut Fields) -> Patch<AskedWhen> {
    let read = fields.nested("when", |inner| {
        let categories = inner.texts("categories").into_option().unwrap_or_default();
        let names = inner.texts("team_ids").into_option().unwrap_or_default();
        let mut team_ids = Vec::new();
        for (place, name) in names.iter().enumerate().take(AskedWhen::MOST + 1) {
            match Uuid::parse_str(name) {
                Ok(id) => team_ids.push(TeamId(id)),
                Err(_) => inner.fail(&format!("team_ids[{place}]"), "type", "Must be an id (UUID)."),
            }
        }
        AskedWhen { categories, team_ids }
    });
    read.map_or(Patch::Keep, Patch::Set)
}

fn read_length(fields: &mut Fields) -> Patch<Option<u32>> {
    match fields.nullable_integer("max_length") {
        Patch::Keep => Patch::Keep,
        // What is out of bounds is told of by its bounds.
        Patch::Set(given) => Patch::Set(given.map(|given| u32::try_from(given).unwrap_or_default())),
    }
}

fn read_pattern(fields: &mut Fields) -> Patch<Option<FieldPattern>> {
    match fields.nullable_text("pattern") {
        Patch::Keep => Patch::Keep,
        Patch::Set(given) => Patch::Set(given.map(FieldPattern::new)),
    }
}

fn read_renamed(fields: &mut Fields) -> BTreeMap<String, String> {
    let mut renamed = BTreeMap::new();
    for (old, new) in fields.map("renamed_options").into_option().unwrap_or_default() {
        match new {
            Value::String(new) => drop(renamed.insert(old, new)),
            _ => fields.fail(&at_renamed(&old), "type", "Must be a text."),
        }
    }
    renamed
}

fn check_when(problems: &mut Problems, when: &AskedWhen) {
    for (name, many) in [("when.categories", when.categories.len()), ("when.team_ids", when.team_ids.len())] {
        if many > AskedWhen::MOST {
            problems.add(name, "too_many", format!("May have at most {} entries.", AskedWhen::MOST));
        }
    }
    for (place, category) in when.categories.iter().enumerate().take(AskedWhen::MOST) {
        problems.text(&format!("when.categories[{place}]"), category.trim(), 1..=100, false);
    }
}

/// Each category and team once.
pub(super) fn tidy_when(when: &AskedWhen) -> AskedWhen {
    let mut tidy = AskedWhen::default();
    for category in when.categories.iter().map(|category| category.trim()) {
        if !tidy.categories.iter().any(|known| fold(known) == fold(category)) {
            tidy.categories.push(category.to_owned());
        }
    }
    for team in &when.team_ids {
        if !tidy.team_ids.contains(team) {
            tidy.team_ids.push(*team);
        }
    }
    tidy
}

fn check_label(problems: &mut Problems, label: &str) {
    problems.text("label", label.trim(), 1..=100, false);
}

fn check_position(problems: &mut Problems, position: Option<i64>) {
    if position.is_some_and(|position| !(0..=LAST_POSITION).contains(&position)) {
        problems.add("position", "out_of_range", format!("Must be 0 to {LAST_POSITION}."));
    }
}
