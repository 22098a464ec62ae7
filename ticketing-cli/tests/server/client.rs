//! A client of the wire contract that holds every answer to the contract's general rules.

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One person at one server.
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    /// The person as the sign-in told it.
    pub user: Value,
    /// Everything that the server ever said to this person.
    heard: Mutex<String>,
}

/// What the server answered.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    request: String,
}

impl Answer {
    /// The body, where the status is this one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} was answered by {}", self.request, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem, where the status is this one.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        let problem = self.expect(status);
        assert!(status >= 400);
        problem
    }

    /// The names of the fields that a 422 complains about, sorted.
    #[track_caller]
    pub fn wrong_fields(&self) -> Vec<String> {
        let problem = self.problem(422);
        let mut fields: Vec<_> = items(&problem["errors"]).iter().map(|e| text(&e["field"])).collect();
        for error in items(&problem["errors"]) {
            assert!(!text(&error["code"]).is_empty() && !text(&error["message"]).is_empty(), "{}", self.text);
        }
        fields.sort();
        fields
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} was answered by no JSON: {}", self.request, self.text))
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("{} was answered without {name}", self.request));
        value.to_str().expect("a header in ASCII")
    }
}

/// The elements of a list.
#[track_caller]
pub fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

/// A text.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// What sends requests. The workspace's reqwest brings no cryptography of its own.
pub fn http() -> reqwest::Client {
    // Where it is there already, it stays.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

impl Client {
    pub fn new(base: &str) -> Self {
        Self { http: http(), base: base.to_owned(), token: None, user: Value::Null, heard: Mutex::default() }
    }

    pub async fn signed_in(base: &str, email: &str, password: &str) -> Self {
        let mut client = Self::new(base);
        let answer = client.post("/api/auth/login", json!({"email": email, "password": password})).await.expect(200);
        client.token = Some(text(&answer["token"]));
        client.user = answer["user"].clone();
        client
    }

    /// The same person at another server of the same desk, such as one started again.
    pub fn at(&self, base: &str) -> Self {
        Self { token: self.token.clone(), user: self.user.clone(), ..Self::new(base) }
    }

    /// The same server with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(&self.base) }
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub fn id(&self) -> String {
        text(&self.user["id"])
    }

    /// Everything that the server ever said to this person, headers too.
    pub fn heard(&self) -> String {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, |request| request.json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, |request| request.json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, |request| request).await
    }

    /// Every element of a list, page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}{separator}limit=100{cursor}")).await.expect(200);
            found.extend_from_slice(items(&page["items"]));
            match page["next_cursor"].as_str() {
                Some(next) if !items(&page["items"]).is_empty() => cursor = format!("&cursor={next}"),
                _ => return found,
            }
        }
    }

    /// Announces a body of this many bytes, sends none of it, and gives what the server says all the same.
    pub async fn announce(&self, path: &str, bytes: u64) -> String {
        let address = self.base.strip_prefix("http://").expect("an address");
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let token = self.token.as_deref().unwrap_or_default();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "the server waits for the body: {}", String::from_utf8_lossy(&answer));
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a request and checks what holds for every answer.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let answer = self.try_send(method.clone(), path, shape).await;
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
    }

    /// The same where the server may be away.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> reqwest::Result<Answer> {
        let request = format!("{method} {path}");
        let mut builder = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            builder = builder.bearer_auth(token);
        }
        let response = shape(builder).send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer { status, headers, text: response.text().await?, request };
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(heard, "{} {:?}\n{}", answer.request, answer.headers, answer.text);
        drop(heard);
        hold_to_the_rules(&answer, path);
        Ok(answer)
    }
}

fn hold_to_the_rules(answer: &Answer, path: &str) {
    let request_id = answer.header("x-request-id");
    assert!(!request_id.is_empty());
    if path.starts_with("/api/") {
        // What the desk is called is nobody's secret, and may be kept for a moment.
        let kept = if path == "/api/welcome" { "public, max-age=10" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), kept, "{}", answer.request);
    }
    if answer.status >= 400 {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}: {}", answer.request, answer.text);
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status, "{}: {problem}", answer.request);
        assert_eq!(problem["request_id"], request_id, "{}: {problem}", answer.request);
        for member in ["type", "title", "detail"] {
            assert!(problem[member].is_string(), "{} has no {member}: {problem}", answer.request);
        }
        let said = answer.text.to_lowercase();
        for secret in ["select ", "insert into", "sqlx", "panicked", ".rs:", "sqlite"] {
            assert!(!said.contains(secret), "{} lets out {secret:?}: {problem}", answer.request);
        }
    }
}
