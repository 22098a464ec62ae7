//! Mail as a mail server brings it to the desk.

use super::client::{Answer, Client, text};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::Value;
use sha2::Sha256;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// What servers of the tests have as `INBOUND_EMAIL_SECRET`.
pub const SECRET: &str = "between the desk and its mail server";

/// How long a mail may take to be read.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail of one line under this id.
pub fn letter(id: &str, from: &str, subject: &str, line: &str) -> String {
    format!(
        "From: <{from}>\r\nTo: <help@desk.example>\r\nSubject: {subject}\r\nMessage-ID: <{id}@mail.example>\r\n\
         Date: Thu, 15 Jan 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{line}\r\n"
    )
}

/// The same with a file.
pub fn letter_with_file(id: &str, from: &str, subject: &str, line: &str, file: &str) -> String {
    let plain = letter(id, from, subject, line);
    let (head, body) = plain.split_once("Content-Type: ").expect("a type");
    format!(
        "{head}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: {body}\
         --b\r\nContent-Type: text/csv; name=\"list.csv\"\r\nContent-Disposition: attachment; filename=\"list.csv\"\r\n\r\n\
         {file}\r\n--b--\r\n"
    )
}

/// Brings a mail, signed.
pub async fn bring(server: &Client, mail: &str) -> Answer {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key fits").chain_update(mail);
    let signature = mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let send = server.send(Method::POST, "/api/inbound/email", |request| {
        let request = request.header("content-type", "message/rfc822").header("x-inbound-signature", signature);
        request.body(mail.to_owned())
    });
    send.await
}

/// What became of a mail, once it was read.
pub async fn read(admin: &Client, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let mail = admin.get(&format!("/api/inbound/{id}")).await.expect(200);
        if text(&mail["state"]) != "waiting" {
            return mail;
        }
        assert!(begun.elapsed() < PATIENCE, "nobody reads it: {mail}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
