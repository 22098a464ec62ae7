//! A mail on its way into the desk, as the calls that it makes carry it.

use crate::model::{Arrival, BlobKey, JobEnd, Status};

/// What a call brings along that a mail makes. The commit of that call says what became of the mail and ends its job,
/// so that both happen or neither.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// The mail as it is kept.
    pub arrival: Arrival,
    /// Its headers, for rules: names as written, values in one line.
    pub headers: Vec<(String, String)>,
    /// Whether a program wrote it: nobody is mailed about it, and nothing is answered.
    pub is_automatic: bool,
    /// Whether its sender holds a token of the ticket without seeing it: what they say is a note among staff.
    pub is_guest: bool,
    /// What the ticket becomes, where the mail asks for it.
    pub status: Option<Status>,
    /// What it brings along; the bytes are kept already.
    pub files: Vec<KeptFile>,
    /// The end of the job that reads it.
    pub end: Option<JobEnd>,
}

impl Incoming {
    /// The values of a header, by its name in whatever case, in their order.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// A file of a mail, kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// What its bytes are kept under.
    pub blob: BlobKey,
    /// How many bytes it has.
    pub size: i64,
    /// What its sender calls it.
    pub filename: String,
    /// What it says to be.
    pub content_type: String,
    /// By what the mail's HTML shows it.
    pub content_id: Option<String>,
}
