//! A Socket.IO client that shows each packet as it came over the wire.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// A packet, and how far the story had come when it was there.
pub struct Packet {
    pub step: usize,
    pub text: String,
}

pub struct Socket {
    shared: Arc<Shared>,
    outbox: mpsc::UnboundedSender<String>,
    next: AtomicU64,
    grown: watch::Receiver<()>,
}

#[derive(Default)]
struct Shared {
    packets: Mutex<Vec<Packet>>,
    acknowledged: Mutex<HashMap<u64, Value>>,
    is_admitted: AtomicBool,
    is_over: AtomicBool,
}

impl Socket {
    /// Connects as somebody. What comes is marked with the step that the story is at.
    pub async fn open(address: SocketAddr, token: &str, step: &Arc<AtomicUsize>) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (from, mut to) = stream.into_split();
        let mut from = BufReader::new(from);
        let ask = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        to.write_all(ask.as_bytes()).await.unwrap();
        let mut line = String::new();
        from.read_line(&mut line).await.unwrap();
        assert!(line.starts_with("HTTP/1.1 101 "), "{line}");
        while line != "\r\n" {
            line.clear();
            from.read_line(&mut line).await.unwrap();
        }
        let shared = Arc::<Shared>::default();
        let (outbox, posted) = mpsc::unbounded_channel();
        let (grow, mut grown) = watch::channel(());
        tokio::spawn(write(to, posted));
        tokio::spawn(read(from, Arc::clone(&shared), outbox.clone(), Arc::clone(step), grow));
        outbox.send(format!("40{}", json!({"token": token}))).unwrap();
        let admitted =
            grown.wait_for(|()| shared.is_admitted.load(Ordering::SeqCst) || shared.is_over.load(Ordering::SeqCst));
        drop(timeout(PATIENCE, admitted).await.expect("it is let in or not"));
        Self { shared, outbox, next: AtomicU64::new(1), grown }
    }

    /// Says something and gives the answer, or nothing where the connection ends before.
    pub async fn ask(&self, event: &str, data: &Value) -> Option<Value> {
        let id = self.next.fetch_add(1, Ordering::SeqCst);
        if self.outbox.send(format!("42{id}{}", json!([event, data]))).is_err() {
            return None;
        }
        let answer = || lock(&self.shared.acknowledged).remove(&id);
        let (mut grown, mut found) = (self.grown.clone(), None);
        let answered = grown.wait_for(|()| {
            found = answer();
            found.is_some() || self.is_over()
        });
        drop(timeout(PATIENCE, answered).await.expect("it is answered"));
        found
    }

    /// Waits until a packet holds this; nothing is taken.
    pub async fn until(&self, word: &str) {
        let mut grown = self.grown.clone();
        let heard = grown.wait_for(|()| lock(&self.shared.packets).iter().any(|packet| packet.text.contains(word)));
        timeout(PATIENCE, heard).await.expect("it is heard").expect("it is open");
    }

    /// Waits for its end.
    pub async fn end(&self) {
        let mut grown = self.grown.clone();
        // An error says that the reader is gone, and so is the connection.
        drop(timeout(PATIENCE, grown.wait_for(|()| self.is_over())).await.expect("it ends"));
    }

    /// All that came since the last time.
    pub fn take(&self) -> Vec<Packet> {
        std::mem::take(&mut lock(&self.shared.packets))
    }

    pub fn is_over(&self) -> bool {
        self.shared.is_over.load(Ordering::SeqCst)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read(
    mut from: BufReader<OwnedReadHalf>,
    shared: Arc<Shared>,
    outbox: mpsc::UnboundedSender<String>,
    step: Arc<AtomicUsize>,
    grow: watch::Sender<()>,
) {
    while let Some(text) = message(&mut from).await {
        if text == "2" {
            drop(outbox.send("3".to_owned()));
            continue;
        }
        if text == "41" || text.starts_with("44") {
            // The server is done with this connection, or never lets it in; a client closes it then.
            break;
        }
        if text.starts_with("40") {
            shared.is_admitted.store(true, Ordering::SeqCst);
        } else if let Some(answer) = text.strip_prefix("43") {
            let digits = answer.find('[').unwrap();
            let said: Value = serde_json::from_str(&answer[digits..]).unwrap();
            lock(&shared.acknowledged).insert(answer[..digits].parse().unwrap(), said[0].clone());
        }
        lock(&shared.packets).push(Packet { step: step.load(Ordering::SeqCst), text });
        grow.send_replace(());
    }
    shared.is_over.store(true, Ordering::SeqCst);
    grow.send_replace(());
}

/// The next message of the server, which sends each in one frame and never masks it.
async fn message(from: &mut BufReader<OwnedReadHalf>) -> Option<String> {
    loop {
        let head = from.read_u16().await.ok()?;
        let length = match head & 0x7f {
            126 => u64::from(from.read_u16().await.ok()?),
            127 => from.read_u64().await.ok()?,
            short => u64::from(short),
        };
        let mut bytes = vec![0; usize::try_from(length).unwrap()];
        from.read_exact(&mut bytes).await.ok()?;
        match head >> 8 & 0xf {
            1 => return String::from_utf8(bytes).ok(),
            8 => return None,
            _ => {}
        }
    }
}

/// Sends each message in one frame, masked by nothing but zeros.
async fn write(mut to: OwnedWriteHalf, mut posted: mpsc::UnboundedReceiver<String>) {
    while let Some(text) = posted.recv().await {
        let mut frame = vec![0x81];
        match u8::try_from(text.len()) {
            Ok(short) if short < 126 => frame.push(0x80 | short),
            _ => {
                frame.push(0xfe);
                frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        if to.write_all(&frame).await.is_err() {
            return;
        }
    }
}
