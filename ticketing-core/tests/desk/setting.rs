//! What holds for every kind of setting that administrators look after.

use crate::house::{House, code};
use serde::Serialize;
use serde_json::{Value, json};
use std::str::FromStr;
use std::sync::Arc;
use ticketing_core::input::Input;
use ticketing_core::model::{IdempotencyKey, Subject};
use ticketing_core::query::AuditQuery;
use ticketing_core::{Call, Desk, Error};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    CustomField,
    Calendar,
    SlaPolicy,
    Webhook,
    Workflow,
}

const ALL: [Kind; 5] = [Kind::CustomField, Kind::Calendar, Kind::SlaPolicy, Kind::Webhook, Kind::Workflow];

fn input<T: Input>(value: Value) -> T {
    T::from_json(value).unwrap()
}

fn id<T: FromStr>(of: &Value) -> T {
    of["id"].as_str().and_then(|id| id.parse().ok()).unwrap()
}

fn told(view: impl Serialize) -> Value {
    serde_json::to_value(view).unwrap()
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::CustomField => "custom_field",
            Self::Calendar => "calendar",
            Self::SlaPolicy => "sla_policy",
            Self::Webhook => "webhook",
            Self::Workflow => "workflow",
        }
    }

    async fn create(self, desk: &Desk, call: impl Into<Call>) -> Result<Value, Error> {
        Ok(match self {
            Self::CustomField => {
                let new = json!({"key": "plan", "label": "One", "field_type": "text"});
                told(desk.create_custom_field(call, input(new)).await?)
            }
            Self::Calendar => {
                let week = json!({"monday": [{"start": "09:00", "end": "17:00"}]});
                let new = json!({"name": "One", "time_zone": "UTC", "weekly_hours": week});
                told(desk.create_calendar(call, input(new)).await?)
            }
            Self::SlaPolicy => {
                let new = json!({"name": "One", "targets": {"high": {"resolution": "8h"}}});
                told(desk.create_sla_policy(call, input(new)).await?)
            }
            Self::Webhook => {
                let new = json!({"name": "One", "url": "https://hooks.example/in", "event_types": ["ticket.created"]});
                told(desk.create_webhook(call, input(new)).await?)
            }
            Self::Workflow => {
                let action = json!({"type": "add_comment", "params": {"body": "Hello.", "is_internal": false}});
                let new = json!({"name": "One", "trigger_type": "ticket_created", "actions": [action]});
                told(desk.create_workflow(call, input(new)).await?)
            }
        })
    }

    async fn rename(
        self,
        desk: &Desk,
        call: impl Into<Call>,
        old: &Value,
        name: &str,
        expected: Option<i64>,
    ) -> Result<Value, Error> {
        let patch = json!({"name": name});
        Ok(match self {
            Self::CustomField => {
                let patch = json!({"label": name});
                told(desk.update_custom_field(call, id(old), input(patch), expected).await?)
            }
            Self::Calendar => told(desk.update_calendar(call, id(old), input(patch), expected).await?),
            Self::SlaPolicy => told(desk.update_sla_policy(call, id(old), input(patch), expected).await?),
            Self::Webhook => told(desk.update_webhook(call, id(old), input(patch), expected).await?),
            Self::Workflow => told(desk.update_workflow(call, id(old), input(patch), expected).await?),
        })
    }

    async fn delete(self, desk: &Desk, call: impl Into<Call>, old: &Value, expected: Option<i64>) -> Result<(), Error> {
        match self {
            Self::CustomField => desk.delete_custom_field(call, id(old), expected).await,
            Self::Calendar => desk.delete_calendar(call, id(old), expected).await,
            Self::SlaPolicy => desk.delete_sla_policy(call, id(old), expected).await,
            Self::Webhook => desk.delete_webhook(call, id(old), expected).await,
            Self::Workflow => desk.delete_workflow(call, id(old), expected).await,
        }
    }
}

#[tokio::test]
async fn every_kind_is_made_changed_and_taken_away_by_the_same_rules() {
    for kind in ALL {
        let house = House::new().await;
        let (desk, admin) = (&house.desk, &house.admin);
        assert_eq!(code(kind.create(desk, &house.manager).await), "forbidden", "{kind:?}");
        let made = kind.create(desk, admin).await.unwrap();
        assert_eq!(made["version"], 1, "{kind:?}");

        let before = desk.store().settings_version().await.unwrap();
        assert_eq!(kind.rename(desk, admin, &made, "One", Some(1)).await.unwrap(), made);
        assert_eq!(desk.store().settings_version().await.unwrap(), before, "{kind:?}: nothing to save");
        assert_eq!(code(kind.rename(desk, &house.manager, &made, "Two", None).await), "forbidden", "{kind:?}");
        assert_eq!(code(kind.rename(desk, admin, &made, "Two", Some(7)).await), "stale_version", "{kind:?}");
        let changed = kind.rename(desk, admin, &made, "Two", Some(1)).await.unwrap();
        assert_eq!(changed["version"], 2, "{kind:?}");
        assert_eq!(desk.store().settings_version().await.unwrap(), before + 1, "{kind:?}");

        assert_eq!(code(kind.delete(desk, &house.manager, &made, None).await), "forbidden", "{kind:?}");
        assert_eq!(code(kind.delete(desk, admin, &made, Some(1)).await), "stale_version", "{kind:?}");
        kind.delete(desk, admin, &made, Some(2)).await.unwrap();
        assert_eq!(code(kind.rename(desk, admin, &made, "Three", None).await), "not_found", "{kind:?}");
        assert_eq!(code(kind.delete(desk, admin, &made, None).await), "not_found", "{kind:?}");

        let query = AuditQuery { subject: Some(Subject::Setting(id(&made))), limit: 10, ..AuditQuery::default() };
        let lines = desk.audit(admin, query).await.unwrap().items;
        let done: Vec<_> = lines.iter().rev().map(|line| line.action.as_str()).collect();
        let deeds: &[&str] = match kind {
            // First nothing more may come in.
            Kind::CustomField => &["created", "updated", "deactivated", "deleted"],
            _ => &["created", "updated", "deleted"],
        };
        let deeds: Vec<_> = deeds.iter().map(|deed| format!("{}.{deed}", kind.name())).collect();
        assert_eq!(done, deeds);
    }
}

#[tokio::test]
async fn a_change_that_changes_nothing_is_answered_once_too() {
    for kind in ALL {
        let house = House::new().await;
        let made = kind.create(&house.desk, &house.admin).await.unwrap();
        let key = IdempotencyKey { owner: "host".into(), route: "rename".into(), key: "1".into(), digest: [7; 32] };
        let call = Call { idempotency: Some(Arc::new(key.clone())), ..Call::from(&house.admin) };
        kind.rename(&house.desk, call, &made, "One", None).await.unwrap();
        let answer = house.desk.answer(&key).await.unwrap().unwrap_or_else(|| panic!("{kind:?} forgot the call"));
        let output: Value = serde_json::from_str(&answer.output.unwrap()).unwrap();
        assert_eq!(output, made, "{kind:?}");
    }
}
