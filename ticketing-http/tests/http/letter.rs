//! Mails for the tests, and a reader that understands just those.

use crate::support::*;
use axum::http::Method;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::fmt::Write;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::mail::inbound::{InboundFile, InboundMail};
use ticketing_core::port::{MailReader, Mailbox, Unreadable};

/// What mail servers share with the desk.
pub const SECRET: &[u8] = b"between the desk and its mail server";

/// Reads mails that [`letter`] writes, and calls all others unreadable. A line `X-File: NAME TYPE TEXT` is a file.
pub struct PlainReader;

impl MailReader for PlainReader {
    fn read(&self, raw: &[u8]) -> Result<InboundMail, Unreadable> {
        let unreadable = || Unreadable("It is not a mail.".to_owned());
        let text = std::str::from_utf8(raw).map_err(|_| unreadable())?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(unreadable)?;
        let headers = head.lines().map(|line| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned())));
        let headers: Vec<(String, String)> = headers.collect::<Option<_>>().ok_or_else(unreadable)?;
        let mail = InboundMail { headers, text: body.to_owned(), ..InboundMail::default() };
        let value = |name: &'static str| mail.header(name).next().map(str::to_owned);
        let mailbox = |text: String| match text.strip_suffix('>').and_then(|text| text.split_once(" <")) {
            Some((name, address)) => Mailbox { name: Some(name.to_owned()), address: address.to_owned() },
            None => Mailbox { name: None, address: text },
        };
        let files = mail.header("X-File").filter_map(|line| {
            let mut parts = line.splitn(3, ' ');
            let (name, content_type, bytes) = (parts.next()?, parts.next()?, parts.next()?);
            Some(InboundFile {
                name: Some(name.to_owned()),
                content_type: content_type.to_owned(),
                content_id: None,
                is_inline: false,
                bytes: bytes.as_bytes().to_vec(),
            })
        });
        Ok(InboundMail {
            message_id: value("Message-ID").map(|id| id.trim_matches(['<', '>']).to_owned()),
            from: value("From").map(mailbox),
            to: value("To").map(mailbox).into_iter().collect(),
            subject: value("Subject").unwrap_or_default(),
            files: files.collect(),
            ..mail.clone()
        })
    }
}

/// A mail under this id.
pub fn letter(id: &str, from: &str, subject: &str, text: &str) -> String {
    let to = "help@desk.example";
    format!("From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}@mail.example>\r\n\r\n{text}\r\n")
}

/// The header of these bytes under this secret.
pub fn signature(secret: &[u8], bytes: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(bytes);
    mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A mail as a server brings it.
pub fn bring(mail: impl AsRef<[u8]>) -> Call {
    bring_to("", mail)
}

/// The same with a query.
pub fn bring_to(query: &str, mail: impl AsRef<[u8]>) -> Call {
    let signature = signature(SECRET, mail.as_ref());
    unsigned(query, mail).with("x-inbound-signature", signature)
}

/// The same by somebody who does not know the secret.
pub fn unsigned(query: &str, mail: impl AsRef<[u8]>) -> Call {
    call(Method::POST, format!("/api/inbound/email{query}")).raw("message/rfc822", mail.as_ref())
}

impl World {
    /// Takes a mail in, reads it, and shows what became of it.
    pub async fn receive(&self, mail: impl AsRef<[u8]>) -> Value {
        let taken = self.send(bring(mail)).await.ok(201);
        self.work().await;
        self.send(get(format!("/api/inbound/{}", text(&taken, "id"))).by(&self.admin)).await.ok(200)
    }

    /// Does what there is to do.
    pub async fn work(&self) {
        self.desk.workers(WorkOptions::default()).run_due(100).await.unwrap();
    }
}
