//! `ticketing doctor`: what works, what does not, and what to do about it.

mod check;
mod files;
mod mail;
mod redis;
mod secrets;
mod store;

use super::print;
use crate::args::Output;
use crate::config::{BadSetting, Config, Database, SETTINGS};
use check::{Check, State};
use std::process::ExitCode;

/// Checks everything that is configured; fails where anything that is needed does not work.
pub async fn run(config: Result<Config, BadSetting>, output: Output) -> anyhow::Result<ExitCode> {
    let checks = match config {
        Ok(config) => {
            let mut checks = vec![configuration(&config), secrets::data_dir(&config)];
            checks.extend(secrets::secrets(&config));
            checks.extend(store::checks(&config).await);
            checks.push(mail::check(&config).await);
            checks.push(files::check(&config).await);
            checks.push(files::doors(&config));
            checks.push(redis::check(&config).await);
            checks
        }
        Err(error) => vec![Check::fail("configuration", error.to_string())],
    };
    let failed = checks.iter().any(|check| check.state == State::Fail);
    if output.json {
        print(&serde_json::to_string(&serde_json::json!({ "ok": !failed, "checks": checks }))?)?;
    } else {
        for check in &checks {
            print(&check.to_string())?;
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// The configuration could be read; says which settings were given, never what they say.
fn configuration(config: &Config) -> Check {
    const NAME: &str = "configuration";
    let given: Vec<&str> = SETTINGS.iter().filter(|s| config.origin(s.name).is_some()).map(|s| s.name).collect();
    let host_too = config.origin("DB_HOST").is_some() && config.origin("DATABASE_URL").is_some();
    if host_too {
        return Check::warn(NAME, "DATABASE_URL and DB_HOST are both set and DATABASE_URL holds; take one away");
    }
    if config.is_production() && config.settings.app_url.is_none() {
        return Check::warn(NAME, "links will start with http://HOST:PORT; set APP_URL to the address that people use");
    }
    if config.is_production() && matches!(config.database, Database::Sqlite(_)) {
        return Check::ok(NAME, format!("{}; one server on SQLite", list(&given)));
    }
    Check::ok(NAME, list(&given))
}

fn list(given: &[&str]) -> String {
    if given.is_empty() { "nothing is set, the defaults hold".to_owned() } else { format!("set: {}", given.join(", ")) }
}
