//! `ticketing serve --demo`: a believable desk, and how to look around in it.

use crate::config::Config;
use crate::wiring;
use anyhow::Context;
use ticketing_core::Desk;
use ticketing_core::demo::{DemoCompany, DemoMark, DemoOptions, DemoSignIn, fill};
use ticketing_core::desk::TicketList;
use ticketing_core::model::Role;
use ticketing_core::query::UserQuery;
use ticketing_core::time::Time;

/// How many tickets there are to look at.
const TICKETS: u64 = 400;

/// How many of them are made at a time.
const BATCH: usize = 25;

/// What everybody on the demo desk signs in with. Known to all, so it is never used in production.
const PASSWORD: &str = "demo-desk-2026";

/// Fills the desk where it is empty, and says what the operator should know. `address` is where the
/// server listens; the desk has lived `until` then, or until now.
pub async fn greet(config: &Config, desk: &Desk, address: &str, until: Option<Time>) -> anyhow::Result<Vec<String>> {
    let hash = desk.hash_password(PASSWORD).await.context("--demo")?;
    let options = DemoOptions::new(TICKETS, until.unwrap_or(desk.now()), hash, wiring::audit_key(config)?);
    // The server that goes on afterwards should not have grown to hold all of it at once.
    let options = DemoOptions { batch: BATCH, ..options };
    let mut lines = Vec::new();
    let store = &**desk.store();
    let mark = DemoMark::of(store).await.context("--demo")?;
    match &mark {
        // Everybody knows the demo administrator's password, who would be one on a desk of somebody's own.
        None if is_used(desk).await? => {
            return Ok(vec!["--demo: the store has people or tickets already and is left as it is".to_owned()]);
        }
        None => tracing::info!(tickets = TICKETS, "filling the store with a demo desk"),
        Some(mark) if mark.is_whole => {
            lines.push("--demo: the demo desk is here already and is left as it is".to_owned());
        }
        Some(_) => tracing::info!("an earlier start was interrupted; filling in the rest of the demo desk"),
    }
    let filled = fill(store, &options, |_| ()).await;
    let company = filled.context("--demo: the store could not be filled; it must be empty")?;
    if lines.is_empty() {
        let DemoCompany { name, staff, teams, customers, tickets, .. } = &company;
        lines.push(format!("{name}: {staff} staff in {teams} teams, {customers} customers, {tickets} tickets"));
    }
    lines.push(String::new());
    lines.push(format!("Sign in with the password {PASSWORD} as"));
    let width = company.sign_ins.iter().map(|person| person.email.len()).max().unwrap_or_default();
    lines.extend(company.sign_ins.iter().map(|person| sign_in(person, width)));
    lines.push(String::new());
    if let Some(admin) = company.sign_ins.iter().find(|person| person.role == Role::Admin) {
        lines.push("List tickets:".to_owned());
        lines.push(format!("  {}", curl(address, &admin.email)));
        lines.push(String::new());
    }
    Ok(lines)
}

fn sign_in(person: &DemoSignIn, width: usize) -> String {
    let DemoSignIn { email, name, role, note } = person;
    format!("  {:<8}  {email:<width$}  {name}: {note}", role.as_str())
}

/// A line that works when it is pasted, for as long as the server runs: it signs in by itself.
fn curl(address: &str, email: &str) -> String {
    let body = serde_json::json!({ "email": email, "password": PASSWORD });
    format!(
        "curl -s '{address}/api/tickets?limit=3' -H \"Authorization: Bearer $(curl -s {address}/api/auth/login \
         -H 'Content-Type: application/json' -d '{body}' | sed 's/.*\"token\":\"\\([^\"]*\\)\".*/\\1/')\""
    )
}

async fn is_used(desk: &Desk) -> anyhow::Result<bool> {
    let people = UserQuery { limit: 1, ..UserQuery::default() };
    let tickets = TicketList { limit: 1, ..TicketList::default() };
    Ok(!desk.users(wiring::operator(), people).await?.items.is_empty()
        || !desk.tickets(wiring::operator(), tickets).await?.items.is_empty())
}
