//! Mail on its way out.

use crate::time::Time;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Somebody that mail comes from or goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The name beside the address.
    pub name: Option<String>,
    /// The address alone, such as `ann@example.org`.
    pub address: String,
}

/// One mail to one person, complete: sent again, it is the same mail with the same id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its `Message-ID` without angle brackets.
    pub message_id: String,
    /// When it was written.
    pub date: Time,
    /// Whom it comes from.
    pub from: Mailbox,
    /// Whom it goes to.
    pub to: Mailbox,
    /// Where answers go, where that is somewhere else.
    pub reply_to: Option<Mailbox>,
    /// Ids of the mails that it follows, oldest first, without angle brackets: `References`, and the last
    /// one is `In-Reply-To`.
    pub references: Vec<String>,
    /// The subject.
    pub subject: String,
    /// What a reader with markup shows.
    pub html: String,
    /// What a reader without shows.
    pub text: String,
    /// Whether a program wrote it: `Auto-Submitted`, `X-Auto-Response-Suppress` and `Precedence` say so, so
    /// that no other program answers (RFC 3834).
    pub is_automatic: bool,
    /// Where the recipient stops such mails (`List-Unsubscribe`, RFC 2369).
    pub unsubscribe: Option<String>,
    /// The desk that wrote it, for `X-Loop`: a desk that gets its own mail back knows it by this.
    pub desk: String,
}

/// Why a mail did not leave, and with it what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Nobody can be reached under this address; no later mail will do better.
    #[error("the address was refused: {0}")]
    Address(String),
    /// This mail is not taken; another one may be.
    #[error("the mail was refused: {0}")]
    Refused(String),
    /// The server is away, busy or does not know us; trying again later may help.
    #[error("the mail could not be handed over: {0}")]
    Later(String),
}

/// Hands mail over to whoever carries it.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Returns what the other side said once it has taken responsibility for the mail. Must end by itself
    /// within a minute or so. A mail that is handed over twice, after an answer got lost, has the same
    /// [`Mail::message_id`] both times.
    async fn send(&self, mail: &Mail) -> Result<String, MailError>;
}
