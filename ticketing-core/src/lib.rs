//! A help desk's core: tickets, people, rules and time.
//!
//! Nothing here knows a database, mail or HTTP. An application brings a [`port::Store`] and calls
//! [`desk::Desk`]; every change, wherever it comes from, is one call of it and one
//! [`changes::Changes`] that the store applies whole or not at all.

pub mod access;
pub mod calendar;
pub mod canned;
pub mod changes;
pub mod condition;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod decimal;
pub mod demo;
pub mod desk;
pub mod error;
pub mod event;
pub mod field_code;
pub mod fold;
pub mod ids;
pub mod input;
pub mod mail;
pub mod memory;
pub mod milestone;
pub mod model;
pub mod network;
pub mod port;
pub mod query;
pub mod report;
pub mod routing;
pub mod scenario;
pub mod setting;
pub mod sla;
pub mod template;
pub mod ticket;
pub mod time;
pub mod timer;
pub mod vault;
pub mod webhook;
pub mod workflow;

pub use access::{Actor, Call, Origin, Scope};
pub use desk::Desk;
pub use error::{Error, FieldError};
pub use field_code::FieldCode;
pub use ids::*;
pub use network::{Network, NotANetwork};
