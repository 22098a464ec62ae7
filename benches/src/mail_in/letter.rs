//! Mails as people and programs write them (RFC 5322).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use std::fmt::Write;
use ticketing_core::port::{Clock, SystemClock};

/// How many characters a line of a file has (RFC 2045, 6.8).
const LINE: usize = 76;

/// What stands between the parts.
const BOUNDARY: &str = "=_part";

/// A mail.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// Who writes it.
    pub from: String,
    /// Whom it is for.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Its `Message-ID` without angle brackets.
    pub message_id: String,
    /// The `Message-ID` of what it answers.
    pub answers: Option<String>,
    /// What else its head says.
    pub headers: Vec<(&'static str, &'static str)>,
    /// What it says.
    pub text: String,
    /// What it brings along: a name and what is in it.
    pub file: Option<(String, Vec<u8>)>,
}

impl Letter {
    /// The mail as it travels.
    pub fn bytes(&self) -> Bytes {
        let mut mail = self.head();
        let text = self.text.replace('\n', "\r\n");
        match &self.file {
            None => {
                let _ = write!(mail, "Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
            }
            Some((name, content)) => {
                let _ = write!(
                    mail,
                    "Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\n\r\n\
                     --{BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
                     --{BOUNDARY}\r\nContent-Type: application/octet-stream\r\n\
                     Content-Disposition: attachment; filename=\"{name}\"\r\n\
                     Content-Transfer-Encoding: base64\r\n\r\n{}--{BOUNDARY}--\r\n",
                    folded(content)
                );
            }
        }
        mail.into()
    }

    /// The headers, but for what the body is.
    pub fn head(&self) -> String {
        let mut head = format!(
            "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}>\r\nMIME-Version: 1.0\r\n",
            SystemClock.now().to_rfc2822(),
            self.from,
            self.to,
            self.subject,
            self.message_id
        );
        if let Some(id) = &self.answers {
            let _ = write!(head, "In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
        }
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head
    }
}

/// Bytes in base64, in lines.
pub fn folded(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut lines = String::with_capacity(text.len() + text.len() / LINE * 2 + 2);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push_str("\r\n");
        rest = behind;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_has_a_head_a_text_and_what_it_brings_along() {
        let letter = Letter {
            from: "kim@acme.example".to_owned(),
            message_id: "1@acme.example".to_owned(),
            answers: Some("0@desk.example".to_owned()),
            headers: vec![("Auto-Submitted", "auto-replied")],
            text: "It hums.\nStill.".to_owned(),
            ..Letter::default()
        };
        let plain = String::from_utf8(letter.bytes().into()).unwrap();
        let (head, body) = plain.split_once("\r\n\r\n").unwrap();
        for line in ["From: <kim@acme.example>", "In-Reply-To: <0@desk.example>", "Auto-Submitted: auto-replied"] {
            assert!(head.contains(&format!("\r\n{line}\r\n")), "{head}");
        }
        assert_eq!(body, "It hums.\r\nStill.\r\n");
        let file = Some(("a.txt".to_owned(), vec![b'x'; 100]));
        let mixed = String::from_utf8(Letter { file, ..letter }.bytes().into()).unwrap();
        assert!(mixed.contains("filename=\"a.txt\"") && mixed.contains(&folded(&[b'x'; 100])), "{mixed}");
        assert!(folded(&[0; 100]).lines().all(|line| line.len() <= LINE));
    }
}
