//! Rules: what is to happen by itself when something happens to a ticket. All pure.
//!
//! A rule is a [`crate::model::Workflow`] as it is stored, and a [`rule::Rule`] once it was read. [`engine::settle`] is
//! the one way in which rules run: inside the change that triggers them, in a dry run, and over history. Their actions are also
//! what macros do, in the name of whoever uses them ([`by_hand`]).

pub mod action;
pub mod backtest;
pub mod by_hand;
mod custom;
pub mod dry_run;
pub mod engine;
pub mod extension;
pub mod facts;
pub mod field;
pub mod index;
pub mod lint;
pub mod past;
pub mod recipient;
pub mod rule;
pub mod schedule;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod tree;
pub mod variable;
