//! The program `ticketing` on a desk of its own.

use crate::wire::is_ready;
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::fs::{File, read_to_string};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// The administrator that the first start makes.
pub const ADMIN: &str = "root@desk.example";
/// Everybody's password.
pub const PASSWORD: &str = "a long walk at dawn 7";

const START_LIMIT: Duration = Duration::from_mins(2);
const POLL: Duration = Duration::from_millis(1);

/// Where the program lies, in which folder it keeps its data and which database it uses.
pub struct Program {
    binary: PathBuf,
    folder: PathBuf,
    database_url: Option<String>,
    settings: Vec<(String, String)>,
}

impl Program {
    /// The program on a desk in this folder; without a database's address it uses SQLite there.
    pub fn new(binary: &Path, folder: &Path, database_url: Option<&str>) -> Result<Self> {
        let binary = binary.canonicalize().with_context(|| {
            format!(
                "there is no {}; cargo build -p ticketing-cli makes it (--release where this is one)",
                binary.display()
            )
        })?;
        let database_url = database_url.map(str::to_owned);
        Ok(Self { binary, folder: folder.to_owned(), database_url, settings: Vec::new() })
    }

    /// The same with more settings.
    #[must_use]
    pub fn with<V: ToString>(mut self, settings: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        self.settings.extend(settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_string())));
        self
    }

    /// The program that was built beside this one.
    pub fn beside_this_one() -> Result<PathBuf> {
        Ok(std::env::current_exe()?.with_file_name("ticketing"))
    }

    fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .env_clear()
            .env("DATA_DIR", &self.folder)
            .envs([("PORT", "0"), ("RATE_LIMIT_ANONYMOUS", "off"), ("RATE_LIMIT_USER", "off")])
            // A run may take longer than a token usually lives.
            .envs([("ADMIN_EMAIL", ADMIN), ("ADMIN_PASSWORD", PASSWORD), ("JWT_EXPIRES_IN", "1d")])
            .envs(self.database_url.iter().map(|url| ("DATABASE_URL", url)))
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a verb to its end.
    pub async fn run(&self, arguments: &[&str]) -> Result<()> {
        let output = self.command(arguments).output().await?;
        if !output.status.success() {
            bail!("ticketing {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Starts the server and waits until it is ready.
    pub async fn serve(&self) -> Result<Running> {
        let path = self.folder.join("server.log");
        let log = File::create(&path)?;
        let begun = Instant::now();
        let mut child = self.command(["serve"]).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut address = None;
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status}:\n{}", read_to_string(&path)?);
            }
            address = match address {
                None => listening(&read_to_string(&path)?),
                Some(address) if is_ready(&address).await => {
                    let process = child.id().context("the server has ended")?;
                    return Ok(Running { child, process, address, ready_after: begun.elapsed() });
                }
                waiting => waiting,
            };
            if begun.elapsed() > START_LIMIT {
                bail!("the server does not get ready:\n{}", read_to_string(&path)?);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Starts a process that does nothing but what the desk has promised.
    pub fn work(&self) -> Result<Worker> {
        let log = File::create(self.folder.join("worker.log"))?;
        let child = self.command(["worker"]).stdout(log.try_clone()?).stderr(log).spawn()?;
        Ok(Worker { child, log: self.folder.join("worker.log") })
    }
}

/// `HOST:PORT` out of the whole line in which the server says where it listens.
fn listening(log: &str) -> Option<String> {
    let (_, rest) = log.split_once("listening on http://")?;
    let (line, _) = rest.split_once('\n')?;
    line.split_whitespace().next().map(str::to_owned)
}

/// A running server. Dropping it kills it.
pub struct Running {
    child: Child,
    /// Its process.
    pub process: u32,
    /// `HOST:PORT`.
    pub address: String,
    /// From the start of the process to its first answer that it is ready.
    pub ready_after: Duration,
}

impl Running {
    /// Asks it to end, and waits until it has.
    pub async fn stop(&mut self) -> Result<()> {
        terminate(&mut self.child).await
    }

    /// Ends it as a power cut would: no signal that it could catch.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// A running `ticketing worker`. Dropping it kills it.
pub struct Worker {
    child: Child,
    log: PathBuf,
}

impl Worker {
    /// Fails where it has ended by itself.
    pub fn look(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("the worker ended with {status}:\n{}", read_to_string(&self.log)?),
            None => Ok(()),
        }
    }

    /// Asks it to put down what it has in hand, and waits until it has.
    pub async fn stop(mut self) -> Result<()> {
        self.look()?;
        let ended = terminate(&mut self.child).await;
        ended.with_context(|| read_to_string(&self.log).unwrap_or_default())
    }
}

/// Ends a process as operators do; anything but an orderly end is a fault.
async fn terminate(child: &mut Child) -> Result<()> {
    let process = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    kill_process(process.context("it has ended already")?, Signal::TERM)?;
    let status = tokio::time::timeout(START_LIMIT, child.wait()).await.context("it does not stop")??;
    if !status.success() {
        bail!("it ended with {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::listening;

    #[test]
    fn an_address_is_read_from_a_whole_line_only() {
        assert_eq!(listening("INFO listening on http://127.0.0.1:41"), None);
        assert_eq!(listening("x\nINFO listening on http://127.0.0.1:4123 y\n").as_deref(), Some("127.0.0.1:4123"));
    }
}
