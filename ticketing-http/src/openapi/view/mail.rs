//! Mails, and how they look.

use super::super::word::MailType;
use chrono::{DateTime, Utc};
use utoipa::ToSchema;

/// One mail of the list.
#[derive(ToSchema)]
pub(crate) struct EmailTemplateSummary {
    /// Which mail.
    r#type: MailType,
    /// The language that it was reworded for; null for all others.
    #[schema(required)]
    locale: Option<String>,
    /// Its subject, as a template.
    subject: String,
    /// Whether nobody has reworded it.
    is_built_in: bool,
    /// Grows with every change; the entity tag. 0 for what is built in.
    version: i64,
    /// When it was reworded last.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}

/// One mail with its texts.
#[derive(ToSchema)]
pub(crate) struct EmailTemplate {
    /// Which mail.
    r#type: MailType,
    /// The language that was asked for; null for all others.
    #[schema(required)]
    locale: Option<String>,
    /// Its subject, as a template.
    subject: String,
    /// Whether nobody has reworded it.
    is_built_in: bool,
    /// Grows with every change; the entity tag. 0 for what is built in.
    version: i64,
    /// When it was reworded last.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
    /// What a reader with markup shows, as a template.
    html: String,
    /// What a reader without shows, as a template.
    text: String,
    /// The values that the templates may ask for.
    variables: Vec<Variable>,
}

/// A value that a template may ask for.
#[derive(ToSchema)]
pub(crate) struct Variable {
    /// How a template names it.
    #[schema(example = "ticket_number")]
    path: String,
    /// What it is.
    about: String,
    /// Whether it is a list.
    is_list: bool,
}

/// A mail in words.
#[derive(ToSchema)]
pub(crate) struct ComposedMail {
    /// One line.
    subject: String,
    /// What a reader with markup shows.
    html: String,
    /// What a reader without shows.
    text: String,
}

/// How the desk shows itself in mail.
#[derive(ToSchema)]
pub(crate) struct Brand {
    /// The name in mails; the desk's own where there is none.
    #[schema(required)]
    name: Option<String>,
    /// The colour of header and buttons.
    #[schema(example = "#1f4f8f")]
    colour: String,
    /// A picture for the header.
    #[schema(required)]
    logo_url: Option<String>,
    /// What stands below each mail.
    #[schema(required)]
    footer: Option<String>,
    /// The sender's name; the name in mails where there is none.
    #[schema(required)]
    from_name: Option<String>,
    /// The sender's address; the operator's where there is none.
    #[schema(required)]
    from_address: Option<String>,
    /// Where answers go, where that is somewhere else.
    #[schema(required)]
    reply_to: Option<String>,
    /// Grows by one with every change; the entity tag. 0 while nobody has changed it.
    version: i64,
    /// When it last changed.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}
