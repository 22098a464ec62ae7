//! A small company to test with.

use chrono::{TimeDelta, TimeZone, Utc};
use std::sync::Arc;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::{
    DeskBuilder, DeskOptions, NewMember, NewOrganization, NewTeam, NewTicket, NewUser, PasswordHash,
};
use ticketing_core::ids::{OrganizationId, TeamId, TicketKey, UserId};
use ticketing_core::input::Patch;
use ticketing_core::memory::{MemoryStore, SeededIds, TestClock};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{Role, TeamRole};
use ticketing_core::{Desk, Error};

pub struct House {
    pub desk: Desk,
    pub clock: Arc<TestClock>,
    pub system: Actor,
    pub admin: Actor,
    pub manager: Actor,
    /// Of the billing team.
    pub agent: Actor,
    /// Of no team.
    pub outsider: Actor,
    pub customer: Actor,
    /// Of another company, which shares nothing.
    pub stranger: Actor,
    pub billing: TeamId,
    pub acme: OrganizationId,
}

pub const PASSWORD: &str = "correct horse battery";

impl House {
    /// One that mails nobody.
    pub async fn new() -> Self {
        Self::with(|desk| desk).await
    }

    /// One with more parts.
    pub async fn with(more: impl FnOnce(DeskBuilder) -> DeskBuilder) -> Self {
        Self::on(Arc::new(MemoryStore::new()), more).await
    }

    /// The same on a store that the test knows.
    pub async fn on(store: Arc<MemoryStore>, more: impl FnOnce(DeskBuilder) -> DeskBuilder) -> Self {
        let clock = Arc::new(TestClock::at(Utc.with_ymd_and_hms(2026, 1, 15, 10, 0, 0).unwrap()));
        let desk = more(Desk::builder())
            .store(store)
            .clock(Arc::clone(&clock) as Arc<_>)
            .ids(Arc::new(SeededIds::new(7)))
            .options(DeskOptions { password_hash: PasswordHash::Bcrypt { cost: 4 }, ..DeskOptions::default() })
            .build()
            .unwrap();
        let system = Actor::system(SystemReason::Host);
        let acme = NewOrganization { name: "Acme".into(), domains: vec!["acme.example".into()], shares_tickets: true };
        let acme = desk.create_organization(&system, acme).await.unwrap().id;
        let admin = person(&desk, Role::Admin, "ada", None).await;
        let manager = person(&desk, Role::Manager, "max", None).await;
        let agent = person(&desk, Role::Agent, "amy", None).await;
        let outsider = person(&desk, Role::Agent, "otto", None).await;
        let customer = person(&desk, Role::Customer, "cleo", Some(acme)).await;
        let stranger = person(&desk, Role::Customer, "sam", None).await;
        let billing = desk.create_team(&system, NewTeam::new("Billing")).await.unwrap().id;
        let member = NewMember::new(agent.user_id().unwrap(), TeamRole::Lead);
        desk.add_member(&system, billing, member).await.unwrap();
        // Teams belong to the rights, so the agent is asked for again.
        let agent = desk.actor_of(agent.user_id().unwrap(), None).await.unwrap();
        Self { desk, clock, system, admin, manager, agent, outsider, customer, stranger, billing, acme }
    }

    /// A ticket of the customer.
    pub async fn ticket(&self) -> TicketView {
        self.desk.create_ticket(&self.customer, NewTicket::new("Cannot log in", "Since this morning.")).await.unwrap()
    }

    pub fn pass(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    /// The names of what happened on a ticket, as this actor is told.
    pub async fn told(&self, actor: &Actor, ticket: &TicketView) -> Vec<&'static str> {
        let page = self.desk.timeline(actor, &key(ticket), None, 100).await.unwrap();
        page.items.iter().map(|event| event.kind).collect()
    }
}

pub async fn person(desk: &Desk, role: Role, name: &str, organization_id: Option<OrganizationId>) -> Actor {
    let new = NewUser {
        role,
        password: Some(PASSWORD.to_owned()),
        organization_id: Patch::Set(organization_id),
        ..NewUser::new(format!("{name}@house.example"), name)
    };
    let user = desk.create_user(&Actor::system(SystemReason::Host), new).await.unwrap();
    desk.actor_of(user.id, None).await.unwrap()
}

pub fn key(ticket: &TicketView) -> TicketKey {
    TicketKey::Id(ticket.id())
}

pub fn id(actor: &Actor) -> UserId {
    actor.user_id().unwrap()
}

/// The failed fields of an invalid input.
pub fn fields<T: std::fmt::Debug>(answer: Result<T, Error>) -> Vec<String> {
    match answer {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("expected an invalid input, got {other:?}"),
    }
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> &'static str {
    answer.expect_err("expected a refusal").code()
}
