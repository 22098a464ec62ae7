//! A desk as one file, and a desk made of such a file: for moving it to another store or machine.
//!
//! The file has a line of JSON for each row. Ids, numbers, versions and moments stay what they are, so what is taken in and
//! written again is the same file, but for its first line. Nobody is told of anything: what happened has happened before.

mod export;
mod import;
mod line;
mod mark;
mod read;
mod work;

pub use export::{DeskExport, ExportTally};
pub use import::{DeskImport, ImportTally};
pub use line::{
    AttachmentLine, CommentLine, EventLine, Footer, Header, Line, SettingLine, SlaResultLine, UserLine, WatcherLine,
};
pub use read::{OpenFile, is_desk_file};
pub use work::{CannedUseLine, TimeEntryLine};

use crate::error::Error;
use crate::model::{CannedResponse, Macro, NoticePreferences, SavedView};
use crate::port::{BlobError, StoreError};
use crate::setting::Setting;

/// What a desk keeps and its file does not: it would be worth nothing elsewhere, or is nobody's business there.
const LEFT_OUT: &[&str] = &[
    "api_keys",
    "audit",
    "earlier_versions_of_settings",
    "incoming_mails",
    "jobs",
    "mail_records",
    "notifications",
    "sessions",
    "stopwatches",
    "workflow_runs",
];

/// Settings with secrets in them, which only the desk's own key of secrets opens.
const SECRET_KINDS: &[&str] = &[crate::model::Webhook::KIND, crate::model::InboundMailbox::KIND];

/// Documents that people have each of their own.
const PERSONAL_KINDS: &[&str] = &[CannedResponse::KIND, Macro::KIND, NoticePreferences::KIND, SavedView::KIND];

/// Why a desk was not written down, or not taken in.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The file can't be read or written.
    #[error("the file can't be read or written")]
    Io(#[from] std::io::Error),
    /// The file is not what it has to be.
    #[error("line {line}: {why}")]
    File {
        /// Which line.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The desk refused, or its store did.
    #[error(transparent)]
    Desk(#[from] Error),
    /// Bytes of files can't be kept or had.
    #[error("the bytes of files can't be kept or had")]
    Blob(#[from] BlobError),
}

impl From<StoreError> for TransferError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

impl TransferError {
    pub(super) fn at(line: u64, why: impl Into<String>) -> Self {
        Self::File { line, why: why.into() }
    }
}
