//! Lists of tickets under a name.

use super::super::view::conditions;
use super::super::word::{Matching, Visibility};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A view to be made.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "My urgent ones", "visibility": "private", "sort": "sla_due_at", "columns": ["status", "sla", "updated"],
    "conditions": [{"field": "assigned_agent_id", "operator": "equals", "value": "me"},
        {"field": "priority", "operator": "in", "value": ["high", "critical"]},
        {"field": "sla_due_at", "operator": "less_than", "value": "now+1d"}]
}))]
pub(crate) struct NewView {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Who sees it.
    visibility: Visibility,
    /// The team, exactly where it is a team's.
    team_id: Option<Uuid>,
    /// Which tickets. `me` (in `assigned_agent_id` and `customer_id`), `my_teams` (in `team_id`) and moments such as `now+4h`
    /// mean something else to each who looks. Everything but `matches` can be asked.
    #[schema(schema_with = conditions)]
    conditions: Value,
    /// How the conditions of the outermost list belong together; `all` where nothing is said.
    #[schema(required = false)]
    r#match: Matching,
    /// What stands beside a ticket's subject: `status`, `assignee`, `team`, `sla`, `tags`, `category`, `channel`, `created`,
    /// `updated` and `custom_fields.KEY`. As the reader has it where nothing is said.
    #[schema(required = false, max_items = 20)]
    columns: Vec<String>,
    /// In which order, as `sort` of `GET /api/tickets`.
    #[schema(example = "-updated_at")]
    sort: Option<String>,
    /// Its place among the views, lowest first; behind all shared ones where nothing is said.
    #[schema(required = false, minimum = 0, maximum = 1_000_000)]
    position: i64,
    /// The name of a picture: a-z, 0-9 and -.
    #[schema(min_length = 1, max_length = 40)]
    icon: Option<String>,
}

/// What to change of a view.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Mine, late ones first", "sort": "sla_due_at"}))]
pub(crate) struct ViewPatch {
    /// What people call it.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// Who sees it. What becomes private is yours from then on.
    #[schema(required = false)]
    visibility: Visibility,
    /// The team, exactly where it is a team's.
    team_id: Option<Uuid>,
    /// Which tickets.
    #[schema(required = false, schema_with = conditions)]
    conditions: Value,
    /// How the conditions of the outermost list belong together.
    #[schema(required = false)]
    r#match: Matching,
    /// What stands beside a ticket's subject; all of it.
    #[schema(required = false, max_items = 20)]
    columns: Vec<String>,
    /// In which order.
    #[schema(example = "-updated_at")]
    sort: Option<String>,
    /// Its place among the views, lowest first.
    #[schema(required = false, minimum = 0, maximum = 1_000_000)]
    position: i64,
    /// The name of a picture.
    #[schema(min_length = 1, max_length = 40)]
    icon: Option<String>,
    /// Whether it is put away; only built-in ones can be.
    #[schema(required = false)]
    is_hidden: bool,
    /// The version that it must still have.
    #[schema(required = false)]
    version: i64,
}
