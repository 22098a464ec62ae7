//! A throwaway PostgreSQL cluster whose commits are durable.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A cluster that is removed in the end.
pub struct Cluster {
    folder: TempDir,
    /// Its address.
    pub url: String,
}

impl Cluster {
    /// Makes and starts a cluster; `settings` are `name=value`.
    pub fn start(settings: &[&str]) -> Result<Self> {
        let folder = TempDir::new()?;
        let arguments: Vec<_> = settings.iter().flat_map(|setting| ["-c", setting]).collect();
        let url = script("start", folder.path(), &arguments)?;
        Ok(Self { folder, url })
    }

    /// The first process of the cluster.
    pub fn process(&self) -> Result<u32> {
        let text = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid"))?;
        Ok(text.lines().next().context("an empty postmaster.pid")?.parse()?)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = script("stop", self.folder.path(), &[]) {
            eprintln!("the throwaway cluster is left over: {error:#}");
        }
    }
}

fn script(verb: &str, folder: &Path, arguments: &[&str]) -> Result<String> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scripts/cluster");
    let output = Command::new(&script).arg(verb).arg(folder).args(arguments).output().context("scripts/cluster")?;
    if !output.status.success() {
        bail!("scripts/cluster {verb}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
