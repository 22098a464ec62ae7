//! Making a ticket: at most one read (two where the customer is new), one commit.

use super::{Assignment, NewTicket, Requester, channel};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Row, Write};
use crate::desk::recorder::Recorder;
use crate::desk::routing::Round;
use crate::desk::sla::follow;
use crate::desk::user::NewUser;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::fold::fold;
use crate::ids::{OrganizationId, TicketId, UserId};
use crate::input::{Input, Patch, Problems};
use crate::model::view::TicketView;
use crate::model::{Comment, Role, Status, Ticket};
use crate::port::StoreError;
use crate::ticket::{Draft, check_assignment, first_values, tidy_category, tidy_tags};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Who asks, and for which company.
pub(super) struct Customer {
    pub(super) id: UserId,
    pub(super) organization_id: Option<OrganizationId>,
    /// Added in the same commit.
    is_new: bool,
}

impl Desk {
    /// Makes a ticket. A customer asks for oneself; staff ask for anybody and may say who works on it.
    pub async fn create_ticket(&self, call: impl Into<Call>, input: NewTicket) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        input.checked_for(&call.actor)?;
        self.create(call, input).await
    }

    /// Makes the ticket that a mail asks for, in the queue of its mailbox.
    pub(in crate::desk) async fn open_by_mail(&self, call: &Call, input: &NewTicket) -> Result<(), Error> {
        input.checked()?;
        self.create(call, input).await.map(drop)
    }

    async fn create(&self, call: &Call, input: &NewTicket) -> Result<TicketView, Error> {
        let round = self.round_of(input.team_id.filter(|_| input.assigned_agent_id.is_none())).await?;
        let round = round.as_ref();
        self.insist(move || self.try_create(call, input, round)).await
    }

    async fn try_create(&self, call: &Call, input: &NewTicket, round: Option<&Round<'_>>) -> Result<TicketView, Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        recorder.holds(round);
        let snapshot = Arc::clone(&recorder.snapshot);
        let custom_fields = check_against(&snapshot, call, input)?;
        let customer = self.requester(call, &mut recorder, &input.requester).await?;
        let ticket = Ticket {
            id: TicketId(self.ids().uuid(recorder.now)),
            number: self.ids().ticket_number(),
            subject: input.subject.trim().to_owned(),
            description: input.description.clone(),
            status: Status::Open,
            priority: input.priority,
            category: tidy_category(input.category.as_ref()),
            tags: tidy_tags(&input.tags),
            custom_fields,
            channel: channel(call),
            customer_id: customer.id,
            organization_id: customer.organization_id,
            assigned_agent_id: input.assigned_agent_id,
            team_id: input.team_id,
            escalation_level: 0,
            version: 1,
            created_at: recorder.now,
            updated_at: recorder.now,
            first_responded_at: None,
            resolved_at: None,
            closed_at: None,
            merged_into: None,
            wake_at: None,
            last_customer_reply_at: Some(recorder.now),
            last_status_change_at: Some(recorder.now),
            sla: None,
            rule_spend: None,
        };
        let Draft { ticket, facts, .. } = recorder.begin_ticket(ticket, None).await?;
        recorder.ticket(&ticket, facts)?;
        let view = self.view(call, &snapshot, ticket);
        recorder.answer(|| &view)?;
        match recorder.commit().await {
            // Somebody added the same new customer a moment ago: there is one to find now.
            Err(Error::Conflict { code: "duplicate", .. }) if customer.is_new => Err(StoreError::Conflict.into()),
            Err(error) => {
                // Whoever was remembered may be what the commit was refused for.
                self.customers.forget();
                Err(error)
            }
            Ok(()) => Ok(view),
        }
    }

    async fn requester(
        &self,
        call: &Call,
        recorder: &mut Recorder<'_>,
        requester: &Requester,
    ) -> Result<Customer, Error> {
        let own = call.actor.user_id();
        let found = match requester {
            Requester::Actor => {
                let own = own.ok_or_else(|| Error::field("customer_id", "required", "Say who asks."))?;
                return self.own_requester(call, recorder, own).await;
            }
            Requester::User(id) if own == Some(*id) => return self.own_requester(call, recorder, *id).await,
            Requester::User(id) => {
                let found = self.store.user(&Scope::UPKEEP, *id).await?;
                Some(found.ok_or_else(|| Error::field("customer_id", "unknown", "There is no such person."))?)
            }
            Requester::Address(customer) => {
                self.store.credential(&Scope::UPKEEP, &fold(customer.email.trim())).await?.map(|known| known.user)
            }
        };
        if let Some(user) = found {
            // The company is copied onto the ticket, so it must still be this one.
            recorder.guard(Row::User(user.id), user.version);
            let customer = Customer { id: user.id, organization_id: user.organization_id, is_new: false };
            recorder.customer = Some(user);
            return Ok(customer);
        }
        let Requester::Address(customer) = requester else { return Err(Error::NotFound("user")) };
        let new = NewUser { role: Role::Customer, ..NewUser::new(&customer.email, &customer.name) };
        let organization_id = self.organization_of_new(recorder, &new).await?;
        let user = self.add_user(recorder, &new, organization_id, None);
        let customer = Customer { id: user.id, organization_id, is_new: true };
        recorder.customer = Some(user);
        Ok(customer)
    }

    /// Who asks for oneself. A member of staff has no company; a customer's is known from a moment ago,
    /// and the commit makes sure of it.
    pub(super) async fn own_requester(
        &self,
        call: &Call,
        recorder: &mut Recorder<'_>,
        id: UserId,
    ) -> Result<Customer, Error> {
        let mut organization_id = None;
        if !call.actor.is_staff()
            && let Some(customer) = self.customer(id).await?
        {
            recorder.guard(Row::User(id), customer.version);
            organization_id = customer.principal.organization_id;
        }
        Ok(Customer { id, organization_id, is_new: false })
    }
}

