//! The receivers that `docs/WEBHOOKS.md` shows, run as their readers would run them, and called well and badly.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use tempfile::TempDir;
use ticketing_core::port::{Clock, SystemClock, WebhookRequest, WebhookSender};
use ticketing_deliver::webhook::GuardedWebhookSender;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PAGE: &str = include_str!("../../docs/WEBHOOKS.md");
const NUMBER: &str = "TKT-7KQ2M9XD";
const LONGEST: usize = 1024 * 1024;

/// The one block of the page in this language.
fn block(language: &str, place: usize) -> &'static str {
    let rest = PAGE.split(&format!("```{language}\n")).nth(place + 1).expect("the page has the block");
    rest.split("```").next().unwrap()
}

/// Whether the program is there. Only a machine that tests nothing for others may do without.
fn has(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    let is_ci = std::env::vars().any(|(name, _)| name == "CI");
    assert!(is_there || !is_ci, "{program} is missing; scripts/test installs it");
    if !is_there {
        eprintln!("skipped: there is no {program}");
    }
    is_there
}

/// A receiver at work, ended with its test.
struct Receiver {
    child: Child,
    said: mpsc::Receiver<String>,
    url: String,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Receiver {
    fn start(mut command: Command, secret: &str) -> Self {
        let mut child = command.arg("0").env("WEBHOOK_SECRET", secret).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, said) = mpsc::channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut receiver = Self { child, said, url: String::new() };
        let first = receiver.line();
        let url = first.strip_prefix("listening on ").unwrap();
        url.clone_into(&mut receiver.url);
        receiver
    }

    /// The next line that it prints.
    fn line(&self) -> String {
        self.said.recv_timeout(Duration::from_secs(30)).expect("the receiver prints a line")
    }

    async fn status(&self, call: &Call) -> u16 {
        let Call { id, at, signature, body } = call;
        self.post(&format!("webhook-id: {id}\r\nwebhook-timestamp: {at}\r\nwebhook-signature: {signature}\r\n"), body)
            .await
    }

