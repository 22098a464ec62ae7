//! The network between people and servers: it hands each connection to the next of its servers, and it can fail.

use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What it does with what it is to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Fair,
    /// Every connection is gone with all that was under way, and no new one is made.
    Severed,
    /// Connections stay, and nothing gets through.
    Stalled,
}

/// Of what the server sends, this much waits here, and what is more waits there: a slow reader's side of it.
const WINDOW: u32 = 16 * 1024;

/// A link to servers, and what it is like on it.
pub struct Link {
    url: String,
    weather: Arc<watch::Sender<Weather>>,
    task: JoinHandle<()>,
}

impl Link {
    /// Lays a link to servers at these URLs.
    pub async fn to(urls: &[&str]) -> Self {
        let address = |url: &&str| url.strip_prefix("http://")?.parse().ok();
        let servers: Vec<SocketAddr> = urls.iter().map(|url| address(url).expect("an address")).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let weather = Arc::new(watch::Sender::new(Weather::Fair));
        let seen = Arc::clone(&weather);
        let task = tokio::spawn(async move {
            for server in servers.into_iter().cycle() {
                let Ok((client, _)) = listener.accept().await else { return };
                // One that comes while it is severed is dropped at once.
                tokio::spawn(relay(client, server, seen.subscribe()));
            }
        });
        Self { url, weather, task }
    }

    /// Where people find it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes it fail, or work again.
    pub fn turn(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
        self.turn(Weather::Severed);
    }
}

async fn relay(client: TcpStream, server: SocketAddr, weather: watch::Receiver<Weather>) {
    let pumps = async {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(WINDOW)?;
        let server = socket.connect(server).await?;
        let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
        tokio::select! {
            () = pump(from_client, to_server, weather.clone()) => {}
            () = pump(from_server, to_client, weather.clone()) => {}
        }
        std::io::Result::Ok(())
    };
    let mut storm = weather.clone();
    tokio::select! {
        biased;
        _ = storm.wait_for(|weather| *weather == Weather::Severed) => {}
        carried = pumps => drop(carried),
    }
}

/// Carries bytes one way until either side ends, or none of them while nothing gets through.
async fn pump(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut weather: watch::Receiver<Weather>,
) {
    let mut bytes = vec![0; 8 * 1024];
    loop {
        if weather.wait_for(|weather| *weather != Weather::Stalled).await.is_err() {
            return;
        }
        tokio::select! {
            _ = weather.changed() => {}
            count = from.read(&mut bytes) => match count {
                Ok(count) if count > 0 && to.write_all(&bytes[..count]).await.is_ok() => {}
                _ => return,
            },
        }
    }
}
