//! Files and mails in a local folder, each under its SHA-256 in `ab/cd/abcd…`.

use async_trait::async_trait;
use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, PutOptions};
use std::error::Error;
use std::fs::{DirBuilder, File, read_dir};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::model::BlobKey;
use ticketing_core::port::{BlobError, BlobStore};
use tokio::task::spawn_blocking;

/// What was begun so long ago is never finished any more.
const ABANDONED: Duration = Duration::from_hours(24);

/// What [`BlobStore::ping`] writes and takes away again.
const PROBE: &str = ".probe";

/// A folder of this machine, or one that it shares with others. Its owner alone may enter it.
///
/// What is kept is on the disk, and its name too, before that is answered. Bytes are written beside their place and
/// moved there whole, so whoever looks finds all of them or nothing.
#[derive(Clone, Debug)]
pub struct FolderBlobs {
    store: Arc<LocalFileSystem>,
    root: PathBuf,
}

impl FolderBlobs {
    /// The folder, made where it is not there. What other processes began to write more than a day ago and never
    /// finished is removed in the background.
    pub async fn open(root: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let root = root.into();
        let made = in_background(move || make_private(&root)).await?;
        let store = LocalFileSystem::new_with_prefix(&made).map_err(failed)?.with_fsync(true);
        let root = made.clone();
        // Nobody waits for its end: a folder may hold millions of files, and the walk goes through all of them.
        drop(spawn_blocking(move || {
            let removed = sweep(&made);
            if removed > 0 {
                tracing::info!(removed, "removed what was never written to its end");
            }
        }));
        Ok(Self { store: Arc::new(store), root })
    }

    fn path(&self, key: BlobKey) -> PathBuf {
        self.root.join(place(key).as_ref())
    }
}

#[async_trait]
impl BlobStore for FolderBlobs {
    async fn put(&self, key: BlobKey, bytes: Bytes) -> Result<(), BlobError> {
        let (path, root, size) = (self.path(key), self.root.clone(), bytes.len());
        if in_background(move || is_kept(&path, &root, size)).await? {
            return Ok(());
        }
        let put = self.store.put_opts(&place(key), bytes.into(), PutOptions::default()).await;
        put.map(drop).map_err(failed)
    }

    async fn get(&self, key: BlobKey) -> Result<Option<Bytes>, BlobError> {
        let found = match self.store.get_opts(&place(key), GetOptions::default()).await {
            Ok(found) => found.bytes().await.map_err(failed)?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        in_background(move || Ok((BlobKey::of(&found) == key).then_some(found)))
            .await?
            .map_or(Err(BlobError::Corrupt(key)), |found| Ok(Some(found)))
    }

    async fn delete(&self, key: BlobKey) -> Result<(), BlobError> {
        match self.store.delete(&place(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    async fn ping(&self) -> Result<(), BlobError> {
        let probe = self.root.join(PROBE);
        in_background(move || {
            File::create(&probe)?.write_all(b"?")?;
            or_absent(std::fs::remove_file(&probe)).map(drop)
        })
        .await
    }
}

/// Where bytes lie. Two levels of folders keep each of them small.
fn place(key: BlobKey) -> Place {
    let name = key.to_string();
    Place::from_iter([&name[..2], &name[2..4], name.as_str()])
}

/// Makes the folder where it is not there, for its owner's eyes only, and answers its full name.
fn make_private(root: &Path) -> io::Result<PathBuf> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(root)?;
    let root = root.canonicalize()?;
    if let Some(parent) = root.parent() {
        sync(parent)?;
    }
    Ok(root)
}

/// Whether so many bytes lie there already, durably by now: whoever has put them may have been killed before it was.
fn is_kept(path: &Path, root: &Path, size: usize) -> io::Result<bool> {
    let Some(file) = or_absent(File::open(path))? else { return Ok(false) };
    if usize::try_from(file.metadata()?.len()).ok() != Some(size) {
        return Ok(false);
    }
    file.sync_all()?;
    for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(root)) {
        sync(folder)?;
    }
    Ok(true)
}

/// Makes what stands in a folder durable, where a system knows of such a thing.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes what was begun long ago, and answers how much that was. What can't be looked at or removed stays.
fn sweep(root: &Path) -> usize {
    let folders = |path: &Path| read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = folders(root)
        .flat_map(|outer| folders(&outer).collect::<Vec<_>>())
        .flat_map(|inner| read_dir(inner).into_iter().flatten().flatten());
    let begun = files.filter(|entry| is_begun(&entry.file_name().to_string_lossy()));
    let is_old = |entry: &std::fs::DirEntry| {
        let since = entry.metadata().and_then(|known| known.modified()).ok().and_then(|at| at.elapsed().ok());
        since.is_some_and(|since| since > ABANDONED)
    };
    begun.filter(is_old).filter(|entry| std::fs::remove_file(entry.path()).is_ok()).count()
}

/// Whether a file of this name is what `object_store` writes before it moves it to its place.
fn is_begun(name: &str) -> bool {
    name.split_once('#').is_some_and(|(key, _)| key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn or_absent<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, BlobError> {
    let done = spawn_blocking(work).await.map_err(|error| BlobError::Unavailable(error.into()))?;
    done.map_err(failed)
}

/// What a failure means. The cause lies somewhere below what is told.
fn failed(error: impl Error + Send + Sync + 'static) -> BlobError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(known) = cause {
        let io = known.downcast_ref::<io::Error>();
        if io.is_some_and(|io| matches!(io.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)) {
            return BlobError::Full;
        }
        // One that stands for another one names the cause of that as its own, and leaves it out itself.
        let inner = io.and_then(io::Error::get_ref).map(|inner| inner as &(dyn Error + 'static));
        cause = inner.or_else(|| known.source());
    }
    BlobError::Unavailable(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_one_that_does_not_answer() {
        let wrapped = |kind: ErrorKind| object_store::Error::Generic {
            store: "LocalFileSystem",
            source: Box::new(io::Error::other(io::Error::from(kind))),
        };
        for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
            assert!(matches!(failed(io::Error::from(kind)), BlobError::Full));
            assert!(matches!(failed(wrapped(kind)), BlobError::Full));
        }
        for kind in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem] {
            assert!(matches!(failed(wrapped(kind)), BlobError::Unavailable(_)));
        }
    }

    #[test]
    fn a_file_that_is_begun_is_told_from_one_that_is_whole() {
        let key = BlobKey::of(b"x").to_string();
        assert!(is_begun(&format!("{key}#1")) && is_begun(&format!("{key}#27")));
        for other in [key.as_str(), "notes#1", PROBE, ""] {
            assert!(!is_begun(other), "{other}");
        }
    }
}
