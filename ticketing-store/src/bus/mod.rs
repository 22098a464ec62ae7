//! Buses among processes: what PostgreSQL and Redis have in common.
//!
//! What a process tells, its own subscribers hear at once. For the others it goes through a bounded queue to a task
//! that holds the link, sends what has gathered in one message, and hears what others send. Where the link is away,
//! what is told stays in this process; the task looks for the other side again, forever, with growing pauses.

mod message;
mod relay;

pub(crate) use relay::{Line, Link, Relay};
