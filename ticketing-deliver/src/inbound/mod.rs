//! Mail that comes in, read from its bytes.

mod read;
mod report;
#[cfg(test)]
mod tests;

pub use read::{InboundLimits, Unreadable, read};
