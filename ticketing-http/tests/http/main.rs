//! The wire API from outside: requests in, answers out, on a desk in memory.

// A test that can't go on says so by failing.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod activity;
mod attachments;
mod auth;
mod calendars;
mod canary;
mod canned;
mod conditional;
mod console;
mod custom_fields;
mod desk;
mod edge;
mod email_templates;
mod faults;
mod identity;
mod inbound;
mod inbound_door;
mod inbound_review;
mod jobs;
mod letter;
mod limits;
mod links;
mod lists;
mod macros;
mod notifications;
mod openapi;
mod outage;
mod people;
mod preferences;
mod problems;
mod repeat;
mod roles;
mod sla;
mod socket;
mod support;
mod teams;
mod ticket_counts;
mod tickets;
mod time_entries;
mod views;
mod webhooks;
mod workflow;
mod workflow_trials;
mod workflow_walk;
