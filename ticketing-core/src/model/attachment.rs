//! Files on tickets and comments.

use crate::ids::{AttachmentId, CommentId, TicketId, UserId};
use crate::model::BlobKey;
use crate::time::Time;

/// What a file belongs to. Whoever sees that sees the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttachedTo {
    /// The ticket's description.
    Ticket(TicketId),
    /// A comment, wherever it moves.
    Comment(CommentId),
}

/// A file on a ticket. Never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// What it belongs to.
    pub of: AttachedTo,
    /// What its sender calls it, at most 255 characters, in one line.
    pub filename: String,
    /// What it says to be, such as `image/png`, at most 127 characters. Never told to a browser as it is.
    pub content_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// Its bytes' SHA-256, which they are kept under.
    pub blob: BlobKey,
    /// By what the HTML of the mail that it came in shows it (`cid:`), at most 255 characters.
    pub content_id: Option<String>,
    /// Who brought it.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub created_at: Time,
}
