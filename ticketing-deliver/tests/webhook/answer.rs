//! What is made of an answer, and of none.

use crate::support::{Answer, Canary, Endpoint, at, request, sender};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use ticketing_core::port::{WebhookAnswer, WebhookError, WebhookRequest, WebhookSender};
use ticketing_deliver::webhook::{GuardedWebhookSender, Lookup};

const SHORT: Duration = Duration::from_millis(300);

async fn answer(endpoint: &Endpoint) -> Result<WebhookAnswer, WebhookError> {
    sender(&["127.0.0.1"]).send(&request(endpoint.url())).await
}

/// An impatient call. It must end about when it says.
async fn hurried(url: String) -> Result<WebhookAnswer, WebhookError> {
    let begun = Instant::now();
    let told = sender(&["127.0.0.1"]).send(&WebhookRequest { timeout: SHORT, ..request(url) }).await;
    assert!(begun.elapsed() < SHORT * 10, "it took {:?}", begun.elapsed());
    told
}

#[tokio::test]
async fn every_status_is_an_answer() {
    for status in [200, 202, 204, 400, 404, 410, 429, 500, 503, 599] {
        let endpoint = Endpoint::answering(status, "Content-Type: text/plain\r\n", "").await;
        assert_eq!(answer(&endpoint).await.map(|answer| answer.status), Ok(status));
    }
}

#[tokio::test]
async fn the_first_kilobyte_of_the_body_is_kept() {
    for (body, kept) in [
        (b"thanks".to_vec(), "thanks".to_owned()),
        (vec![b'a'; 1024], "a".repeat(1024)),
        (vec![b'a'; 1025], "a".repeat(1024)),
        (vec![b'a'; 5_000_000], "a".repeat(1024)),
        // A letter of two bytes that the limit cuts in half.
        ([vec![b'a'; 1023], "é".into()].concat(), "a".repeat(1023)),
        (b"caf\xe9 \xff\xfe.".to_vec(), "caf\u{fffd} \u{fffd}\u{fffd}.".to_owned()),
        (b"a\0b".to_vec(), "a\u{fffd}b".to_owned()),
        // Each of these bytes grows to three.
        (vec![0xff; 1024], "\u{fffd}".repeat(341)),
    ] {
        let endpoint = Endpoint::answering(200, &format!("Content-Length: {}\r\n", body.len()), &body).await;
        assert_eq!(answer(&endpoint).await.map(|answer| answer.body), Ok(kept));
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut() {
    let drip = Answer::Drip("HTTP/1.1 200 OK\r\n\r\n", "0123456789abcdef", Duration::ZERO);
    let endpoint = Endpoint::start("127.0.0.1", drip).await;
    let begun = Instant::now();
    assert_eq!(answer(&endpoint).await.map(|answer| answer.body), Ok("0123456789abcdef".repeat(64)));
    // Not by the call's own end, which is far.
    assert!(begun.elapsed() < request("").timeout / 2, "it took {:?}", begun.elapsed());
}

#[tokio::test]
async fn the_status_counts_where_the_body_breaks_off() {
    for head in ["Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"] {
        let body = if head.starts_with('T') { "4\r\nthan\r\nnonsense" } else { "than" };
        let endpoint = Endpoint::answering(202, head, body).await;
        let answer = answer(&endpoint).await.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (202, "than"));
    }
}

#[tokio::test]
async fn a_body_that_drips_ends_with_the_time_and_the_status_counts() {
    let drip = Answer::Drip("HTTP/1.1 202 OK\r\n\r\n", "a", Duration::from_millis(20));
    let endpoint = Endpoint::start("127.0.0.1", drip).await;
    let answer = hurried(endpoint.url()).await.unwrap();
    assert_eq!(answer.status, 202);
    assert!(answer.body.len() < 100 && answer.body.bytes().all(|b| b == b'a'), "{answer:?}");
}

#[tokio::test]
async fn whoever_gives_no_answer_in_time_gives_none() {
    let drip = Answer::Drip("HTTP/1.1 200 OK\r\nX-", "a", Duration::from_millis(20));
    let hints = Answer::Drip("HTTP/1.1 103 Hints\r\n\r\n", "HTTP/1.1 103 Hints\r\n\r\n", Duration::from_millis(20));
    for silent in [Answer::Nothing, drip, hints] {
        let endpoint = Endpoint::start("127.0.0.1", silent).await;
        assert_eq!(hurried(endpoint.url()).await, Err(WebhookError::Timeout(SHORT)));
    }
    // Nobody takes the connection from the kernel's hands.
    let canary = Canary::new();
    let url = format!("http://127.0.0.1:{}/", canary.port);
    assert_eq!(hurried(url).await, Err(WebhookError::Timeout(SHORT)));
    assert!(canary.was_called());
}

/// A name server that never answers.
struct Silence;

#[async_trait]
impl Lookup for Silence {
    async fn addresses(&self, _: &str) -> std::io::Result<Vec<IpAddr>> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn the_time_covers_the_name() {
    let sender = GuardedWebhookSender::with_lookup(Vec::new(), Arc::new(Silence)).unwrap();
    let call = WebhookRequest { timeout: SHORT, ..request("http://hooks.example.org/") };
    assert_eq!(sender.send(&call).await, Err(WebhookError::Timeout(SHORT)));
    // Who saves a webhook need not wait for long.
    let begun = Instant::now();
    assert_eq!(sender.check("http://hooks.example.org/").await, Ok(()));
    assert!(begun.elapsed() < Duration::from_secs(5), "a check took {:?}", begun.elapsed());
}

#[tokio::test]
async fn no_connection_is_told_without_an_address() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let told = sender(&["127.0.0.1"]).send(&request(format!("http://127.0.0.1:{port}/secret"))).await;
    assert_eq!(told, Err(WebhookError::Unreachable("the connection was refused".to_owned())));
}

#[tokio::test]
async fn what_is_no_http_is_no_answer() {
    let broken = "the connection broke off, or the answer was no HTTP";
    for text in ["", "220 mail.example.org ESMTP\r\n", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"] {
        let endpoint = Endpoint::start("127.0.0.1", Answer::Whole(text.into())).await;
        assert_eq!(answer(&endpoint).await, Err(WebhookError::Unreachable(broken.to_owned())), "{text:?}");
    }
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-A: b\r\n".repeat(1000));
    let endpoint = Endpoint::start("127.0.0.1", Answer::Whole(many.into())).await;
    assert_eq!(answer(&endpoint).await, Err(WebhookError::Unreachable(broken.to_owned())));
}

#[tokio::test]
async fn an_endpoint_may_ask_to_be_left_alone() {
    let in_two_minutes = (at() + TimeDelta::seconds(120)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let ten_years = Duration::from_hours(3650 * 24);
    for (text, wait) in [
        ("120", Some(Duration::from_mins(2))),
        ("0", Some(Duration::ZERO)),
        (in_two_minutes.as_str(), Some(Duration::from_mins(2))),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Some(Duration::ZERO)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Some(ten_years)),
        ("99999999999999999999999999", Some(ten_years)),
        ("", None),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("soon", None),
    ] {
        let endpoint = Endpoint::answering(429, &format!("Retry-After: {text}\r\n"), "").await;
        assert_eq!(answer(&endpoint).await.map(|answer| answer.retry_after), Ok(wait), "{text:?}");
    }
    let endpoint = Endpoint::answering(503, "", "").await;
    assert_eq!(answer(&endpoint).await.map(|answer| answer.retry_after), Ok(None));
}
