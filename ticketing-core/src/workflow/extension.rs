//! What an embedding application adds to rules: fields, operators and actions of its own.

use super::facts::Subject;
use crate::condition::{FieldValue, Kind, Literal};
use crate::decimal::Decimal;
use crate::ids::{JobId, TicketId};
use crate::model::RuleRef;
use crate::time::{calendar_day, to_micros};
use async_trait::async_trait;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

type Get = dyn Fn(&Subject<'_>) -> Value + Send + Sync;
type Holds = dyn Fn(&Value, &Value) -> bool + Send + Sync;
type CheckValue = dyn Fn(&Value) -> Result<(), String> + Send + Sync;

/// A field of the application's own: a pure function of the ticket and its people.
pub struct OwnField {
    /// Its name in conditions.
    pub name: String,
    /// What kind of value it holds; a value of another kind counts as none. Not [`Kind::Word`].
    pub kind: Kind,
    /// What it is, for people.
    pub about: String,
    /// Its value as JSON, as a custom field of that kind would have it.
    pub get: Box<Get>,
}

/// An operator of the application's own: a pure function of a field's value and the one that it is compared with.
pub struct OwnOperator {
    /// Its name in conditions.
    pub name: String,
    /// What it asks, for people.
    pub about: String,
    /// Why a value can't be compared with, for people; looked at when a rule is saved.
    pub check: Box<CheckValue>,
    /// Whether it holds for a field's value (null where there is none) and the rule's.
    pub holds: Box<Holds>,
}

/// What a parameter of an action holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamKind {
    /// A text, in which variables are filled in.
    Text,
    /// A number.
    Number,
    /// True or false.
    Flag,
}

/// One parameter of an action.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ParamKind,
    /// Whether it has to be given.
    pub is_required: bool,
    /// What it is, for people.
    pub about: String,
}

/// An action of the application's own. It is done after the commit, by a worker, at least once.
pub struct OwnAction {
    /// Its name as the type of an action.
    pub name: String,
    /// What it does, for people.
    pub about: String,
    /// What it takes.
    pub params: Vec<Param>,
    /// Who does it.
    pub handler: Arc<dyn ActionHandler>,
}

/// One call of an action.
#[derive(Clone, Debug)]
pub struct ActionCall {
    /// The same for every attempt, so that what was done is not done twice.
    pub id: JobId,
    /// Which action.
    pub action: String,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The rule that asked for it.
    pub rule: RuleRef,
    /// Its parameters, variables filled in as they were at the moment of the change.
    pub params: Map<String, Value>,
}

/// Why an action was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// It may work later.
    #[error("{reason}")]
    Later {
        /// Why.
        reason: String,
        /// After how long; the desk's own delays unless said.
        after: Option<Duration>,
    },
    /// It never will.
    #[error("{0}")]
    Never(String),
}

/// Does an action of the application.
#[async_trait]
pub trait ActionHandler: Send + Sync {
    /// Does it, within a minute: after that it counts as not done. It may be called again for the same id where a worker was lost before its answer was kept.
    async fn perform(&self, call: &ActionCall) -> Result<(), ActionError>;
}

/// All that an application adds.
#[derive(Clone, Debug, Default)]
pub struct Extensions {
    /// Fields, by name.
    pub fields: Vec<Arc<OwnField>>,
    /// Operators, by name.
    pub operators: BTreeMap<String, Arc<OwnOperator>>,
    /// Actions, by name.
    pub actions: BTreeMap<String, Arc<OwnAction>>,
}

impl OwnField {
    /// Reads the field's value; what is of another kind is none.
    pub(super) fn read(&self, value: &Value) -> FieldValue<'static> {
        read_value(self.kind, value)
    }
}

/// A JSON value as one of this kind; what is of another kind is none. Words are for who knows which there are.
pub(super) fn read_value(kind: Kind, value: &Value) -> FieldValue<'static> {
    let text = || value.as_str().map(str::to_owned);
    match kind {
        Kind::Text => {
            text().filter(|text| !text.is_empty()).map_or(FieldValue::Nothing, |t| FieldValue::Text(t.into()))
        }
        Kind::Texts => {
            let items = value.as_array().into_iter().flatten();
            FieldValue::Texts(items.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>().into())
        }
        Kind::Id => FieldValue::one(text().and_then(|text| text.parse().ok()).map(Literal::Id)),
        Kind::Number => FieldValue::one(value.as_i64().map(Literal::Number)),
        Kind::Decimal => {
            let number = value.as_number().and_then(|number| Decimal::try_from(number).ok());
            FieldValue::one(number.map(Literal::Decimal))
        }
        Kind::Flag => FieldValue::one(value.as_bool().map(Literal::Flag)),
        Kind::Date => FieldValue::one(text().and_then(|text| calendar_day(&text)).map(Literal::Date)),
        Kind::Time => {
            let at = text().and_then(|text| chrono::DateTime::parse_from_rfc3339(&text).ok());
            FieldValue::one(at.map(|at| Literal::Time(to_micros(at.to_utc()))))
        }
        Kind::Word => FieldValue::Nothing,
    }
}

macro_rules! debug_by_name {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.name)
            }
        }
    )+};
}

debug_by_name!(OwnField, OwnOperator, OwnAction);
