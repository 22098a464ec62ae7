//! How the store connects.

use super::failure::in_read;
use sqlx::postgres::PgConnectOptions;
use std::str::FromStr;
use std::time::Duration;
use ticketing_core::port::StoreResult;

/// Parameters of an address that the driver knows; besides these, `options[NAME]`.
const PARAMETERS: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// Reads a database's address. A parameter that nobody knows is left out, and the log has its name:
/// the driver would log its value too, which may be a password under a mistyped name.
pub(super) fn read_address(url: &str) -> StoreResult<PgConnectOptions> {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    // Where a password has a question mark in it this is no address, and no part of it is a name.
    PgConnectOptions::from_str(address).map_err(in_read)?;
    let (known, unknown) = sort_parameters(parameters);
    for name in unknown {
        tracing::warn!(parameter = name, "the database's address has a parameter that nobody knows; it is ignored");
    }
    PgConnectOptions::from_str(&format!("{address}?{}", known.join("&"))).map_err(in_read)
}

/// The parameters that the driver knows, whole, and the names of the others.
fn sort_parameters(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for parameter in text.split('&').filter(|parameter| !parameter.is_empty()) {
        let name = parameter.split_once('=').map_or(parameter, |(name, _)| name);
        let plain = name.replace("%5B", "[").replace("%5b", "[");
        if PARAMETERS.contains(&name) || plain.starts_with("options[") {
            known.push(parameter);
        } else {
            // What does not look like a name may be a piece of something else.
            let is_name = parameter.contains('=') && name.bytes().all(|b| b.is_ascii_lowercase() || b"_-".contains(&b));
            unknown.push(if is_name { name } else { "(unnamed)" });
        }
    }
    (known, unknown)
}

/// How many connections a desk holds and how long it waits for the database.
#[derive(Clone, Debug)]
pub struct PgOptions {
    /// The most connections to hold. Half of them serve reads and half commits, so a burst of lists
    /// can't keep commits waiting; of an odd number, reads have one more. A single one serves both in
    /// turn. Besides these, a store whose workers listen for work from other processes holds one to listen on,
    /// and migrating opens one for as long as it takes.
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

    /// A bus, whose connection the server's own lists tell from the store's.
    pub(super) fn for_bus(&self, connect: &PgConnectOptions) -> PgConnectOptions {
        let common = self.common(connect);
        let name = common.get_application_name().map(|name| format!("{name} bus")).unwrap_or_default();
        common.application_name(&name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_unknown_parameter_only_the_name_is_kept() {
        let text = "sslmode=require&pasword=canary&options[jit]=on&canary&Canary=1&&host=/run/pg&channel_binding=x";
        let (known, unknown) = sort_parameters(text);
        assert_eq!(known, ["sslmode=require", "options[jit]=on", "host=/run/pg"]);
        assert_eq!(unknown, ["pasword", "(unnamed)", "(unnamed)", "channel_binding"]);
    }

    #[test]
    fn an_address_is_read_as_the_driver_reads_it() {
        let read = read_address("postgres://u:p@h:5433/d?application_name=x&pasword=canary#y").unwrap();
        assert_eq!((read.get_host(), read.get_port(), read.get_username()), ("h", 5433, "u"));
        assert_eq!((read.get_database(), read.get_application_name()), (Some("d"), Some("x")));
        assert!(read_address("postgres://u:pa?word@h/d").is_err());
        assert!(read_address("postgres://h/d").is_ok() && read_address("postgres://h/d?sslmode=nonsense").is_err());
    }
}
