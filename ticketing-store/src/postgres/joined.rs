//! The store inside of the embedding application's own transaction.

use super::commit::apply;
use super::failure::{in_read, unavailable};
use super::source::{Lease, Pg, Source};
use async_trait::async_trait;
use sqlx::{PgConnection, Postgres, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::port::{StoreError, StoreResult};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// What a joined store wrote, for whoever tells the world once the transaction is committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The answer of each commit that was applied, in their order.
    pub committed: Vec<Committed>,
}

/// Why a joined store did not give its transaction back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// A call is still under way, perhaps one whose caller gave up. Wait for it and ask again.
    #[error("a call of the desk is still using the transaction")]
    Busy,
    /// It was given back before.
    #[error("the transaction was released before")]
    Released,
}

/// The connection of a transaction that the application began and will end.
#[derive(Clone)]
pub struct InJoined {
    held: Arc<Mutex<Held>>,
}

struct Held {
    transaction: Option<Transaction<'static, Postgres>>,
    receipt: Receipt,
}

impl Pg<InJoined> {
    /// Takes the transaction for as long as the desk is to work in it. Everything that the desk does
    /// through this store becomes true with the transaction or not at all; a change that the store
    /// refuses leaves the transaction as it was before. The transaction should be `READ COMMITTED`,
    /// as it is unless asked for otherwise, and short: readers of the event log wait for its end.
    pub fn new(transaction: Transaction<'static, Postgres>) -> Self {
        let held = Held { transaction: Some(transaction), receipt: Receipt::default() };
        Self { source: InJoined { held: Arc::new(Mutex::new(held)) } }
    }

    /// Gives the transaction back, for the application to commit or roll back. Clones of this store
    /// that are still around answer that they are unavailable.
    pub fn release(&self) -> Result<(Transaction<'static, Postgres>, Receipt), ReleaseError> {
        let mut held = self.source.held.try_lock().map_err(|_| ReleaseError::Busy)?;
        let transaction = held.transaction.take().ok_or(ReleaseError::Released)?;
        Ok((transaction, std::mem::take(&mut held.receipt)))
    }
}

impl InJoined {
    async fn enter(&self) -> StoreResult<Entered> {
        let held = Arc::clone(&self.held).lock_owned().await;
        if held.transaction.is_none() {
            return Err(unavailable(ReleaseError::Released));
        }
        Ok(Entered(held))
    }
}

#[async_trait]
impl Source for InJoined {
    type Lease = Entered;

    async fn lease(&self) -> StoreResult<Entered> {
        self.enter().await
    }

    const COMMITS: bool = false;

    async fn lease_to_write(&self) -> StoreResult<Entered> {
        self.enter().await
    }

    /// There is nothing to tell before the transaction is committed, and only its owner knows when.
    fn ring(&self) {}

    async fn rung(&self) {
        std::future::pending::<()>().await;
    }

    /// In a savepoint, so that a change that is refused can be decided again in the same transaction.
    async fn commit(&self, changes: Changes) -> StoreResult<Committed> {
        let mut entered = self.enter().await?;
        simple(&mut entered, "SAVEPOINT desk_change").await?;
        let outcome = apply(&mut entered, &changes).await.and_then(|answer| answer.map_err(in_read));
        match outcome {
            Ok(committed) => {
                simple(&mut entered, "RELEASE SAVEPOINT desk_change").await?;
                entered.0.receipt.committed.push(committed.clone());
                Ok(committed)
            }
            Err(refused) => {
                simple(&mut entered, "ROLLBACK TO SAVEPOINT desk_change; RELEASE SAVEPOINT desk_change").await?;
                Err(refused)
            }
        }
    }
}

async fn simple(connection: &mut PgConnection, sql: &'static str) -> StoreResult<()> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop).map_err(in_read)
}

/// The transaction's connection, while one call uses it.
pub struct Entered(OwnedMutexGuard<Held>);

impl Lease for Entered {
    fn finish<T>(self, outcome: Result<T, StoreError>) -> StoreResult<T> {
        outcome
    }
}

impl Deref for Entered {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match &self.0.transaction {
            Some(transaction) => transaction,
            None => unreachable!("nobody can release the transaction while a call has it locked"),
        }
    }
}

impl DerefMut for Entered {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match &mut self.0.transaction {
            Some(transaction) => transaction,
            None => unreachable!("nobody can release the transaction while a call has it locked"),
        }
    }
}
