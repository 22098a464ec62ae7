//! The desk's own fields: who adds and changes them, who sees them.

use super::recorder::Recorder;
use super::setting::Kind;
use super::{Desk, Snapshot};
use crate::access::{Call, Scope};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::fold::fold;
use crate::ids::CustomFieldId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{CustomField, CustomFields, FieldKey, FieldType, Role};
use crate::setting::Stored;
use crate::time::Time;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

const MOST_OPTIONS: usize = 200;
const LONGEST_OPTION: usize = 100;
const LAST_POSITION: i64 = 1_000_000;

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
    /// Whether a new ticket must have a value, of those who see the field.
    pub is_required: bool,
    /// Whether customers see it and may fill it in.
    pub visible_to_customer: bool,
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
            is_required: false,
            visible_to_customer: false,
            default: None,
            position: None,
        }
    }
}

impl Input for NewCustomField {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["field_type"]);
        Self {
            key: fields.required_text("key"),
            label: fields.required_text("label"),
            field_type: fields.word("field_type", FieldType::ALL).into_option().unwrap_or(FieldType::Text),
            options: fields.texts("options").into_option().unwrap_or_default(),
            is_required: fields.flag("is_required").into_option().unwrap_or_default(),
            visible_to_customer: fields.flag("visible_to_customer").into_option().unwrap_or_default(),
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
    }
}

/// What to change of a field. Key and type stay for good.
#[derive(Clone, Debug, Default)]
pub struct CustomFieldPatch {
    /// Its name for people.
    pub label: Patch<String>,
    /// What can be chosen from. What tickets hold already stays.
    pub options: Patch<Vec<String>>,
    /// Whether a new ticket must have a value, of those who see the field.
    pub is_required: Patch<bool>,
    /// Whether customers see it and may fill it in.
    pub visible_to_customer: Patch<bool>,
    /// The value of a new ticket that is made without one.
    pub default: Patch<Option<Value>>,
    /// Where it stands.
    pub position: Patch<i64>,
    /// Whether it can be filled in.
    pub is_active: Patch<bool>,
}

impl Input for CustomFieldPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            label: fields.text("label"),
            options: fields.texts("options"),
            is_required: fields.flag("is_required"),
            visible_to_customer: fields.flag("visible_to_customer"),
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
    }
}

impl CustomFieldPatch {
    fn apply(&self, field: &mut CustomField) {
        if let Some(label) = self.label.as_ref() {
            label.trim().clone_into(&mut field.label);
        }
        if let Some(options) = self.options.as_ref() {
            field.options = tidy(options);
        }
        self.is_required.apply(&mut field.is_required);
        self.visible_to_customer.apply(&mut field.visible_to_customer);
        self.default.apply(&mut field.default);
        if let Some(given) = self.position.as_ref() {
            field.position = position(*given);
        }
        self.is_active.apply(&mut field.is_active);
    }
}

fn check_label(problems: &mut Problems, label: &str) {
    problems.text("label", label.trim(), 1..=100, false);
}

fn check_position(problems: &mut Problems, position: Option<i64>) {
    if position.is_some_and(|position| !(0..=LAST_POSITION).contains(&position)) {
        problems.add("position", "out_of_range", format!("Must be 0 to {LAST_POSITION}."));
    }
}

/// A field as those who see it see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the field's own; see `model::CustomField`.
pub struct CustomFieldView {
    pub id: CustomFieldId,
    pub key: FieldKey,
    pub label: String,
    pub field_type: FieldType,
    pub options: Vec<String>,
    pub is_required: bool,
    pub visible_to_customer: bool,
    pub default: Option<Value>,
    pub position: i32,
    pub is_active: bool,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl From<&Stored<CustomField>> for CustomFieldView {
    fn from(stored: &Stored<CustomField>) -> Self {
        let field = stored.content.clone();
        Self {
            id: CustomFieldId(stored.id),
            key: field.key,
            label: field.label,
            field_type: field.field_type,
            options: field.options,
            is_required: field.is_required,
            visible_to_customer: field.visible_to_customer,
            default: field.default,
            position: field.position,
            is_active: field.is_active,
            version: stored.version,
            created_at: field.created_at,
            updated_at: stored.saved_at,
        }
    }
}

impl Kind for CustomField {
    const ONE: &'static str = "custom field";
    const MANY: &'static str = "custom fields";
    const LIMIT: usize = CustomFields::MOST;
    type View = CustomFieldView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.custom_fields.iter()
    }

    async fn view(_: &Desk, _: &Snapshot, stored: &Stored<Self>) -> Result<CustomFieldView, Error> {
        Ok(stored.into())
    }
}

impl Desk {
    /// The desk's own fields in their order; a customer is told of those that customers may fill in.
    pub async fn custom_fields(&self, call: impl Into<Call>) -> Result<Vec<CustomFieldView>, Error> {
        let call = call.into();
        let snapshot = self.snapshot().await?;
        let seen = snapshot.custom_fields.iter().filter(|field| is_seen(&call, &field.content));
        Ok(seen.map(CustomFieldView::from).collect())
    }

