//! Rules that reach into the application: an action, a field and an operator of its own.

use anyhow::Context;
use async_trait::async_trait;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::condition::Kind;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{NewCustomer, NewTicket, NewWorkflow, Requester};
use ticketing_core::ids::JobId;
use ticketing_core::input::Input;
use ticketing_core::memory::MemoryStore;
use ticketing_core::workflow::extension::{
    ActionCall, ActionError, ActionHandler, OwnAction, OwnField, OwnOperator, Param, ParamKind,
};

/// What the application has charged, by the call's id: a second call for the same one changes nothing.
#[derive(Default)]
struct Till(Mutex<BTreeMap<JobId, f64>>);

#[async_trait]
impl ActionHandler for Till {
    async fn perform(&self, call: &ActionCall) -> Result<(), ActionError> {
        let amount = call.params["amount"].as_f64().ok_or_else(|| ActionError::Never("no amount".to_owned()))?;
        let mut charged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        charged.entry(call.id).or_insert(amount);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let till = Arc::new(Till::default());
    let desk = Desk::builder()
        .store(Arc::new(MemoryStore::new()))
        .action(OwnAction {
            name: "charge_card".to_owned(),
            about: "Charges the customer's card.".to_owned(),
            params: vec![Param {
                name: "amount".to_owned(),
                kind: ParamKind::Number,
                is_required: true,
                about: "How much, in euros.".to_owned(),
            }],
            handler: Arc::clone(&till) as Arc<dyn ActionHandler>,
        })
        .rule_field(OwnField {
            name: "shop.basket".to_owned(),
            kind: Kind::Number,
            about: "What the ticket's basket is worth, in euros.".to_owned(),
            get: Box::new(|subject| json!(subject.ticket.subject.len())),
        })
        .rule_operator(OwnOperator {
            name: "is_multiple_of".to_owned(),
            about: "Whether the number divides it.".to_owned(),
            check: Box::new(|value| match value.as_i64() {
                Some(1..) => Ok(()),
                _ => Err("Must be a whole number above 0.".to_owned()),
            }),
            holds: Box::new(|own, by| own.as_i64().zip(by.as_i64()).is_some_and(|(own, by)| own % by == 0)),
        })
        .build()?;

    let host = Actor::system(SystemReason::Host);
    let rule = json!({
        "name": "Express repairs are paid in advance",
        "trigger_type": "ticket_created",
        "trigger_conditions": [
            {"field": "shop.basket", "operator": "greater_than", "value": 5},
            {"field": "shop.basket", "operator": "is_multiple_of", "value": 2},
        ],
        "actions": [{"type": "charge_card", "params": {"amount": 49}}],
    });
    desk.create_workflow(&host, NewWorkflow::from_json(rule)?).await?;
    let wrong = NewWorkflow::from_json(json!({
        "name": "Nothing to charge", "trigger_type": "ticket_created", "actions": [{"type": "charge_card"}],
    }))?;
    let refused = desk.create_workflow(&host, wrong).await.err().context("an amount is required")?;
    println!("refused: {refused}");

    let customer = NewCustomer { email: "kim@mail.example".into(), name: "Kim".into() };
    let ticket = NewTicket { requester: Requester::Address(customer), ..NewTicket::new("Repair", "By tomorrow.") };
    desk.create_ticket(&host, ticket).await?;
    desk.workers(WorkOptions::default()).run_due(100).await?;
    let charged: Vec<Value> =
        till.0.lock().unwrap_or_else(PoisonError::into_inner).values().map(|a| json!(a)).collect();
    println!("charged {charged:?}");
    Ok(())
}
