//! stub

pub mod arbitrary;
