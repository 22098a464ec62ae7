//! Lists of tickets under a name.

use super::super::word::{BuiltInView, Matching, Visibility};
use super::conditions;
use chrono::{DateTime, Utc};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A list of tickets under a name. Whoever looks sees those of its tickets that they may see.
#[derive(ToSchema)]
pub(crate) struct View {
    /// Its id.
    id: Uuid,
    /// Which of the views it is that every desk begins with. Null for all others.
    #[schema(required)]
    key: Option<BuiltInView>,
    /// Whether one with a `key` has another name than it began with.
    is_renamed: bool,
    /// What people call it.
    name: String,
    /// Who sees it.
    visibility: Visibility,
    /// The team, where it is a team's.
    #[schema(required)]
    team_id: Option<Uuid>,
    /// Whose it is, where it is private.
    #[schema(required)]
    owner_id: Option<Uuid>,
    /// Which tickets. `me`, `my_teams` and `now` mean something else to each who looks.
    #[schema(schema_with = conditions)]
    conditions: Value,
    /// How the conditions of the outermost list belong together.
    r#match: Matching,
    /// What stands beside a ticket's subject: `status`, `assignee`, `team`, `sla`, `tags`, `category`, `channel`, `created`,
    /// `updated` and `custom_fields.KEY`. As you have it where there is nothing.
    #[schema(example = json!(["status", "custom_fields.plan"]))]
    columns: Vec<String>,
    /// In which order, as `sort` of `GET /api/tickets`. Null for that of every list.
    #[schema(required, example = "-updated_at")]
    sort: Option<String>,
    /// Its place among the views, lowest first.
    position: i32,
    /// The name of a picture.
    #[schema(required)]
    icon: Option<String>,
    /// Whether it is put away; only built-in ones are.
    is_hidden: bool,
    /// Whether its conditions ask for what is not there any more. Its tickets can't be listed then.
    is_broken: bool,
    /// Grows by one with every change; the entity tag. 0 while nobody has changed a built-in one.
    version: i64,
    /// When somebody made it. Null for built-in ones.
    #[schema(required)]
    created_at: Option<DateTime<Utc>>,
    /// When it last changed, if ever.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}

/// How many tickets a view holds for you.
#[derive(ToSchema)]
pub(crate) struct ViewCount {
    /// The view.
    view_id: Uuid,
    /// How many there are, at most 1,000. Null where the view is broken, or is a team's or one's own and could not be
    /// counted within two seconds.
    #[schema(required)]
    count: Option<u64>,
    /// Whether there are more.
    is_capped: bool,
}

/// How many tickets each view holds for you.
#[derive(ToSchema)]
pub(crate) struct ViewCounts {
    /// Each, in the order of the views.
    items: Vec<ViewCount>,
}
