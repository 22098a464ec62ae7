//! People: customers who ask and staff who answer.

use super::words;
use crate::ids::{OrganizationId, UserId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// The end of the addresses of those who were erased. `.invalid` is nobody's (RFC 2606), and nobody can take
/// such an address here.
pub(crate) const ERASED_DOMAIN: &str = "@erased.invalid";

words! {
    /// What a person may do, least first.
    Role {
        /// Asks for help.
        Customer = 0 "customer",
        /// Answers tickets.
        Agent = 1 "agent",
        /// Runs teams and reports.
        Manager = 2 "manager",
        /// Runs the desk.
        Admin = 3 "admin",
    }
}

impl Role {
    /// Whether the person works here.
    pub fn is_staff(self) -> bool {
        self != Self::Customer
    }
}

words! {
    /// Whether a person takes new work.
    Availability {
        /// Takes work.
        Online = 0 "online",
        /// Not now.
        Away = 1 "away",
        /// Not at all.
        Offline = 2 "offline",
    }
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The person's id.
    pub id: UserId,
    /// The address as the person writes it. Unique over its folded form.
    pub email: String,
    /// How to address the person.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The company a customer belongs to.
    pub organization_id: Option<OrganizationId>,
    /// IANA name of the person's time zone.
    pub time_zone: Option<String>,
    /// BCP 47 tag of the person's language.
    pub locale: Option<String>,
    /// Whether the person takes new work; holds until changed.
    pub availability: Availability,
    /// Since when that holds.
    pub availability_since: Time,
    /// False for a person who can no longer sign in.
    pub is_active: bool,
    /// Grows by one with every change.
    pub version: i64,
    /// Grows by one whenever all sign-ins of the person end. An access token of an older one is refused.
    #[serde(skip)]
    pub rights_version: i64,
    /// Whether the customer joins the company of the mail domain once the address is proved: nobody has
    /// said yet which company it is.
    #[serde(skip)]
    pub joins_by_domain: bool,
    /// When the person was added.
    pub created_at: Time,
    /// When the person last changed.
    pub updated_at: Time,
}

/// A person as others see one beside a comment or an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Nobody's id where the desk itself acted.
    pub id: Option<UserId>,
    /// The name now, not at the time.
    pub name: String,
    /// `system` where the desk itself acted.
    pub role: String,
}

impl Person {
    /// The desk itself.
    pub fn system() -> Self {
        Self { id: None, name: "System".to_owned(), role: "system".to_owned() }
    }
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self { id: Some(user.id), name: user.name.clone(), role: user.role.as_str().to_owned() }
    }
}