impl Recorder<'_> {
    /// Adds a new ticket to the commit as the rules leave it. What happened to it is still to be told.
    pub(super) async fn begin_ticket(&mut self, ticket: Ticket, said: Option<&Comment>) -> Result<Draft, Error> {
        let mut draft = Draft::of(ticket, self.now);
        let said_fact = said.map(|comment| Fact::CommentAdded {
            comment_id: comment.id,
            is_internal: comment.is_internal,
            changes: FieldChanges::new(),
        });
        for fact in first_facts(&draft.ticket).into_iter().chain(said_fact) {
            draft.fact(fact);
        }
        let mut draft = self.settle(None, draft, said).await?;
        let snapshot = Arc::clone(&self.snapshot);
        follow(&snapshot, None, &mut draft.ticket, None, draft.now);
        self.write_results(None, &draft.ticket, &draft.facts);
        self.note_routing(None, &draft.ticket);
        if let Some(team) = draft.ticket.team_id.and_then(|id| snapshot.directory.team(id)) {
            // A team that is deleted at this moment must not get a ticket.
            self.guard(Row::Team(team.id), team.version);
        }
        let ticket = Box::new(draft.ticket.clone());
        self.write(Write::Ticket { ticket, expect: Expect::New, text: true });
        self.plan_wake(None, &draft.ticket);
        Ok(draft)
    }
}

/// Holds the ticket against directory and settings; answers the values of the desk's own fields.
fn check_against(snapshot: &Snapshot, call: &Call, input: &NewTicket) -> Result<Map<String, Value>, Error> {
    let assignment = Assignment { agent_id: Patch::Set(input.assigned_agent_id), team_id: Patch::Set(input.team_id) };
    let mut problems = Problems::default();
    check_assignment(&snapshot.ground(), &assignment, ("assigned_agent_id", "team_id"), &mut problems);
    let is_staff = call.actor.is_staff();
    let mut fields = Problems::default();
    let values = first_values(&snapshot.custom_fields, &input.custom_fields, is_staff, input.topic(), &mut fields);
    if call.mail().is_none() {
        // A mail can't fill in what is required.
        problems.extend_all(fields);
    }
    problems.finish()?;
    Ok(values)
}

fn first_facts(ticket: &Ticket) -> Vec<Fact> {
    let mut facts = vec![Fact::TicketCreated {}];
    let mut changes = FieldChanges::new();
    if let Some(agent) = ticket.assigned_agent_id {
        changes.insert("assigned_agent_id".to_owned(), (json!(null), json!(agent)));
    }
    if let Some(team) = ticket.team_id {
        changes.insert("team_id".to_owned(), (json!(null), json!(team)));
    }
    if !changes.is_empty() {
        facts.push(Fact::TicketAssigned { changes });
    }
    facts
}
