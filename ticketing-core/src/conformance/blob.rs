//! What any place for bytes must do. [`run_blobs`] panics where a rule is broken.

use crate::model::BlobKey;
use crate::port::BlobStore;
use bytes::Bytes;
use futures::future::join_all;
use std::sync::Arc;

/// Holds a place for bytes to every rule. It should be empty, and has kept something when this is done.
///
/// # Panics
/// Where it fails, or breaks a rule.
pub async fn run_blobs(store: &Arc<dyn BlobStore>) {
    store.ping().await.expect("it is there");
    what_is_put_is_had(store.as_ref()).await;
    equal_bytes_are_one(store.as_ref()).await;
    what_is_deleted_is_gone(store.as_ref()).await;
    many_at_once_do_not_meet(store).await;
    store.ping().await.expect("it is still there");
}

fn bytes(seed: u8, size: usize) -> Bytes {
    // Every byte value comes up, so that nothing passes for text.
    (0..size).map(|n| u8::try_from(n % 251).unwrap_or_default() ^ seed).collect::<Vec<u8>>().into()
}

async fn put(store: &dyn BlobStore, bytes: &Bytes) -> BlobKey {
    let key = BlobKey::of(bytes);
    store.put(key, bytes.clone()).await.expect("bytes are kept");
    key
}

async fn had(store: &dyn BlobStore, key: BlobKey) -> Option<Bytes> {
    store.get(key).await.expect("bytes are had")
}

async fn what_is_put_is_had(store: &dyn BlobStore) {
    for size in [0, 1, 4_096, 3_000_001] {
        let bytes = bytes(1, size);
        let key = BlobKey::of(&bytes);
        assert_eq!(had(store, key).await, None, "{size} bytes before they are kept");
        put(store, &bytes).await;
        assert!(had(store, key).await == Some(bytes), "{size} bytes are had as they were given");
    }
}

async fn equal_bytes_are_one(store: &dyn BlobStore) {
    let (once, other) = (bytes(2, 5_000), bytes(3, 5_000));
    let key = put(store, &once).await;
    let other_key = put(store, &other).await;
    put(store, &once).await;
    assert!(had(store, key).await == Some(once));
    assert!(had(store, other_key).await == Some(other));
    store.delete(key).await.expect("they are forgotten");
    assert_eq!(had(store, key).await, None, "they were kept once");
}

async fn what_is_deleted_is_gone(store: &dyn BlobStore) {
    let (gone, kept) = (bytes(4, 100), bytes(5, 100));
    let (key, kept_key) = (put(store, &gone).await, put(store, &kept).await);
    for _ in 0..2 {
        store.delete(key).await.expect("they are forgotten, or were");
        assert_eq!(had(store, key).await, None);
    }
    assert!(had(store, kept_key).await == Some(kept), "nothing else went");
    put(store, &gone).await;
    assert!(had(store, key).await == Some(gone), "they can be kept again");
}

async fn many_at_once_do_not_meet(store: &Arc<dyn BlobStore>) {
    // Of each four, two put the same and two read it.
    let work = (0..64).map(|n: u8| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let bytes = bytes(64 + n / 4, 20_000);
            let key = BlobKey::of(&bytes);
            if n % 4 < 2 {
                put(store.as_ref(), &bytes).await;
                assert!(had(store.as_ref(), key).await == Some(bytes), "it is there once it is answered");
            } else {
                assert!(had(store.as_ref(), key).await.is_none_or(|had| had == bytes), "all of it or nothing");
            }
        })
    });
    for done in join_all(work).await {
        done.expect("each is on its own");
    }
}
