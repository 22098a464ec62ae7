//! Rules by example, and what holds for all of them.

#![allow(
    clippy::needless_pass_by_value,
    clippy::large_stack_arrays,
    clippy::match_same_arms,
    reason = "tables of cases, and json! makes values to hand over"
)]

mod action;
mod condition;
mod field;
mod house;
mod limit;
#[cfg(feature = "conformance")]
mod person;
#[cfg(feature = "conformance")]
mod property;
mod round;
mod save;
mod trigger;
