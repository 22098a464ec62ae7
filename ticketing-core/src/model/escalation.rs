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

impl fmt::Display for EscalationTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NextRole => f.write_str("next_role"),
            Self::TeamLead => f.write_str("team_lead"),
            Self::TeamManager => f.write_str("team_manager"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

/// Why a text is no [`EscalationTarget`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be next_role, team_lead, team_manager, or the id of a member of staff or a team")]
pub struct BadTarget;

impl FromStr for EscalationTarget {
    type Err = BadTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "next_role" => Self::NextRole,
            "team_lead" => Self::TeamLead,
            "team_manager" => Self::TeamManager,
            id => Self::Id(Uuid::parse_str(id).map_err(|_| BadTarget)?),
        })
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
