//! A Redis for a test, which may be killed, started again and stopped in its tracks.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use ticketing_store::RedisBus;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(20);
/// Stands in no message of ours.
pub const PASSWORD: &str = "canary";

/// A Redis that keeps nothing.
pub struct Redis {
    pub port: u16,
    folder: TempDir,
    running: Mutex<Option<Child>>,
}

impl Redis {
    pub async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = free.local_addr().expect("it has a number").port();
        drop(free);
        let redis = Self { port, folder: TempDir::new().expect("a folder is made"), running: Mutex::default() };
        redis.run().await;
        redis
    }

    /// What `REDIS_URL` says of it.
    pub fn address(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}", self.port)
    }

    /// Starts it on its port and waits until it answers.
    pub async fn run(&self) {
        let port = self.port.to_string();
        let arguments =
            ["--port", &port, "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", "", "--appendonly", "no"];
        let started = Command::new("redis-server")
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        *self.running.lock().await = Some(started.expect("redis-server runs; Debian's package redis-server has it"));
        let answers = async {
            while RedisBus::check(&self.address()).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, answers).await.expect("it answers");
    }

    pub async fn kill(&self) {
        let mut running = self.running.lock().await.take().expect("it runs");
        running.kill().await.expect("it is killed");
    }

    /// Stops it in its tracks, or lets it go on.
    pub async fn signal(&self, signal: &str) {
        let running = self.running.lock().await;
        let pid = running.as_ref().and_then(Child::id).expect("it runs").to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().await.expect("kill runs");
        assert!(sent.success());
    }
}
