//! The program as an operator starts it: in a folder of its own, with an environment of its own.

#![allow(dead_code, reason = "each test program uses the part that it needs")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder to run the program in.
pub struct Place {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What a verb that ended left behind.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    /// An empty folder and an empty environment.
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), environment: Vec::new() }
    }

    /// The same with one more variable for everything that is started from now on.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ticketing"));
        command.args(arguments).env_clear().current_dir(self.folder.path());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a verb to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(&[], arguments, "")
    }

    /// Runs a verb with more variables and something to read.
    pub fn run_with(&self, environment: &[(&str, &str)], arguments: &[&str], stdin: &str) -> Outcome {
        let mut command = self.command(arguments);
        let mut child = command.envs(environment.iter().copied()).spawn().unwrap();
        // A verb that fails early does not read what it is given.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts a verb and does not wait for its end.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Starts a program and kills it without warning, this long after it has written a line with this in
    /// it to stderr.
    pub fn cut_off(&self, arguments: &[&str], line: &str, after: Duration) {
        let mut child = self.command(arguments).spawn().unwrap();
        let errors = lines_of(child.stderr.take().unwrap());
        while !errors.recv_timeout(Duration::from_mins(1)).unwrap().contains(line) {}
        sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts a server on any free port and waits until it says that it listens.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        let arguments: Vec<&str> = ["serve", "--port", "0"].into_iter().chain(arguments.iter().copied()).collect();
        let mut child = self.command(&arguments).spawn().unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let errors = lines_of(child.stderr.take().unwrap());
        let mut server = Server { child, lines, errors, said: Vec::new(), url: String::new() };
        let deadline = Instant::now() + Duration::from_mins(1);
        while server.url.is_empty() {
            match server.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(url) = line.strip_prefix("listening on ") {
                        url.clone_into(&mut server.url);
                    }
                    server.said.push(line);
                }
                Err(end) => panic!("it never listened ({end}); said {:?}, {:?}", server.said, server.errors()),
            }
        }
        server
    }
}

impl Outcome {
    /// Fails unless the verb ended with this code and, where it failed, with one line that starts so.
    pub fn failed_with(&self, code: i32, start: &str) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        assert!(self.stderr.starts_with(start), "wanted {start:?}: {self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        self
    }

    /// Fails unless the verb did what it was asked.
    pub fn done(&self) -> &Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }
}

fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            if line.is_ok_and(|line| sender.send(line).is_ok()) {
                continue;
            }
            break;
        }
    });
    receiver
}

/// A server that runs; it is killed where a test forgets it.
pub struct Server {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
    /// What it said on stdout until it listened.
    pub said: Vec<String>,
    /// Where it listens.
    pub url: String,
}

impl Server {
    /// Host and port.
    pub fn authority(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// What it wrote to stderr so far.
    pub fn errors(&self) -> Vec<String> {
        self.errors.try_iter().collect()
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Option<i32> {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < deadline, "it does not end; said {:?}", self.errors());
            pause();
        }
    }

    /// Tells it to stop and waits until it has.
    pub fn stop(mut self) {
        self.signal(Signal::TERM);
        let code = self.wait();
        assert_eq!(code, Some(0), "{:?}", self.errors());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A moment for another process to get on.
pub fn pause() {
    sleep(Duration::from_millis(10));
}

#[allow(clippy::disallowed_methods)] // No runtime runs here that it could block.
fn sleep(wait: Duration) {
    std::thread::sleep(wait);
}
