//! Mails, and how they look.

use utoipa::ToSchema;

/// The texts of a mail, as templates.
#[derive(ToSchema)]
#[schema(example = json!({
    "subject": "{{ticket_number}}: {{subject}}",
    "html": "<p>Hello {{recipient.name}},</p><p>we have your request <a href=\"{{ticket_url}}\">{{ticket_number}}</a>.</p>",
    "text": "Hello {{recipient.name}},\nwe have your request {{ticket_number}}: {{ticket_url}}"
}))]
pub(crate) struct NewEmailTemplate {
    /// The subject.
    #[schema(min_length = 1, max_length = 1_000)]
    subject: String,
    /// What a reader with markup shows. Values are escaped.
    #[schema(min_length = 1)]
    html: String,
    /// What a reader without shows.
    #[schema(min_length = 1)]
    text: String,
    /// The version that is to be replaced; else any. 0 is what is built in.
    #[schema(required = false)]
    version: i64,
}

/// What a mail is tried with.
#[derive(ToSchema)]
#[schema(example = json!({"locale": "de", "subject": "About {{ticket_number}}"}))]
pub(crate) struct MailPreview {
    /// A ticket, by id or number; a made-up one where none is named.
    ticket: Option<String>,
    /// The reader's language, as BCP 47 has it.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// A subject in place of the one that holds.
    #[schema(min_length = 1, max_length = 1_000)]
    subject: Option<String>,
    /// A markup in place of the one that holds.
    #[schema(min_length = 1)]
    html: Option<String>,
    /// A plain text in place of the one that holds.
    #[schema(min_length = 1)]
    text: Option<String>,
}

/// What to change of how the desk shows itself in mail. Null takes a value away.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Acme Support", "colour": "#1d4ed8", "reply_to": "help@acme.example"}))]
pub(crate) struct BrandPatch {
    /// The name in mails; the desk's own where there is none.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// The colour of header and buttons.
    #[schema(required = false, pattern = "^#[0-9A-Fa-f]{6}$")]
    colour: String,
    /// A picture for the header, by `https`.
    #[schema(max_length = 2_000)]
    logo_url: Option<String>,
    /// What stands below each mail.
    #[schema(min_length = 1, max_length = 1_000)]
    footer: Option<String>,
    /// The sender's name; the name in mails where there is none.
    #[schema(min_length = 1, max_length = 100)]
    from_name: Option<String>,
    /// The sender's address; the operator's where there is none.
    #[schema(max_length = 254, format = Email)]
    from_address: Option<String>,
    /// Where answers go, where that is somewhere else.
    #[schema(max_length = 254, format = Email)]
    reply_to: Option<String>,
    /// The version that is to be changed; else any. 0 is what was never changed.
    #[schema(required = false)]
    version: i64,
}
