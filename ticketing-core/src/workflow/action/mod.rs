//! What rules do.

mod plan;
mod read;
mod writes;

pub(super) use plan::reason;
pub use plan::{Additions, Outside, Plan, Planned};
pub use read::{ActionKind, ActionReader};
pub use writes::{Sets, Written};

use super::extension::OwnAction;
use super::recipient::Recipient;
use super::variable::{Needs, Text, Values};
use crate::ids::WebhookId;
use crate::model::EscalationTarget;
use crate::time::Time;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// One thing that a rule does, read and checked.
#[derive(Clone, Debug)]
pub struct Action {
    /// Which, as it was written.
    pub kind: String,
    /// What it takes to do it.
    pub needs: Needs,
    does: Does,
}

#[derive(Clone, Debug)]
enum Does {
    Mail { to: Vec<Recipient>, subject: Text, body: Text },
    Notify { to: Vec<Recipient>, title: Text, message: Text },
    Update(Filling),
    Assign(Filling),
    Comment { body: Text, is_internal: bool },
    Call { endpoint: Endpoint, is_there: bool },
    Escalate { reason: Text, to: Option<Toward> },
    Tag { tags: Vec<Text>, adds: bool },
    Watch { who: Vec<Recipient>, on: bool },
    Snooze(Until),
    Own { action: Arc<OwnAction>, params: Filling },
}

/// Whom an escalated ticket goes to.
#[derive(Clone, Debug)]
enum Toward {
    /// Whoever has this role by then.
    Role(EscalationTarget),
    /// Somebody else.
    Recipient(Recipient),
}

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// A webhook of the desk, with its secrets and headers.
    Webhook(WebhookId),
    /// An address, without.
    Url(String),
}

/// Until when a ticket is put off.
#[derive(Clone, Copy, Debug)]
enum Until {
    For(TimeDelta),
    At(Time),
}

/// JSON with texts in it that are filled in.
#[derive(Clone, Debug)]
enum Filling {
    Fixed(Value),
    Text(Text),
    List(Vec<Filling>),
    Map(Vec<(String, Filling)>),
}

impl Filling {
    /// Whether nothing in it is filled in.
    fn is_fixed(&self) -> bool {
        match self {
            Self::Fixed(_) => true,
            Self::Text(_) => false,
            Self::List(items) => items.iter().all(Self::is_fixed),
            Self::Map(entries) => entries.iter().all(|(_, value)| value.is_fixed()),
        }
    }

    /// What of it is there before anything is filled in.
    fn fixed(&self) -> Option<Value> {
        match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Text(_) => None,
            Self::List(items) => {
                items.iter().all(Self::is_fixed).then(|| items.iter().filter_map(Self::fixed).collect())
            }
            Self::Map(entries) => {
                let fixed = entries.iter().filter_map(|(key, value)| Some((key.clone(), value.fixed()?)));
                Some(Value::Object(fixed.collect()))
            }
        }
    }

    fn fill(&self, values: &Values<'_>) -> Result<Value, String> {
        Ok(match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(text) => text.fill(values)?.into(),
            Self::List(items) => items.iter().map(|item| item.fill(values)).collect::<Result<Value, _>>()?,
            Self::Map(entries) => {
                let filled = entries.iter().map(|(key, value)| Ok((key.clone(), value.fill(values)?)));
                Value::Object(filled.collect::<Result<Map<_, _>, String>>()?)
            }
        })
    }

    fn needs(&self) -> Needs {
        match self {
            Self::Fixed(_) => Needs::default(),
            Self::Text(text) => text.needs,
            Self::List(items) => items.iter().map(Self::needs).fold(Needs::default(), Needs::and),
            Self::Map(entries) => entries.iter().map(|(_, value)| value.needs()).fold(Needs::default(), Needs::and),
        }
    }
}
