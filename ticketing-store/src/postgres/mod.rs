//! A desk's data in PostgreSQL.
//!
//! [`PgStore`] owns its connections. [`PgJoined`] is the same store inside of a transaction that the
//! embedding application holds, so that a ticket and the application's own row are both kept or
//! neither. Both read through the same functions, which know nothing of where their connection comes
//! from, and both commit through the same single statement.
//!
//! ```no_run
//! # async fn example() -> Result<(), ticketing_core::port::StoreError> {
//! use ticketing_store::{PgOptions, PgStore};
//!
//! let store = PgStore::connect("postgres://desk@localhost/desk", PgOptions::default()).await?;
//! store.migrate().await?;
//! # Ok(())
//! # }
//! ```

mod activity;
mod attachment;
mod bus;
mod canned;
mod comment;
mod commit;
mod connect;
mod count;
mod failure;
mod inbound;
mod joined;
mod link;
mod migrate;
mod notification;
mod people;
mod queue;
mod report;
mod routing;
mod rows;
mod scope;
mod seal;
mod setting;
mod shelf;
mod source;
mod store;
mod ticket;
mod time;
mod timer;
mod workflow;

pub use bus::PgBus;
pub use connect::PgOptions;
pub use joined::{InJoined, Receipt, ReleaseError};
pub use source::{Pg, Pooled};

/// A desk's data in PostgreSQL, over connections of its own. Cheap to clone.
pub type PgStore = Pg<Pooled>;

/// The store inside of a transaction that the embedding application holds. Cheap to clone.
pub type PgJoined = Pg<InJoined>;

/// A limit as PostgreSQL takes it.
fn up_to(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
