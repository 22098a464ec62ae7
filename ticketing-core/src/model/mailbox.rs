//! Where mail comes in.

use super::Priority;
use crate::ids::TeamId;
use crate::setting::{Setting, SingleSetting, Stored};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An address that mail to the desk goes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboundMailbox {
    /// Its name for people.
    pub name: String,
    /// The address that customers write to, and that is answered from.
    pub address: String,
    /// Other addresses whose mail comes here.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whose queue its new tickets are in.
    pub team_id: Option<TeamId>,
    /// How much its new tickets matter.
    pub priority: Priority,
    /// In which language strangers are answered, such as `de`.
    pub locale: Option<String>,
    /// Whether a mail with a valid reply token may speak as staff without any other proof of its origin: for doors that
    /// strangers can't reach.
    pub is_trusted: bool,
    /// The servers that take its mail in and check where it comes from: their `Authentication-Results` are believed (RFC 8601,
    /// their `authserv-id`). For this mailbox alone, since only they remove what strangers write in their name.
    #[serde(default)]
    pub trusted_servers: Vec<String>,
    /// Whether mail to it is taken in.
    pub is_active: bool,
    /// The account that its mail is fetched from; none where the mail server brings it.
    #[serde(default)]
    pub imap: Option<ImapAccount>,
    /// Since when there is such a mailbox.
    pub created_at: Time,
}

impl Setting for InboundMailbox {
    const KIND: &'static str = "mailbox";
}

/// A mailbox on a server that speaks IMAP (RFC 9051, RFC 3501).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapAccount {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others' eyes.
    pub security: ImapSecurity,
    /// The account's name.
    pub username: String,
    /// How the desk proves that it may read it.
    pub auth: ImapAuth,
    /// The folder that is read, such as `INBOX`.
    pub folder: String,
    /// What becomes of a mail that was taken in.
    pub then: ImapThen,
}

/// How a connection to a mail server is kept from others' eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImapSecurity {
    /// TLS from the first byte on, as on port 993.
    Tls,
    /// TLS after a greeting in plain text (`STARTTLS`), as on port 143; nothing is sent without it.
    StartTls,
    /// Nothing: for a server on this very machine.
    None,
}

/// How the desk proves that it may read a mailbox. Secrets are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ImapAuth {
    /// By the account's password.
    Password {
        /// The password.
        secret: String,
    },
    /// By a token of an OAuth 2.0 server (`XOAUTH2`), fetched with a refresh token (RFC 6749, 6).
    OAuth2 {
        /// Where tokens are fetched, by `https`.
        token_url: String,
        /// The desk's name at that server.
        client_id: String,
        /// The desk's secret at that server, where it has one.
        client_secret: Option<String>,
        /// The refresh token.
        secret: String,
    },
}

/// What becomes of a mail in its mailbox once the desk has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ImapThen {
    /// It is marked as read and stays.
    Flag,
    /// It goes to another folder, which is made where it is missing.
    Move {
        /// The folder.
        folder: String,
    },
    /// It is deleted.
    Delete,
}

/// How mail is taken in; there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InboundPolicy {
    /// Whether a stranger's mail waits for an administrator, instead of making a customer.
    pub hold_strangers: bool,
    /// Addresses (`ann@acme.example`) and domains (`@acme.example`) whose mail is not taken; folded.
    pub blocked: Vec<String>,
    /// Headers by which the receiving server says that a mail is spam.
    pub spam_headers: Vec<SpamHeader>,
    /// Whether `#open`, `#pending`, `#resolve` and the like on the first line of a mail of staff change the status.
    pub status_words: bool,
}

impl Default for InboundPolicy {
    fn default() -> Self {
        Self {
            hold_strangers: false,
            blocked: Vec::new(),
            spam_headers: vec![SpamHeader { name: "X-Spam-Flag".to_owned(), begins: "yes".to_owned() }],
            status_words: false,
        }
    }
}

impl Setting for InboundPolicy {
    const KIND: &'static str = "inbound_policy";
}

impl SingleSetting for InboundPolicy {}

/// A header that says that a mail is spam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpamHeader {
    /// The header's name, such as `X-Spam-Flag`.
    pub name: String,
    /// How its value begins, whatever its case, such as `yes`.
    pub begins: String,
}

/// All mailboxes of a desk, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Mailboxes(Vec<Stored<InboundMailbox>>);

impl Mailboxes {
    /// How many a desk can have.
    pub const MOST: usize = 200;

    /// The mailboxes, sorted by age.
    pub fn new(mut mailboxes: Vec<Stored<InboundMailbox>>) -> Self {
        mailboxes.sort_by_key(|mailbox| (mailbox.content.created_at, mailbox.id));
        Self(mailboxes)
    }

    /// The mailboxes, the oldest first, those that are not active too.
    pub fn iter(&self) -> impl Iterator<Item = &Stored<InboundMailbox>> {
        self.0.iter()
    }

    /// The mailbox with this id.
    pub fn by_id(&self, id: Uuid) -> Option<&Stored<InboundMailbox>> {
        self.iter().find(|mailbox| mailbox.id == id)
    }

    /// Where mail to this address goes, whatever stands behind a `+` in it.
    pub fn by_address(&self, address: &str) -> Option<&Stored<InboundMailbox>> {
        let plain = without_tag(&crate::fold::fold(address.trim()));
        self.iter().filter(|mailbox| mailbox.content.is_active).find(|mailbox| {
            let content = &mailbox.content;
            std::iter::once(&content.address).chain(&content.aliases).any(|own| crate::fold::fold(own) == plain)
        })
    }

    /// From where tickets of this team are answered: the team's oldest mailbox, else the oldest of no team.
    pub fn of_team(&self, team_id: Option<TeamId>) -> Option<&Stored<InboundMailbox>> {
        let active = || self.iter().filter(|mailbox| mailbox.content.is_active);
        let own = team_id.and_then(|team| active().find(|mailbox| mailbox.content.team_id == Some(team)));
        own.or_else(|| active().find(|mailbox| mailbox.content.team_id.is_none()))
    }
}

/// The address without what stands behind a `+` in its local part.
pub fn without_tag(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or_default()),
        None => address.to_owned(),
    }
}
