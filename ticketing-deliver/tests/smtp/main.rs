//! Mail in real conversations with a real mail server.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod arrival;
mod outbox;
mod refusal;
mod sink;
mod trouble;
mod trust;

use serde_json::Value;
use ticketing_core::port::{Mail, MailError, Mailbox};
use ticketing_core::time::from_micros;

/// A mail by a program to somebody whose name before the @ says what the server does.
fn mail_to(who: &str) -> Mail {
    Mail {
        message_id: format!("ticket.{who}.1@desk.example"),
        date: from_micros(1_772_442_367_123_456).unwrap(),
        from: person(Some("The Desk"), "desk@desk.example"),
        to: person(Some("Ann"), &format!("{who}@home.example")),
        reply_to: None,
        references: Vec::new(),
        subject: "Your ticket".into(),
        html: "<p>Hello</p>".into(),
        text: "Hello".into(),
        is_automatic: true,
        unsubscribe: None,
        desk: "desk.example".into(),
    }
}

fn person(name: Option<&str>, address: &str) -> Mailbox {
    Mailbox { name: name.map(String::from), address: address.into() }
}

/// The values of a header, one for each time that it is there.
fn header<'a>(arrived: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = arrived["headers"].as_array().unwrap().iter();
    headers.filter(|header| header[0] == name).map(|header| header[1].as_str().unwrap()).collect()
}

#[track_caller]
fn is_later(outcome: Result<String, MailError>, part: &str) {
    match outcome {
        Err(MailError::Later(why)) => assert!(why.contains(part), "{part:?} is not in {why:?}"),
        other => panic!("{other:?} instead of later: {part}"),
    }
}
