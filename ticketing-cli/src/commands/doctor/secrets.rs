//! The data folder and the secrets. Nothing is made here, and nothing of a secret is shown.

use super::check::Check;
use crate::config::{Config, Database, Secret, made_at};
use std::fs::OpenOptions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use ticketing_core::port::{IdSource, RandomIds};

/// Whether the program can write where it keeps its own files.
pub fn data_dir(config: &Config) -> Check {
    const NAME: &str = "data folder";
    let settings = &config.settings;
    let on_postgres = matches!(config.database, Database::Postgres(_));
    let has_own = settings.jwt_secret.is_none() || settings.audit_key.is_none() || settings.upload_path.is_none();
    if on_postgres && !has_own {
        return Check::ok(NAME, "not needed: database, files and secrets are elsewhere");
    }
    let path = config.data_dir();
    if !path.exists() {
        return Check::ok(NAME, format!("{} is not there yet; it is made at the start", path.display()));
    }
    match probe(path) {
        Ok(()) => Check::ok(NAME, format!("{} can be written", path.display())),
        Err(error) => {
            Check::fail(NAME, format!("{}: {error}; let this user write there, or set DATA_DIR", path.display()))
        }
    }
}

fn probe(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{:016x}", u64::from_le_bytes(random())));
    OpenOptions::new().write(true).create_new(true).open(&path)?;
    std::fs::remove_file(path)
}

fn random() -> [u8; 8] {
    let mut bytes = [0; 8];
    RandomIds.fill(&mut bytes);
    bytes
}

/// Whether each secret keeps anybody out.
pub fn secrets(config: &Config) -> Vec<Check> {
    let settings = &config.settings;
    vec![
        secret(config, "JWT_SECRET", settings.jwt_secret.as_ref()),
        secret(config, "AUDIT_KEY", settings.audit_key.as_ref()),
        secret(config, "SECRETS_KEY", settings.secrets_key.as_ref()),
    ]
}

fn secret(config: &Config, name: &'static str, own: Option<&Secret>) -> Check {
    if let Some(secret) = own {
        let weakness = if name == "AUDIT_KEY" { secret.weakness() } else { secret.weakness_in_list() };
        return match weakness {
            Some(weakness) => Check::warn(name, format!("{weakness}; make one with: openssl rand -base64 48")),
            None => Check::ok(name, "is set"),
        };
    }
    let path = made_at(config.data_dir(), name);
    let shown = path.display();
    match path.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Check::ok(name, format!("is not set; {shown} is made at the start"))
        }
        Err(error) => Check::fail(name, format!("{shown}: {error}; let this user read it, or set {name}")),
        Ok(file) if file.permissions().mode() & 0o077 != 0 => {
            Check::warn(name, format!("others can read it: chmod 600 {shown}"))
        }
        Ok(_) => match std::fs::read_to_string(&path).map(|text| Secret::new(text.trim_end())) {
            Err(error) => Check::fail(name, format!("{shown}: {error}; let this user read it, or set {name}")),
            Ok(secret) => match secret.weakness() {
                Some(weakness) => Check::fail(name, format!("{shown} {weakness}; delete it and a new one is made")),
                None => Check::ok(name, format!("is kept in {shown}{}", sharing(config))),
            },
        },
    }
}

/// A database can have several servers, and those must agree.
fn sharing(config: &Config) -> &'static str {
    match config.database {
        Database::Postgres(_) => "; give every server of this database the same",
        Database::Sqlite(_) => "",
    }
}
