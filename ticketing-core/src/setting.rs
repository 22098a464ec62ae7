//! Settings: what an administrator sets, as typed and versioned documents.
//!
//! All documents and the directory (staff, teams, memberships) make one immutable snapshot with one
//! version. Every commit names the version that it was decided under, so what an answered save
//! changed holds for every later commit, on every node.

use crate::error::Error;
use crate::ids::UserId;
use crate::model::{Membership, Team, User};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// A stored document of any kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its kind, a [`Setting::KIND`].
    pub kind: String,
    /// Its id within the kind.
    pub id: Uuid,
    /// Whose it is, where it is personal. Personal documents bump no version and are in no snapshot.
    pub owner: Option<UserId>,
    /// Grows by one with every save; earlier versions are kept.
    pub version: i64,
    /// When this version was saved.
    pub saved_at: Time,
    /// Who saved it.
    pub saved_by: Option<UserId>,
    /// True once it was deleted. Documents are never removed.
    pub deleted: bool,
    /// The typed content.
    pub body: Value,
}

impl Document {
    /// What it says, read as what its kind says it is.
    pub(crate) fn stored<T: Setting>(&self) -> Result<Stored<T>, Error> {
        Stored::try_from(self).map_err(|e| Error::Internal(Box::new(e)))
    }
}

/// A kind of setting. A new kind is a new type: no table, no migration, no adapter.
pub trait Setting: Serialize + for<'de> Deserialize<'de> + Clone + Send + Sync + 'static {
    /// The kind's name in the store; never changes.
    const KIND: &'static str;

    /// Whose it is, where it is one person's own and not the desk's.
    fn owner(&self) -> Option<UserId> {
        None
    }
}

/// A typed document, and what the store knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<T> {
    /// Its id within the kind.
    pub id: Uuid,
    /// For conditional changes.
    pub version: i64,
    /// When this version was saved.
    pub saved_at: Time,
    /// What it says.
    pub content: T,
}

impl<T> Stored<T> {
    /// The version after this one.
    pub(crate) fn next(&self, saved_at: Time, content: T) -> Self {
        Self { id: self.id, version: self.version + 1, saved_at, content }
    }
}

impl<T: Setting> TryFrom<&Document> for Stored<T> {
    type Error = serde_json::Error;

    fn try_from(document: &Document) -> Result<Self, Self::Error> {
        let content = serde_json::from_value(document.body.clone())?;
        Ok(Self { id: document.id, version: document.version, saved_at: document.saved_at, content })
    }
}

/// A kind of setting of which a desk has one, that holds by default until somebody says otherwise.
pub trait SingleSetting: Setting + Default {
    /// The id of the only one.
    const ID: Uuid = Uuid::nil();
}

/// A setting of which there is one, as administrators see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Single<T> {
    /// What it says.
    #[serde(flatten)]
    pub content: T,
    /// For conditional changes; 0 while it was never saved.
    pub version: i64,
    /// When it last changed, if ever.
    pub updated_at: Option<Time>,
}

impl<T: SingleSetting> From<Vec<Stored<T>>> for Single<T> {
    fn from(stored: Vec<Stored<T>>) -> Self {
        stored.into_iter().find(|stored| stored.id == T::ID).map_or_else(Self::default, |stored| Self {
            content: stored.content,
            version: stored.version,
            updated_at: Some(stored.saved_at),
        })
    }
}

/// What the desk calls itself and how it behaves; there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskProfile {
    /// The name that customers know.
    pub name: String,
    /// How often a ticket can be escalated before nobody is left to ask.
    pub max_escalation_level: i16,
    /// How long after it was resolved a ticket is closed, a duration such as `7d`; never unless said.
    pub auto_close_after: Option<String>,
    /// How long an agent may be offline before what the agent holds goes to somebody else of a team that routes, a
    /// duration such as `30m`; never unless said.
    pub reroute_after: Option<String>,
}

impl Default for DeskProfile {
    fn default() -> Self {
        Self { name: "Help desk".to_owned(), max_escalation_level: 5, auto_close_after: None, reroute_after: None }
    }
}

impl Setting for DeskProfile {
    const KIND: &'static str = "desk_profile";
}

impl SingleSetting for DeskProfile {}

/// Everything a snapshot is made of, as a store reads it in one consistent look.
#[derive(Clone, Debug, Default)]
pub struct SettingsState {
    /// The version of the whole.
    pub version: i64,
    /// Documents without an owner, deleted ones left out.
    pub documents: Vec<Document>,
    /// All staff, also those who are no longer active.
    pub staff: Vec<User>,
    /// All teams.
    pub teams: Vec<Team>,
    /// All memberships.
    pub memberships: Vec<Membership>,
}
