//! Mail that comes in, in the shapes that programs in use give it, and in shapes that nobody's program does.

#![cfg(feature = "inbound")]

mod bomb;
mod shape;
mod table;
