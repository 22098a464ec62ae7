//! Canned responses.

use super::super::word::Visibility;
use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// A text that staff answer with again and again.
#[derive(ToSchema)]
pub(crate) struct CannedResponse {
    /// Its id.
    id: Uuid,
    /// What people find it by.
    title: String,
    /// What it belongs to.
    #[schema(required)]
    category: Option<String>,
    /// The text, with variables.
    content: String,
    /// What whoever knows it types.
    #[schema(required)]
    shortcut: Option<String>,
    /// Whether everybody who works here has it.
    is_public: bool,
    /// Who has it.
    visibility: Visibility,
    /// The team, where it is a team's.
    #[schema(required)]
    team_id: Option<Uuid>,
    /// Whose it is, where it is one person's own.
    #[schema(required)]
    owner_id: Option<Uuid>,
    /// What it asks for and no ticket has, each once.
    unknown_variables: Vec<String>,
    /// How often everybody together has answered with it.
    #[schema(minimum = 0)]
    uses: u64,
    /// How often you have.
    #[schema(minimum = 0)]
    own_uses: u64,
    /// When you last have.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// What it says on the ticket that the list was asked for.
    #[schema(required = false)]
    rendered: FilledResponse,
}

/// A canned response, filled in for a ticket.
#[derive(ToSchema)]
pub(crate) struct FilledResponse {
    /// The text.
    content: String,
    /// What it asks for and the ticket has not, each once.
    missing: Vec<String>,
    /// The text with `{{…}}` wherever something is missing, for people to see what they have to fill in themselves; null
    /// where nothing is.
    marked: Option<String>,
    /// Whether it ends before its end, since it would have more than 100,000 bytes.
    is_cut: bool,
}

/// Categories of canned responses.
#[derive(ToSchema)]
pub(crate) struct CannedCategories {
    /// By name.
    items: Vec<CannedCategory>,
}

/// A category, in whatever case it is written.
#[derive(ToSchema)]
pub(crate) struct CannedCategory {
    /// What it is called.
    category: String,
    /// How many canned responses of it one has.
    #[schema(minimum = 0)]
    count: u64,
}

/// All canned responses that one has, as they are taken in.
#[derive(ToSchema)]
pub(crate) struct CannedResponseExport {
    /// By title.
    canned_responses: Vec<ExportedCannedResponse>,
}

/// What a canned response says, without what belongs to one desk.
#[derive(ToSchema)]
pub(crate) struct ExportedCannedResponse {
    /// What people find it by.
    title: String,
    /// What it belongs to.
    #[schema(required = false)]
    category: String,
    /// The text.
    content: String,
    /// What whoever knows it types.
    #[schema(required = false)]
    shortcut: String,
    /// Who has it.
    visibility: Visibility,
    /// The name of the team that it is shared with.
    #[schema(required = false)]
    team: String,
}

/// What became of canned responses that were taken in, in their order.
#[derive(ToSchema)]
pub(crate) struct ImportedCannedResponses {
    /// Those that there were none of.
    created: Vec<ImportedCannedResponse>,
    /// Those that are another version of one that was there.
    updated: Vec<ImportedCannedResponse>,
    /// Those that were there already.
    unchanged: Vec<ImportedCannedResponse>,
}

/// What became of one canned response that was taken in.
#[derive(ToSchema)]
pub(crate) struct ImportedCannedResponse {
    /// Its id; null where it would be made.
    #[schema(required)]
    id: Option<Uuid>,
    /// What people find it by.
    title: String,
    /// The version that it has now, or would have.
    version: i64,
}
