//! Lines that are tickets.

use super::cell::{custom, list, past};
use super::known::{Customer, Known};
use super::past;
use super::people::{mark, note_repeat};
use super::table::Row;
use super::{Judged, TransferError};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::desk::organization::mail_domain;
use crate::desk::{Assignment, Desk, NewTicket, Snapshot};
use crate::error::Error;
use crate::event::{Event, Fact};
use crate::fold::fold;
use crate::ids::{EventId, Seq, TeamId, TicketId, TicketKey, UserId};
use crate::input::{Input, Patch, Problems};
use crate::model::{Channel, Status, Ticket};
use crate::ticket::{check_assignment, first_values, tidy_category, tidy_tags};
use crate::time::Time;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use uuid::{Builder, Uuid};

/// What the ids of such tickets say to be made at: none of them may depend on when a line was read. 2000-01-01.
const LONG_AGO: u64 = 946_684_800_000;

/// Staff and teams by what tables call them.
struct Names {
    staff: HashMap<String, UserId>,
    teams: HashMap<String, TeamId>,
}

impl Names {
    fn of(snapshot: &Snapshot) -> Self {
        let directory = &snapshot.directory;
        Self {
            staff: directory.all_staff().map(|user| (fold(&user.email), user.id)).collect(),
            teams: directory.teams().filter(|team| team.is_active).map(|team| (fold(&team.name), team.id)).collect(),
        }
    }
}

/// What a line says of a ticket.
struct Said {
    input: NewTicket,
    email: String,
    name: String,
    status: Status,
    channel: Channel,
    created_at: Time,
    resolved_at: Option<Time>,
    closed_at: Option<Time>,
    values: Map<String, Value>,
}

impl Desk {
    pub(super) async fn judge_tickets(
        &self,
        call: &Call,
        known: &mut Known,
        rows: &[Row],
    ) -> Result<Judged, TransferError> {
        known.meet(self, rows, "customer_email").await?;
        let keys: Vec<TicketKey> = rows.iter().map(|row| TicketKey::Id(ticket_id(row))).collect();
        let present = self.store.tickets_by_keys(&Scope::UPKEEP, &keys).await?;
        let present: HashSet<TicketId> = present.iter().map(|ticket| ticket.id).collect();
        let (mut judged, snapshot) = self.begin_rows(call).await?;
        let (names, now) = (Names::of(&snapshot), self.now());
        for row in rows {
            if let Some(fault) = &row.fault {
                judged.wrong(row, vec![fault.clone()]);
                continue;
            }
            let id = ticket_id(row);
            let (said, mut problems) = read(row, &snapshot, &names, now)?;
            if let Some(external) = row.cell("external_id") {
                problems.text("external_id", external.trim(), 1..=200, false);
                let before = known.repeats(&mut judged.additions, mark("ticket", external.trim()), row.line);
                note_repeat(before, "external_id", &mut problems);
            }
            if judged.is_wrong(row, problems) {
                continue;
            }
            if present.contains(&id) {
                judged.known += 1;
                continue;
            }
            let customer = self.customer_of(known, &said, &mut judged, now);
            let mut ticket = imported_ticket(self, id, said, customer);
            let beside = past::settle(&mut ticket, &snapshot, now);
            let event = Event {
                seq: Seq::default(),
                id: EventId(self.ids().uuid(ticket.created_at)),
                change_id: judged.changes.id,
                fact: Fact::TicketCreated {},
                ticket_id: id,
                ticket_version: ticket.version,
                team_id: ticket.team_id,
                assignee_id: ticket.assigned_agent_id,
                audience: Fact::TicketCreated {}.audience(),
                actor: call.actor.person(),
                cause: None,
                rule: None,
                at: ticket.created_at,
                image: Some(ticket.image()),
            };
            judged.changes.writes.push(Write::Ticket { ticket: Box::new(ticket), expect: Expect::New, text: true });
            judged.changes.writes.push(Write::Event(Box::new(event)));
            judged.changes.writes.extend(beside);
            judged.made += 1;
        }
        Ok(judged)
    }

    /// Who asks; added where nobody has the address.
    fn customer_of(&self, known: &Known, said: &Said, judged: &mut Judged, now: Time) -> Customer {
        let email_fold = fold(said.email.trim());
        if let Some(customer) = known.person(&judged.additions, &email_fold) {
            return customer;
        }
        let organization_id = mail_domain(&said.email).and_then(|domain| known.of_domain(&judged.additions, &domain));
        let user = self.new_customer(&said.email, &said.name, organization_id, now);
        let customer = Customer::from(&user);
        judged.changes.writes.push(Write::User { user, expect: Expect::New });
        judged.additions.people.insert(email_fold, customer);
        judged.new_customers += 1;
        customer
    }
}

fn imported_ticket(desk: &Desk, id: TicketId, said: Said, customer: Customer) -> Ticket {
    let Said { input, status, channel, created_at, resolved_at, closed_at, values, .. } = said;
    let changed_at = closed_at.or(resolved_at).unwrap_or(created_at);
    Ticket {
        id,
        number: desk.ids().ticket_number(),
        subject: input.subject.trim().to_owned(),
        description: input.description,
        status,
        priority: input.priority,
        category: tidy_category(input.category.as_ref()),
        tags: tidy_tags(&input.tags),
        custom_fields: values,
        channel,
        customer_id: customer.id,
        organization_id: customer.organization_id,
        assigned_agent_id: input.assigned_agent_id,
        team_id: input.team_id,
        escalation_level: 0,
        version: 1,
        created_at,
        updated_at: changed_at,
        first_responded_at: None,
        resolved_at,
        closed_at,
        merged_into: None,
        wake_at: None,
        last_customer_reply_at: Some(created_at),
        last_status_change_at: Some(changed_at),
        sla: None,
        rule_spend: None,
    }
}

