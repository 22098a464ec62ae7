//! The desk's door for mail servers, and whoever knocks.

use crate::desk::{House, PATIENCE};
use std::time::Duration;
use ticketing_deliver::lmtp::{LmtpListener, LmtpOptions, serve};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A door that is open.
pub struct Door {
    pub port: u16,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Door {
    pub async fn open(house: &House) -> Self {
        Self::with(house, options()).await
    }

    pub async fn with(house: &House, options: LmtpOptions) -> Self {
        let listener = LmtpListener::tcp("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, stopped) = oneshot::channel();
        let stopped = async { drop(stopped.await) };
        let served = tokio::spawn(serve(listener, house.desk.clone(), options, stopped));
        Self { port, stop, served }
    }

    /// Somebody who has come in.
    pub async fn visit(&self) -> Visitor {
        let mut visitor = self.knock().await;
        assert_eq!(visitor.hear().await, "220 desk.example LMTP");
        visitor
    }

    /// Somebody who has said hello.
    pub async fn guest(&self) -> Visitor {
        let mut visitor = self.visit().await;
        visitor.say("LHLO mx.example").await;
        while visitor.hear().await.as_bytes()[3] == b'-' {}
        visitor
    }

    /// A connection, whatever comes.
    pub async fn knock(&self) -> Visitor {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Visitor(BufReader::new(stream))
    }

    /// Asks it to close, and gives what ends once it has.
    pub fn close(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.served
    }
}

/// How a door is in tests.
pub fn options() -> LmtpOptions {
    LmtpOptions::new("desk.example")
}

pub struct Visitor(BufReader<TcpStream>);

impl Visitor {
    pub async fn send(&mut self, bytes: &[u8]) {
        self.try_send(bytes).await.unwrap();
    }

    /// Sends as long as anybody listens.
    pub async fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.get_mut().write_all(bytes).await
    }

    pub async fn say(&mut self, line: &str) {
        self.send(format!("{line}\r\n").as_bytes()).await;
    }

    /// The next line of an answer.
    pub async fn hear(&mut self) -> String {
        let mut line = String::new();
        timeout(PATIENCE, self.0.read_line(&mut line)).await.expect("an answer").expect("a connection");
        assert!(line.ends_with("\r\n"), "{line:?} is a line");
        line.trim_end().to_owned()
    }

    /// What is answered to a command.
    pub async fn ask(&mut self, line: &str) -> String {
        self.say(line).await;
        self.hear().await
    }

    /// Hands a mail over; what is answered for each recipient.
    pub async fn deliver(&mut self, recipients: &[&str], mail: &str) -> Vec<String> {
        assert_eq!(self.ask("MAIL FROM:<ann@home.example>").await, "250 2.1.0 Go on");
        for recipient in recipients {
            assert_eq!(self.ask(&format!("RCPT TO:<{recipient}>")).await, "250 2.1.5 Go on");
        }
        assert_eq!(&self.ask("DATA").await[..3], "354");
        self.send(mail.as_bytes()).await;
        self.say(".").await;
        let mut answers = Vec::new();
        for _ in recipients {
            answers.push(self.hear().await);
        }
        answers
    }

    /// All that is still said, up to the end of the connection.
    pub async fn rest(mut self) -> String {
        let mut rest = Vec::new();
        // A connection that is reset has ended too.
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.expect("an end");
        String::from_utf8(rest).unwrap()
    }

    /// Says nothing more, and hears what there is.
    pub async fn finish(mut self) -> String {
        // It may be gone already.
        let _ = self.0.get_mut().shutdown().await;
        self.rest().await
    }

    /// Whether nothing is said for a moment.
    pub async fn is_left_waiting(&mut self) -> bool {
        timeout(Duration::from_millis(200), self.0.fill_buf()).await.is_err()
    }
}
