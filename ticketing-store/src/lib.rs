//! The desk's stores.

mod condition;
#[cfg(feature = "sqlite")]
pub mod sqlite;
