//! The desk's use cases, on the in-memory store with a clock that stands still.

// A test's own helpers fail a test as well as the test itself would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::needless_pass_by_value)]

mod api_key;
mod attachment;
mod audit;
mod calendar;
mod canned;
mod comment;
mod credential;
mod custom_field;
mod custom_field_form;
mod erase;
mod house;
mod import;
mod import_fields;
mod import_past;
mod inbound;
mod join;
mod macros;
mod mail;
mod merge;
mod notification;
mod password;
mod people;
mod rule;
mod saved_view;
mod session;
mod setting;
mod signal;
mod sla_report;
mod team;
mod team_report;
mod ticket;
mod time;
mod transfer;
mod webhook;
mod webhook_delivery;
mod webhook_replay;
mod work;
mod workflow;
mod workflow_trial;
