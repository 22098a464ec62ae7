//! Mail into a folder.

use super::message::Parcel;
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions};
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ticketing_core::port::{Mail, MailError, Mailer};

/// How many characters of a `Message-ID` are in a file's name, for people who look for it.
const ID_SHOWN: usize = 80;

/// Writes each mail in full to a file of its own in a folder, for desks without a mail server: a developer opens it in
/// any mail reader.
///
/// The folder is made where there is none (0700), the files are for the owner alone (0600) and named after date and
/// `Message-ID`: a mail that is sent again replaces its own file. A file is there whole or not at all; after a crash there may be
/// an unfinished one with a name that begins with a dot and ends in `.tmp`. Nothing is ever deleted: whoever sets the
/// folder up empties it.
#[derive(Clone, Debug)]
pub struct OutboxMailer {
    folder: Arc<Path>,
}

impl OutboxMailer {
    /// A mailer that writes into this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into().into() }
    }
}

#[async_trait]
impl Mailer for OutboxMailer {
    async fn send(&self, mail: &Mail) -> Result<String, MailError> {
        let bytes = Parcel::new(mail)?.bytes;
        let (folder, name) = (Arc::clone(&self.folder), file_name(mail));
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes).map(|()| name)).await;
        let written = written.unwrap_or_else(|error| Err(io::Error::other(error)));
        match written {
            Ok(name) => Ok(format!("written to {name}")),
            Err(error) => Err(MailError::Later(format!("the outbox can't be written: {error}"))),
        }
    }
}

/// Date, what can be shown of the id, and a digest of it, since two ids may look alike once it is cut and cleaned.
fn file_name(mail: &Mail) -> String {
    let date = mail.date.format("%Y%m%dT%H%M%SZ");
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    let id: String = mail.message_id.chars().map(|c| if is_safe(c) { c } else { '_' }).take(ID_SHOWN).collect();
    let digest = Sha256::digest(&mail.message_id);
    let digest = digest.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    format!("{date}-{id}-{digest}.eml")
}

/// Puts a whole file into the folder, so that it stays there.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    make_folder(folder)?;
    // Two may be at the same mail at once.
    let unfinished = folder.join(format!(".{name}.{:016x}.tmp", RandomState::new().hash_one(name)));
    let done = fill(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, folder.join(name)));
    if done.is_err() {
        // What is left is said by its name to be unfinished; the first error is the one to tell.
        let _ = fs::remove_file(&unfinished);
    }
    done?;
    File::open(folder)?.sync_all()
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
