//! A small desk in which every scope sees something else.

use super::sample::{add, change, note, tell};
use super::trial::{ALL, Trial};
use crate::access::Scope;
use crate::changes::Write;
use crate::event::{Event, Fact};
use crate::ids::TeamId;
use crate::model::{ApiKey, Comment, EscalationCause, Organization, Role, Session, Subject, Team, Ticket, User};

/// People, companies and a ticket for every mix of customer, team and agent.
pub(super) struct World {
    pub staff: Vec<User>,
    pub customers: Vec<User>,
    /// The first shares its tickets, the second does not.
    pub organizations: Vec<Organization>,
    pub teams: Vec<Team>,
    pub tickets: Vec<Told>,
    pub session: Session,
    pub key: ApiKey,
}

/// A ticket and what hangs on it.
pub(super) struct Told {
    pub ticket: Ticket,
    pub public: Comment,
    pub note: Comment,
    /// In the order of the log; every second one is for staff.
    pub events: Vec<Event>,
}

impl World {
    /// Writes the desk into the trial's store.
    pub async fn of(t: &Trial) -> Self {
        let mut sharing = t.sample.organization("Sharing");
        let closed = t.sample.organization("Closed");
        let staff = vec![t.sample.user("Agent one", Role::Agent), t.sample.user("Agent two", Role::Agent)];
        let mut customers: Vec<User> =
            (0..4).map(|place| t.sample.user(&format!("Customer {place}"), Role::Customer)).collect();
        customers[0].organization_id = Some(sharing.id);
        customers[1].organization_id = Some(sharing.id);
        customers[2].organization_id = Some(closed.id);
        let teams = vec![t.sample.team("North"), t.sample.team("South")];
        let (session, key) = (t.sample.session(&customers[0]), t.sample.api_key(&staff[0]));
        let mut writes = vec![add(&sharing), add(&closed), add(&session), add(&key)];
        writes.extend(staff.iter().chain(&customers).map(add));
        writes.extend(teams.iter().map(add));
        writes.push(Write::Password { user_id: customers[0].id, hash: Some("hash".to_owned()) });
        t.commit_settings(writes).await;
        t.commit(vec![change(&mut sharing, |row| row.shares_tickets = true)]).await;
        let mut world =
            Self { staff, customers, organizations: vec![sharing, closed], teams, tickets: Vec::new(), session, key };
        world.fill(t).await;
        world
    }

    async fn fill(&mut self, t: &Trial) {
        let teams = [None, Some(self.teams[0].id), Some(self.teams[1].id)];
        let agents = [None, Some(self.staff[0].id), Some(self.staff[1].id)];
        for customer in &self.customers {
            let mut writes = Vec::new();
            for team_id in teams {
                for assigned_agent_id in agents {
                    let ticket = Ticket { assigned_agent_id, team_id, ..t.sample.ticket(customer) };
                    let told = tell_of(t, ticket, customer, &self.staff[0]);
                    writes.extend([add(&told.ticket), add(&told.public), add(&told.note)]);
                    writes.extend(told.events.iter().map(tell));
                    let (ticket_id, at) = (told.ticket.id, t.sample.now());
                    writes.push(Write::Watch { ticket_id, user_id: self.staff[1].id, at });
                    let subject = Subject::Ticket(ticket_id);
                    writes.push(note(&t.sample.audit(customer, "ticket.created", subject)));
                    self.tickets.push(told);
                }
            }
            t.commit(writes).await;
        }
        let log = t.log(&ALL, 1_000).await;
        for told in &mut self.tickets {
            for event in &mut told.events {
                event.seq = log.iter().find(|logged| logged.id == event.id).expect("the event is in the log").seq;
            }
        }
    }

    /// Every kind of scope that there is.
    pub fn scopes(&self) -> Vec<Scope> {
        let mut scopes = vec![ALL, Scope::Staff { user_id: self.staff[0].id }];
        let (north, south) = (self.teams[0].id, self.teams[1].id);
        for agent in &self.staff {
            for teams in [vec![], vec![north], vec![south], vec![north, south], vec![TeamId(uuid::Uuid::nil())]] {
                scopes.push(Scope::Agent { user_id: agent.id, teams });
            }
        }
        for customer in &self.customers {
            for organization_id in [None, Some(self.organizations[0].id), Some(self.organizations[1].id)] {
                scopes.push(Scope::Customer { user_id: customer.id, organization_id });
            }
        }
        // Somebody from elsewhere, who sees nothing.
        scopes.push(Scope::Customer { user_id: crate::UserId(uuid::Uuid::nil()), organization_id: None });
        scopes
    }
}

fn tell_of(t: &Trial, ticket: Ticket, customer: &User, agent: &User) -> Told {
    let public = t.sample.comment(&ticket, customer, false);
    let note = t.sample.comment(&ticket, agent, true);
    let added = |comment: &Comment| Fact::CommentAdded {
        comment_id: comment.id,
        is_internal: comment.is_internal,
        changes: crate::event::FieldChanges::new(),
    };
    let facts = [
        Fact::TicketCreated {},
        Fact::WatcherAdded { user_id: agent.id },
        added(&public),
        added(&note),
        Fact::TicketResolved {},
        Fact::TicketEscalated {
            changes: [].into(),
            level: 1,
            reason: "It hums.".to_owned(),
            cause: EscalationCause::Rule,
        },
    ];
    let events = facts.into_iter().map(|fact| t.sample.event(&ticket, fact, agent)).collect();
    Told { ticket, public, note, events }
}
