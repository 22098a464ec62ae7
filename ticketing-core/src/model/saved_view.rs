//! Views: lists of tickets that somebody has put together and kept under a name.

use super::custom_field::CUSTOM;
use super::{CustomFields, FieldKey, Matching, Sharing, UnknownWord, words};
use crate::condition::{Condition, Viewer, parse_viewed};
use crate::error::FieldError;
use crate::ids::{UserId, ViewId};
use crate::query::{Sort, SortField};
use crate::setting::{Setting, Stored};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A list of tickets under a name. Whoever looks at it sees those of its tickets that they may see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedView {
    /// What people call it.
    pub name: String,
    /// With whom it is shared.
    #[serde(flatten)]
    pub sharing: Sharing,
    /// Which tickets, as it was written; `me`, `my_teams` and `now` mean something else to each who looks.
    pub conditions: Value,
    /// How the conditions of the outermost list belong together.
    #[serde(rename = "match")]
    pub matching: Matching,
    /// What stands beside a ticket's subject; as the reader has it where there is nothing.
    pub columns: Vec<ViewColumn>,
    /// In which order; that of every list where nothing is said.
    pub sort: Option<String>,
    /// Its place among the views, lowest first.
    pub position: i32,
    /// The name of a picture beside its own.
    pub icon: Option<String>,
    /// Whether it is put away. Only what a desk begins with is: it would come back if it were deleted.
    pub is_hidden: bool,
    /// When somebody made it; nobody has made what a desk begins with.
    pub created_at: Option<Time>,
}

impl Setting for SavedView {
    const KIND: &'static str = "view";

    fn owner(&self) -> Option<UserId> {
        self.sharing.owner()
    }
}

impl SavedView {
    /// How many views a desk has at most, less what is people's own.
    pub const MOST: usize = 200;
    /// How many views of their own a person has at most.
    pub const MOST_OWN: usize = 50;
    /// How many columns a view has at most.
    pub const MOST_COLUMNS: usize = 20;

    /// Which tickets it holds for whoever looks, or what of it can't be read (any more).
    pub fn condition(&self, fields: &CustomFields, viewer: Viewer<'_>) -> Result<Condition, Vec<FieldError>> {
        let condition = parse_viewed(&self.conditions, "conditions", fields, viewer)?;
        Ok(condition.matching(self.matching))
    }

    /// In which order its tickets are, on a desk with these fields: by one that is gone nothing is sorted.
    pub fn order(&self, fields: &CustomFields) -> Sort {
        self.sort.as_ref().and_then(|sort| Sort::read(sort, fields)).unwrap_or_default()
    }

    /// Whether it asks for this field of the desk, shows it, or is sorted by it.
    fn names(&self, key: FieldKey, fields: &CustomFields, now: Time) -> bool {
        let viewer = Viewer { id: None, teams: &[], now };
        self.columns.contains(&ViewColumn::Custom(key))
            || matches!(self.order(fields).field, SortField::Custom(by, _) if by == key)
            || self.condition(fields, viewer).is_ok_and(|condition| condition.asks_for(key))
    }
}

words! {
    /// What lists show beside a ticket's subject.
    ListColumn {
        /// Where it stands.
        Status = 0 "status",
        /// Who works on it.
        Assignee = 1 "assignee",
        /// Whose queue it is in.
        Team = 2 "team",
        /// When the next promised time is over.
        Sla = 3 "sla",
        /// Its tags.
        Tags = 4 "tags",
        /// Its category.
        Category = 5 "category",
        /// How it came in.
        Channel = 6 "channel",
        /// When it was made.
        Created = 7 "created",
        /// When it last changed.
        Updated = 8 "updated",
    }
}

/// A column of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ViewColumn {
    /// One that every list can have.
    Of(ListColumn),
    /// A field that the desk has added.
    Custom(FieldKey),
}

impl fmt::Display for ViewColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(column) => column.fmt(f),
            Self::Custom(key) => write!(f, "{CUSTOM}{key}"),
        }
    }
}

impl FromStr for ViewColumn {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text.strip_prefix(CUSTOM) {
            Some(key) => key.parse().map(Self::Custom).map_err(|_| UnknownWord),
            None => text.parse().map(Self::Of),
        }
    }
}

impl From<ViewColumn> for String {
    fn from(column: ViewColumn) -> Self {
        column.to_string()
    }
}

impl TryFrom<String> for ViewColumn {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

words! {
    /// A view that every desk begins with.
    BuiltInView {
        /// What the reader works on.
        Mine = 1 "mine",
        /// What nobody works on.
        Unassigned = 2 "unassigned",
        /// What is late, or due within four hours.
        Breaching = 3 "breaching",
        /// What waits for the customer's answer.
        Waiting = 4 "waiting",
        /// All that is neither resolved nor closed.
        Open = 5 "open",
        /// Everything, by its last change.
        Recent = 6 "recent",
    }
}

/// How far the places of views are apart that were not placed by hand.
pub const STEP: i32 = 10;

impl BuiltInView {
    /// Under which id it is there, on every desk.
    pub fn id(self) -> ViewId {
        // A UUIDv7 of a moment before all others.
        ViewId(Uuid::from_u128(0x7000_8000_0000_0000_0000 | u128::from(self.rank().unsigned_abs())))
    }

