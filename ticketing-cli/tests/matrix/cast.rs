//! Everybody who asks, from the one who may least to the one who may most.

use super::server::client::{Client, text};
use super::server::{ADMIN, PASSWORD, Server};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// Stands in every text on B's tickets.
pub const TOLD: &str = "zilpzalp";
/// Stands in B's own name and address, and in the name of B's company: staff read the directory.
pub const NAMED: &str = "nachtigall";
/// Stands in what is for staff alone, of A's and of B's.
pub const NOTED: &str = "wendehals";
/// The key of a custom field that is for staff alone, in which every ticket of A's and B's has a value.
pub const HIDDEN: &str = "for_staff";
/// Stands in what is A's.
const PLAIN: &str = "sperling";

/// How much somebody may at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Nobody,
    Customer,
    Agent,
    Manager,
    Admin,
}

/// The scope of a key that opens a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Any key.
    Any,
    /// `tickets:read`.
    Reads,
    /// `tickets:write`.
    Writes,
    /// `reports:read`.
    Reports,
    /// Only `admin`.
    Whole,
}

/// Somebody who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// A customer of another company than B's.
    CustomerA,
    /// The customer whose things are asked for.
    CustomerB,
    /// An agent of another team.
    AgentY,
    /// The agent who works on B's ticket.
    AgentX,
    Manager,
    Admin,
    /// A program, by an administrator's key of this scope.
    Program(Scope),
}

impl Who {
    pub const ALL: [Self; 11] = [
        Self::Nobody,
        Self::CustomerA,
        Self::CustomerB,
        Self::AgentY,
        Self::AgentX,
        Self::Manager,
        Self::Admin,
        Self::Program(Scope::Reports),
        Self::Program(Scope::Reads),
        Self::Program(Scope::Writes),
        Self::Program(Scope::Whole),
    ];

    pub fn rank(self) -> Rank {
        match self {
            Self::Nobody => Rank::Nobody,
            Self::CustomerA | Self::CustomerB => Rank::Customer,
            Self::AgentY | Self::AgentX => Rank::Agent,
            Self::Manager => Rank::Manager,
            Self::Admin | Self::Program(_) => Rank::Admin,
        }
    }

    /// Whether they come by a way that opens routes of this scope.
    pub fn opens(self, needed: Scope) -> bool {
        match self {
            Self::Program(held) => held == Scope::Whole || needed == Scope::Any || held == needed,
            _ => true,
        }
    }
}

/// A customer, the agent who works for them, and a word that stands in all that is theirs.
pub struct Side<'a> {
    pub customer: &'a Client,
    pub agent: &'a Client,
    pub organization: &'a str,
    pub word: &'static str,
}

/// All of them, signed in.
pub struct Cast {
    pub stranger: Client,
    pub customer_a: Client,
    pub customer_b: Client,
    pub agent_y: Client,
    pub agent_x: Client,
    pub manager: Client,
    pub admin: Client,
    organization_a: String,
    organization_b: String,
    programs: Vec<(Scope, Client)>,
}

impl Cast {
    pub async fn assemble(server: &Server) -> Self {
        let admin = server.sign_in(ADMIN).await;
        let field = json!({"key": HIDDEN, "label": NOTED, "field_type": "text"});
        admin.post("/api/custom-fields", field).await.expect(201);
        let mut companies = Vec::new();
        for name in ["Alba", NAMED] {
            let new = json!({"name": name, "domains": [format!("{name}.example")], "shares_tickets": true});
            companies.push(text(&admin.post("/api/organizations", new).await.expect(201)["id"]));
        }
        let person = async |name: &str, role: &str, organization: Option<&String>| {
            let email = format!("{name}@people.example");
            let mut new = json!({"email": email, "name": name, "role": role, "password": PASSWORD});
            if let Some(organization) = organization {
                new["organization_id"] = json!(organization);
            }
            admin.post("/api/users", new).await.expect(201);
            server.sign_in(&email).await
        };
        let mut programs = Vec::new();
        let words = ["reports:read", "tickets:read", "tickets:write", "admin"];
        for (scope, word) in [Scope::Reports, Scope::Reads, Scope::Writes, Scope::Whole].into_iter().zip(words) {
            let made = admin.post("/api/api-keys", json!({"name": word, "scopes": [word]})).await.expect(201);
            programs.push((scope, admin.with_token(&text(&made["key"]))));
        }
        Self {
            stranger: server.stranger(),
            customer_a: person("anna", "customer", companies.first()).await,
            customer_b: person(NAMED, "customer", companies.last()).await,
            agent_y: person("yann", "agent", None).await,
            agent_x: person("xenia", "agent", None).await,
            manager: person("max", "manager", None).await,
            organization_b: companies.pop().unwrap_or_default(),
            organization_a: companies.pop().unwrap_or_default(),
            programs,
            admin,
        }
    }

    pub fn client(&self, who: Who) -> &Client {
        match who {
            Who::Nobody => &self.stranger,
            Who::CustomerA => &self.customer_a,
            Who::CustomerB => &self.customer_b,
            Who::AgentY => &self.agent_y,
            Who::AgentX => &self.agent_x,
            Who::Manager => &self.manager,
            Who::Admin => &self.admin,
            Who::Program(scope) => {
                let found = self.programs.iter().find(|(held, _)| *held == scope);
                &found.expect("a key of each scope").1
            }
        }
    }

    /// A, and agent Y.
    pub fn side_a(&self) -> Side<'_> {
        let (customer, agent) = (&self.customer_a, &self.agent_y);
        Side { customer, agent, organization: &self.organization_a, word: PLAIN }
    }

    /// B, and agent X.
    pub fn side_b(&self) -> Side<'_> {
        let (customer, agent) = (&self.customer_b, &self.agent_x);
        Side { customer, agent, organization: &self.organization_b, word: TOLD }
    }
}

/// A word that was not used before, for names that must be new.
pub fn fresh(what: &str) -> Value {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    json!(what.replace('#', &COUNT.fetch_add(1, Ordering::Relaxed).to_string()))
}
