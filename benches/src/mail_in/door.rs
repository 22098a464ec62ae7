//! The door by which mail servers bring mail, from their side.

use crate::signature::signed;
use crate::wire::{Connection, Prepared};
use anyhow::{Context, Result, bail};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use serde_json::Value;
use std::fmt::Write;

/// What both sides know.
const SECRET: &str = "thirty-two bytes, known to both.";

/// The setting that opens the door.
pub fn setting() -> [(&'static str, &'static str); 1] {
    [("INBOUND_EMAIL_SECRET", SECRET)]
}

/// A mail, and what its server says of it.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Where failures would be told: `Some("")` where nowhere.
    pub from: Option<String>,
    /// Whom it is delivered to, where the server says so.
    pub to: Option<String>,
    /// The mail.
    pub bytes: Bytes,
}

/// What the desk said of a mail that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Under which id it has it.
    pub id: String,
    /// Whether it had it before.
    pub is_known: bool,
}

/// A connection on which mails are brought.
pub struct Door {
    connection: Connection,
    address: String,
}

impl Door {
    /// Connects to `HOST:PORT`.
    pub async fn open(address: &str) -> Result<Self> {
        Ok(Self { connection: Connection::open(address).await?, address: address.to_owned() })
    }

    /// A request that brings this mail, and can be sent later.
    pub fn request(&self, parcel: &Parcel) -> Result<Prepared> {
        let mut path = "/api/inbound/email".to_owned();
        let words = [("from", &parcel.from), ("to", &parcel.to)];
        let words = words.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        for ((name, value), sign) in words.zip(['?', '&']) {
            let _ = write!(path, "{sign}{name}={}", escaped(value));
        }
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", &self.address)
            .header("content-type", "message/rfc822")
            .header("x-inbound-signature", signed(SECRET.as_bytes(), &parcel.bytes)?);
        Ok(request.body(Full::new(parcel.bytes.clone()))?)
    }

    /// Sends a request and gives what is said about it.
    pub async fn send(&mut self, request: Prepared) -> Result<(StatusCode, Value)> {
        let (status, bytes) = self.connection.send(request).await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    }

    /// Brings a mail; that the desk does not take it is a fault.
    pub async fn bring(&mut self, parcel: &Parcel) -> Result<Told> {
        let request = self.request(parcel)?;
        let (status, answer) = self.send(request).await?;
        told(status, &answer)
    }
}

/// What an answer says, where it is a good one.
pub fn told(status: StatusCode, answer: &Value) -> Result<Told> {
    if !status.is_success() {
        bail!("a mail was answered by {status}: {answer}");
    }
    let id = answer["id"].as_str().context("a mail without an id")?.to_owned();
    Ok(Told { id, is_known: answer["is_known"].as_bool().context("is it known?")? })
}

/// A value as a query has it.
fn escaped(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn an_address_is_no_other_one_in_a_query() {
        assert_eq!(escaped("help+a.b@desk.example"), "help%2Ba.b%40desk.example");
        assert_eq!(escaped("ü"), "%C3%BC");
    }
}
