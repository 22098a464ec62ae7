//! The proof that what a commit promised is kept: the server is killed again and again while it
//! mails and calls, and what was committed is set beside what arrived.

pub mod account;
pub mod write;

pub use account::{Account, Arrivals, RULE};
pub use write::write_until_killed;

use crate::wire::Session;
use anyhow::{Context, Result};
use serde_json::Value;

/// The address of the customer for whom a ticket of this subject is made. Each ticket has a customer of its own: the caps
/// on mail to one address are another proof's.
pub fn address(subject: &str) -> String {
    format!("{}@customer.example", subject.replace(' ', "."))
}

/// Adds the rule that leaves its mark on every new ticket, inside of the desk and outside.
pub async fn add_rule(admin: &mut Session) -> Result<()> {
    let rule = serde_json::json!({
        "name": "Promise", "trigger_type": "ticket_created", "trigger_conditions": [],
        "actions": [
            {"type": "add_comment", "params": {"body": format!("{RULE} {{{{subject}}}}"), "is_internal": true}},
            {"type": "add_tags", "params": {"tags": ["ruled"]}},
            {"type": "send_email", "params": {
                "to": "{{customer_email}}", "subject": "{{subject}}", "body": format!("{RULE} {{{{subject}}}}")}},
        ],
    });
    admin.expect(hyper::Method::POST, "/api/workflows", Some(&rule)).await.map(drop)
}

/// Every event in the desk's log, oldest first.
pub async fn events(admin: &mut Session) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let mut answer = admin.expect(hyper::Method::GET, &format!("/api/events?limit=100{after}"), None).await?;
        let Value::Array(items) = answer["items"].take() else { break };
        if items.is_empty() {
            break;
        }
        all.extend(items);
        after = format!("&after={}", answer["next_cursor"].as_str().context("a feed without a cursor")?);
    }
    Ok(all)
}
