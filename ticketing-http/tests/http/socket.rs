//! Over real sockets: what a test without them can't see.

use crate::support::*;
use serde_json::json;
use std::net::SocketAddr;
use ticketing_http::HttpOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends bytes and reads until the server closes.
async fn talk(address: SocketAddr, parts: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    for part in parts {
        stream.write_all(part).await.unwrap();
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(method: &str, path: &str, token: &str, more: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n{more}\r\n")
        .into_bytes()
}

#[tokio::test]
async fn a_body_that_is_too_large_is_answered_and_not_cut_off() {
    let world = world().await;
    let address = serve(&world).await;
    let size = 3 * 1024 * 1024;
    let more = format!("Content-Type: application/json\r\nContent-Length: {size}\r\n");
    let head = head("POST", "/api/tickets", &world.agent.token, &more);
    let answer = talk(address, &[&head, &vec![b' '; size]]).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("/problems/too_large"));
}

#[tokio::test]
async fn a_chunked_body_is_counted_too() {
    let world = world().await;
    let address = serve(&world).await;
    let more = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
    let start = head("POST", "/api/tickets", &world.agent.token, more);
    let piece = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let mut parts: Vec<&[u8]> = vec![&start];
    parts.extend(std::iter::repeat_n(piece.as_slice(), 40));
    parts.push(b"0\r\n\r\n");
    let answer = talk(address, &parts).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let small =
        [&start[..], b"b\r\n{\"subject\":\r\n", b"19\r\n\"x\",\"description\":\"abcd\"}\r\n", b"0\r\n\r\n"].concat();
    let answer = talk(address, &[&small]).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
}

#[tokio::test]
async fn head_requests_have_no_body_and_leave_the_connection_usable() {
    let world = world().await;
    let address = serve(&world).await;
    let first = format!("HEAD /api/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", world.agent.token);
    let refused = "HEAD /api/tickets HTTP/1.1\r\nHost: x\r\n\r\n";
    let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = talk(address, &[first.as_bytes(), refused.as_bytes(), last.as_bytes()]).await;
    let statuses: Vec<&str> = answer.match_indices("HTTP/1.1 ").map(|(at, _)| &answer[at + 9..at + 12]).collect();
    assert_eq!(statuses, ["200", "401", "200"], "{answer}");
    assert!(answer.ends_with("{\"status\":\"ok\"}"));
}

#[tokio::test]
async fn the_audit_log_gets_the_peers_address_unless_a_trusted_proxy_says_another() {
    for (trusted, expected) in [(vec![], "127.0.0.1"), (vec!["127.0.0.0/8".parse().unwrap()], "203.0.113.7")] {
        let world = world_with("http://127.0.0.1:5000", HttpOptions { trusted_proxies: trusted, ..options() }).await;
        let address = serve(&world).await;
        let body = json!({"subject": "From where", "description": "x"}).to_string();
        let more = format!(
            "X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        let answer = talk(address, &[&head("POST", "/api/tickets", &world.agent.token, &more), body.as_bytes()]).await;
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        let lines = world.send(get("/api/audit?action=ticket.created").by(&world.admin)).await.ok(200);
        assert_eq!(lines["items"][0]["ip"], expected);
    }
}
