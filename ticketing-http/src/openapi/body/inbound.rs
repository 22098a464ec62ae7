//! Where mail comes in, and how it is taken.

use super::super::view::SpamHeader;
use super::super::word::Priority;
use utoipa::ToSchema;
use uuid::Uuid;

/// A mailbox to be added.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "Support", "address": "support@desk.example", "aliases": ["help@desk.example"], "priority": "medium",
    "trusted_servers": ["mx.desk.example"],
    "imap": {"host": "imap.desk.example", "username": "support@desk.example", "secret": "a-long-random-text",
        "then": "move", "then_folder": "Done"}
}))]
pub(crate) struct NewInboundMailbox {
    /// Its name for people.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The address that customers write to, and that is answered from. No other mailbox has it; without `+`.
    #[schema(max_length = 254, format = Email)]
    address: String,
    /// Other addresses whose mail comes here.
    #[schema(required = false, max_items = 50)]
    aliases: Vec<String>,
    /// Whose queue its new tickets are in.
    team_id: Option<Uuid>,
    /// How much its new tickets matter; `medium` where nothing is said.
    #[schema(required = false)]
    priority: Priority,
    /// In which language strangers are answered, as BCP 47 has it.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// Whether a mail with a valid reply token may speak as staff without any other proof of its origin: for doors that
    /// strangers can't reach.
    #[schema(required = false)]
    is_trusted: bool,
    /// The servers that take its mail in and check where it comes from, by their names in `Authentication-Results`. They are
    /// believed for this mailbox alone.
    #[schema(required = false, max_items = 20)]
    trusted_servers: Vec<String>,
    /// Whether mail to it is taken in.
    #[schema(required = false)]
    is_active: bool,
    /// The account that its mail is fetched from; null where a mail server brings it.
    imap: Option<NewImapAccount>,
}

/// What to change of a mailbox.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Help", "priority": "high", "imap": null}))]
pub(crate) struct InboundMailboxPatch {
    /// Its name for people.
    #[schema(required = false, min_length = 1, max_length = 100)]
    name: String,
    /// The address that customers write to, and that is answered from.
    #[schema(required = false, max_length = 254, format = Email)]
    address: String,
    /// Other addresses whose mail comes here.
    #[schema(required = false, max_items = 50)]
    aliases: Vec<String>,
    /// Whose queue its new tickets are in.
    team_id: Option<Uuid>,
    /// How much its new tickets matter.
    #[schema(required = false)]
    priority: Priority,
    /// In which language strangers are answered.
    #[schema(max_length = 35)]
    locale: Option<String>,
    /// Whether a mail with a valid reply token may speak as staff without any other proof of its origin.
    #[schema(required = false)]
    is_trusted: bool,
    /// The servers that take its mail in and check where it comes from, by their names in `Authentication-Results`. They are
    /// believed for this mailbox alone.
    #[schema(required = false, max_items = 20)]
    trusted_servers: Vec<String>,
    /// Whether mail to it is taken in.
    #[schema(required = false)]
    is_active: bool,
    /// The account that its mail is fetched from, whole; null for none.
    imap: Option<NewImapAccount>,
    /// The version that is to be changed; else any.
    #[schema(required = false)]
    version: i64,
}

/// The account that a mailbox's mail is fetched from.
#[derive(ToSchema)]
pub(crate) struct NewImapAccount {
    /// The server's name.
    #[schema(min_length = 1, max_length = 253)]
    host: String,
    /// Its port; 993 where nothing is said.
    #[schema(required = false, minimum = 1, maximum = 65_535)]
    port: i64,
    /// `tls` from the start, `starttls` (never without), or `none`, to a server on the same machine only; `tls` where nothing
    /// is said.
    #[schema(required = false, pattern = "^(tls|starttls|none)$")]
    security: String,
    /// The account's name.
    #[schema(min_length = 1, max_length = 254)]
    username: String,
    /// `password` or `oauth2` (`XOAUTH2`); `password` where nothing is said.
    #[schema(required = false, pattern = "^(password|oauth2)$")]
    auth: String,
    /// The password, or the refresh token. It is never told back.
    #[schema(min_length = 1, max_length = 4_000, format = Password)]
    secret: Option<String>,
    /// Where tokens are fetched, by `https`; for `oauth2`.
    #[schema(max_length = 2_000)]
    token_url: Option<String>,
    /// The desk's name at that server; for `oauth2`.
    #[schema(min_length = 1, max_length = 500)]
    client_id: Option<String>,
    /// The desk's secret at that server, where it has one. It is never told back.
    #[schema(min_length = 1, max_length = 4_000, format = Password)]
    client_secret: Option<String>,
    /// The folder that is read; `INBOX` where nothing is said.
    #[schema(required = false, min_length = 1, max_length = 255)]
    folder: String,
    /// What becomes of a mail that was taken in: it is marked as read (`flag`), goes to a folder (`move`) or is deleted
    /// (`delete`); `flag` where nothing is said.
    #[schema(required = false, pattern = "^(flag|move|delete)$")]
    then: String,
    /// The folder that it goes to; for `move`.
    #[schema(min_length = 1, max_length = 255)]
    then_folder: Option<String>,
}

/// What to change of how mail is taken in.
#[derive(ToSchema)]
#[schema(example = json!({
    "blocked": ["ann@acme.example", "@spam.example"], "status_words": true,
    "spam_headers": [{"name": "X-Spam-Flag", "begins": "yes"}]
}))]
pub(crate) struct InboundPolicyPatch {
    /// Whether a stranger's mail waits for an administrator, instead of making a customer.
    #[schema(required = false)]
    hold_strangers: bool,
    /// Addresses (`ann@acme.example`) and domains (`@acme.example`) whose mail is not taken.
    #[schema(required = false, max_items = 10_000)]
    blocked: Vec<String>,
    /// Headers by which the receiving server says that a mail is spam.
    #[schema(required = false, max_items = 20)]
    spam_headers: Vec<SpamHeader>,
    /// Whether `#open`, `#pending`, `#resolve` and the like on the first line of a mail of staff change the status.
    #[schema(required = false)]
    status_words: bool,
    /// The version that is to be changed; else any. 0 is what was never changed.
    #[schema(required = false)]
    version: i64,
}
