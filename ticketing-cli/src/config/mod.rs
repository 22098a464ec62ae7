//! What is set: read once, checked as a whole, told apart by name where something is wrong.

mod parse;
mod secret;
mod setting;
mod source;

pub use parse::LmtpAddress;
pub use secret::{Secret, made, made_at};
pub use setting::{LogFormat, SETTINGS, Settings, Stage};
pub use source::{BadSetting, Origin, Sources, Values};

use std::path::{Path, PathBuf};
use ticketing_core::port::IdSource;

/// Everything the program was told.
pub struct Config {
    /// The values.
    pub settings: Settings,
    /// Where tickets are kept.
    pub database: Database,
    values: Values,
}

/// Where tickets are kept.
pub enum Database {
    /// In a file of this machine.
    Sqlite(PathBuf),
    /// In a PostgreSQL database at this address.
    Postgres(Secret),
}

impl Config {
    /// Reads and checks everything; stops at the first thing that is wrong.
    pub fn load(sources: &Sources<'_>) -> Result<Self, BadSetting> {
        let values = Values::gather(sources)?;
        let settings = Settings::read(&values)?;
        let database = database(&settings, &values)?;
        if settings.admin_email.is_some() != settings.admin_password.is_some() {
            let (missing, given) = match settings.admin_email {
                Some(_) => ("ADMIN_PASSWORD", "ADMIN_EMAIL"),
                None => ("ADMIN_EMAIL", "ADMIN_PASSWORD"),
            };
            return Err(BadSetting::new(missing, format!("is missing, {given} is set")));
        }
        if settings.smtp_user.is_some() != settings.smtp_password.is_some() {
            let (missing, given) = match settings.smtp_user {
                Some(_) => ("SMTP_PASSWORD", "SMTP_USER"),
                None => ("SMTP_USER", "SMTP_PASSWORD"),
            };
            return Err(BadSetting::new(missing, format!("is missing, {given} is set")));
        }
        let config = Self { settings, database, values };
        if config.is_production() {
            config.refuse_weak_secrets()?;
        }
        Ok(config)
    }

    /// Whether people depend on this desk.
    pub fn is_production(&self) -> bool {
        self.settings.stage == Stage::Production
    }

    /// Where a setting's value came from; `None` where the default holds.
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.values.origin(name)
    }

    fn refuse_weak_secrets(&self) -> Result<(), BadSetting> {
        let known = [
            ("JWT_SECRET", self.settings.jwt_secret.as_ref().and_then(Secret::weakness_in_list)),
            ("AUDIT_KEY", self.settings.audit_key.as_ref().and_then(Secret::weakness)),
            ("SECRETS_KEY", self.settings.secrets_key.as_ref().and_then(Secret::weakness_in_list)),
        ];
        for (name, weakness) in known {
            if let Some(weakness) = weakness {
                return Err(BadSetting::new(name, format!("{weakness}; TICKETING_ENV=production refuses it")));
            }
        }
        if self.settings.jwt_secret.is_none() {
            return Err(BadSetting::new("JWT_SECRET", "is missing; TICKETING_ENV=production makes none up"));
        }
        Ok(())
    }

    /// The name of the setting that says which PostgreSQL database.
    pub fn database_setting(&self) -> &'static str {
        if self.settings.database_url.is_some() { "DATABASE_URL" } else { "DB_HOST" }
    }

    /// The secret that signs access tokens; made in the data folder where none is set.
    pub fn jwt_secret(&self, ids: &dyn IdSource) -> Result<Secret, BadSetting> {
        self.own_or_made("JWT_SECRET", self.settings.jwt_secret.as_ref(), ids)
    }

    /// The secret that seals the audit log; made in the data folder where none is set.
    pub fn audit_secret(&self, ids: &dyn IdSource) -> Result<Secret, BadSetting> {
        self.own_or_made("AUDIT_KEY", self.settings.audit_key.as_ref(), ids)
    }

    /// The secret that encrypts other secrets; made in the data folder where none is set.
    pub fn secrets_key(&self, ids: &dyn IdSource) -> Result<Secret, BadSetting> {
        self.own_or_made("SECRETS_KEY", self.settings.secrets_key.as_ref(), ids)
    }

    fn own_or_made(&self, name: &str, own: Option<&Secret>, ids: &dyn IdSource) -> Result<Secret, BadSetting> {
        match own {
            Some(secret) => Ok(secret.clone()),
            None => made(self.data_dir(), name, ids),
        }
    }

    /// The folder for what the program keeps itself.
    pub fn data_dir(&self) -> &Path {
        &self.settings.data_dir
    }
}

fn database(settings: &Settings, values: &Values) -> Result<Database, BadSetting> {
    if let Some(url) = &settings.database_url {
        return Ok(Database::Postgres(url.clone()));
    }
    if let Some(host) = &settings.db_host {
        return Ok(Database::Postgres(address(host, settings)));
    }
    // Somebody who names a database but no server would otherwise work on a file without noticing.
    for name in ["DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD"] {
        if values.origin(name).is_some() {
            return Err(BadSetting::new("DB_HOST", format!("is missing, {name} is set")));
        }
    }
    Ok(Database::Sqlite(settings.data_dir.join("ticketing.db")))
}

fn address(host: &str, settings: &Settings) -> Secret {
    let password = settings.db_password.as_ref().map(|p| format!(":{}", encoded(p.expose()))).unwrap_or_default();
    let user = encoded(&settings.db_user);
    let (port, name) = (settings.db_port, encoded(&settings.db_name));
    Secret::new(if host.starts_with('/') {
        format!("postgres://{user}{password}@localhost:{port}/{name}?host={}", encoded(host))
    } else if host.contains(':') {
        format!("postgres://{user}{password}@[{host}]:{port}/{name}")
    } else {
        format!("postgres://{user}{password}@{host}:{port}/{name}")
    })
}

/// The text as one part of an address (RFC 3986: everything but unreserved characters is escaped).
fn encoded(text: &str) -> String {
    let part = |byte: u8| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::ffi::OsString;

    fn load(environment: &[(&str, &str)]) -> Result<Config, BadSetting> {
        let environment =
            environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("empty.toml");
        std::fs::write(&file, "").unwrap();
        Config::load(&Sources { flags: &BTreeMap::new(), environment, file: Some(&file) })
    }

    fn address_of(environment: &[(&str, &str)]) -> String {
        match load(environment).map(|config| config.database) {
            Ok(Database::Postgres(url)) => url.expose().to_owned(),
            Ok(Database::Sqlite(path)) => path.display().to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_database_has_an_address_whatever_its_password() {
        assert_eq!(address_of(&[("DATA_DIR", "/var/desk")]), "/var/desk/ticketing.db");
        let parts = [("DB_HOST", "db.example"), ("DB_USER", "a b"), ("DB_PASSWORD", "p@ss/wörd:?#")];
        assert_eq!(address_of(&parts), "postgres://a%20b:p%40ss%2Fw%C3%B6rd%3A%3F%23@db.example:5432/ticketing");
        assert_eq!(
            address_of(&[("DB_HOST", "/run/pg"), ("DB_NAME", "d")]),
            "postgres://ticketing@localhost:5432/d?host=%2Frun%2Fpg"
        );
        assert_eq!(address_of(&[("DB_HOST", "::1")]), "postgres://ticketing@[::1]:5432/ticketing");
        assert_eq!(address_of(&[("DB_HOST", "x"), ("DATABASE_URL", "postgres://h/d")]), "postgres://h/d");
        assert_eq!(address_of(&[("DB_NAME", "d")]), "DB_HOST: is missing, DB_NAME is set");
    }
}
