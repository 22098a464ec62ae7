//! How the store connects.

use sqlx::postgres::PgConnectOptions;
use std::time::Duration;

/// How many connections a desk holds and how long it waits for the database.
#[derive(Clone, Debug)]
pub struct PgOptions {
    /// The most connections to hold. Half of them serve reads and half commits, so a burst of lists
    /// can't keep commits waiting; of an odd number, reads have one more. A single one serves both in
    /// turn. Migrating opens one besides for as long as it takes.
    pub pool_size: u32,
    /// How long a call waits for a connection before it answers that the store is unavailable.
    pub acquire_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// How long a commit whose connection broke keeps asking whether it has landed before it answers
    /// that nobody knows.
    pub recovery_timeout: Duration,
}

impl Default for PgOptions {
    fn default() -> Self {
        Self {
            pool_size: 20,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            recovery_timeout: Duration::from_secs(5),
        }
    }
}

impl PgOptions {
    /// How many connections serve reads and how many serve commits; none of their own where one has
    /// to do for both.
    pub(super) fn shares(&self) -> (usize, Option<usize>) {
        let size = usize::try_from(self.pool_size).unwrap_or(usize::MAX);
        (size.div_ceil(2).max(1), (size > 1).then_some(size / 2))
    }

    /// Reads: plans are chosen for the values that are asked for, since statuses and customers are
    /// anything but equally frequent.
    pub(super) fn for_reads(&self, connect: &PgConnectOptions) -> PgConnectOptions {
        self.common(connect)
    }

    /// Commits: there is one sensible plan for each of their few statements, and planning would cost
    /// more than running them.
    pub(super) fn for_commits(&self, connect: &PgConnectOptions) -> PgConnectOptions {
        self.common(connect).statement_cache_capacity(256).options([("plan_cache_mode", "force_generic_plan")])
    }

    /// Just-in-time compilation takes longer than any statement of a desk.
    fn common(&self, connect: &PgConnectOptions) -> PgConnectOptions {
        let timeout = self.statement_timeout.as_millis().to_string();
        let named = match connect.get_application_name() {
            Some(_) => connect.clone(),
            None => connect.clone().application_name("ticketing"),
        };
        named.options([
            ("statement_timeout", timeout.as_str()),
            ("idle_in_transaction_session_timeout", "60000"),
            ("jit", "off"),
        ])
    }
}
