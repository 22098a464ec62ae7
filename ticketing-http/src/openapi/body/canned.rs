//! Canned responses.

use super::super::word::Visibility;
use utoipa::ToSchema;
use uuid::Uuid;

/// A description of a whole canned response, with more fields.
macro_rules! whole {
    ($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$about])*
        #[derive(ToSchema)]
        #[schema(example = json!({
            "title": "Password Reset Instructions", "category": "Account Access", "shortcut": "pwreset",
            "content": "Hello {{customer_name}},\n\nTo reset your password, please click: {{reset_link}}\n\nBest regards,\n{{agent_name}}"
        }))]
        pub(crate) struct $name {
            /// What people find it by.
            #[schema(min_length = 1, max_length = 200)]
            title: String,
            /// What it belongs to, in the desk's own words.
            #[schema(min_length = 1, max_length = 100)]
            category: Option<String>,
            /// The text, at most 20,000 bytes. `{{…}}` is filled in: `ticket_number, subject, description, status, priority, category, tags,
            /// assigned_agent_id, customer_id, customer_name, customer_email, team_name, organization.name, ticket_url, custom_fields.KEY` of the
            /// ticket, and `agent_name`, `agent.email` of whoever answers. A variable that is not there is allowed, and filled in by nothing.
            #[schema(min_length = 1)]
            content: String,
            /// What whoever knows it types: one word.
            #[schema(min_length = 1, max_length = 50)]
            shortcut: Option<String>,
            /// Whether everybody who works here has it: true is the visibility `all`, false is `private`. One of the two is enough.
            #[schema(required = false)]
            is_public: bool,
            /// Who has it.
            #[schema(required = false)]
            visibility: Visibility,
            /// The team, exactly where it is a team's.
            team_id: Option<Uuid>,
            $($(#[$more])* $field: $kind,)*
        }
    };
}

whole! {
    /// A canned response to be made: one's own unless it says otherwise.
    NewCannedResponse {}
}

whole! {
    /// What a canned response is replaced by. What is not said goes; with whom it is shared stays unless it is said.
    CannedResponseReplacement {
        /// The version that is to be replaced; else any.
        #[schema(required = false)]
        version: i64,
    }
}

/// A canned response to be taken in.
#[derive(ToSchema)]
pub(crate) struct NewImportedResponse {
    /// What people find it by.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// What it belongs to.
    #[schema(min_length = 1, max_length = 100)]
    category: Option<String>,
    /// The text.
    #[schema(min_length = 1)]
    content: String,
    /// What whoever knows it types.
    #[schema(min_length = 1, max_length = 50)]
    shortcut: Option<String>,
    /// Who has it; one's own unless said.
    #[schema(required = false)]
    visibility: Visibility,
    /// The name of the team, exactly where it is a team's.
    team: Option<String>,
}

/// Canned responses to be taken in. One that has the title of one that is there, and is shared with the same, replaces it.
#[derive(ToSchema)]
#[schema(example = json!({"dry_run": true, "canned_responses": [{
    "title": "Refund is on its way", "category": "Billing", "content": "Hello {{customer_name}}, …"
}]}))]
pub(crate) struct CannedResponseImport {
    /// Which.
    canned_responses: Vec<NewImportedResponse>,
    /// Only say what would become of them.
    #[schema(required = false)]
    dry_run: bool,
}
