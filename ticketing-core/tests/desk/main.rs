//! The desk's use cases, on the in-memory store with a clock that stands still.

mod audit;
mod comment;
mod house;
mod people;
mod session;
mod team;
mod ticket;
