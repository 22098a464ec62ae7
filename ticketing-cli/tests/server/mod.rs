//! Starts the real program on a database of its own and speaks to it as its clients do.

#![allow(dead_code, reason = "each test program uses the part that it needs")]
#![allow(clippy::expect_used, reason = "a test may panic")]

pub mod client;
pub mod database;
pub mod mail;

use client::Client;
use database::Database;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

pub const ADMIN: &str = "root@desk.example";
/// Where people reach the desk; the port of a test's server changes with each start.
pub const APP_URL: &str = "https://desk.example/support";
pub const PASSWORD: &str = "a long walk at dawn 7";

const START_LIMIT: Duration = Duration::from_mins(1);

/// Where a desk lives: its folder, its database and its settings. Outlives the servers started on it.
pub struct Place {
    data: TempDir,
    database: Option<Database>,
    settings: Vec<(String, String)>,
}

impl Place {
    /// A desk on the embedded database.
    pub fn sqlite() -> Self {
        Self { data: TempDir::new().expect("a folder"), database: None, settings: Vec::new() }
    }

    /// A desk on a new database of the cluster that `TEST_DATABASE_URL` names.
    pub fn postgres() -> Self {
        Self::on(Database::create())
    }

    /// A desk on this database.
    pub fn on(database: Database) -> Self {
        Self { data: TempDir::new().expect("a folder"), database: Some(database), settings: Vec::new() }
    }

    /// The same with one more variable in the server's environment.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn folder(&self) -> &Path {
        self.data.path()
    }

    pub fn database(&self) -> &Database {
        self.database.as_ref().expect("a desk on PostgreSQL")
    }

    /// The program with these arguments, in an environment that holds nothing but this desk's settings.
    pub fn program<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ticketing"));
        command
            .args(arguments)
            .env_clear()
            .envs([("DATA_DIR", self.data.path().as_os_str()), ("PORT", OsStr::new("0"))])
            .env("APP_URL", APP_URL)
            .envs([("RATE_LIMIT_ANONYMOUS", "off"), ("RATE_LIMIT_USER", "off")])
            .envs([("ADMIN_EMAIL", ADMIN), ("ADMIN_PASSWORD", PASSWORD)])
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database.url());
        }
        command
    }

    /// Runs a verb of the program to its end and gives what it printed.
    pub async fn run(&self, arguments: &[&str]) -> String {
        let output = self.program(arguments).output().await.expect("the program runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "ticketing {arguments:?} ended with {}:\n{out}\n{err}", output.status);
        out.into_owned()
    }

    /// Makes a person by the command line, as an operator would.
    pub async fn person(&self, email: &str, name: &str, role: &str) {
        let arguments = ["--email", email, "--name", name, "--role", role, "--password", PASSWORD];
        self.run(&[&["user", "create"][..], &arguments].concat()).await;
    }

    /// Starts a server and waits until it says that it is ready.
    pub async fn serve(&self) -> Server {
        let server = self.spawn().await;
        server.ready().await;
        server
    }

    /// Starts a server and waits until it listens.
    pub async fn spawn(&self) -> Server {
        let mut child = self.program(["serve"]).spawn().expect("the server starts");
        let log = Log::default();
        log.follow(child.stdout.take().expect("piped"));
        log.follow(child.stderr.take().expect("piped"));
        let begun = Instant::now();
        let url = loop {
            if let Some(url) = log.address() {
                break url;
            }
            if let Some(status) = child.try_wait().expect("the child's state") {
                tokio::time::sleep(Duration::from_millis(50)).await;
                panic!("the server ended with {status}:\n{}", log.text());
            }
            assert!(begun.elapsed() < START_LIMIT, "the server does not say where it listens:\n{}", log.text());
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        Server { child, url, log }
    }
}

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    url: String,
    log: Log,
}

impl Server {
    /// Where it answers, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it printed so far.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Somebody who has not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(&self.url)
    }

    /// Somebody who has signed in.
    pub async fn sign_in(&self, email: &str) -> Client {
        Client::signed_in(&self.url, email, PASSWORD).await
    }

    /// Waits until the server's store answers.
    pub async fn ready(&self) {
        let begun = Instant::now();
        let (http, path) = (client::http(), format!("{}/readyz", self.url));
        while !http.get(&path).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(begun.elapsed() < START_LIMIT, "the server does not get ready:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Sends a signal by name, such as `TERM`.
    pub async fn signal(&self, name: &str) {
        let process = self.child.id().expect("the server runs");
        let status = Command::new("sh").arg("-c").arg(format!("kill -{name} {process}")).status().await.expect("sh");
        assert!(status.success());
    }

    /// Waits for the server's end.
    pub async fn ended(&mut self, limit: Duration) -> ExitStatus {
        tokio::time::timeout(limit, self.child.wait())
            .await
            .unwrap_or_else(|_| panic!("the server still runs after {limit:?}:\n{}", self.log.text()))
            .expect("the child's state")
    }

    /// Asks the server to stop and checks that it ends in peace.
    pub async fn stop(mut self) {
        self.signal("TERM").await;
        let status = self.ended(Duration::from_secs(35)).await;
        assert_eq!(status.code(), Some(0), "after SIGTERM:\n{}", self.log.text());
    }
}

/// What a process prints, kept for the message of a failed test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn follow(&self, stream: impl AsyncRead + Unpin + Send + 'static) {
        let text = self.0.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let mut text = text.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&line);
                text.push('\n');
            }
        });
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn address(&self) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once("listening on ")?;
        // Only a whole line is sure to hold the whole address.
        let (line, _) = rest.split_once('\n')?;
        line.split_whitespace().next().map(str::to_owned)
    }
}
