//! Links that the program prints: to set a password, and to set a desk up.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use program::{Place, Server};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Posts a body and answers the status.
fn post(server: &Server, path: &str, body: &Value) -> u16 {
    let body = body.to_string();
    let mut stream = TcpStream::connect(server.authority()).unwrap();
    write!(stream, "POST {path} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\n").unwrap();
    write!(stream, "content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

fn sign_in(server: &Server, email: &str, password: &str) -> u16 {
    post(server, "/api/auth/login", &json!({ "email": email, "password": password }))
}

/// The token of the link that a line ends in.
fn token(line: &str, page: &str) -> String {
    let last = line.trim().rsplit(' ').next().unwrap();
    let (address, token) = last.split_once("?token=").unwrap_or_else(|| panic!("no link: {line}"));
    assert!(address.starts_with("http://127.0.0.1:") && address.ends_with(page), "{line}");
    assert_eq!(token.len(), 43, "{line}");
    token.to_owned()
}

#[test]
fn a_desk_without_an_administrator_prints_a_link_that_makes_one() {
    let place = Place::new();
    let server = place.serve(&[]);
    let void = token(server.said.iter().find(|line| line.contains("administrator")).unwrap(), "/setup");
    server.stop();
    let server = place.serve(&[]);
    let token = token(server.said.iter().find(|line| line.contains("administrator")).unwrap(), "/setup");
    let body =
        |token: &str, email: &str| json!({"token": token, "email": email, "name": "Ada", "password": "long-enough-1"});
    assert_eq!(post(&server, "/api/auth/setup", &body(&void, "ada@b.example")), 422, "a later start made another");
    assert_eq!(post(&server, "/api/auth/setup", &body(&token, "ada@b.example")), 201);
    assert_eq!(post(&server, "/api/auth/setup", &body(&token, "eve@b.example")), 422, "once");
    assert_eq!(sign_in(&server, "ada@b.example", "long-enough-1"), 200);
    server.stop();
    let server = place.serve(&[]);
    assert!(!server.said.iter().any(|line| line.contains("token=")), "{:?}", server.said);
    server.stop();
}

#[test]
fn the_operator_hands_out_links_that_set_a_password_on_the_running_desk() {
    let place = Place::new();
    let server = place.serve(&[]);
    let create = ["user", "create", "--email", "eve@b.example", "--name", "Eve", "--role", "agent"];
    place.run(&create).done();
    let invitation = place.run(&["user", "invite", "EVE@b.example"]);
    let body = json!({"token": token(&invitation.done().stdout, "/invite"), "password": "long-enough-1"});
    assert_eq!(sign_in(&server, "eve@b.example", "long-enough-1"), 401);
    assert_eq!(post(&server, "/api/auth/password/reset", &body), 204);
    assert_eq!(post(&server, "/api/auth/password/reset", &body), 422, "once");
    assert_eq!(sign_in(&server, "eve@b.example", "long-enough-1"), 200);
    let reset = place.run(&["user", "reset", "eve@b.example", "--json"]);
    let answer: Value = serde_json::from_str(&reset.done().stdout).unwrap();
    let link = token(answer["url"].as_str().unwrap(), "/reset");
    assert_eq!(answer["token"], link);
    let body = json!({"token": link, "password": "long-enough-2"});
    assert_eq!(post(&server, "/api/auth/password/reset", &body), 204);
    assert_eq!(sign_in(&server, "eve@b.example", "long-enough-1"), 401);
    assert_eq!(sign_in(&server, "eve@b.example", "long-enough-2"), 200);
    let unknown = place.run(&["user", "reset", "nobody@b.example"]);
    assert_eq!(unknown.code, Some(1), "{unknown:?}");
    server.stop();
}
