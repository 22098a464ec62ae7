//! Which tickets a field is asked of.

use crate::fold::fold;
use crate::ids::TeamId;
use serde::{Deserialize, Serialize};

/// Which tickets a field is asked of: those of one of these categories that lie in the queue of one of these teams.
/// Where one of the two lists is empty, it leaves all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedWhen {
    /// The categories, in any case.
    #[serde(default)]
    pub categories: Vec<String>,
    /// The teams.
    #[serde(default)]
    pub team_ids: Vec<TeamId>,
}

/// What decides which fields a ticket is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Topic<'a> {
    /// The desk's own kind of question.
    pub category: Option<&'a str>,
    /// Whose queue it lies in.
    pub team_id: Option<TeamId>,
}

impl AskedWhen {
    /// The most categories, and the most teams.
    pub const MOST: usize = 50;

    /// Whether it leaves every ticket.
    pub fn is_always(&self) -> bool {
        self.categories.is_empty() && self.team_ids.is_empty()
    }

    /// Whether a ticket about this is one of them.
    pub fn fits(&self, topic: Topic<'_>) -> bool {
        let is_of = |category: &str| {
            let own = fold(category.trim());
            self.categories.iter().any(|wanted| fold(wanted) == own)
        };
        (self.categories.is_empty() || topic.category.is_some_and(is_of))
            && (self.team_ids.is_empty() || topic.team_id.is_some_and(|team| self.team_ids.contains(&team)))
    }
}
