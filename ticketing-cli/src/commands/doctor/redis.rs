//! Redis: where one is set, it lets us in.

use super::check::Check;
use crate::config::{Config, Database};
use ticketing_store::RedisBus;

const REDIS: &str = "redis";

/// Connects and signs in where a Redis is set; nothing is left there.
pub async fn check(config: &Config) -> Check {
    let Some(address) = &config.settings.redis_url else {
        let detail = match config.database {
            Database::Postgres(_) => "no REDIS_URL is set; servers tell one another by PostgreSQL",
            Database::Sqlite(_) => "no REDIS_URL is set; what one process tells stays in it",
        };
        return Check::ok(REDIS, detail);
    };
    match RedisBus::check(address.expose()).await {
        Ok(()) => Check::ok(REDIS, "it answers"),
        Err(error) => {
            let why = format!("{:#}", anyhow::Error::new(error));
            Check::fail(REDIS, format!("{why}; servers don't hear of one another meanwhile; check REDIS_URL"))
        }
    }
}
