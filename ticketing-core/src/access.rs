//! Who acts, on whose behalf a store is asked, and what each role may do.

use crate::error::Error;
use crate::ids::{EventId, OrganizationId, SessionId, TeamId, UserId};
use crate::mail::inbound::Incoming;
use crate::model::{IdempotencyKey, KeyScope, Person, Role, Ticket, User};
use std::sync::Arc;

/// Who acts: a person that signed in, or the desk itself. Comes with every call.
#[derive(Clone, Debug)]
pub struct Actor(Arc<ActorKind>);

#[derive(Debug)]
enum ActorKind {
    User(Principal),
    System(SystemReason),
}

/// A person that acts, as the directory knew them a moment ago.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who.
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Teams of a staff member.
    pub teams: Vec<TeamId>,
    /// The customer's company.
    pub organization_id: Option<OrganizationId>,
    /// Whether the customer's company shares its tickets among its people.
    pub shares_tickets: bool,
    /// The sign-in, where there is one.
    pub session_id: Option<SessionId>,
    /// The version of the person's sign-ins; see [`User::rights_version`].
    pub rights_version: i64,
    /// What the key opens where a program acts by one; none where the person acts.
    pub key_scopes: Option<Vec<KeyScope>>,
}

impl Principal {
    /// Whether all that the person may is open: to the person, and to a program by a key of the scope
    /// `admin`. What a smaller key opens is for the transport to say, before it calls the desk.
    pub fn is_whole(&self) -> bool {
        self.key_scopes.as_ref().is_none_or(|scopes| scopes.contains(&KeyScope::Admin))
    }
}

/// Why the desk itself acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemReason {
    /// A person who is not signed in yet signs in or signs up.
    SignIn,
    /// The operator at the command line.
    Operator,
    /// The embedding application.
    Host,
    /// Demo and test data.
    Demo,
    /// The desk's own upkeep: snapshots, workers, tails.
    Upkeep,
}

impl Actor {
    /// A person of the desk; [`crate::Desk::actor_of`] makes it. Staff change something only with the role
    /// and the teams that the directory gives them.
    pub fn user(principal: Principal) -> Self {
        Self(Arc::new(ActorKind::User(principal)))
    }

    /// The desk itself; may do everything.
    pub fn system(reason: SystemReason) -> Self {
        Self(Arc::new(ActorKind::System(reason)))
    }

    /// The person, if it is one.
    pub fn principal(&self) -> Option<&Principal> {
        match &*self.0 {
            ActorKind::User(principal) => Some(principal),
            ActorKind::System(_) => None,
        }
    }

    /// The person's id, if it is one.
    pub fn user_id(&self) -> Option<UserId> {
        self.principal().map(|p| p.id)
    }

    /// How others see the actor.
    pub fn person(&self) -> Person {
        self.principal().map_or_else(Person::system, |p| Person {
            id: Some(p.id),
            name: p.name.clone(),
            role: p.role.as_str().to_owned(),
        })
    }

    /// The role; the desk itself counts as an administrator.
    pub fn role(&self) -> Role {
        self.principal().map_or(Role::Admin, |p| p.role)
    }

    /// Whether the actor works here.
    pub fn is_staff(&self) -> bool {
        self.role().is_staff()
    }

    /// What the actor may see.
    pub fn scope(&self, visibility: AgentVisibility) -> Scope {
        match &*self.0 {
            ActorKind::System(reason) => Scope::System(*reason),
            ActorKind::User(p) => match p.role {
                Role::Customer => {
                    Scope::Customer { user_id: p.id, organization_id: p.organization_id.filter(|_| p.shares_tickets) }
                }
                role => Scope::of_staff(p.id, role, &p.teams, visibility),
            },
        }
    }

    /// Refuses all below this role.
    pub fn at_least(&self, role: Role) -> Result<(), Error> {
        if self.role() >= role { Ok(()) } else { Err(Error::forbidden(format!("This needs the role {role}."))) }
    }
}

/// How far an agent sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgentVisibility {
    /// Tickets assigned to them, of their teams, and of no team.
    #[default]
    Team,
    /// All tickets.
    All,
}

/// What may be seen. Comes with every call of a store, which turns it into its predicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything; the desk itself.
    System(SystemReason),
    /// Every ticket and person.
    Staff {
        /// Who asks.
        user_id: UserId,
    },
    /// Tickets assigned to the agent, of the agent's teams, and of no team; every person.
    Agent {
        /// Who asks.
        user_id: UserId,
        /// The agent's teams.
        teams: Vec<TeamId>,
    },
    /// Own tickets, and the company's where it shares them; of people, oneself. Never what is internal.
    Customer {
        /// Who asks.
        user_id: UserId,
        /// The company, only where it shares its tickets.
        organization_id: Option<OrganizationId>,
    },
}

