//! The desk's stores, the ports of the core over SQL databases and a folder, and the buses among its processes.

#[cfg(feature = "blob")]
pub mod blob;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod bus;
mod condition;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "postgres")]
mod row;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod sla;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod walk;

#[cfg(feature = "redis")]
pub use self::redis::RedisBus;
#[cfg(feature = "blob")]
pub use blob::FolderBlobs;
#[cfg(feature = "postgres")]
pub use postgres::{PgBus, PgJoined, PgOptions, PgStore, Receipt};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore};
