//! A mail server that takes everything: the one that the tests of mail have.

use crate::trap::{Moment, Trap};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinSet;

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// When this program heard of it.
    pub at: Instant,
    /// Who it says it is from.
    pub from: String,
    /// Whom the envelope names.
    pub to: String,
    /// `Message-ID`.
    pub message_id: String,
    /// The first mail or ticket that it refers to.
    pub thread: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text without markup.
    pub text: String,
    /// Where answers go, where it says so.
    pub reply_to: Option<String>,
    /// The mail as it came, where such are kept.
    pub bytes: Vec<u8>,
}

/// A running mail server. Dropping it ends it.
pub struct Sink {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    mails: Arc<Mutex<Vec<Taken>>>,
    _child: Child,
    _task: JoinSet<()>,
}

impl Sink {
    /// Starts one. Its Python is made where that is missing.
    pub async fn start(trap: Trap) -> Result<Self> {
        Self::open(trap, false).await
    }

    /// Starts one that keeps mails as they came, too.
    pub async fn keeping_bytes() -> Result<Self> {
        Self::open(Trap::default(), true).await
    }

    async fn open(trap: Trap, keeps_bytes: bool) -> Result<Self> {
        let house = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let made = Command::new(house.join("scripts/smtp-sink")).output().await.context("scripts/smtp-sink")?;
        if !made.status.success() {
            bail!("scripts/smtp-sink: {}", String::from_utf8_lossy(&made.stderr));
        }
        let mut child = Command::new(String::from_utf8(made.stdout)?.trim())
            .arg(house.join("ticketing-deliver/tests/smtp/sink.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("a mail server without a voice")?).lines();
        let first = lines.next_line().await?.context("the mail server does not start")?;
        let port = serde_json::from_str::<Value>(&first)?["port"].as_u64().context("a mail server without a port")?;
        let mails = Arc::<Mutex<Vec<Taken>>>::default();
        let mut task = JoinSet::new();
        task.spawn(listen(lines, mails.clone(), trap, keeps_bytes));
        Ok(Self { port: u16::try_from(port)?, mails, _child: child, _task: task })
    }

    /// What it has taken so far.
    pub fn mails(&self) -> MutexGuard<'_, Vec<Taken>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The settings of a desk that mails over it from this address.
    pub fn settings(&self, from: &str) -> [(&'static str, String); 4] {
        [
            ("SMTP_HOST", "127.0.0.1".to_owned()),
            ("SMTP_PORT", self.port.to_string()),
            ("SMTP_TLS", "none".to_owned()),
            ("SMTP_FROM", from.to_owned()),
        ]
    }
}

async fn listen(
    mut lines: Lines<BufReader<ChildStdout>>,
    mails: Arc<Mutex<Vec<Taken>>>,
    trap: Trap,
    keeps_bytes: bool,
) {
    while let Ok(Some(line)) = lines.next_line().await {
        let Some(mut mail) = Taken::read(&line) else { continue };
        if !keeps_bytes {
            mail.bytes = Vec::new();
        }
        mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        trap.step(Moment::Mailed);
    }
}

impl Taken {
    pub(crate) fn read(line: &str) -> Option<Self> {
        let at = Instant::now();
        let told: Value = serde_json::from_str(line).ok()?;
        let mail = told.get("mail")?;
        let header = |wanted: &str| {
            let headers = mail["headers"].as_array().into_iter().flatten();
            headers.filter(|pair| pair[0] == wanted).find_map(|pair| pair[1].as_str())
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let parts = mail["parts"].as_array().into_iter().flatten();
        let plain = parts.filter(|part| part["type"] == "text/plain").find_map(|part| part["text"].as_str());
        Some(Self {
            at,
            from: text(&mail["from"]),
            to: text(&mail["to"][0]).to_lowercase(),
            message_id: header("Message-ID").unwrap_or_default().to_owned(),
            thread: header("References").and_then(|ids| ids.split_whitespace().next()).map(str::to_owned),
            subject: header("Subject").unwrap_or_default().to_owned(),
            text: plain.unwrap_or_default().to_owned(),
            reply_to: mail["people"]["Reply-To"][0][1].as_str().map(str::to_owned),
            // Each byte is told as the character of its number.
            bytes: text(&mail["raw"]).chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_from_its_line_and_other_lines_are_none() {
        let line = r#"{"mail": {"from": "d@a.example", "to": ["Kim@b.example"], "parts": [
            {"type": "text/html", "text": "<p>"}, {"type": "text/plain", "text": "Hello"}],
            "people": {"Reply-To": [["", "d+x@a.example"]]}, "raw": "\u00e4\r\n",
            "headers": [["Message-ID", "<1@a>"], ["References", "<t@a> <0@a>"], ["Subject", "Hi"]]}}"#;
        let mail = Taken::read(line).unwrap();
        assert_eq!(
            (mail.to.as_str(), mail.message_id.as_str(), mail.text.as_str()),
            ("kim@b.example", "<1@a>", "Hello")
        );
        assert_eq!(mail.thread.as_deref(), Some("<t@a>"));
        assert_eq!((mail.reply_to.as_deref(), mail.bytes.as_slice()), (Some("d+x@a.example"), &[0xe4, 13, 10][..]));
        assert!(Taken::read(r#"{"ended": {"connection": 1}}"#).is_none());
    }
}