impl Scope {
    /// Everything, for what the desk itself must know to decide.
    pub const UPKEEP: Self = Self::System(SystemReason::Upkeep);
    /// Everything, for who is not signed in yet.
    pub const SIGN_IN: Self = Self::System(SystemReason::SignIn);

    /// What somebody who works here may see.
    pub(crate) fn of_staff(user_id: UserId, role: Role, teams: &[TeamId], visibility: AgentVisibility) -> Self {
        if role <= Role::Agent && visibility == AgentVisibility::Team {
            Self::Agent { user_id, teams: teams.to_vec() }
        } else {
            Self::Staff { user_id }
        }
    }

    /// Who asks, where it is a person.
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::System(_) => None,
            Self::Staff { user_id } | Self::Agent { user_id, .. } | Self::Customer { user_id, .. } => Some(*user_id),
        }
    }

    /// Whether the ticket may be seen. Every store's predicate says the same in its own words.
    pub fn sees(&self, ticket: &Ticket) -> bool {
        match self {
            Self::System(_) | Self::Staff { .. } => true,
            Self::Agent { user_id, teams } => {
                ticket.assigned_agent_id == Some(*user_id) || ticket.team_id.is_none_or(|team| teams.contains(&team))
            }
            Self::Customer { user_id, organization_id } => {
                ticket.customer_id == *user_id
                    || (organization_id.is_some() && ticket.organization_id == *organization_id)
            }
        }
    }

    /// Whether internal notes, escalations and other staff matters may be seen.
    pub fn sees_internal(&self) -> bool {
        !matches!(self, Self::Customer { .. })
    }

    /// Whether the person may be seen.
    pub fn sees_user(&self, user: &User) -> bool {
        match self {
            Self::Customer { user_id, .. } => user.id == *user_id,
            _ => true,
        }
    }
}

/// The way by which a call came.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Origin {
    /// Over HTTP.
    Http {
        /// The client's address.
        ip: Option<String>,
        /// The neighbour's address, where a trusted one passed the request on; else none.
        peer: Option<String>,
        /// What the client calls itself.
        user_agent: Option<String>,
    },
    /// By mail.
    Mail(Arc<Incoming>),
    /// From the command line.
    Cli,
    /// From the embedding application.
    #[default]
    Host,
}

/// One call of the desk: who, from where, why. `(&actor).into()` is enough for a host.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who acts.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// The request it belongs to, kept in the audit log.
    pub request_id: Option<String>,
    /// The event that caused it.
    pub cause: Option<EventId>,
    /// By what it is known when it comes again. A call with a key does its work once: what it answered is
    /// kept in the commit that did it, and a second one is refused (`repeated`) and may ask for that
    /// answer ([`crate::Desk::answer`]).
    pub idempotency: Option<Arc<IdempotencyKey>>,
}

impl Call {
    /// The mail that makes it, if one does.
    pub fn mail(&self) -> Option<&Incoming> {
        match &self.origin {
            Origin::Mail(mail) => Some(mail),
            _ => None,
        }
    }

    /// Whether a program's mail makes it: nothing that comes of it goes back.
    pub fn is_automatic(&self) -> bool {
        self.mail().is_some_and(|mail| mail.is_automatic)
    }

    /// The same call without its key, for what may be done again or is no part of the answer.
    #[must_use]
    pub fn without_key(&self) -> Self {
        Self { idempotency: None, ..self.clone() }
    }

    /// The call for one part of many that are done in a commit each: it has a key of its own, made from
    /// the whole's.
    #[must_use]
    pub fn part(&self, number: usize) -> Self {
        let part = |whole: &Arc<IdempotencyKey>| {
            Arc::new(IdempotencyKey { key: format!("{} #{number}", whole.key), ..IdempotencyKey::clone(whole) })
        };
        Self { idempotency: self.idempotency.as_ref().map(part), ..self.clone() }
    }
}

impl From<&Actor> for Call {
    fn from(actor: &Actor) -> Self {
        Self { actor: actor.clone(), origin: Origin::Host, request_id: None, cause: None, idempotency: None }
    }
}

impl From<&Call> for Call {
    fn from(call: &Call) -> Self {
        call.clone()
    }
}
