//! Mail that comes in.

use super::super::word::{ArrivalCause, ArrivalDoor, ArrivalState, Priority};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A mail that the desk has, for good.
#[derive(ToSchema)]
pub(crate) struct TakenIn {
    /// Its id.
    id: Uuid,
    /// Whether it, or another copy of it, was there before.
    is_known: bool,
}

/// A mail that came in.
#[derive(ToSchema)]
pub(crate) struct InboundMail {
    /// Its id.
    id: Uuid,
    /// How far it is.
    state: ArrivalState,
    /// Why it is there, unless all went well.
    #[schema(required = false)]
    cause: ArrivalCause,
    /// The same in words.
    #[schema(required = false)]
    reason: String,
    /// By which way it came.
    door: ArrivalDoor,
    /// The mailbox that it came to.
    #[schema(required)]
    mailbox_id: Option<Uuid>,
    /// Its `Message-ID` without angle brackets.
    #[schema(required)]
    message_id: Option<String>,
    /// Who says to have written it.
    #[schema(required)]
    from: Option<String>,
    /// Its subject.
    #[schema(required)]
    subject: Option<String>,
    /// How many bytes it has.
    #[schema(minimum = 1)]
    size: i64,
    /// The SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// The ticket that it made, went to, or is about.
    #[schema(required)]
    ticket_id: Option<Uuid>,
    /// The comment that it became.
    #[schema(required)]
    comment_id: Option<Uuid>,
    /// Why it was taken for a program's.
    #[schema(required = false)]
    automatic: String,
    /// Whether the receiving server took it for spam.
    is_spam: bool,
    /// What is known of its origin.
    verdict: AuthVerdict,
    /// What of it was more than is taken in.
    left_out: Vec<String>,
    /// When the desk took it in.
    received_at: DateTime<Utc>,
    /// When it was last decided about.
    #[schema(required)]
    decided_at: Option<DateTime<Utc>>,
    /// Grows by one with every change; the entity tag.
    version: i64,
}

/// A mail that came in, with all that it says.
#[derive(ToSchema)]
pub(crate) struct WholeInboundMail {
    /// Its id.
    id: Uuid,
    /// How far it is.
    state: ArrivalState,
    /// Why it is there, unless all went well.
    #[schema(required = false)]
    cause: ArrivalCause,
    /// The same in words.
    #[schema(required = false)]
    reason: String,
    /// By which way it came.
    door: ArrivalDoor,
    /// The mailbox that it came to.
    #[schema(required)]
    mailbox_id: Option<Uuid>,
    /// Its `Message-ID` without angle brackets.
    #[schema(required)]
    message_id: Option<String>,
    /// Who says to have written it.
    #[schema(required)]
    from: Option<String>,
    /// Its subject.
    #[schema(required)]
    subject: Option<String>,
    /// How many bytes it has.
    #[schema(minimum = 1)]
    size: i64,
    /// The SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// The ticket that it made, went to, or is about.
    #[schema(required)]
    ticket_id: Option<Uuid>,
    /// The comment that it became.
    #[schema(required)]
    comment_id: Option<Uuid>,
    /// Why it was taken for a program's.
    #[schema(required = false)]
    automatic: String,
    /// Whether the receiving server took it for spam.
    is_spam: bool,
    /// What is known of its origin.
    verdict: AuthVerdict,
    /// What of it was more than is taken in.
    left_out: Vec<String>,
    /// When the desk took it in.
    received_at: DateTime<Utc>,
    /// When it was last decided about.
    #[schema(required)]
    decided_at: Option<DateTime<Utc>>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// What the servers on its way said.
    envelope: MailEnvelope,
    /// What it says; null where it can't be read.
    #[schema(required)]
    content: Option<ReceivedMail>,
}

/// What a server that the desk trusts found out about a mail's origin.
#[derive(ToSchema)]
pub(crate) struct AuthVerdict {
    /// Whether the sending server may send for the domain of the envelope (RFC 7208).
    spf: AuthResult,
    /// Whether a signature holds (RFC 6376).
    dkim: AuthResult,
    /// Whether one of the two speaks for the domain of `From` (RFC 7489).
    dmarc: AuthResult,
}

/// What a check of a mail's origin found; `none` where no trusted server says anything.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum AuthResult {
    None,
    Pass,
    Fail,
}

/// What the servers on its way said of a mail, apart from the mail itself.
#[derive(ToSchema)]
pub(crate) struct MailEnvelope {
    /// Where failures are told; empty where nowhere.
    #[schema(required = false)]
    from: String,
    /// To whom it was delivered.
    #[schema(required = false)]
    to: Vec<String>,
}

/// What a mail says. Nothing in it runs or loads.
#[derive(ToSchema)]
pub(crate) struct ReceivedMail {
    /// What would become of it now, where that was asked for: `state`, and with it `cause` and `reason`, or `author`,
    /// `ticket_id`, `body` and so on.
    #[schema(required = false)]
    outcome: Map<String, Value>,
    /// Who says to have written it.
    #[schema(required)]
    from: Option<NamedAddress>,
    /// Whom it is for.
    to: Vec<NamedAddress>,
    /// Its subject.
    subject: String,
    /// When it says to have been sent.
    #[schema(required)]
    date: Option<DateTime<Utc>>,
    /// What of its text is new.
    text: String,
    /// How it is signed.
    signature: String,
    /// What of its text was said before.
    quoted: String,
    /// The same as HTML, in which nothing runs and nothing is loaded. Pictures that the mail brings along stand in it as `cid:`
    /// and the `content_id` of a file. Pictures of elsewhere have no `src`, but their `https:` address as `data-remote-src`:
    /// loading one tells its owner who reads the mail, when and where, so ask the reader first.
    #[schema(required)]
    html: Option<String>,
    /// Its headers in their order, each a name and a value.
    headers: Vec<Vec<String>>,
    /// What it brings along.
    files: Vec<MailFile>,
    /// The meeting that it is about.
    #[schema(required = false)]
    invitation: Invitation,
}

