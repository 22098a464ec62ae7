//! The language by example.

mod evaluate;
mod parse;
mod table;
