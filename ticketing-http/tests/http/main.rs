//! The wire API from outside: requests in, answers out, on a desk in memory.

mod activity;
mod auth;
mod conditional;
mod edge;
mod faults;
mod lists;
mod people;
mod problems;
mod roles;
mod socket;
mod support;
mod teams;
mod tickets;