/// An address with the name beside it.
#[derive(ToSchema)]
pub(crate) struct NamedAddress {
    /// The name.
    #[schema(required)]
    name: Option<String>,
    /// The address alone.
    address: String,
}

/// A file of a mail, without its bytes.
#[derive(ToSchema)]
pub(crate) struct MailFile {
    /// What it is called.
    #[schema(required)]
    filename: Option<String>,
    /// What it says to be.
    #[schema(example = "image/png")]
    content_type: String,
    /// How many bytes it has.
    size: u64,
    /// By what the HTML shows it.
    #[schema(required = false)]
    content_id: String,
}

/// A meeting that a mail is about (RFC 5546).
#[derive(ToSchema)]
pub(crate) struct Invitation {
    /// What the mail does with it: `REQUEST`, `CANCEL`, `REPLY` and so on; empty where it does not say.
    method: String,
    /// What it is called.
    #[schema(required)]
    summary: Option<String>,
    /// When it begins, where that can be known for sure.
    #[schema(required)]
    starts_at: Option<DateTime<Utc>>,
    /// When it ends, known alike.
    #[schema(required)]
    ends_at: Option<DateTime<Utc>>,
    /// Where it is.
    #[schema(required)]
    location: Option<String>,
    /// The address of who invites.
    #[schema(required)]
    organizer: Option<String>,
}

/// How many mails wait.
#[derive(ToSchema)]
pub(crate) struct InboundCounts {
    /// One for each state and cause of which there are any.
    items: Vec<InboundCount>,
}

/// How many mails there are in a state, for a cause.
#[derive(ToSchema)]
pub(crate) struct InboundCount {
    /// The state.
    state: ArrivalState,
    /// The cause, where there is one.
    #[schema(required)]
    cause: Option<ArrivalCause>,
    /// How many.
    count: u64,
    /// When the oldest of them was taken in.
    #[schema(required)]
    oldest: Option<DateTime<Utc>>,
}

/// Where mail comes in.
#[derive(ToSchema)]
pub(crate) struct InboundMailbox {
    /// Its id.
    id: Uuid,
    /// Its name for people.
    name: String,
    /// The address that customers write to, and that is answered from.
    address: String,
    /// Other addresses whose mail comes here.
    aliases: Vec<String>,
    /// Whose queue its new tickets are in.
    #[schema(required)]
    team_id: Option<Uuid>,
    /// How much its new tickets matter.
    priority: Priority,
    /// In which language strangers are answered.
    #[schema(required)]
    locale: Option<String>,
    /// Whether a mail with a valid reply token may speak as staff without any other proof of its origin.
    is_trusted: bool,
    /// The servers that take its mail in and check where it comes from: their `Authentication-Results` are believed (RFC
    /// 8601), for this mailbox alone.
    trusted_servers: Vec<String>,
    /// Whether mail to it is taken in.
    is_active: bool,
    /// The account that its mail is fetched from; null where a mail server brings it.
    #[schema(required)]
    imap: Option<ImapAccount>,
    /// Grows by one with every change; the entity tag.
    version: i64,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// The account that a mailbox's mail is fetched from, without its secrets.
#[derive(ToSchema)]
pub(crate) struct ImapAccount {
    /// The server's name.
    host: String,
    /// Its port.
    port: u16,
    /// `tls`, `starttls` or `none`.
    #[schema(pattern = "^(tls|starttls|none)$")]
    security: String,
    /// The account's name.
    username: String,
    /// `password` or `oauth2`.
    #[schema(pattern = "^(password|oauth2)$")]
    auth: String,
    /// Where tokens are fetched, for `oauth2`.
    #[schema(required = false)]
    token_url: String,
    /// The desk's name at that server, for `oauth2`.
    #[schema(required = false)]
    client_id: String,
    /// The folder that is read.
    folder: String,
    /// What becomes of a mail that was taken in: `flag`, `move` or `delete`.
    #[schema(pattern = "^(flag|move|delete)$")]
    then: String,
    /// The folder that it goes to, for `move`.
    #[schema(required = false)]
    then_folder: String,
}

/// How mail is taken in.
#[derive(ToSchema)]
pub(crate) struct InboundPolicy {
    /// Whether a stranger's mail waits for an administrator, instead of making a customer.
    hold_strangers: bool,
    /// Addresses (`ann@acme.example`) and domains (`@acme.example`) whose mail is not taken.
    blocked: Vec<String>,
    /// Headers by which the receiving server says that a mail is spam.
    spam_headers: Vec<SpamHeader>,
    /// Whether `#open`, `#pending`, `#resolve` and the like on the first line of a mail of staff change the status.
    status_words: bool,
    /// Grows by one with every change; the entity tag. 0 while nobody has changed it.
    version: i64,
    /// When it last changed.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
}

/// A header that says that a mail is spam.
#[derive(ToSchema)]
pub(crate) struct SpamHeader {
    /// The header's name.
    #[schema(min_length = 1, max_length = 100, example = "X-Spam-Flag")]
    name: String,
    /// How its value begins, whatever its case.
    #[schema(min_length = 1, max_length = 100, example = "yes")]
    begins: String,
}
