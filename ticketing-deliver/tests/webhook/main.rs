//! Calls to endpoints of the test's own: what is called and what is not, what is sent, what is made of an answer.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod answer;
mod environment;
mod forbidden;
mod redirect;
mod request;
mod support;
