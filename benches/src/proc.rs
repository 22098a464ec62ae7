//! What processes cost, from Linux's `/proc`.

use anyhow::{Context, Result};
use serde::Serialize;
use std::fs::{read_dir, read_to_string};

/// `USER_HZ`, in which `/proc` counts CPU time, is 100 a second on every architecture.
const MS_PER_TICK: f64 = 10.0;

/// What a process holds, in MiB.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Memory {
    /// Resident pages.
    pub rss: f64,
    /// Resident pages, shared ones divided among who shares them.
    pub pss: f64,
    /// The most that was ever resident.
    pub peak_rss: f64,
}

/// CPU time that a process has used with all its threads, in ms.
pub fn cpu_ms(process: u32) -> Result<f64> {
    let (own, _) = ticks(process)?;
    Ok(own * MS_PER_TICK)
}

/// CPU time of a process, the children that it has now and those that have ended, in ms.
///
/// `PostgreSQL` is one process a connection: this is the whole cluster, given its first process.
pub fn family_cpu_ms(parent: u32) -> Result<f64> {
    let (own, ended) = ticks(parent)?;
    let mut sum = own + ended;
    for entry in read_dir("/proc")? {
        let Some(process) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if parent_of(process) == Some(parent) {
            // A child that ended meanwhile is counted by its parent next time.
            let (own, ended) = ticks(process).unwrap_or_default();
            sum += own + ended;
        }
    }
    Ok(sum * MS_PER_TICK)
}

/// What a process holds now.
pub fn memory(process: u32) -> Result<Memory> {
    let status = read_to_string(format!("/proc/{process}/status"))?;
    let rollup = read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    Ok(Memory {
        rss: mib(&status, "VmRSS:").context("no VmRSS")?,
        pss: mib(&rollup, "Pss:").context("no Pss")?,
        peak_rss: mib(&status, "VmHWM:").context("no VmHWM")?,
    })
}

fn mib(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

/// The fields of `/proc/PID/stat` after the name, which may hold spaces itself.
fn fields(process: u32) -> Result<Vec<String>> {
    let stat = read_to_string(format!("/proc/{process}/stat")).with_context(|| format!("process {process}"))?;
    let (_, rest) = stat.rsplit_once(')').context("a process without a name")?;
    Ok(rest.split_whitespace().map(str::to_owned).collect())
}

fn parent_of(process: u32) -> Option<u32> {
    fields(process).ok()?.get(1)?.parse().ok()
}

/// CPU ticks of the process itself and of its children that have ended.
fn ticks(process: u32) -> Result<(f64, f64)> {
    let fields = fields(process)?;
    let tick = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    Ok((tick(11) + tick(12), tick(13) + tick(14)))
}
