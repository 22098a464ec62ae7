//! Macros: several things that staff do to a ticket by one press, in their own name. (The language keeps the plain word
//! for itself.)

use super::{ActionSource, Sharing};
use crate::ids::UserId;
use crate::setting::Setting;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// Several things that staff do to a ticket by one press.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Macro {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What it does, in order.
    pub actions: Vec<ActionSource>,
    /// Its place among the macros, lowest first.
    pub position: i32,
    /// What whoever knows it types.
    pub shortcut: Option<String>,
    /// Who has it.
    #[serde(flatten)]
    pub sharing: Sharing,
    /// When it was made.
    pub created_at: Time,
}

impl Macro {
    /// How many a desk shares.
    pub const MOST: usize = 500;
    /// How many of their own a person has.
    pub const MOST_OWN: usize = 100;
    /// How many things one does.
    pub const MOST_ACTIONS: usize = 20;
}

impl Setting for Macro {
    const KIND: &'static str = "macro";

    fn owner(&self) -> Option<UserId> {
        self.sharing.owner()
    }
}
