//! Mail that comes in, in the shapes that programs in use give it, and in shapes that nobody's program does.

#![cfg(feature = "inbound")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod bomb;
mod desk;
mod seed;
mod shape;
mod table;