    /// One of the desk's own fields.
    pub async fn custom_field(&self, call: impl Into<Call>, id: CustomFieldId) -> Result<CustomFieldView, Error> {
        let call = call.into();
        let snapshot = self.snapshot().await?;
        let field = snapshot.setting::<CustomField>(id.0)?;
        if is_seen(&call, &field.content) { Ok(field.into()) } else { Err(Error::NotFound(CustomField::ONE)) }
    }

    /// Adds a field. For administrators.
    pub async fn create_custom_field(
        &self,
        call: impl Into<Call>,
        input: NewCustomField,
    ) -> Result<CustomFieldView, Error> {
        let input = &input;
        self.create_setting(&call.into(), input, |recorder, _| {
            let fields = &recorder.snapshot.custom_fields;
            if fields.by_key(&input.key).is_some() {
                return Err(Error::conflict("duplicate", "There is a custom field with this key already."));
            }
            let last = fields.iter().map(|field| field.content.position).max();
            let behind = last.map_or(0, |last| i64::from(last) + 1).min(LAST_POSITION);
            checked(CustomField {
                key: input.key.parse().map_err(|e| Error::Internal(Box::new(e)))?,
                label: input.label.trim().to_owned(),
                field_type: input.field_type,
                options: tidy(&input.options),
                is_required: input.is_required,
                visible_to_customer: input.visible_to_customer,
                default: input.default.clone(),
                position: position(input.position.unwrap_or(behind)),
                is_active: true,
                created_at: recorder.now,
            })
        })
        .await
    }

    /// Changes a field. For administrators.
    pub async fn update_custom_field(
        &self,
        call: impl Into<Call>,
        id: CustomFieldId,
        input: CustomFieldPatch,
        expected: Option<i64>,
    ) -> Result<CustomFieldView, Error> {
        let input = &input;
        self.update_setting(&call.into(), input, id.0, expected, |_, mut field| {
            input.apply(&mut field);
            checked(field)
        })
        .await
    }

    /// Deletes a field; one that tickets have values of, or that a webhook's filter, a rule, an SLA policy or a view
    /// that is shared names, is only deactivated, and its key stays taken. For administrators.
    pub async fn delete_custom_field(
        &self,
        call: impl Into<Call>,
        id: CustomFieldId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        // First nothing more may come in: a ticket that is being given a value at this moment is refused by the
        // new settings, or has it by the time somebody looks.
        let close = |_: &Recorder<'_>, field| Ok(CustomField { is_active: false, ..field });
        let version = self.change_setting(&call.without_key(), id.0, expected, "deactivated", close).await?.version;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.setting::<CustomField>(id.0)?;
            // A webhook that asks for it would have to guess which tickets it is told of, a policy which it is for, a view
            // which it shows, and a rule could not be run at all.
            let key = old.content.key;
            let is_named = snapshot.webhooks.ask_for(key)
                || snapshot.rules.name_field(key)
                || snapshot.sla_policies.ask_for(key)
                || snapshot.views.name_field(key, &snapshot.custom_fields, recorder.now);
            let is_kept = old.version != version || is_named;
            if is_kept || self.store.custom_field_in_use(&Scope::UPKEEP, key).await? {
                return recorder.unchanged().await;
            }
            recorder.last_version(&old.next(recorder.now, old.content.clone()), &FieldChanges::new())?;
            recorder.commit().await
        })
        .await
    }
}

fn is_seen(call: &Call, field: &CustomField) -> bool {
    call.actor.is_staff() || field.is_open_to(false)
}

fn tidy(options: &[String]) -> Vec<String> {
    options.iter().map(|option| option.trim().to_owned()).collect()
}

fn position(given: i64) -> i32 {
    i32::try_from(given).unwrap_or(i32::MAX)
}

/// The field with its default as tickets keep it, or all that does not fit its type.
fn checked(mut field: CustomField) -> Result<CustomField, Error> {
    let mut problems = Problems::default();
    let options = &field.options;
    if field.field_type.has_options() {
        if options.is_empty() {
            problems.add("options", "required", "Give at least one option.");
        }
        if options.len() > MOST_OPTIONS {
            problems.add("options", "too_many", format!("May have at most {MOST_OPTIONS} entries."));
        }
        let mut known = HashSet::new();
        for (place, option) in options.iter().enumerate().take(MOST_OPTIONS) {
            let at = format!("options[{place}]");
            problems.text(&at, option, 1..=LONGEST_OPTION, false);
            if option.contains(',') {
                problems.add(at.as_str(), "comma", "May not contain a comma, which separates values in filters.");
            }
            if !known.insert(fold(option)) {
                problems.add(at, "duplicate", "Is there twice.");
            }
        }
    } else if !options.is_empty() {
        problems.add("options", "not_for_type", "Only select and multiselect have options.");
    }
    if problems.is_empty() {
        field.default = field.default.take().and_then(|value| field.read(&value, "default", &mut problems));
    }
    problems.finish()?;
    Ok(field)
}
