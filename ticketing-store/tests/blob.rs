//! The folder for files keeps every rule of a place for bytes, and some of its own.
#![cfg(feature = "blob")]
// What a test sets up must work; a test that can't be set up has failed.
#![allow(clippy::expect_used)]

use bytes::Bytes;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use ticketing_core::conformance::blob::run_blobs;
use ticketing_core::model::BlobKey;
use ticketing_core::port::{BlobError, BlobStore};
use ticketing_store::FolderBlobs;

const HELLO: Bytes = Bytes::from_static(b"hello");
/// The SHA-256 of these bytes, from `sha256sum`.
const HELLO_AT: &str = "2c/f2/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

async fn open(folder: &tempfile::TempDir) -> (FolderBlobs, PathBuf) {
    let root = folder.path().join("var/files");
    (FolderBlobs::open(&root).await.expect("the folder is opened"), root)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder is made")
}

/// Every file below, by its name.
fn files(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).expect("it is listed").map(|entry| entry.expect("it is listed").path());
    let mut found: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_every_rule_of_a_place_for_bytes() {
    let folder = folder();
    let (blobs, root) = open(&folder).await;
    let blobs: Arc<dyn BlobStore> = Arc::new(blobs);
    run_blobs(&blobs).await;
    let left: Vec<_> = files(&root).into_iter().filter(|path| path.file_name().is_none_or(|n| n.len() != 64)).collect();
    assert_eq!(left, Vec::<PathBuf>::new(), "nothing is left but what is kept");
}

#[tokio::test]
async fn bytes_lie_under_their_digest_and_outlive_the_process() {
    let folder = folder();
    let (blobs, root) = open(&folder).await;
    let key = BlobKey::of(&HELLO);
    blobs.put(key, HELLO).await.expect("they are kept");
    assert_eq!(files(&root), [root.join(HELLO_AT)]);
    assert_eq!(fs::read(root.join(HELLO_AT)).expect("it is read"), HELLO);
    drop(blobs);
    let (blobs, _) = open(&folder).await;
    assert_eq!(blobs.get(key).await.expect("they are had"), Some(HELLO));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_may_look() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let (_, root) = open(&folder).await;
    assert_eq!(fs::metadata(root).expect("it is there").permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn what_was_damaged_is_told_and_what_was_cut_is_put_again() {
    let folder = folder();
    let (blobs, root) = open(&folder).await;
    let key = BlobKey::of(&HELLO);
    blobs.put(key, HELLO).await.expect("they are kept");
    for damage in ["hallo", "hell", ""] {
        fs::write(root.join(HELLO_AT), damage).expect("it is damaged");
        assert!(matches!(blobs.get(key).await, Err(BlobError::Corrupt(told)) if told == key), "{damage}");
    }
    blobs.put(key, HELLO).await.expect("they are kept");
    assert_eq!(blobs.get(key).await.expect("they are had"), Some(HELLO));
}

#[tokio::test]
async fn what_can_not_be_kept_leaves_nothing() {
    let folder = folder();
    let (blobs, root) = open(&folder).await;
    // A folder in its place, so that the last step fails.
    fs::create_dir_all(root.join(HELLO_AT).join("in the way")).expect("it is made");
    let outcome = blobs.put(BlobKey::of(&HELLO), HELLO).await;
    assert!(matches!(outcome, Err(BlobError::Unavailable(_))), "{outcome:?}");
    assert_eq!(files(&root), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_folder_that_is_gone_is_not_ready() {
    let folder = folder();
    let (blobs, root) = open(&folder).await;
    blobs.ping().await.expect("it is there");
    assert_eq!(files(&root), Vec::<PathBuf>::new(), "the look leaves nothing");
    fs::remove_dir_all(&root).expect("it goes away");
    assert!(matches!(blobs.ping().await, Err(BlobError::Unavailable(_))));
}

#[test]
fn what_was_begun_long_ago_goes_when_it_is_swept_and_not_before() {
    let folder = folder();
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime");
    let root = runtime().block_on(async {
        let (blobs, root) = open(&folder).await;
        blobs.put(BlobKey::of(&HELLO), HELLO).await.expect("they are kept");
        root
    });
    let begun = |number: u32, age: Duration| {
        let path = root.join(format!("{HELLO_AT}#{number}"));
        let file = File::create(&path).expect("it is begun");
        file.set_modified(SystemTime::now() - age).expect("it is made older");
        path
    };
    let (old, new) = (begun(1, Duration::from_hours(25)), begun(2, Duration::from_hours(23)));
    let whole = File::options().write(true).open(root.join(HELLO_AT)).expect("it is there");
    whole.set_modified(SystemTime::now() - Duration::from_hours(1_000)).expect("it is made older");
    // A program that opens the folder and ends waits for no walk through it: the end of a runtime waits for all it began.
    let (blobs, _) = runtime().block_on(open(&folder));
    assert!(old.exists(), "opening it goes through nothing");
    assert_eq!(blobs.sweep(), 1);
    assert!(!old.exists());
    assert!(new.exists() && root.join(HELLO_AT).exists(), "what may still be written stays, and what is whole");
    assert_eq!(blobs.sweep(), 0);
}
