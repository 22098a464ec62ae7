//! Bytes that are kept for as long as the process runs.

use crate::model::BlobKey;
use crate::port::{BlobError, BlobStore};
use async_trait::async_trait;
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps bytes in this process, gone when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    kept: Mutex<BTreeMap<BlobKey, Bytes>>,
}

impl MemoryBlobs {
    /// A place without anything in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many different bytes are kept.
    pub fn len(&self) -> usize {
        self.kept().len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.kept().is_empty()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<BlobKey, Bytes>> {
        // Nothing panics between two steps of a change: each is one.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn put(&self, key: BlobKey, bytes: Bytes) -> Result<(), BlobError> {
        self.kept().insert(key, bytes);
        Ok(())
    }

    async fn get(&self, key: BlobKey) -> Result<Option<Bytes>, BlobError> {
        let found = self.kept().get(&key).cloned();
        match found {
            Some(bytes) if BlobKey::of(&bytes) != key => Err(BlobError::Corrupt(key)),
            found => Ok(found),
        }
    }

    async fn delete(&self, key: BlobKey) -> Result<(), BlobError> {
        self.kept().remove(&key);
        Ok(())
    }

    async fn ping(&self) -> Result<(), BlobError> {
        Ok(())
    }
}
