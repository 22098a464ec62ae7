//! npm's socket.io server, to set the desk's sockets beside.

use super::tale::Tale;
use anyhow::{Context, Result, bail};
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The server in a process of its own. Dropping it kills it.
pub struct Npm {
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// `HOST:PORT`.
    pub address: String,
    _child: Child,
}

impl Npm {
    /// Starts it with the library that `scripts/socket-client` has put into this folder.
    pub async fn start(folder: &Path) -> Result<Self> {
        let mut child = Command::new("node")
            .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("npm/server.cjs"))
            .arg(folder.canonicalize().context("the folder of npm's server")?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("node")?;
        let stdin = child.stdin.take().context("no way to speak to node")?;
        let mut lines = BufReader::new(child.stdout.take().context("no way to hear node")?).lines();
        let address = lines.next_line().await?.context("npm's server does not start")?;
        Ok(Self { stdin, lines, address, _child: child })
    }

    /// Lets it send what a socket of the desk has heard, so many times, and gives what each of its sockets hears.
    pub async fn send(&mut self, heard: &[u8], count: usize) -> Result<Tale> {
        // As it came, so that both send the same bytes.
        let message: &RawValue = serde_json::from_slice(heard.strip_prefix(b"42").context("not an event")?)?;
        let line = format!("{{\"count\":{count},\"message\":{message}}}\n");
        self.stdin.write_all(line.as_bytes()).await?;
        match self.lines.next_line().await?.as_deref() {
            Some("sent") => {}
            other => bail!("npm's server said {other:?}"),
        }
        let mut tale = Tale::default();
        for number in 0..count {
            tale.tell(format!("{number:036}").as_bytes());
        }
        Ok(tale)
    }
}