/// The ticket's id: made of the id that it has elsewhere, else of the line, and so the same each time.
fn ticket_id(row: &Row) -> TicketId {
    let key = match row.cell("external_id") {
        Some(external) => {
            Sha256::new().chain_update("ticketing external id\0").chain_update(external.trim()).finalize().into()
        }
        None => row.key,
    };
    let mut random = [0; 10];
    random.copy_from_slice(&key[..10]);
    let id: Uuid = Builder::from_unix_timestamp_millis(LONG_AGO, &random).into_uuid();
    TicketId(id)
}

/// What a line says, held against settings and directory.
fn read(row: &Row, snapshot: &Snapshot, names: &Names, now: Time) -> Result<(Said, Problems), Error> {
    let mut body = Map::new();
    let mut values = Map::new();
    for (field, text) in &row.cells {
        if let Some(key) = field.strip_prefix(crate::model::custom_field::CUSTOM) {
            if let Some(field) = snapshot.custom_fields.by_key(key) {
                values.insert(key.to_owned(), custom(field, text));
            }
            continue;
        }
        let value = match field.as_str() {
            "subject" | "category" => json!(text.trim()),
            "priority" => json!(text.trim().to_lowercase()),
            "description" => json!(text),
            "tags" => json!(list(text)),
            _ => continue,
        };
        body.insert(field.clone(), value);
    }
    body.insert("custom_fields".to_owned(), json!(values));
    let email = row.cell("customer_email").unwrap_or_default().trim().to_owned();
    let name = row.cell("customer_name").map_or_else(|| email.split('@').next().unwrap_or_default(), str::trim);
    let (mut input, mut problems) = NewTicket::read_json(Value::Object(body))?;
    crate::input::check_email(&mut problems, "customer_email", &email);
    if row.cell("customer_name").is_some() {
        crate::input::check_name(&mut problems, "customer_name", name);
    }
    if let Some(agent) = row.cell("assigned_agent_email") {
        input.assigned_agent_id = Some(names.staff.get(&fold(agent.trim())).copied().unwrap_or(UserId(Uuid::nil())));
    }
    if let Some(team) = row.cell("team") {
        input.team_id = Some(names.teams.get(&fold(team.trim())).copied().unwrap_or(TeamId(Uuid::nil())));
    }
    let assignment = Assignment { agent_id: Patch::Set(input.assigned_agent_id), team_id: Patch::Set(input.team_id) };
    check_assignment(&snapshot.ground(), &assignment, ("assigned_agent_email", "team"), &mut problems);
    let values = first_values(&snapshot.custom_fields, &input.custom_fields, true, input.topic(), &mut problems);
    let created_at = past(row.cell("created_at"), "created_at", now, &mut problems).unwrap_or(now);
    let resolved_at = past(row.cell("resolved_at"), "resolved_at", now, &mut problems);
    let closed_at = past(row.cell("closed_at"), "closed_at", now, &mut problems);
    let status = match (closed_at, resolved_at) {
        (Some(_), _) => Status::Closed,
        (None, Some(_)) => Status::Resolved,
        (None, None) => Status::Open,
    };
    let status = word(row, "status", Status::ALL, status, &mut problems);
    let channel = word(row, "channel", Channel::ALL, Channel::Api, &mut problems);
    let (resolved_at, closed_at) = stand(status, (created_at, resolved_at, closed_at), &mut problems);
    let name = name.to_owned();
    Ok((Said { input, email, name, status, channel, created_at, resolved_at, closed_at, values }, problems))
}

/// Since when it is resolved and closed. What is over and does not say since when is so since the last moment that is known.
fn stand(
    status: Status,
    (created_at, resolved_at, closed_at): (Time, Option<Time>, Option<Time>),
    problems: &mut Problems,
) -> (Option<Time>, Option<Time>) {
    if resolved_at.is_some() && !matches!(status, Status::Resolved | Status::Closed) {
        problems.add("resolved_at", "contradiction", format!("A ticket that is {status} is not resolved."));
    }
    if closed_at.is_some() && status != Status::Closed {
        problems.add("closed_at", "contradiction", format!("A ticket that is {status} is not closed."));
    }
    if resolved_at.is_some_and(|at| at < created_at) {
        problems.add("resolved_at", "contradiction", "Lies before the ticket was made.");
    }
    if closed_at.is_some_and(|at| at < resolved_at.unwrap_or(created_at)) {
        problems.add("closed_at", "contradiction", "Lies before the ticket was made or resolved.");
    }
    match status {
        Status::Resolved => (Some(resolved_at.unwrap_or(created_at)), None),
        Status::Closed => (resolved_at, Some(closed_at.or(resolved_at).unwrap_or(created_at))),
        Status::Open | Status::InProgress | Status::Pending | Status::OnHold => (None, None),
    }
}

/// One of a closed set of words, whatever its case and with spaces where the desk has lines.
fn word<T: std::str::FromStr + Copy + std::fmt::Display>(
    row: &Row,
    field: &str,
    all: &[T],
    otherwise: T,
    problems: &mut Problems,
) -> T {
    let Some(text) = row.cell(field) else { return otherwise };
    text.trim().to_lowercase().replace([' ', '-'], "_").parse().unwrap_or_else(|_| {
        let words = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        problems.add(field, "unknown_value", format!("Must be one of {words}."));
        otherwise
    })
}
