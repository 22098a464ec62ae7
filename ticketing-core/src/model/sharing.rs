//! With whom a setting is shared that somebody else than an administrator may make.

use super::words;
use crate::ids::{TeamId, UserId};
use serde::{Deserialize, Serialize};

words! {
    /// Who sees a setting, in a word.
    Visibility {
        /// Whoever made it, and nobody else.
        Private = 1 "private",
        /// A team, and those who run the desk.
        Team = 2 "team",
        /// Everybody who works here.
        All = 3 "all",
    }
}

/// With whom a setting is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Words", try_from = "Words")]
pub enum Sharing {
    /// With nobody: it is one person's own.
    Private(UserId),
    /// With a team.
    Team(TeamId),
    /// With everybody who works here.
    All,
}

impl Sharing {
    /// It in a word.
    pub fn visibility(self) -> Visibility {
        match self {
            Self::Private(_) => Visibility::Private,
            Self::Team(_) => Visibility::Team,
            Self::All => Visibility::All,
        }
    }

    /// Whose it is, where it is one person's own.
    pub fn owner(self) -> Option<UserId> {
        match self {
            Self::Private(owner) => Some(owner),
            Self::Team(_) | Self::All => None,
        }
    }

    /// The team, where it is shared with one.
    pub fn team(self) -> Option<TeamId> {
        match self {
            Self::Team(team) => Some(team),
            Self::Private(_) | Self::All => None,
        }
    }
}

/// As it is written: every field, so that the audit log tells of each that changed.
#[derive(Serialize, Deserialize)]
struct Words {
    visibility: Visibility,
    team_id: Option<TeamId>,
    owner_id: Option<UserId>,
}

impl From<Sharing> for Words {
    fn from(sharing: Sharing) -> Self {
        Self { visibility: sharing.visibility(), team_id: sharing.team(), owner_id: sharing.owner() }
    }
}

impl TryFrom<Words> for Sharing {
    type Error = &'static str;

    fn try_from(words: Words) -> Result<Self, Self::Error> {
        match words {
            Words { visibility: Visibility::Private, team_id: None, owner_id: Some(owner) } => Ok(Self::Private(owner)),
            Words { visibility: Visibility::Team, team_id: Some(team), owner_id: None } => Ok(Self::Team(team)),
            Words { visibility: Visibility::All, team_id: None, owner_id: None } => Ok(Self::All),
            _ => Err("what is private has an owner, what is a team's has a team, and nothing has both"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn it_is_read_back_as_it_was_and_nothing_else_is_read() {
        let id = Uuid::from_u128(7);
        for sharing in [Sharing::Private(UserId(id)), Sharing::Team(TeamId(id)), Sharing::All] {
            let written = serde_json::to_value(sharing).unwrap();
            assert_eq!(serde_json::from_value::<Sharing>(written).unwrap(), sharing);
        }
        let all = json!({"visibility": "all", "team_id": null, "owner_id": null});
        assert_eq!(serde_json::to_value(Sharing::All).unwrap(), all);
        for wrong in [
            json!({"visibility": "all", "team_id": id}),
            json!({"visibility": "team", "owner_id": id}),
            json!({"visibility": "private"}),
            json!({"visibility": "private", "team_id": id, "owner_id": id}),
            json!({"visibility": "public"}),
        ] {
            assert!(serde_json::from_value::<Sharing>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
