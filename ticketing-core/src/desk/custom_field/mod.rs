//! The desk's own fields: who adds and changes them, who sees them.

mod input;
mod option;

pub use input::{CustomFieldPatch, NewCustomField};

use super::recorder::Recorder;
use super::setting::Kind;
use super::work::rename_job;
use super::{Desk, Snapshot};
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::CustomFieldId;
use crate::input::Problems;
use crate::model::{AskedWhen, CustomField, CustomFields, FieldKey, FieldLimits, FieldType, Required, Role};
use crate::setting::Stored;
use crate::time::Time;
use input::{LAST_POSITION, tidy_when};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A field as those who see it see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[allow(missing_docs)] // The fields are the field's own; see `model::CustomField`.
pub struct CustomFieldView {
    pub id: CustomFieldId,
    pub key: FieldKey,
    pub label: String,
    pub field_type: FieldType,
    pub options: Vec<String>,
    pub former_options: BTreeMap<String, String>,
    pub required: Required,
    /// Whether a new ticket must have a value.
    pub is_required: bool,
    pub visible_to_customer: bool,
    pub editable_by_customer: bool,
    pub when: AskedWhen,
    #[serde(flatten)]
    pub limits: FieldLimits,
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
        let editable_by_customer = field.is_editable_by_customer();
        Self {
            id: CustomFieldId(stored.id),
            key: field.key,
            label: field.label,
            field_type: field.field_type,
            options: field.options,
            former_options: field.former_options,
            required: field.required,
            is_required: field.required == Required::Create,
            visible_to_customer: field.visible_to_customer,
            editable_by_customer,
            when: field.when,
            limits: field.limits,
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

    async fn prepare(recorder: &mut Recorder<'_>, old: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        let names = old.map(|old| option::outdated(&old.content, &new.content)).unwrap_or_default();
        if !names.is_empty() {
            let job = rename_job(recorder.desk, recorder.now, CustomFieldId(new.id), names);
            recorder.write(Write::Job(Box::new(job)));
        }
        Ok(())
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
            check_teams(&recorder.snapshot, &input.when)?;
            let last = fields.iter().map(|field| field.content.position).max();
            let behind = last.map_or(0, |last| i64::from(last) + 1).min(LAST_POSITION);
            checked(CustomField {
                key: input.key.parse().map_err(|e| Error::Internal(Box::new(e)))?,
                label: input.label.trim().to_owned(),
                field_type: input.field_type,
                options: option::tidy(&input.options),
                former_options: BTreeMap::new(),
                required: input.required,
                visible_to_customer: input.visible_to_customer,
                editable_by_customer: input.editable_by_customer,
                when: tidy_when(&input.when),
                limits: input.limits.clone(),
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
        self.update_setting(&call.into(), input, id.0, expected, |recorder, mut field| {
            if let Some(when) = input.when.as_ref() {
                check_teams(&recorder.snapshot, when)?;
            }
            input.apply(&mut field)?;
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

/// Teams that a field is asked for must be there.
fn check_teams(snapshot: &Snapshot, when: &AskedWhen) -> Result<(), Error> {
    let mut problems = Problems::default();
    for (place, team) in when.team_ids.iter().enumerate() {
        if snapshot.directory.team(*team).is_none() {
            problems.add(format!("when.team_ids[{place}]"), "unknown", "There is no such team.");
        }
    }
    problems.finish()
}

fn position(given: i64) -> i32 {
    i32::try_from(given).unwrap_or(i32::MAX)
}

/// The field with its default as tickets keep it, or all that does not fit its type.
fn checked(mut field: CustomField) -> Result<CustomField, Error> {
    let mut problems = Problems::default();
    option::check(&mut field, &mut problems);
    field.limits.check(field.field_type, &mut problems);
    if problems.is_empty() {
        field.default = field.default.take().and_then(|value| field.read(&value, "default", &mut problems));
    }
    problems.finish()?;
    Ok(field)
}
