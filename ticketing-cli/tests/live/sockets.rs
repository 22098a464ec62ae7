//! People who look on by npm's socket.io-client, in a process of their own.

use crate::server::client::{Client, text};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;

const LIMIT: Duration = Duration::from_secs(20);

/// Where `scripts/socket-client` has put the client. Only a machine that tests nothing for others may do without.
pub fn client() -> Option<String> {
    let named = |wanted: &str| std::env::vars().find(|(name, _)| name == wanted).map(|(_, value)| value);
    let folder = named("SOCKET_CLIENT");
    assert!(
        folder.is_some() || named("CI").is_none(),
        "SOCKET_CLIENT is not set: it names what scripts/socket-client installs; scripts/test sets it"
    );
    if folder.is_none() {
        eprintln!("skipped: SOCKET_CLIENT is not set; scripts/socket-client prints what to set it to");
    }
    folder
}

/// Something that a socket heard.
#[derive(Clone, Debug)]
pub struct Heard {
    pub name: String,
    pub event: String,
    pub data: Value,
}

/// Sockets by name.
pub struct Sockets {
    stdin: ChildStdin,
    lines: Arc<Mutex<Vec<Value>>>,
    grown: watch::Receiver<usize>,
    next: u64,
    _child: Child,
}

impl Sockets {
    pub fn start(folder: &str) -> Self {
        let mut child = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/watch.cjs"))
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let (stdin, stdout) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        let lines = Arc::<Mutex<Vec<Value>>>::default();
        let (grow, grown) = watch::channel(0);
        let kept = lines.clone();
        tokio::spawn(async move {
            let mut read = BufReader::new(stdout).lines();
            while let Ok(Some(line)) = read.next_line().await {
                let line = serde_json::from_str(&line).expect("a line of JSON");
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                grow.send_modify(|count| *count += 1);
            }
        });
        Self { stdin, lines, grown, next: 0, _child: child }
    }

    async fn say(&mut self, command: Value) {
        self.stdin.write_all(format!("{command}\n").as_bytes()).await.expect("node listens");
    }

    /// Opens a socket and waits until it is there.
    pub async fn open(&mut self, name: &str, url: &str, person: &Client) {
        self.open_with(name, url, person.token(), json!({"transports": ["websocket"]})).await;
        self.until(name, |heard| heard.event == "ready").await;
    }

    /// Opens a socket with options of the client.
    pub async fn open_with(&mut self, name: &str, url: &str, token: Option<&str>, options: Value) {
        self.say(json!({"do": "open", "name": name, "url": url, "token": token, "options": options})).await;
    }

    /// Says something and gives the acknowledgement.
    pub async fn emit(&mut self, name: &str, event: &str, data: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.say(json!({"do": "emit", "name": name, "id": id, "event": event, "data": data})).await;
        self.wait(
            |lines| lines.iter().find(|line| line["id"] == id).map(|line| line["data"].clone()),
            name,
            "no answer",
        )
        .await
    }

    /// The same where it must be done.
    pub async fn done(&mut self, name: &str, event: &str, data: Value) {
        let answer = self.emit(name, event, data.clone()).await;
        assert_eq!(answer, json!({"ok": true}), "{name} says {event} {data}");
    }

    pub async fn cut(&mut self, name: &str) {
        self.say(json!({"do": "cut", "name": name})).await;
    }

    pub async fn close(&mut self, name: &str) {
        self.say(json!({"do": "close", "name": name})).await;
    }

    /// Listens along with a socket from now on, whether it is open yet or not.
    pub fn ear(&self, name: &str) -> Ear {
        let lines = Arc::clone(&self.lines);
        let next = lines.lock().unwrap_or_else(PoisonError::into_inner).len();
        Ear { name: name.to_owned(), lines, grown: self.grown.clone(), next }
    }

    /// Waits until a socket has heard something like this, and gives it.
    pub async fn until(&mut self, name: &str, is_it: impl Fn(&Heard) -> bool) -> Heard {
        let found = |lines: &[Value]| of(lines, name).find(|heard| is_it(heard));
        self.wait(found, name, "not heard").await
    }

    async fn wait<T>(&mut self, look: impl Fn(&[Value]) -> Option<T>, name: &str, what: &str) -> T {
        let deadline = tokio::time::Instant::now() + LIMIT;
        loop {
            self.grown.borrow_and_update();
            if let Some(found) = look(&self.lines.lock().unwrap_or_else(PoisonError::into_inner)) {
                return found;
            }
            let more = tokio::time::timeout_at(deadline, self.grown.changed()).await;
            assert!(matches!(more, Ok(Ok(()))), "{name}: {what}; it heard {:#?}", self.heard(name));
        }
    }

    /// Everything that a socket has heard.
    pub fn heard(&self, name: &str) -> Vec<Heard> {
        of(&self.lines.lock().unwrap_or_else(PoisonError::into_inner), name).collect()
    }

    /// Everything that any socket was ever told.
    pub fn all(&self) -> Vec<Heard> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().filter_map(heard).collect()
    }
}

/// What one socket hears, one thing after another.
pub struct Ear {
    pub name: String,
    lines: Arc<Mutex<Vec<Value>>>,
    grown: watch::Receiver<usize>,
    next: usize,
}

impl Ear {
    /// The next thing. May be given up at any moment, and nothing is missed.
    pub async fn next(&mut self) -> Heard {
        loop {
            self.grown.borrow_and_update();
            {
                let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
                let found =
                    lines[self.next..].iter().position(|line| line["name"] == self.name && line["heard"].is_string());
                if let Some(heard) = found.and_then(|place| heard(&lines[self.next + place])) {
                    self.next += found.map_or(0, |place| place + 1);
                    return heard;
                }
                self.next = lines.len();
            }
            self.grown.changed().await.expect("node runs");
        }
    }

    /// Waits until it hears something like this; none where that takes longer.
    pub async fn hears(&mut self, limit: Duration, is_it: impl Fn(&Heard) -> bool) -> Option<Heard> {
        let found = async {
            loop {
                let heard = self.next().await;
                if is_it(&heard) {
                    return heard;
                }
            }
        };
        tokio::time::timeout(limit, found).await.ok()
    }
}

fn heard(line: &Value) -> Option<Heard> {
    let event = line["heard"].as_str()?.to_owned();
    Some(Heard { name: text(&line["name"]), event, data: line["data"].clone() })
}

fn of<'a>(lines: &'a [Value], name: &'a str) -> impl Iterator<Item = Heard> + 'a {
    lines.iter().filter(move |line| line["name"] == name).filter_map(heard)
}
