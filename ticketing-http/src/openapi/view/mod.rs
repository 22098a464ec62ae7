//! What routes answer, as clients read it. A test holds real answers against these.

// Nothing is ever made of these types: they only describe.
#![allow(dead_code)]
// The wire has its own names.
#![allow(clippy::struct_field_names)]

mod auth;
mod calendar;
mod canned;
mod common;
mod custom_field;
mod desk;
mod directory;
mod history;
mod import;
mod inbound;
mod job;
mod macros;
mod mail;
mod notification;
mod preference;
mod saved_view;
mod sla;
mod ticket;
mod time;
mod webhook;
mod workflow;
mod workflow_trial;

pub(crate) use auth::*;
pub(crate) use calendar::*;
pub(crate) use canned::*;
pub(crate) use common::*;
pub(crate) use custom_field::*;
pub(crate) use desk::*;
pub(crate) use directory::*;
pub(crate) use history::*;
pub(crate) use import::*;
pub(crate) use inbound::*;
pub(crate) use job::*;
pub(crate) use macros::*;
pub(crate) use mail::*;
pub(crate) use notification::*;
pub(crate) use preference::*;
pub(crate) use saved_view::*;
pub(crate) use sla::*;
pub(crate) use ticket::*;
pub(crate) use time::*;
pub(crate) use webhook::*;
pub(crate) use workflow::*;
pub(crate) use workflow_trial::*;
