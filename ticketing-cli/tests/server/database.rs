//! PostgreSQL for a test: a database of its own, or a cluster of its own that it may stop and start.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database that is dropped in the end.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// A new database of the cluster that `TEST_DATABASE_URL` names.
    pub fn create() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the test's own setting, not the desk's")]
        let server = std::env::var("TEST_DATABASE_URL").unwrap_or_else(|_| {
            panic!("TEST_DATABASE_URL is not set: it names a PostgreSQL role that may create databases; scripts/test makes one")
        });
        Self::create_in(&server)
    }

    /// A new database of this cluster.
    pub fn create_in(server: &str) -> Self {
        let name = format!("black_box_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        query(server, &format!("CREATE DATABASE {name}"));
        Self { server: server.to_owned(), name }
    }

    /// Its address.
    pub fn url(&self) -> String {
        with_database(&self.server, &self.name)
    }

    /// Asks the database itself and gives its rows, one a line.
    pub fn query(&self, sql: &str) -> String {
        query(&self.url(), sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A cluster that was stopped meanwhile took the database with it.
        let _ = psql(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// The same address with another database in it.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = address.rsplit_once('/').expect("an address with a database");
    format!("{server}/{name}?{options}")
}

fn psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .output()
        .map_err(|error| format!("psql: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn query(url: &str, sql: &str) -> String {
    psql(url, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// A cluster that the test may stop and start.
pub struct Cluster {
    folder: TempDir,
    url: String,
}

impl Cluster {
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = cluster("start", folder.path(), &["-c", "fsync=off"]);
        Self { folder, url }
    }

    pub fn database(&self) -> Database {
        Database::create_in(&self.url)
    }

    /// Stops it at once, as a crash would.
    pub fn halt(&self) {
        cluster("halt", self.folder.path(), &[]);
    }

    pub fn resume(&self) {
        cluster("resume", self.folder.path(), &[]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        cluster("stop", self.folder.path(), &[]);
    }
}

fn cluster(verb: &str, folder: &Path, settings: &[&str]) -> String {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scripts/cluster");
    let output = Command::new(&script).arg(verb).arg(folder).args(settings).output().expect("scripts/cluster");
    assert!(output.status.success(), "scripts/cluster {verb}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
