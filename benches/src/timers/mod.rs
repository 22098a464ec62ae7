//! What happens by the clock: whether it happens once and in time, what it costs the others, and what is left of it when
//! the server dies of it.

pub mod beside;
pub mod claims;
pub mod crash;
pub mod promised;
pub mod wake;

pub use promised::Promised;

use crate::place::Place;
use crate::program::{ADMIN, PASSWORD, Program};
use crate::wire::{Caller, Session};
use anyhow::{Context, Result};
use hyper::Method;
use serde_json::json;
use ticketing_core::ids::UserId;

/// Makes so many agents, and what other tickets are made after: a policy with three promises, a ticket whose first response
/// is due an hour after it was made, and one that has most of a year.
async fn prepare(admin: &mut Session, agents: usize) -> Result<Vec<UserId>> {
    let soon = json!({"first_response": "1h", "next_response": "90d", "resolution": "300d", "working_time": false});
    let far = json!({"first_response": "300d", "next_response": "300d", "resolution": "300d", "working_time": false});
    let policy = json!({"name": "Promised", "targets": {"high": soon, "low": far}});
    admin.expect(Method::POST, "/api/sla-policies", Some(&policy)).await?;
    let mut made = Vec::new();
    for number in 0..agents {
        let agent = json!({"email": format!("ann{number}@desk.example"), "name": "Ann", "role": "agent"});
        let agent = admin.expect(Method::POST, "/api/users", Some(&agent)).await?;
        made.push(agent["id"].as_str().context("an agent without an id")?.parse()?);
    }
    for priority in ["low", "high"] {
        let ticket = json!({"subject": priority, "description": "The model of all others.", "priority": priority,
            "assigned_agent_id": made.first(), "customer": {"email": "kim@customer.example", "name": "Kim"}});
        admin.expect(Method::POST, "/api/tickets", Some(&ticket)).await?;
    }
    Ok(made)
}

/// A desk with the models, whose server is gone.
async fn desk(place: &Place, program: &Program) -> Result<()> {
    let server = program.serve().await?;
    let mut admin = Caller::sign_in(&server.address, ADMIN, PASSWORD).await?.open().await?;
    prepare(&mut admin, 1).await?;
    crate::jobs::wait_until_idle(&mut admin, wake::LIMIT).await?;
    server.kill().await?;
    // The models are there, and every timer that they have.
    place.with_store(async |store| Promised::on(store).await.map(drop)).await
}