    /// The view of this id.
    pub fn of(id: Uuid) -> Option<Self> {
        Self::ALL.iter().copied().find(|view| view.id().0 == id)
    }

    /// What it is called while nobody calls it otherwise.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mine => "Mine",
            Self::Unassigned => "Unassigned",
            Self::Breaching => "Breaching soon",
            Self::Waiting => "Waiting on customer",
            Self::Open => "All open",
            Self::Recent => "Recently updated",
        }
    }

    /// As it is while nobody has changed it.
    fn stored(self) -> Stored<SavedView> {
        let unsolved = json!({
            "field": "status", "operator": "in", "value": ["open", "in_progress", "pending", "on_hold"]
        });
        let (conditions, field, descending) = match self {
            Self::Mine => {
                let mine = json!({"field": "assigned_agent_id", "operator": "equals", "value": "me"});
                (json!([mine, unsolved]), SortField::UpdatedAt, true)
            }
            Self::Unassigned => {
                let nobodys = json!({"field": "assigned_agent_id", "operator": "is_empty"});
                (json!([nobodys, unsolved]), SortField::CreatedAt, true)
            }
            Self::Breaching => {
                let soon = json!({"field": "sla_due_at", "operator": "less_than", "value": "now+4h"});
                (json!([unsolved, soon]), SortField::SlaDueAt, false)
            }
            Self::Waiting => {
                let waits = json!({"field": "status", "operator": "equals", "value": "pending"});
                (json!([waits]), SortField::UpdatedAt, false)
            }
            Self::Open => (json!([unsolved]), SortField::CreatedAt, true),
            Self::Recent => (json!([]), SortField::UpdatedAt, true),
        };
        let content = SavedView {
            name: self.name().to_owned(),
            sharing: Sharing::All,
            conditions,
            matching: Matching::All,
            columns: Vec::new(),
            sort: Some(Sort { field, descending }.to_string()),
            position: i32::from(self.rank()) * STEP,
            icon: None,
            is_hidden: false,
            created_at: None,
        };
        Stored { id: self.id().0, version: 0, saved_at: Time::UNIX_EPOCH, content }
    }
}

/// The views of a desk that are shared, hidden ones too, in their order; and those that it begins with.
#[derive(Debug)]
pub struct SavedViews(Vec<Stored<SavedView>>);

impl SavedViews {
    /// These views, and what the desk begins with of which they are none.
    pub fn new(mut all: Vec<Stored<SavedView>>) -> Self {
        let known: HashSet<Uuid> = all.iter().map(|stored| stored.id).collect();
        let untouched = BuiltInView::ALL.iter().filter(|view| !known.contains(&view.id().0));
        all.extend(untouched.map(|view| view.stored()));
        all.sort_by_key(|stored| (stored.content.position, stored.id));
        Self(all)
    }

    /// All of them in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Stored<SavedView>> {
        self.0.iter()
    }

    /// Whether any asks for this field of the desk, or shows it.
    pub fn name_field(&self, key: FieldKey, fields: &CustomFields, now: Time) -> bool {
        self.iter().any(|stored| stored.content.names(key, fields, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_desk_begins_with_is_read_and_has_its_place() {
        let views = SavedViews::new(Vec::new());
        let keys: Vec<_> = views.iter().filter_map(|stored| BuiltInView::of(stored.id)).collect();
        assert_eq!(keys, BuiltInView::ALL);
        let viewer = Viewer { id: Some(UserId(Uuid::from_u128(1))), teams: &[], now: Time::UNIX_EPOCH };
        for stored in views.iter() {
            assert_eq!(Uuid::parse_str(&stored.id.to_string()).unwrap().get_version_num(), 7, "{}", stored.id);
            stored.content.condition(&CustomFields::default(), viewer).expect("its conditions are read");
            let written = serde_json::to_value(&stored.content).unwrap();
            assert_eq!(serde_json::from_value::<SavedView>(written).unwrap(), stored.content);
        }
    }

    #[test]
    fn a_view_that_was_changed_stands_for_the_built_in_one() {
        let mut changed = BuiltInView::Open.stored();
        (changed.version, changed.content.position) = (1, 0);
        let views = SavedViews::new(vec![changed.clone()]);
        assert_eq!(views.iter().count(), BuiltInView::ALL.len());
        assert_eq!(views.iter().next(), Some(&changed), "by its place");
    }

    #[test]
    fn columns_are_those_of_lists_and_the_desks_own() {
        for text in ["status", "assignee", "updated", "custom_fields.plan"] {
            assert_eq!(text.parse::<ViewColumn>().unwrap().to_string(), text);
        }
        for text in ["", "subject", "Status", "custom_fields.", "custom_fields.Plan", "plan"] {
            assert!(text.parse::<ViewColumn>().is_err(), "{text}");
        }
    }
}