    /// Sends the bytes as they are, and answers the status.
    async fn post(&self, headers: &str, body: &str) -> u16 {
        let host = self.url.strip_prefix("http://").and_then(|rest| rest.strip_suffix('/')).unwrap();
        let mut stream = TcpStream::connect(host).await.unwrap();
        let length = body.len();
        let head = format!("POST / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n");
        stream.write_all(format!("{head}{headers}\r\n{body}").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer of HTTP")
    }

    async fn says(&self, call: &Call, status: u16, line: &str) {
        assert_eq!(self.status(call).await, status, "{line}");
        assert_eq!(self.line(), line);
    }
}

/// A call as it goes over the wire.
#[derive(Clone)]
struct Call {
    id: String,
    at: i64,
    signature: String,
    body: String,
}

fn body(version: i64) -> String {
    let ticket = json!({ "id": "0197f39f-7a44-7b02-b6a1-90c4d2e8f713", "ticket_number": NUMBER, "version": version });
    json!({ "event": "ticket.updated", "subject": "Grüße 🙂", "ticket": ticket }).to_string()
}

/// What a call is signed by, computed here and by nobody else.
fn signature(key: &[u8], id: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// A good call, made so many seconds from now.
fn call(key: &[u8], id: &str, version: i64, offset: i64) -> Call {
    let (at, body) = (SystemClock.now().timestamp() + offset, body(version));
    Call { id: id.to_owned(), at, signature: signature(key, id, at, &body), body }
}

async fn takes_what_is_new(receiver: &Receiver, key: &[u8]) {
    let took = |version: i64| format!("ticket.updated {NUMBER} version {version}");
    receiver.says(&call(key, "msg_1", 4, 0), 204, &took(4)).await;
    receiver.says(&call(key, "msg_1", 4, 1), 204, "again msg_1").await;
    receiver.says(&call(key, "msg_2", 3, 0), 204, &format!("stale {NUMBER} version 3")).await;
    receiver.says(&call(key, "msg_2", 3, 0), 204, "again msg_2").await;
    receiver.says(&call(key, "msg_3", 4, 0), 204, &took(4)).await;
    receiver.says(&call(key, "msg_4", 10, -290), 204, &took(10)).await;
    receiver.says(&call(key, "msg_5", 10, 290), 204, &took(10)).await;

    let good = call(key, "msg_6", 11, 0);
    let other = signature(b"another secret", &good.id, good.at, &good.body);
    let both = Call { signature: format!("{other} {}", good.signature), ..good };
    receiver.says(&both, 204, &took(11)).await;

    let mut longest = call(key, "msg_7", 12, 0);
    longest.body.push_str(&" ".repeat(LONGEST - longest.body.len()));
    longest.signature = signature(key, &longest.id, longest.at, &longest.body);
    receiver.says(&longest, 204, &took(12)).await;
    longest.body.push(' ');
    assert_eq!(receiver.status(&longest).await, 413);
}

async fn refuses_what_is_not_the_desk_s(receiver: &Receiver, key: &[u8]) {
    const NONE_FITS: &str = "refused: no signature fits";
    let good = call(key, "msg_8", 13, 0);
    let places = (0..good.body.len()).filter(|place| good.body.as_bytes()[*place].is_ascii()).step_by(9);
    for place in places.chain([good.body.len() - 1]) {
        let mut bytes = good.body.clone().into_bytes();
        bytes[place] ^= 1;
        let flipped = Call { body: String::from_utf8(bytes).unwrap(), ..good.clone() };
        receiver.says(&flipped, 401, NONE_FITS).await;
    }
    for bad in [
        Call { id: "msg_9".to_owned(), ..good.clone() },
        Call { at: good.at + 1, ..good.clone() },
        Call { body: format!("{} ", good.body), ..good.clone() },
        Call { signature: good.signature.replace("v1,", "v2,"), ..good.clone() },
        Call { signature: good.signature[3..].to_owned(), ..good.clone() },
        Call { signature: good.signature.replace("v1,", "v1,A"), ..good.clone() },
        Call { signature: "v1,".to_owned(), ..good.clone() },
        call(b"another secret", "msg_8", 13, 0),
        call(b"", "msg_8", 13, 0),
    ] {
        receiver.says(&bad, 401, NONE_FITS).await;
    }
    for offset in [-310, 310, -1_000_000] {
        receiver.says(&call(key, "msg_8", 13, offset), 401, "refused: not of this moment").await;
    }
    assert_eq!((receiver.post("", &good.body).await, receiver.line().as_str()), (401, "refused: not signed"));
    // None of them was remembered.
    receiver.says(&good, 204, &format!("ticket.updated {NUMBER} version 13")).await;
}

/// The desk itself, in the middle of a change of its secret.
async fn takes_what_the_desk_sends(receiver: &Receiver, secret: &str) {
    let sender = GuardedWebhookSender::new(vec!["127.0.0.1".parse().unwrap()]).unwrap();
    let request = WebhookRequest {
        url: receiver.url.clone(),
        id: "msg_10".to_owned(),
        event: "ticket.updated".to_owned(),
        at: SystemClock.now(),
        headers: Vec::new(),
        body: body(14),
        secrets: vec!["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX".to_owned(), secret.to_owned()],
        timeout: Duration::from_secs(30),
    };
    assert_eq!(sender.send(&request).await.unwrap().status, 204);
    assert_eq!(receiver.line(), format!("ticket.updated {NUMBER} version 14"));
}

/// Calls a receiver in all ways, with each kind of secret.
async fn try_all(command: impl Fn() -> Command) {
    let key: Vec<u8> = (0..25).map(|byte| byte * 9).collect();
    let padded = format!("whsec_{}", STANDARD.encode(&key));
    let bare = padded.trim_end_matches('=');
    assert_ne!(padded, bare);
    for (secret, key) in [("correct horse battery", b"correct horse battery".as_slice()), (&padded, &key), (bare, &key)]
    {
        let receiver = Receiver::start(command(), secret);
        takes_what_is_new(&receiver, key).await;
        refuses_what_is_not_the_desk_s(&receiver, key).await;
        takes_what_the_desk_sends(&receiver, secret).await;
        let more = receiver.said.recv_timeout(Duration::ZERO);
        assert_eq!(more, Err(RecvTimeoutError::Timeout), "it prints nothing else, and still runs");
    }
}

/// Runs the block of the page in this language by its program.
async fn try_block(program: &str, language: &str, file: &str) {
    if !has(program) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, block(language, 0)).unwrap();
    try_all(|| {
        let mut command = Command::new(program);
        command.arg(&path);
        command
    })
    .await;
}

#[tokio::test]
async fn node_receives_what_the_desk_sends_and_nothing_else() {
    try_block("node", "js", "receiver.mjs").await;
}

#[tokio::test]
async fn python_receives_what_the_desk_sends_and_nothing_else() {
    try_block("python3", "python", "receiver.py").await;
}

#[tokio::test]
async fn rust_receives_what_the_desk_sends_and_nothing_else() {
    try_all(|| Command::new(env!("CARGO_BIN_EXE_webhook_receiver"))).await;
}

#[test]
fn the_page_shows_the_code_of_the_receivers() {
    assert!(include_str!("../src/bin/webhook_receiver.rs").contains(block("rust", 0)));
    assert!(block("js", 0).contains(block("js", 1).split(')').next().unwrap()), "the line on stale versions");
}
