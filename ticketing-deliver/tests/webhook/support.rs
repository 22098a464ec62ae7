//! Endpoints on this machine, names that lead where the test wants, and one that must not be called.

use async_trait::async_trait;
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use ticketing_core::port::WebhookRequest;
use ticketing_core::time::{Time, from_micros};
use ticketing_deliver::webhook::{GuardedWebhookSender, Lookup};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// The moment of every call here.
pub fn at() -> Time {
    from_micros(1_767_225_600_000_000).unwrap()
}

/// A call that is right in everything.
pub fn request(url: impl Into<String>) -> WebhookRequest {
    WebhookRequest {
        url: url.into(),
        id: "0198c2a0-1111-7000-8000-000000000001".to_owned(),
        event: "ticket.created".to_owned(),
        at: at(),
        headers: Vec::new(),
        body: r#"{"subject":"Grüße"}"#.to_owned(),
        secrets: Vec::new(),
        timeout: Duration::from_secs(10),
    }
}

/// A sender that may reach these networks besides the internet, and knows no name.
pub fn sender(allowed: &[&str]) -> GuardedWebhookSender {
    knowing(allowed, &Names::default())
}

/// A sender that may reach these networks and knows these names.
pub fn knowing(allowed: &[&str], names: &Names) -> GuardedWebhookSender {
    let allowed = allowed.iter().map(|network| network.parse().unwrap()).collect();
    GuardedWebhookSender::with_lookup(allowed, Arc::new(names.clone())).unwrap()
}

/// Names and what is answered about them, look for look; the last answer stays.
#[derive(Clone, Default)]
pub struct Names(Arc<Mutex<HashMap<String, Vec<Vec<IpAddr>>>>>);

impl Names {
    pub fn tell(&self, name: &str, answers: &[&[&str]]) {
        let answers = answers.iter().map(|answer| answer.iter().map(|address| address.parse().unwrap()).collect());
        self.0.lock().unwrap().insert(name.to_owned(), answers.collect());
    }

    /// How many answers about the name are left.
    pub fn left(&self, name: &str) -> usize {
        self.0.lock().unwrap()[name].len()
    }
}

#[async_trait]
impl Lookup for Names {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut names = self.0.lock().unwrap();
        let answers = names.get_mut(name).ok_or_else(|| io::Error::new(ErrorKind::NotFound, "no such name"))?;
        Ok(if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() })
    }
}

/// Listens where nobody may call, on both loopbacks and one port.
pub struct Canary {
    listeners: Vec<std::net::TcpListener>,
    pub port: u16,
}

impl Canary {
    pub fn new() -> Self {
        let first = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        // A machine without IPv6 has no second loopback.
        let second = std::net::TcpListener::bind(("::1", port)).ok();
        let listeners: Vec<_> = [first].into_iter().chain(second).collect();
        for listener in &listeners {
            listener.set_nonblocking(true).unwrap();
        }
        Self { listeners, port }
    }

    /// Whether anybody has connected. The kernel completes a connection to itself before `connect` returns, so
    /// that nothing can still be on its way once a call has ended.
    pub fn was_called(&self) -> bool {
        self.listeners.iter().any(|listener| match listener.accept() {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                false
            }
        })
    }
}

/// An endpoint that does the same with every call.
pub struct Endpoint {
    pub address: SocketAddr,
    calls: UnboundedReceiver<String>,
    task: JoinHandle<()>,
}

/// What an endpoint does once it has read a call.
#[derive(Clone)]
pub enum Answer {
    /// Sends this and hangs up.
    Whole(Vec<u8>),
    /// Sends the first, then the second over and over, this long apart, until nobody listens.
    Drip(&'static str, &'static str, Duration),
    /// Sends nothing and keeps the connection.
    Nothing,
}

impl Endpoint {
    pub async fn start(ip: &str, answer: Answer) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (told, calls) = unbounded_channel();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), told.clone()));
            }
        });
        Self { address, calls, task }
    }

    /// One that answers with this status, these headers and this body.
    pub async fn answering(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let mut whole = format!("HTTP/1.1 {status} Any\r\n{headers}\r\n").into_bytes();
        whole.extend_from_slice(body.as_ref());
        Self::start("127.0.0.1", Answer::Whole(whole)).await
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The next call as it came, byte for byte.
    pub async fn call(&mut self) -> String {
        self.calls.recv().await.unwrap()
    }

    /// How many calls came that nobody has asked for.
    pub fn more_calls(&self) -> usize {
        self.calls.len()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, answer: Answer, told: UnboundedSender<String>) {
    let Some(call) = read_call(&mut stream).await else { return };
    // The test may have ended.
    let _ = told.send(call);
    match answer {
        Answer::Whole(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Answer::Drip(first, then, pause) => {
            let mut next = first;
            while stream.write_all(next.as_bytes()).await.is_ok() {
                next = then;
                tokio::time::sleep(pause).await;
            }
        }
        Answer::Nothing => while stream.read_u8().await.is_ok() {},
    }
}

/// A call up to the end of its body, whose length it must say.
async fn read_call(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= header(head, "content-length")[0].parse().unwrap()
        {
            return Some(text.into_owned());
        }
    }
}

/// The values of a header in a call or its head.
pub fn header<'a>(call: &'a str, name: &str) -> Vec<&'a str> {
    let head = call.split("\r\n\r\n").next().unwrap_or_default();
    let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
}

/// The body of a call.
pub fn body(call: &str) -> &str {
    call.split_once("\r\n\r\n").unwrap().1
}
