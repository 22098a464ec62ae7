//! The desk's stores: the ports of the core over SQL databases.

mod condition;
#[cfg(feature = "sqlite")]
pub mod sqlite;
