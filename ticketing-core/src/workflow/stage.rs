//! A desk's rules to test with, without a desk.

use super::extension::Extensions;
use super::rule::{Context, Rule, Rules};
use super::variable::Variables;
use crate::calendar::Calendars;
use crate::model::{CustomFields, Directory, Workflow};
use crate::setting::Stored;
use crate::ticket::Ground;
use crate::time::Time;
use crate::webhook::Webhooks;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// What rules are read against.
pub(super) struct Stage {
    pub(super) directory: Directory,
    fields: CustomFields,
    calendars: Calendars,
    webhooks: Webhooks,
    extensions: Extensions,
    variables: Variables,
}

impl Stage {
    /// These people and teams, no fields of the desk's own and no webhooks.
    pub(super) fn new(directory: Directory) -> Self {
        let fields = CustomFields::new(Vec::new());
        let webhooks = Webhooks::new(Vec::new(), &fields);
        let variables = Variables::new(&fields);
        let calendars = Calendars::new(Vec::new(), []);
        Self { directory, fields, calendars, webhooks, extensions: Extensions::default(), variables }
    }

    pub(super) fn ground(&self) -> Ground<'_> {
        Ground {
            directory: &self.directory,
            custom_fields: &self.fields,
            calendars: &self.calendars,
            max_escalation_level: 5,
        }
    }

    /// These rules, in this order; what is not said of one is what it is where nothing is.
    pub(super) fn rules(&self, sources: &[Value]) -> Rules {
        let context = Context {
            ground: self.ground(),
            webhooks: &self.webhooks,
            extensions: &self.extensions,
            variables: &self.variables,
        };
        let read = |(place, source): (usize, &Value)| {
            let stored = Stored { id: id(place), version: 1, saved_at: Time::default(), content: workflow(source) };
            Arc::new(Rule::read(&stored, &context).unwrap())
        };
        Rules::only(sources.iter().enumerate().map(read).collect())
    }
}

/// The id of the rule at this place.
pub(super) fn id(place: usize) -> Uuid {
    Uuid::from_u128(place as u128 + 1)
}

fn workflow(source: &Value) -> Workflow {
    let mut whole = json!({
        "name": "A rule",
        "trigger_conditions": [],
        "match": "all",
        "mode": "when_changed",
        "stop": false,
        "position": 0,
        "is_active": true,
        "owner_id": null,
        "created_at": Time::default(),
        "actions": [{ "type": "add_tags", "params": { "tags": ["seen"] } }],
    });
    for (key, value) in source.as_object().unwrap() {
        whole[key] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}
