//! What endpoints are told: which of them hears of an event, what it is sent, and when a call is tried again.
//!
//! All of it is pure. The desk loads what is needed, workers make the calls.

pub mod header;
pub mod payload;
pub mod plan;
#[cfg(all(test, feature = "conformance"))]
mod property;
pub mod retry;
pub mod sample;
mod short;
#[cfg(test)]
mod tests;
pub mod url;

pub use payload::{Occasion, vocabulary};
pub use retry::{Retry, Verdict};

use crate::condition::{Condition, parse};
use crate::model::{CustomFields, EventType, FieldKey, PayloadKind, Ticket, Webhook};
use crate::setting::Stored;
use crate::template::{Markup, Template};
use crate::time::Time;
use uuid::Uuid;

/// A webhook, ready to be asked about events.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The webhook as it is stored.
    pub stored: Stored<Webhook>,
    filter: Filter,
    template: Option<Template>,
}

/// Which tickets a webhook hears of.
#[derive(Clone, Debug)]
enum Filter {
    /// All.
    All,
    /// Those for which this holds.
    Only(Condition),
    /// None: what it says can't be read any more. Better that nothing leaves than what nobody meant to send.
    Unreadable,
}

impl Hook {
    /// The webhook over these fields of the desk.
    pub fn new(stored: Stored<Webhook>, fields: &CustomFields) -> Self {
        let filter = match &stored.content.filter {
            None => Filter::All,
            Some(value) => parse(value, "filter", fields).map_or(Filter::Unreadable, Filter::Only),
        };
        let is_template = stored.content.payload == PayloadKind::Template;
        let source = stored.content.payload_template.as_deref().filter(|_| is_template);
        let template = source.and_then(|text| Template::parse(text, Markup::Json).ok());
        Self { stored, filter, template }
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.stored.id
    }

    /// What makes its payload, where that is a template that can be read.
    pub fn template(&self) -> Option<&Template> {
        self.template.as_ref()
    }

    /// Whether it hears of this ticket, as it was at this moment.
    pub fn hears_of(&self, ticket: &Ticket, at: Time) -> bool {
        match &self.filter {
            Filter::All => true,
            Filter::Only(condition) => condition.holds(ticket, at),
            Filter::Unreadable => false,
        }
    }

    /// Whether its filter asks for this field of the desk.
    pub fn asks_for(&self, key: FieldKey) -> bool {
        matches!(&self.filter, Filter::Only(condition) if condition.asks_for(key))
    }
}

/// All webhooks of a desk, and which of them are told of what.
#[derive(Clone, Debug, Default)]
pub struct Webhooks {
    /// By id, so oldest first.
    hooks: Vec<Hook>,
    /// For each type of event, the places of the active webhooks that are told of it.
    by_type: Vec<Vec<usize>>,
}

impl Webhooks {
    /// These webhooks, over these fields of the desk.
    pub fn new(stored: Vec<Stored<Webhook>>, fields: &CustomFields) -> Self {
        let mut hooks: Vec<Hook> = stored.into_iter().map(|stored| Hook::new(stored, fields)).collect();
        hooks.sort_by_key(Hook::id);
        let told = |event: &EventType| {
            let wants = |hook: &Hook| hook.stored.content.is_active && hook.stored.content.event_types.contains(event);
            hooks.iter().enumerate().filter(|(_, hook)| wants(hook)).map(|(place, _)| place).collect()
        };
        let by_type = EventType::ALL.iter().map(told).collect();
        Self { hooks, by_type }
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Hook> {
        self.hooks.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.hooks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hooks.is_empty()
    }

    /// The webhook with this id.
    pub fn by_id(&self, id: Uuid) -> Option<&Hook> {
        self.hooks.binary_search_by_key(&id, Hook::id).ok().map(|place| &self.hooks[place])
    }

    /// The active webhooks that are told of events of this type, oldest first.
    pub fn told_of(&self, event: EventType) -> impl Iterator<Item = &Hook> {
        let places = usize::try_from(event.rank()).ok().and_then(|rank| self.by_type.get(rank));
        places.into_iter().flatten().map(|place| &self.hooks[*place])
    }

    /// Whether the filter of any of them asks for this field of the desk.
    pub fn ask_for(&self, key: FieldKey) -> bool {
        self.iter().any(|hook| hook.asks_for(key))
    }
}
