//! What conditions see of the values of custom fields: the rows that stores keep beside the JSON.

use super::Kind;
use crate::decimal::Decimal;
use crate::fold::fold;
use crate::model::{FieldKey, FieldType};
use crate::query::SortText;
use serde_json::{Map, Value};

/// The most entries of a list that can be asked for.
const MOST: usize = 1_000;

impl FieldType {
    /// How conditions compare its values.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Textarea | Self::Select => Kind::Text,
            Self::Multiselect => Kind::Texts,
            Self::Number => Kind::Decimal,
            Self::Date => Kind::Date,
            Self::Checkbox => Kind::Flag,
        }
    }
}

/// One value of one field, or one entry of a list. Rows follow from the JSON alone, so that no store
/// needs to know which fields there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomValue {
    /// Whose value.
    pub key: FieldKey,
    /// Its place in the list; 0 where it is no list.
    pub place: i32,
    /// A text, folded; a day as it is written; `true` or `false`.
    pub text: Option<String>,
    /// A number.
    pub number: Option<Decimal>,
}

/// The rows of all values that conditions can ask for, one a key and place.
pub fn custom_values(fields: &Map<String, Value>) -> Vec<CustomValue> {
    let keyed = fields.iter().filter_map(|(key, value)| Some((key.parse().ok()?, value)));
    keyed.flat_map(|(key, value)| values_of(key, value)).collect()
}

/// The rows of one field's value; none for what says nothing.
pub(super) fn values_of(key: FieldKey, value: &Value) -> Vec<CustomValue> {
    let text = |text: String, place| CustomValue { key, place, text: Some(text), number: None };
    let said = |value: &Value, place| value.as_str().map(fold).filter(|t| !t.is_empty()).map(|t| text(t, place));
    match value {
        Value::Array(items) => items.iter().take(MOST).zip(0..).filter_map(|(item, place)| said(item, place)).collect(),
        Value::Bool(yes) => vec![text(yes.to_string(), 0)],
        Value::Number(number) => {
            let number = Decimal::try_from(number).ok();
            number.map(|number| CustomValue { key, place: 0, text: None, number: Some(number) }).into_iter().collect()
        }
        _ => said(value, 0).into_iter().collect(),
    }
}

/// By what a ticket stands in lists that are sorted by this field: a number, or a text; nothing where it holds none.
pub fn custom_order(
    fields: &Map<String, Value>,
    key: FieldKey,
    field_type: FieldType,
) -> Option<(i64, Option<SortText>)> {
    let first = values_of(key, fields.get(key.as_str())?).into_iter().find(|value| value.place == 0)?;
    if field_type == FieldType::Number {
        return first.number.map(|number| (number.scaled(), None));
    }
    first.text.map(|text| (0, Some(SortText::of(&text))))
}

/// The texts of a field's value as people wrote them.
pub(super) fn originals_of(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().take(MOST).filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}
