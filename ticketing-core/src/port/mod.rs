//! What the desk needs from the outside, as traits. An adapter implements them; [`crate::memory`]
//! has an implementation of each, and [`crate::conformance`] checks any store.

mod clock;
mod id_source;
mod store;

pub use clock::{Clock, SystemClock};
pub use id_source::{IdSource, RandomIds};
pub use store::*;
