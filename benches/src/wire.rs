//! HTTP as light as it gets, since the client shares the machine with the server it measures.
//! A request is sent once: nothing here repeats what was not answered.

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// A request that is made once and sent often.
pub type Prepared = Request<Full<Bytes>>;

/// One keep-alive connection.
pub struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    /// Connects to `HOST:PORT`.
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // What ends the connection is told to whoever waits for an answer on it.
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, request: Prepared) -> Result<(StatusCode, Bytes)> {
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}

/// Makes the requests of one signed-in person.
#[derive(Clone)]
pub struct Caller {
    /// `HOST:PORT`.
    pub address: String,
    authorization: String,
}

impl Caller {
    /// Signs in.
    pub async fn sign_in(address: &str, email: &str, password: &str) -> Result<Self> {
        let caller = Self { address: address.to_owned(), authorization: String::new() };
        let body = json!({"email": email, "password": password});
        let answer = caller.open().await?.expect(Method::POST, "/api/auth/login", Some(&body)).await?;
        let token = answer["token"].as_str().context("a sign-in without a token")?;
        Ok(Self { authorization: format!("Bearer {token}"), ..caller })
    }

    /// What this person signed in for.
    pub fn token(&self) -> &str {
        self.authorization.trim_start_matches("Bearer ")
    }

    /// The same person at another address of the same desk.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self { address: address.to_owned(), ..self.clone() }
    }

    /// A request of this person.
    pub fn request(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Prepared> {
        let mut request = Request::builder().method(method).uri(path).header("host", &self.address);
        if !self.authorization.is_empty() {
            request = request.header("authorization", &self.authorization);
        }
        let bytes = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Bytes::from(serde_json::to_vec(body)?)
            }
            None => Bytes::new(),
        };
        Ok(request.body(Full::new(bytes))?)
    }

    /// A connection on which this person asks.
    pub async fn open(&self) -> Result<Session> {
        Ok(Session { connection: Connection::open(&self.address).await?, caller: self.clone() })
    }
}

/// A person on a connection.
pub struct Session {
    connection: Connection,
    caller: Caller,
}

impl Session {
    /// Sends a request and gives the status and the JSON of the answer.
    pub async fn call(&mut self, method: Method, path: &str, body: Option<&Value>) -> Result<(StatusCode, Value)> {
        let (status, bytes) = self.connection.send(self.caller.request(method, path, body)?).await?;
        Ok((status, if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? }))
    }

    /// Sends a POST that the server does once, however often it is sent with this key.
    pub async fn post_once(&mut self, path: &str, body: &Value, key: &str) -> Result<(StatusCode, Value)> {
        let mut request = self.caller.request(Method::POST, path, Some(body))?;
        request.headers_mut().insert("idempotency-key", key.parse()?);
        let (status, bytes) = self.connection.send(request).await?;
        Ok((status, if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? }))
    }

    /// A [`call`](Self::call) where anything but success is a fault.
    pub async fn expect(&mut self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let (status, answer) = self.call(method.clone(), path, body).await?;
        if !status.is_success() {
            bail!("{method} {path} was answered by {status}: {answer}");
        }
        Ok(answer)
    }

    /// A page of a list: its elements and the cursor of the next.
    pub async fn page(&mut self, path: &str, cursor: Option<&str>) -> Result<(Vec<Value>, Option<String>)> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let path = cursor.map_or_else(|| path.to_owned(), |cursor| format!("{path}{separator}cursor={cursor}"));
        let mut answer = self.expect(Method::GET, &path, None).await?;
        let next = answer["next_cursor"].as_str().map(str::to_owned);
        match answer["items"].take() {
            Value::Array(items) => Ok((items, next)),
            _ => bail!("GET {path} has no items"),
        }
    }

    /// Every element of a list.
    pub async fn all(&mut self, path: &str) -> Result<Vec<Value>> {
        let (mut found, mut next) = self.page(path, None).await?;
        while let Some(cursor) = next {
            let (items, after) = self.page(path, Some(&cursor)).await?;
            found.extend(items);
            next = after;
        }
        Ok(found)
    }
}

/// Whether the server's store answers at this address.
pub async fn is_ready(address: &str) -> bool {
    let stranger = Caller { address: address.to_owned(), authorization: String::new() };
    let Ok(mut session) = stranger.open().await else { return false };
    session.call(Method::GET, "/readyz", None).await.is_ok_and(|(status, _)| status.is_success())
}

/// A counter out of `/metrics`.
pub async fn metric(session: &mut Session, name: &str) -> Result<u64> {
    let (_, text) = session.connection.send(session.caller.request(Method::GET, "/metrics", None)?).await?;
    let text = String::from_utf8(text.into())?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.with_context(|| format!("no {name}"))?.trim().parse()?)
}
