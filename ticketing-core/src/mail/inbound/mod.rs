//! A mail that came in, as it was read from its bytes: who writes to whom, what it answers, what it says and brings along.

mod auth;
mod automatic;
mod incoming;
mod quote;

pub use auth::verdict;
pub use automatic::{Automatic, OwnMarks};
pub use incoming::{Incoming, KeptFile};
pub use quote::{Folded, fold};

use crate::port::Mailbox;
use crate::time::Time;
use serde::Serialize;

/// A mail as it was read. Everything in it is what a stranger wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InboundMail {
    /// Its `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// The ids of what it answers, without angle brackets: `In-Reply-To`, then `References` from the newest on, each once.
    pub answers: Vec<String>,
    /// Who says to have written it.
    pub from: Option<Mailbox>,
    /// Where answers are to go, where that is somewhere else.
    pub reply_to: Option<Mailbox>,
    /// Where failures are told, from `Return-Path` as the receiving server noted it: `Some("")` where nowhere.
    pub return_path: Option<String>,
    /// Everybody it is for, as its headers say: `To` and `Cc`.
    pub to: Vec<Mailbox>,
    /// The addresses that it was delivered to: `Delivered-To`, `X-Original-To`, `Envelope-To`.
    pub delivered_to: Vec<String>,
    /// Its subject in one line.
    pub subject: String,
    /// When it says to have been sent.
    pub date: Option<Time>,
    /// What it says as plain text: written so, or made of the HTML.
    pub text: String,
    /// The same as HTML, where it came so: safe to be shown, and nothing in it is loaded from elsewhere. Pictures that the
    /// mail brings along stand in it by their [`InboundFile::content_id`] (`cid:`), those of elsewhere without a `src` and
    /// with their address as `data-remote-src`.
    pub html: Option<String>,
    /// What it brings along, in its order.
    pub files: Vec<InboundFile>,
    /// All its headers in their order, names as written and values in one line.
    pub headers: Vec<(String, String)>,
    /// The report of a failed or delayed delivery that it is.
    pub report: Option<DeliveryReport>,
    /// What it invites to.
    pub invitation: Option<Invitation>,
    /// What was left out because it was too much, each cause once.
    pub left_out: Vec<LeftOut>,
}

/// A file in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundFile {
    /// The name that it was given; nothing where it has none.
    pub name: Option<String>,
    /// What it says to be, such as `image/png`.
    pub content_type: String,
    /// The id by which the HTML shows it (`cid:`), without angle brackets.
    pub content_id: Option<String>,
    /// Whether it is a part of the text, not something beside it.
    pub is_inline: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a mail server tells of a mail that it could not deliver (RFC 3464).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The id of the mail that it is about, without angle brackets, where the report brings its headers along.
    pub message_id: Option<String>,
    /// Each address that it tells of.
    pub recipients: Vec<ReportedRecipient>,
}

/// What became of a mail for one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedRecipient {
    /// The address.
    pub address: String,
    /// What the server did: `failed`, `delayed`, `delivered`, `relayed`, `expanded`.
    pub action: String,
    /// The status code, such as `5.1.1`.
    pub status: String,
    /// What the other server said, as far as it is told.
    pub diagnostic: Option<String>,
}

impl ReportedRecipient {
    /// Whether the address can't be reached for good (RFC 3463: class 5).
    pub fn is_permanent(&self) -> bool {
        self.action.eq_ignore_ascii_case("failed") && self.status.starts_with('5')
    }
}

/// A meeting that a mail is about (RFC 5546).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// What the mail does with it: `REQUEST`, `CANCEL`, `REPLY` and so on; empty where it does not say.
    pub method: String,
    /// What it is called.
    pub summary: Option<String>,
    /// When it begins, where that can be known for sure. A whole day begins at midnight UTC.
    pub starts_at: Option<Time>,
    /// When it ends, known alike.
    pub ends_at: Option<Time>,
    /// Where it is.
    pub location: Option<String>,
    /// The address of who invites.
    pub organizer: Option<String>,
}

/// Something of a mail that was more than is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Parts beyond the most, or deeper than the deepest.
    Parts,
    /// Headers beyond the most, or the ends of long ones.
    Headers,
    /// The end of a long text.
    Text,
    /// Files beyond the most.
    Files,
    /// The end of a long HTML, or all of it.
    Html,
}

impl LeftOut {
    /// Its name as it is told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parts => "parts",
            Self::Headers => "headers",
            Self::Text => "text",
            Self::Files => "files",
            Self::Html => "html",
        }
    }
}

impl InboundMail {
    /// The values of a header, by its name in whatever case, in their order.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.headers.iter().filter(move |(header, _)| header.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}
