//! Where a desk's data is kept: adapters of [`ticketing_core::port::Store`] for SQL databases.

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "postgres")]
mod row;

#[cfg(feature = "postgres")]
pub use postgres::{PgJoined, PgOptions, PgStore, Receipt};
