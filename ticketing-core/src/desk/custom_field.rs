//! The desk's own fields: who adds and changes them, who sees them.

use super::recorder::{Recorder, differences};
use super::{Desk, check_version};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::fold::fold;
use crate::ids::CustomFieldId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{CustomField, CustomFields, FieldKey, FieldType, Role, Subject};
use crate::setting::{Document, Setting, Stored};
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
        if !fields.has("field_type") {
            fields.fail("field_type", "required", "Is required.");
        }
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
        let field = known(&snapshot.custom_fields, id)?;
        if is_seen(&call, &field.content) { Ok(field.into()) } else { Err(Error::NotFound("custom field")) }
    }

    /// Adds a field. For administrators.
    pub async fn create_custom_field(
        &self,
        call: impl Into<Call>,
        input: NewCustomField,
    ) -> Result<CustomFieldView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        let key: FieldKey = input.key.parse().map_err(|e| Error::Internal(Box::new(e)))?;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let fields = &recorder.snapshot.custom_fields;
            if fields.by_key(key.as_str()).is_some() {
                return Err(Error::conflict("duplicate", "There is a custom field with this key already."));
            }
            if fields.len() >= CustomFields::MOST {
                let message = format!("A desk has at most {} custom fields.", CustomFields::MOST);
                return Err(Error::conflict("too_many", message));
            }
            let last = fields.iter().map(|field| field.content.position).max();
            let behind = last.map_or(0, |last| i64::from(last) + 1).min(LAST_POSITION);
            let content = CustomField {
                key,
                label: input.label.trim().to_owned(),
                field_type: input.field_type,
                options: tidy(&input.options),
                is_required: input.is_required,
                visible_to_customer: input.visible_to_customer,
                default: input.default.clone(),
                position: position(input.position.unwrap_or(behind)),
                is_active: true,
                created_at: recorder.now,
            };
            let (id, saved_at) = (self.ids().uuid(recorder.now), recorder.now);
            let new = Stored { id, version: 1, saved_at, content: checked(content)? };
            save(recorder, call, None, new, "custom_field.created").await
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
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = known(&snapshot.custom_fields, id)?;
            check_version(expected, old.version)?;
            let mut field = old.content.clone();
            if let Some(label) = input.label.as_ref() {
                label.trim().clone_into(&mut field.label);
            }
            if let Some(options) = input.options.as_ref() {
                field.options = tidy(options);
            }
            input.is_required.apply(&mut field.is_required);
            input.visible_to_customer.apply(&mut field.visible_to_customer);
            input.default.apply(&mut field.default);
            if let Some(given) = input.position.as_ref() {
                field.position = position(*given);
            }
            input.is_active.apply(&mut field.is_active);
            let (version, saved_at) = (old.version + 1, recorder.now);
            let new = Stored { id: id.0, version, saved_at, content: checked(field)? };
            save(recorder, call, Some(old), new, "custom_field.updated").await
        })
        .await
    }

    /// Deletes a field; one that tickets have values of, or that a webhook's filter, a rule or an SLA policy names, is
    /// only deactivated, and its key stays taken. For administrators.
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
        let version = self
            .insist(move || async move {
                let recorder = Recorder::begin(self, call).await?;
                let snapshot = Arc::clone(&recorder.snapshot);
                let old = known(&snapshot.custom_fields, id)?;
                check_version(expected, old.version)?;
                let content = CustomField { is_active: false, ..old.content.clone() };
                let new = Stored { version: old.version + 1, saved_at: recorder.now, content, ..*old };
                save(recorder, call, Some(old), new, "custom_field.deactivated").await.map(|field| field.version)
            })
            .await?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = known(&snapshot.custom_fields, id)?;
            // A webhook that asks for it would have to guess which tickets it is told of, a policy which it is for, and
            // a rule could not be run at all.
            let key = old.content.key;
            let is_named =
                snapshot.webhooks.ask_for(key) || snapshot.rules.name_field(key) || snapshot.sla_policies.ask_for(key);
            let is_kept = old.version != version || is_named;
            if is_kept || self.store.custom_field_in_use(&Scope::UPKEEP, key).await? {
                return Ok(());
            }
            let new = Stored { version: old.version + 1, saved_at: recorder.now, ..old.clone() };
            let document = Document { deleted: true, ..document(&new, call)? };
            recorder.bump_settings();
            recorder.write(Write::Setting { document, expect: Expect::Version(old.version) });
            recorder.deed("custom_field.deleted", Subject::Setting(id.0), &FieldChanges::new());
            recorder.commit().await
        })
        .await
    }
}

fn is_seen(call: &Call, field: &CustomField) -> bool {
    call.actor.is_staff() || field.is_open_to(false)
}

fn known(fields: &CustomFields, id: CustomFieldId) -> Result<&Stored<CustomField>, Error> {
    fields.by_id(id.0).ok_or(Error::NotFound("custom field"))
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

fn document(field: &Stored<CustomField>, call: &Call) -> Result<Document, Error> {
    Ok(Document {
        kind: CustomField::KIND.to_owned(),
        id: field.id,
        owner: None,
        version: field.version,
        saved_at: field.saved_at,
        saved_by: call.actor.user_id(),
        deleted: false,
        body: serde_json::to_value(&field.content).map_err(|e| Error::Internal(Box::new(e)))?,
    })
}

/// Writes a field that is new or differs from the old one.
async fn save(
    mut recorder: Recorder<'_>,
    call: &Call,
    old: Option<&Stored<CustomField>>,
    new: Stored<CustomField>,
    action: &str,
) -> Result<CustomFieldView, Error> {
    let changes = differences(old.map(|old| &old.content), &new.content);
    if let Some(old) = old.filter(|_| changes.is_empty()) {
        return Ok(old.into());
    }
    let expect = old.map_or(Expect::New, |old| Expect::Version(old.version));
    recorder.bump_settings();
    recorder.write(Write::Setting { document: document(&new, call)?, expect });
    recorder.deed(action, Subject::Setting(new.id), &changes);
    let view = CustomFieldView::from(&new);
    recorder.answer(|| &view)?;
    recorder.commit().await?;
    Ok(view)
}
