//! Rules by example, and what holds for all of them.

mod action;
mod condition;
mod field;
mod house;
mod limit;
#[cfg(feature = "conformance")]
mod property;
mod round;
mod save;
mod trigger;
