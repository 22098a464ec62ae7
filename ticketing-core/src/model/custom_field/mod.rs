//! Fields that a desk adds to its tickets, and what they may hold.

mod form;
mod key;
mod limits;
mod value;

pub use form::{AskedWhen, Topic};
pub use key::{FieldKey, NotAFieldKey};
pub use limits::{FieldLimits, FieldPattern};

use super::words;
use crate::setting::{Setting, Stored};
use crate::time::Time;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

words! {
    /// What a field holds and how it is asked for.
    FieldType {
        /// One line.
        Text = 0 "text",
        /// Many lines.
        Textarea = 1 "textarea",
        /// A number of at most four decimals.
        Number = 2 "number",
        /// A day, such as `2026-01-15`.
        Date = 3 "date",
        /// One of the options.
        Select = 4 "select",
        /// Some of the options.
        Multiselect = 5 "multiselect",
        /// Yes or no.
        Checkbox = 6 "checkbox",
    }
}

impl FieldType {
    /// Whether its values come from a list of options.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Select | Self::Multiselect)
    }

    /// Whether lists can be sorted by it: by the number, the day, or the folded text of one line.
    pub const fn has_order(self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Date | Self::Select)
    }
}

words! {
    /// When a ticket must have a value of a field that is asked of it.
    Required {
        /// It may be left empty.
        Never = 0 "never",
        /// From the beginning on, of those who fill it in.
        Create = 1 "create",
        /// Once it is resolved by staff or a rule, or closed without that.
        Resolve = 2 "resolve",
    }
}

impl Required {
    /// As fields were kept that knew yes and no alone.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Kept {
            Flag(bool),
            Word(Required),
        }
        Ok(match Kept::deserialize(deserializer)? {
            Kept::Flag(true) => Self::Create,
            Kept::Flag(false) => Self::Never,
            Kept::Word(word) => word,
        })
    }
}

/// What the names of custom fields start with, where they stand among the ticket's own.
pub const CUSTOM: &str = "custom_fields.";

/// One field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomField {
    /// Its name for programs.
    pub key: FieldKey,
    /// Its name for people.
    pub label: String,
    /// What it holds; never changes.
    pub field_type: FieldType,
    /// What can be chosen from, for the two types that have options.
    pub options: Vec<String>,
    /// Names that options had before, folded, and what each is called now.
    #[serde(default)]
    pub former_options: BTreeMap<String, String>,
    /// When a ticket must have a value.
    #[serde(alias = "is_required", deserialize_with = "Required::read")]
    pub required: Required,
    /// Whether customers see the field.
    pub visible_to_customer: bool,
    /// Whether customers who see it may fill it in, too; as long as nothing is said, they may.
    #[serde(default)]
    pub editable_by_customer: Option<bool>,
    /// Which tickets it is asked of.
    #[serde(default)]
    pub when: AskedWhen,
    /// What its values are held to beside the type.
    #[serde(flatten)]
    pub limits: FieldLimits,
    /// The value of a new ticket that is made without one.
    pub default: Option<Value>,
    /// Where it stands among the fields, lowest first.
    pub position: i32,
    /// Whether it can be filled in. What tickets hold already stays.
    pub is_active: bool,
    /// Since when there is such a field.
    pub created_at: Time,
}

impl Setting for CustomField {
    const KIND: &'static str = "custom_field";
}

impl CustomField {
    /// A field for staff, first of all, that may be left empty and is asked of every ticket.
    pub fn new(key: FieldKey, label: impl Into<String>, field_type: FieldType, created_at: Time) -> Self {
        Self {
            key,
            label: label.into(),
            field_type,
            options: Vec::new(),
            former_options: BTreeMap::new(),
            required: Required::Never,
            visible_to_customer: false,
            editable_by_customer: None,
            when: AskedWhen::default(),
            limits: FieldLimits::default(),
            default: None,
            position: 0,
            is_active: true,
            created_at,
        }
    }

    /// Whether staff, or customers, see the field.
    pub fn is_open_to(&self, is_staff: bool) -> bool {
        self.is_active && (is_staff || self.visible_to_customer)
    }

    /// Whether customers fill it in.
    pub fn is_editable_by_customer(&self) -> bool {
        self.visible_to_customer && self.editable_by_customer.unwrap_or(true)
    }

    /// Whether staff, or customers, fill it in.
    pub fn is_filled_in_by(&self, is_staff: bool) -> bool {
        self.is_active && (is_staff || self.is_editable_by_customer())
    }

    /// Whether a ticket about this that is made, or else resolved, must have a value.
    pub fn is_needed(&self, required: Required, topic: Topic<'_>) -> bool {
        self.is_active && self.required == required && self.when.fits(topic)
    }
}

/// All fields of a desk, in their order.
#[derive(Clone, Debug, Default)]
pub struct CustomFields(Vec<Stored<CustomField>>);

impl CustomFields {
    /// How many a desk can have.
    pub const MOST: usize = 200;

    /// The fields, sorted by position and then by age.
    pub fn new(mut fields: Vec<Stored<CustomField>>) -> Self {
        fields.sort_by_key(|field| (field.content.position, field.id));
        Self(fields)
    }

    /// The fields in their order, those that are no longer active too.
    pub fn iter(&self) -> impl Iterator<Item = &Stored<CustomField>> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The field with this key.
    pub fn by_key(&self, key: &str) -> Option<&CustomField> {
        self.iter().map(|field| &field.content).find(|field| field.key.as_str() == key)
    }

    /// The field with this id.
    pub fn by_id(&self, id: Uuid) -> Option<&Stored<CustomField>> {
        self.iter().find(|field| field.id == id)
    }

    /// Whether customers see what this field holds.
    pub fn shows_customers(&self, key: &str) -> bool {
        self.by_key(key).is_some_and(|field| field.is_open_to(false))
    }
}
