//! Measures the running server and proves what it promises, from outside and through its own API.
//!
//! `load` sends the operations of a desk's day over keep-alive connections and sets each beside
//! the least SQL that could do the same; `kill` ends the server without warning under writing
//! clients and counts what was lost; `promise` does the same for what has to leave the desk by mail
//! and webhook; `deliver` measures how fast and how fairly that leaves; `mail_loop` lets two desks
//! answer each other; `mail_in` sends mail into the desk: out of mailboxes while the server is
//! killed, in circles, by thousands and as bombs; `timers` looks how late promises break, and that
//! each does so once; `live` lets thousands look on by sockets; `fill` makes the desks to measure
//! on; `growth` compares sizes.

pub mod cell;
pub mod cluster;
pub mod deliver;
pub mod echo;
pub mod jobs;
pub mod kill;
pub mod live;
pub mod mail_in;
pub mod operation;
pub mod pgbench;
pub mod place;
pub mod proc;
pub mod program;
pub mod promise;
pub mod receiver;
pub mod report;
pub mod sample;
pub mod signature;
pub mod sink;
pub mod timers;
pub mod trap;
pub mod wire;
