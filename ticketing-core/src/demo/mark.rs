//! The mark that a demo desk leaves in the settings, so that a fill which was interrupted can go on.

use super::DemoOptions;
use crate::changes::{Expect, Write};
use crate::port::{Store, StoreError, StoreResult};
use crate::setting::{Document, Setting};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a store's demo desk is made of, and whether all of it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoMark {
    seed: u64,
    tickets: u64,
    now: Time,
    batch: usize,
    /// Whether the last ticket is in.
    pub is_whole: bool,
}

impl Setting for DemoMark {
    const KIND: &'static str = "demo_desk";
}

impl DemoMark {
    /// There is one, under this id.
    const ID: Uuid = Uuid::nil();

    pub(super) fn new(options: &DemoOptions) -> Self {
        let DemoOptions { seed, tickets, now, batch, .. } = *options;
        Self { seed, tickets, now, batch, is_whole: false }
    }

    /// The mark of the store's demo desk, where one was begun.
    pub async fn of(store: &dyn Store) -> StoreResult<Option<Self>> {
        let documents = store.settings().await?.documents;
        let found = documents.into_iter().find(|document| document.kind == Self::KIND && document.id == Self::ID);
        let read = |document: Document| {
            serde_json::from_value(document.body)
                .map_err(|error| StoreError::Corrupt(format!("{}: {error}", Self::KIND)))
        };
        found.map(read).transpose()
    }

    /// The options that the desk was begun with, which make the same tickets again.
    pub(super) fn options(&self, options: &DemoOptions) -> DemoOptions {
        let Self { seed, tickets, now, batch, .. } = *self;
        DemoOptions { seed, tickets, now, batch, ..options.clone() }
    }

    /// The same once the last ticket is in.
    pub(super) fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    /// Its first version goes in with the desk itself, its second after the last ticket.
    pub(super) fn write(&self) -> Write {
        let (version, expect) = if self.is_whole { (2, Expect::Version(1)) } else { (1, Expect::New) };
        let document = Document {
            kind: Self::KIND.to_owned(),
            id: Self::ID,
            owner: None,
            version,
            saved_at: self.now,
            saved_by: None,
            deleted: false,
            body: serde_json::to_value(self).unwrap_or_default(),
        };
        Write::Setting { document, expect }
    }
}
