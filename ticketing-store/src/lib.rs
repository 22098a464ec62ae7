//! The desk's stores: the ports of the core over SQL databases.

mod condition;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "postgres")]
mod row;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod sla;
#[cfg(feature = "sqlite")]
pub mod sqlite;

#[cfg(feature = "postgres")]
pub use postgres::{PgJoined, PgOptions, PgStore, Receipt};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore};
