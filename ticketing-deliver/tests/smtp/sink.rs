//! The tests' mail server, `sink.py`, as a process of its own.

use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use ticketing_deliver::smtp::{SmtpMailer, SmtpOptions, SmtpTls};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// How long the machine may be too busy to start a Python.
const PATIENCE: Duration = Duration::from_mins(1);

/// A mail server that tells what it gets. It ends with this.
pub struct Sink {
    process: Child,
    told: UnboundedReceiver<Value>,
    port: u16,
    roots: Option<String>,
}

impl Sink {
    /// A server with these arguments, once it listens.
    pub async fn start(arguments: &[&str]) -> Self {
        let mut process = python(arguments).stdin(Stdio::piped()).spawn().expect("TEST_SMTP_PYTHON is a Python");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let (tell, mut told) = unbounded_channel();
        // It stands still where nobody listens to it, so this does at all times.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let _ = tell.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        let ready = next(&mut told).await;
        let port = ready["port"].as_u64().and_then(|port| port.try_into().ok()).expect("a port");
        let roots = ready["roots"].as_str().map(String::from);
        Self { process, told, port, roots }
    }

    /// How to reach it: in plain where it has no certificate, by STARTTLS where it has one.
    pub fn options(&self) -> SmtpOptions {
        SmtpOptions {
            port: self.port,
            tls: if self.roots.is_some() { SmtpTls::StartTls } else { SmtpTls::None },
            extra_roots: self.roots.clone(),
            ..SmtpOptions::new("127.0.0.1")
        }
    }

    /// A mailer that hands mail to it.
    pub fn mailer(&self) -> SmtpMailer {
        SmtpMailer::new(&self.options()).expect("a mailer to this machine")
    }

    /// The next mail that it took, or has taken already.
    pub async fn mail(&mut self) -> Value {
        self.next("mail").await
    }

    /// What was said in the next connection that ends, or has ended already.
    pub async fn ended(&mut self) -> Vec<String> {
        let ended = self.next("ended").await;
        ended["verbs"].as_array().expect("verbs").iter().map(|verb| verb.as_str().expect("text").to_owned()).collect()
    }

    /// Ends all connections from its side, as a server does with those that say nothing for long.
    pub async fn hang_up(&mut self) {
        self.process.stdin.as_mut().expect("a pipe").write_all(b"hang up\n").await.expect("it listens");
    }

    /// What it tells next, which has to be of this kind.
    async fn next(&mut self, kind: &str) -> Value {
        let mut told = next(&mut self.told).await;
        assert!(told.get(kind).is_some(), "{kind} is to come next, not {told}");
        told[kind].take()
    }
}

/// What Python reads in a file with a mail.
pub async fn parsed(file: &Path) -> Value {
    let name = file.to_str().expect("a plain path");
    let output = python(&["--parse", name]).output().await.expect("TEST_SMTP_PYTHON is a Python");
    let mut told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    told["mail"].take()
}

#[allow(clippy::disallowed_methods)] // Which Python has the server is for whoever runs the tests to say.
fn python(arguments: &[&str]) -> Command {
    let python = std::env::var("TEST_SMTP_PYTHON").unwrap_or_else(|_| {
        panic!("TEST_SMTP_PYTHON is not set: these tests need a Python with aiosmtpd; scripts/smtp-sink makes one")
    });
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/sink.py");
    let mut command = Command::new(python);
    command.arg(program).args(arguments).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

async fn next(told: &mut UnboundedReceiver<Value>) -> Value {
    timeout(PATIENCE, told.recv()).await.expect("it says something").expect("it runs")
}
