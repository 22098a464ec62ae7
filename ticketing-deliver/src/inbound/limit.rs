//! How much of a mail is taken in.

/// The most of everything that a mail has; what is more is left out and said to be. Bytes of the whole mail are the desk's to
/// limit.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the mail's headers. With more, the mail can't be read at all.
    pub header_bytes: usize,
    /// Headers that are kept.
    pub headers: usize,
    /// Characters of a header's value that are kept.
    pub header_length: usize,
    /// Parts that are looked at.
    pub parts: usize,
    /// How deep parts may lie in one another.
    pub depth: usize,
    /// Files that are kept.
    pub files: usize,
    /// Bytes of all files together.
    pub file_bytes: usize,
    /// Bytes of its text.
    pub text: usize,
    /// Bytes of its HTML.
    pub html: usize,
    /// Tags of its HTML. What comes into being by a tag that is not closed grows with them, so they have a limit of their own.
    pub tags: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes: 256 * 1024,
            headers: 500,
            header_length: 4_000,
            parts: 500,
            depth: 30,
            files: 100,
            file_bytes: 64 * 1024 * 1024,
            // A comment has at most 100,000 characters; of what is quoted below them nobody needs more either.
            text: 400_000,
            html: 1024 * 1024,
            tags: 10_000,
        }
    }
}
