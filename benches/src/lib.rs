//! Measures the running server and proves what it promises, from outside and through its own API.
//!
//! `load` sends the operations of a desk's day over keep-alive connections and sets each beside
//! the least SQL that could do the same; `kill` ends the server without warning under writing
//! clients and counts what was lost; `fill` makes the desks to measure on; `growth` compares sizes.

pub mod cell;
pub mod cluster;
pub mod kill;
pub mod operation;
pub mod pgbench;
pub mod proc;
pub mod program;
pub mod report;
pub mod sample;
pub mod wire;
