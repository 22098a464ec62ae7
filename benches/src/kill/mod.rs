//! The proof that an answered write is never lost: the server is killed again and again under
//! writing clients, and everything that it had answered is looked for afterwards.

pub mod ledger;
pub mod verify;
pub mod write;

pub use ledger::{Ledger, Post};
pub use verify::{Tally, verify};
pub use write::{create, repeat_unanswered, write_until_killed};
