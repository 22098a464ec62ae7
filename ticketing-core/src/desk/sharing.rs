//! Who may see and change settings that are shared with all, with a team or with nobody, and how that is said.

use super::Snapshot;
use super::setting::Kind;
use crate::access::Actor;
use crate::error::Error;
use crate::ids::{TeamId, UserId};
use crate::input::{Fields, Patch, Problems};
use crate::model::{CannedResponse, Directory, Macro, Membership, Role, SavedView, Sharing, TeamRole, Visibility};

impl Sharing {
    /// Whether somebody who works here sees what is shared so. What is a person's own, nobody else sees. What is a team's
    /// is only for those who run the desk once the team is not active any more.
    pub(super) fn is_seen_by(self, actor: &Actor, directory: &Directory) -> bool {
        match self {
            Self::Private(owner) => actor.user_id() == Some(owner),
            Self::Team(team) => actor.role() >= Role::Manager || membership(directory, team, actor).is_some(),
            Self::All => true,
        }
    }

    /// Whether somebody who works here may change what is shared so, and share something so.
    pub(super) fn check_writer(self, actor: &Actor, directory: &Directory) -> Result<(), Error> {
        match self {
            Self::Private(owner) if actor.user_id() == Some(owner) => Ok(()),
            Self::Private(_) => Err(Error::forbidden("It is somebody else's own.")),
            Self::Team(team) => {
                let leads = membership(directory, team, actor).is_some_and(|member| member.role >= TeamRole::Lead);
                if leads || actor.role() >= Role::Manager {
                    return Ok(());
                }
                Err(Error::forbidden("This needs the lead of the team, or the role manager."))
            }
            Self::All => actor.at_least(Role::Manager),
        }
    }
}

impl Snapshot {
    /// Whether anything is shared with this team.
    pub(super) fn shares_with(&self, team: TeamId) -> bool {
        self.shares::<SavedView>(team) || self.shares::<CannedResponse>(team) || self.shares::<Macro>(team)
    }

    fn shares<T: Kind>(&self, team: TeamId) -> bool {
        T::all(self).any(|stored| stored.content.sharing().and_then(Sharing::team) == Some(team))
    }
}

/// The actor's place in a team that is active.
fn membership<'d>(directory: &'d Directory, team: TeamId, actor: &Actor) -> Option<&'d Membership> {
    directory.team(team).filter(|team| team.is_active)?;
    directory.membership(team, actor.user_id()?)
}

/// What was said of with whom something is shared.
#[derive(Clone, Debug, Default)]
pub struct SharingPatch {
    /// In a word.
    pub visibility: Patch<Visibility>,
    /// The team, exactly where it is a team's.
    pub team_id: Patch<Option<TeamId>>,
}

impl SharingPatch {
    /// This sharing, as it is said of something new.
    pub fn of(sharing: Sharing) -> Self {
        Self { visibility: Patch::Set(sharing.visibility()), team_id: Patch::Set(sharing.team()) }
    }

    pub(super) fn read(fields: &mut Fields) -> Self {
        Self {
            visibility: fields.word("visibility", Visibility::ALL),
            team_id: fields.nullable_id("team_id").into_option().map(|id| id.map(TeamId)).into(),
        }
    }

    /// What can be said without knowing with whom it was shared before.
    pub(super) fn check(&self, problems: &mut Problems) {
        let (visibility, team) = (self.visibility.as_ref().copied(), self.team_id.as_ref().copied());
        if visibility == Some(Visibility::Team) && team == Some(None) {
            problems.add("team_id", "required", NO_TEAM);
        }
        if visibility.is_some_and(|visibility| visibility != Visibility::Team) && team.flatten().is_some() {
            problems.add("team_id", "not_allowed", ODD_TEAM);
        }
    }

    /// What can be said of something new alone.
    pub(super) fn check_new(&self, problems: &mut Problems) {
        if self.visibility.as_ref() == Some(&Visibility::Team) && self.team_id == Patch::Keep {
            problems.add("team_id", "required", NO_TEAM);
        }
    }

    /// With whom it is shared then. Something shared that becomes private is the actor's own from then on.
    pub(super) fn apply(&self, old: Option<Sharing>, actor: &Actor, directory: &Directory) -> Result<Sharing, Error> {
        let said = self.team_id.as_ref().copied();
        let before = old.map_or(Visibility::Private, Sharing::visibility);
        let visibility = self.visibility.as_ref().copied().unwrap_or(before);
        if visibility != Visibility::Team && said.flatten().is_some() {
            return Err(Error::field("team_id", "not_allowed", ODD_TEAM));
        }
        match visibility {
            Visibility::All => Ok(Sharing::All),
            Visibility::Private => {
                let owner: Option<UserId> = old.and_then(Sharing::owner).or(actor.user_id());
                owner.map(Sharing::Private).ok_or_else(|| Error::forbidden("Only a person has something of their own."))
            }
            Visibility::Team => {
                let before = old.and_then(Sharing::team);
                let team = said.unwrap_or(before).ok_or_else(|| Error::field("team_id", "required", NO_TEAM))?;
                // What is a team's already stays it, also when the team is not active any more.
                if before != Some(team) && directory.team(team).is_none_or(|team| !team.is_active) {
                    return Err(Error::field("team_id", "unknown", "There is no such team."));
                }
                Ok(Sharing::Team(team))
            }
        }
    }
}

const NO_TEAM: &str = "Say which team it is shared with.";
const ODD_TEAM: &str = "Only what is shared with a team has one.";
