//! `ticketing serve --demo`: a believable desk, and how to look around in it.

use crate::config::Config;
use crate::wiring;
use anyhow::Context;
use ticketing_core::Desk;
use ticketing_core::demo::{DemoCompany, DemoOptions, DemoSignIn, fill, people};
use ticketing_core::desk::TicketList;
use ticketing_core::fold::fold;
use ticketing_core::model::Role;
use ticketing_core::query::UserQuery;

/// How many tickets there are to look at.
const TICKETS: u64 = 400;

/// How many of them are made at a time.
const BATCH: usize = 25;

/// What everybody on the demo desk signs in with. Known to all, so it is never used in production.
const PASSWORD: &str = "demo-desk-2026";

/// Fills the desk where it is empty, and says what the operator should know. `address` is where the
/// server listens.
pub async fn greet(config: &Config, desk: &Desk, address: &str) -> anyhow::Result<Vec<String>> {
    let hash = desk.hash_password(PASSWORD).await.context("--demo")?;
    let options = DemoOptions::new(TICKETS, desk.now(), hash, wiring::audit_key(config)?);
    // The server that goes on afterwards should not have grown to hold all of it at once.
    let options = DemoOptions { batch: BATCH, ..options };
    let mut lines = Vec::new();
    let company = if has_tickets(desk).await? {
        let company = people(&options);
        if !knows(desk, &company).await? {
            return Ok(vec!["--demo: the store has tickets already and is left as it is".to_owned()]);
        }
        lines.push("--demo: the demo desk is here already and is left as it is".to_owned());
        company
    } else {
        tracing::info!(tickets = TICKETS, "filling the store with a demo desk");
        let filled = fill(&**desk.store(), &options, |_| ()).await;
        let company = filled.context("--demo: the store could not be filled; it must be empty")?;
        let DemoCompany { name, staff, teams, customers, tickets, .. } = &company;
        lines.push(format!("{name}: {staff} staff in {teams} teams, {customers} customers, {tickets} tickets"));
        company
    };
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

async fn has_tickets(desk: &Desk) -> anyhow::Result<bool> {
    let list = TicketList { limit: 1, ..TicketList::default() };
    Ok(!desk.tickets(wiring::operator(), list).await?.items.is_empty())
}

/// Whether this is the desk that was made by an earlier start.
async fn knows(desk: &Desk, company: &DemoCompany) -> anyhow::Result<bool> {
    let Some(first) = company.sign_ins.first() else { return Ok(false) };
    let query = UserQuery { text: Some(first.email.clone()), limit: 1, ..UserQuery::default() };
    let found = desk.users(wiring::operator(), query).await?.items;
    Ok(found.iter().any(|user| fold(&user.email) == fold(&first.email)))
}
