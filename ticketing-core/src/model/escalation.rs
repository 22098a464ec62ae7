//! Calls for more attention: what brought one about, and whom the ticket goes to.

use super::words;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

words! {
    /// What brought an escalation about.
    EscalationCause {
        /// Somebody asked for it.
        Manual = 0 "manual",
        /// A rule did.
        Rule = 1 "rule",
        /// A promised time was over.
        Sla = 2 "sla",
    }
}

impl Default for EscalationCause {
    /// What it was before events told it.
    fn default() -> Self {
        Self::Manual
    }
}

/// Whom an escalated ticket goes to. On the wire a word, or an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum EscalationTarget {
    /// Somebody of the ticket's team of the next role above its agent's that anybody has: of a member's, a lead; of a
    /// lead's, a manager.
    NextRole,
    /// Somebody who leads the ticket's team; one of its managers where nobody does.
    TeamLead,
    /// A manager of the ticket's team.
    TeamManager,
    /// A person or a team.
    Id(Uuid),
}

impl EscalationTarget {
    /// Those that have a word.
    pub const ROLES: [Self; 3] = [Self::NextRole, Self::TeamLead, Self::TeamManager];

    /// The word; none for an id.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::NextRole => Some("next_role"),
            Self::TeamLead => Some("team_lead"),
            Self::TeamManager => Some("team_manager"),
            Self::Id(_) => None,
        }
    }

    /// All words.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::ROLES.into_iter().filter_map(Self::word)
    }
}

impl fmt::Display for EscalationTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Id(id) => id.fmt(f),
            role => f.write_str(role.word().unwrap_or_default()),
        }
    }
}

/// Why a text is no [`EscalationTarget`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {}, or the id of a member of staff or a team", all_words())]
pub struct BadTarget;

fn all_words() -> String {
    EscalationTarget::words().collect::<Vec<_>>().join(", ")
}

impl FromStr for EscalationTarget {
    type Err = BadTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::ROLES.into_iter().find(|role| role.word() == Some(text)) {
            Some(role) => Ok(role),
            None => Uuid::parse_str(text).map(Self::Id).map_err(|_| BadTarget),
        }
    }
}

impl TryFrom<String> for EscalationTarget {
    type Error = BadTarget;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EscalationTarget> for String {
    fn from(target: EscalationTarget) -> Self {
        target.to_string()
    }
}

impl From<Uuid> for EscalationTarget {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}
