//! The limit that the server is held to: the least SQL of the same operation, sent by pgbench in
//! the same minute to the same tables.

use crate::cell::Measured;
use crate::operation::{Corpus, Operation};
use crate::proc::family_cpu_ms;
use crate::sample::percentile;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;

/// One of this many transactions is timed: writing every one down would slow pgbench itself.
const TIMED: f64 = 0.05;

/// pgbench on the server's own database.
pub struct Limit {
    url: String,
    /// The first process of the cluster.
    cluster: u32,
    variables: Vec<String>,
}

impl Limit {
    /// Learns what the scripts need to know of the desk, and makes the table that they need.
    pub async fn prepare(url: &str, cluster: u32, corpus: &Corpus) -> Result<Self> {
        let sql = std::fs::read_to_string(folder().join("prepare.sql"))?;
        let (at, id) = &corpus.before_cursor;
        let mut variables = vec![format!("at={at}"), format!("before={id}")];
        let output = Command::new("psql")
            .args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", &sql, url])
            .output()
            .await
            .context("psql")?;
        if !output.status.success() {
            bail!("prepare.sql: {}", String::from_utf8_lossy(&output.stderr));
        }
        variables.extend(String::from_utf8(output.stdout)?.lines().map(str::to_owned).filter(|line| !line.is_empty()));
        Ok(Self { url: url.to_owned(), cluster, variables })
    }

    /// Runs the script of an operation.
    pub async fn measure(&self, operation: Operation, connections: usize, duration: Duration) -> Result<Measured> {
        let folder = TempDir::new()?;
        let mut command = Command::new("pgbench");
        command.args(["--no-vacuum", "--protocol=prepared", "--log"]);
        command.arg(format!("--sampling-rate={TIMED}")).arg(format!("--client={connections}"));
        command.arg(format!("--jobs={}", connections.min(2))).arg(format!("--time={}", duration.as_secs().max(1)));
        command.arg("--file").arg(script(operation));
        for variable in &self.variables {
            command.args(["--define", variable]);
        }
        let before = family_cpu_ms(self.cluster)?;
        let output = command.arg(&self.url).current_dir(folder.path()).output().await.context("pgbench")?;
        // What a connection's process has used is handed to its parent when it ends, a moment after pgbench.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let after = family_cpu_ms(self.cluster)?;
        let (said, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if !output.status.success() {
            bail!("pgbench {}: {complaint}", operation.name());
        }
        let answers = figure(&said, "number of transactions actually processed: ").context("no count")?;
        let failed = figure(&said, "number of failed transactions: ").unwrap_or_default();
        if failed > 0.0 {
            bail!("pgbench {}: {failed} transactions failed: {complaint}", operation.name());
        }
        let took = latencies(folder.path())?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        Ok(Measured {
            per_second: figure(&said, "tps = ").context("no rate")?,
            p50_ms: percentile(&took, 0.5),
            p99_ms: percentile(&took, 0.99),
            database_cpu_ms: (after - before) / answers,
            answers: answers as u64,
            ..Measured::default()
        })
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("pg")
}

fn script(operation: Operation) -> PathBuf {
    folder().join(operation.name()).with_extension("sql")
}

/// The number that follows these words.
fn figure(text: &str, words: &str) -> Option<f64> {
    let (_, rest) = text.split_once(words)?;
    rest.split(|c: char| !c.is_ascii_digit() && c != '.').next()?.parse().ok()
}

/// The sorted times of the logged transactions, in ms.
fn latencies(folder: &Path) -> Result<Vec<f64>> {
    let mut took = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        for line in std::fs::read_to_string(entry?.path())?.lines() {
            // client, transaction, microseconds, …
            took.extend(line.split(' ').nth(2).and_then(|field| field.parse::<f64>().ok()).map(|us| us / 1000.0));
        }
    }
    took.sort_by(f64::total_cmp);
    Ok(took)
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_are_read_from_what_pgbench_says() {
        let said = "number of transactions actually processed: 4321\nnumber of failed transactions: 0 (0.000%)\ntps = 812.5 (without)";
        assert_eq!(figure(said, "number of transactions actually processed: "), Some(4321.0));
        assert_eq!(figure(said, "number of failed transactions: "), Some(0.0));
        assert_eq!(figure(said, "tps = "), Some(812.5));
        assert_eq!(figure(said, "latency"), None);
    }
}
